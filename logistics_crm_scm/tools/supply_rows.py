"""Rows of what is to leave and what is coming, by product and warehouse.

PostgreSQL packs those of a place into one text: of tens of thousands of rows few are looked at, and
making Python objects of all of them took longer than promising.
"""

import json
from collections.abc import Mapping
from typing import NamedTuple


class Leaving(NamedTuple):
    """What is to leave a warehouse on a day: a row of `supply_sql.demand`."""

    day: int
    quantity: float  # in the product's unit, without what is reserved
    given_back: float


class Receipt(NamedTuple):
    """What a supplier or another place brings on a day: a row of `supply_sql.receipts`."""

    day: int
    move: int
    first: int  # of what was ordered together: what is left of a receipt is a new move
    lands: bool  # in stock at once, without a step inside the warehouse
    supplier: int | None
    quantity: float  # in the product's unit
    name: str
    noted: int  # the day that the document says


class SupplyRows(Mapping):
    """Lists of rows by (product, warehouse), unpacked where somebody looks.

    The lists may be changed; a place of which nothing was read has an empty one.

    Parameters
    ----------
    kind : type
        `Leaving` or `Receipt`.
    packed : iterable of (int, int, str, list of int or None)
        Product, warehouse, the columns as a JSON array of arrays, and their suppliers.

    Attributes
    ----------
    suppliers : set of int
        Of all rows.
    """

    def __init__(self, kind, packed=()):
        self._kind = kind
        self._packed, self._rows, self.suppliers = {}, {}, set()
        for product, warehouse, text, suppliers in packed:
            self._packed[product, warehouse] = text
            self.suppliers.update(suppliers or ())

    def __getitem__(self, place):
        rows = self._rows.get(place)
        if rows is None:
            columns = json.loads(self._packed.get(place, "[]"))
            rows = list(map(self._kind._make, zip(*columns, strict=True)))
            self._rows[place] = rows
        return rows

    def __contains__(self, place):
        return place in self._packed

    def __iter__(self):
        return iter(self._packed)

    def __len__(self):
        return len(self._packed)

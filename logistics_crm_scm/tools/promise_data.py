"""What order promising is asked and what it answers, on Odoo records."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from ..promising import Answer

LONGEST = 3650  # days: what takes longer is not known, whatever somebody typed
FURTHEST = date(9000, 1, 1)  # what is wanted later is wanted then
DIRECT = 0  # the "warehouse" of what a supplier delivers straight to the customer


@dataclass(slots=True)
class Demand:
    """A line to promise.

    Attributes
    ----------
    product : product.product
        What is asked for.
    quantity : float
        In `unit`.
    unit : uom.uom
        The product's own when empty.
    ship_to : res.partner
        Where it goes; may be empty.
    wanted : date, optional
        Not to be delivered before.
    warehouse : stock.warehouse
        Preferred where dates are equal.
    only : bool
        Whether it must come from `warehouse`.
    split : bool
        Whether it may come from several warehouses.
    carrier : delivery.carrier
        Who brings it.
    routes : stock.route
        Those chosen on the line.
    lead : int
        Days of preparation; the product's own when None.
    long_lead : float
        The same where it is too long to wait for; else 0.
    line : sale.order.line
        What it is asked for.
    group : Any
        Demands of one group share what there is; each group is answered as if it were alone.
    first : bool
        Whether it was promised before, and chooses before all others.
    together : Any
        Demands of the same one leave a warehouse on the same day; None where each may leave alone.
    """

    product: Any
    quantity: float
    unit: Any = None
    ship_to: Any = None
    wanted: date | None = None
    warehouse: Any = None
    only: bool = False
    split: bool = False
    carrier: Any = None
    routes: Any = None
    lead: int | None = None
    long_lead: float = 0
    line: Any = None
    group: Any = None
    first: bool = False
    together: Any = None


class Origin(NamedTuple):
    """Where a dated quantity comes from; there is one for each of thousands of receipts.

    Attributes
    ----------
    kind : str
        ``receipt``, ``supplier`` or ``production``.
    planned : int
        The day the document or the lead time says, before lateness is added.
    move_id, supplier_id : int
        0 where there is none.
    name : str
        Of the document or the supplier.
    overdue : bool
        Whether `planned` has passed.
    component_id : int
        The component that production waits for; 0 where all are there.
    center_id : int
        The work centre that is busy for others before; 0 where none is.
    noted : int
        The day that a receipt's document says; 0 for others.
    steps : int
        Days that a receipt takes from its arrival into stock.
    waits : int
        Days that a supplier's own days add to the lead time.
    source_id : int
        The warehouse that a transfer waits for the goods of; 0 where it has them.
    leg : str
        The transfer that is to bring it there, where that is planned for later than `noted`.
    """

    kind: str
    planned: int
    move_id: int = 0
    supplier_id: int = 0
    name: str = ""
    overdue: bool = False
    component_id: int = 0
    center_id: int = 0
    noted: int = 0
    steps: int = 0
    waits: int = 0
    source_id: int = 0
    leg: str = ""


@dataclass(slots=True)
class Promised:
    """The answer to a demand.

    Attributes
    ----------
    demand : Demand
        What was asked.
    answer : promising.Answer
        In the product's unit.
    confidence : float or False
        Share of comparable dates that were kept, 0 to 1; False while there is no history.
    explanation : str
        In the reader's language.
    tell : callable
        Gives the explanation of this in another language (a code).
    problem : str
        Why there is nothing to promise, where that is so.
    factor : float
        How many of the product's own units one of the demand's is.
    transits : dict of int to int
        Days under way from each warehouse.
    unknown_ways : set of int
        Warehouses far from the address of which no transit time is known.
    subcontracted : dict of int to set of int
        The suppliers who make a product of components that nobody looks at, by product.
    waits_for : product.product
        What of the same order it leaves later for, which is delivered at once; may be empty.
    put_off : int
        The day for which it was asked again because of that; 0 where it was not.
    """

    demand: Demand
    answer: Answer
    confidence: float | bool = False
    explanation: str = ""
    tell: Any = None
    problem: str = ""
    factor: float = 1.0
    transits: dict = field(default_factory=dict)
    unknown_ways: set = field(default_factory=set)
    subcontracted: dict = field(default_factory=dict)
    waits_for: Any = None
    put_off: int = 0

    def explain(self, lang):
        """Return the explanation in another language (a code)."""
        return self.tell(self, lang)

    @property
    def date(self):
        """Return the day on which all is delivered for sure (date), or False."""
        return date.fromordinal(self.answer.day) if self.answer.day else False

    @property
    def likely_date(self):
        """Return the day on which all is delivered more likely than not (date), or False."""
        return date.fromordinal(self.answer.likely) if self.answer.likely else False

    @property
    def ship_date(self):
        """Return the day on which the last of it leaves (date), or False."""
        days = [shipment.ship_day for shipment in self.answer.shipments]
        return date.fromordinal(max(days)) if days and self.answer.day else False

    @property
    def transit_days(self):
        """Return the days under way of the last shipment."""
        shipments = sorted(self.answer.shipments, key=lambda one: one.ship_day)
        return self.transits.get(shipments[-1].warehouse, 0) if shipments else 0

    @property
    def way_unknown(self):
        """Return whether something leaves from far without a transit time: no date is sure."""
        return any(one.warehouse in self.unknown_ways for one in self.answer.shipments)

    @property
    def components_unknown(self):
        """Return whether suppliers make something of components nobody looks at: nothing is sure.

        That may be a component itself.
        """
        if not self.subcontracted:
            return False
        return any(
            part.ref and part.ref.supplier_id in self.subcontracted.get(part.product, ())
            for part in self.answer.parts
        ) or any(
            one.product in self.subcontracted and one.existing + one.made < one.quantity
            for shipment in self.answer.shipments
            for one in shipment.components
        )

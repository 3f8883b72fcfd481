"""The arithmetic of order promising: available to promise by day, warehouse and product.

Nothing here knows Odoo, a clock or a database. Days are proleptic Gregorian ordinals
(`datetime.date.toordinal`), quantities are in the product's own unit.
"""

from .allocate import promise
from .claims import Settled, claim, get_places, serve, settle
from .load import Load
from .making import Making, book, make_endless
from .pegging import EXISTING, NEVER, TOLERANCE, Need, Pegging, peg, share, ship_day
from .structures import (
    Answer,
    Component,
    Network,
    Part,
    Piece,
    QuantityBreaks,
    Recipe,
    Replenishment,
    Request,
    Route,
    Shipment,
    Site,
    Supply,
    Timelines,
)
from .timeline import Timeline
from .transfer import Leg, feed
from .workdays import WorkDays

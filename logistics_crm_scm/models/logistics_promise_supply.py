from collections import defaultdict
from datetime import timedelta
from weakref import proxy

from odoo import api, models

from .. import promising
from ..tools import supply_sql
from ..tools.lateness import Lateness
from ..tools.promise_data import LONGEST, Origin
from ..tools.supply_rows import Leaving, Receipt, SupplyRows

HISTORY_DAYS = 365


class LogisticsPromise(models.AbstractModel):
    """What is in stock, what is coming, and what is promised already."""

    _inherit = "logistics.promise"

    @api.model
    def _read_supply_rows(self, scene, products, excluding=None):
        """Return free stock, what is to leave and what is coming, in four queries.

        Returns
        -------
        dict
            ``stock`` as of `_read_stock_rows`, ``demand`` and ``receipts`` as SupplyRows.
        """
        if not scene.warehouses or not products:
            return {
                "stock": {},
                "demand": SupplyRows(Leaving),
                "receipts": SupplyRows(Receipt),
            }
        if not self.env.context.get("flushed"):
            self.env.flush_all()
        places = self._get_places(scene)
        moves = (places, products.ids, scene.company.id, excluding.ids if excluding else [])
        leaving = supply_sql.demand(*moves)
        return {
            "stock": self._read_stock_rows(scene, products, places),
            "demand": SupplyRows(Leaving, self.env.execute_query(leaving)),
            "receipts": SupplyRows(Receipt, self.env.execute_query(supply_sql.receipts(*moves))),
        }

    @api.model
    def _has_expiry(self):
        """Tell whether lots may expire."""
        return "removal_date" in self.env["stock.lot"]._fields

    @api.model
    def _read_stock_rows(self, scene, products, places):
        """Return {(product, warehouse): [(last day it may leave or None, quantity)]}."""
        owner = scene.company.partner_id.id
        query = supply_sql.free_stock(places, products.ids, self._has_expiry(), owner)
        rows = defaultdict(list)
        for product, warehouse, last, quantity in self.env.execute_query(query):
            rows[product, warehouse].append((last and last.toordinal(), quantity))
        return rows

    @api.model
    def _get_places(self, scene):
        stocks = [(one.id, one.lot_stock_id.id) for one in scene.warehouses]
        found = self.env.execute_query(supply_sql.locations(stocks))
        sites = [
            (one.id, scene.sites[one.id].tz, scene.sites[one.id].cutoff) for one in scene.warehouses
        ]
        return supply_sql.places(sites, found)

    @api.model
    def _get_timelines(self, scene):
        """Return the promising.Timelines by product and warehouse.

        They know the scene only while it is there: a circle of all that was read would stay in
        memory until the garbage collector finds it.
        """
        scene, rows = proxy(scene), scene.rows

        def make(place):
            free, fresh = self._get_loose_stock(scene, place)
            fresh = [(scene.last_pick(*place, last), quantity) for last, quantity in fresh]
            leaving = rows["demand"][place]
            return promising.Timeline(
                scene.sites[place[1]].today,
                free + sum(one.given_back for one in leaving),
                self._get_supplies(scene, place),
                [(one.day, one.quantity) for one in leaving],
                [(last, quantity) for last, quantity in fresh if last is not None],
            )

        return promising.Timelines({place for found in rows.values() for place in found}, make)

    @api.model
    def _get_loose_stock(self, scene, place):
        """Return free stock of a (product, warehouse), and [(last day, quantity)] that expires."""
        rows = scene.rows["stock"].get(place, ())
        free = sum(quantity for last, quantity in rows if last is None)
        return free, [(last, quantity) for last, quantity in rows if last and quantity > 0]

    @api.model
    def _get_supplies(self, scene, place):
        """Return [promising.Supply] of a (product, warehouse), named by their documents."""
        product, warehouse = place
        today, supplies = scene.sites[warehouse].today, []
        for row, quantity, ready, facts in self._get_dated_receipts(scene, place):
            steps = 0 if row.lands else scene.inbound[warehouse]
            planned = max(row.day + steps, ready)
            if planned - today > LONGEST:
                scene.too_long.setdefault(product, (row.name, planned - today))
                continue
            origin = Origin(
                "receipt",
                planned,
                row.move,
                row.supplier or 0,
                row.name,
                overdue=planned < today,
                noted=row.noted,
                steps=steps,
                **facts,
            )
            key = warehouse, planned, row.supplier
            if key not in scene.days:  # many receipts, few days
                scene.days[key] = self._get_days_counted_on(scene, *key)
            safe, likely = scene.days[key]
            supplies.append(promising.Supply(safe, quantity, likely, origin, row.first))
        return supplies

    @api.model
    def _get_dated_receipts(self, scene, place):
        """Yield what receipts bring: row, quantity, day before which it is not there, and why.

        What nobody can bring is left out: the components of a manufacturing order, or what a
        transfer is to take out of a warehouse that does not have it.
        """
        for row in sorted(scene.rows["receipts"][place]):
            ready, component = scene.ready.get(row.move, (0, 0))
            if ready is None:
                continue
            rest, steps = row.quantity, 0 if row.lands else scene.inbound[place[1]]
            for day, quantity, house, leg in self._get_late_parts(scene, row):
                rest -= quantity
                if day:
                    yield row, quantity, day + steps, {"source_id": house, "leg": leg}
            if rest > promising.TOLERANCE or rest == row.quantity:
                yield row, rest, ready, {"component_id": component}

    @api.model
    def _get_days_counted_on(self, scene, warehouse, planned, supplier):
        """Return the days on which a receipt is there for sure, and more likely than not."""
        place, late = scene.sites[warehouse], scene.lateness.get(supplier, Lateness())
        return (
            self._get_day_counted_on(place, planned, late.safe),
            self._get_day_counted_on(place, planned, late.median),
        )

    @api.model
    def _get_day_counted_on(self, place, planned, late):
        """Return the day on which a receipt is counted on: one that is overdue not today."""
        earliest = place.today + (planned < place.today)
        day = max(planned + late, earliest)
        return place.site.workdays.next(day) or day

    @api.model
    def _get_lateness(self, suppliers, company):
        """Return {supplier: Lateness} of the receipts of the last year."""
        counts = defaultdict(dict)
        if suppliers:
            since = self._now() - timedelta(days=HISTORY_DAYS)
            query = supply_sql.lateness(suppliers, company.id, since)
            for supplier, late, number in self.env.execute_query(query):
                counts[supplier][late] = number
        return {supplier: Lateness(found) for supplier, found in counts.items()}

    @api.model
    def _get_kept_promises(self, warehouses):
        """Return {warehouse: (kept, all)} of the promises that came due in the last year."""
        groups = self.env["logistics.promise.line"]._read_group(
            [
                ("warehouse_id", "in", warehouses.ids),
                ("state", "in", ["kept", "missed"]),
                ("date", ">=", self._now().date() - timedelta(days=HISTORY_DAYS)),
            ],
            ["warehouse_id", "state"],
            ["__count"],
        )
        kept = defaultdict(lambda: (0, 0))
        for warehouse, state, number in groups:
            good, total = kept[warehouse.id]
            kept[warehouse.id] = (good + number * (state == "kept"), total + number)
        return kept

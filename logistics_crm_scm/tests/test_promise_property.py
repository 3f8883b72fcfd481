import os
from collections import Counter, defaultdict
from contextlib import contextmanager
from datetime import datetime, time, timedelta

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from odoo.tests import TransactionCase, tagged

from .promise_common import PromiseMixin, day
from .promise_days import House, Shelf, Way, Week, first_day

NOW = datetime(2026, 3, 2, 9)
ZONES = ("UTC", "UTC", "America/New_York", "Asia/Shanghai", "Pacific/Auckland", "Pacific/Pago_Pago")
WEEKS = (tuple(range(7)), tuple(range(5)), (0, 2, 4), (1, 3), (2,))
MORE = int(os.environ.get("LOGISTICS_PROMISE_EXAMPLES", 0))


def examples(number):
    """Return the settings of a test: always the same examples, or as many new ones as asked for."""
    return settings(
        max_examples=MORE or number,
        derandomize=not MORE,
        database=None,
        deadline=None,
        phases=[Phase.generate],  # worlds are slow to make: no smaller ones are looked for
        suppress_health_check=list(HealthCheck),
    )


RANDOMS = st.randoms(use_true_random=False)


@tagged("post_install", "-at_install")
class TestPromiseProperty(PromiseMixin, TransactionCase):
    """Random worlds of real documents: what is promised is compared with playing the days."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seller = cls._create_user("property_seller", "sales_team.group_sale_salesman")
        cls.seller.write({"company_ids": [(4, cls.company.id)], "company_id": cls.company.id})
        cls.seller.tz = "UTC"
        cls.warehouses = cls.warehouse | cls._warehouse("W2") | cls._warehouse("W3")
        for warehouse in cls.warehouses:
            warehouse.partner_id = cls.env["res.partner"].create({"name": warehouse.code})
        cls.products = cls.product | cls._product("Nut")
        cls.calendars = {week: cls._calendar(week) for week in WEEKS}
        freight = cls._product("Freight", type="service", is_storable=False)
        cls.carrier = cls.env["delivery.carrier"].create(
            {"name": "Truck", "product_id": freight.id}
        )

    @classmethod
    def _calendar(cls, weekdays):
        lines = [
            (0, 0, {"name": "Work", "dayofweek": str(one), "hour_from": 8, "hour_to": 17})
            for one in weekdays
        ]
        values = {"name": f"Days {weekdays}", "tz": "UTC", "company_id": cls.company.id}
        return cls.env["resource.calendar"].create(
            {**values, "attendance_ids": [(5, 0, 0), *lines]}
        )

    # ------------------------------------------------------------
    # THE WORLD, AS DOCUMENTS AND AS PLAYED
    # ------------------------------------------------------------

    @contextmanager
    def _world(self, rng):
        """Make a world of documents that is gone afterwards; return its houses."""
        savepoint = self.env.cr.savepoint()
        try:
            self.holidays = self._make_holidays(rng)
            self.houses = [
                self._make_house(rng, one) for one in self.warehouses[: rng.randint(1, 3)]
            ]
            (self.warehouses - self._in_world()).promise_ok = False
            self.way = self._make_way(rng)
            self.brought = self._make_suppliers(rng)
            self.counted, self.receipts = Counter(), defaultdict(list)
            for house in self.houses:
                for product in self.products:
                    self._make_supply(rng, house, product)
            yield
        finally:
            savepoint.close(rollback=True)

    def _in_world(self):
        return self.warehouses.browse([house.record.id for house in self.houses])

    def _make_holidays(self, rng):
        """Close everything that has a calendar on some days."""
        days = {day(rng.randint(0, 12)) for _ in range(rng.choice((0, 0, 1, 3)))}
        for one in sorted(days):
            self.env["resource.calendar.leaves"].create(
                {
                    "name": "Holiday",
                    "company_id": self.company.id,
                    "date_from": datetime.combine(one, time(0)),
                    "date_to": datetime.combine(one, time(23, 59, 59)),
                }
            )
        return frozenset(days)

    def _draw_week(self, rng):
        """Return a calendar (empty: every day) and the days it means."""
        weekdays = rng.choice((None, *WEEKS))
        if weekdays is None:
            return self.env["resource.calendar"], Week()
        return self.calendars[weekdays], Week(frozenset(weekdays), self.holidays)

    def _make_house(self, rng, warehouse):
        calendar, week = self._draw_week(rng)
        self.company.resource_calendar_id = False
        zone, cutoff = rng.choice(ZONES), rng.choice((0, 0, 8.5, 16))
        handling = rng.choice((0, 0, 1, 2))
        warehouse.partner_id.tz = zone
        warehouse.write(
            {
                "promise_calendar_id": calendar.id,
                "promise_cutoff": cutoff,
                "delivery_steps": rng.choice(("ship_only", "pick_ship", "pick_pack_ship")),
                "reception_steps": rng.choice(("one_step", "one_step", "two_steps", "three_steps")),
            }
        )
        rules = warehouse.delivery_route_id.rule_ids
        rules.filtered(lambda rule: rule.location_src_id == warehouse.lot_stock_id)[
            :1
        ].delay = handling
        return House(warehouse, NOW, zone, cutoff, week, handling)

    def _make_way(self, rng):
        driving, drives = self._draw_week(rng)
        receiving, receives = self._draw_week(rng)
        transit = rng.choice((0, 0, 1, 3))
        self.carrier.write({"promise_transit_days": transit, "promise_calendar_id": driving.id})
        self.customer.delivery_calendar_id = receiving
        self.customer.property_delivery_carrier_id = self.carrier
        return Way(transit, drives, receives)

    def _make_suppliers(self, rng):
        """Return {product: {house: day from which the supplier brings any quantity}}."""
        sending, sends = self._draw_week(rng)
        self.vendor.delivery_calendar_id = sending
        brought = {}
        for product in self.products:
            if rng.random() < 0.3:
                delay = rng.randint(1, 12)
                self._supplier(delay, product)
                for house in self.houses:
                    planned = sends.following(house.today + timedelta(days=delay))
                    brought[product, house.record] = house.week.following(planned)
        return brought

    def _make_supply(self, rng, house, product):
        """Count some stock, and have some of it come."""
        if stock := rng.choice((0, 0, 2, 5, 9)):
            self._count(stock, house, product)
        for _number in range(rng.choice((0, 1, 1, 2))):
            self._make_receipt(rng, house, product)

    def _count(self, quantity, house, product):
        """Find so many units in stock, more than were known of."""
        self.counted[product, house.record] += quantity
        place = {"product_id": product.id, "location_id": house.record.lot_stock_id.id}
        found = self.counted[product, house.record]
        quants = self.env["stock.quant"].with_context(inventory_mode=True)
        quants.create({**place, "inventory_quantity": found}).action_apply_inventory()

    def _make_receipt(self, rng, house, product):
        quantity, moment = rng.randint(1, 8), NOW + timedelta(hours=rng.randint(-48, 14 * 24))
        if rng.random() < 0.5:
            order = self._receipt(quantity, moment.date(), product, house.record)
            order.picking_ids.move_ids.date = moment
        else:
            self._incoming(quantity, moment, product, house.record)
        self.receipts[product, house.record].append((house.counts_on(moment), quantity))

    def _incoming(self, quantity, moment, product, warehouse):
        """Return a confirmed transfer from a supplier that no purchase order stands behind."""
        kind = warehouse.in_type_id
        places = {
            "location_id": self.env.ref("stock.stock_location_suppliers").id,
            "location_dest_id": kind.default_location_dest_id.id,
        }
        move = {
            "product_id": product.id,
            "product_uom_qty": quantity,
            "location_final_id": warehouse.lot_stock_id.id,
            **places,
        }
        picking = self.env["stock.picking"].create(
            {"picking_type_id": kind.id, "move_ids": [(0, 0, move)], **places}
        )
        picking.action_confirm()
        picking.move_ids.date = moment
        return picking

    # ------------------------------------------------------------
    # ORDERS
    # ------------------------------------------------------------

    def _make_quotation(self, rng, lines=1):
        """Return a quotation of the salesperson, wanted some day."""
        wanted = rng.choice((False, False, NOW + timedelta(hours=rng.randint(-60, 15 * 24))))
        drawn = [
            {
                "product_id": rng.choice(self.products).id,
                "product_uom_qty": rng.choice((1, 2, 3, 5, 8, 12)),
                "customer_lead": rng.choice((0, 0, 2)),
            }
            for _number in range(lines)
        ]
        values = {
            "partner_id": self.customer.id,
            "company_id": self.company.id,
            "warehouse_id": rng.choice(self._in_world()).id,
            "commitment_date": wanted,
            "promise_sourcing": rng.choice(("warehouse", "single", "single", "split")),
        }
        return self._create_quotation(values, drawn)

    def _create_quotation(self, values, lines):
        orders = self.env["sale.order"].with_user(self.seller)
        return orders.create({**values, "order_line": [(0, 0, line) for line in lines]})

    def _expected(self, line):
        """Return the first possible day of an order line, by playing the days."""
        order, houses = line.order_id, self.houses
        if order.promise_sourcing == "warehouse":
            houses = [house for house in houses if house.record == order.warehouse_id]
        wanted = start = min(house.today for house in self.houses) + timedelta(
            days=line.customer_lead
        )
        if order.commitment_date:
            home = next(one for one in self.houses if one.record == order.warehouse_id)
            wanted = max(wanted, home.local(order.commitment_date).date())
        shelves = [(house, self._read_shelf(house, line.product_id)) for house in houses]
        split = order.promise_sourcing == "split"
        return first_day(shelves, self.way, int(line.product_uom_qty), wanted, start, split)

    def _read_shelf(self, house, product):
        """Return what the documents say of a product in a warehouse."""
        stock = house.record.lot_stock_id
        quants = self.env["stock.quant"].search(
            [("location_id", "child_of", stock.id), ("product_id", "=", product.id)]
        )
        moves = self.env["stock.move"].search(
            [
                ("product_id", "=", product.id),
                ("location_id", "child_of", stock.id),
                ("state", "not in", ("done", "cancel", "draft")),
            ]
        )
        return Shelf(
            house.today,
            sum(quant.quantity - quant.reserved_quantity for quant in quants),
            self.receipts[product, house.record],
            [
                (house.local(move.date).date(), move.product_uom_qty - move.quantity)
                for move in moves
            ],
            self.brought.get((product, house.record)),
        )

    # ------------------------------------------------------------
    # WHAT HOLDS
    # ------------------------------------------------------------

    @examples(12)
    @given(RANDOMS)
    def test_no_earlier_day_was_possible_and_no_held_promise_fails(self, rng):
        with self._world(rng):
            for _number in range(rng.randint(1, 4)):
                line = self._make_quotation(rng).order_line
                expected = self._expected(line)
                self.assertEqual(line.promise_date or None, expected, line.promise_info)
                line.order_id.action_confirm()
                promise = line.sudo().promise_line_ids
                self.assertEqual(promise.date or None, expected, promise.explanation)
                self._check_held()

    @examples(6)
    @given(RANDOMS)
    def test_orders_of_several_lines_are_held_and_never_exceed_the_supply(self, rng):
        with self._world(rng):
            for _number in range(rng.randint(1, 2)):
                order = self._make_quotation(rng, rng.randint(2, 4))
                offered = order.order_line.mapped("promise_date")
                order.action_confirm()
                held = [line.sudo().promise_line_ids.date for line in order.order_line]
                self.assertEqual(held, offered)
                self._check_held()

    def _check_held(self):
        """Play the days: on each of them the goods of all promises that leave are there."""
        promises = self.env["logistics.promise.line"].search([("company_id", "=", self.company.id)])
        # what has no date is not promised, and leaves the warehouse of its order
        parts = promises.filtered("date").part_ids
        parts = parts.filtered(lambda part: part.source in ("stock", "receipt"))
        for house in self.houses:
            for product in self.products:
                mine = parts.filtered(
                    lambda part: (part.product_id, part.warehouse_id) == (product, house.record)  # noqa: B023
                )
                self._check_days(house, product, mine)
        risky = self.env["logistics.promise"]._follow_up(promises).filtered("date")
        self.assertFalse(risky, risky.mapped("change_ids.reason"))

    def _check_days(self, house, product, parts):
        changes = Counter({house.today: self.counted[product, house.record]})
        for when, quantity in self.receipts[product, house.record]:
            changes[when] += quantity
        for part in parts:
            self.assertTrue(house.week.works(part.ship_date))
            changes[part.ship_date - timedelta(days=house.handling)] -= part.quantity
        left = 0
        for when in sorted(changes):
            left += changes[when]
            self.assertGreaterEqual(left, 0, (house.record.name, product.name, when))

    @examples(6)
    @given(RANDOMS)
    def test_the_order_of_the_lines_changes_none_of_the_dates(self, rng):
        with self._world(rng):
            order = self._make_quotation(rng, rng.randint(2, 5))
            names = ("product_id", "product_uom_qty", "customer_lead")
            lines = [
                {**{name: line[name] for name in names}, "product_id": line.product_id.id}
                for line in order.order_line
            ]
            names = ("partner_id", "company_id", "warehouse_id")
            values = {name: order[name].id for name in names}
            values["commitment_date"] = order.commitment_date
            values["promise_sourcing"] = order.promise_sourcing
            other = self._create_quotation(values, rng.sample(lines, len(lines)))
            self.assertEqual(self._get_told(order), self._get_told(other))

    def _get_told(self, order):
        return Counter(
            (line.product_id, line.product_uom_qty, line.customer_lead, line.promise_date)
            for line in order.order_line
        )

    @examples(10)
    @given(RANDOMS)
    def test_more_supply_makes_no_promise_of_a_line_later(self, rng):
        with self._world(rng):
            if rng.random() < 0.5:
                self._make_quotation(rng).action_confirm()
            line = self._make_quotation(rng).order_line
            before = line.promise_date
            house, product = rng.choice(self.houses), rng.choice(self.products)
            if rng.random() < 0.5:
                self._count(rng.randint(1, 6), house, product)
            else:
                self._make_receipt(rng, house, product)
            line.invalidate_recordset(["promise_date"])
            if before:
                self.assertTrue(line.promise_date)
                self.assertLessEqual(line.promise_date, before)

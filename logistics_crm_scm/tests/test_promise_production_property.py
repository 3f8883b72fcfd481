import os

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from odoo.tests import TransactionCase, tagged

from .production_play import Workshop
from .promise_common import day
from .promise_production_common import ProductionMixin

MORE = int(os.environ.get("LOGISTICS_PROMISE_EXAMPLES", 0))
NAMES = ("wood", "leg", "top", "table", "desk")
SOLD = ("table", "table", "desk", "desk", "leg", "leg", "top", "wood")


@tagged("post_install", "-at_install")
class TestPromiseProductionProperty(ProductionMixin, TransactionCase):
    """Random workshops of real documents, whose promises another arithmetic says can be kept."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.resource_calendar_id = cls.env["resource.calendar"].create(
            {
                "name": "Every day",
                "tz": "UTC",
                "attendance_ids": [
                    (0, 0, {"name": "All", "dayofweek": str(at), "hour_from": 0, "hour_to": 24})
                    for at in range(7)
                ],
            }
        )
        cls.products = {name: cls._product(name) for name in NAMES}
        cls.names = {product: name for name, product in cls.products.items()}
        cls.lots = cls.warehouse.lot_stock_id

    @settings(
        max_examples=MORE or 12,
        derandomize=not MORE,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(rng=st.randoms(use_true_random=False))
    def test_all_that_is_promised_can_be_kept_and_nobody_is_told_of_a_risk(self, rng):
        savepoint = self.env.cr.savepoint()
        try:
            self._play(rng)
        finally:
            savepoint.close(rollback=True)
            self.env.invalidate_all()
            self.env.cr.precommit.clear()

    def _play(self, rng):
        recipes, bought = self._draw_recipes(rng), {}
        for name in ("wood", "leg", "top"):
            self._stock(rng.choice([1, 1, 3, 5, 8, 12]), self.products[name])
            if rng.random() < 0.6:
                bought[name] = rng.choice([3, 5, 7, 10])
                self._supplier(bought[name], self.products[name])
        for _receipt in range(rng.randint(0, 3)):
            name = rng.choice(["leg", "leg", "top", "wood", "table"])
            self._receipt(rng.randint(1, 8), day(rng.randint(1, 12)), self.products[name])
        for _order in range(rng.choice([0, 0, 1, 2])):
            self._make(rng.choice(sorted(recipes)), rng.randint(1, 3), rng.randint(0, 6))
        promises, key = self.env["logistics.promise.line"], self._draw_key_customer(rng)
        for _turn in range(6):
            # what is made of what a promise waits for would be taken as made for it
            others = sorted(recipes.keys() - self._get_waited_for(promises))
            if others and rng.random() < 0.3:
                self._make(rng.choice(others), rng.randint(1, 3), rng.randint(0, 12))
            promises |= self._sell(rng, key if rng.random() < 0.3 else self.customer)
            self.assertTrue(self._look_at(recipes, bought, promises).keeps_its_dates())
            for some in (*promises, promises):
                self.engine.sudo()._follow_up(some.sudo(), {})
                risky = promises.filtered("at_risk")
                self.assertFalse(risky, risky.mapped("display_name"))
            self._agree(rng, promises)

    def _draw_recipes(self, rng):
        recipes = {
            "table": ({"leg": rng.choice([1, 2])}, rng.choice([0, 1, 2, 3])),
            "desk": ({"leg": 1, "top": 1}, rng.choice([0, 1, 2])),
        }
        if rng.random() < 0.5:
            recipes["leg"] = ({"wood": 1}, rng.choice([0, 1, 2]))
        for name, (parts, lead) in recipes.items():
            needs = [(self.products[part], amount) for part, amount in parts.items()]
            self._bom(self.products[name], needs, produce_delay=lead)
        return recipes

    def _make(self, name, quantity, begin):
        self.env["mrp.production"].create(
            {
                "product_id": self.products[name].id,
                "product_qty": quantity,
                "company_id": self.company.id,
                "picking_type_id": self.warehouse.manu_type_id.id,
                "date_start": f"{day(begin)} 08:00:00",
            }
        ).action_confirm()

    def _draw_key_customer(self, rng):
        """Return a customer whom goods may be set aside for."""
        if rng.random() < 0.3:
            product = self.products[rng.choice(["leg", "top", "wood"])]
            return self._set_aside(rng.choice([2, 4, 8]), product)
        return self._create_customer("Key")

    def _get_waited_for(self, promises):
        """Return the names of products that promises, and orders, count on to be brought."""
        parts = promises.part_ids.filtered(lambda one: one.source in ("production", "supplier"))
        components = promises.component_ids.filtered(lambda one: one.existing < one.quantity)
        orders = self.env["mrp.production"].search([("company_id", "=", self.company.id)])
        lacking = orders.move_raw_ids.filtered(lambda one: one.quantity < one.product_qty)
        products = parts.product_id | components.product_id | lacking.product_id
        return {self.names[product] for product in products}

    def _sell(self, rng, customer):
        wanted = rng.choice([None, None, rng.randint(1, 14)])
        values = {"commitment_date": f"{day(wanted)} 12:00:00"} if wanted else {}
        product = self.products[rng.choice(SOLD)]
        return self._confirm(rng.randint(1, 5), product, partner_id=customer.id, **values)

    def _agree(self, rng, promises):
        """Let a customer agree to an earlier date now and then, where one is offered."""
        for promise in promises.filtered("better_date"):
            if rng.random() < 0.5:
                promise.sudo().action_accept_better()

    def _look_at(self, recipes, bought, promises):
        """Return the workshop as the documents tell it, with all that has a date."""
        # what is both is made: so say the rules of its warehouse
        only_bought = {name: days for name, days in bought.items() if name not in recipes}
        shop = Workshop(recipes, only_bought)
        for quant in self.env["stock.quant"].search([("location_id", "child_of", self.lots.id)]):
            if quant.product_id in self.names:
                name = self.names[quant.product_id]
                shop.changes[name, 0] += quant.quantity - quant.reserved_quantity
        for move in self.env["stock.move"].search(
            [("picking_type_id", "=", self.warehouse.in_type_id.id), ("state", "=", "assigned")]
        ):
            shop.changes[self.names[move.product_id], self._count(move.date)] += move.product_qty
        for promise in promises.filtered("date"):
            moves = promise.order_line_id.move_ids
            due = self._count(promise._get_due() or promise.date)
            shop.changes[self.names[promise.product_id], due] -= sum(
                move.product_qty - move.quantity for move in moves
            )
        self._add_orders(shop)
        return shop

    def _add_orders(self, shop):
        for order in self.env["mrp.production"].search([("company_id", "=", self.company.id)]):
            begin, end = self._count(order.date_start), self._count(order.date_finished)
            takes = {
                self.names[move.product_id]: move.product_qty - move.quantity
                for move in order.move_raw_ids
            }
            made = self.names[order.product_id], order.product_qty
            shop.orders.append((*made, end - begin, end, takes))

    def _count(self, moment):
        """Return the days from today to a date or a moment."""
        return getattr(moment, "date", lambda: moment)().toordinal() - day(0).toordinal()

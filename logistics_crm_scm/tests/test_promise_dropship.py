from odoo.tests import TransactionCase, tagged

from .promise_common import day
from .promise_module_common import ModuleMixin


@tagged("post_install", "-at_install")
class TestPromiseDropship(ModuleMixin, TransactionCase):
    module = "stock_dropshipping"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.route = cls.env.ref("stock_dropshipping.route_drop_shipping")
        cls.sofa = cls._product("Sofa", route_ids=[(6, 0, cls.route.ids)])

    def test_it_is_promised_from_the_supplier_without_our_stock(self):
        self._stock(10, self.sofa)
        self._supplier(3, self.sofa)
        promised = self._ask(2, self.sofa)
        self.assert_promised(promised, day(3), [("supplier", 2)])
        self.assertIn("straight from Vendor", promised.explanation)

    def test_the_supplier_delivers_on_its_own_days(self):
        self._supplier(3, self.sofa)
        self.vendor.delivery_calendar_id = self.env["resource.calendar"].create(
            {
                "name": "Fridays",
                "tz": "UTC",
                "attendance_ids": [
                    (5, 0, 0),
                    (0, 0, {"name": "Fri", "dayofweek": "4", "hour_from": 8, "hour_to": 12}),
                ],
            }
        )
        self.assert_promised(self._ask(2, self.sofa), day(4))

    def test_without_a_supplier_it_is_not_known_and_said_why(self):
        self._stock(10, self.sofa)
        promised = self._ask(2, self.sofa)
        self.assertFalse(promised.date)
        self.assertIn("straight from a supplier", promised.explanation)

    def test_a_route_chosen_on_the_line_counts(self):
        self._stock(10)
        self._supplier(4)
        self.assert_promised(self._ask(2), day(0))
        self.assert_promised(self._ask(2, routes=self.route), day(4))

    def test_a_confirmed_order_freezes_the_promise(self):
        self._supplier(3, self.sofa)
        held = self._confirm(2, self.sofa)
        self.assertEqual((held.date, held.state), (day(3), "held"))
        self.assertEqual(held.part_ids.mapped("source"), ["supplier"])
        self.engine.sudo()._follow_up(held.sudo(), {})
        self.assertEqual(held.state, "held")

    def test_the_order_to_the_supplier_is_what_it_waits_for(self):
        self._supplier(3, self.sofa)
        held = self._confirm(2, self.sofa)
        bought = self.env["purchase.order.line"].search([("product_id", "=", self.sofa.id)])
        bought.order_id.button_confirm()
        bought.move_ids.date = f"{day(8)} 12:00:00"
        self.engine.sudo()._follow_up(held.sudo(), {})
        self.assertEqual((held.expected_date, held.at_risk), (day(8), True))

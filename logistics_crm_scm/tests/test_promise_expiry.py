from freezegun import freeze_time

from odoo.tests import TransactionCase, tagged

from .promise_common import day
from .promise_module_common import ModuleMixin


@tagged("post_install", "-at_install")
class TestPromiseExpiry(ModuleMixin, TransactionCase):
    module = "product_expiry"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.milk = cls._product("Milk", tracking="lot", use_expiration_date=True)

    def _lot(self, quantity, removal):
        lot = self.env["stock.lot"].create(
            {
                "name": f"Until {removal}",
                "product_id": self.milk.id,
                "company_id": self.company.id,
                "expiration_date": f"{removal} 12:00:00",
                "removal_date": f"{removal} 12:00:00",
            }
        )
        self.env["stock.quant"]._update_available_quantity(
            self.milk, self.warehouse.lot_stock_id, quantity, lot_id=lot
        )
        return lot

    def test_a_lot_that_lasts_is_promised(self):
        self._lot(5, day(10))
        self.assert_promised(self._ask(5, self.milk, wanted=day(9)), day(9), [("stock", 5)])

    def test_a_lot_that_is_removed_before_the_wanted_day_is_not_promised(self):
        self._lot(5, day(4))
        self.assert_promised(self._ask(5, self.milk), day(0))
        self.assertFalse(self._ask(5, self.milk, wanted=day(8)).date)

    def test_a_lot_that_is_removed_already_is_not_promised(self):
        self._lot(5, day(-1))
        promised = self._ask(1, self.milk)
        self.assertFalse(promised.date)
        self.assertIn("expire before they could be delivered", promised.explanation)

    def test_only_what_lasts_is_promised_of_several_lots(self):
        self._lot(5, day(3))
        self._lot(4, day(20))
        self.assert_promised(self._ask(9, self.milk), day(0))
        self.assert_promised(self._ask(4, self.milk, wanted=day(8)), day(8))
        self.assertFalse(self._ask(5, self.milk, wanted=day(8)).date)

    def test_what_expires_before_the_wanted_day_is_said(self):
        self._lot(5, day(3))
        self._lot(3, day(20))
        promised = self._ask(7, self.milk, wanted=day(8))
        self.assertFalse(promised.date)
        self.assertIn("5 Units of Milk in Promise Ltd expire", promised.explanation)
        self.assertIn("have to leave by 03/04/2026", promised.explanation)

    def test_lots_that_are_alike_are_told_once(self):
        self._lot(2, day(10))
        self._lot(3, day(20))
        promised = self._ask(5, self.milk)
        self.assert_promised(promised, day(0), [("stock", 5)])
        self.assertEqual(promised.explanation.count("free in stock"), 1)

    def test_a_confirmed_order_freezes_the_promise(self):
        self._lot(5, day(10))
        held = self._confirm(3, self.milk)
        self.assertEqual((held.date, held.state), (day(0), "held"))
        self.assert_promised(self._ask(2, self.milk), day(0))
        self.assertFalse(self._ask(3, self.milk).date)

    def test_what_a_lot_gives_must_not_be_removed_while_it_is_under_way(self):
        self._lot(5, day(2))
        service = self._product("Freight", type="service", is_storable=False)
        carrier = self.env["delivery.carrier"].create(
            {"name": "Boat", "product_id": service.id, "promise_transit_days": 4}
        )
        promised = self._ask(5, self.milk, carrier=carrier)
        self.assertFalse(promised.date, promised.explanation)

    def test_what_expires_waits_for_nothing_that_comes_too_late(self):
        self._lot(5, day(4))
        nut = self._product("Nut")
        self._receipt(2, day(8), nut)
        order = self._quotation(2, self.milk, user_id=self.seller.id, picking_policy="one")
        values = {"product_id": nut.id, "product_uom_qty": 2, "customer_lead": 0}
        order.order_line = [(0, 0, values)]
        self.assertEqual(order.order_line.mapped("promise_date"), [False, False])
        milk, nuts = (line.promise_info["explanation"] for line in order.order_line)
        self.assertIn("delivered at once, and Nut is there on 03/10/2026", milk)
        self.assertIn("expire: they would have to leave by 03/05/2026", milk)
        self.assertIn("when Milk can be there is not known", nuts)
        self._lot(5, day(20))
        order.invalidate_recordset()
        order.order_line.invalidate_recordset()
        self.assertEqual(order.order_line.mapped("promise_date"), [day(8), day(8)])

    def test_a_reserved_lot_that_expires_sooner_is_a_risk_at_once(self):
        lot = self._lot(5, day(30))
        held = self._confirm(4, self.milk, commitment_date=f"{day(14)} 12:00:00")
        self.env["stock.move"].search(
            [("sale_line_id", "=", held.order_line_id.id)]
        )._action_assign()
        self._check_noted()
        self.assertEqual((held.expected_date, held.at_risk), (day(14), False))
        lot.write({"removal_date": f"{day(8)} 12:00:00", "expiration_date": f"{day(9)} 12:00:00"})
        self._check_noted()
        self.assertEqual((held.expected_date, held.at_risk), (False, True))
        self.assertIn(lot.name, held.change_ids[:1].reason)
        self._lot(4, day(40))
        self.engine.sudo()._follow_up(held.sudo(), {})
        self.assertEqual((held.expected_date, held.at_risk), (day(14), False))

    def test_a_lot_that_expired_while_it_was_reserved_is_not_expected_any_more(self):
        self._lot(5, day(4))
        held = self._confirm(4, self.milk)
        self.env["stock.move"].search(
            [("sale_line_id", "=", held.order_line_id.id)]
        )._action_assign()
        with freeze_time(f"{day(6)} 09:00:00"):
            self.engine.sudo()._follow_up(held.sudo(), {})
        self.assertEqual((held.expected_date, held.at_risk), (False, True))

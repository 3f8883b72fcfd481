from datetime import datetime, time

from odoo.tests import TransactionCase, tagged

from .promise_common import day
from .promise_recheck_common import RecheckMixin
from .promise_transfer_common import TransferMixin


@tagged("post_install", "-at_install")
class TestPromiseTransferPutOff(TransferMixin, RecheckMixin, TransactionCase):
    """A transfer between our warehouses that leaves later than it is to arrive.

    Odoo leaves the receipt where it was planned, and warns of it.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.own = {"promise_sourcing": "warehouse", "warehouse_id": cls.warehouse.id}
        cls._stock(10, warehouse=cls.central)

    @classmethod
    def _send(cls, quantity, planned):
        """Return what takes goods out of the central warehouse, and what brings them to ours."""
        leg, moves = cls._resupply(quantity, planned)
        return leg, moves.filtered(lambda one: one.location_dest_id == cls.warehouse.lot_stock_id)

    @classmethod
    def _put_off(cls, move, number):
        move.picking_id.scheduled_date = datetime.combine(day(number), time(12))

    def _assert_put_off(self, leg, document):
        """Put a leg off while five are promised from its receipt, and bring it back."""
        promise = self._sold(5, **self.own)
        self.assertEqual(promise.date, day(2))
        self._recheck()
        self._put_off(leg, 7)
        self._recheck()
        self.assertEqual((promise.expected_date, promise.at_risk), (day(7), True))
        self.assertIn(document, promise.reason)
        asked = self._ask(3, warehouse=self.warehouse, only=True)
        self.assert_promised(asked, day(7), [("receipt", 3)])
        told = f"{document} is to bring it and is planned for later: it counts from 03/09/2026."
        self.assertIn(told, asked.explanation)
        self._put_off(leg, 2)
        self._recheck()
        self.assertEqual((promise.expected_date, promise.at_risk), (day(2), False))

    def test_what_is_reserved_for_it_is_not_there_before_it_leaves(self):
        leg, receipt = self._send(10, day(2))
        leg._action_assign()
        self.assertEqual(leg.state, "assigned")
        self._assert_put_off(leg, leg.picking_id.name)
        self.assertEqual(receipt.date.date(), day(2))

    def test_what_is_not_reserved_is_not_there_before_it_leaves(self):
        leg, _receipt = self._send(10, day(2))
        leg.picking_id.do_unreserve()
        self._assert_put_off(leg, leg.picking_id.name)

    def test_a_step_behind_the_first_one_counts(self):
        self.central.delivery_steps = "pick_pack_ship"
        leg, receipt = self._send(10, day(2))
        leg._action_assign()
        self._do(leg.picking_id)
        step = receipt.move_orig_ids
        while step.move_orig_ids - leg:
            step = step.move_orig_ids - leg
        self.assertNotEqual(step, leg)
        self._assert_put_off(step, step.picking_id.name)

    def test_of_what_is_picked_first_only_the_part_put_off_is_late(self):
        self.central.delivery_steps = "pick_pack_ship"
        leg, receipt = self._send(10, day(2))
        leg._action_assign()
        promise, other = self._sold(5, **self.own), self._sold(5, **self.own)
        self._do(leg.picking_id, 6)
        rest = (
            self.env["stock.move"]
            .search(
                [("location_id", "=", leg.location_id.id), ("product_id", "=", self.product.id)]
            )
            .filtered(lambda move: move.state not in ("done", "cancel"))
        )
        self.assertEqual(rest.product_qty, 4)
        self._put_off(rest, 8)
        self._recheck()
        self.assertEqual((promise.expected_date, promise.at_risk), (day(2), False))
        self.assertEqual((other.expected_date, other.at_risk), (day(8), True))

    def test_what_leaves_after_the_cut_off_counts_from_the_next_day(self):
        self.warehouse.promise_cutoff = 15
        leg, receipt = self._send(10, day(2))
        leg.picking_id.do_unreserve()
        for days, hour, expected in ((3, 12, 3), (3, 20, 4), (2, 20, 3)):
            leg.picking_id.scheduled_date = datetime.combine(day(days), time(hour))
            asked = self._ask(3, warehouse=self.warehouse, only=True)
            self.assert_promised(asked, day(expected), [("receipt", 3)])

    def test_only_what_is_left_behind_is_late(self):
        leg, receipt = self._send(10, day(2))
        leg._action_assign()
        promise, other = self._sold(5, **self.own), self._sold(5, **self.own)
        self._do(leg.picking_id, 6)
        rest = receipt.move_orig_ids.filtered(lambda move: move.state != "done")
        self.assertEqual(rest.product_qty, 4)
        self._put_off(rest, 8)
        self._recheck()
        self.assertEqual((promise.expected_date, promise.at_risk), (day(2), False))
        self.assertEqual((other.expected_date, other.at_risk), (day(8), True))
        self._recheck_all()
        self.assertEqual((other.expected_date, other.at_risk), (day(8), True))

    def test_a_transfer_waits_for_the_one_that_is_to_bring_its_goods(self):
        self._stock(-10, warehouse=self.central)
        self._stock(10, warehouse=self.far)
        self.central.resupply_wh_ids = self.far
        before, _moves = self._resupply(10, day(1), source=self.far, target=self.central)
        self._resupply(10, day(2))
        promise = self._sold(5, **self.own)
        self.assertEqual(promise.date, day(2))
        self._put_off(before, 7)
        self._recheck()
        self.assertTrue(promise.at_risk)
        self.assertGreaterEqual(promise.expected_date, day(7))

    def test_nobody_is_advised_to_have_it_received_earlier(self):
        leg, _receipt = self._send(10, day(2))
        promise = self._sold(5, **self.own)
        self._put_off(leg, 7)
        self._recheck()
        self.assertTrue(promise.at_risk)
        rescues = self.engine._get_rescues(promise)
        self.assertNotIn("expedite", [one["kind"] for one in rescues])

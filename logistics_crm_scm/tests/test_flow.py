from odoo.tests import tagged

from odoo.addons.logistics_crm.tests.order_fact_common import OrderFactCase

from .delivery_common import DeliveryMixin


@tagged("post_install", "-at_install")
class TestFlowDelivery(DeliveryMixin, OrderFactCase):
    def _get_delivery(self, order):
        self.env.cr.flush()
        flow = self.env["logistics.flow"].search([("order_id", "=", order.id)])
        self.env["logistics.flow"]._refresh(order.ids)
        return flow.step_ids.filtered(lambda step: step.stage_id.code == "order")

    def test_an_order_is_delivered_when_its_last_goods_left(self):
        order = self._promised(0)
        self._deliver(order, 4, days=-9)
        self.assertEqual(self._get_delivery(order).state, "open")
        self._deliver(order, days=-6)
        delivery = self._get_delivery(order)
        self.assertEqual((delivery.state, delivery.date_done), ("done", self._moment(-6)))
        self.assertEqual(delivery.waiting_days, 24)

from odoo.tests import tagged

from .delivery_common import DeliveryCase


@tagged("post_install", "-at_install")
class TestTimeline(DeliveryCase):
    def test_a_delivery_is_a_touch_and_its_return_is_none(self):
        order = self._promised(-2)
        picking = self._deliver(order, days=-2)
        self._return(picking, 3)
        customer = order.partner_id.commercial_partner_id
        touch = self.env["logistics.timeline"].search(
            [("commercial_partner_id", "=", customer.id), ("kind", "=", "delivery")]
        )
        self.assertEqual((touch.res_model, touch.res_id), ("stock.picking", picking.id))
        self.assertIn(order.name, touch.title)
        self.assertEqual(touch.action_open_document()["res_id"], picking.id)

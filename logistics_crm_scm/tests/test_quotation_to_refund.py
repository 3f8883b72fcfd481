from odoo.tests import tagged

from odoo.addons.logistics_crm.tests.order_fact_common import OrderFactInvoicingCase

from .delivery_common import DeliveryMixin


@tagged("post_install", "-at_install")
class TestQuotationToRefund(DeliveryMixin, OrderFactInvoicingCase):
    """Each step by the person who does it: salesperson, dispatcher, accountant."""

    def test_money_and_goods_agree_from_quotation_to_refund(self):
        salesman = self._create_reader("fact_salesman", "logistics_crm.group_logistics_user")
        dispatcher = self._create_reader("fact_dispatcher", "logistics_crm_scm.group_dispatcher")
        self.customer.user_id = salesman
        order = self._order(commitment_date=self._moment(-2)).with_user(salesman)
        order.action_confirm()
        order.sudo().promise_line_ids.date = self._moment(-2).date()  # as if promised in time
        self._assert_sold(order, 1000, 10)
        open_picking = order.picking_ids.with_user(dispatcher)
        self._deliver(None, 6, days=-3, picking=open_picking)
        self.assertEqual(self._sale(order, salesman).delivery_state, "late")
        backorder = order.picking_ids.with_user(dispatcher) - open_picking
        self._deliver(None, days=-1, picking=backorder)
        self._return(backorder, 4)
        self.assertEqual(self._sale(order, dispatcher).delivered_quantity, 6)
        self._credited(self._invoiced(order.with_user(self.env.user)), 4, date=self.today)
        self._assert_sold(order, 600, 6)
        refund = self._facts(order).filtered(lambda fact: fact.origin == "refund")
        self.assertEqual(self._answers(refund), ("unknown", None, None))
        self.assertEqual(self._answers(self._sale(order)), ("late", 1, 0))

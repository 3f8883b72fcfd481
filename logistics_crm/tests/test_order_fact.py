from datetime import date

from odoo import Command
from odoo.tests import tagged

from .order_fact_common import OrderFactCase, OrderFactInvoicingCase


@tagged("post_install", "-at_install")
class TestOrderFactSales(OrderFactCase):
    def test_a_confirmed_line_is_a_sale_of_the_commercial_partner(self):
        contact = self.env["res.partner"].create({"name": "Ann", "parent_id": self.customer.id})
        order = self._confirmed(partner_id=contact.id, date_order="2024-02-03 10:00:00")
        fact = self._facts(order)
        self.assertEqual(
            fact.read(
                ["origin", "order_ref", "order_key", "date", "quantity", "amount", "is_return"]
            ),
            [
                {
                    "id": fact.id,
                    "origin": "sale",
                    "order_ref": order.name,
                    "order_key": f"s{order.id}",
                    "date": date(2024, 2, 3),
                    "quantity": 10.0,
                    "amount": 1000.0,
                    "is_return": False,
                }
            ],
        )
        self.assertEqual(fact.partner_id, self.customer)
        self.assertEqual(fact.company_id, self.env.company)
        self.assertEqual(fact.currency_id, self.env.company.currency_id)

    def test_quotations_and_cancelled_orders_are_no_sales(self):
        order = self._order()
        self.assertFalse(self._facts(order))
        order.action_confirm()
        self.assertTrue(self._facts(order))
        order._action_cancel()
        self.assertFalse(self._facts(order))

    def test_texts_and_empty_lines_are_no_sales(self):
        order = self._confirmed(
            lines=[
                {"display_type": "line_section", "name": "Goods"},
                {"product_id": self.pallet.id, "product_uom_qty": 2},
                {"product_id": self.pallet.id, "product_uom_qty": 0},
                {"display_type": "line_note", "name": "Handle with care"},
            ]
        )
        self.assertEqual(self._facts(order).mapped("quantity"), [2.0])

    def test_services_and_discounts_count(self):
        haulage = self._create_goods("Haulage", type="service", list_price=50)
        order = self._confirmed(
            lines=[{"product_id": haulage.id, "product_uom_qty": 4, "discount": 10}]
        )
        self._assert_sold(order, 180, 4)

    def test_quantities_are_in_the_unit_of_the_product(self):
        line = {
            "product_id": self.pallet.id,
            "product_uom_qty": 2,
            "product_uom_id": self.env.ref("uom.product_uom_dozen").id,
        }
        self.assertEqual(self._facts(self._confirmed(lines=[line])).quantity, 24)

    def test_the_day_is_that_of_the_company(self):
        self.env.company.partner_id.tz = "Pacific/Auckland"
        order = self._confirmed(date_order="2024-01-31 20:00:00")
        self.assertEqual(self._facts(order).date, date(2024, 2, 1))
        self.env.company.partner_id.tz = False
        self.assertEqual(self._facts(order).date, date(2024, 1, 31))

    def test_a_promise_is_the_agreed_date_or_the_lead_time(self):
        survey = self._create_goods("Survey", type="service", sale_delay=3)
        line = {"product_id": survey.id, "product_uom_qty": 1}
        order = self._confirmed(lines=[line], date_order="2024-02-03 10:00:00")
        self.assertEqual(self._facts(order).promised_date, date(2024, 2, 6))
        order.commitment_date = "2024-02-20 09:00:00"
        self.assertEqual(self._facts(order).promised_date, date(2024, 2, 20))

    def test_amounts_keep_the_rate_of_the_order(self):
        pricelist = self._create_pricelist("EUR", [("2020-01-01", 0.5)])
        order = self._confirmed(
            lines=[{"product_id": self.pallet.id, "product_uom_qty": 10, "price_unit": 40}],
            pricelist_id=pricelist.id,
        )
        self._assert_sold(order, 800, 10)
        pricelist.currency_id.rate_ids.rate = 0.25
        self._assert_sold(order, 800, 10)


@tagged("post_install", "-at_install")
class TestOrderFactRefunds(OrderFactInvoicingCase):
    def test_an_advance_is_no_sale_and_its_invoice_no_refund(self):
        order = self._confirmed()
        wizard = self.env["sale.advance.payment.inv"].create(
            {
                "sale_order_ids": [Command.set(order.ids)],
                "advance_payment_method": "percentage",
                "amount": 30,
            }
        )
        wizard.create_invoices()
        order.invoice_ids.action_post()
        self._invoiced(order)
        self.assertTrue(order.order_line.filtered("is_downpayment"))
        self._assert_sold(order, 1000, 10)

    def test_a_line_added_after_confirmation_counts_with_what_was_delivered(self):
        haulage = self._create_goods("Haulage", type="service", invoice_policy="delivery")
        order = self._confirmed(lines=[{"product_id": haulage.id, "product_uom_qty": 0}])
        self.assertFalse(self._facts(order))
        order.order_line.qty_delivered = 3
        self._assert_sold(order, 300, 3)
        self._credited(self._invoiced(order), quantity=1)
        self._assert_sold(order, 200, 2)

    def test_a_credit_note_lowers_sales_on_its_own_date(self):
        order = self._confirmed(date_order="2024-02-03 10:00:00")
        credit = self._credited(self._invoiced(order), quantity=3, date="2024-03-05")
        refund = self._facts(order).filtered(lambda fact: fact.origin == "refund")
        self.assertEqual((refund.amount, refund.quantity), (-300, -3))
        self.assertEqual(refund.date, date(2024, 3, 5))
        self.assertEqual((refund.order_ref, refund.order_key), (credit.name, f"s{order.id}"))
        self.assertTrue(refund.is_return)
        self._assert_sold(order, 700, 7)

    def test_a_draft_credit_note_changes_nothing(self):
        order = self._confirmed()
        credit = self._credited(self._invoiced(order), quantity=3)
        credit.button_draft()
        self._assert_sold(order, 1000, 10)

    def test_credited_and_invoiced_again_counts_once(self):
        order = self._confirmed()
        self._credited(self._invoiced(order))
        self._assert_sold(order, 0, 0)
        self._invoiced(order)
        self._assert_sold(order, 1000, 10)

    def test_only_what_stays_uninvoiced_is_a_refund(self):
        order = self._confirmed()
        self._credited(self._invoiced(order))
        again = order._create_invoices()
        again.invoice_line_ids.quantity = 6
        again.action_post()
        self._assert_sold(order, 600, 6)

    def test_lowering_the_ordered_quantity_as_well_counts_once(self):
        order = self._confirmed()
        self._credited(self._invoiced(order), quantity=3)
        order.order_line.product_uom_qty = 7
        self._assert_sold(order, 700, 7)

    def test_a_refund_is_at_its_own_rate_and_its_share_in_the_orders_currency(self):
        pricelist = self._create_pricelist("EUR", [("2020-01-01", 0.5), ("2024-03-01", 0.4)])
        order = self._confirmed(
            lines=[{"product_id": self.pallet.id, "product_uom_qty": 10, "price_unit": 40}],
            date_order="2024-02-03 10:00:00",
            pricelist_id=pricelist.id,
        )
        self._credited(self._invoiced(order), quantity=5, date="2024-03-05")
        self._assert_sold(order, 800 - 500, 5)

    def test_a_cancelled_order_leaves_no_refund_behind(self):
        order = self._confirmed()
        self._credited(self._invoiced(order))
        order._action_cancel()
        self.assertFalse(self._facts(order))

    def test_a_credit_of_two_order_lines_is_one_line(self):
        order = self._confirmed(
            lines=[{"product_id": self.pallet.id, "product_uom_qty": 5} for _twice in range(2)]
        )
        invoice = self._invoiced(order)
        lines = invoice.invoice_line_ids
        lines.sudo().write({"sale_line_ids": [Command.set(order.order_line.ids)]})
        self._credited(invoice)
        refunds = self._facts(order).filtered(lambda fact: fact.origin == "refund")
        self.assertEqual(refunds.sale_line_id, order.order_line[:1])
        self.assertEqual(len(refunds), 2)

    def test_a_source_opens_from_its_line(self):
        order = self._confirmed()
        credit = self._credited(self._invoiced(order), quantity=3)
        facts = {fact.origin: fact for fact in self._facts(order)}
        self.assertEqual(facts["sale"].action_open_source()["res_id"], order.id)
        self.assertEqual(facts["refund"].action_open_source()["res_id"], credit.id)

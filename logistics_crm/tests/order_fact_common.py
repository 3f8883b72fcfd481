from odoo import Command
from odoo.tests import new_test_user

from odoo.addons.account.tests.common import AccountTestInvoicingCommon


class OrderFactCommon(AccountTestInvoicingCommon):
    """A company with accounts, a customer, a product at 100, and readers of the sales lines.

    The documents are made by the accountant of `AccountTestInvoicingCommon`, who gets the rights
    of a sales administrator; the lines are read as `officer`.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.group_ids |= cls.env.ref("sales_team.group_sale_manager")
        cls.env.company.partner_id.tz = "UTC"
        cls.officer = cls._create_reader("fact_officer", "logistics_crm.group_logistics_officer")
        cls.customer = cls.env["res.partner"].create({"name": "Acme Shipping", "is_company": True})
        cls.pallet = cls._create_goods("Pallet")

    @classmethod
    def get_default_groups(cls):
        return super().get_default_groups() | cls.env.ref("sales_team.group_sale_manager")

    @classmethod
    def _create_reader(cls, login, groups, companies=None):
        companies = companies or cls.env.company
        return new_test_user(
            cls.env,
            login=login,
            groups=groups,
            company_id=companies[0].id,
            company_ids=[Command.set(companies.ids)],
        )

    @classmethod
    def _create_goods(cls, name, **values):
        return cls.env["product.product"].create(
            {
                "name": name,
                "type": "consu",
                "list_price": 100.0,
                "invoice_policy": "order",
                "taxes_id": [Command.clear()],
                **values,
            }
        )

    @classmethod
    def _order(cls, quantity=10.0, lines=None, **values):
        """Return a quotation over `quantity` pallets, or over `lines` (dicts of line values)."""
        lines = lines or [{"product_id": cls.pallet.id, "product_uom_qty": quantity}]
        return cls.env["sale.order"].create(
            {
                "partner_id": cls.customer.id,
                "order_line": [Command.create(line) for line in lines],
                **values,
            }
        )

    @classmethod
    def _confirmed(cls, quantity=10.0, lines=None, date_order=None, **values):
        """Return a confirmed order; Odoo dates it now, `date_order` dates it otherwise."""
        order = cls._order(quantity, lines, **values)
        order.action_confirm()
        if date_order:
            order.date_order = date_order
        return order

    @classmethod
    def _invoiced(cls, order):
        """Return the posted invoice of what there is to invoice."""
        invoice = order._create_invoices()
        invoice.invoice_date = order.date_order
        invoice.action_post()
        return invoice

    @classmethod
    def _credited(cls, invoice, quantity=None, date="2024-03-05"):
        """Return the posted credit note of an invoice, or of `quantity` of its only line."""
        wizard = cls.env["account.move.reversal"].with_context(
            active_model="account.move", active_ids=invoice.ids
        )
        wizard = wizard.create({"journal_id": invoice.journal_id.id, "date": date})
        wizard.reverse_moves()
        if quantity:
            wizard.new_move_ids.invoice_line_ids.quantity = quantity
        wizard.new_move_ids.action_post()
        return wizard.new_move_ids

    def _facts(self, order, reader=None):
        """Return the sales lines of an order, as the officer sees them now."""
        self.env.invalidate_all()
        facts = self.env["logistics.order.fact"].with_user(reader or self.officer)
        facts = facts.with_context(allowed_company_ids=facts.env.user.company_ids.ids)
        return facts.search([("sale_line_id", "in", order.order_line.ids)])

    def _assert_sold(self, order, amount, quantity):
        """Expect the net amount and quantity of an order."""
        facts = self._facts(order)
        self.assertAlmostEqual(sum(facts.mapped("amount")), amount, 2)
        self.assertAlmostEqual(sum(facts.mapped("quantity")), quantity, 2)

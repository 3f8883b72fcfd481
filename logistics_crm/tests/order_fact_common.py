from odoo import Command
from odoo.tests import TransactionCase, new_test_user

from odoo.addons.account.tests.common import AccountTestInvoicingCommon


class OrderFactMixin:
    """A customer, a product at 100, an officer who reads the sales lines, and documents."""

    @classmethod
    def _set_up_facts(cls):
        cls.env.company.partner_id.tz = "UTC"
        cls.officer = cls._create_reader("fact_officer", "logistics_crm.group_logistics_officer")
        cls.customer = cls.env["res.partner"].create({"name": "Acme Shipping", "is_company": True})
        cls.pallet = cls._create_goods("Pallet")

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
    def _create_pricelist(cls, code, rates):
        """Return a price list in a currency that has `rates` ((date, rate)) in the company."""
        currency = cls.env["res.currency"].with_context(active_test=False)
        currency = currency.search([("name", "=", code)])
        currency.active = True
        currency.rate_ids.unlink()
        for day, rate in rates:
            currency.rate_ids = [
                Command.create({"name": day, "rate": rate, "company_id": cls.env.company.id})
            ]
        return cls.env["product.pricelist"].create({"name": code, "currency_id": currency.id})

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
    def _history(cls, order_ref="H1", company=None, **values):
        """Return an imported line: 4 pallets for 400."""
        company = company or cls.env.company
        return cls.env["logistics.sales.history"].create(
            {
                "company_id": company.id,
                "source": "old-erp",
                "order_ref": order_ref,
                "line_ref": "1",
                "date": "2024-02-03",
                "partner_id": cls.customer.id,
                "product_id": cls.pallet.id,
                "quantity": 4,
                "currency_id": company.currency_id.id,
                "amount": 400,
                "amount_company": 400,
                **values,
            }
        )

    def _search_facts(self, domain, reader=None):
        """Return sales lines as the officer, or `reader`, sees them now."""
        self.env.invalidate_all()
        facts = self.env["logistics.order.fact"].with_user(reader or self.officer)
        facts = facts.with_context(allowed_company_ids=facts.env.user.company_ids.ids)
        return facts.search(domain)

    def _facts(self, order, reader=None):
        return self._search_facts([("sale_line_id", "in", order.order_line.ids)], reader)

    def _history_facts(self, lines, reader=None):
        return self._search_facts([("history_id", "in", lines.ids)], reader)

    def _assert_sold(self, order, amount, quantity):
        """Expect the net amount and quantity of an order."""
        facts = self._facts(order)
        self.assertAlmostEqual(sum(facts.mapped("amount")), amount, 2)
        self.assertAlmostEqual(sum(facts.mapped("quantity")), quantity, 2)


class OrderFactCase(OrderFactMixin, TransactionCase):
    """Orders and history in a company of their own, which keeps no accounts."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        company = cls.env["res.company"].create({"name": "Sales Line Test Company"})
        cls.env = cls.env(
            context=dict(cls.env.context, allowed_company_ids=company.ids, tracking_disable=True)
        )
        cls._set_up_facts()


class OrderFactInvoicingCase(OrderFactMixin, AccountTestInvoicingCommon):
    """Orders that are invoiced and credited, by an accountant who is a sales administrator."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_facts()

    @classmethod
    def get_default_groups(cls):
        return super().get_default_groups() | cls.env.ref("sales_team.group_sale_manager")

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

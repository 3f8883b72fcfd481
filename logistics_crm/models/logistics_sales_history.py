from odoo import api, fields, models

from ..loader.fields import Many2oneUnchecked


class LogisticsSalesHistory(models.Model):
    """Sales lines from other systems, loaded in bulk and never typed in.

    One row per (company, source, order, line). Access columns are left out: ``load_id`` tells who
    wrote a line and when, and a million lines stay a quarter smaller.
    """

    _name = "logistics.sales.history"
    _description = "Sales History Line"
    _order = "date desc, id desc"
    _rec_names_search = ["order_ref"]
    _log_access = False
    _check_company_auto = True

    company_id = Many2oneUnchecked("res.company", required=True, readonly=True)
    source = fields.Char(required=True, readonly=True)
    order_ref = fields.Char(string="Order", required=True, readonly=True)
    line_ref = fields.Char(string="Line", required=True, readonly=True)
    date = fields.Date(required=True, readonly=True)
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        readonly=True,
        index=False,  # _customer_idx begins with it
        ondelete="restrict",
        check_company=True,
        help="The company that bought. Empty where the source did not know the customer.",
    )
    product_id = fields.Many2one(
        "product.product",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    quantity = fields.Float(digits="Product Unit", readonly=True, help="Negative for returns.")
    currency_id = Many2oneUnchecked("res.currency", required=True, readonly=True)
    amount = fields.Monetary(
        readonly=True, aggregator=None, help="Untaxed, in the currency of the line."
    )
    company_currency_id = fields.Many2one(
        related="company_id.currency_id", string="Company Currency"
    )
    amount_company = fields.Monetary(
        string="Amount in Company Currency",
        currency_field="company_currency_id",
        readonly=True,
        help="Untaxed, at the rate of the order date.",
    )
    promised_date = fields.Date(string="Promised", readonly=True)
    delivered_date = fields.Date(string="Delivered", readonly=True)
    customer_key = fields.Char(readonly=True, help="What the source calls the customer.")
    product_key = fields.Char(readonly=True, help="What the source calls the product.")
    load_id = Many2oneUnchecked(
        "logistics.history.load", string="Last Load", readonly=True, index="btree_not_null"
    )

    # id and partner_id: the timeline finds the first line of an order without reading the table.
    _line_uniq = models.UniqueIndex(
        "(company_id, source, order_ref, line_ref) INCLUDE (id, partner_id)",
        "A source has each order line once.",
    )
    _newest_idx = models.Index("(date, id)")
    # All that the figures of a customer read, so that they leave the table alone.
    _customer_idx = models.Index(
        "(partner_id, company_id, date) "
        "INCLUDE (quantity, amount_company, promised_date, delivered_date) "
        "WHERE partner_id IS NOT NULL"
    )

    @api.depends("order_ref", "line_ref")
    def _compute_display_name(self):
        for line in self:
            line.display_name = f"{line.order_ref}/{line.line_ref}"

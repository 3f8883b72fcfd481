from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

from odoo import api, fields, models


class CrmLead(models.Model):
    """What a lead asks for, and when we could deliver it."""

    _inherit = "crm.lead"

    promise_product_ids = fields.One2many("logistics.lead.product", "lead_id", string="Products")
    promise_wanted_date = fields.Date(string="Wanted by the Customer")
    promise_date = fields.Date(
        string="Could Be Delivered",
        compute="_compute_promise_date",
        help="Everything delivered by then for sure. Empty where that is not known for a product.",
    )

    promise_wanted = fields.Boolean(
        compute="_compute_promise_date", help="Whether there is anything to deliver."
    )

    @api.depends("promise_product_ids.promise_date", "promise_product_ids.product_id")
    def _compute_promise_date(self):
        for lead in self:
            goods = lead.promise_product_ids.filtered(lambda one: one.product_id.type == "consu")
            lead.promise_wanted = bool(goods)
            dates = goods.mapped("promise_date")
            lead.promise_date = max(dates) if dates and all(dates) else False

    def _prepare_opportunity_quotation_context(self):
        """Bring the products, and the date that is wanted, to the quotation."""
        context = super()._prepare_opportunity_quotation_context()
        lines = self.promise_product_ids
        if lines:
            context["default_order_line"] = [(0, 0, line._prepare_order_line()) for line in lines]
        if self.promise_wanted_date:
            company = self.company_id or self.env.company
            place = self.env.user.with_company(company)._get_default_warehouse_id() or company
            zone = ZoneInfo(place._get_promise_tz())
            noon = datetime.combine(self.promise_wanted_date, time(12), zone).astimezone(UTC)
            context["default_commitment_date"] = noon.replace(tzinfo=None)
        return context

    def _merge_get_fields_specific(self):
        """Keep the products of all leads that are merged."""
        return {
            **super()._merge_get_fields_specific(),
            "promise_product_ids": lambda fname, leads: [(4, one.id) for one in leads[fname]],
        }

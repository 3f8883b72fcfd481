from datetime import time

from odoo import api, fields, models
from odoo.exceptions import AccessError

from .res_company import PROMISE_READERS, SOURCING


class SaleOrder(models.Model):
    _inherit = "sale.order"

    promise_sourcing = fields.Selection(
        SOURCING,
        string="Sourcing",
        compute="_compute_promise_sourcing",
        store=True,
        readonly=False,
        precompute=True,
        help="From which warehouses this order may come.",
    )
    promise_offered = fields.Json(
        copy=False,
        readonly=True,
        groups="base.group_user",
        help="The dates that the quotation said when it was sent, by line.",
    )
    promise_line_ids = fields.One2many(
        "logistics.promise.line", "order_id", readonly=True, groups=PROMISE_READERS
    )
    promise_date = fields.Date(
        string="Promise",
        compute="_compute_promise",
        compute_sudo=True,
        help="Everything delivered by then for sure. Empty where that is not known for a line.",
    )
    promise_likely_date = fields.Date(
        string="Likely",
        compute="_compute_promise",
        compute_sudo=True,
        groups="base.group_user",
    )
    promise_expected_date = fields.Date(
        string="Expected Now",
        compute="_compute_promise_expected_date",
        compute_sudo=True,
        groups="base.group_user",
        help="When the promise that is at risk most will be delivered; empty where that is not"
        " known, or where none is at risk.",
    )
    promise_missing = fields.Integer(
        compute="_compute_promise",
        compute_sudo=True,
        help="Lines that no date can be promised for.",
    )

    @api.depends("partner_shipping_id", "company_id")
    def _compute_promise_sourcing(self):
        for order in self:
            partner = order.partner_shipping_id or order.partner_id
            order.promise_sourcing = partner._get_promise_sourcing(order.company_id)

    @api.depends("order_line.promise_date", "order_line.promise_likely_date")
    def _compute_promise(self):
        for order in self:
            lines = order.order_line.filtered("promise_wanted")
            known = lines.filtered("promise_date")
            order.promise_missing = len(lines - known)
            complete = known if known == lines else known.browse()
            order.promise_date = max(complete.mapped("promise_date"), default=False)
            order.promise_likely_date = max(complete.mapped("promise_likely_date"), default=False)

    @api.depends("promise_line_ids.at_risk", "promise_line_ids.expected_date")
    def _compute_promise_expected_date(self):
        for order in self:
            order.promise_expected_date = order._get_latest_promise().expected_date

    def _get_latest_promise(self):
        """Return the promise at risk that comes latest after its day, or never; none is empty."""
        risky = self.promise_line_ids.filtered("at_risk")
        return risky.sorted(lambda one: (bool(one.expected_date), -one.delay))[:1]

    def action_confirm(self):
        """Take the turn first: who has to wait for it has done nothing yet that is done again."""
        self.order_line.filtered("promise_wanted")._take_promise_turns()
        return super().action_confirm()

    @api.model_create_multi
    def create(self, vals_list):
        """Let nobody type what was offered."""
        for vals in vals_list:
            self._check_writes_no_offer(vals)
        return super().create(vals_list)

    def write(self, vals):
        """Keep what a quotation promises when it is sent: it is compared at confirmation."""
        self._check_writes_no_offer(vals)
        result = super().write(vals)
        if vals.get("state") == "sent":
            for order in self:
                # sudo: what was offered is kept by sending, never typed
                order.sudo().promise_offered = {
                    str(line.id): fields.Date.to_string(line.promise_date)
                    for line in order.order_line.filtered("promise_date")
                }
        return result

    @api.model
    def _check_writes_no_offer(self, vals):
        if "promise_offered" in vals and not self.env.su:
            raise AccessError(
                self.env._(
                    "The dates that a quotation said are kept when it is sent: nobody types them."
                )
            )

    def _get_offered_date(self, line):
        return fields.Date.to_date((self.promise_offered or {}).get(str(line.id)))

    def action_promise_to_commitment(self):
        """Take the promise as the order's delivery date."""
        for order in self.filtered("promise_date"):
            line = order.order_line[:1]
            order.commitment_date = line._get_moment(
                order.promise_date, time(12), order.warehouse_id
            )

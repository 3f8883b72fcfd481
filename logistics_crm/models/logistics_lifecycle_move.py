from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import format_date


class LogisticsLifecycleMove(models.Model):
    """A customer came to another lifecycle stage: when, and why. Rules write them in bulk."""

    _name = "logistics.lifecycle.move"
    _description = "Lifecycle Move"
    _order = "date desc, id desc"
    _log_access = False

    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    date = fields.Datetime(required=True, readonly=True, index=True, default=fields.Datetime.now)
    from_stage_id = fields.Many2one(
        "logistics.lifecycle.stage", string="From", readonly=True, ondelete="restrict"
    )
    to_stage_id = fields.Many2one(
        "logistics.lifecycle.stage", string="To", readonly=True, ondelete="restrict"
    )
    user_id = fields.Many2one("res.users", string="By", readonly=True, help="Empty: the rules.")
    reason_code = fields.Char(required=True, readonly=True)
    figures = fields.Json(readonly=True)
    reason = fields.Char(compute="_compute_reason")
    days_ago = fields.Integer(compute="_compute_days_ago", search="_search_days_ago")

    @api.depends("reason_code", "figures", "user_id")
    @api.depends_context("lang")
    def _compute_reason(self):
        """Say the reason in the reader's language."""
        for move in self:
            tell = getattr(move, f"_tell_{move.reason_code}", None)
            move.reason = tell(move.figures or {}) if tell else False

    @api.depends("date")
    def _compute_days_ago(self):
        today = fields.Date.today()
        for move in self:
            move.days_ago = (today - move.date.date()).days if move.date else 0

    @api.model
    def _search_days_ago(self, operator, value):
        """Find by whole days (UTC): 0 is today."""
        if operator not in ("<", "<=", ">", ">="):
            return NotImplemented
        days = value - (operator in ("<", ">="))  # the earliest day before the border
        midnight = fields.Datetime.to_datetime(fields.Date.today() - timedelta(days=days))
        return [("date", ">=" if operator in ("<", "<=") else "<", midnight)]

    @api.depends("to_stage_id", "date")
    def _compute_display_name(self):
        for move in self:
            move.display_name = f"{move.to_stage_id.name}, {format_date(self.env, move.date)}"

    @api.model
    def _get_newest(self, partners, company):
        """Return the newest move of each partner in a company: dict of partner id to move."""
        groups = self._read_group(
            [("partner_id", "in", partners.ids), ("company_id", "=", company.id)],
            ["partner_id"],
            ["id:max"],
        )
        moves = self.browse(move_id for _partner, move_id in groups)
        return {move.partner_id.id: move for move in moves}

    def _tell_prospect(self, figures):
        return self.env._("No order yet.")

    def _tell_new(self, figures):
        return self.env._("First order on %(date)s.", date=format_date(self.env, figures["first"]))

    def _tell_growing(self, figures):
        return self.env._(
            "Ordered %(percent)s%% more in the last %(days)s days than in as many days before.",
            percent=round(figures["percent"]),
            days=figures["days"],
        )

    def _tell_mature(self, figures):
        return self.env._(
            "Orders about every %(days)s days, about as much as before.",
            days=round(figures["rhythm"]),
        )

    def _tell_declining(self, figures):
        if figures["is_own"]:
            return self.env._(
                "No order for %(quiet)s days; this customer orders about every %(days)s days.",
                quiet=figures["quiet"],
                days=round(figures["rhythm"]),
            )
        return self.env._(
            "No order for %(quiet)s days; customers order about every %(days)s days.",
            quiet=figures["quiet"],
            days=round(figures["rhythm"]),
        )

    def _tell_declining_amount(self, figures):
        return self.env._(
            "Ordered %(percent)s%% less in the last %(days)s days than in as many days before.",
            percent=round(-figures["percent"]),
            days=figures["days"],
        )

    def _tell_lost(self, figures):
        return self._tell_declining(figures)

    def _tell_recovered(self, figures):
        return self.env._(
            "Ordered again on %(date)s after %(days)s days without an order.",
            date=format_date(self.env, figures["came_back"]),
            days=figures["absence"],
        )

    def _tell_manual(self, figures):
        # sudo: the name of who moved the customer, who may work in another company
        return self.env._("Set by %(user)s.", user=self.user_id.sudo().name)

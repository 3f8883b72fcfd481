from collections import defaultdict

from odoo import api, fields, models

from .logistics_promise_format import OVER

NAMED = 3  # products that the sentence about missing dates names


class SaleOrder(models.Model):
    """An order's promise in words, and the promises that were held for it."""

    _inherit = "sale.order"

    promise_text = fields.Char(
        string="Promised Dates",
        compute="_compute_promise_text",
        compute_sudo=True,
        groups="base.group_user",
    )
    promise_gap = fields.Char(
        string="Without a Date",
        compute="_compute_promise_text",
        compute_sudo=True,
        groups="base.group_user",
    )
    promise_is_commitment = fields.Boolean(
        compute="_compute_promise_text",
        compute_sudo=True,
        help="Whether the promise is the order's delivery date already.",
    )
    # sudo: who may read an order may read what was promised for it
    promise_count = fields.Integer(
        string="Number of Promises", compute="_compute_promise_count", compute_sudo=True
    )
    promise_change_count = fields.Integer(
        string="Number of Changes", compute="_compute_promise_count", compute_sudo=True
    )
    promise_state = fields.Selection(
        [
            ("risk", "At Risk"),
            ("held", "Held"),
            ("kept", "Kept"),
            ("missed", "Missed"),
            ("cancelled", "Cancelled"),
        ],
        string="State of the Promises",
        compute="_compute_promise_count",
        compute_sudo=True,
        groups="base.group_user",
    )

    @api.depends(
        "promise_date",
        "promise_likely_date",
        "promise_missing",
        "commitment_date",
        "promise_line_ids.at_risk",
        "promise_line_ids.expected_date",
        "promise_state",
    )
    @api.depends_context("lang")
    def _compute_promise_text(self):
        engine = self.env["logistics.promise"]
        for order in self:
            wanted = order.commitment_date
            order.promise_is_commitment = bool(
                wanted and order.order_line[:1]._get_local_day(wanted) == order.promise_date
            )
            order.promise_gap = order._get_promise_gap()
            told = [line.promise_info for line in order.order_line if line.promise_info]
            sure = all(engine._is_sure(one.get("confidence")) for one in told)
            lost = any(one.at_risk and not one.expected_date for one in order.promise_line_ids)
            leaving = any(one.get("way_unknown") for one in told)
            days = order.promise_date, order.promise_likely_date
            if order.promise_state in OVER:
                order.promise_text = order.promise_date and engine._format_outcome(*days, leaving)
                continue
            far = leaving or any(one.get("way_lost") for one in told)
            made = any(one.get("components_unknown") for one in told)
            order.promise_text = order.promise_date and engine._format_headline(
                *days, lost, sure, far, made
            )

    def _get_promise_gap(self):
        """Return which products of the order nobody can promise a date for, or False."""
        lines = self.order_line.filtered(
            lambda line: line.promise_wanted and not line.promise_date and line.promise_info
        )
        if not lines:
            return False
        names = lines.product_id.mapped("display_name")
        text = ", ".join(names[:NAMED])
        more = len(names) - NAMED
        if more > 0:
            text = self.env._("%(names)s and %(number)s more", names=text, number=more)
        return self.env._("No date can be promised for %(names)s.", names=text)

    @api.depends("state", "promise_line_ids.state", "promise_line_ids.at_risk")
    def _compute_promise_count(self):
        changes = defaultdict(int)
        groups = self.env["logistics.promise.change"]._read_group(
            [("line_id.order_id", "in", self.ids)], ["line_id"], ["__count"]
        )
        for line, count in groups:
            changes[line.order_id.id] += count
        for order in self:
            lines = order.promise_line_ids
            order.promise_count = len(lines)
            order.promise_change_count = changes[order._origin.id]
            # of a quotation only its new offer counts, whatever was promised before
            confirmed = lines if order.state not in ("draft", "sent") else lines.browse()
            order.promise_state = confirmed._get_common_state() if confirmed else False

    def action_view_promises(self):
        """Open what was promised for this order."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "logistics_crm_scm.promise_line_action"
        )
        return action | {
            "domain": [("order_id", "=", self.id)],
            "context": {"search_default_open": 0},
        }

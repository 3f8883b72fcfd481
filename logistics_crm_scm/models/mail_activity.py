from odoo import fields, models


class MailActivity(models.Model):
    """Calls that tell customers another date, and what buyers are asked for a promise."""

    _inherit = "mail.activity"

    promise_line_id = fields.Many2one(
        "logistics.promise.line",
        string="Delivery Promise",
        readonly=True,
        copy=False,
        ondelete="set null",
        index="btree_not_null",
        groups="logistics_crm_scm.group_planner",
        help="The promise that an earlier receipt would save.",
    )

    def _action_done(self, feedback=False, attachment_ids=None):
        """Keep that the customer was told once the call is done."""
        # sudo: whoever calls the customer need not see promises, which are written by what happened
        lines = self.env["logistics.promise.line"].sudo().search([("call_id", "in", self.ids)])
        result = super()._action_done(feedback=feedback, attachment_ids=attachment_ids)
        lines._keep_called()
        return result

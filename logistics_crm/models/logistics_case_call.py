from odoo import fields, models


class LogisticsCase(models.Model):
    """The calls about a case."""

    _inherit = "logistics.case"

    call_ids = fields.One2many("logistics.call", "case_id", string="Calls")
    call_count = fields.Integer(compute="_compute_call_count")

    def _compute_call_count(self):
        counts = dict(
            self.env["logistics.call"]._read_group(
                [("case_id", "in", self.ids)], ["case_id"], ["__count"]
            )
        )
        for case in self:
            case.call_count = counts.get(case._origin, 0)

    def action_open_calls(self):
        """Open the calls about the case."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "logistics_crm.action_logistics_call"
        )
        return action | {
            "domain": [("case_id", "=", self.id)],
            "context": {
                "default_case_id": self.id,
                "default_partner_id": self.partner_id.id,
                "default_number": self.partner_phone,
                "default_direction": "out",
                "default_outcome": "answered",
                "default_user_id": self.env.uid,
            },
        }

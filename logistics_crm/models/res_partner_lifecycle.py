from odoo import api, fields, models

from .res_partner_team import GROUP


class ResPartner(models.Model):
    """Where the customer stands in its life with each company."""

    _inherit = "res.partner"

    lifecycle_stage_id = fields.Many2one(
        "logistics.lifecycle.stage",
        string="Lifecycle",
        company_dependent=True,
        index=False,
        copy=False,
        groups=GROUP,
        help="Told every night by the customer's own order rhythm, unless set by hand.",
    )
    lifecycle_color = fields.Integer(related="lifecycle_stage_id.color", groups=GROUP)
    lifecycle_is_manual = fields.Boolean(
        string="Lifecycle Set by Hand",
        company_dependent=True,
        copy=False,
        groups=GROUP,
        help="The nightly rules leave this customer where it is.",
    )
    lifecycle_move_ids = fields.One2many(
        "logistics.lifecycle.move", "partner_id", string="Lifecycle Moves", groups=GROUP
    )
    lifecycle_reason = fields.Char(compute="_compute_lifecycle_reason", groups=GROUP)
    lifecycle_date = fields.Datetime(
        string="Lifecycle Since", compute="_compute_lifecycle_reason", groups=GROUP
    )

    @api.depends("lifecycle_stage_id")
    @api.depends_context("company", "lang")
    def _compute_lifecycle_reason(self):
        """Say when and why the customer came to its stage, of the company's newest move."""
        self.update({"lifecycle_reason": False, "lifecycle_date": False})
        newest = self.env["logistics.lifecycle.move"]._get_newest(self._origin, self.env.company)
        for partner in self:
            move = newest.get(partner._origin.id)
            if move and move.to_stage_id == partner.lifecycle_stage_id:
                partner.lifecycle_reason = move.reason
                partner.lifecycle_date = move.date

    def write(self, vals):
        """Keep who moved a customer by hand, and keep the rules from moving it back."""
        if "lifecycle_stage_id" not in vals:
            return super().write(vals)
        before = {partner: partner.lifecycle_stage_id for partner in self}
        result = super().write({"lifecycle_is_manual": True, **vals})
        # sudo: the log of moves is nobody's to edit
        self.env["logistics.lifecycle.move"].sudo().create(
            [
                {
                    "partner_id": partner.id,
                    "company_id": self.env.company.id,
                    "from_stage_id": stage.id,
                    "to_stage_id": partner.lifecycle_stage_id.id,
                    "reason_code": "manual",
                    "user_id": self.env.uid,
                }
                for partner, stage in before.items()
                if stage != partner.lifecycle_stage_id
            ]
        )
        return result

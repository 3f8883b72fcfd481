from odoo import api, models
from odoo.fields import Domain

KINDS_WITH_PEOPLE = ("cases", "calls", "teams", "playbooks")


class IrRule(models.Model):
    """Where companies share records, everybody reads the names of who does the work on them."""

    _inherit = "ir.rule"

    @api.model
    def _compute_domain(self, model_name, mode="read"):
        """Open the public part of employees (name, work contact) to users of Logistics CRM."""
        domain = super()._compute_domain(model_name, mode)
        if model_name != "hr.employee.public" or mode != "read" or self.env.su:
            return domain
        sharing = self.env["logistics.data.sharing"]
        if not any(sharing._get_scope(kind) == "shared" for kind in KINDS_WITH_PEOPLE):
            return domain
        if not self.env.user.has_group("logistics_crm.group_logistics_user"):
            return domain
        return Domain.TRUE

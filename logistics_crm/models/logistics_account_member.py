from odoo import api, fields, models


class LogisticsAccountMember(models.Model):
    """One of ours who serves a customer in a role. Members see the customer as its salesperson."""

    _name = "logistics.account.member"
    _description = "Account Team Member"
    _inherit = "logistics.company.record"
    _order = "sequence, role_id, id"
    _rec_name = "employee_id"
    _check_company_auto = True

    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        required=True,
        index=True,
        ondelete="cascade",
        help="The team serves the whole customer, contacts and branches included.",
    )
    role_id = fields.Many2one(
        "logistics.account.role", required=True, index=True, ondelete="restrict"
    )
    sequence = fields.Integer(related="role_id.sequence", store=True)
    employee_id = fields.Many2one(
        "hr.employee", required=True, index=True, ondelete="restrict", check_company=True
    )
    user_id = fields.Many2one(
        related="employee_id.user_id", string="User", store=True, index="btree_not_null"
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )

    _member_uniq = models.UniqueIndex(
        "(partner_id, role_id, employee_id, company_id)",
        "This employee serves the customer in this role already.",
    )

    @api.depends("role_id", "employee_id")
    def _compute_display_name(self):
        for member in self:
            member.display_name = self.env._(
                "%(employee)s (%(role)s)",
                employee=member.employee_id.display_name,
                role=member.role_id.name,
            )

    @api.model_create_multi
    def create(self, vals_list):
        """Put who is added to a contact or branch into the team of the whole customer."""
        partners = self.env["res.partner"].browse(
            {vals["partner_id"] for vals in vals_list if vals.get("partner_id")}
        )
        customers = {partner.id: partner.commercial_partner_id.id for partner in partners}
        return super().create(
            [
                {**vals, "partner_id": customers.get(vals.get("partner_id"))}
                if vals.get("partner_id")
                else vals
                for vals in vals_list
            ]
        )

    def _move_to(self, customer):
        """Put the members into the team of another customer, each once."""
        team = self.search([("partner_id", "=", customer.id)])
        known = {member._get_key() for member in team}
        double = self.browse()
        for member in self - team:
            key = member._get_key()
            double += member if key in known else member.browse()
            known.add(key)
        double.unlink()
        (self - team - double).partner_id = customer

    def _get_key(self):
        self.ensure_one()
        return self.role_id, self.employee_id, self.company_id

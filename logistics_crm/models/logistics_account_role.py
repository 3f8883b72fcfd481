from odoo import fields, models


class LogisticsAccountRole(models.Model):
    """What someone of ours does for a customer. Work is handed to roles, not to names."""

    _name = "logistics.account.role"
    _description = "Account Role"
    _order = "sequence, name, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, help="How other systems name the role.")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    employee_ids = fields.Many2many(
        "hr.employee",
        string="Employees",
        help="Who does this for customers whose account team has nobody in this role.",
    )
    member_ids = fields.One2many("logistics.account.member", "role_id", string="Account Teams")

    _code_uniq = models.UniqueIndex("(code)", "Another account role has this code already.")

    def _get_employees(self, partners, company):
        """Return who does this role for customers.

        Parameters
        ----------
        partners : res.partner
            Customers, or contacts and branches of theirs.
        company : res.company
            The company whose work it is.

        Returns
        -------
        dict[res.partner, hr.employee]
            The members of the customer's account team, else the role's own employees; only
            active ones of the company, none where nobody does it. A few queries for any number.
        """
        self.ensure_one()
        # sudo: work goes to whoever does the role, whether or not its giver sees the team
        role = self.sudo()
        groups = role.env["logistics.account.member"]._read_group(
            [
                ("role_id", "=", self.id),
                ("company_id", "=", company.id),
                ("partner_id", "in", partners.sudo().commercial_partner_id.ids),
                ("employee_id.active", "=", True),
            ],
            ["partner_id"],
            ["employee_id:recordset"],
        )
        members = {customer.id: employees.ids for customer, employees in groups}
        standing = role.employee_ids.filtered(
            lambda employee: employee.active and employee.company_id.id in (False, company.id)
        )
        employees = self.env["hr.employee"]
        return {
            partner: employees.browse(
                members.get(partner.sudo().commercial_partner_id.id, standing.ids)
            )
            for partner in partners
        }

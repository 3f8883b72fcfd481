from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import ValidationError


class MailActivityPlanTemplate(models.Model):
    _inherit = "mail.activity.plan.template"

    # people read the steps in their own language, whoever or whatever starts the plan
    summary = fields.Char(translate=True)
    responsible_type = fields.Selection(
        selection_add=[("account_role", "Role in the account team")],
        ondelete={"account_role": "cascade"},
    )
    account_role_id = fields.Many2one(
        "logistics.account.role",
        ondelete="restrict",
        index="btree_not_null",
        help="The step goes to who does this for the customer. Who is on leave, has left or has no "
        "user is passed over.",
    )

    @api.constrains("responsible_type", "account_role_id")
    def _check_account_role(self):
        for template in self:
            if template.responsible_type == "account_role" and not template.account_role_id:
                raise ValidationError(
                    self.env._(
                        "Choose the account role that does %(step)s.",
                        step=template.summary or template.activity_type_id.name,
                    )
                )

    def _determine_responsible(self, on_demand_responsible, applied_on_record):
        """Hand a plan started by hand to the account role, as playbooks do."""
        if self.responsible_type != "account_role":
            return super()._determine_responsible(on_demand_responsible, applied_on_record)
        company = self._get_company(applied_on_record)
        customer = self._get_customer(applied_on_record) or company.partner_id
        starter = on_demand_responsible or self.env.user
        owner = self.account_role_id._find_owners(customer, company, starter)[customer]
        warning = False
        if not owner["employee_id"]:
            warning = self.env._(
                "Nobody who can be reached does %(role)s for %(customer)s: the step stays with "
                "%(user)s.",
                role=self.account_role_id.name,
                customer=customer.display_name,
                user=starter.name,
            )
        user = self.env["res.users"].browse(owner["user_id"]) or starter
        return {"responsible": user, "error": False, "warning": warning}

    @api.model
    def _get_customer(self, record):
        if record._name == "res.partner":
            return record.commercial_partner_id
        has_partner = "partner_id" in record._fields
        return record.partner_id.commercial_partner_id if has_partner else self.env["res.partner"]

    @api.model
    def _get_company(self, record):
        return ("company_id" in record._fields and record.company_id) or self.env.company

    # ------------------------------------------------------------------ playbooks

    def _prepare_playbook_step(self, number):
        """Return the values of a playbook's step made after this template."""
        self.ensure_one()
        by_role = self.responsible_type == "account_role"
        return {
            "template_id": self.id,
            "number": number,
            "name": self.summary or self.activity_type_id.name,
            "role_id": self.account_role_id.id if by_role else False,
        }

    def _get_playbook_user(self):
        """Return the user whom a step goes to whatever the customer, empty if there is none."""
        return self.responsible_id if self.responsible_type == "other" else self.env["res.users"]

    def _get_playbook_note(self, step):
        """Return the note of a step's activity: why it is there, who was passed over, what to do.

        In the language of `step`'s environment.
        """
        lines = [step.start_id.reason, step.handover_note]
        parts = [Markup("<p>%s</p>") % line for line in lines if line]
        return Markup().join([*parts, self.note or Markup()])

import itertools

from odoo import api, models


class LogisticsCase(models.Model):
    """The responsible follows the case and hears that it is theirs."""

    _inherit = "logistics.case"

    @api.model_create_multi
    def create(self, vals_list):
        """Tell the responsible of new cases; routing tells those that it chooses by `write`."""
        cases = super().create(vals_list)
        given = [bool(vals.get("employee_id")) for vals in vals_list]
        self.union(*itertools.compress(cases, given))._tell_responsible()
        return cases

    def write(self, vals):
        """Tell who becomes responsible."""
        before = {case: case.employee_id for case in self} if "employee_id" in vals else {}
        result = super().write(vals)
        self.filtered(
            lambda case: case in before and case.employee_id != before[case]
        )._tell_responsible()
        return result

    def _tell_responsible(self):
        for user, cases in self.grouped("user_id").items():
            if user:
                # sudo: the responsible follows, whoever hands the case over
                partner = user.sudo().partner_id
                cases.sudo().message_subscribe(partner.ids)
                if user != self.env.user:
                    cases._message_auto_subscribe_notify(partner.ids, "mail.message_user_assigned")

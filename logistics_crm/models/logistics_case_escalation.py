from collections import defaultdict

from odoo import models


class LogisticsCase(models.Model):
    """Who answers for a case whose deadline was missed."""

    _inherit = "logistics.case"

    def _get_escalation_users(self, levels):
        """Return who answers for each case: by the policy's role, else the responsible's manager.

        From level 3 on their managers come first. Who may not see the case is passed over; where
        nobody is left it is the responsible's user.

        Parameters
        ----------
        levels : dict[logistics.case, int]

        Returns
        -------
        dict[logistics.case, res.users]
        """
        asked = {}
        for case, employees in self._get_escalation_employees().items():
            # sudo: employees and their managers decide who is told
            employees = employees.sudo()
            if levels[case] > 2:
                employees = employees.parent_id | employees
            asked[case] = (employees.user_id - case.sudo().user_id).filtered("active")
        seen = self._get_cases_seen(asked)
        chosen = {
            case: next((user for user in users if case.id in seen[user]), case.user_id)
            for case, users in asked.items()
        }
        return {case: user.sudo(self.env.su) for case, user in chosen.items()}

    def _get_cases_seen(self, asked):
        """Return by user the ids of those of the cases that they are asked for and may read."""
        cases = defaultdict(list)
        for case, users in asked.items():
            for user in users:
                cases[user].append(case.id)
        return {
            user: set(self.browse(ids).with_user(user)._filtered_access("read").ids)
            for user, ids in cases.items()
        }

    def _get_escalation_employees(self):
        """Return the employees by case, as a dict."""
        found, rest = {}, self.browse()
        for (role, company), cases in self.grouped(
            lambda case: (case.sla_policy_id.escalation_role_id, case.company_id)
        ).items():
            if not role:
                rest |= cases
                continue
            members = role._get_employees(cases.partner_id, company)
            standing = self._get_standing_employees(role, company)
            found |= {case: members.get(case.partner_id, standing) for case in cases}
        # sudo: see _get_escalation_users
        found |= {case: case.sudo().employee_id.parent_id for case in rest}
        unled = rest.filtered(lambda case: not found[case])
        teams = unled._get_teams()
        return found | {case: sum(teams[case], self.env["hr.employee"]) for case in unled}

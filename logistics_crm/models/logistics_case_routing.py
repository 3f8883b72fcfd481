from collections import Counter, defaultdict
from datetime import timedelta

from odoo import api, models

from ..tools.case_values import OPEN_STATES

FALLBACK_ROLE = "customer_service"
# somebody who does not work for so long is not handed new cases
LOOK_AHEAD = timedelta(days=7)


class LogisticsCase(models.Model):
    """Who answers a case: of those who do the category's role, who works and has least to do."""

    _inherit = "logistics.case"

    @api.model_create_multi
    def create(self, vals_list):
        """Hand new cases to whoever answers them."""
        cases = super().create(vals_list)
        cases.filtered(lambda case: not case.employee_id and case._is_open())._route()
        return cases

    def action_route(self):
        """Hand the cases to whoever answers their category."""
        self._route()
        return True

    def _route(self):
        """Hand cases to the employee who answers them; a case nobody can take stays free.

        The customer's account team comes first, then the role's own employees. Of these it is
        who has a user that may open the case, works today (else: soonest within a week), and has
        the fewest open cases. The number of queries does not grow with the number of cases.
        """
        teams = self._get_teams()
        everybody = self.env["hr.employee"].union(
            *(both for team in teams.values() for both in team)
        )
        days = everybody._get_days_until_work(LOOK_AHEAD)
        loads = self._get_loads(everybody)
        users = self._get_users_who_may_answer(everybody)
        chosen = defaultdict(self.browse)
        for case in self:
            ranked = case._rank(teams[case], days, loads, users)
            employee = ranked[:1]
            chosen[employee] += case
            loads[employee.id] += bool(employee)
        for employee, cases in chosen.items():
            cases.filtered(
                lambda case, who=employee: case.employee_id != who
            ).employee_id = employee

    def _rank(self, team, days, loads, users):
        """Return the employees who could answer the case, the best first."""
        self.ensure_one()
        members, standing = team

        def get_key(employee):
            return (
                self.company_id.id not in users.get(employee.id, ()),
                days[employee.id],
                employee not in members,
                loads[employee.id],
                employee.id,
            )

        able = (members | standing).filtered(lambda employee: employee.id in days)
        return able.sorted(get_key)

    def _get_teams(self):
        """Return per case who may answer it: (of the customer's team, of the role)."""
        roles = self.env["logistics.account.role"]
        # sudo: work goes to whoever does the role, whether or not its giver sees them
        fallback = roles.sudo().search([("code", "=", FALLBACK_ROLE)], limit=1).sudo(False)
        groups = defaultdict(self.browse)
        for case in self:
            category = case.category_id
            role = category and category._get_role() or fallback
            groups[role, case.company_id] += case
        teams = {}
        for (role, company), cases in groups.items():
            standing = self._get_standing_employees(role, company)
            members = role._get_employees(cases.partner_id, company) if role else {}
            for case in cases:
                teams[case] = (members.get(case.partner_id, standing), standing)
        return teams

    @api.model
    def _get_standing_employees(self, role, company):
        """Return who does a role for customers whose team has nobody in it."""
        # sudo: see _get_teams
        employees = role.sudo().employee_ids.filtered("active")
        return employees.filtered(
            lambda employee: employee.company_id.id in (False, company.id)
        ).sudo(self.env.su)

    @api.model
    def _get_loads(self, employees):
        """Return how many open cases each employee has, as a Counter over ids."""
        # sudo: cases that the user does not see are work, too
        groups = self.sudo()._read_group(
            [("employee_id", "in", employees.ids), ("state", "in", OPEN_STATES)],
            ["employee_id"],
            ["__count"],
        )
        return Counter({employee.id: count for employee, count in groups})

    @api.model
    def _get_users_who_may_answer(self, employees):
        """Return the ids of the companies in which each employee's user may open cases."""
        # sudo: groups of other users decide who is able to answer
        group = self.env.ref("logistics_crm.group_logistics_user").sudo()
        able = employees.sudo().user_id.filtered("active") & group.all_user_ids
        return {
            employee.id: employee.user_id.company_ids.ids
            for employee in employees.sudo()
            if employee.user_id in able
        }

    def _get_users_on_duty(self):
        """Return the user of each responsible, or of who stands in while they are away.

        Returns
        -------
        dict[logistics.case, res.users]
            A few queries for any number of cases.
        """
        teams = self._get_teams()
        everybody = self.employee_id.union(*(both for team in teams.values() for both in team))
        days = everybody._get_days_until_work(LOOK_AHEAD)
        loads = self._get_loads(everybody)
        users = self._get_users_who_may_answer(everybody)
        return {case: case._choose_on_duty(teams[case], days, loads, users) for case in self}

    def _choose_on_duty(self, team, days, loads, users):
        self.ensure_one()
        responsible = self.employee_id
        if responsible and not days.get(responsible.id, 1):
            return self.user_id
        # sudo: who is told is decided by employees that the user need not see
        stand_in = self._rank(team, days, loads, users)[:1].sudo()
        loads[stand_in.id] += bool(stand_in)  # who heard of one case is not first for the next
        return (days.get(stand_in.id) == 0 and stand_in.user_id or self.user_id).sudo(self.env.su)

from odoo import api, models


class LogisticsAccountRole(models.Model):
    """Handing work to a role: who can be reached today, who is passed over, who stands in."""

    _inherit = "logistics.account.role"

    def _find_owners(self, partners, company, stand_in=None, without=None):
        """Choose who gets work for each customer.

        The order: who does the role in the customer's account team, who does it for customers
        without a member, who stands in. Those who left, are on leave or have no user are passed
        over, and the result says so. If nobody is left, the work stays free.

        Parameters
        ----------
        partners : res.partner
            Customers.
        company : res.company
            The company whose work it is.
        stand_in : res.users, optional
            Who gets the work of a role that nobody can do; all work if there is no role.
        without : res.users, optional
            Who shall get nothing, as someone who is just leaving.

        Returns
        -------
        dict[res.partner, dict]
            ``employee_id``, ``user_id`` and ``passed_over``, a list of [code, name]. The number
            of queries does not depend on the number of customers.
        """
        # sudo: work goes to whoever does the role, seen by its giver or not
        role = self.sudo()
        nobody = self.env["res.users"]
        found = role._get_employees(partners, company) if role else {}
        standing = role.employee_ids.filtered(
            lambda employee: employee.active and employee.company_id in (company.browse(), company)
        )
        absent = self._get_absent(standing.concat(*found.values()))
        owners = {}
        for partner in partners:
            candidates = found.get(partner, standing).sudo() | standing
            owners[partner] = role._pick_owner(
                candidates, absent, stand_in or nobody, without or nobody
            )
        return owners

    def _pick_owner(self, candidates, absent, stand_in, without):
        passed = []
        for employee in candidates:
            obstacle = self._get_obstacle(employee, absent, without)
            if not obstacle:
                return {
                    "employee_id": employee.id,
                    "user_id": employee.user_id.id,
                    "passed_over": passed,
                }
            passed.append([obstacle, employee.name])
        user = stand_in.filtered(lambda one: one.active and one not in without)
        if not user:
            passed.append(["free", ""])
        elif self:
            passed.append(["nobody", user.name])
        return {"employee_id": False, "user_id": user.id, "passed_over": passed}

    @api.model
    def _get_obstacle(self, employee, absent, without):
        """Return why an employee cannot get work now, False if they can."""
        if not employee.active or employee.user_id in without:
            return "left"
        if not employee.user_id or not employee.user_id.active:
            return "no_user"
        return "absent" if employee in absent else False

    @api.model
    def _get_absent(self, employees):
        """Return who of the employees is on approved leave right now."""
        return employees.filtered("is_absent") if employees else employees

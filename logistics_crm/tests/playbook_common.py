from datetime import timedelta

from odoo import Command, fields

from .common import LogisticsUsersMixin
from .order_fact_common import OrderFactMixin


class PlaybookMixin(LogisticsUsersMixin, OrderFactMixin):
    """A customer, late orders, a plan over three departments, and one employee in each."""

    @classmethod
    def _set_up_playbooks(cls):
        cls._create_users()
        cls.pallet = cls._create_goods("Pallet")
        cls.customer = cls._create_customer("Acme Shipping", user_id=cls.user.id)
        cls.env["logistics.account.role"].search([("id", ">", 0)]).employee_ids = [Command.clear()]
        cls.service = cls._staff("customer_service", "Clara")
        cls.warehouse = cls._staff("warehouse", "Wim")
        cls.finance = cls._staff("finance", "Fiona")
        cls.playbook = cls.env.ref("logistics_crm.playbook_order_late").copy(
            {"name": "Late", "user_id": cls.manager.id, "state": "on"}
        )

    @classmethod
    def _role(cls, code):
        return cls.env.ref(f"logistics_crm.account_role_{code}")

    @classmethod
    def _staff(cls, code, name, user=True):
        """Return an employee who does a role for customers without a member."""
        login = name.lower()
        if user is True:
            user = cls._create_user(f"staff_{login}", "logistics_crm.group_logistics_user")
        employee = cls.env["hr.employee"].create(
            {"name": name, "user_id": user.id if user else False, "company_id": cls.env.company.id}
        )
        cls._role(code).employee_ids += employee
        return employee

    @classmethod
    def _send_on_leave(cls, employee):
        leave_type = cls.env["hr.leave.type"].create(
            {
                "name": "Holiday",
                "requires_allocation": False,
                "leave_validation_type": "no_validation",
            }
        )
        today = fields.Date.today()
        leave = cls.env["hr.leave"].create(
            {
                "name": "Sea",
                "holiday_status_id": leave_type.id,
                "employee_id": employee.id,
                "request_date_from": today - timedelta(days=2),
                "request_date_to": today + timedelta(days=2),
            }
        )
        leave.sudo().write({"state": "validate"})
        employee.invalidate_recordset(["is_absent"])
        return leave

    @classmethod
    def _late_order(cls, **values):
        agreed = fields.Datetime.now() - timedelta(days=3)
        return cls._confirmed(
            **{"partner_id": cls.customer.id, "commitment_date": agreed, **values}
        )

    @classmethod
    def _hits(cls, playbook=None, company=None):
        return (playbook or cls.playbook)._find_hits(company or cls.env.company)

    @classmethod
    def _start(cls, playbook=None):
        """Start a playbook for all it hits, as the nightly scan does; return its log."""
        playbook = playbook or cls.playbook
        playbook._start_hits(cls._hits(playbook), cls.env.company)
        return playbook.env["logistics.playbook.start"].search([("playbook_id", "=", playbook.id)])

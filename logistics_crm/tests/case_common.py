from datetime import datetime

from freezegun import freeze_time

from odoo.fields import Command
from odoo.tests import TransactionCase

from .common import LogisticsUsersMixin

# a Monday, nine o'clock in Brussels (UTC + 2 hours)
MONDAY = datetime(2026, 6, 1, 7)


class CaseCase(LogisticsUsersMixin, TransactionCase):
    """A company that works Monday to Friday, 9 to 17 in Brussels, with one policy of its own."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_users()
        cls.policies = cls.env["logistics.sla.policy"]
        cls.policies.search([]).active = False
        cls.cases = cls.env["logistics.case"]
        cls.calendar = cls._create_calendar("Office", "Europe/Brussels")
        cls.policy = cls.policies.create(
            {
                "name": "Usual",
                "calendar_id": cls.calendar.id,
                "first_response_hours": 4,
                "resolution_hours": 16,
                "warning_share": 0.75,
                "escalation_hours": 8,
            }
        )
        cls.role = cls.env["logistics.account.role"].create({"name": "Desk", "code": "test_desk"})
        cls.category = cls.env["logistics.case.category"].create(
            {"name": "Parcels", "role_id": cls.role.id}
        )
        cls.customer = cls._create_customer(
            "Harbour", user_id=cls.user.id, email="in@harbour.example"
        )

    @classmethod
    def _create_calendar(cls, name, tz, hours=((9, 17),), days="01234"):
        return cls.env["resource.calendar"].create(
            {
                "name": name,
                "tz": tz,
                "company_id": False,
                "attendance_ids": [
                    Command.clear(),
                    *(
                        Command.create(
                            {
                                "name": f"{day} {start}",
                                "dayofweek": day,
                                "hour_from": start,
                                "hour_to": stop,
                                "day_period": "morning",
                            }
                        )
                        for day in days
                        for start, stop in hours
                    ),
                ],
            }
        )

    @classmethod
    def _create_employee(cls, name, user=None, **values):
        return cls.env["hr.employee"].create(
            {
                "name": name,
                "user_id": user and user.id,
                "tz": "Europe/Brussels",
                "resource_calendar_id": cls.calendar.id,
                **values,
            }
        )

    @classmethod
    def _open(cls, when=MONDAY, **values):
        """Open a case at a moment (naive UTC)."""
        with freeze_time(when):
            return cls.cases.create(
                {"name": "Where is it?", "partner_id": cls.customer.id, **values}
            )

    @classmethod
    def _move(cls, case, state, when):
        with freeze_time(when):
            case._move_to(state)

    @classmethod
    def _add_holiday(cls, start, stop, **values):
        return cls.env["resource.calendar.leaves"].create(
            {
                "name": "Holiday",
                "date_from": start,
                "date_to": stop,
                "company_id": cls.env.company.id,
                **values,
            }
        )

    def _watch(self, when):
        """Run the job as the scheduler does, at a moment (naive UTC)."""
        with freeze_time(when), self.enter_registry_test_mode():
            self.env.ref("logistics_crm.ir_cron_case_sla").method_direct_trigger()
        self.env.invalidate_all()

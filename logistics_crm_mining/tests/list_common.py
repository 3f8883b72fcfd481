from datetime import timedelta

from odoo.tools import SQL

from .common import MiningCase

USER = "logistics_crm.group_logistics_user"
OFFICER = "logistics_crm.group_logistics_officer"


class ListCase(MiningCase):
    """Customers with scores, and users who make campaign lists of them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user = cls._create_user("list_user", USER)
        cls.officer = cls._create_user("list_officer", OFFICER)
        cls.customers = cls._create_customers(150)
        cls.own = cls.customers[:10]
        cls.own.user_id = cls.user
        cls.lists = cls.env["logistics.mining.list"].with_user(cls.officer)
        cls.members = cls.env["logistics.mining.list.member"]

    @classmethod
    def _publish_scores(cls, values, code="churn", details=None, company=None):
        """Publish a run of a task with a value by customer; high from .7, medium from .4."""
        company = company or cls.company
        task = cls.env.ref(f"logistics_crm_mining.task_{code}")
        run = cls.env["logistics.mining.run"].create(
            {
                "task_id": task.id,
                "company_id": company.id,
                "state": "done",
                "cutoff": cls.today,
                "score_count": len(values),
            }
        )
        cls.env["logistics.mining.score"].create(
            [
                {
                    "run_id": run.id,
                    "task_id": task.id,
                    "company_id": company.id,
                    "date": cls.today,
                    "res_model": "res.partner",
                    "res_id": partner.id,
                    "partner_id": partner.id,
                    "value": value,
                    "band": "high" if value >= 0.7 else "medium" if value >= 0.4 else "low",
                    "details": (details or {}).get(partner, {}),
                    "reasons": [],
                }
                for partner, value in values.items()
            ]
        )
        run.with_company(company)._publish()
        return run

    @classmethod
    def _make_list(cls, customers=None, user=None, **values):
        """Return a draft list of some customers, chosen by an officer."""
        chosen = cls.customers if customers is None else customers
        record = (
            cls.env["logistics.mining.list"]
            .with_user(user or cls.officer)
            .create(
                {
                    "name": "Call them",
                    "customer_domain": repr([("id", "in", chosen.ids)]),
                    "treatment": "export",
                    **values,
                }
            )
        )
        record.action_choose()
        return record

    @classmethod
    def _age(cls, record, days):
        """Let a list have started so many days ago."""
        start = cls.today - timedelta(days=days)
        record.sudo().write(
            {"date_start": start, "date_end": start + timedelta(days=record.outcome_days)}
        )

    @classmethod
    def _start_ago(cls, record, days=100):
        record.action_start()
        cls._age(record, days)

    @staticmethod
    def _get(record, arm):
        return record.member_ids.filtered(lambda member: member.arm == arm)

    def _order(self, partners, days_ago, company=None, amount=100.0):
        day = self.today - timedelta(days=days_ago)
        rows = [(partner.id, day, 1.0, amount) for partner in partners]
        if rows:
            self._insert_history(rows, company or self.company)

    def _count_members(self, record):
        query = SQL(
            "SELECT count(*) FROM logistics_mining_list_member WHERE list_id = %s", record.id
        )
        return self.env.execute_query(query)[0][0]

    def _count_queries(self, action):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        action()
        self.env.flush_all()
        return self.cr.sql_log_count - before

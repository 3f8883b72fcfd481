from datetime import date, datetime, time, timedelta

import numpy as np

from odoo.tools import SQL

from .common import MiningCase

DAYS = 700


class LeadCase(MiningCase):
    """Two companies with closed and open leads of which some things tell how they end."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.task = cls.env.ref("logistics_crm_mining.task_lead")
        cls.fair, cls.web = cls.env["utm.source"].create([{"name": "Fair"}, {"name": "Web form"}])
        cls.team = cls.env["crm.team"].create({"name": "Freight", "company_id": False})
        stages = cls.env["crm.stage"].search([("team_ids", "=", False)], order="sequence")
        cls.won_stage = stages.filtered("is_won")[:1]
        cls.first_stage = stages.filtered(lambda stage: not stage.is_won)[:1]
        # noon of this week's Monday: weekdays and hours at which leads came are the same every day
        monday = date.today() - timedelta(days=date.today().weekday())
        cls.now = datetime.combine(monday, time(12))

    @classmethod
    def _prepare_lead(cls, rng, company, number):
        """Return values of a lead, its outcome, and days ago: recommended ones are often won.

        Odoo's own scoring looks at the source, which tells little, and not at who recommended us.
        """
        recommended, big = rng.random() < 0.4, rng.random() < 0.5
        fair = rng.random() < 0.5
        log_odds = -1.3 + 2.2 * recommended + 0.9 * big + 0.5 * fair
        won = rng.random() < 1 / (1 + np.exp(-log_odds))
        values = {
            "name": f"Lead {number}",
            "type": "opportunity",
            "company_id": company and company.id,
            "user_id": False,
            "team_id": cls.team.id,
            "stage_id": cls.first_stage.id,
            "source_id": (cls.fair if fair else cls.web).id,
            "referred": "A customer" if recommended else False,
            "expected_revenue": 20000 if big else 0,
        }
        return values, won, float(rng.uniform(5, DAYS))

    @classmethod
    def _make_leads(cls, count=500, seed=3, company=None, open_count=20):
        """Create closed leads of two years and open ones; return both."""
        rng = np.random.default_rng(seed)
        company = cls.company if company is None else company
        rows = [cls._prepare_lead(rng, company, number) for number in range(count + open_count)]
        closed = []
        for values, won, _days in rows[:count]:
            end = {"stage_id": cls.won_stage.id, "probability": 100}
            lost = {"active": False, "probability": 0}
            closed.append({**values, **(end if won else lost)})
        leads = cls.env["crm.lead"].with_context(tracking_disable=True)
        closed_leads = leads.create(closed)
        open_leads = leads.create([values for values, _won, _days in rows[count:]])
        closed_leads._recompute_recordset(["won_status"])
        cls.env.flush_all()
        came = [cls.now - timedelta(days=days) for _values, _won, days in rows[:count]]
        cls._date(closed_leads, came, [day + timedelta(days=3) for day in came])
        return closed_leads, open_leads

    @classmethod
    def _date(cls, leads, came, ended):
        cls.env.cr.execute(
            SQL(
                """UPDATE crm_lead SET create_date = given.came, date_closed = given.ended
                FROM unnest(%s::int[], %s::timestamp[], %s::timestamp[]) AS given(id, came, ended)
                WHERE crm_lead.id = given.id""",
                leads.ids,
                came,
                ended,
            )
        )
        leads.invalidate_recordset()

    def _published(self, company=None):
        run = self._score_directly(self.task, company)
        self.assertTrue(run.published, run.reason)
        return run

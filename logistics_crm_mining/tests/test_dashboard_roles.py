from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .dashboard_common import DashboardCase


@tagged("post_install", "-at_install")
class TestDashboardRoles(DashboardCase):
    """The pages for account managers and for customer service: as a plain user."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customers[:5].user_id = cls.user
        cls.mine = cls.scored[:5]
        cls.mine.segment_id = cls.champion

    def _days(self, number):
        return self.today + timedelta(days=number)

    # ------------------------------------------------------------ account manager

    def test_whom_to_call_is_with_whom_most_may_be_lost(self):
        gone = {"churn_risk": "high", "churn_probability": 0.8, "clv_12m": 1.0}
        self.mine[0].write({**gone, "value_at_risk": 160.0})
        late = {"expected_order_date": self._days(-3), "clv_12m": 900.0}
        self.mine[1].write({**late, "churn_risk": "medium", "value_at_risk": 40.0})
        self.mine[2].write({**late, "churn_risk": "low", "value_at_risk": 90.0})
        self.scored[7].write({"churn_risk": "high", "value_at_risk": 999.0})
        card = self._card("calls", self.user, role="account")
        found = [row["cells"] for row in card["rows"]]
        self.assertEqual([cells[0] for cells in found], [self.mine[0].name, self.mine[1].name])
        self.assertIn("Likely to leave (80%)", found[0][1])
        self.assertIn("overdue by 3 days", found[1][1])
        self.assertIn("160", found[0][2])
        self.assertEqual(card["rows"][0]["target"]["res_id"], self.mine[0].id)
        self.assertEqual(self._count_behind(card["target"], self.user), 2)
        figures = self._figures(self.user, role="account")
        self.assertEqual(figures["Likely to leave"]["value"], 1)
        self.assertEqual(figures["Orders overdue"]["value"], 2)

    def test_who_is_held_out_of_a_campaign_is_neither_named_nor_counted(self):
        self.mine[0].write({"churn_risk": "high", "clv_12m": 10.0})
        self.mine[1].write({"churn_risk": "high", "clv_12m": 50.0})
        field = self.env.registry["res.partner"]._fields["is_held_out"]
        self.assertTrue(field.search)
        target = self._card("calls", self.user, role="account")["target"]
        self.assertIn(["is_held_out", "=", False], [list(one) for one in target["domain"]])

    def test_a_customer_is_counted_in_the_week_of_the_next_order(self):
        for number, days in enumerate((-1, 0, 6, 7, 40)):
            self.mine[number].expected_order_date = self._days(days)
        points = list(self._points("next_orders", self.user, role="account").values())
        self.assertEqual(points, [1, 2, 1, 0, 0])
        self.assert_counts_lead_to_their_records("next_orders", self.user, role="account")

    def test_sales_by_month_are_those_of_own_customers(self):
        points = self._points("sales", self.user, role="account")
        self.assertAlmostEqual(sum(points.values()), 950.0)
        [target] = self._card("sales", self.user, role="account")["chart"]["targets"]
        self.assertEqual(self._count_behind(target, self.user), 5)

    def _make_leads(self, *users):
        values = [{"user_id": user.id, "company_id": self.company.id} for user in users]
        return self.env["crm.lead"].create([{**row, "name": "Lead"} for row in values])

    def test_own_open_leads_are_counted_by_chance(self):
        leads = self._make_leads(self.user, self.user, self.user, self.officer)
        leads[0].sudo().write({"win_probability": 0.9, "win_band": "high"})
        leads[1].action_set_lost()
        points = self._points("leads", self.user, role="account")
        expected = {"High": 1, "Medium": 0, "Low": 0, "No chance known": 1}
        self.assertEqual(points, expected)
        self.assert_counts_lead_to_their_records("leads", self.user, role="account")
        answer = self._card("leads", self.user, role="account")["answer"]
        self.assertIn("best chances first", answer)

    def test_where_no_lead_has_a_chance_it_is_said_how_they_get_one(self):
        card = self._card("leads", self.user, role="account")
        self.assertIn("no open leads", card["empty"])
        self._make_leads(self.user, self.user)
        card = self._card("leads", self.user, role="account")
        self.assertFalse(card["answer"])
        self.assertIn("None of your open leads has a chance yet: ask a Mining", card["empty"])
        groups = "logistics_crm_mining.group_mining_manager,sales_team.group_sale_salesman"
        miner = self._create_user("lead-miner", groups)
        self._make_leads(miner)
        card = self._card("leads", miner, role="account")
        self.assertIn("has a chance yet: run the task", card["empty"])
        self.assertTrue(card["place"])

    def test_who_has_no_customers_is_told_how_to_get_some(self):
        self.customers.user_id = False
        card = self._card("calls", self.user, role="account")
        self.assertIn("account team", card["empty"])

    # ------------------------------------------------------------ service

    def _case(self, number=0, **values):
        values = {
            "name": "Late again",
            "partner_id": self.customers[number].id,
            "company_id": self.company.id,
            "kind": "complaint",
            **values,
        }
        return self.env["logistics.case"].create(values)

    def test_open_cases_are_counted_by_age_and_deadline(self):
        ages = (0, 2, 2, 5, 20, 60)
        cases = [self._case() for _age in ages]
        for case, age in zip(cases, ages, strict=True):
            case.date_received = fields.Datetime.now() - timedelta(days=age, hours=1)
        points = list(self._points("case_ages", self.user, role="service").values())
        self.assertEqual(points, [1, 2, 1, 1, 1])
        for key in ("case_ages", "case_deadlines", "case_categories"):
            self.assert_counts_lead_to_their_records(key, self.user, role="service")
        deadlines = self._points("case_deadlines", self.user, role="service")
        figures = self._figures(self.user, role="service")
        self.assertEqual(sum(deadlines.values()), len(ages))
        self.assertEqual(figures["Overdue cases"]["value"], deadlines["Overdue"])
        self.assertEqual(figures["Open cases"]["value"], len(ages))

    def test_deadlines_kept_are_a_share_of_the_month_with_its_cases(self):
        stage = self.env["logistics.case.stage"].search([("state", "=", "solved")], limit=1)
        cases = self._case() + self._case() + self._case() + self._case()
        cases[0].resolution_deadline = fields.Datetime.now() - timedelta(days=1)
        cases[1:].resolution_deadline = fields.Datetime.now() + timedelta(days=1)
        cases.stage_id = stage
        self.assertEqual(cases.mapped("is_resolution_late"), [True, False, False, False])
        chart = self._card("case_sla", self.user, role="service")["chart"]
        self.assertEqual(chart["series"][0]["data"], [0.75])
        self.assertEqual(self._count_behind(chart["targets"][0], self.user), 4)

    def test_cases_that_are_all_late_are_a_share_of_0(self):
        case = self._case()
        case.first_response_deadline = fields.Datetime.now() - timedelta(days=1)
        case.first_response_date = fields.Datetime.now()
        case.is_response_late = True
        card = self._card("case_response", self.user, role="service")
        self.assertEqual(card["chart"]["series"][0]["data"], [0.0])
        self.assertIn("0% of 1 cases", card["answer"])
        self.assertEqual(self._count_behind(card["chart"]["targets"][0], self.user), 1)

    def test_satisfaction_is_the_mean_of_the_answers_of_a_month(self):
        self._case()
        for csat in (2.0, 5.0):
            self._case(csat=csat, satisfaction_date=fields.Datetime.now())
        chart = self._card("case_satisfaction", self.user, role="service")["chart"]
        self.assertEqual(chart["series"][0]["data"], [3.5])
        self.assertEqual(self._count_behind(chart["targets"][0], self.user), 2)

    def test_complaints_are_counted_by_segment_beside_its_customers(self):
        self._case()
        self._case(kind="inquiry")
        chart = self._card("case_segments", self.user, role="service")["chart"]
        self.assertEqual(chart["series"][0]["data"], [1])
        self.assertIn("20", chart["hints"][0])  # of 5 customers
        self.assertEqual(self._count_behind(chart["targets"][0], self.user), 1)

    def test_who_may_leave_over_an_open_case_is_named(self):
        self._case(1)
        self.mine[1].write({"churn_risk": "high", "clv_12m": 70.0})
        card = self._card("case_risks", self.user, role="service")
        self.assertEqual([row["cells"][:2] for row in card["rows"]], [[self.mine[1].name, "1"]])
        self.assertEqual(self._count_behind(card["target"], self.user), 1)

    def test_cases_of_another_company_do_not_count(self):
        self.user.company_ids |= self.other_company
        self._case(company_id=self.other_company.id)
        self.assertEqual(self._figures(self.user, role="service")["Open cases"]["value"], 0)

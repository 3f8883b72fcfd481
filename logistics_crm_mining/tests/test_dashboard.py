from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import MiningCase


@tagged("post_install", "-at_install")
class TestDashboard(MiningCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.officer = cls._create_user("dash-officer", "logistics_crm.group_logistics_officer")
        cls.user = cls._create_user("dash-user", "logistics_crm.group_logistics_user")
        cls.customers = cls._create_customers(10)
        recent = cls.today - timedelta(days=30)
        # One customer makes 910 of 1,000, nine make 10 each.
        rows = [(cls.customers[0].id, recent, 1.0, 910.0)]
        rows += [(customer.id, recent, 1.0, 10.0) for customer in cls.customers[1:]]
        rows += [(cls.customers[1].id, cls.today - timedelta(days=500), 1.0, 250.0)]
        cls._insert_history(rows, cls.company)
        cls._insert_history([(cls.customers[2].id, recent, 1.0, 5000.0)], cls.other_company)

    def _get_data(self, user, **kwargs):
        dashboard = self.env["logistics.dashboard"].with_user(user).with_company(self.company)
        return dashboard.get_data(**kwargs)

    def test_figures_are_of_one_company_and_compare_with_the_period_before(self):
        figures = self._get_data(self.officer)["figures"]
        self.assertAlmostEqual(figures["revenue"]["value"], 1000.0)
        self.assertAlmostEqual(figures["revenue"]["previous"], 250.0)
        self.assertEqual(figures["customers"], {"value": 10, "previous": 1})

    def test_curve_says_what_the_largest_fifth_makes(self):
        concentration = self._get_data(self.officer)["concentration"]
        self.assertEqual(concentration["customers"], 10)
        self.assertEqual(concentration["points"][0], [0.0, 0.0])
        self.assertEqual(concentration["points"][-1], [1.0, 1.0])
        self.assertAlmostEqual(concentration["top_revenue"], 0.92)

    def test_user_sees_the_figures_of_own_customers_only(self):
        self.customers[3].user_id = self.user
        data = self._get_data(self.user)
        self.assertAlmostEqual(data["figures"]["revenue"]["value"], 10.0)
        self.assertEqual(data["concentration"]["customers"], 1)

    def test_segments_add_up_customers_and_revenue(self):
        champion = self.env.ref("logistics_crm_mining.segment_champion")
        risk = self.env.ref("logistics_crm_mining.segment_key_at_risk")
        self.customers[0].with_company(self.company).segment_id = champion
        self.customers[1:3].with_company(self.company).write({"segment_id": risk.id})
        data = self._get_data(self.officer)
        self.assertEqual(
            [(row["id"], row["customers"], row["revenue"]) for row in data["segments"]],
            [(champion.id, 1, 910.0), (risk.id, 2, 20.0)],
        )
        self.assertEqual(
            {row["id"] for row in data["attention"]},
            set(self.customers[1:3].ids),
        )

    def test_company_without_sales_gets_an_empty_page(self):
        empty = self.env["res.company"].create({"name": "Nothing yet"})
        self.officer.write({"company_ids": [(4, empty.id)]})
        dashboard = self.env["logistics.dashboard"].with_user(self.officer).with_company(empty)
        data = dashboard.get_data(months=6)
        self.assertEqual(data["concentration"]["points"], [])
        self.assertEqual(data["segments"], [])
        self.assertEqual(data["figures"]["revenue"]["value"], 0.0)

    def test_unknown_period_is_refused_by_name(self):
        with self.assertRaisesRegex(UserError, "months"):
            self._get_data(self.officer, months=7)

    def test_employee_without_a_role_sees_nothing(self):
        stranger = self._create_user("dash-stranger", "base.group_user")
        with self.assertRaises(AccessError):
            self._get_data(stranger)

    def _count_queries(self):
        self._get_data(self.officer)
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        self._get_data(self.officer)
        return self.env.cr.sql_log_count - before

    def test_queries_do_not_grow_with_customers(self):
        few = self._count_queries()
        more = self._create_customers(100)
        recent = self.today - timedelta(days=20)
        self._insert_history([(customer.id, recent, 1.0, 5.0) for customer in more], self.company)
        self.assertLessEqual(self._count_queries(), few)
        self.assertLessEqual(few, 13)

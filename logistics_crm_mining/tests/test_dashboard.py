import base64
import io
import zipfile
from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .dashboard_common import DashboardCase


@tagged("post_install", "-at_install")
class TestDashboard(DashboardCase):
    """The page for management, and what all pages have in common."""

    def test_figures_are_of_one_company_and_compare_with_the_period_before(self):
        figures = self._figures()
        revenue = figures["Revenue"]
        self.assertAlmostEqual(revenue["value"], 1000.0)
        self.assertEqual(revenue["change"], "+300%")
        self.assertEqual(self._count_behind(revenue["target"]), 10)
        self.assertEqual(figures["Customers who ordered"]["value"], 10)
        self.assertEqual(figures["Expected in the next 12 months"]["text"], "–")

    def test_figures_claim_no_change_where_there_was_nothing_before(self):
        figures = self._figures(months=6)
        self.assertEqual(figures["Revenue"]["value"], 1000.0)
        for label in ("Revenue", "Customers who ordered"):
            self.assertEqual(figures[label]["change"], "")

    def test_a_change_of_less_than_half_a_percent_is_neither_up_nor_down(self):
        dashboard = self.env["logistics.dashboard"]
        pairs = (999, 1000), (1001, 1000), (1000, 1000), (980, 1000), (1020, 1000)
        told = [dashboard._change(*pair) for pair in pairs]
        self.assertEqual(told, ["0%", "0%", "0%", "-2%", "+2%"])
        self.assertEqual(self.env["logistics.mining.list"]._percent(-0.0004), "0.0")

    def test_curve_says_what_the_largest_fifth_makes(self):
        points = self._points("concentration")
        self.assertAlmostEqual(points["10%"], 0.91)
        self.assertAlmostEqual(points["20%"], 0.92)
        self.assertAlmostEqual(points["100%"], 1.0)
        self.assertIn("10 customers makes 92%", self._card("concentration")["answer"])

    def test_segments_count_customers_and_value_and_lead_to_them(self):
        self.scored[0].write({"segment_id": self.champion.id, "clv_12m": 500.0})
        self.scored[1:3].write({"segment_id": self.risk.id, "clv_12m": 100.0})
        names = self.champion.name, self.risk.name
        self.assertEqual(self._points("segments"), dict(zip(names, (1, 2), strict=True)))
        self.assert_counts_lead_to_their_records("segments")
        self.assertIn("2 of 3 customers", self._card("segments")["answer"])
        values = self._points("segment_values")
        self.assertEqual(values, dict(zip(names, (500.0, 200.0), strict=True)))
        self.assertIn("910", self._card("segment_values")["chart"]["hints"][0])

    def test_value_at_risk_is_that_of_customers_who_are_likely_to_leave(self):
        """What a customer who has gone bought counts, not what little is expected of them."""
        gone = {"churn_risk": "high", "clv_12m": 1.0}
        stays = {"churn_risk": "low", "clv_12m": 900.0}
        self.scored[0].write({**gone, "active_year_revenue": 300.0, "value_at_risk": 240.0})
        self.scored[1].write({**stays, "active_year_revenue": 900.0, "value_at_risk": 90.0})
        points = self._points("risk")
        for label, amount in {"High": 240.0, "Medium": 0.0, "Low": 90.0}.items():
            self.assertAlmostEqual(points[label], amount)
        answer = self._card("risk")["answer"].replace("\xa0", " ")
        self.assertIn("$ 330 of the $ 1,200 that 2 customers", answer)
        counts = [self._count_behind(target) for target in self._card("risk")["chart"]["targets"]]
        self.assertEqual(counts, [1, 0, 1])

    def test_value_at_risk_is_told_by_account_manager_and_leads_to_their_customers(self):
        seller = self._create_user("dash-seller", "logistics_crm.group_logistics_user")
        risky = {"churn_risk": "high", "active_year_revenue": 100.0, "value_at_risk": 50.0}
        self.customers[:3].user_id = seller
        self.customers[3].user_id = self.user
        self.customers[4].user_id = False
        self.scored[:5].write(risky)
        points = self._points("risk_managers")
        names = seller.name, self.user.name, "No account manager"
        self.assertEqual(points, dict(zip(names, (150.0, 50.0, 50.0), strict=True)))
        card = self._card("risk_managers")
        self.assertIn(seller.name, card["answer"])
        counts = [self._count_behind(target) for target in card["chart"]["targets"]]
        self.assertEqual(counts, [3, 1, 1])

    def test_account_managers_with_little_at_risk_are_told_together(self):
        for number in range(10):
            user = self._create_user(f"dash-seller-{number}", "logistics_crm.group_logistics_user")
            self.customers[number].user_id = user
        more = self._create_customers(2).with_company(self.company)
        more[0].user_id = self.user
        self.scored.write({"churn_risk": "high", "value_at_risk": 50.0})
        more.write({"churn_risk": "high", "value_at_risk": 5.0})
        points = self._points("risk_managers")
        self.assertEqual(len(points), 11)
        self.assertAlmostEqual(points["Others (2)"], 10.0)
        target = self._card("risk_managers")["chart"]["targets"][-1]
        self.assertEqual(self._count_behind(target), 2)

    def test_moves_and_classes_lead_to_their_customers(self):
        moved = {"segment_id": self.champion.id, "segment_since": self.today}
        self.scored[:3].write({**moved, "segment_move": "up"})
        self.scored[3:5].write({**moved, "segment_move": "down"})
        old = self.today - timedelta(days=700)
        self.scored[5].write({**moved, "segment_move": "down", "segment_since": old})
        self.scored[0].key_account_class = "a"
        self.assertEqual(self._points("moves"), {"Moved up": 3, "Moved down": 2})
        self.assert_counts_lead_to_their_records("moves")
        self.assert_counts_lead_to_their_records("classes")

    def _deliver(self, number, late):
        """Deliver the line of a customer that was promised ten days ago."""
        line = self.env["logistics.sales.history"].search(
            [("partner_id", "=", self.customers[number].id), ("company_id", "=", self.company.id)],
            order="date DESC",
            limit=1,
        )
        promised = self.today - timedelta(days=10)
        delivered = promised + timedelta(days=2 * late)
        line.sudo().write({"promised_date": promised, "delivered_date": delivered})
        self.env.flush_all()

    def test_punctuality_counts_the_lines_behind_each_month_and_0_says_so(self):
        self._deliver(0, late=True)
        self.assertEqual(list(self._points("delivery").values()), [0.0])
        self.assertIn("0% of the lines", self._card("delivery")["answer"])
        self._deliver(1, late=False)
        self.assertEqual(list(self._points("delivery").values()), [0.5])
        chart = self._card("delivery")["chart"]
        self.assertEqual(len(chart["series"]), 1)  # what came in full is known of no line
        self.assertEqual(self._count_behind(chart["targets"][0]), 2)
        self.assertEqual(self._figures()["Delivered on time"]["value"], 0.5)

    def test_changes_of_the_period_lead_to_them(self):
        values = {"company_id": self.company.id, "found": self.today, "is_current": True}
        self.env["logistics.mining.change"].create(
            [
                {**values, "partner_id": customer.id, "kind": "churn_high"}
                for customer in self.customers[:3]
            ]
        )
        self.assertEqual(list(self._points("changes").values()), [3, 0, 0])
        self.assert_counts_lead_to_their_records("changes")

    def test_a_segment_filters_figures_cards_and_lists(self):
        self.scored[1:3].segment_id = self.risk
        data = self._get_data(segment_id=self.risk.id)
        self.assertAlmostEqual(data["figures"][0]["value"], 20.0)
        self.assertEqual(self._points("segments", segment_id=self.risk.id), {self.risk.name: 2})
        self.assert_counts_lead_to_their_records("segments", segment_id=self.risk.id)

    def test_user_sees_the_figures_of_own_customers_only(self):
        self.customers[3].user_id = self.user
        data = self._get_data(self.user)
        self.assertEqual([role["key"] for role in data["roles"]], ["account", "service"])
        self.assertAlmostEqual(data["figures"][0]["value"], 10.0)
        with self.assertRaisesRegex(UserError, "role"):
            self._get_data(self.user, role="management")

    def test_company_without_sales_is_told_what_to_do(self):
        empty = self.env["res.company"].create({"name": "Nothing yet"})
        self.officer.write({"company_ids": [(4, empty.id)]})
        for role in ("management", "account", "service"):
            data = self._dashboard().with_company(empty).get_data(role, 6)
            for card in data["cards"]:
                self.assertFalse(card["chart"] or card["rows"], card["key"])
                self.assertTrue(card["empty"], card["key"])
                self.assertNotIn("Nobody moved", card["empty"])

    def test_what_is_not_offered_is_refused_by_name(self):
        for name, value in (("months", 7), ("role", "boss"), ("segment_id", 0.5)):
            with self.subTest(name=name), self.assertRaisesRegex(UserError, name):
                self._get_data(**{name: value})

    def test_employee_without_a_role_sees_nothing(self):
        stranger = self._create_user("dash-stranger", "base.group_user")
        with self.assertRaisesRegex(AccessError, "Logistics Users"):
            self._get_data(stranger)
        with self.assertRaises(AccessError):
            self._dashboard(stranger).get_xlsx()

    def _count_queries(self, role):
        self._get_data(role=role)
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        self._get_data(role=role)
        return self.env.cr.sql_log_count - before

    def test_queries_do_not_grow_with_customers(self):
        budgets = {"management": 30, "account": 35, "service": 30}
        few = {role: self._count_queries(role) for role in budgets}
        more = self._create_customers(100, user_id=self.officer.id)
        recent = self.today - timedelta(days=20)
        self._insert_history([(customer.id, recent, 1.0, 5.0) for customer in more], self.company)
        overdue = {"segment_id": self.risk.id, "expected_order_date": recent, "clv_12m": 9.0}
        more.with_company(self.company).write(overdue)
        for role, most in budgets.items():
            self.assertLessEqual(few[role], most, role)
            self.assertLessEqual(self._count_queries(role), few[role] + 8, role)

    # ------------------------------------------------------------ workbook

    def _read_workbook(self, **kwargs):
        """Return the name of the file, the names of its sheets, its texts and its XML."""
        file = self._dashboard().get_xlsx(**kwargs)
        with zipfile.ZipFile(io.BytesIO(base64.b64decode(file["content"]))) as book:
            texts = book.read("xl/sharedStrings.xml").decode()
            sheets = [name for name in book.namelist() if name.startswith("xl/worksheets/")]
            return file["name"], texts, [book.read(name).decode() for name in sheets]

    def test_a_workbook_has_a_sheet_for_each_question_and_figures_as_numbers(self):
        self.scored[1:3].segment_id = self.risk
        name, texts, sheets = self._read_workbook()
        self.assertTrue(name.startswith("management-") and name.endswith(".xlsx"), name)
        self.assertEqual(len(sheets), 1 + len(self._get_data()["cards"]))
        self.assertIn("Who are our customers?", texts)
        self.assertIn("<v>1000</v>", sheets[0])
        self.assertIn(self.officer.name, texts)

    def test_no_text_of_a_workbook_becomes_a_formula(self):
        self.risk.name = "=HYPERLINK(1)"
        self.scored[1:3].segment_id = self.risk
        _name, texts, sheets = self._read_workbook()
        self.assertIn("=HYPERLINK(1)", texts)
        self.assertFalse(any("<f>" in sheet for sheet in sheets))

from datetime import timedelta

import numpy as np

from odoo.tests import tagged

from .common import MiningCase

OFFICER = "logistics_crm.group_logistics_officer"


@tagged("post_install", "-at_install")
class TestKeyAccount(MiningCase):
    """The few customers that most of the business depends on."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.task = cls.env.ref("logistics_crm_mining.task_key_account")
        cls.customers = cls._create_customers(150)
        cls.rows = cls._make_few_large(cls.customers)
        cls._insert_history(cls.rows, cls.company)

    @classmethod
    def _make_few_large(cls, customers):
        """Return orders of a year: every fifth customer orders weekly, the others now and then."""
        rng, rows = np.random.default_rng(3), []
        for number, partner_id in enumerate(customers.ids):
            gap = 7 if number % 5 == 0 else 200
            for day in range(int(rng.integers(1, gap)), 360, gap):
                amount = round(rng.gamma(9.0, 1 / 9) * 100, 2)
                rows.append((partner_id, cls.today - timedelta(days=day), 1.0, amount))
        return rows

    def _published(self):
        run = self._score_directly(self.task)
        self.assertTrue(run.published, run.reason)
        return run

    def _class_of(self, partner):
        return partner.with_company(self.company).key_account_class

    def test_the_best_class_brings_four_fifths_with_the_fewest_customers(self):
        run = self._published()
        totals = {}
        for partner_id, _date, _quantity, amount in self.rows:
            totals[partner_id] = totals.get(partner_id, 0) + amount
        best = [p for p in totals if self._class_of(self.env["res.partner"].browse(p)) == "a"]
        held = sum(totals[partner_id] for partner_id in best)
        smallest = min(totals[partner_id] for partner_id in best)
        others = [amount for partner_id, amount in totals.items() if partner_id not in best]
        self.assertGreaterEqual(held, 0.8 * sum(totals.values()))
        self.assertLess(held - smallest, 0.8 * sum(totals.values()))
        self.assertGreater(smallest, max(others))
        self.assertIn(f"Class A: {len(best)} customers", run.figures_text)

    def test_rules_tell_key_accounts_without_their_amounts(self):
        run = self._published()
        self.assertTrue(run.metrics["rules"])
        columns = {c["column"] for rule in run.metrics["rules"] for c in rule["conditions"]}
        self.assertTrue(
            columns <= {"products", "categories", "order_days", "usual_days", "country"}
        )
        self.assertIn("of them are key accounts", run.figures_text)

    def test_a_class_set_by_hand_stays_and_is_told(self):
        partner = self.customers[1].with_company(self.company)
        silent = self._create_customers(1, name="Silent").with_company(self.company)
        (partner | silent).key_account_class = "a"
        run = self._published()
        self.assertEqual((partner.key_account_class, silent.key_account_class), ("a", "a"))
        self.assertIn("by hand", partner.key_account_reasons)
        self._score_directly(self.task)
        self.assertEqual(partner.key_account_class, "a")
        scores = self.env["logistics.mining.score"].search(
            [("run_id", "=", run.id), ("partner_id", "=", partner.id)]
        )
        self.assertNotEqual(scores.band, "a")

    def test_who_bought_nothing_has_no_place_among_those_who_did(self):
        silent, back = self._create_customers(2).with_company(self.company)
        silent.key_account_class = "b"
        self._insert_history([(back.id, self.today, -1.0, -5.0)], self.company, "back")
        self._published()
        self.assertIn("Bought nothing in the 12 months", silent.key_account_reasons)
        self.assertNotIn("Number", silent.key_account_reasons)
        self.assertIn("by the figures it is C", silent.key_account_reasons)
        count = len({row[0] for row in self.rows}) + 1
        self.assertIn(f"Number {count} of {count} ", back.key_account_reasons)

    def test_a_class_that_a_run_set_follows_the_figures(self):
        self._published()
        large = self.customers[0]
        self.assertEqual(self._class_of(large), "a")
        self.env.cr.execute(
            "UPDATE logistics_sales_history SET amount_company = 1 WHERE partner_id = %s",
            [large.id],
        )
        self._published()
        self.assertEqual(self._class_of(large), "c")

    def test_who_orders_less_lately_is_about_to_fall(self):
        falling = self.customers[0]
        self.env.cr.execute(
            "UPDATE logistics_sales_history SET amount_company = 3 * amount WHERE partner_id = %s",
            [falling.id],
        )
        self.env.cr.execute(
            "DELETE FROM logistics_sales_history WHERE partner_id = %s AND date > %s",
            [falling.id, self.today - timedelta(days=90)],
        )
        run = self._published()
        reasons = falling.with_company(self.company).key_account_reasons
        self.assertIn("About to fall to class", reasons)
        self.assertIn("about to fall: ", run.figures_text)

    def test_margin_may_decide(self):
        self.task.class_basis = "margin"
        self.product.with_company(self.company).standard_price = 90
        run = self._published()
        margins = {}
        for partner_id, _date, quantity, amount in self.rows:
            margins[partner_id] = margins.get(partner_id, 0) + amount - 90 * quantity
        scores = self.env["logistics.mining.score"].search([("run_id", "=", run.id)])
        for score in scores:
            self.assertAlmostEqual(score.value, margins[score.partner_id.id], 1)
        self.assertIn("by margin", scores[0].reason_text)

    def test_amounts_are_kept_to_the_cent_and_no_share_is_a_negative_zero(self):
        back = self._create_customers(1)
        self._insert_history([(back.id, self.today, -1.0, -0.1)] * 3, self.company, "back")
        run = self._published()
        scores = self.env["logistics.mining.score"].search([("run_id", "=", run.id)])
        own = scores.filtered(lambda score: score.partner_id == back)
        self.assertEqual(own.value, -0.3)
        self.assertIn("that is 0.0% of", own.reason_text)
        self.assertEqual(scores.mapped("value"), [round(one.value, 2) for one in scores])

    def test_a_share_that_is_hardly_anything_is_not_called_nothing(self):
        words = self.env["logistics.mining.reason"]
        for share, told in ((0.00017, "less than 0.1% of"), (0.0006, "that is 0.1% of")):
            reason = {"code": "key_amount", "amount": 70.66, "share": share}
            self.assertIn(told, words._render(reason, self.company, self.today))

    def test_an_officer_reads_class_and_reasons(self):
        self._published()
        officer = self._create_user("key_officer", OFFICER)
        partner = self.customers[0].with_user(officer).with_company(self.company)
        self.assertIn("Number ", partner.key_account_reasons)
        api = self.env["logistics.api"].with_user(officer).with_company(self.company)
        (row,) = api.scores("key_account", limit=1)
        self.assertEqual(row["band"], "a")

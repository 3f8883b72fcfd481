from odoo.exceptions import AccessError
from odoo.tests import TransactionCase, tagged

from odoo.addons.logistics_crm.tests.common import LogisticsUsersMixin


@tagged("post_install", "-at_install")
class TestScoreRights(LogisticsUsersMixin, TransactionCase):
    """Whoever works with own customers reads the scores of those, and of no others."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_users()
        cls.segment = cls.env["logistics.mining.segment"].search([], limit=1)
        kind = cls.env["logistics.mining.group"].sudo()
        kind = kind.create({"name": "Kind", "company_id": cls.env.company.id})
        scores = {
            "behaviour_id": kind.id,
            "clv_12m": 1000.0,
            "churn_probability": 0.9,
            "churn_risk": "high",
            "segment_id": cls.segment.id,
            "rfm_score": "543",
            "response_band": "high",
            "expected_order_date": "2026-03-02",
        }
        cls.scores, cls.texts = scores, ["clv_text", "segment_color", "behaviour_text"]
        cls.own = cls._create_customer("Own Ltd", user_id=cls.user.id)
        cls.team = cls._create_customer("Team Ltd", user_id=cls.other_user.id)
        cls.foreign = cls._create_customer("Foreign Ltd", user_id=cls.other_user.id)
        cls.all = cls.own | cls.team | cls.foreign
        employee = cls.env["hr.employee"].create({"name": "User", "user_id": cls.user.id})
        cls.env["logistics.account.member"].create(
            {
                "partner_id": cls.team.id,
                "employee_id": employee.id,
                "role_id": cls.env["logistics.account.role"].search([], limit=1).id,
            }
        )
        cls.env["crm.lead"].create(
            {
                "name": "Lead of the user",
                "type": "opportunity",
                "partner_id": cls.foreign.id,
                "user_id": cls.user.id,
            }
        )
        cls.all.sudo().write(scores)
        cls.env.flush_all()
        cls.env.invalidate_all()

    def _seen_by(self, user):
        return self.all.with_user(user)

    def test_the_scores_of_a_customer_on_an_own_lead_are_not_told(self):
        read = self._seen_by(self.user).read(["name", *self.scores, *self.texts])
        own, team, foreign = read
        for told in (own, team):
            self.assertEqual((told["clv_12m"], told["churn_risk"]), (1000.0, "high"))
            self.assertEqual(told["segment_id"][0], self.segment.id)
            self.assertTrue(told["behaviour_text"])
        self.assertEqual(foreign["name"], "Foreign Ltd")
        for name in (*self.scores, *self.texts):
            with self.subTest(field=name):
                self.assertFalse(foreign[name])

    def test_nobody_is_found_by_scores_that_are_not_told(self):
        seen = self.env["res.partner"].with_user(self.user)
        mine = self.own | self.team
        among = ("id", "in", self.all.ids)
        for condition in (
            ("clv_12m", ">", 0),
            ("churn_risk", "=", "high"),
            ("churn_probability", ">=", 0.5),
            ("segment_id", "=", self.segment.id),
            ("segment_id.name", "=", self.segment.name),
            ("rfm_score", "=like", "5%"),
            ("expected_order_date", "<", "2027-01-01"),
        ):
            with self.subTest(condition=condition):
                self.assertEqual(seen.search([among, condition]), mine)
        leads = self.env["crm.lead"].with_user(self.user)
        self.assertFalse(leads.search([("partner_id.churn_risk", "=", "high")]))

    def test_figures_and_order_do_not_tell_them_either(self):
        seen = self.env["res.partner"].with_user(self.user)
        among = [("id", "in", self.all.ids)]
        groups = seen._read_group(among, ["churn_risk"], ["__count", "clv_12m:sum"])
        self.assertEqual(sorted(groups, key=str), [("high", 2, 2000.0), (False, 1, 0.0)])
        by_segment = dict(seen._read_group(among, ["segment_id"], ["__count"]))
        self.assertEqual(by_segment[self.segment.with_user(self.user)], 2)
        self.foreign.sudo().clv_12m = 5000
        self.assertEqual(seen.search(among, order="clv_12m desc NULLS LAST")[-1:], self.foreign)

    def test_officers_see_all_of_them(self):
        seen = self._seen_by(self.officer)
        self.assertEqual(seen.mapped("churn_risk"), ["high"] * 3)
        found = seen.search([("id", "in", self.all.ids), ("clv_12m", ">", 0)])
        self.assertEqual(found, self.all)

    def test_what_one_reader_was_told_is_not_what_another_reads(self):
        foreign = self.foreign
        self.assertFalse(foreign.with_user(self.user).clv_12m)
        self.assertEqual(foreign.with_user(self.officer).clv_12m, 1000)
        self.assertEqual(foreign.sudo().clv_12m, 1000)
        foreign.sudo().clv_12m = 2000
        self.assertFalse(foreign.with_user(self.user).clv_12m)
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(foreign.with_user(self.officer).clv_12m, 2000)

    def test_others_read_and_search_no_scores_at_all(self):
        for user in (self.internal_user, self.portal_user):
            partner = user.partner_id.with_user(user)
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                partner.read(["clv_12m"])
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                partner.search([("clv_12m", ">", 0)])

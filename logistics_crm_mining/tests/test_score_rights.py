import itertools

from odoo.exceptions import AccessError
from odoo.tests import TransactionCase, tagged
from odoo.tools import SQL

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
            "active_year_revenue": 700.0,
            "value_at_risk": 630.0,
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

    def test_customers_without_a_score_come_last_in_both_directions(self):
        least = self._create_customer("Worth nothing Ltd", user_id=self.user.id)
        unscored = self._create_customer("Not scored Ltd", user_id=self.user.id)
        low = {"churn_probability": 0.1, "clv_12m": 0.0, "rfm_score": "111"}
        low |= {"expected_order_date": "2026-01-01"}
        low["churn_risk"] = "low"
        least.sudo().write(low)
        self.env.flush_all()
        # as runs write it; Odoo stores no 0
        worth = SQL("jsonb_build_object(%s, 0.0)", str(self.env.company.id))
        self.cr.execute(SQL("UPDATE res_partner SET clv_12m = %s WHERE id = %s", worth, least.id))
        company = self.env["res.company"].create({"name": "Second"})
        (self.user | self.officer).company_ids += company
        unscored.with_company(company).sudo().write(low)
        self.env.flush_all()
        among = [("id", "in", (self.own | least | unscored).ids)]
        both = self.env["res.partner"].with_context(
            allowed_company_ids=(self.env.company | company).ids
        )
        for user in (self.user, self.officer):
            seen = both.with_user(user)
            for name in low:
                first, last = (self.own, least) if name == "churn_risk" else (least, self.own)
                with self.subTest(user=user.login, field=name):
                    found = seen.search(among, order=name)
                    self.assertEqual(found.ids, [first.id, last.id, unscored.id])
                    found = seen.search(among, order=f"{name} desc")
                    self.assertEqual(found.ids, [last.id, first.id, unscored.id])
            for order in ("segment_id, id", "segment_id desc, id"):
                self.assertEqual(seen.search(among, order=order)[0], self.own)

    def test_lists_are_grouped_by_every_score(self):
        for model in ("res.partner", "crm.lead"):
            records = self.env[model]
            names = [
                name
                for name in sorted(records._get_score_fields())
                if records._fields[name].type in ("many2one", "selection", "date")
            ]
            self.assertTrue(names)
            for user, name in itertools.product((self.user, self.officer), names):
                spec = f"{name}:month" if records._fields[name].type == "date" else name
                for order in (None, f"{spec} desc"):
                    with self.subTest(model=model, user=user.login, field=name, order=order):
                        found = records.with_user(user).web_read_group([], [spec], order=order)
                        self.assertEqual(found["length"], len(found["groups"]))
                        counted = sum(group["__count"] for group in found["groups"])
                        self.assertEqual(counted, records.with_user(user).search_count([]))

    def test_customers_of_others_are_sorted_as_if_they_had_no_score(self):
        self.foreign.sudo().clv_12m = -5.0
        seen = self.env["res.partner"].with_user(self.user)
        for order in ("clv_12m", "clv_12m desc"):
            found = seen.search([("id", "in", self.all.ids)], order=order)
            self.assertEqual(found[-1:], self.foreign)

    def test_leads_without_a_chance_come_last_in_both_directions(self):
        leads = self.env["crm.lead"].sudo()
        values = {"type": "opportunity", "user_id": self.user.id}
        worst, none, best = leads.create([{**values, "name": name} for name in "abc"])
        worst.win_probability, best.win_probability = 0.0, 0.9
        seen = self.env["crm.lead"].with_user(self.user)
        among = [("id", "in", (worst | none | best).ids)]
        found = seen.search(among, order="win_probability desc, id desc")
        self.assertEqual(found.ids, [best.id, worst.id, none.id])
        found = seen.search(among, order="win_probability")
        self.assertEqual(found.ids, [worst.id, best.id, none.id])

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

import re
from ast import literal_eval
from datetime import timedelta

import numpy as np
from lxml import etree

from odoo.tests import tagged
from odoo.tools import SQL

from ..analytics import LeadModel, OdooLeadBayes, creation_order, lead_features
from .leads import LeadCase

OFFICER = "logistics_crm.group_logistics_officer"
CODE = re.compile(r"\blead_|verdict_|No words are known|%\(")


@tagged("post_install", "-at_install")
class TestLead(LeadCase):
    """Which leads will be won: what is published is what the numeric core says, in words."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.closed, cls.open = cls._make_leads()

    def _frame(self, company=None):
        run = self.task._queue(company or self.company)
        run.parameters = self.task._prepare_parameters()
        return self.task._extract(run).set_index("lead_id", drop=False)

    def test_chances_are_those_of_the_core(self):
        run = self._published()
        frame = self._frame()
        closed, rest = frame[frame["outcome"] >= 0], frame[frame["outcome"] < 0]
        self.assertEqual(set(closed["lead_id"]), set(self.closed.ids))
        self.assertEqual(set(rest["lead_id"]), set(self.open.ids))
        place, known = creation_order(closed)
        model = LeadModel().fit(
            lead_features(closed), closed["outcome"].to_numpy(), place, outcome_time=known
        )
        expected = model.predict(lead_features(rest))
        for lead in self.open:
            row = expected.loc[lead.id]
            self.assertAlmostEqual(lead.win_probability, row["win_probability"], 3)
            self.assertEqual(lead.win_band, row["win_band"])
            self.assertEqual(lead.win_date, run.cutoff)
        self.assertFalse(any(self.closed.mapped("win_band")))

    def test_the_baseline_is_what_odoo_says_of_new_leads(self):
        names = ("Reefer", "Express", "Rare")
        tags = self.env["crm.tag"].create([{"name": name} for name in names])
        self.closed[:90].tag_ids = tags[0]
        self.closed[60:150].tag_ids |= tags[1]
        self.closed[150:170].tag_ids = tags[2]
        self.open[3:6].tag_ids = tags
        self.open[6:9].tag_ids = tags[1:]
        (self.open[:5] | self.closed[200:240]).country_id = self.env.ref("base.de")
        (self.open[5:8] | self.closed[240:300]).country_id = self.env.ref("base.fr")
        (self.open[4:12] | self.closed[300:400]).email_from = "someone@customer.example"
        # a team whose leads were never closed, and none
        self.open[10].team_id = self.env["crm.team"].create({"name": "New"})
        self.open[11].team_id = False
        # only ours: the table of frequencies has no company
        others = self.env["crm.lead"].with_context(active_test=False).search([])
        (others - self.closed - self.open).unlink()
        # Odoo counts from a date on: let it see what we see
        self.env["ir.config_parameter"].set_param("crm.pls_start_date", "2020-01-01")
        self.env["crm.lead"]._rebuild_pls_frequency_table()
        theirs, _tooltip = self.open._pls_get_naive_bayes_probabilities()
        frame = self._frame()
        closed = frame[frame["outcome"] >= 0]
        ours = OdooLeadBayes(self.task._get_bayes_fields()).fit(
            lead_features(closed), closed["outcome"].to_numpy()
        )
        p = ours.predict_proba(lead_features(frame.loc[self.open.ids]))[:, 1]
        self.assertGreater(len(set(theirs.values())), 4)
        for lead, chance in zip(self.open, p, strict=True):
            self.assertAlmostEqual(theirs[lead.id], 100 * chance, 1)

    def test_the_run_shows_both_ways_on_the_same_leads(self):
        run = self._published()
        self.assertGreater(run.metrics["auc"], run.baseline["auc"])
        self.assertGreater(run.metrics["difference"]["auc"]["low"], 0)
        self.assertIn("Odoo", run.lead_comparison)
        for figures in (run.metrics, run.baseline):
            for name in ("auc", "log_loss", "brier", "ece"):
                self.assertIn(f"{figures[name]:.3f}", run.lead_comparison)
        self.assertIn(str(run.metrics["n"]), run.figures_text)
        # what was tried was not learned from
        self.assertLessEqual(run.metrics["trained_on"] + run.metrics["n"], len(self.closed))
        self.assertTrue(run.metrics["known_in_time"])

    def _get_headline(self):
        report = self.env["logistics.mining.report"].with_company(self.company)
        return "\n".join(report.get_page(self.task.id)["headline"])

    def test_a_field_that_tells_the_end_of_some_leads_is_left_out_and_the_others_are_not(self):
        medium = self.env["utm.medium"].create({"name": "Web shop"})
        more, _open = self._make_leads(seed=4, open_count=0)
        won = (self.closed | more).filtered(lambda lead: lead.won_status == "won")
        won[::2].medium_id = medium  # filled in when it is won
        run = self._published()
        self.assertEqual([one["column"] for one in run.metrics["left_out"]], ["medium"])
        self.assertNotIn("medium", run.model_parameters["columns"])
        self.assertIn("recommended", run.model_parameters["columns"])
        told = f"“Medium” is filled in for {len(won[::2])} .* Nothing was learned from it."
        self.assertRegex(self._get_headline(), told)
        self.open[0].referred = "Somebody else"  # it is scored again without that field
        self.assertTrue(self.open[0].win_probability)

    def test_a_tag_of_won_leads_does_not_make_odoo_look_better_than_it_is(self):
        self.env["ir.config_parameter"].sudo().set_param("crm.pls_fields", "source_id,tag_ids")
        tag = self.env["crm.tag"].create({"name": "To be invoiced"})
        more, _open = self._make_leads(seed=4, open_count=0)
        won = (self.closed | more).filtered(lambda lead: lead.won_status == "won")
        won[::2].tag_ids = tag  # when it is won; Odoo learns from tags of 50 leads and more
        self.assertGreaterEqual(len(won[::2]), 50)
        run = self._published()
        self.assertEqual(run.metrics["hidden"], [f"tag_{tag.id}"])
        self.assertLess(run.baseline["auc"], 0.6)
        told = "Odoo's own probability was judged without Tag: To be invoiced as well"
        self.assertIn(told, self._get_headline())

    def test_odoo_is_compared_with_by_all_that_leads_came_with_also_where_left_out(self):
        shop = self.env["utm.source"].create({"name": "Web shop"})
        more, _open = self._make_leads(seed=4, open_count=0)
        won = (self.closed | more).filtered(lambda lead: lead.won_status == "won")
        won[::2].source_id = shop  # whatever comes from there is an order already
        run = self._score_directly(self.task)
        self.assertEqual([one["column"] for one in run.metrics["left_out"]], ["source"])
        self.assertGreater(run.baseline["auc"], 0.7)
        self.assertFalse(run.published)
        self.assertIn("did not surely beat Odoo's own probability", run.reason)

    def test_a_source_whose_leads_are_all_lost_is_learned_from_and_said(self):
        spam = self.env["utm.source"].create({"name": "Spam form"})
        more, _open = self._make_leads(seed=4, open_count=0)
        lost = (self.closed | more).filtered(lambda lead: lead.won_status == "lost")
        lost[::3].source_id = spam
        self.open[:3].source_id = spam
        run = self._published()
        self.assertFalse(run.metrics["left_out"])
        self.assertIn("source", run.model_parameters["columns"])
        self.assertGreater(run.baseline["auc"], 0.55)  # Odoo knows of it, too
        self.assertLess(max(self.open[:3].mapped("win_probability")), 0.3)
        told = f"of the {len(lost[::3])} leads on which “Source” is “Spam form”, 0 were won"
        self.assertIn(told, self._get_headline())

    def test_a_field_that_tells_the_end_of_all_leads_ends_the_run(self):
        for outcome, name in (("won", "Contract"), ("lost", "Declined")):
            leads = self.closed.filtered(lambda lead: lead.won_status == outcome)  # noqa: B023
            leads.source_id = self.env["utm.source"].create({"name": name})
        run = self._score_directly(self.task)
        self.assertFalse(run.published)
        self.assertIn("Source", run.reason)
        self.assertNotRegex(run.reason, CODE)

    def test_best_chances_are_those_of_all_leads_that_the_reader_sees(self):
        action = self.env.ref("logistics_crm_mining.action_lead_best_chances")
        self.assertEqual(literal_eval(action.context), {})
        manager = self._create_user("lead_chief", "sales_team.group_sale_manager")
        leads = self.env["crm.lead"].with_user(manager)
        found = leads.search(literal_eval(action.domain) + [("id", "in", self.open.ids)])
        self.assertEqual(found, self.open)

    def test_no_chances_are_made_up_where_there_are_no_leads(self):
        view = self.env.ref("logistics_crm_mining.crm_lead_view_list_best")
        arch = etree.fromstring(self.env["crm.lead"].get_view(view.id, "list")["arch"])
        self.assertNotEqual(arch.get("sample"), "1")  # samples of chances reach 9,000%

    def test_every_chance_has_reasons_in_words(self):
        self._published()
        officer = self._create_user("lead_officer", OFFICER)
        for lead in self.open.with_user(officer):
            self.assertTrue(lead.win_reasons)
            self.assertNotRegex(lead.win_reasons, CODE)
        recommended = self.open.filtered("referred")[:1]
        self.assertIn("recommendation", recommended.win_reasons)
        self.assertIn("Raises the chance", recommended.win_reasons)
        other = (self.open - self.open.filtered("referred"))[:1]
        self.assertRegex(other.win_reasons, "without a recommendation: .* Lowers the chance")

    def test_a_lead_larger_than_any_before_is_not_said_to_be_like_others_of_its_size(self):
        self._published()
        lead, largest = self.open.filtered("referred")[:2]
        lead.expected_revenue, largest.expected_revenue = 1_780_000, 20_000
        for field in ("source_id", "referred", "user_id", "team_id"):
            lead[field] = largest[field]
        self.assertAlmostEqual(lead.win_probability, largest.win_probability, 1)
        self.assertNotIn("1,780,000", lead.win_reasons or "")

    def test_numbers_above_all_seen_are_told_by_those_above_a_number_that_was_seen(self):
        words = self.env["logistics.mining.reason"]
        figures = {"value": 900.0, "above": 4.5, "n": 208, "won": 44, "rate": 0.3, "effect": -0.5}
        expected = {
            "revenue": "Expected revenue above .*4.50: 21% of 208 such leads were won",
            "orders": "The customer had ordered on more than 4 days before: 21% of 208",
            "won_before": "Leads of the customer won before: more than 4: 21% of 208",
            "lost_before": "Leads of the customer lost before: more than 4: 21% of 208",
        }
        for code, text in expected.items():
            told = words._render({**figures, "code": f"lead_{code}"}, self.company)
            self.assertRegex(told, text)
            self.assertNotIn("900", told)

    def test_forty_won_and_forty_lost_leads_are_needed(self):
        self._make_leads(count=60, company=self.other_company)
        run = self._score_directly(self.task, self.other_company)
        self.assertEqual((run.state, run.published, run.score_count), ("done", False, 0))
        self.assertIn("40 are needed", run.reason)
        self.assertNotRegex(run.reason, CODE)

    def test_a_company_without_leads_is_told_so(self):
        run = self._score_directly(self.task, self.other_company)
        self.assertEqual((run.state, run.published, run.score_count), ("done", False, 0))
        self.assertIn("only 0 leads were won", run.reason)
        self.assertFalse(run.figures_text or run.lead_comparison)

    def test_a_company_without_open_leads_publishes_its_model_all_the_same(self):
        self.open.unlink()
        run = self._published()
        self.assertEqual(run.score_count, 0)
        lead = self.env["crm.lead"].create({"name": "New", "company_id": self.company.id})
        self.assertTrue(lead.win_band)

    def test_leads_that_end_by_chance_are_not_published_and_the_last_chances_stay(self):
        good = self._published()
        before = self.open.mapped("win_probability")
        rng = np.random.default_rng(8)
        self.env.cr.execute("DELETE FROM crm_lead WHERE id = ANY(%s)", [self.closed.ids])
        closed, _open = self._make_leads(seed=9, open_count=1)
        ends = closed.mapped("referred")
        for lead, at in zip(closed, rng.permutation(len(ends)), strict=True):
            lead.referred = ends[at]
        closed.write({"expected_revenue": 0, "source_id": False})
        run = self._score_directly(self.task)
        self.assertEqual((run.state, run.published), ("done", False))
        self.assertNotRegex(run.reason, CODE)
        self.assertTrue(good.is_newest)
        self.assertEqual(self.open.mapped("win_probability"), before)
        self.assertEqual(set(self.open.mapped("win_date")), {good.cutoff})

    def test_a_tag_that_winning_leads_are_given_is_caught(self):
        tag = self.env["crm.tag"].create({"name": "Celebrate"})
        won = self.closed.filtered(lambda lead: lead.won_status == "won")
        won.tag_ids = tag
        run = self._score_directly(self.task)
        self.assertFalse(run.published)
        self.assertIn("Celebrate", run.reason)
        self.assertNotRegex(run.reason, CODE)

    def test_what_people_find_out_while_they_work_on_a_lead_does_not_count(self):
        lead = self.closed[0]
        before = self._frame().loc[lead.id]
        other = self.env["crm.team"].create({"name": "Other"})
        customer = self.env["res.partner"].create({"name": "New", "email": "new@customer.example"})
        self.env.flush_all()
        self.env.cr.precommit.run()
        late = {"expected_revenue": 1e6, "team_id": other.id, "partner_id": customer.id}
        lead.with_context(tracking_disable=False).write(late)
        self.env.flush_all()
        self.env.cr.precommit.run()
        self.assertEqual(lead.team_id, other)
        after = self._frame().loc[lead.id]
        for name in ("revenue", "team", "known", "orders_before", "email"):
            self.assertEqual(after[name], before[name], name)
        # an open lead counts as it is
        self.open[0].expected_revenue = 123
        self.assertEqual(self._frame().loc[self.open[0].id, "revenue"], 123)

    def test_only_orders_and_leads_before_count(self):
        customer = self._create_customers(1)
        contact = self.env["res.partner"].create({"name": "Person", "parent_id": customer.id})
        first, second, third = self.closed[:3]
        second.partner_id = customer
        (first | third).partner_id = contact
        came = [self.now - timedelta(days=days) for days in (300, 200, 100)]
        self._date(first | second | third, came, [day + timedelta(days=150) for day in came])
        days = (500, 400, 400, 250, 200, 150)
        rows = [(customer.id, self.today - timedelta(days=day), 1.0, 10.0) for day in days]
        back = (customer.id, self.today - timedelta(days=350), -1.0, -5.0)
        self._insert_history([*rows, back], self.company)
        self._insert_history(rows, self.other_company)
        frame = self._frame()
        counts = frame.loc[(first | second | third).ids, ["orders_before"]]["orders_before"]
        self.assertEqual(counts.tolist(), [2, 3, 5])
        # of the first, which ended 150 days ago, only the third may know
        ended = frame.loc[third.id, ["won_before", "lost_before"]].sum()
        self.assertEqual(ended, 1)
        self.assertEqual(frame.loc[second.id, ["won_before", "lost_before"]].sum(), 0)
        self.assertTrue((frame["history_as_of"].fillna(0) <= frame["created"]).all())
        # created in this test, after all those leads came
        self.assertFalse(frame.loc[(first | second | third).ids, "known"].any())

    def test_another_company_learns_and_scores_nothing_of_ours(self):
        self._published()
        frame = self._frame(self.other_company)
        self.assertFalse(set(frame["lead_id"]) & set((self.closed | self.open).ids))
        chances = self.open.mapped("win_probability")
        _closed, theirs = self._make_leads(seed=5, company=self.other_company)
        run = self._published(self.other_company)
        self.assertEqual(self.open.mapped("win_probability"), chances)
        scores = self.env["logistics.mining.score"].search([("run_id", "=", run.id)])
        self.assertEqual(scores.lead_id, theirs)

    def test_leads_of_no_company_are_scored_by_one(self):
        free = self.open[:4]
        free.company_id = False
        (self.company | self.other_company).sequence = -5
        self.company.sequence = -6
        self._make_leads(seed=5, company=self.other_company)
        other = self._published(self.other_company)
        self.assertTrue(all(free.mapped("win_date")))
        ours = self._published()
        newest = [("lead_id", "in", free.ids), ("run_id", "=", ours.id)]
        self.assertEqual(self.env["logistics.mining.score"].search(newest).lead_id, free)
        again = self._published(self.other_company)
        theirs = [("lead_id", "in", free.ids), ("run_id", "=", again.id)]
        self.assertFalse(self.env["logistics.mining.score"].search(theirs))
        self.assertTrue(other.published and all(free.mapped("win_date")))
        # as the first company of a database, which has none
        self.env.flush_all()
        query = SQL("UPDATE res_company SET sequence = NULL WHERE id = %s", self.company.id)
        self.env.cr.execute(query)
        self.env.invalidate_all()
        self.other_company.sequence = 10
        self.env.registry.clear_cache()
        free[0].expected_revenue += 1.0
        self.assertEqual(self.env["crm.lead"]._get_win_runs()[False], ours.id)
        self.assertEqual(self.env["logistics.mining.score"].search(newest).lead_id, free)

    def test_the_night_scores_the_leads_of_companies_that_have_some(self):
        self._queue_nightly()
        runs = self.env["logistics.mining.run"].search(
            [("company_id", "in", (self.company | self.other_company).ids)]
        )
        # neither has orders, and only one has leads
        self.assertEqual((runs.company_id, runs.task_id), (self.company, self.task))
        self._work()
        self.assertTrue(runs.published, runs.reason)
        self.assertTrue(all(self.open.mapped("win_band")))

    def test_other_systems_read_the_chances(self):
        run = self._published()
        officer = self._create_user("lead_reader", OFFICER)
        api = self.env["logistics.api"].with_user(officer).with_company(self.company)
        rows = api.scores("lead", limit=5)
        self.assertEqual(len(rows), 5)
        self.assertEqual({row["run"] for row in rows}, {run.id})
        self.assertTrue(all(row["reasons"] for row in rows))
        self.assertEqual(rows, sorted(rows, key=lambda row: -row["value"]))
        lead = self.env["crm.lead"].browse(rows[0]["res_id"])
        self.assertEqual((rows[0]["res_model"], rows[0]["name"]), ("crm.lead", lead.name))
        self.assertEqual((rows[0]["customer"], rows[0]["value"]), (False, lead.win_probability))
        customer = self._create_customers(1)
        lead.partner_id = customer
        self.assertEqual([row["res_id"] for row in api.scores("lead", [customer.id])], lead.ids)

    def test_lists_are_sorted_and_teams_take_leads_by_the_chance(self):
        self._published()
        officer = self._create_user("lead_sorter", OFFICER)
        leads = self.env["crm.lead"].with_user(officer)
        found = leads.search([("id", "in", self.open.ids)], order="win_probability desc")
        chances = found.mapped("win_probability")
        self.assertEqual(chances, sorted(chances, reverse=True))
        limit = sorted(chances)[10]
        domain = [("win_probability", ">=", limit), ("id", "in", found.ids)]
        team = self.env["crm.team"].create(
            {
                "name": "Best",
                "company_id": self.company.id,
                "assignment_domain": repr(domain),
                "assignment_max": 100,
                "crm_team_member_ids": [
                    (0, 0, {"user_id": officer.id, "assignment_max": 100}),
                ],
            }
        )
        self.open.team_id = False
        # as the scheduled action does, whatever company its user is in
        team.with_company(self.other_company)._allocate_leads()
        self.assertEqual(
            set(self.open.filtered(lambda lead: lead.team_id == team).mapped("win_probability")),
            {chance for chance in chances if chance >= limit},
        )

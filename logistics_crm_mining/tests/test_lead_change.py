import base64
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .leads import LeadCase

USER = "logistics_crm.group_logistics_user"
MANAGER = "logistics_crm_mining.group_mining_manager"
SALES = "sales_team.group_sale_salesman_all_leads"
RUN_LOG = "odoo.addons.logistics_crm_mining.models.logistics_mining_run_model"


@tagged("post_install", "-at_install")
class TestLeadChange(LeadCase):
    """A chance follows its lead; nothing of it is left when the lead is won, lost or deleted."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user = cls._create_user("lead_user", USER)
        cls.seller = cls._create_user("lead_seller", SALES)
        cls.manager = cls._create_user("lead_manager", MANAGER)
        cls.closed, cls.open = cls._make_leads()
        cls.open[:10].user_id = cls.user
        cls.run_published = cls._score_directly(cls.task)
        cls.lead = cls.open.filtered(lambda one: not one.referred and one.user_id)[:1]
        cls.scores = cls.env["logistics.mining.score"]

    def _get_scores(self, leads):
        return self.scores.search([("lead_id", "in", leads.ids)])

    def test_a_change_counts_at_once_as_in_the_next_run(self):
        before = self.lead.win_probability
        self.lead.with_user(self.user).referred = "An old customer"
        after = self.lead.win_probability
        self.assertGreater(after, before + 0.1)
        self.assertIn("recommendation", self.lead.with_user(self.user).win_reasons)
        score = self._get_scores(self.lead)
        self.assertEqual((len(score), score.run_id), (1, self.run_published))
        self.assertAlmostEqual(score.value, after, 6)
        self._score_directly(self.task)
        self.assertEqual(self.lead.win_probability, after)

    def test_what_a_lead_takes_over_from_its_customer_counts_at_once(self):
        customer = self._create_customers(1, email=False, phone=False)
        values = {"name": "Asks", "company_id": self.company.id, "partner_id": customer.id}
        lead = self.env["crm.lead"].create(values)
        before = self._get_scores(lead)
        writer = self._create_user("partner_writer", "base.group_partner_manager")
        customer.with_user(writer).email = "asks@example.com"
        self.assertEqual(lead.email_from, "asks@example.com")
        self.assertNotEqual(self._get_scores(lead), before)
        told = lead.win_probability
        self._score_directly(self.task)
        self.assertEqual(lead.win_probability, told)
        scores = self._get_scores(lead)
        customer.with_user(writer).comment = "Nothing that a lead takes over"
        self.assertEqual(self._get_scores(lead), scores)

    def test_a_lead_that_passes_its_address_on_to_its_customer_is_scored_once(self):
        customer = self._create_customers(1, email="old@example.com")
        values = {"name": "Asks", "company_id": self.company.id, "partner_id": customer.id}
        lead, other = self.env["crm.lead"].create([values, values])
        scored, model = [], self.env.registry["crm.lead"]
        real = model._score_win_chance

        def score(leads, run, fitted):
            scored.extend(leads.ids)
            return real(leads, run, fitted)

        with patch.object(model, "_score_win_chance", score):
            lead.with_user(self.user).sudo().email_from = "new@example.com"
        self.assertEqual(customer.email, "new@example.com")
        self.assertEqual(sorted(scored), sorted((lead + other).ids))
        told = lead.win_probability
        self._score_directly(self.task)
        self.assertEqual(lead.win_probability, told)

    def test_a_lead_follows_its_contact_into_a_company_that_orders(self):
        company = self._create_customers(1, email=False, phone=False)
        contact = self.env["res.partner"].create({"name": "Contact"})
        values = {"name": "Asks", "company_id": self.company.id, "partner_id": contact.id}
        lead = self.env["crm.lead"].create(values)
        before = self._get_scores(lead)
        self.assertTrue(before)
        contact.parent_id = company
        self.assertNotEqual(self._get_scores(lead), before)
        told = lead.win_probability
        self._score_directly(self.task)
        self.assertEqual(lead.win_probability, told)

    def test_what_does_not_matter_moves_nothing(self):
        before = self._get_scores(self.lead)
        self.lead.with_user(self.user).write({"name": "Renamed", "priority": "2"})
        self.lead.with_user(self.user).stage_id = self.env["crm.stage"].create({"name": "Later"})
        self.assertEqual(self._get_scores(self.lead), before)

    def test_a_new_lead_has_a_chance_at_once(self):
        lead = (
            self.env["crm.lead"]
            .with_user(self.user)
            .create({"name": "New", "company_id": self.company.id, "referred": "Somebody"})
        )
        self.assertTrue(0 < lead.win_probability < 1 and lead.win_band and lead.win_reasons)
        self.assertEqual(lead.win_date, self.task._get_today(self.company))

    def test_won_and_lost_leads_have_no_chance_and_restored_ones_have_it_again(self):
        lead = self.lead.with_user(self.user)
        before = lead.win_probability
        lead.action_set_won()
        self.assertFalse(lead.win_probability or lead.win_band or lead.win_date or lead.win_reasons)
        self.assertFalse(self._get_scores(lead))
        lead.stage_id = self.first_stage
        self.assertEqual((lead.won_status, lead.win_probability), ("pending", before))
        lead.action_set_lost()
        self.assertFalse(lead.win_probability or lead.win_date or self._get_scores(lead))
        lead.action_restore()
        self.assertEqual(lead.win_probability, before)
        self.assertTrue(lead.win_reasons)

    def test_a_lead_restored_after_a_change_is_scored_as_it_is(self):
        lead = self.lead.with_user(self.user)
        before = lead.win_probability
        lead.action_set_lost()
        lead.referred = "An old customer"
        self.assertFalse(lead.win_date)
        lead.action_restore()
        self.assertGreater(lead.win_probability, before + 0.1)

    def test_leads_that_end_or_change_while_a_run_works_are_not_stale(self):
        run = self.task._queue(self.company)
        run._start()
        frame = self.task._extract(run)
        won, changed = self.open[10], self.open.filtered(lambda one: not one.referred)[-1]
        before = changed.win_probability
        won.action_set_won()
        changed.referred = "An old customer"
        new = self.env["crm.lead"].create({"name": "New", "company_id": self.company.id})
        run._conclude(self.task._score(run, frame), 0.0)
        self.assertTrue(run.is_newest)
        self.assertFalse(won.win_date or self._get_scores(won).filtered("is_newest"))
        self.assertGreater(changed.win_probability, before + 0.1)
        self.assertTrue(new.win_date)

    def test_an_earlier_run_put_back_scores_no_lead_that_has_ended(self):
        lead = self.open[12]
        self._score_directly(self.task)
        lead.action_set_won()
        self.run_published.with_user(self.manager).action_publish()
        self.assertFalse(lead.win_date or self._get_scores(lead).filtered("is_newest"))
        self.assertTrue(self.open[13].win_date)

    def test_a_tampered_model_is_refused_and_no_obstacle_to_saving(self):
        run = self.run_published
        stored = bytearray(base64.b64decode(run.model_file))
        stored[len(stored) // 2] ^= 1
        run.model_file = base64.b64encode(stored)
        self.env.registry.clear_cache()
        with mute_logger(RUN_LOG), self.assertRaisesRegex(UserError, "was changed after the run"):
            run._load_model()
        self._assert_the_last_chance_stays(run)

    def test_the_last_chance_stays_where_the_model_file_is_gone(self):
        self.run_published.model_file = False
        self.env.registry.clear_cache()
        self._assert_the_last_chance_stays(self.run_published)

    def _assert_the_last_chance_stays(self, run):
        before = self.lead.win_probability, self.lead.win_band, self.lead.win_date
        self.assertTrue(all(before))
        with self.assertLogs(RUN_LOG, "WARNING"):
            self.lead.with_user(self.user).referred = "Somebody"
        self.assertEqual(self.lead.referred, "Somebody")
        self.assertEqual(
            (self.lead.win_probability, self.lead.win_band, self.lead.win_date), before
        )
        self.assertEqual(self._get_scores(self.lead).run_id, run)
        with mute_logger(RUN_LOG):
            self.lead.action_set_won()
            new = self.env["crm.lead"].create({"name": "New", "company_id": self.company.id})
        self.assertFalse(self.lead.win_date or self.lead.win_band or self._get_scores(self.lead))
        self.assertFalse(new.win_band)

    def test_a_lead_moved_to_a_company_without_a_usable_model_keeps_no_chance_of_another(self):
        self._make_leads(seed=5, company=self.other_company)
        other = self.task._queue(self.other_company)
        other._start()
        other._conclude(self.task._score(other, self.task._extract(other)), 0.0)
        self.assertTrue(other.is_newest)
        other.model_file = False
        self.env.registry.clear_cache()
        lead = self.open.filtered(lambda one: not one.user_id)[:1] or self.open[:1]
        lead.user_id = lead.team_id = False
        with mute_logger(RUN_LOG):
            lead.company_id = self.other_company
        self.assertFalse(lead.with_company(self.other_company).win_band)

    def test_a_web_client_that_asks_for_sizes_of_files_scores_as_well(self):
        self.env.registry.clear_cache()
        self.env.invalidate_all()
        lead = self.lead.with_user(self.user).with_context(bin_size=True)
        before = lead.win_probability
        lead.referred = "Somebody"
        self.assertGreater(lead.win_probability, before)

    def test_a_run_that_is_gone_is_no_obstacle_to_saving(self):
        self.env["crm.lead"]._get_win_runs()  # remembered
        self.env.cr.execute(
            "DELETE FROM logistics_mining_run WHERE id = %s", [self.run_published.id]
        )
        self.env.invalidate_all()
        self.lead.with_user(self.user).referred = "Somebody"
        self.assertFalse(self.lead.win_band)

    def test_a_model_of_another_run_is_refused(self):
        other = self._score_directly(self.task)
        other.model_file = self.run_published.model_file
        with mute_logger(RUN_LOG), self.assertRaises(UserError):
            other._load_model()
        other.model_file = False
        with self.assertRaisesRegex(UserError, "keeps no model"):
            other._load_model()

    def test_model_files_are_for_mining_managers(self):
        self.assertTrue(self.run_published.with_user(self.manager).model_file)
        with self.assertRaises(AccessError):
            self.run_published.with_user(self.manager).model_file = base64.b64encode(b"x")
        with self.assertRaises(AccessError):
            self.run_published.with_user(self.user).read(["model_file"])
        files = (
            self.env["ir.attachment"]
            .sudo()
            .search([("res_model", "=", "logistics.mining.run"), ("res_field", "=", "model_file")])
        )
        self.assertTrue(files)
        for user in (self.user, self.seller):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                files.with_user(user).read(["datas"])

    def test_erasing_a_lead_erases_its_scores(self):
        self.assertTrue(self._get_scores(self.lead))
        ids = self.lead.ids
        self.lead.unlink()
        self.assertFalse(
            self.scores.search([("res_model", "=", "crm.lead"), ("res_id", "in", ids)])
        )

    def test_nobody_types_a_chance(self):
        for user in (self.user, self.manager):
            for values in ({"win_probability": 0.9}, {"win_band": "high"}):
                with self.subTest(user=user.login), self.assertRaises(AccessError):
                    self.lead.with_user(user).write(values)
        leads = self.env["crm.lead"].with_user(self.user)
        with self.assertRaises(AccessError):
            leads.create({"name": "Mine", "win_probability": 0.9})
        given = leads.with_context(default_win_probability=0.97, default_company_id=False)
        self.assertNotEqual(given.create({"name": "Mine"}).win_probability, 0.97)
        self.assertTrue(self.lead.with_user(self.user).copy())

    def test_users_see_chances_of_the_leads_they_see(self):
        own = self.open.filtered(lambda one: one.user_id == self.user)
        taken = self.open[-1]
        taken.user_id = self.manager
        scores = self.scores.with_user(self.user).search([("lead_id", "!=", False)])
        self.assertEqual(scores.lead_id, self.open - taken)
        self.assertLess(own, scores.lead_id)
        with self.assertRaises(AccessError):
            taken.with_user(self.user).read(["win_probability"])
        rows = self.env["logistics.api"].with_user(self.user).scores("lead")
        self.assertEqual({row["res_id"] for row in rows}, set((self.open - taken).ids))

    def test_sellers_outside_logistics_save_leads_and_see_no_chance(self):
        lead = self.lead.with_user(self.seller)
        before = self.lead.win_probability
        lead.referred = "Somebody"
        self.assertGreater(self.lead.win_probability, before)
        for name in ("win_probability", "win_band", "win_date", "win_reasons"):
            with self.subTest(field=name), self.assertRaises(AccessError):
                lead.read([name])
        self.assertNotIn("win_probability", lead.get_view(view_type="form")["arch"])

    def test_customers_in_the_portal_see_nothing(self):
        portal = new_test_user(self.env, "lead_portal", "base.group_portal")
        self.lead.partner_id = portal.partner_id
        with self.assertRaises(AccessError):
            self.lead.with_user(portal).read(["win_probability"])
        with self.assertRaises(AccessError):
            self._get_scores(self.lead).with_user(portal).read(["value"])

    def test_a_batch_costs_as_many_queries_as_one_lead(self):
        self.env.flush_all()
        self.lead.write({"referred": "A"})  # the model is loaded once
        self.env.flush_all()
        counts = []
        for leads in (self.open[:1], self.open):
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            leads._refresh_win_chance()
            counts.append(self.env.cr.sql_log_count - start)
        self.assertEqual(counts[0], counts[1])
        with self.assertQueryCount(8):
            self.open._refresh_win_chance()
            self.env.flush_all()

    def test_without_a_published_run_leads_cost_no_query_more(self):
        lead = self.env["crm.lead"].create({"name": "X", "company_id": self.other_company.id})
        self.run_published.is_newest = False
        self.env.flush_all()
        self.env.registry.clear_cache()
        self.env["crm.lead"]._get_win_runs()
        with self.assertQueryCount(0):
            lead._refresh_win_chance()

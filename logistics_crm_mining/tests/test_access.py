from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .common import MiningCase

USER = "logistics_crm.group_logistics_user"
OFFICER = "logistics_crm.group_logistics_officer"
MANAGER = "logistics_crm_mining.group_mining_manager"


@tagged("post_install", "-at_install")
class TestMiningAccess(MiningCase):
    """Who sees which scores, and who may run, publish and configure."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user = cls._create_user("own", USER)
        cls.officer = cls._create_user("officer", OFFICER)
        cls.manager = cls._create_user("scoring-manager", MANAGER)
        cls.employee = cls._create_user("employee", "base.group_user")
        cls.dispatcher = cls._create_user("dispatcher", "logistics_crm_scm.group_dispatcher")
        cls.customers = cls._create_customers(60)
        cls.own = cls.customers[:5]
        cls.own.user_id = cls.user
        cls.portal = new_test_user(cls.env, "portal", "base.group_portal")
        cls.portal.partner_id.parent_id = cls.customers[0]
        cls._make_history(cls.customers)
        cls._make_history(cls.customers, company=cls.other_company)
        cls.run_published = cls._score_directly(cls.segment_task)
        cls.run_elsewhere = cls._score_directly(cls.segment_task, cls.other_company)
        cls.segment_task.min_customers = 61
        cls.run_unpublished = cls._score_directly(cls.segment_task)

    def _get_scored(self, user):
        return self.env["logistics.mining.score"].with_user(user).search([]).partner_id

    def test_user_sees_scores_of_own_customers_only(self):
        self.assertEqual(self._get_scored(self.user), self.own)

    def test_officer_sees_all_scores_of_the_company(self):
        self.assertEqual(self._get_scored(self.officer), self.customers)

    def test_scores_of_another_company_are_hidden(self):
        for user in (self.user, self.officer, self.manager):
            scores = self.env["logistics.mining.score"].with_user(user).search([])
            self.assertEqual(scores.company_id, self.company)

    def test_unpublished_scores_are_for_mining_managers(self):
        self.run_published.published = False
        self.assertFalse(self._get_scored(self.user))
        self.assertFalse(self._get_scored(self.officer))
        self.assertEqual(self._get_scored(self.manager), self.customers)

    def test_others_see_no_scores(self):
        for user in (self.employee, self.dispatcher, self.portal):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self._get_scored(user)
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.env["logistics.api"].with_user(user).scores("segment")

    def test_customers_in_the_portal_do_not_read_what_they_are_worth(self):
        company = self.customers[0].with_user(self.portal)
        company.check_access("read")
        for name in ("segment_id", "probability_alive", "clv_12m", "segment_reasons"):
            with self.subTest(field=name), self.assertRaises(AccessError):
                company.read([name])

    def test_who_may_not_read_what_is_kept_from_them_may_not_search_by_it(self):
        kept = ["segment_color", "is_held_out"]  # searched by a method, not by a column
        for model in ("res.partner", "res.users"):
            for user in (self.employee, self.portal):
                for domain in ([(name, op, True)] for name in kept for op in ("=", "!=")):
                    case = self.subTest(model=model, user=user.login, domain=domain)
                    with case, self.assertRaises(AccessError):
                        self.env[model].with_user(user).search(domain)
        with self.assertRaises(AccessError):
            self.customers.with_user(self.portal).search([("parent_id.is_held_out", "=", True)])

    def test_users_and_the_system_search_by_who_is_held_out(self):
        partners = self.env["res.partner"]
        nobody = [("is_held_out", "=", True), ("id", "in", self.own.ids)]
        for searching in (
            partners,
            partners.with_user(self.user),
            partners.with_user(self.portal).sudo(),
        ):
            self.assertFalse(searching.search(nobody))
        # as Odoo's own Boolean fields take it: a text that says neither yes nor no is no
        self.assertEqual(
            partners.search([("is_held_out", "=", "x"), ("id", "in", self.own.ids)]), self.own
        )

    def test_employees_outside_logistics_do_not_read_scores_on_customers(self):
        partner = self.customers[0].with_user(self.employee)
        partner.check_access("read")
        with self.assertRaises(AccessError):
            partner.read(["clv_12m"])

    def test_only_mining_managers_see_runs(self):
        runs = self.env["logistics.mining.run"]
        self.assertEqual(
            runs.with_user(self.manager).search([]), self.run_unpublished | self.run_published
        )
        for user in (self.user, self.officer, self.portal):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                runs.with_user(user).search([])
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.env["logistics.api"].with_user(user).mining_run(self.run_published.id)

    def test_only_mining_managers_run(self):
        for user in (self.user, self.officer, self.employee, self.portal):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.env["logistics.api"].with_user(user).run_mining("segment")
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.segment_task.with_user(user).action_run_now()

    def test_only_mining_managers_cancel_and_publish(self):
        run = self.clv_task._queue(self.company)
        for user in (self.user, self.officer):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                run.with_user(user).action_cancel()
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.run_published.with_user(user).action_publish()
        self.assertEqual(run.state, "queued")

    def test_mining_manager_cannot_publish_for_another_company(self):
        with self.assertRaises(AccessError):
            self.run_elsewhere.with_user(self.manager).action_publish()
        with self.assertRaises(AccessError):
            self.run_elsewhere.with_user(self.manager).action_cancel()

    def test_nobody_writes_runs_and_scores_by_hand(self):
        score = self.env["logistics.mining.score"].search([], limit=1)
        for user in (self.user, self.officer, self.manager):
            for record in (self.run_published, score):
                with self.subTest(user=user.login), self.assertRaises(AccessError):
                    record.with_user(user).write({"company_id": self.company.id})
                with self.subTest(user=user.login), self.assertRaises(AccessError):
                    record.with_user(user).unlink()

    def test_only_mining_managers_configure(self):
        for user in (self.user, self.officer):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.segment_task.with_user(user).runs_kept = 3
        self.segment_task.with_user(self.manager).runs_kept = 3
        self.assertEqual(self.segment_task.runs_kept, 3)

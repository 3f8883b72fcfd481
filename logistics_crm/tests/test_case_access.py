from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .case_common import CaseCase


@tagged("post_install", "-at_install")
class TestCaseAccess(CaseCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.foreign = cls._create_customer("Foreign", user_id=cls.other_user.id)
        cls.team = cls._create_customer("Team's")
        agent = cls._create_employee("Agent", cls.user)
        cls.env["logistics.account.member"].create(
            {"partner_id": cls.team.id, "role_id": cls.role.id, "employee_id": agent.id}
        )
        company = cls.env["res.company"].create({"name": "Elsewhere"})
        cls.own = cls._open()
        cls.of_team = cls._open(partner_id=cls.team.id)
        cls.to_answer = cls._open(partner_id=cls.foreign.id, employee_id=agent.id)
        cls.hidden = cls._open(partner_id=cls.foreign.id)
        cls.unknown = cls._open(partner_id=False)
        cls.elsewhere = cls._open(company_id=company.id)
        cls.everything = (
            cls.own + cls.of_team + cls.to_answer + cls.hidden + cls.unknown + cls.elsewhere
        )

    def _get_seen(self, user):
        return self.cases.with_user(user).search([("id", "in", self.everything.ids)], order="id")

    def test_a_user_sees_cases_of_own_customers_and_those_to_answer(self):
        self.assertEqual(self._get_seen(self.user), self.own + self.of_team + self.to_answer)
        for case in self.hidden + self.unknown:
            with self.assertRaises(AccessError):
                case.with_user(self.user).name = "Mine now"

    def test_nobody_writes_what_a_case_says_of_itself(self):
        later = "2099-01-01 00:00:00"
        for user in (self.user, self.manager):
            for name, value in {
                "code": "X",
                "commercial_partner_id": self.foreign.id,
                "state": "closed",
                "user_id": self.other_user.id,
                "sla_policy_id": False,
                "first_response_deadline": later,
                "resolution_deadline": later,
                "first_response_date": later,
                "resolution_date": later,
                "sla_state": "met",
                "escalation_level": 0,
                "merged_into_id": self.of_team.id,
                "external_id": "mine",
            }.items():
                with self.subTest(name=name), self.assertRaises(AccessError):
                    self.own.with_user(user).write({name: value})

    def test_nobody_opens_a_case_with_what_it_will_say_of_itself(self):
        for name, value in {"follow_up_of_id": self.hidden.id, "sla_state": "met"}.items():
            with self.subTest(name=name), self.assertRaises(AccessError):
                self.cases.with_user(self.user).create(
                    {"name": "Mine", "partner_id": self.customer.id, name: value}
                )

    def test_who_answers_a_case_works_on_it(self):
        case = self.own.with_user(self.user)
        case.write({"severity": "high", "category_id": self.category.id})
        case.action_wait()
        case.action_start()
        case.action_solve()
        self.assertTrue(case.resolution_date)
        case.action_reopen()
        self.assertFalse(case.resolution_date)
        case._merge_into(self.of_team.with_user(self.user), other_customers=True)
        self.assertEqual(case.merged_into_id, self.of_team)

    def test_who_answers_a_case_reads_its_customer(self):
        case = self.to_answer.with_user(self.user)
        self.assertEqual(case.partner_id.read(["name"])[0]["name"], "Foreign")
        with self.assertRaises(AccessError):
            case.partner_id.write({"city": "Ghent"})

    def test_officers_and_managers_see_all_cases_of_their_companies(self):
        for user in (self.officer, self.manager):
            self.assertEqual(self._get_seen(user), self.everything - self.elsewhere)

    def test_others_see_none(self):
        for user in (self.internal_user, self.portal_user, self.env.ref("base.public_user")):
            with self.assertRaises(AccessError):
                self.own.with_user(user).read(["employee_id"])

    def test_pauses_are_seen_with_their_case_and_changed_by_nobody(self):
        for case in self.own + self.hidden:
            case._move_to("waiting")
        pauses = self.env["logistics.case.pause"]
        mine = [("case_id", "in", (self.own + self.hidden).ids)]
        self.assertEqual(pauses.with_user(self.user).search(mine).case_id, self.own)
        self.assertEqual(len(pauses.with_user(self.officer).search(mine)), 2)
        for user in (self.user, self.manager):
            with self.assertRaises(AccessError):
                self.own.pause_ids.with_user(user).date_start = "2026-01-01"

    def test_policies_of_other_companies_are_hidden(self):
        policy = self.policies.create(
            {"name": "Elsewhere", "company_id": self.elsewhere.company_id.id}
        )
        seen = self.policies.with_user(self.manager).search([("id", "in", policy.ids)])
        self.assertFalse(seen)

    def test_only_a_manager_deletes_cases_and_codes_do_not_come_again(self):
        with self.assertRaises(AccessError):
            self.own.with_user(self.officer).unlink()
        code = self.own.code
        self.own.with_user(self.manager).unlink()
        self.assertGreater(self._open().code, code)

    def test_a_user_opens_and_solves_a_case_of_their_customer(self):
        cases = self.cases.with_user(self.user)
        case = cases.create({"name": "New", "partner_id": self.customer.id})
        case.action_start()
        case.action_wait()
        case.action_solve()
        case.action_close()
        self.assertEqual(case.state, "closed")
        case.action_reopen()
        case.action_route()
        case.action_cancel()
        self.assertEqual(case.state, "cancelled")

    def test_a_state_without_stage_is_explained(self):
        self.env["logistics.case.stage"].search([("state", "=", "waiting")]).active = False
        with self.assert_refused(UserError, "no stage"):
            self.own.with_user(self.user).action_wait()

    def test_the_customer_shows_its_open_cases(self):
        contact = self.env["res.partner"].create({"name": "Ann", "parent_id": self.customer.id})
        self._open(partner_id=contact.id)
        done = self._open()
        done._move_to("solved")
        for partner in self.customer + contact:
            self.assertEqual(partner.with_user(self.officer).open_case_count, 2)
        action = contact.with_user(self.officer).action_view_cases()
        self.assertEqual(len(self.cases.with_user(self.officer).search(action["domain"])), 3)

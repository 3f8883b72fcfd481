from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import TransactionCase, tagged

from .common import LogisticsUsersMixin

NUMBER = "+86 10 6552 9988"


@tagged("post_install", "-at_install")
class TestApiCall(LogisticsUsersMixin, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_users()
        cls.customer = cls._create_customer("Lotus", user_id=cls.user.id)
        cls.contact = cls.env["res.partner"].create(
            {"name": "Li Na", "parent_id": cls.customer.id, "phone": NUMBER}
        )

    def _log(self, user=None, **values):
        api = self.env["logistics.api"].with_user(user or self.officer)
        return api.log_call({"number": NUMBER, **values})

    def _get_call(self, answer):
        return self.env["logistics.call"].browse(answer["call"])

    def test_answer_tells_who_calls_and_what_is_open(self):
        case = self.env["logistics.case"].create({"name": "Wet", "partner_id": self.contact.id})
        order = self.env["sale.order"].create({"partner_id": self.customer.id, "state": "sent"})
        answer = self._log()
        self.assertEqual(answer["customer"], self.customer.id)
        self.assertEqual(answer["name"], "Lotus")
        self.assertEqual(answer["code"], self.customer.customer_code)
        self.assertEqual(answer["contact"], "Li Na")
        self.assertEqual(answer["salesperson"], self.user.name)
        self.assertEqual(answer["number"], "+861065529988")
        self.assertEqual([row["code"] for row in answer["open_cases"]], [case.code])
        self.assertEqual([row["code"] for row in answer["open_orders"]], [order.name])
        self.assertEqual((answer["candidates"], answer["to_return"]), ([], False))

    def test_unknown_number_is_logged_without_customer(self):
        answer = self._log(number="+86 10 5550 0000", outcome="missed")
        self.assertEqual(
            [answer[key] for key in ("customer", "name", "code", "contact", "salesperson")],
            [False] * 5,
        )
        self.assertTrue(answer["to_return"])
        self.assertNotIn(None, answer.values())

    def test_number_of_two_customers_gives_both_as_candidates(self):
        jade = self._create_customer("Jade", phone=NUMBER)
        answer = self._log()
        self.assertFalse(answer["customer"])
        self.assertEqual(
            {row["code"] for row in answer["candidates"]},
            {jade.customer_code, self.customer.customer_code},
        )

    def test_number_of_a_company_tells_no_contact(self):
        self.customer.phone = "+86 10 6552 7777"
        answer = self._log(number=self.customer.phone)
        self.assertEqual((answer["name"], answer["contact"]), ("Lotus", False))

    def test_call_about_a_merged_case_is_on_the_one_that_goes_on(self):
        cases = self.env["logistics.case"].create(
            [{"name": name, "partner_id": self.customer.id} for name in ("Wet", "Still wet")]
        )
        cases[1].with_user(self.officer)._merge_into(cases[0].with_user(self.officer))
        for case in (cases[1].code, cases[1].id):
            self.assertEqual(self._get_call(self._log(case=case)).case_id, cases[0])

    def test_user_logs_a_call_of_a_customer_whom_they_do_not_serve(self):
        jade = self._create_customer("Jade", phone="+86 10 6552 0002", user_id=self.officer.id)
        self.env["sale.order"].create({"partner_id": jade.id, "user_id": self.user.id})
        self.env.flush_all()
        answer = self._log(self.user, number=jade.phone, outcome="missed", external_id="A-9")
        self.assertEqual((answer["customer"], answer["to_return"]), (jade.id, True))
        again = self._log(self.user, number=jade.phone, outcome="voicemail", external_id="A-9")
        self.assertEqual((again["call"], again["duplicate"]), (answer["call"], True))

    def test_clock_that_is_a_little_fast_leaves_no_call_in_the_queue(self):
        soon = fields.Datetime.now() + timedelta(minutes=5)
        missed = self._get_call(self._log(start=soon.isoformat(), outcome="missed"))
        self.assertLessEqual(missed.start, fields.Datetime.now())
        self._log(outcome="answered", direction="out")
        self.assertFalse(missed.to_return)

    def test_values_are_on_the_call(self):
        case = self.env["logistics.case"].create({"name": "Wet", "partner_id": self.customer.id})
        answer = self._log(
            direction="out",
            agent=self.officer.login,
            start="2026-01-31T14:05:00+08:00",
            duration=90,
            outcome="answered",
            note="Credit note\npromised",
            case=case.code,
        )
        call = self._get_call(answer)
        self.assertEqual((call.direction, call.user_id), ("out", self.officer))
        self.assertEqual(call.start, fields.Datetime.to_datetime("2026-01-31 06:05:00"))
        self.assertAlmostEqual(call.duration * 3600, 90)
        self.assertEqual(call.case_id, case)

    def test_agent_is_found_by_the_employee_number(self):
        self.env["hr.employee"].create(
            {"name": "Olga", "user_id": self.officer.id, "work_phone": "204"}
        )
        self.assertEqual(self._get_call(self._log(agent="204")).user_id, self.officer)

    def test_call_is_completed_by_its_key_when_it_is_over(self):
        ringing = self._log(external_id="A-1", agent=self.officer.login)
        self.assertFalse(ringing["duplicate"])
        over = self._log(external_id="A-1", outcome="answered", duration=61, note="Asked for ETA")
        self.assertEqual(over, {**ringing, "duplicate": True})
        call = self._get_call(over)
        self.assertEqual((call.outcome, call.note), ("answered", "Asked for ETA"))
        self.assertEqual(call.user_id, self.officer)
        again = self._log(external_id="A-1", outcome="answered", duration=61)
        self.assertEqual((again, call.note), (over, "Asked for ETA"))

    def test_call_is_shown_in_the_conversation_of_its_case_once(self):
        case = self.env["logistics.case"].create({"name": "Wet", "partner_id": self.customer.id})
        count = len(case.message_ids)
        self._log(external_id="A-1", case=case.id)
        self.assertEqual(len(case.message_ids), count)
        for note in ("Wet boxes <3", "Wet boxes, photos follow"):
            self._log(external_id="A-1", outcome="answered", duration=200, note=note)
            self.assertEqual(len(case.message_ids), count + 1)
        self.assertIn("photos follow", case.message_ids[0].body)
        self.assertIn("3:20", case.message_ids[0].body)

    def test_profile_pops_up_once_for_the_agent_of_an_incoming_call(self):
        sent = []

        def send(_users, notification_type, message, /, *, subchannel=None):
            sent.append((notification_type, message))

        with patch.object(type(self.env["res.users"]), "_bus_send", send):
            self._log(external_id="A-1", agent=self.officer.login)
            self._log(external_id="A-1", agent=self.officer.login, outcome="answered")
            self._log(direction="out", agent=self.officer.login)
            self._log(agent=self.officer.login, start="2020-01-01T00:00:00Z")
            self._log()
        [(notification_type, message)] = sent
        self.assertEqual(notification_type, "logistics_crm.call")
        self.assertEqual((message["name"], message["contact"]), ("Lotus", "Li Na"))

    def test_pop_up_shows_no_customer_whom_the_agent_may_not_see(self):
        call = self._get_call(self._log(agent=self.other_user.login))
        payload = call._prepare_pop_up()
        self.assertEqual((payload["customer"], payload["name"]), (False, False))
        self.assertEqual(payload["number"], NUMBER)

    def test_user_learns_nothing_of_a_foreign_customer(self):
        answer = self._log(self.other_user)
        self.assertEqual((answer["customer"], answer["candidates"]), (False, []))

    def test_what_is_wrong_is_named_and_nothing_is_written(self):
        count = self.env["logistics.call"].search_count([])
        for field, value in [
            ("number", ""),
            ("number", 86),
            ("direction", "sideways"),
            ("agent", "nobody"),
            ("agent", self.portal_user.login),
            ("start", "yesterday"),
            ("start", 5),
            ("start", "2500-01-01T00:00:00Z"),
            ("duration", -5),
            ("duration", 24 * 3600 + 1),
            ("duration", 1_764_000_000),
            ("outcome", "busy"),
            ("case", "CS000000"),
            ("customer", "C000000"),
            ("external_id", 5),
            ("colour", "red"),
            ("number", "\0"),
            ("number", "5" * 1000),
            ("agent", "\0"),
            ("agent", "\ud800"),
            ("case", "\0"),
            ("external_id", "x" * 10_000),
            ("note", "x" * 100_001),
        ]:
            with (
                self.subTest(field=field, value=value),
                self.assert_refused(UserError, f"“{field}”"),
            ):
                self._log(**{field: value})
        self.assertEqual(self.env["logistics.call"].search_count([]), count)

    def test_who_may_not_log_calls_is_refused(self):
        for user in (self.internal_user, self.portal_user, self.env.ref("base.public_user")):
            with self.assertRaises(AccessError):
                self._log(user)

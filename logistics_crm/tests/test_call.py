from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import Form, TransactionCase, tagged

from .common import LogisticsUsersMixin

NUMBER = "+86 10 6552 9988"


@tagged("post_install", "-at_install")
class TestCall(LogisticsUsersMixin, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_users()
        cls.calls = cls.env["logistics.call"]
        cls.customer = cls._create_customer("Lotus", phone=NUMBER, user_id=cls.user.id)
        cls.now = fields.Datetime.now()

    def _log(self, outcome="missed", minutes=0, **values):
        values = {"number": NUMBER, "outcome": outcome, **values}
        return self.calls.create({"start": self.now + timedelta(minutes=minutes), **values})

    def test_caller_is_found_by_the_number(self):
        call = self._log(number="008610 6552-9988")
        self.assertEqual(call.number_normalized, "+861065529988")
        self.assertEqual(call.partner_id, self.customer)
        self.assertEqual(call.display_name, "Call from Lotus")

    def test_number_of_two_customers_names_none_of_them(self):
        self._create_customer("Jade", phone=NUMBER)
        self.assertFalse(self._log().partner_id)

    def test_caller_is_found_while_typing(self):
        with Form(self.calls.with_user(self.officer)) as form:
            form.number = NUMBER
            self.assertEqual(form.partner_id, self.customer)

    def test_many_calls_cost_as_many_queries_as_one(self):
        self._log()
        self.env.flush_all()
        with self.assertQueryCount(14):
            self.calls.create([{"number": f"+8610655200{n}"} for n in range(60)])
            self.env.flush_all()

    def test_missed_call_waits_until_it_is_returned(self):
        for outcome, waits in [
            ("missed", True),
            ("voicemail", True),
            ("callback", True),
            ("answered", False),
            (False, False),
        ]:
            with self.subTest(outcome=outcome):
                self.assertEqual(self._log(outcome).to_return, waits)
        self.assertFalse(self._log(direction="out").to_return)

    def test_user_writes_over_no_message_by_a_call(self):
        case = self.env["logistics.case"].create({"name": "Wet", "partner_id": self.customer.id})
        message = case.message_post(body="Said so", author_id=self.customer.id)
        calls = self.calls.with_user(self.user)
        values = {"number": NUMBER, "outcome": "answered", "case_id": case.id, "note": "No"}
        with self.assertRaises(AccessError):
            calls.create({**values, "case_message_id": message.id})
        call = calls.create(values)
        self.assertIn("No", call.case_message_id.body)
        with self.assertRaises(AccessError):
            call.write({"case_message_id": message.id, "note": "Never"})
        self.assertIn("Said so", message.body)

    def test_call_without_number_cannot_be_returned(self):
        self.assertFalse(self._log(number="anonymous").to_return)

    def test_speaking_to_the_caller_empties_the_queue(self):
        missed = self._log() + self._log("voicemail", 5)
        later, stranger = self._log(minutes=30), self._log(number="+86 10 6552 0001")
        answered = self._log("answered", 10, direction="out", user_id=self.officer.id)
        self.assertEqual(missed.mapped("to_return"), [False, False])
        self.assertEqual(missed.returned_user_id, self.officer)
        self.assertEqual(set(missed.mapped("returned_date")), {answered.start})
        self.assertTrue(later.to_return and stranger.to_return)

    def test_call_that_ends_as_answered_empties_the_queue(self):
        missed = self._log()
        ringing = self._log(False, 10)
        self.assertTrue(missed.to_return)
        ringing.outcome = "answered"
        self.assertFalse(missed.to_return)

    def test_agent_takes_a_call_and_marks_it_as_done(self):
        call = self._log().with_user(self.officer)
        call.action_take()
        self.assertEqual(call.user_id, self.officer)
        call.action_returned()
        self.assertFalse(call.to_return)
        self.assertEqual(call.returned_user_id, self.officer)

    def test_click_opens_the_profile_or_else_the_call(self):
        action = self._log().with_user(self.officer).action_open_caller()
        self.assertEqual((action["res_model"], action["res_id"]), ("res.partner", self.customer.id))
        call = self._log(number="+86 10 6552 0001")
        action = call.with_user(self.officer).action_open_caller()
        self.assertEqual((action["res_model"], action["res_id"]), ("logistics.call", call.id))

    def test_user_logs_a_call_of_a_caller_whom_they_see_and_do_not_serve(self):
        jade = self._create_customer("Jade", phone="+86 10 6552 0002", user_id=self.officer.id)
        order = self.env["sale.order"].create({"partner_id": jade.id, "user_id": self.user.id})
        self.env.flush_all()
        supplier = self.env["res.partner"].create({"name": "Iron", "phone": "+86 10 6552 0003"})
        calls = self.calls.with_user(self.user)
        for partner in order.partner_id + supplier:
            with self.subTest(partner=partner.name):
                with Form(calls) as form:
                    form.number = partner.phone
                    form.outcome = "missed"
                call = form.record
                self.assertEqual((call.partner_id, call.to_return), (partner, True))
                call.action_returned()

    def test_users_see_calls_of_those_who_are_no_customers(self):
        supplier = self.env["res.partner"].create({"name": "Iron", "phone": "+86 10 6552 0003"})
        call = self._log(number=supplier.phone)
        self.assertEqual(call.partner_id, supplier)
        self.assertEqual(self._get_seen(self.user, call), call)

    def test_user_sees_calls_of_own_customers_own_ones_and_unknown_ones(self):
        own, unknown = self._log(), self._log(number="+86 10 6552 0001")
        foreign = self._log(partner_id=self._create_customer("Jade").id)
        self.env.invalidate_all()
        everything = own + unknown + foreign
        self.assertEqual(self._get_seen(self.user, everything), own + unknown)
        self.assertEqual(self._get_seen(self.other_user, everything), unknown)
        self.assertEqual(self._get_seen(self.officer, everything), everything)
        foreign.user_id = self.user
        self.assertEqual(self._get_seen(self.user, everything), everything)
        self.assertEqual(foreign.with_user(self.user).display_name, "Call from Jade")
        self.assertEqual(
            foreign.with_user(self.user).action_open_caller()["res_model"], "logistics.call"
        )

    def test_nobody_else_sees_calls(self):
        call = self._log()
        for user in (self.internal_user, self.portal_user, self.env.ref("base.public_user")):
            with self.assertRaises(AccessError):
                call.with_user(user).read(["number"])

    def test_calls_of_another_company_stay_hidden(self):
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        call = self._log(company_id=elsewhere.id)
        self.assertFalse(self._get_seen(self.manager, call))

    def _get_seen(self, user, calls):
        return self.calls.with_user(user).search([("id", "in", calls.ids)]).sorted("id")

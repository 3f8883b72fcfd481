from datetime import timedelta

from freezegun import freeze_time
from markupsafe import Markup

from odoo.tests import Form, tagged

from .case_common import MONDAY, CaseCase


@tagged("post_install", "-at_install")
class TestCaseConversation(CaseCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.agent = cls._create_employee("Agent", cls.user)
        cls.contact = cls.env["res.partner"].create(
            {"name": "Ann", "parent_id": cls.customer.id, "email": "ann@harbour.example"}
        )
        cls.case = cls._open(partner_id=cls.contact.id, employee_id=cls.agent.id)

    def _answer(self, hours=1, user=None, case=None, **values):
        """Write to the customer from the case, as staff does."""
        words = {
            "body": "It is on its way.",
            "message_type": "comment",
            "subtype_xmlid": "mail.mt_comment",
            "partner_ids": self.contact.ids,
            **values,
        }
        with freeze_time(MONDAY + timedelta(hours=hours)):
            return (case or self.case).with_user(user or self.user).message_post(**words)

    def _reply(self, hours=2, case=None, **values):
        """Have the customer answer by mail."""
        with freeze_time(MONDAY + timedelta(hours=hours)):
            return (case or self.case).message_post(
                **{
                    "body": "Still waiting.",
                    "author_id": self.contact.id,
                    "message_type": "email",
                    "subtype_xmlid": "mail.mt_comment",
                    **values,
                }
            )

    # ------------------------------------------------------------------ we answer

    def test_the_first_message_to_the_customer_is_the_first_response(self):
        message = self._answer()
        self._answer(hours=3)
        self.assertEqual(self.case.first_response_date, message.date)
        self.assertEqual(self.case.response_hours, 1)
        self.assertEqual(self.case.state, "open")
        self.assertFalse(self.case.is_response_late)

    def test_a_late_answer_is_noted_and_the_solution_runs_on(self):
        self._answer(hours=6)
        self.assertTrue(self.case.is_response_late)
        self.assertEqual(self.case.sla_state, "running")

    def test_a_note_or_a_word_among_us_is_no_response(self):
        self._answer(subtype_xmlid="mail.mt_note", partner_ids=[])
        self._answer(partner_ids=self.officer.partner_id.ids)
        self.assertFalse(self.case.first_response_date)
        self.assertEqual(self.case.state, "new")

    def test_who_answers_a_free_case_takes_it(self):
        case = self._open()
        self._answer(case=case, user=self.user)
        self.assertEqual(case.employee_id, self.agent)

    # ------------------------------------------------------------------ the customer answers

    def test_an_answer_of_the_customer_ends_the_waiting(self):
        self._move(self.case, "waiting", MONDAY + timedelta(hours=1))
        self._reply(hours=2)
        self.assertEqual(self.case.state, "open")
        self.assertEqual(self.case.resolution_deadline, MONDAY + timedelta(days=2, hours=1))

    def test_an_answer_of_the_customer_reopens_a_solved_case(self):
        self._move(self.case, "solved", MONDAY)
        self._reply()
        self.assertEqual(self.case.state, "open")
        self.assertFalse(self.case.resolution_date)

    def test_a_portal_user_may_reopen_by_answering(self):
        self.portal_user.partner_id.parent_id = self.customer
        self._move(self.case, "solved", MONDAY)
        self._reply(author_id=self.portal_user.partner_id.id, message_type="comment")
        self.assertEqual(self.case.state, "open")

    def test_an_answer_to_a_closed_case_opens_one_that_follows_it(self):
        self._move(self.case, "closed", MONDAY)
        attachment = self.env["ir.attachment"].create({"name": "photo.txt", "raw": b"dent"})
        self._reply(attachment_ids=attachment.ids)
        follow_up = self.case.linked_case_ids
        self.assertEqual(self.case.state, "closed")
        self.assertEqual(follow_up.follow_up_of_id, self.case)
        self.assertEqual(follow_up.linked_case_ids, self.case)
        self.assertEqual((follow_up.state, follow_up.channel), ("new", "mail"))
        self.assertEqual(follow_up.partner_id, self.contact)
        self.assertIn("Still waiting.", follow_up.description)
        self.assertIn("Answered after closing", self.case.message_ids[0].body)
        copied = self.env["ir.attachment"].search(
            [("res_model", "=", "logistics.case"), ("res_id", "=", follow_up.id)]
        )
        self.assertEqual((copied.name, copied.raw), ("photo.txt", b"dent"))

    def test_the_follow_up_keeps_the_bare_address_of_who_answered(self):
        self._move(self.case, "closed", MONDAY)
        self._reply(author_id=False, email_from='"Ann" <Ann@Home.example>')
        self.assertEqual(self.case.linked_case_ids.partner_email, "ann@home.example")

    def test_further_answers_to_a_closed_case_go_on_in_the_same_follow_up(self):
        self._move(self.case, "closed", MONDAY)
        self._reply()
        self._reply(hours=3, body="Hello?")
        follow_up = self.case.linked_case_ids
        self.assertEqual(len(follow_up), 1)
        self.assertIn("Hello?", " ".join(follow_up.message_ids.mapped("body")))

    def test_a_mail_from_an_unknown_address_is_an_answer_too(self):
        self._move(self.case, "waiting", MONDAY)
        self._reply(author_id=False, email_from="ann@home.example")
        self.assertEqual(self.case.state, "open")

    def test_a_note_of_ours_changes_nothing(self):
        self._move(self.case, "solved", MONDAY)
        self._answer(subtype_xmlid="mail.mt_note", partner_ids=[])
        self.assertEqual(self.case.state, "solved")

    # ------------------------------------------------------------------ what comes in

    def test_script_in_mail_and_description_is_taken_out(self):
        evil = "<p>Hi<script>alert(1)</script><img src=x onerror=alert(1)></p>"
        case = self._open(description=evil + "<form><input name='pin'></form>")
        for html in (case.description, self._reply(body=Markup(evil)).body):
            self.assertIn("Hi", html)
            for bad in ("<script", "onerror=alert", "<form", "<input"):
                self.assertNotIn(bad, html.replace("&lt;", ""))

    def test_what_was_received_is_kept_and_what_is_known_filled_in(self):
        case = self._open(partner_id=self.contact.id)
        self.assertEqual(case.partner_email, "ann@harbour.example")
        other = self._open(partner_id=self.contact.id, partner_email="desk@harbour.example")
        self.assertEqual(other.partner_email, "desk@harbour.example")

    def test_a_user_opens_a_case_in_the_form(self):
        with Form(self.cases.with_user(self.user)) as form:
            form.name = "Pallet broken"
            form.partner_id = self.contact
            form.category_id = self.category
        case = form.record
        self.assertTrue(case.code.startswith("CS"))
        self.assertEqual(case.commercial_partner_id, self.customer)

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .case_common import CaseCase


@tagged("post_install", "-at_install")
class TestCaseAnswer(CaseCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.case = cls._open()
        cls.seen = cls.case.message_ids[:1].id

    def _send(self, user, seen=None, subtype="mail.mt_comment"):
        case = self.case.with_user(user).with_context(logistics_seen_message_id=seen or self.seen)
        return case.message_post(
            body="It is on its way.",
            message_type="comment",
            subtype_xmlid=subtype,
            partner_ids=self.customer.ids,
        )

    def test_the_second_of_two_who_answer_is_told_and_may_send_after_reading(self):
        first = self._send(self.user)
        with self.assert_refused(UserError, "Log User has answered this case in the meantime"):
            self._send(self.officer)
        self.assertTrue(self._send(self.officer, seen=first.id))

    def test_own_messages_notes_and_words_of_the_customer_stop_nobody(self):
        self._send(self.user)
        self._send(self.user)
        self.case.with_user(self.officer).message_post(body="Look", subtype_xmlid="mail.mt_note")
        self.assertTrue(self._send(self.user))
        self.assertTrue(self._send(self.officer, subtype="mail.mt_note"))
        self.case.message_post(
            body="Hello?",
            author_id=self.customer.id,
            message_type="email",
            subtype_xmlid="mail.mt_comment",
        )
        self.assertTrue(self._send(self.user))

    def test_who_begins_to_answer_hears_who_else_is_at_it(self):
        self.assertIs(self.case.with_user(self.user).get_newer_answer(self.seen), False)
        self.assertEqual(self.case.with_user(self.user).start_answering(), [])
        self.assertEqual(self.case.with_user(self.officer).start_answering(), ["Log User"])
        self.assertEqual(self.case.with_user(self.user).start_answering(), ["Log Officer"])

    def test_who_has_sent_is_no_longer_answering(self):
        self.case.with_user(self.user).start_answering()
        self._send(self.user)
        self.assertEqual(self.case.with_user(self.officer).start_answering(), [])

    def test_who_may_not_see_the_case_learns_nothing(self):
        for method, arguments in (("start_answering", ()), ("get_newer_answer", (self.seen,))):
            with self.assertRaises(AccessError):
                getattr(self.case.with_user(self.other_user), method)(*arguments)

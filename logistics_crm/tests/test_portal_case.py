import re

from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tests.common import JsonRpcException
from odoo.tools import mute_logger

from .common import LogisticsUsersMixin


@tagged("post_install", "-at_install")
class TestPortalCase(LogisticsUsersMixin, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lotus, cls.jade = cls._create_customer("Lotus"), cls._create_customer("Jade")
        cls.li = new_test_user(cls.env, "portal_li", "base.group_portal", name="Li Na")
        cls.li.partner_id.parent_id = cls.lotus
        cls.cases = cls.env["logistics.case"]
        cls.own, cls.foreign = cls.cases.create(
            [
                {"name": "Wet boxes", "partner_id": cls.lotus.id},
                {"name": "Secret of Jade", "partner_id": cls.jade.id},
            ]
        )
        cls.order = cls.env["sale.order"].create({"partner_id": cls.lotus.id, "state": "sale"})
        cls.foreign_order = cls.env["sale.order"].create(
            {"partner_id": cls.jade.id, "state": "sale"}
        )

    def setUp(self):
        super().setUp()
        self.authenticate("portal_li", "portal_li")

    def _get_hidden(self):
        page = self.url_open("/my/cases/new").text
        return dict(re.findall(r'name="(csrf_token|nonce)" value="([^"]+)"', page))

    def _send(self, hidden=None, files=None, **values):
        """Send the form for a new case; return the answer and the cases that it made."""
        before = self.cases.search([])
        data = {"name": "Help", "description": "Where is it?", "kind": "inquiry"}
        data |= {**(hidden or self._get_hidden()), **values}
        answer = self.url_open("/my/cases/new", data=data, files=files)
        return answer, self.cases.search([]) - before

    def test_list_and_page_show_the_cases_of_the_own_company(self):
        page = self.url_open("/my/cases").text
        self.assertIn("Wet boxes", page)
        self.assertNotIn("Secret of Jade", page)
        page = self.url_open(f"/my/cases/{self.own.id}").text
        self.assertIn(self.own.code, page)
        self.assertIn("o_portal_chatter", page)

    def test_list_is_searched_filtered_and_sorted(self):
        self.cases.create({"name": "Old matter", "partner_id": self.lotus.id}).action_close()
        for query, shown in [
            ("filterby=open", ["Wet boxes"]),
            ("filterby=done", ["Old matter"]),
            ("search=old", ["Old matter"]),
            (f"search={self.own.code}", ["Wet boxes"]),
            ("sortby=name", ["Old matter", "Wet boxes"]),
            ("sortby=no&filterby=no", ["Old matter", "Wet boxes"]),
            ("search=%00", ["Old matter", "Wet boxes"]),
        ]:
            with self.subTest(query=query):
                page = self.url_open(f"/my/cases?{query}").text
                found = [name for name in ("Old matter", "Wet boxes") if name in page]
                self.assertEqual(found, shown)

    def test_case_of_another_customer_leads_home_without_a_word_of_it(self):
        for path in (f"/my/cases/{self.foreign.id}", "/my/cases/999999"):
            answer = self.url_open(path)
            self.assertTrue(answer.url.endswith("/my"))
            self.assertNotIn("Secret", answer.text)
        answer = self.url_open(f"/my/cases/{self.foreign.id}?access_token=wrong")
        self.assertNotIn("Secret", answer.text)

    def test_visitor_needs_the_link_with_the_token(self):
        self.authenticate(None, None)
        self.assertIn("/web/login", self.url_open(f"/my/cases/{self.own.id}").url)
        self.assertIn("/web/login", self.url_open("/my/cases").url)
        link = self.own.get_portal_url()
        self.assertIn("Wet boxes", self.url_open(link).text)
        wrong = self.url_open(f"/my/cases/{self.own.id}?access_token=%C3%A9")
        self.assertIn("/web/login", wrong.url)

    def test_card_on_the_home_page_counts_open_cases(self):
        answer = self.make_jsonrpc_request("/my/counters", {"counters": ["logistics_case_count"]})
        self.assertEqual(answer["logistics_case_count"], 1)
        self.assertIn("/my/cases", self.url_open("/my").text)

    def test_form_opens_a_case_of_the_user(self):
        category = self.env["logistics.case.category"].create({"name": "Film", "severity": "high"})
        answer, case = self._send(
            category_id=category.id,
            order_id=self.order.id,
            description="<script>evil()</script>",
            files={"attachments": ("photo.png", b"1234", "image/png")},
        )
        self.assertIn(f"/my/cases/{case.id}", answer.url)
        self.assertEqual((case.partner_id, case.channel), (self.li.partner_id, "portal"))
        self.assertEqual((case.category_id, case.severity), (category, "high"))
        self.assertEqual(case.order_id, self.order)
        self.assertNotIn("<script", case.description)
        message = case.message_ids.filtered(lambda message: message.message_type == "comment")
        self.assertEqual(message.author_id, self.li.partner_id)
        self.assertEqual(message.attachment_ids.mapped("name"), ["photo.png"])

    def test_form_sent_twice_opens_one_case(self):
        hidden = self._get_hidden()
        _answer, case = self._send(hidden=hidden)
        answer, more = self._send(hidden=hidden)
        self.assertFalse(more)
        self.assertIn(f"/my/cases/{case.id}", answer.url)

    def test_order_of_another_customer_is_refused(self):
        answer, cases = self._send(order_id=self.foreign_order.id)
        self.assertFalse(cases)
        self.assertIn("choose again", answer.text)
        self.assertIn("Where is it?", answer.text)

    def test_file_of_30_megabytes_is_kept_and_a_larger_one_refused(self):
        files = {"attachments": ("film.mp4", b"x" * (30 << 20), "video/mp4")}
        _answer, case = self._send(files=files)
        self.assertEqual(case.message_ids.attachment_ids.file_size, 30 << 20)
        files = {"attachments": ("film.mp4", b"x" * (41 << 20), "video/mp4")}
        answer, cases = self._send(files=files)
        self.assertFalse(cases)
        self.assertIn("film.mp4 is too large", answer.text)
        self.assertIn("Where is it?", answer.text)

    def test_case_of_a_company_that_the_user_does_not_belong_to_is_hidden(self):
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        case = self.cases.create(
            {"name": "Elsewhere", "partner_id": self.lotus.id, "company_id": elsewhere.id}
        )
        self.assertTrue(self.url_open(f"/my/cases/{case.id}").url.endswith("/my"))

    def test_answer_is_posted_as_the_user_and_reaches_no_foreign_case(self):
        def post(case, token, body="Any news?"):
            return self.make_jsonrpc_request(
                "/mail/message/post",
                {
                    "thread_model": "logistics.case",
                    "thread_id": case.id,
                    "post_data": {"body": body, "message_type": "comment"},
                    "token": token,
                },
            )

        post(self.own, self.own._portal_ensure_token())
        self.assertEqual(self.own.message_ids[0].author_id, self.li.partner_id)
        self.assertIn("Any news?", self.own.message_ids[0].body)
        post(self.own, self.own._portal_ensure_token(), "<script>evil()</script>Still wet")
        self.assertNotIn("<script", self.own.message_ids[0].body)
        self.assertIn("Still wet", self.own.message_ids[0].body)
        count = len(self.foreign.message_ids)
        with self.assertRaises(JsonRpcException), mute_logger("odoo.http"):
            post(self.foreign, self.own.access_token)
        self.assertEqual(len(self.foreign.message_ids), count)

    def test_notes_and_calls_are_not_shown_to_the_customer(self):
        self.own.message_post(
            body="They are difficult", message_type="comment", subtype_xmlid="mail.mt_note"
        )
        self.own.message_post(
            body="We look into it", message_type="comment", subtype_xmlid="mail.mt_comment"
        )
        answer = self.make_jsonrpc_request(
            "/mail/chatter_fetch",
            {
                "thread_model": "logistics.case",
                "thread_id": self.own.id,
                "token": self.own._portal_ensure_token(),
            },
        )
        self.assertIn("We look into it", str(answer))
        self.assertNotIn("difficult", str(answer))

import re
from unittest.mock import patch

from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from ..controllers import contact_form
from .common import LogisticsUsersMixin

URL = "/logistics/contact"


@tagged("post_install", "-at_install")
class TestContactForm(LogisticsUsersMixin, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cases = cls.env["logistics.case"]
        cls.customer = cls._create_customer("Lotus", email="li@lotus.example")
        cls.values = {
            "partner_name": "Li Na",
            "partner_email": "li@lotus.example",
            "kind": "claim",
            "name": "Torn film",
            "description": "One pallet\n<b>torn</b>",
        }

    def setUp(self):
        super().setUp()
        self.startPatcher(patch.object(contact_form, "LEAST_SECONDS", 0))

    def _open(self, url=URL):
        page = self.url_open(url).text
        return dict(re.findall(r'name="(csrf_token|stamp)" value="([^"]+)"', page))

    def _send(self, hidden=None, files=None, url=URL, **values):
        """Send the form; return the answer and the cases that it made."""
        before = self.cases.search([])
        data = {**self.values, **(hidden or self._open(url)), **values}
        answer = self.url_open(url, data=data, files=files)
        return answer, self.cases.search([]) - before

    def test_form_makes_a_case_and_thanks_with_its_code(self):
        answer, case = self._send()
        self.assertTrue(answer.url.endswith("/logistics/contact/thanks"))
        self.assertIn(case.code, answer.text)
        self.assertEqual((case.partner_id, case.channel), (self.customer, "web"))
        self.assertEqual((case.kind, case.name), ("claim", "Torn film"))
        message = case.message_ids.filtered(lambda message: message.message_type == "comment")
        self.assertEqual(message.author_id, self.customer)

    def test_answer_does_not_tell_whether_an_address_is_known(self):
        known, known_case = self._send()
        unknown, unknown_case = self._send(partner_email="eve@new.example")
        self.assertFalse(unknown_case.partner_id)

        def clean(answer, case):
            text = re.sub(r'csrf_token: "[^"]+"', "", answer.text.replace(case.code, ""))
            return re.sub(r'"session_info[^;]*;', "", text)

        self.assertEqual(clean(known, known_case), clean(unknown, unknown_case))

    def test_tags_in_the_text_stay_text(self):
        _answer, case = self._send(description="<script>alert(1)</script>", name="<script>x")
        self.assertIn("&lt;script&gt;", case.description)
        self.assertNotIn("<script", case.description)

    def test_what_is_wrong_is_said_and_the_rest_is_kept(self):
        for field, value in [
            ("partner_email", "nobody"),
            ("partner_name", " "),
            ("name", "x" * 201),
            ("description", ""),
            ("kind", "praise"),
        ]:
            with self.subTest(field=field):
                answer, cases = self._send(**{field: value})
                self.assertFalse(cases)
                self.assertIn("is-invalid", answer.text)
                kept = "Torn film" if field != "name" else "Li Na"
                self.assertIn(kept, answer.text)

    def test_files_are_asked_for_again_only_where_there_were_some(self):
        again = "have to be chosen again"
        files = {"attachments": ("torn.txt", b"torn", "text/plain")}
        answer, _cases = self._send(kind="praise", files=files)
        self.assertIn(again, answer.text)
        for none in (None, {"attachments": ("", b"", "application/octet-stream")}):
            answer, _cases = self._send(kind="praise", files=none)
            self.assertIn("is-invalid", answer.text)
            self.assertNotIn(again, answer.text)

    def test_program_that_fills_in_the_hidden_field_is_refused(self):
        answer, cases = self._send(homepage="https://spam.example")
        self.assertFalse(cases)
        self.assertIn("must stay empty", answer.text)

    def test_program_that_is_too_fast_is_refused(self):
        with patch.object(contact_form, "LEAST_SECONDS", 60):
            answer, cases = self._send()
        self.assertFalse(cases)
        self.assertIn("very fast", answer.text)

    def test_form_that_was_open_for_a_day_is_shown_again(self):
        with patch.object(contact_form, "MOST_SECONDS", -1):
            answer, cases = self._send()
        self.assertFalse(cases)
        self.assertIn("open for too long", answer.text)

    def test_made_up_token_is_refused(self):
        hidden = self._open()
        for stamp in ("", "x", "1.2.3", "1.2.é", f"9{hidden['stamp']}"):
            answer, cases = self._send(hidden=hidden | {"stamp": stamp})
            self.assertEqual((answer.status_code, len(cases)), (200, 0))

    def test_token_makes_one_case_however_often_it_is_sent(self):
        hidden = self._open()
        _answer, case = self._send(hidden=hidden)
        answer, more = self._send(hidden=hidden)
        self.assertEqual((len(case), len(more)), (1, 0))
        self.assertIn(case.code, answer.text)

    def test_without_csrf_token_nothing_is_taken(self):
        with mute_logger("odoo.http"):
            answer, cases = self._send(hidden={"stamp": self._open()["stamp"]})
        self.assertEqual((answer.status_code, len(cases)), (400, 0))

    def test_network_may_send_so_many_messages_an_hour(self):
        self.env["ir.config_parameter"].set_param("logistics_crm.contact_form_limit", 2)
        made = [self._send()[1] for _number in range(2)]
        self.assertTrue(all(made))
        answer, cases = self._send()
        self.assertEqual((answer.status_code, len(cases)), (429, 0))
        self.assertIn("Torn film", answer.text)
        self.assertIn("Too many messages", answer.text)

    def test_visits_are_counted_without_the_address_and_forgotten(self):
        visits = self.env["logistics.contact.visit"]
        self._send()
        visit = visits.search([])
        self.assertEqual(visit.count, 1)
        self.assertNotIn("127.0.0.1", visit.visitor)
        visit.hour = "2020-01-01 00:00:00"
        visits._gc_visits()
        self.assertFalse(visit.exists())

    def test_files_are_kept_and_large_ones_refused_with_a_sentence(self):
        files = {"attachments": ("photo.png", b"1234", "image/png")}
        _answer, case = self._send(files=files)
        self.assertEqual(case.message_ids.attachment_ids.mapped("name"), ["photo.png"])
        files = {"attachments": ("film.mp4", b"x" * (30 << 20), "video/mp4")}
        answer, cases = self._send(files=files)
        self.assertFalse(cases)
        self.assertIn("film.mp4 is too large", answer.text)
        self.assertIn("One pallet", answer.text)

    def test_page_of_a_company_makes_its_cases(self):
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        answer, case = self._send(url=f"{URL}/{elsewhere.id}")
        self.assertEqual(case.company_id, elsewhere)
        for page in (answer.text, self.url_open(f"{URL}/{elsewhere.id}").text):
            footer = page[page.index("o_footer_copyright_name") :]
            self.assertRegex(footer, r"^[^/]*Elsewhere")

    def test_thanks_without_a_case_lead_to_the_form(self):
        self.assertTrue(self.url_open(f"{URL}/thanks").url.endswith(URL))

from unittest.mock import patch

from lxml import html

from odoo.http import _generate_routing_rules
from odoo.tests import HttpCase, new_test_user, tagged

from ..controllers import case_form, contact_form, portal_case
from .common import LogisticsUsersMixin

HUGE = "9" * 5000
NOTHING_FOR_TEXT = b"\0not a text"

# a browser sends no form with a field that is not valid
CHOOSE_FILES = """
(async () => {
    const input = document.querySelector("#attachments");
    const choose = (...sizes) => {
        const chosen = new DataTransfer();
        sizes.forEach((size) => chosen.items.add(new File(["x".repeat(size)], "film")));
        input.files = chosen.files;
        input.dispatchEvent(new Event("change"));
        return input.validationMessage;
    };
    while (!choose(20)) {
        await new Promise((resolve) => setTimeout(resolve, 100));
    }
    const faults = [choose(20), choose(9, 9), choose(...Array(11).fill(1)), choose(5)];
    const found = faults.map((fault) => fault.split(/[:.]/)[0]).join("|");
    const expected =
        "film is too large|The files are too large|Please attach at most 10 files|";
    if (found !== expected) {
        throw new Error(found);
    }
    console.log("test successful");
})();
"""


@tagged("post_install", "-at_install")
class TestFormsTakeAnything(LogisticsUsersMixin, HttpCase):
    """Whatever a program sends to a page, the answer is a page and never a failure."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls._create_customer("Lotus", email="li@lotus.example")
        cls.li = new_test_user(cls.env, "portal_li", "base.group_portal", name="Li Na")
        cls.li.partner_id.parent_id = cls.customer
        cls.cases = cls.env["logistics.case"]

    def setUp(self):
        super().setUp()
        self.startPatcher(patch.object(contact_form, "LEAST_SECONDS", 0))

    def _read_hidden(self, url):
        page = html.fromstring(self.url_open(url).text)
        fields = page.xpath("//form[@method='post']//input[@type='hidden']")
        return {field.get("name"): field.get("value") for field in fields}

    def _assert_page(self, answer):
        self.assertIn(answer.status_code, (200, 404), answer.text[:300])

    def _send_files_for_texts(self, url, names):
        hidden = self._read_hidden(url)
        texts = {"name": "Torn", "kind": "claim", "description": "Film", "partner_name": "Li"}
        texts |= {"partner_email": "li@lotus.example", **hidden}
        for name in names:
            with self.subTest(url=url, name=name):
                data = {key: value for key, value in texts.items() if key != name}
                files = {name: ("text.txt", NOTHING_FOR_TEXT, "text/plain")}
                self._assert_page(self.url_open(url, data=data, files=files))

    def test_public_form_with_files_for_texts_is_a_page(self):
        names = ("partner_email", "description", "name", "partner_name", "partner_phone")
        self._send_files_for_texts(
            "/logistics/contact", (*names, "kind", "stamp", "homepage", "unheard_of")
        )

    def test_portal_form_with_files_for_texts_is_a_page(self):
        self.authenticate("portal_li", "portal_li")
        names = ("name", "description", "kind", "category_id", "order_id", "nonce")
        self._send_files_for_texts("/my/cases/new", names)

    def test_file_name_and_texts_with_unstorable_characters_are_taken(self):
        for url, login in (("/logistics/contact", None), ("/my/cases/new", "portal_li")):
            with self.subTest(url=url):
                self.authenticate(login, login)
                before = self.cases.search([])
                boundary = "b0undary"
                texts = {
                    "name": "To\0rn\x01",
                    "kind": "claim",
                    "description": "Fi\0lm\x0b",
                    "partner_name": "L\0i",
                    "partner_email": "li@lotus.example",
                    **self._read_hidden(url),
                }
                parts = [
                    f'Content-Disposition: form-data; name="{name}"\r\n\r\n{text}'
                    for name, text in texts.items()
                ]
                parts.append(
                    'Content-Disposition: form-data; name="attachments"; '
                    "filename*=UTF-8''a%00b.txt\r\nContent-Type: text/plain\r\n\r\nx"
                )
                body = "".join(f"--{boundary}\r\n{part}\r\n" for part in parts)
                answer = self.url_open(
                    url,
                    data=f"{body}--{boundary}--\r\n".encode(),
                    headers={"Content-Type": f"multipart/form-data; boundary={boundary}"},
                )
                self._assert_page(answer)
                case = self.cases.search([]) - before
                self.assertEqual(case.name.rstrip("\x01"), "Torn")
                self.assertEqual(case.message_ids.attachment_ids.mapped("name"), ["ab.txt"])

    def test_addresses_with_huge_numbers_and_unstorable_characters_are_pages(self):
        self.authenticate("portal_li", "portal_li")
        for path in (
            f"/logistics/contact/{HUGE[:25]}",
            f"/my/cases/{HUGE[:25]}",
            f"/my/cases/page/{HUGE[:25]}",
            f"/my/articles/{HUGE[:25]}",
            f"/my/articles/page/{HUGE[:25]}?search=a%00b",
            "/my/cases?search=%00&sortby=%00&filterby=%00",
            "/my/cases/1?access_token=%00&created=%00",
        ):
            with self.subTest(path=path[:40]):
                self._assert_page(self.url_open(path))

    def test_satisfaction_takes_any_score_and_comment(self):
        self.env.company.case_satisfaction_ask = True
        case = self.cases.create({"name": "Torn", "partner_id": self.customer.id})
        case.action_close()
        url = f"/case/satisfaction/{case.satisfaction_token}"
        self._assert_page(self.url_open(f"{url}?csat={HUGE}"))
        hidden = self._read_hidden(url)
        for values in ({"csat": HUGE}, {"csat": "5", "nps": HUGE}):
            self._assert_page(self.url_open(url, data=hidden | values))
        for name in ("comment", "csat", "nps"):
            files = {name: ("text.txt", NOTHING_FOR_TEXT, "text/plain")}
            data = {key: value for key, value in (hidden | {"csat": "4"}).items() if key != name}
            self._assert_page(self.url_open(url, data=data, files=files))
        self.url_open(url, data=hidden | {"csat": "5", "comment": "Go\0od"})
        case.invalidate_recordset()
        self.assertEqual((case.csat, case.satisfaction_comment), (5, "Good"))

    def test_files_over_the_limits_are_refused_before_they_are_sent(self):
        limits = case_form.Limits(file=10, total=15)
        for module, url, login in (
            (contact_form, "/logistics/contact", None),
            (portal_case, "/my/cases/new", "portal_li"),
        ):
            with patch.object(module, "LIMITS", limits):
                self.browser_js(url, CHOOSE_FILES, login=login, timeout=60)

    def test_every_page_of_the_add_ons_takes_texts_only(self):
        rules = _generate_routing_rules(sorted(self.env.registry._init_modules), nodb_only=False)
        pages = {
            endpoint.func.__func__
            for _address, endpoint in rules
            if endpoint.func.__module__.startswith("odoo.addons.logistics_")
            and endpoint.routing["type"] == "http"
        }
        self.assertIn("ContactForm.contact", {func.__qualname__ for func in pages})
        open_to_files = [
            func.__qualname__ for func in pages if not getattr(func, "takes_text_only", False)
        ]
        self.assertFalse(open_to_files)

from email.message import EmailMessage

from odoo.tests import tagged

from odoo.addons.mail.tests.common import MailCommon

from .common import LogisticsUsersMixin

MEGABYTE = 1 << 20


@tagged("post_install", "-at_install")
class TestCaseMail(LogisticsUsersMixin, MailCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._init_mail_servers()
        cls.cases = cls.env["logistics.case"]
        cls.category = cls.env["logistics.case.category"].create(
            {"name": "Claims", "kind": "claim", "severity": "high"}
        )
        cls.mailboxes = cls.env["logistics.case.mailbox"].create(
            [
                {"alias_name": "desk", "company_id": cls.company_admin.id},
                {
                    "alias_name": "claims.desk",
                    "company_id": cls.company_admin.id,
                    "category_id": cls.category.id,
                },
                {"alias_name": "desk", "company_id": cls.company_2.id},
            ]
        )
        cls.desk, cls.claims, cls.desk_2 = cls.mailboxes.mapped("alias_email")
        cls.customer = cls._create_customer("Lotus", email="li@lotus.example")
        cls.number = 0

    def _mail(self, subject="Wet boxes", sender="Li Na <li@lotus.example>", to=None, **options):
        """Return the raw mail; `headers`, `text`, `html`, `size` (of an attachment) in options."""
        type(self).number += 1
        mail = EmailMessage()
        headers = {
            "From": sender,
            "To": to or self.desk,
            "Subject": subject,
            "Message-Id": f"<{self.number}@lotus.example>",
            **options.get("headers", {}),
        }
        for name, value in headers.items():
            mail[name] = value
        mail.set_content(options.get("text", "Two boxes are wet"))
        if options.get("html"):
            mail.add_alternative(options["html"], subtype="html")
        if options.get("size"):
            content = b"0123456789abcdef" * (options["size"] // 16)
            mail.add_attachment(content, "application", "pdf", filename="photos.pdf")
        return mail.as_bytes()

    def _receive(self, *arguments, raw=None, **options):
        """Process a mail and return the cases that it made."""
        before = self.cases.search([])
        with self.mock_mail_gateway():
            self.env["mail.thread"].message_process(None, raw or self._mail(*arguments, **options))
        return self.cases.search([]) - before

    def test_mail_makes_a_case_of_the_customer_with_the_address(self):
        case = self._receive()
        self.assertEqual((case.name, case.channel), ("Wet boxes", "mail"))
        self.assertEqual((case.partner_id, case.company_id), (self.customer, self.company_admin))
        self.assertEqual((case.partner_email, case.partner_name), ("li@lotus.example", "Li Na"))
        self.assertIn("Two boxes are wet", case.description)
        self.assertEqual(case.message_ids[0].author_id, self.customer)
        self.assertTrue(case.code)

    def test_address_of_a_category_and_of_another_company_say_so(self):
        case = self._receive(to=self.claims)
        self.assertEqual((case.category_id, case.kind), (self.category, "claim"))
        self.assertEqual(case.severity, "high")
        self.assertEqual(self._receive(to=self.desk_2).company_id, self.company_2)

    def test_mailbox_that_moves_to_another_category_makes_its_cases(self):
        self.mailboxes[0].category_id = self.category
        self.assertEqual(self._receive().category_id, self.category)

    def test_mail_with_characters_that_cannot_be_stored_makes_a_case(self):
        raw = self._mail(size=16).replace(b"Wet boxes", b"=?utf-8?q?a=00nul?=")
        raw = raw.replace(b"Li Na", b"=?utf-8?q?Li=00Na?=").replace(b"are wet", b"are\0wet")
        raw = raw.replace(b'"photos.pdf"', b'"=?utf-8?q?ph=00.pdf?="')
        case = self._receive(raw=raw)
        self.assertEqual((len(case), case.name), (1, "anul"))
        self.assertIn("arewet", case.description)
        self.assertEqual(case.message_ids.attachment_ids.mapped("name"), ["ph.pdf"])

    def test_same_mail_twice_makes_one_case(self):
        raw = self._mail()
        case = self._receive(raw=raw)
        self.assertFalse(self._receive(raw=raw))
        self.assertEqual(len(case.message_ids.filtered(lambda m: m.message_type == "email")), 1)

    def test_mail_to_two_addresses_of_a_company_makes_one_case(self):
        cases = self._receive(to=f"{self.desk}, {self.claims}, {self.desk_2}")
        self.assertEqual(
            sorted(cases.company_id.ids), sorted((self.company_admin + self.company_2).ids)
        )
        self.assertEqual(len(cases), 2)

    def test_answer_goes_to_its_case(self):
        case = self._receive()
        reference = {"In-Reply-To": case.message_ids[0].message_id}
        self.assertFalse(self._receive("Re: Wet boxes", headers=reference, text="Any news?"))
        self.assertIn("Any news?", case.message_ids[0].body)

    def test_code_in_the_subject_leads_to_the_case(self):
        case = self._receive()
        self.assertFalse(self._receive(f"About {case.code.lower()}, please", text="Any news?"))
        self.assertIn("Any news?", case.message_ids[0].body)

    def test_code_does_not_let_strangers_into_a_case(self):
        case = self._receive()
        other = self._receive(f"Re: {case.code}", sender="eve@evil.example")
        self.assertEqual(len(other), 1)
        self.assertNotIn("eve", " ".join(case.message_ids.mapped("email_from")))

    def test_code_of_a_case_of_another_company_makes_a_case_here(self):
        case = self._receive(to=self.desk_2)
        self.assertEqual(len(self._receive(f"Re: {case.code}")), 1)

    def test_answer_to_a_closed_case_is_not_lost(self):
        case = self._receive()
        case.action_close()
        reference = {"In-Reply-To": case.message_ids[-1].message_id}
        follow_up = self._receive("Re: Wet boxes", headers=reference, text="Still wet")
        texts = (case + follow_up).message_ids.mapped("body") + follow_up.mapped("description")
        self.assertTrue(any("Still wet" in (text or "") for text in texts))

    def test_absence_note_is_a_note_on_its_case_and_makes_none(self):
        automatic = {"Auto-Submitted": "auto-replied"}
        self.assertFalse(self._receive("Out of office", headers=automatic))
        case = self._receive()
        case.action_wait()
        reference = {**automatic, "In-Reply-To": case.message_ids[-1].message_id}
        self.assertFalse(self._receive("Out of office", headers=reference, text="Back on Monday"))
        self.assertEqual(case.state, "waiting")
        note = case.message_ids.filtered(lambda message: "Back on Monday" in message.body)
        self.assertTrue(note.is_internal)

    def test_bounce_and_mail_from_our_own_address_make_no_case(self):
        self.assertFalse(self._receive("Undelivered", sender="MAILER-DAEMON@lotus.example"))
        self.assertFalse(self._receive(sender=self.claims))

    def test_unknown_sender_waits_for_a_customer(self):
        case = self._receive(sender="Eve <eve@new.example>")
        self.assertFalse(case.partner_id)
        self.assertEqual((case.partner_name, case.partner_email), ("Eve", "eve@new.example"))

    def test_address_of_two_customers_names_neither_as_author(self):
        self._create_customer("Jade", email="li@lotus.example")
        case = self._receive()
        self.assertFalse(case.partner_id)
        self.assertFalse(case.message_ids[0].author_id)

    def test_colleague_who_forwards_a_mail_is_no_customer(self):
        case = self._receive(sender=self.user_employee.email_formatted)
        self.assertFalse(case.partner_id)
        self.assertEqual(case.message_ids[0].author_id, self.user_employee.partner_id)

    def test_script_in_a_mail_is_removed(self):
        html = (
            "<p onclick='evil()'>Wet</p><script>evil()</script><img src=x onerror='evil()'/>"
            "<a href='javascript:evil()'>x</a><iframe src='https://evil.example'></iframe>"
        )
        case = self._receive(subject="<script>evil()</script>Wet", html=html)
        for text in (case.description, case.message_ids[0].body):
            self.assertNotRegex(text, r"(?i)evil\(|<script|<iframe|onerror|javascript:")
            self.assertIn("Wet", text)
        self.assertIn("Wet", case.name)

    def test_attachment_of_30_megabytes_is_kept(self):
        case = self._receive(size=30 * MEGABYTE)
        attachment = case.message_ids.attachment_ids
        self.assertEqual((attachment.name, attachment.file_size), ("photos.pdf", 30 * MEGABYTE))
        self.assertEqual(attachment.res_id, case.id)

    def test_mail_without_subject_and_text_makes_a_case(self):
        case = self._receive(subject="", text="")
        self.assertTrue(case.name)

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import HttpCase, TransactionCase, tagged

from .common import LogisticsUsersMixin


class ArticleCase(LogisticsUsersMixin):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_users()
        cls.delivery = cls.env.ref("logistics_crm.case_category_delivery")
        cls.late = cls.env.ref("logistics_crm.case_category_delivery_late")
        cls.customer = cls._create_customer(
            "Harbour Goods", user_id=cls.user.id, email="goods@example.com"
        )
        cls.portal_user.partner_id.parent_id = cls.customer

    @classmethod
    def _article(cls, name, audience="staff", published=True, **values):
        article = cls.env["logistics.article"].create(
            {"name": name, "body": f"<p>{name}</p>", "audience": audience, **values}
        )
        if published:
            article.action_publish()
        return article

    @classmethod
    def _case(cls, name, **values):
        return cls.env["logistics.case"].create(
            {"name": name, "partner_id": cls.customer.id, **values}
        )


@tagged("post_install", "-at_install")
class TestArticle(ArticleCase, TransactionCase):
    # ------------------------------------------------------------------ who sees what

    def test_portal_sees_published_portal_articles_only(self):
        public = self._article("Zebra crossing", "portal")
        hidden = (
            self._article("Zebra staff")
            + self._article("Zebra draft", "portal", published=False)
            + self._article("Zebra old", "portal")
            + self._article("Zebra archived", "portal", active=False)
        )
        hidden[2].action_withdraw()
        articles = self.env["logistics.article"].with_user(self.portal_user)
        context = articles.with_context(active_test=False)
        self.assertEqual(context.search([("id", "in", (public + hidden).ids)]), public)
        self.assertEqual(articles._search_text("zebra"), public)
        self.assertEqual(articles._suggest_for_portal("zebra"), public)
        for article in hidden:
            with self.assertRaises(AccessError):
                article.with_user(self.portal_user).read(["body"])
        with self.assertRaises(AccessError):
            public.with_user(self.portal_user).write({"name": "Mine"})

    def test_nobody_hands_out_files_that_they_may_not_read(self):
        foreign = self._create_customer("Jade")
        secret = self.env["ir.attachment"].create(
            {"name": "s.txt", "raw": b"1", "res_model": foreign._name, "res_id": foreign.id}
        )
        articles = self.env["logistics.article"].with_user(self.user)
        own = self.env["ir.attachment"].with_user(self.user).create({"name": "o.txt", "raw": b"1"})
        article = articles.create({"name": "Mine", "attachment_ids": [(4, own.id)]})
        with self.assertRaises(AccessError):
            article.write({"attachment_ids": [(4, secret.id)]})
        with self.assertRaises(AccessError):
            articles.create({"name": "Mine", "attachment_ids": [(4, secret.id)]})
        article.with_user(self.officer).write({"name": "Ours"})

    def test_portal_hint_never_offers_staff_articles_to_staff_either(self):
        self._article("Zebra staff")
        articles = self.env["logistics.article"].with_user(self.officer)
        self.assertFalse(articles._suggest_for_portal("zebra"))

    def test_article_of_another_company_is_not_seen(self):
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        foreign = self._article("Zebra", "portal", company_id=elsewhere.id)
        for user in (self.officer, self.portal_user):
            articles = self.env["logistics.article"].with_user(user)
            self.assertFalse(articles.search([("id", "=", foreign.id)]))
            self.assertFalse(articles._search_text("zebra"))

    def test_user_writes_drafts_and_an_officer_publishes_them(self):
        articles = self.env["logistics.article"].with_user(self.user)
        article = articles.create({"name": "Customs", "body": "<p>Form 7</p>"})
        article.body = "<p>Form 8</p>"
        with self.assert_refused(AccessError, "Officer publishes"):
            article.action_publish()
        with self.assert_refused(AccessError, "Officer publishes"):
            articles.create({"name": "At once", "state": "published", "body": "<p>x</p>"})
        article.with_user(self.officer).action_publish()
        with self.assertRaises(AccessError):
            article.write({"body": "<p>Form 9</p>"})
        others = self.env["logistics.article"].with_user(self.other_user)
        self.assertEqual(others.search([("id", "=", article.id)]), article)

    def test_draft_is_seen_by_its_owner_and_officers_only(self):
        article = self._article("Draft", published=False, user_id=self.user.id)
        for user, seen in ((self.user, 1), (self.other_user, 0), (self.officer, 1)):
            articles = self.env["logistics.article"].with_user(user)
            self.assertEqual(articles.search_count([("id", "=", article.id)]), seen)

    def test_publishing_counts_versions_and_needs_a_text(self):
        article = self._article("Twice")
        article.action_draft()
        article.action_publish()
        self.assertEqual(article.version, 2)
        with self.assert_refused(ValidationError, "has no text yet"):
            self._article("Empty", body="<p><br></p>")

    def test_script_in_an_article_is_taken_out(self):
        article = self._article("Bad", body="<p onclick='x()'>Text</p><script>alert(1)</script>")
        self.assertNotIn("script", article.body)
        self.assertNotIn("onclick", article.body)
        self.assertIn("Text", article.body)

    # ------------------------------------------------------------------ finding

    def test_category_goes_before_words_and_categories_above_count(self):
        by_words = self._article("Zebra crossing the ramp")
        above = self._article("Deliveries", category_ids=[(6, 0, self.delivery.ids)])
        case = self._case("Zebra on the ramp", category_id=self.late.id)
        found = case.with_user(self.user).suggested_article_ids
        self.assertEqual([above, by_words], [a for a in found if a in above + by_words])
        self._article("Quagga", category_ids=[(6, 0, self.late.ids)]).action_withdraw()
        self.assertNotIn("Quagga", case.suggested_article_ids.mapped("name"))

    def test_words_are_found_in_any_form_language_and_place(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        article = self._article("Damaged zebras")
        article.with_context(lang="zh_CN").name = "货物破损处理"
        articles = self.env["logistics.article"].with_user(self.user)
        for text in ("zebra", "ZEBRA damage", "破损", "货物"):
            self.assertIn(article, articles._search_text(text), text)
        self.assertFalse(articles._search_text("unicorn") & article)

    def test_signs_of_the_query_language_are_harmless(self):
        articles = self.env["logistics.article"].with_user(self.user)
        for text in ("'", "a & | ! (", "zebra':*", "\\", "", "  ", "%s %(x)s"):
            articles._search_text(text)
            articles._suggest({0: (text, self.late)})

    def test_suggestions_for_many_cases_are_one_query(self):
        self._article("Zebra")
        articles = self.env["logistics.article"]
        categories = self.late + self.delivery
        categories.mapped("parent_path")
        questions = {index: (f"zebra {index}", categories[index % 2]) for index in range(50)}
        articles.flush_model()
        with self.assertQueryCount(1):
            found = articles._suggest(questions)
        self.assertEqual(len(found), 50)

    # ------------------------------------------------------------------ answering

    def _send(self, action):
        composer = self.env["mail.compose.message"].with_user(self.user)
        composer = composer.with_context(**action["context"]).create({})
        composer.action_send_mail()

    def test_article_counts_as_sent_when_the_mail_is_sent(self):
        article = self._article("Zebra", "portal")
        case = self._case("Zebra")
        action = article.with_user(self.user).with_context(case_id=case.id).action_answer_case()
        self.assertEqual(article.answer_count, 0)
        self._send(action)
        article.invalidate_recordset()
        self.assertEqual(article.answer_count, 1)
        self.assertEqual(case.sent_article_ids, article)
        self.assertTrue(any("Zebra" in message.body for message in case.message_ids))

    def test_article_is_sent_in_the_language_of_the_customer(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        article = self._article("Zebra", "portal")
        article.update_field_translations("body", {"zh_CN": {"Zebra": "斑马"}})
        case = self._case("Zebra")
        answered = article.with_context(case_id=case.id)
        self.assertIn("Zebra", answered.action_answer_case()["context"]["default_body"])
        self.customer.lang = "zh_CN"
        self.assertIn("斑马", answered.action_answer_case()["context"]["default_body"])

    def test_article_for_staff_is_not_sent_to_a_customer(self):
        article = self._article("Our margins")
        case = self._case("Margins")
        with self.assert_refused(UserError, "for staff only"):
            article.with_user(self.user).with_context(case_id=case.id).action_answer_case()

    def test_article_that_solved_the_case_is_counted_and_case_solved(self):
        article = self._article("Zebra")
        case = self._case("Zebra")
        article.with_user(self.user).with_context(case_id=case.id).action_solve_case()
        self.assertEqual(case.article_id, article)
        self.assertEqual(case.state, "solved")
        self.assertEqual(article.solved_count, 1)

    def test_answer_starts_with_the_template_of_the_nearest_category(self):
        templates = self.env["mail.template"]
        model = self.env["ir.model"]._get("logistics.case").id
        values = {"name": "Delivery", "model_id": model}
        above = templates.create({**values, "case_category_ids": [(6, 0, self.delivery.ids)]})
        status = self.env.ref("logistics_crm.case_category_delivery_status")
        self.assertEqual(self._case("A", category_id=status.id)._get_answer_template(), above)
        late = self.env.ref("logistics_crm.mail_template_case_late")
        self.assertEqual(self._case("B", category_id=self.late.id)._get_answer_template(), late)
        usual = self.env.ref("logistics_crm.mail_template_case_answer")
        self.assertEqual(self._case("C")._get_answer_template(), usual)
        action = self._case("D", category_id=self.late.id).with_user(self.user).action_answer()
        self._send(action)

    def test_canned_answers_fit_category_and_language(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        canned = self.env["mail.canned.response"].with_user(self.officer)
        group = self.env.ref("logistics_crm.group_logistics_user")
        values = {"for_cases": True, "group_ids": [(6, 0, group.ids)]}
        english, chinese, foreign = canned.create(
            [
                {**values, "source": "zz1", "substitution": "Sorry", "lang": "en_US"},
                {**values, "source": "zz2", "substitution": "抱歉", "lang": "zh_CN"},
                {
                    **values,
                    "source": "zz3",
                    "substitution": "Invoice?",
                    "case_category_ids": [
                        (6, 0, self.env.ref("logistics_crm.case_category_invoice").ids)
                    ],
                },
            ]
        )
        ours = english + chinese + foreign
        case = self._case("Late", category_id=self.late.id).with_user(self.user)
        self.assertEqual((case.suggested_canned_ids & ours).ids, english.ids)
        self.customer.lang = "zh_CN"
        case.invalidate_recordset()
        self.assertEqual((case.suggested_canned_ids & ours).ids, chinese.ids)
        action = chinese.with_user(self.user).with_context(case_id=case.id).action_answer_case()
        self.assertIn("抱歉", action["context"]["default_body"])


@tagged("post_install", "-at_install")
class TestArticlePortal(ArticleCase, HttpCase):
    def test_portal_finds_reads_and_downloads_what_is_for_it(self):
        file = self.env["ir.attachment"].create({"name": "form.txt", "raw": b"Form 7"})
        article = self._article("Zebra customs", "portal", attachment_ids=[(6, 0, file.ids)])
        staff = self._article("Zebra margins")
        self.authenticate("log_portal", "log_portal")
        page = self.url_open("/my/articles?search=zebra").text
        self.assertIn("Zebra customs", page)
        self.assertNotIn("Zebra margins", page)
        self.assertIn("Nothing found", self.url_open("/my/articles?search=<b>unicorn").text)
        shown = self.url_open(f"/my/articles/{article.id}").text
        self.assertIn("form.txt", shown)
        link = f"/web/content/{file.id}?access_token={file.access_token}"
        self.assertEqual(self.url_open(link).content, b"Form 7")
        self.assertNotIn("margins", self.url_open(f"/my/articles/{staff.id}").text)
        self.assertIn("/my/articles", self.url_open("/my").text)

    def test_staff_browsing_the_portal_see_no_staff_article_there(self):
        self._article("Zebra margins")
        self.authenticate("log_officer", "log_officer")
        self.assertNotIn("margins", self.url_open("/my/articles?search=zebra").text)

    def test_page_of_a_question_gets_suggestions(self):
        article = self._article("Zebra customs", "portal")
        self._article("Zebra margins")
        self.authenticate("log_portal", "log_portal")
        result = self.make_jsonrpc_request(
            "/my/articles/suggest", {"text": "zebra?", "category": 999999999}
        )
        self.assertEqual(result, [{"name": article.name, "url": f"/my/articles/{article.id}"}])
        self.assertIn("o_logistics_article_suggestions", self.url_open("/my/cases/new").text)

    def test_articles_need_a_login(self):
        self._article("Zebra customs", "portal")
        response = self.url_open("/my/articles", allow_redirects=False)
        self.assertIn("/web/login", response.headers.get("Location", ""))

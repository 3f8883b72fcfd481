from datetime import timedelta

from lxml import html
from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, TransactionCase, tagged
from odoo.tools import mute_logger

from .common import LogisticsUsersMixin


class SatisfactionCase(LogisticsUsersMixin):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_users()
        cls.customer = cls._create_customer(
            "Harbour Goods", user_id=cls.user.id, email="goods@example.com"
        )
        cls.employee = cls.env["hr.employee"].create({"name": "Ann", "user_id": cls.user.id})
        cls.env.company.case_satisfaction_ask = True

    @classmethod
    def _case(cls, partner=None, **values):
        return cls.env["logistics.case"].create(
            {
                "name": "Pallet damaged",
                "partner_id": (partner or cls.customer).id,
                "employee_id": cls.employee.id,
                **values,
            }
        )

    def _closed(self, **values):
        case = self._case(**values)
        case.with_user(self.user).action_close()
        return case


@tagged("post_install", "-at_install")
class TestCaseSatisfaction(SatisfactionCase, TransactionCase):
    def _mails(self, case):
        return self.env["mail.mail"].search(
            [
                ("model", "=", "logistics.case"),
                ("res_id", "=", case.id),
                ("subject", "like", "How did we do?"),
            ]
        )

    def test_closing_sends_one_mail_with_the_link(self):
        case = self._closed()
        mail = self._mails(case)
        self.assertEqual(len(mail), 1)
        self.assertIn(case.satisfaction_token, mail.body_html)
        self.assertEqual(mail.recipient_ids, self.customer)
        case.action_reopen()
        case.action_close()
        self.assertEqual(len(self._mails(case)), 1)

    def test_nobody_is_asked_without_address_or_wish_or_for_a_cancelled_case(self):
        silent = self._closed(partner=self._create_customer("Silent", user_id=self.user.id))
        self.assertFalse(silent.satisfaction_deadline)
        cancelled = self._case()
        cancelled.action_cancel()
        self.assertFalse(cancelled.satisfaction_deadline)
        self.env.company.case_satisfaction_ask = False
        self.assertFalse(self._closed().satisfaction_deadline)

    def test_many_cases_are_closed_at_once(self):
        cases = self._case() + self._case() + self._case()
        cases.action_close()
        self.assertEqual(len(set(cases.mapped("satisfaction_token"))), 3)

    def test_answer_is_kept_and_a_later_one_replaces_it(self):
        case = self._closed()
        found = self.env["logistics.case"]._find_by_satisfaction_token(case.satisfaction_token)
        self.assertEqual(found, case)
        found._set_satisfaction(5, 10, "Great")
        self.assertEqual((case.csat, case.nps, case.nps_group), (5, 10, "promoter"))
        found._set_satisfaction(3, 8, "Well, no")
        self.assertEqual((case.csat, case.nps_points), (3, 0))
        self.assertEqual(case.satisfaction_comment, "Well, no")
        self.assertEqual(len(case.rating_ids), 1)
        self.assertEqual(case.rating_ids.rating, 3)

    def test_wrong_and_expired_tokens_find_nothing(self):
        case = self._closed()
        cases = self.env["logistics.case"]
        for token in ("", False, "-", "x" * 43, case.satisfaction_token[:-1]):
            self.assertFalse(cases._find_by_satisfaction_token(token))
        case.satisfaction_deadline = fields.Datetime.now() - timedelta(minutes=1)
        self.assertFalse(cases._find_by_satisfaction_token(case.satisfaction_token))

    def test_scores_out_of_range_are_refused(self):
        case = self._closed()
        for csat, nps in ((0, 5), (6, 5), (None, 5), (3, 11), (3, -1)):
            with self.assertRaises(UserError):
                case._set_satisfaction(csat, nps)
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            case.csat = 6
            case.flush_recordset()

    def test_users_cannot_answer_for_the_customer_nor_read_the_link(self):
        case = self._closed().with_user(self.manager)
        with self.assert_refused(AccessError, "Only the customer"):
            case.csat = 5
        with self.assert_refused(AccessError, "Only the customer"):
            case.create({"name": "Best", "nps": 10})
        with self.assertRaises(AccessError):
            case.with_user(self.officer).read(["satisfaction_token"])

    def test_unhappy_customer_goes_to_who_does_the_role_of_the_category(self):
        helper = self.env["hr.employee"].create({"name": "Bob", "user_id": self.officer.id})
        role = self.env["logistics.account.role"].create(
            {"name": "Carer", "code": "carer", "employee_ids": [(6, 0, helper.ids)]}
        )
        parent = self.env["logistics.case.category"].create({"name": "Care", "role_id": role.id})
        category = parent.create({"name": "Below", "parent_id": parent.id})
        case = self._closed(category_id=category.id)
        case._set_satisfaction(2, None, "<b>Bad</b>")
        case._set_satisfaction(1, 0, "<b>Very bad</b>")
        activity = case.activity_ids.filtered(lambda a: "Unhappy" in (a.summary or ""))
        self.assertEqual(activity.user_id, self.officer)
        self.assertIn("&lt;b&gt;Bad", activity.note)
        happy = self._closed()
        happy._set_satisfaction(4, 7)
        self.assertFalse(happy.activity_ids.filtered(lambda a: "Unhappy" in (a.summary or "")))

    def test_html_in_the_comment_stays_text(self):
        case = self._closed()
        case._set_satisfaction(1, 1, "<script>alert(1)</script>" + "x" * 5000)
        self.assertEqual(len(case.satisfaction_comment), 4000)
        self.assertFalse(any("<script" in message.body for message in case.message_ids))

    def test_figures_leave_out_who_did_not_answer(self):
        answers = [(5, 10), (4, 9), (1, 0), (3, None)]
        for csat, nps in answers:
            self._closed()._set_satisfaction(csat, nps)
        self._closed()
        partner = self.customer.with_user(self.user)
        self.assertAlmostEqual(partner.nps_score, 100 / 3, 1)
        self.assertEqual(partner.nps_count, 3)
        [[average, nps]] = self.env["logistics.case"]._read_group(
            [("commercial_partner_id", "=", self.customer.id)],
            aggregates=["csat:avg", "nps_points:avg"],
        )
        self.assertAlmostEqual(average, 13 / 4)
        self.assertAlmostEqual(nps, 100 / 3)

    def test_figures_of_many_customers_are_one_query(self):
        customers = self.customer + self._create_customer("B") + self._create_customer("C")
        customers._compute_nps_score()
        with self.assertQueryCount(1):
            customers._compute_nps_score()

    def test_category_shows_its_figures(self):
        category = self.env["logistics.case.category"].create({"name": "Care"})
        self._closed(category_id=category.id)._set_satisfaction(4, 6)
        self.assertEqual((category.csat_average, category.nps_score), (4, -100))


@tagged("post_install", "-at_install")
class TestSatisfactionPage(SatisfactionCase, HttpCase):
    def _open(self, url, **data):
        return self.url_open(url, data=data or None)

    def _token(self, page):
        return html.fromstring(page.text).xpath("//input[@name='csrf_token']/@value")[0]

    def test_customer_answers_without_login_and_may_change(self):
        case = self._closed()
        url = f"/case/satisfaction/{case.satisfaction_token}"
        page = self._open(f"{url}?csat=4")
        self.assertIn(case.code, page.text)
        self.assertTrue(
            html.fromstring(page.text).xpath("//input[@name='csat'][@value='4'][@checked]")
        )
        self.assertEqual(case.csat, 0, "opening the page stores nothing")
        answer = {"csrf_token": self._token(page), "csat": "4", "nps": "0"}
        thanks = self._open(url, **answer, comment="<script>alert(1)</script>")
        self.assertIn("Thank you", thanks.text)
        case.invalidate_recordset()
        self.assertEqual((case.csat, case.nps, case.nps_group), (4, 0, "detractor"))
        again = self._open(url)
        self.assertIn("You answered already", again.text)
        self.assertNotIn("<script>alert(1)", again.text)

    def test_missing_or_odd_scores_are_asked_for_again(self):
        case = self._closed()
        url = f"/case/satisfaction/{case.satisfaction_token}"
        page = self._open(f"{url}?csat=99")
        for csat in ("", "9", "x", "²"):
            answer = self._open(url, csrf_token=self._token(page), csat=csat, comment="Hm")
            self.assertIn("Choose 1 to 5", answer.text)
        case.invalidate_recordset()
        self.assertFalse(case.satisfaction_date)

    def test_wrong_or_expired_link_gives_a_friendly_page(self):
        case = self._closed()
        page = self._open(f"/case/satisfaction/{case.satisfaction_token}")
        case.satisfaction_deadline = fields.Datetime.now() - timedelta(days=1)
        self.env.flush_all()
        for token in ("nonsense", "%00", "%C3%A9", case.satisfaction_token):
            url = f"/case/satisfaction/{token}"
            shown = self._open(url)
            self.assertEqual(shown.status_code, 404)
            self.assertIn("cannot be used any more", shown.text)
            posted = self._open(url, csrf_token=self._token(page), csat="5")
            self.assertIn("cannot be used any more", posted.text)
        case.invalidate_recordset()
        self.assertFalse(case.satisfaction_date)

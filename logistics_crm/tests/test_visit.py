from odoo.exceptions import UserError
from odoo.tests import Form, TransactionCase, tagged

from .common import LogisticsUsersMixin


@tagged("post_install", "-at_install")
class TestVisit(LogisticsUsersMixin, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_users()
        cls.customer = cls._create_customer("Lotus", phone="+86 10 6552 9988")

    def _plan(self, record):
        record = record.with_user(self.officer)
        return record.activity_schedule("logistics_crm.activity_visit", user_id=self.officer.id)

    def test_visit_that_is_done_is_kept_with_what_was_said(self):
        visit = self._plan(self.customer)
        visit.feedback = "They want <weekly> pick-ups"
        visit.action_visit_done()
        self.assertFalse(visit.active)
        self.assertIn("They want &lt;weekly&gt; pick-ups", self.customer.message_ids[0].body)

    def test_one_click_makes_a_case_of_a_visit(self):
        visit = self._plan(self.customer)
        visit.feedback = "Film is torn <again>"
        visit.action_visit_done()
        action = visit.action_create_case()
        cases = self.env["logistics.case"].with_user(self.officer)
        case = Form(cases.with_context(**action["context"])).save()
        self.assertEqual((case.partner_id, case.channel), (self.customer, "visit"))
        self.assertIn("&lt;again&gt;", case.description)

    def test_one_click_logs_a_call_after_a_visit(self):
        lead = self.env["crm.lead"].create({"name": "Pallets", "partner_id": self.customer.id})
        action = self._plan(lead).action_log_call()
        calls = self.env["logistics.call"].with_user(self.officer)
        call = Form(calls.with_context(**action["context"])).save()
        self.assertEqual((call.partner_id, call.direction), (self.customer, "out"))

    def test_visit_to_nobody_says_what_to_do(self):
        lead = self.env["crm.lead"].create({"name": "Pallets"})
        with self.assert_refused(UserError, "plan the visit on a customer"):
            self._plan(lead).action_create_case()

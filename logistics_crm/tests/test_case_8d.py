from datetime import timedelta

from lxml import html

from odoo import fields
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import TransactionCase, tagged

from .common import LogisticsUsersMixin


@tagged("post_install", "-at_install")
class TestCase8d(LogisticsUsersMixin, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_users()
        cls.customer = cls._create_customer("Harbour Goods", user_id=cls.user.id)
        cls.employee = cls.env["hr.employee"].create({"name": "Ann", "user_id": cls.user.id})
        cls.case = cls.env["logistics.case"].create(
            {
                "name": "Pallet arrived damaged",
                "partner_id": cls.customer.id,
                "employee_id": cls.employee.id,
            }
        )

    def _start(self):
        self.case.with_user(self.user).action_start_8d()
        return {step.step: step for step in self.case.discipline_ids}

    def _render(self):
        report = self.env["ir.actions.report"]
        content, _type = report._render_qweb_html("logistics_crm.report_case_8d", self.case.ids)
        return html.fromstring(content).text_content()

    def test_start_lays_out_eight_dated_steps_for_the_responsible_and_only_once(self):
        steps = self._start()
        self.assertEqual(sorted(steps), ["d1", "d2", "d3", "d4", "d5", "d6", "d7", "d8"])
        self.assertEqual(self.case.discipline_ids.employee_id, self.employee)
        self.assertLess(steps["d3"].date_due, steps["d8"].date_due)
        self.assertEqual(self.case.d1_team_ids.ids, self.employee.ids)
        self._start()
        self.assertEqual(len(self.case.discipline_ids), 8)

    def test_step_is_called_by_its_name(self):
        self.assertEqual(self._start()["d3"].display_name, "D3 Containment")

    def test_step_moves_to_no_case_that_is_not_in_hand(self):
        foreign = self.case.create({"name": "x", "partner_id": self._create_customer("Jade").id})
        foreign.employee_id = False
        with self.assertRaises(AccessError):
            self._start()["d3"].with_user(self.user).case_id = foreign

    def test_step_is_done_when_written_and_progress_counts_it(self):
        steps = self._start()
        with self.assert_refused(ValidationError, "D4 Root Cause"):
            steps["d4"].with_user(self.user).action_done()
        steps["d4"].note = "<p>The strap was too short</p>"
        (steps["d1"] + steps["d4"]).with_user(self.user).action_done()
        self.assertEqual(steps["d4"].date_done, fields.Date.context_today(steps["d4"]))
        self.assertEqual(self.case.discipline_progress, 25)

    def test_team_makes_the_first_step_written(self):
        steps = self._start()
        self.case.d1_team_ids = False
        self.assertFalse(steps["d1"].has_note)
        with self.assertRaises(ValidationError):
            steps["d1"].action_done()

    def test_report_tells_each_step_in_the_language_of_the_customer(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        steps = self._start()
        steps["d2"].note = "<p>托盘到货时破损</p><script>alert(1)</script>"
        self.assertIn("D4 Root Cause", self._render())
        template = self.env.ref("logistics_crm.report_case_8d_document")
        arch = template.with_context(lang="en_US").arch_db
        self.assertIn("8D Report", arch)
        template.update_field_translations("arch_db", {"zh_CN": {"8D Report": "8D 报告"}})
        self.customer.lang = "zh_CN"
        text = self._render()
        self.assertIn("8D 报告", text)
        self.assertIn("托盘到货时破损", text)
        self.assertNotIn("alert(1)", text)

    def test_composer_attaches_the_report(self):
        action = self.case.with_user(self.user).action_send_8d()
        template = self.env["mail.template"].browse(action["context"]["default_template_id"])
        self.assertEqual(
            template.report_template_ids, self.env.ref("logistics_crm.action_report_case_8d")
        )
        self.assertEqual(action["context"]["default_res_ids"], self.case.ids)

    def test_steps_of_other_customers_are_not_seen_but_by_who_does_them(self):
        steps = self._start()
        other = self.env["logistics.case.discipline"].with_user(self.other_user)
        self.assertFalse(other.search([("case_id", "=", self.case.id)]))
        helper = self.env["hr.employee"].create({"name": "Bob", "user_id": self.other_user.id})
        steps["d3"].employee_id = helper
        self.assertEqual(other.search([("case_id", "=", self.case.id)]), steps["d3"])
        self.assertEqual(len(steps["d1"].with_user(self.officer).case_id.discipline_ids), 8)

    def test_overdue_steps_are_found(self):
        steps = self._start()
        steps["d1"].date_due = fields.Date.today() - timedelta(days=1)
        found = self.env["logistics.case.discipline"].search(
            [("date_done", "=", False), ("date_due", "<", "today")]
        )
        self.assertIn(steps["d1"], found)
        self.assertNotIn(steps["d8"], found)

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import TransactionCase, tagged

from .playbook_common import PlaybookMixin


@tagged("post_install", "-at_install")
class TestPlaybookSteps(PlaybookMixin, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_playbooks()
        cls.order = cls._late_order()

    def _attach(self, name, employee, activity=None):
        """Return a file that an employee adds: while ending an activity, or to it before."""
        place = {"res_model": "mail.activity", "res_id": activity.id} if activity else {}
        attachments = self.env["ir.attachment"].with_user(employee.user_id)
        return attachments.create({"name": name, "raw": b"evidence", **place})

    def _open_step(self, start):
        (step,) = start.step_ids.filtered(lambda step: step.state == "open")
        return step

    def test_a_late_order_crosses_service_warehouse_and_finance(self):
        start = self._start()
        people = [self.service, self.warehouse, self.finance]
        before = None
        for number, employee in enumerate(people, 1):
            step = self._open_step(start)
            self.assertEqual((step.number, step.employee_id), (number, employee))
            self.assertEqual(self.order.activity_ids, step.activity_id)
            self.assertEqual(step.activity_id.user_id, employee.user_id)
            self.assertEqual(start.user_id, employee.user_id)
            if before:
                self.assertGreaterEqual(step.date_open, before.date_done)
                self.assertEqual(before.done_by_id, before.user_id)
            document = self._attach(f"{employee.name}.txt", employee)
            step.activity_id.with_user(employee.user_id).action_feedback(
                feedback="Done", attachment_ids=document.ids
            )
            before = step
        self.assertEqual(start.state, "done")
        self.assertTrue(start.date_end)
        self.assertEqual(start.step_ids.mapped("state"), ["done"] * 3)
        self.assertFalse(self.order.activity_ids)

    def _translate(self, number, text):
        """Write a step of the plan in Chinese; return it in English."""
        self.env["res.lang"]._activate_lang("zh_CN")
        template = self.playbook.plan_id.template_ids.sorted()[number - 1]
        template.with_context(lang="zh_CN").summary = text
        return template.with_context(lang="en_US").summary

    def test_who_has_a_step_reads_in_their_language_what_to_do(self):
        chinese = "查找货物，并承诺新的日期"
        english = self._translate(2, chinese)
        self.warehouse.user_id.lang = "zh_CN"
        start = self._start()
        second = start.step_ids.sorted("number")[1]
        self.assertEqual(second.with_context(lang="zh_CN").name, chinese)
        self.assertEqual(second.with_context(lang="en_US").name, english)
        self._open_step(start).activity_id.with_user(self.service.user_id).action_feedback()
        self.assertEqual(second.activity_id.summary, chinese)

    def test_what_to_do_stays_as_it_was_when_the_playbook_started(self):
        english = self._translate(2, "查找货物")
        start = self._start()
        self._translate(2, "别的事")
        second = start.step_ids.sorted("number")[1]
        self.assertEqual(second.with_context(lang="zh_CN").name, "查找货物")
        self.assertEqual(second.with_context(lang="en_US").name, english)

    def test_a_step_without_a_text_is_called_after_its_activity(self):
        template = self.playbook.plan_id.template_ids.sorted()[1]
        template.summary = False
        second = self._start().step_ids.sorted("number")[1]
        self.assertEqual(second.name, template.activity_type_id.name)

    def test_the_documents_of_the_steps_before_go_along(self):
        start = self._start()
        clara = self.service.user_id
        self._open_step(start).activity_id.with_user(clara).action_feedback(
            attachment_ids=self._attach("mail.txt", self.service).ids
        )
        second = self._open_step(start)
        self.assertEqual(second.attachment_ids.mapped("name"), ["mail.txt"])
        self.assertEqual(second.activity_id.attachment_ids, second.attachment_ids)
        self._attach("photo.txt", self.warehouse, second.activity_id)
        second.activity_id.with_user(self.warehouse.user_id).action_feedback()
        third = self._open_step(start)
        self.assertEqual(sorted(third.attachment_ids.mapped("name")), ["mail.txt", "photo.txt"])
        for attachment in third.attachment_ids:
            seen = attachment.with_user(self.finance.user_id)
            self.assertEqual(seen.raw, b"evidence")

    def test_the_time_of_the_handover_is_kept(self):
        start = self._start()
        step = self._open_step(start)
        step.date_open = "2024-05-06 08:00:00"
        step.date_done = "2024-05-06 14:30:00"
        self.assertEqual(step.waiting_hours, 6.5)

    def test_the_account_team_comes_before_the_role(self):
        dora = self._staff("quality", "Dora")
        self.env["logistics.account.member"].create(
            {
                "partner_id": self.customer.id,
                "role_id": self._role("customer_service").id,
                "employee_id": dora.id,
            }
        )
        self.assertEqual(self._open_step(self._start()).employee_id, dora)

    # ------------------------------------------------------------------ bad days

    def test_who_is_on_leave_is_passed_over_and_named(self):
        dora = self._staff("customer_service", "Dora")
        self._send_on_leave(self.service)
        step = self._open_step(self._start())
        self.assertEqual(step.employee_id, dora)
        self.assertEqual(step.handover_note, "Clara is on leave.")
        self.assertIn("Clara is on leave.", step.activity_id.note)

    def test_who_has_no_user_is_passed_over_and_named(self):
        self.service.user_id = False
        dora = self._staff("customer_service", "Dora")
        step = self._open_step(self._start())
        self.assertEqual(step.employee_id, dora)
        self.assertEqual(step.handover_note, "Clara has no user.")

    def test_the_stand_in_gets_what_nobody_can_do(self):
        self._role("customer_service").employee_ids = [Command.clear()]
        step = self._open_step(self._start())
        self.assertEqual(step.user_id, self.manager)
        self.assertIn("stands in", step.handover_note)

    def test_a_step_that_nobody_can_do_waits_on_the_record(self):
        self._role("customer_service").employee_ids = [Command.clear()]
        self.manager.active = False
        step = self._open_step(self._start())
        self.assertFalse(step.user_id)
        self.assertIn("waits on the record", step.handover_note)
        self.assertEqual(self.order.activity_ids, step.activity_id)

    def test_archiving_a_user_hands_their_steps_on(self):
        dora = self._staff("customer_service", "Dora")
        start = self._start()
        step = self._open_step(start)
        self.service.user_id.action_archive()
        self.assertEqual(step.employee_id, dora)
        self.assertEqual(step.activity_id.user_id, dora.user_id)
        self.assertEqual(step.handover_note, "Clara has left.")
        self.assertEqual(start.state, "running")

    def test_the_nightly_run_hands_on_the_steps_of_who_left(self):
        dora = self._staff("customer_service", "Dora")
        step = self._open_step(self._start())
        self.service.active = False
        steps = self.env["logistics.playbook.step"]
        self.assertEqual(steps._get_stranded(), step)
        step._hand_on()
        self.assertEqual(step.employee_id, dora)
        self.assertFalse(steps._get_stranded())

    def test_cancelling_the_activity_ends_the_playbook(self):
        start = self._start()
        self.order.activity_ids.unlink()
        self.assertEqual((start.state, start.end_code), ("cancelled", "step_deleted"))
        self.assertEqual(start.step_ids.mapped("state"), ["cancelled"] * 3)

    def test_deleting_the_record_ends_the_playbook(self):
        start = self._start()
        self.order.state = "draft"  # what is cancelled may have ended it already
        self.order.unlink()
        self.assertEqual((start.state, start.end_code), ("cancelled", "record_gone"))

    def test_a_customer_archived_meanwhile_ends_the_playbook(self):
        start = self._start()
        self.customer.active = False
        self._open_step(start).activity_id.action_feedback()
        self.assertEqual((start.state, start.end_code), ("cancelled", "archived"))
        self.assertFalse(self.order.activity_ids)

    def test_a_step_deleted_from_the_plan_still_runs(self):
        start = self._start()
        self.playbook.plan_id.template_ids.filtered(
            lambda template: template.account_role_id == self._role("warehouse")
        ).unlink()
        self._open_step(start).activity_id.action_feedback()
        self.assertEqual(self._open_step(start).employee_id, self.warehouse)

    def test_an_officer_stops_a_playbook(self):
        start = self._start()
        start.with_user(self.officer).action_stop()
        self.assertEqual((start.state, start.end_code), ("cancelled", "stopped"))
        self.assertFalse(self.order.activity_ids)
        with self.assertRaises(AccessError):
            start.with_user(self.user).action_stop()

    # ------------------------------------------------------------------ by hand

    def test_a_plan_started_by_hand_goes_to_the_role_too(self):
        template = self.playbook.plan_id.template_ids.sorted()[0]
        chosen = template._determine_responsible(self.manager, self.order)
        self.assertEqual(chosen["responsible"], self.service.user_id)
        self.assertFalse(chosen["warning"])
        self._role("customer_service").employee_ids = [Command.clear()]
        chosen = template._determine_responsible(self.manager, self.order)
        self.assertEqual(chosen["responsible"], self.manager)
        self.assertIn("Nobody who can be reached", chosen["warning"])

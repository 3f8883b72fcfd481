from datetime import timedelta

from freezegun import freeze_time

from odoo import Command, fields
from odoo.exceptions import UserError, ValidationError
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger

from .playbook_common import PlaybookMixin


@tagged("post_install", "-at_install")
class TestPlaybook(PlaybookMixin, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_playbooks()
        cls.order = cls._late_order()

    # ------------------------------------------------------------------ who

    def test_hits_orders_past_the_agreed_date_only(self):
        self._confirmed()
        delivered = self._late_order()
        delivered.order_line.qty_delivered = 10
        hits = self._hits()
        self.assertEqual([hit.record_ids for hit in hits], [self.order.ids])
        self.assertEqual(hits[0].partner_id, self.customer.id)

    def test_an_order_of_a_contact_hits_the_customer(self):
        contact = self.env["res.partner"].create({"name": "Ann", "parent_id": self.customer.id})
        self.order.partner_id = contact
        self.assertEqual([hit.partner_id for hit in self._hits()], self.customer.ids)

    def test_customers_can_be_narrowed(self):
        self.playbook.customer_domain = "[('city', '=', 'Ghent')]"
        self.assertFalse(self._hits())
        self.customer.city = "Ghent"
        self.assertTrue(self._hits())

    def test_archived_customers_are_left_alone(self):
        self.customer.active = False
        self.assertFalse(self._hits())

    def test_each_company_sees_its_own_orders(self):
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        self.assertFalse(self._hits(company=elsewhere))

    def test_once_per_customer_whatever_the_number_of_documents(self):
        self.playbook.scope = "customer"
        self._late_order()
        (hit,) = self._hits()
        self.assertEqual(hit.total, 2)
        self.assertEqual(len(self._start()), 1)

    def test_a_condition_that_cannot_be_read_is_refused_in_words(self):
        for domain in ("[('nonsense', '=', 1)]", "[('state',", "state == 1"):
            with self.assert_refused(ValidationError, "cannot be read"):
                self.playbook.filter_domain = domain

    # ------------------------------------------------------------------ once in N days

    def test_starts_once_and_says_why(self):
        start = self._start()
        self.assertEqual(start.state, "running")
        self.assertIn(self.order.name, start.reason)
        self.assertEqual(start.cooldown_until, fields.Date.today() + timedelta(days=14))
        self.assertEqual(self._start(), start, "It runs: nothing new, nothing to note")

    def test_cooldown_holds_and_is_noted_once(self):
        start = self._start()
        start._end("done")
        log = self._start()
        self.assertEqual(sorted(log.mapped("state")), ["done", "skipped"])
        skipped = log.filtered(lambda one: one.state == "skipped")
        self.assertEqual(skipped.end_code, "cooldown")
        self.assertEqual(skipped.cooldown_until, start.cooldown_until)
        self.assertEqual(self._start(), log, "The next night changes nothing")

    def test_starts_again_after_the_cooldown(self):
        self._start()._end("done")
        self._start()
        with freeze_time(fields.Datetime.now() + timedelta(days=15)):
            states = self._start().mapped("state")
        self.assertEqual(sorted(states), ["done", "running", "skipped"])

    def test_another_order_does_not_wait_for_the_first(self):
        self._start()
        self._late_order()
        self.assertEqual(self._start().mapped("state"), ["running", "running"])

    def test_a_second_worker_does_not_start_it_again(self):
        hits = self._hits()
        self.playbook._start_hits(hits, self.env.company)
        with mute_logger("odoo.sql_db"):
            self.playbook._start_hits(hits, self.env.company)
        starts = self.env["logistics.playbook.start"].search(
            [("playbook_id", "=", self.playbook.id)]
        )
        self.assertEqual(len(starts), 1)
        self.assertEqual(len(self.order.activity_ids), 1)

    # ------------------------------------------------------------------ at once

    def test_starts_at_once_when_a_case_escalates(self):
        playbook = self.env.ref("logistics_crm.playbook_case_escalated").copy(
            {"user_id": self.manager.id}
        )
        playbook.with_user(self.manager).action_switch_on()
        self.assertTrue(playbook.sudo().automation_id.active)
        case = self.env["logistics.case"].create(
            {"name": "Broken pallet", "partner_id": self.customer.id}
        )
        self.assertFalse(playbook.start_ids)
        case.escalation_level = 1
        self.env.flush_all()
        self.assertEqual(playbook.start_ids.mapped("partner_id"), self.customer)
        self.assertEqual(playbook.start_ids.res_id, case.id)
        playbook.with_user(self.manager).action_switch_off()
        self.assertFalse(playbook.sudo().automation_id.active)

    def test_only_managers_switch_it_on(self):
        self.playbook.state = "off"
        for user in (self.user, self.officer):
            with self.assertRaises(UserError):
                self.playbook.with_user(user).action_switch_on()
        self.playbook.with_user(self.manager).action_switch_on()
        self.assertEqual(self.playbook.state, "on")

    def test_an_automation_rule_of_ones_own_starts_it(self):
        self.playbook.mode = "automation"
        action = self.env["ir.actions.server"].create(
            {
                "name": "Start",
                "model_id": self.env["ir.model"]._get_id("sale.order"),
                "state": "logistics_playbook",
                "logistics_playbook_id": self.playbook.id,
            }
        )
        self.assertEqual(action._generate_action_name(), "Start Late")
        action.with_context(active_ids=self.order.ids, active_model="sale.order").run()
        self.assertEqual(self.playbook.start_ids.res_id, self.order.id)

    def test_a_playbook_that_is_off_does_not_start(self):
        self.playbook.state = "off"
        self.playbook._start_for(self.order)
        self.assertFalse(self.playbook.start_ids)

    # ------------------------------------------------------------------ bad days

    def test_a_plan_without_steps_is_not_switched_on(self):
        plan = self.env["mail.activity.plan"].create(
            {"name": "Empty", "res_model": "sale.order", "company_id": False}
        )
        playbook = self.playbook.copy({"plan_id": plan.id, "state": "off"})
        with self.assert_refused(UserError, "has no steps yet"):
            playbook.action_switch_on()

    def test_steps_removed_later_start_nothing_and_end_at_once(self):
        plan = self.playbook.plan_id.copy({"template_ids": [Command.clear()]})
        self.playbook.plan_id = plan
        plan.template_ids.unlink()
        start = self._start()
        self.assertEqual((start.state, start.end_code), ("failed", "error"))
        self.assertIn("has no steps", start.reason)

    def test_one_failure_stops_no_other(self):
        other = self._create_customer("Other")
        self._late_order(partner_id=other.id)
        create = type(self.env["mail.activity"]).create

        def fail_for_first(records, vals_list):
            if any(vals["res_id"] == self.order.id for vals in vals_list):
                raise ValidationError(self.env._("The printer is on fire"))
            return create(records, vals_list)

        self.patch(type(self.env["mail.activity"]), "create", fail_for_first)
        log = {start.partner_id: start for start in self._start()}
        self.assertEqual(log[self.customer].state, "failed")
        self.assertIn("on fire", log[self.customer].reason)
        self.assertEqual(log[other].state, "running")

    def test_a_customer_who_fell_silent_is_hit_in_that_company_only(self):
        silent = self.env.ref("logistics_crm.playbook_customer_silent")
        lost = self.env.ref("logistics_crm.lifecycle_stage_lost")
        self.assertFalse(self._hits(silent))
        self.customer.lifecycle_stage_id = lost
        self.assertFalse(self._hits(silent), "Set by hand, it fell silent for no order rhythm")
        self.customer.lifecycle_move_ids.reason_code = "lost"
        (hit,) = self._hits(silent)
        self.assertEqual(hit.partner_id, self.customer.id)
        self.assertIn("Lifecycle: Lost", self._start(silent).reason)
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        self.assertFalse(self._hits(silent, elsewhere))

    def test_merged_customers_keep_one_playbook(self):
        silent = self.env.ref("logistics_crm.playbook_payment_overdue").copy(
            {
                "model": "res.partner",
                "filter_domain": "[('name', 'like', 'Acme')]",
                "scope": "customer",
                "state": "on",
            }
        )
        twin = self._create_customer("Acme Shiping")
        first, second = self._start(silent).sorted("partner_id")
        self.env["base.partner.merge.automatic.wizard"].create({})._merge(
            (self.customer + twin).ids, self.customer
        )
        self.assertEqual((first + second).mapped("partner_id"), self.customer)
        self.assertEqual(sorted((first + second).mapped("state")), ["cancelled", "running"])
        self.assertEqual(len(self.customer.activity_ids), 1)
        self.assertFalse(twin.exists())

    # ------------------------------------------------------------------ before switching on

    def test_preview_tells_whom_it_would_hit_and_starts_nothing(self):
        waiting = self._late_order()
        self._start().filtered(lambda start: start.res_id == waiting.id)._end("done")
        fresh = self._late_order()
        action = self.playbook.with_user(self.manager).action_preview()
        preview = self.env[action["res_model"]].browse(action["res_id"])
        counts = (preview.start_count, preview.cooldown_count, preview.running_count)
        self.assertEqual(counts, (1, 1, 1))
        line = preview.line_ids[0]
        self.assertEqual(line.outcome, "start")
        self.assertIn(fresh.name, line.reason)
        self.assertEqual(line.owner, self.service.user_id.name)
        self.assertFalse(fresh.activity_ids)

    def test_preview_is_for_managers(self):
        with self.assertRaises(UserError):
            self.playbook.with_user(self.officer).action_preview()

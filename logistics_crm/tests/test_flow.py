from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import TransactionCase, tagged

from .order_fact_common import OrderFactInvoicingCase
from .playbook_common import PlaybookMixin


class FlowMixin(PlaybookMixin):
    """Flows as they are once the transaction ends."""

    @classmethod
    def _flow(cls, record):
        field = "order_id" if record._name == "sale.order" else "lead_id"
        cls.env.cr.flush()
        return cls.env["logistics.flow"].sudo().search([(field, "=", record.id)])

    def _steps(self, flow):
        return [(step.stage_id.code, step.state) for step in flow.step_ids.sorted("sequence")]


@tagged("post_install", "-at_install")
class TestFlow(FlowMixin, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_playbooks()
        cls.dispatcher = cls._staff("dispatcher", "Dirk")
        cls.order = cls._order(user_id=cls.user.id)

    def test_a_quotation_opens_with_its_salesperson(self):
        flow = self._flow(self.order)
        self.assertEqual(self._steps(flow), [("quotation", "open")])
        self.assertEqual((flow.stage_id.code, flow.user_id), ("quotation", self.user))
        self.assertEqual(flow.date_stuck - flow.date_step, timedelta(days=14))

    def test_the_next_step_opens_for_the_next_role_when_one_is_done(self):
        self.order.action_confirm()
        flow = self._flow(self.order)
        self.assertEqual(self._steps(flow), [("quotation", "done"), ("order", "open")])
        self.assertEqual(flow.user_id, self.dispatcher.user_id)
        quotation, delivery = flow.step_ids.sorted("sequence")
        self.assertEqual(delivery.date_open, quotation.date_done)
        self.order.order_line.qty_delivered = 10
        flow = self._flow(self.order)
        self.assertEqual((flow.stage_id.code, flow.user_id), ("invoice", self.finance.user_id))

    def test_a_step_done_is_open_again_when_the_document_goes_back(self):
        self.order.action_confirm()
        self.order.order_line.qty_delivered = 10
        self._flow(self.order)
        self.order.order_line.qty_delivered = 4
        self.assertEqual(self._flow(self.order).stage_id.code, "order")

    def test_the_account_team_has_the_step_before_the_role(self):
        dora = self._staff("quality", "Dora")
        self.env["logistics.account.member"].create(
            {
                "partner_id": self.customer.id,
                "role_id": self._role("dispatcher").id,
                "employee_id": dora.id,
            }
        )
        self.order.action_confirm()
        self.assertEqual(self._flow(self.order).user_id, dora.user_id)

    def test_a_lead_becomes_the_first_step_of_its_order(self):
        lead = self.env["crm.lead"].create(
            {"name": "Pallets", "partner_id": self.customer.id, "user_id": self.user.id}
        )
        flows = self.env["logistics.flow"]
        with self.enter_registry_test_mode():
            self.env.ref("logistics_crm.ir_cron_flow_refresh").method_direct_trigger()
        flow = self._flow(lead)
        self.assertEqual((flow.stage_id.code, flow.user_id), ("lead", self.user))
        order = self._order(opportunity_id=lead.id)
        self.assertEqual(self._flow(order), flow, "The lead's own row goes on")
        self.assertEqual(self._steps(flow), [("lead", "done"), ("quotation", "open")])
        second = self._order(opportunity_id=lead.id)
        self.assertNotEqual(self._flow(second), flow)
        self.assertEqual(len(flows.search([("lead_id", "=", lead.id)])), 2)

    def test_a_cancelled_order_leaves_the_flow(self):
        self._flow(self.order)
        self.order._action_cancel()
        flow = self._flow(self.order)
        self.assertEqual(
            (flow.state, flow.stage_id, flow.user_id.ids), ("cancelled", flow.stage_id.browse(), [])
        )
        self.assertFalse(flow.step_ids)
        self.order.action_draft()
        self.assertEqual(self._flow(self.order).stage_id.code, "quotation")

    def test_merged_and_renamed_customers_stay_right(self):
        twin = self._create_customer("Acme Shiping")
        order = self._order(partner_id=twin.id)
        self._flow(order)
        self.env["base.partner.merge.automatic.wizard"].create({})._merge(
            (self.customer + twin).ids, self.customer
        )
        self.env["logistics.flow"]._refresh(order.ids)
        self.assertEqual(self._flow(order).partner_id, self.customer)

    def test_a_million_orders_cost_three_statements_per_batch(self):
        orders = self.order + self._order() + self._order()
        self._flow(self.order)
        flows = self.env["logistics.flow"]
        with self.assertQueryCount(3):
            flows._refresh(self.order.ids)
        with self.assertQueryCount(3):
            flows._refresh(orders.ids)

    def test_what_did_not_change_is_not_written(self):
        flow = self._flow(self.order)
        versions = self._get_versions(flow)
        self.env["logistics.flow"]._refresh(self.order.ids)
        self.assertEqual(self._get_versions(flow), versions)

    def _get_versions(self, flow):
        self.env.cr.execute(
            "SELECT xmin, ctid::text FROM logistics_flow WHERE id = %s UNION ALL "
            "SELECT xmin, ctid::text FROM logistics_flow_step WHERE flow_id = %s",
            (flow.id, flow.id),
        )
        return self.env.cr.fetchall()

    def test_what_ended_is_left_alone_by_the_nightly_run(self):
        flow = self._flow(self.order)
        ids = self.env["logistics.flow"]._get_ids_to_refresh()
        self.assertIn(self.order.id, ids)
        flow.state = "done"
        flow.flush_recordset()
        self.assertNotIn(self.order.id, self.env["logistics.flow"]._get_ids_to_refresh())

    # ------------------------------------------------------------------ screens and trust

    def test_bottlenecks_count_what_waits_and_what_is_stuck(self):
        self._flow(self.order)
        step = self.env["logistics.flow.step"].search([("flow_id.order_id", "=", self.order.id)])
        step.date_open = fields.Datetime.now() - timedelta(days=20)
        self.env.flush_all()
        bottlenecks = self.env["logistics.flow.bottleneck"].with_user(self.officer)
        row = bottlenecks.search([("stage_id.code", "=", "quotation")])
        self.assertEqual((row.waiting_count >= 1, row.stuck_count >= 1), (True, True))
        found = self.env["logistics.flow"].search(row.action_open_waiting()["domain"])
        self.assertIn(self._flow(self.order), found)
        with self.assertRaises(AccessError):
            bottlenecks.with_user(self.user).search([])

    def test_the_document_of_the_step_opens(self):
        flow = self._flow(self.order).with_user(self.user)
        action = flow.action_open_document()
        self.assertEqual((action["res_model"], action["res_id"]), ("sale.order", self.order.id))

    def test_who_has_the_step_but_not_the_document_is_told_so(self):
        self.order.action_confirm()
        flow = self._flow(self.order).with_user(self.dispatcher.user_id)
        with self.assert_refused(UserError, "not among the documents"):
            flow.action_open_document()

    def test_users_see_own_customers_and_what_is_in_their_hands(self):
        flow = self._flow(self.order)
        domain = [("id", "=", flow.id)]
        self.assertTrue(flow.with_user(self.user).search(domain))
        self.assertFalse(flow.with_user(self.other_user).search(domain))
        self.order.user_id = self.other_user
        self.assertTrue(self._flow(self.order).with_user(self.other_user).search(domain))
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        self.officer.write(
            {"company_ids": [Command.set(elsewhere.ids)], "company_id": elsewhere.id}
        )
        self.assertFalse(flow.with_user(self.officer).search(domain))
        with self.assertRaises(AccessError):
            flow.with_user(self.portal_user).search(domain)


@tagged("post_install", "-at_install")
class TestFlowInvoicing(FlowMixin, OrderFactInvoicingCase):
    def test_an_order_runs_from_lead_to_payment(self):
        lead = self.env["crm.lead"].create({"name": "Pallets", "partner_id": self.customer.id})
        order = self._confirmed(opportunity_id=lead.id)
        order.order_line.qty_delivered = 10
        self.assertEqual(self._flow(order).stage_id.code, "invoice")
        invoice = self._invoiced(order)
        flow = self._flow(order)
        self.assertEqual(flow.stage_id.code, "payment")
        step = flow.step_ids.filtered(lambda step: step.state == "open")
        self.assertEqual((step.res_model, step.res_id), ("account.move", invoice.id))
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        ).create({})._create_payments()
        flow = self._flow(order)
        self.assertEqual((flow.state, flow.stage_id.code), ("done", "done"))
        self.assertEqual(
            self._steps(flow),
            [(code, "done") for code in ("lead", "quotation", "order", "invoice", "payment")],
        )
        steps = flow.step_ids.sorted("sequence")
        for before, after in zip(steps, steps[1:], strict=False):
            self.assertEqual(after.date_open, before.date_done)
        self.assertEqual(flow.date_end, steps[-1].date_done)

    def test_an_invoice_set_back_to_draft_opens_its_step_again(self):
        order = self._confirmed()
        invoice = self._invoiced(order)
        self.assertEqual(self._flow(order).stage_id.code, "payment")
        invoice.button_draft()
        self.assertEqual(self._flow(order).stage_id.code, "order")

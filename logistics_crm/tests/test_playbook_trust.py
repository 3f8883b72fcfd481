from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import TransactionCase, tagged

from .playbook_common import PlaybookMixin


@tagged("post_install", "-at_install")
class TestPlaybookTrust(PlaybookMixin, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_playbooks()
        cls._late_order()
        cls.start = cls._start()

    def _sees(self, user, record):
        return bool(record.with_user(user).search([("id", "in", record.ids)]))

    def test_users_see_the_playbooks_of_their_customers(self):
        for records in (self.start, self.start.step_ids):
            self.assertTrue(self._sees(self.user, records))
            self.assertFalse(self._sees(self.other_user, records))
            self.assertTrue(self._sees(self.officer, records))

    def test_who_has_a_step_sees_the_playbook(self):
        self.assertTrue(self._sees(self.service.user_id, self.start))
        self.assertFalse(self._sees(self.warehouse.user_id, self.start))

    def test_portal_and_other_employees_see_nothing(self):
        for user in (self.portal_user, self.internal_user):
            with self.assertRaises(AccessError):
                self.start.with_user(user).read(["state"])

    def test_another_company_sees_nothing(self):
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        self.manager.write(
            {"company_ids": [Command.set(elsewhere.ids)], "company_id": elsewhere.id}
        )
        self.assertFalse(self._sees(self.manager, self.start))
        self.assertFalse(self._sees(self.manager, self.start.step_ids))
        self.assertTrue(self._sees(self.manager, self.playbook))
        self.playbook.company_id = self.env.company
        self.assertFalse(self._sees(self.manager, self.playbook))

    def test_managers_write_plans_of_customers_and_no_others(self):
        plans = self.env["mail.activity.plan"].with_user(self.manager)
        plan = plans.create({"name": "Mine", "res_model": "res.partner"})
        plan.template_ids = [Command.create({"summary": "Call", "responsible_type": "on_demand"})]
        with self.assertRaises(AccessError):
            plans.create({"name": "Not mine", "res_model": "hr.employee"})
        with self.assertRaises(AccessError):
            plans.with_user(self.officer).create({"name": "No", "res_model": "res.partner"})

    def test_the_customer_shows_its_playbooks(self):
        contact = self.env["res.partner"].create({"name": "Ann", "parent_id": self.customer.id})
        for partner in (self.customer, contact):
            seen = partner.with_user(self.user)
            self.assertEqual(seen.playbook_start_count, 1)
            domain = seen.action_view_playbook_starts()["domain"]
            self.assertEqual(self.env["logistics.playbook.start"].search(domain), self.start)

from odoo import Command
from odoo.tests import tagged

from .case_common import CaseCase
from .test_case_sla import june


@tagged("post_install", "-at_install")
class TestCustomerMerge(CaseCase):
    """Customers are merged while work for them goes on."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.twin = cls._create_customer("Harbor", user_id=cls.user.id, email="in@harbour.example")
        cls.agent = cls._create_employee("Agent", cls.user)
        cls.mine = cls._open(employee_id=cls.agent.id)
        cls.other = cls._open(partner_id=cls.twin.id, employee_id=cls.agent.id)

    def _merge(self):
        """Merge the twin into the customer, as a manager does it in the dialog."""
        wizard = self.env["base.partner.merge.automatic.wizard"].with_user(self.manager)
        wizard.create(
            {
                "partner_ids": [Command.set((self.customer + self.twin).ids)],
                "dst_partner_id": self.customer.id,
            }
        ).action_merge()
        self.env.invalidate_all()

    def test_open_cases_go_on_with_the_customer_that_remains(self):
        self.other.message_post(body="On its way", partner_ids=self.twin.ids)
        self._merge()
        self.assertFalse(self.twin.exists())
        self.assertEqual(self.other.partner_id, self.customer)
        self.assertEqual(self.other.commercial_partner_id, self.customer)
        self.assertEqual(self.customer.open_case_count, 2)
        self.assertEqual(self.other.employee_id, self.agent)
        self.assertTrue(self.other.with_user(self.user).has_access("write"))

    def test_open_cases_get_the_deadlines_of_the_customer_that_remains(self):
        own = self.policies.create(
            {"name": "Own", "partner_id": self.customer.id, "resolution_hours": 8}
        )
        self._watch(june(1, 9, 10))
        self.assertEqual(self.other.sla_policy_id, self.policy)
        self._merge()
        self._watch(june(1, 9, 20))
        self.assertEqual(self.other.sla_policy_id, own)
        self.assertEqual(self.other.resolution_deadline, june(1, 17))

    def test_a_mail_of_the_customer_finds_one_customer_afterwards(self):
        [(partner, _found)] = self.env["res.partner"]._match_contacts(
            [{"email": "in@harbour.example", "phone": False}]
        )
        self.assertFalse(partner)
        self._merge()
        [(partner, _found)] = self.env["res.partner"]._match_contacts(
            [{"email": "in@harbour.example", "phone": False}]
        )
        self.assertEqual(partner, self.customer)

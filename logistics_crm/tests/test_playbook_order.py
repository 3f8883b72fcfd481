from odoo.tests import TransactionCase, new_test_user, tagged

from .playbook_common import PlaybookMixin


@tagged("post_install", "-at_install")
class TestPlaybookOrder(PlaybookMixin, TransactionCase):
    """What runs about a late order ends when somebody cancels it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_playbooks()
        cls.seller = new_test_user(
            cls.env, "order_seller", "sales_team.group_sale_salesman_all_leads"
        )

    def test_a_salesperson_who_sees_no_playbook_ends_it_by_cancelling_the_order(self):
        late, kept = self._late_order(), self._late_order()
        starts = {start.res_id: start for start in self._start()}
        step = starts[late.id].current_step_id
        self.assertTrue(step.activity_id)
        late.with_user(self.seller)._action_cancel()
        ended = starts[late.id]
        self.assertEqual((ended.state, ended.end_code), ("cancelled", "order_cancelled"))
        self.assertEqual((step.state, late.activity_ids), ("cancelled", step.activity_id.browse()))
        said = late.message_ids.filtered(lambda one: "Late was ended" in one.body)
        self.assertEqual(said.author_id, self.seller.partner_id)
        self.assertEqual(starts[kept.id].state, "running")

    def test_a_playbook_that_is_not_about_lateness_goes_on(self):
        self.playbook.filter_domain = "[('state', 'in', ['sale', 'cancel'])]"
        order = self._late_order()
        start = self._start()
        order._action_cancel()
        self.assertEqual(start.state, "running")

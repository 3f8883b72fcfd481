from datetime import datetime, time, timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, TransactionCase, tagged

from .profile_common import ProfileMixin


@tagged("post_install", "-at_install")
class TestLifecycleStage(ProfileMixin, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_users()
        cls.stages = cls.env["logistics.lifecycle.stage"]
        cls.moves = cls.env["logistics.lifecycle.move"]
        cls.customer = cls._create_customer("Ordering", user_id=cls.user.id)

    def _get_stage(self, customer=None, company=None):
        """Apply the rules and return the code of the stage they tell, with the reason."""
        company = company or self.env.company
        self.stages._apply_rules(company)
        customer = (customer or self.customer).with_company(company)
        return customer.lifecycle_stage_id.code, customer.lifecycle_reason

    def test_who_never_ordered_is_a_prospect(self):
        supplier = self.env["res.partner"].create({"name": "Supplier", "is_company": True})
        self.assertEqual(self._get_stage(), ("prospect", "No order yet."))
        self.assertEqual(self._get_stage(supplier), (False, False))

    def test_who_has_a_lead_is_a_prospect(self):
        company = self.env["res.partner"].create({"name": "Asked", "is_company": True})
        person = self.env["res.partner"].create({"name": "Ann", "parent_id": company.id})
        self.env["crm.lead"].create({"name": "Pallets", "partner_id": person.id})
        self.assertEqual(self._get_stage(company)[0], "prospect")

    def test_first_order_makes_a_new_customer(self):
        self._add_orders(self.customer, [10, 40])
        stage, reason = self._get_stage()
        self.assertEqual(stage, "new")
        self.assertIn("First order on", reason)

    def test_quiet_is_measured_by_the_customers_own_rhythm(self):
        weekly, yearly = self._create_customer("Weekly"), self._create_customer("Yearly")
        self._add_orders(weekly, range(100, 400, 7))
        self._add_orders(yearly, [100, 465, 830])
        self.assertEqual(
            self._get_stage(weekly),
            ("lost", "No order for 100 days; this customer orders about every 7 days."),
        )
        self.assertEqual(self._get_stage(yearly)[0], "mature")

    def test_who_is_late_declines_before_being_lost(self):
        self._add_orders(self.customer, range(50, 500, 20))
        self.assertEqual(
            self._get_stage(),
            ("declining", "No order for 50 days; this customer orders about every 20 days."),
        )

    def test_who_orders_more_grows_and_who_orders_less_declines(self):
        less = self._create_customer("Less")
        for customer, recent, before in ((self.customer, 200, 100), (less, 50, 100)):
            self._add_orders(customer, range(5, 180, 20), recent)
            self._add_orders(customer, range(185, 400, 20), before)
        stage, reason = self._get_stage()
        self.assertEqual(stage, "growing")
        self.assertIn("% more in the last 180 days", reason)
        stage, reason = self._get_stage(less)
        self.assertEqual(stage, "declining")
        self.assertIn("% less in the last 180 days", reason)

    def test_who_orders_as_before_is_mature(self):
        self._add_orders(self.customer, range(5, 600, 20))
        self.assertEqual(
            self._get_stage(),
            ("mature", "Orders about every 20 days, about as much as before."),
        )

    def test_who_comes_back_is_recovered(self):
        self._add_orders(self.customer, [5, 25, 300, 320, 340, 360])
        stage, reason = self._get_stage()
        self.assertEqual(stage, "recovered")
        self.assertIn("after 275 days without an order", reason)

    def test_returns_are_no_orders(self):
        self._add_orders(self.customer, range(100, 400, 7))
        self._add_orders(self.customer, [3]).write({"quantity": -1, "amount_company": -5})
        self.assertEqual(self._get_stage()[0], "lost")

    def test_each_move_is_kept_and_nothing_moves_twice(self):
        self._get_stage()
        self._add_orders(self.customer, [10])
        self._get_stage()
        self._get_stage()
        moves = self.customer.lifecycle_move_ids
        self.assertEqual(moves.mapped("to_stage_id.code"), ["new", "prospect"])
        self.assertEqual(moves.mapped("from_stage_id.code"), ["prospect"])
        self.assertFalse(moves.user_id)

    def test_moves_are_found_by_the_days_that_they_show(self):
        self._get_stage()
        move = self.customer.lifecycle_move_ids
        for days, hour in ((0, 0), (3, 23), (4, 0)):
            day = fields.Date.today() - timedelta(days=days)
            move.date = datetime.combine(day, time(hour, 59 if hour else 0))
            self.assertEqual(move.days_ago, days)
            for sign, found in (("<", False), ("<=", True), (">", False), (">=", True)):
                domain = [("id", "=", move.id), ("days_ago", sign, days)]
                self.assertEqual(bool(move.search(domain)), found, (days, sign))
            self.assertTrue(move.search([("id", "=", move.id), ("days_ago", "<", days + 1)]))
            self.assertFalse(move.search([("id", "=", move.id), ("days_ago", ">", days)]))

    def test_a_stage_set_by_hand_stays_until_it_is_released(self):
        self._get_stage()
        with Form(
            self.customer.with_user(self.user),
            view="logistics_crm.view_logistics_customer_form",
        ) as form:
            form.lifecycle_stage_id = self.stages.search([("code", "=", "lost")])
        self.assertTrue(self.customer.lifecycle_is_manual)
        self.assertEqual(self._get_stage(), ("lost", f"Set by {self.user.name}."))
        self.customer.with_user(self.user).lifecycle_is_manual = False
        self.assertEqual(self._get_stage()[0], "prospect")

    def test_companies_tell_their_own_stages(self):
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        self._add_orders(self.customer, range(5, 600, 20))
        self._add_orders(self.customer, [10], company=elsewhere)
        self.assertEqual(self._get_stage()[0], "mature")
        self.assertEqual(self._get_stage(company=elsewhere)[0], "new")
        self.assertEqual(self.customer.lifecycle_stage_id.code, "mature")
        seen = self.moves.with_user(self.officer).search([("partner_id", "=", self.customer.id)])
        self.assertEqual(seen.company_id, self.env.company)

    def test_user_reads_moves_of_own_customers_only(self):
        foreign = self._create_customer("Foreign", user_id=self.other_user.id)
        self.stages._apply_rules(self.env.company)
        moves = self.moves.with_user(self.user)
        both = [("partner_id", "in", (foreign + self.customer).ids)]
        self.assertEqual(moves.search(both).partner_id, self.customer)
        self.assertEqual(len(moves.with_user(self.officer).search(both)), 2)
        for user in (self.portal_user, self.internal_user):
            with self.assertRaises(AccessError):
                moves.with_user(user).search(both)

    def test_only_a_manager_applies_the_rules_by_hand(self):
        with self.assertRaises(AccessError):
            self.stages.with_user(self.officer).action_apply_rules()
        message = self.stages.with_user(self.manager).action_apply_rules()["params"]["message"]
        self.assertIn("moved", message)

    def test_rules_cost_the_same_for_any_number_of_customers(self):
        customers = self.env["res.partner"].create(
            [
                {"name": f"Customer {number}", "is_company": True, "customer_rank": 1}
                for number in range(50)
            ]
        )
        self._add_orders(customers[0], [5])
        self.env.flush_all()
        with self.assertQueryCount(6):
            self.stages._apply_rules(self.env.company)

    def test_the_stages_of_the_rules_stay(self):
        lost = self.stages.search([("code", "=", "lost")])
        with self.assert_refused(UserError, "rename it instead"):
            lost.unlink()
        with self.assert_refused(UserError, "Change its name only"):
            lost.code = "gone"
        with self.assert_refused(ValidationError, "At Most"):
            lost.most_days = 10
        own = self.stages.create({"name": "Blocked", "code": "blocked"})
        self.assertEqual(own.rule, "Set by hand only.")
        own.unlink()

    def test_the_scheduled_action_works_through_all_companies(self):
        cron = self.env.ref("logistics_crm.ir_cron_lifecycle")
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.assertEqual(self.customer.lifecycle_stage_id.code, "prospect")

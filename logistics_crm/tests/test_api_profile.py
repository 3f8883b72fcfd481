from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import TransactionCase, tagged

from .profile_common import ProfileMixin

KEYS = {
    *("id", "code", "name", "former_codes", "roles", "lifecycle", "team", "people", "group"),
    *("figures", "agreements", "orders", "cases", "shipments", "scores"),
}
FIGURES = {
    *("currency", "revenue_12m", "revenue_change", "orders_12m", "last_order", "receivable"),
    *("overdue", "credit_limit", "open_orders", "open_order_amount", "open_quotations"),
    *("open_cases", "satisfaction", "ratings", "last_contact"),
}


@tagged("post_install", "-at_install")
class TestApiProfile(ProfileMixin, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_users()
        cls.customer = cls._create_customer("Known", user_id=cls.user.id)
        cls.contact = cls.env["res.partner"].create({"name": "Ann", "parent_id": cls.customer.id})

    def _get_profile(self, customer, user=None):
        self.env.invalidate_all()  # every call of another system is a transaction of its own
        api = self.env["logistics.api"].with_user(user or self.user)
        return api.customer_profile(customer)

    def _assert_plain(self, value):
        """Check that a value is what XML-RPC and JSON carry: no null, no record, no date."""
        self.assertIsNotNone(value)
        if isinstance(value, dict):
            for key, item in value.items():
                self.assertIsInstance(key, str)
                self._assert_plain(item)
        elif isinstance(value, list):
            for item in value:
                self._assert_plain(item)
        else:
            self.assertIn(type(value), (str, int, float, bool))

    def test_every_key_is_there_for_who_is_new_and_for_who_is_known(self):
        self._assert_profile(self._get_profile(self.customer.id))
        self._add_orders(self.customer, [10], 60)
        self.env["logistics.case"].create({"name": "Late", "partner_id": self.contact.id})
        self.env["logistics.lifecycle.stage"]._apply_rules(self.env.company)
        role = self.env.ref("logistics_crm.account_role_dispatcher")
        self.env["logistics.account.member"].create(
            {
                "partner_id": self.customer.id,
                "role_id": role.id,
                "employee_id": self.env["hr.employee"].create({"name": "Bob"}).id,
            }
        )
        self.customer.logistics_role_ids = self.env.ref("logistics_crm.partner_role_shipper")
        profile = self._get_profile(self.customer.id)
        self._assert_profile(profile)
        self.assertEqual(profile["roles"], ["shipper"])
        self.assertEqual(profile["lifecycle"]["stage"], "new")
        self.assertEqual(
            profile["team"],
            [{"role": "dispatcher", "role_name": "Dispatcher", "employee": "Bob", "email": False}],
        )
        self.assertEqual(profile["people"][0]["name"], "Ann")
        self.assertEqual(profile["figures"]["revenue_12m"], 60)
        self.assertEqual(profile["figures"]["open_cases"], 1)
        self.assertEqual(profile["cases"][0]["subject"], "Late")
        self.assertEqual(profile["figures"]["currency"], self.env.company.currency_id.name)

    def _assert_profile(self, profile):
        self._assert_plain(profile)
        self.assertEqual(set(profile), KEYS)
        self.assertEqual(set(profile["figures"]), FIGURES)

    def test_id_code_former_code_and_contact_name_the_same_customer(self):
        old = self.customer.customer_code
        self.customer.customer_code = self.env["logistics.code.scheme"]._next_codes(
            "res.partner", 1
        )[0]
        named = (self.customer.id, self.contact.id, self.customer.customer_code, old, old.lower())
        for customer in named:
            self.assertEqual(self._get_profile(customer)["id"], self.customer.id)
        self.assertEqual(self._get_profile(old)["former_codes"], [old])

    def test_a_code_that_the_customer_has_again_is_no_former_one(self):
        first = self.customer.customer_code
        [second] = self.env["logistics.code.scheme"]._next_codes("res.partner", 1)
        self.customer.customer_code = second
        self.customer.customer_code = first
        self.assertEqual(self._get_profile(first)["former_codes"], [second])

    def test_an_unknown_customer_is_named_in_the_error(self):
        for wrong in ("no such code", "\0", "\ud800", 10**8, True, -1, 1.5, ["C"], {}):
            with self.assert_refused(UserError, "customer"):
                self._get_profile(wrong)
        for missing in (None, False, ""):
            with self.assert_refused(UserError, "“customer” is missing"):
                self._get_profile(missing)

    def test_callers_see_what_they_may_see_in_odoo(self):
        foreign = self._create_customer("Foreign", user_id=self.other_user.id)
        with self.assert_refused(UserError, "that you may see"):
            self._get_profile(foreign.id)
        self.assertEqual(self._get_profile(foreign.id, self.officer)["name"], "Foreign")
        self.portal_user.partner_id.parent_id = self.customer
        for user in (self.internal_user, self.portal_user):
            with self.assertRaises(AccessError):
                self._get_profile(self.customer.id, user)

    def test_figures_and_team_are_those_of_the_callers_company(self):
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        self._add_orders(self.customer, [10], 999, company=elsewhere)
        profile = self._get_profile(self.customer.id, self.officer)
        self.assertEqual(profile["figures"]["revenue_12m"], 0)
        self.assertFalse(profile["figures"]["last_order"])

    def test_dates_are_iso_8601(self):
        self._add_orders(self.customer, [0])
        message = self.contact.message_post(
            body="Hello", message_type="email", subtype_xmlid="mail.mt_comment"
        )
        figures = self._get_profile(self.customer.id)["figures"]
        self.assertEqual(figures["last_order"], fields.Date.today().isoformat())
        self.assertEqual(figures["last_contact"], f"{message.date.isoformat()}Z")

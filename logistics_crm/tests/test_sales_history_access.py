from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .history_common import SalesHistoryCase


@tagged("post_install", "-at_install")
class TestSalesHistoryAccess(SalesHistoryCase):
    def test_only_managers_load(self):
        for user in (self.officer, self.user, self.internal_user, self.portal_user):
            with self.subTest(user=user.login), self.assert_refused(AccessError, "Manager"):
                self.api.with_user(user).load_sales_history("erp", [self._line()])
        self.assertFalse(self._history())

    def test_managers_load_without_the_right_to_maintain_products(self):
        products = self.env["product.product"].with_user(self.manager)
        self.assertFalse(products.has_access("create"))
        self._load(self._line())
        self.assertTrue(self._history().product_id)

    def test_users_see_the_lines_of_their_own_customers(self):
        self._load(self._line(1), self._line(2, customer="C-2"), self._line(3, customer="C-3"))
        mine, theirs = self._history()[:2]
        mine.partner_id.user_id = self.user
        theirs.partner_id.user_id = self.other_user
        lines = self._history()
        self.assertEqual(lines.with_user(self.user).search([("id", "in", lines.ids)]), mine)
        self.assertEqual(
            lines.with_user(self.officer).search([("id", "in", lines.ids)]), lines[::-1]
        )
        self.assertFalse(lines.with_user(self.user).has_access("unlink"))
        self.assertFalse(lines.with_user(self.officer).has_access("write"))

    def test_lines_of_another_company_stay_there(self):
        self._load(self._line())
        main = self.env.ref("base.main_company")
        self.officer.write({"company_id": main.id, "company_ids": [(6, 0, main.ids)]})
        history = self.env["logistics.sales.history"].with_user(self.officer)
        self.assertFalse(history.search([("company_id", "=", self.company.id)]))

    def test_officers_do_not_undo(self):
        self._load(self._line())
        with self.assertRaises(AccessError):
            self._history().load_id.with_user(self.officer).action_undo()
        self.assertEqual(len(self._history()), 1)

    def test_what_lines_refer_to_cannot_be_deleted(self):
        self._load(self._line(currency="USD"))
        with self.assert_refused(UserError, "undo it"):
            self._history().load_id.unlink()
        with self.assert_refused(UserError, "Sales history uses"):
            self.usd._unlink_except_in_sales_history()
        with self.assert_refused(UserError, "Sales history uses"):
            self.company._unlink_except_in_sales_history()

    def test_the_customer_form_counts_lines_of_many_at_once(self):
        self._load(*[self._line(n, customer=f"C-{n % 5}") for n in range(20)])
        partners = self._history().partner_id
        contact = self.env["res.partner"].create({"name": "Contact", "parent_id": partners[0].id})
        everyone = (partners + contact).with_user(self.officer)
        everyone._compute_sales_history_count()
        everyone.invalidate_recordset(["sales_history_count"])
        with self.assertQueryCount(2):  # lines, and the partners themselves
            everyone._compute_sales_history_count()
        self.assertEqual(everyone.mapped("sales_history_count"), [4] * 6)
        action = contact.with_user(self.officer).action_view_sales_history()
        found = self.env["logistics.sales.history"].search(action["domain"])
        self.assertEqual(found.partner_id, partners[0])

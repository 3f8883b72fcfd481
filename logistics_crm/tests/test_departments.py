from ast import literal_eval
from datetime import timedelta

from lxml import etree

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import TransactionCase, tagged
from odoo.tools.safe_eval import safe_eval

from .playbook_common import PlaybookMixin

QUERIES = "logistics_crm.query_"


@tagged("post_install", "-at_install")
class TestDepartments(PlaybookMixin, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_playbooks()

    def test_customers_of_every_list_open_on_their_profile(self):
        profile = self.env.ref("logistics_crm.view_logistics_customer_form")
        for name in ("prospects", "my_customers", "silent"):
            action = self.env.ref(f"logistics_crm.action_department_{name}")
            views = {mode: view for view, mode in action._get_action_dict()["views"]}
            self.assertEqual(views["form"], profile.id)

    def test_overdue_invoices_say_whose_they_are(self):
        """Odoo shows the customer where the context says that these are invoices to customers."""
        action = self.env.ref("logistics_crm.action_department_overdue")._get_action_dict()
        context = literal_eval(action["context"])
        moves = self.env["account.move"].with_user(self.officer).with_context(**context)
        [view] = [view for view, mode in action["views"] if mode == "list"]
        columns = etree.fromstring(moves.get_view(view, "list")["arch"]).xpath("/list/field")
        shown = {
            column.get("name")
            for column in columns
            if not safe_eval(column.get("column_invisible") or "0", {"context": context})
        }
        self.assertTrue({"name", "invoice_partner_display_name", "invoice_date_due"} <= shown)

    # ------------------------------------------------------------------ sales quality

    def test_what_is_not_known_yet_is_shown_and_exported_as_nothing(self):
        order = self._confirmed()
        quality = self._quality(order)
        names = ["promise_kept", "paid_in_time", "payment_days"]
        [values] = quality.read(names)
        self.assertEqual([values[name] for name in names], [False] * 3)
        self.assertIsNot(values["promise_kept"], 0.0)
        self.assertEqual(quality.export_data(names)["datas"], [["", "", ""]])
        broken = self._quality(self._late_order())
        self.assertEqual(broken.export_data(["promise_kept"])["datas"], [[0.0]])
        [row] = quality.web_search_read([("id", "=", order.id)], {name: {} for name in names})[
            "records"
        ]
        self.assertIs(row["payment_days"], False)

    def _quality(self, order, user=None):
        self.env.cr.flush()
        self.env.invalidate_all()
        return self.env["logistics.sales.quality"].with_user(user or self.officer).browse(order.id)

    def test_conversion_counts_what_is_decided_only(self):
        won, open_, lost, expired = (self._order() for _number in range(4))
        won.action_confirm()
        lost._action_cancel()
        expired.validity_date = fields.Date.today() - timedelta(days=1)
        expected = ((won, 1), (lost, 0), (expired, 0))
        for order, conversion in expected:
            self.assertEqual(self._quality(order).conversion, conversion)
        self.env.cr.flush()
        orders = won + open_ + lost + expired
        ((rate,),) = self.env["logistics.sales.quality"]._read_group(
            [("order_id", "in", orders.ids)], [], ["conversion:avg"]
        )
        self.assertAlmostEqual(rate, 1 / 3)

    def test_discount_is_the_share_of_the_full_price(self):
        line = {"product_id": self.pallet.id, "product_uom_qty": 10, "discount": 20}
        order = self._confirmed(lines=[line])
        quality = self._quality(order)
        self.assertAlmostEqual(quality.discount, 0.2)
        self.assertAlmostEqual(quality.discount_amount, 200)
        self.assertAlmostEqual(quality.amount, 800)

    def test_a_promise_is_kept_when_delivered_by_the_agreed_date(self):
        late = self._late_order()
        kept = self._confirmed(commitment_date=fields.Datetime.now() + timedelta(days=2))
        kept.order_line.qty_delivered = 10
        free = self._confirmed()
        self.assertEqual(self._quality(late).promise_kept, 0)
        self.assertEqual(self._quality(kept).promise_kept, 1)
        self.env.cr.flush()
        found = self.env["logistics.sales.quality"].search(
            [("order_id", "=", free.id), ("promise_kept", "!=", False)]
        )
        self.assertFalse(found, "Nothing was promised")

    def test_users_see_the_quality_of_their_own_sales(self):
        order = self._confirmed(user_id=self.user.id)
        self.env.cr.flush()
        domain = [("order_id", "=", order.id)]
        model = self.env["logistics.sales.quality"]
        self.assertTrue(model.with_user(self.user).search(domain))
        self.assertFalse(model.with_user(self.other_user).search(domain))
        with self.assertRaises(AccessError):
            model.with_user(self.portal_user).search(domain)

    # ------------------------------------------------------------------ queries

    def test_every_query_opens_a_list_of_its_results(self):
        queries = self.env["ir.filters"].with_user(self.officer).search([("question", "!=", False)])
        departments = set(queries.mapped("department"))
        self.assertEqual(
            departments, {"sales", "marketing", "service", "account", "administration"}
        )
        for query in queries:
            with self.subTest(query=query.question):
                action = query.action_open_query()
                model = self.env[action["res_model"]].with_user(self.officer)
                count = model.search_count(action["domain"])
                self.assertEqual(count, query.result_count)
                self.assertIn("list", action["view_mode"])
                for field in literal_eval(query.context).get("group_by", []):
                    self.assertIn(field, model._fields)

    def test_a_query_that_cannot_be_read_breaks_no_list(self):
        filters = self.env["ir.filters"].with_user(self.user)
        values = {"model_id": "logistics.case", "department": "service", "user_ids": []}
        for broken in (
            {"domain": "[('id', '=', [[]])]"},
            {"domain": "1/0"},
            {"domain": "nonsense"},
            {"domain": "["},
            {"context": "{'a'"},
        ):
            with self.subTest(broken=broken):
                query = filters.create({"name": str(broken), **values, **broken})
                query = query.with_user(self.officer)
                self.assertGreaterEqual(query.result_count, 0)
                if broken != {"domain": "[('id', '=', [[]])]"}:
                    with self.assert_refused(UserError, "cannot be read"):
                        query.action_open_query()

    def test_a_query_finds_what_it_asks_for(self):
        order = self._late_order()
        query = self.env.ref(f"{QUERIES}orders_late").with_user(self.officer)
        action = query.action_open_query()
        self.assertIn(order, self.env["sale.order"].search(action["domain"]))
        self.assertEqual(action["name"], "Which orders are late?")

    def test_users_count_own_records_only(self):
        query = self.env.ref(f"{QUERIES}customers_no_team")
        self._create_customer("Foreign", user_id=self.other_user.id)
        seen = query.with_user(self.user).result_count
        self.env.invalidate_all()
        self.assertLess(seen, query.with_user(self.officer).result_count)

    def test_favorites_show_the_question_in_the_readers_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        query = self.env.ref(f"{QUERIES}orders_late")
        query.with_context(lang="fr_FR").question = "Quelles commandes sont en retard ?"
        self.officer.lang = "fr_FR"
        filters = self.env["ir.filters"].with_user(self.officer)
        found = filters.get_filters("sale.order", query.action_id.id)
        self.assertIn("Quelles commandes sont en retard ?", [one["name"] for one in found])

    # ------------------------------------------------------------------ lists

    def test_lists_export_the_columns_of_the_shipped_templates(self):
        for name in ("customer", "contact", "sales", "feedback"):
            template = self.env.ref(f"logistics_crm.export_{name}_list")
            model = self.env[template.resource].with_user(self.officer)
            paths = template.export_fields.mapped("name")
            with self.subTest(name=name):
                records = model.search([], limit=2)
                rows = records.export_data(paths)["datas"]
                self.assertEqual({len(row) for row in rows} - {len(paths)}, set())

    def test_the_customer_list_prints_selected_rows(self):
        html = self._print("customer", self.customer, self.user)
        self.assertIn(self.customer.customer_code, html)
        self.assertIn("Acme Shipping", html)

    def test_the_lists_of_contacts_sales_and_feedback_print(self):
        contact = self.env["res.partner"].create({"name": "Ann", "parent_id": self.customer.id})
        self.assertIn("Acme Shipping", self._print("contact", contact, self.user))
        order = self._confirmed()
        facts = self.env["logistics.order.fact"].search([("sale_line_id.order_id", "=", order.id)])
        self.assertIn("1,000.00", self._print("sales", facts, self.officer))
        case = self.env["logistics.case"].create(
            {"name": "Too <b>late</b>", "partner_id": self.customer.id, "kind": "complaint"}
        )
        html = self._print("feedback", case, self.officer)
        self.assertIn("Complaint", html)
        self.assertIn("Too &lt;b&gt;late&lt;/b&gt;", html)

    def test_who_may_not_see_a_customer_cannot_print_it(self):
        with self.assertRaises(AccessError):
            self._print("customer", self.customer, self.other_user)

    def _print(self, name, records, user):
        reports = self.env["ir.actions.report"].with_user(user)
        html, _kind = reports._render_qweb_html(f"logistics_crm.report_{name}_list", records.ids)
        return html.decode()

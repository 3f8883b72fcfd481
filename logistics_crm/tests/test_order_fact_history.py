from datetime import date

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import SQL

from .order_fact_common import OrderFactCase


@tagged("post_install", "-at_install")
class TestOrderFactHistory(OrderFactCase):
    def test_an_imported_line_is_a_sale(self):
        line = self._history(amount=500, promised_date="2024-02-10", delivered_date="2024-02-11")
        fact = self._history_facts(line)
        self.assertEqual((fact.origin, fact.order_ref), ("history", "H1"))
        self.assertEqual((fact.partner_id, fact.product_id), (self.customer, self.pallet))
        self.assertEqual((fact.quantity, fact.amount), (4, 400))
        self.assertEqual(fact.promised_date, date(2024, 2, 10))
        self.assertEqual(fact.delivered_date, date(2024, 2, 11))
        self.assertFalse(fact.is_return)
        self.assertEqual(fact.action_open_source()["res_id"], line.id)

    def test_a_negative_quantity_is_a_return(self):
        line = self._history(quantity=-1, amount=-100, amount_company=-100)
        self.assertTrue(self._history_facts(line).is_return)

    def test_an_empty_line_is_no_sale_and_a_free_one_is(self):
        empty = self._history("H2", quantity=0, amount=0, amount_company=0)
        free = self._history("H3", amount=0, amount_company=0)
        self.assertEqual(self._history_facts(empty | free).history_id, free)

    def test_a_line_without_customer_is_anonymous(self):
        self.assertFalse(self._history_facts(self._history(partner_id=False)).partner_id)

    def test_orders_have_one_key_each_whatever_their_source(self):
        lines = (
            self._history("H1")
            | self._history("H1", line_ref="2")
            | self._history("H2")
            | self._history("H1", source="shop")
        )
        self.assertEqual(len(set(self._history_facts(lines).mapped("order_key"))), 3)
        rows = self.env.execute_query(
            SQL(
                "SELECT COUNT(DISTINCT order_hash) FROM logistics_order_fact"
                " WHERE history_id IN %s",
                lines._ids,
            )
        )
        self.assertEqual(rows, [(3,)])

    def test_ids_are_unique_over_all_parts(self):
        self._confirmed()
        self._history()
        self.env.flush_all()
        query = SQL("SELECT COUNT(*) - COUNT(DISTINCT id) FROM logistics_order_fact")
        self.assertEqual(self.env.execute_query(query), [(0,)])

    def test_the_view_comes_back_after_an_add_on_dropped_it(self):
        line = self._history()
        self.env.cr.execute("DROP VIEW logistics_order_fact")
        self.env["logistics.order.fact"]._register_hook()
        self.assertTrue(self._history_facts(line))

    def test_an_aggregate_over_history_reads_only_the_history_table(self):
        query = """EXPLAIN SELECT partner_id, date, SUM(amount), COUNT(DISTINCT order_hash)
            FROM logistics_order_fact WHERE company_id = 1 AND origin = 'history' GROUP BY 1, 2"""
        self.env.cr.execute(query)
        plan = "\n".join(row for (row,) in self.env.cr.fetchall())
        self.assertIn("logistics_sales_history", plan)
        self.assertNotRegex(plan, "res_company|res_partner|res_currency_rate|sale_order")


@tagged("post_install", "-at_install")
class TestOrderFactAccess(OrderFactCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user = cls._create_reader("fact_user", "logistics_crm.group_logistics_user")
        cls.manager = cls._create_reader("fact_manager", "logistics_crm.group_logistics_manager")
        cls.other = cls.env["res.partner"].create({"name": "Other Shipping", "is_company": True})
        cls.customer.user_id = cls.user
        cls.lines = (
            cls._history("A1")
            | cls._history("A2", partner_id=cls.other.id)
            | cls._history("A3", partner_id=False)
        )

    def test_a_user_sees_the_lines_of_own_customers(self):
        self.assertEqual(self._history_facts(self.lines, self.user).partner_id, self.customer)

    def test_officer_and_manager_see_all_lines_anonymous_ones_too(self):
        self.assertEqual(len(self._history_facts(self.lines, self.officer)), 3)
        self.assertEqual(len(self._history_facts(self.lines, self.manager)), 3)

    def test_nobody_else_reads_lines(self):
        for group in ("base.group_user", "base.group_portal", "sales_team.group_sale_manager"):
            stranger = self._create_reader(f"fact_{group}", group)
            with self.assertRaises(AccessError):
                self._history_facts(self.lines, stranger)

    def test_nobody_writes_lines(self):
        fact = self._history_facts(self.lines, self.manager)[0]
        with self.assertRaises(AccessError):
            fact.write({"amount": 1})
        with self.assertRaises(AccessError):
            fact.create({"amount": 1})
        with self.assertRaises(AccessError):
            fact.unlink()


@tagged("post_install", "-at_install")
class TestOrderFactCompanies(OrderFactCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        yuan = cls._create_pricelist("CNY", [("2020-01-01", 7.0)]).currency_id
        cls.second = cls.env["res.company"].create(
            {"name": "Sales Line Test Company in China", "currency_id": yuan.id}
        )
        cls.both = cls._create_reader(
            "fact_both", "logistics_crm.group_logistics_officer", cls.env.company | cls.second
        )
        cls.lines = cls._history("A1") | cls._history("A1", cls.second, amount_company=2800)

    def test_lines_of_other_companies_are_out_of_sight(self):
        self.assertEqual(self._history_facts(self.lines, self.officer).history_id, self.lines[0])
        self.assertEqual(self._history_facts(self.lines, self.both).history_id, self.lines)

    def test_an_order_of_a_second_company_is_in_its_currency(self):
        order = self._order(company_id=self.second.id)
        order.order_line.price_unit = 700
        order.action_confirm()
        fact = self._facts(order, self.both)
        self.assertEqual((fact.company_id, fact.amount), (self.second, 7000))
        self.assertEqual(fact.currency_id.name, "CNY")

    def test_amounts_of_several_currencies_are_never_added_up(self):
        facts = self._history_facts(self.lines, self.both)
        domain = [("id", "in", facts.ids)]
        aggregates = ["amount:sum", "amount:sum_currency"]
        self.assertEqual(
            facts._read_group(domain, [], [*aggregates, "__count"]), [(False, False, 2)]
        )
        for company, amount, converted in facts._read_group(domain, ["company_id"], aggregates):
            self.assertEqual(amount, 400 if company == self.env.company else 2800)
            self.assertEqual(converted, 400, "for charts: at today's rate of the reader's company")

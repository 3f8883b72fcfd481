from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from .history_common import SalesHistoryCase


@tagged("post_install", "-at_install")
class TestSalesHistoryLoad(SalesHistoryCase):
    def test_creates_the_line_with_its_customer_and_product(self):
        result = self._load(
            self._line(
                customer_name='Ünlü \\ "Söhne"',
                customer_country="Germany",
                product_name='Pallet, 3" \\N',
                promised="2024-03-05",
                delivered="2024-03-07",
            )
        )
        self.assertEqual(result, {"created": 1, "updated": 0, "unchanged": 0, "rejected": []})
        line = self._history()
        self.assertRecordValues(
            line,
            [
                {
                    "source": "erp",
                    "order_ref": "SO1",
                    "line_ref": "1",
                    "quantity": 2.0,
                    "amount": 10.5,
                    "amount_company": 10.5,
                    "currency_id": self.usd.id,
                    "customer_key": "C-1",
                    "product_key": "P-1",
                }
            ],
        )
        self.assertEqual(fields.Date.to_string(line.date), "2024-02-29")
        self.assertEqual(fields.Date.to_string(line.promised_date), "2024-03-05")
        self.assertEqual(fields.Date.to_string(line.delivered_date), "2024-03-07")
        self.assertEqual(line.partner_id.name, 'Ünlü \\ "Söhne"')
        self.assertEqual(line.partner_id.country_id.code, "DE")
        self.assertTrue(line.partner_id.is_company)
        self.assertEqual(line.partner_id.customer_rank, 1)
        self.assertTrue(line.partner_id.customer_code)
        self.assertEqual(line.product_id.name, 'Pallet, 3" \\N')
        self.assertTrue(line.product_id.default_code)

    def test_loading_again_changes_nothing(self):
        lines = [self._line(1), self._line(2, currency="usd", promised="2024-03-01")]
        self._load(*lines)
        before = self._history().mapped("load_id")
        self.assertEqual(self._load(*lines)["unchanged"], 2)
        self.assertEqual(self._history().mapped("load_id"), before)

    def test_replaces_only_the_line_that_differs(self):
        self._load(self._line(1, delivered="2024-03-01"), self._line(2))
        result = self._load(self._line(1), self._line(2))
        self.assertEqual((result["created"], result["updated"], result["unchanged"]), (0, 1, 1))
        self.assertFalse(self._history(line_ref="1").delivered_date)

    def test_numbers_may_come_as_texts_and_keys_as_numbers(self):
        self._load(
            self._line(1, customer=17, product=4711, quantity="2.5", amount="-1e2"),
            self._line(2, customer=17.0, product="4711", amount=10**30 / 10**29),
        )
        first, second = self._history()
        self.assertEqual((first.quantity, first.amount), (2.5, -100.0))
        self.assertEqual(first.customer_key, "17")
        self.assertEqual(first.partner_id, second.partner_id)
        self.assertEqual(first.product_id, second.product_id)

    def test_spaces_around_values_do_not_count(self):
        self._load(self._line(1), self._line(" 2 ", customer=" C-1\u00a0", quantity=" 3 "))
        self.assertEqual(len(self._history().partner_id), 1)
        self.assertEqual(self._history(line_ref="2").quantity, 3)

    def test_negative_quantities_are_returns(self):
        self._load(self._line(quantity=-2, amount=-10.5))
        self.assertEqual(self._history().quantity, -2)

    def test_lines_without_customer_are_anonymous_when_allowed(self):
        for empty in (None, False, "", "  "):
            with self.subTest(empty=empty):
                result = self._load(self._line(customer=empty), allow_anonymous=True)
                self.assertEqual(result["created"] + result["unchanged"], 1)
        self.assertFalse(self._history().partner_id)

    def test_nothing_to_load_leaves_no_trace(self):
        loads = self.env["logistics.history.load"].search_count([])
        self.assertEqual(self._load(), {"created": 0, "updated": 0, "unchanged": 0, "rejected": []})
        self.assertEqual(self.env["logistics.history.load"].search_count([]), loads)

    def test_sources_and_companies_do_not_share_lines_or_keys(self):
        self._load(self._line(customer_name="One"))
        self.api.load_sales_history("shop", [self._line(customer_name="Two")])
        other = self.env["res.company"].create({"name": "Other History"})
        self.manager.company_ids += other
        self.api.with_company(other).load_sales_history("erp", [self._line(customer_name="Three")])
        lines = self.env["logistics.sales.history"].search([("order_ref", "=", "SO1")])
        self.assertEqual(sorted(lines.mapped("partner_id.name")), ["One", "Three", "Two"])
        self.assertEqual(self._history(source="erp").partner_id.name, "One")
        self.assertEqual(lines.filtered(lambda line: line.company_id == other).source, "erp")

    def test_the_number_of_queries_does_not_depend_on_the_number_of_lines(self):
        def batch(order, count):
            return [self._line(n, order=order, customer=f"C-{n % 7}") for n in range(count)]

        for order in ("CREATES", "WARMS"):
            self._load(*batch(order, 10))
        counts = []
        for order, count in (("FEW", 10), ("MANY", 500)):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self._load(*batch(order, count))
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])
        with self.assertQueryCount(35):
            self._load(*batch("MORE", 100))

    def test_a_load_can_be_undone(self):
        self._load(self._line(1))
        self._load(self._line(1), self._line(2))
        load = self.env["logistics.history.load"].search([], limit=1).with_user(self.manager)
        load.action_undo()
        self.assertEqual(self._history().mapped("line_ref"), ["1"])
        self.assertEqual(load.state, "cancelled")
        with self.assert_refused(UserError, "done can be undone"):
            load.action_undo()


@tagged("post_install", "-at_install")
class TestSalesHistoryCurrency(SalesHistoryCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.currency.rate"].search([("currency_id", "=", cls.eur.id)]).unlink()
        cls.env["res.currency.rate"].create(
            [
                {
                    "currency_id": cls.eur.id,
                    "company_id": cls.company.id,
                    "name": day,
                    "rate": rate,
                }
                for day, rate in (("2024-01-01", 0.8), ("2024-03-01", 0.5))
            ]
        )

    def test_converts_at_the_rate_of_the_order_date_as_odoo_does(self):
        days = ("2024-01-01", "2024-02-29", "2024-03-01", "2024-09-30")
        self._load(
            *[self._line(n, date=day, currency="EUR", amount=99.99) for n, day in enumerate(days)]
        )
        for line in self._history():
            self.assertEqual(line.amount, 99.99)
            self.assertEqual(line.currency_id, self.eur)
            expected = self.eur._convert(99.99, self.usd, self.company, line.date)
            self.assertAlmostEqual(line.amount_company, expected, places=6)
        self.assertEqual(len(set(self._history().mapped("amount_company"))), 2)

    def test_rejects_a_date_before_the_first_rate(self):
        self._assert_rejected(
            self._line(date="2023-12-31", currency="EUR"), "currency", "no exchange rate"
        )

    def test_rejects_unknown_and_inactive_currencies(self):
        self._assert_rejected(self._line(currency="EURO"), "currency", "no currency code")
        self.eur.active = False
        self._assert_rejected(self._line(currency="EUR"), "currency", "not active")

    def test_the_company_currency_needs_no_rate(self):
        self.env["res.currency.rate"].search([("currency_id", "=", self.usd.id)]).unlink()
        self._load(self._line(1, currency="USD"), self._line(2), self._line(3, currency="EUR"))
        self.assertEqual(self._history().mapped("amount_company"), [10.5, 10.5, 13.13])

    def test_a_rate_of_another_company_does_not_count(self):
        other = self.env["res.company"].create({"name": "Rates Elsewhere"})
        self.env["res.currency.rate"].search([("currency_id", "=", self.eur.id)]).company_id = other
        self._assert_rejected(self._line(currency="EUR"), "currency", "no exchange rate")

    def test_a_text_is_no_yes_or_no(self):
        for option in ("create_missing", "allow_anonymous"):
            with (
                self.subTest(option=option),
                self.assert_refused(UserError, option),
            ):
                self._load(self._line(), **{option: "no"})
        self.assertFalse(self._history())

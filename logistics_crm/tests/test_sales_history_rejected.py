from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools.translate import code_translations

from .history_common import SalesHistoryCase


@tagged("post_install", "-at_install")
class TestSalesHistoryRejected(SalesHistoryCase):
    def test_rejects_lines_without_what_every_line_needs(self):
        for field in ("order", "line", "date", "product", "quantity", "amount"):
            for empty in (None, False, "", " "):
                with self.subTest(field=field, empty=empty):
                    self._assert_rejected(self._line(**{field: empty}), field, "is empty")
        line = self._line()
        del line["amount"]
        self._assert_rejected(line, "amount", "is empty")

    def test_zero_is_an_amount_and_no_quantity(self):
        self._assert_rejected(self._line(quantity=0), "quantity", "zero")
        self._assert_rejected(self._line(quantity="-0.0"), "quantity", "zero")
        self.assertEqual(self._load(self._line(amount=0))["created"], 1)

    def test_rejects_a_return_that_would_add_revenue(self):
        self._assert_rejected(self._line(quantity=-1, amount=10), "amount", "a return")
        self.assertEqual(self._load(self._line(quantity=-1, amount=0))["created"], 1)

    def test_rejects_what_is_no_number(self):
        for value in ("two", "1,5", "1.2.3", "--1", "0x10", "NaN", "inf", float("nan"), "1 000"):
            for field in ("quantity", "amount"):
                with self.subTest(field=field, value=value):
                    self._assert_rejected(self._line(**{field: value}), field, "not a number")

    def test_rejects_absurd_numbers(self):
        for value in (1e16, -1e16, 10**50, "9" * 400, "0." + "0" * 400 + "1", "1e99"):
            for field in ("quantity", "amount"):
                with self.subTest(field=field, value=value):
                    self._assert_rejected(self._line(**{field: value}), field, "larger or longer")

    def test_rejects_what_is_no_date(self):
        for day in ("29.02.2024", "2024-2-9", "20240229", "2024-02-29T10:00:00", "soon", 20240229):
            for field in ("date", "promised", "delivered"):
                with self.subTest(field=field, day=day):
                    self._assert_rejected(self._line(**{field: day}), field, "not a date")
        for day in ("2024-02-30", "2023-02-29", "1900-02-29", "2024-13-01", "2024-04-31"):
            with self.subTest(day=day):
                self._assert_rejected(self._line(date=day), "date", "not in the calendar")

    def test_rejects_dates_that_cannot_be(self):
        today = fields.Date.context_today(self.api)
        tomorrow = (today + timedelta(days=1)).isoformat()
        self._assert_rejected(self._line(date=tomorrow), "date", "future")
        self._assert_rejected(self._line(delivered=tomorrow), "delivered", "future")
        self._assert_rejected(self._line(date="1969-12-31"), "date", "before 1970")
        self._assert_rejected(self._line(promised="9999-12-31"), "promised", "ten years")
        good = self._line(date=today.isoformat(), promised=tomorrow)
        self.assertEqual(self._load(good)["created"], 1)

    def test_rejects_unprintable_and_endless_keys(self):
        for field in ("order", "line", "customer", "product"):
            for value in ("a\x00b", "a\tb", "a\nb", "a\x7fb", "a\ud800b"):
                with self.subTest(field=field, value=value):
                    line = self._line(**{field: value})
                    self._assert_rejected(line, field, "a\N{REPLACEMENT CHARACTER}b")
            self._assert_rejected(self._line(**{field: "x" * 256}), field, "too long")

    def test_rejects_what_is_no_sales_line(self):
        self._assert_rejected("SO1", "lines", "not an object")
        self._assert_rejected(self._line(qty=3), "qty", "not a field")
        self._assert_rejected(self._line(customer=["C-1"]), "customer", "one text or number")
        self._assert_rejected(self._line(quantity=True), "quantity", "one text or number")

    def test_rejects_lines_without_customer_unless_allowed(self):
        self._assert_rejected(self._line(customer=None), "customer", "no customer")

    def test_the_first_good_line_of_several_counts(self):
        result = self._load(
            self._line(1, quantity="x"), self._line(1, quantity=5), self._line("1", quantity=6)
        )
        self.assertEqual(result["created"], 1)
        self.assertEqual([item["field"] for item in result["rejected"]], ["quantity", "line"])
        self.assertEqual(self._history().quantity, 5)

    def test_good_lines_are_stored_and_bad_ones_listed_in_their_order(self):
        result = self._load(
            *[self._line(n, quantity="x" if n % 3 else 1, amount=n) for n in range(1, 10)]
        )
        self.assertEqual(result["created"], 3)
        self.assertEqual([item["line"] for item in result["rejected"]], list("124578"))
        self.assertEqual({item["order"] for item in result["rejected"]}, {"SO1"})

    def test_results_hold_nothing_that_xml_rpc_cannot_carry(self):
        result = self._load(None, {}, self._line(order="\x01"), self._line(order=None))
        for item in result["rejected"]:
            self.assertEqual(sorted(item), ["field", "line", "order", "reason"])
            for value in item.values():
                self.assertIn(type(value), (str, bool))
                self.assertNotIn("\x01", str(value))

    def test_reasons_are_in_the_language_of_the_caller(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        source = "The quantity is zero: a sale is positive, a return negative."
        with patch.object(
            code_translations, "get_python_translations", return_value={source: "Zéro."}
        ):
            result = self.api.with_context(lang="fr_FR").load_sales_history(
                "erp", [self._line(quantity=0)]
            )
        self.assertEqual(result["rejected"][0]["reason"], "Zéro.")

    def test_wrong_arguments_are_named(self):
        with self.assert_refused(UserError, "lines"):
            self.api.load_sales_history("erp", {"order": 1})
        for source in ("", " ", None, 7, "x" * 300, "a\nb"):
            with self.subTest(source=source), self.assert_refused(UserError, "source"):
                self.api.load_sales_history(source, [self._line()])

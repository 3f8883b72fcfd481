from stdnum import ean
from stdnum.iso7064 import mod_37_36

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, TransactionCase, tagged

from .common import LogisticsUsersMixin


@tagged("post_install", "-at_install")
class TestCodeScheme(LogisticsUsersMixin, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_users()
        cls.schemes = cls.env["logistics.code.scheme"]

    def setUp(self):
        """Start with a counter that has given nothing: counters do not roll back."""
        super().setUp()
        self.scheme = self._create_scheme("res.bank", "bic", "ZZ")

    @classmethod
    def _create_scheme(cls, model, field, prefix, **values):
        """Use models that no add-on of ours numbers, with a text field to hold the code."""
        return cls.schemes.create(
            {
                "name": prefix,
                "model_id": cls.env["ir.model"]._get_id(model),
                "field_id": cls.env["ir.model.fields"]._get(model, field).id,
                "prefix": prefix,
                **values,
            }
        )

    def test_iso7064_check_character_covers_prefix_and_counter(self):
        for code in self.schemes._next_codes("res.bank", 40):
            self.assertTrue(mod_37_36.is_valid(code), code)
            self.assertRegex(code, r"^ZZ\d{6}[0-9A-Z]$")

    def test_gs1_check_digit_covers_the_digits_at_the_end(self):
        self._create_scheme("res.country.state", "code", "ZY-", check="gs1_mod10", padding=5)
        for code in self.schemes._next_codes("res.country.state", 12):
            digits = code.removeprefix("ZY-")
            self.assertEqual(ean.calc_check_digit(digits[:-1]), digits[-1])

    def test_gs1_company_prefix_makes_a_gs1_key(self):
        self._create_scheme("res.country.state", "code", "9506000", check="gs1_mod10", padding=5)
        self.assertTrue(ean.is_valid(self.schemes._next_codes("res.country.state", 1)[0]))

    def test_every_single_typing_error_is_noticed(self):
        [code] = self.schemes._next_codes("res.bank", 1)
        for position in range(2, len(code)):
            for character in "0123456789":
                wrong = code[:position] + character + code[position + 1 :]
                valid = self.schemes._is_valid_code("res.bank", wrong)
                self.assertEqual(valid, wrong == code, wrong)

    def test_codes_come_in_the_order_of_the_counter_and_never_twice(self):
        first = self.schemes._next_codes("res.bank", 300)
        second = self.schemes._next_codes("res.bank", 300)
        self.assertEqual(first + second, sorted(set(first + second)))

    def test_counter_is_shared_by_transactions_that_run_at_once(self):
        """A sequence needs no lock and survives a rollback: what was drawn is never drawn again."""
        settings = self.schemes._get_settings("res.partner")
        with self.registry.cursor() as other_cr, self.env.cr.savepoint() as savepoint:
            here = self.schemes._draw_codes(settings, 50)
            other = self.env(cr=other_cr)["logistics.code.scheme"]._draw_codes(settings, 50)
            savepoint.rollback()
            again = self.schemes._draw_codes(settings, 50)
        self.assertEqual(len({*here, *other, *again}), 150)

    def test_codes_cost_the_same_queries_whatever_their_number(self):
        self.schemes._next_codes("res.bank", 1)
        with self.assertQueryCount(2):
            self.schemes._next_codes("res.bank", 5000)

    def test_codes_in_use_ahead_of_the_counter_are_skipped_in_few_steps(self):
        ahead = [self.scheme._to_code_format().encode(number) for number in range(1, 1001)]
        self.env["res.bank"].create([{"name": code, "bic": code} for code in ahead])
        self.schemes._has_scheme("res.bank")
        with self.assertQueryCount(20):
            [code] = self.schemes._next_codes("res.bank", 1)
        self.assertNotIn(code, ahead)

    def test_field_must_hold_one_plain_text_for_everyone(self):
        for field in ("active", "city"):
            with self.assert_refused(ValidationError, "cannot hold the codes"):
                self.scheme.field_id = self.env["ir.model.fields"]._get("res.partner", field)
        with self.assert_refused(ValidationError, "cannot hold the codes"):
            self._create_scheme("res.country", "name", "ZQ")

    def test_counter_grows_beyond_its_digits(self):
        self.scheme.number_next = 9_999_999
        first, second = self.schemes._next_codes("res.bank", 2)
        self.assertEqual(first[:-1], "ZZ9999999")
        self.assertEqual(second[:-1], "ZZ10000000")
        self.assertTrue(self.schemes._is_valid_code("res.bank", second))

    def test_next_number_never_goes_back(self):
        self.schemes._next_codes("res.bank", 5)
        with self.assert_refused(ValidationError, "never given twice"):
            self.scheme.number_next = 2

    def test_wrong_check_character_suggests_the_right_code(self):
        [code] = self.schemes._next_codes("res.bank", 1)
        wrong = code[:-1] + ("A" if code[-1] != "A" else "B")
        for typed in (wrong, code[:-1], code.lower(), f" {code[:4]}-{code[4:]}", code):
            self.assertEqual(self.schemes._suggest_code("res.bank", typed), code, typed)

    def test_letters_typed_for_digits_are_mended(self):
        [code] = self.schemes._next_codes("res.bank", 1)
        typed = code[:-1].replace("0", "O") + code[-1]
        self.assertEqual(self.schemes._suggest_code("res.bank", typed), code)

    def test_strange_text_has_no_suggestion(self):
        for typed in ("", False, "ACME", "ZZ", "ZZ000000", "ZZ12X45678", "C000001"):
            self.assertFalse(self.schemes._suggest_code("res.bank", typed), typed)

    def test_codes_stay_valid_when_the_format_changes(self):
        old = self.schemes._next_codes("res.bank", 3)
        self.scheme.write({"prefix": "ZX", "padding": 8, "check": "gs1_mod10"})
        [new] = self.schemes._next_codes("res.bank", 1)
        self.assertEqual(new[:-1], "ZX00000004")
        for code in [*old, new]:
            self.assertTrue(self.schemes._is_valid_code("res.bank", code), code)

    def test_earlier_format_does_not_excuse_errors_in_later_codes(self):
        self.schemes._next_codes("res.bank", 3)
        self.scheme.check = "gs1_mod10"
        [code] = self.schemes._next_codes("res.bank", 1)
        wrong = code[:-1] + mod_37_36.calc_check_digit(code[:-1])
        self.assertNotEqual(wrong, code)
        self.assertFalse(self.schemes._is_valid_code("res.bank", wrong))

    def test_codes_of_an_earlier_system_are_accepted_once_their_format_is(self):
        self.assertFalse(self.schemes._is_valid_code("res.bank", "KD-0815"))
        self.scheme.format_ids = [(0, 0, {"prefix": "KD-", "padding": 4, "check": "none"})]
        self.assertTrue(self.schemes._is_valid_code("res.bank", "KD-0815"))

    def test_prefix_tells_the_kind_of_record(self):
        for prefix in ("ZZ", "ZZ7"):
            with self.assert_refused(ValidationError, "belongs to ZZ"):
                self._create_scheme("res.country.state", "code", prefix)
        self._create_scheme("res.country.state", "code", "ZZB")

    def test_wrong_formats_are_refused_in_words(self):
        for values, message in (
            ({"prefix": "k d"}, "capital letters"),
            ({"padding": 0}, "between 1 and 15"),
            ({"padding": 16}, "between 1 and 15"),
        ):
            with self.assert_refused(ValidationError, message):
                self.scheme.write(values)

    def test_model_without_scheme_is_named(self):
        with self.assert_refused(UserError, "no code scheme for Currency"):
            self.schemes._next_codes("res.currency", 1)

    def test_scheme_that_gave_codes_cannot_be_deleted(self):
        self.schemes._next_codes("res.bank", 1)
        with self.assert_refused(UserError, "change its format"):
            self.scheme.unlink()

    def test_unused_scheme_takes_its_counter_along(self):
        sequence = self.scheme.sequence_id
        self.scheme.unlink()
        self.assertFalse(sequence.exists())

    def test_manager_configures_and_tries_codes_in_the_form(self):
        [code] = self.schemes._next_codes("res.bank", 1)
        with Form(self.scheme.with_user(self.manager)) as form:
            self.assertEqual(form.next_code[:-1], "ZZ000002")
            form.tried_code = code.lower()
            self.assertIn("is well formed", form.tried_result)
            form.tried_code = code[:-1]
            self.assertIn(f"Perhaps {code}", form.tried_result)
            form.number_next = 500
        self.assertEqual(self.schemes._next_codes("res.bank", 1)[0][:-1], "ZZ000500")

    def test_officer_reads_schemes_only(self):
        scheme = self.scheme.with_user(self.officer)
        self.assertEqual(scheme.prefix, "ZZ")
        with self.assertRaises(AccessError):
            scheme.prefix = "ZA"

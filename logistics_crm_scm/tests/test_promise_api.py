from odoo.exceptions import AccessError, UserError
from odoo.tests import TransactionCase, tagged

from .promise_common import PromiseMixin, day


@tagged("post_install", "-at_install")
class TestPromiseApi(PromiseMixin, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.officer = cls._create_user("promise_officer", "logistics_crm.group_logistics_officer")
        cls.officer.write({"company_ids": [(4, cls.company.id)], "company_id": cls.company.id})
        cls.api = cls.env["logistics.api"].with_user(cls.officer).with_company(cls.company)
        cls.product.default_code = "BOLT-1"

    def _promise(self, lines, ship_to=None, **values):
        return self.api.promise(lines, ship_to or self.customer.customer_code, **values)

    def test_a_promise_has_every_key_and_only_plain_values(self):
        self._stock(4)
        order = self._receipt(10, day(2))
        answer = self._promise([{"product": "BOLT-1", "quantity": 6}])
        explanation = answer[0].pop("explanation")
        self.assertIn(order.picking_ids.name, explanation)
        self.assertEqual(
            answer,
            [
                {
                    "product": "BOLT-1",
                    "quantity": 6,
                    "date": "2026-03-04",
                    "confidence": False,
                    "likely_date": "2026-03-04",
                    "parts": [
                        {
                            "source": "stock",
                            "quantity": 4,
                            "date": "2026-03-02",
                            "document": False,
                            "warehouse": self.warehouse.name,
                        },
                        {
                            "source": "receipt",
                            "quantity": 2,
                            "date": "2026-03-04",
                            "document": order.picking_ids.name,
                            "warehouse": self.warehouse.name,
                        },
                    ],
                }
            ],
        )

    def test_what_nothing_covers_is_in_the_explanation_alone(self):
        self._stock(4)
        answer = self._promise([{"product": self.product.id, "quantity": 6}])[0]
        self.assertIs(answer["date"], False)
        self.assertIs(answer["likely_date"], False)
        self.assertEqual([part["quantity"] for part in answer["parts"]], [4])
        self.assertIn("2", answer["explanation"])

    def test_who_names_no_language_is_answered_in_their_own(self):
        self.env["res.lang"]._activate_lang("fr_FR")  # writes days before months
        self.officer.lang = "fr_FR"
        self._receipt(4, day(2))
        line = [{"product": "BOLT-1", "quantity": 1}]
        for lang, written in ((None, "04/03/2026"), ("en_US", "03/04/2026")):
            told = self.api.with_context(lang=lang).promise(line, self.customer.id)
            self.assertIn(written, told[0]["explanation"])

    def test_units_by_name(self):
        self._stock(24)
        unit = {"name": "Box of 12", "relative_factor": 12}
        self.env["uom.uom"].create({**unit, "relative_uom_id": self.product.uom_id.id})
        line = {"product": "BOLT-1", "quantity": 2, "unit": "box of 12"}
        self.assertEqual(self._promise([line])[0]["parts"][0]["quantity"], 2)

    def test_errors_name_the_line_and_the_field(self):
        good = {"product": "BOLT-1", "quantity": 1}
        for bad, words in (
            ({"product": "NO-SUCH", "quantity": 1}, "Line 2.*product.*NO-SUCH"),
            ({"product": "NO\0SUCH", "quantity": 1}, "Line 2.*product.*NOSUCH"),
            ({"product": "BOLT-1", "quantity": 0}, "Line 2.*quantity.*more than 0"),
            ({"product": "BOLT-1", "quantity": -1}, "Line 2.*quantity.*more than 0"),
            ({"product": "BOLT-1", "quantity": 1e-9}, "Line 2.*quantity.*at least 0.01"),
            ({"product": "BOLT-1", "quantity": 1e15}, "Line 2.*quantity.*at most 999999999999"),
            ({"product": "BOLT-1", "quantity": 1e308}, "Line 2.*quantity.*at most"),
            ({"product": "BOLT-1", "quantity": float("nan")}, "Line 2.*must be a number of 0"),
            ({"product": "BOLT-1", "quantity": "2"}, "Line 2.*quantity"),
            ({"product": "BOLT-1"}, "Line 2.*quantity"),
            ({"quantity": 1}, "Line 2.*product"),
            ({"product": True, "quantity": 1}, "Line 2.*product"),
            ({"product": [], "quantity": 1}, "Line 2.*product"),
            ({"product": "BOLT-1", "quantity": 1, "unit": "furlong"}, "Line 2.*unit.*furlong"),
            ({"product": "BOLT-1", "quantity": 1, "unit": "kg"}, "Line 2.*unit"),
            ({"product": "BOLT-1", "quantity": 1, "unit": "_nits"}, "Line 2.*unit.*_nits"),
            ({"product": "BOLT-1", "quantity": 1, "unit": "Uni%"}, "Line 2.*unit.*Uni%"),
            ({"product": "BOLT-1", "quantity": 1, "price": 2}, "Line 2.*price"),
            ("BOLT-1", "Line 2.*dict of product, quantity, unit.*BOLT-1"),
        ):
            with self.subTest(bad=bad), self.assertRaisesRegex(UserError, words):
                self._promise([good, bad])

    def test_wrong_arguments_are_named(self):
        line = [{"product": "BOLT-1", "quantity": 1}]
        with self.assertRaisesRegex(UserError, "wanted_date"):
            self._promise(line, wanted_date="9998-12-31")
        with self.assertRaisesRegex(UserError, "ship_to"):
            self._promise(line, "NO-SUCH")
        with self.assertRaisesRegex(UserError, "ship_to"):
            self.api.promise(line, False)
        with self.assertRaisesRegex(UserError, "wanted_date"):
            self._promise(line, wanted_date="soon")
        with self.assertRaisesRegex(UserError, "wanted_date"):
            self._promise(line, wanted_date=0)
        with self.assertRaisesRegex(UserError, "ship_to"):
            self._promise(line, "NO\0SUCH")
        with self.assertRaisesRegex(UserError, "lines"):
            self._promise({"product": 1})

    def test_a_product_is_found_however_its_code_is_padded(self):
        lines = [{"product": code, "quantity": 1} for code in ("BOLT-1", " BOLT-1", "BOLT-1 ")]
        answer = self._promise(lines)
        self.assertEqual([one["product"] for one in answer], ["BOLT-1", " BOLT-1", "BOLT-1 "])

    def test_a_customer_served_from_one_warehouse_is_told_the_same_as_on_an_order(self):
        self._stock(3)
        self._stock(4, warehouse=self._warehouse("W2"))
        self.customer.promise_sourcing = "warehouse"
        order = self._quotation(4)
        self.assertEqual(order.warehouse_id, self.warehouse)
        self.assertFalse(order.promise_date)
        answer = self._promise([{"product": "BOLT-1", "quantity": 4}])[0]
        self.assertIs(answer["date"], False)
        self.assertEqual(
            [(part["warehouse"], part["quantity"]) for part in answer["parts"]],
            [(self.warehouse.name, 3)],
        )

    def test_no_lines_are_no_promises(self):
        self.assertEqual(self._promise([]), [])

    def test_internal_users_without_a_role_get_no_promise(self):
        other = self._create_user("promise_nobody", "base.group_user")
        with self.assertRaises(AccessError):
            self.api.with_user(other).promise([], self.customer.id)

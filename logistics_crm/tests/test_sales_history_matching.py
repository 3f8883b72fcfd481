from odoo.exceptions import UserError
from odoo.tests import tagged

from .history_common import SalesHistoryCase


@tagged("post_install", "-at_install")
class TestSalesHistoryMatching(SalesHistoryCase):
    def _partner(self, **values):
        return self._create_customer("Known", **values)

    def _product(self, **values):
        return self.env["product.product"].create({"name": "Known", **values})

    def _key(self, **values):
        return self.env["logistics.source.key"].create(
            {"company_id": self.company.id, "source": "erp", "key": "C-1", **values}
        )

    def test_finds_customers_by_our_code(self):
        partner = self._partner(customer_rank=0)
        self._load(self._line(customer=partner.customer_code))
        self.assertEqual(self._history().partner_id, partner)
        self.assertEqual(partner.customer_rank, 1)

    def test_finds_our_code_as_people_write_it(self):
        partner = self._partner()
        code = partner.customer_code.lower()
        self._load(self._line(customer=f"{code[:4]} {code[4:]}"))
        self.assertEqual(self._history().partner_id, partner)

    def test_finds_customers_by_the_code_they_had_before(self):
        partner = self._partner()
        former = partner.customer_code
        [partner.customer_code] = self.env["logistics.code.scheme"]._next_codes("res.partner", 1)
        self._load(self._line(customer=former))
        self.assertEqual(self._history().partner_id, partner)

    def test_the_mapping_goes_before_our_code(self):
        coded, mapped = self._partner(), self._partner()
        self._key(kind="customer", key=coded.customer_code, partner_id=mapped.id)
        self._load(self._line(customer=coded.customer_code))
        self.assertEqual(self._history().partner_id, mapped)

    def test_a_contact_stands_for_its_company(self):
        partner = self._partner()
        contact = self.env["res.partner"].create({"name": "Contact", "parent_id": partner.id})
        self._key(kind="customer", partner_id=contact.id)
        self._load(self._line())
        self.assertEqual(self._history().partner_id, partner)

    def test_correcting_the_mapping_moves_the_lines(self):
        self._load(self._line())
        partner = self._partner()
        key = self.env["logistics.source.key"].search([("key", "=", "C-1")])
        key.with_user(self.manager).partner_id = partner
        self.assertEqual(self._load(self._line())["updated"], 1)
        self.assertEqual(self._history().partner_id, partner)

    def test_rejects_archived_and_foreign_customers(self):
        partner = self._partner(active=False)
        line = self._line(customer=partner.customer_code)
        self._assert_rejected(line, "customer", "archived")
        partner.write({"active": True, "company_id": self.env.ref("base.main_company").id})
        self._assert_rejected(line, "customer", "another company")

    def test_unknown_records_are_rejected_when_not_to_be_created(self):
        partners = self.env["res.partner"].search_count([])
        self._assert_rejected(self._line(), "customer", "unknown", create_missing=False)
        line = self._line(customer=self._partner().customer_code)
        self._assert_rejected(line, "product", "unknown", create_missing=False)
        self.assertEqual(self.env["res.partner"].search_count([]), partners + 1)

    def test_records_of_rejected_lines_are_not_created(self):
        self._load(self._line(customer_name="Never", quantity="x"))
        self.assertFalse(self.env["res.partner"].search([("name", "=", "Never")]))

    def test_finds_products_by_reference_then_barcode(self):
        coded, barred = self._product(default_code="P-1"), self._product(barcode="P-2")
        self._product(barcode="P-1")
        self._load(self._line(1), self._line(2, product="P-2"))
        self.assertEqual(self._history().product_id, coded + barred)

    def test_rejects_a_reference_that_fits_several_products(self):
        first, _second = self._product(default_code="P-1"), self._product(default_code="P-1")
        self._assert_rejected(self._line(), "product", "Several products")
        first.active = False
        self.assertEqual(self._load(self._line())["created"], 1)
        self.assertNotEqual(self._history().product_id, first)

    def test_products_of_other_companies_are_not_ours(self):
        foreign = self._product(default_code="P-1", company_id=self.env.ref("base.main_company").id)
        self._load(self._line())
        self.assertNotEqual(self._history().product_id, foreign)

    def test_history_may_tell_of_archived_products(self):
        product = self._product(default_code="P-1", active=False)
        self._load(self._line())
        self.assertEqual(self._history().product_id, product)

    def test_merged_customers_keep_lines_and_keys(self):
        self._load(self._line(1), self._line(2, customer="C-2"))
        first, second = self._history().mapped("partner_id")
        self.env["base.partner.merge.automatic.wizard"]._merge((first + second).ids, first)
        self.assertEqual(self._history().mapped("partner_id"), first)
        result = self._load(self._line(1), self._line(2, customer="C-2"))
        self.assertEqual(result["unchanged"], 2)

    def test_what_changed_since_the_check_stops_the_load(self):
        partner = self._partner()
        load = self.env["logistics.history.load"].with_user(self.manager).create({"source": "erp"})
        row = ("SO1", "1", "2024-02-29", partner.customer_code, "P-1", "1", "1", *[None] * 6)
        load._stage([row])
        load._check()
        partner.active = False
        with self.assert_refused(UserError, "Check them again"):
            load._apply()

    def test_staging_reads_any_iterable_once_and_passes_on_its_errors(self):
        load = self.env["logistics.history.load"].with_user(self.manager).create({"source": "erp"})
        rows = ((f"SO{n}", "1", "2024-02-29", "C", "P", "1", "1", *[None] * 6) for n in range(4500))
        self.assertEqual(load._stage(rows), 4500)
        load._check()
        self.assertEqual(load._apply()["created"], 4500)

        def broken():
            yield from []
            raise UserError("The file ends in the middle.")  # pylint: disable=translation-required

        with self.assert_refused(UserError, "in the middle"):
            load._stage(broken())

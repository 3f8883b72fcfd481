from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, TransactionCase, tagged
from odoo.tools import SQL

from odoo.addons.logistics_crm.tools.code_format import read_location_number, read_scanned

from .common import LogisticsUsersMixin

GLN, WRONG_GLN = "4006381333931", "4006381333932"


@tagged("post_install", "-at_install")
class TestCodeFind(LogisticsUsersMixin, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_users()
        cls.partners = cls.env["res.partner"]
        cls.schemes = cls.env["logistics.code.scheme"]
        cls.customer = cls._create_customer("Known", user_id=cls.user.id)
        cls.code = cls.customer.customer_code

    def _find(self, model, text, user=None):
        records = self.env[model].with_user(user or self.env.user)
        return [row[0] for row in records.name_search(text)]

    def _get_spellings(self, code):
        spaced = f"{code[:-4]} {code[-4:]}"
        dashed = f"{code[:1]}-{code[1:-1]}-{code[-1:]}"
        return code, code.lower(), spaced, dashed, f"]C1(240){code}", f"(241){code}"

    def test_a_scanned_text_may_hold_symbology_and_identifier(self):
        self.assertEqual(read_scanned("]C1(240)c000017x"), ["]C1(240)C000017X", "C000017X"])
        self.assertEqual(read_scanned("  "), [])
        for text in (GLN, f"(414){GLN}", f"414{GLN}", f"]C1414{GLN}", "4 006381 333931"):
            self.assertEqual(read_location_number(text), GLN)
        self.assertFalse(read_location_number(WRONG_GLN))

    def test_a_customer_is_found_by_its_code_however_it_is_written(self):
        for spelling in self._get_spellings(self.code):
            self.assertEqual(self._find("res.partner", spelling, self.user), self.customer.ids)
            domain = [("known_code", "ilike", spelling)]
            self.assertEqual(self.partners.with_user(self.user).search(domain), self.customer)

    def test_a_case_is_found_by_its_code_however_it_is_written(self):
        case = self.env["logistics.case"].create({"name": "Late", "partner_id": self.customer.id})
        for spelling in self._get_spellings(case.code):
            self.assertEqual(self._find("logistics.case", spelling, self.user), case.ids)
        self.assertIn(case.id, self._find("logistics.case", "Late"))

    def test_a_product_is_found_by_its_code_however_it_is_written(self):
        [code] = self.schemes._next_codes("product.product", 1)
        product = self.env["product.product"].create({"name": "Pallet", "default_code": code})
        for spelling in self._get_spellings(code):
            self.assertEqual(self._find("product.product", spelling, self.user), product.ids)
        self.assertIn(product.id, self._find("product.product", "Pallet"))

    def test_a_partner_is_found_by_its_scanned_location_number(self):
        depot = self.partners.create(
            {
                "name": "Depot",
                "type": "delivery",
                "parent_id": self.customer.id,
                "global_location_number": GLN,
            }
        )
        self.assertEqual(self._find("res.partner", f"(414){GLN}"), depot.ids)

    def test_a_code_finds_nobody_whom_the_user_may_not_see(self):
        self.assertFalse(self._find("res.partner", self.code, self.other_user))

    def test_a_former_code_is_found_and_never_given_again(self):
        [new] = self.schemes._next_codes("res.partner", 1)
        self.customer.with_user(self.manager).customer_code = new
        for code in (self.code, new):
            self.assertEqual(self._find("res.partner", code.lower()), self.customer.ids)
        other = self._create_customer("Other")
        with self.assert_refused(ValidationError, "never given again"):
            other.customer_code = self.code
        self.customer.customer_code = self.code
        self.assertEqual(self._find("res.partner", new), self.customer.ids)

    def test_the_code_of_a_deleted_customer_is_never_given_again(self):
        gone = self._create_customer("Gone")
        code = gone.customer_code
        gone.with_user(self.manager).unlink()
        self.assertFalse(self._find("res.partner", code))
        with self.assert_refused(ValidationError, "never given again"):
            self._create_customer("Other", customer_code=code)

    def test_a_mistyped_code_is_told_while_typing_with_the_likely_one(self):
        wrong = self._mistype(self.code)
        other = self._create_customer("Other")
        for typed, text in ((wrong, self.code), (self.code.lower(), "Known")):
            other.customer_code = other.customer_code
            draft = self.partners.new({"customer_code": typed}, origin=other)
            warning = draft._onchange_customer_code()["warning"]["message"]
            self.assertIn(text, warning)
        with self.assert_refused(ValidationError, f"Perhaps {self.code} is meant"):
            other.customer_code = wrong

    def _mistype(self, code):
        return code[:-1] + ("A" if code[-1] != "A" else "B")

    def _pick(self, model, text, domain=None, user=None, **specification):
        records = self.env[model].with_user(user or self.user)
        return records.web_name_search(text, {"display_name": {}, **specification}, domain)

    def test_a_picker_offers_the_customer_whose_code_was_mistyped(self):
        wrong = self._mistype(self.code)
        for typed in (wrong, wrong.lower(), f"]C1(240){wrong}", wrong.replace("0", "O")):
            [row] = self._pick("res.partner", typed)
            self.assertEqual((row["id"], row["display_name"]), (self.customer.id, "Known"))
            self.assertIn(f"perhaps {self.code} is meant", row["__formatted_display_name"])
        [row] = self._pick("res.partner", wrong, email={})
        self.assertEqual(row["id"], self.customer.id)
        self.assertIn(self.code, row["__formatted_display_name"])

    def test_a_picker_offers_cases_and_products_whose_code_was_mistyped(self):
        case = self.env["logistics.case"].create({"name": "Late", "partner_id": self.customer.id})
        [code] = self.schemes._next_codes("product.product", 1)
        product = self.env["product.product"].create({"name": "Pallet", "default_code": code})
        for record, code in ((case, case.code), (product, product.default_code)):
            [row] = self._pick(record._name, self._mistype(code))
            self.assertEqual(row["id"], record.id)
            self.assertIn(code, row["__formatted_display_name"])

    def test_a_picker_offers_the_likely_customer_by_a_former_code_too(self):
        [new] = self.schemes._next_codes("res.partner", 1)
        self.customer.customer_code = new
        [row] = self._pick("res.partner", self._mistype(self.code))
        self.assertEqual(row["id"], self.customer.id)

    def test_a_picker_offers_nobody_who_is_out_of_its_domain_or_of_reach(self):
        wrong = self._mistype(self.code)
        self.assertFalse(self._pick("res.partner", wrong, user=self.other_user))
        self.assertFalse(self._pick("res.partner", wrong, [("id", "!=", self.customer.id)]))
        self.assertFalse(self._pick("res.partner", "Nobody"))

    def test_a_picker_that_finds_a_name_offers_no_likely_code(self):
        wrong = self._mistype(self.code)
        named = self._create_customer(f"Formerly {wrong}", user_id=self.user.id)
        self.assertEqual([row["id"] for row in self._pick("res.partner", wrong)], named.ids)

    def test_a_search_bar_finds_the_customer_whose_code_was_mistyped(self):
        mine = self.partners.with_user(self.user)
        wrong = self._mistype(self.code)
        self.assertEqual(mine.search([("known_code", "ilike", wrong)]), self.customer)
        self.assertFalse(mine.search([("known_code", "ilike", wrong[:1] + wrong[-1:])]))

    def test_a_mistyped_code_opens_no_other_customer_over_the_api(self):
        wrong = self._mistype(self.code)
        mine = self.partners.with_user(self.user)
        self.assertFalse(mine.search([("known_code", "=", wrong)]))
        self.assertFalse(self._find("res.partner", wrong, self.user))
        with self.assert_refused(UserError, wrong):
            self.env["logistics.api"].with_user(self.user).customer_profile(wrong)

    def test_a_location_number_is_checked_and_its_double_told(self):
        with self.assert_refused(ValidationError, f"Perhaps {GLN} is meant"):
            self.customer.global_location_number = WRONG_GLN
        with self.assert_refused(ValidationError, "it has 13 digits"):
            self.customer.global_location_number = "4006"
        self.customer.global_location_number = GLN
        draft = self.partners.new({"name": "Again", "global_location_number": GLN})
        warning = draft._onchange_global_location_number()["warning"]["message"]
        self.assertIn("belongs to Known already", warning)
        draft.global_location_number = WRONG_GLN
        self.assertIn(GLN, draft._onchange_global_location_number()["warning"]["message"])

    def test_the_location_number_of_a_company_is_entered_on_its_form(self):
        form = "logistics_crm.view_logistics_customer_form"
        with Form(self.customer.with_user(self.user), form) as customer:
            customer.global_location_number = GLN
        self.assertEqual(self.customer.global_location_number, GLN)

    def test_a_tax_number_is_checked_and_its_double_told_while_typing(self):
        belgium = self.env.ref("base.be")
        self.customer.write({"country_id": belgium.id, "vat": "BE0477472701"})
        draft = self.partners.new(
            {"name": "Again", "vat": "BE0477472701", "country_id": belgium.id}
        )
        warning = draft._onchange_vat_number()["warning"]["message"]
        self.assertIn("belongs to Known already", warning)
        draft.vat = "BE0477472702"
        self.assertIn("no valid tax number", draft._onchange_vat_number()["warning"]["message"])

    def test_the_form_of_a_clean_customer_warns_of_nothing(self):
        with Form(self.partners.with_user(self.manager)) as form:
            form.name = "Clean"
            form.company_type = "company"
        self.assertTrue(form.record.customer_code)

    def test_records_without_a_code_get_one_by_the_thousand(self):
        scheme = self.env.ref("logistics_crm.code_scheme_product")
        products = self.env["product.product"].create([{"name": f"P{n}"} for n in range(60)])
        self.env.flush_all()
        before = self.env.cr.sql_log_count
        message = scheme.with_user(self.manager).action_assign_codes()["params"]["message"]
        self.env.flush_all()
        self.assertLess(self.env.cr.sql_log_count - before, 40)
        self.assertIn("got a code", message)
        codes = products.mapped("default_code")
        self.assertEqual(len(set(codes)), 60)
        self.assertTrue(all(self.schemes._is_valid_code("product.product", code) for code in codes))
        self.assertEqual(products[0].product_tmpl_id.default_code, codes[0])

    def test_customers_there_before_get_codes_by_the_button(self):
        self.env.flush_all()
        self.env.cr.execute(
            SQL("UPDATE res_partner SET customer_code = NULL WHERE id = %s", self.customer.id)
        )
        self.env.invalidate_all()
        self.env.ref("logistics_crm.code_scheme_customer").action_assign_codes()
        self.assertTrue(self.customer.customer_code)


@tagged("post_install", "-at_install")
class TestPartnerMerge(LogisticsUsersMixin, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.kept, cls.merged = cls._create_customer("Kept"), cls._create_customer("Merged")
        cls.codes = cls.kept.customer_code, cls.merged.customer_code
        cls.contact = cls.env["res.partner"].create({"name": "Ann", "parent_id": cls.merged.id})

    def _merge(self, partners, kept):
        self.env["base.partner.merge.automatic.wizard"]._merge(partners.ids, kept)
        self.env.invalidate_all()

    def test_both_codes_are_found_after_a_merge_and_after_the_next_one(self):
        self._merge(self.kept + self.merged, self.kept)
        last = self._create_customer("Last")
        self._merge(self.kept + last, last)
        partners = self.env["res.partner"]
        for code in (*self.codes, last.customer_code):
            self.assertEqual([row[0] for row in partners.name_search(code)], last.ids)
            profile = self.env["logistics.api"].customer_profile(code)
            self.assertEqual(profile["id"], last.id)
        self.assertEqual(set(profile["former_codes"]), set(self.codes))

    def test_open_cases_follow_the_customer_that_remains(self):
        cases = self.env["logistics.case"].create(
            [
                {"name": "Late", "partner_id": self.merged.id},
                {"name": "Broken", "partner_id": self.contact.id},
            ]
        )
        self._merge(self.kept + self.merged, self.kept)
        self.assertEqual(cases.commercial_partner_id, self.kept)
        self.assertEqual(self.kept.open_case_count, 2)

    def test_account_teams_are_joined_each_member_once(self):
        role = self.env["logistics.account.role"].create({"name": "Planner", "code": "planner"})
        both, one = self.env["hr.employee"].create([{"name": "Ann"}, {"name": "Bob"}])
        self.env["logistics.account.member"].create(
            [
                {"partner_id": partner.id, "role_id": role.id, "employee_id": employee.id}
                for partner, employee in (
                    (self.kept, both),
                    (self.merged, both),
                    (self.merged, one),
                )
            ]
        )
        self._merge(self.kept + self.merged, self.kept)
        self.assertEqual(self.kept.account_member_ids.employee_id, both + one)
        self.assertEqual(len(self.kept.account_member_ids), 2)

    def test_lifecycle_moves_follow_the_customer_that_remains(self):
        self.env["logistics.lifecycle.stage"]._apply_rules(self.env.company)
        self._merge(self.kept + self.merged, self.kept)
        self.assertEqual(len(self.kept.lifecycle_move_ids), 2)
        self.assertEqual(self.kept.lifecycle_stage_id.code, "prospect")

from psycopg2 import IntegrityError

from odoo.exceptions import ValidationError
from odoo.tests import Form, TransactionCase, tagged
from odoo.tools import SQL, mute_logger
from odoo.tools.sql import table_columns

from .common import LogisticsUsersMixin


@tagged("post_install", "-at_install")
class TestCustomerCode(LogisticsUsersMixin, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_users()
        cls.partners = cls.env["res.partner"]
        cls.schemes = cls.env["logistics.code.scheme"]

    def assert_coded(self, partner):
        self.assertTrue(partner.customer_code, partner.name)
        self.assertTrue(self.schemes._is_valid_code("res.partner", partner.customer_code))

    def test_companies_and_customers_of_their_own_get_a_code(self):
        company = self.partners.create({"name": "Acme", "is_company": True})
        person = self.partners.create({"name": "Ann", "customer_rank": 1})
        subsidiary = self.partners.create(
            {"name": "Acme North", "is_company": True, "parent_id": company.id}
        )
        for partner in (company, person, subsidiary):
            self.assert_coded(partner)

    def test_contacts_and_strangers_have_none(self):
        company = self._create_customer("Acme")
        contact = self.partners.create({"name": "Ann", "parent_id": company.id, "customer_rank": 1})
        stranger = self.partners.create({"name": "Bob"})
        self.assertFalse((contact + stranger).filtered("customer_code"))

    def test_defaults_of_the_context_count(self):
        for context in ({"default_is_company": True}, {"res_partner_search_mode": "customer"}):
            self.assert_coded(self.partners.with_context(**context).create({"name": "Acme"}))

    def test_code_comes_when_a_partner_becomes_a_customer_and_then_stays(self):
        partner = self.partners.create({"name": "Bob"})
        partner._increase_rank("customer_rank")
        code = partner.customer_code
        self.assert_coded(partner)
        partner.is_company = True
        partner.write({"parent_id": self._create_customer("Acme").id, "is_company": False})
        self.assertEqual(partner.customer_code, code)

    def test_codes_of_a_batch_cost_three_queries(self):
        self.partners.create([{"name": "Warm", "is_company": True}, {"name": "Up"}])
        without = self._count_queries([{"name": f"Contact {n}"} for n in range(500)])
        coded = self._count_queries(
            [{"name": f"Customer {n}", "is_company": True} for n in range(500)]
        )
        self.assertLessEqual(coded - without, 3)
        self.assertLess(coded, 40)

    def _count_queries(self, vals_list):
        self.env.flush_all()
        before = self.env.cr.sql_log_count
        self.partners.create(vals_list)
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def test_customers_there_before_get_codes_in_few_statements(self):
        self._insert_companies_without_code(5001)
        with self.assertQueryCount(12):
            count = self.partners._assign_missing_customer_codes()
        self.assertEqual(count, 5001)
        old = self.partners.with_context(active_test=False).search([("ref", "=", "old")])
        codes = old.mapped("customer_code")
        self.assertEqual(len(set(codes)), 5001)
        self.assertTrue(all(self.schemes._is_valid_code("res.partner", code) for code in codes))

    def _insert_companies_without_code(self, count):
        """Copy a row below the ORM, as if it had been there before the add-on."""
        model = self.partners.create({"name": "Old", "is_company": True, "ref": "old"})
        self.env.flush_all()
        columns = sorted(table_columns(self.env.cr, "res_partner").keys() - {"id"})
        fields = SQL(", ").join(map(SQL.identifier, columns))
        self.env.cr.execute(
            SQL("UPDATE res_partner SET customer_code = NULL WHERE id = %s", model.id)
        )
        self.env.cr.execute(
            SQL(
                """INSERT INTO res_partner (%s) SELECT %s FROM res_partner,
                   generate_series(2, %s) WHERE id = %s""",
                fields,
                fields,
                count,
                model.id,
            )
        )
        self.env.invalidate_all(flush=False)

    def test_wrong_check_character_is_refused_with_the_likely_code(self):
        customer = self._create_customer("Acme")
        [code] = self.schemes._next_codes("res.partner", 1)
        wrong = code[:-1] + ("A" if code[-1] != "A" else "B")
        with self.assert_refused(ValidationError, f"Perhaps {code} is meant"):
            customer.customer_code = wrong
        with self.assert_refused(ValidationError, "codes look like C000001"):
            customer.customer_code = "ACME-1"

    def test_code_is_read_as_people_write_it(self):
        customer = self._create_customer("Acme")
        [code] = self.schemes._next_codes("res.partner", 1)
        customer.customer_code = f" {code.lower()} "
        self.assertEqual(customer.customer_code, code)

    def test_customer_keeps_a_code(self):
        customer = self._create_customer("Acme", customer_code=False)
        self.assert_coded(customer)
        with self.assert_refused(ValidationError, "keeps a customer code"):
            customer.customer_code = ""

    @mute_logger("odoo.sql_db")
    def test_two_customers_never_share_a_code(self):
        customer = self._create_customer("Acme")
        with self.assert_refused(IntegrityError, "res_partner_customer_code_uniq"):
            self._create_customer("Acme again", customer_code=customer.customer_code)

    def test_copy_gets_a_code_of_its_own(self):
        customer = self._create_customer("Acme")
        copy = customer.copy()
        self.assert_coded(copy)
        self.assertNotEqual(copy.customer_code, customer.customer_code)

    def test_import_takes_given_codes_and_names_wrong_ones(self):
        code, other = self.schemes._next_codes("res.partner", 2)
        fields = ["name", "is_company", "customer_code"]
        rows = [["Given", "1", code], ["Without", "1", ""]]
        result = self.partners.load(fields, rows)
        given, without = self.partners.browse(result["ids"])
        self.assertEqual(given.customer_code, code)
        self.assert_coded(without)
        wrong = other[:-1] + ("A" if other[-1] != "A" else "B")
        result = self.partners.load(fields, [["Wrong", "1", wrong]])
        self.assertFalse(result["ids"])
        self.assertIn(other, result["messages"][0]["message"])

    def test_customer_is_found_by_code(self):
        customer = self._create_customer("Acme")
        code = customer.customer_code
        found = self.partners.name_search(code.lower())
        self.assertEqual(found, [(customer.id, "Acme")])
        picked = self.partners.web_name_search(code, {"display_name": {}})
        self.assertIn(f"--{code}--", picked[0]["__formatted_display_name"])

    def test_code_that_was_lost_is_not_given_again(self):
        scheme = self.env.ref("logistics_crm.code_scheme_customer")
        for lose in (
            lambda customer: customer.unlink(),
            lambda customer: customer.write(
                {"customer_code": self.schemes._next_codes("res.partner", 1)[0]}
            ),
        ):
            ahead = scheme._to_code_format().encode(scheme.number_next + 2)
            lose(self._create_customer("Acme", customer_code=ahead))
            self.assertNotIn(ahead, self.schemes._next_codes("res.partner", 5))

    def test_whole_code_is_found_without_reading_every_partner(self):
        code = self._create_customer("Acme").customer_code
        self.env.flush_all()
        query = self.partners._search([("display_name", "ilike", code)])
        [(plan,)] = self.env.execute_query(SQL("EXPLAIN (FORMAT JSON) %s", query.select("id")))
        self.assertNotIn("complete_name", str(plan))

    def test_customers_list_costs_the_same_queries_whatever_its_length(self):
        self.partners.create([{"name": f"C {n}", "is_company": True} for n in range(100)])
        view = self.env.ref("logistics_crm.view_logistics_customer_list")
        fields = self.partners.get_view(view.id, "list")["models"]["res.partner"]
        specification = {name: {} for name in fields if name != "properties"}
        officers = self.partners.with_user(self.officer)
        officers.web_search_read([], specification, limit=1)
        counts = []
        for limit in (2, 80):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            officers.web_search_read([("is_company", "=", True)], specification, limit=limit)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 1)
        self.assertLess(counts[1], 15)

    def test_merging_keeps_the_code_of_the_survivor(self):
        first, second = self._create_customer("Acme"), self._create_customer("Acme Ltd")
        code = second.customer_code
        self.env["base.partner.merge.automatic.wizard"]._merge((first + second).ids, second)
        self.assertEqual(second.customer_code, code)
        self.assertFalse(first.exists())

    def test_survivor_without_a_code_takes_over_that_of_the_merged(self):
        person, customer = self.partners.create({"name": "Ann"}), self._create_customer("Ann")
        code = customer.customer_code
        self.env["base.partner.merge.automatic.wizard"]._merge((person + customer).ids, person)
        self.assertEqual(person.customer_code, code)

    def test_only_managers_change_codes_in_the_form(self):
        customer = self._create_customer("Acme")
        [code] = self.schemes._next_codes("res.partner", 1)
        with self.assertRaises(AssertionError), Form(customer.with_user(self.officer)) as form:
            form.customer_code = code
        with Form(customer.with_user(self.manager)) as form:
            form.customer_code = code
        self.assertEqual(customer.customer_code, code)

import math
import xmlrpc.client
from datetime import timedelta

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .dashboard_common import DashboardCase

MANAGER = "logistics_crm_mining.group_mining_manager"
GARBAGE = ("x", "", [1], {"a": 1}, True, -1, 0, 1.5, math.nan, 10**30, None)
INTERNAL = r"ast\.|malformed|Domain\(|invalid|literal|<class|<unknown>|syntax"


@tagged("post_install", "-at_install")
class TestArguments(DashboardCase):
    """Whatever is passed to a page: it answers, or says in a sentence what was wrong."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customers[0].user_id = cls.user
        cls.manager = cls._create_user("arguments-manager", MANAGER)
        cls.report = cls.env["logistics.mining.report"].with_user(cls.manager)
        cls.portrait = cls.env["logistics.portrait"].with_user(cls.user)

    def _assert_refused(self, call, values=GARBAGE):
        for value in values:
            with self.subTest(value=value), self.assertRaises(UserError) as raised:
                call(value)
            self.assertGreater(len(str(raised.exception).split()), 4)

    def test_a_customer_is_named_by_an_id(self):
        self._assert_refused(self._dashboard(self.user).plan_call)
        self._assert_refused(self.portrait.get_data)

    def test_a_model_and_a_run_are_named_by_ids(self):
        self._assert_refused(self.report.get_page)
        self._assert_refused(self.report.get_run_cards)

    def test_a_page_is_asked_for_by_role_months_days_and_segment(self):
        get_data = self._dashboard().get_data
        self._assert_refused(get_data, ([1], {"a": 1}, "x", 5, 1.5))
        self._assert_refused(lambda value: get_data(months=value))
        filled = [value for value in GARBAGE if value]
        for name in ("segment_id", "date_from", "date_to"):
            self._assert_refused(lambda value, name=name: get_data(**{name: value}), filled)

    def test_a_quotation_is_begun_by_pairs_of_a_product_and_a_quantity(self):
        def get_quotation(products):
            salesperson = self.portrait.with_user(self.user)
            return salesperson.get_quotation(self.customers[0].id, products)

        self._assert_refused(get_quotation)
        product = self.product.id
        wrong = [[value, 1] for value in GARBAGE] + [[product, value] for value in GARBAGE[:5]]
        wrong += [[product], [product, 1, 2], [product, math.inf], [product, math.nan]]
        self._assert_refused(lambda pair: get_quotation([pair]), wrong)
        self.assertTrue(get_quotation([[product, 2.5]])["context"]["default_order_line"])

    def test_every_client_can_carry_what_the_pages_say(self):
        self.customers[0].write({"churn_risk": "high", "churn_probability": 0.8})
        late = self.today - timedelta(days=5)
        self.scored[0].expected_order_date = late
        self.env["logistics.case"].create(
            {
                "name": "Late again",
                "partner_id": self.customers[0].id,
                "company_id": self.company.id,
                "kind": "complaint",
            }
        )
        for role in ("management", "account", "service"):
            user = self.officer if role == "management" else self.user
            data = self._get_data(user, role=role)
            self.assertTrue(xmlrpc.client.dumps((data,)))
            self.assertTrue(self._dashboard(user).get_xlsx(role)["content"])
        self.assertTrue(xmlrpc.client.dumps((self.portrait.get_data(self.customers[0].id),)))
        for task in self.env["logistics.mining.task"].search([]):
            self._score_directly(task)
            self.assertTrue(xmlrpc.client.dumps((self.report.get_page(task.id),)))

    def test_a_campaign_list_takes_a_filter_that_can_be_searched_by(self):
        record = self.env["logistics.mining.list"].create({"name": "Call them"})
        for wrong in (
            "[('id', 'in', 'abc')]",
            "[('id', 'in', ['abc'])]",
            "[('customer_rank', '>', 'many')]",
            "[('create_date', '>', 'soon')]",
            "['&', ('name', '!=', False), ('create_date', '>', 'soon')]",
            "[('is_company', '>', 3)]",
            "5",
            "[" * 500,
            "open('x')",
            "[('id', '=', 2 ** 3)]",
            "[('name',)]",
            "['&']",
        ):
            refused = self.assertRaisesRegex(ValidationError, "Call them")
            with self.subTest(filter=wrong), refused as caught:
                record.customer_domain = wrong
                self.env.flush_all()
            self.assertNotRegex(str(caught.exception), INTERNAL)
        with self.assertRaisesRegex(ValidationError, "a customer has no “no_such_field”"):
            record.customer_domain = "['&', ('name', '!=', False), ('no_such_field', '=', 1)]"
        record.customer_domain = repr([("id", "in", self.customers.ids)])
        record.action_choose()
        self.assertEqual(record.customer_count, len(self.customers))

    def test_whole_numbers_that_no_field_keeps_are_refused_in_a_sentence(self):
        lists = self.env["logistics.mining.list"]
        record = lists.create({"name": "Call them"})
        task = self.env.ref("logistics_crm_mining.task_segment").with_user(self.manager)
        whole = {one: [] for one in (record, task, self.risk.with_user(self.manager))}
        for one, names in whole.items():
            for name, field in one._fields.items():
                if field.type == "integer" and field.store and not field.readonly:
                    names.append(name)
        self.assertIn("customer_limit", whole[record])
        self.assertIn("min_customers", whole[task])
        for number in (2**31, 2**40, -(2**40), 1e300, math.inf, math.nan):
            for one, names in whole.items():
                for name in names:
                    with self.subTest(name=name, number=number), self._refused_in_a_sentence():
                        one.write({name: number})
                        one.flush_recordset()
            with self.subTest(number=number), self._refused_in_a_sentence():
                lists.create({"name": "More", "customer_limit": number})
        for name in ("customer_limit", "outcome_days"):
            default = lists.with_user(self.user).with_context(**{f"default_{name}": 2**40})
            with self.subTest(default=name), self._refused_in_a_sentence():
                default.create({"name": "More"})
        record.customer_limit = 2**31 - 1
        record.flush_recordset()

    def _refused_in_a_sentence(self):
        return self.assertRaisesRegex(ValidationError, "takes whole numbers of up to 2,147,483,647")

    def test_names_that_nobody_can_read_are_refused_in_a_sentence(self):
        group = self.env["logistics.mining.group"].create(
            {"name": "Kind", "company_id": self.company.id}
        )
        record = self.env["logistics.mining.list"].with_user(self.user).create({"name": "Call"})
        for one in (group.with_user(self.manager), self.risk.with_user(self.manager), record):
            for name in ("", " ", "\n\t", False):
                with self.subTest(model=one._name, name=name), self._refused_blank():
                    one.name = name
        with self._refused_blank():
            record.create({"name": " "})

    def _refused_blank(self):
        return self.assertRaisesRegex(ValidationError, "“Name” must not be blank")

    def test_a_campaign_list_takes_scores_that_are_numbers(self):
        record = self.env["logistics.mining.list"].create({"name": "Call them"})
        for name in ("value_from", "value_to"):
            for value in (math.nan, math.inf, -math.inf):
                with self.subTest(value=value), self.assertRaisesRegex(ValidationError, "numbers"):
                    record[name] = value
            record[name] = 0.5

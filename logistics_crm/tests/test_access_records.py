from odoo.exceptions import AccessError
from odoo.tests import TransactionCase, tagged

from .access import OPERATIONS, AccessMatrixMixin
from .record_factory import RecordFactory

WHO = ("own", "other", "officer", "manager", "there", "internal", "customer", "supplier", "public")
# c create, r read, u write, d delete; `there` is a manager of the second company
TABLE = """
#                             own   other officer manager there internal customer supplier public
logistics.account.member      r     -     crud    crud    -     -        -        -        -
logistics.account.role        r     r     r       crud    crud  -        -        -        -
logistics.article             -     -     cru     crud    -     -        -        -        -
logistics.call                cru   -     cru     crud    -     -        -        -        -
logistics.case                cru   -     cru     crud    -     -        -        -        -
logistics.case.answering      -     -     -       -       -     -        -        -        -
logistics.case.category       r     r     r       crud    crud  -        -        -        -
logistics.case.discipline     cru   -     cru     crud    -     -        -        -        -
logistics.case.mailbox        -     -     r       crud    -     -        -        -        -
logistics.case.pause          r     -     r       r       -     -        -        -        -
logistics.case.stage          r     r     r       crud    crud  -        -        -        -
logistics.case.workload       r     -     r       r       -     -        -        -        -
logistics.code.alias          -     -     -       r       r     -        -        -        -
logistics.code.format         r     r     r       crud    crud  -        -        -        -
logistics.code.scheme         r     r     r       crud    crud  -        -        -        -
logistics.contact.role        r     r     r       crud    crud  -        -        -        -
logistics.contact.visit       -     -     -       r       r     -        -        -        -
logistics.data.sharing        -     -     -       ru      ru    -        -        -        -
logistics.flow                r     -     r       r       -     -        -        -        -
logistics.flow.bottleneck     -     -     r       r       -     -        -        -        -
logistics.flow.stage          r     r     r       ru      ru    -        -        -        -
logistics.flow.step           r     -     r       r       -     -        -        -        -
logistics.history.load        -     -     r       crud    -     -        -        -        -
logistics.history.load.column -     -     r       crud    -     -        -        -        -
logistics.lifecycle.move      r     -     r       r       -     -        -        -        -
logistics.lifecycle.stage     r     r     r       crud    crud  -        -        -        -
logistics.order.fact          r     -     r       r       -     -        -        -        -
logistics.partner.role        r     r     r       crud    crud  -        -        -        -
logistics.playbook            r     r     r       crud    crud  -        -        -        -
logistics.playbook.start      r     -     ru      rud     -     -        -        -        -
logistics.playbook.step       r     -     r       r       -     -        -        -        -
logistics.sales.history       r     -     r       rd      -     -        -        -        -
logistics.sales.quality       r     -     r       r       -     -        -        -        -
logistics.sla.policy          r     r     r       crud    -     -        -        -        -
logistics.source.key          -     -     r       crud    -     -        -        -        -
logistics.timeline            r     -     r       r       -     -        -        -        -
"""


@tagged("post_install", "-at_install")
class TestAccessRecords(AccessMatrixMixin, TransactionCase):
    """What each of them may do with one record of each model, rights and rules together.

    The record is of one company and about one customer.
    """

    addon = "logistics_crm"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        env = cls.env
        cls.company_there = there = env["res.company"].create({"name": "Elsewhere"})
        group = "logistics_crm.group_logistics_"
        cls.users = {
            "own": cls._create_user("rec_own", f"{group}user"),
            "other": cls._create_user("rec_other", f"{group}user"),
            "officer": cls._create_user("rec_officer", f"{group}officer"),
            "manager": cls._create_user("rec_manager", f"{group}manager"),
            "there": cls._create_user("rec_there", f"{group}manager"),
            "internal": cls._create_user("rec_internal", "base.group_user"),
            "customer": cls._create_user("rec_customer", "base.group_portal"),
            "supplier": cls._create_user("rec_supplier", "base.group_portal"),
            "public": env.ref("base.public_user"),
        }
        cls.users["there"].write({"company_ids": [(6, 0, there.ids)], "company_id": there.id})
        customer = cls._create_customer("Customer", user_id=cls.users["own"].id)
        cls.users["customer"].partner_id.parent_id = customer
        cls.users["supplier"].partner_id.parent_id = env["res.partner"].create(
            {"name": "Supplier", "is_company": True, "supplier_rank": 1}
        )
        case = env["logistics.case"].create({"name": "Case", "partner_id": customer.id})
        product = env["product.product"].create({"name": "Product"})
        order = env["sale.order"].create(
            {"partner_id": customer.id, "order_line": [(0, 0, {"product_id": product.id})]}
        )
        order.action_confirm()
        cls.factory = RecordFactory(
            env,
            {
                "res.partner": customer,
                "res.company": env.company,
                "res.users": cls.users["officer"],
                "logistics.case": case,
                "sale.order": order,
                "product.product": product,
                "res.currency": env.company.currency_id,
                "hr.employee": env["hr.employee"].create({"name": "Employee"}),
                "logistics.code.scheme": env.ref("logistics_crm.code_scheme_case"),
                "logistics.case.mailbox": env["logistics.case.mailbox"].create(
                    {"alias_name": "elsewhere"}
                ),
                "logistics.playbook": env.ref("logistics_crm.playbook_customer_silent"),
            },
            {
                "logistics.code.format": {"check": "none", "prefix": "OLD"},
                "logistics.playbook.start": {"res_model": "res.partner", "res_id": customer.id},
            },
        )

    def setUp(self):
        super().setUp()
        # what one test makes is gone in the next
        self.factory = RecordFactory(self.env, self.factory.made, self.factory.values)

    def _get_actual(self, record):
        found = {}
        for who in WHO:
            self.env.invalidate_all()
            mine = record.with_user(self.users[who])
            found[who] = "".join(
                letter for letter, operation in OPERATIONS.items() if mine.has_access(operation)
            )
        return found

    def test_everyone_may_do_with_a_record_what_the_table_says(self):
        table = self._read_table()
        stored = {name for name in self._get_models() if not self.env[name]._transient}
        self.assertEqual(stored, table.keys(), "Models without a row, or rows without a model")
        for name, expected in table.items():
            record = self.factory.make(name)
            # a view that sums up has rows only where enough has happened
            if record or self.env[name]._auto:
                with self.subTest(model=name):
                    self.assertEqual(self._get_actual(record), expected)

    def test_nobody_moves_a_record_to_a_company_where_they_do_not_work(self):
        self._check_nobody_moves_records()

    def test_nobody_moves_a_record_that_all_companies_share(self):
        rows = self.env["logistics.data.sharing"].search([("is_fixed", "=", False)])
        rows.with_user(self.users["manager"]).write({"scope": "shared"})
        self._check_nobody_moves_records()

    def _check_nobody_moves_records(self):
        tried = set()
        for name in self._get_models():
            model = self.env[name]
            field = model._fields.get("company_id")
            if not field or not field.store or model._transient or not model._auto:
                continue
            record = self.factory.make(name)
            for who in ("own", "other", "officer", "manager"):
                mine = record.with_user(self.users[who])
                if mine.has_access("write"):
                    tried.add(name)
                    with self.subTest(model=name, who=who), self.assertRaises(AccessError):
                        mine.write({"company_id": self.company_there.id})
                        self.env.flush_all()
        self.assertLessEqual({"logistics.case", "logistics.call", "logistics.article"}, tried)

    def _read_table(self):
        """Return {model: {who: letters}}."""
        rows = [line.split() for line in TABLE.strip().splitlines()[1:]]
        return {
            name: dict(zip(WHO, (cell.strip("-") for cell in cells), strict=True))
            for name, *cells in rows
        }

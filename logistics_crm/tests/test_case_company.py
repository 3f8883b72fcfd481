from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .case_common import MONDAY, CaseCase


@tagged("post_install", "-at_install")
class TestCaseCompany(CaseCase):
    """Two companies; the officer works in both, the user in the first."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.here = cls.env.company
        cls.there = cls.env["res.company"].create({"name": "Elsewhere"})
        cls.officer.company_ids += cls.there
        cls.ann = cls._create_employee("Ann", cls.user)
        cls.zhang = cls._create_employee("Zhang", cls.officer, company_id=cls.there.id)
        cls.role.employee_ids = cls.ann + cls.zhang
        cls.policy.company_id = cls.here
        cls.policy_there = cls.policy.copy({"company_id": cls.there.id})
        cls.case = cls._open(category_id=cls.category.id)

    def _move(self, case, **values):
        both = (self.here + self.there).ids
        case = case.with_user(self.officer).with_context(allowed_company_ids=both)
        case.write({"company_id": self.there.id, **values})

    def test_user_pushes_no_case_into_a_company_where_they_do_not_work(self):
        case = self.case.with_user(self.user)
        with self.assert_refused(AccessError, "stays in its company"):
            case.company_id = self.there
        case.write({"company_id": self.here.id, "severity": "high"})
        self.assertEqual(case.severity, "high")

    def test_case_that_moves_is_answered_there_by_the_rules_there(self):
        self.assertEqual((self.case.employee_id, self.case.sla_policy_id), (self.ann, self.policy))
        self._move(self.case)
        self.assertEqual(self.case.company_id, self.there)
        self.assertEqual(self.case.employee_id, self.zhang)
        self.assertEqual(self.case.sla_policy_id, self.policy_there)

    def test_case_that_nobody_can_answer_there_waits_for_somebody(self):
        self.role.employee_ids -= self.zhang
        self._move(self.case)
        self.assertFalse(self.case.employee_id)

    def test_settlement_of_a_case_that_moves_is_approved_anew(self):
        self.case.write({"claimed_amount": 10, "liable_amount": 10, "settled_amount": 10})
        self.case.with_user(self.manager).action_approve_settlement()
        self._move(self.case)
        self.assertEqual(self.case.settlement_state, "proposed")

    def test_case_with_a_credit_note_stays_in_its_company(self):
        note = self.env["account.move"].create(
            {"move_type": "out_refund", "partner_id": self.customer.id}
        )
        note.logistics_case_id = self.case
        with self.assert_refused(UserError, "there is a credit note"):
            self._move(self.case)

    def test_nobody_of_another_company_answers_a_case(self):
        case = self.case.with_user(self.officer)
        case = case.with_context(allowed_company_ids=(self.here + self.there).ids)
        with self.assert_refused(UserError, "belongs to another company"):
            case.employee_id = self.zhang
        values = {"case_id": case.id, "step": "d2", "employee_id": self.zhang.id}
        with self.assert_refused(UserError, "belongs to another company"):
            self.env["logistics.case.discipline"].with_env(case.env).create(values)

    def test_order_and_invoice_are_of_the_customer(self):
        other = self._create_customer("Somebody else")
        order = self.env["sale.order"].create({"partner_id": other.id})
        invoice = self.env["account.move"].create(
            {"move_type": "out_invoice", "partner_id": other.id}
        )
        case = self.case.with_user(self.officer)
        for name, document in {"order_id": order, "invoice_id": invoice}.items():
            with self.subTest(name=name), self.assert_refused(ValidationError, "another customer"):
                case.write({name: document.id})
        contact = self.env["res.partner"].create({"name": "Li", "parent_id": self.customer.id})
        order = self.env["sale.order"].create({"partner_id": contact.id})
        case.order_id = order
        self.assertEqual(self.case.order_id, order)
        with self.assert_refused(ValidationError, "another customer"):
            case.partner_id = other

    def test_merging_takes_no_order_of_another_customer(self):
        other = self._create_customer("Somebody else")
        order = self.env["sale.order"].create({"partner_id": other.id})
        foreign = self._open(MONDAY, partner_id=other.id, order_id=order.id)
        survivor = self.case.with_user(self.officer)
        foreign.with_user(self.officer)._merge_into(survivor, other_customers=True)
        self.assertEqual(foreign.merged_into_id, self.case)
        self.assertFalse(self.case.order_id)

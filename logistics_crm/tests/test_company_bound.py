from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .sharing_common import DataSharingCommon


@tagged("post_install", "-at_install")
class TestCompanyBound(DataSharingCommon):
    """What belongs to a company stays there, with people, orders and invoices of its own."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls._create_customer("Bound Ltd", user_id=cls.user.id)
        cls.case = cls.env["logistics.case"].create(
            {"name": "Wet boxes", "partner_id": cls.customer.id}
        )
        cls.call = cls.env["logistics.call"].create(
            {"number": "+1 206 555 0133", "user_id": cls.user.id}
        )
        cls.employee, cls.employee_there = cls.env["hr.employee"].create(
            [
                {"name": "Ada Here", "company_id": cls.here.id},
                {"name": "Ben There", "company_id": cls.there.id},
            ]
        )

    def test_nobody_moves_a_document_to_another_company(self):
        self.officer.company_ids |= self.there  # works in both
        for user in (self.user, self.officer, self.manager):
            for document in (self.case, self.call):
                with self.subTest(f"{user.login}, {document._name}"):
                    with self.assertRaisesRegex(UserError, "stays there"):
                        document.with_user(user).company_id = self.there
                    document.with_user(user).company_id = self.here  # nothing changes
        self.assertEqual((self.case + self.call.case_id).company_id, self.here)

    def test_responsible_is_who_works_for_the_company(self):
        case = self.case.with_user(self.officer)
        case.employee_id = self.employee
        with self.assertRaisesRegex(ValidationError, "does not work for"):
            self.case.employee_id = self.employee_there
        self._switch("cases", "shared")
        self.case.employee_id = self.employee_there

    def test_a_case_takes_orders_that_its_customer_has_a_part_in(self):
        other = self._create_customer("Another")
        receiver = self.env["res.partner"].create(
            {"name": "Dock", "parent_id": self.customer.id, "type": "delivery"}
        )
        order = self.env["sale.order"].create({"partner_id": other.id})
        with self.assertRaisesRegex(ValidationError, "no order of"):
            self.case.order_id = order
        order.partner_shipping_id = receiver
        self.case.order_id = order

    def test_a_case_has_a_subject_and_an_amount_that_can_be_kept(self):
        case = self.case.with_user(self.officer)
        with self.assertRaisesRegex(ValidationError, "needs a subject"):
            case.name = "   "
        with self.assertRaisesRegex(ValidationError, "too large"):
            case.claimed_amount = 1e15

    def test_shared_lists_export_and_print_the_people_of_every_company(self):
        self.case.employee_id = self.employee
        self.call.employee_id = self.employee
        case, call = self.case, self.call
        documents = ((case, "cases"), (call, "calls"))
        for document, kind in documents:
            with self.subTest(kind):
                with self.assertRaises(AccessError):
                    document.with_user(self.officer_there).export_data(["employee_id"])
                self._switch(kind, "shared")
                (row,) = document.with_user(self.officer_there).export_data(["employee_id"])[
                    "datas"
                ]
                self.assertEqual(row, ["Ada Here"])
                self._switch(kind, "company")

    def test_names_of_people_stay_hidden_where_nothing_is_shared(self):
        people = self.env["hr.employee.public"]
        person = people.browse(self.employee.id)
        self.assertFalse(person.with_user(self.officer_there).has_access("read"))
        self._switch("cases", "shared")
        self.assertTrue(person.with_user(self.officer_there).has_access("read"))
        self.assertFalse(person.with_user(self.officer_there).has_access("write"))
        internal = self._create_user("bound_internal", "base.group_user", self.there)
        self.assertFalse(person.with_user(internal).has_access("read"))

    def test_every_call_is_stored_whoever_the_caller_belongs_to(self):
        stranger = self._create_customer("Not mine", phone="+1 206 555 0144")
        order = self.env["sale.order"].create({"partner_id": stranger.id, "user_id": self.user.id})
        self.assertTrue(order.with_user(self.user).partner_id.has_access("read"))
        api = self.env["logistics.api"].with_user(self.user)
        answer = api.log_call({"number": "+1 206 555 0144", "outcome": "missed"})
        call = self.env["logistics.call"].browse(answer["call"])
        self.assertTrue(call.to_return)
        self.assertTrue(call.with_user(self.user).has_access("read"))
        self.assertFalse(call.with_user(self.other_user).has_access("read"))

    def test_a_call_of_tomorrow_is_not_logged(self):
        api = self.env["logistics.api"].with_user(self.officer)
        start = fields.Datetime.now() + timedelta(days=400)
        with self.assertRaisesRegex(UserError, "start.*future"):
            api.log_call({"number": "+1 206 555 0145", "start": start.isoformat()})

    def test_what_names_a_merged_case_reaches_the_one_that_remains(self):
        remains = self.env["logistics.case"].create(
            {"name": "Wet boxes, again", "partner_id": self.customer.id}
        )
        self.case.merged_into_id = remains
        api = self.env["logistics.api"].with_user(self.officer)
        answer = api.log_call({"number": "+1 206 555 0146", "case": self.case.code})
        self.assertEqual(self.env["logistics.call"].browse(answer["call"]).case_id, remains)
        self.customer.email = "bound@example.com"
        found = self.env["logistics.case"]._find_mailed_case(
            {"subject": f"Re: {self.case.code}", "email_from": "bound@example.com"}, {}
        )
        self.assertEqual(found, remains)

    def test_a_company_that_calls_is_no_contact_person(self):
        self.customer.phone = "+1 206 555 0147"
        api = self.env["logistics.api"].with_user(self.officer)
        answer = api.log_call({"number": "+1 206 555 0147"})
        self.assertEqual((answer["name"], answer["contact"]), ("Bound Ltd", False))

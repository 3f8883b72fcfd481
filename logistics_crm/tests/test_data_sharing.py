from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .sharing_common import DataSharingCommon


@tagged("post_install", "-at_install")
class TestDataSharing(DataSharingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls._create_customer("Shared Ltd", user_id=cls.user_there.id)
        cls.case_here, cls.case_there = (
            cls.env["logistics.case"].create(
                {"name": company.name, "company_id": company.id, "partner_id": cls.customer.id}
            )
            for company in (cls.here, cls.there)
        )
        cls.cases = cls.case_here + cls.case_there

    def test_each_company_has_its_own_at_first(self):
        self.assertEqual(self._get_seen(self.officer, self.cases), self.case_here)
        self.assertEqual(self._get_seen(self.officer_there, self.cases), self.case_there)

    def test_all_companies_see_and_answer_what_is_shared(self):
        self._switch("cases", "shared")
        self.assertEqual(self._get_seen(self.officer_there, self.cases), self.cases)
        with Form(self.case_here.with_user(self.officer_there)) as form:
            form.severity = "high"
        self.case_here.with_user(self.officer_there).action_start()
        self.assertEqual(self.case_here.state, "open")
        self.assertEqual(self.case_here.company_id, self.here)

    def test_switching_back_closes_the_door_at_once(self):
        self._switch("cases", "shared")
        self.assertEqual(self._get_seen(self.officer, self.cases), self.cases)
        self._switch("cases", "company")
        self.assertEqual(self._get_seen(self.officer, self.cases), self.case_here)

    def test_sharing_over_companies_widens_no_role(self):
        foreign = self._create_customer("Foreign")
        case = self.case_here.copy({"partner_id": foreign.id})
        self._switch("cases", "shared")
        cases = self.cases + case
        self.assertEqual(self._get_seen(self.user_there, cases), self.cases)
        self.assertFalse(self.env["logistics.case"].with_user(self.user).search([]) & case)
        with self.assertRaises(AccessError):
            self.cases.with_user(self.internal_user).read(["name"])

    def test_one_kind_is_switched_without_the_others(self):
        calls = self.env["logistics.call"].create(
            [{"number": "1", "company_id": company.id} for company in (self.here, self.there)]
        )
        self._switch("cases", "shared")
        self.assertEqual(self._get_seen(self.officer, calls), calls[0])
        self._switch("calls", "shared")
        self.assertEqual(self._get_seen(self.officer, calls), calls)

    def test_every_rule_by_company_of_ours_belongs_to_a_kind(self):
        rules = self.env["ir.rule"].with_context(active_test=False)
        ours = rules.search(
            [
                ("model_id.model", "=like", "logistics.%"),
                ("domain_force", "like", "company_ids"),
                ("groups", "=", False),
            ]
        )
        modules = set(ours.model_id.mapped("modules")) & {"logistics_crm"}
        self.assertTrue(modules)
        ours = ours.filtered(lambda rule: rule.model_id.modules == "logistics_crm")
        self.assertFalse((ours - self.rows.search([]).rule_ids).mapped("name"))

    def test_a_rule_added_to_a_shared_kind_does_not_hold(self):
        row = self._switch("calls", "shared")
        rule = self.env.ref("logistics_crm.rule_case_company")
        row.rule_ids += rule
        self.assertFalse(rule.active)
        self._switch("calls", "company")
        self.assertTrue(rule.active)

    def test_the_screen_says_what_switching_does(self):
        row = self._switch("cases", "shared")
        with Form(row.with_user(self.manager)) as form:
            self.assertFalse(form.effect)
            form.wanted_scope = "company"
            self.assertIn("seen by people of its own company only", form.effect)
            self.assertIn("Elsewhere: ", form.effect)
        row.with_user(self.manager).action_apply()
        self.assertFalse(row.effect)
        self.assertIn("no others", row.meaning)
        self.assertEqual(self._get_seen(self.officer, self.cases), self.case_here)

    def test_choosing_on_the_page_switches_nothing_until_it_is_applied(self):
        row = self.rows.search([("code", "=", "cases")]).with_user(self.manager)
        with Form(row) as form:
            form.wanted_scope = "shared"
        self.assertEqual((row.scope, row.wanted_scope), ("company", "shared"))
        with self.assertRaises(AccessError):
            row.with_user(self.officer).action_apply()
        self.assertEqual(self._get_seen(self.officer, self.cases), self.case_here)
        row.action_apply()
        self.assertEqual(self._get_seen(self.officer, self.cases), self.cases)
        row.scope = "company"
        self.assertEqual(row.wanted_scope, "company")

    def test_shared_records_are_exported_and_printed_with_who_answers(self):
        employee = self.env["hr.employee"].create({"name": "Ann", "user_id": self.user.id})
        role = self.env["logistics.account.role"].create({"name": "Desk", "code": "test_share"})
        values = {"partner_id": self.customer.id, "employee_id": employee.id}
        member = self.env["logistics.account.member"].create({**values, "role_id": role.id})
        call = self.env["logistics.call"].create({"number": "1", "user_id": self.user.id})
        step = self._create_playbook_step(employee)
        order = self.env["sale.order"].create({"partner_id": self.customer.id})
        self.case_here.write({"employee_id": employee.id, "order_id": order.id})
        discipline = self.env["logistics.case.discipline"].create(
            {"case_id": self.case_here.id, "step": "d2", "employee_id": employee.id}
        )
        for code in ("cases", "calls", "teams", "playbooks"):
            self._switch(code, "shared")
        workload = self.env["logistics.case.workload"].browse(self.case_here.id)
        for record in (self.case_here, member, call, step, discipline, workload):
            for path in ("employee_id", "employee_id/name"):
                self.env.invalidate_all()
                with self.subTest(model=record._name, path=path):
                    there = record.with_user(self.officer_there)
                    self.assertEqual(there.export_data([path])["datas"], [["Ann"]])
        self.env.invalidate_all()
        path = ["account_member_ids/employee_id"]
        customer = self.customer.with_user(self.officer_there)
        self.assertEqual(customer.export_data(path)["datas"], [["Ann"]])
        self.env.invalidate_all()
        report = self.env["report.logistics_crm.report_feedback_list"]
        page = report.with_user(self.officer_there)._get_report_values(self.case_here.ids)
        self.assertIn("Ann", page["rows"][0])
        self.env.invalidate_all()
        reports = self.env["ir.actions.report"].with_user(self.officer_there)
        paper, _type = reports._render_qweb_html("logistics_crm.report_case_8d", self.case_here.ids)
        for text in ("Ann", order.name):
            self.assertIn(text, paper.decode())

    def _create_playbook_step(self, employee):
        start = self.env["logistics.playbook.start"].create(
            {
                "playbook_id": self.env.ref("logistics_crm.playbook_customer_silent").id,
                "partner_id": self.customer.id,
                "company_id": self.here.id,
                "res_model": "res.partner",
                "res_id": self.customer.id,
            }
        )
        return self.env["logistics.playbook.step"].create(
            {"start_id": start.id, "employee_id": employee.id}
        )

    def test_of_an_employee_elsewhere_nothing_but_the_name_is_read(self):
        employee = self.env["hr.employee"].create({"name": "Ann", "work_phone": "204"})
        self.env.invalidate_all()
        names = employee.with_user(self.user_there).read(["name", "display_name"])
        self.assertEqual(names, [{"id": employee.id, "name": "Ann", "display_name": "Ann"}])
        for name in ("work_phone", "private_email"):
            self.env.invalidate_all()
            with self.assertRaises(AccessError):
                employee.with_user(self.user_there).read([name])
        self.internal_user.write(
            {"company_ids": [(6, 0, self.there.ids)], "company_id": self.there.id}
        )
        self.env.invalidate_all()
        with self.assertRaises(AccessError):
            employee.with_user(self.internal_user).read(["name"])

    def test_codes_are_the_same_in_all_companies_for_good(self):
        with self.assert_refused(UserError, "cannot be changed"):
            self._switch("codes", "company")

    def test_managers_switch_and_do_no_more(self):
        row = self.rows.search([("code", "=", "cases")])
        for values in (
            {"rule_ids": [(4, self.env.ref("base.res_partner_rule").id)]},
            {"model_id": self.env["ir.model"]._get("res.users").id},
        ):
            with self.assertRaises(AccessError):
                row.with_user(self.manager).write(values)
        with self.assertRaises(AccessError):
            self.rows.with_user(self.manager).create({"name": "Mine", "code": "mine"})
        for user in (self.officer, self.user, self.internal_user, self.portal_user):
            with self.assertRaises(AccessError):
                row.with_user(user).scope = "shared"

    def test_updating_the_add_on_keeps_the_choice(self):
        row = self._switch("cases", "shared")
        self.rows._load_records(
            [{"xml_id": "logistics_crm.sharing_cases", "values": {"name": "Cases"}}], True
        )
        self.assertEqual(row.scope, "shared")
        self.assertFalse(self.env.ref("logistics_crm.rule_case_company").active)

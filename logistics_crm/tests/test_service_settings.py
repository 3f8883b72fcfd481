import psycopg2.errors

from odoo.exceptions import AccessError
from odoo.tests import Form, TransactionCase, tagged
from odoo.tools import mute_logger

from .common import LogisticsUsersMixin


@tagged("post_install", "-at_install")
class TestServiceSettings(LogisticsUsersMixin, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_users()
        cls.company = cls.env.company
        cls.other = cls.env["res.company"].create({"name": "Elsewhere", "claim_officer_limit": 7})
        cls.company.write({"claim_officer_limit": 500, "case_satisfaction_days": 30})

    def _open(self, user):
        """Open the form as the user gets it from the menu."""
        return Form(self.env["logistics.service.settings"].with_user(user))

    def test_a_manager_sees_and_sets_what_holds_for_the_company(self):
        form = self._open(self.manager)
        self.assertEqual(form.claim_officer_limit, 500)
        form.claim_officer_limit = 800
        form.case_satisfaction_days = 14
        form.save().action_save()
        self.assertEqual(self.company.claim_officer_limit, 800)
        self.assertEqual(self.company.case_satisfaction_days, 14)
        self.assertEqual(self.other.claim_officer_limit, 7)

    def test_a_manager_still_may_not_write_the_company(self):
        with self.assertRaises(AccessError):
            self.company.with_user(self.manager).claim_officer_limit = 5
        settings = self.env["logistics.service.settings"].with_user(self.manager).create({})
        settings.action_save()
        with self.assertRaises(AccessError):
            settings.company_id.name = "Mine"

    def test_the_menu_is_for_managers(self):
        menu = self.env.ref("logistics_crm.menu_logistics_service_settings")
        for user, sees in ((self.manager, True), (self.officer, False), (self.user, False)):
            visible = self.env["ir.ui.menu"].with_user(user)._visible_menu_ids()
            self.assertEqual(menu.id in visible, sees)

    def test_an_officer_is_refused(self):
        with self.assertRaises(AccessError):
            self._open(self.officer)
        settings = self.env["logistics.service.settings"].with_user(self.manager).create({})
        with self.assertRaises(AccessError):
            settings.with_user(self.officer).action_save()

    def test_another_company_is_refused(self):
        values = {"company_id": self.other.id, "claim_officer_limit": 900}
        settings = self.env["logistics.service.settings"].with_user(self.manager).create(values)
        with self.assert_refused(AccessError, "You do not work for Elsewhere"):
            settings.action_save()
        self.assertEqual(self.other.claim_officer_limit, 7)

    def test_a_manager_of_two_companies_sets_the_one_chosen(self):
        self.manager.company_ids += self.other
        settings = self.env["logistics.service.settings"].with_user(self.manager)
        settings = settings.with_context(allowed_company_ids=self.other.ids).create({})
        self.assertEqual(settings.claim_officer_limit, 7)
        settings.claim_officer_limit = 60
        settings.action_save()
        self.assertEqual(self.other.claim_officer_limit, 60)
        self.assertEqual(self.company.claim_officer_limit, 500)

    @mute_logger("odoo.sql_db")
    def test_impossible_values_are_refused(self):
        settings = self.env["logistics.service.settings"].with_user(self.manager).create({})
        for name, value in (("claim_officer_limit", -1), ("case_satisfaction_days", 0)):
            settings[name] = value
            with self.assertRaises(psycopg2.errors.CheckViolation):
                settings.action_save()
                self.company.flush_recordset()
            settings[name] = 10

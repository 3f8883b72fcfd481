from odoo.tests import TransactionCase

from .common import LogisticsUsersMixin


class DataSharingCommon(LogisticsUsersMixin, TransactionCase):
    """Two companies with an officer each, and a manager of the first."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_users()
        cls.here = cls.env.company
        cls.there = cls.env["res.company"].create({"name": "Elsewhere"})
        cls.officer_there = cls._create_user(
            "log_there", "logistics_crm.group_logistics_officer", cls.there
        )
        cls.user_there = cls._create_user(
            "log_user_there", "logistics_crm.group_logistics_user", cls.there
        )
        cls.rows = cls.env["logistics.data.sharing"]

    @classmethod
    def _create_user(cls, login, groups, company=None):
        user = super()._create_user(login, groups)
        if company:
            user.write({"company_ids": [(6, 0, company.ids)], "company_id": company.id})
        return user

    @classmethod
    def _switch(cls, code, scope):
        """Switch a kind of record as the manager of one company."""
        row = cls.rows.search([("code", "=", code)])
        row.with_user(cls.manager).scope = scope
        cls.env.flush_all()
        return row

    def _get_seen(self, user, records):
        """Return which records a user finds; each one found can be read, no other."""
        model = records.env[records._name].with_user(user)
        seen = model.search([("id", "in", records.ids)])
        for record in records:
            self.assertEqual(record.with_user(user).has_access("read"), record in seen)
        return seen.sudo()

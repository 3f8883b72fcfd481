from contextlib import contextmanager

from odoo.addons.mail.tests.common import mail_new_test_user


class LogisticsUsersMixin:
    """Users of each role, made by `_create_users` in `setUpClass`."""

    @classmethod
    def _create_users(cls):
        """Set `user`, `other_user`, `officer`, `manager`, `internal_user`, `portal_user`."""
        cls.user = cls._create_user("log_user", "logistics_crm.group_logistics_user")
        cls.other_user = cls._create_user("log_other", "logistics_crm.group_logistics_user")
        cls.officer = cls._create_user("log_officer", "logistics_crm.group_logistics_officer")
        cls.manager = cls._create_user("log_manager", "logistics_crm.group_logistics_manager")
        cls.internal_user = cls._create_user("log_internal", "base.group_user")
        cls.portal_user = cls._create_user("log_portal", "base.group_portal")

    @classmethod
    def _create_user(cls, login, groups):
        return mail_new_test_user(
            cls.env, login=login, groups=groups, name=login.replace("_", " ").title()
        )

    @classmethod
    def _create_customer(cls, name, **values):
        return cls.env["res.partner"].create(
            {"name": name, "is_company": True, "customer_rank": 1, **values}
        )

    @contextmanager
    def assert_refused(self, exception, text):
        """Expect an error that says `text`, and roll back what was written until then."""
        with self.assertRaises(exception) as caught:
            yield
        self.assertIn(text, str(caught.exception))

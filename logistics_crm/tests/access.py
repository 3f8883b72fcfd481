"""The access matrix: what each group may do with each model of an add-on."""

from .common import LogisticsUsersMixin

OPERATIONS = {"c": "create", "r": "read", "u": "write", "d": "unlink"}


class AccessMatrixMixin(LogisticsUsersMixin):
    """Compare the access rights in the registry with a written matrix.

    An add-on's test sets `addon` and `matrix`: model → group → letters out of ``crud``. A group
    that is missing may do nothing. A model of the add-on without a row fails the test. A matrix
    may have rows for models of the add-ons below. Record rules are tested where they are written.
    """

    addon = None
    matrix = {}
    groups = {
        "public": "base.group_public",
        "portal": "base.group_portal",
        "internal": "base.group_user",
        "user": "logistics_crm.group_logistics_user",
        "officer": "logistics_crm.group_logistics_officer",
        "manager": "logistics_crm.group_logistics_manager",
    }

    def check_access_matrix(self):
        """Check every model of the add-on for every group and operation."""
        self.assertFalse(self._get_models() - self.matrix.keys(), "Models without a row")
        for group, xmlid in self.groups.items():
            user = self._create_user(f"matrix_{group}", xmlid)
            for name, expected in self.matrix.items():
                with self.subTest(model=name, group=group):
                    self.assertEqual(self._get_allowed(user, name), expected.get(group, ""))

    @classmethod
    def _get_models(cls):
        return {
            name
            for name, model in cls.env.registry.items()
            if model._original_module == cls.addon and not model._abstract
        }

    @classmethod
    def _get_allowed(cls, user, model):
        rights = cls.env["ir.model.access"].with_user(user)
        return "".join(
            letter
            for letter, operation in OPERATIONS.items()
            if rights.check(model, operation, raise_exception=False)
        )

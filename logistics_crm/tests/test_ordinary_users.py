"""Who has no Logistics CRM role works with Odoo's own records as before."""

from odoo.tests import TransactionCase, tagged

from .common import LogisticsUsersMixin

# Where a value is a list of records: reading it asks for the right to read them.
LISTS = ("many2many", "one2many")


@tagged("post_install", "-at_install")
class TestOrdinaryUsers(LogisticsUsersMixin, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_users()
        cls.seller = cls._create_user("log_seller", "sales_team.group_sale_salesman")
        cls.category = cls.env.ref("logistics_crm.case_category_delivery")
        cls.values = {"case_category_ids": [(6, 0, cls.category.ids)]}

    def _fields_of_ours(self, user):
        """Return (model, field) of the fields that we add to others' models and `user` reads."""
        for model in self.env.values():
            if model._abstract or model._transient or model._name.startswith("logistics."):
                continue
            seen = model.with_user(user)
            for field in model._fields.values():
                ours = all(module.startswith("logistics_crm") for module in field._modules)
                if ours and field._modules and seen._has_field_access(field, "read"):
                    yield seen, field

    def test_whoever_may_copy_a_mail_template_copies_one_that_answers_cases(self):
        model = self.env["ir.model"]._get("res.partner").id
        template = self.env["mail.template"].create(
            {"name": "Late", "model_id": model, **self.values}
        )
        copy = template.with_user(self.internal_user).copy()
        self.assertFalse(copy.sudo().case_category_ids)
        self.assertFalse(template.with_user(self.manager).copy().case_category_ids)

    def test_whoever_may_copy_a_canned_response_copies_one_for_cases(self):
        mine = self.env["mail.canned.response"].with_user(self.internal_user)
        canned = mine.create({"source": "late", "substitution": "We are late."})
        canned.sudo().write(self.values)
        self.assertFalse(canned.copy().sudo().case_category_ids)

    def test_fields_of_ours_list_records_that_their_readers_may_read(self):
        for user in (self.internal_user, self.seller, self.portal_user):
            wrong = [
                str(field)
                for model, field in self._fields_of_ours(user)
                if field.type in LISTS and model.has_access("read")
                if not model.env[field.comodel_name].has_access("read")
            ]
            self.assertFalse(wrong, f"{user.login} may not read what these list: give them groups")

    def test_fields_of_ours_can_be_read_by_whoever_may_read_the_record(self):
        for user in (self.internal_user, self.seller, self.portal_user):
            found = {}
            for model, field in self._fields_of_ours(user):
                if model.has_access("read"):
                    found.setdefault(model, []).append(field.name)
            self.assertIn("res.partner", [model._name for model in found])
            for model, names in found.items():
                model.search([], limit=2).read(names)

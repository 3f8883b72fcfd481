import unittest

from .promise_common import PromiseMixin


class ModuleMixin(PromiseMixin):
    """Promises where an application of Odoo's is installed that ours do without; as a salesperson.

    tests/test_promise_with_modules.py runs these tests where it is.
    """

    module = ""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        found = cls.env["ir.module.module"].search([("name", "=", cls.module)])
        if found.state != "installed":
            raise unittest.SkipTest(f"“{cls.module}” is not installed in this database.")
        cls.seller = cls._create_user("module_seller", "sales_team.group_sale_salesman")
        cls.seller.write({"company_ids": [(4, cls.company.id)], "company_id": cls.company.id})
        cls.engine = cls.engine.with_user(cls.seller)

    def _confirm(self, quantity, product, **values):
        """Return the promise of an order that the salesperson confirms."""
        order = self._quotation(quantity, product, user_id=self.seller.id, **values)
        order.with_user(self.seller).with_company(self.company).action_confirm()
        return order.order_line.promise_line_ids

    def _check_noted(self):
        """Check what was noted, as the scheduled action would."""
        self.env.flush_all()
        self.cr.precommit.run()
        while batch := self.env["logistics.promise.recheck"]._get_batch():
            batch._process()

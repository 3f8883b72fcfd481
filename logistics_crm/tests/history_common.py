from odoo.tests import TransactionCase

from .common import LogisticsUsersMixin


class SalesHistoryCase(LogisticsUsersMixin, TransactionCase):
    """Loads as a Manager, without any other right, of a company of its own."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_users()
        cls.env["res.currency"].with_context(active_test=False).search(
            [("name", "in", ("USD", "EUR"))]
        ).active = True
        cls.usd = cls.env.ref("base.USD")
        cls.eur = cls.env.ref("base.EUR")
        cls.company = cls.env["res.company"].create(
            {"name": "History Lines", "currency_id": cls.usd.id}
        )
        for user in (cls.user, cls.officer, cls.manager):
            user.write({"company_ids": [(4, cls.company.id)], "company_id": cls.company.id})
        cls.api = cls.env["logistics.api"].with_user(cls.manager)

    @classmethod
    def _line(cls, line=1, **values):
        return {
            "order": "SO1",
            "line": line,
            "date": "2024-02-29",
            "customer": "C-1",
            "product": "P-1",
            "quantity": 2,
            "amount": 10.5,
            **values,
        }

    def _load(self, *lines, **options):
        return self.api.load_sales_history("erp", list(lines), **options)

    def _history(self, **values):
        domain = [(name, "=", value) for name, value in values.items()]
        return self.env["logistics.sales.history"].search(
            [("company_id", "=", self.company.id), *domain], order="id"
        )

    def _assert_rejected(self, line, field, text, **options):
        result = self._load(line, **options)
        self.assertEqual([item["field"] for item in result["rejected"]], [field])
        self.assertIn(text, result["rejected"][0]["reason"])
        self.assertFalse(self._history())

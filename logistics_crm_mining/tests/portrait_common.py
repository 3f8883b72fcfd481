from datetime import timedelta

from .common import MiningCase

USER = "logistics_crm.group_logistics_user"


class PortraitCase(MiningCase):
    """A plain user with customers of their own, whose orders are as many days ago as said."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user = cls._create_user("portrait-user", USER)
        cls.customers = cls._create_customers(8, user_id=cls.user.id)
        cls.customer = cls.customers[0]
        cls.facts = cls.env["logistics.order.fact"].with_user(cls.user).with_company(cls.company)

    @classmethod
    def _order(cls, *days_ago, customer=None, amount=100.0, quantity=1.0, product=None, **where):
        """Let a customer order on the days that are so many days ago."""
        rows = [
            ((customer or cls.customer).id, cls.today - timedelta(days=days), quantity, amount)
            for days in days_ago
        ]
        usual, cls.product = cls.product, product or cls.product
        cls._insert_history(rows, where.get("company", cls.company))
        cls.product = usual

    @classmethod
    def _create_product(cls, name, **values):
        return cls.env["product.product"].create({"name": name, **values})

    def _portrait(self, user=None, company=None):
        portrait = self.env["logistics.portrait"].with_user(user or self.user)
        return portrait.with_company(company or self.company)

    def _get_data(self, customer=None, **reader):
        return self._portrait(**reader).get_data((customer or self.customer).id)

    def _card(self, key, customer=None, **reader):
        cards = self._get_data(customer, **reader)["cards"]
        return next(card for card in cards if card["key"] == key)

    def _sentences(self, customer=None, **reader):
        return [one["text"] for one in self._get_data(customer, **reader)["sentences"]]

    def _count_behind(self, target):
        """Return how many records the target of a chart or link shows to the user."""
        records = self.env[target["res_model"]].with_user(self.user).with_company(self.company)
        return records.search_count(target["domain"])

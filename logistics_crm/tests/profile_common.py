from datetime import timedelta

from odoo import fields

from .common import LogisticsUsersMixin


class ProfileMixin(LogisticsUsersMixin):
    """Customers with sales, for tests of what the profile tells of them."""

    @classmethod
    def _create_users(cls):
        """Create the users, and what all customers order."""
        cls.transport = cls.env["product.product"].create({"name": "Transport"})
        return super()._create_users()

    @classmethod
    def _add_orders(cls, partner, days_ago, amount=100.0, company=None):
        """Store one sales line of `amount` for each of so many days ago."""
        company = company or cls.env.company
        today = fields.Date.today()
        return cls.env["logistics.sales.history"].create(
            [
                {
                    "company_id": company.id,
                    "currency_id": company.currency_id.id,
                    "source": "erp",
                    "order_ref": f"{partner.id}-{days}",
                    "line_ref": "1",
                    "date": today - timedelta(days=days),
                    "partner_id": partner.id,
                    "product_id": cls.transport.id,
                    "quantity": 1,
                    "amount": amount,
                    "amount_company": amount,
                }
                for days in days_ago
            ]
        )

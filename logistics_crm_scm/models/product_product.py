from datetime import timedelta

from odoo import models
from odoo.tools import format_date

from .logistics_promise_week import WEEK


class ProductProduct(models.Model):
    _inherit = "product.product"

    def get_promise_week(self):
        """Return what can be promised of these products this week, by warehouse.

        Returns
        -------
        dict
            ``days`` (names of the next seven days in the user's language) and ``rows``, see
            `logistics.promise`.

        Raises
        ------
        AccessError
            The caller may not ask for promises, or not read the products.
        """
        self.check_access("read")
        self.env["logistics.api"]._check_promise_rights()
        goods = self.filtered(lambda product: product.type == "consu")
        today, rows = self.env["logistics.promise"]._get_week(goods)
        return {
            "days": [
                format_date(self.env, today + timedelta(days=number), date_format="EEE d MMM")
                for number in range(WEEK)
            ],
            "rows": rows,
        }

    def action_promise_check(self):
        """Open the question when this product can be delivered."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "logistics_crm_scm.promise_check_action"
        )
        return action | {"context": {"default_product_id": self[:1].id}}

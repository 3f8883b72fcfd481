from datetime import timedelta

from babel.dates import format_skeleton

from odoo import models
from odoo.tools import babel_locale_parse, get_lang

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
        locale = babel_locale_parse(get_lang(self.env).code)
        return {
            "days": [
                format_skeleton("MMMEd", today + timedelta(days=number), locale=locale)
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

from odoo import api, models
from odoo.tools import formatLang


class LogisticsMiningReason(models.AbstractModel):
    """What the features of models are called, and how their values are written."""

    _inherit = "logistics.mining.reason"

    @api.model
    def _feature_label(self, column, code=None):
        """Return the name of a feature of a task in the reader's language, else its own."""
        known = self._get_feature_formats(code).get(column)
        return known[0] if known else column.replace("_", " ").capitalize()

    @api.model
    def _feature_value(self, column, value, code=None):
        """Return a value of a feature as text."""
        if value is None or value is False or isinstance(value, str):
            return value or self.env._("unknown")
        __, digits, factor, unit = self._get_feature_formats(code).get(column, ("", 2, 1, ""))
        return formatLang(self.env, factor * value, digits=digits) + unit

    @api.model
    def _get_feature_formats(self, code=None):
        """Return feature -> (label, digits, factor, unit) of a task; tasks and add-ons add theirs.

        Parameters
        ----------
        code : str, optional
            Of the task: the same name may mean another thing there.
        """
        return {
            "days_since_last": (self.env._("Days since the last order"), 0, 1, ""),
            "days_since_first": (self.env._("Days since the first order"), 0, 1, ""),
            "orders": (self.env._("Days with orders"), 0, 1, ""),
            "orders_per_month": (self.env._("Days with orders a month"), 1, 1, ""),
            "usual_days": (self.env._("Usual days between orders"), 0, 1, ""),
            "silence": (self.env._("Silence against the usual days between orders"), 1, 1, ""),
            "gap_spread": (self.env._("Unevenness of the days between orders"), 2, 1, ""),
            "season_orders": (self.env._("Orders in the same season a year ago"), 0, 1, ""),
            "season_share": (self.env._("Orders in the strongest three months"), 0, 100, "%"),
            "trend": (self.env._("Orders lately against those before"), 2, 1, ""),
            "average_order": (self.env._("Amount of an order"), 0, 1, ""),
            "last_order_ratio": (self.env._("Last order against the usual amount"), 0, 100, "%"),
            "revenue_per_month": (self.env._("Revenue a month"), 0, 1, ""),
            "return_share": (self.env._("Returned"), 1, 100, "%"),
            "products": (self.env._("Products bought"), 0, 1, ""),
            "categories": (self.env._("Product categories bought"), 0, 1, ""),
            "places": (self.env._("Delivery addresses"), 0, 1, ""),
            "warehouses": (self.env._("Warehouses delivered from"), 0, 1, ""),
            "revenue": (self.env._("Revenue of 12 months"), 0, 1, ""),
            "margin": (self.env._("Margin of 12 months"), 0, 1, ""),
            "order_days": (self.env._("Days with orders in 12 months"), 0, 1, ""),
            "country": (self.env._("Country"), 0, 1, ""),
        }

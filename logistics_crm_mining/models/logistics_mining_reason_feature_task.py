from odoo import api, models

from .logistics_mining_reason_lead import NAMED

TAG = "tag_"


class LogisticsMiningReason(models.AbstractModel):
    """What the features of leads and of answers to campaigns are called."""

    _inherit = "logistics.mining.reason"

    @api.model
    def _feature_label(self, column, code=None):
        """Name the tag that a feature of leads is about."""
        if code == "lead" and column.startswith(TAG):
            name = self._lead_name("tag", {"value": column.removeprefix(TAG)})
            return self.env._("Tag: %(name)s", name=name)
        return super()._feature_label(column, code)

    @api.model
    def _feature_value(self, column, value, code=None):
        """Name the record that a feature of leads holds."""
        if code == "lead" and column in NAMED and isinstance(value, str) and value.isdigit():
            return self._lead_name(column, {"value": value})
        return super()._feature_value(column, value, code)

    @api.model
    def _get_feature_formats(self, code=None):
        formats = super()._get_feature_formats(code)
        if code == "lead":
            return self._get_lead_formats()
        if code == "response":
            for name, label in self._get_response_labels().items():
                known = formats.get(name, ("", 0, 1, ""))
                formats[name] = (label[:1].upper() + label[1:], *known[1:])
        return formats

    @api.model
    def _get_lead_formats(self):
        labels = {
            "team": self.env._("Sales team"),
            "source": self.env._("Source"),
            "medium": self.env._("Medium"),
            "campaign": self.env._("Campaign"),
            "country": self.env._("Country"),
            "state": self.env._("State"),
            "language": self.env._("Language"),
            "came_as": self.env._("Came as lead or opportunity"),
            "email": self.env._("E-mail address"),
            "phone": self.env._("Phone number"),
            "revenue_known": self.env._("Expected revenue is known"),
            "revenue": self.env._("Expected revenue"),
            "recommended": self.env._("Recommended by somebody"),
            "known": self.env._("Known before"),
            "orders_before": self.env._("Days with orders before"),
            "won_before": self.env._("Leads won before"),
            "lost_before": self.env._("Leads lost before"),
            "weekday": self.env._("Day of the week"),
            "daytime": self.env._("Time of day"),
        }
        return {name: (label, 0, 1, "") for name, label in labels.items()}

    @api.model
    def _get_response_labels(self):
        """Return what the features of answers are called within a sentence."""
        return {
            "days_since_last": self.env._("days since the last order"),
            "days_since_first": self.env._("days since the first order"),
            "orders": self.env._("days with orders"),
            "orders_year": self.env._("days with orders in 12 months"),
            "usual_days": self.env._("days between orders"),
            "silence": self.env._("silence against the usual days"),
            "amount_year": self.env._("amount of 12 months"),
            "average_order": self.env._("amount of an order"),
            "earlier_contacts": self.env._("earlier campaigns"),
            "earlier_answers": self.env._("earlier answers"),
            "channel": self.env._("way of contact"),
            "segment": self.env._("segment"),
        }

from odoo import models
from odoo.tools import formatLang

from ..tools.listing import list_names


class LogisticsMiningRun(models.Model):
    """What a run of the key account task found, in words."""

    _inherit = "logistics.mining.run"

    def _describe_results(self):
        return super()._describe_results() + self._describe_classes() + self._describe_rules()

    def _describe_classes(self):
        """Return one line per class, how concentrated the business is, and who moves."""
        metrics = self.metrics or {}
        lines = [
            self.env._(
                "Class %(class)s: %(customers)s customers, %(share)s%% of the amount",
                **{"class": name.upper()},
                customers=row["customers"],
                share=self._format_share(row["amount_share"]),
            )
            for name, row in (metrics.get("classes") or {}).items()
        ]
        moves = metrics.get("moves") or {}
        if lines:
            lines.append(
                self.env._(
                    "About to rise: %(up)s customers, about to fall: %(down)s",
                    up=moves.get("up", 0),
                    down=moves.get("down", 0),
                )
            )
        return lines

    def _describe_rules(self):
        """Return one line per rule that key accounts follow, or why there is none."""
        metrics = self.metrics or {}
        if code := metrics.get("rules_code"):
            return [self._describe_no_rules(code, metrics["rules_args"])]
        return [
            self.env._(
                "Customers with %(conditions)s: %(precision)s%% of them are key accounts, "
                "%(coverage)s%% of all key accounts",
                conditions=list_names(self.env, map(self._describe_condition, rule["conditions"])),
                precision=self._format_share(rule["precision"]),
                coverage=self._format_share(rule["coverage"]),
            )
            for rule in metrics.get("rules") or ()
        ]

    def _describe_no_rules(self, code, args):
        if code == "too_few_keys":
            return self.env._(
                "No rules: only %(count)s customers are key accounts (or are none); %(needed)s are "
                "needed.",
                count=args["count"],
                needed=args["needed"],
            )
        return self.env._("No rules: nothing but their amount tells key accounts from the others.")

    def _describe_condition(self, condition):
        labels = {
            "products": self.env._("products bought"),
            "categories": self.env._("product categories bought"),
            "order_days": self.env._("days with orders"),
            "usual_days": self.env._("days between orders"),
            "country": self.env._("country"),
        }
        value = condition["value"]
        if not isinstance(value, str):
            value = formatLang(self.env, value, digits=0 if value == int(value) else 1)
        sign = {">=": "≥", "!=": "≠"}.get(condition["operator"], condition["operator"])
        return f"{labels[condition['column']]} {sign} {value}"

    def _format_share(self, share):
        return formatLang(self.env, 100 * (share or 0), digits=0)

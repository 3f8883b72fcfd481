from odoo import api, models
from odoo.fields import Domain


class LogisticsDashboard(models.AbstractModel):
    """Which segments customers are in, what these are worth, and who moved."""

    _inherit = "logistics.dashboard"

    @api.model
    def _read_segments(self, view):
        """Return [(segment, customers, expected value)] in the order of segments, read once."""
        if "segment_rows" not in view:
            rows = self.env["res.partner"]._read_group(
                view["customers"] & Domain("segment_id", "!=", False),
                ["segment_id"],
                ["__count", "clv_12m:sum"],
            )
            view["segment_rows"] = sorted(rows, key=lambda row: row[0].sequence)
        return view["segment_rows"]

    @api.model
    def _segment_target(self, view, segment):
        return self._customers_target(view, segment.name, [("segment_id", "=", segment.id)])

    @api.model
    def _get_card_segments(self, view):
        found = self._read_segments(view)
        total = sum(count for _segment, count, _value in found)
        risky = sum(count for segment, count, _value in found if segment.at_risk)
        answer = self.env._(
            "%(risky)s of %(total)s customers are in segments that need attention.",
            risky=risky,
            total=total,
        )
        rows = [
            (
                segment.name,
                count,
                self._segment_target(view, segment),
                self.env._("Needs attention") if segment.at_risk else "",
            )
            for segment, count, _value in found
        ]
        question = self.env._("Who are our customers?")
        if view["role"] == "account":
            question = self.env._("Who are my customers?")
        options = {"kind": "bars", "label": self.env._("Customers")}
        options |= self._get_run_hint("segment")
        return self._chart_card("segments", question, answer, rows, **options)

    @api.model
    def _get_card_segment_values(self, view):
        found = self._read_segments(view)
        revenue = dict(
            self.env["logistics.order.fact"]._read_group(
                self._get_fact_domain(view, view["start"], view["end"]),
                ["partner_id.segment_id"],
                ["amount:sum"],
            )
        )
        rows = [
            (
                segment.name,
                value or 0.0,
                self._segment_target(view, segment),
                self.env._(
                    "Revenue of the period: %(amount)s",
                    amount=self._money(revenue.get(segment) or 0.0),
                ),
            )
            for segment, _count, value in found
        ]
        best = max(rows, key=lambda row: row[1], default=None)
        answer = best and self.env._(
            "Most is expected from “%(segment)s”: %(amount)s in 12 months.",
            segment=best[0],
            amount=self._money(best[1]),
        )
        question = self.env._("What will each segment bring?")
        options = {"kind": "bars", "format": "money", "label": self.env._("Expected")}
        options |= self._get_run_hint("clv")
        return self._chart_card("segment_values", question, answer, rows, **options)

    @api.model
    def _get_card_moves(self, view):
        names = {"up": self.env._("Moved up"), "down": self.env._("Moved down")}
        since = self._get_days_domain(view, "segment_since")
        found = dict(
            self.env["res.partner"]._read_group(
                view["customers"] & since & Domain("segment_move", "!=", False),
                ["segment_move"],
                ["__count"],
            )
        )
        rows = [
            (
                name,
                found.get(move, 0),
                self._customers_target(view, name, since & Domain("segment_move", "=", move)),
                "",
            )
            for move, name in names.items()
        ]
        up, down = found.get("up", 0), found.get("down", 0)
        answer = self.env._(
            "%(up)s moved to a better segment, %(down)s to a worse one.", up=up, down=down
        )
        question = self.env._("Do customers become better or worse?")
        options = {"label": self.env._("Customers"), **self._get_run_hint("segment")}
        if self._read_segments(view):
            options["empty"] = self.env._("Nobody moved to another segment in this period.")
            options.pop("place", None)
        return self._chart_card("moves", question, answer, rows, **options)

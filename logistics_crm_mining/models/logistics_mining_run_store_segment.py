from odoo import fields, models
from odoo.tools import format_date, formatLang


class LogisticsMiningRun(models.Model):
    """What a run of the segment task found, in words: groups, and who moved."""

    _inherit = "logistics.mining.run"

    def _publish(self):
        """Show the groups of the run under their names."""
        result = super()._publish()
        if self.task_id.code == "segment":
            found = ((self.metrics or {}).get("behaviour") or {}).get("groups") or []
            # sudo: nobody may write groups but their names; who may publish a run shows them
            self.env["logistics.mining.group"].sudo()._show(self.company_id, found)
        return result

    def _describe_results(self):
        return super()._describe_results() + self._describe_behaviour() + self._describe_moves()

    def _describe_behaviour(self):
        """Return how many groups there are and how sure that is, and a line for each."""
        told = (self.metrics or {}).get("behaviour")
        if not told:
            return []
        lines = [self._describe_grouping(told)]
        groups = told.get("groups") or []
        names = self.env["logistics.mining.group"]._name_by_traits(
            [group["traits"] for group in groups]
        )
        return lines + [
            self.env._(
                "%(group)s: %(customers)s customers, %(share)s%% of the revenue",
                group=name,
                customers=group["customers"],
                share=formatLang(self.env, 100 * group["revenue_share"], digits=0),
            )
            for name, group in zip(names, groups, strict=True)
        ]

    def _describe_grouping(self, told):
        """Return one sentence on the number of groups, or why there are none."""
        code = told["code"]
        if code == "too_few":
            return self.env._(
                "No groups by how they order: at least %(needed)s customers are needed.",
                needed=told["args"]["needed"],
            )
        if code == "too_alike":
            return self.env._("No groups by how they order: the customers do not differ.")
        if code == "nothing_apart":
            return self.env._(
                "No groups by how they order: those found have nothing that tells one from another."
            )
        figures = {
            "count": len(told.get("groups") or []),
            "stability": formatLang(self.env, told["stability"], digits=2),
            "silhouette": formatLang(self.env, told["silhouette"], digits=2),
        }
        if code == "unstable":
            return self.env._(
                "No groups by how they order: no number of them comes out the same from other "
                "samples (agreement %(stability)s, 0.80 is needed).",
                **figures,
            )
        if code == "no_structure":
            return self.env._(
                "%(count)s groups by how they order. They come out the same from other samples "
                "(agreement %(stability)s), but do not stand apart (silhouette %(silhouette)s): "
                "the borders cut through a crowd.",
                **figures,
            )
        return self.env._(
            "%(count)s groups by how they order: as many as come out the same from other samples "
            "(agreement %(stability)s) and stand apart best (silhouette %(silhouette)s).",
            **figures,
        )

    def _describe_moves(self):
        """Return one line for each day that the customers' segments are compared with."""
        order = self._get_segment_order()
        return [
            self._describe_move_table(table, order)
            for table in (self.metrics or {}).get("segment_moves") or ()
        ]

    def _get_segment_order(self):
        segments = self.env["logistics.mining.segment"]
        return {
            segment.code: place
            for place, segment in enumerate(segments.browse(segments._get_ids()))
        }

    def _describe_move_table(self, table, order):
        counts = {"up": 0, "down": 0, "came": 0, "left": 0, "stayed": 0}
        for row in table["rows"]:
            counts[_direction(row, order)] += row["customers"]
        figures = {
            "since": format_date(self.env, fields.Date.to_date(table["since"])),
            **{name: formatLang(self.env, count, digits=0) for name, count in counts.items()},
        }
        if table["kind"] == "run":
            return self.env._(
                "Since the run published before (orders up to %(since)s): %(up)s customers moved "
                "up, %(down)s down, %(stayed)s stayed, %(came)s came, %(left)s left.",
                **figures,
            )
        return self.env._(
            "Since %(since)s, by the orders known then: %(up)s customers moved up, %(down)s down, "
            "%(stayed)s stayed, %(came)s came, %(left)s left.",
            **figures,
        )


def _direction(row, order):
    """Return up, down, came, left or stayed; segments that are gone count as stayed."""
    if not row["before"]:
        return "came"
    if not row["after"]:
        return "left"
    fall = order.get(row["after"], 0) - order.get(row["before"], 0)
    return "down" if fall > 0 else "up" if fall < 0 else "stayed"

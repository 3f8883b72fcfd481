from odoo import api, fields, models
from odoo.tools import format_date

from ..tools.listing import list_names
from .logistics_mining_report import FEW


class LogisticsMiningReport(models.AbstractModel):
    """The page of the segments: who there is, who is alike, who moved where."""

    _inherit = "logistics.mining.report"

    @api.model
    def _headline_segment(self, run):
        """Return what was found; segments follow from a rule, so there is no baseline to beat."""
        return [
            *run._describe_behaviour()[:1],
            *run._describe_moves(),
            self.env._(
                "Segments follow from a rule over three ranks, so there is nothing to be right or "
                "wrong about, and no baseline to beat."
            ),
        ]

    @api.model
    def _cards_segment(self, run):
        metrics = run.metrics or {}
        return [
            self._card_segments(metrics),
            self._card_groups(metrics),
            self._card_group_number(metrics),
            *(self._card_moves(table) for table in metrics.get("segment_moves") or ()),
        ]

    @api.model
    def _card_segments(self, metrics):
        profile = metrics.get("segments") or {}
        segments = self.env["logistics.mining.segment"]
        known = [one for one in segments.browse(segments._get_ids()) if profile.get(one.code)]
        question = self.env._("Who are our customers?")
        if not known:
            return self._make_card("segments", question, empty=self._not_checked())
        rows = [profile[one.code] for one in known]
        series = [
            self._make_series(self.env._("Customers"), [row["customer_share"] for row in rows]),
            self._make_series(
                self.env._("Revenue"), [row["revenue_share"] or 0 for row in rows], "other"
            ),
        ]
        labels = [one.name for one in known]
        answer = self.env._("Share of customers beside share of revenue, best segment first.")
        chart = self._make_chart("bars", series, labels, x=("percent", ""))
        return self._make_card("segments", question, answer, chart)

    @api.model
    def _card_groups(self, metrics):
        """Return the groups by how customers order, with what tells them from the others."""
        found = (metrics.get("behaviour") or {}).get("groups")
        question = self.env._("Who orders alike?")
        if not found:
            empty = self.env._(
                "No groups: too few customers, too alike, or other groups from every sample."
            )
            return self._make_card("groups", question, empty=empty)
        groups = self.env["logistics.mining.group"]
        names = self._get_group_names([row["group"] for row in found])
        auto = groups._name_by_traits([row["traits"] for row in found])
        head = [
            self.env._("Group"),
            self.env._("Customers"),
            self.env._("Revenue"),
            self.env._("What they have in common"),
        ]
        rows = [
            [
                names.get(row["group"], name),
                self._part(row["share"], row["customers"]),
                self._percent(row["revenue_share"]),
                "\n".join(filter(None, map(groups._describe_trait, row["traits"][:3]))),
            ]
            for row, name in zip(found, auto, strict=True)
        ]
        words = self.env["logistics.mining.reason"]
        columns = map(words._feature_label, metrics["behaviour"]["columns"])
        answer = self.env._(
            "Found by: %(features)s. Figures are medians of the group, beside those of all.",
            features=list_names(self.env, columns),
        )
        return self._make_card("groups", question, answer, table=self._make_table(head, rows))

    @api.model
    def _part(self, share, count):
        """Return the share that customers are of all; of few of them with their number."""
        if count >= FEW:
            return self._percent(share)
        return self.env._(
            "%(share)s (%(count)s customers only)", share=self._percent(share), count=count
        )

    @api.model
    def _get_group_names(self, ids):
        """Return {id: name} of groups that people have named."""
        groups = self.env["logistics.mining.group"].with_context(active_test=False)
        found = groups.search([("id", "in", ids), ("keep_name", "=", True)])
        return {group.id: group.name for group in found}

    @api.model
    def _card_group_number(self, metrics):
        """Return why there are as many groups as there are."""
        tried = (metrics.get("behaviour") or {}).get("tried")
        question = self.env._("Why as many groups?")
        if not tried:
            return self._make_card("group_number", question, empty=self._not_checked())
        series = [
            self._make_series(
                self.env._("Comes out the same from other samples (agreement)"),
                [row["stability"] for row in tried],
            ),
            self._make_series(
                self.env._("Stand apart (silhouette)"),
                [row["silhouette"] for row in tried],
                "other",
            ),
            self._make_series(self.env._("Agreement needed"), [0.8] * len(tried), "even"),
        ]
        labels = [str(row["n_segments"]) for row in tried]
        answer = self.env._(
            "Among the numbers of groups that come out the same, the one that stands apart best is "
            "taken, or more groups where that costs next to nothing."
        )
        x = ("number", self.env._("Number of groups"))
        chart = self._make_chart("line", series, labels, x)
        return self._make_card("group_number", question, answer, chart)

    @api.model
    def _card_moves(self, table):
        """Return from which segment to which customers went: rows before, columns now."""
        since = format_date(self.env, fields.Date.to_date(table["since"]))
        if table["kind"] == "run":
            question = self.env._("Who moved since the run before (%(since)s)?", since=since)
        else:
            question = self.env._("Who moved since %(since)s?", since=since)
        segments = self.env["logistics.mining.segment"]
        names = {one.code: one.name for one in segments.browse(segments._get_ids())}
        counts = {(row["before"], row["after"]): row["customers"] for row in table["rows"]}
        befores = [code for code in names if any(key[0] == code for key in counts)]
        afters = [code for code in names if any(key[1] == code for key in counts)]
        rows = [
            [label, *(self._count_or_blank(counts.get((code, after))) for after in columns)]
            for columns in [[*afters, False]]
            for code, label in [
                *((code, names[code]) for code in befores),
                (False, self.env._("Not a customer yet")),
            ]
        ]
        head = [self.env._("From ↓ to →"), *(names[code] for code in afters), self.env._("Gone")]
        answer = self.env._("Customers who were in the segment on the left, by where they are now.")
        return self._make_card(
            f"moves_{table['kind']}_{table['since']}",
            question,
            answer,
            table=self._make_table(head, rows),
        )

    @api.model
    def _count_or_blank(self, count):
        return self._count(count) if count else ""

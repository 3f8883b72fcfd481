from odoo import fields, models
from odoo.tools import format_date

from ..tools.listing import list_names

PLACES = ("recency", "frequency", "money")


class LogisticsMiningReason(models.AbstractModel):
    """Why a customer has changed segment."""

    _inherit = "logistics.mining.reason"

    def _reason_segment_moved(self, figures, company, date):
        names = self._get_segment_names()
        words = {
            "before": names.get(figures["from"], figures["from"]),
            "after": names.get(figures["to"], figures["to"]),
            "since": format_date(self.env, fields.Date.to_date(figures["since"])),
        }
        if figures["move"] == "down":
            sentence = self.env._("Moved down from %(before)s to %(after)s by %(since)s.", **words)
        else:
            sentence = self.env._("Moved up from %(before)s to %(after)s by %(since)s.", **words)
        changes = self._describe_rank_changes(*figures["rfm"])
        return f"{sentence} {changes}" if changes else sentence

    def _get_segment_names(self):
        # A handful of records of configuration, read once per request.
        segments = self.env["logistics.mining.segment"].browse(
            self.env["logistics.mining.segment"]._get_ids()
        )
        return {segment.code: segment.name for segment in segments}

    def _describe_rank_changes(self, before, after):
        """Say which of the three ranks have changed: “recency from 5 to 2 …”."""
        labels = {
            "recency": self.env._("how lately they order"),
            "frequency": self.env._("how often they order"),
            "money": self.env._("money"),
        }
        changes = [
            self.env._(
                "%(what)s from %(before)s to %(after)s", what=labels[what], before=old, after=new
            )
            for what, old, new in zip(PLACES, before, after, strict=True)
            if old != new
        ]
        if not changes:
            return ""
        return self.env._("Ranks of 5: %(changes)s.", changes=list_names(self.env, changes))

from odoo import models


class LogisticsMiningReason(models.AbstractModel):
    """Which field was written afterwards for some of the records that a model learns from."""

    _inherit = "logistics.mining.reason"

    def _leak_figures(self, figures, code):
        """Return the figures of a field that gives the outcome away, in the reader's words."""
        value = figures.get("value")
        yes_no = {"True": self.env._("yes"), "False": self.env._("no")}
        known = yes_no.get(value) or self._feature_value(figures["column"], value, code)
        return {
            "column": self._feature_label(figures["column"], code),
            "value": known,
            "count": figures["count"],
            "rows": figures["rows"],
            "ones": figures.get("ones", 0),
            "rate": self._number(figures.get("rate", 0.0), 0),
            "auc": self._number(figures.get("auc", 0.0), 3),
        }

    def _reason_leak_known_part(self, figures, company, date):
        return self.env._(
            "“%(column)s” is filled in for %(count)s of %(rows)s leads, and tells too well which "
            "of these were won (AUC %(auc)s): it must have been written after the end. Nothing was "
            "learned from it.",
            **self._leak_figures(figures, "lead"),
        )

    def _reason_leak_filled_in(self, figures, company, date):
        return self.env._(
            "“%(column)s” is filled in for %(count)s of %(rows)s leads, and %(ones)s of these were "
            "won (of all leads %(rate)s%%): it must have been written after the end. Nothing was "
            "learned from it.",
            **self._leak_figures(figures, "lead"),
        )

    def _reason_leak_left_empty(self, figures, company, date):
        return self.env._(
            "“%(column)s” is empty on %(count)s of %(rows)s leads, and %(ones)s of these were won "
            "(of all leads %(rate)s%%): it must have been written after the end. Nothing was "
            "learned from it.",
            **self._leak_figures(figures, "lead"),
        )

    def _reason_leak_other_than(self, figures, company, date):
        return self.env._(
            "“%(column)s” is other than “%(value)s” on %(count)s of %(rows)s leads, and %(ones)s "
            "of these were won (of all leads %(rate)s%%): it must have been written after the end. "
            "Nothing was learned from it.",
            **self._leak_figures(figures, "lead"),
        )

    def _reason_leak_value(self, figures, company, date):
        return self.env._(
            "“%(column)s” is “%(value)s” on %(count)s of %(rows)s leads, and %(ones)s of these "
            "were won (of all leads %(rate)s%%): it must have been written after the end. Nothing "
            "was learned from it.",
            **self._leak_figures(figures, "lead"),
        )

    def _reason_leak_above(self, figures, company, date):
        return self.env._(
            "“%(column)s” is %(value)s or more on %(count)s of %(rows)s leads, and %(ones)s of "
            "these were won (of all leads %(rate)s%%): it must have been written after the end. "
            "Nothing was learned from it.",
            **self._leak_figures(figures, "lead"),
        )

    def _reason_leak_below(self, figures, company, date):
        return self.env._(
            "“%(column)s” is %(value)s or less on %(count)s of %(rows)s leads, and %(ones)s of "
            "these were won (of all leads %(rate)s%%): it must have been written after the end. "
            "Nothing was learned from it.",
            **self._leak_figures(figures, "lead"),
        )

    def _reason_response_known_part(self, figures, company, date):
        return self.env._(
            "Refused: “%(column)s” is known of %(count)s of %(rows)s contacts, and tells too well "
            "which of these answered (AUC %(auc)s). It must have been written afterwards.",
            **self._leak_figures(figures, "response"),
        )

    def _reason_response_filled_in(self, figures, company, date):
        return self.env._(
            "Refused: “%(column)s” is known of %(count)s of %(rows)s contacts, and %(ones)s of "
            "these answered (of all %(rate)s%%). It must have been written afterwards.",
            **self._leak_figures(figures, "response"),
        )

    def _reason_response_left_empty(self, figures, company, date):
        return self.env._(
            "Refused: “%(column)s” is unknown of %(count)s of %(rows)s contacts, and %(ones)s of "
            "these answered (of all %(rate)s%%). It must have been written afterwards.",
            **self._leak_figures(figures, "response"),
        )

    def _reason_response_other_than(self, figures, company, date):
        return self.env._(
            "Refused: “%(column)s” is other than “%(value)s” for %(count)s of %(rows)s contacts, "
            "and %(ones)s of these answered (of all %(rate)s%%). It must have been written "
            "afterwards.",
            **self._leak_figures(figures, "response"),
        )

    def _reason_response_value(self, figures, company, date):
        return self.env._(
            "Refused: “%(column)s” is “%(value)s” for %(count)s of %(rows)s contacts, and %(ones)s "
            "of these answered (of all %(rate)s%%). It must have been written afterwards.",
            **self._leak_figures(figures, "response"),
        )

    def _reason_response_above(self, figures, company, date):
        return self.env._(
            "Refused: “%(column)s” is %(value)s or more for %(count)s of %(rows)s contacts, and "
            "%(ones)s of these answered (of all %(rate)s%%). It must have been written "
            "afterwards.",
            **self._leak_figures(figures, "response"),
        )

    def _reason_response_below(self, figures, company, date):
        return self.env._(
            "Refused: “%(column)s” is %(value)s or less for %(count)s of %(rows)s contacts, and "
            "%(ones)s of these answered (of all %(rate)s%%). It must have been written "
            "afterwards.",
            **self._leak_figures(figures, "response"),
        )

from odoo import models


class LogisticsMiningReason(models.AbstractModel):
    """Which field tells an outcome all but surely, and may do so honestly."""

    _inherit = "logistics.mining.reason"

    def _reason_doubt_lead_filled_in(self, figures, company, date):
        return self.env._(
            "Take care: of the %(count)s leads on which “%(column)s” is filled in, %(ones)s "
            "were won (of all leads %(rate)s%%). The model counts on it. If it is written only "
            "once a lead is lost, the chances are not to be believed.",
            **self._leak_figures(figures, "lead"),
        )

    def _reason_doubt_lead_left_empty(self, figures, company, date):
        return self.env._(
            "Take care: of the %(count)s leads on which “%(column)s” is empty, %(ones)s were "
            "won (of all leads %(rate)s%%). The model counts on it. If it is written only once "
            "a lead is lost, the chances are not to be believed.",
            **self._leak_figures(figures, "lead"),
        )

    def _reason_doubt_lead_other_than(self, figures, company, date):
        return self.env._(
            "Take care: of the %(count)s leads on which “%(column)s” is other than “%(value)s”, "
            "%(ones)s were won (of all leads %(rate)s%%). The model counts on it. If it is "
            "written only once a lead is lost, the chances are not to be believed.",
            **self._leak_figures(figures, "lead"),
        )

    def _reason_doubt_lead_value(self, figures, company, date):
        return self.env._(
            "Take care: of the %(count)s leads on which “%(column)s” is “%(value)s”, %(ones)s "
            "were won (of all leads %(rate)s%%). The model counts on it. If it is written only "
            "once a lead is lost, the chances are not to be believed.",
            **self._leak_figures(figures, "lead"),
        )

    def _reason_doubt_lead_above(self, figures, company, date):
        return self.env._(
            "Take care: of the %(count)s leads on which “%(column)s” is %(value)s or more, "
            "%(ones)s were won (of all leads %(rate)s%%). The model counts on it. If it is "
            "written only once a lead is lost, the chances are not to be believed.",
            **self._leak_figures(figures, "lead"),
        )

    def _reason_doubt_lead_below(self, figures, company, date):
        return self.env._(
            "Take care: of the %(count)s leads on which “%(column)s” is %(value)s or less, "
            "%(ones)s were won (of all leads %(rate)s%%). The model counts on it. If it is "
            "written only once a lead is lost, the chances are not to be believed.",
            **self._leak_figures(figures, "lead"),
        )

    def _reason_doubt_lead_known_part(self, figures, company, date):
        return self.env._(
            "Take care: “%(column)s” is filled in for %(count)s of %(rows)s leads, and tells "
            "very well which of these were won (AUC %(auc)s). The model counts on it. If it is "
            "written only after the end, the chances are not to be believed.",
            **self._leak_figures(figures, "lead"),
        )

    def _reason_doubt_response_filled_in(self, figures, company, date):
        return self.env._(
            "Take care: of the %(count)s contacts of whom “%(column)s” is known, %(ones)s "
            "answered (of all %(rate)s%%). The model counts on it. If it is written only "
            "afterwards, the chances are not to be believed.",
            **self._leak_figures(figures, "response"),
        )

    def _reason_doubt_response_left_empty(self, figures, company, date):
        return self.env._(
            "Take care: of the %(count)s contacts of whom “%(column)s” is unknown, %(ones)s "
            "answered (of all %(rate)s%%). The model counts on it. If it is written only "
            "afterwards, the chances are not to be believed.",
            **self._leak_figures(figures, "response"),
        )

    def _reason_doubt_response_other_than(self, figures, company, date):
        return self.env._(
            "Take care: of the %(count)s contacts of whom “%(column)s” is other than "
            "“%(value)s”, %(ones)s answered (of all %(rate)s%%). The model counts on it. If it "
            "is written only afterwards, the chances are not to be believed.",
            **self._leak_figures(figures, "response"),
        )

    def _reason_doubt_response_value(self, figures, company, date):
        return self.env._(
            "Take care: of the %(count)s contacts of whom “%(column)s” is “%(value)s”, %(ones)s "
            "answered (of all %(rate)s%%). The model counts on it. If it is written only "
            "afterwards, the chances are not to be believed.",
            **self._leak_figures(figures, "response"),
        )

    def _reason_doubt_response_above(self, figures, company, date):
        return self.env._(
            "Take care: of the %(count)s contacts of whom “%(column)s” is %(value)s or more, "
            "%(ones)s answered (of all %(rate)s%%). The model counts on it. If it is written "
            "only afterwards, the chances are not to be believed.",
            **self._leak_figures(figures, "response"),
        )

    def _reason_doubt_response_below(self, figures, company, date):
        return self.env._(
            "Take care: of the %(count)s contacts of whom “%(column)s” is %(value)s or less, "
            "%(ones)s answered (of all %(rate)s%%). The model counts on it. If it is written "
            "only afterwards, the chances are not to be believed.",
            **self._leak_figures(figures, "response"),
        )

    def _reason_doubt_response_known_part(self, figures, company, date):
        return self.env._(
            "Take care: “%(column)s” is known of %(count)s of %(rows)s contacts, and tells very "
            "well which of these answered (AUC %(auc)s). The model counts on it. If it is "
            "written only afterwards, the chances are not to be believed.",
            **self._leak_figures(figures, "response"),
        )

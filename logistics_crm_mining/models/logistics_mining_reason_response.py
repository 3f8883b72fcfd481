from odoo import models


class LogisticsMiningReason(models.AbstractModel):
    """Why a customer is likely to answer a campaign or not, and why a run did not publish."""

    _inherit = "logistics.mining.reason"

    def _chance(self, sentence, figures):
        """Say whether a reason raises or lowers the chance of an answer."""
        if figures["effect"] > 0:
            return self.env._("%(reason)s Raises the chance of an answer.", reason=sentence)
        return self.env._("%(reason)s Lowers the chance of an answer.", reason=sentence)

    def _reason_response_usual(self, figures, company, date):
        return self.env._(
            "Like the average customer; last order %(when)s.",
            when=self._when(figures["days"], date),
        )

    def _reason_response_days_since_last(self, figures, company, date):
        if figures["value"] is False:
            return self._chance(self.env._("Has not ordered yet."), figures)
        sentence = self.env._("Last order %(when)s.", when=self._when(figures["days"], date))
        return self._chance(sentence, figures)

    def _reason_response_days_since_first(self, figures, company, date):
        sentence = self.env._(
            "First order %(when)s.", when=self._when(round(figures["value"] or 0), date)
        )
        return self._chance(sentence, figures)

    def _reason_response_orders(self, figures, company, date):
        sentence = self.env._(
            "Days with orders so far: %(orders)s.", orders=self._number(figures["value"] or 0, 0)
        )
        return self._chance(sentence, figures)

    def _reason_response_orders_year(self, figures, company, date):
        sentence = self.env._(
            "Days with orders in the last 12 months: %(orders)s.",
            orders=self._number(figures["value"] or 0, 0),
        )
        return self._chance(sentence, figures)

    def _reason_response_usual_days(self, figures, company, date):
        if not figures["value"]:
            return self._chance(self.env._("Ordered on one day only."), figures)
        sentence = self.env._("Orders about %(every)s.", every=self._every(figures["usual"]))
        return self._chance(sentence, figures)

    def _reason_response_silence(self, figures, company, date):
        if figures["value"] is False:
            return self._chance(self.env._("Ordered on one day only."), figures)
        sentence = self.env._(
            "Orders about %(every)s, last one %(when)s.",
            every=self._every(figures["usual"]),
            when=self._when(figures["days"], date),
        )
        return self._chance(sentence, figures)

    def _reason_response_amount_year(self, figures, company, date):
        sentence = self.env._(
            "Bought for %(amount)s in the last 12 months.",
            amount=self._amount(figures["value"] or 0, company),
        )
        return self._chance(sentence, figures)

    def _reason_response_average_order(self, figures, company, date):
        sentence = self.env._(
            "Buys for %(amount)s an order.", amount=self._amount(figures["value"] or 0, company)
        )
        return self._chance(sentence, figures)

    def _reason_response_earlier_contacts(self, figures, company, date):
        sentence = self.env._(
            "Contacted by %(count)s campaigns before.",
            count=self._number(figures["value"] or 0, 0),
        )
        return self._chance(sentence, figures)

    def _reason_response_earlier_answers(self, figures, company, date):
        if not figures["value"]:
            return self._chance(self.env._("Answered no campaign yet."), figures)
        sentence = self.env._(
            "Answered %(count)s campaigns before.", count=self._number(figures["value"], 0)
        )
        return self._chance(sentence, figures)

    def _reason_response_segment(self, figures, company, date):
        segments = self.env["logistics.mining.segment"]
        found = segments.search([("code", "=", figures["value"])], limit=1)
        sentence = self.env._("Segment: %(segment)s.", segment=found.name or self.env._("unknown"))
        return self._chance(sentence, figures)

    # ------------------------------------------------------------ why a run did not publish

    def _reason_response_lists(self, figures, company, date):
        return self.env._(
            "Too few campaigns to learn from: %(count)s were started on different days and have "
            "been measured, %(needed)s are needed, so that the newest can be told by the others.",
            **self._counts(figures),
        )

    def _reason_verdict_too_few_responses(self, figures, company, date):
        return self.env._(
            "Too little data: only %(count)s customers answered the campaigns known in time, "
            "%(needed)s are needed.",
            **self._counts(figures),
        )

    def _reason_verdict_too_few_silent(self, figures, company, date):
        return self.env._(
            "Too little data: only %(count)s customers did not answer the campaigns known in time, "
            "%(needed)s are needed.",
            **self._counts(figures),
        )

    def _reason_verdict_too_few_responses_before(self, figures, company, date):
        return self.env._(
            "Too little data to check the model on the newest campaigns: only %(count)s customers "
            "answered those before, %(needed)s are needed.",
            **self._counts(figures),
        )

    def _reason_verdict_too_few_silent_before(self, figures, company, date):
        return self.env._(
            "Too little data to check the model on the newest campaigns: only %(count)s customers "
            "did not answer those before, %(needed)s are needed.",
            **self._counts(figures),
        )

    def _reason_verdict_too_few_responses_newest(self, figures, company, date):
        return self.env._(
            "Too little data to check the model: only %(count)s customers answered the newest "
            "campaigns, %(needed)s are needed.",
            **self._counts(figures),
        )

    def _reason_verdict_too_few_silent_newest(self, figures, company, date):
        return self.env._(
            "Too little data to check the model: only %(count)s customers did not answer the "
            "newest campaigns, %(needed)s are needed.",
            **self._counts(figures),
        )

    def _reason_response_no_gain(self, figures, company, date):
        return self.env._(
            "The model did not surely beat the baseline, how lately each customer ordered, in "
            "telling who answers from the others: the difference in AUC is %(auc)s (between "
            "%(low)s and %(high)s).",
            auc=self._number(figures["auc"], 3),
            low=self._number(figures["auc_low"], 3),
            high=self._number(figures["auc_high"], 3),
        )

    def _reason_verdict_not_calibrated_answers(self, figures, company, date):
        return self.env._(
            "The chances are not to be believed yet: on the newest lists, which the model had not "
            "seen, %(expected)s%% of the customers were expected to answer, and %(actual)s%% did.",
            expected=self._number(figures["expected"], 0),
            actual=self._number(figures["actual"], 0),
        )

    def _reason_response_too_good(self, figures, company, date):
        return self.env._(
            "Refused: %(column)s alone tells the answers with an AUC of %(auc)s, above %(limit)s. "
            "Either it knows the answer, or the answers say nothing that was not plain before.",
            column=figures["column"],
            auc=self._number(figures["auc"], 3),
            limit=self._number(figures["limit"], 3),
        )

    def _reason_response_model_too_good(self, figures, company, date):
        return self.env._(
            "Refused: the model is too good to be true (AUC %(auc)s, above %(limit)s). Something "
            "knows the answer; look at %(columns)s.",
            auc=self._number(figures["auc"], 3),
            limit=self._number(figures["limit"], 3),
            columns=figures["columns"],
        )

    def _reason_response_after_cutoff(self, figures, company, date):
        return self.env._(
            "Refused: %(column)s was known only on %(as_of)s, after the customer was contacted on "
            "%(cutoff)s.",
            column=figures["column"],
            as_of=figures["as_of"],
            cutoff=figures["cutoff"],
        )

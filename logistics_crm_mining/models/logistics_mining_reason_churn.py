from odoo import models
from odoo.tools import format_date

from ..analytics import REGULAR_SPREAD


class LogisticsMiningReason(models.AbstractModel):
    """Why a customer is likely to stay away, or to order again."""

    _inherit = "logistics.mining.reason"

    def _effect(self, sentence, figures):
        """Say whether a reason raises or lowers the risk."""
        if figures["effect"] > 0:
            return self.env._("%(reason)s Raises the risk.", reason=sentence)
        return self.env._("%(reason)s Lowers the risk.", reason=sentence)

    def _reason_churn_rhythm(self, figures, company, date):
        sentence = self.env._(
            "Orders about %(every)s, last one %(when)s.",
            every=self._every(figures["usual_days"]),
            when=self._when(figures["days"], date),
        )
        return self._effect(sentence, figures)

    def _reason_churn_one_order(self, figures, company, date):
        sentence = self.env._(
            "Ordered on one day only, %(when)s.", when=self._when(figures["days"], date)
        )
        return self._effect(sentence, figures)

    def _reason_churn_usual(self, figures, company, date):
        return self.env._(
            "Like the average customer; last order %(when)s.",
            when=self._when(figures["days"], date),
        )

    def _reason_churn_frequency(self, figures, company, date):
        sentence = self.env._(
            "Days with orders so far: %(orders)s (%(month)s a month).",
            orders=figures["orders"],
            month=self._number(figures["per_month"], 2),
        )
        return self._effect(sentence, figures)

    def _reason_churn_regularity(self, figures, company, date):
        if figures["spread"] < REGULAR_SPREAD:
            sentence = self.env._(
                "Orders regularly, about %(every)s.", every=self._every(figures["usual_days"])
            )
        else:
            sentence = self.env._(
                "Orders irregularly, about %(every)s.", every=self._every(figures["usual_days"])
            )
        return self._effect(sentence, figures)

    def _reason_churn_amount(self, figures, company, date):
        sentence = self.env._(
            "Buys for %(average)s an order, %(month)s a month.",
            average=self._amount(figures["average"], company),
            month=self._amount(figures["per_month"], company),
        )
        return self._effect(sentence, figures)

    def _reason_churn_last_order(self, figures, company, date):
        sentence = self.env._(
            "The last order was %(percent)s%% of the usual amount.",
            percent=self._number(100 * figures["ratio"], 0),
        )
        return self._effect(sentence, figures)

    def _reason_churn_trend(self, figures, company, date):
        sentence = self.env._(
            "Days with orders lately: %(last)s; in as many days before: %(before)s.",
            last=figures["last"],
            before=figures["before"],
        )
        return self._effect(sentence, figures)

    def _reason_churn_returns(self, figures, company, date):
        sentence = self.env._(
            "Returned %(percent)s%% of what was bought.",
            percent=self._number(100 * figures["share"]),
        )
        return self._effect(sentence, figures)

    def _reason_churn_tenure(self, figures, company, date):
        sentence = self.env._("First order %(when)s.", when=self._when(figures["days"], date))
        return self._effect(sentence, figures)

    def _reason_churn_season(self, figures, company, date):
        sentence = self.env._(
            "Days with orders in the same season a year ago: %(orders)s.", orders=figures["orders"]
        )
        return self._effect(sentence, figures)

    # ------------------------------------------------------------ why a run did not publish

    def _reason_verdict_too_few_customers(self, figures, company, date):
        return self.env._(
            "Too little data to check the model: only %(count)s customers, %(needed)s are needed.",
            **self._counts(figures),
        )

    def _reason_verdict_too_few_active(self, figures, company, date):
        return self.env._(
            "Too little data to check the model: only %(count)s customers ordered within %(days)s "
            "days up to %(cutoff)s, the last day whose outcome is known; %(needed)s are needed. "
            "Where that day is not what you expect, look for orders with a wrong date.",
            days=self._number(figures["days"], 0),
            cutoff=format_date(self.env, figures["cutoff"]),
            **self._counts(figures),
        )

    def _reason_verdict_too_short(self, figures, company, date):
        return self.env._(
            "The history is too short to check the model: it spans %(count)s days, %(needed)s are "
            "needed.",
            **self._counts(figures),
        )

    def _reason_verdict_too_few_churned(self, figures, company, date):
        return self.env._(
            "Too little data to check the model: only %(count)s customers stayed away, %(needed)s "
            "are needed.",
            **self._counts(figures),
        )

    def _reason_verdict_too_few_kept(self, figures, company, date):
        return self.env._(
            "Too little data to check the model: only %(count)s customers ordered again, "
            "%(needed)s are needed.",
            **self._counts(figures),
        )

    def _reason_verdict_not_calibrated(self, figures, company, date):
        return self.env._(
            "The chances are not to be believed yet: on the last days, which the model had not "
            "seen, %(expected)s%% of the customers were expected to stay away, and %(actual)s%% "
            "did. A strong season with less than two years of history is a usual cause, since who "
            "stays away is learned from the months just before.",
            expected=self._number(figures["expected"], 0),
            actual=self._number(figures["actual"], 0),
        )

    def _reason_verdict_no_gain(self, figures, company, date):
        return self.env._(
            "The model did not surely beat the baseline, each customer's own rhythm, in telling "
            "who stayed away from the others: the difference in AUC is %(auc)s (between %(low)s "
            "and %(high)s).",
            auc=self._number(figures["auc"], 3),
            low=self._number(figures["auc_low"], 3),
            high=self._number(figures["auc_high"], 3),
        )

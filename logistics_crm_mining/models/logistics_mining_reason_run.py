from odoo import models


class LogisticsMiningReason(models.AbstractModel):
    """Why a run did not publish, or what to know about what it published."""

    _inherit = "logistics.mining.reason"

    def _reason_run_queued(self, figures, company, date):
        return self.env._("Waiting in the queue: the scheduled action takes it up shortly.")

    def _reason_run_running(self, figures, company, date):
        return self.env._("Still running: nothing is published before it is done.")

    def _reason_run_cancelled(self, figures, company, date):
        return self.env._("Cancelled. The scores of before stay.")

    def _reason_run_failed(self, figures, company, date):
        return self.env._("Failed. The scores of before stay.")

    def _reason_run_done(self, figures, company, date):
        return self.env._("Done, but its scores were not published.")

    def _reason_cancelled_by(self, figures, company, date):
        return self.env._("Cancelled by %(user)s. The scores of before stay.", user=figures["user"])

    def _reason_unexpected(self, figures, company, date):
        return self.env._(
            "An unexpected error (%(error)s) stopped the run; the scores of before stay. The "
            "server log has the details under mining run %(run)s.",
            error=figures["error"],
            run=figures["run"],
        )

    def _reason_said(self, figures, company, date):
        return figures["message"]

    def _reason_stopped(self, figures, company, date):
        return self.env._(
            "The server was stopped during this run %(times)s times, so it is not tried again. "
            "Give scheduled actions more time or memory (limit_time_real_cron, "
            "limit_memory_hard), then run the task once more.",
            times=figures["times"],
        )

    def _reason_no_orders(self, figures, company, date):
        return self.env._(
            "%(company)s has no orders of known customers yet. Load the sales history or confirm "
            "orders first.",
            company=company.sudo().name,  # sudo: the name of the company a run belongs to
        )

    def _reason_no_value(self, figures, company, date):
        return self.env._(
            "No order has an amount above zero, so there is no value to expect. Check the amounts "
            "of the sales history."
        )

    def _reason_too_few_customers(self, figures, company, date):
        return self.env._(
            "Too little data: %(customers)s customers ordered up to %(date)s, at least %(minimum)s "
            "are needed.",
            customers=figures["customers"],
            date=date,
            minimum=figures["minimum"],
        )

    def _reason_holdout_too_few_customers(self, figures, company, date):
        return self.env._(
            "Too little data to check the model: only %(count)s customers ordered before the held "
            "out months, %(needed)s are needed.",
            **self._counts(figures),
        )

    def _reason_holdout_too_few_repeaters(self, figures, company, date):
        return self.env._(
            "Too little data to check the model: only %(count)s customers ordered again before the "
            "held out months, %(needed)s are needed.",
            **self._counts(figures),
        )

    def _reason_holdout_too_short(self, figures, company, date):
        return self.env._(
            "The history is too short to check the model: %(count)s days before or in the held out "
            "months, %(needed)s are needed.",
            **self._counts(figures),
        )

    def _reason_holdout_too_few_holdout_orders(self, figures, company, date):
        return self.env._(
            "Too little data to check the model: only %(count)s orders in the held out months, "
            "%(needed)s are needed.",
            **self._counts(figures),
        )

    def _counts(self, figures):
        return {"count": figures["count"], "needed": figures["needed"]}

    def _reason_holdout_no_value(self, figures, company, date):
        return self.env._(
            "No order before the held out months has an amount above zero, so there is nothing to "
            "check the model with. Check the amounts of the sales history."
        )

    def _reason_holdout_baseline_better(self, figures, company, date):
        return self.env._(
            "The model did not beat the baseline, in which everybody goes on at the past rate: its "
            "error on the held out months is %(model)s orders per customer against %(baseline)s.",
            model=self._number(figures["model"], 3),
            baseline=self._number(figures["baseline"], 3),
        )

    def _reason_holdout_orders_far_off(self, figures, company, date):
        return self.env._(
            "The values are not to be believed yet: in the held out months, which the model had "
            "not seen, %(expected)s orders of these customers were expected, and %(actual)s came. "
            "Business that grew or shrank, or a strong season with less than two years of history, "
            "is a usual cause.",
            expected=self._number(figures["expected"], 0),
            actual=self._number(figures["actual"], 0),
        )

    def _reason_holdout_value_far_off(self, figures, company, date):
        return self.env._(
            "The values are not to be believed yet: in the held out months, which the model had "
            "not seen, these customers were expected to order for %(expected)s, and ordered for "
            "%(actual)s. Business that grew or shrank, prices that changed, or a strong season "
            "with less than two years of history, is a usual cause.",
            expected=self._whole(figures["expected"], company),
            actual=self._whole(figures["actual"], company),
        )

    def _reason_degenerate_no_repeat(self, figures, company, date):
        return self.env._(
            "No customer ordered more than once, so plain order rates are used and the probability "
            "of being a customer still is left empty."
        )

    def _reason_degenerate_no_dropout(self, figures, company, date):
        return self.env._(
            "The data show nobody leaving, so plain order rates are used and the probability of "
            "being a customer still is left empty."
        )

    def _reason_degenerate_polarised(self, figures, company, date):
        return self.env._(
            "By these data some customers leave at once and others never: read the probability of "
            "being a customer still with care."
        )

    def _reason_degenerate_same_dropout(self, figures, company, date):
        if figures.get("model") == "pareto_nbd":
            return self.env._(
                "By these data all customers leave at the same rate in time; the predictions hold, "
                "the single parameters mean nothing."
            )
        return self.env._(
            "By these data all customers leave with the same probability per order; the "
            "predictions hold, the single parameters mean nothing."
        )

    def _reason_degenerate_same_rate(self, figures, company, date):
        return self.env._(
            "By these data all customers order at the same rate; the predictions hold, the single "
            "parameters mean nothing."
        )

from odoo import api, models
from odoo.tools import format_amount, format_date, formatLang

# Fewer orders a year than this are told as hardly any.
LEAST_ORDERS = 0.05


class LogisticsMiningReason(models.AbstractModel):
    """Turns stored reasons into sentences in the reader's language.

    A reason is a dict with a ``code`` and its figures. The sentence of a code comes from the
    method ``_reason_<code>(figures, company, date)``; add-ons add codes by adding such methods.
    """

    _name = "logistics.mining.reason"
    _description = "Sentences for Mining Reasons"

    @api.model
    def _render(self, reason, company, date=False):
        """Return a reason as a sentence.

        Parameters
        ----------
        reason : dict
            ``code`` and the figures that belong to it.
        company : res.company
            Whose currency amounts are in.
        date : datetime.date or False
            The cut-off that numbers of days refer to.
        """
        method = getattr(self, f"_reason_{reason['code']}", None)
        if method is None:
            # written by an add-on that is not installed any more
            return self.env._("No words are known for the reason %s.", reason["code"])
        return method(reason, company, format_date(self.env, date) if date else "")

    def _amount(self, value, company):
        # sudo: a reader of scores need not be able to read the company's settings
        return format_amount(self.env, value, company.sudo().currency_id)

    def _number(self, value, digits=1):
        # adding 0 makes the zero that a small negative number is rounded to an ordinary one
        return formatLang(self.env, round(value or 0, digits) + 0.0, digits=digits)

    def _days(self, count):
        """Return a number of days with its unit, as a part of a sentence."""
        if count == 1:
            return self.env._("1 day")
        return self.env._("%(count)s days", count=self._number(count, 0))

    def _when(self, days, date):
        """Return how long before a day something was, as a part of a sentence."""
        return self.env._("%(days)s before %(date)s", days=self._days(days), date=date)

    def _every(self, days):
        """Return how often something comes, as a part of a sentence."""
        if days == 1:
            return self.env._("every day")
        return self.env._("every %(days)s", days=self._days(days))

    def _rank(self, rank):
        """Return where one of the five ranks is, as a part of a sentence."""
        return {
            5: self.env._("among the top 20%"),
            4: self.env._("among the top 40%"),
            3: self.env._("in the middle"),
            2: self.env._("among the lowest 40%"),
            1: self.env._("among the lowest 20%"),
        }[rank]

    def _reason_recency(self, figures, company, date):
        return self.env._(
            "Last order %(when)s: %(rank)s by how lately they ordered.",
            when=self._when(figures["days"], date),
            rank=self._rank(figures["rank"]),
        )

    def _reason_frequency(self, figures, company, date):
        if figures["orders"] == 1:
            return self.env._(
                "Ordered on one day: %(rank)s by how often they order.",
                rank=self._rank(figures["rank"]),
            )
        return self.env._(
            "Ordered on %(orders)s days: %(rank)s by how often they order.",
            orders=figures["orders"],
            rank=self._rank(figures["rank"]),
        )

    def _reason_monetary(self, figures, company, date):
        return self.env._(
            "Bought for %(amount)s: %(rank)s by money.",
            amount=self._amount(figures["amount"], company),
            rank=self._rank(figures["rank"]),
        )

    def _reason_new(self, figures, company, date):
        return self.env._("First order only %(when)s.", when=self._when(figures["days"], date))

    def _reason_expected(self, figures, company, date):
        if figures["orders"] < LEAST_ORDERS:
            return self.env._("Hardly any order expected in 12 months.")
        return self.env._(
            "About %(orders)s orders of about %(average)s each expected in 12 months.",
            orders=self._number(figures["orders"]),
            average=self._amount(figures["average"], company),
        )

    def _reason_one_order(self, figures, company, date):
        return self.env._(
            "Ordered on one day only, %(when)s: there is no rhythm to go by.",
            when=self._when(figures["days"], date),
        )

    def _reason_rhythm(self, figures, company, date):
        return self.env._(
            "On average an order %(every)s, last %(when)s.",
            every=self._every(figures["usual_days"]),
            when=self._when(figures["days"], date),
        )

    def _reason_overdue(self, figures, company, date):
        return self.env._(
            "Silent for %(days)s up to %(date)s; on average an order used to come %(every)s.",
            every=self._every(figures["usual_days"]),
            days=self._days(figures["days"]),
            date=date,
        )

    def _reason_alive(self, figures, company, date):
        return self.env._(
            "Still a customer with a probability of %(percent)s%%, by their rhythm over all years.",
            percent=self._number(100 * figures["probability"], 0),
        )

    def _reason_average(self, figures, company, date):
        return self.env._(
            "Their average order so far: %(amount)s.",
            amount=self._amount(figures["amount"], company),
        )

from odoo import models
from odoo.tools import formatLang

from .logistics_mining_reason import LEAST_ORDERS

WHOLE_FROM = 100


class LogisticsMiningReason(models.AbstractModel):
    """Values with their limits, in words."""

    _inherit = "logistics.mining.reason"

    def _value_with_limits(self, value, low, high, company):
        """Return “1,200 (between 300 and 2,900)”, or what to say instead.

        Parameters
        ----------
        value : float
            What is expected on average.
        low, high : float
            Between which the value of eight in ten such customers will lie.
        company : res.company
        """
        if not high:
            if not value:
                return self._whole(value, company)
            # the few who order again lift the average above what nearly everybody brings
            return self.env._(
                "%(value)s on average, most likely nothing", value=self._whole(value, company)
            )
        return self.env._(
            "%(value)s (between %(low)s and %(high)s)",
            value=self._whole(value, company),
            low=self._whole(low, company),
            high=self._whole(high, company),
        )

    def _whole(self, value, company):
        """Return an amount without decimals where they say nothing."""
        # sudo: a reader of scores need not be able to read the company's settings
        currency = company.sudo().currency_id
        unit = "units" if abs(value) >= WHOLE_FROM else "decimals"
        return formatLang(self.env, value, currency_obj=currency, rounding_unit=unit)

    def _reason_expected(self, figures, company, date):
        sentence = super()._reason_expected(figures, company, date)
        # a score from before limits were kept has none
        if "high" not in figures or figures["orders"] < LEAST_ORDERS:
            return sentence
        if not figures["high"]:
            none = self.env._("At least nine in ten such customers bring nothing.")
            return f"{sentence} {none}"
        limits = self.env._(
            "Eight in ten such customers end up between %(low)s and %(high)s.",
            low=self._whole(figures["low"], company),
            high=self._whole(figures["high"], company),
        )
        return f"{sentence} {limits}"

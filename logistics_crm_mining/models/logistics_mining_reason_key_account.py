from odoo import models

SMALLEST_SHARE = 0.0005  # what is smaller would be written as 0.0%


class LogisticsMiningReason(models.AbstractModel):
    """Why a customer is a key account, or is about to become or cease to be one."""

    _inherit = "logistics.mining.reason"

    def _reason_key_rank(self, figures, company, date):
        if figures["basis"] == "margin":
            return self.env._(
                "Number %(rank)s of %(count)s customers by margin in the 12 months up to %(date)s.",
                rank=figures["rank"],
                count=figures["count"],
                date=date,
            )
        return self.env._(
            "Number %(rank)s of %(count)s customers by revenue in the 12 months up to %(date)s.",
            rank=figures["rank"],
            count=figures["count"],
            date=date,
        )

    def _reason_key_silent(self, figures, company, date):
        return self.env._("Bought nothing in the 12 months up to %(date)s.", date=date)

    def _reason_key_amount(self, figures, company, date):
        if 0 < figures["share"] < SMALLEST_SHARE:
            return self.env._(
                "%(amount)s, less than 0.1%% of what all customers bring.",
                amount=self._amount(figures["amount"], company),
            )
        return self.env._(
            "%(amount)s, that is %(share)s%% of what all customers bring.",
            amount=self._amount(figures["amount"], company),
            share=self._number(100 * figures["share"]),
        )

    def _reason_key_up(self, figures, company, date):
        return self.env._(
            "About to rise to class %(to)s: as the last 90 days went, it brings %(projected)s in "
            "12 months, and %(limit)s are needed.",
            **self._move(figures, company),
        )

    def _reason_key_down(self, figures, company, date):
        return self.env._(
            "About to fall to class %(to)s: as the last 90 days went, it brings %(projected)s in "
            "12 months, below the limit of %(limit)s.",
            **self._move(figures, company),
        )

    def _move(self, figures, company):
        return {
            "to": figures["to"].upper(),
            "projected": self._amount(figures["projected"], company),
            "limit": self._amount(figures["limit"], company),
        }

    def _reason_key_by_hand(self, figures, company, date):
        return self.env._(
            "Somebody set class %(set)s by hand, and it stays; by the figures it is %(own)s.",
            set=figures["set"].upper(),
            own=figures["own"].upper(),
        )

from odoo import api, models


class LogisticsMiningReport(models.AbstractModel):
    """What each model cannot do, said where people read how good it is."""

    _inherit = "logistics.mining.report"

    @api.model
    def _limits_segment(self):
        return [
            self.env._(
                "Ranks compare customers with each other: somebody can fall because others rose."
            ),
            self.env._(
                "Money is revenue, not margin. Delivery addresses and warehouses are known of "
                "Odoo's own orders only, not of imported history."
            ),
            self.env._(
                "Where customers form a crowd without gaps, groups have borders and no reasons for "
                "them: neighbours differ little."
            ),
        ]

    @api.model
    def _limits_clv(self):
        return [
            self.env._(
                "It takes every customer to order at a steady rate until they leave: seasonal or "
                "fast growing ones are told badly."
            ),
            self.env._(
                "Value is revenue, not margin. Contracts and announced orders are not known to it."
            ),
            self.env._("Two in ten customers end up outside their limits, by construction."),
        ]

    @api.model
    def _limits_churn(self):
        return [
            self.env._(
                "Staying away means no order within the days of the task; who orders less, but "
                "still orders, has not left."
            ),
            self.env._(
                "It knows orders and returns alone: complaints, prices and competitors it does not."
            ),
            self.env._(
                "A season is known from the same days a year before: with less than two years of "
                "history, the days to come are expected to be like those just before."
            ),
            self.env._(
                "A reason says what the model looks at, not what would keep the customer: that "
                "takes a trial with a hold-out group."
            ),
        ]

    @api.model
    def _limits_key_account(self):
        return [
            self.env._(
                "Who is about to change class is a rule of thumb over the last 90 days: where "
                "amounts are steady, last year's amount tells as much."
            ),
            self.env._("Margin knows product costs only, not the cost to serve."),
            self.env._("A class that somebody set by hand stays, whatever the figures say."),
        ]

    @api.model
    def _limits_lead(self):
        return [
            self.env._(
                "It knows what is on the lead, not what was said on the phone: a chance is a "
                "starting point."
            ),
            self.env._(
                "It learns from leads that people worked on: who was never called was never won."
            ),
        ]

    @api.model
    def _limits_response(self):
        return [
            self.env._(
                "Who is likely to answer may have ordered anyway: what a campaign brings is told "
                "by its hold-out group, not by this probability."
            ),
            self.env._("A campaign unlike those of before is told badly."),
        ]

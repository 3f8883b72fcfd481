from datetime import date

from odoo import api, models
from odoo.tools import format_date

from ..analytics import standing_out

LEAST_AHEAD = 5  # orders
STRONG_DAY, STRONG_MONTH = 1.25, 1.5  # times what it would be if all were alike
LEAST_ORDERS = 2  # for each day, or month, on average
WORKDAYS = 5
MONDAY = date(2024, 1, 1)


class LogisticsPortrait(models.AbstractModel):
    """On which days of the week and in which months a customer orders, and how far ahead."""

    _inherit = "logistics.portrait"

    @api.model
    def _get_part_weekdays(self, customer, sales):
        names = [
            format_date(self.env, MONDAY.replace(day=day), date_format="EEEE")
            for day in range(1, 8)
        ]
        counts = [(sales["weekdays"] or {}).get(str(day), 0) for day in range(1, 8)]
        question = self.env._("On which days do they order?")
        # nobody is expected to order at the weekend, but some do
        open_days = [day for day in range(7) if day < WORKDAYS or counts[day]]
        found = standing_out([counts[day] for day in open_days], STRONG_DAY)
        strong = [open_days[place] for place in found or ()]
        if found is None:
            empty = self._tell_too_few(sum(counts), len(open_days))
            return [self._card("weekdays", question, empty=empty)]
        answer = self._tell_weekdays(names, counts, strong)
        # Odoo numbers the days of the week from Sunday, 0
        targets = [
            self._get_part_of_time_target(
                customer, sales, name, ("date.day_of_week", "=", (place + 1) % 7)
            )
            for place, name in enumerate(names)
        ]
        chart = self._columns(names, counts, self.env._("Orders"), targets)
        ahead = self._get_ahead(sales)
        return [self._card("weekdays", question, answer, chart=chart, facts=ahead)]

    @api.model
    def _tell_weekdays(self, names, counts, strong):
        if not strong:
            return self.env._(
                "Their %(orders)s orders of two years tell of no day on which they order more, by "
                "more than chance.",
                orders=sum(counts),
            )
        return self.env._(
            "Mostly on %(days)s: %(share)s of %(orders)s orders in two years.",
            days=self._names([names[place] for place in strong]),
            share=self._percent(sum(counts[place] for place in strong) / sum(counts)),
            orders=sum(counts),
        )

    @api.model
    def _get_part_season(self, customer, sales):
        names = [
            format_date(self.env, date(2024, month, 1), date_format="LLLL")
            for month in range(1, 13)
        ]
        counts = [(sales["seasons"] or {}).get(str(month), 0) for month in range(1, 13)]
        question = self.env._("Do they have a season?")
        strong = standing_out(counts, STRONG_MONTH)
        if strong is None:
            empty = self._tell_too_few(sum(counts), len(counts))
            return [self._card("season", question, empty=empty)]
        if strong:
            answer = self.env._(
                "Yes: in %(months)s they order more than half as often again as in the average "
                "month of the last two years.",
                months=self._names([names[place] for place in strong]),
            )
        else:
            answer = self.env._(
                "No: among their %(orders)s orders of two years no month stands out by more than "
                "chance.",
                orders=sum(counts),
            )
        targets = [
            self._get_part_of_time_target(customer, sales, name, ("date.month_number", "=", number))
            for number, name in enumerate(names, 1)
        ]
        chart = self._columns(names, counts, self.env._("Orders"), targets)
        return [self._card("season", question, answer, chart=chart)]

    @api.model
    def _tell_too_few(self, count, places):
        return self.env._(
            "%(needed)s orders in two years are needed to tell; there are %(count)s.",
            needed=places * LEAST_ORDERS,
            count=count,
        )

    @api.model
    def _get_part_of_time_target(self, customer, sales, name, condition):
        return self._sales_target(
            customer,
            self.env._("%(customer)s, %(when)s", customer=customer.name, when=name),
            ("date", ">", sales["two_years_ago"].isoformat()),
            ("date", "<=", sales["today"].isoformat()),
            ("is_return", "=", False),
            condition,
        )

    @api.model
    def _get_ahead(self, sales):
        """Return how many days after the order they want it, where promises tell."""
        count, days = sales["ahead"]
        if count < LEAST_AHEAD:
            return []
        words = self.env._("%(days)s days after ordering", days=self._number(days))
        return [[self.env._("Delivery usually agreed for"), words]]

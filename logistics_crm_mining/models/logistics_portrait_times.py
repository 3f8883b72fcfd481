from datetime import date

from odoo import api, models
from odoo.tools import format_date

LEAST_ORDERS = 5
STRONG = 1.5  # times what it would be if all days, or months, were alike
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
        if sum(counts) < LEAST_ORDERS:
            return [self._card("weekdays", question, empty=self._tell_too_few(sum(counts)))]
        strong = self._get_strong(counts)
        if strong:
            answer = self.env._(
                "Mostly on %(days)s: %(share)s of %(orders)s orders in two years.",
                days=self._names([names[place] for place in strong]),
                share=self._percent(sum(counts[place] for place in strong) / sum(counts)),
                orders=sum(counts),
            )
        else:
            answer = self.env._("On no day more than on others.")
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
    def _get_part_season(self, customer, sales):
        names = [
            format_date(self.env, date(2024, month, 1), date_format="LLLL")
            for month in range(1, 13)
        ]
        counts = [(sales["seasons"] or {}).get(str(month), 0) for month in range(1, 13)]
        question = self.env._("Do they have a season?")
        if sum(counts) < 2 * LEAST_ORDERS:
            return [self._card("season", question, empty=self._tell_too_few(sum(counts), 2))]
        strong = self._get_strong(counts)
        if strong:
            answer = self.env._(
                "Yes: in %(months)s they order more than half as often again as in the average "
                "month of the last two years.",
                months=self._names([names[place] for place in strong]),
            )
        else:
            answer = self.env._(
                "No: no month of the last two years stands out among their %(orders)s orders.",
                orders=sum(counts),
            )
        targets = [
            self._get_part_of_time_target(customer, sales, name, ("date.month_number", "=", number))
            for number, name in enumerate(names, 1)
        ]
        chart = self._columns(names, counts, self.env._("Orders"), targets)
        return [self._card("season", question, answer, chart=chart)]

    @api.model
    def _tell_too_few(self, count, times=1):
        return self.env._(
            "%(needed)s orders in two years are needed to tell; there are %(count)s.",
            needed=times * LEAST_ORDERS,
            count=count,
        )

    @api.model
    def _get_strong(self, counts):
        """Return the places that have clearly more than the average, the strongest first."""
        least = STRONG * sum(counts) / len(counts)
        strong = [place for place, count in enumerate(counts) if count >= least]
        return sorted(strong, key=lambda place: -counts[place])

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
        if count < LEAST_ORDERS:
            return []
        words = self.env._("%(days)s days after ordering", days=self._number(days))
        return [[self.env._("Delivery usually agreed for"), words]]

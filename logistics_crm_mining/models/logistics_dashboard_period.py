from datetime import UTC, date, timedelta
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..tools.listing import list_names

PERIODS = (6, 12, 24, 36)
DAY = timedelta(days=1)
YEARS = (1900, 2199)  # so that the period before exists, too


class LogisticsDashboard(models.AbstractModel):
    """Which days a page is about: some months up to today, or the reader's own dates."""

    _inherit = "logistics.dashboard"

    @api.model
    def _get_period(self, months, date_from, date_to):
        """Return what all cards know of the period.

        Returns
        -------
        dict
            ``today``; ``start`` (the day before the first one) and ``end`` (the last day);
            ``months`` (False with own dates).
        """
        if months not in PERIODS or isinstance(months, bool):
            offered = list_names(self.env, map(str, PERIODS))
            raise UserError(self.env._("“months” must be one of %(periods)s.", periods=offered))
        today = fields.Date.context_today(self)
        first, last = self._read_day("date_from", date_from), self._read_day("date_to", date_to)
        end = last or today
        start = first - DAY if first else end - relativedelta(months=months)
        if start >= end:
            raise UserError(
                self.env._(
                    "The period ends on %(end)s, before it begins on %(begin)s: “date_from” must"
                    " not be after “date_to”.",
                    begin=self._day(start + DAY),
                    end=self._day(end),
                )
            )
        own = bool(first or last)
        return {"today": today, "start": start, "end": end, "months": not own and months}

    @api.model
    def _read_day(self, name, value):
        """Return a day that was given as ISO 8601 text or as a date, None where none was."""
        if not value:
            return None
        try:
            day = date.fromisoformat(str(value))
        except ValueError:
            day = None
        if not day or not YEARS[0] <= day.year <= YEARS[1]:
            problem = self.env._(
                "“%(name)s” must be a day such as 2026-01-31, from %(first)s to %(last)s.",
                name=name,
                first=YEARS[0],
                last=YEARS[1],
            )
            raise UserError(problem)
        return day

    @api.model
    def _describe_period(self, view):
        """Return the period for the page: as text, and as ISO 8601 days."""
        first, last = view["start"] + DAY, view["end"]
        return {
            "months": view["months"],
            "from": self._day(first),
            "to": self._day(last),
            "date_from": first.isoformat(),
            "date_to": last.isoformat(),
        }

    @api.model
    def _get_days_domain(self, view, name):
        """Return the records of which the day `name` is in the period."""
        return Domain(name, ">", view["start"]) & Domain(name, "<=", view["end"])

    @api.model
    def _get_moments_domain(self, view, name):
        """Return the records of which the moment `name` is in the period, where the reader is."""
        return self._between(name, view["start"] + DAY, view["end"] + DAY)

    @api.model
    def _between(self, name, first, after):
        """Return the records of which the moment `name` is from the one day to before the other."""
        first, after = (self._to_utc(fields.Datetime.to_datetime(day)) for day in (first, after))
        return Domain(name, ">=", first) & Domain(name, "<", after)

    @api.model
    def _to_utc(self, moment):
        """Return a moment of the reader's time zone as naive UTC."""
        zone = ZoneInfo(self.env.context["tz"])
        return moment.replace(tzinfo=zone).astimezone(UTC).replace(tzinfo=None)

    @api.model
    def _get_month_limits(self, view, month):
        """Return (day before the first, last day) of what a page counts of a month."""
        first = fields.Date.to_date(month)
        start = max(view["start"], first - DAY)
        return start, min(fields.Date.end_of(first, "month"), view["end"])

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from odoo import api, models

from .. import promising
from ..promising.workdays import HORIZON
from ..tools.promise_data import DIRECT, LONGEST


@dataclass(slots=True)
class Place:
    """A warehouse with what is local to it.

    `opens` is the first day on which work may begin: tomorrow, once today's working hours are over.
    """

    site: promising.Site
    today: int
    opens: int
    tz: str
    cutoff: float
    calendar: str


class LogisticsPromise(models.AbstractModel):
    """Working days: of warehouses, carriers, suppliers and customers."""

    _inherit = "logistics.promise"

    @api.model
    def _read_sites(self, scene):
        """Fill in each warehouse's days, its time now, and its days of handling."""
        calendars = {
            warehouse: warehouse.promise_calendar_id or scene.company.resource_calendar_id
            for warehouse in scene.warehouses
        }
        workdays = self._get_workdays(
            self.env["resource.calendar"].union(*calendars.values()), scene.company
        )
        delays = self._get_step_delays(scene.warehouses)
        for warehouse, calendar in calendars.items():
            tz = warehouse._get_promise_tz()
            now = self._now().replace(tzinfo=UTC).astimezone(ZoneInfo(tz))
            today = now.date().toordinal()
            cutoff = warehouse.promise_cutoff
            late = bool(cutoff) and now.hour + now.minute / 60 >= cutoff
            handling, scene.inbound[warehouse.id] = delays[warehouse.id]
            scene.sites[warehouse.id] = Place(
                promising.Site(today + late, workdays[calendar.id], handling),
                today,
                today + self._is_over(calendar, now),
                tz,
                cutoff,
                calendar.name or "",
            )
        tz = scene.company._get_promise_tz()
        today = self._now().replace(tzinfo=UTC).astimezone(ZoneInfo(tz)).date().toordinal()
        scene.sites[DIRECT] = Place(promising.Site(today), today, today, tz, 0.0, "")

    @api.model
    def _is_over(self, calendar, now):
        """Tell whether a calendar's working hours of the day of `now` (with a zone) are over.

        Never where no hours are set, nor where nobody works on that day.
        """
        if calendar.flexible_hours:
            return False
        week, weekday = divmod(now.toordinal() - 1, 7)
        _first, last = self._get_daily_hours(calendar).get((week % 2, weekday), (0.0, 24.0))
        midnight = datetime.combine(now.date(), time(), ZoneInfo(calendar.tz or "UTC"))
        return now >= midnight + timedelta(hours=last)

    @api.model
    def _get_step_delays(self, warehouses):
        """Return {warehouse: (days from picking to shipping, days from arrival to stock)}."""
        rules = self.env["stock.rule"].search_fetch(
            [
                ("delay", ">", 0),
                "|",
                ("route_id", "in", warehouses.delivery_route_id.ids),
                "&",
                ("route_id", "in", warehouses.reception_route_id.ids),
                ("action", "in", ["push", "pull_push"]),
            ],
            ["delay", "route_id"],
        )
        by_route = defaultdict(int)
        for rule in rules:
            by_route[rule.route_id] += rule.delay
        return {
            warehouse.id: (
                by_route[warehouse.delivery_route_id],
                by_route[warehouse.reception_route_id],
            )
            for warehouse in warehouses
        }

    @api.model
    def _get_workdays(self, calendars, company):
        """Return {calendar: promising.WorkDays}; every day is one where there is no calendar."""
        days = {False: promising.WorkDays()}
        leaves = self._get_holidays(calendars, company)
        for calendar in calendars:
            hours = self._get_daily_hours(calendar)
            off = self._get_days_off(calendar, hours, leaves)
            weeks = [{day for week, day in hours if week == number} for number in (0, 1)]
            days[calendar.id] = promising.WorkDays(weeks[0], off, weeks[1])
        return days

    @api.model
    def _get_daily_hours(self, calendar):
        """Return {(week, weekday): (first hour, last hour)}; week is 0 or 1."""
        hours = {}
        for line in calendar.attendance_ids:
            if line.display_type or line.day_period == "lunch" or line.hour_to <= line.hour_from:
                continue
            weeks = (0, 1)
            if calendar.two_weeks_calendar and line.week_type:
                weeks = (int(line.week_type),)
            for week in weeks:
                key = (week, int(line.dayofweek))
                first, last = hours.get(key, (24.0, 0.0))
                hours[key] = (min(first, line.hour_from), max(last, line.hour_to))
        if not hours and calendar.flexible_hours:
            hours = {(week, day): (8.0, 17.0) for week in (0, 1) for day in range(5)}
        return hours

    @api.model
    def _get_holidays(self, calendars, company):
        now = self._now()
        return self.env["resource.calendar.leaves"].search_fetch(
            [
                ("resource_id", "=", False),
                ("time_type", "=", "leave"),
                ("calendar_id", "in", [False, *calendars.ids]),
                ("company_id", "in", [False, company.id]),
                ("date_to", ">=", now - timedelta(days=1)),
                ("date_from", "<=", now + timedelta(days=HORIZON)),
            ],
            ["calendar_id", "date_from", "date_to"],
        )

    @api.model
    def _get_days_off(self, calendar, hours, leaves):
        """Return the days on which a holiday takes all working hours."""
        zone = ZoneInfo(calendar.tz or "UTC")
        off = set()
        for leave in leaves:
            if leave.calendar_id and leave.calendar_id != calendar:
                continue
            start, end = (
                moment.replace(tzinfo=UTC).astimezone(zone)
                for moment in (leave.date_from, leave.date_to)
            )
            length = min((end.date() - start.date()).days, HORIZON)
            for number in range(length + 1):
                day = start.date() + timedelta(days=number)
                week, weekday = divmod(day.toordinal() - 1, 7)
                first, last = hours.get((week % 2, weekday), (0.0, 0.0))
                begins = day > start.date() or start.hour + start.minute / 60 <= first
                ends = day < end.date() or end.hour + end.minute / 60 + 0.02 >= last
                if begins and ends:
                    off.add(day.toordinal())
        return off

    @api.model
    def _read_routes(self, scene, demands):
        """Fill in each demand's carrier, and its way from each warehouse."""
        scene.carriers = self._get_carriers(demands)
        scene.transits = self._get_transits(scene, demands)
        driving = {carrier: carrier.promise_calendar_id for carrier in set(scene.carriers)}
        receiving = {
            ship_to: self._get_delivery_calendar(ship_to)
            for ship_to in {demand.ship_to for demand in demands}
        }
        calendars = self.env["resource.calendar"].union(*driving.values(), *receiving.values())
        workdays = self._get_workdays(calendars, scene.company)
        routes, far = {}, {}  # many lines, few ways
        for at, demand in enumerate(demands):
            calendars = driving[scene.carriers[at]].id, receiving[demand.ship_to].id
            for place in (DIRECT, *scene.warehouses.ids):
                days, source = scene.transits[at, place]
                if not source and place != DIRECT:
                    if (demand.ship_to.id, place) not in far:
                        far[demand.ship_to.id, place] = self._is_far(demand.ship_to, place)
                    if far[demand.ship_to.id, place]:
                        scene.unknown_ways[at].add(place)
                days = min(days, LONGEST + 1)  # a route of more is not taken
                if (days, calendars) not in routes:
                    rhythms = (workdays[calendar] for calendar in calendars)
                    routes[days, calendars] = promising.Route(days, *rhythms)
                scene.routes[at, place] = routes[days, calendars]

    @api.model
    def _is_far(self, partner, warehouse):
        """Tell whether an address is in another country or state than a warehouse (id)."""
        place = self.env["stock.warehouse"].browse(warehouse).partner_id
        pairs = [
            (partner.country_id.id, place.country_id.id),
            (partner.state_id.id, place.state_id.id),
        ]
        return any(here and there and here != there for here, there in pairs)

    @api.model
    def _get_delivery_calendar(self, partner):
        return partner.delivery_calendar_id or partner.commercial_partner_id.delivery_calendar_id

    @api.model
    def _get_carriers(self, demands):
        """Return the carrier of each demand, an empty one where nobody is named."""
        usual = {}
        for partner in {demand.ship_to for demand in demands if not demand.carrier}:
            company = partner.commercial_partner_id
            usual[partner] = (
                partner.property_delivery_carrier_id or company.property_delivery_carrier_id
            )
        return [demand.carrier or usual[demand.ship_to] for demand in demands]

    @api.model
    def _get_transits(self, scene, demands):
        """Return {(number of the demand, warehouse): (days under way, who says so)}.

        From the carrier here; add-ons that know agreements or lanes put theirs over it. What a
        supplier delivers straight to the customer is under way in its lead time.
        """
        transits = {}
        for at, carrier in enumerate(scene.carriers):
            known = (carrier.promise_transit_days, carrier.name)
            if not carrier.promise_transit_days and not carrier.promise_same_day:
                known = (0, "")
            for warehouse in scene.warehouses.ids:
                transits[at, warehouse] = known
            transits[at, DIRECT] = (0, "")
        return transits

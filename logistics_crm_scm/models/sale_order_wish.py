import math
from datetime import date, time, timedelta

from odoo import api, fields, models

from ..tools.promise_data import DIRECT


class SaleOrder(models.Model):
    """The customer asks for another day after the order was confirmed."""

    _inherit = "sale.order"

    def write(self, vals):
        """Keep another delivery date beside what was promised, and plan for it."""
        result = super().write(vals)
        if "commitment_date" in vals:
            self._keep_wishes()
        return result

    def _keep_wishes(self):
        # sudo: promises are written by what happened, and salespeople may not plan deliveries
        held = self.filtered(lambda order: order.state == "sale").sudo().promise_line_ids
        wished = held.filtered(
            lambda line: line.state == "held" and line.wanted_date != line._get_wish()
        )
        for lines in wished.grouped("company_id").values():
            self.env["logistics.promise"].sudo()._follow_wish(lines)


class LogisticsPromiseLine(models.Model):
    _inherit = "logistics.promise.line"

    postponed_date = fields.Date(
        string="Put Off Until",
        readonly=True,
        help="The later day that the customer asked for after it was promised. Delivered by then"
        " is not late.",
    )

    def _get_wish(self):
        """Return the day that the order asks for now (date or False)."""
        wanted = self.order_id.commitment_date
        return bool(wanted) and self.order_line_id._get_local_day(wanted)

    def _get_known_date(self):
        """Return the day that the customer counts on (date or False)."""
        known = self.told_date or self.date
        return max(known, self.postponed_date or known) if known else False

    def _take_wish(self):
        """Keep what the order asks for now beside each promise, with the reason."""
        changes = []
        for line in self:
            wish = line._get_wish()
            changes.append((line, "wanted_date", wish, *line._get_wish_reason(wish)))
        self._keep_changes(changes)
        for line in self:
            first = line.held_on + timedelta(days=math.ceil(line.order_line_id.customer_lead))
            line.not_before = max(line.wanted_date or line.held_on, first)

    def _get_wish_reason(self, wish):
        """Return why another day is wanted, and the document that says so."""
        return self._say_in_each_language(lambda one: one._say_wish(wish)), self.order_id.name

    def _say_wish(self, wish):
        if not wish:
            return self.env._("The customer asked for it as soon as possible.")
        day = self.env["logistics.promise"]._format_day(wish.toordinal())
        return self.env._("The customer asked for another day: %(day)s.", day=day)


class LogisticsPromise(models.AbstractModel):
    """Plan what was promised for the day that the customer wants now.

    The promise stays what it was. A later day moves the delivery; an earlier one is offered, and
    moves only what an earlier wish had put off.
    """

    _inherit = "logistics.promise"

    @api.model
    def _follow_wish(self, lines):
        """Follow another wish for held promises of one company."""
        company = lines.company_id
        lines = lines.with_context(lang=company.partner_id.lang or self.env.lang)
        before = {line: line.not_before for line in lines}
        lines._take_wish()
        outlooks, scene = self._foresee(lines)
        outlooks = [one for one in outlooks if one.line in lines]
        for outlook in outlooks:
            self._postpone(outlook, scene)
        self._plan_wishes(outlooks, scene, before)
        self._restore_deadlines(outlooks)
        news = {}
        for line in lines:
            item = line._get_wish_reason(line.wanted_date)
            news.setdefault(line.product_id.id, []).append(item)
        self._follow_up(lines, news)

    @api.model
    def _postpone(self, outlook, scene):
        """Count a promise that is not late yet as put off to a later day that is wanted."""
        line, floor = outlook.line, self._get_floor(outlook, scene)
        day = line.agreed_date or line.date
        due = line.postponed_date or day
        piece = outlook.last
        today = scene.sites[(piece and piece.warehouse) or DIRECT].today
        later = due and today <= due.toordinal() and day.toordinal() < floor
        line.postponed_date = bool(later) and date.fromordinal(floor)

    @api.model
    def _plan_wishes(self, outlooks, scene, before):
        """Plan open deliveries for another wish, and every step behind them as much later."""
        shifts = {}
        for outlook in outlooks:
            for piece in outlook.pieces:
                if piece.source == "left" or not piece.warehouse or not piece.key:
                    continue
                day = self._get_wished_day(outlook, piece, scene, before[outlook.line])
                if day:
                    shifts[piece.key] = max(shifts.get(piece.key, -day), day - piece.planned)
        self._shift_steps(shifts)

    @api.model
    def _restore_deadlines(self, outlooks):
        """Have deliveries due on the promised day again where no day is wished any more.

        Odoo puts the moment of the order there, which would be late at once.
        """
        due = {}
        for outlook in outlooks:
            line = outlook.line
            promised = line.agreed_date or line.date
            for piece in outlook.pieces if promised and not line.wanted_date else ():
                if piece.source != "left" and piece.key:
                    due[piece.key] = max(due.get(piece.key, promised), promised)
        for move in self.env["stock.move"].browse(due):
            zone, place = move.sale_line_id, move.warehouse_id or move.location_id.warehouse_id
            move.date_deadline = zone._get_moment(due[move.id], time(18), place)

    @api.model
    def _shift_steps(self, shifts):
        """Move open transfers by so many days ({id: days}), and what follows them as much."""
        steps = self.env["stock.move"].browse(shifts)
        days = dict(shifts)
        while steps:
            for step in steps:
                for follower in step.move_dest_ids:
                    days.setdefault(follower.id, days[step.id])
            steps = steps.move_dest_ids - self.env["stock.move"].browse(shifts)
            shifts = days.copy()
        moves = (
            self.env["stock.move"]
            .browse(days)
            .filtered(lambda move: move.state not in ("done", "cancel") and days[move.id])
        )
        planned = moves.grouped(lambda move: move.date + timedelta(days=days[move.id]))
        for moment, group in planned.items():
            group.date = moment

    @api.model
    def _get_wished_day(self, outlook, piece, scene, before):
        """Return the day to pick a piece for another wish, None where it stays as it is."""
        route, place = self._get_route(outlook, piece, scene), scene.sites[piece.warehouse]
        handling = 0 if piece.source == "ready" else place.site.handling
        leaves = place.site.workdays.next(piece.planned + handling)
        arrives = None if leaves is None else route.arrival(leaves)
        floor, known = self._get_floor(outlook, scene), outlook.line._get_known_date()
        # what was put off for the earlier wish comes back as far as the customer counts on it
        back = max(floor, known.toordinal() if known else 0)
        put_off = (before and route.customer.next(before.toordinal())) or 0
        if arrives is None or not (arrives < floor or back < arrives <= put_off):
            return None
        leave = route.departure(floor if arrives < floor else back)
        day = None if leave is None else place.site.workdays.previous(leave)
        return None if day is None else max(day - handling, place.today)

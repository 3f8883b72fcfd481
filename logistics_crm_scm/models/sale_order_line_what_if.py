from dataclasses import replace
from datetime import time

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import formatLang

from odoo.addons.logistics_crm.models.logistics_api_arguments import MAX_ID, MOST
from odoo.addons.logistics_crm.tools.plain_text import shorten

from ..tools.promise_data import FURTHEST


class SaleOrderLine(models.Model):
    """What if the customer took more, or less, or wanted it on another day?"""

    _inherit = "sale.order.line"

    @api.model
    def promise_what_if(self, order_id, changes, line_id, quantity, wanted_date=False):
        """Say what could be promised for a line as it is on a screen. Nothing is written.

        Parameters
        ----------
        order_id : int or False
            The order, where it is saved.
        changes : dict
            What is changed on the screen and not saved, as for `onchange`.
        line_id : int or str
            Id of the line, or what the screen calls it where it is not saved.
        quantity : float
            In the line's unit.
        wanted_date : str or False
            ISO 8601 date before which nothing is to be delivered; the order's own when False.

        Returns
        -------
        dict
            As `promise_info`.

        Raises
        ------
        AccessError
            The caller may not read the order, or what is on it.
        UserError
            The line is not on the order.
        """
        order, line = self._get_line_on_screen(order_id, changes, line_id)
        wanted = self._read_what_if(quantity, wanted_date)
        if line.state == "sale" and line._origin:
            return line._what_if_confirmed(quantity, wanted)
        engine = self.env["logistics.promise"]
        demands = line._prepare_what_if_demands(quantity, wanted)
        promised = engine._promise(demands, order.company_id or self.env.company)
        return engine._format_promise(promised[0])

    @api.model
    def promise_moment(self, order_id, changes, line_id, day):
        """Return the delivery date of an order (naive UTC) that means a day at the warehouse.

        Parameters
        ----------
        order_id, changes, line_id
            As for `promise_what_if`.
        day : str
            ISO 8601 date.
        """
        _order, line = self._get_line_on_screen(order_id, changes, line_id)
        wanted = self._read_what_if(1.0, day)
        if not wanted:
            raise UserError(self._get_no_date_message(day))
        return fields.Datetime.to_string(line._get_moment(wanted, time(12), None))

    @api.model
    def _read_what_if(self, quantity, day):
        """Return a day that is asked for (date or False), and refuse what is none."""
        if isinstance(quantity, bool) or not isinstance(quantity, int | float):
            raise UserError(
                self.env._(
                    "%(field)s must be a number.",
                    field=self._fields["product_uom_qty"]._description_string(self.env),
                )
            )
        if not abs(quantity) <= MOST:  # NaN fails this, too
            raise UserError(
                self.env._(
                    "%(field)s must be a number of at most %(most)s.",
                    field=self._fields["product_uom_qty"]._description_string(self.env),
                    most=formatLang(self.env, MOST, digits=0),
                )
            )
        try:
            wanted = fields.Date.to_date(day or False)
        except (TypeError, ValueError) as error:
            raise UserError(self._get_no_date_message(day)) from error
        if wanted and wanted >= FURTHEST:
            raise UserError(self._get_no_date_message(day))
        return wanted

    @api.model
    def _get_no_date_message(self, day):
        return self.env._(
            "“wanted_date” must be a date such as 2026-01-31, not “%(value)s”.",
            value=shorten(day),
        )

    @api.model
    def _get_line_on_screen(self, order_id, changes, line_id):
        """Return an order and its line as they are on a screen, if the user may see them."""
        if not self.env.user._is_internal():
            raise AccessError(self.env._("Only employees may ask what could be promised."))
        gone = self.env._("The line is no longer on this order: reload the page.")
        if not self._is_screen(order_id, changes):
            raise UserError(gone)
        order = self.env["sale.order"].browse(order_id or [])
        order.check_access("read" if order else "create")
        screen = order.new(changes or {}, origin=order)
        line = screen.order_line.filtered(
            lambda one: line_id in (one._origin.id, getattr(one.id, "ref", None))
        )
        if len(line) != 1:
            raise UserError(gone)
        if not line.product_id:
            raise UserError(self.env._("A line without a product is not delivered."))
        line._check_what_if_rights(screen)
        return screen, line

    @api.model
    def _is_screen(self, order_id, changes):
        """Tell whether arguments are what a screen sends: others come from other programs."""
        is_id = type(order_id) is int and 0 <= order_id <= MAX_ID  # True is none
        return (order_id in (None, False) or is_id) and isinstance(changes or {}, dict)

    def _what_if_confirmed(self, quantity, wanted):
        """Ask for what is held before all others, and for more as it would be confirmed."""
        line, engine = self._origin, self.env["logistics.promise"]
        company, unit = line.company_id, self.product_uom_id._origin
        more = max(0.0, unit.round(quantity - line.qty_delivered))
        demand = self._prepare_promise_demand(more)
        demand.wanted = wanted or demand.wanted
        mine = []
        for dated in (True, False):
            held = min(more, self._get_open_held(dated))
            more = unit.round(more - held)
            if unit.compare(held, 0) > 0:
                mine.append(replace(demand, quantity=held, first=True))
        offers = self._promise_held(mine, company) if mine else []
        if more > 0 or not offers:
            offers += engine._promise([replace(demand, quantity=more)], company)
        return engine._format_offers(offers)

    def _promise_held(self, mine, company):
        """Promise what is held of the line anew, with what leaves together with it."""
        together, lines = [], self._origin
        if self.order_id.picking_policy == "one":
            others = self.order_id.order_line._origin.filtered("promise_wanted") - lines
            for other in others:
                held = other._get_open_held(True) + other._get_open_held(False)
                if other.product_uom_id.compare(held, 0) > 0:
                    demand = other._prepare_promise_demand(held)
                    same = {"group": mine[0].group, "together": mine[0].together}
                    together.append(replace(demand, first=True, **same))
                    lines |= other
        offers = self.env["logistics.promise"]._promise([*mine, *together], company, lines)
        return offers[: len(mine)]

    def _get_open_held(self, dated):
        """Return how much is held with (or without) a date and was not delivered, in its unit."""
        line = self._origin
        # sudo: who asks need not see what is promised, and what left for it
        promises = line.sudo().promise_line_ids.filtered(
            lambda one: one.state == "held" and bool(one.date) == dated
        )
        all_held = line._get_promised(("held",))
        closed = line._get_promised(("kept", "missed"))
        gone = max(0.0, line.qty_delivered - closed)  # of what is held; the dated ones first
        with_date = line._get_promised(("held",), dated=True)
        held = with_date if dated else all_held - with_date
        used = min(held, gone if dated else max(0.0, gone - with_date))
        return max(0.0, held - used) if promises else 0.0

    def _check_what_if_rights(self, order):
        """Refuse records on a screen that the user may not read: answers name them."""
        if order.company_id._origin - self.env.companies:
            raise AccessError(self.env._("This order is of another company than yours."))
        for record in (
            self.product_id._origin,
            order.partner_id._origin,
            order.partner_shipping_id._origin,
        ):
            record.check_access("read")

    def _prepare_what_if_demands(self, quantity, wanted):
        """Return the demand in question, then those of the lines that share with it."""
        demand = self._prepare_promise_demand(quantity)
        demand.wanted = wanted or demand.wanted
        others = self._get_competing_lines()
        return [demand, *(line._prepare_promise_demand() for line in others)]

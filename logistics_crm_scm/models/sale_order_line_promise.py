from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

from odoo import api, fields, models

from ..tools.promise_data import FURTHEST, Demand
from .res_company import PROMISE_READERS

OFFERED = {"promise_date", "promise_likely_date", "promise_info"}


class SaleOrderLine(models.Model):
    """When a line can be delivered while it is offered, and when it was promised afterwards."""

    _inherit = "sale.order.line"

    promise_line_ids = fields.One2many(
        "logistics.promise.line", "order_line_id", readonly=True, groups=PROMISE_READERS
    )
    promise_wanted = fields.Boolean(
        compute="_compute_promise_wanted", help="Whether there is anything to deliver."
    )
    # sudo: who may read an order may read its dates, also where promises are not theirs to list
    promise_date = fields.Date(string="Promise", compute="_compute_promise", compute_sudo=True)
    promise_likely_date = fields.Date(
        compute="_compute_promise", compute_sudo=True, groups="base.group_user"
    )
    # suppliers and receipts are in it: not for the portal
    promise_info = fields.Json(
        compute="_compute_promise", compute_sudo=True, groups="base.group_user"
    )

    @api.depends("product_id", "product_uom_qty", "display_type", "state")
    def _compute_promise_wanted(self):
        for line in self:
            goods = line.product_id and line.product_id.type == "consu"
            open_state = line.state in ("draft", "sent", "sale")
            line.promise_wanted = bool(
                goods and open_state and not line.display_type and line.product_uom_qty > 0
            )

    @api.depends(
        "product_id",
        "product_uom_qty",
        "product_uom_id",
        "customer_lead",
        "route_ids",
        "warehouse_id",
        "state",
        "order_id.partner_shipping_id",
        "order_id.commitment_date",
        "order_id.carrier_id",
        "order_id.picking_policy",
        "order_id.promise_sourcing",
        "promise_line_ids.state",
        "promise_line_ids.date",
        "promise_line_ids.agreed_date",
        "promise_line_ids.postponed_date",
        "promise_line_ids.expected_date",
        "promise_line_ids.better_date",
        "promise_line_ids.delivered_date",
        "promise_line_ids.way_lost",
        "promise_line_ids.way_unknown",
    )
    @api.depends_context("lang")
    def _compute_promise(self):
        """Ask the engine for what is offered; show what is held of what is confirmed.

        The lines of a quotation are answered together, so its other lines get their answer too:
        the ORM computes a long quotation in pieces, and each would ask for all of it again.
        """
        self.promise_date = self.promise_likely_date = self.promise_info = False
        wanted = self.filtered("promise_wanted")
        asked = wanted.filtered(lambda line: line._is_asked())
        (wanted - asked)._read_held()
        for line in wanted - asked:
            line._set_held_promise()
        others = (asked | self._get_lowered())._get_competing_lines()
        with self.env.protecting([self._fields[name] for name in OFFERED], others):
            for company, lines in (asked | others).grouped("company_id").items():
                company = company or self.env.company
                for promised in lines._promise_asked(company):
                    promised.demand.line._set_asked_promise(promised)

    def _read_held(self):
        """Read what is held of all lines at once: those of a screen would read it one by one."""
        held = self._origin.promise_line_ids
        held.mapped("part_ids.quantity")
        held.mapped("change_ids.kind")

    def _promise_asked(self, company):
        """Return what these lines of a company could be promised (list of Promised).

        What other lines of their orders give up on the screen is free.
        """
        demands = [line._prepare_promise_demand(line._get_unsaved_more() or None) for line in self]
        lowered = self.order_id.order_line._get_lowered()
        kept = [demand for line in lowered for demand in line._prepare_kept_demands()]
        engine = self.env["logistics.promise"]
        return engine._promise([*demands, *kept], company, lowered._origin)[: len(demands)]

    def _is_asked(self):
        """Tell whether something is offered: all of a quotation, of an order what is not saved."""
        return self.state != "sale" or not self._origin or self._get_unsaved_more() > 0

    def _get_unsaved_more(self):
        """Return how much more is ordered on a screen than was confirmed, in the line's unit."""
        return max(0.0, self._get_unsaved_change())

    def _get_competing_lines(self):
        """Return the other lines of the same orders that ask: they share what there is."""
        own = {line.id for line in self} | {line.id for line in self._origin}
        return self.order_id.order_line.filtered(
            lambda line: (
                line.id not in own
                and line._origin.id not in own
                and line.promise_wanted
                and line._is_asked()
            )
        )

    def _set_asked_promise(self, promised):
        """Show what could be promised, beside what is held of a confirmed line."""
        engine, held = self.env["logistics.promise"], self._get_shown_promises()
        if self.state != "sale" or not held:
            self.promise_date, self.promise_likely_date = promised.date, promised.likely_date
            self.promise_info = engine._format_promise(promised)
            return
        due, likely = held._get_raised_dates(promised)
        self.promise_date, self.promise_likely_date = due, likely
        self.promise_info = engine._format_raised(held, promised, due, likely)

    def _set_held_promise(self):
        held, kept = self._get_shown_promises(), self._get_kept_quantities()
        if kept is not None:
            held = held._origin.filtered(lambda one: kept.get(one, one.quantity) > 0)
        if held:
            self.promise_date, self.promise_likely_date = held._get_due_dates()
            self.promise_info = self.env["logistics.promise"]._format_held(held, kept)

    def _get_shown_promises(self):
        """Return the promises of what is ordered now; of another product before, none is read."""
        product = self.product_id._origin
        return self.promise_line_ids.filtered(
            lambda one: one.state != "cancelled" and one.product_id._origin == product
        )

    def _prepare_promise_demand(self, quantity=None):
        """Return the demand of the line, of `quantity` in its unit when given."""
        order = self.order_id
        wanted = order.commitment_date
        return Demand(
            product=self.product_id._origin,
            quantity=self._get_undelivered() if quantity is None else quantity,
            unit=self.product_uom_id._origin,
            ship_to=order.partner_shipping_id._origin or order.partner_id._origin,
            wanted=wanted and self._get_local_day(wanted),
            warehouse=self.warehouse_id._origin or order.warehouse_id._origin,
            only=order.promise_sourcing == "warehouse" or bool(self.route_ids),
            split=order.promise_sourcing == "split",
            carrier=order.carrier_id._origin,
            routes=self.route_ids._origin,
            lead=self.customer_lead,
            line=self,
            group=order,
            together=order if order.picking_policy == "one" else None,
        )

    def _get_undelivered(self):
        """Return what is to be delivered; of an order that was cancelled before, what is left."""
        if self.state == "sale" or self.qty_delivered_method != "stock_move":
            return self.product_uom_qty
        return max(0.0, self.product_uom_qty - self.qty_delivered)

    def _get_promise_zone(self, warehouse=None):
        """Return the time zone of a warehouse; whoever asks may sit in another one."""
        place = warehouse or self.warehouse_id or self.order_id.warehouse_id
        place = place or self.order_id.company_id or self.env.company
        return ZoneInfo(place._get_promise_tz())

    def _get_local_day(self, moment, warehouse=None):
        moment = min(moment, datetime.combine(FURTHEST, time()))  # no zone goes beyond the last day
        return moment.replace(tzinfo=UTC).astimezone(self._get_promise_zone(warehouse)).date()

    def _get_moment(self, day, hour, warehouse):
        """Return a time of a day at the warehouse as naive UTC."""
        local = datetime.combine(day, hour, self._get_promise_zone(warehouse))
        return local.astimezone(UTC).replace(tzinfo=None)

    # ------------------------------------------------------------
    # CONFIRMATION
    # ------------------------------------------------------------

    def _action_launch_stock_rule(self, *, previous_product_uom_qty=False):
        """Freeze the promise of what is newly confirmed before the warehouse hears of it."""
        held, again = self._hold_promises(previous_product_uom_qty)
        lines = self.with_context(promised_now=held.ids, promised_again=again)
        return super(SaleOrderLine, lines)._action_launch_stock_rule(
            previous_product_uom_qty=previous_product_uom_qty
        )

    def _create_procurements(self, product_qty, procurement_uom, values):
        """Procure from the warehouses, and for the days, that were promised."""
        groups = self._get_promised_now(product_qty, procurement_uom) if product_qty > 0 else []
        if not groups:
            return super()._create_procurements(product_qty, procurement_uom, values)
        procurements = []
        for quantity, held, plans in groups:
            if not plans:
                plan = {**values, "promise_undated": True}
                procurements += super()._create_procurements(quantity, procurement_uom, plan)
            rest, total = quantity, sum(part for _warehouse, _day, part in plans)
            for number, (warehouse, day, part) in enumerate(plans, 1):
                share = rest
                if number < len(plans):
                    share = procurement_uom.round(quantity * part / total)
                rest -= share
                plan = self._prepare_promised_values(values, warehouse, day, held)
                procurements += super()._create_procurements(share, procurement_uom, plan)
        return procurements

    def _get_promised_now(self, quantity, unit):
        """Return what is procured now: newly promised, and promised before and planned anew.

        Returns
        -------
        list of (float, logistics.promise.line, list)
            Quantity in the unit, the promises, and how they are shipped as of `_get_shipments`;
            nothing where nothing was promised.
        """
        now = self.env.context.get("promised_now") or []
        again = (self.env.context.get("promised_again") or {}).get(self.id, [])
        # sudo: the warehouse is told the promised days, whoever confirms
        held = self.sudo().promise_line_ids.filtered(lambda one: one.state == "held")
        new = held.filtered(lambda one: one.id in now)
        if not new and not again:
            return []
        plans = [(new.warehouse_id.browse(place or []), day, part) for place, day, part in again]
        fresh = sum(one.unit_id._compute_quantity(one.quantity, unit, round=False) for one in new)
        fresh = unit.round(min(quantity, fresh)) if again else quantity * bool(new)
        groups = [(fresh, new, new._get_shipments()), (quantity - fresh, held - new, plans)]
        return [group for group in groups if unit.compare(group[0], 0.0) > 0]

    def _prepare_promised_values(self, values, warehouse, ship_day, held):
        """Return the procurement's values with the promised days, where they are other days."""
        values = dict(values)
        if warehouse:
            values["warehouse_id"] = warehouse.with_env(self.env)
        planned = fields.Datetime.to_datetime(values["date_planned"])
        if self._get_local_day(planned, warehouse) != ship_day:
            values["date_planned"] = self._get_moment(ship_day, time(12), warehouse)
        promised = max(filter(None, held.mapped("date")), default=ship_day)
        deadline = fields.Datetime.to_datetime(values["date_deadline"])
        if self._get_local_day(deadline, warehouse) != promised:
            values["date_deadline"] = self._get_moment(promised, time(18), warehouse)
        if warehouse:
            values["promised_delivery"] = self._get_moment(promised, time(12), warehouse)
        return values

from datetime import timedelta

from odoo import fields, models

from .logistics_promise_mrp import DEPTH


class StockRule(models.Model):
    _inherit = "stock.rule"

    def _make_mo_get_domain(self, procurement, bom):
        """Make apart what is promised for another day: one order would all be finished at once."""
        domain = tuple(super()._make_mo_get_domain(procurement, bom))
        deadline = procurement.values.get("date_deadline")
        own = not procurement.values.get("orderpoint_id")  # those are of the confirmation alone
        if own and deadline and self.env.context.get("promised_now"):
            domain += (("date_deadline", "=", deadline),)
        return domain


class SaleOrderLine(models.Model):
    """What is made to order begins in time, where the manufacturing application is installed."""

    _inherit = "sale.order.line"

    def _action_launch_stock_rule(self, *, previous_product_uom_qty=False):
        """Plan the manufacturing orders that come of it for the days that were promised."""
        result = super()._action_launch_stock_rule(
            previous_product_uom_qty=previous_product_uom_qty
        )
        if "mrp.production" in self.env:
            self._begin_production_in_time()
        return result

    def _begin_production_in_time(self):
        """Move the start of what would be finished after it is needed.

        Odoo plans a manufacturing order to begin when it is needed, less the days of its bill of
        materials, however long its work centres take.
        """
        # sudo: production is told the promised days, whoever confirms
        moves = self.sudo().filtered("promise_line_ids").move_ids
        seen = moves.browse().production_id
        for _level in range(DEPTH):
            made = moves.browse(moves._rollup_move_origs()).production_id - seen
            if not made:
                return
            seen |= made
            for order in made.filtered(lambda one: one.state in ("draft", "confirmed")):
                self._begin_in_time(order)
            moves = made.move_raw_ids

    def _begin_in_time(self, order):
        needed = min(order.move_finished_ids.move_dest_ids.mapped("date"), default=False)
        if not needed or not order.date_finished or order.is_planned:
            return
        late = max(order.date_finished - needed, timedelta())
        begin = min(order.date_start - late, self._get_latest_begin(order, needed))
        begin = max(begin, fields.Datetime.now())
        if begin < order.date_start:
            order.date_start = begin
            order.flush_recordset(["date_finished"])  # Odoo counts it anew by its own hours
            order.date_finished = max(needed, begin)

    def _get_latest_begin(self, order, needed):
        """Return when a manufacturing order has to begin, by the hours of its work centres.

        Odoo counts the hours of what is not planned yet through nights and weekends. It may be
        finished at any time of the day on which it is needed.
        """
        begin = needed.replace(hour=23, minute=59)
        for step in order.workorder_ids.sorted("id", reverse=True):
            calendar = step.workcenter_id.resource_calendar_id
            hours = -(step.duration_expected or 0.0) / 60
            begin = (calendar and calendar.plan_hours(hours, begin, True)) or begin
        return begin

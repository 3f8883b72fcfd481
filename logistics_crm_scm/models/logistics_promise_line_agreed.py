from dataclasses import replace

from odoo import fields, models


class LogisticsPromiseLine(models.Model):
    """What is promised by a day that its customer agreed to after the confirmation."""

    _inherit = "logistics.promise.line"

    agreed_date = fields.Date(
        string="Agreed Earlier Date",
        readonly=True,
        help="The earlier day that the customer agreed to after it was promised. What is not"
        " expected by then is at risk; on time is measured against the promised day.",
    )

    def _keep_agreed(self, days):
        """Hold what these promises of one company come from by the days ({line: date}) agreed."""
        undated = self.filtered(lambda one: not one.date)
        for line in self - undated:
            line.agreed_date = days[line] < line.date and days[line]
        undated.order_line_id.move_ids.filtered("promise_undated").promise_undated = False
        for line in undated:
            line.write({"date": days[line], "likely_date": days[line]})
        for line, promised in self._promise_anew(days).items():
            if line in undated and promised.date:
                line.transit_days = promised.transit_days
            kept = line in self and promised.date and promised.date <= days[line]
            if kept and not line.order_line_id.qty_delivered:
                line._hold_anew(promised.answer.shipments)

    def _promise_anew(self, days):
        """Return {promise: Promised} of what these order lines' promises could be made of now."""
        order_lines = self.order_line_id
        held = order_lines.promise_line_ids.filtered(lambda one: one.state == "held")
        demands = [
            replace(
                one.order_line_id._prepare_promise_demand(one.quantity),
                unit=one.unit_id,
                wanted=days.get(one) or one._get_known_date(),
                group=None,
                first=True,
            )
            for one in held
        ]
        promised = self.env["logistics.promise"]._promise(demands, self.company_id, order_lines)
        return dict(zip(held, promised, strict=True))

    def _hold_anew(self, shipments):
        """Hold the parts of other shipments, and what is made for them, instead of the old ones."""
        line, left = self.order_line_id, self._get_left_shares()[self]
        parts = [
            line._prepare_promise_part(part, shipment)
            for shipment in shipments
            for part in shipment.parts
        ]
        components = line._prepare_promise_components(shipments)
        for values in (*parts, *components):  # of what was promised at first
            for name in values.keys() & {"quantity", "existing", "made"}:
                values[name] /= left or 1.0
        self.part_ids = [(5,), *((0, 0, values) for values in parts)]
        self.component_ids = [(5,), *((0, 0, values) for values in components)]

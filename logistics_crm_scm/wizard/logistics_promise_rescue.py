from datetime import time

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_date

from ..tools.languages import say_in_each_language


class LogisticsPromiseRescue(models.TransientModel):
    """What would save a promise that is at risk, and the date that it would give."""

    _name = "logistics.promise.rescue"
    _description = "What Would Save a Promise"
    _order = "line_id, date, id"
    _rec_name = "description"

    line_id = fields.Many2one(
        "logistics.promise.line", string="Promise", readonly=True, ondelete="cascade"
    )
    kind = fields.Selection(
        [
            ("ship", "Ship what is there"),
            ("expedite", "Expedite a receipt"),
            ("warehouse", "Deliver from another warehouse"),
            ("split", "Deliver a part now"),
        ],
        required=True,
        readonly=True,
    )
    promised_date = fields.Date(related="line_id.date", string="Promised")
    expected_date = fields.Date(related="line_id.expected_date")
    date = fields.Date(string="Would Be Delivered", readonly=True)
    quantity = fields.Float(digits="Product Unit", readonly=True, help="In the product's own unit.")
    document = fields.Char(readonly=True)
    move_id = fields.Many2one("stock.move", readonly=True, ondelete="cascade")
    warehouse_id = fields.Many2one("stock.warehouse", readonly=True)
    ship_date = fields.Date(readonly=True)
    latest_date = fields.Date(
        string="In Stock By", readonly=True, help="When it has to be there at the latest."
    )
    saves = fields.Boolean(
        compute="_compute_saves", help="Whether the promised date would be kept."
    )
    description = fields.Char(compute="_compute_description")
    done = fields.Boolean(readonly=True)

    @api.depends("date", "line_id.date", "line_id.postponed_date", "kind")
    def _compute_saves(self):
        for rescue in self:
            due = rescue.line_id._get_due()
            whole = rescue.kind != "split"
            rescue.saves = bool(whole and rescue.date and due and rescue.date <= due)

    @api.depends("kind", "quantity", "document", "warehouse_id", "latest_date", "date")
    @api.depends_context("lang")
    def _compute_description(self):
        for rescue in self:
            rescue.description = getattr(rescue, f"_describe_{rescue.kind}")(
                self.env["logistics.promise"]._format_quantity(rescue.quantity)
            )

    def _describe_ship(self, _quantity):
        return self.env._("Ship %(name)s now: what it needs is there.", name=self.document)

    def _describe_expedite(self, quantity):
        return self.env._(
            "Have %(quantity)s of receipt %(name)s in stock by %(day)s.",
            quantity=quantity,
            name=self.document or self.env._("without number"),
            day=format_date(self.env, self.latest_date),
        )

    def _describe_warehouse(self, quantity):
        return self.env._(
            "Deliver %(quantity)s from %(place)s, which has them to spare.",
            quantity=quantity,
            place=self.warehouse_id.name,
        )

    def _describe_split(self, quantity):
        return self.env._(
            "Deliver %(quantity)s by %(day)s, and the rest when it is there.",
            quantity=quantity,
            day=format_date(self.env, self.date),
        )

    # ------------------------------------------------------------
    # DO IT
    # ------------------------------------------------------------

    def action_do(self):
        """Do what was suggested, as far as Odoo can do it."""
        self.ensure_one()
        if not self.env.user.has_group("logistics_crm_scm.group_planner"):
            raise AccessError(self.env._("Only planners change deliveries for a promise."))
        self.line_id.check_access("read")
        if self.done or self.line_id.state != "held":
            raise UserError(self.env._("This has been done already, or the promise is over."))
        if self.kind == "ship":
            return self._open_delivery()
        # sudo: a planner may act on the orders of buyers and salespeople for a promise they see
        rescue = self.sudo()
        rescue._check_still_possible()
        getattr(rescue, f"_do_{rescue.kind}")()
        rescue.done = True
        rescue.env["logistics.promise"]._follow_up(rescue.line_id, rescue._get_news())
        return self._show_result()

    def _open_delivery(self):
        """Show the transfer: only who has the goods in hand can say that they left."""
        # sudo: the suggestion names a transfer, which opens with the planner's own rights
        picking = self.sudo().move_id.picking_id
        return {
            "type": "ir.actions.act_window",
            "res_model": picking._name,
            "res_id": picking.id,
            "view_mode": "form",
        }

    def _show_result(self):
        """Say that the promise is saved, or show what else there is to do."""
        line = self.line_id
        if self.kind == "expedite":
            message = self._describe_asked()
        elif line.at_risk:
            return line.action_view_rescues()
        else:
            message = self.env._(
                "%(promise)s is expected on %(day)s now.",
                promise=line.display_name,
                day=format_date(self.env, line.expected_date),
            )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": message,
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def _check_still_possible(self):
        """Refuse what would not help any more; nobody else takes the goods from now on."""
        line = self.line_id
        line.order_line_id._take_promise_turns()
        found = self.env["logistics.promise"]._get_rescues(line)
        now = [values for values in found if self._is_same_way(values)]
        if any(self._is_as_good(values) for values in now):
            return
        raise UserError(
            self.env._(
                "“%(what)s” does not help any more. %(change)s Nothing was done; press What "
                "Would Save It? again.",
                what=self.description,
                change=self._describe_changed(now),
            )
        )

    def _is_same_way(self, values):
        """Tell whether a suggestion that was found anew does the same in the same place."""
        place = values.get("warehouse_id") or False
        return (
            values["kind"] == self.kind
            and place == self.warehouse_id.id
            and (values.get("move_id") or False) == self.move_id.id
        )

    def _is_as_good(self, values):
        uom = self.line_id.product_id.uom_id
        same = uom.compare(values["quantity"], self.quantity) == 0
        return same and values["date"] <= self.date

    def _describe_changed(self, now):
        """Say what became of a suggestion: what the same way would give now, or that it is gone."""
        if now:
            return self.env._(
                "It would now be %(quantity)s, delivered on %(day)s.",
                quantity=self.env["logistics.promise"]._format_quantity(now[0]["quantity"]),
                day=format_date(self.env, now[0]["date"]),
            )
        if not self.line_id.at_risk:
            return self.env._("The promise is not at risk any more.")
        if self.kind == "warehouse":
            return self.env._("%(place)s has nothing to spare now.", place=self.warehouse_id.name)
        if self.kind == "expedite":
            return self.env._("The promise does not wait for this receipt now.")
        return self.env._("No part of it can leave before the rest now.")

    def _get_news(self):
        line = self.line_id
        what = say_in_each_language(self, lambda one: one.description)
        return {line.product_id.id: [(what, self.document or line.order_id.name)]}

    def _do_warehouse(self):
        """Take what is late from its delivery, and have the other warehouse deliver it."""
        line = self.line_id.order_line_id
        rest = self.quantity
        for move in self._get_open_moves():
            taken = min(rest, move.product_qty)
            rest -= taken
            if taken > 0:
                self._split_off(move, taken)._action_cancel()
        values = line._prepare_procurement_values() | {
            "warehouse_id": self.warehouse_id,
            "date_planned": line._get_moment(self.ship_date, time(12), self.warehouse_id),
        }
        due = self.line_id._get_due() or self.date
        values["date_deadline"] = line._get_moment(due, time(18), self.warehouse_id)
        procurements = line._create_procurements(
            self.quantity - max(0.0, rest), line.product_id.uom_id, values
        )
        self.env["stock.rule"].run(procurements)
        pickings = line.order_id.picking_ids.filtered(lambda one: one.state == "draft")
        pickings.action_confirm()

    def _do_split(self):
        """Leave in the delivery what is there, and put the rest into a backorder."""
        rest = self.line_id.product_id.uom_id.round(self._get_late_quantity())
        for move in self._get_open_moves():
            taken = min(rest, move.product_qty)
            if taken <= 0 or not move.picking_id:
                continue
            rest -= taken
            later, picking = self._split_off(move, taken), move.picking_id
            if later == move and not self._has_more(picking, later):
                continue
            later.picking_id = picking._create_backorder_picking()
            later.move_line_ids.picking_id = later.picking_id

    def _has_more(self, picking, move):
        """Tell whether a delivery holds more of the order line than one of its moves."""
        others = picking.move_ids - move
        return bool(
            others.filtered(
                lambda other: (
                    other.sale_line_id == move.sale_line_id
                    and other.state not in ("done", "cancel")
                )
            )
        )

    def _get_late_quantity(self):
        """Return how much of the promise is late; what left already is not."""
        engine = self.env["logistics.promise"]
        outlooks, scene = engine._foresee(self.line_id)
        own = next(one for one in outlooks if one.line == self.line_id)
        return sum(piece.quantity for piece in engine._get_late_pieces(own, scene))

    def _get_open_moves(self):
        """Return the moves out of stock for the order line, those without goods first."""
        moves = self.line_id.order_line_id.move_ids.filtered(
            lambda move: (
                move.state not in ("done", "cancel")
                and move.product_id == self.line_id.product_id
                and move.location_id._get_promise_area()
            )
        )
        return moves.sorted(lambda move: (move.quantity, -move.id))

    def _split_off(self, move, quantity):
        """Return the move of that much (in the product's unit); reserved goods stay behind."""
        if move.product_id.uom_id.compare(quantity, move.product_qty) >= 0:
            return move
        later = self.env["stock.move"].create(move._split(quantity))
        return later._action_confirm(merge=False)

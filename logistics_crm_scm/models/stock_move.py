from datetime import UTC
from zoneinfo import ZoneInfo

from odoo import models

from ..tools.languages import say_in_each_language

FINAL = ("done", "cancel")


class StockMove(models.Model):
    """Notice when what customers were promised may come earlier or later."""

    _inherit = "stock.move"

    def write(self, vals):
        """Note changes of moves that cross the border of a warehouse's stock.

        Reservations change neither dates nor demand: they pass without a query.
        """
        if not self._is_supply_change(vals):
            return super().write(vals)
        before = {
            move: (move.date, move.product_uom_qty)
            for move in self
            if move.state != "draft" and (move.state not in FINAL or "quantity" in vals)
        }
        result = super().write(vals)
        for move, (date, quantity) in before.items():
            move._note_supply_change(vals, date, quantity)
        return result

    def _is_supply_change(self, vals):
        if vals.get("state") in FINAL or vals.keys() & {"date", "product_uom_qty"}:
            return True
        return "quantity" in vals and any(move.state == "done" for move in self)

    def _action_confirm(self, *args, **kwargs):
        """Note what newly comes in, and what else than promised orders goes out."""
        moves = super()._action_confirm(*args, **kwargs)
        for move in moves.filtered(lambda one: one.state not in FINAL and not one.is_inventory):
            if not move.sale_line_id:
                move._note_supply("planned")
                for leg in move.move_orig_ids.filtered(lambda one: one.state not in FINAL):
                    leg._note_supply("planned")  # last, for those whose goods it takes
        return moves

    def _get_upstream_documents_and_responsibles(self, visited):
        """Let whoever may cancel an order do so: Odoo looks for purchases behind its deliveries."""
        # sudo: whom to tell is looked up, nothing is shown (odoo/odoo#286553 is not merged yet)
        return super(StockMove, self.sudo())._get_upstream_documents_and_responsibles(visited)

    # ------------------------------------------------------------

    def _note_supply_change(self, vals, date, quantity):
        """Note what a write did to one move."""
        self.ensure_one()
        if vals.get("state") == "cancel":
            self._note_supply("cancelled")
        elif vals.get("state") == "done":
            self._note_supply("done")
        elif "date" in vals and self.state != "done" and self._is_another_day(date):
            self._note_supply("moved", date)
        elif "product_uom_qty" in vals and self.product_uom.compare(self.product_uom_qty, quantity):
            # below zero: Odoo takes back goods that were not found in any open transfer
            event = ("planned",) if quantity < 0 else ("quantity", quantity)
            self._note_supply(*event)
        elif "quantity" in vals and self.state == "done":
            self._note_supply("done")

    def _is_another_day(self, before):
        old, new = self._get_planned_days(before, self.date)
        return old != new

    def _get_planned_days(self, *moments):
        """Return the days on which moments (naive UTC) fall where the goods leave or arrive."""
        # sudo: who handles goods of a company need not see all its locations
        move = self.sudo()
        places = move.location_id, move.location_final_id or move.location_dest_id
        place = next((one.warehouse_id for one in places if one.warehouse_id), move.company_id)
        zone = ZoneInfo(place._get_promise_tz())
        return [moment.replace(tzinfo=UTC).astimezone(zone).date() for moment in moments]

    def _note_supply(self, event, *args):
        """Note a change of a move that crosses a border; `_describe_<event>` puts it into words."""
        self.ensure_one()
        # sudo: who handles goods of a company need not see all its locations
        move = self.sudo()
        left = move.location_id._get_promise_area()
        entered = (move.location_final_id or move.location_dest_id)._get_promise_area()
        inside = left == entered and not move.sale_line_id and not move._changes_transit()
        if inside and not (event == "moved" and move._leads_elsewhere()):
            return
        document = move.picking_id.name or move.reference or move.product_id.display_name
        move = move.with_context(
            promise_entered=bool(entered and not left), promise_sent=move._is_sent_elsewhere()
        )
        told = {move.company_id: document}
        # what the documents of another company of ours are called is its own affair
        told |= dict.fromkeys(move._get_other_receivers(), move.company_id.name)
        for company, name in told.items():
            reasons = say_in_each_language(
                move, lambda one, name=name: getattr(one, f"_describe_{event}")(name, *args)
            )
            self.env["logistics.promise.recheck"]._note(move.product_id, company, reasons, name)

    def _get_other_receivers(self):
        """Return the other companies of ours that goods go to without being sold to them."""
        if self.sale_line_id:
            return self.env["res.company"]
        return self._get_last_steps().company_id - self.company_id

    def _enters(self):
        return self.env.context.get("promise_entered")

    def _leads_elsewhere(self):
        """Tell whether it is a step on the way to another warehouse of ours."""
        own = self.location_id.warehouse_id
        return bool(own and self._get_last_steps()._get_ends().warehouse_id - own)

    def _get_last_steps(self):
        """Return the moves that no other one follows, of these and of those that follow them."""
        last, steps, seen = self.browse(), self, self
        while steps:
            last |= steps.filtered(lambda one: not one.move_dest_ids)
            steps = steps.move_dest_ids - seen
            seen |= steps
        return last

    def _get_ends(self):
        """Return the locations that goods are moved to in the end, as far as moves know."""
        return self.location_final_id.union(
            *(move.location_dest_id for move in self if not move.location_final_id)
        )

    def _changes_transit(self):
        """Tell whether goods are lost or found between warehouses."""
        return {self.location_usage, self.location_dest_usage} == {"transit", "inventory"}

    def _is_sent(self):
        return self.env.context.get("promise_sent")

    def _describe_planned(self, name):
        if self._is_sent():
            place = self.location_id.warehouse_id.name
            return self.env._(
                "Transfer %(name)s takes goods from %(place)s.", name=name, place=place
            )
        if self._enters():
            return self.env._("Receipt %(name)s is planned.", name=name)
        to_supplier = "supplier" in (self.location_dest_usage, self.location_final_id.usage)
        if to_supplier and self.purchase_line_id and not self.origin_returned_move_id:
            order = self.purchase_line_id.order_id
            return self.env._("Less is ordered on %(name)s.", name=order.name)
        return self.env._("%(name)s takes goods.", name=name)

    def _describe_cancelled(self, name):
        if self._enters():
            return self.env._("Receipt %(name)s was cancelled.", name=name)
        return self.env._("Delivery %(name)s was cancelled: its goods are free.", name=name)

    def _describe_done(self, name):
        if self.is_inventory:
            return self.env._("Stock of %(name)s was counted.", name=self.product_id.display_name)
        if self._enters():
            return self.env._("Receipt %(name)s arrived.", name=name)
        if self.location_dest_usage in ("customer", "supplier", "transit"):
            return self.env._("Delivery %(name)s left.", name=name)
        if self.location_dest_usage == "inventory":
            return self.env._("%(name)s was scrapped.", name=self.product_id.display_name)
        return self.env._(
            "%(name)s was moved to %(place)s.",
            name=self.product_id.display_name,
            place=self.location_dest_id.display_name,
        )

    def _describe_moved(self, name, old):
        day = self.env["logistics.promise"]._format_day
        before, now = self._get_planned_days(old, self.date)
        values = {"name": name, "old": day(before.toordinal()), "new": day(now.toordinal())}
        if self._enters():
            return self.env._("Receipt %(name)s moved from %(old)s to %(new)s.", **values)
        if self._is_sent():
            return self.env._("Transfer %(name)s moved from %(old)s to %(new)s.", **values)
        return self.env._("Delivery %(name)s moved from %(old)s to %(new)s.", **values)

    def _describe_quantity(self, name, old):
        number = self.env["logistics.promise"]._format_quantity
        values = {"name": name, "old": number(old), "new": number(self.product_uom_qty)}
        if self._enters():
            return self.env._(
                "The quantity of receipt %(name)s changed from %(old)s to %(new)s.", **values
            )
        return self.env._(
            "The quantity of delivery %(name)s changed from %(old)s to %(new)s.", **values
        )

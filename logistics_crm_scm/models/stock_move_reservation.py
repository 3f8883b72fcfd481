from odoo import fields, models

SHARES = "promised_shares"  # context key: what each delivery may still reserve
MOST_NAMED = 5


class StockMove(models.Model):
    """Reserve goods for who was promised them, not for who asks first."""

    _inherit = "stock.move"

    promise_undated = fields.Boolean(
        string="Promised Without a Date",
        readonly=True,
        help="It delivers what was confirmed without a date: it reserves nothing of what others"
        " were promised.",
    )

    def _prepare_merge_moves_distinct_fields(self):
        return [*super()._prepare_merge_moves_distinct_fields(), "promise_undated"]

    def _action_assign(self, force_qty=False):
        """Let deliveries of orders reserve what no earlier promise needs.

        Odoo serves moves by date, and those of one order as they stand: an order without a date,
        which is planned for today, would take what others were promised.
        """
        moves, shares = self, {}
        if not force_qty and (shares := self._get_promised_shares()):
            moves = self.with_context(**{SHARES: shares})
        result = super(StockMove, moves)._action_assign(force_qty=force_qty)
        self.filtered(lambda one: one.id in shares)._tell_production_lacks()
        return result

    def _tell_production_lacks(self):
        """Tell whoever plans production why it reserves no components although they are there."""
        lacking = self.filtered(
            lambda one: one.state != "assigned" and one._is_taken_by_production()
        )
        if not lacking or not self.env.user.has_group("mrp.group_mrp_user"):
            return
        if told := lacking._tell_promised_to_others():
            title = self.env._("In stock, but promised to others")
            values = {"type": "warning", "title": title, "message": " ".join(told)}
            self.env.user._bus_send("simple_notification", values)

    def _update_reserved_quantity(self, need, location_id, *args, **kwargs):
        """Take no more than the move's share."""
        shares = self.env.context.get(SHARES) or {}
        if self.id not in shares:
            return super()._update_reserved_quantity(need, location_id, *args, **kwargs)
        need = min(need, shares[self.id])
        if self.product_id.uom_id.compare(need, 0) <= 0:
            return 0.0
        taken = super()._update_reserved_quantity(need, location_id, *args, **kwargs)
        shares[self.id] -= taken
        return taken

    def _get_promised_shares(self):
        """Return {id: quantity in the product's unit} of those whose goods others have a share in.

        Where nobody else has, the move takes what there is, also goods of other owners.
        """
        limits = {}
        limited = self.filtered(lambda one: one._is_reserved_as_promised())
        kinds = limited.grouped(
            lambda one: (one.company_id, one._is_taken_by_production(), one._is_sent_elsewhere())
        )
        for moves in kinds.values():
            shares = self.env["logistics.promise"]._get_stock_shares(moves)
            for move in moves:
                found = shares.get(move._get_promise_place(), {})
                if found.keys() - {move.id}:
                    limits[move.id] = found.get(move.id, 0.0)
        return limits

    def _get_promise_place(self):
        """Return (product, warehouse) as promises know it."""
        return self.product_id.id, self.location_id.warehouse_id.id

    def _is_reserved_as_promised(self):
        """Tell whether it reserves a warehouse's stock for a customer's order or to send it on."""
        return (
            self.state in ("confirmed", "waiting", "partially_available")
            and not self.picked
            and (self.sale_line_id or self._is_taken_by_production() or self._is_sent_elsewhere())
            and self.product_id.is_storable
            and self.procure_method == "make_to_stock"
            and not self.move_orig_ids
            and self.location_id._get_promise_area()
        )

    def _is_taken_by_production(self):
        """Tell whether a manufacturing order takes it out of stock, at once or by a step before."""
        if "raw_material_production_id" not in self._fields:
            return False
        return bool((self | self.move_dest_ids).raw_material_production_id)

    def _is_sent_elsewhere(self):
        """Tell whether it takes stock to another warehouse of ours, for no order of its own."""
        # sudo: who handles goods of a company need not see all its locations
        move = self.sudo()
        area = move.location_id._get_promise_area()
        if not area or move.sale_line_id or move.move_dest_ids.sale_line_id:
            return False
        return any(
            end.usage == "transit"
            or (end.usage == "internal" and end.warehouse_id not in (area, area.browse()))
            for end in (move | move._get_last_steps())._get_ends()
        )

    def _tell_promised_to_others(self):
        """Return, a line per product, who was promised what is in stock but not for these."""
        told = []
        waiting = self.filtered(lambda one: one._is_reserved_as_promised())
        for moves in waiting.grouped("company_id").values():
            shares = self.env["logistics.promise"]._get_stock_shares(moves)
            for place, own in moves.grouped(lambda one: one._get_promise_place()).items():
                others = shares.get(place, {}).keys() - {*own.ids, None}
                told += own[0]._tell_orders_of(others)
        return told

    def _tell_orders_of(self, others):
        """Return the orders of other moves (ids) that get this product, as a list of one line."""
        # sudo: the names of the orders that wait for the goods, also those of other teams
        orders = self.sudo().browse(others).sale_line_id.order_id
        if not orders:
            return []
        names = ", ".join(orders[:MOST_NAMED].mapped("name"))
        line = self.env._(
            "%(product)s: %(orders)s.",
            product=self.product_id.display_name,
            orders=names + ("…" if len(orders) > MOST_NAMED else ""),
        )
        return [line]


class StockRule(models.Model):
    _inherit = "stock.rule"

    def _get_custom_move_fields(self):
        return [*super()._get_custom_move_fields(), "promise_undated"]

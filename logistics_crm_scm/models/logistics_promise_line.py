from odoo import api, fields, models

STATES = [
    ("held", "Held"),
    ("kept", "Kept"),
    ("missed", "Missed"),
    ("cancelled", "Cancelled"),
]


def _by_day(plan):
    (warehouse, day), _quantity = plan
    return day, warehouse.id


class LogisticsPromiseLine(models.Model):
    """What was promised to a customer when the order was confirmed, and what became of it.

    The promise itself (quantity, dates, confidence, parts) is frozen: later changes are kept beside
    it, each with its reason. Delivery performance is measured against it.
    """

    _name = "logistics.promise.line"
    _description = "Delivery Promise"
    _order = "date, id"
    _rec_name = "order_line_id"

    order_line_id = fields.Many2one(
        "sale.order.line", required=True, readonly=True, ondelete="cascade", index=True
    )
    # not precomputed: that would leave the record before its creation among the order's promises
    order_id = fields.Many2one(
        related="order_line_id.order_id", store=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        required=True,
        readonly=True,
        index=True,
        help="The customer's company.",
    )
    ship_to_id = fields.Many2one("res.partner", string="Delivery Address", readonly=True)
    product_id = fields.Many2one("product.product", required=True, readonly=True, index=True)
    quantity = fields.Float(digits="Product Unit", required=True, readonly=True)
    unit_id = fields.Many2one("uom.uom", required=True, readonly=True)
    left_before = fields.Float(
        digits="Product Unit",
        readonly=True,
        help="What had left of the order line beyond what was promised, when this was promised, in"
        " the product's unit.",
    )
    warehouse_id = fields.Many2one(
        "stock.warehouse",
        readonly=True,
        index="btree_not_null",
        help="The one that the last of it leaves; empty where the supplier delivers.",
    )
    state = fields.Selection(STATES, required=True, default="held", readonly=True, index=True)

    held_on = fields.Date(
        string="Promised On", required=True, readonly=True, default=fields.Date.context_today
    )
    wanted_date = fields.Date(readonly=True, help="What the customer asked for.")
    offered_date = fields.Date(
        readonly=True, help="What the quotation said last, before it was confirmed."
    )
    date = fields.Date(
        string="Promised",
        readonly=True,
        index=True,
        help="Delivered by then for sure, as promised at confirmation, or as agreed later where no"
        " date could be given then. What was promised by its day of leaving is counted from there"
        " once the transit time is known. Empty while there is none.",
    )
    likely_date = fields.Date(readonly=True, help="When it was likely to be delivered.")
    ship_date = fields.Date(readonly=True, help="When the last of it should leave.")
    way_unknown = fields.Boolean(
        readonly=True,
        help="To another country or state, and no transit time is known: its dates are those of"
        " leaving.",
    )
    way_lost = fields.Boolean(
        string="Transit Time Not Known Now",
        readonly=True,
        help="Promised with a transit time, and none is known now: the promised days are counted.",
    )
    arrivals = fields.Json(
        readonly=True,
        help="When what left arrives, as it was counted when it left: by move, the days (ordinals)"
        " of leaving and of arrival.",
    )
    components_unknown = fields.Boolean(
        readonly=True, help="Made by a subcontractor of components that are not looked at."
    )
    transit_days = fields.Integer(readonly=True, help="Days under way that the promise counts on.")
    confidence = fields.Float(
        readonly=True,
        aggregator="avg",
        help="Share of comparable dates kept before; 0 while there is no history.",
    )
    explanation = fields.Text(readonly=True)
    part_ids = fields.One2many("logistics.promise.part", "line_id", readonly=True)
    component_ids = fields.One2many("logistics.promise.component", "line_id", readonly=True)
    change_ids = fields.One2many("logistics.promise.change", "line_id", readonly=True)

    # sudo: who sees a promise sees why it changed
    reason = fields.Char(
        string="Why",
        compute="_compute_reason",
        compute_sudo=True,
        help="Why another day is expected than was promised.",
    )

    expected_date = fields.Date(
        string="Expected Now",
        readonly=True,
        help="When it will be delivered as things stand; empty where that is not known.",
    )
    delivered_date = fields.Date(readonly=True)
    delay = fields.Integer(
        string="Days Late",
        compute="_compute_delay",
        store=True,
        help="Expected or delivered after the promise, in days; negative is early.",
    )
    at_risk = fields.Boolean(
        compute="_compute_delay",
        store=True,
        index="btree_not_null",
        help="Held, and not expected by the promised date.",
    )

    @api.depends(
        "date", "agreed_date", "postponed_date", "expected_date", "delivered_date", "state"
    )
    def _compute_delay(self):
        for line in self:
            now, due = line.delivered_date or line.expected_date, line._get_due()
            if line.delivered_date:
                due = line._get_measured_date()
            line.delay = (now - due).days if now and due else 0
            late = not line.expected_date or line.delay > 0
            line.at_risk = line.state == "held" and bool(line.date) and late

    @api.depends("change_ids.reason_text", "change_ids.kind")
    @api.depends_context("lang")
    def _compute_reason(self):
        for line in self:
            dated = line.change_ids.filtered(lambda change: change.kind == "expected_date")
            line.reason = dated[:1].reason_text

    @api.depends("order_id", "product_id", "date")
    def _compute_display_name(self):
        for line in self:
            line.display_name = f"{line.order_id.name}: {line.product_id.display_name}"

    @api.model_create_multi
    def create(self, vals_list):
        """Count anew what is left of allocations, also within one transaction."""
        lines = super().create(vals_list)
        lines._forget_allocated()
        return lines

    def write(self, vals):
        """Count anew what is left of allocations, also within one transaction."""
        result = super().write(vals)
        if vals.keys() & {"quantity", "state"}:
            self._forget_allocated()
        return result

    def _forget_allocated(self):
        self.env["logistics.promise.allocation"].invalidate_model(["used", "left"], flush=False)

    def _get_due(self):
        """Return the day by which the customer is to have it (date or False).

        The promised one, or an earlier one that they agreed to, or a later one that they put it
        off to.
        """
        day = self.agreed_date or self.date
        return day and max(day, self.postponed_date or day)

    def _get_measured_date(self):
        """Return the day against which on time is measured (date or False).

        An earlier one that was agreed to is not: whoever offers one risks nothing by it.
        """
        return self.date and max(self.date, self.postponed_date or self.date)

    def _get_due_dates(self):
        """Return when all of these lines are due, and when they are likely there (date or False).

        Once something else is expected than was promised, that is what is likely.
        """
        if not all(self.mapped("date")):
            return False, False
        likely = [line._get_likely_date() for line in self]
        due = max((line._get_due() for line in self), default=False)
        return due, max(
            (day or line.date for day, line in zip(likely, self, strict=True)), default=False
        )

    def _get_likely_date(self):
        """Return when it is likely there; of what left, when it was or will be delivered."""
        if self.delivered_date:
            return self.delivered_date
        return self.likely_date if self.expected_date == self.date else self.expected_date

    def _get_raised_dates(self, promised):
        """Return the same with what more of their order line could be promised (Promised)."""
        due, likely = self._get_due_dates()
        if not (due and likely and promised.date):
            return False, False
        return max(due, likely, promised.date), max(likely, promised.likely_date)

    def _get_left_shares(self):
        """Return {line: share from 0 to 1} of what was promised that was not given up since."""
        first = {}
        for change in self.change_ids.sorted("id"):
            if change.kind == "quantity":
                first.setdefault(change.line_id, float(change.old_value or 0))
        return {line: line.quantity / (first.get(line) or line.quantity or 1.0) for line in self}

    def _get_common_state(self):
        """Return what these lines are together: risk, held, missed, kept or cancelled."""
        if any(self.mapped("at_risk")):
            return "risk"
        states = self.mapped("state")
        return next((one for one in ("held", "missed", "kept") if one in states), "cancelled")

    def _get_shipments(self):
        """Return how a new promise is shipped.

        Returns
        -------
        list of (stock.warehouse, date, float)
            What leaves a warehouse (empty: the supplier) on a day, in the product's unit, or in
            that of a kit's first component that our warehouse delivers, if one does; an empty list
            where no date is promised.
        """
        plans = {}
        for line in self.filtered("date"):
            ours = line.part_ids.filtered("warehouse_id") or line.part_ids
            product = ours[:1].product_id
            for part in line.part_ids.filtered(lambda one: one.product_id == product):  # noqa: B023
                key = (part.warehouse_id, part.ship_date)
                plans[key] = plans.get(key, 0.0) + part.quantity
        return [(*key, quantity) for key, quantity in sorted(plans.items(), key=_by_day)]

    def _change(self, field, new, reason, document=False):
        """Keep a change of one line beside the promise.

        Parameters
        ----------
        field : str
            ``quantity``, ``date``, ``expected_date``, ``wanted_date``, ``ship_to_id`` or ``state``.
        new : object
            Its new value.
        reason : dict of str to str
            Why, in words by language.
        document : str or False
            What it came from.
        """
        self.ensure_one()
        if self[field] != new:
            self._keep_changes([(self, field, new, reason, document)])

    @api.model
    def _format_value(self, value):
        if isinstance(value, models.BaseModel):
            return str(value.id or "")  # the name is read when it is shown
        return fields.Date.to_string(value) if hasattr(value, "year") else str(value or "")

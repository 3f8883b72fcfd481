from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.logistics_crm.tools import fact_sql

from ..tools import delivery_sql

RATES = ("on_time", "in_full", "otif")


class LogisticsOrderFact(models.Model):
    """Delivery performance per sales line: on time, in full, and both.

    Each of ``on_time``, ``in_full`` and ``otif`` is true, false or NULL for unknown; the columns
    ``on_time_rate`` and so on hold 1, 0 or NULL, so that their average is a rate over the lines
    that are known.

    History
        On time when delivered by the promised date; late when delivered after it, or not
        delivered and the promise is in the past; unknown without a promise, or while not due.
        History does not tell quantities delivered, so ``in_full`` and ``otif`` are unknown. A
        source that has promised dates and never a delivered date looks late: do not map the
        promised date of such a source.
    Odoo orders
        From the done stock moves of the line, by the rules of Odoo's own delivered quantity, in
        the product's unit. ``delivered_quantity`` is what went to the customer less what was
        returned for refund. ``delivered_date`` is the day on which the whole ordered quantity had
        gone out, backorders included, in the company's time zone; a line is on time when that day
        is not after the promise, late when it is or when the promise has passed, unknown while
        not due. A line is in full once the whole quantity went out, and not in full when the
        promise has passed without. A later return changes neither. The promise is the one that was
        frozen at confirmation, the last where the line has several; it stays when the order is
        changed, unless the customer put it off: then the later day counts. What left counts as
        delivered on the day that was kept with the promise: by the carrier that took it, or by the
        days under way that the promise counts on. Lines without a frozen
        promise (confirmed before there were any, or nothing could be promised) are measured by
        the order's delivery date, or order date plus lead time, which follow the order when
        someone changes it.
    Unknown
        Services, expenses, returns, refunds, kits (moved as their components), and lines ordered
        with quantity zero.
    """

    _inherit = "logistics.order.fact"
    _depends = delivery_sql.DEPENDS

    delivered_quantity = fields.Float(digits="Product Unit", readonly=True)
    on_time = fields.Boolean(readonly=True)
    in_full = fields.Boolean(readonly=True)
    otif = fields.Boolean(string="On Time in Full", readonly=True)
    on_time_rate = fields.Float(aggregator="avg", readonly=True)
    in_full_rate = fields.Float(
        aggregator="avg",
        readonly=True,
        help="Of Odoo orders only: imported history does not tell delivered quantities.",
    )
    otif_rate = fields.Float(
        string="On Time in Full Rate",
        aggregator="avg",
        readonly=True,
        help="Of Odoo orders only: imported history does not tell delivered quantities.",
    )
    delivery_state = fields.Selection(
        [("on_time", "On time"), ("late", "Late"), ("unknown", "Not known")],
        string="Delivery",
        readonly=True,
    )

    def _get_fact_columns(self):
        columns = super()._get_fact_columns() | {"delivered_quantity": "numeric"}
        columns |= dict.fromkeys(RATES, "boolean")
        columns |= {f"{name}_rate": "double precision" for name in RATES}
        return columns | {"delivery_state": "varchar"}

    def _get_fact_select(self, part):
        """Derive the rates and the state of every part from its three answers."""
        columns = part["columns"]
        for name in RATES:
            answer = columns.get(name, SQL("NULL"))
            columns[f"{name}_rate"] = SQL("(%s)::int", answer)
        on_time = columns.get("on_time", SQL("NULL::boolean"))
        columns["delivery_state"] = delivery_sql.delivery_state(on_time)
        return super()._get_fact_select(part)

    def _get_fact_part_history(self):
        part = super()._get_fact_part_history()
        part["columns"]["on_time"] = SQL(
            "CASE WHEN h.quantity > 0 THEN %s END",
            delivery_sql.on_time(SQL("h.promised_date"), SQL("h.delivered_date")),
        )
        return part

    def _get_fact_part_sale(self):
        part = super()._get_fact_part_sale()
        columns = part["columns"]
        promised = SQL("COALESCE(f.promised, %s)", columns["promised_date"])
        arrived = SQL(
            "CASE WHEN d.full_day IS NOT NULL"
            " THEN COALESCE(f.delivered, d.full_day + COALESCE(f.transit, 0)) END"
        )
        on_time = delivery_sql.on_time(promised, arrived)
        columns["promised_date"] = promised
        in_full = delivery_sql.in_full(promised, SQL("d.full_day"))
        columns["delivered_quantity"] = delivery_sql.known(SQL("COALESCE(d.net, 0) / pu.factor"))
        columns["delivered_date"] = delivery_sql.known(SQL("d.full_day"))
        columns["on_time"] = delivery_sql.known(on_time)
        columns["in_full"] = delivery_sql.known(in_full)
        columns["otif"] = delivery_sql.known(SQL("%s AND %s", on_time, in_full))
        part["from"] = SQL(
            "%s LEFT JOIN LATERAL (%s) f ON TRUE LEFT JOIN LATERAL (%s) d ON TRUE",
            part["from"],
            delivery_sql.frozen_promise(),
            delivery_sql.line_moves(fact_sql.company_date(SQL("m.date"))),
        )
        return part

    # ------------------------------------------------------------
    # FIGURES
    # ------------------------------------------------------------

    @api.model
    def _get_delivery_trend(self, months=12, company=None):
        """Return delivery performance by month of the promised date, oldest first.

        Parameters
        ----------
        months : int
            Number of months, the current one included.
        company : res.company, optional
            Defaults to the current company. The reader's own rules apply.

        Returns
        -------
        list of dict
            One per month, also without lines: ``month`` ("2026-01"), ``lines`` (lines whose
            punctuality is known), ``on_time`` and ``otif`` (shares from 0 to 1 of the lines where
            each is known, False where none is).
        """
        company = company or self.env.company
        current = fields.Date.context_today(self).replace(day=1)
        starts = [current - relativedelta(months=back) for back in reversed(range(months))]
        groups = self._read_group(
            [
                ("company_id", "=", company.id),
                ("promised_date", ">=", starts[0]),
                ("promised_date", "<", current + relativedelta(months=1)),
                ("delivery_state", "!=", "unknown"),
            ],
            ["promised_date:month"],
            ["__count", "on_time_rate:avg", "otif_rate:avg"],
        )
        found = {month: figures for month, *figures in groups}
        trend = []
        for start in starts:
            lines, on_time, otif = found.get(start, (0, False, False))
            month = start.strftime("%Y-%m")
            trend.append({"month": month, "lines": lines, "on_time": on_time, "otif": otif})
        return trend

from datetime import timedelta

import pandas as pd

from odoo import fields, models
from odoo.tools import SQL

from ..tools.copy_frame import copy_frame
from ..tools.outcome import ScoringOutcome
from ..tools.shared_frame import SharedFrame

ORDER_DAYS = {
    "partner_id": "int64",
    "date": "date",
    "amount": "float64",
    "margin": "float64",
    "is_return": "bool",
    "lines": "int64",
}


class LogisticsMiningTask(models.Model):
    """The frame that tasks about customers start from."""

    _inherit = "logistics.mining.task"

    def _extract_order_days(self, run):
        """Return one row per customer and day with sales, aggregated in the database.

        Tasks that run one after the other for a company share the frame: reading a company's
        lines takes longer than scoring most of them. Nobody changes it.

        Returns
        -------
        pandas.DataFrame
            ``partner_id``; ``date`` (datetime64); ``amount`` (net of returns, in the currency of
            the company); ``margin`` (of the lines whose product has a cost, NaN without any);
            ``is_return`` (the day has no order); ``lines`` (order lines). Anonymous lines are
            left out.
        """
        last_day = self._get_last_day(run)
        shared = self.env.context.get("order_days") or SharedFrame()
        return shared.get(
            (run.company_id.id, last_day), lambda: self._read_order_days(run.company_id, last_day)
        )

    def _read_order_days(self, company, last_day):
        self.env.flush_all()
        query = SQL(
            """SELECT f.partner_id, f.date, SUM(f.amount)::float8 AS amount,
                SUM(f.amount - f.quantity * c.cost) FILTER (WHERE c.cost > 0)::float8 AS margin,
                NOT BOOL_OR(f.quantity > 0 AND NOT f.is_return) AS is_return, COUNT(*) AS lines
            FROM logistics_order_fact f
            LEFT JOIN (
                SELECT id, (standard_price->>%(key)s)::float8 AS cost FROM product_product
                WHERE (standard_price->>%(key)s)::float8 > 0
            ) c ON c.id = f.product_id
            WHERE f.company_id = %(company)s AND f.partner_id IS NOT NULL AND f.date <= %(last)s
            GROUP BY f.partner_id, f.date""",
            key=str(company.id),
            company=company.id,
            last=last_day,
        )
        days = copy_frame(self.env.cr, query, ORDER_DAYS)
        # once, since all that looks at customers goes through their days in order
        return days.sort_values(["partner_id", "date"], ignore_index=True)

    def _get_last_day(self, run):
        """Return the last day that may count: today at the company, less the days left out."""
        days = timedelta(days=run.parameters["cutoff_offset_days"])
        return self._get_today(run.company_id) - days

    def _get_today(self, company):
        """Return today at a company."""
        zone = company.partner_id.tz or "UTC"
        return fields.Date.context_today(self.with_context(tz=zone))

    def _get_cutoff(self, run, days):
        """Return the cut-off as a Timestamp: the last day that may count, or the data's last."""
        last_day = pd.Timestamp(self._get_last_day(run))
        if run.parameters["cutoff_basis"] == "data" and len(days):
            return min(last_day, days["date"].max())
        return last_day

    def _prepare_outcome(self, run, days, customers, cutoff):
        """Return an outcome without scores, with a reason if there is too little data."""
        outcome = ScoringOutcome(
            cutoff=cutoff.date(), lines=int(days["lines"].sum()), customers=len(customers)
        )
        minimum = run.parameters["min_customers"]
        if not len(customers):
            outcome.reason = {"code": "no_orders"}
        elif len(customers) < minimum:
            outcome.reason = {
                "code": "too_few_customers",
                "customers": len(customers),
                "minimum": minimum,
            }
        return outcome

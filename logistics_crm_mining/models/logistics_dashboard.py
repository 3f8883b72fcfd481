from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

PERIODS = (6, 12, 24, 36)
TOP_SHARE = 0.2
CURVE_POINTS = 50
ATTENTION_LIMIT = 8


class LogisticsDashboard(models.AbstractModel):
    """What management and account managers look at first, one method for one page.

    Everything is read with the rights of the reader: a Logistics User sees the figures of their
    own customers. All amounts are of the current company, in its currency.
    """

    _name = "logistics.dashboard"
    _description = "Logistics Dashboard"

    @api.model
    def get_data(self, months=12):
        """Return everything the dashboard shows.

        Parameters
        ----------
        months : int
            Length of the period that ends today; one of 6, 12, 24 or 36.

        Returns
        -------
        dict
            ``company``, ``period``, ``figures``, ``segments``, ``concentration``, ``delivery`` and
            ``attention``; amounts in company currency, shares between 0 and 1.

        Raises
        ------
        UserError
            If ``months`` is none of the periods offered.
        """
        if months not in PERIODS:
            offered = ", ".join(map(str, PERIODS))
            raise UserError(self.env._("“months” must be one of %(periods)s.", periods=offered))
        today = fields.Date.context_today(self)
        start = today - relativedelta(months=months)
        return {
            "company": self._get_company_data(),
            "period": {"months": months, "from": start.isoformat(), "to": today.isoformat()},
            "figures": self._get_figures(start, today, months),
            "segments": self._get_segments(start, today),
            "concentration": self._get_concentration(start, today),
            "delivery": self._get_delivery(months),
            "attention": self._get_attention(),
        }

    @api.model
    def _get_company_data(self):
        company = self.env.company
        return {"id": company.id, "name": company.name, "currency_id": company.currency_id.id}

    @api.model
    def _get_fact_domain(self, start, end):
        return Domain(
            [
                ("company_id", "=", self.env.company.id),
                ("date", ">", start),
                ("date", "<=", end),
                ("partner_id", "!=", False),
            ]
        )

    @api.model
    def _get_period_totals(self, start, end):
        """Return revenue and number of customers of the days after ``start`` up to ``end``."""
        [(revenue, customers)] = self.env["logistics.order.fact"]._read_group(
            self._get_fact_domain(start, end),
            aggregates=["amount:sum", "partner_id:count_distinct"],
        )
        return revenue or 0.0, customers

    @api.model
    def _get_figures(self, start, today, months):
        revenue, customers = self._get_period_totals(start, today)
        start_before = start - relativedelta(months=months)
        before, customers_before = self._get_period_totals(start_before, start)
        [(expected, scored)] = self.env["res.partner"]._read_group(
            [("value_band", "!=", False)], aggregates=["clv_12m:sum", "__count"]
        )
        return {
            "revenue": {"value": revenue, "previous": before},
            "customers": {"value": customers, "previous": customers_before},
            "expected_12m": {"value": expected or 0.0, "customers": scored},
        }

    @api.model
    def _get_segments(self, start, today):
        """Return customers, revenue of the period and expected value of each segment."""
        partners = self.env["res.partner"]._read_group(
            [("segment_id", "!=", False)], ["segment_id"], ["__count", "clv_12m:sum"]
        )
        revenue = dict(
            self.env["logistics.order.fact"]._read_group(
                self._get_fact_domain(start, today), ["partner_id.segment_id"], ["amount:sum"]
            )
        )
        return [
            {
                "id": segment.id,
                "name": segment.name,
                "at_risk": segment.at_risk,
                "customers": count,
                "expected_12m": expected or 0.0,
                "revenue": revenue.get(segment, 0.0),
            }
            for segment, count, expected in sorted(partners, key=lambda row: row[0].sequence)
        ]

    @api.model
    def _get_concentration(self, start, today):
        """Return the share of revenue that the largest customers make, as a curve.

        The customers are ranked in the database, so that at most 51 points leave it, whether there
        are a thousand customers or a million.
        """
        ranked = self._get_ranked_customers(start, today)
        rows = self.env.execute_query(
            SQL(
                """
                SELECT MAX(place)::float / MAX(customers), MAX(running) / MAX(total), MAX(customers)
                  FROM (%s) AS ranked
                 WHERE total > 0
                 GROUP BY CEIL(place::float * %s / customers)
                 ORDER BY 1
                """,
                ranked,
                CURVE_POINTS,
            )
        )
        points = [[0.0, 0.0]] + [[float(x), float(y)] for x, y, __ in rows]
        return {
            "customers": rows[0][2] if rows else 0,
            "points": points if rows else [],
            "top_share": TOP_SHARE,
            "top_revenue": self._interpolate(points, TOP_SHARE) if rows else 0.0,
        }

    @api.model
    def _get_ranked_customers(self, start, today):
        facts = self.env["logistics.order.fact"]
        query = facts._search(self._get_fact_domain(start, today))
        partner = SQL.identifier(facts._table, "partner_id")
        amount = SQL("SUM(%s)", SQL.identifier(facts._table, "amount"))
        query.groupby = partner
        query.having = SQL("%s > 0", amount)
        totals = query.select(SQL("%s AS partner_id", partner), SQL("%s AS amount", amount))
        return SQL(
            """
            SELECT ROW_NUMBER() OVER by_amount AS place,
                   SUM(amount) OVER (by_amount ROWS UNBOUNDED PRECEDING) AS running,
                   COUNT(*) OVER () AS customers,
                   SUM(amount) OVER () AS total
              FROM (%s) AS totals
            WINDOW by_amount AS (ORDER BY amount DESC, partner_id)
            """,
            totals,
        )

    @staticmethod
    def _interpolate(points, x):
        for (x0, y0), (x1, y1) in zip(points, points[1:], strict=False):
            if x0 <= x <= x1:
                return y0 + (y1 - y0) * (x - x0) / (x1 - x0)
        return 1.0

    @api.model
    def _get_delivery(self, months):
        return self.env["logistics.order.fact"]._get_delivery_trend(months=months)

    @api.model
    def _get_attention(self):
        """Return the most valuable customers of the segments at risk, with the reasons."""
        partners = self.env["res.partner"].search(
            [("segment_id.at_risk", "=", True)],
            order="clv_12m DESC, rfm_score DESC, id",
            limit=ATTENTION_LIMIT,
        )
        return [
            {
                "id": partner.id,
                "name": partner.name,
                "code": partner.customer_code or "",
                "segment": partner.segment_id.name,
                "expected_12m": partner.clv_12m if partner.value_band else False,
                "salesperson": partner.user_id.name or "",
                "reasons": partner.segment_reasons or "",
            }
            for partner in partners
        ]

import logging

import pandas as pd
import psycopg2.errors

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL, format_amount, format_date, formatLang

from odoo.addons.logistics_crm.tools.planner import inform_planner, joining_by_hash

from ..analytics import measure_amount_uplift, measure_uplift
from ..tools.list_sql import outcome_query
from ..tools.outcome import plain
from ..tools.read_tables import READ_TABLES

_logger = logging.getLogger(__name__)


class LogisticsMiningList(models.Model):
    """What came of a campaign: who ordered, beside those who were left alone."""

    _inherit = "logistics.mining.list"

    verdict = fields.Selection(
        [
            ("gain", "Made the difference"),
            ("chance", "Could be chance"),
            ("harm", "Did harm"),
            ("unknown", "Cannot be told"),
        ],
        "What It Brought",
        compute="_compute_verdict",
    )

    def action_measure(self):
        """Measure lists whose days are over; again, where orders came in late."""
        self.check_access("write")
        self._require_state("running", "measured")
        today = fields.Date.context_today(self)
        for record in self:
            if record.date_end >= today:
                raise UserError(
                    self.env._(
                        "“%(list)s” is measured after %(date)s. Looking earlier and stopping when "
                        "it looks good would make chance look like success.",
                        list=record.name,
                        date=format_date(self.env, record.date_end),
                    )
                )
            record._measure()
        return True

    @api.model
    def _cron_measure(self):
        """Measure every list whose days are over; one that fails does not stop the next."""
        today = fields.Date.context_today(self)
        due = Domain("state", "=", "running") & Domain("date_end", "<", today)
        lists = self.search(due, order="id")
        progress = self.env["ir.cron"]._commit_progress
        progress(remaining=len(lists))
        failure = None
        for record in lists:
            try:
                # people cancel and delete lists between the commits; whom they hold waits a night
                if self.search(due & Domain("id", "=", record.id)).try_lock_for_update():
                    record._measure()
            except psycopg2.errors.SerializationFailure:  # changed this very moment
                self.env.cr.rollback()
            except Exception as error:
                self.env.cr.rollback()
                _logger.exception("Campaign list %s could not be measured", record.id)
                failure = error
            if not progress(1):
                break
        if failure:
            raise failure

    def _measure(self):
        """Write down what each customer did and what the campaign brought, set-based."""
        self.ensure_one()
        self._lock_list("running", "measured")
        self.env.flush_all()
        inform_planner(self.env, READ_TABLES)
        with joining_by_hash(self.env):
            self.env.cr.execute(outcome_query(self, self._get_answer_parts()))
        frame = self._read_outcomes()
        treated = frame["treated"].to_numpy()
        orders = measure_uplift(treated, frame["ordered"].to_numpy(dtype=float))
        amounts = measure_amount_uplift(treated, frame["amount"].to_numpy(dtype=float))
        answers = int(frame["answered"].sum())
        contacted = int(treated.sum())
        # sudo: nobody writes what came of a list, it is found out here
        self.sudo().write(
            {
                "state": "measured",
                # who was erased since the start is gone
                "customer_count": len(frame),
                "treated_count": contacted,
                "holdout_count": len(frame) - contacted,
                "result": plain({"orders": orders, "amounts": amounts, "answers": answers}),
                "treated_rate": orders["treated"]["mean"] or 0.0,
                "holdout_rate": orders["holdout"]["mean"] or 0.0,
                "uplift": orders["uplift"] or 0.0,
                "data_until": self._get_data_until(),
            }
        )
        self._forget_members()

    def _read_outcomes(self):
        query = SQL(
            """SELECT arm = 'treated', ordered, amount::float8, answered
            FROM logistics_mining_list_member WHERE list_id = %s ORDER BY id""",
            self.id,
        )
        columns = ["treated", "ordered", "amount", "answered"]
        return pd.DataFrame(self.env.execute_query(query), columns=columns).astype(
            {"treated": bool, "ordered": bool, "answered": bool}
        )

    def _get_data_until(self):
        query = SQL(
            "SELECT MAX(date) FROM logistics_order_fact WHERE company_id = %s", self.company_id.id
        )
        return self.env.execute_query(query)[0][0]

    def _get_answer_parts(self):
        """Return queries of the ``partner_id`` of who answered without an order; a hook.

        An add-on that sends mailings adds its own, as who clicked in a mailing of the campaign.
        """
        if not self.campaign_id:
            return []
        window = {
            "campaign": self.campaign_id.id,
            "company": self.company_id.id,
            "start": self.date_start,
            "end": self.date_end,
        }
        return [
            SQL(
                """SELECT p.commercial_partner_id FROM crm_lead l
                JOIN res_partner p ON p.id = l.partner_id
                WHERE l.campaign_id = %(campaign)s
                    AND COALESCE(l.company_id, %(company)s) = %(company)s
                    AND l.create_date::date BETWEEN %(start)s AND %(end)s""",
                **window,
            ),
            SQL(
                """SELECT p.commercial_partner_id FROM sale_order o
                JOIN res_partner p ON p.id = o.partner_id
                WHERE o.campaign_id = %(campaign)s AND o.company_id = %(company)s
                    AND o.create_date::date BETWEEN %(start)s AND %(end)s""",
                **window,
            ),
        ]

    # ------------------------------------------------------------------ cancel

    def action_cancel(self):
        """Give up the measurement; what was started for customers goes on."""
        self.check_access("write")
        self._require_state("draft", "running")
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "UPDATE logistics_mining_list_member SET is_open = false WHERE list_id = ANY(%s)",
                self.ids,
            )
        )
        self.sudo().write({"state": "cancelled"})  # sudo: nobody writes the state by hand
        self._forget_members()
        return True

    # ------------------------------------------------------------------ words

    @api.depends("result")
    def _compute_verdict(self):
        for record in self:
            orders = (record.result or {}).get("orders")
            record.verdict = orders and record._judge(orders)

    @api.model
    def _judge(self, orders):
        """Return in one word what the difference between the groups means."""
        if not orders["enough"]:
            return "unknown"
        if not orders["significant"]:
            return "chance"
        return "gain" if orders["uplift"] > 0 else "harm"

    @api.depends("result", "state", "customer_count")
    @api.depends_context("lang")
    def _compute_result_text(self):
        for record in self:
            record.result_text = "\n".join(record._describe_result()) or False

    def _describe_result(self):
        """Return sentences that say what came of the list; tasks may add theirs."""
        if self.state == "running":
            return [
                self.env._(
                    "Running: what came of it is measured after %s.",
                    format_date(self.env, self.date_end),
                )
            ]
        if not self.result:
            return []
        if not self.customer_count:
            return [
                self.env._(
                    "Nobody is left to measure: the customers of this list were all deleted."
                )
            ]
        if not self.holdout_count:
            return [self._describe_orders()]
        return [self._describe_orders(), self._describe_gain(), *self._describe_amounts()]

    def _describe_orders(self):
        orders = self.result["orders"]
        treated, held = orders["treated"], orders["holdout"]
        figures = {
            "days": self.outcome_days,
            "treated": treated["customers"],
            "ordered": int(treated["outcomes"]),
            "rate": self._percent(treated["mean"]),
            "held": held["customers"],
            "held_ordered": int(held["outcomes"]),
            "held_rate": self._percent(held["mean"]),
        }
        if not held["customers"]:
            return self.env._(
                "Of %(treated)s customers contacted, %(ordered)s (%(rate)s%%) ordered within "
                "%(days)s days. Nobody was left alone to compare with.",
                **figures,
            )
        return self.env._(
            "Of %(treated)s customers contacted, %(ordered)s (%(rate)s%%) ordered within %(days)s "
            "days; of %(held)s left alone, %(held_ordered)s (%(held_rate)s%%).",
            **figures,
        )

    def _describe_gain(self):
        orders = self.result["orders"]
        if self.verdict == "unknown":
            return self._describe_too_few(orders["code"], orders["args"])
        figures = {
            "uplift": self._percent(orders["uplift"]),
            "low": self._percent(orders["low"]),
            "high": self._percent(orders["high"]),
            "gained": formatLang(self.env, orders["gained"], digits=0),
        }
        if self.verdict == "chance":
            return self.env._(
                "The difference is %(uplift)s points (between %(low)s and %(high)s with 95%% "
                "certainty): chance alone could make it, so do not count on it.",
                **figures,
            )
        if self.verdict == "harm":
            return self.env._(
                "The campaign did harm: %(uplift)s points (between %(low)s and %(high)s with 95%% "
                "certainty).",
                **figures,
            )
        return self.env._(
            "The campaign made the difference: %(uplift)s points more (between %(low)s and "
            "%(high)s with 95%% certainty), about %(gained)s customers who would not have ordered.",
            **figures,
        )

    def _describe_too_few(self, code, figures):
        texts = {
            "too_few_treated": self.env._(
                "Too few to measure: only %(count)s were contacted, %(needed)s are needed."
            ),
            "too_few_holdout": self.env._(
                "Too few to measure: only %(count)s were left alone, %(needed)s are needed."
            ),
            # of measurements stored before rare outcomes were measured as well
            "too_few_outcomes": self.env._(
                "Too few to measure: only %(count)s customers did other than the rest, %(needed)s "
                "are needed."
            ),
        }
        return texts[code] % figures

    def _describe_amounts(self):
        amounts = self.result["amounts"]
        if not amounts["enough"]:
            return []
        # sudo: a reader of lists need not be able to read the company's settings
        currency = self.company_id.sudo().currency_id
        low, high, uplift = (
            format_amount(self.env, amounts[name], currency) for name in ("low", "high", "uplift")
        )
        return [
            self.env._(
                "In money per customer: %(uplift)s (between %(low)s and %(high)s).",
                uplift=uplift,
                low=low,
                high=high,
            )
        ]

    def _percent(self, share):
        # adding 0 makes the zero that a small negative number is rounded to an ordinary one
        return formatLang(self.env, round(100 * (share or 0), 1) + 0.0, digits=1)

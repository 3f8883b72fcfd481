from ast import literal_eval
from collections import Counter
from contextlib import suppress
from datetime import timedelta

import numpy as np
import pandas as pd
from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL, format_date

from odoo.addons.logistics_crm.tools.planner import inform_planner

from ..analytics import assign_holdout, count_holdout
from ..tools.list_sql import choose_query, draw_query, drop_gone_query
from ..tools.read_tables import READ_TABLES
from .logistics_mining_list import UNREADABLE

OFFICER = "logistics_crm.group_logistics_officer"
STRATA = 5  # equal parts of the scores, each of which has its share left alone
MEASURABLE = 20  # customers that each group needs, see analytics/uplift.py
# What decides who is chosen: where it changes, those chosen before are taken off again.
CONDITIONS = (
    "band",
    "class_band",
    "customer_domain",
    "customer_limit",
    "segment_ids",
    "sort",
    "task_id",
    "value_from",
    "value_to",
)


class LogisticsMiningList(models.Model):
    """Who comes onto a campaign list, and who of them is left alone."""

    _inherit = "logistics.mining.list"

    @api.depends("customer_count", "holdout_share", "state")
    @api.depends_context("lang")
    def _compute_size_note(self):
        """Say before the start what can be measured with so many customers."""
        for record in self:
            record.size_note = record._describe_size() if record.state == "draft" else False

    def _describe_size(self):
        if not self.customer_count and self._origin.customer_count:  # changed, not saved yet
            return self.env._(
                "The conditions have changed since the customers were chosen: press Choose "
                "Customers to choose them again."
            )
        if not self.customer_count:
            return self.env._("Press Choose Customers to see who would be on the list.")
        if not self.holdout_share:
            return self.env._(
                "Nobody is left alone: it will be seen who ordered, but not what the campaign "
                "brought."
            )
        held = count_holdout(self.customer_count, self.holdout_share, seed=self._origin.id or 0)
        figures = {"held": held, "treated": self.customer_count - held, "needed": MEASURABLE}
        if min(held, self.customer_count - held) < MEASURABLE:
            return self.env._(
                "%(treated)s would be contacted and %(held)s left alone: too few to measure what "
                "the campaign brings, each group needs %(needed)s.",
                **figures,
            )
        return self.env._(
            "%(treated)s would be contacted and %(held)s left alone, drawn by chance.", **figures
        )

    # ------------------------------------------------------------------ conditions

    @api.onchange(*CONDITIONS)
    def _onchange_conditions(self):
        """Offer no start with customers whom the conditions on the screen have not chosen."""
        same = self._get_conditions() == self._origin._get_conditions()
        self.customer_count = self._origin.customer_count if same else 0
        self.left_out_count = self._origin.left_out_count if same else 0

    def write(self, vals):
        """Take everybody off a draft whose conditions change: others had chosen them."""
        drafts = self.browse()
        if not vals.keys().isdisjoint(CONDITIONS):
            drafts = self.filtered(lambda record: record.state == "draft")
        before = {record: record._get_conditions() for record in drafts}
        result = super().write(vals)
        changed = drafts.filtered(lambda record: record._get_conditions() != before[record])
        changed._drop_members()
        return result

    def _get_conditions(self):
        """Return what the list chooses by, to be compared."""
        values = {name: self[name] for name in CONDITIONS}
        values["task_id"] = self.task_id._origin
        values["segment_ids"] = set(self.segment_ids._origin.ids)
        with suppress(*UNREADABLE):  # a filter that is written in another way is the same
            values["customer_domain"] = Domain(literal_eval(self.customer_domain or "[]"))
        return values

    def _drop_members(self):
        if not self:
            return
        self.env.flush_all()
        self.env.cr.execute(
            SQL("DELETE FROM logistics_mining_list_member WHERE list_id = ANY(%s)", self.ids)
        )
        # sudo: the list counts its customers itself
        self.sudo().write({"customer_count": 0, "left_out_count": 0})
        self._forget_members()

    # ------------------------------------------------------------------ choose

    def action_choose(self):
        """Choose the customers by the newest scores and the filter, in place of those before."""
        self.ensure_one()
        self.check_access("write")
        self._lock_list("draft")  # two people pressing at once choose one after the other
        self._choose()
        return True if self.customer_count else self._tell_nobody()

    def _tell_nobody(self):
        """Return a notification that says why nobody was chosen."""
        if self.left_out_count:
            message = self.env._(
                "All who fit the conditions of “%(list)s” (%(count)s) are contacted by another "
                "running list of the same score, or left alone for one. Choose others, or wait "
                "until those lists are measured.",
                list=self.name,
                count=self.left_out_count,
            )
        else:
            message = self.env._(
                "The conditions of “%(list)s” fit nobody: widen them, and choose again.",
                list=self.name,
            )
        close = {"type": "ir.actions.act_window_close"}  # reloads the form
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {"type": "warning", "message": message, "sticky": True, "next": close},
        }

    def _choose(self):
        """Put customers whom the user may see onto the list: a constant number of statements."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL("DELETE FROM logistics_mining_list_member WHERE list_id = %s", self.id)
        )
        inform_planner(self.env, READ_TABLES)
        query = choose_query(self, self._get_fitting(), self._get_order())
        [(added, left_out)] = self.env.execute_query(query)
        # sudo: the list counts its customers itself
        self.sudo().write({"customer_count": added, "left_out_count": left_out})
        self._forget_members()

    def _forget_members(self):
        self.env["logistics.mining.list.member"].invalidate_model(flush=False)
        self.invalidate_recordset(["member_ids"], flush=False)

    def _get_fitting(self):
        """Return the query of whom the conditions fit, as far as the user may see them."""
        partners = self._get_partner_domain()
        if not self.task_id:
            found = self.env["res.partner"].with_company(self.company_id)._search(partners)
            return SQL(
                """SELECT p.id AS partner_id, NULL::float8 AS score_value, NULL::varchar AS band,
                    NULL::date AS score_date
                FROM res_partner p
                WHERE p.id IN %s AND p.commercial_partner_id = p.id""",
                found.subselect(),
            )
        scores = self.env["logistics.mining.score"].with_company(self.company_id)
        found = scores._search(self._get_score_domain() & Domain("partner_id", "any", partners))
        return SQL(
            """SELECT s.partner_id, s.value AS score_value, s.band, s.date AS score_date
            FROM logistics_mining_score s WHERE s.id IN %s""",
            found.subselect(),
        )

    def _get_partner_domain(self):
        domain = Domain(literal_eval(self.customer_domain)) & Domain("active", "=", True)
        domain &= Domain("ref_company_ids", "=", False)  # our own companies
        if not self.env.su and not self.env.user.has_group(OFFICER):
            domain &= Domain("is_own_customer", "=", True)
        return domain

    def _get_score_domain(self):
        domain = (
            Domain("task_id", "=", self.task_id.id)
            & Domain("company_id", "=", self.company_id.id)
            & Domain("is_newest", "=", True)
        )
        band = self.class_band if self.task_code == "key_account" else self.band
        if self.task_code == "segment":
            if self.segment_ids:
                domain &= Domain("segment_id", "in", self.segment_ids.ids)
        elif band:
            domain &= Domain("band", "=", band)
        if self.value_from:
            domain &= Domain("value", ">=", self.value_from)
        if self.value_to:
            domain &= Domain("value", "<=", self.value_to)
        return domain

    def _get_order(self):
        """Return who comes first; a hook for other ways of sorting."""
        if self.sort == "low":
            return SQL("member.score_value NULLS LAST")
        return SQL("member.score_value DESC NULLS LAST")

    # ------------------------------------------------------------------ start

    def action_start(self):
        """Draw who is left alone, and do with the others what was planned."""
        self.ensure_one()
        self.check_access("write")
        self._start(fields.Date.context_today(self))
        return True

    def _lock_list(self, *states):
        """Let nobody else start, measure or change the list until the end of the transaction.

        Parameters
        ----------
        *states : str
            It must be in one of these once nobody else can change it.
        """
        if not self.try_lock_for_update():
            raise UserError(
                self.env._(
                    "Somebody else is starting, measuring or changing “%(list)s” right now. Reload "
                    "the page in a moment to see what they did, and try again if it is still "
                    "needed.",
                    list=self.name,
                )
            )
        self.invalidate_recordset(["state"])
        self._require_state(*states)

    def _start(self, date):
        """Start the list on a day.

        Parameters
        ----------
        date : datetime.date
            Orders after this day count.
        """
        self._lock_list("draft")  # two people pressing at once start it once
        self.env.flush_all()
        dropped = Counter(why for [why] in self.env.execute_query(drop_gone_query(self)))
        members = self._read_members()
        if not len(members):
            self._refuse_empty_start(dropped)
        held = self._draw(members)
        self.env.cr.execute(draw_query(self, members.loc[held, "id"].tolist()))
        # sudo: the list finds out itself what it consists of
        self.sudo().write(
            {
                "state": "running",
                "date_start": date,
                "date_end": date + timedelta(days=self.outcome_days),
                "customer_count": len(members),
                "treated_count": int((~held).sum()),
                "holdout_count": int(held.sum()),
                "left_out_count": self.left_out_count + dropped["alone"] + dropped["busy"],
            }
        )
        self._forget_members()
        self._tell_start(dropped)
        self._treat()

    def _refuse_empty_start(self, dropped):
        """Say why there is nobody to start with; raising puts those who fell off back."""
        if dropped:
            raise UserError(
                self.env._(
                    "Nobody is left to contact. Of the customers chosen, %(busy)s are contacted by "
                    "another running list of the same score, %(alone)s are left alone for another "
                    "one, and %(archived)s were archived. Choose the customers again, or wait until"
                    " the other lists are measured.",
                    busy=dropped["busy"],
                    alone=dropped["alone"],
                    archived=dropped["archived"],
                )
            )
        raise UserError(
            self.env._(
                "There is nobody on the list. Choose the customers first, and again whenever its "
                "conditions have changed."
            )
        )

    def _tell_start(self, dropped):
        """Note on the list whom not to contact.

        Names stay out of it: what is written there outlives a customer who is erased, and is read
        by people who may not see all of them. Salespeople see the names on their dashboard.

        Parameters
        ----------
        dropped : collections.Counter
            How many customers fell off the list, by reason, see `drop_gone_query`.
        """
        lines = []
        if self.holdout_count:
            lines.append(
                self.env._(
                    "%(count)s of the customers chosen are left alone until %(day)s: please do not"
                    " contact them. Each salesperson sees theirs on the dashboard.",
                    count=self.holdout_count,
                    day=format_date(self.env, self.date_end),
                )
            )
        if dropped["alone"] or dropped["busy"]:
            lines.append(
                self.env._(
                    "Fell off after they were chosen: %(count)s. Of them %(alone)s are left alone"
                    " for another list, the others are contacted by another one of the same score.",
                    count=dropped["alone"] + dropped["busy"],
                    alone=dropped["alone"],
                )
            )
        if dropped["archived"]:
            lines.append(
                self.env._(
                    "Fell off because they were archived after they were chosen: %(count)s.",
                    count=dropped["archived"],
                )
            )
        if lines:
            self.message_post(body=Markup("<br/>").join(lines))

    def _read_members(self):
        query = SQL(
            """SELECT id, partner_id, score_value FROM logistics_mining_list_member
            WHERE list_id = %s ORDER BY id""",
            self.id,
        )
        rows = self.env.execute_query(query)
        return pd.DataFrame(rows, columns=["id", "partner_id", "score_value"])

    def _draw(self, members):
        """Return who is held out: by chance, alike among high and low scores, and repeatable."""
        if not self.holdout_share:
            return np.zeros(len(members), dtype=bool)
        rank = members["score_value"].astype(float).rank(method="first", na_option="bottom")
        strata = np.ceil(rank / len(members) * STRATA).astype(int)
        return assign_holdout(members["partner_id"], strata, self.holdout_share, seed=self.id)

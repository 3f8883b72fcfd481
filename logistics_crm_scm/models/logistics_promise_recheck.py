import json
import logging
from datetime import timedelta

import psycopg2.errors

from odoo import api, fields, models
from odoo.tools import SQL

from ..tools.languages import in_language

_logger = logging.getLogger(__name__)

BATCH = 100  # products
NOTED = "logistics.promise.recheck"
# Longer than a request lasts: whatever overlapped with a confirmation is over by then.
OVERLAP = timedelta(minutes=2)


class LogisticsPromiseRecheck(models.Model):
    """Products whose supply changed while promises of them are held.

    Whatever changes supply notes it (`_note`), which costs nothing before the end of the
    transaction. Then one statement keeps what concerns held promises, and only where there is any,
    the scheduled action is woken up. It works through the products in batches; what fails is left
    marked, and tried again at night, when all held promises are looked at.

    What changes supply while an order is being confirmed sees no promise yet, as the confirmation
    does not see the change. So what was just promised is looked at once more a little later.
    """

    _name = "logistics.promise.recheck"
    _description = "Promises to Check"
    _order = "id"
    _rec_name = "product_id"

    product_id = fields.Many2one(
        "product.product", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade")
    reasons = fields.Json(readonly=True, help="What happened, by language.")
    reason = fields.Char(compute="_compute_reason")
    document = fields.Char(readonly=True)
    due = fields.Datetime("Not Before", readonly=True, help="Empty: at once.")
    error = fields.Char(readonly=True, help="Why it could not be checked.")

    @api.depends("reasons", "due")
    @api.depends_context("lang")
    def _compute_reason(self):
        for row in self:
            row.reason = in_language(row.reasons or {}, self.env.lang) or (
                self.env._("Promised a moment ago: checked once more.")
                if row.due
                else self.env._("All promises are checked every night.")
            )

    # ------------------------------------------------------------
    # NOTE
    # ------------------------------------------------------------

    @api.model
    def _note(self, product, company, reasons, document=False):
        """Remember until the end of the transaction that the supply of a product changed.

        Parameters
        ----------
        product : product.product
        company : res.company
        reasons : dict
            What happened, in words by language, as of `say_in_each_language`.
        document : str, optional
            Name of the document behind it.
        """
        precommit = self.env.cr.precommit
        if NOTED not in precommit.data:
            precommit.data[NOTED] = {}
            precommit.add(self.sudo()._write_noted)
        told = json.dumps(reasons)
        key = product.id, company.id, told, document or None
        precommit.data[NOTED].pop(key, None)  # what is told again is the latest
        precommit.data[NOTED][key] = True

    @api.model
    def _write_noted(self):
        """Keep what was noted about products of which promises are held."""
        noted = self.env.cr.precommit.data.pop(NOTED, None)
        if not noted:
            return
        values = SQL(", ").join(
            SQL("(%s::int, %s::int, %s::jsonb, %s::text)", *row) for row in noted
        )
        self._insert(
            SQL(
                """(VALUES %s) AS n (product, company, reasons, document)
                WHERE EXISTS (
                    SELECT 1 FROM logistics_promise_line l
                    WHERE l.product_id = n.product AND l.company_id = n.company
                        AND l.state = 'held'
                ) OR EXISTS (
                    SELECT 1 FROM logistics_promise_part p
                    JOIN logistics_promise_line l ON l.id = p.line_id
                    WHERE p.product_id = n.product AND l.company_id = n.company
                        AND l.state = 'held'
                )""",
                values,
            )
        )

    @api.model
    def _look_again(self, products, company):
        """Have what was just promised of products of a company looked at once more, later."""
        if products:
            rows = SQL(
                "(SELECT p, %s, NULL::jsonb, NULL FROM unnest(%s) AS p)", company.id, products.ids
            )
            source = SQL("%s AS n (product, company, reasons, document)", rows)
            self._insert(source, fields.Datetime.now() + OVERLAP)

    @api.model
    def _insert(self, source, due=None):
        """Queue rows of (product, company, reasons, document); wake the action if there are any."""
        query = SQL(
            """INSERT INTO logistics_promise_recheck
                (product_id, company_id, reasons, document, due, create_date, write_date)
            SELECT n.product, n.company, n.reasons, n.document, %(due)s, %(now)s, %(now)s
            FROM %(source)s
            RETURNING id""",
            source=source,
            due=due,
            now=fields.Datetime.now(),
        )
        rows = self.env.execute_query(query)
        cron = self.env.ref("logistics_crm_scm.ir_cron_promise_recheck", raise_if_not_found=False)
        if rows and cron:
            cron._trigger(due)

    @api.model
    def _cron_note_all(self):
        """Have all held promises checked: the passing of time alone can make them late."""
        self.env["logistics.promise.line"].flush_model(["company_id", "product_id", "state"])
        self.search([("error", "!=", False)]).unlink()
        self._insert(
            SQL(
                """(SELECT DISTINCT product_id, company_id, NULL::jsonb, NULL::text
                FROM logistics_promise_line WHERE state = 'held'
                ) AS n (product, company, reasons, document)"""
            )
        )

    # ------------------------------------------------------------
    # CHECK
    # ------------------------------------------------------------

    @api.model
    def _cron_recheck(self):
        """Check what is queued, in batches, each committed by itself; then tell the customers."""
        progress = self.env["ir.cron"]._commit_progress
        groups = self._read_group(self._get_open_domain(), ["company_id", "product_id"])
        progress(remaining=len(groups))
        while batch := self._get_batch():
            number = len(batch.product_id)
            batch._process_safely()
            if not progress(number):
                return
        self.env["logistics.promise.line"]._send_due_notices()

    @api.model
    def _get_batch(self):
        """Return the rows of the next products of one company."""
        company = self.search(self._get_open_domain(), limit=1).company_id
        domain = [*self._get_open_domain(), ("company_id", "=", company.id)]
        products = self._read_group(domain, ["product_id"], limit=BATCH)
        ids = [product.id for (product,) in products]
        return self.search([*domain, ("product_id", "in", ids)])

    @api.model
    def _get_open_domain(self):
        now = fields.Datetime.now()
        return [("error", "=", False), "|", ("due", "=", False), ("due", "<=", now)]

    def _process_safely(self):
        """Check the rows; where that fails, product by product, and mark those that fail."""
        try:
            with self.env.cr.savepoint():
                self._process()
        except psycopg2.errors.SerializationFailure:
            raise  # somebody else wrote the same promises: Odoo runs the action again
        except Exception as error:
            products = self.grouped("product_id")
            if len(products) > 1:
                for rows in products.values():
                    rows._process_safely()
                return
            _logger.exception("Promises of product %s cannot be checked", self.product_id.id)
            self.error = str(error).strip().partition("\n")[0] or type(error).__name__

    def _process(self):
        """Bring the promises of these products up to date; start playbooks for new risks."""
        news = {}
        for row in self.filtered("reasons"):
            news.setdefault(row.product_id.id, []).append((row.reasons, row.document))
        domain = [
            ("company_id", "=", self.company_id.id),
            ("state", "=", "held"),
            "|",
            ("product_id", "in", self.product_id.ids),
            ("part_ids.product_id", "in", self.product_id.ids),
        ]
        lines = self.env["logistics.promise.line"].search(domain)
        risky = self.env["logistics.promise"]._follow_up(lines, news)
        self.env["logistics.playbook"]._look_at(risky.order_id)
        self.unlink()

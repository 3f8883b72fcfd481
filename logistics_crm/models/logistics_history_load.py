from contextlib import contextmanager

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError, UserError, ValidationError
from odoo.tools import SQL

from ..loader import checks
from ..loader.columns import (
    COLUMNS,
    COPY_FLAGGED_ROWS,
    COPY_ROWS,
    CREATE_STAGE,
    KEY_LENGTH,
)
from ..loader.copy_stream import MARK, CopyStream
from ..loader.customers import map_customers
from ..loader.products import map_products
from ..loader.reasons import get_messages
from ..loader.upsert import upsert
from ..tools.planner import joining_by_hash

ANALYZE_FROM = 1_000
"""From this many staged lines on the planner needs statistics of its own. Without them it joins
the staging table to itself by nested loops, which takes the square of the lines."""
YOUNG_BYTES = 2_000
"""So much of history for each staged line is not much: some 17 lines."""

REJECTED_PAGE = 5_000


class LogisticsHistoryLoad(models.Model):
    """One load of sales history: a call of the API or a file.

    The engine is three steps, each of which leaves the load in a state of its own, so that people
    can look between them: ``_stage`` (rows into the staging table), ``_check`` (every reason not
    to accept a line) and ``_apply`` (create, update). None of them knows about files.
    """

    _name = "logistics.history.load"
    _description = "Sales History Load"
    _inherit = "logistics.company.record"
    _order = "id desc"
    _rec_name = "source"
    _check_company_auto = True

    source = fields.Char(required=True, help="The system that the lines come from.")
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    user_id = fields.Many2one(
        "res.users", string="Loaded By", required=True, default=lambda self: self.env.user
    )
    create_missing = fields.Boolean(
        string="Create Unknown Customers and Products",
        default=True,
        help="Otherwise lines of unknown customers or products are rejected.",
    )
    allow_anonymous = fields.Boolean(
        string="Accept Lines Without Customer",
        help="They serve demand and cross-selling, never customer scores.",
    )
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("staged", "Read"),
            ("checked", "Checked"),
            ("done", "Done"),
            ("failed", "Failed"),
            ("cancelled", "Undone"),
        ],
        required=True,
        default="draft",
        readonly=True,
        index=True,
    )
    staged_count = fields.Integer(string="Lines Read", readonly=True)
    good_count = fields.Integer(string="Good Lines", readonly=True)
    rejected_count = fields.Integer(string="Rejected Lines", readonly=True)
    existing_count = fields.Integer(
        string="Lines Already There",
        readonly=True,
        help="Good lines whose order and line this source has brought before: what differs will "
        "be replaced.",
    )
    created_count = fields.Integer(string="Lines Created", readonly=True)
    updated_count = fields.Integer(string="Lines Updated", readonly=True)
    unchanged_count = fields.Integer(string="Lines Unchanged", readonly=True)
    message = fields.Text(readonly=True)

    def init(self):
        """Create the staging table. It is no model: it is written by COPY and emptied soon."""
        self.env.cr.execute(CREATE_STAGE)

    @api.constrains("source")
    def _check_source(self):
        for load in self:
            source = load.source or ""
            if not source.strip() or len(source) > KEY_LENGTH or not source.isprintable():
                raise ValidationError(
                    self.env._(
                        "The source “%(name)s” is not usable: give the name of the system that "
                        "the lines come from, at most %(length)s printable characters.",
                        name=source[:64],
                        length=KEY_LENGTH,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        """Drop spaces around the source: “ERP” and “ERP ” are one system."""
        for vals in vals_list:
            if isinstance(vals.get("source"), str):
                vals["source"] = vals["source"].strip()
        return super().create(vals_list)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_with_lines(self):
        """Keep the origin of the lines known, and leave nothing of deleted loads staged."""
        # sudo: lines that the user may not see count, too: none may lose its load
        history = self.env["logistics.sales.history"].sudo()
        if history.search_count([("load_id", "in", self.ids)], limit=1):
            raise UserError(
                self.env._("Sales lines still come from this load: undo it before deleting it.")
            )
        self._discard()

    def action_undo(self):
        """Delete the sales lines that these loads were the last to write.

        What a line was before one of these loads replaced it is not kept: load the source again.
        Customers and products stay, as they may be in use by now.
        """
        self.check_access("write")
        history = self.env["logistics.sales.history"]
        history.check_access("unlink")
        if any(load.state != "done" for load in self):
            raise UserError(self.env._("Only a load that is done can be undone."))
        self.env.flush_all()
        # by SQL: a load may hold a million lines, and nothing refers to them but views
        self.env.cr.execute(
            SQL("DELETE FROM logistics_sales_history WHERE load_id = ANY(%s)", self.ids)
        )
        self.env.invalidate_all(flush=False)
        self._discard()
        self.write({"state": "cancelled"})

    # ------------------------------------------------------------------
    # Engine
    # ------------------------------------------------------------------

    def _stage(self, rows, flagged=False, after=0):
        """Stream rows into the staging table, replacing what this load had staged before.

        Parameters
        ----------
        rows : iterable of tuples of (str or None)
            Values in the order of ``COLUMNS``, dates as ISO 8601, numbers with a decimal dot.
            Read once, in chunks; an error that it raises comes out of this method.
        flagged : bool
            Rows carry two values more: the field and reason code of a rejection found while
            reading, or None.
        after : int
            Number of rows that are staged already and stay; 0 replaces them all.

        Returns
        -------
        int
            Number of rows staged, those before included.
        """
        self.ensure_one()
        if not after:
            self._discard()
        stream = CopyStream(rows, self.id, len(COLUMNS) + (2 if flagged else 0))
        stream.row_count = after
        self.env.cr.copy_expert(COPY_FLAGGED_ROWS if flagged else COPY_ROWS, stream)
        if stream.error:
            raise stream.error
        self.write({"state": "staged", "staged_count": stream.row_count, **self._no_counts()})
        return stream.row_count

    def _check(self):
        """Find every line that cannot be accepted, with its first field and reason.

        Of several good lines with the same order and line the first one counts, the others are
        rejected as duplicates, equal or not: nothing that was sent disappears in silence.
        """
        self.ensure_one()
        self._prepare_engine()
        self._analyze(SQL("logistics_history_stage"))
        self._analyze(SQL("logistics_source_key"))
        with self._large_joins():
            for statement in checks.statements(self):
                self.env.cr.execute(statement)
        [(good, rejected)] = self.env.execute_query(checks.count_query(self))
        self.write(
            {
                **self._no_counts(),
                "state": "checked",
                "good_count": good,
                "rejected_count": rejected,
            }
        )

    def _apply(self, recheck=True):
        """Create the lines that are new and update those that differ.

        A line that was loaded before is replaced as a whole. Unknown customers and products of
        good lines are created.

        Parameters
        ----------
        recheck : bool
            Look again at what may have changed since the check: customers, products, currencies.
            Not needed when the check belongs to the same transaction.

        Returns
        -------
        dict
            Numbers of lines ``created``, ``updated`` and ``unchanged``.

        Raises
        ------
        UserError
            When the load was not checked, or what it was checked against has changed since.
        """
        self.ensure_one()
        if self.state != "checked":
            raise UserError(self.env._("Check the lines of this load before applying them."))
        self._prepare_engine()
        if recheck:
            self._recheck()
        map_customers(self)
        map_products(self)
        self.env.flush_all()
        self._analyze(SQL("logistics_source_key"))
        with self._young_joins():
            created, updated = upsert(self)
        self.env["logistics.sales.history"].invalidate_model()
        counts = {
            "created": created,
            "updated": updated,
            "unchanged": self.good_count - created - updated,
        }
        self.write({"state": "done", **{f"{name}_count": n for name, n in counts.items()}})
        return counts

    def _recheck(self):
        for statement in checks.reference_statements(self):
            with self._large_joins():
                self.env.cr.execute(statement)
                changed = self.env.cr.rowcount
            if changed:
                raise UserError(
                    self.env._(
                        "Customers, products or currencies have changed since these lines were "
                        "checked. Check them again; nothing was written."
                    )
                )

    def _discard(self):
        """Empty the staging table of these loads."""
        self.env.cr.execute(
            SQL("DELETE FROM logistics_history_stage WHERE load_id = ANY(%s)", self.ids)
        )

    def _iter_rejected(self):
        """Yield the rejected lines in the order they came, with bounded memory.

        Yields
        ------
        dict
            ``row`` (int, from 1), ``order`` and ``line`` (str or False), ``field`` (a name of
            ``COLUMNS``, or what the line called it), ``code`` (reason code), ``reason`` (sentence
            in the reader's language) and ``values`` (dict of the texts that came, by column).
        """
        self.ensure_one()
        messages = get_messages(self.env)
        last = 0
        while page := self.env.execute_query(checks.rejected_query(self, last, REJECTED_PAGE)):
            for row, field, code, *texts in page:
                values = {
                    name: text.replace(MARK, "\N{REPLACEMENT CHARACTER}") if text else False
                    for name, text in zip(COLUMNS, texts, strict=True)
                }
                yield {
                    "row": row,
                    "order": values["order"],
                    "line": values["line"],
                    "field": field,
                    "code": code,
                    "reason": messages[code]
                    % {"value": (values.get(field) or "")[:64], "field": field},
                    "values": values,
                }
            last = page[-1][0]

    def _no_counts(self):
        return {
            f"{name}_count": 0
            for name in ("good", "rejected", "existing", "created", "updated", "unchanged")
        }

    def _analyze(self, table):
        """Refresh the planner's statistics before large joins, unless another load does."""
        if self.staged_count >= ANALYZE_FROM:
            self.env.cr.execute(SQL("ANALYZE (SKIP_LOCKED) %s", table))

    @contextmanager
    def _large_joins(self):
        """Join the lines of a large load by hashing, even where statistics are missing or old.

        A planner that takes a load for a single line nests one scan of all lines in another. The
        setting ends with the block, or with the transaction that fails in it.
        """
        if self.staged_count < ANALYZE_FROM:
            yield
            return
        with joining_by_hash(self.env):
            yield

    @contextmanager
    def _young_joins(self):
        """Join by hashing while the history is not much larger than the load.

        It grows many times its size within minutes then, and what the planner believes of it may
        be from a moment when it was empty. In a large history it pays to look each line up.
        """
        [(size,)] = self.env.execute_query(
            SQL("SELECT pg_relation_size('logistics_sales_history')")
        )
        if size > self.staged_count * YOUNG_BYTES:
            yield
            return
        with self._large_joins():
            yield

    def _prepare_engine(self):
        """Let SQL see what the ORM holds, and let one load of a source run at a time.

        A load that had to wait reads the database as it was before the other one finished, so it
        asks to be called again rather than work on old data. (Unique indexes guard the rest.)
        """
        self.env.flush_all()
        lock = SQL(
            "hashtextextended(%s, 0)", f"logistics.history.load/{self.company_id.id}/{self.source}"
        )
        [(free,)] = self.env.execute_query(SQL("SELECT pg_try_advisory_xact_lock(%s)", lock))
        if not free:
            self.env.cr.execute(SQL("SELECT pg_advisory_xact_lock(%s)", lock))
            raise ConcurrencyError("Another load of this source has just finished")
        # Hash tables over a whole load fit into memory; compiling its statements never pays.
        self.env.cr.execute(SQL("SET LOCAL work_mem = '64MB'; SET LOCAL jit = off"))

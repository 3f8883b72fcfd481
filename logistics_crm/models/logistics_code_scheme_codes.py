from typing import NamedTuple

from odoo import api, models, tools
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL, split_every

from ..tools import code_format

BATCH = 5000


class CodeSettings(NamedTuple):
    """What giving and checking codes needs of a scheme, cached per registry."""

    sequence: str
    table: str
    column: str
    current: code_format.CodeFormat
    accepted: tuple


class LogisticsCodeScheme(models.Model):
    """Giving codes, checking them, and finding what they stand for."""

    _inherit = "logistics.code.scheme"

    @api.model
    def _next_codes(self, model_name, count):
        """Give codes that no record has or will get again.

        The counter is a PostgreSQL sequence: two transactions never draw the same number, and
        what a transaction that fails has drawn is left out. Codes written by hand ahead of the
        counter are skipped.

        Parameters
        ----------
        model_name : str
            Model of the records, as ``res.partner``.
        count : int

        Returns
        -------
        list of str
            ``count`` codes in the order of their counters; two queries for any count.

        Raises
        ------
        UserError
            Where the model has no code scheme.
        """
        settings = self._get_settings(model_name)
        if not settings:
            raise UserError(self._get_missing_scheme_message(model_name))
        codes, size = [], count
        while len(codes) < count:
            drawn = self._draw_codes(settings, size)
            taken = self._get_taken_codes(settings, drawn)
            codes += [code for code in drawn if code not in taken]
            size *= 2  # a block of imported codes lies ahead: get past it in few steps
        return codes[:count]

    @api.model
    def _retire_codes(self, model_name, codes):
        """Never give codes (list of str) again that records have lost or were deleted with.

        The counter is past all codes that it gave. It is moved only past those that were written
        by hand ahead of it.
        """
        settings = self._get_settings(model_name)
        if not settings:
            return
        numbers = (settings.current.read_number(code) or 0 for code in codes)
        last_number = max(numbers, default=0)
        # sudo: who may delete a record need not be one who may configure schemes
        scheme = self.sudo().search([("model", "=", model_name)])
        if last_number >= scheme.number_next:
            scheme.number_next = last_number + 1

    @api.model
    def _has_scheme(self, model_name):
        return bool(self._get_settings(model_name))

    @api.model
    def _is_valid_code(self, model_name, code):
        """Tell whether a code is well formed for records of the model.

        Codes given before the scheme was changed stay valid. Where the model has no scheme,
        every code is.
        """
        settings = self._get_settings(model_name)
        return not settings or any(known.accepts(code or "") for known in settings.accepted)

    @api.model
    def _suggest_code(self, model_name, code):
        """Return the well-formed code (str) that was probably meant, or False."""
        settings = self._get_settings(model_name)
        code = code_format.normalize(code)
        if not settings or not code:
            return False
        if self._is_valid_code(model_name, code):
            return code
        suggestions = (known.suggest(code) for known in settings.accepted)
        return next(filter(None, suggestions), False)

    @api.model
    def _suggest_typed_code(self, model_name, text):
        """Return the code (str) that a mistyped or scanned one probably means, or False.

        False for a code without an error, and for a text that is no code.
        """
        for typed in code_format.read_scanned(text):
            if self._read_code(model_name, typed):
                return False
            code = self._suggest_code(model_name, typed)
            if code:
                return code
        return False

    @api.model
    def _get_example_code(self, model_name):
        settings = self._get_settings(model_name)
        return settings.current.encode(1) if settings else ""

    @api.model
    @tools.ormcache("model_name")
    def _get_settings(self, model_name):
        # sudo: codes are given and checked whoever creates the record; nothing is shown of it
        scheme = self.sudo().search([("model", "=", model_name)])
        if not scheme:
            return None
        current = scheme._to_code_format()
        accepted = (current, *(record._to_code_format() for record in scheme.format_ids))
        return CodeSettings(
            sequence=f"ir_sequence_{scheme.sequence_id.id:03d}",
            table=self.env[model_name]._table,
            column=scheme.field_id.name,
            current=current,
            accepted=accepted,
        )

    @api.model
    def _draw_codes(self, settings, count):
        rows = self.env.execute_query(
            SQL("SELECT nextval(%s) FROM generate_series(1, %s)", settings.sequence, count)
        )
        return [settings.current.encode(number) for number in sorted(row[0] for row in rows)]

    @api.model
    def _get_taken_codes(self, settings, codes):
        column = SQL.identifier(settings.column)
        query = SQL(
            """SELECT %(column)s FROM %(table)s WHERE %(column)s = ANY(%(codes)s)
                UNION SELECT code FROM logistics_code_alias WHERE code = ANY(%(codes)s)""",
            column=column,
            table=SQL.identifier(settings.table),
            codes=codes,
        )
        return {row[0] for row in self.env.execute_query(query)}

    @api.model
    def _get_missing_scheme_message(self, model_name):
        # sudo: names of models are not readable for everyone, and the message needs one
        kind = self.env["ir.model"].sudo()._get(model_name).name or model_name
        return self.env._(
            "There is no code scheme for %(kind)s. A Logistics Manager can add one under "
            "Configuration > Code Schemes.",
            kind=kind,
        )

    @api.model
    def _get_code_domain(self, model_name, text):
        """Return the domain of the record that a typed or scanned code stands for.

        Parameters
        ----------
        model_name : str
        text : str
            In any case, with or without separators, as a scanner of GS1 codes reads it; the
            record's code, or one that it had before it was changed or merged.

        Returns
        -------
        Domain or None
            None where the text is no code of a record, so that it may be a name.
        """
        settings = self._get_settings(model_name)
        if not settings or not isinstance(text, str):
            return None
        code = self._read_code(model_name, text)
        if not code:
            return None
        exact = Domain(settings.column, "=", code)
        owners = self.env["logistics.code.alias"]._find_owners(model_name, [code])
        if owners:
            return exact | Domain("id", "in", list(owners.values()))
        found = self.env[model_name].with_context(active_test=False).search_count(exact, limit=1)
        return exact if found else None

    @api.model
    def _read_code(self, model_name, text):
        """Return the well-formed code (str) that was typed or scanned, or False."""
        settings = self._get_settings(model_name)
        for candidate in code_format.read_scanned(text) if settings else ():
            for known in settings.accepted:
                code = known.decode(candidate)
                if code:
                    return code
        return False

    def action_assign_codes(self):
        """Give codes to the records that have none."""
        self.ensure_one()
        self.check_access("write")
        count = self._assign_missing_codes()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._("%(count)s records got a code.", count=count),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def _assign_missing_codes(self):
        """Give codes to all records without one, archived ones included, thousands at a time.

        Returns
        -------
        int
            How many got one. A few statements for every 5,000 of them.
        """
        model, settings = self.env[self.model], self._get_settings(self.model)
        model.flush_model()
        column, table = SQL.identifier(settings.column), SQL.identifier(settings.table)
        rows = self.env.execute_query(
            SQL(
                "SELECT id FROM %s WHERE (%s IS NULL OR %s = '') AND %s ORDER BY id",
                table,
                column,
                column,
                self._get_needs_code_condition(),
            )
        )
        for ids in split_every(BATCH, (row[0] for row in rows), list):
            self.env.cr.execute(
                SQL(
                    """UPDATE %s SET %s = given.code
                         FROM unnest(%s::int[], %s::varchar[]) AS given(id, code)
                        WHERE %s = given.id""",
                    table,
                    column,
                    ids,
                    self._next_codes(self.model, len(ids)),
                    SQL.identifier(settings.table, "id"),
                )
            )
            model.browse(ids).invalidate_recordset([settings.column], flush=False)
            model.browse(ids).modified([settings.column])
        return len(rows)

    def _get_needs_code_condition(self):
        """Return the condition (SQL) on records that need a code; not every partner does."""
        if self.model == "res.partner":
            return SQL("(is_company OR (parent_id IS NULL AND customer_rank > 0))")
        return SQL("TRUE")

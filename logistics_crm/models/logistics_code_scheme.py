import re

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL

from ..tools import code_format

MAX_PADDING = 15
PREFIX_PATTERN = re.compile(r"[0-9A-Z-]{1,10}")


class LogisticsCodeScheme(models.Model):
    """How the records of one model are numbered, the same for all companies."""

    _name = "logistics.code.scheme"
    _description = "Code Scheme"
    _order = "name, id"

    name = fields.Char(required=True, translate=True)
    model_id = fields.Many2one(
        "ir.model", required=True, ondelete="cascade", domain=[("transient", "=", False)]
    )
    model = fields.Char(
        related="model_id.model", string="Technical Name", store=True, precompute=True
    )
    field_id = fields.Many2one(
        "ir.model.fields",
        string="Code Field",
        required=True,
        ondelete="cascade",
        domain="[('model_id', '=', model_id), ('ttype', '=', 'char'), ('store', '=', True),"
        " ('translate', '=', False), ('company_dependent', '=', False)]",
        help="The field of the record that holds the code.",
    )
    prefix = fields.Char(required=True, help="Capital letters, digits and dashes.")
    padding = fields.Integer(
        string="Digits",
        required=True,
        default=6,
        help="Least number of digits of the counter. It grows beyond when it must.",
    )
    check = fields.Selection(
        [
            (code_format.CHECK_NONE, "None"),
            (code_format.CHECK_GS1, "GS1 modulo 10 (a digit)"),
            (code_format.CHECK_ISO7064, "ISO 7064 MOD 37,36 (a digit or letter)"),
        ],
        string="Check Character",
        required=True,
        default=code_format.CHECK_ISO7064,
        help="The last character, computed from the others, so that a typing error is noticed. "
        "ISO 7064 covers the prefix as well and finds every single error and every swap of two "
        "neighbours. GS1 covers the digits at the end only, and suits scanners that know digits "
        "alone.",
    )
    sequence_id = fields.Many2one("ir.sequence", readonly=True, copy=False, ondelete="restrict")
    number_next = fields.Integer(
        string="Next Number", compute="_compute_number_next", inverse="_inverse_number_next"
    )
    next_code = fields.Char(compute="_compute_next_code")
    format_ids = fields.One2many(
        "logistics.code.format", "scheme_id", string="Also Accepted", copy=False
    )
    tried_code = fields.Char(string="Try a Code", compute="_compute_tried_code", readonly=False)
    tried_result = fields.Char(string="Result", compute="_compute_tried_result")

    _model_uniq = models.UniqueIndex(
        "(model_id)", "There is a code scheme for this kind of record already."
    )

    @api.depends("sequence_id")
    def _compute_number_next(self):
        for scheme in self:
            # sudo: the counter is an ir.sequence, which only administrators may read and change
            scheme.number_next = scheme.sequence_id.sudo().number_next_actual or 1

    def _inverse_number_next(self):
        for scheme in self:
            # sudo: see _compute_number_next
            sequence = scheme.sequence_id.sudo()
            if scheme.number_next < sequence.number_next_actual:
                raise ValidationError(
                    self.env._(
                        "The next number of %(scheme)s cannot go back below %(number)s: "
                        "codes are never given twice.",
                        scheme=scheme.name,
                        number=sequence.number_next_actual,
                    )
                )
            if scheme.number_next > sequence.number_next_actual:
                sequence.number_next_actual = scheme.number_next

    @api.depends("prefix", "padding", "check", "number_next")
    def _compute_next_code(self):
        for scheme in self:
            code = scheme.prefix and scheme._to_code_format().encode(scheme.number_next or 1)
            scheme.next_code = code

    def _compute_tried_code(self):
        self.tried_code = False

    @api.depends("tried_code", "prefix", "padding", "check")
    def _compute_tried_result(self):
        for scheme in self:
            scheme.tried_result = scheme._try_code(code_format.normalize(scheme.tried_code))

    @api.constrains("prefix", "padding", "check")
    def _check_format(self):
        self._check_format_values(self)
        self._check_prefix_is_unambiguous()

    @api.constrains("model_id", "field_id")
    def _check_field(self):
        for scheme in self:
            field = scheme.field_id
            definition = self.env[scheme.model]._fields.get(field.name)
            is_plain_text = (
                field.ttype == "char"
                and field.store
                and not (definition.translate or definition.company_dependent)
            )
            if field.model_id != scheme.model_id or not is_plain_text:
                raise ValidationError(
                    self.env._(
                        "%(field)s cannot hold the codes of %(scheme)s: choose a stored, "
                        "untranslated text field of the same kind of record.",
                        field=field.field_description,
                        scheme=scheme.name,
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        for scheme in self:
            if scheme.number_next > 1:
                raise UserError(
                    self.env._(
                        "%(scheme)s has given codes already and stays, so that none is given "
                        "again. You can change its format instead.",
                        scheme=scheme.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        """Give every scheme a counter of its own."""
        bare = [vals for vals in vals_list if not vals.get("sequence_id")]
        # sudo: a Logistics Manager configures schemes without being a system administrator
        sequences = (
            self.env["ir.sequence"]
            .sudo()
            .create([self._prepare_sequence_values(vals) for vals in bare])
        )
        for vals, sequence in zip(bare, sequences, strict=True):
            vals["sequence_id"] = sequence.id
        schemes = super().create(vals_list)
        self.env.registry.clear_cache()
        return schemes

    def write(self, vals):
        """Keep what a changed format was before: the codes given by it stay valid."""
        if not vals.keys() & {"prefix", "padding", "check"}:
            result = super().write(vals)
        else:
            before = [(scheme, scheme._to_code_format()) for scheme in self]
            last_numbers = [scheme._get_last_number() for scheme in self]
            result = super().write(vals)
            self._keep_formats(before, last_numbers)
        self.env.registry.clear_cache()
        return result

    def unlink(self):
        """Take the counters along."""
        # sudo: see create
        sequences = self.sequence_id.sudo()
        result = super().unlink()
        sequences.unlink()
        self.env.registry.clear_cache()
        return result

    @api.model
    def _prepare_sequence_values(self, vals):
        return {
            "name": self.env._("Code scheme: %(scheme)s", scheme=vals.get("name")),
            "code": "logistics.code.scheme",
            "company_id": False,
        }

    def _to_code_format(self):
        self.ensure_one()
        return code_format.CodeFormat(self.prefix or "", self.padding, self.check)

    def _keep_formats(self, before, last_numbers):
        self.env["logistics.code.format"].create(
            [
                {
                    "scheme_id": scheme.id,
                    "prefix": old.prefix,
                    "padding": old.padding,
                    "check": old.check,
                    "last_number": last_number,
                }
                for (scheme, old), last_number in zip(before, last_numbers, strict=True)
                if last_number and old != scheme._to_code_format()
            ]
        )

    def _get_last_number(self):
        """Return the greatest counter given by the scheme or in use in its present format."""
        self.ensure_one()
        model = self.env[self.model]
        model.flush_model([self.field_id.name])
        column = SQL.identifier(self.field_id.name)
        check_length = 0 if self.check == code_format.CHECK_NONE else 1
        pattern = f"^{self.prefix}([0-9]{{{self.padding},{MAX_PADDING}}})"
        pattern += "[0-9A-Z]" * check_length + "$"
        query = SQL(
            "SELECT max(substring(%s from %s)::bigint) FROM %s",
            column,
            pattern,
            SQL.identifier(model._table),
        )
        [(in_use,)] = self.env.execute_query(query)
        return max(self.number_next - 1, in_use or 0)

    def _check_format_values(self, formats):
        for record in formats:
            if not PREFIX_PATTERN.fullmatch(record.prefix or ""):
                raise ValidationError(
                    self.env._(
                        "%(prefix)s cannot be a prefix: use up to ten capital letters, digits "
                        "and dashes.",
                        prefix=record.prefix,
                    )
                )
            if not 1 <= record.padding <= MAX_PADDING:
                raise ValidationError(
                    self.env._("The counter needs between 1 and %(most)s digits.", most=MAX_PADDING)
                )

    def _check_prefix_is_unambiguous(self):
        """Refuse prefixes after which a code could belong to two schemes."""
        pairs = [(scheme.prefix, scheme) for scheme in self.search([])]
        pairs += [(record.prefix, record.scheme_id) for record in self.format_ids.search([])]
        for scheme in self:
            own = [scheme.prefix, *scheme.format_ids.mapped("prefix")]
            for prefix, other in pairs:
                if other != scheme and any(self._is_ambiguous(prefix, mine) for mine in own):
                    raise ValidationError(
                        self.env._(
                            "The prefix %(prefix)s belongs to %(scheme)s: choose another, so "
                            "that a code tells what it stands for.",
                            prefix=prefix,
                            scheme=other.name,
                        )
                    )

    @api.model
    def _is_ambiguous(self, first, second):
        short, long = sorted((first, second), key=len)
        return long.startswith(short) and (long[len(short) :] or "0").isdigit()

    def _try_code(self, code):
        self.ensure_one()
        if not code:
            return False
        known = [self._to_code_format(), *(rec._to_code_format() for rec in self.format_ids)]
        if any(candidate.accepts(code) for candidate in known):
            return self.env._("%(code)s is well formed.", code=code)
        suggestion = next(filter(None, (candidate.suggest(code) for candidate in known)), False)
        if suggestion:
            return self.env._(
                "%(code)s is not well formed. Perhaps %(suggestion)s is meant.",
                code=code,
                suggestion=suggestion,
            )
        return self.env._("%(code)s is not a code of this kind.", code=code)

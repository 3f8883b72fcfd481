from datetime import UTC, datetime

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..tools.code_format import normalize
from ..tools.plain_text import shorten, storable

MAX_ID = 2**31 - 1
EMPTY = (None, False, "")
# characters that a text may have; what is stored in an index has to be short
LONGEST = {"description": 1_000_000, "note": 100_000, "number": 60}
USUAL_LONGEST = 300
MOST = 999_999_999_999  # of what is counted


def is_empty(value):
    """Tell whether a value was left out; the number 0 was not."""
    return not isinstance(value, int | float) and value in EMPTY or value is False


class LogisticsApi(models.AbstractModel):
    """Read the values that single-record methods take, and name the one that is wrong."""

    _inherit = "logistics.api"

    @api.model
    def _check_value_names(self, values, known, required, name="values"):
        """Refuse values (dict, called `name`) with unknown names, or without a `required` one."""
        if not isinstance(values, dict):
            raise UserError(
                self.env._(
                    "“%(name)s” must be a dict of %(known)s, not “%(value)s”.",
                    name=name,
                    known=", ".join(known),
                    value=shorten(values),
                )
            )
        for name in values:
            if name not in known:
                raise UserError(
                    self.env._(
                        "“%(name)s” is no field of this call. It takes %(known)s.",
                        name=shorten(name),
                        known=", ".join(known),
                    )
                )
        for name in required:
            if is_empty(values.get(name)):
                raise UserError(self.env._("“%(name)s” is missing.", name=name))

    @api.model
    def _read_text(self, values, name):
        """Return a text (str, stripped), or False."""
        value = values.get(name)
        if value in EMPTY:
            return False
        text = storable(value).strip() if isinstance(value, str) else ""
        if not text:
            raise UserError(self.env._("“%(name)s” must be a text.", name=name))
        longest = LONGEST.get(name, USUAL_LONGEST)
        if len(text) > longest:
            raise UserError(
                self.env._(
                    "“%(name)s” has %(length)s characters; %(longest)s are the most.",
                    name=name,
                    length=len(text),
                    longest=longest,
                )
            )
        return text

    @api.model
    def _read_line(self, values, name):
        """Return a text (str) as one line, or False."""
        text = self._read_text(values, name)
        return text and " ".join(text.split())

    @api.model
    def _read_choice(self, values, name, choices, default=False):
        """Return one of the keys of `choices` (selection pairs)."""
        value = values.get(name)
        if value in EMPTY:
            return default
        keys = [key for key, _label in choices]
        if not isinstance(value, str) or value not in keys:
            raise UserError(
                self.env._(
                    "“%(name)s” must be one of %(choices)s, not “%(value)s”.",
                    name=name,
                    choices=", ".join(keys),
                    value=shorten(value),
                )
            )
        return value

    @api.model
    def _read_number(self, values, name, most=MOST):
        """Return a number of 0 or more, and of `most` or less; 0 where it is empty."""
        value = values.get(name)
        if value in EMPTY:
            return 0.0
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        if not is_number or not value >= 0:  # NaN fails this, too
            raise UserError(
                self.env._(
                    "“%(name)s” must be a number of 0 or more, not “%(value)s”.",
                    name=name,
                    value=shorten(value),
                )
            )
        if value > most:
            raise UserError(
                self.env._(
                    "“%(name)s” must be a number of at most %(most)s, not “%(value)s”.",
                    name=name,
                    most=most,
                    value=shorten(value),
                )
            )
        return value

    @api.model
    def _read_datetime(self, values, name):
        """Return an ISO 8601 time as naive UTC, or False; one without offset is UTC."""
        value = values.get(name)
        if value in EMPTY:
            return False
        try:
            moment = datetime.fromisoformat(value)
        except (TypeError, ValueError):
            moment = None
        if moment is None or not 1970 <= moment.year <= 9998:
            raise UserError(
                self.env._(
                    "“%(name)s” must be a time such as 2026-01-31T14:05:00Z, not “%(value)s”.",
                    name=name,
                    value=shorten(value),
                )
            )
        moment = moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment
        return moment.replace(microsecond=0)

    @api.model
    def _read_record(self, values, name, model, domain_of_text, domain=Domain.TRUE):
        """Return the one record that an id (int) or a text names, as the caller may see it.

        Parameters
        ----------
        domain_of_text : callable
            Gives the domain for a text.
        domain : Domain
            What else must hold for the record.
        """
        value = values.get(name)
        records = self.env[model]
        if is_empty(value):
            return records
        if isinstance(value, str):
            found = domain_of_text(storable(value).strip())
        elif isinstance(value, int) and not isinstance(value, bool) and 0 < value <= MAX_ID:
            found = Domain("id", "=", value)
        else:
            found = Domain.FALSE
        record = records.search(found & domain, limit=2)
        if len(record) != 1:
            raise UserError(self._get_not_one_message(name, value, record))
        return record

    @api.model
    def _get_not_one_message(self, name, value, found):
        if found:
            return self.env._(
                "“%(name)s”: several are called “%(value)s”. Give the id instead.",
                name=name,
                value=shorten(value),
            )
        return self.env._(
            "“%(name)s”: there is no “%(value)s” that you may see.",
            name=name,
            value=shorten(value),
        )

    @api.model
    def _read_customer(self, values, name="customer"):
        """Return the partner that an id or a customer code names, also one it had before."""
        return self._read_record(values, name, "res.partner", self._get_customer_domain)

    @api.model
    def _get_customer_domain(self, code):
        domain = self.env["logistics.code.scheme"]._get_code_domain("res.partner", code)
        # a text without a letter or digit is no code, nor that of customers without one
        return domain or Domain("customer_code", "=", normalize(code) or "-")

    @api.model
    def _format_datetime(self, moment):
        return f"{moment.isoformat()}Z" if moment else False

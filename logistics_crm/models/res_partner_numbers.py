import re

from stdnum import ean
from stdnum.util import get_cc_module

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ..tools.code_format import normalize, read_scanned


class ResPartner(models.Model):
    """Numbers by which others know a partner: checked, and compared while they are typed."""

    _inherit = "res.partner"

    known_code = fields.Char(
        string="Code, also a Former One", compute="_compute_known_code", search="_search_known_code"
    )

    @api.depends("customer_code")
    def _compute_known_code(self):
        for partner in self:
            partner.known_code = partner.customer_code

    @api.model
    def _search_known_code(self, operator, value):
        if operator not in ("ilike", "=") or not isinstance(value, str):
            return NotImplemented
        found = Domain("customer_code", operator, value)
        domain = self._get_code_domain(value)
        if not domain and operator == "ilike":
            domain = self._get_likely_code_domain(value)
        return found | domain if domain else found

    @api.model
    def _get_likely_code_domain(self, text):
        """Return the domain of whose code was mistyped in a search bar, None if nobody's.

        Only a whole code counts, lest the beginning of one finds what it does not begin.
        """
        code = self.env["logistics.code.scheme"]._suggest_typed_code(self._name, text)
        is_whole = code and any(len(typed) == len(code) for typed in read_scanned(text))
        return self._get_code_domain(code) if is_whole else None

    @api.constrains("global_location_number")
    def _check_global_location_number(self):
        for partner in self:
            message = partner._get_wrong_location_number_message()
            if message:
                raise ValidationError(message)

    @api.onchange("customer_code")
    def _onchange_customer_code(self):
        """Say at once what is wrong with a code, and which one is likely meant."""
        code = normalize(self.customer_code)
        if not code or code == self._origin.customer_code:
            return None
        schemes = self.env["logistics.code.scheme"]
        if not schemes._is_valid_code(self._name, code):
            return self._get_warning(self._get_wrong_code_message(code))
        return self._warn_of_double(
            schemes._get_code_domain(self._name, code) or Domain.FALSE,
            self.env._("Customer code %(number)s", number=code),
        )

    @api.onchange("global_location_number")
    def _onchange_global_location_number(self):
        """Say at once that a location number is mistyped, or is another partner's."""
        message = self._get_wrong_location_number_message()
        if message:
            return self._get_warning(message)
        number = self.global_location_number
        return number and self._warn_of_double(
            Domain("global_location_number", "=", number),
            self.env._("Location number %(number)s", number=number),
        )

    @api.onchange("vat", "country_id")
    def _onchange_vat_number(self):
        """Say at once that a tax number is mistyped, or is another company's."""
        number = re.sub(r"[\s.-]", "", self.vat or "").upper()
        if len(number) < 3 or self.vat == self._origin.vat:
            return None
        module = get_cc_module((self.country_id.code or number[:2]).lower(), "vat")
        if module and not module.is_valid(number):
            return self._get_warning(
                self.env._(
                    "%(number)s is no valid tax number of %(country)s. Please compare it with "
                    "the company's papers.",
                    number=self.vat,
                    country=self.country_id.name or number[:2],
                )
            )
        return self._warn_of_double(
            Domain("vat", "in", list({self.vat, number})) & Domain("parent_id", "=", False),
            self.env._("Tax number %(number)s", number=self.vat),
        )

    def _get_wrong_location_number_message(self):
        number = self.global_location_number
        if not number or (re.fullmatch(r"[0-9]{13}", number) and ean.is_valid(number)):
            return False
        digits = re.sub(r"[^0-9]", "", number)
        if len(digits) == 13:
            return self.env._(
                "%(number)s is no Global Location Number: it holds a typing error. Perhaps "
                "%(suggestion)s is meant.",
                number=number,
                suggestion=digits[:12] + ean.calc_check_digit(digits[:12]),
            )
        return self.env._(
            "%(number)s is no Global Location Number: it has 13 digits.", number=number
        )

    def _warn_of_double(self, domain, number):
        others = self.search(domain & Domain("id", "not in", self._origin.ids), limit=3)
        if not others:
            return None
        return self._get_warning(
            self.env._(
                "%(number)s belongs to %(others)s already. Is it the same company?",
                number=number,
                others=", ".join(others.mapped("display_name")),
            )
        )

    def _get_warning(self, message):
        return {"warning": {"title": self.env._("Please check"), "message": message}}

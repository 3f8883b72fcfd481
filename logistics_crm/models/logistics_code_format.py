from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools import code_format


class LogisticsCodeFormat(models.Model):
    """A way of writing codes that a scheme accepts beside its own.

    Kept when a scheme changes, so that the codes it gave before stay valid; added by hand for
    the codes of an earlier system.
    """

    _name = "logistics.code.format"
    _description = "Accepted Code Format"
    _order = "id desc"

    scheme_id = fields.Many2one(
        "logistics.code.scheme", string="Code Scheme", required=True, index=True, ondelete="cascade"
    )
    prefix = fields.Char(required=True)
    padding = fields.Integer(string="Digits", required=True, default=6)
    check = fields.Selection(
        selection="_select_check",
        string="Check Character",
        required=True,
        default=code_format.CHECK_NONE,
    )
    last_number = fields.Integer(
        help="Greatest number that was written this way. 0: there is no end.",
    )
    example = fields.Char(compute="_compute_example")

    @api.model
    def _select_check(self):
        # the labels of the reader's language, which the attribute `selection` does not have
        return self.env["logistics.code.scheme"]._fields["check"]._description_selection(self.env)

    @api.depends("prefix", "padding", "check", "last_number")
    def _compute_example(self):
        for record in self:
            number = record.last_number or 1
            record.example = record.prefix and record._to_code_format().encode(number)

    @api.constrains("prefix", "padding", "last_number")
    def _check_format(self):
        for record in self:
            if record.last_number < 0:
                raise ValidationError(self.env._("The last number cannot be below zero."))
        self.scheme_id._check_format_values(self)
        self.scheme_id._check_prefix_is_unambiguous()

    @api.model_create_multi
    def create(self, vals_list):
        """Forget the cached formats: codes are checked against what is stored now."""
        result = super().create(vals_list)
        self.env.registry.clear_cache()
        return result

    def write(self, vals):
        """Forget the cached formats: codes are checked against what is stored now."""
        result = super().write(vals)
        self.env.registry.clear_cache()
        return result

    def unlink(self):
        """Forget the cached formats: codes are checked against what is stored now."""
        result = super().unlink()
        self.env.registry.clear_cache()
        return result

    def _to_code_format(self):
        self.ensure_one()
        return code_format.CodeFormat(self.prefix or "", self.padding, self.check, self.last_number)

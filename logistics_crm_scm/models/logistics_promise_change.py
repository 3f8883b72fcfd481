from odoo import api, fields, models
from odoo.tools import format_date


class LogisticsPromiseChange(models.Model):
    """What changed after a promise was given, and why."""

    _name = "logistics.promise.change"
    _description = "Change of a Delivery Promise"
    _order = "id desc"
    _rec_name = "reason"

    line_id = fields.Many2one(
        "logistics.promise.line", required=True, readonly=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="line_id.company_id", store=True, precompute=True)
    kind = fields.Selection(
        [
            ("date", "Promised date"),
            ("expected_date", "Expected date"),
            ("wanted_date", "Wanted date"),
            ("ship_to_id", "Delivery address"),
            ("quantity", "Quantity"),
            ("state", "State"),
        ],
        required=True,
        readonly=True,
    )
    old_value = fields.Char(string="Raw Value Before", readonly=True)
    new_value = fields.Char(string="Raw Value After", readonly=True)
    old_text = fields.Char(string="Before", compute="_compute_texts")
    new_text = fields.Char(string="After", compute="_compute_texts")
    reason = fields.Char(required=True, readonly=True)
    reasons = fields.Json(
        readonly=True, help="The reason by language, where it is said in several."
    )
    reason_text = fields.Char(string="Why", compute="_compute_reason_text")
    document = fields.Char(readonly=True)

    @api.depends("kind", "old_value", "new_value")
    def _compute_texts(self):
        for change in self:
            change.old_text = change._format_text(change.old_value)
            change.new_text = change._format_text(change.new_value)
            if change.kind == "told_date" and not change.new_value:
                change.new_text = self.env._("Not known")

    @api.depends("reason", "reasons")
    @api.depends_context("lang")
    def _compute_reason_text(self):
        for change in self:
            change.reason_text = (change.reasons or {}).get(self.env.lang) or change.reason

    def _format_text(self, value):
        """Return a kept value as the reader writes such values."""
        if not value:
            empty = {
                "expected_date": self.env._("Not known"),
                "wanted_date": self.env._("As soon as possible"),
            }
            return empty.get(self.kind, "")
        field = self.line_id._fields[self.kind]
        if field.type == "many2one":
            # sudo: who sees a promise sees where it goes
            record = self.env[field.comodel_name].sudo().browse(int(value)).exists()
            return record.display_name or self.env._("Deleted")
        if field.type == "date":
            return format_date(self.env, value)
        if self.kind == "state":
            states = self.line_id._fields["state"]._description_selection(self.env)
            return dict(states).get(value, value)
        return self.env["logistics.promise"]._format_quantity(float(value))

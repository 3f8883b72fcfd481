from odoo import api, fields, models


class LogisticsHistoryLoadColumn(models.Model):
    _name = "logistics.history.load.column"
    _description = "Column of a Sales History File"
    _order = "load_id, position"

    load_id = fields.Many2one(
        "logistics.history.load", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="load_id.company_id")
    position = fields.Integer(readonly=True)
    name = fields.Char("Column in the file", readonly=True)
    sample = fields.Char("Examples", readonly=True)
    field = fields.Selection(
        [
            ("order", "Order number"),
            ("line", "Line number"),
            ("date", "Order date"),
            ("customer", "Customer code"),
            ("product", "Product code"),
            ("quantity", "Quantity"),
            ("amount", "Amount without tax"),
            ("unit_price", "Unit price without tax"),
            ("currency", "Currency"),
            ("customer_name", "Customer name"),
            ("customer_country", "Customer country"),
            ("product_name", "Product name"),
            ("promised", "Promised date"),
            ("delivered", "Delivered date"),
        ],
        string="Is read as",
    )

    @api.model
    def _field_labels(self):
        """Names of the fields in the reader's language, by their key in the file reader."""
        return dict(self._fields["field"]._description_selection(self.env))

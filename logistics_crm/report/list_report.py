from odoo import api, models
from odoo.tools import format_amount, format_date, format_datetime, formatLang


class LogisticsListReport(models.AbstractModel):
    """A list on paper: the selected rows in the columns of a shipped export template.

    A report inherits this and says which template it prints. Whoever changes the template
    changes the print and the XLSX alike.
    """

    _name = "logistics.list.report"
    _description = "List on Paper"

    _export_xmlid = None

    @api.model
    def _get_report_values(self, docids, data=None):
        """Return what the page shows.

        Returns
        -------
        dict
            ``title``, ``columns`` (labels), ``numeric`` (per column), ``rows`` (texts).
        """
        # sudo: which columns there are; the rows are read with the reader's own rights
        template = self.env.ref(self._export_xmlid).sudo()
        model = self.env[template.resource]
        paths = [line.name.split("/") for line in template.export_fields]
        paths = [path for path in paths if self._get_field(model, path)]
        kinds = [self._get_field(model, path).type for path in paths]
        records = model.browse(docids)
        return {
            "doc_ids": docids,
            "doc_model": model._name,
            "docs": records,
            "title": self.env["ir.model"].sudo()._get(self._name).name,  # sudo: the heading
            "columns": [self._get_label(model, path) for path in paths],
            "numeric": [kind in ("integer", "float", "monetary") for kind in kinds],
            "rows": [[self._say(record, path) for path in paths] for record in records],
        }

    @api.model
    def _get_field(self, model, path):
        """Return the last field of a path, None if there is none or it is not for the reader."""
        field = model._fields.get(path[0])
        if field is None or not model._has_field_access(field, "read"):
            return None
        return self._get_field(self.env[field.comodel_name], path[1:]) if path[1:] else field

    @api.model
    def _get_label(self, model, path):
        """Return the name of a column: that of the field, or of what it is the name of."""
        first = model._fields[path[0]]
        if path[1:] and path[-1] not in ("name", "display_name", "complete_name"):
            return self._get_label(self.env[first.comodel_name], path[1:])
        return first._description_string(self.env)

    @api.model
    def _say(self, record, path):
        """Return a cell's text in the reader's language."""
        field, value = record._fields[path[0]], record[path[0]]
        if field.relational and path[1:]:
            return ", ".join(self._say(one, path[1:]) for one in value)
        if field.relational:
            return ", ".join(value.mapped("display_name"))
        if value is False or value is None:
            return ""
        teller = getattr(self, f"_say_{field.type}", None)
        return teller(record, field, value) if teller else str(value)

    @api.model
    def _say_boolean(self, record, field, value):
        return "✓"

    @api.model
    def _say_selection(self, record, field, value):
        return dict(field._description_selection(self.env)).get(value, value)

    @api.model
    def _say_date(self, record, field, value):
        return format_date(self.env, value)

    @api.model
    def _say_datetime(self, record, field, value):
        return format_datetime(self.env, value, dt_format="short")

    @api.model
    def _say_float(self, record, field, value):
        return formatLang(self.env, value, digits=2)

    @api.model
    def _say_monetary(self, record, field, value):
        currency = record[field.get_currency_field(record)]
        if currency:
            return format_amount(self.env, value, currency)
        return self._say_float(record, field, value)

from itertools import islice

from odoo import Command, api, fields, models

from ..tools.sales_file import (
    FIELDS,
    Formats,
    RowConverter,
    cell_text,
    guess_date_order,
    guess_decimal,
    missing_fields,
)
from ..tools.sales_file.convert import DATES, NUMBERS, is_canonical


class LogisticsHistoryLoad(models.Model):
    """How the file of a load is read: which column is which field, how numbers and dates look."""

    _inherit = "logistics.history.load"

    decimal_sign = fields.Selection(
        [("dot", "1,234.56 (dot)"), ("comma", "1.234,56 (comma)")],
        string="Numbers",
        default="dot",
        copy=False,
    )
    date_order = fields.Selection(
        [("dmy", "Day first: 31/12/2025"), ("mdy", "Month first: 12/31/2025")],
        string="Dates",
        default="dmy",
        copy=False,
        help="Dates that begin with the year (2025-12-31, 2025/12/31, 2025年12月31日) are always "
        "understood.",
    )
    default_currency_id = fields.Many2one(
        "res.currency",
        string="Currency if none is given",
        default=lambda self: self.env.company.currency_id,
        help="For lines whose file has no currency column, or whose currency is empty.",
    )
    sample_rows = fields.Json(readonly=True, copy=False)
    format_notice = fields.Char(readonly=True, copy=False)
    column_ids = fields.One2many("logistics.history.load.column", "load_id", copy=False)
    mapping_problem = fields.Char(compute="_compute_mapping_problem")
    mapping_notice = fields.Char(compute="_compute_mapping_problem")
    preview = fields.Html(compute="_compute_preview", sanitize=False)

    @api.depends("column_ids.field", "file_ready")
    def _compute_mapping_problem(self):
        for load in self:
            load.mapping_problem = load.file_ready and load._get_mapping_problem()
            load.mapping_notice = load.file_ready and load._get_mapping_notice()

    def _get_mapping_problem(self):
        labels = self.env["logistics.history.load.column"]._field_labels()
        chosen = [column.field for column in self.column_ids if column.field]
        missing = missing_fields(chosen)
        if missing:
            return self.env._(
                "No column gives: %(fields)s. Choose the column for each in the table below.",
                fields=", ".join(labels[field] for field in missing),
            )
        for column in self.column_ids:
            if column.field and chosen.count(column.field) > 1:
                return self.env._(
                    "Several columns are read as %(field)s. Keep one of them.",
                    field=labels[column.field],
                )
        return False

    def _get_mapping_notice(self):
        chosen = self.column_ids.mapped("field")
        notices = []
        if "line" not in chosen:
            notices.append(
                self.env._(
                    "No column gives a line number, so lines are counted within their order: "
                    "keep each order whole in one file."
                )
            )
        if "unit_price" in chosen and "amount" not in chosen:
            notices.append(self.env._("The amount is the unit price times the quantity."))
        return " ".join(notices)

    @api.depends(
        "column_ids.field",
        "sample_rows",
        "decimal_sign",
        "date_order",
        "default_currency_id",
        "file_kind",
    )
    def _compute_preview(self):
        for load in self:
            load.preview = load.sample_rows and self.env["ir.qweb"]._render(
                "logistics_crm.history_load_preview", load._prepare_preview()
            )

    def _prepare_preview(self):
        """First rows as the loader will get them; what it cannot read is marked."""
        labels = self.env["logistics.history.load.column"]._field_labels()
        convert = self._get_converter().convert
        lines = [convert(row) for row in self.sample_rows]
        shown = [at for at, _field in enumerate(FIELDS) if any(line[at] for line in lines)]
        return {
            "labels": [labels[FIELDS[at]] for at in shown],
            "numeric": [FIELDS[at] in NUMBERS for at in shown],
            "rows": [
                [(line[at], is_canonical(FIELDS[at], line[at])) for at in shown] for line in lines
            ],
        }

    def _get_converter(self):
        fields_by_position = [column.field or None for column in self.column_ids.sorted("position")]
        return RowConverter(
            fields_by_position,
            Formats(
                decimal=self.decimal_sign or "dot",
                date_order=self.date_order or "dmy",
                currency=self.default_currency_id.name or "",
                serial_dates=self.file_kind == "xlsx",
            ),
        )

    def _prepare_columns(self, header, guesses, sample):
        for position, (name, field) in enumerate(zip(header, guesses, strict=True)):
            yield Command.create(
                {
                    "position": position,
                    "name": name or self.env._("Column %(number)s", number=position + 1),
                    "field": field,
                    "sample": "  ·  ".join(islice(distinct(sample, position), 3))[:200],
                }
            )

    def _guess_formats(self, sample, guesses, delimiter):
        def texts(*wanted):
            places = [at for at, field in enumerate(guesses) if field in wanted]
            return [
                row[at] for row in sample for at in places
                if at < len(row) and isinstance(row[at], str)
            ]  # fmt: skip

        decimal, decimal_sure = guess_decimal(texts(*NUMBERS, "unit_price"), delimiter)
        order, order_sure = guess_date_order(
            texts(*DATES), "mdy" if self.env.user.lang == "en_US" else "dmy"
        )
        notices = []
        if not decimal_sure:
            notices.append(
                self.env._("Numbers like 1,234 could be thousands or decimals; check the preview.")
            )
        if not order_sure:
            notices.append(self.env._("Dates could be day or month first; check the preview."))
        return {
            "decimal_sign": decimal,
            "date_order": order,
            "format_notice": " ".join(notices) or False,
        }


def distinct(rows, position):
    """Yield the different texts of a column in the order of their coming."""
    seen = set()
    for row in rows:
        text = cell_text(row[position]) if position < len(row) else ""
        if text and text not in seen:
            seen.add(text)
            yield text

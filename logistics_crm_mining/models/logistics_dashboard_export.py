import base64
import io

import xlsxwriter

from odoo import api, fields, models

from ..tools.listing import list_names

NOT_IN_NAMES = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))
NAME_LENGTH = 31  # letters of a sheet's name, by the format
FORMATS = {"money": "#,##0.00", "percent": "0.0%", "number": "#,##0.##", "date": "yyyy-mm-dd"}


class LogisticsDashboard(models.AbstractModel):
    """A page as a workbook: a sheet for each question."""

    _inherit = "logistics.dashboard"

    @api.model
    def get_xlsx(self, role=False, months=12, segment_id=False, date_from=False, date_to=False):
        """Return a page as an Excel workbook.

        Parameters
        ----------
        role, months, segment_id, date_from, date_to
            As for `get_data`, whose errors it raises.

        Returns
        -------
        dict
            ``name`` of the file, and ``content`` in base64.
        """
        data = self.get_data(role, months, segment_id, date_from, date_to)
        stream = io.BytesIO()
        # text is written as text: what a customer is called never becomes a formula
        options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        with xlsxwriter.Workbook(stream, options) as book:
            formats = {key: book.add_format({"num_format": form}) for key, form in FORMATS.items()}
            formats["head"] = book.add_format({"bold": True, "bottom": 1})
            formats["title"] = book.add_format({"bold": True, "font_size": 14})
            self._write_overview(book, formats, data)
            filters = list_names(self.env, (text for _label, text in self._get_filters(data)))
            for number, card in enumerate(data["cards"], 1):
                self._write_card(book, formats, card, number, filters)
        day = fields.Date.to_string(fields.Date.context_today(self))
        name = f"{data['role']}-{data['company']['name']}-{day}.xlsx"
        return {"name": name, "content": base64.b64encode(stream.getvalue()).decode()}

    @api.model
    def _write_overview(self, book, formats, data):
        """Write what the page is about, who made it, and its figures."""
        roles = {role["key"]: role["name"] for role in data["roles"]}
        sheet = book.add_worksheet(self._get_sheet_name(0, self.env._("Overview")))
        sheet.set_column(0, 1, 40)
        sheet.write_string(0, 0, roles[data["role"]], formats["title"])
        facts = [
            *self._get_filters(data),
            (self.env._("Currency"), self.env.company.currency_id.name),
            (self.env._("Made by"), self.env.user.name),
        ]
        for row, (label, text) in enumerate(facts, 1):
            sheet.write_string(row, 0, label)
            sheet.write_string(row, 1, text)
        sheet.write_string(len(facts) + 1, 0, self.env._("Made on"))
        sheet.write_datetime(len(facts) + 1, 1, fields.Date.context_today(self), formats["date"])
        for row, figure in enumerate(data["figures"], len(facts) + 3):
            sheet.write_string(row, 0, figure["label"])
            if figure["value"] is not False:
                sheet.write_number(row, 1, figure["value"], formats[figure["format"]])

    @api.model
    def _get_filters(self, data):
        """Return what the figures are about as [(label, text)]."""
        segments = {one["id"]: one["name"] for one in data["segments"]}
        return [
            (self.env._("Company"), data["company"]["name"]),
            (self.env._("Period"), f"{data['period']['from']} – {data['period']['to']}"),
            (self.env._("Segment"), segments.get(data["segment_id"]) or self.env._("All")),
        ]

    @api.model
    def _get_sheet_name(self, number, title):
        """Return a name that the format allows and no other sheet has."""
        name = f"{number} {title}" if number else title
        return name.translate(NOT_IN_NAMES).strip()[:NAME_LENGTH]

    @api.model
    def _write_card(self, book, formats, card, number, filters):
        sheet = book.add_worksheet(self._get_sheet_name(number, card["question"]))
        sheet.set_column(0, 0, 40)
        sheet.set_column(1, 4, 30)
        sheet.write_string(0, 0, card["question"], formats["title"])
        sheet.write_string(1, 0, card["answer"] or card["empty"])
        sheet.write_string(2, 0, filters)
        if card["chart"]:
            self._write_chart(sheet, formats, card["chart"])
        elif card["rows"]:
            for column, text in enumerate(card["head"]):
                sheet.write_string(4, column, text, formats["head"])
            for row, line in enumerate(card["rows"], 5):
                for column, cell in enumerate(zip(line["cells"], line["values"], strict=True)):
                    self._write_cell(sheet, formats, (row, column), *cell)
        lines = len(card["chart"]["labels"] if card["chart"] else card["rows"])
        for row, note in enumerate(card["notes"], lines + 6 if lines else 4):
            sheet.write_string(row, 0, note["text"] if isinstance(note, dict) else note)

    @api.model
    def _write_cell(self, sheet, formats, place, text, value):
        """Write a value as what it is: an amount, a number, a day (ISO 8601), or else the text."""
        if isinstance(value, str):
            sheet.write_datetime(*place, fields.Date.to_date(value), formats["date"])
        elif value is False:
            sheet.write_string(*place, text)
        else:
            form = "money" if isinstance(value, float) else "number"
            sheet.write_number(*place, value, formats[form])

    @api.model
    def _write_chart(self, sheet, formats, chart):
        form = chart["x" if chart["kind"] == "bars" else "y"]["format"]
        for row, label in enumerate(chart["labels"], 5):
            sheet.write_string(row, 0, label)
        for column, series in enumerate(chart["series"], 1):
            sheet.write_string(4, column, series["label"], formats["head"])
            for row, value in enumerate(series["data"], 5):
                if value is not False:
                    sheet.write_number(row, column, value, formats[form])
        for row, hint in enumerate(chart["hints"], 5):
            sheet.write_string(row, len(chart["series"]) + 1, hint)

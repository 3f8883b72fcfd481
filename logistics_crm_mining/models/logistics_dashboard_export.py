import base64
import io

import xlsxwriter

from odoo import api, fields, models

NOT_IN_NAMES = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))
NAME_LENGTH = 31  # letters of a sheet's name, by the format
FORMATS = {"money": "#,##0.00", "percent": "0.0%", "number": "#,##0.##"}


class LogisticsDashboard(models.AbstractModel):
    """A page as a workbook: a sheet for each question."""

    _inherit = "logistics.dashboard"

    @api.model
    def get_xlsx(self, role=False, months=12, segment_id=False):
        """Return a page as an Excel workbook.

        Parameters
        ----------
        role, months, segment_id
            As for `get_data`, whose errors it raises.

        Returns
        -------
        dict
            ``name`` of the file, and ``content`` in base64.
        """
        data = self.get_data(role, months, segment_id)
        stream = io.BytesIO()
        # text is written as text: what a customer is called never becomes a formula
        options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        with xlsxwriter.Workbook(stream, options) as book:
            formats = {key: book.add_format({"num_format": form}) for key, form in FORMATS.items()}
            formats["head"] = book.add_format({"bold": True, "bottom": 1})
            formats["title"] = book.add_format({"bold": True, "font_size": 14})
            self._write_overview(book, formats, data)
            for number, card in enumerate(data["cards"], 1):
                self._write_card(book, formats, card, number)
        day = fields.Date.to_string(fields.Date.context_today(self))
        name = f"{data['role']}-{data['company']['name']}-{day}.xlsx"
        return {"name": name, "content": base64.b64encode(stream.getvalue()).decode()}

    @api.model
    def _write_overview(self, book, formats, data):
        """Write what the page is about, who made it, and its figures."""
        roles = {role["key"]: role["name"] for role in data["roles"]}
        segments = {one["id"]: one["name"] for one in data["segments"]}
        period = f"{data['period']['from']} – {data['period']['to']}"
        sheet = book.add_worksheet(self._get_sheet_name(0, self.env._("Overview")))
        sheet.set_column(0, 1, 40)
        sheet.write_string(0, 0, roles[data["role"]], formats["title"])
        facts = [
            (self.env._("Company"), data["company"]["name"]),
            (self.env._("Period"), period),
            (self.env._("Segment"), segments.get(data["segment_id"]) or self.env._("All")),
            (self.env._("Currency"), self.env.company.currency_id.name),
            (self.env._("Made by"), self.env.user.name),
            (self.env._("Made on"), self._day(fields.Date.context_today(self))),
        ]
        for row, (label, text) in enumerate(facts, 1):
            sheet.write_string(row, 0, label)
            sheet.write_string(row, 1, text)
        for row, figure in enumerate(data["figures"], len(facts) + 2):
            sheet.write_string(row, 0, figure["label"])
            if figure["value"] is not False:
                sheet.write_number(row, 1, figure["value"], formats[figure["format"]])

    @api.model
    def _get_sheet_name(self, number, title):
        """Return a name that the format allows and no other sheet has."""
        name = f"{number} {title}" if number else title
        return name.translate(NOT_IN_NAMES).strip()[:NAME_LENGTH]

    @api.model
    def _write_card(self, book, formats, card, number):
        sheet = book.add_worksheet(self._get_sheet_name(number, card["question"]))
        sheet.set_column(0, 0, 40)
        sheet.set_column(1, 3, 30)
        sheet.write_string(0, 0, card["question"], formats["title"])
        sheet.write_string(1, 0, card["answer"] or card["empty"])
        if card["chart"]:
            self._write_chart(sheet, formats, card["chart"])
        elif card["rows"]:
            for row, cells in enumerate([card["head"], *(one["cells"] for one in card["rows"])], 3):
                for column, text in enumerate(cells):
                    sheet.write_string(row, column, text, formats["head"] if row == 3 else None)

    @api.model
    def _write_chart(self, sheet, formats, chart):
        [series] = chart["series"]
        form = chart["x" if chart["kind"] == "bars" else "y"]["format"]
        sheet.write_string(3, 1, series["label"], formats["head"])
        rows = zip(chart["labels"], series["data"], chart["hints"], strict=True)
        for row, (label, value, hint) in enumerate(rows, 4):
            sheet.write_string(row, 0, label)
            sheet.write_number(row, 1, value, formats[form])
            sheet.write_string(row, 2, hint)

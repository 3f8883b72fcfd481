import os
import re
from itertools import islice

from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import config

from ..tools.history_spool import FILE, PART, REJECTED, Spool
from ..tools.sales_file import (
    FIELDS,
    ReadError,
    cell_text,
    guess_fields,
    open_file,
)
from .history_file_messages import read_error_message, size_text

SAMPLE_ROWS = 2000
PREVIEW_ROWS = 20
DEFAULT_UPLOAD_LIMIT = 2 << 30
FILE_DAYS = 7
# Named, because a tab as the stored value would be a part of its label's external id.
DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t", "bar": "|"}
DELIMITER_NAMES = {sign: name for name, sign in DELIMITERS.items()}
READING_FIELDS = ("encoding", "delimiter", "sheet_name")
REJECTED_DAYS = 30


class LogisticsHistoryLoad(models.Model):
    """The file of a load: where it lies, how it is written, which column is which field."""

    _inherit = "logistics.history.load"

    file_name = fields.Char(readonly=True, copy=False)
    file_size = fields.Float(readonly=True, copy=False, digits=(16, 0), help="In bytes")
    file_ready = fields.Boolean(readonly=True, copy=False)
    file_summary = fields.Char("File", compute="_compute_file_summary")
    file_kind = fields.Selection([("csv", "CSV"), ("xlsx", "XLSX")], readonly=True, copy=False)
    upload_limit = fields.Float(compute="_compute_upload_limit", digits=(16, 0))
    encoding = fields.Selection(
        [
            ("utf-8", "UTF-8"),
            ("utf-16", "UTF-16"),
            ("utf-16-le", "UTF-16 without byte order mark"),
            ("gb18030", "Chinese (GB 18030, GBK)"),
            ("cp1252", "Western (Windows-1252)"),
        ],
        copy=False,
    )
    delimiter = fields.Selection(
        [("comma", "Comma ,"), ("semicolon", "Semicolon ;"), ("tab", "Tab"), ("bar", "Bar |")],
        string="Columns are separated by",
        copy=False,
    )
    sheet_name = fields.Char("Sheet", copy=False)
    sheet_names = fields.Char("Sheets in the workbook", readonly=True, copy=False)
    row_estimate = fields.Integer("Lines in the file, about", readonly=True, copy=False)

    # ------------------------------------------------------------------ what is shown

    @api.depends("file_name", "file_size", "row_estimate")
    def _compute_file_summary(self):
        for load in self:
            parts = [load.file_name or "", size_text(load.file_size or 0)]
            if load.row_estimate:
                parts.append(self.env._("about %(count)s lines", count=f"{load.row_estimate:,}"))
            load.file_summary = ", ".join(parts) if load.file_name else False

    def _compute_upload_limit(self):
        self.upload_limit = self._get_upload_limit()

    # ------------------------------------------------------------------ reading

    @api.model
    def _get_spool(self):
        return Spool(config["data_dir"], self.env.cr.dbname)

    @api.model
    def _get_upload_limit(self):
        # a system parameter is for administrators; every Manager needs this number
        parameters = self.env["ir.config_parameter"].sudo()
        value = parameters.get_param("logistics_crm.history_upload_limit", "")
        return int(value) if value.isdigit() else DEFAULT_UPLOAD_LIMIT

    def _open_file(self, path=None, **options):
        """Open the file of the load as a stream of rows.

        Raises
        ------
        ReadError
            What is wrong with the file.
        UserError
            When the server no longer has it.
        """
        path = path or self._get_spool().path(self._origin.id, FILE)
        if not os.path.exists(path):
            raise UserError(self.env._("The file is no longer on the server. Upload it again."))
        return open_file(path, limit=2 * self._get_upload_limit(), **options)

    def _attach_file(self, path, file_name):
        """Take an uploaded file: read what it is, guess its columns and formats.

        The file is looked at before it replaces an earlier one, so a wrong file changes nothing.

        Raises
        ------
        ReadError
            What is wrong with the file.
        """
        self.ensure_one()
        reader = self._open_file(path)
        values = self._prepare_reading(reader)
        self._discard()
        self.write(
            {
                **values,
                "file_name": file_name,
                "file_size": os.path.getsize(path),
                "file_ready": True,
                "state": "draft",
                "message": False,
                "source": self.source or self._default_source(file_name),
            }
        )
        self._get_spool().remove(self.ids)
        os.replace(path, self._get_spool().path(self.id, FILE))

    def _prepare_reading(self, reader):
        """Values of the load that follow from its file."""
        sample = [cells for _number, cells in islice(reader.rows(), SAMPLE_ROWS)]
        if not sample:
            raise ReadError("only_header")
        estimate = reader.check()
        guesses = guess_fields(reader.header)
        return {
            "file_kind": reader.kind,
            "encoding": reader.encoding,
            "delimiter": DELIMITER_NAMES.get(reader.delimiter),
            "sheet_name": reader.sheet,
            "sheet_names": ", ".join(reader.sheets) or False,
            "row_estimate": max(estimate, len(sample)),
            "sample_rows": [[json_cell(cell) for cell in row] for row in sample[:PREVIEW_ROWS]],
            **self._guess_formats(sample, guesses, reader.delimiter),
            "column_ids": [Command.clear(), *self._prepare_columns(reader.header, guesses, sample)],
        }

    @api.model
    def _default_source(self, file_name):
        """The source of the last load of this company, else the file name without its dates."""
        last = self.search(
            [("company_id", "=", self.env.company.id), ("state", "=", "done")],
            order="id desc",
            limit=1,
        )
        stem = re.sub(r"(\.(csv|txt|tsv|xlsx|gz))+$", "", file_name or "", flags=re.IGNORECASE)
        plain = re.sub(r"[\W_\d]+", " ", stem).strip().lower()
        return last.source or plain or stem or "file"

    @api.onchange("encoding", "delimiter", "sheet_name")
    def _onchange_reading(self):
        """Read the file anew as the user says and show what comes out."""
        if not self.file_ready:
            return None
        try:
            self.update(self._prepare_reading(self._open_as_chosen()))
        except ReadError as error:
            for name in READING_FIELDS:
                self[name] = self._origin[name]
            self.update(self._prepare_reading(self._open_as_chosen()))
            return {
                "warning": {
                    "title": self.env._("The file cannot be read this way"),
                    "message": read_error_message(self.env, error),
                }
            }
        return None

    def _open_as_chosen(self):
        """Open the file of the load with the encoding, separator and sheet of the form."""
        if self.file_kind == "xlsx":
            return self._open_file(sheet=self.sheet_name)
        return self._open_file(encoding=self.encoding, delimiter=DELIMITERS.get(self.delimiter))

    @api.model
    def get_default_source(self, file_name):
        """Name of the source for a new load of this file (called by the upload widget)."""
        self.check_access("create")
        return self._default_source(file_name)

    @api.model
    def _get_template_rows(self):
        """Rows of the file to fill in: column names that are recognised, and two examples."""
        labels = self.env["logistics.history.load.column"]._field_labels()
        today = fields.Date.context_today(self).isoformat()
        currency = self.env.company.currency_id.name
        examples = [
            ["SO1001", "1", today, "C-17", "P-300", "12", "240.00", currency]
            + ["Harbour Foods Ltd", "GB", "Pallet of tea", today, today],
            ["SO1001", "2", today, "C-17", "P-310", "-1", "-18.50", currency]
            + ["Harbour Foods Ltd", "GB", "Carton of coffee", "", ""],
        ]
        # in the reader's language where the wizard knows the name
        header = [
            labels[field] if guess_fields([labels[field]]) == [field] else field for field in FIELDS
        ]
        return [header, *examples]

    # ------------------------------------------------------------------ cleaning up

    def _remove_files(self, kinds=(FILE, REJECTED)):
        """Remove the files of these loads once the transaction is through."""
        spool, ids = self._get_spool(), self.ids
        self.env.cr.postcommit.add(lambda: spool.remove(ids, kinds))

    @api.autovacuum
    def _gc_history_files(self):
        """Remove files nobody will read again: stray parts, forgotten and finished loads."""
        spool = self._get_spool()
        day = 24 * 3600
        entries = list(spool.entries())
        loads = self.browse({load_id for load_id, *_rest in entries}).exists()
        waiting = loads.filtered(lambda load: load.state in ("draft", "staged", "checked"))
        keep_days = {PART: dict.fromkeys(loads.ids, 1), FILE: dict.fromkeys(waiting.ids, FILE_DAYS)}
        keep_days[REJECTED] = dict.fromkeys(loads.ids, REJECTED_DAYS)
        for load_id, kind, path, age in entries:
            if age > keep_days.get(kind, {}).get(load_id, 0) * day:
                os.remove(path)
        gone = waiting.filtered(lambda load: load.file_ready and not spool.has(load.id))
        gone._discard_forgotten()

    def _discard_forgotten(self):
        for load in self:
            load._discard()
        self.write(
            {
                "state": "cancelled",
                "file_ready": False,
                "message": self.env._("Cancelled: the file was not loaded within a week."),
            }
        )


def json_cell(cell):
    """A cell as JSON keeps it: numbers of a workbook stay numbers."""
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        return cell
    return cell_text(cell)[:200]

import csv
import io
import os
import re

from openpyxl import Workbook
from werkzeug.exceptions import ClientDisconnected, NotFound

from odoo import http
from odoo.exceptions import AccessError, UserError
from odoo.http import request

from ..models.history_file_messages import read_error_message, size_text
from ..tools.history_spool import REJECTED
from ..tools.sales_file import ReadError
from .text_params import text_params

CONTENT_RANGE = re.compile(r"bytes (\d+)-(\d+)/(\d+)").fullmatch
TOKEN = re.compile(r"[0-9a-zA-Z]{8,64}").fullmatch


class Refused(Exception):
    """An upload that is not taken: HTTP status and the sentence for the user."""

    def __init__(self, status, message):
        super().__init__(message)
        self.status = status
        self.message = message


def get_body_limit(_controller):
    """Lift Odoo's limit of 128 MiB for raw bodies only; forms would be parsed before any check."""
    is_raw = request.httprequest.mimetype == "application/octet-stream"
    return None if is_raw else 1 << 20


class HistoryLoadController(http.Controller):
    """Upload and download of sales history files, streamed in both directions."""

    # Odoo looks for its CSRF token in a form; the body here is the file itself, so the token
    # comes in a header and is checked below.
    @http.route(
        "/logistics_crm/history/upload/<int:load_id>",
        type="http",
        auth="user",
        methods=["POST"],
        csrf=False,
        max_content_length=get_body_limit,
    )
    @text_params
    def upload(self, load_id, name="", token="", **_params):
        """Take a file, whole or as one piece of several (header Content-Range).

        Returns
        -------
        JSON
            ``{"done": bool}``, or ``{"error": sentence}`` with a status of 400 and more.
        """
        try:
            load = self._find_load(load_id)
            done = self._receive(load, os.path.basename(name), token)
        except Refused as refused:
            return self._answer({"error": refused.message}, refused.status)
        except ReadError as error:
            return self._answer({"error": read_error_message(request.env, error)}, 422)
        except AccessError as error:
            return self._answer({"error": str(error)}, 403)
        except UserError as error:
            return self._answer({"error": str(error)}, 409)
        return self._answer({"done": done})

    @http.route("/logistics_crm/history/rejected/<int:load_id>", type="http", auth="user")
    @text_params
    def download_rejected(self, load_id, **_params):
        """Stream the rejected rows of a load as CSV that spreadsheets open as UTF-8."""
        load = request.env["logistics.history.load"].browse(load_id).exists()
        path = load and load._get_spool().path(load.id, REJECTED)
        if not load or not load.has_access("write") or not os.path.exists(path):
            raise NotFound(request.env._("The rejected lines of this load are no longer kept."))
        stem = os.path.splitext(load.file_name or load.source or "history")[0]
        stream = http.Stream(
            type="path",
            path=path,
            mimetype="text/csv",
            download_name=f"{stem}-rejected.csv",
            size=os.path.getsize(path),
            last_modified=os.path.getmtime(path),
            etag=False,
        )
        return stream.get_response(as_attachment=True)

    @http.route(
        "/logistics_crm/history/template.<any(csv,xlsx):extension>", type="http", auth="user"
    )
    @text_params
    def download_template(self, extension, **_params):
        """Give an empty file to fill in: the columns the loader knows, with two example lines."""
        rows = request.env["logistics.history.load"]._get_template_rows()
        content, mimetype = (csv_template if extension == "csv" else xlsx_template)(rows)
        headers = [
            ("Content-Type", mimetype),
            ("Content-Disposition", http.content_disposition(f"sales_history.{extension}")),
        ]
        return request.make_response(content, headers)

    # ------------------------------------------------------------------ pieces of the upload

    def _answer(self, values, status=200):
        return request.make_json_response(values, status=status)

    def _find_load(self, load_id):
        """Check who asks, before a byte of the body is read."""
        env = request.env
        if not request.validate_csrf(request.httprequest.headers.get("X-CSRF-Token")):
            raise Refused(400, env._("Your session has expired. Reload the page and try again."))
        if not env.user.has_group("logistics_crm.group_logistics_manager"):
            raise Refused(403, env._("Only a Logistics CRM Manager may load sales history."))
        load = env["logistics.history.load"].browse(load_id).exists()
        if not load:
            raise Refused(404, env._("This load was deleted meanwhile."))
        if not load.has_access("write"):
            raise Refused(403, env._("This load belongs to another company."))
        load._claim_open()
        return load

    def _receive(self, load, name, token):
        start, end, total = self._get_range(load)
        if not TOKEN(token):
            raise Refused(400, request.env._("The upload names no token. Reload the page."))
        spool = load._get_spool()
        path = spool.part_path(load.id, token)
        if start and (not os.path.exists(path) or os.path.getsize(path) != start):
            raise Refused(409, request.env._("The upload was interrupted. Upload the file again."))
        # the upload may take minutes: do not keep a transaction and a row lock that long
        request.env.cr.rollback()
        try:
            complete = spool.append(path, get_body_stream(), start, end - start)
        except (ClientDisconnected, ConnectionError, TimeoutError):
            complete = False
        if not complete:
            raise Refused(400, request.env._("The upload was interrupted. Upload the file again."))
        if end < total:
            return False
        self._finish(load, path, name)
        return True

    def _finish(self, load, path, name):
        try:
            load._claim_open()
            load._attach_file(path, name)
        finally:
            if os.path.exists(path):
                os.remove(path)

    def _get_range(self, load):
        """Return (start, end, size of the file); refuse at once what is too large."""
        env = request.env
        length = request.httprequest.content_length
        if length is None:
            raise Refused(411, env._("The upload does not say its size."))
        header = request.httprequest.headers.get("Content-Range", f"bytes 0-{length - 1}/{length}")
        match = CONTENT_RANGE(header)
        start, last, total = map(int, match.groups()) if match else (0, -1, 0)
        limit = load._get_upload_limit()
        if max(total, length) > limit:
            raise Refused(
                413,
                env._(
                    "The file is %(size)s; at most %(limit)s can be uploaded. "
                    "Split it, or ask an administrator to raise the limit.",
                    size=size_text(max(total, length)),
                    limit=size_text(limit),
                ),
            )
        if not total:
            raise ReadError("empty")
        if last + 1 - start != length or last >= total:
            raise Refused(400, env._("The upload was interrupted. Upload the file again."))
        return start, last + 1, total


def get_body_stream():
    """Return the body of the request as a stream.

    Odoo's request wrapper offers the body only as a whole (`get_data`), so this takes the stream
    of the werkzeug request inside, which ends at Content-Length.
    """
    return request.httprequest._HTTPRequest__wrapped.stream


def csv_template(rows):
    buffer = io.StringIO()
    csv.writer(buffer).writerows(rows)
    return buffer.getvalue().encode("utf-8-sig"), "text/csv; charset=utf-8"


def xlsx_template(rows):
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Sales history")
    for row in rows:
        sheet.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    mimetype = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return buffer.getvalue(), mimetype

"""The sentence for each reason why a file, or a part of it, cannot be read."""

from odoo.tools import LazyTranslate

_lt = LazyTranslate(__name__)

READ_ERRORS = {
    "empty": _lt("The file is empty. Choose a CSV or XLSX file with sales lines."),
    "only_header": _lt(
        "The file has column names but no lines below them. Export it again with its lines."
    ),
    "no_header": _lt(
        "The first row looks like data, not like column names: %(first)s. "
        "Put a row with the column names on top and upload the file again."
    ),
    "columns": _lt(
        "The file has %(count)s columns; at most %(limit)s can be read. "
        "Remove those that are not needed."
    ),
    "delimiter": _lt(
        "The file has only one column: %(first)s. Save it with a comma, semicolon, tab or | "
        "between the columns."
    ),
    "zip": _lt(
        "This is a ZIP archive, whatever its name says. "
        "Unpack it and upload the CSV or XLSX file that is in it."
    ),
    "xls": _lt(
        "This is an old Excel file (.xls) or a workbook with a password. "
        "Save it in Excel as XLSX without a password, or as CSV."
    ),
    "xlsb": _lt("This is a binary Excel workbook (.xlsb). Save it in Excel as XLSX or CSV."),
    "ods": _lt("This is an OpenDocument file. Save it as XLSX or CSV."),
    "pdf": _lt("This is a PDF. Export the sales lines as CSV or XLSX."),
    "archive": _lt("This is a compressed archive. Unpack it and upload the file that is in it."),
    "picture": _lt("This is a picture. Choose a CSV or XLSX file with sales lines."),
    "html": _lt(
        "This is a web page, whatever its name says. Open it in a spreadsheet program and save "
        "it as XLSX or CSV."
    ),
    "xml": _lt("This is an XML file. Export the sales lines as CSV or XLSX."),
    "json": _lt("This is a JSON file. Export the sales lines as CSV or XLSX."),
    "binary": _lt("This is not a table. Choose a CSV or XLSX file with sales lines."),
    "broken_workbook": _lt(
        "The workbook is damaged and cannot be read. "
        "Open it in a spreadsheet program, save it anew and upload it again."
    ),
    "broken_gzip": _lt("The compressed file is damaged or cut off. Upload it again."),
    "unpacked_too_large": _lt(
        "Unpacked, the file is larger than %(limit)s. Split it into smaller files."
    ),
    "workbook_texts": _lt(
        "The workbook holds more than %(limit)s of texts, too much to read at once. "
        "Save it as CSV; CSV files may be much larger."
    ),
    "sheet": _lt("The workbook has no sheet %(sheet)s. It has: %(sheets)s."),
    "encoding": _lt(
        "The file is not %(encoding)s: byte %(byte)s at position %(position)s (line %(line)s) "
        "cannot be read. Choose another encoding."
    ),
    "encoding_offers": _lt(
        "The file is not %(encoding)s: byte %(byte)s at position %(position)s (line %(line)s) "
        "cannot be read. Choose another encoding; these can read it: %(offers)s."
    ),
    "nul": _lt(
        "The file has a zero byte at position %(position)s, so it is not plain text. "
        "Export it again as CSV or XLSX."
    ),
    "long_line": _lt(
        "Line %(line)s is longer than a million characters, so this is not a table of lines. "
        "Export the file again."
    ),
    "quote": _lt(
        "A quotation mark that opens in line %(line)s is never closed, so lines run into each "
        "other. Close or remove it and upload the file again."
    ),
}

ENCODING_NAMES = {
    "utf-8": "UTF-8",
    "utf-16": "UTF-16",
    "utf-16-le": "UTF-16",
    "gb18030": "GB 18030",
    "cp1252": "Windows-1252",
}


def read_error_message(env, error):
    """Return the sentence for a `ReadError`, in the language of `env`."""
    params = dict(error.params)
    code = error.code
    if code == "encoding":
        params["encoding"] = ENCODING_NAMES[params["encoding"]]
        params["offers"] = ", ".join(ENCODING_NAMES[name] for name in params.get("offers", ()))
        code = "encoding_offers" if params["offers"] else code
    if "limit" in params and code != "columns":
        params["limit"] = size_text(params["limit"])
    if "sheets" in params:
        params["sheets"] = ", ".join(params["sheets"])
    sentence = env._(READ_ERRORS[code])
    return sentence % params if params else sentence


def size_text(size):
    """Return a number of bytes as people say it."""
    for unit in ("bytes", "KB", "MB"):
        if size < 1024:
            return f"{size:.0f} {unit}"
        size /= 1024
    return f"{size:.1f} GB"

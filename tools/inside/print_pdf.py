"""Stands in for wkhtmltopdf: prints Odoo's reports through headless Chromium.

Understands the options that Odoo's `ir.actions.report` gives. Each body becomes a table whose
head and foot are the report's header and footer, which Chromium repeats on every page; page
numbers are printed in the bottom margin.

Usage: print_pdf.py [options] BODY.html... OUT.pdf
"""

import argparse
import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

import lxml.html
import pypdf

VERSION = "wkhtmltopdf 0.12.6 (with patched qt), by way of Chromium"
SIZES = {"Letter": "letter", "Legal": "legal", "Tabloid": "11in 17in"}
CHROMIUM = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage")
QUIET = ("--disable-background-networking", "--disable-component-update", "--disable-sync")
STYLE = """
@page {{ size: {size} {orientation}; margin: {margins};
         @bottom-center {{ content: counter(page) " / " counter(pages); font-size: 8pt; }} }}
html, body {{ height: auto !important; overflow: visible !important; }}
body {{ zoom: 0.78; }}  /* wkhtmltopdf lays pages out wider and shrinks them to the paper */
.container, .o_body_pdf {{ max-width: none !important; }}
table.lc-page {{ width: 100%; border-collapse: collapse; }}
table.lc-page > * > tr > td {{ padding: 0; border: 0; vertical-align: top; }}
:has(> span.page) {{ display: none !important; }}
"""


def main():
    """Print all bodies into one PDF, with one bookmark each as wkhtmltopdf does."""
    if "--version" in sys.argv or "-V" in sys.argv:
        print(VERSION)
        return
    options, files = parse(sys.argv[1:])
    *bodies, target = files
    # Odoo limits its address space, and Chromium reserves more than that.
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    resource.setrlimit(resource.RLIMIT_AS, (hard, hard))
    writer = pypdf.PdfWriter()
    with tempfile.TemporaryDirectory(prefix="report-") as folder:
        for index, body in enumerate(bodies):
            page = Path(folder) / f"{index}.html"
            page.write_text(compose(body, index, options), encoding="utf-8")
            first = len(writer.pages)
            writer.append(chromium(page, folder), import_outline=False)
            writer.add_outline_item(f"{index + 1}", first)
        writer.write(target)


def parse(arguments):
    """Return the options that matter here, and the files."""
    parser = argparse.ArgumentParser(add_help=False)
    for name in ("page-size", "page-width", "page-height", "header-html", "footer-html"):
        parser.add_argument(f"--{name}")
    for side in ("top", "right", "bottom", "left"):
        parser.add_argument(f"--margin-{side}", default="10")
    parser.add_argument("--orientation", default="Portrait")
    for name in ("dpi", "zoom", "header-spacing", "javascript-delay", "cookie-jar"):
        parser.add_argument(f"--{name}")
    parser.add_argument("--viewport-size")
    for name in ("disable-local-file-access", "quiet", "header-line", "disable-smart-shrinking"):
        parser.add_argument(f"--{name}", action="store_true")
    options, files = parser.parse_known_args(arguments)
    files = [name for name in files if not name.startswith("-")]
    if len(files) < 2:
        sys.exit("print_pdf: name at least one HTML file and the PDF file to write")
    return options, files


def compose(body, index, options):
    """Return one document with its header and footer around the body."""
    tree = lxml.html.parse(body, lxml.html.HTMLParser(encoding="utf-8")).getroot()
    place = tree.find("body")
    table = lxml.html.fragment_fromstring(
        '<table class="lc-page"><thead><tr><td></td></tr></thead><tbody><tr><td></td></tr></tbody>'
        "<tfoot><tr><td></td></tr></tfoot></table>"
    )
    head, middle, foot = table.iterdescendants("td")
    middle.text = place.text
    middle.extend(list(place))
    _fill(head, options.header_html, "minimal_layout_report_headers", index)
    _fill(foot, options.footer_html, "minimal_layout_report_footers", index)
    place.text = None
    place.append(table)
    style = lxml.html.fragment_fromstring("<style></style>")
    style.text = page_style(options)
    tree.find("head").append(style)
    return lxml.html.tostring(tree, doctype="<!DOCTYPE html>", encoding="unicode")


def page_style(options):
    """Return the CSS for paper and margins; a margin in millimetres stands without a unit."""
    margins = [getattr(options, f"margin_{side}") for side in ("top", "right", "bottom", "left")]
    # The header and footer stand in the text area here, not in the margin.
    if options.header_html:
        margins[0] = "8"
    if options.footer_html:
        margins[2] = "12"
    size = SIZES.get(options.page_size, options.page_size or "A4")
    orientation = options.orientation.lower()
    if options.page_width and options.page_height:
        size, orientation = f"{options.page_width} {options.page_height}", ""
    return STYLE.format(
        size=size, orientation=orientation, margins=" ".join(f"{value}mm" for value in margins)
    )


def _fill(cell, path, identity, index):
    if not path:
        return
    tree = lxml.html.parse(path, lxml.html.HTMLParser(encoding="utf-8")).getroot()
    found = tree.xpath(f'//*[@id="{identity}"]/*')
    cell.extend(found[index : index + 1] or found[:1])


def chromium(page, folder):
    """Print one page and return the PDF's path."""
    target = page.with_suffix(".pdf")
    profile = f"--user-data-dir={folder}/profile"
    printing = ["--no-pdf-header-footer", f"--print-to-pdf={target}", page.as_uri()]
    done = subprocess.run(
        [os.environ["LOGISTICS_CHROMIUM"], *CHROMIUM, *QUIET, profile, *printing],
        capture_output=True,
        text=True,
        timeout=300,
    )
    if not target.exists():
        sys.exit(f"Chromium did not print the report: {done.stderr[-500:]}")
    return target


if __name__ == "__main__":
    main()

"""PDF reports: a full wkhtmltopdf where there is one, else a stand-in over Chromium."""

import os
import shutil

from . import apt, paths, process
from .say import note, step, warn

STAND_IN = paths.ROOT / "tools/inside/print_pdf.py"


def ensure(chromium):
    """Make a `wkhtmltopdf` available on the PATH of what the set-up starts.

    The distributions' own build is without patched Qt and leaves headers and footers out, so
    the stand-in comes before it.

    Parameters
    ----------
    chromium : str or None
        What the stand-in prints through.
    """
    own = paths.BIN / "wkhtmltopdf"
    if "patched qt" in _version():
        paths.remove(own)
    elif chromium:
        _write(own, chromium)
    elif not _version() and not _install():
        warn("No wkhtmltopdf and no Chromium here: printing PDFs does not work.")


def _write(own, chromium):
    paths.folder(paths.BIN)
    text = f"#!/bin/sh\nLOGISTICS_CHROMIUM='{chromium}' exec '{paths.PYTHON}' '{STAND_IN}' \"$@\"\n"
    if not own.exists() or own.read_text() != text:
        note("PDF reports are printed through Chromium.")
        own.write_text(text)
        own.chmod(0o755)


def _version():
    """Return what the machine's own wkhtmltopdf says of itself, or an empty text."""
    places = os.environ.get("PATH", os.defpath).split(os.pathsep)
    outside = os.pathsep.join(place for place in places if place != str(paths.BIN))
    found = shutil.which("wkhtmltopdf", path=outside)
    return (process.output([found, "--version"]) or "") if found else ""


def _install():
    said = process.output(["apt-cache", "policy", "wkhtmltopdf"]) or "(none)"
    if os.geteuid() != 0 or "Candidate: (none)" in said or "Candidate" not in said:
        return False
    step("Installing wkhtmltopdf for PDF reports (apt, as root)")
    return apt.install(["wkhtmltopdf"])

"""Chromium and fonts: the machine's own, installed by root, or unpacked without root."""

import os
import shutil

from . import apt, paths, process, stamps
from .say import Stop, note, step, warn

NAMES = ("chromium", "chromium-browser", "google-chrome", "chromium-headless-shell")
UNPACKED = paths.CACHE / "chromium"
CJK_FONT = "fonts-noto-cjk"


def ensure():
    """Return the path of a Chromium, bringing one if that can be done, else None."""
    return find() or _install() or _unpack()


def find():
    """Return the path of a Chromium that starts, or None."""
    for name in NAMES:
        path = shutil.which(name)
        if path and starts(path):
            return path
    wrapper = paths.BIN / "chromium"
    return str(wrapper) if wrapper.exists() and starts(wrapper) else None


def starts(path):
    """Tell whether a Chromium runs here (a stub that only tells how to install it does not)."""
    return bool(process.output([str(path), "--version"], timeout=60))


def ensure_fonts():
    """Bring a font with Chinese characters where root allows; say so where not."""
    if has_chinese_font():
        return True
    if os.geteuid() == 0 and apt.install([CJK_FONT]) and has_chinese_font():
        return True
    warn(f"No font here has Chinese characters: install {CJK_FONT} to see them in PDFs and pages.")
    return False


def has_chinese_font():
    """Tell whether fontconfig knows a font with Chinese characters."""
    return bool((process.output(["fc-list", ":lang=zh"]) or "").strip())


def _install():
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return None
    step("Installing Chromium for the browser tests (apt, as root)")
    return find() if apt.install(["chromium", CJK_FONT]) else None


def _unpack():
    if not (UNPACKED / ".stamp").exists():
        step("Taking Chromium from the distribution, unpacked and not installed")
        try:
            apt.unpack_with_dependencies(
                ["chromium-headless-shell", "fonts-dejavu-core", CJK_FONT], UNPACKED, "Chromium"
            )
        except Stop as problem:
            warn(f"No Chromium here: browser tests will be skipped. {problem}")
            return None
        stamps.write(UNPACKED, "chromium")
    _write_wrapper()
    found = find()
    if not found:
        note("The unpacked Chromium does not start: browser tests will be skipped.")
    return found


def _write_wrapper():
    program = next(UNPACKED.glob("usr/lib/chromium/*headless*shell"), None)
    program = program or next(UNPACKED.glob("usr/bin/chromium-headless-shell"), None)
    if not program:
        return
    wrapper = paths.folder(paths.BIN) / "chromium"
    wrapper.write_text(
        "#!/bin/sh\n"
        f"LD_LIBRARY_PATH='{apt.library_path(UNPACKED)}' FONTCONFIG_SYSROOT='{UNPACKED}' \\\n"
        f"    exec '{program}' --no-sandbox \"$@\"\n"
    )
    wrapper.chmod(0o755)

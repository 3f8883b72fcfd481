"""Odoo 19: the signed Debian package unpacked, or a tree of the user's own."""

import json
import re

from . import apt, paths, stamps
from .say import Stop, note, step, warn

PINS = paths.Path(__file__).with_name("pins.json")
DIST = "usr/lib/python3/dist-packages"
LANGUAGES = ("zh_CN",)
# A copy of the add-ons, and translations that nobody reads here: three quarters of the size.
LEFT_OUT = (
    f"./{DIST}/addons",
    "*/i18n*/[!z]*.po",
    "*/i18n*/z[!h]*.po",
    "*/i18n*/zh_[!C]*.po",
    "*/i18n*/*.pot",
    "./usr/share/doc",
)
# Debian leaves this file out, and its absence is an error in the browser's console. It blurs
# the background of video calls.
STUB = "odoo/addons/mail/static/lib/selfie_segmentation/selfie_segmentation.js"
# They would ask the internet about every new company and lead. They stay installable.
NOT_BY_THEMSELVES = ("partner_autocomplete", "crm_iap_enrich", "crm_iap_mine")
STUB_TEXT = "window.SelfieSegmentation = class {};\n"


class OdooTree:
    """An Odoo 19 that can be imported.

    Attributes
    ----------
    path : pathlib.Path
        The folder that goes on `sys.path`: it has `odoo/release.py`.
    addons : list of pathlib.Path
        Folders of Odoo's add-ons.
    stamp : str
        Changes when the tree changes.
    """

    def __init__(self, path, stamp):
        self.path = path
        self.stamp = stamp
        self.addons = [
            place for place in (path / "odoo" / "addons", path / "addons") if place.is_dir()
        ]


def ensure(settings):
    """Return the `OdooTree` to use, unpacking it when it is not there."""
    if settings.odoo:
        return own_tree(settings.odoo)
    stamp = stamps.of_text(PINS.read_text(), repr((LEFT_OUT, STUB_TEXT, NOT_BY_THEMSELVES)))
    if not stamps.matches(paths.ODOO_TREE, stamp):
        _unpack(_packages(settings), stamp)
    return OdooTree(paths.ODOO_TREE / DIST, stamp)


def present(settings):
    """Return the `OdooTree` that `ensure` brought, without looking whether it is up to date."""
    if settings.odoo:
        return own_tree(settings.odoo)
    return OdooTree(paths.ODOO_TREE / DIST, (paths.ODOO_TREE / ".stamp").read_text().strip())


def own_tree(path):
    """Return the `OdooTree` of a source checkout or an installed Odoo; stop if it is none."""
    for place in (path, path.parent, path / DIST):
        release = place / "odoo" / "release.py"
        if release.is_file():
            break
    else:
        raise Stop(
            f"ODOO={path} has no Odoo: name a source checkout (with 'odoo/release.py' inside) or "
            "the folder that an installed 'odoo' package lies in."
        )
    version = re.search(r"^version_info = \((\d+), (\d+)", release.read_text(), re.MULTILINE)
    if not version or (version[1], version[2]) != ("19", "0"):
        found = ".".join(version.groups()) if version else "unknown"
        raise Stop(f"ODOO={path} is version {found}: these add-ons need Odoo 19.0.")
    return OdooTree(place, stamps.of_text(str(place), release.read_text()))


def pins():
    """Return what was tested: `{name: {"suite": ..., "sha256": {version: hash}}}`."""
    return json.loads(PINS.read_text())["packages"]


def _packages(settings):
    """Return the package files of Odoo and of the fonts and scripts that it links to."""
    kept = {path.name.partition("_")[0]: path for path in paths.DOWNLOADS.glob("*.deb")}
    wanted = pins()
    if all(
        name in kept and stamps.of_file(kept[name]) in pin["sha256"].values()
        for name, pin in wanted.items()
    ):
        return [kept[name] for name in wanted]
    return _download(settings, wanted)


def _download(settings, wanted):
    apt.require("Odoo", "ODOO=/path/to/odoo")
    mirror = settings.debian_mirror or apt.debian_mirror()
    if not mirror:
        raise Stop(
            "The apt of this machine knows no Debian mirror, and Odoo 19 is a Debian package: "
            "name a mirror with DEBIAN_MIRROR=<its address>, or an Odoo 19 with ODOO=/path/to/odoo."
        )
    step("Downloading Odoo 19 (about 140 MB with apt's lists) from this machine's Debian mirror")
    paths.require_space(paths.DOWNLOADS, 1000, "Odoo")
    source = apt.IsolatedApt("odoo", apt.suite(mirror, "sid", apt.codename()))
    source.update()
    chosen = {name: _choose(name, pin, source.versions(name)) for name, pin in wanted.items()}
    _discard_others(chosen)
    missing = [
        f"{name}={version}"
        for name, version in chosen.items()
        if not _have(name, version, wanted[name])
    ]
    if missing:
        source.download(missing, paths.DOWNLOADS)
    return [_checked(name, version, wanted[name]) for name, version in chosen.items()]


def _choose(name, pin, offered):
    """Return the version to take: a tested one if it is still offered, else the suite's own."""
    for version in offered:
        if version in pin["sha256"]:
            return version
    in_suite = [v for v, suite in offered.items() if (suite == "sid") == (pin["suite"] == "sid")]
    if not in_suite and not offered:
        raise Stop(
            f"The Debian mirror does not offer '{name}' now: try again later, or name an Odoo 19 "
            "with ODOO=/path/to/odoo."
        )
    newest = (in_suite or list(offered))[0]
    warn(f"{name}: the tested version is gone, taking {newest}, whose signature apt checks.")
    return newest


def _file(name, version):
    return paths.DOWNLOADS / f"{name}_{version.replace(':', '%3a')}_all.deb"


def _have(name, version, pin):
    """Tell whether a package is there and whole; apt itself looks at those without a hash."""
    path, known = _file(name, version), pin["sha256"].get(version)
    return bool(known) and path.exists() and _is(path, known)


def _discard_others(chosen):
    """Remove other versions, so that one package has one file."""
    for name, version in chosen.items():
        for path in paths.DOWNLOADS.glob(f"{name}_*.deb"):
            if path != _file(name, version):
                path.unlink()


def _is(path, sha256):
    return stamps.of_file(path) == sha256


def _checked(name, version, pin):
    path = _file(name, version)
    known = pin["sha256"].get(version)
    if known and not _is(path, known):
        path.unlink()
        raise Stop(
            f"{path.name} differs from the file that was tested (SHA-256): it was removed; run "
            "again, and if it happens again, the mirror is not to be trusted."
        )
    return path


def _unpack(packages, stamp):
    step("Unpacking Odoo")
    paths.require_space(paths.ODOO_TREE, 700, "Odoo")
    fresh = paths.ODOO_TREE.with_name("odoo.new")
    paths.remove(fresh)
    for package in packages:
        apt.unpack(package, fresh, LEFT_OUT)
    stub = fresh / DIST / STUB
    if not stub.exists():
        paths.folder(stub.parent)
        stub.write_text(STUB_TEXT)
    for name in NOT_BY_THEMSELVES:
        _install_on_request_only(fresh / DIST / "odoo" / "addons" / name / "__manifest__.py")
    _report_dangling(fresh / DIST / "odoo" / "addons")
    stamps.write(fresh, stamp)
    old = paths.ODOO_TREE.with_name("odoo.old")
    paths.remove(old)
    if paths.ODOO_TREE.exists():
        paths.ODOO_TREE.rename(old)
    fresh.rename(paths.ODOO_TREE)
    paths.remove(old)
    note(f"Odoo is in {paths.ODOO_TREE}.")


def _install_on_request_only(manifest):
    text = manifest.read_text()
    changed = re.sub(
        r"""(["']auto_install["']\s*:\s*)(True|\[.*?\])""", r"\1False", text, flags=re.S
    )
    if changed == text:
        warn(f"{manifest.parent.name} no longer installs itself: its entry here can go.")
    manifest.write_text(changed)


def _report_dangling(addons):
    for path in addons.glob("*/static/**/*"):
        if path.is_symlink() and not path.exists():
            warn(f"{path.relative_to(addons)} points to a file that no package brought.")

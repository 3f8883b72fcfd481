"""The steps that every command begins with."""

from dataclasses import dataclass

from . import browser, cleaning, odoo, paths, pdf, settings, venv
from .database import Databases
from .instance import Odoo
from .postgres import choose


@dataclass
class Machine:
    """What is there after the set-up.

    Attributes
    ----------
    settings : runtime.settings.Settings
        The user's choices.
    cluster : runtime.postgres.Cluster or runtime.postgres.External
        The database server; not started yet.
    odoo : runtime.instance.Odoo
        Odoo on that server.
    chromium : str or None
        A Chromium.
    """

    settings: settings.Settings
    cluster: object
    odoo: Odoo
    chromium: str | None


def prepare(name, durable, groups, pages=True):
    """Bring Odoo, the environment and (with `pages`) Chromium and PDF printing up.

    Parameters
    ----------
    name : str
        "demo" or "test": which server and data folder.
    durable : bool
        False where a crash may lose the databases.
    groups : tuple of str
        Groups of Python packages.
    pages : bool
        Whether pages and PDFs will be needed.
    """
    chosen = settings.read()
    cleaning.tag(paths.CACHE)
    tree = odoo.ensure(chosen)
    venv.ensure(tree, *groups)
    chromium = None
    if pages:
        chromium = browser.ensure()
        browser.ensure_fonts()
        pdf.ensure(chromium)
    cluster = choose(chosen, name, durable)
    databases = Databases(cluster, paths.DATA / name)
    return Machine(chosen, cluster, Odoo(tree, databases), chromium)

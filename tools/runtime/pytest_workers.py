"""A pytest plug-in: each worker of pytest-xdist has the database that `make test` cloned for it.

The file that takes longest is handed out first: at the end one worker would be left alone with it.

pytest-odoo would copy the run's own with `createdb`, which not every machine has, and would share
the files of its attachments between workers.
"""

import os

VARIABLE = "LOGISTICS_WORKER_{}"
LONGEST = "test_promise_with_modules.py"  # 4 minutes or so


def variables(configs):
    """Return the variables that tell workers where their configuration of Odoo is.

    Parameters
    ----------
    configs : list of pathlib.Path
        One per worker.
    """
    return {VARIABLE.format(f"GW{number}"): path for number, path in enumerate(configs)}


# Programs that a test starts are no workers: they do not inherit the name.
_worker = os.environ.pop("PYTEST_XDIST_WORKER", None)
if _worker:
    os.environ["ODOO_RC"] = os.environ[VARIABLE.format(_worker.upper())]


def pytest_collection_modifyitems(items):
    items.sort(key=lambda item: item.path.name != LONGEST)

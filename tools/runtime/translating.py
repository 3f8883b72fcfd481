"""`make i18n`: the texts of our add-ons brought into their i18n folders."""

import json
import os
import subprocess

from . import machine, paths, templates
from .say import Stop, note, step

# Statements for `Odoo.shell`: the texts of each of `modules`, as Odoo would export them.
EXPORT = """
import io
from odoo.tools.translate import trans_export
result = {}
for module in modules:
    stream = io.BytesIO()
    trans_export(None, [module], stream, "po", env)
    result[module] = stream.getvalue().decode()
"""


def run():
    """Bring templates and translations up to date; return 1 while a text is untranslated."""
    ready = machine.prepare("test", durable=False, groups=("runtime",), pages=False)
    with ready.cluster:
        exported = _export(ready.odoo)
    left = _merge(exported)
    for module, problems in left.items():
        step(f"{module}/i18n: {len(problems)} texts to translate")
        for problem in problems:
            note(problem)
    return 1 if any(left.values()) else 0


def _export(odoo):
    name = f"{templates.PREFIX}run_{os.getpid()}"
    odoo.databases.clone(templates.full(odoo), name)
    step("Reading the texts of the add-ons")
    try:
        return odoo.shell(name, EXPORT, modules=paths.ADDONS)
    finally:
        odoo.databases.drop(name)


def _merge(exported):
    done = subprocess.run(
        [str(paths.PYTHON), str(paths.ROOT / "tools/inside/merge_terms.py")],
        input=json.dumps(exported),
        stdout=subprocess.PIPE,
        text=True,
        cwd=paths.ROOT,
    )
    if done.returncode:
        raise Stop("The texts could not be merged: mend the .po file that the lines above name.")
    return json.loads(done.stdout)

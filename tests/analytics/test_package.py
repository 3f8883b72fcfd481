"""The core imports nothing of Odoo and every submodule imports by itself."""

import importlib
import pkgutil
import subprocess
import sys
from pathlib import Path

import analytics
import pytest

MODULES = [module.name for module in pkgutil.iter_modules(analytics.__path__)]


@pytest.mark.parametrize("name", MODULES)
def test_submodule_imports(name):
    assert importlib.import_module(f"analytics.{name}")


def test_no_submodule_loads_odoo():
    imports = "; ".join(f"import analytics.{name}" for name in MODULES)
    answer = subprocess.run(
        [sys.executable, "-c", f"import sys; {imports}; print('odoo' in sys.modules)"],
        cwd=Path(analytics.__path__[0]).parent,
        capture_output=True,
        text=True,
        check=True,
    )
    assert answer.stdout.strip() == "False"


def test_everything_promised_is_there():
    for name in analytics.__all__:
        assert hasattr(analytics, name)


def test_examples_in_the_documentation_are_true():
    import doctest

    for name in MODULES:
        result = doctest.testmod(importlib.import_module(f"analytics.{name}"))
        assert result.failed == 0

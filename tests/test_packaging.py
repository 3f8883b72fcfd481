"""Each add-on builds as a wheel for pip, in the `odoo.addons` namespace, with all its files."""

import ast
import shutil
import subprocess
import sys
import zipfile

import pytest
from runtime import paths

NOT_SHIPPED = {"__pycache__"}


@pytest.fixture(scope="module", params=paths.ADDONS)
def wheel(request, tmp_path_factory):
    """Build one add-on from a copy, so that the clone stays clean; give its name and the wheel."""
    name, target = request.param, tmp_path_factory.mktemp("wheels")
    copy = tmp_path_factory.mktemp("copy") / name
    shutil.copytree(paths.ROOT / name, copy, ignore=shutil.ignore_patterns(*NOT_SHIPPED))
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", target, copy]
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return name, zipfile.ZipFile(next(target.glob("*.whl")))


@pytest.mark.parametrize("name", paths.ADDONS)
def test_odoo_itself_finds_every_test_of_the_add_on(name):
    """Pytest looks for files, Odoo for what the package of tests imports."""
    tests = paths.ROOT / name / "tests"
    imported = {
        alias.name
        for node in ast.walk(ast.parse((tests / "__init__.py").read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    assert {path.stem for path in tests.glob("test_*.py")} - imported == set()


def metadata(archive):
    path = next(name for name in archive.namelist() if name.endswith("METADATA"))
    return archive.read(path).decode().splitlines()


def test_the_wheel_holds_every_file_of_the_add_on(wheel):
    name, archive = wheel
    folder = paths.ROOT / name
    wanted = {
        f"odoo/addons/{name}/{path.relative_to(folder).as_posix()}"
        for path in folder.rglob("*")
        if path.is_file() and not NOT_SHIPPED.intersection(path.parts)
    }
    missing = wanted - set(archive.namelist()) - {f"odoo/addons/{name}/pyproject.toml"}
    assert not missing


def test_the_wheel_requires_odoo_19_and_the_add_ons_below(wheel):
    name, archive = wheel
    required = [line for line in metadata(archive) if line.startswith("Requires-Dist:")]
    assert any("odoo==19.0" in line or "odoo<19.1" in line for line in required), required
    below = paths.ADDONS[: paths.ADDONS.index(name)][-1:]
    for module in below:
        assert any(module in line.replace("-", "_") for line in required), required

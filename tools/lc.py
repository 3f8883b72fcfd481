#!/usr/bin/env python3
"""This repository's commands: python3 tools/lc.py with the name of one, as in the Makefile."""

import os
import subprocess
import sys

SUPPORTED = ((3, 13), (3, 12), (3, 11))


def main():
    """Run the command under a supported Python; failures are one sentence, not a traceback."""
    if sys.version_info[:2] not in SUPPORTED:
        _run_with_another_python()
    from runtime import commands

    sys.exit(commands.main(sys.argv[1:]))


def _run_with_another_python():
    for version in SUPPORTED:
        name = f"python{version[0]}.{version[1]}"
        try:
            code = subprocess.call([name, "-c", "import venv"], stderr=subprocess.DEVNULL)
        except OSError:
            continue
        if code == 0:
            os.execvp(name, [name, *sys.argv])
    sys.exit(
        "This needs Python 3.11, 3.12 or 3.13, and here is only "
        f"{sys.version_info[0]}.{sys.version_info[1]}: install one of them (it is found by its "
        "name, such as python3.12) and run again."
    )


if __name__ == "__main__":
    main()

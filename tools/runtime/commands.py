"""The commands, by name."""

import os
import signal
import sys

from .say import Stop

USAGE = "Usage: python3 tools/lc.py demo|test|test-upstream|lint|bench|i18n|shell|lock|clean"


def main(arguments):
    """Run a command and return its exit code; a `Stop` is printed as its sentence."""
    name = arguments[0] if arguments else ""
    command = COMMANDS.get(name)
    if not command:
        print(USAGE, file=sys.stderr)
        return 2
    signal.signal(signal.SIGINT, signal.default_int_handler)  # even when started in the background
    signal.signal(signal.SIGTERM, _interrupt)
    signal.signal(signal.SIGHUP, _interrupt)
    try:
        return command(arguments[1:]) or 0
    except Stop as problem:
        print(f"\n{name}: {problem}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print(f"\n{name}: interrupted; run it again to go on where it stopped.", file=sys.stderr)
        return 130


def _interrupt(number, frame):
    """End like Ctrl-C does: what was started is stopped on the way out."""
    raise KeyboardInterrupt


def _demo(arguments):
    from . import demo

    return demo.run()


def _test(arguments):
    from . import testing

    return testing.run(" ".join(arguments) or os.environ.get("T", ""))


def _test_upstream(arguments):
    from . import upstream

    return upstream.run(os.environ.get("M", ""), os.environ.get("ADDON", ""))


def _lint(arguments):
    from . import linting

    return linting.run(os.environ.get("HOOK", ""))


def _bench(arguments):
    from . import benching

    return benching.run(os.environ.get("B", ""))


def _i18n(arguments):
    from . import translating

    return translating.run()


def _shell(arguments):
    from . import demo

    return demo.shell()


def _lock(arguments):
    from . import venv

    return venv.lock()


def _clean(arguments):
    from . import cleaning

    return cleaning.run()


COMMANDS = {
    "demo": _demo,
    "test": _test,
    "test-upstream": _test_upstream,
    "lint": _lint,
    "bench": _bench,
    "i18n": _i18n,
    "shell": _shell,
    "lock": _lock,
    "clean": _clean,
}

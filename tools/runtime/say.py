"""What the set-up tells people, and the one exception that it ends with."""

import sys
import time

STARTED = time.monotonic()


class Stop(Exception):
    """A failure told in one sentence: what is wrong, where, and what to do about it."""


def step(text):
    """Announce what is being done."""
    print(f"==> [{time.monotonic() - STARTED:3.0f} s] {text}", file=sys.stderr, flush=True)


def note(text):
    """Add a detail to the step being done."""
    print(f"    {text}", file=sys.stderr, flush=True)


def warn(text):
    """Say something that does not stop the run but that people should know."""
    print(f"!!  {text}", file=sys.stderr, flush=True)


class Progress:
    """One line that grows on a terminal, and a line every ten seconds elsewhere.

    Parameters
    ----------
    label : str
        What is being done.
    total : int or None
        Size in bytes, or None when unknown.
    """

    def __init__(self, label, total):
        self.label = label
        self.total = total
        self.live = sys.stderr.isatty()
        self.last = time.monotonic()

    def show(self, done):
        """Show that `done` bytes are there, at most every so often."""
        now = time.monotonic()
        if now - self.last < (0.3 if self.live else 10):
            return
        self.last = now
        share = f" of {_megabytes(self.total)} ({100 * done // self.total} %)" if self.total else ""
        text = f"    {self.label}: {_megabytes(done)}{share}"
        print(f"\r{text}" if self.live else text, end="" if self.live else "\n", file=sys.stderr)
        sys.stderr.flush()

    def close(self):
        """Leave the line."""
        if self.live:
            print(file=sys.stderr, flush=True)


def _megabytes(count):
    return f"{count / 1e6:.0f} MB"

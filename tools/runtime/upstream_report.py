"""What a run of Odoo's own tests says: each failure is Odoo's, known, chance, or new and ours."""

import tomllib
from dataclasses import dataclass

from . import paths
from .say import Stop

KNOWN = paths.ROOT / "tools/runtime/upstream_known.toml"
FATAL = ("new", "changed")
VERDICTS = {
    "theirs": "fails without us too",
    "known": "with us only, known",
    "chance": "passes when run again",
    "changed": "**fails without us too, with another error**",
    "new": "**with us only**",
}


@dataclass(frozen=True)
class Known:
    """A failure that is accepted.

    Attributes
    ----------
    error : str or None
        Accepted with this in its error, even if it fails with us only. None: accepted if it fails
        without us too, whatever the errors say.
    reason : str
        Why it is not ours to mend.
    """

    error: str | None
    reason: str

    def covers(self, error):
        """Tell whether this is the failure that was accepted, not another one of that test."""
        return self.error is not None and self.error in error


def read_known(path=KNOWN):
    """Return the accepted failures, {(module, name of a test): Known}."""
    found = {}
    for entry in tomllib.loads(path.read_text()).get("known", []):
        if not entry.keys() >= {"module", "tests", "reason"}:
            raise Stop(f"{path.name} has an entry without module, tests or reason: {entry}")
        for test in entry["tests"]:
            found[entry["module"], test] = Known(entry.get("error"), entry["reason"])
    return found


@dataclass(frozen=True)
class Outcome:
    """What came of the tests of a module.

    Attributes
    ----------
    module, addon : str
    with_us : dict
        `run` (how many), `skipped` and `failed`: {id of a test: why}.
    without_us : dict
        What failed of those on a database without the add-on.
    again : dict
        What failed of the rest when it was run with the add-on once more.
    complaints : list of str
        Warnings and errors that our add-ons logged.
    """

    module: str
    addon: str
    with_us: dict
    without_us: dict
    again: dict
    complaints: list

    def verdicts(self, known):
        """Return {name of a failed test: a key of `VERDICTS`}, sorted by name."""
        failed = _by_name(self.with_us["failed"])
        return {name: self._verdict(name, failed[name], known) for name in sorted(failed)}

    def _verdict(self, name, error, known):
        entry = known.get((self.module, name))
        if entry and entry.covers(error):
            return "known"
        theirs = _find(self.without_us, name)
        if theirs == error or (theirs and entry and entry.error is None):
            return "theirs"
        if theirs:
            return "changed"
        return "new" if _find(self.again, name) else "chance"

    def is_broken(self, known):
        """Tell whether something is new and ours."""
        return bool(self.complaints) or any(
            verdict in FATAL for verdict in self.verdicts(known).values()
        )

    def unexplained(self, known):
        """Return the names of what failed with us, neither without us nor as it is known."""
        return [
            name for name, verdict in self.verdicts(known).items() if verdict in ("new", "chance")
        ]


def report(outcome, known):
    """Return the lines of Markdown that tell of a module.

    Parameters
    ----------
    outcome : Outcome
    known : dict
        See `read_known`.
    """
    failed, theirs = _by_name(outcome.with_us["failed"]), outcome.without_us
    lines = [f"## {outcome.module} with {outcome.addon}", ""]
    for name, verdict in outcome.verdicts(known).items():
        lines += [f"- `{name}`: {VERDICTS[verdict]}", f"  - {failed[name]}"]
        if _find(theirs, name) not in (None, failed[name]):
            lines.append(f"  - without us: {_find(theirs, name)}")
        if (outcome.module, name) in known:
            lines.append(f"  - {known[outcome.module, name].reason}")
    lines += [f"- **logged by us**: {line}" for line in outcome.complaints]
    for test, reason in sorted(outcome.with_us["skipped"].items()):
        lines.append(f"- `{name_of(test)}`: skipped, {reason}")
    gone = [test for module, test in known if module == outcome.module and test not in failed]
    lines += [f"- `{test}` is listed as known and passes: take it off the list" for test in gone]
    return [*lines, ""] if len(lines) > 2 else [*lines, "Nothing failed.", ""]


def table(outcomes, known):
    """Return the lines of a Markdown table with a row for each module."""
    lines = [
        "| module | with | run | skipped | failed | without us too | known | by chance | ours |",
        "| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for outcome in outcomes:
        verdicts = list(outcome.verdicts(known).values())
        counts = [verdicts.count(key) for key in ("theirs", "known", "chance")]
        ours = sum(verdict in FATAL for verdict in verdicts) + len(outcome.complaints)
        skipped = len(outcome.with_us["skipped"])
        told = [outcome.with_us["run"], skipped, len(verdicts), *counts, ours]
        cells = " | ".join(map(str, told))
        lines.append(f"| `{outcome.module}` | `{outcome.addon}` | {cells} |")
    return [*lines, ""]


def name_of(identity):
    """Return `Class.method` of a test's id, `Class` where the class could not be set up.

    >>> name_of("odoo.addons.crm.tests.test_lead.TestLead.test_merge (field='x')")
    'TestLead.test_merge'
    >>> name_of("setUpClass (odoo.addons.crm.tests.test_lead.TestLead)")
    'TestLead'
    """
    first, _, rest = identity.partition(" ")
    if "." not in first:
        return rest.strip("()").rpartition(".")[2]
    return ".".join(first.split(".")[-2:])


def _by_name(failed):
    """Join the errors of the parts (subtests) of each test."""
    errors = {}
    for test, error in sorted(failed.items()):
        errors.setdefault(name_of(test), []).append(error)
    return {name: " | ".join(parts) for name, parts in errors.items()}


def _find(failed, name):
    """Return the error of a test, or that of its class where it could not be set up, or None."""
    errors = _by_name(failed)
    return errors.get(name, errors.get(name.partition(".")[0]))

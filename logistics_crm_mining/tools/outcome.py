"""What the scoring step of a mining run hands to the storing step."""

from dataclasses import dataclass, field

import pandas as pd


@dataclass
class ScoringOutcome:
    """Scores of one run, how good they are, and whether they may be published.

    Parameters
    ----------
    scores : pandas.DataFrame or None
        One row per record, with the columns ``res_id`` (int), ``value`` (float), ``band`` (str),
        ``segment_id`` (int, 0 for none), ``details`` and ``reasons`` (JSON text). None when
        there was too little data.
    publish : bool
        Whether people may see the scores.
    reason : dict or None
        Why not, or what to know about the published scores: ``code`` and its figures.
    cutoff : datetime.date or None
        Last day whose orders were seen.
    lines, customers : int
        Order lines and customers seen.
    metrics, baseline, model : dict
        Figures of the model, of what it was compared with, and the parameters found; plain.
    fitted : object or None
        The fitted model, to be kept on the run.
    """

    scores: pd.DataFrame | None = None
    publish: bool = False
    reason: dict | None = None
    cutoff: object = None
    lines: int = 0
    customers: int = 0
    metrics: dict = field(default_factory=dict)
    baseline: dict = field(default_factory=dict)
    model: dict = field(default_factory=dict)
    fitted: object = None


def plain(value):
    """Return a copy of nested dicts and lists with plain JSON values; None and NaN become False."""
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if hasattr(value, "item"):  # a numpy scalar
        value = value.item()
    return False if value is None or value != value else value


def fingerprint(frame):
    """Return a text that is equal for frames with the same rows, in whatever order they come.

    Parameters
    ----------
    frame : pandas.DataFrame

    Returns
    -------
    str
        The number of rows and a 64-bit sum of their hashes.
    """
    total = int(pd.util.hash_pandas_object(frame, index=False).sum())
    return f"{len(frame)}-{total % 2**64:016x}"

"""May a score be published? Too little data, or no gain over the baseline, say no with a reason."""

import math

# How far the mean of probabilities may be from what came.
MAX_OFF = 0.15
# Why not; `args` hold the figures.
VERDICT_REASONS = {
    "too_few_customers": "Only %(count)s customers ordered by the last day looked at; %(needed)s "
    "are needed.",
    "too_few_active": "Only %(count)s customers ordered within %(days)s days up to %(cutoff)s, the "
    "last day whose outcome is known; %(needed)s are needed. Where that day is not what you "
    "expect, look for orders with a wrong date.",
    "too_short": "The orders span only %(count)s days; %(needed)s are needed.",
    "too_few_churned": "Only %(count)s customers stayed away; %(needed)s are needed.",
    "too_few_kept": "Only %(count)s customers ordered again; %(needed)s are needed.",
    "too_few_responses": "Only %(count)s answered; %(needed)s are needed.",
    "too_few_silent": "Only %(count)s did not answer; %(needed)s are needed.",
    "too_few_responses_before": "Only %(count)s answered before the newest part, which the model "
    "is tried on; %(needed)s are needed.",
    "too_few_silent_before": "Only %(count)s did not answer before the newest part, which the "
    "model is tried on; %(needed)s are needed.",
    "too_few_responses_newest": "Only %(count)s answered in the newest part, which the model is "
    "tried on; %(needed)s are needed.",
    "too_few_silent_newest": "Only %(count)s did not answer in the newest part, which the model is "
    "tried on; %(needed)s are needed.",
    "too_few_won": "Only %(count)s leads were won; %(needed)s are needed.",
    "too_few_lost": "Only %(count)s leads were lost; %(needed)s are needed.",
    "too_few_won_before": "Only %(count)s leads were won before the newest part, which the model "
    "is tried on; %(needed)s are needed.",
    "too_few_lost_before": "Only %(count)s leads were lost before the newest part, which the model "
    "is tried on; %(needed)s are needed.",
    "not_calibrated": "The chances are not to be believed: %(expected).1f%% were expected, and "
    "%(actual).1f%% came.",
    "not_calibrated_answers": "The chances are not to be believed: %(expected).1f%% were expected "
    "to answer, and %(actual).1f%% did.",
    "not_calibrated_leads": "The chances are not to be believed: %(expected).1f%% were expected "
    "to be won, and %(actual).1f%% were.",
    "no_gain": "No gain over the baseline: the difference in AUC is %(auc).3f (%(auc_low).3f to "
    "%(auc_high).3f), in log-loss %(log_loss).4f (%(log_loss_low).4f to %(log_loss_high).4f).",
    "no_gain_over_rate": "No gain over the share of ones alone: the difference in AUC is %(auc).3f "
    "(%(auc_low).3f to %(auc_high).3f), in log-loss %(log_loss).4f (%(log_loss_low).4f to "
    "%(log_loss_high).4f).",
}


class NotEnoughError(ValueError):
    """There is too little data for a model.

    Attributes
    ----------
    code, args_ : str, dict
        A key of `VERDICT_REASONS` and its figures.
    """

    def __init__(self, code, args):
        super().__init__(VERDICT_REASONS[code] % args)
        self.code, self.args_ = code, args


def require_enough(*checks, **told):
    """Raise NotEnoughError for the first (code, count, needed) with too little.

    Further figures that its sentence names are given by name.
    """
    for code, count, needed in checks:
        if count < needed:
            raise NotEnoughError(code, {"count": int(count), "needed": int(needed), **told})


def verdict(code=None, args=None):
    """Return `code`, `args` and `reason` (in English) as a dict; all empty if there is none."""
    args = args or {}
    return {"code": code, "args": args, "reason": VERDICT_REASONS[code] % args if code else None}


def conclude(gain, calibration):
    """Return both judgements as one; where both say no, the gain tells why."""
    return {**calibration, **gain, **(calibration if gain["beats_baseline"] else {})}


def judge_calibration(result, code="not_calibrated"):
    """Say whether probabilities come true on the whole: ranking well is not enough to be told.

    They do not if their mean is further than 15 points from the share of ones, surely (by more
    than three standard errors).

    Parameters
    ----------
    result : dict
        From `evaluate_scores`.
    code : str, default="not_calibrated"
        The key of `VERDICT_REASONS` where they do not.

    Returns
    -------
    dict
        `believable` (bool), and where it is not `code`, `args`, `reason` as of `verdict`.
    """
    bins, n, rate = result["calibration"], result["n"], result["rate"]
    expected = sum(row["n"] * row["expected"] for row in bins) / n
    off, error = abs(expected - rate), math.sqrt(rate * (1 - rate) / n)
    if off <= MAX_OFF or off <= 3 * error:
        return {"believable": True}
    told = verdict(code, {"expected": 100 * expected, "actual": 100 * rate})
    return {"believable": False, **told}


def judge_gain(difference, code="no_gain"):
    """Say whether a model beats its baseline.

    It does if its AUC is surely above the baseline's (the interval of the difference excludes 0),
    or its log-loss surely below, and the other of the two is not surely worse.

    Parameters
    ----------
    difference : dict
        From `evaluate_scores`.
    code : str, default="no_gain"
        The key of `VERDICT_REASONS` where it does not.

    Returns
    -------
    dict
        `beats_baseline` (bool), and `code`, `args`, `reason` as of `verdict`.
    """
    auc, loss = difference["auc"], difference["log_loss"]
    if auc["low"] is not None:
        better = auc["low"] > 0 or loss["high"] < 0
        worse = auc["high"] < 0 or loss["low"] > 0
        if better and not worse:
            return {"beats_baseline": True, **verdict()}
    args = {
        name if part == "value" else f"{name}_{part}": float("nan") if value is None else value
        for name in ("auc", "log_loss")
        for part, value in difference[name].items()
    }
    return {"beats_baseline": False, **verdict(code, args)}

"""What each of many categories adds to log-odds, drawn towards nothing as far as chance goes."""

import numpy as np
from scipy.optimize import brentq

FOLDS = 10
_STEPS, _LONGEST = 8, 2.0
# Effects of more spread than this cannot be told from it; less sure, in standard errors, is chance.
_WIDEST, _SURE = 25.0, 2.0
_FARTHEST = 20.0


def learn_many(codes, y, margin):
    """Learn the effects of categories beside what is known already: random effects.

    They are taken as drawn from a normal distribution, whose variance is estimated from how much
    more alike than by chance the rows of one category are. A category of few rows is drawn
    towards nothing, and in a column that may be mere chance all of them are.

    Where little is known of a category, its chance is the mean over what it may be, which is
    nearer to one half than that of the usual category. So the less its rows tell, the more of
    `new` is added.

    Parameters
    ----------
    codes : ndarray of int, shape (n,)
        The category of each row, from 0.
    y : ndarray of shape (n,)
        Outcomes 0 and 1.
    margin : ndarray of shape (n,)
        Log-odds without the column.

    Returns
    -------
    effects : ndarray of shape (n_categories,)
        In log-odds.
    unseen : ndarray of shape (n,)
        Of each row, the effect of its category as told by the rows of other folds alone: what a
        model may learn from without knowing the row's own outcome.
    level : float
        What the log-odds of all rows change by.
    new : float
        The effect of a category that is not among them: what its chance is on average.
    """
    size, y = int(codes.max()) + 1, np.asarray(y, dtype=float)
    spread = _spread(codes, y, margin)
    if not spread:
        return np.zeros(size), np.zeros(len(y)), 0.0, 0.0
    effects, level, unknown = _effects(codes, y, margin, size, spread)
    new = _effect_of_new(codes, y, margin + level, spread)
    unseen, folds = np.zeros(len(y)), _folds(codes, y, margin)
    for fold in range(FOLDS):
        out, rest = folds == fold, folds != fold
        told, _, open_ = _effects(codes[rest], y[rest], margin[rest], size, spread)
        unseen[out] = (told + new * open_)[codes[out]]
    return effects + new * unknown, unseen, level, new


def _spread(codes, y, margin):
    """Return the variance of the effects, by moments over pairs of rows of one category.

    It is 0 where as much may be by chance.
    """
    p = _chance(margin)
    sums = [np.bincount(codes, part) for part in (y - p, p * (1 - p))]
    squares = [np.bincount(codes, part**2) for part in (y - p, p * (1 - p))]
    alike, at_most = (total**2 - own for total, own in zip(sums, squares, strict=True))
    spread = 1.0
    for _ in range(_STEPS):
        # large categories alone must not tell how much all differ
        weights = 1 / (1 + spread * sums[1]) ** 2
        known = float(weights @ at_most)
        if known <= 0:  # no two rows are of one category
            return 0.0
        spread = float(np.clip(weights @ alike / known, 0, _WIDEST))
    sure = weights @ alike > _SURE * np.sqrt(2 * weights**2 @ at_most)
    return spread if sure else 0.0


def _effects(codes, y, margin, size, spread):
    """Return the likeliest effects and level, by Newton's method.

    And the part of the variance of each effect that its rows leave open, from 0 to 1.
    """
    effects, level = np.zeros(size), 0.0
    for _ in range(_STEPS):
        p = _chance(margin + level + effects[codes])
        slope = np.bincount(codes, y - p, minlength=size)
        bend = np.bincount(codes, p * (1 - p), minlength=size)
        whole = bend + 1 / spread
        pull = slope - effects / spread
        step = (slope.sum() - (bend / whole) @ pull) / max((bend / whole).sum() / spread, 1e-9)
        step = float(np.clip(step, -_LONGEST, _LONGEST))
        effects += np.clip((pull - bend * step) / whole, -_LONGEST, _LONGEST)
        level += step
    return effects, level, 1 / (1 + spread * bend)


def _effect_of_new(codes, y, margin, spread):
    """Return what must be added to log-odds for them to be right of categories on average.

    Each category counts as much as it tells of all: one of many rows hardly more than another.
    """
    p = _chance(margin)
    weights = (1 / (1 + spread * np.bincount(codes, p * (1 - p))))[codes]

    def excess(added):
        return float(weights @ (y - _chance(margin + added)))

    return float(brentq(excess, -_FARTHEST, _FARTHEST, xtol=1e-6))


def _folds(codes, y, margin):
    """Return the fold of each row, drawn so that all hold the same share of ones.

    It depends on what a row holds, not on where it stands.
    """
    order = np.lexsort((margin, codes))
    order = order[np.random.default_rng(0).permutation(len(y))]
    order = order[np.argsort(y[order], kind="stable")]
    folds = np.empty(len(y), dtype=int)
    folds[order] = np.arange(len(y)) % FOLDS
    return folds


def _chance(margin):
    return 1 / (1 + np.exp(-np.clip(margin, -30, 30)))

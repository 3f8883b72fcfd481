"""BG/NBD: our fit against that of the lifetimes package, on all of CDNOW and its tenfold copy.

Run by `make bench`; needs no database. Without the real data it fits as many simulated customers.
"""

import importlib.util
import os
import sys
import time
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
from sizes import scaled

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "logistics_crm_mining"), str(ROOT / "tests" / "analytics")]
AIMS = {1: 3, 10: 10}
ROUNDS = 5


def read_cdnow():
    """Return frequency, recency and T of CDNOW's 23,570 customers, or None without the data."""
    from analytics import summarize_orders

    given = os.environ.get("LOGISTICS_SHARED")
    places = [Path(given)] if given else [parent / "shared" for parent in ROOT.parents]
    files = [place / "data" / "cdnow" / "CDNOW_master.txt.gz" for place in places]
    path = next((file for file in files if file.is_file()), None)
    if path is None:
        return None
    names = ["partner_id", "date", "quantity", "amount"]
    orders = pd.read_csv(path, sep=r"\s+", skiprows=1, names=names)
    orders["date"] = pd.to_datetime(orders["date"].astype(str))
    frame = summarize_orders(orders, "1997-09-30")
    return [frame[name].to_numpy(float) for name in ("frequency", "recency", "T")]


def simulate():
    """Return as many customers drawn from the model with CDNOW's parameters, dated by days."""
    from simulate import bgnbd_customers

    rng = np.random.default_rng(1)
    frequency, recency, T = bgnbd_customers(rng, 23_570, 0.25, 4.8, 0.72, 2.16, 39, 27)
    return [frequency, np.ceil(recency * 7) / 7, np.ceil(T * 7) / 7]


def fit_ours(history):
    """Fit, and return the parameters."""
    from analytics import BetaGeoNBD

    return BetaGeoNBD().fit(*history).params_


def fit_theirs(history):
    """Fit with lifetimes, and return the parameters."""
    from lifetimes import BetaGeoFitter

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return dict(BetaGeoFitter().fit(*history).params_)


def best_of(fit, history, rounds):
    """Return the seconds of the fastest of some rounds, and what the fit gave."""
    seconds = []
    for _ in range(rounds):
        start = time.perf_counter()
        params = fit(history)
        seconds.append(time.perf_counter() - start)
    return min(seconds), params


def main():
    """Print the table."""
    from analytics import BetaGeoNBD

    history = read_cdnow()
    source = "CDNOW" if history else "simulated customers (the real data is not here)"
    history = history or simulate()
    history = [column[: scaled(len(column), at_least=1_000)] for column in history]
    print(f"BG/NBD by maximum likelihood, {source}, best of {ROUNDS}")
    print(f"{'':10}{'rows':>9}{'seconds':>9}{'x faster':>10}{'aim':>5}{'log-likelihood':>18}")
    fits = {"ours": fit_ours}
    if importlib.util.find_spec("lifetimes"):
        fits = {"lifetimes": fit_theirs, **fits}
    for copies, aim in AIMS.items():
        columns = [np.tile(column, copies) for column in history]
        base = None
        for name, fit in fits.items():
            seconds, params = best_of(fit, columns, ROUNDS)
            base = base or seconds
            value = BetaGeoNBD.from_params(params).score(*columns)
            tail = f"{base / seconds:10.1f}{aim if name == 'ours' else '':>5}{value:18,.4f}"
            print(f"{name:10}{len(columns[0]):9,}{seconds:9.3f}{tail}")
    if len(fits) == 1:
        print("lifetimes is not installed: nothing to compare with.")


if __name__ == "__main__":
    main()

"""Searches do not make other cores wait, and find the same."""

import numpy as np
from analytics import GammaGamma, one_thread
from threadpoolctl import threadpool_info


def counts():
    return [pool["num_threads"] for pool in threadpool_info()]


def test_one_thread_within_and_as_many_as_before_after_it():
    before = counts()
    with one_thread():
        assert set(counts()) == {1}
    assert counts() == before


def test_fits_leave_the_threads_as_they_were():
    rng, before = np.random.default_rng(0), counts()
    GammaGamma().fit(rng.integers(1, 9, 200), rng.gamma(5, 10, 200))
    assert counts() == before

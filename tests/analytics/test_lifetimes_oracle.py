"""The same numbers as the lifetimes package, where that is installed."""

import numpy as np
import pytest
from analytics import BetaGeoNBD, GammaGamma, ParetoNBD
from simulate import bgnbd_customers, gamma_gamma_customers, pareto_customers

lifetimes = pytest.importorskip("lifetimes", reason="lifetimes (a bench-only package) is not here")


@pytest.mark.filterwarnings("ignore")
def test_bgnbd_agrees():
    history = bgnbd_customers(np.random.default_rng(17), 1500, 0.8, 6, 0.7, 3, 80)
    theirs = lifetimes.BetaGeoFitter().fit(*history)
    ours = BetaGeoNBD().fit(*history)
    assert ours.params_ == pytest.approx(dict(theirs.params_), rel=1e-2)
    assert ours.log_likelihood_ >= BetaGeoNBD.from_params(theirs.params_).score(*history) - 1e-3
    stored = BetaGeoNBD.from_params(dict(theirs.params_))
    expected = theirs.conditional_expected_number_of_purchases_up_to_time(40, *history)
    assert stored.expected_purchases(40, *history) == pytest.approx(np.asarray(expected), rel=1e-6)
    alive = theirs.conditional_probability_alive(*history)
    assert stored.probability_alive(*history) == pytest.approx(np.asarray(alive), rel=1e-6)


@pytest.mark.filterwarnings("ignore")
def test_gamma_gamma_agrees():
    frequency, monetary = gamma_gamma_customers(np.random.default_rng(18), 1500, 5, 4, 60)
    theirs = lifetimes.GammaGammaFitter().fit(frequency, monetary)
    ours = GammaGamma().fit(frequency, monetary)
    assert ours.params_ == pytest.approx(dict(theirs.params_), rel=2e-2)
    stored = GammaGamma.from_params(dict(theirs.params_))
    expected = theirs.conditional_expected_average_profit(frequency, monetary)
    assert stored.expected_average(frequency, monetary) == pytest.approx(np.asarray(expected))


@pytest.mark.filterwarnings("ignore")
def test_pareto_nbd_agrees_on_given_parameters():
    import pandas as pd

    history = pareto_customers(np.random.default_rng(19), 300, 0.8, 6, 0.6, 12, 80)
    theirs = lifetimes.ParetoNBDFitter()
    # their fit takes minutes and ends short of the optimum; their formulas are what is compared
    params = {"r": 0.8, "alpha": 6.0, "s": 0.6, "beta": 12.0}
    theirs.params_ = pd.Series(params)
    ours = ParetoNBD.from_params(params)
    expected = theirs.conditional_expected_number_of_purchases_up_to_time(40, *history)
    assert ours.expected_purchases(40, *history) == pytest.approx(np.asarray(expected), rel=1e-5)
    alive = theirs.conditional_probability_alive(*history)
    assert ours.probability_alive(*history) == pytest.approx(np.asarray(alive), rel=1e-5)
    logs = theirs._conditional_log_likelihood(list(params.values()), *history)
    assert ours.score(*history) == pytest.approx(float(np.sum(logs)), rel=1e-8)

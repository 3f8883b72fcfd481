"""BG/NBD beyond the published data: recovery, properties, odd inputs."""

import numpy as np
import pandas as pd
import pytest
from analytics import BetaGeoNBD
from analytics._bgnbd_likelihood import BetaGeoLikelihood
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.stats import beta as beta_law
from simulate import bgnbd_customers
from sklearn.base import clone
from sklearn.exceptions import NotFittedError

TRUE = {"r": 0.8, "alpha": 6.0, "a": 0.7, "b": 3.0}
positive = st.floats(0.05, 20)


@pytest.fixture(scope="module")
def customers():
    return bgnbd_customers(np.random.default_rng(7), 6000, *TRUE.values(), longest=80)


@pytest.fixture(scope="module")
def model(customers):
    return BetaGeoNBD().fit(*customers)


def test_finds_the_parameters_that_made_the_data(model):
    for name, value in TRUE.items():
        assert abs(model.params_[name] - value) < 3 * model.standard_errors_[name]
        assert model.standard_errors_[name] < 0.25 * value
    assert model.converged_ and not model.degenerate_ and model.degenerate_reason_ is None


@given(theta=st.tuples(positive, positive, positive, positive))
@settings(max_examples=40, deadline=None)
def test_gradient_is_the_slope_of_the_log_likelihood(theta):
    frequency, recency, T = bgnbd_customers(np.random.default_rng(1), 60, 1, 3, 0.5, 2, 30)
    likelihood = BetaGeoLikelihood(frequency, recency, T, np.ones(60))
    theta, step = np.array(theta), 1e-6
    slope = [
        (likelihood(theta + move)[0] - likelihood(theta - move)[0]) / (2 * step)
        for move in np.eye(4) * step
    ]
    assert likelihood(theta)[1] == pytest.approx(slope, rel=1e-4, abs=1e-6)


@given(factor=st.floats(1e-4, 1e6))
@settings(max_examples=10, deadline=None)
def test_unit_of_time_changes_nothing_but_alpha(customers, model, factor):
    frequency, recency, T = (column[:800] for column in customers)
    small = BetaGeoNBD().fit(frequency, recency, T)
    other = BetaGeoNBD().fit(frequency, recency * factor, T * factor)
    assert other.params_["r"] == pytest.approx(small.params_["r"], rel=1e-4)
    assert other.params_["alpha"] == pytest.approx(small.params_["alpha"] * factor, rel=1e-4)
    expected = small.expected_purchases(10, frequency, recency, T)
    again = other.expected_purchases(10 * factor, frequency, recency * factor, T * factor)
    assert again == pytest.approx(expected, rel=1e-3)


@given(
    theta=st.tuples(*[st.floats(1e-3, 1e3)] * 4),
    frequency=st.integers(0, 2000),
    last=st.floats(0.01, 1),
    T=st.floats(0.1, 1e4),
    t=st.floats(0, 1e5),
)
@settings(max_examples=200, deadline=None)
def test_probabilities_and_expectations_stay_possible(theta, frequency, last, T, t):
    model = BetaGeoNBD.from_params(dict(zip(("r", "alpha", "a", "b"), theta, strict=True)))
    history = (frequency, last * T if frequency else 0.0, T)
    assert 0 <= model.probability_alive(*history) <= 1
    soon, later = model.expected_purchases([t, 1.5 * t + 1], *history)
    rate = (theta[0] + frequency) / (theta[1] + T)
    assert 0 <= soon <= later * (1 + 1e-6)
    assert soon <= rate * t * (1 + 1e-6) + 1e-300  # the smallest numbers have few digits


@pytest.mark.parametrize("theta", [(0.3, 4, 0.8, 2.4), (2, 9, 1.0, 1.5), (0.6, 3, 5, 60)])
@pytest.mark.parametrize("frequency", [0, 1, 7, 300])
@pytest.mark.parametrize("t", [1, 30, 900])
def test_expected_orders_are_the_mean_over_rates_and_drop_outs(theta, frequency, t):
    r, alpha, a, b = theta
    share, power, T = t / (alpha + 40), r + frequency, 40
    law = beta_law(a, b + frequency)

    def orders(p):
        return -np.expm1(-power * np.log1p(p * share)) / p

    # in the variable p ** c, because the density is infinite at 0 where a is below 1
    c, top = min(a, 1), law.ppf(1 - 1e-13)
    mean = quad(
        lambda u: orders(u ** (1 / c)) * law.pdf(u ** (1 / c)) * u ** (1 / c - 1) / c,
        0,
        top**c,
        limit=500,
        points=[law.ppf(0.5) ** c],
        epsabs=0,
        epsrel=1e-8,
    )[0]
    model = BetaGeoNBD.from_params({"r": r, "alpha": alpha, "a": a, "b": b})
    history = (frequency, 30.0 if frequency else 0.0, T)
    expected = model.probability_alive(*history) * mean
    assert model.expected_purchases(t, *history) == pytest.approx(expected, rel=1e-6)


def test_new_customers_order_as_simulated(model):
    rng = np.random.default_rng(3)
    frequency, _, _ = bgnbd_customers(rng, 40_000, *TRUE.values(), longest=52, shortest=52)
    true = BetaGeoNBD.from_params(TRUE)
    error = frequency.std() / np.sqrt(len(frequency))
    assert abs(true.expected_purchases_new(52) - frequency.mean()) < 4 * error
    assert true.expected_purchases_new(0) == 0
    assert true.expected_purchases_new([1, 2]).shape == (2,)


def test_weights_stand_for_repeated_rows(customers):
    frequency, recency, T = (column[:300].round() for column in customers)
    recency = np.minimum(recency, T) * (frequency > 0)
    weights = np.arange(300) % 3 + 1
    weighted = BetaGeoNBD().fit(frequency, recency, T, weights)
    repeated = BetaGeoNBD().fit(*(np.repeat(c, weights) for c in (frequency, recency, T)))
    assert weighted.params_ == pytest.approx(repeated.params_, rel=1e-4)
    assert weighted.log_likelihood_ == pytest.approx(repeated.log_likelihood_)
    assert weighted.n_customers_ == weights.sum()


def test_lists_series_and_integers_give_the_same_fit(customers):
    columns = [column[:200].astype(int) for column in customers]
    columns[1] = np.where(columns[0] > 0, columns[1], 0)
    base = BetaGeoNBD().fit(*columns)
    for convert in (list, tuple, pd.Series, lambda c: pd.Series(c, dtype="Int64", index=c[::-1])):
        assert BetaGeoNBD().fit(*map(convert, columns)).params_ == base.params_


def test_scalars_in_scalars_out(model):
    assert isinstance(model.probability_alive(2, 10, 20), float)
    assert isinstance(model.expected_purchases(5, 2, 10, 20), float)
    assert model.expected_purchases(5, [2], [10], [20]).shape == (1,)
    assert model.expected_purchases(5, [], [], []).shape == (0,)


@pytest.mark.parametrize(
    ("history", "message"),
    [
        (([-1, 2], [0, 3], [5, 5]), "frequency has 1 value.* negative"),
        (([1.5, 2], [1, 3], [5, 5]), "frequency has 1 value.* not a whole number"),
        (([1, 2], [1, -3], [5, 5]), "recency has 1 value.* negative.*row 1"),
        (([1, 2], [6, 3], [5, 5]), "recency .* greater than T"),
        (([1, 2], [1, np.nan], [5, 5]), "recency .* missing or infinite"),
        (([1, 2], [1, 2], [5, np.inf]), "T .* missing or infinite"),
        (([0, 2], [1, 3], [5, 5]), "recency .* above 0 though frequency is 0"),
        (([1, 2], [0, 3], [0, 5]), "T .* 0 though frequency is above 0"),
        (([0, 0], [0, 0], [0, 0]), "T is 0 for every customer"),
        (([1, 2], [1], [5, 5]), "recency has 1"),
        (([], [], []), "no customers"),
        ((["a", 2], [1, 3], [5, 5]), "frequency must hold numbers"),
        (([[1, 2]], [[1, 3]], [[5, 5]]), "one-dimensional"),
    ],
)
def test_says_what_is_wrong_with_a_history(history, message):
    with pytest.raises(ValueError, match=message):
        BetaGeoNBD().fit(*history)


def test_refuses_impossible_weights_and_horizons(model):
    with pytest.raises(ValueError, match="weights .* negative"):
        BetaGeoNBD().fit([1, 2], [1, 3], [5, 5], weights=[1, -1])
    with pytest.raises(ValueError, match="t has 1 value.* negative"):
        model.expected_purchases(-1, 1, 2, 3)
    with pytest.raises(ValueError, match="recency .* greater than T"):
        model.probability_alive([1], [9], [5])


def test_first_order_on_the_last_day_is_no_error(model):
    fitted = BetaGeoNBD().fit([0, 1, 3, 0, 2], [0, 5, 20, 0, 9], [0, 30, 30, 12, 30])
    assert fitted.converged_
    assert model.probability_alive(0, 0, 0) == 1
    assert model.expected_purchases(9, 0, 0, 0) == model.expected_purchases_new(9)


def test_behaves_like_a_scikit_learn_estimator(customers):
    model = BetaGeoNBD(penalizer=0.01)
    assert model.get_params() == {"penalizer": 0.01, "tol": 1e-7, "max_iter": 1000}
    assert model.set_params(max_iter=500) is model
    assert model.fit(*customers) is model
    fresh = clone(model)
    assert fresh.max_iter == 500 and not hasattr(fresh, "params_")
    with pytest.raises(NotFittedError):
        fresh.expected_purchases(1, 1, 1, 2)
    with pytest.raises(NotFittedError):
        fresh.probability_alive(1, 1, 2)


def test_known_parameters_predict_as_the_fit_did(customers, model):
    stored = BetaGeoNBD.from_params(model.params_)
    assert np.array_equal(
        stored.expected_purchases(10, *customers), model.expected_purchases(10, *customers)
    )
    with pytest.raises(ValueError, match="alpha .* not positive"):
        BetaGeoNBD.from_params({"r": 1, "alpha": 0, "a": 1, "b": 1})


def all_once():
    return np.zeros(40), np.zeros(40), np.linspace(10, 50, 40)


def all_alike():
    return np.full(40, 5), np.full(40, 30), np.full(40, 40)


def nobody_leaves():
    rng = np.random.default_rng(5)
    return bgnbd_customers(rng, 500, 2, 10, 1e-4, 1e3, longest=60)


@pytest.mark.parametrize(
    ("data", "codes"),
    [
        (all_once, {"no_repeat"}),
        (all_alike, {"no_dropout", "same_dropout", "same_rate"}),
        (nobody_leaves, {"no_dropout"}),
    ],
)
def test_degenerate_data_are_said_and_predictions_stay_finite(data, codes):
    history = data()
    model = BetaGeoNBD().fit(*history)
    assert model.degenerate_ and model.degenerate_code_ in codes
    assert model.degenerate_reason_.endswith(".")
    assert np.all(np.isfinite(list(model.params_.values())))
    assert np.isfinite(model.log_likelihood_)
    expected = model.expected_purchases(10, *history)
    assert np.all(np.isfinite(expected)) and np.all(expected >= 0)


def test_identical_customers_are_expected_to_go_on():
    model = BetaGeoNBD().fit(*all_alike())
    assert model.expected_purchases(40, 5, 30, 40) == pytest.approx(5, rel=0.05)


@pytest.mark.parametrize("n", [1, 2, 3, 10])
def test_few_customers_are_fitted_without_failing(n):
    history = bgnbd_customers(np.random.default_rng(n), n, 2, 5, 0.5, 2, 50)
    model = BetaGeoNBD().fit(*history)
    assert np.all(np.isfinite(model.expected_purchases(10, *history)))


def test_heavy_repeaters_are_fitted():
    history = bgnbd_customers(np.random.default_rng(9), 400, 2, 0.05, 0.5, 200, 60)
    assert history[0].max() > 1000
    model = BetaGeoNBD().fit(*history)
    assert model.params_["r"] == pytest.approx(2, rel=0.3)
    alive = model.probability_alive(*history)
    assert np.all((alive >= 0) & (alive <= 1))
    assert np.all(np.isfinite(model.expected_purchases(60, *history)))


def test_penalty_keeps_few_customers_reasonable():
    history = bgnbd_customers(np.random.default_rng(2), 25, 1, 5, 0.5, 3, 40)
    model = BetaGeoNBD(penalizer=0.05).fit(*history)
    assert all(0.05 < model.params_[name] < 20 for name in ("r", "a", "b"))
    assert model.log_likelihood_ < BetaGeoNBD().fit(*history).log_likelihood_

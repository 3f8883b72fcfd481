"""Gamma-Gamma beyond the published data."""

import numpy as np
import pandas as pd
import pytest
from analytics import GammaGamma
from analytics.gamma_gamma import _likelihood
from hypothesis import given, settings
from hypothesis import strategies as st
from simulate import gamma_gamma_customers
from sklearn.base import clone
from sklearn.exceptions import NotFittedError

TRUE = {"p": 5.0, "q": 4.0, "v": 60.0}
positive = st.floats(0.1, 50)


@pytest.fixture(scope="module")
def customers():
    return gamma_gamma_customers(np.random.default_rng(11), 8000, *TRUE.values())


@pytest.fixture(scope="module")
def spend(customers):
    return GammaGamma().fit(*customers)


def test_finds_the_parameters_that_made_the_data(customers, spend):
    # p and q trade off against each other, so compare likelihoods: half a chi-squared of 3
    likelihood = _likelihood(customers[0].astype(float), customers[1], np.ones(8000))
    lost = spend.log_likelihood_ - 8000 * likelihood(list(TRUE.values()))[0]
    assert 0 <= lost < 8
    assert spend.params_ == pytest.approx(TRUE, rel=0.25)
    assert spend.population_mean_ == pytest.approx(5 * 60 / 3, rel=0.03)
    assert spend.converged_ and not spend.degenerate_ and spend.independent_


@given(theta=st.tuples(positive, positive, positive))
@settings(max_examples=40, deadline=None)
def test_gradient_is_the_slope_of_the_log_likelihood(theta):
    frequency, monetary = gamma_gamma_customers(np.random.default_rng(1), 50, 5, 4, 6)
    likelihood = _likelihood(frequency.astype(float), monetary, np.ones(50))
    theta, step = np.array(theta), 1e-6
    slope = [
        (likelihood(theta + move)[0] - likelihood(theta - move)[0]) / (2 * step)
        for move in np.eye(3) * step
    ]
    assert likelihood(theta)[1] == pytest.approx(slope, rel=1e-3, abs=1e-5)


@pytest.mark.parametrize("factor", [1e-6, 1e-2, 1e6, 1e9])
def test_currency_changes_nothing_but_v(customers, spend, factor):
    frequency, monetary = customers
    other = GammaGamma().fit(frequency, monetary * factor)
    assert other.params_["p"] == pytest.approx(spend.params_["p"], rel=1e-4)
    assert other.params_["v"] == pytest.approx(spend.params_["v"] * factor, rel=1e-4)
    expected = spend.expected_average(frequency, monetary) * factor
    assert other.expected_average(frequency, monetary * factor) == pytest.approx(expected, rel=1e-4)


def test_expected_average_lies_between_own_and_population_mean(customers, spend):
    frequency, monetary = customers
    expected = spend.expected_average(frequency, monetary)
    low = np.minimum(monetary, spend.population_mean_)
    high = np.maximum(monetary, spend.population_mean_)
    assert np.all((expected >= low) & (expected <= high))


def test_more_orders_count_more(spend):
    one, many = spend.expected_average([1, 50], [500.0, 500.0])
    assert spend.population_mean_ < one < many < 500


def test_customers_without_an_order_get_the_population_mean(spend):
    result = spend.expected_average([0, 0, 0], [0.0, np.nan, 900.0])
    assert result.tolist() == [spend.population_mean_] * 3
    assert isinstance(spend.expected_average(0, 0), float)


def test_rows_without_orders_or_value_are_left_out(customers, spend):
    frequency, monetary = customers
    more = GammaGamma().fit(np.append(frequency, [0, 0, 3]), np.append(monetary, [np.nan, 7, 0]))
    assert more.params_ == spend.params_
    assert (more.n_customers_, more.n_excluded_) == (8000, 3)


def test_weights_stand_for_repeated_rows(customers):
    frequency, monetary = customers[0][:400], customers[1][:400]
    weights = np.arange(400) % 3
    weighted = GammaGamma().fit(frequency, monetary, weights)
    repeated = GammaGamma().fit(np.repeat(frequency, weights), np.repeat(monetary, weights))
    assert weighted.params_ == pytest.approx(repeated.params_, rel=1e-4)
    assert weighted.log_likelihood_ == pytest.approx(repeated.log_likelihood_)


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        (([1, 2], [10.0, -1.0]), "monetary .* negative.*row 1"),
        (([1, 2], [10.0, np.nan]), "monetary .* missing"),
        (([-1, 2], [10.0, 1.0]), "frequency .* negative"),
        (([1.2, 2], [10.0, 1.0]), "not a whole number"),
        (([1, 2], [10.0]), "same length"),
        (([], []), "no customers"),
        (([0, 0], [1.0, 2.0]), "0 for every customer"),
    ],
)
def test_says_what_is_wrong(columns, message):
    with pytest.raises(ValueError, match=message):
        GammaGamma().fit(*columns)


def test_equal_values_are_said_to_be_degenerate():
    spend = GammaGamma().fit([1, 2, 3, 4] * 10, [20.0] * 40)
    assert spend.degenerate_ and spend.degenerate_code_ == "same_value"
    assert np.isnan(spend.correlation_)
    assert spend.expected_average([0, 3], [0.0, 20.0]) == pytest.approx([20, 20], rel=1e-3)


def test_infinite_mean_is_said_and_replaced_by_the_observed_one():
    rng = np.random.default_rng(4)
    frequency, monetary = gamma_gamma_customers(rng, 3000, 2, 0.6, 10)
    spend = GammaGamma().fit(frequency, monetary)
    assert not spend.finite_mean_ and spend.degenerate_code_ == "infinite_mean"
    assert spend.population_mean_ == pytest.approx(monetary.mean())
    assert np.all(np.isfinite(spend.expected_average(frequency, monetary)))


def test_dependence_on_frequency_is_reported():
    frequency = np.repeat(np.arange(1, 11), 30)
    spread = np.random.default_rng(8).lognormal(0, 0.3, 300)
    spend = GammaGamma().fit(frequency, frequency * 10 * spread)
    assert spend.correlation_ > 0.6 and not spend.independent_


def test_behaves_like_a_scikit_learn_estimator(customers, spend):
    fresh = clone(GammaGamma(tol=1e-6).fit(*customers))
    assert fresh.tol == 1e-6 and not hasattr(fresh, "params_")
    with pytest.raises(NotFittedError):
        fresh.expected_average([1], [1.0])
    series = GammaGamma().fit(pd.Series(customers[0]), list(customers[1]))
    assert series.params_ == spend.params_
    stored = GammaGamma.from_params(spend.params_)
    assert stored.expected_average(3, 50.0) == spend.expected_average(3, 50.0)

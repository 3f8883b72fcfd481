"""Pareto/NBD: published figures, recovery, extreme inputs, and when it is chosen."""

import numpy as np
import pytest
from analytics import BetaGeoNBD, ParetoNBD, fit_purchase_model, summarize_orders
from analytics._pareto_likelihood import ParetoLikelihood, log_odds_gone
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.special import gammaln, hyp2f1
from simulate import bgnbd_customers, pareto_customers, pareto_futures
from sklearn.base import clone
from sklearn.exceptions import NotFittedError

TRUE = {"r": 0.8, "alpha": 6.0, "s": 0.6, "beta": 12.0}
positive = st.floats(0.02, 50)


@pytest.fixture(scope="module")
def customers():
    return pareto_customers(np.random.default_rng(7), 6000, *TRUE.values(), longest=80)


@pytest.fixture(scope="module")
def model(customers):
    return ParetoNBD().fit(*customers)


def test_reproduces_fader_and_hardie_2005(cdnow_sample):
    frame = summarize_orders(cdnow_sample, "1997-09-30")
    model = ParetoNBD().fit(frame["frequency"], frame["recency"], frame["T"])
    published = {"r": 0.553, "alpha": 10.58, "s": 0.606, "beta": 11.67}
    assert model.params_ == pytest.approx(published, abs=5e-3)
    assert model.params_["r"] == pytest.approx(0.553, abs=5e-4)
    assert model.log_likelihood_ == pytest.approx(-9594.97, abs=1e-2)
    assert model.converged_ and not model.degenerate_


def test_best_fifth_of_cdnow_is_found_and_who_orders_again(cdnow_sample):
    from sklearn.metrics import roc_auc_score

    frame = summarize_orders(cdnow_sample, "1997-09-30")
    history = (frame["frequency"], frame["recency"], frame["T"])
    expected = ParetoNBD().fit(*history).expected_purchases(39, *history)
    later = cdnow_sample.loc[cdnow_sample["date"] > "1997-09-30", "partner_id"].unique()
    assert roc_auc_score(frame.index.isin(later), expected) >= 0.76


def test_finds_the_parameters_that_made_the_data(model):
    for name, value in TRUE.items():
        assert abs(model.params_[name] - value) < 3 * model.standard_errors_[name]
    assert model.converged_ and not model.degenerate_ and model.degenerate_reason_ is None


@given(theta=st.tuples(positive, positive, positive, positive))
@settings(max_examples=30, deadline=None)
def test_gradient_is_the_slope_of_the_log_likelihood(theta):
    history = pareto_customers(np.random.default_rng(1), 60, 1, 3, 0.5, 20, 30)
    likelihood = ParetoLikelihood(*history, np.ones(60))
    theta = np.array(theta)
    slope = []
    for place in range(4):
        move = np.zeros(4)
        move[place] = 1e-5 * theta[place]
        rise = likelihood(theta + move)[0] - likelihood(theta - move)[0]
        slope.append(rise / (2 * move[place]))
    assert likelihood(theta)[1] == pytest.approx(slope, rel=1e-4, abs=1e-6)


@pytest.mark.parametrize("theta", [(0.55, 10.6, 0.6, 11.7), (0.5, 4, 2, 15), (3, 20, 1, 8)])
@pytest.mark.parametrize("history", [(0, 0, 39), (2, 30, 39), (9, 12, 39)])
def test_likelihood_is_the_published_one_where_that_can_be_computed(theta, history):
    r, alpha, s, beta = theta
    x, last, T = history
    most, other = max(alpha, beta), (s + 1 if alpha > beta else r + x)

    def series(time):
        z = abs(alpha - beta) / (most + time)
        return hyp2f1(r + s + x, other, r + s + x + 1, z) / (most + time) ** (r + s + x)

    here = (alpha + T) ** -(r + x) * (beta + T) ** -s
    total = here + s / (r + s + x) * (series(last) - series(T))
    value = gammaln(r + x) - gammaln(r) + r * np.log(alpha) + s * np.log(beta) + np.log(total)
    model = ParetoNBD.from_params(dict(zip(TRUE, theta, strict=True)))
    assert model.score([x], [last], [T]) == pytest.approx(value, rel=1e-9)
    assert model.probability_alive(*history) == pytest.approx(here / total, rel=1e-8)


@given(
    theta=st.tuples(*[st.floats(1e-3, 1e3)] * 4),
    x=st.sampled_from([0, 1, 7, 200, 5000]),
    last=st.floats(0.01, 0.99),
    T=st.floats(0.1, 100),
)
@settings(max_examples=60, deadline=None)
def test_drop_out_integral_is_exact_for_any_parameters(theta, x, last, T):
    r, alpha, s, beta = theta
    last = last * T if x else 0.0
    steep = (r + x) / (alpha + last) + (s + 1) / (beta + last)

    def height(z):
        gap = np.expm1(z) / steep
        fall = (r + x) * np.log1p(gap / (alpha + last)) + (s + 1) * np.log1p(gap / (beta + last))
        return np.exp(z - fall)

    end = np.log1p(steep * (T - last))
    points = [share * end for share in (0.1, 0.25, 0.5)]
    area = quad(height, 0, end, epsabs=0, epsrel=1e-10, limit=300, points=points)[0]
    odds = np.log(s * area / steep) - np.log(beta + last)
    odds += (r + x) * np.log((alpha + T) / (alpha + last))
    odds += s * np.log((beta + T) / (beta + last))
    found, _ = log_odds_gone(theta, *(np.array([float(v)]) for v in (x, last, T)))
    assert found[0] == pytest.approx(odds, abs=1e-7, rel=1e-9)


@given(
    theta=st.tuples(*[st.floats(1e-4, 1e5)] * 4),
    frequency=st.integers(0, 100_000),
    last=st.floats(0.01, 1),
    T=st.floats(0.1, 1e4),
    t=st.floats(0, 1e5),
)
@settings(max_examples=200, deadline=None)
def test_probabilities_and_expectations_stay_possible(theta, frequency, last, T, t):
    model = ParetoNBD.from_params(dict(zip(TRUE, theta, strict=True)))
    history = (frequency, last * T if frequency else 0.0, T)
    assert 0 <= model.probability_alive(*history) <= 1
    soon, later = model.expected_purchases([t, 1.5 * t + 1], *history)
    assert 0 <= soon <= later * (1 + 1e-6)
    assert soon <= (theta[0] + frequency) / (theta[1] + T) * t * (1 + 1e-6)


def test_expectations_are_the_means_of_what_comes_later():
    rng = np.random.default_rng(3)
    *history, later = pareto_futures(rng, 60_000, *TRUE.values(), longest=80, future=40)
    expected = ParetoNBD.from_params(TRUE).expected_purchases(40, *history)
    for part in (history[0] == 0, history[0] == 1, history[0] > 5, history[1] < 20):
        error = (later - expected)[part]
        assert abs(error.mean()) < 4 * error.std() / np.sqrt(part.sum())


def test_expectation_has_no_pole_where_s_is_one():
    histories = ([0, 3], [0, 20], [30, 30])
    values = [
        ParetoNBD.from_params({**TRUE, "s": s}).expected_purchases(40, *histories)
        for s in (1 - 1e-9, 1.0, 1 + 1e-9)
    ]
    assert np.allclose(values[0], values[1]) and np.allclose(values[2], values[1])


def test_customer_may_leave_before_a_repeat_order(model):
    assert model.probability_alive(0, 0, 80) < 0.9
    assert model.probability_alive(0, 0, 0) == 1
    assert model.probability_alive(5, 40, 40) == 1
    alive = model.probability_alive(8, [10, 30, 50, 70], 80)
    assert np.all(np.diff(alive) > 0)


def test_weights_stand_for_repeated_rows(customers):
    frequency, recency, T = (column[:300] for column in customers)
    weights = np.arange(300) % 3 + 1
    weighted = ParetoNBD().fit(frequency, recency, T, weights)
    repeated = ParetoNBD().fit(*(np.repeat(c, weights) for c in (frequency, recency, T)))
    assert weighted.params_ == pytest.approx(repeated.params_, rel=1e-3)
    assert weighted.log_likelihood_ == pytest.approx(repeated.log_likelihood_)


@pytest.mark.parametrize("factor", [1e-4, 7, 1e5])
def test_unit_of_time_changes_nothing_but_alpha_and_beta(customers, factor):
    frequency, recency, T = (column[:1000] for column in customers)
    one = ParetoNBD().fit(frequency, recency, T)
    two = ParetoNBD().fit(frequency, recency * factor, T * factor)
    assert two.params_["s"] == pytest.approx(one.params_["s"], rel=1e-3)
    assert two.params_["beta"] == pytest.approx(one.params_["beta"] * factor, rel=1e-3)


def all_once():
    return np.zeros(40), np.zeros(40), np.linspace(10, 50, 40)


def nobody_leaves():
    return pareto_customers(np.random.default_rng(5), 500, 2, 10, 1, 1e7, longest=60)


def all_alike():
    return np.full(40, 5), np.full(40, 30), np.full(40, 40)


@pytest.mark.parametrize(
    ("data", "codes"),
    [
        (all_once, {"no_repeat"}),
        (nobody_leaves, {"no_dropout"}),
        (all_alike, {"no_dropout", "same_dropout", "same_rate"}),
    ],
)
def test_degenerate_data_are_said_and_predictions_stay_finite(data, codes):
    model = ParetoNBD().fit(*data())
    assert model.degenerate_ and model.degenerate_code_ in codes
    assert model.degenerate_reason_.endswith(".")
    expected = model.expected_purchases(10, *data())
    assert np.all(np.isfinite(expected)) and np.all(expected >= 0)


@pytest.mark.parametrize("n", [1, 2, 10])
def test_few_customers_are_fitted_without_failing(n):
    history = pareto_customers(np.random.default_rng(n), n, *TRUE.values(), longest=60)
    model = ParetoNBD().fit(*history)
    assert np.all(np.isfinite(model.expected_purchases(10, *history)))


def test_behaves_like_a_scikit_learn_estimator(customers):
    fresh = clone(ParetoNBD(penalizer=0.01))
    assert fresh.get_params() == {"penalizer": 0.01, "tol": 1e-7, "max_iter": 1000}
    with pytest.raises(NotFittedError):
        fresh.expected_purchases(1, 1, 1, 2)
    assert fresh.fit(*customers) is fresh
    with pytest.raises(ValueError, match="recency .* greater than T"):
        ParetoNBD().fit([1, 2], [6, 3], [5, 5])
    with pytest.raises(ValueError, match="beta .* not positive"):
        ParetoNBD.from_params({**TRUE, "beta": 0})


def test_model_that_made_the_data_is_chosen():
    rng = np.random.default_rng(12)
    pareto = fit_purchase_model(*pareto_customers(rng, 2000, *TRUE.values(), longest=80))
    assert (pareto.name, pareto.code) == ("pareto_nbd", None) and pareto.lead > 2
    assert isinstance(pareto.model, ParetoNBD) and isinstance(pareto.bgnbd, BetaGeoNBD)
    other = fit_purchase_model(*bgnbd_customers(rng, 2000, 0.8, 6, 0.7, 3, 80))
    assert (other.name, other.code) == ("bgnbd", None) and other.lead < 0


def test_choice_on_a_part_is_that_on_all_and_the_winner_is_fitted_to_all():
    history = pareto_customers(np.random.default_rng(4), 6000, *TRUE.values(), longest=80)
    part = fit_purchase_model(*history, max_compared=1500)
    assert part.name == "pareto_nbd" and part.n_compared < 2000
    assert part.model.n_customers_ == 6000
    assert part.model.params_ == pytest.approx(fit_purchase_model(*history).model.params_)


def test_bgnbd_stays_where_cdnow_prefers_it(cdnow_sample):
    frame = summarize_orders(cdnow_sample, "1997-09-30")
    choice = fit_purchase_model(frame["frequency"], frame["recency"], frame["T"])
    assert choice.name == "bgnbd"
    assert choice.lead == pytest.approx(-9594.97 + 9582.43, abs=0.02)

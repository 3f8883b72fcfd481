"""The models reproduce what their authors published."""

import numpy as np
import pytest
from analytics import (
    BetaGeoNBD,
    GammaGamma,
    customer_value,
    evaluate_holdout,
    fit_purchase_model,
    fit_spend_model,
    summarize_orders,
)

CUTOFF, END = "1997-09-30", "1998-06-30"


@pytest.fixture(scope="module")
def sample(cdnow_sample):
    return summarize_orders(cdnow_sample, CUTOFF)


@pytest.fixture(scope="module")
def sample_fit(sample):
    return BetaGeoNBD().fit(sample["frequency"], sample["recency"], sample["T"])


def test_bgnbd_reproduces_fader_hardie_and_lee_2005(sample, sample_fit):
    published = {"r": 0.243, "alpha": 4.414, "a": 0.793, "b": 2.426}
    assert len(sample) == 2357
    assert sample_fit.params_ == pytest.approx(published, abs=5e-4)
    assert sample_fit.log_likelihood_ == pytest.approx(-9582.4292, abs=1e-3)
    assert sample_fit.converged_ and not sample_fit.degenerate_


def test_hold_out_orders_of_cdnow_correlate_as_published(cdnow_sample, sample, sample_fit):
    later = cdnow_sample[cdnow_sample["date"] > CUTOFF]
    seen = later.drop_duplicates(["partner_id", "date"]).groupby("partner_id").size()
    seen = seen.reindex(sample.index).fillna(0)
    history = (sample["frequency"], sample["recency"], sample["T"])
    expected = sample_fit.expected_purchases(39, *history)
    assert np.corrcoef(expected, seen)[0, 1] == pytest.approx(0.626, abs=5e-4)
    assert expected[sample["frequency"] == 0].mean() == pytest.approx(0.225, abs=5e-4)


def test_gamma_gamma_reproduces_fader_and_hardie_2013(sample):
    spend = GammaGamma().fit(sample["frequency"], sample["monetary"])
    assert spend.params_ == pytest.approx({"p": 6.25, "q": 3.74, "v": 15.44}, abs=6e-3)
    assert spend.log_likelihood_ == pytest.approx(-4055.92, abs=5e-3)
    assert spend.n_customers_ == 946
    assert spend.finite_mean_ and spend.independent_


def test_bgnbd_fits_all_of_cdnow(cdnow_full):
    frame = summarize_orders(cdnow_full, CUTOFF)
    model = BetaGeoNBD().fit(frame["frequency"], frame["recency"], frame["T"])
    known = {"r": 0.2516, "alpha": 4.7889, "a": 0.7234, "b": 2.1611}
    assert model.params_ == pytest.approx(known, abs=1e-4)
    assert model.log_likelihood_ == pytest.approx(-95368.44, abs=1e-2)


def test_best_fifth_by_value_holds_more_hold_out_revenue_than_by_past_spend(cdnow_full):
    frame = summarize_orders(cdnow_full, CUTOFF)
    choice = fit_purchase_model(frame["frequency"], frame["recency"], frame["T"])
    value = customer_value(choice.model, fit_spend_model(frame), frame, 0.75)["expected_value"]
    later = cdnow_full[cdnow_full["date"] > CUTOFF].groupby("partner_id")["amount"].sum()
    later = later.reindex(frame.index).fillna(0)

    def share(ranking):
        return later[ranking.nlargest(len(frame) // 5).index].sum() / later.sum()

    assert share(value) > 0.68
    assert share(value) > share(frame["revenue"]) + 0.015


def test_who_orders_again_is_told_on_all_of_cdnow(cdnow_full):
    from sklearn.metrics import roc_auc_score

    frame = summarize_orders(cdnow_full, CUTOFF)
    history = (frame["frequency"], frame["recency"], frame["T"])
    expected = fit_purchase_model(*history).model.expected_purchases(39, *history)
    later = cdnow_full.loc[cdnow_full["date"] > CUTOFF, "partner_id"].unique()
    assert roc_auc_score(frame.index.isin(later), expected) >= 0.76


def test_online_retail_is_counted_as_published(online_retail):
    frame = summarize_orders(online_retail, "2011-12-09")
    assert len(online_retail) == 397_884
    assert online_retail["invoice"].nunique() == 18_532
    assert len(frame) == 4_338
    assert frame["revenue"].sum() == pytest.approx(8_911_407.90, abs=0.01)
    best = frame["revenue"].nlargest(len(frame) // 5).sum()
    assert best / frame["revenue"].sum() == pytest.approx(0.746, abs=1e-3)


@pytest.mark.parametrize("cutoff", ["2011-06-09", "2011-08-31", "2011-12-09"])
def test_online_retail_shows_no_drop_out_and_says_so(online_retail, cutoff):
    frame = summarize_orders(online_retail, cutoff)
    choice = fit_purchase_model(frame["frequency"], frame["recency"], frame["T"])
    assert choice.bgnbd.degenerate_
    assert choice.code == "no_dropout"
    assert "no drop-out" in choice.reason
    assert choice.name == "shrunken_rate"


@pytest.mark.parametrize("cutoff", ["2011-06-09", "2011-08-31", "2011-09-10"])
def test_fallback_beats_going_on_as_before_on_online_retail(online_retail, cutoff):
    result = evaluate_holdout(online_retail, cutoff)
    assert result["model"] == "shrunken_rate"
    assert result["beats_baseline"]
    assert result["metrics"]["orders_rmse"] < 0.995 * result["baseline"]["orders_rmse"]


def test_totals_of_cdnow_come_true_and_those_of_a_christmas_alone_do_not(
    cdnow_full, cdnow_sample, online_retail
):
    for orders in (cdnow_full, cdnow_sample):
        result = evaluate_holdout(orders, CUTOFF)
        assert result["believable"] and result["reason"] is None
    # the hold-out is hardly more than the season before Christmas, which was not seen before
    christmas = evaluate_holdout(online_retail, "2011-09-10")
    assert christmas["beats_baseline"] and not christmas["believable"]
    assert christmas["code"] == "value_far_off"
    year = evaluate_holdout(online_retail, "2011-06-09")
    assert year["believable"] and year["reason"] is None


def test_probability_alive_does_not_tell_who_orders_again(cdnow_sample, sample, sample_fit):
    from sklearn.metrics import roc_auc_score

    later = cdnow_sample.loc[cdnow_sample["date"] > CUTOFF, "partner_id"].unique()
    again = sample.index.isin(later)
    history = (sample["frequency"], sample["recency"], sample["T"])
    assert roc_auc_score(again, sample_fit.probability_alive(*history)) < 0.4
    assert roc_auc_score(again, sample_fit.expected_purchases(39, *history)) > 0.75


def test_hold_out_of_cdnow_beats_going_on_as_before(cdnow_sample):
    result = evaluate_holdout(cdnow_sample, CUTOFF, END)
    assert result["enough"] and result["beats_baseline"]
    assert result["metrics"]["orders_correlation"] == pytest.approx(0.6256, abs=1e-3)
    buckets = {row["frequency"]: row for row in result["buckets"]}
    assert buckets[0]["actual"] == pytest.approx(0.237, abs=1e-3)
    assert buckets[0]["expected"] == pytest.approx(0.225, abs=1e-3)
    assert result["actual"]["orders_total"] == 1882

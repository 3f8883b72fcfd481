"""ABC classes, concentration, and who is about to change class."""

import json

import numpy as np
import pandas as pd
import pytest
from analytics import (
    abc_classes,
    abc_limits,
    abc_summary,
    abc_table,
    class_moves,
    concentration_curve,
    summarize_orders,
)

CUTOFF = pd.Timestamp("2024-12-31")


def test_a_makes_eighty_per_cent_and_b_fifteen():
    amounts = [500, 200, 100, 80, 60, 30, 20, 10]
    assert "".join(abc_classes(amounts)) == "AAABBBCC"
    assert abc_limits(amounts) == {"A": 100, "B": 30}
    assert "".join(abc_classes(amounts, cuts=(0.5, 0.7))) == "ABCCCCCC"


def test_customer_who_crosses_the_cut_is_in_the_better_class():
    assert "".join(abc_classes([79, 11, 10])) == "AAB"
    assert abc_classes([1000.0]).tolist() == ["A"]


def test_equal_amounts_are_in_one_class():
    assert set(abc_classes([10.0] * 50)) == {"A"}
    classes = abc_classes([100, 40, 40, 40, 40, 1])
    assert len(set(classes[1:5])) == 1


def test_losses_and_zeros_are_c_and_make_nobody_else_a():
    plain = abc_classes([60, 20, 15, 5])
    with_losses = abc_classes([60, 20, 15, 5, 0, -70])
    assert with_losses[:4].tolist() == plain.tolist()
    assert with_losses[4:].tolist() == ["C", "C"]
    assert set(abc_classes([0, -5, 0])) == {"C"}
    assert abc_limits([0, -5]) == {"A": np.inf, "B": np.inf}
    assert abc_classes([]).tolist() == []


def test_order_of_customers_does_not_matter():
    rng = np.random.default_rng(1)
    amounts = rng.lognormal(5, 1.5, 500).round()
    order = rng.permutation(500)
    assert np.array_equal(abc_classes(amounts)[order], abc_classes(amounts[order]))
    shares = [amounts[abc_classes(amounts) <= name].sum() / amounts.sum() for name in "AB"]
    assert shares[0] >= 0.8 and shares[1] >= 0.95
    assert shares[0] < 0.8 + amounts.max() / amounts.sum()


def test_revenue_and_margin_are_classed_apart():
    frame = pd.DataFrame(
        {"revenue": [800.0, 150, 50, 10], "margin": [-40.0, 60, 30, 10]}, index=[7, 8, 9, 10]
    )
    table = abc_table(frame)
    assert table.loc[7, ["revenue_class", "margin_class"]].tolist() == ["A", "C"]
    assert table["margin_class"].tolist() == ["C", "A", "A", "B"]
    assert table.loc[8, "margin_cumulated"] == pytest.approx(0.6)
    assert np.isnan(table.loc[7, "margin_cumulated"]) and table.loc[7, "margin_share"] == 0
    summary = abc_summary(table["revenue_class"], frame["revenue"])
    assert summary.index.tolist() == ["A", "B", "C"] and summary["customers"].sum() == 4
    assert summary["amount_share"].sum() == pytest.approx(1)


def test_best_fifth_of_online_retail_makes_three_quarters(online_retail):
    revenue = summarize_orders(online_retail, "2011-12-09")["revenue"]
    curve = concentration_curve(revenue)
    assert curve["top_share"] == pytest.approx(0.746, abs=1e-3)
    assert curve["customers"] == 4338 and curve["total"] == pytest.approx(8_911_407.90, abs=0.01)
    assert len(curve["curve"]) <= 102 and curve["peak"] == pytest.approx(1)


def test_curve_rises_from_nothing_to_all_and_gini_is_known():
    equal = concentration_curve(np.full(50, 3.0))
    assert equal["gini"] == pytest.approx(0) and equal["top_share"] == pytest.approx(0.2)
    one = concentration_curve([100.0] + [0.0] * 99)
    assert one["gini"] == pytest.approx(0.99) and one["top_share"] == 1
    # a uniform distribution has a Gini coefficient of one third
    assert concentration_curve(np.arange(1, 10_001))["gini"] == pytest.approx(1 / 3, abs=1e-3)
    points = concentration_curve(np.random.default_rng(2).lognormal(0, 1, 999))["curve"]
    assert points[0] == {"customer_share": 0, "amount_share": 0}
    assert points[-1]["customer_share"] == 1 and points[-1]["amount_share"] == pytest.approx(1)
    slopes = np.diff([p["amount_share"] for p in points]) / np.diff(
        [p["customer_share"] for p in points]
    )
    assert np.all(np.diff(slopes) <= 1e-9)
    assert json.loads(json.dumps(equal)) == equal


def test_losses_bend_the_curve_down_again():
    curve = concentration_curve([100.0, 50, 0, -50])
    assert curve["peak"] == pytest.approx(1.5) and curve["peak_customer_share"] == 0.5
    assert curve["curve"][-1]["amount_share"] == pytest.approx(1)
    assert concentration_curve([-1.0, -2])["top_share"] is None
    assert concentration_curve([])["curve"] == []


def monthly(customer, amounts, start="2024-01-15"):
    dates = pd.date_range(start, periods=len(amounts), freq="MS") + pd.Timedelta(days=14)
    return pd.DataFrame({"partner_id": customer, "date": dates, "amount": amounts})


@pytest.fixture
def business():
    """Return one giant, steady customers of all sizes, one who rises and one who falls."""
    sizes = [400.0, 120, 100, 60, 50, 40, 20, 10, 5, 5]
    steady = [monthly(number, [size] * 12, "2024-01-01") for number, size in enumerate(sizes)]
    rising = monthly(50, [15.0] * 9 + [150] * 3, "2024-01-01")
    falling = monthly(60, [110.0] * 9 + [0.01] * 3, "2024-01-01")
    return pd.concat([*steady, rising, falling], ignore_index=True)


def test_rising_and_falling_customers_are_found_with_figures(business):
    moves = class_moves(business, CUTOFF)
    found = moves[moves["move"].notna()]
    assert found["move"].to_dict() == {50: "up", 60: "down"}
    up = moves.loc[50]
    assert (up["class"], up["projected_class"]) == ("B", "A")
    assert up["amount"] == 585 and up["recent"] == 450
    assert up["projected"] > up["limit"] > up["amount"]
    down = moves.loc[60]
    assert down["projected"] < down["limit"] <= down["amount"]
    assert moves.loc[0, "trend"] == pytest.approx(moves.loc[3, "trend"])


def test_season_and_growth_of_all_are_nobodys_move():
    season = np.array([1.0] * 9 + [4] * 3)
    sizes = np.random.default_rng(3).lognormal(4, 1.5, 60)
    orders = pd.concat([monthly(k, size * season, "2024-01-01") for k, size in enumerate(sizes)])
    moves = class_moves(orders, CUTOFF)
    assert moves["move"].isna().all()
    assert moves["trend"].to_numpy() == pytest.approx(1)


def test_few_orders_tell_little(business):
    rare = pd.DataFrame({"partner_id": 70, "date": [CUTOFF], "amount": 500.0})
    often = monthly(80, [500 / 3] * 3, "2024-10-01")
    moves = class_moves(pd.concat([business, rare, often]), CUTOFF)
    assert 1 < moves.loc[70, "trend"] < moves.loc[80, "trend"]


def test_more_trust_in_few_orders_projects_further(business):
    trends = [class_moves(business, CUTOFF, trust_orders=k).loc[50, "trend"] for k in (1, 6, 50)]
    assert trends[0] > trends[1] > trends[2] > 1


def test_returns_lower_amount_and_trend(business):
    back = pd.DataFrame({"partner_id": 1, "date": [CUTOFF], "amount": -900.0})
    before, after = (class_moves(rows, CUTOFF) for rows in (business, pd.concat([business, back])))
    assert after.loc[1, "amount"] == before.loc[1, "amount"] - 900
    assert after.loc[1, "trend"] < 0.5 and after.loc[1, "move"] == "down"


def test_only_the_last_twelve_months_up_to_the_cutoff_count(business):
    other = pd.concat(
        [business, monthly(1, [9999.0], "2023-12-01"), monthly(1, [9999.0], "2025-01-01")]
    )
    pd.testing.assert_frame_equal(class_moves(other, CUTOFF), class_moves(business, CUTOFF))


def test_announced_moves_come_true_more_often_than_chance():
    rng = np.random.default_rng(9)
    n, level = 5000, rng.lognormal(4, 1.3, 5000)
    drift = np.exp(np.cumsum(rng.normal(0, 0.12, (n, 24)), axis=1))
    amounts = level[:, None] * drift * rng.lognormal(0, 0.3, (n, 24))
    dates = pd.date_range("2024-01-01", periods=24, freq="MS") + pd.Timedelta(days=14)
    orders = pd.DataFrame(
        {
            "partner_id": np.repeat(np.arange(n), 24),
            "date": np.tile(dates, n),
            "amount": amounts.ravel(),
        }
    )
    moves = class_moves(orders, CUTOFF)
    later = abc_classes(amounts[:, 12:].sum(axis=1))
    for move, worse in (("up", -1), ("down", 1)):
        shift = pd.Series(later).map("ABC".index) - moves["class"].map("ABC".index)
        came = np.sign(shift) == worse
        told = moves["move"] == move
        assert told.sum() > 20
        assert came[told].mean() > 0.5 > 2 * came[~told].mean()


def test_where_levels_drift_fast_projection_beats_no_trend_and_the_bare_trend():
    rng = np.random.default_rng(10)
    drift = np.exp(np.cumsum(rng.normal(0, 0.15, (3000, 24)), axis=1))
    counts = rng.poisson(rng.gamma(1.5, 0.8, 3000)[:, None] * drift)
    dates = pd.date_range("2024-01-01", periods=24, freq="MS") + pd.Timedelta(days=14)
    customer, month = np.nonzero(counts)
    orders = pd.DataFrame({"partner_id": customer, "date": dates[month]})
    orders["amount"] = 100.0 * counts[customer, month]
    moves = class_moves(orders, CUTOFF)
    later = pd.Series(100.0 * counts[:, 12:].sum(axis=1)).reindex(moves.index)
    bare = moves["amount"] * moves["recent"] / moves["recent_expected"]

    def error(guess):
        return np.sqrt(((guess / guess.sum() - later / later.sum()) ** 2).mean())

    assert error(moves["projected"]) < 0.99 * min(error(moves["amount"]), error(bare))


def test_says_what_is_wrong(business):
    with pytest.raises(ValueError, match="cuts must be two rising shares"):
        abc_classes([1, 2], cuts=(0.95, 0.8))
    with pytest.raises(ValueError, match="amounts has 1 value.* missing"):
        abc_classes([1, np.nan])
    with pytest.raises(ValueError, match="trust_orders above 0"):
        class_moves(business, CUTOFF, trust_orders=0)
    with pytest.raises(ValueError, match="period_days must be"):
        class_moves(business, CUTOFF, period_days=365)
    with pytest.raises(ValueError, match="lacks the column.*amount"):
        class_moves(business.drop(columns="amount"), CUTOFF)
    assert len(class_moves(business.iloc[:0], CUTOFF)) == 0


def test_classes_do_not_depend_on_the_unit_up_to_the_greatest_numbers():
    amounts = np.random.default_rng(12).lognormal(0, 2, 500)
    greatest = np.ldexp(amounts / amounts.max(), 1023)
    with np.errstate(over="ignore"):
        assert np.isinf(greatest.sum())
    assert np.array_equal(abc_classes(amounts), abc_classes(greatest))

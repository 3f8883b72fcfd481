"""Cohorts: who stays, and what they bring, by the period of the first order."""

import numpy as np
import pandas as pd
import pytest
from analytics import cohort_matrix, cohort_table
from simulate import order_rows


def rows(*orders):
    frame = pd.DataFrame(orders, columns=["partner_id", "date", "amount"])
    return frame.assign(date=pd.to_datetime(frame["date"]))


@pytest.fixture
def small():
    return rows(
        (1, "2024-01-05", 100.0),
        (1, "2024-03-01", 50.0),
        (2, "2024-01-31", 10.0),
        (3, "2024-02-10", 40.0),
        (3, "2024-02-20", 60.0),
        (3, "2024-03-31", 20.0),
    )


def line(table, cohort, age):
    return table[(table["cohort"] == cohort) & (table["age"] == age)].iloc[0]


def test_counts_customers_by_first_month_and_months_since(small):
    table = cohort_table(small, "2024-03-31")
    assert len(table) == 3 + 2
    assert line(table, "2024-01-01", 0)["active_share"] == 1
    assert line(table, "2024-01-01", 1)[["customers", "active", "revenue"]].tolist() == [2, 0, 0]
    third = line(table, "2024-01-01", 2)
    assert third["active_share"] == 0.5 and third["revenue_per_customer"] == 25
    assert third["cumulated_per_customer"] == 80
    # two orders in one month are one active customer
    assert line(table, "2024-02-01", 0)["active"] == 1
    assert line(table, "2024-02-01", 0)["revenue"] == 100


def test_period_that_is_not_over_is_marked(small):
    assert cohort_table(small, "2024-03-31")["complete"].all()
    table = cohort_table(small, "2024-03-30")
    assert table[~table["complete"]][["cohort", "age"]].to_numpy().tolist() == [
        [pd.Timestamp("2024-01-01"), 2],
        [pd.Timestamp("2024-02-01"), 1],
    ]
    assert cohort_matrix(table, complete_only=True).columns.tolist() == [0, 1]


def test_nothing_after_the_cutoff_is_seen(small):
    early = cohort_table(small, "2024-02-29")
    assert early.equals(cohort_table(small[small["date"] < "2024-03-01"], "2024-02-29"))


def test_years_and_quarters_hold_the_same_customers_and_revenue():
    orders = order_rows(np.random.default_rng(1), 200, 900)
    for period, start in (("M", "MS"), ("Q", "QS"), ("Y", "YS")):
        table = cohort_table(orders, "2025-12-31", period)
        assert table["revenue"].sum() == pytest.approx(orders["amount"].sum())
        assert table.loc[table["age"] == 0, "customers"].sum() == orders["partner_id"].nunique()
        assert pd.date_range("2020-01-01", "2026-01-01", freq=start).isin(table["cohort"]).any()
    assert table["cohort"].dt.year.is_unique is False and len(table) == 3 + 2 + 1


def test_return_reduces_the_order_before_it_and_is_no_activity(small):
    back = pd.concat([small, rows((2, "2024-03-15", -4.0))], ignore_index=True)
    back["is_return"] = back["amount"] < 0
    table = cohort_table(back, "2024-03-31", is_return="is_return")
    assert line(table, "2024-01-01", 0)["revenue"] == 106
    assert line(table, "2024-01-01", 2)["active"] == 1


def test_matrix_has_cohorts_by_ages_and_nothing_for_the_future(small):
    matrix = cohort_matrix(cohort_table(small, "2024-03-31"), "revenue_per_customer")
    assert matrix.shape == (2, 3)
    assert np.isnan(matrix.iloc[1, 2]) and matrix.iloc[1, 1] == 20


def test_cohorts_of_cdnow_all_came_in_its_first_quarter(cdnow_sample):
    table = cohort_table(cdnow_sample, "1998-06-30")
    first = table[table["age"] == 0]
    assert first["cohort"].dt.strftime("%Y-%m").tolist() == ["1997-01", "1997-02", "1997-03"]
    assert first["customers"].sum() == 2357
    assert table["complete"].all()


def test_says_what_is_wrong(small):
    assert len(cohort_table(small.iloc[:0], "2024-01-01")) == 0
    with pytest.raises(ValueError, match="period must be one of M, Q, Y"):
        cohort_table(small, "2024-01-01", "W")
    with pytest.raises(ValueError, match="lacks the column.*amount"):
        cohort_table(small.drop(columns="amount"), "2024-01-01")
    with pytest.raises(ValueError, match="amount is missing in 1 row"):
        cohort_table(small.assign(amount=[np.nan, 1, 1, 1, 1, 1]), "2024-03-31")

"""What callers give is checked: messages name the column, how many values are wrong, and why."""

import numpy as np
import pandas as pd
import pytest
from analytics import (
    ChurnModel,
    DriftReference,
    KeyAccountRules,
    LeadModel,
    ResponseModel,
    TabularClassifier,
    behaviour_features,
    evaluate_holdout,
    order_rhythm,
    segment_trail,
    summarize_orders,
)
from analytics._moments import as_days
from simulate import regular_orders

CUTOFF = "2024-12-31"
ORDERS = regular_orders()
READERS = {
    "summarize_orders": lambda orders: summarize_orders(orders, CUTOFF),
    "behaviour_features": lambda orders: behaviour_features(orders, CUTOFF),
    "order_rhythm": lambda orders: order_rhythm(orders, CUTOFF),
    "segment_trail": lambda orders: segment_trail(orders, [CUTOFF], pd.Timedelta(days=400)),
    "evaluate_holdout": evaluate_holdout,
    "churn fit": lambda orders: ChurnModel().fit(orders, CUTOFF),
    "churn features": lambda orders: ChurnModel().features(orders, CUTOFF),
    "churn evaluate": lambda orders: ChurnModel().evaluate(orders),
}


@pytest.mark.parametrize("read", READERS.values(), ids=READERS)
@pytest.mark.parametrize("column", ["partner_id", "date"])
def test_a_missing_column_is_named(read, column):
    with pytest.raises(ValueError, match=rf"orders lacks the column\(s\) {column}; it has"):
        read(ORDERS.drop(columns=column))


@pytest.mark.parametrize("read", READERS.values(), ids=READERS)
def test_what_is_no_table_is_refused(read):
    with pytest.raises(TypeError, match="orders must be a pandas DataFrame, but is a list"):
        read([1, 2, 3])


@pytest.mark.parametrize("read", READERS.values(), ids=READERS)
@pytest.mark.parametrize(
    ("wrong", "cause"),
    [
        (["yesterday"] * 2, r"2 value\(s\) that are no dates; the first is 'yesterday' in row 238"),
        ([20240102] * 240, r"240 value\(s\) that are numbers, not dates"),
    ],
)
def test_dates_that_are_none_are_counted(read, wrong, cause):
    dates = ORDERS["date"].dt.strftime("%Y-%m-%d").tolist()
    dates = pd.Series(dates[: len(dates) - len(wrong)] + wrong)
    with pytest.raises(ValueError, match=f"orders: date has {cause}"):
        read(ORDERS.assign(date=dates))


@pytest.mark.parametrize(
    ("wrong", "cause"),
    [
        ("ten", r"1 value\(s\) that are not numbers; the first is 'ten' in row 7"),
        (np.inf, r"1 value\(s\) that are infinite; the first is inf in row 7"),
    ],
)
def test_amounts_that_are_none_are_counted(wrong, cause):
    amounts = ORDERS["amount"].astype(object).copy()
    amounts[7] = wrong
    for name in ("summarize_orders", "behaviour_features", "churn features"):
        with pytest.raises(ValueError, match=f"orders: amount has {cause}"):
            READERS[name](ORDERS.assign(amount=amounts))


@pytest.mark.parametrize("read", list(READERS.values())[:5], ids=list(READERS)[:5])
@pytest.mark.parametrize(
    "told",
    [
        lambda dates: dates.dt.strftime("%Y-%m-%d"),
        lambda dates: dates.dt.tz_localize("Asia/Shanghai") + pd.Timedelta(hours=3),
        lambda dates: dates.dt.date,
        lambda dates: (dates + pd.Timedelta(hours=23)).astype("datetime64[s]"),
    ],
    ids=["texts", "zone", "days", "evening"],
)
def test_dates_may_be_told_in_any_way(read, told):
    found, expected = read(ORDERS.assign(date=told(ORDERS["date"]))), read(ORDERS)
    if isinstance(expected, pd.DataFrame):
        pd.testing.assert_frame_equal(found, expected, check_dtype=False)
    elif "segment" in str(expected):
        pd.testing.assert_frame_equal(*(next(iter(trail.values())) for trail in (found, expected)))
    else:
        assert found == expected


@pytest.mark.parametrize("read", list(READERS.values())[:5], ids=list(READERS)[:5])
@pytest.mark.parametrize("form", ["%d/%m/%Y", "%m/%d/%Y", "%d.%m.%y", "%m-%d-%Y 10:30"])
def test_day_and_month_have_one_order_in_the_whole_column(read, form):
    told, plain = read(ORDERS.assign(date=ORDERS["date"].dt.strftime(form))), read(ORDERS)
    assert str(told) == str(plain)


def test_days_and_months_are_read_alike_wherever_texts_are_unclear():
    mixed = ["01/02/2024", "13/02/2024", "2024-03-04", pd.Timestamp("2024-05-06"), None]
    days = as_days(pd.Series(mixed, dtype=object), "date")
    assert days.dt.strftime("%m-%d").tolist()[:4] == ["02-01", "02-13", "03-04", "05-06"]
    assert days.isna().tolist() == [False] * 4 + [True]
    other = as_days(pd.Series(["01/02/2024", "02/13/2024"]), "date")
    assert other.dt.strftime("%m-%d").tolist() == ["01-02", "02-13"]


@pytest.mark.parametrize("read", READERS.values(), ids=READERS)
def test_texts_that_contradict_each_other_are_refused(read):
    dates = ORDERS["date"].dt.strftime("%d/%m/%Y").tolist()
    dates[4:6] = ["02/13/2024", "02/14/2024"]
    message = r"orders: date has 2 value\(s\) that are of another order of day and month than "
    with pytest.raises(ValueError, match=f"{message}'22/02/2024' .*; the first is '02/13/2024' in"):
        read(ORDERS.assign(date=dates))


@pytest.mark.parametrize("read", READERS.values(), ids=READERS)
def test_texts_none_of_which_tells_the_order_are_refused(read):
    months = pd.Series(np.tile([f"0{month}/01/2024" for month in range(1, 7)], 40))
    message = r"date has 200 value\(s\) that are of an unclear order of day and month \(write "
    with pytest.raises(ValueError, match=f"{message}.*the first is '02/01/2024' in row 1"):
        read(ORDERS.assign(date=months))
    same = months.str.replace(r"(\d\d)/01/", r"\1/\1/", regex=True)
    assert as_days(same, "date").dt.strftime("%m/%d/%Y").tolist() == same.tolist()


def test_numbers_beyond_all_floats_are_named():
    amounts = pd.Series([1, 10**400, 2] * 80, dtype=object)
    with pytest.raises(ValueError, match=r"amount has 80 value\(s\) that are too large "):
        summarize_orders(ORDERS.assign(amount=amounts.iloc[: len(ORDERS)].to_numpy()), CUTOFF)


def test_numbers_whose_squares_are_none_are_named():
    X = pd.DataFrame({"weight": np.append(np.arange(199.0), 1e200)})
    for model in (TabularClassifier(), DriftReference()):
        with pytest.raises(ValueError, match=r"weight has 1 value\(s\) beyond 1e\+150"):
            model.fit(X, np.arange(200) % 2)


@pytest.mark.parametrize("several", [["a"], ("a", "b"), {"a": 1}, np.array([1, 2])])
def test_several_values_in_one_are_neither_numbers_nor_categories(several):
    held = pd.Series(["a", "b", "a", "b"] * 50, dtype=object)
    held.iloc[7:9] = [several, several]
    message = r"tags has 2 value\(s\) that are lists or the like, .* in row 7"
    y = np.arange(200) % 3 == 0
    with pytest.raises(ValueError, match=message):
        TabularClassifier().fit(pd.DataFrame({"tags": held}), y)
    with pytest.raises(ValueError, match=message):
        DriftReference().fit(pd.DataFrame({"tags": held}))


def test_a_table_without_columns_is_told_as_such():
    y = np.arange(200) % 2
    for model in (ResponseModel(), LeadModel()):
        for judge in (model.fit, model.evaluate):
            with pytest.raises(ValueError, match="X has no columns"):
                judge(pd.DataFrame(index=range(200)), y, time=range(200))


def test_no_orders_at_all_are_too_few():
    result = ChurnModel().evaluate(ORDERS[:0])
    assert (result["enough"], result["code"]) == (False, "too_few_customers")


def test_two_columns_of_one_name_are_refused():
    twice = pd.concat([ORDERS, ORDERS[["amount"]]], axis=1)
    with pytest.raises(ValueError, match="orders has more than one column of the name amount"):
        summarize_orders(twice, CUTOFF)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        (["no", "no"], "back has 2 value.s. that are neither true nor false; the first is 'no'"),
        ([True, None], "back has 1 value.s. that are missing"),
        ([0, 2], "back has 1 value.s. that are neither true nor false; the first is 2 in row 1"),
    ],
)
@pytest.mark.parametrize("read", [summarize_orders, order_rhythm])
def test_a_return_is_true_or_false(read, values, message):
    orders = ORDERS.iloc[:2].assign(back=pd.Series(values, dtype=object))
    with pytest.raises(ValueError, match=message):
        read(orders, CUTOFF, is_return="back")


@pytest.mark.parametrize("value", ["no", None, 7, np.nan])
@pytest.mark.parametrize("read", [summarize_orders, order_rhythm])
def test_whether_a_row_without_customer_is_a_return_is_not_asked(read, value):
    back = pd.Series([False] * len(ORDERS) + [value], dtype=object)
    nobody = ORDERS.iloc[[0]].assign(partner_id=None)
    orders = pd.concat([ORDERS, nobody], ignore_index=True).assign(back=back)
    orders["partner_id"] = orders["partner_id"].astype(float)
    found, expected = read(orders, CUTOFF, is_return="back"), read(ORDERS, CUTOFF)
    pd.testing.assert_frame_equal(found, expected, check_index_type=False)


@pytest.mark.parametrize("no", [False, 0, 0.0, np.False_])
def test_zeros_and_ones_tell_returns_as_well(no):
    orders = ORDERS.assign(back=pd.Series([no] * len(ORDERS), dtype=object))
    given = summarize_orders(orders, CUTOFF, is_return="back")
    pd.testing.assert_frame_equal(given, summarize_orders(ORDERS, CUTOFF))


@pytest.mark.parametrize("values", [[20240101, 20240301], ["2024-01-01", 20240301]])
def test_numbers_among_other_values_are_no_dates(values):
    orders = ORDERS.iloc[:2].assign(date=pd.Series(values, dtype=object))
    with pytest.raises(ValueError, match=r"date has \d value.s. that are numbers, not dates"):
        summarize_orders(orders, CUTOFF)


@pytest.mark.parametrize("read", READERS.values(), ids=READERS)
@pytest.mark.parametrize(
    ("wrong", "cause"),
    [
        ("C7", r"1 value\(s\) that are texts, where others are not; the first is 'C7' in row 7"),
        ([7], r"1 value\(s\) that are lists or the like, not customers; the first is \[7\] in row"),
    ],
)
def test_customers_are_of_one_kind(read, wrong, cause):
    customers = ORDERS["partner_id"].astype(object).copy()
    customers[7] = wrong
    with pytest.raises(ValueError, match=rf"orders: partner_id has {cause}"):
        read(ORDERS.assign(partner_id=customers))
    texts = ORDERS["partner_id"].map("C{}".format).astype(object)
    texts[3] = 5
    with pytest.raises(ValueError, match=r"1 value\(s\) that are no texts, where others are; "):
        read(ORDERS.assign(partner_id=texts))


def test_complex_amounts_are_refused():
    amounts = ORDERS["amount"].astype(object).copy()
    amounts[7] = 1 + 2j
    for count, given in ((240, ORDERS["amount"] * (1 + 2j)), (1, amounts)):
        with pytest.raises(
            ValueError, match=rf"amount has {count} value\(s\) that are complex num"
        ):
            summarize_orders(ORDERS.assign(amount=given), CUTOFF)


def test_two_columns_of_one_name_are_refused_by_rules_and_drift():
    frame = pd.DataFrame(np.ones((60, 3)), columns=["a", "b", "b"])
    for use in (
        lambda: KeyAccountRules().fit(frame, np.arange(60) < 30),
        lambda: DriftReference().fit(frame),
        lambda: DriftReference().fit(frame.iloc[:, :2]).compare(frame),
    ):
        with pytest.raises(ValueError, match="has more than one column of the name b"):
            use()

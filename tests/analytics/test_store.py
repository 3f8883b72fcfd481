"""A stored model comes back the same, or is refused."""

import hmac

import numpy as np
import pandas as pd
import pytest
import simulate
from analytics import (
    BetaGeoNBD,
    ChurnModel,
    ParetoNBD,
    ResponseModel,
    StoredModelError,
    TabularClassifier,
    dump_model,
    load_model,
)
from skops.io import dumps

KEY = b"secret of this installation"


class Intruder:
    """A type nobody trusts."""


def sealed(data):
    return hmac.digest(KEY, data, "sha256") + data


@pytest.fixture(scope="module")
def table():
    rng = np.random.default_rng(0)
    X = pd.DataFrame({"x": rng.normal(size=400), "color": rng.choice(["red", "blue"], 400)})
    return X, (rng.random(400) < 1 / (1 + np.exp(-(X["x"] ** 2) + 1))).astype(int)


@pytest.mark.parametrize("name", ["logistic", "trees"])
def test_a_table_model_answers_as_before(table, name):
    X, y = table
    model = TabularClassifier((name,), random_state=0).fit(X, y)
    back = load_model(dump_model(model, KEY), KEY)
    np.testing.assert_array_equal(back.predict_proba(X), model.predict_proba(X))
    pd.testing.assert_frame_equal(back.contributions(X), model.contributions(X))
    assert back.candidates_ == model.candidates_


def test_a_response_model_answers_as_before_and_keeps_its_drift_reference(table):
    X, y = table
    model = ResponseModel().fit(X, y, time=np.arange(400))
    back = load_model(dump_model(model, KEY), KEY)
    pd.testing.assert_frame_equal(back.drift(X[:50]), model.drift(X[:50]))
    assert back.reasons(X[:5]) == model.reasons(X[:5])


def test_a_churn_model_answers_as_before():
    orders = simulate.order_rows(np.random.default_rng(1), 80, 700)
    model = ChurnModel().fit(orders, "2024-11-30")
    frame = model.features(orders, "2024-11-30")
    back = load_model(dump_model(model, KEY), KEY)
    pd.testing.assert_frame_equal(
        back.predict(frame, "2024-11-30"), model.predict(frame, "2024-11-30")
    )
    assert back.snapshots_ == model.snapshots_


def test_a_purchase_model_answers_as_before():
    history = simulate.bgnbd_customers(np.random.default_rng(2), 500, 1, 10, 1, 2, 40)
    model = BetaGeoNBD().fit(*history)
    back = load_model(dump_model(model, KEY), KEY)
    first, second = (each.expected_purchases(9, *history) for each in (model, back))
    np.testing.assert_array_equal(first, second)


def test_the_other_purchase_model_answers_as_before():
    history = simulate.bgnbd_customers(np.random.default_rng(2), 500, 1, 10, 1, 2, 40)
    model = ParetoNBD().fit(*history)
    back = load_model(dump_model(model, KEY), KEY)
    first, second = (each.expected_purchases(9, *history) for each in (model, back))
    np.testing.assert_array_equal(first, second)


def test_no_changed_byte_goes_unnoticed(table):
    stored = dump_model(TabularClassifier(("logistic",)).fit(*table), KEY)
    for place in (0, 31, 32, len(stored) // 2, len(stored) - 1):
        changed = bytearray(stored)
        changed[place] ^= 1
        with pytest.raises(StoredModelError, match="changed after it was saved"):
            load_model(bytes(changed), KEY)
    with pytest.raises(StoredModelError, match="changed after it was saved"):
        load_model(stored, b"another key")
    with pytest.raises(StoredModelError, match="changed after it was saved"):
        load_model(b"", KEY)


def test_a_type_that_is_not_trusted_is_refused_even_with_the_seal(table):
    model = TabularClassifier(("logistic",)).fit(*table)
    model.calibration_ = Intruder()
    with pytest.raises(StoredModelError, match=r"not trusted.*Intruder"):
        load_model(sealed(dumps(model)), KEY)


def test_a_pickle_is_no_model():
    empty_dict = b"\x80\x04}\x94."  # as pickle writes it
    with pytest.raises(StoredModelError, match="cannot be read"):
        load_model(sealed(empty_dict), KEY)


def test_what_is_no_model_is_neither_stored_nor_loaded():
    with pytest.raises(TypeError, match=r"A dict cannot be stored, only .*ChurnModel"):
        dump_model({"a": 1}, KEY)
    with pytest.raises(StoredModelError, match="is a dict, which is no model"):
        load_model(sealed(dumps({"a": 1})), KEY)
    for nothing in (None, "abc"):
        with pytest.raises(StoredModelError, match="A stored model is bytes"):
            load_model(nothing, KEY)
    with pytest.raises(TypeError, match="key must be bytes"):
        dump_model(TabularClassifier(), "")

"""Each column has one rule for everybody, which its effects are held against."""

import json

import numpy as np
import pandas as pd
import pytest
from analytics.plain_effect import MAX_ROWS, draw_rows, learn_effects, usual_effects


def test_a_rule_never_turns_however_the_effects_do():
    x = np.arange(1000.0)
    effects = pd.DataFrame({"x": np.where((x > 300) & (x < 400), -1.0, (x - 500) / 500)})
    X = pd.DataFrame({"x": x})
    usual = usual_effects(X, learn_effects(X, effects))["x"]
    assert (usual.diff().dropna() >= 0).all()
    assert usual.iloc[0] < 0 < usual.iloc[-1]


def test_a_rule_that_falls_is_found_as_well():
    X = pd.DataFrame({"x": np.linspace(0, 9, 400)})
    usual = usual_effects(X, learn_effects(X, 4 - X))["x"]
    assert usual.to_numpy() == pytest.approx((4 - X["x"]).to_numpy(), abs=0.3)


def test_what_is_told_in_two_words_has_two_effects():
    X = pd.DataFrame({"x": np.linspace(0, 1, 101)})
    usual = usual_effects(X, learn_effects(X, X - 0.7, {"x": [0.5]}))["x"]
    assert usual.nunique() == 2
    assert usual[0] == usual[49] < usual[50] == usual[100]


def test_categories_and_missing_values_have_effects_of_their_own():
    X = pd.DataFrame({"way": ["mail", "phone", None] * 20, "x": [1.0, 2.0, np.nan] * 20})
    effects = pd.DataFrame({"way": [0.1, -0.2, 0.3] * 20, "x": [-1.0, 1.0, 0.5] * 20})
    learned = json.loads(json.dumps(learn_effects(X, effects)))
    usual = usual_effects(X[:3], learned)
    assert np.allclose(usual, effects[:3])


def test_a_known_number_is_not_told_by_what_being_known_does():
    # 0 and 8 both lower a risk against customers of whom nothing is known, but 0 is not the cause
    X = pd.DataFrame({"x": [0.0, 8.0, np.nan, np.nan] * 20})
    effects = pd.DataFrame({"x": [-0.3, -0.7, 0.5, 0.5] * 20})
    usual = usual_effects(X[:3], learn_effects(X, effects))["x"]
    assert usual[0] > 0 > usual[1] and usual[2] == pytest.approx(0.5)


def test_values_that_were_not_learned_have_the_nearest_effect_or_none():
    X = pd.DataFrame({"way": ["mail", "phone", None] * 20, "x": [1.0, 2.0, np.nan] * 20})
    effects = pd.DataFrame({"way": [0.1, -0.2, 0.3] * 20, "x": [-1.0, 1.0, 0.5] * 20})
    learned = learn_effects(X, effects)
    unseen = pd.DataFrame({"way": ["fax"], "x": [9.0]})
    assert usual_effects(unseen, learned).iloc[0].tolist() == [0.0, 1.0]


def test_columns_without_any_number_or_with_one_value_have_a_rule():
    X = pd.DataFrame({"none": [np.nan] * 9, "same": [3.0] * 9})
    effects = pd.DataFrame({"none": [0.2] * 9, "same": [0.1] * 9})
    assert np.allclose(usual_effects(X, learn_effects(X, effects)), effects)


def test_rows_are_drawn_evenly():
    X = pd.DataFrame({"x": range(3 * MAX_ROWS)})
    drawn = draw_rows(X)
    assert len(drawn) == MAX_ROWS and drawn["x"].diff().dropna().eq(3).all()
    assert len(draw_rows(X[:0])) == 0 and len(draw_rows(X[:7])) == 7


def test_effects_that_go_against_what_came_have_no_rule():
    # answers rise with x, which a model may turn round where another column tells the same
    X = pd.DataFrame({"x": np.arange(200.0), "way": ["mail", "phone"] * 100})
    effects = pd.DataFrame({"x": (100 - X["x"]) / 50, "way": [0.4, -0.4] * 100})
    answers = (X["x"] >= 100) | (X["way"] == "mail")
    usual = usual_effects(X, learn_effects(X, effects, outcome=answers))
    assert (usual["x"] == 0).all()
    assert np.allclose(usual["way"], effects["way"])
    usual = usual_effects(X, learn_effects(X, -effects, outcome=answers))
    assert usual["x"].iloc[0] < 0 < usual["x"].iloc[-1] and set(usual["way"]) == {0.0}

"""What stands out, and how often chance alone is taken for it."""

import numpy as np
import pytest
from analytics import standing_out


def test_a_clear_peak_stands_out():
    assert standing_out([8, 9, 8, 30, 9, 20, 8, 9, 8, 9, 8, 9]) == [3, 5]


def test_even_counts_stand_out_nowhere():
    assert standing_out([9, 11, 10, 10]) == []


def test_few_counts_tell_nothing():
    assert standing_out([2, 2, 0, 2, 0]) is None


def test_chance_is_seldom_taken_for_a_season():
    rng = np.random.default_rng(5)
    found = [bool(standing_out(rng.multinomial(40, [1 / 12] * 12))) for _ in range(2000)]
    assert np.mean(found) < 0.02


def test_a_season_of_twice_the_orders_is_found():
    rng = np.random.default_rng(6)
    share = np.array([4, 4] + [1] * 10) / 18
    found = [set(standing_out(rng.multinomial(100, share)) or ()) >= {0, 1} for _ in range(500)]
    assert np.mean(found) > 0.9


def test_one_count_is_refused():
    with pytest.raises(ValueError, match="two or more"):
        standing_out([7])

import numpy as np
import pandas as pd
import pytest

from visage.data.check_ages import Spike, age_counts, expected, spikes, whipple_index


def index(low: list[float | None], high: list[float | None] | None = None) -> pd.DataFrame:
    lows, highs = pd.Series(low, dtype="float32"), pd.Series(high or low, dtype="float32")
    return pd.DataFrame({"age": (lows + highs) / 2, "age_low": lows, "age_high": highs})


def test_ages_count_by_whole_years() -> None:
    assert age_counts(index([0.0, 2.0, 2.9])).tolist() == [1, 0, 2]


def test_ages_that_are_unknown_or_a_range_do_not_count() -> None:
    assert age_counts(index([3.0, None, 20.0], [3.0, None, 29.0])).tolist() == [0, 0, 0, 1]


def test_no_ages_have_no_counts_and_no_spikes() -> None:
    counts = age_counts(index([None]))
    assert len(counts) == 0
    assert spikes(counts) == ()


def test_the_expected_count_is_the_mean_of_the_neighbours_that_exist() -> None:
    assert expected(np.array([9, 1, 2, 3])).tolist() == [1.5, 14 / 3, 13 / 3, 1.5]


def test_a_planted_spike_is_found_with_its_surplus() -> None:
    counts = np.full(60, 100)
    counts[26] = 300
    assert spikes(counts) == (Spike(age=26, n=300, expected=100.0),)


def test_a_spike_at_age_0_is_found_from_one_side() -> None:
    assert [one.age for one in spikes(np.array([90, 10, 10, 10, 10]))] == [0]


def test_the_largest_surplus_comes_first() -> None:
    counts = np.full(60, 100)
    counts[[10, 40]] = 300, 500
    assert [one.age for one in spikes(counts)] == [40, 10]


def test_thin_ages_do_not_spike_by_chance() -> None:
    rng = np.random.default_rng(5)
    assert [spikes(rng.poisson(3, 100)) for _ in range(20)] == [()] * 20


def test_a_small_surplus_of_many_is_no_spike() -> None:
    counts = np.full(30, 10_000)
    counts[10] = 14_000
    assert spikes(counts) == ()


@pytest.mark.parametrize(
    ("step", "value"), [(1, 100.0), (5, 500.0)], ids=["no heaping", "fives only"]
)
def test_whipples_index_has_its_known_ends(step: int, value: float) -> None:
    counts = np.zeros(101, dtype=np.int64)
    counts[::step] = 7
    assert whipple_index(counts) == pytest.approx(value)


def test_children_alone_have_no_whipple_index() -> None:
    assert whipple_index(np.array([4, 5, 6])) is None

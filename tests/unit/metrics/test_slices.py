from dataclasses import replace

import hypothesis.extra.numpy as arrays
import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from visage.estimates import Labels
from visage.metrics.slices import Factor, find_slices
from visage.metrics.traits import Traits


def cut(truth, traits=None, *, min_slice=1):
    return find_slices(truth, traits, bin_years=10, min_slice=min_slice)


def traits_of(n: int, **known) -> Traits:
    words, numbers = np.full(n, "", dtype=object), np.full(n, np.nan)
    empty = Traits(words, words, numbers, numbers, numbers)
    return replace(empty, **{name: np.asarray(values) for name, values in known.items()})


def by(factor: Factor, found):
    return [one for one in found if one.factor == factor]


def test_slices_by_gender_and_age_are_plain_selections(truth):
    found = by(Factor.GENDER_AGE, cut(truth))
    assert len(found) > 15
    for one in found:
        chosen = (truth.gender == one.gender) & (truth.age >= one.low) & (truth.age < one.high)
        np.testing.assert_array_equal(one.members, chosen)


def test_both_genders_are_slices_where_both_are_there(truth):
    assert [one.gender for one in by(Factor.GENDER, cut(truth))] == [0, 1]
    assert by(Factor.GENDER, cut(replace(truth, gender=np.zeros(400, dtype=np.int64)))) == []


def test_images_without_a_label_are_in_no_slice_that_needs_it(truth):
    age = np.where(np.arange(400) < 100, np.nan, truth.age)
    gender = np.where(np.arange(400) >= 350, -1, truth.gender)
    found = cut(replace(truth, age=age, gender=gender))
    members = {factor: sum(one.n for one in by(factor, found)) for factor in Factor}
    assert (members[Factor.AGE], members[Factor.GENDER_AGE], members[Factor.GENDER]) == (
        300,
        250,
        350,
    )


def test_small_slices_are_left_out(truth):
    found, every = cut(truth, min_slice=20), cut(truth)
    assert 0 < len(found) < len(every)
    assert all(len(np.unique(truth.group[one.members])) >= 20 for one in found)


def test_copies_of_one_photo_are_one_observation(truth):
    copies = replace(truth, group=np.where(truth.age < 10, 0, truth.group))
    starts = [one.low for one in by(Factor.AGE, cut(copies, min_slice=3))]
    assert starts[:2] == [10, 20]


def test_races_are_slices_and_unknown_ones_in_none(truth):
    race = np.array(["white", "black", "", ""] * 100, dtype=object)
    found = by(Factor.RACE, cut(truth, traits_of(400, race=race)))
    assert [(one.value, one.n) for one in found] == [("black", 100), ("white", 100)]


def test_a_data_set_without_race_has_no_slices_of_it(truth):
    source = np.full(400, "agedb", dtype=object)
    assert {one.factor for one in cut(truth, traits_of(400, source=source))} == {
        Factor.AGE,
        Factor.GENDER_AGE,
        Factor.GENDER,
    }


def test_numbers_are_cut_into_thirds(truth):
    found = by(Factor.SHARPNESS, cut(truth, traits_of(400, sharpness=np.arange(400.0))))
    assert [(one.low, one.high, one.n) for one in found] == [
        (None, 133.0, 133),
        (133.0, 266.0, 133),
        (266.0, None, 134),
    ]


def test_images_of_one_size_are_not_cut_by_it(truth):
    assert by(Factor.SIDE, cut(truth, traits_of(400, side=np.full(400, 200.0)))) == []


@given(arrays.arrays(float, 30, elements=st.floats(0, 300) | st.just(np.nan)))
def test_each_known_number_lies_in_the_one_slice_whose_edges_hold_it(numbers):
    nobody = Labels(np.arange(30), np.full(30, np.nan), np.full(30, -1), np.arange(30))
    found = cut(nobody, traits_of(30, brightness=numbers))
    for one in found:
        low = -np.inf if one.low is None else one.low
        high = np.inf if one.high is None else one.high
        np.testing.assert_array_equal(one.members, (low <= numbers) & (numbers < high))
    if found:
        assert sum(one.n for one in found) == (~np.isnan(numbers)).sum()

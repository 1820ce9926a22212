from dataclasses import replace

import numpy as np
import pytest

from visage.estimates import Estimates, Labels
from visage.metrics.details import details
from visage.metrics.traits import Traits

N = 1500


@pytest.fixture
def labels() -> Labels:
    rng = np.random.default_rng(0)
    age, gender = rng.integers(0, 101, N).astype(float), rng.integers(0, 2, N)
    return Labels(np.arange(N).astype(object), age, gender, np.arange(N))


@pytest.fixture
def traits() -> Traits:
    rng = np.random.default_rng(1)
    return Traits(
        source=rng.choice(np.array(["agedb", "utkface"], dtype=object), N),
        race=rng.choice(np.array(["asian", "black", "white"], dtype=object), N),
        side=rng.integers(50, 400, N).astype(float),
        brightness=rng.uniform(20, 230, N),
        sharpness=rng.lognormal(5, 1, N),
    )


@pytest.fixture
def estimates(labels: Labels, traits: Traits) -> Estimates:
    """Blurred faces and one race are harder to date, dark ones to tell the gender of."""
    rng = np.random.default_rng(2)
    hard = 1 + 0.6 * (traits.race == "black") + 0.9 * (traits.sharpness < 90)
    wrong = rng.random(N) < np.where(traits.brightness < 80, 0.3, 0.1)
    told = np.where(wrong, 1 - labels.gender, labels.gender)
    age = labels.age + 5 * hard * rng.normal(0, 1, N)
    male = told.astype(float)
    return Estimates(
        age=age,
        age_median=age,
        age_low=age - 10,
        age_high=age + 10,
        gender=told,
        gender_at_half=told,
        male_probability=male,
        male_probability_raw=male,
    )


def describe(labels, estimates, traits, *, min_slice=20):
    return details(
        labels,
        estimates,
        part="test",
        without_tta=estimates,
        baseline=Estimates(),
        views=["identity"],
        resamples=300,
        level=0.95,
        seed=3,
        age_bin_years=10,
        min_slice=min_slice,
        traits=traits,
    )


def gap_of(found, factor, name):
    (gap,) = [one for one in found["gaps"] if (one["factor"], one["name"]) == (factor, name)]
    return gap


def test_planted_effects_are_found_where_they_are(labels, estimates, traits):
    found = describe(labels, estimates, traits)
    race = gap_of(found, "race", "mae_difference")
    blur = gap_of(found, "sharpness", "mae_difference")
    dark = gap_of(found, "brightness", "gender_accuracy_difference")
    assert race["larger"] == {"value": "black"}
    assert blur["larger"]["low"] is None
    assert dark["smaller"]["low"] is None
    assert min(race["low"], blur["low"], dark["low"]) > 0


def test_where_nothing_was_planted_no_gap_is_shown(labels, estimates, traits):
    found = describe(labels, estimates, traits)
    for name in ("mae_difference", "gender_accuracy_difference", "equalized_odds_difference"):
        assert gap_of(found, "source", name)["low"] <= 0


def test_each_slice_has_n_figures_and_intervals_around_them(labels, estimates, traits):
    found = describe(labels, estimates, traits)
    factors = {factor["factor"]: factor["slices"] for factor in found["factors"]}
    assert list(factors) == ["gender", "source", "race", "sharpness", "side", "brightness"]
    rows = [*found["age_bins"], *found["slices"], *(r for rows in factors.values() for r in rows)]
    assert len(rows) > 40
    for row in rows:
        assert set(row["intervals"]) == {"mae", "mean_error", "gender_accuracy"}
        for name, (low, high) in row["intervals"].items():
            assert low < row[name] < high
    black = traits.race == "black"
    row = factors["race"][1]
    assert row["n"] == black.sum()
    expected = (estimates.age - labels.age)[black].mean()
    assert row["mean_error"] == pytest.approx(expected, abs=5e-5)


def test_age_bins_are_half_open_and_both_genders(labels, estimates, traits):
    found = describe(labels, estimates, traits)["age_bins"]
    first = found[0]
    known = labels.age < 10
    error = (estimates.age - labels.age)[known]
    assert [row["age_from"] for row in found] == list(range(0, 100, 10))  # 100 has too few
    assert (first["age_to"], first["n"]) == (10, known.sum())
    assert first["mae"] == pytest.approx(np.abs(error).mean(), abs=5e-5)
    assert first["mean_error"] == pytest.approx(error.mean(), abs=5e-5)


def test_an_age_bin_of_few_images_is_left_out_and_counted(labels, estimates, traits):
    few = (labels.age == 100).sum()
    assert 0 < few < 20
    found = describe(labels, estimates, traits)
    assert found["left_out"]["age"] == 1
    assert found["left_out"]["gender_age"] == 2
    assert found["left_out"]["race"] == 0
    every = describe(labels, estimates, traits, min_slice=1)
    assert set(every["left_out"].values()) == {0}
    assert every["age_bins"][-1]["n"] == few


def test_copies_of_a_photo_do_not_make_an_age_bin_large_enough(labels, estimates, traits):
    old = labels.age >= 90
    copies = replace(labels, group=np.where(old, 0, np.arange(1, N + 1)))
    found = describe(copies, estimates, traits)
    assert found["age_bins"][-1]["age_to"] == 90
    assert found["left_out"]["age"] == 2


def test_the_least_number_of_images_is_stated_and_kept(labels, estimates, traits):
    found = describe(labels, estimates, traits, min_slice=76)
    sizes = [row["n"] for row in found["slices"]]
    assert found["min_slice"] == 76
    assert 0 < len(sizes) < 20
    assert min(sizes) >= 76


def test_a_figure_of_few_labels_is_not_shown(labels, estimates, traits):
    few = np.where((traits.race == "black") & (np.arange(N) > 40), np.nan, labels.age)
    found = describe(replace(labels, age=few), estimates, traits)
    race = next(one["slices"] for one in found["factors"] if one["factor"] == "race")
    rows = {row["value"]: row for row in race}
    assert "mae" in rows["white"]
    assert not {"mae", "mean_error"} & set(rows["black"])
    assert "gender_accuracy" in rows["black"]


def test_without_traits_there_are_slices_of_labels_alone(labels, estimates):
    found = describe(labels, estimates, None)
    assert [factor["factor"] for factor in found["factors"]] == ["gender"]
    assert {gap["factor"] for gap in found["gaps"]} == {"age", "gender_age", "gender"}


@pytest.mark.parametrize(
    ("absent", "names"),
    [("gender", {"mae", "mean_error"}), ("age", {"gender_accuracy"})],
)
def test_a_model_of_one_task_has_its_figures_alone(labels, estimates, traits, absent, names):
    found = describe(labels, replace(estimates, **{absent: None}), traits)
    rows = [*found["slices"], *(row for one in found["factors"] for row in one["slices"])]
    assert rows
    for row in rows:
        assert {"mae", "mean_error", "gender_accuracy"} & set(row) == names


def test_labels_of_one_task_alone_are_sliced_too(labels, estimates, traits):
    nothing = replace(labels, gender=np.full(N, -1))
    found = describe(nothing, replace(estimates, gender=None), traits)
    assert found["slices"] == []
    assert found["age_bins"]
    assert next(factor["factor"] for factor in found["factors"]) == "source"

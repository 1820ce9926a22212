import json
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import pytest

from visage.estimates import Estimates, Labels
from visage.metrics.contrast import Settings, contrast
from visage.metrics.paired import Difference
from visage.metrics.traits import Traits
from visage.reporting.formats import age_range
from visage.sweep.contrast_json import contrast_json
from visage.sweep.contrast_page import TOO_FEW_LABELS, Sides, contrast_page, verdict
from visage.sweep.judged import Judged
from visage.sweep.references import Reference

MINUS = "\N{MINUS SIGN}"
SETTINGS = Settings(resamples=200, level=0.9, seed=1, age_bin_years=50, min_slice=10, top=2)


@pytest.fixture
def judged() -> Callable[..., Judged]:
    """Returns a function that gives a model whose ages are off by so many years."""
    generator = np.random.default_rng(0)
    age, gender = generator.uniform(0, 100, 60), generator.integers(0, 2, 60)
    ids = np.array([f"f{row:02d}" for row in range(60)], dtype=object)
    labels = Labels(ids, age, gender, np.arange(60))

    def make(name: str, *, off: float, **params: str) -> Judged:
        estimates = Estimates(age=age + off, gender=gender, male_probability=gender * 1.0)
        known = {"seed": "1", "backbone": "resnet18", **params}
        reference = Reference(name, "c0ffee" * 6 + "abcd")
        return Judged(reference, labels, estimates, parts={}, params=known)

    return make


def page_of(a: Sequence[Judged], b: Sequence[Judged]) -> str:
    estimates = [[model.estimates for model in side] for side in (a, b)]
    found = contrast(a[0].labels, *estimates, settings=SETTINGS)
    return contrast_page(Sides(a, b, found), settings=SETTINGS)


def row(page: str, name: str) -> list[str]:
    (line,) = [line for line in page.splitlines() if line.startswith(f"| {name} ")]
    return [cell.strip() for cell in line.strip("|").split("|")]


def test_a_row_has_both_figures_difference_interval_and_verdict(
    judged: Callable[..., Judged],
) -> None:
    page = page_of([judged("HEAD", off=2.0)], [judged("other", off=3.5)])
    expected = ["2.000", "3.500", "+1.500", "1.500 to 1.500", "B is worse"]
    assert row(page, "MAE (years)")[1:] == expected
    assert row(page, "gender F1 (macro)")[5] == "no difference shown"


def test_verdicts_know_which_way_is_better() -> None:
    assert verdict("mae", Difference(2.0, 1.0, low=-2.0, high=-0.1)) == "B is better"
    assert verdict("harmonic", Difference(2.0, 1.0, low=-2.0, high=-0.1)) == "B is worse"
    assert verdict("harmonic", Difference(2.0, 1.0, low=-2.0, high=0.1)) == "no difference shown"


def test_without_an_interval_there_is_no_verdict() -> None:
    assert verdict("mae", Difference(2.0, 1.0, low=None, high=None)) == TOO_FEW_LABELS


def test_few_labels_give_no_verdict_on_page_and_in_json(judged: Callable[..., Judged]) -> None:
    a, b = judged("a", off=2.0), judged("b", off=1.0)
    age, gender = a.labels.age.copy(), a.labels.gender.copy()
    age[1:], gender[12:] = np.nan, -1
    few = replace(a.labels, age=age, gender=gender)
    found = contrast(few, [a.estimates], [b.estimates], settings=SETTINGS)
    sides = Sides([replace(a, labels=few)], [replace(b, labels=few)], found)
    page = contrast_page(sides, settings=SETTINGS)
    assert row(page, "MAE (years)")[4:] == ["too few", "too few labels to tell"]
    assert row(page, "gender F1 (macro)")[5] == "no difference shown"
    told = contrast_json(sides, settings=SETTINGS)
    assert json.dumps(told, allow_nan=False)
    assert told["figures"]["mae"]["verdict"] == TOO_FEW_LABELS


def test_it_says_on_what_and_how_it_was_measured(judged: Callable[..., Judged]) -> None:
    page = page_of([judged("HEAD", off=2.0)], [judged("other", off=3.5)])
    assert "A: HEAD (c0ffeec0ff)" in page
    assert "60 images in 60 groups of near-duplicates" in page
    assert "90 % intervals: paired bootstrap by group, 200 resamples, seed 1." in page


def test_a_single_training_is_said_to_be_one(judged: Callable[..., Judged]) -> None:
    one, two = [judged("a", off=2.0)], [judged("b", off=1.0), judged("c", off=2.0, seed="2")]
    page = page_of(one, two)
    assert "A is one training: what another seed would give is not in the interval" in page
    assert "B is the mean of 2 trainings" in page
    assert "more than the seed" not in page


def test_seeds_of_a_side_that_are_something_else_are_named(judged: Callable[..., Judged]) -> None:
    side = [judged("b", off=1.0), judged("c", off=2.0, seed="2", backbone="vit")]
    assert "They differ by more than the seed: backbone." in page_of([judged("a", off=1.0)], side)


def test_parameters_that_differ_are_named(judged: Callable[..., Judged]) -> None:
    page = page_of([judged("a", off=2.0)], [judged("b", off=2.0, backbone="vit", seed="3")])
    assert "Parameters, A → B: backbone: resnet18 → vit." in page


def test_slices_are_called_exploratory_with_what_chance_gives(
    judged: Callable[..., Judged],
) -> None:
    page = page_of([judged("a", off=2.0)], [judged("b", off=1.0)])
    assert "Slices (exploratory): of 16 figures of slices, 8 differ; about 1.6 would" in page
    found = [cell.replace(MINUS, "-") for cell in row(page, f"female, {age_range(0, 50)}")]
    assert found[2:] == ["MAE (years)", "2.000", "1.000", "-1.000", "-1.000 to -1.000", "won"]


def test_slices_by_traits_name_what_they_are_by(judged: Callable[..., Judged]) -> None:
    a, b = [judged("a", off=2.0)], [judged("b", off=1.0)]
    words, numbers = np.array(["x", "y"] * 30, dtype=object), np.full(60, np.nan)
    traits = Traits(words, words, numbers, numbers, numbers)
    estimates = a[0].estimates, b[0].estimates
    found = contrast(a[0].labels, estimates[:1], estimates[1:], settings=SETTINGS, traits=traits)
    page = contrast_page(Sides(a, b, found), settings=SETTINGS)
    assert row(page, "race: x")[1:3] == ["30", "MAE (years)"]


def test_images_that_changed_most_have_their_label_and_both_estimates(
    judged: Callable[..., Judged],
) -> None:
    a, b = judged("a", off=0.0), judged("b", off=0.0)
    age = b.labels.age.copy()
    age[5] -= 40
    page = page_of([a], [replace(b, estimates=replace(b.estimates, age=age))])
    label = a.labels.age[5]
    found = [cell.replace(MINUS, "-") for cell in row(page, "f05")]
    assert found[1:] == [f"{label:.0f}", f"{label:.1f}", f"{label - 40:.1f}", "-40.0"]


def test_other_groups_of_near_duplicates_are_said(judged: Callable[..., Judged]) -> None:
    a, b = judged("a", off=0.0), judged("b", off=0.0)
    relabelled = replace(b, labels=replace(b.labels, group=a.labels.group + 7))
    other = replace(b, labels=replace(b.labels, group=a.labels.group // 2))
    assert "near-duplicates differently" not in page_of([a], [relabelled])
    assert "near-duplicates differently" in page_of([a], [other])


def test_json_has_every_slice_unrounded(judged: Callable[..., Judged]) -> None:
    a, b = [judged("a", off=2.0)], [judged("b", off=1.0)]
    found = contrast(a[0].labels, [a[0].estimates], [b[0].estimates], settings=SETTINGS)
    told = json.loads(json.dumps(contrast_json(Sides(a, b, found), settings=SETTINGS)))
    assert len(told["slices"]) == 16
    assert {row["factor"] for row in told["slices"]} == {"age", "gender_age", "gender"}
    assert told["a"] == [{"name": "a", "commit": a[0].reference.commit}]
    assert told["figures"]["mae"]["difference"] == found.figures["mae"].value

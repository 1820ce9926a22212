from dataclasses import replace

import numpy as np
import pytest

from visage.metrics.independent import n_independent
from visage.metrics.paired import differences
from visage.metrics.slice_contrasts import slice_differences
from visage.metrics.slice_figures import slice_figures
from visage.metrics.slices import Factor, find_slices

BOOTSTRAP = {"resamples": 300, "level": 0.95, "seed": 1}


@pytest.fixture
def better(truth, guess):
    return replace(guess, age=(guess.age + truth.age) / 2, gender=truth.gender)


def differing(truth, a, b, *, min_slice=1):
    found = find_slices(truth, None, bin_years=10, min_slice=min_slice)
    return found, slice_differences(truth, found, [a], [b], **BOOTSTRAP)


def test_slices_have_the_figures_of_the_evaluation(truth, guess, better):
    found, values = differing(truth, guess, better)
    expected = slice_figures(truth, guess, found)(np.ones((1, 400)))
    assert len(found) > 30
    for name in ("mae", "gender_accuracy"):
        ours = [values[name, row].a for row in range(len(found))]
        np.testing.assert_allclose(ours, expected[name][0])


def test_an_interval_is_that_of_the_slice_alone(truth, guess, better):
    """Whatever else the part has, a slice's images and groups are all that its interval knows."""
    found, values = differing(truth, guess, better)
    members = found[0].members

    def mae(model, weights):
        absolute = np.abs(model.age - truth.age)[members]
        return {
            "mae": np.average(np.broadcast_to(absolute, np.shape(weights)), -1, weights)
            if weights is not None
            else absolute.mean()
        }

    alone = differences(mae, [guess], [better], truth.group[members], **BOOTSTRAP)["mae"]
    ours = values["mae", 0]
    assert (ours.low, ours.high) == pytest.approx((alone.low, alone.high))


def test_a_difference_that_all_images_of_a_tiny_slice_have_is_no_less_in_some_resamples(
    truth, guess
):
    older = replace(guess, age=truth.age + 4.0)
    old = replace(guess, age=truth.age + 1.0)
    found, values = differing(truth, old, older)
    n_groups = [n_independent(truth.group, one.members) for one in found]
    row = n_groups.index(min(n for n in n_groups if n > 1))
    assert n_groups[row] < 20
    assert (values["mae", row].low, values["mae", row].high) == pytest.approx((3.0, 3.0))


def test_small_slices_are_left_out(truth, guess, better):
    found, _ = differing(truth, guess, better, min_slice=20)
    assert found
    assert all(slice_.n >= 20 for slice_ in found)


def test_a_slice_with_an_image_without_the_label_has_no_such_figure(truth, guess, better):
    partial = replace(truth, gender=np.where(truth.age < 10, -1, truth.gender))
    found, values = differing(partial, guess, better)
    assert [found[0].factor, found[0].low] == [Factor.AGE, 0]
    assert ("mae", 0) in values
    assert ("gender_accuracy", 0) not in values


def test_without_a_head_there_is_no_figure_of_it(truth, guess, better):
    _, values = differing(truth, replace(guess, gender=None), better)
    assert {name for name, _ in values} == {"mae"}


def test_images_without_an_age_are_in_slices_of_gender_alone(truth, guess, better):
    partial = replace(truth, age=np.full(400, np.nan))
    found, values = differing(partial, guess, better)
    assert [slice_.factor for slice_ in found] == [Factor.GENDER] * 2
    assert {name for name, _ in values} == {"gender_accuracy"}

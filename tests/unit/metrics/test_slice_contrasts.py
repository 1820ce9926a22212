from dataclasses import replace

import numpy as np

from visage.metrics.slice_contrasts import slice_measure
from visage.metrics.slice_figures import slice_figures
from visage.metrics.slices import Factor, find_slices


def measured(truth, guess, weights=None, *, min_slice=1):
    found = find_slices(truth, None, bin_years=10, min_slice=min_slice)
    return found, slice_measure(truth, found)(guess, weights)


def test_slices_have_the_figures_of_the_evaluation(truth, guess):
    found, values = measured(truth, guess)
    expected = slice_figures(truth, guess, found)(np.ones((1, 400)))
    assert len(found) > 30
    for name in ("mae", "gender_accuracy"):
        ours = [values[name, row] for row in range(len(found))]
        np.testing.assert_allclose(ours, expected[name][0])


def test_a_weight_counts_an_image_so_often(truth, guess):
    weights = np.ones((2, 400))
    weights[1] = np.arange(400) % 3
    found, values = measured(truth, guess, weights)
    _, plain = measured(truth, guess)
    member, absolute = found[0].members, np.abs(guess.age - truth.age)
    repeated = np.repeat(absolute[member], np.arange(400)[member] % 3)
    np.testing.assert_allclose(values["mae", 0], [plain["mae", 0], repeated.mean()])


def test_small_slices_are_left_out(truth, guess):
    found, _ = measured(truth, guess, min_slice=20)
    assert found
    assert all(slice_.n >= 20 for slice_ in found)


def test_a_slice_that_a_resample_lacks_has_no_difference(truth, guess):
    _, values = measured(truth, guess, np.zeros((1, 400)))
    assert all(value == 0 for value in values.values())


def test_a_slice_with_an_image_without_the_label_has_no_such_figure(truth, guess):
    partial = replace(truth, gender=np.where(truth.age < 10, -1, truth.gender))
    found, values = measured(partial, guess)
    assert [found[0].factor, found[0].low] == [Factor.AGE, 0]
    assert ("mae", 0) in values
    assert ("gender_accuracy", 0) not in values


def test_without_a_head_there_is_no_figure_of_it(truth, guess):
    _, values = measured(truth, replace(guess, gender=None))
    assert {name for name, _ in values} == {"mae"}


def test_images_without_an_age_are_in_slices_of_gender_alone(truth, guess):
    partial = replace(truth, age=np.full(400, np.nan))
    found, values = measured(partial, guess)
    assert [slice_.factor for slice_ in found] == [Factor.GENDER] * 2
    assert {name for name, _ in values} == {"gender_accuracy"}

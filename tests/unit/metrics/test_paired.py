import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import bootstrap, ttest_ind, ttest_rel

from visage.estimates import Estimates, Labels
from visage.metrics.averages import average
from visage.metrics.bootstrap import few, quantiles, resampled
from visage.metrics.evaluation import figures
from visage.metrics.headlines import HEADLINES
from visage.metrics.paired import Difference, differences

TRIALS = 1000


def of(values):
    return Estimates(age=np.asarray(values, dtype=np.float64))


def mean(model, weights):
    return {"mean": average(model.age, weights)}


def compared(a, b, *, group=None, resamples=2000, level=0.95, seed=0, measure=mean):
    models = [[of(values) for values in side] for side in (a, b)]
    group = np.arange(np.shape(a[0])[-1]) if group is None else group
    return differences(measure, *models, group, resamples=resamples, level=level, seed=seed)


def test_difference_is_the_second_side_less_the_first():
    found = compared([[1.0, 2.0]], [[4.0, 6.0]])["mean"]
    assert (found.a, found.b, found.value) == (1.5, 5.0, 3.5)


def test_interval_is_the_one_of_an_independent_implementation():
    generator = np.random.default_rng(0)
    a = generator.normal(5, 3, 400)
    b = a + generator.normal(0.1, 1, 400)
    found = compared([a], [b], resamples=10_000)["mean"]
    low, high = bootstrap(
        (a, b),
        lambda x, y, axis: (y - x).mean(axis),
        paired=True,
        vectorized=True,
        n_resamples=10_000,
        method="percentile",
        rng=np.random.default_rng(1),
    ).confidence_interval
    half = (high - low) / 2
    np.testing.assert_allclose((found.low, found.high), (low, high), atol=0.04 * half)


def test_one_model_a_side_has_the_evaluations_bootstrap():
    a, b = np.random.default_rng(0).normal(0, 1, (2, 3000))
    group = np.arange(3000) // 2
    found = compared([a], [b], group=group, resamples=500, seed=3)["mean"]
    (draws,) = resampled(
        [lambda weights: {"mean": average(b - a, weights)}], group, resamples=500, seed=3
    )
    value = (b - a).mean()
    expected = value + few(1500, level=0.95) * (quantiles(draws["mean"], level=0.95) - value)
    assert (found.low, found.high) == pytest.approx(tuple(expected))


def test_few_images_have_the_interval_of_a_t_test():
    a, b = np.random.default_rng(4).normal(0, 1, (2, 12))
    found = compared([a], [b], resamples=50_000)["mean"]
    ends = ttest_rel(b, a).confidence_interval(0.95)
    width = ends.high - ends.low
    assert (found.low, found.high) == pytest.approx((ends.low, ends.high), abs=0.04 * width)


def test_copies_of_a_photo_show_no_difference_that_one_of_them_does_not():
    generator = np.random.default_rng(5)
    a, b = generator.normal(0, 1, (2, 40))
    once = compared([a], [b])["mean"]
    copied = compared([np.repeat(a, 9)], [np.repeat(b, 9)], group=np.repeat(np.arange(40), 9))
    assert copied["mean"].high - copied["mean"].low == pytest.approx(once.high - once.low, rel=0.05)


def test_figures_that_a_model_lacks_are_not_compared():
    def measure(model, weights):
        found = mean(model, weights)
        return found if model.age[0] else {**found, "more": found["mean"]}

    assert list(compared([[0.0, 1.0]], [[1.0, 1.0]], measure=measure)) == ["mean"]


@settings(max_examples=20)
@given(st.integers(0, 2**32 - 1), st.integers(1, 2), st.integers(1, 3))
def test_sides_swapped_give_the_mirrored_interval(seed, n_a, n_b):
    generator = np.random.default_rng(seed)
    a, b = generator.normal(0, 1, (n_a, 30)), generator.normal(0.5, 1, (n_b, 30))
    there, back = compared(a, b)["mean"], compared(b, a)["mean"]
    assert there.value == pytest.approx(-back.value)
    width = there.high - there.low
    assert (there.low, there.high) == pytest.approx((-back.high, -back.low), abs=0.15 * width)


@settings(max_examples=20)
@given(st.integers(0, 2**32 - 1), st.integers(1, 4))
def test_a_side_does_not_differ_from_itself(seed, n):
    a = np.random.default_rng(seed).normal(0, 1, (n, 20))
    found = compared(a, a, resamples=300)["mean"]
    assert found.value == 0
    assert found.low <= 0 <= found.high


def labelled(known):
    """Returns the measure of a mean over the images that are known, NaN on resamples of others."""

    def measure(model, weights):
        own = np.ones(len(known)) if weights is None else weights
        held = own @ known
        sums = own @ (known * model.age)
        return {"mean": np.divide(sums, held, out=np.full_like(held, np.nan), where=held > 0)[()]}

    return measure


def test_resamples_without_a_labelled_image_are_left_out():
    a, b = np.random.default_rng(11).normal(0, 1, (2, 40))
    known = np.arange(40) < 5  # none of them in one resample of two hundred
    groups, measure = {"mean": 5}, labelled(known.astype(float))
    found = differences(
        measure,
        [of(a), of(a + 0.1)],
        [of(b)],
        np.arange(40),
        resamples=2000,
        level=0.95,
        seed=0,
        n_groups=groups,
    )["mean"]
    assert np.isfinite([found.low, found.high]).all()
    assert found.low < found.value < found.high


def test_too_few_labelled_images_leave_no_interval_and_show_nothing():
    a, b = np.random.default_rng(11).normal(0, 1, (2, 40))
    known = np.arange(40) < 2
    found = compared([a], [b + 9], measure=labelled(known.astype(float)))["mean"]
    assert (found.low, found.high, found.is_shown) == (None, None, False)
    assert found.value == pytest.approx((b[:2] + 9 - a[:2]).mean())


def test_equal_draws_give_equal_intervals():
    a, b = np.random.default_rng(0).normal(0, 1, (2, 3, 50))
    assert compared(a, b, seed=4) == compared(a, b, seed=4)
    assert compared(a, b, seed=4) != compared(a, b, seed=5)


def test_an_interval_whose_end_is_0_shows_no_difference():
    assert not Difference(1.0, 2.0, low=0.0, high=2.0).is_shown
    assert Difference(1.0, 2.0, low=0.1, high=2.0).is_shown
    assert Difference(2.0, 1.0, low=-2.0, high=-0.1).is_shown


def test_seeds_far_apart_widen_the_interval():
    images = np.random.default_rng(0).normal(0, 1, 200)
    offsets = np.array([[-1.0], [0.0], [1.0]])
    close, apart = (
        compared(images + k * offsets, images + 3 + k * offsets)["mean"] for k in (0.01, 1.0)
    )
    assert apart.high - apart.low > 20 * (close.high - close.low)


def test_interval_over_seeds_alone_is_that_of_welchs_test():
    a, b = np.array([[1.0], [2.0], [4.0], [8.0]]), np.array([[3.0], [5.0], [9.0], [10.0]])
    found = compared(np.repeat(a, 50, axis=1), np.repeat(b, 50, axis=1), resamples=20_000)["mean"]
    low, high = welch(a.ravel(), b.ravel())
    np.testing.assert_allclose((found.low, found.high), (low, high), atol=0.05 * (high - low))


def welch(a, b):
    ends = ttest_ind(b, a, equal_var=False).confidence_interval(0.95)
    return ends.low, ends.high


def shown(found):
    """Returns how many in a hundred of the differences exclude 0."""
    assert len(found) == TRIALS
    return 100 * np.mean([difference.is_shown for difference in found.values()])


def trials(power):
    """Returns the measure of many trials at once: MAE (1) or RMSE (2) of the errors (T, N)."""

    def measure(model, weights):
        weights = np.ones(model.age.shape[1]) if weights is None else weights
        means = np.abs(model.age) ** power @ weights.T / weights.sum(axis=-1)
        return dict(enumerate(means ** (1 / power)))

    return measure


@pytest.mark.parametrize("power", [1, 2])
@pytest.mark.parametrize("copies", [1, 3])
def test_two_models_without_a_difference_show_one_in_five_of_a_hundred_trials(power, copies):
    generator = np.random.default_rng(7)
    shared = generator.normal(0, 5, (TRIALS, 150))
    a, b = (np.repeat(shared + generator.normal(0, 4, shared.shape), copies, 1) for _ in "ab")
    group = np.repeat(np.arange(150), copies)
    found = compared([a], [b], group=group, resamples=1000, measure=trials(power))
    assert shown(found) == pytest.approx(5, abs=2)


def of_seeds(generator, n, shared, *, apart):
    """Returns the errors of n trainings in each trial; `apart`: how much their sizes differ."""
    scale = 1 + generator.normal(0, apart, (n, TRIALS, 1))
    return scale * (shared + generator.normal(0, 2, (n, *shared.shape)))


@pytest.mark.parametrize(("seeds", "apart"), [((2, 2), 0.05), ((3, 3), 0.02), ((2, 4), 0.1)])
def test_sides_of_several_seeds_without_a_difference_keep_the_rate(seeds, apart):
    generator = np.random.default_rng(8)
    shared = generator.normal(0, 5, (TRIALS, 80))
    sides = [of_seeds(generator, n, shared, apart=apart) for n in seeds]
    assert shown(compared(*sides, resamples=1000, measure=trials(1))) == pytest.approx(5, abs=2)


def test_seeds_that_differ_by_the_noise_of_the_images_alone_show_fewer():
    generator = np.random.default_rng(8)
    shared = generator.normal(0, 5, (TRIALS, 80))
    sides = [of_seeds(generator, 3, shared, apart=0) for _ in "ab"]
    assert 1.5 <= shown(compared(*sides, resamples=1000, measure=trials(1))) <= 5


@pytest.mark.slow
def test_every_figure_keeps_the_rate():
    generator = np.random.default_rng(9)
    found = [trial_of_figures(generator, seed) for seed in range(TRIALS)]
    for name in HEADLINES:
        assert shown({n: row[name] for n, row in enumerate(found)}) == pytest.approx(5, abs=2), name


def trial_of_figures(generator, seed):
    age, gender = generator.uniform(0, 100, 150), generator.integers(0, 2, 150)
    labels = Labels(np.arange(150).astype(object), age, gender, np.arange(150))
    hard = generator.normal(0, 5, 150)
    a, b = (
        Estimates(
            age=age + hard + generator.normal(0, 4, 150),
            gender=np.where(generator.random(150) < 0.15, 1 - gender, gender),
        )
        for _ in "ab"
    )
    return differences(
        lambda model, weights: figures(labels, model, weights),
        [a],
        [b],
        labels.group,
        resamples=500,
        level=0.95,
        seed=seed,
    )


def test_a_difference_is_shown_about_as_often_as_a_paired_t_test_shows_it():
    generator = np.random.default_rng(10)
    shared = generator.normal(50, 5, (TRIALS, 120))
    a = shared + generator.normal(0, 1, shared.shape)
    b = shared + generator.normal(0.3, 1, shared.shape)
    expected = 100 * np.mean(ttest_rel(a, b, axis=1).pvalue < 0.05)
    assert 40 < expected < 90
    assert shown(compared([a], [b], measure=trials(1))) == pytest.approx(expected, abs=3)

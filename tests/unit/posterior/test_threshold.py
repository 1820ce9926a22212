import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import f1_score

from visage.posterior.threshold import best_threshold, cross_fit, threshold_curve

samples = st.lists(
    st.tuples(st.integers(0, 1), st.integers(0, 20).map(lambda share: share / 20)),
    min_size=2,
    max_size=40,
).filter(lambda rows: len({gender for gender, _ in rows}) == 2)


def score(gender, probability, threshold):
    told = probability >= threshold
    f1 = []
    for truth, said in ((gender == 0, ~told), (gender == 1, told)):
        hits = (truth & said).sum()
        f1.append(0.0 if hits == 0 else 2 / (said.sum() / hits + truth.sum() / hits))
    return sum(f1) / 2  # harmonic means of precision and recall


@given(samples)
def test_no_threshold_is_better(rows):
    gender, probability = (np.array(column) for column in zip(*rows, strict=True))
    found = score(gender, probability, best_threshold(gender, probability))
    every = [score(gender, probability, cut) for cut in np.linspace(0, 1, 81)]
    assert found >= max(every) - 1e-12


def test_scikit_learn_finds_no_better_threshold():
    generator = np.random.default_rng(2)
    gender = generator.integers(0, 2, 60)
    probability = np.clip(generator.normal(0.3 + 0.3 * gender, 0.2), 0, 1)
    cuts = [best_threshold(gender, probability), *np.linspace(0, 1, 101)]
    scores = [f1_score(gender, probability >= cut, average="macro") for cut in cuts]
    assert scores[0] == max(scores)


def test_threshold_is_the_middle_of_the_gap():
    gender, probability = np.array([0, 0, 1, 1]), np.array([0.1, 0.2, 0.3, 0.9])
    assert best_threshold(gender, probability) == pytest.approx(0.25)


def test_of_equally_good_thresholds_the_nearest_to_one_half_is_taken():
    gender = np.array([0, 1, 0, 1])  # cuts at 0.2 and at 0.6 are wrong about one image each
    probability = np.array([0.1, 0.3, 0.5, 0.7])
    scores = [score(gender, probability, cut) for cut in (0.2, 0.6)]
    assert scores[0] == pytest.approx(scores[1])
    assert best_threshold(gender, probability) == pytest.approx(0.6)


def test_threshold_of_a_model_that_says_one_thing_decides_for_the_commoner_gender():
    gender, probability = np.array([0, 1, 1]), np.full(3, 0.4)
    assert best_threshold(gender, probability) < 0.4


def test_order_of_images_changes_nothing():
    generator = np.random.default_rng(1)
    gender, probability = generator.integers(0, 2, 200), generator.random(200)
    order = generator.permutation(200)
    assert best_threshold(gender, probability) == best_threshold(gender[order], probability[order])


def clouds(n, seed=0):
    generator = np.random.default_rng(seed)
    gender = generator.integers(0, 2, n)
    return gender, np.clip(0.35 + 0.3 * gender + generator.normal(0, 0.15, n), 0, 1)


def test_the_curve_has_its_top_at_the_best_threshold():
    gender, probability = clouds(500)
    curve = threshold_curve(gender, probability)
    top = curve.loc[curve["gender_f1"].idxmax(), "threshold"]
    assert top == pytest.approx(best_threshold(gender, probability), abs=0.02)


def test_a_cross_fitted_gender_does_not_lean_on_its_own_label():
    gender, probability = clouds(200)
    group = np.arange(200)
    told = cross_fit(gender, probability, group, seed=3)
    for image in range(0, 200, 20):
        other = gender.copy()
        other[image] = 1 - other[image]
        assert cross_fit(other, probability, group, seed=3)[image] == told[image]


def test_near_duplicates_are_in_one_fold():
    gender, probability = clouds(200)
    group = np.arange(200) // 2
    told = cross_fit(gender, probability, group, seed=3)
    for image in range(0, 200, 20):
        other = gender.copy()
        other[image + 1] = 1 - other[image + 1]
        assert cross_fit(other, probability, group, seed=3)[image] == told[image]


def test_unknown_genders_take_no_part_in_cross_fitting():
    gender, probability = clouds(100)
    told = cross_fit(np.append(gender, -1), np.append(probability, 0.9), np.arange(101), seed=0)
    assert told[-1] == 1


def test_one_gender_alone_can_not_be_cross_fitted():
    gender = np.array([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1])
    assert cross_fit(gender, np.linspace(0, 1, 12), np.arange(12), seed=0) is None

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import f1_score

from visage.posterior.threshold import best_threshold

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

"""The limit of what is familiar: its closed form, and what it promises."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from visage.estimates import Estimates
from visage.posterior.familiarity import fit_limit, scores_of
from visage.posterior.views import PredictionsError

SHARE = 0.05


@pytest.mark.parametrize(
    ("n", "share", "rank"), [(99, 0.02, 2), (98, 0.02, 1), (49, 0.02, 1), (99, 0.29, 29)]
)
def test_the_limit_is_a_calibration_score_of_a_known_rank(n: int, share: float, rank: int) -> None:
    scores = np.random.default_rng(n).permutation(np.arange(1.0, n + 1))
    limit, promised = fit_limit(scores, np.arange(len(scores)), share=share)
    assert limit == rank
    assert promised == pytest.approx(rank / (n + 1))
    assert promised <= share + 1e-12


def test_too_few_faces_give_no_limit_and_say_how_many_it_takes(
    caplog: pytest.LogCaptureFixture,
) -> None:
    assert fit_limit(np.arange(96.0), np.arange(96) // 2, share=0.02) == (None, None)
    needs = "0.02 needs 49 calibration faces, near-duplicates counted once, and there are 48"
    assert needs in caplog.text


@given(
    scores=st.lists(st.lists(st.integers(0, 20), min_size=1, max_size=4), min_size=20, max_size=60),
    share=st.floats(0.05, 0.9),
    new=st.integers(-1, 21),
)
def test_below_the_limit_are_exactly_the_small_p_values(
    scores: list[list[int]], share: float, new: int
) -> None:
    p_value = (1 + sum(np.mean(np.array(one) <= new) for one in scores)) / (len(scores) + 1)
    group = np.repeat(np.arange(len(scores)), [len(one) for one in scores])
    limit, _ = fit_limit(np.concatenate(scores).astype(np.float64), group, share=share)
    if math.isclose(p_value, share, abs_tol=1e-6):
        return
    told = Estimates(familiarity=np.array([float(new)]), familiarity_limit=limit).unfamiliar
    assert told is not None
    assert told.tolist() == [p_value <= share]


def test_of_faces_like_the_calibration_part_s_at_most_the_share_is_unfamiliar() -> None:
    rng = np.random.default_rng(5)
    shares = []
    for _ in range(2000):
        drawn = rng.beta(8, 2, 130)  # of one kind, whatever kind
        limit, _ = fit_limit(drawn[:110], np.arange(110), share=SHARE)
        shares.append((drawn[110:] < limit).mean())
    mean, error = np.mean(shares), np.std(shares) / math.sqrt(len(shares))
    exact = math.floor(SHARE * 111) / 111
    assert mean == pytest.approx(exact, abs=4 * error)
    assert mean < SHARE + 4 * error


def test_a_score_that_is_no_number_is_not_familiar() -> None:
    told = Estimates(familiarity=np.array([np.nan, 0.9]), familiarity_limit=0.5)
    assert told.unfamiliar is not None
    assert told.unfamiliar.tolist() == [True, False]


def test_scores_are_those_of_the_ids_in_their_order() -> None:
    table = pd.DataFrame({"id": ["a", "b", "c"], "familiarity": np.float32([0.1, 0.5, 0.9])})
    found = scores_of(np.array(["c", "a"], dtype=object), table)
    assert found.tolist() == [np.float32(0.9), np.float32(0.1)]


def test_an_image_without_a_score_is_named() -> None:
    table = pd.DataFrame({"id": ["a"], "familiarity": np.float32([0.1])})
    with pytest.raises(PredictionsError, match=r"lacks 1 of 2 images, such as 'b'; run `dvc"):
        scores_of(np.array(["a", "b"], dtype=object), table)

"""Which faces are unlike the training's: a limit for `familiarity`, fitted on the calibration part.

A face gets a conformal p-value (Vovk et al. 2005; Bates et al. 2023, "Testing for outliers with
conformal p-values"): the share of the calibration faces, itself counted in, that are no more
familiar. It is unfamiliar where that is at most `share`. So of faces that are drawn as those of the
calibration part were, at most `share` are called unfamiliar, however the scores are distributed.
Near-duplicates count as one face between them (posterior.conformal).
"""

import logging
import math

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from visage.estimates import Floats, Ints
from visage.posterior.conformal import ROUNDING, ranked
from visage.posterior.views import PredictionsError

logger = logging.getLogger(__name__)


def fit_limit(
    scores: Floats, group: Ints, *, share: float
) -> tuple[float, float] | tuple[None, None]:
    """Returns the limit below which a face is unfamiliar, and the share that it promises.

    Exactly the scores below the limit have a p-value of at most `share`: without near-duplicates it
    is the floor(share * (N + 1))-th smallest score. None, None where the faces are so few that no
    score has one.

    Args:
        scores: of the calibration faces, (N,).
        group: of near-duplicates, (N,).
        share: in (0, 1).
    """
    found = ranked(scores, group)
    n = found.n_groups
    room = share * (n + 1) - 1 + ROUNDING  # groups' worth of scores below the limit
    if room < 0:
        logger.warning(
            "calibrate.unfamiliar: %g needs %d calibration faces, near-duplicates counted once, "
            "and there are %d: no face will be called unfamiliar",
            share,
            math.ceil(1 / share - ROUNDING) - 1,
            n,
        )
        return None, None
    at = min(int(np.searchsorted(found.ranks, room, side="right")), len(scores) - 1)
    below = float(found.ranks[at - 1]) if at else 0.0
    return float(found.scores[at]), (1 + below) / (n + 1)


def scores_of(ids: NDArray[np.object_], table: pd.DataFrame) -> Floats:
    """Returns the scores of these images, (N,), from a table with the columns of FAMILIARITY.

    Raises:
        PredictionsError: an image has none.
    """
    found = table.set_index("id")["familiarity"].reindex(ids)
    missing = found.index[found.isna()]
    if len(missing):
        raise PredictionsError(
            f"data/predictions/familiarity.parquet lacks {len(missing)} of {len(ids)} images, such "
            f"as {missing[0]!r}; run `dvc repro -f infer`"
        )
    scores: Floats = found.to_numpy(dtype=np.float64)
    return scores

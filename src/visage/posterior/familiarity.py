"""Which faces are unlike the training's: a limit for `familiarity`, fitted on the calibration part.

A face gets a conformal p-value (Vovk et al. 2005; Bates et al. 2023, "Testing for outliers with
conformal p-values"): the share of the calibration faces, itself counted in, that are no more
familiar. It is unfamiliar where that is at most `share`. So of faces that are drawn as those of the
calibration part were, at most `share` are called unfamiliar, however the scores are distributed.
"""

import logging
import math
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from visage.estimates import Floats
from visage.posterior.views import PredictionsError

_ROUNDING: Final = 1e-9  # 100 * 0.29 is 28.999999999999996, and is meant as 29

logger = logging.getLogger(__name__)


def fit_limit(scores: Floats, *, share: float) -> tuple[float, float] | tuple[None, None]:
    """Returns the limit below which a face is unfamiliar, and the share that it promises.

    The limit is the floor(share * (N + 1))-th smallest score: exactly the scores below it have a
    p-value of at most `share`. None, None where N is so small that no score has one.

    Args:
        scores: of the calibration faces, (N,).
        share: in (0, 1).
    """
    n = len(scores)
    rank = min(n, math.floor(share * (n + 1) + _ROUNDING))
    if rank == 0:
        logger.warning(
            "calibrate.unfamiliar: %g needs %d calibration faces and there are %d: no face will be "
            "called unfamiliar",
            share,
            math.ceil(1 / share - _ROUNDING) - 1,
            n,
        )
        return None, None
    return float(np.sort(scores)[rank - 1]), rank / (n + 1)


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

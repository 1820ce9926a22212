"""Which training faces stand for what the model has seen, and their features.

One of each group of near-duplicates: a face that is there twice would count as two of the nearest
and say no more than once. Processes share the work, and each gets all of them.
"""

from collections.abc import Callable, Iterable

import numpy as np
import pandas as pd
import torch
from torch import Tensor

from visage.codes import Part
from visage.inference.familiarity import Familiarity
from visage.inference.machine import Machine
from visage.inference.predictor import Predictor
from visage.inference.processes import gathered


def draw_known(index: pd.DataFrame, splits: pd.DataFrame, *, most: int, seed: int) -> pd.DataFrame:
    """Returns at most so many rows of the index, of the train part, sorted by id.

    Args:
        index: columns of schema.INDEX.
        splits: columns of schema.SPLITS.
        most: number of faces; fewer where the part has fewer groups of near-duplicates.
        seed: of the draw.
    """
    train = splits.loc[splits["part"] == Part.TRAIN, "id"]
    rows = index[index["id"].isin(train)].sort_values("id").drop_duplicates("group")
    generator = np.random.default_rng(seed)
    chosen = generator.choice(len(rows), min(most, len(rows)), replace=False)
    return rows.iloc[np.sort(chosen)]


def learn_known(
    predictor: Predictor,
    rows: pd.DataFrame,
    images: Callable[[pd.DataFrame], Iterable[Tensor]],
    *,
    nearest: int,
    machine: Machine,
) -> Familiarity:
    """Returns the known faces, in the order of their rows.

    Args:
        predictor: with the model.
        rows: as `draw_known` gives them.
        images: reads batches of image bytes, (N, 3, H, W), of such rows.
        nearest: how many of the known faces count.
        machine: whose processes share the work.
    """
    share = rows.iloc[machine.rank :: machine.processes]
    own = predictor.known(images(share)) if len(share) else None
    found = gathered(own, on=machine)
    first = found[0]
    assert first is not None, "a model has training faces"
    known = torch.empty(len(rows), first.shape[1], dtype=first.dtype)
    for rank, part in enumerate(found):
        if part is not None:
            known[rank :: machine.processes] = part
    return Familiarity(known, nearest=nearest)

"""Writes the drawn faces as a folder in the form of a published data set (layouts.py).

As in the real Kaggle table, labelled and unlabelled ids are interleaved. A face depends on seed and
id alone, so that a larger set holds the smaller one's faces.
"""

import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd

from visage.cores import own_cores
from visage.data.demo.layouts import LAYOUTS
from visage.data.demo.portrait import make_portrait
from visage.files.atomic import atomic_folder
from visage.files.jpeg import encode
from visage.params.demo import Demo

_CHUNK = 64  # faces a process draws before it asks for more


def write_demo(folder: Path, params: Demo) -> None:
    """Draws all faces and writes them and their tables; the folder appears whole or not at all."""
    count = params.n_labelled + params.n_unlabelled
    layout = LAYOUTS[params.layout]
    with atomic_folder(folder) as temporary:
        (temporary / layout.path(1)).parent.mkdir()
        # Processes, because drawing holds the interpreter's lock; spawned, because a fork of a
        # process with threads may hang.
        spawn = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(own_cores(), mp_context=spawn) as pool:
            draw = partial(_write_face, temporary, params)
            table = pd.DataFrame(list(pool.map(draw, range(1, count + 1), chunksize=_CHUNK)))
        hidden = table["id"].isin(unlabelled_ids(params))
        layout.write_tables(temporary, table[~hidden], table[hidden])


def unlabelled_ids(params: Demo) -> list[int]:
    """Returns the ids, counted from 1, that come without labels, in ascending order."""
    rng = np.random.default_rng(params.seed)
    mixed = rng.permutation(np.arange(1, params.n_labelled + params.n_unlabelled + 1))
    return sorted(mixed[: params.n_unlabelled].tolist())


def _write_face(folder: Path, params: Demo, number: int) -> dict[str, int]:
    """Writes one image and returns its row."""
    portrait = make_portrait(number, size=params.image_size, seed=params.seed)
    layout = LAYOUTS[params.layout]
    image = encode(layout.shaped(portrait.image), jpeg_quality=portrait.jpeg_quality)
    (folder / layout.path(number)).write_bytes(image)
    return {"id": number, "gender": portrait.person.gender, "age": portrait.person.age}

"""Writes the drawn faces as a folder in the Kaggle table's format.

`train.csv` (id, full_path, gender, age), `test.csv` (id, full_path) and `images/<id>.jpg`, paths
relative to the folder. As in the real table, labelled and unlabelled ids are interleaved. A face
depends on seed and id alone, so that a larger set holds the smaller one's faces.
"""

import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa

from visage.data.demo.portrait import make_portrait
from visage.files.atomic import atomic_folder
from visage.files.faces import encode
from visage.files.tables import write_table
from visage.params.demo import Demo

_UNLABELLED = pa.schema([("id", pa.int64()), ("full_path", pa.string())])
_CHUNK = 64  # faces a process draws before it asks for more
_LABELLED = _UNLABELLED.append(pa.field("gender", pa.int64())).append(pa.field("age", pa.int64()))


def write_demo(folder: Path, params: Demo) -> None:
    """Draws all faces and writes them and their tables; the folder appears whole or not at all."""
    count = params.n_labelled + params.n_unlabelled
    with atomic_folder(folder) as temporary:
        (temporary / "images").mkdir()
        # Processes, because drawing holds the interpreter's lock; spawned, because a fork of a
        # process with threads may hang.
        with ProcessPoolExecutor(mp_context=multiprocessing.get_context("spawn")) as pool:
            draw = partial(_write_face, temporary, params)
            table = pd.DataFrame(list(pool.map(draw, range(1, count + 1), chunksize=_CHUNK)))
        hidden = table["id"].isin(unlabelled_ids(params))
        write_table(temporary / "train.csv", table[~hidden], _LABELLED)
        write_table(temporary / "test.csv", table[hidden], _UNLABELLED)


def unlabelled_ids(params: Demo) -> list[int]:
    """Returns the ids, counted from 1, that come without labels, in ascending order."""
    rng = np.random.default_rng(params.seed)
    mixed = rng.permutation(np.arange(1, params.n_labelled + params.n_unlabelled + 1))
    return sorted(mixed[: params.n_unlabelled].tolist())


def _write_face(folder: Path, params: Demo, number: int) -> dict[str, int | str]:
    """Writes one image and returns its row."""
    portrait = make_portrait(number, size=params.image_size, seed=params.seed)
    name = f"images/{number}.jpg"
    (folder / name).write_bytes(encode(portrait.image, jpeg_quality=portrait.jpeg_quality))
    person = portrait.person
    return {"id": number, "full_path": name, "gender": person.gender, "age": person.age}

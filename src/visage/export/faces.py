"""The faces that an export is measured on: ingested ones, never those of the test part."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from visage.codes import Part
from visage.estimates import Floats, Ints
from visage.export.artefact import ExportError
from visage.files.faces import FaceStore
from visage.files.paths import FACES, INDEX, SPLITS
from visage.files.tables import read_table
from visage.inference.face_model import Images
from visage.preprocess.resize import to_model_size
from visage.schema import INDEX as INDEX_SCHEMA
from visage.schema import SPLITS as SPLITS_SCHEMA

MEASURED = (Part.CALIBRATION, Part.VALIDATION)
MOST = 4096  # faces in memory at once: at 200 px half a gigabyte


@dataclass(frozen=True, eq=False)
class LabelledFaces:
    """Faces as they are stored, with their labels.

    stored: (N, s, s, 3); age: years, NaN where it isn't known, (N,); gender: -1 there, (N,).
    """

    stored: Images
    age: Floats
    gender: Ints

    def __len__(self) -> int:
        return len(self.stored)

    def at(self, size: int) -> Images:
        """Returns the faces at this size, facts.image_size, as `infer` gives them to the views."""
        return np.stack([to_model_size(image, size=size) for image in self.stored])

    def first(self, n: int) -> "LabelledFaces":
        """Returns the first n."""
        return LabelledFaces(self.stored[:n], self.age[:n], self.gender[:n])


def read_labelled(
    project: Path,
    parts: Sequence[Part],
    *,
    most: int = MOST,
    seed: int = 0,
    else_: str = "leave the check out with --check 0",
) -> LabelledFaces:
    """Returns faces of these parts, a seeded draw where there are more than `most`.

    else_: what to do where there are none.

    Raises:
        ExportError: there are none, or the project has no faces.
    """
    assert Part.TEST not in parts, "the test part gives the figures, and chooses nothing"
    rows = _rows(project, parts, else_=else_)
    drawn = rows.sample(min(most, len(rows)), random_state=seed)
    store = FaceStore(project / FACES)
    return LabelledFaces(
        stored=np.stack([store.image(id_) for id_ in drawn["id"]]),
        age=drawn["age"].to_numpy(np.float64, na_value=np.nan),
        gender=drawn["gender"].fillna(-1).to_numpy(np.int64),
    )


def _rows(project: Path, parts: Sequence[Part], *, else_: str) -> pd.DataFrame:
    if not (project / INDEX).is_file() or not (project / SPLITS).is_file():
        raise ExportError(
            f"{project.absolute()} has no {INDEX} and {SPLITS}, whose faces the export is measured "
            f"on; run it in the project after `dvc repro`, or {else_}"
        )
    index = read_table(project / INDEX, INDEX_SCHEMA)
    splits = read_table(project / SPLITS, SPLITS_SCHEMA)
    ids = splits.loc[splits["part"].isin([part.value for part in parts]), "id"]
    rows = index[index["id"].isin(ids)]
    if rows.empty:
        raise ExportError(
            f"{SPLITS}: no face in the parts {', '.join(parts)}; raise their share in params.yaml: "
            f"split.fractions, or {else_}"
        )
    return rows

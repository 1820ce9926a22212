"""Whose faces an export is measured on."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from visage.codes import Part
from visage.export.artefact import ExportError
from visage.export.faces import MEASURED, read_labelled


def test_faces_are_those_of_the_parts(ingested: Path, labels: pd.DataFrame) -> None:
    found = read_labelled(ingested, MEASURED)
    assert sorted(found.age) == sorted(labels["age"][6:18])
    assert found.stored.shape == (12, 40, 40, 3)


def test_the_test_part_is_never_looked_at(ingested: Path) -> None:
    assert Part.TEST not in MEASURED
    with pytest.raises(AssertionError, match="the test part"):
        read_labelled(ingested, [Part.TEST])


def test_a_draw_is_the_same_again(ingested: Path) -> None:
    first, again = (read_labelled(ingested, MEASURED, most=5) for _ in range(2))
    assert len(first) == 5
    assert np.array_equal(first.age, again.age)


def test_a_face_comes_at_the_models_size(ingested: Path) -> None:
    assert read_labelled(ingested, MEASURED, most=2).at(32).shape == (2, 32, 32, 3)


def test_no_ingested_faces_say_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match=r"dvc repro.*--check 0"):
        read_labelled(tmp_path, MEASURED)

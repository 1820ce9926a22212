"""What the search finds on real faces: the figures that the project is judged by."""

from pathlib import Path

import pandas as pd
import pytest

from visage.codes import Part
from visage.data.contradictions import pair_counts
from visage.data.images import Form
from visage.data.index import labelled_rows
from visage.data.intake import Intake, index_table
from visage.data.labels import Rules
from visage.data.near_duplicates import n_pairs_across
from visage.data.screening import screen
from visage.data.source import read_source
from visage.data.split import assign_parts
from visage.params.split import Fractions, Kfold, Split
from visage.preprocess.resize import stretch
from visage.registry import resolve

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1200)]  # 15 s; minutes on a busy machine

BITS = 20  # ingest.near_duplicate_bits of params.yaml


@pytest.fixture(scope="module")
def index(shared: Path, data_section) -> pd.DataFrame:
    """Returns all of UTKFace that `ingest` keeps, grouped at the default distance."""
    source = read_source(data_section(shared / "utkface", source="utkface"))
    rows = screen(source, rules=Rules(age_max=116)).labelled
    intake = Intake(source.root, Form(stretch, size=96, jpeg_quality=95))
    assert sum(1 for _ in intake.faces(rows)) > 18_900
    return labelled_rows(index_table(intake.accepted, source=source.name, max_bits=BITS))


@pytest.mark.parametrize(("bits", "pairs"), [(20, 840), (10, 635)])
def test_about_as_many_pairs_are_found_as_others_found(
    index: pd.DataFrame, bits: int, pairs: int
) -> None:
    counts = pair_counts(index, years=0, max_bits=bits)
    assert counts.n == pytest.approx(pairs, rel=0.03)
    assert counts.genders > 0
    assert counts.n > counts.ages > counts.n / 2


@pytest.mark.parametrize("method", ["stratified", "kfold"])
def test_none_of_them_straddles_parts(index: pd.DataFrame, method: str) -> None:
    params = Split(
        method=method,
        fractions=Fractions(train=0.6, validation=0.1, calibration=0.1, test=0.2),
        by_identity=True,
        kfold=Kfold(folds=5, fold=0),
        age_bin_years=10,
        seed=13,
    )
    assign = resolve("visage.data.splits", method, "assign", param="split.method")
    parts = assign_parts(index, method=assign, params=params)["part"]
    assert set(parts) == {part.value for part in Part}
    assert n_pairs_across(index["phash"], parts, max_bits=BITS) == 0

"""Ingest as a whole: every row ends in the index or among the rejected, and order is no matter."""

import random
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import PIL.Image
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from visage.codes import UNLABELLED
from visage.data.images import Form
from visage.data.intake import Intake, index_table
from visage.data.labels import Rules
from visage.data.rejections import rejected_table
from visage.data.screening import screen
from visage.data.source import GenderCodes, Record, Source
from visage.data.split import assign_parts
from visage.data.splits.stratified import assign
from visage.files.jpeg import Image, encode
from visage.params.split import Fractions, Kfold, Split
from visage.preprocess.resize import letterbox

SPLIT = Split(
    method="stratified",
    fractions=Fractions(train=0.6, validation=0.1, calibration=0.1, test=0.2),
    by_identity=True,
    kfold=Kfold(folds=2, fold=0),
    age_bin_years=50,
    seed=13,
)
N_FACES = 60
GOOD = [f"{seed}.jpg" for seed in range(N_FACES)]
BAD = ["absent.jpg", "cut.jpg", "empty.jpg", "loop.jpg", "../0.jpg", "/0.jpg", "", ".", "a\0.jpg"]


@pytest.fixture(scope="module")
def faces(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Returns a folder of good and bad images; 0 and 1 are the same."""
    root = tmp_path_factory.mktemp("faces")
    for seed, name in enumerate(GOOD):
        (root / name).write_bytes(encode(drawn(max(1, seed)), jpeg_quality=95))
    (root / "cut.jpg").write_bytes((root / "0.jpg").read_bytes()[:-100])
    (root / "empty.jpg").touch()
    (root / "loop.jpg").symlink_to("loop.jpg")
    return root


def drawn(seed: int) -> Image:
    rng = random.Random(seed)
    image = PIL.Image.new("RGB", (4, 4))
    image.putdata([tuple(rng.randrange(256) for _ in range(3)) for _ in range(16)])
    return np.asarray(image.resize((32, 32), PIL.Image.Resampling.BICUBIC))


def ingest(root: Path, records: list[Record]) -> tuple[list[str], pd.DataFrame, pd.DataFrame]:
    """Returns the ids in the stores, the index and the rejected rows."""
    codes = GenderCodes(female="0", male="1")
    source = Source(name="kaggle", root=root, codes=codes, records=tuple(records))
    screened = screen(source, rules=Rules(100))
    intake = Intake(root, Form(letterbox, size=16, jpeg_quality=95))
    kept = [*intake.faces(screened.labelled), *intake.faces(screened.unlabelled)]
    rejected = rejected_table([*screened.rejections, *intake.rejections], source="kaggle")
    return (
        [id_ for id_, _ in kept],
        index_table(intake.accepted, source="kaggle", max_bits=4),
        rejected,
    )


@st.composite
def any_records(draw: st.DrawFn) -> list[Record]:
    """Draws up to 25 rows, any field good or bad, ids often the same; labelled rows first."""
    row = st.tuples(
        st.sampled_from(["a", "b", "c", "d", "e", "", "x\ry"]) | st.text(max_size=4),
        st.sampled_from(GOOD + BAD) | st.text(max_size=6),
        st.sampled_from(["20", "31.5", "0", "100"]) | st.text(max_size=3) | st.none(),
        st.sampled_from(["0", "1", "1.0"]) | st.text(max_size=2) | st.none(),
        st.sampled_from([False, False, False, True]),
        st.sampled_from([None, None, UNLABELLED]),
    )
    rows = sorted(draw(st.lists(row, max_size=25)), key=lambda cells: cells[-1] is not None)
    names = ("id", "path", "age", "gender", "malformed", "official_part")
    return [
        Record(row=number, **dict(zip(names, cells, strict=True)))
        for number, cells in enumerate(rows)
    ]


@given(records=any_records())
@settings(max_examples=60)
def test_every_row_is_in_the_index_or_rejected_and_never_both(
    faces: Path, records: list[Record]
) -> None:
    _, index, rejected = ingest(faces, records)
    assert sorted([*index["row"], *rejected["row"]]) == list(range(len(records)))


@given(records=any_records())
@settings(max_examples=30)
def test_stores_hold_exactly_the_rows_of_the_index(faces: Path, records: list[Record]) -> None:
    stored, index, _ = ingest(faces, records)
    assert stored == index["id"].tolist()
    assert index["id"].is_unique


@given(st.randoms(use_true_random=False))
@settings(max_examples=8)
def test_shuffled_rows_have_the_same_fate_and_part(faces: Path, order: random.Random) -> None:
    paths = GOOD + BAD
    records = [
        Record(id=f"id{row}", row=row, path=path, age=str(row), gender=str(row % 2))
        for row, path in enumerate(paths)
    ]
    again = [
        replace(records[row], row=len(paths) + row, path=path, age=age)
        for row, (path, age) in enumerate([("2.jpg", "9"), ("1.jpg", "0"), ("cut.jpg", "2")])
    ]
    records += again
    rows = order.sample(range(len(records)), len(records))
    shuffled = [replace(records[old], row=new) for new, old in enumerate(rows)]
    expected = fates(faces, records)
    assert fates(faces, shuffled) == [expected[old] for old in rows]
    assert expected.count("duplicate id") == len(again)


def fates(root: Path, records: list[Record]) -> list[str]:
    """Returns the part, or the reason of being rejected, of each row."""
    _, index, rejected = ingest(root, records)
    splits = assign_parts(index, method=assign, params=SPLIT)
    parts = dict(zip(index["row"], splits["part"], strict=True))
    reasons = dict(zip(rejected["row"], rejected["reason"], strict=True))
    return [{**parts, **reasons}[row] for row in range(len(records))]

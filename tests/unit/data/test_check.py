from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from visage.data.check import Checked, check_source
from visage.data.findings import findings
from visage.data.labels import Rules
from visage.data.screening import screen
from visage.data.source import GenderCodes, Record, Source
from visage.files.jpeg import encode

Jpeg = Callable[..., bytes]


@pytest.fixture
def checked(tmp_path: Path, jpeg: Jpeg, record: Callable[..., Record]) -> Checked:
    sharp = np.random.default_rng(3).integers(0, 256, (48, 48, 3)).astype(np.uint8)
    grey = np.repeat(sharp[::-1, :, :1], 3, axis=2)
    contents = {
        "plain": encode(sharp, jpeg_quality=95),
        "twin": encode(sharp, jpeg_quality=60),
        "grey": encode(grey, jpeg_quality=95),
        "small": jpeg(1, width=12, height=40),
        "flat": encode(np.full((48, 48, 3), (200, 90, 40), np.uint8), jpeg_quality=95),
        "broken": b"no picture",
        "old": jpeg(2),
    }
    good = record()
    records = []
    for row, (name, content) in enumerate(contents.items()):
        (tmp_path / f"{name}.jpg").write_bytes(content)
        records.append(replace(good, id=name, path=f"{name}.jpg", row=row))
    records[1] = replace(records[1], age="60")
    records[-1] = replace(records[-1], age="140")
    codes = GenderCodes(female="0", male="1")
    source = Source(name="test", root=tmp_path, records=tuple(records), codes=codes)
    screened = screen(source, rules=Rules(age_max=100))
    return check_source(source, screened=screened, max_bits=10, years=0)


def found(checked: Checked) -> dict[str, list[str]]:
    ids = checked.index["id"].tolist()
    return {
        one.limit.key: [ids[row] for row in one.rows]
        for one in findings(checked.index, min_side=20)
    }


def test_each_image_is_named_for_what_is_odd_about_it(checked: Checked) -> None:
    names = found(checked)
    assert names["tiny"] == ["small"]
    assert names["grey"] == ["grey"]
    assert names["flat"] == ["flat"]
    assert "flat" in names["blurred"]
    assert "plain" not in names["blurred"]


def test_too_few_images_are_not_held_against_each_other(checked: Checked) -> None:
    assert found(checked)["unlike"] == []


def test_rows_that_ingest_would_set_aside_are_told(checked: Checked) -> None:
    assert dict(zip(checked.rejected["id"], checked.rejected["reason"], strict=True)) == {
        "broken": "image unreadable",
        "old": "age out of range",
    }
    assert checked.n_rows == 7


def test_near_duplicates_that_contradict_are_told(checked: Checked) -> None:
    groups = pd.Series(checked.index["group"].tolist(), index=checked.index["id"])
    assert groups["plain"] == groups["twin"]
    assert set(checked.contradicting.faults) == {0, 1}


def test_the_lowest_come_first(checked: Checked) -> None:
    (one,) = [one for one in findings(checked.index, min_side=100) if one.limit.key == "tiny"]
    sides = checked.index["side"].iloc[list(one.rows)].tolist()
    assert sides == sorted(sides)
    assert len(sides) == 5

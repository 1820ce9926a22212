"""From candidates to the index, the store's rows and the counts."""

from collections.abc import Callable
from pathlib import Path
from typing import Literal

import numpy as np
import pandas as pd
import pytest

from visage.codes import UNLABELLED, Reason
from visage.data import check_faces
from visage.data.findings import OF_STORED_FACES, findings
from visage.data.images import Form
from visage.data.index import without_rejected
from visage.data.intake import Intake, index_table, ingest_metrics
from visage.data.labels import Labels
from visage.data.rejections import rejected_table
from visage.data.screening import Candidate
from visage.data.source import Record
from visage.files.faces import FaceStore, write_faces
from visage.files.jpeg import Image, encode
from visage.files.tables import read_table, write_table
from visage.params.ingest import Ingest
from visage.preprocess.resize import letterbox, placed_inside
from visage.schema import CHECKED_QUALITY, INDEX

Jpeg = Callable[..., bytes]


@pytest.fixture
def candidates(tmp_path: Path, jpeg: Jpeg) -> list[Candidate]:
    """Returns five rows: 0 and 3 show the same face, 1 is no image, 4 has no labels."""
    for row, content in enumerate([jpeg(1), b"text", jpeg(2), jpeg(1), jpeg(2)]):
        (tmp_path / f"{row}.jpg").write_bytes(content)
    labels = [
        Labels(age, age_low=age, age_high=age, gender=row % 2, clipped=row == 3)
        for row, age in enumerate((20.0, 21.0, 22.0, 23.0))
    ]
    labelled = [
        Candidate(Record(id=f"id{row}", row=row, path=f"{row}.jpg"), found)
        for row, found in enumerate(labels)
    ]
    asked = Record(id="id4", row=4, path="4.jpg", official_part=UNLABELLED)
    return [*labelled, Candidate(asked, Labels())]


def rules(contradicting: Literal["keep", "reject"]) -> Ingest:
    return Ingest(
        store_size=32,
        resize="letterbox",
        jpeg_quality=95,
        shard_rows=2,
        max_rejected=1.0,
        near_duplicate_bits=4,
        contradicting=contradicting,
        contradicting_years=0,
    )


@pytest.fixture
def intake(tmp_path: Path) -> Intake:
    return Intake(tmp_path, Form(letterbox, size=32, jpeg_quality=95, place=placed_inside))


@pytest.fixture
def index(intake: Intake, candidates: list[Candidate]) -> pd.DataFrame:
    list(intake.faces(candidates))
    return index_table(intake.accepted, source="kaggle", max_bits=4)


def test_faces_stream_in_order_without_the_broken_one(
    intake: Intake, candidates: list[Candidate]
) -> None:
    assert [id_ for id_, _ in intake.faces(candidates)] == ["id0", "id2", "id3", "id4"]


def test_broken_image_is_remembered_with_its_reason(
    intake: Intake, candidates: list[Candidate]
) -> None:
    list(intake.faces(candidates))
    assert [(one.record.id, one.fault.reason) for one in intake.rejections] == [
        ("id1", Reason.IMAGE_UNREADABLE)
    ]


def test_stored_images_have_one_size(
    intake: Intake, candidates: list[Candidate], tmp_path: Path
) -> None:
    write_faces(tmp_path / "store", intake.faces(candidates), shard_rows=2)
    store = FaceStore(tmp_path / "store")
    assert {store.image(id_).shape for id_ in store.ids} == {(32, 32, 3)}


def test_each_stored_image_has_its_quality(
    intake: Intake, candidates: list[Candidate], tmp_path: Path
) -> None:
    list(intake.faces(candidates))
    write_table(tmp_path / "quality.parquet", intake.quality(), CHECKED_QUALITY)
    found = read_table(tmp_path / "quality.parquet", CHECKED_QUALITY)
    assert found["id"].tolist() == ["id0", "id2", "id3", "id4"]
    assert found["sharpness"][0] == found["sharpness"][2]
    assert found["brightness"].between(1, 254).all()


def test_the_order_of_the_rows_changes_no_score_of_a_face(
    tmp_path: Path, jpeg: Jpeg, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(check_faces, "MIN_IMAGES", 40)
    for row in range(40):
        (tmp_path / f"{row}.jpg").write_bytes(jpeg(row))

    def scores(rows: range) -> "pd.Series[float]":
        intake = Intake(tmp_path, Form(letterbox, size=32, jpeg_quality=95))
        records = [Record(id=f"{row}", row=n, path=f"{row}.jpg") for n, row in enumerate(rows)]
        list(intake.faces([Candidate(record, Labels()) for record in records]))
        return intake.quality().set_index("id")["face"].sort_index()

    expected = scores(range(40))
    assert expected.notna().all()
    pd.testing.assert_series_equal(scores(range(39, -1, -1)), expected)


def test_a_letterbox_s_bars_are_no_part_of_the_quality(tmp_path: Path, intake: Intake) -> None:
    (tmp_path / "wide.jpg").write_bytes(encode(np.full((40, 80, 3), 90, np.uint8), jpeg_quality=95))
    list(intake.faces([Candidate(Record(id="wide", row=0, path="wide.jpg"), Labels())]))
    (found,) = intake.quality().itertuples(index=False)
    assert (found.brightness, found.sharpness, found.contrast, found.colour) == (90, 0, 0, 0)
    assert np.isnan(found.face), "one image teaches nothing"


def test_grey_and_upside_down_faces_are_told_by_what_ingest_measured(
    tmp_path: Path, picture: Callable[..., Image]
) -> None:
    slope = np.linspace(0, 120, 48).astype(np.uint8)[:, None, None]
    names = [f"{row:03d}.jpg" for row in range(600)]
    for row, name in enumerate(names):
        face = picture(row) // 3 + slope  # dark above, bright below
        face = face[::-1] if row == 5 else face
        face = face[..., :1].repeat(3, axis=2) if row == 7 else face
        (tmp_path / name).write_bytes(encode(np.ascontiguousarray(face), jpeg_quality=95))
    intake = Intake(tmp_path, Form(letterbox, size=32, jpeg_quality=95, place=placed_inside))
    list(
        intake.faces(
            [Candidate(Record(id=n, row=r, path=n), Labels()) for r, n in enumerate(names)]
        )
    )
    found = {
        one.limit.key: [names[row] for row in one.rows]
        for one in findings(intake.quality().assign(side=48), min_side=32, limits=OF_STORED_FACES)
    }
    assert found["grey"] == ["007.jpg"]
    assert "005.jpg" in found["unlike"]
    assert len(found["unlike"]) < 60
    assert set(found) == {"tiny", "grey", "flat", "unlike"}


def test_without_images_the_table_of_qualities_is_empty(intake: Intake, tmp_path: Path) -> None:
    write_table(tmp_path / "quality.parquet", intake.quality(), CHECKED_QUALITY)
    assert read_table(tmp_path / "quality.parquet", CHECKED_QUALITY).empty


def test_near_duplicates_share_the_row_of_the_first(index: pd.DataFrame) -> None:
    assert index["group"].tolist() == [0, 2, 0, 2]


def test_index_survives_its_file(index: pd.DataFrame, tmp_path: Path) -> None:
    write_table(tmp_path / "index.parquet", index, INDEX)
    found = read_table(tmp_path / "index.parquet", INDEX)
    assert found["id"].tolist() == ["id0", "id2", "id3", "id4"]
    assert found["age"].isna().tolist() == [False, False, False, True]


def test_same_folder_gives_the_same_rows_twice(
    index: pd.DataFrame, tmp_path: Path, candidates: list[Candidate]
) -> None:
    again = Intake(tmp_path, Form(letterbox, size=32, jpeg_quality=95))
    list(again.faces(candidates))
    pd.testing.assert_frame_equal(index_table(again.accepted, source="kaggle", max_bits=4), index)


def test_metrics_count_what_became_of_the_rows(index: pd.DataFrame, intake: Intake) -> None:
    rejected = rejected_table(intake.rejections, source="kaggle")
    found = intake.settle(index, params=rules("keep"))
    counts = ingest_metrics(index, rejected, settled=found, n_clipped=intake.n_clipped)
    assert counts == {
        "n_by_source": {"kaggle": 4},
        "n_labelled": 3,
        "n_unlabelled": 1,
        "n_rejected": 1,
        "rejected_by_reason": {"image unreadable": 1},
        "n_with_age": 3,
        "n_with_gender": 3,
        "n_identities": 0,
        "n_clipped": 1,
        "n_near_duplicate_groups": 2,
        "n_in_groups": 4,
        "n_near_duplicate_pairs": 2,
        "n_pairs_with_contradicting_ages": 1,
        "n_pairs_with_contradicting_genders": 1,
        "n_contradicting_groups": 1,
        "n_in_contradicting_groups": 2,
    }


def test_contradicting_images_are_kept_on_request(index: pd.DataFrame, intake: Intake) -> None:
    intake.settle(index, params=rules("keep"))
    assert [one.candidate.record.id for one in intake.accepted] == ["id0", "id2", "id3", "id4"]


def test_contradicting_images_are_rejected_on_request(index: pd.DataFrame, intake: Intake) -> None:
    intake.settle(index, params=rules("reject"))
    rejected = rejected_table(intake.rejections, source="kaggle")
    assert dict(zip(rejected["id"], rejected["value"], strict=True))["id0"] == "id3 (23, male)"
    assert [one.candidate.record.id for one in intake.accepted] == ["id2", "id4"]
    assert without_rejected(index, rejected)["id"].tolist() == ["id2", "id4"]


def test_clipped_age_that_is_rejected_is_not_counted(index: pd.DataFrame, intake: Intake) -> None:
    intake.settle(index, params=rules("reject"))
    assert intake.n_clipped == 0


@pytest.mark.parametrize("error", [KeyboardInterrupt, MemoryError])
def test_interrupted_intake_leaves_the_old_store_and_nothing_else(
    tmp_path: Path, candidates: list[Candidate], error: type[BaseException]
) -> None:
    calls: list[int] = []

    def fail_at_the_third(image: Image, *, size: int) -> Image:
        calls.append(1)
        if len(calls) > 2:
            raise error
        return letterbox(image, size=size)

    store = tmp_path / "out/store"
    write_faces(store, [("old", b"")], shard_rows=1)
    intake = Intake(tmp_path, Form(fail_at_the_third, size=32, jpeg_quality=95))
    with pytest.raises(error):
        write_faces(store, intake.faces(candidates), shard_rows=1)
    assert [path.name for path in store.parent.iterdir()] == ["store"]
    assert FaceStore(store).ids == ["old"]


def test_no_candidates_give_an_empty_index(intake: Intake) -> None:
    assert list(intake.faces([])) == []
    assert index_table(intake.accepted, source="kaggle", max_bits=4).empty

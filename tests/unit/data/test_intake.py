"""From candidates to the index, the store's rows and the counts."""

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from visage.data.images import Form
from visage.data.index import without_rejected
from visage.data.intake import Intake, index_table, ingest_metrics
from visage.data.labels import Labels
from visage.data.rejections import rejected_table
from visage.data.screening import Candidate
from visage.data.source import Record
from visage.files.faces import FaceStore, Image, write_faces
from visage.files.tables import read_table, write_table
from visage.preprocess.resize import letterbox
from visage.schema import INDEX, UNLABELLED, Reason

Jpeg = Callable[..., bytes]


@pytest.fixture
def candidates(tmp_path: Path, jpeg: Jpeg) -> list[Candidate]:
    """Returns five rows: 0 and 3 show the same face, 1 is no image, 4 has no labels."""
    for row, content in enumerate([jpeg(1), b"text", jpeg(2), jpeg(1), jpeg(2)]):
        (tmp_path / f"{row}.jpg").write_bytes(content)
    labels = [Labels(age=20 + row, gender=row % 2, clipped=row == 3) for row in range(4)]
    labelled = [
        Candidate(Record(id=f"id{row}", row=row, path=f"{row}.jpg"), found)
        for row, found in enumerate(labels)
    ]
    asked = Record(id="id4", row=4, path="4.jpg", official_part=UNLABELLED)
    return [*labelled, Candidate(asked, Labels())]


@pytest.fixture
def intake(tmp_path: Path) -> Intake:
    return Intake(tmp_path, Form(letterbox, size=32, jpeg_quality=95))


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
    found = intake.settle(index, years=0, rule="keep")
    counts = ingest_metrics(index, rejected, contradicting=found, n_clipped=intake.n_clipped)
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
        "n_contradicting_groups": 1,
        "n_in_contradicting_groups": 2,
    }


def test_contradicting_images_are_kept_on_request(index: pd.DataFrame, intake: Intake) -> None:
    intake.settle(index, years=0, rule="keep")
    assert [one.candidate.record.id for one in intake.accepted] == ["id0", "id2", "id3", "id4"]


def test_contradicting_images_are_rejected_on_request(index: pd.DataFrame, intake: Intake) -> None:
    intake.settle(index, years=0, rule="reject")
    rejected = rejected_table(intake.rejections, source="kaggle")
    assert dict(zip(rejected["id"], rejected["value"], strict=True))["id0"] == "id3 (23, male)"
    assert [one.candidate.record.id for one in intake.accepted] == ["id2", "id4"]
    assert without_rejected(index, rejected)["id"].tolist() == ["id2", "id4"]


def test_clipped_age_that_is_rejected_is_not_counted(index: pd.DataFrame, intake: Intake) -> None:
    intake.settle(index, years=0, rule="reject")
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

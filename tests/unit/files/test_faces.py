"""The store of images: order, shards, random access, and whole or not at all."""

import pickle
from collections.abc import Iterator
from pathlib import Path

import pytest

from visage.files.faces import FaceStore, FaceStoreError, write_faces

ROWS = [(f"id{row}", bytes([row]) * (row + 1)) for row in range(5)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_faces(tmp_path / "faces", iter(ROWS), shard_rows=2)
    return tmp_path / "faces"


def test_every_image_is_found_by_its_id(folder: Path) -> None:
    store = FaceStore(folder)
    assert [(id_, store.read(id_)) for id_ in store.ids] == ROWS


def test_shards_hold_a_fixed_number_of_rows(folder: Path) -> None:
    assert len(list(folder.iterdir())) == 3


def test_number_of_rows_is_returned(tmp_path: Path) -> None:
    assert write_faces(tmp_path / "faces", ROWS, shard_rows=100) == 5


def test_same_rows_give_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    write_faces(tmp_path / "again", ROWS, shard_rows=2)
    shards = sorted(path.name for path in folder.iterdir())
    assert shards
    assert all(
        (folder / name).read_bytes() == (tmp_path / "again" / name).read_bytes() for name in shards
    )


def test_store_without_rows_is_empty_but_there(tmp_path: Path) -> None:
    write_faces(tmp_path / "faces", [], shard_rows=2)
    assert len(FaceStore(tmp_path / "faces")) == 0


def test_pickled_store_opens_its_own_map(folder: Path) -> None:
    content = pickle.dumps(FaceStore(folder))
    assert pickle.loads(content).read("id3") == ROWS[3][1]
    assert len(content) < 1000


def test_rows_that_fail_leave_no_store(tmp_path: Path) -> None:
    def rows() -> Iterator[tuple[str, bytes]]:
        yield ROWS[0]
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write_faces(tmp_path / "faces", rows(), shard_rows=1)
    assert list(tmp_path.iterdir()) == []


def test_unknown_id_is_named(folder: Path) -> None:
    with pytest.raises(FaceStoreError, match="no image 'id9'"):
        FaceStore(folder).read("id9")


def test_missing_store_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(FaceStoreError, match="run `dvc repro`"):
        FaceStore(tmp_path / "faces")

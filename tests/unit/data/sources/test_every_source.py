"""What holds for every source: rows are numbered, unlabelled ones last, and order is no chance."""

import errno
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from visage.data.labels import Rules
from visage.data.screening import screen
from visage.data.source import Source, SourceError, read_source
from visage.params.data import Data
from visage.params.sources import Joined
from visage.registry import members

Section = Callable[..., Data]
Write = Callable[..., None]
SOURCES = members("visage.data.sources")


@pytest.fixture
def write_source(
    write_celeba: Write,
    write_imdb_wiki: Write,
    write_fairface: Write,
    write_appa_real: Write,
    write_names: Write,
    write_file: Write,
) -> Callable[[str, Path], None]:
    """Returns a function that writes a small data set of a source."""

    def kaggle(root: Path) -> None:
        rows = "id,full_path,gender,age\n1,a.jpg,0,20\n2,b.jpg,1,30\n"
        write_file(root / "train.csv", rows)

    def joined(root: Path) -> None:
        write_names(root / "mine", "a.jpg", "b.jpg")
        write_appa_real(root / "appa")

    write: dict[str, Callable[[Path], None]] = {
        "agedb": lambda root: write_names(root, "0_Ann_35_f.jpg", "1_Bob_40_m.jpg"),
        "appa_real": write_appa_real,
        "celeba": write_celeba,
        "fairface": write_fairface,
        "folder": lambda root: write_names(root, "b.jpg", "a/c.png"),
        "imdb_wiki": lambda root: write_imdb_wiki(root, {}, {"full_path": "02/b.jpg"}),
        "joined": joined,
        "kaggle": kaggle,
        "utkface": lambda root: write_names(root, "1_0_0_1.jpg", "2_1_0_2.jpg", "3_0_3.jpg"),
    }
    assert sorted(write) == SOURCES, "a new source needs a small data set here"
    return lambda source, root: write[source](root)


@pytest.fixture(params=SOURCES)
def data(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    data_section: Section,
    write_source: Callable[[str, Path], None],
) -> Data:
    """Returns the section of each source in turn, its data set written."""
    write_source(request.param, tmp_path)
    parts = (Joined(source="folder", root="mine"), Joined(source="appa_real", root="appa"))
    return data_section(tmp_path, source=request.param, sources=parts)


def read(data: Data) -> Source:
    source = read_source(data)
    assert len(source.records) > 1
    return source


def test_source_has_its_own_name(data: Data) -> None:
    assert read(data).name == data.source


def test_rows_count_from_0_without_a_gap(data: Data) -> None:
    records = read(data).records
    assert [record.row for record in records] == list(range(len(records)))


def test_unlabelled_rows_come_last(data: Data) -> None:
    unlabelled = [record.unlabelled for record in read(data).records]
    assert unlabelled == sorted(unlabelled)


def test_ids_are_unique(data: Data) -> None:
    records = read(data).records
    assert len({record.id for record in records}) == len(records)


def test_paths_stay_below_the_root(data: Data) -> None:
    parts = [Path(record.path).parts for record in read(data).records]
    assert not any(".." in path or Path(*path).is_absolute() for path in parts)


def test_row_has_only_the_labels_that_its_source_gives(data: Data) -> None:
    for record in read(data).records:
        given = {task for task in ("age", "gender") if getattr(record, task) is not None}
        assert given <= set(record.tasks)


def test_good_rows_pass_the_screening(data: Data) -> None:
    screened = screen(read(data), rules=Rules(age_max=100))
    assert [one.record.path for one in screened.rejections] in ([], ["3_0_3.jpg"])


def test_reading_again_gives_the_same(data: Data) -> None:
    assert read(data) == read(data)


def test_root_that_does_not_exist_is_told_with_the_remedy(data: Data) -> None:
    nowhere = data.model_copy(update={"root": str(Path(data.root) / "nowhere")})
    with pytest.raises(SourceError, match=r"data\.root: .*nowhere.* does not exist; set the"):
        read_source(nowhere)


def test_empty_root_is_told_with_the_remedy(data: Data, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(SourceError, match=r"set .*"):
        read_source(data.model_copy(update={"root": str(tmp_path / "empty")}))


def test_root_that_may_not_be_looked_into_is_one_message(
    data: Data, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = Path(data.root)

    def lock(name: str, *, what: str) -> None:
        look = getattr(os, name)  # permissions would not bind root, who may run this

        def looked(path: Any, *words: Any, **options: Any) -> Any:
            if not isinstance(path, int) and root in Path(os.fsdecode(path), what).parents:
                raise PermissionError(errno.EACCES, "Permission denied", str(path))
            return look(path, *words, **options)

        monkeypatch.setattr(os, name, looked)

    lock("stat", what="")
    lock("scandir", what="anything")
    lock("listdir", what="anything")
    with pytest.raises(SourceError, match=rf"data\.root: can't look at {root}.*Permission denied"):
        read_source(data)

from pathlib import Path
from typing import Any

import pytest

from visage.data.source import SourceError
from visage.params.data import Data
from visage.params.load import PARAMS_FILE, read_params, validate
from visage.submission.asked import AskedError, asked_by, asked_by_project
from visage.submission.rules import COLUMNS, Asked


@pytest.fixture
def data(root: Path, tmp_path: Path) -> Data:
    """The project's section, with a root of our own."""
    tree: dict[str, Any] = read_params(root / PARAMS_FILE)
    tree["data"] |= {"root": str(tmp_path)}
    return validate(Data, tree, path=PARAMS_FILE)


def written(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def test_a_sample_gives_ids_and_columns(tmp_path: Path) -> None:
    table = written(tmp_path / "sample.csv", "id,age\r\n6,30.0\r\n007,30.0\r\n")
    assert asked_by(table) == Asked(["id", "age"], ("6", "007"))


def test_a_table_of_images_gives_ids_alone_each_once(tmp_path: Path) -> None:
    table = written(tmp_path / "test.csv", "id,full_path\n6,a\n7,b\n6,a\n")
    assert asked_by(table) == Asked(COLUMNS, ("6", "7"))


def test_a_table_without_ids_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="there is no column 'id'"):
        asked_by(written(tmp_path / "test.csv", "name\na\n"))
    with pytest.raises(AskedError, match="1 rows have no id"):
        asked_by(written(tmp_path / "test.csv", "id,full_path\n,b\n"))


def test_the_project_names_its_table(data: Data, tmp_path: Path) -> None:
    written(tmp_path / "test.csv", "id,full_path\n6,a\n")
    assert asked_by_project(data).ids == ("6",)


def test_a_project_without_a_table_is_refused_with_the_remedy(data: Data) -> None:
    with pytest.raises(AskedError, match="--table"):
        asked_by_project(data.model_copy(update={"source": "utkface"}))
    with pytest.raises(AskedError, match=r"test\.csv is missing"):
        asked_by_project(data)

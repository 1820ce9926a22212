from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import cv2
import numpy as np
import pandas as pd
import pytest

from visage.codes import Part
from visage.data.demo import dataset
from visage.data.demo.dataset import unlabelled_ids, write_demo
from visage.data.demo.portrait import make_portrait
from visage.data.source import Source
from visage.data.sources.celeba import read
from visage.params.data import Data
from visage.params.demo import Demo
from visage.params.load import read_params, validate

PARAMS = Demo(layout="kaggle", n_labelled=18, n_unlabelled=6, image_size=48, seed=7)


def contents(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("drawn") / "demo"
    write_demo(folder, PARAMS)
    return folder


@pytest.fixture(scope="module")
def train(demo: Path) -> pd.DataFrame:
    return pd.read_csv(demo / "train.csv")


@pytest.fixture(scope="module")
def unlabelled(demo: Path) -> pd.DataFrame:
    return pd.read_csv(demo / "test.csv")


def test_the_same_params_give_the_same_bytes(demo: Path, tmp_path: Path) -> None:
    write_demo(tmp_path / "again", PARAMS)
    assert contents(tmp_path / "again") == contents(demo)


def test_no_more_processes_draw_than_there_are_own_cores(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int | None] = []

    class Pool(ThreadPoolExecutor):
        def __init__(self, max_workers: int | None = None, **_options: object) -> None:
            asked.append(max_workers)
            super().__init__(1)

    monkeypatch.setattr(dataset, "own_cores", lambda: 3)
    monkeypatch.setattr(dataset, "ProcessPoolExecutor", Pool)
    write_demo(tmp_path / "demo", PARAMS.model_copy(update={"n_labelled": 2, "n_unlabelled": 0}))
    assert asked == [3]


def test_another_seed_gives_other_bytes(demo: Path, tmp_path: Path) -> None:
    write_demo(tmp_path / "other", PARAMS.model_copy(update={"seed": 8}))
    other, here = contents(tmp_path / "other"), contents(demo)
    assert not [name for name in here if other[name] == here[name]]


def test_a_face_does_not_depend_on_how_many_are_drawn(demo: Path, tmp_path: Path) -> None:
    write_demo(tmp_path / "few", PARAMS.model_copy(update={"n_labelled": 3, "n_unlabelled": 2}))
    few, here = contents(tmp_path / "few" / "images"), contents(demo / "images")
    assert len(few) == 5
    assert all(here[name] == content for name, content in few.items())


def test_the_tables_have_kaggles_columns(train: pd.DataFrame, unlabelled: pd.DataFrame) -> None:
    assert train.columns.tolist() == ["id", "full_path", "gender", "age"]
    assert unlabelled.columns.tolist() == ["id", "full_path"]


def test_every_id_is_there_once(train: pd.DataFrame, unlabelled: pd.DataFrame) -> None:
    assert sorted([*train["id"], *unlabelled["id"]]) == list(range(1, 25))


def test_labelled_and_unlabelled_ids_are_interleaved(
    train: pd.DataFrame, unlabelled: pd.DataFrame
) -> None:
    assert train["id"].min() < unlabelled["id"].max()
    assert unlabelled["id"].min() < train["id"].max()
    assert unlabelled["id"].tolist() == unlabelled_ids(PARAMS)


def test_every_row_has_an_image_of_the_right_size(
    demo: Path, train: pd.DataFrame, unlabelled: pd.DataFrame
) -> None:
    paths = [*train["full_path"], *unlabelled["full_path"]]
    shapes = {cv2.imread(str(demo / path)).shape for path in paths}
    assert shapes == {(48, 48, 3)}
    assert len(paths) == len(list((demo / "images").iterdir()))


def test_the_labels_are_those_of_the_drawn_person(train: pd.DataFrame) -> None:
    people = [make_portrait(number, size=48, seed=7).person for number in train["id"]]
    assert train["gender"].tolist() == [person.gender for person in people]
    assert train["age"].tolist() == [person.age for person in people]


def test_an_image_shows_the_portrait_of_its_id(demo: Path) -> None:
    shown = cv2.imread(str(demo / "images/5.jpg"))[..., ::-1].astype(float)
    drawn = make_portrait(5, size=48, seed=7).image
    assert np.abs(shown - drawn).mean() < 8


def test_without_unlabelled_faces_the_test_table_is_empty(tmp_path: Path) -> None:
    write_demo(tmp_path / "demo", PARAMS.model_copy(update={"n_labelled": 2, "n_unlabelled": 0}))
    assert (tmp_path / "demo/test.csv").read_text() == "id,full_path\n"


@pytest.fixture(scope="module")
def celeba(tmp_path_factory: pytest.TempPathFactory) -> Source:
    root = tmp_path_factory.mktemp("drawn") / "celeba"
    write_demo(root, PARAMS.model_copy(update={"layout": "celeba", "image_size": 109}))
    tree = read_params(Path("params.yaml"))
    tree["data"]["root"] = str(root)
    return read(validate(Data, tree, path=Path("params.yaml")))


def test_the_same_faces_are_written_as_celeba_publishes_its_own(celeba: Source) -> None:
    assert len(celeba.records) == 24
    assert {record.gender for record in celeba.records} == {"1", "-1"}
    parts = Counter(record.official_part for record in celeba.records)
    assert parts == {Part.TRAIN: 20, Part.VALIDATION: 2, Part.TEST: 2}
    image = cv2.imread(str(celeba.root / celeba.records[0].path))
    assert image is not None
    assert image.shape == (109, 89, 3)


def test_what_is_called_one_person_has_one_gender_and_one_official_part(celeba: Source) -> None:
    photos = Counter(record.identity for record in celeba.records)
    kinds = {(one.identity, one.gender, one.official_part) for one in celeba.records}
    assert len(kinds) == len(photos)
    assert max(photos.values()) == 3

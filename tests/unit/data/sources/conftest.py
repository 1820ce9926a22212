"""Tiny data sets under the real names and folder shapes, one function a source."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from scipy.io import savemat

Write = Callable[..., None]

# The attributes' real names around the one that is read.
CELEBA_HEADER = "5_o_Clock_Shadow Male Young"
FAIRFACE_HEADER = "file,age,gender,race,service_test\n"
APPA_HEADER = "file_name,num_ratings,apparent_age_avg,apparent_age_std,real_age\n"

# Of imdb.mat and wiki.mat; 720_000 is 17 April 1971 in Matlab's days.
PHOTO = {
    "dob": 720_000.0,
    "photo_taken": 2001,
    "full_path": "01/nm0000001_rm100_1971-4-17_2001.jpg",
    "gender": 1.0,
    "name": "Fred Astaire",
    "face_score": 2.5,
    "second_face_score": float("nan"),
}


def touch(path: Path, text: str = "") -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


@pytest.fixture
def write_file() -> Write:
    """Returns a function that writes a text to a path, its folders too."""
    return touch


@pytest.fixture
def write_celeba() -> Write:
    """Returns a function that writes the publisher's files; rows as `name shadow male young`."""

    def write(root: Path, *rows: str, count: str | None = "202599") -> None:
        rows = rows or ("000001.jpg -1  1  1", "000002.jpg -1 -1  1")
        first = [] if count is None else [count]
        touch(root / "list_attr_celeba.txt", "\n".join([*first, CELEBA_HEADER + " ", *rows]) + "\n")

    return write


@pytest.fixture
def write_imdb_wiki() -> Write:
    """Returns a function that writes imdb.mat or wiki.mat; photos override `PHOTO`'s fields."""

    def write(folder: Path, *photos: dict[str, object], database: str = "imdb") -> None:
        folder.mkdir(parents=True, exist_ok=True)
        rows = [{**PHOTO, **photo} for photo in photos or ({},)]
        columns = {}
        for field in rows[0]:
            values = [row[field] for row in rows]
            cells = np.empty(len(values), object)
            cells[:] = values
            columns[field] = cells if isinstance(values[0], str) else np.array(values)
        savemat(folder / f"{database}.mat", {database: columns})

    return write


@pytest.fixture
def write_fairface() -> Write:
    """Returns a function that writes both tables; rows go to the one that their path names."""

    def write(root: Path, *rows: str) -> None:
        rows = rows or (
            "train/1.jpg,50-59,Male,East Asian,True",
            "train/2.jpg,0-2,Female,Indian,False",
            "val/1.jpg,more than 70,Female,Latino_Hispanic,False",
        )
        for part in ("train", "val"):
            lines = [row + "\n" for row in rows if row.startswith(part)]
            touch(root / f"fairface_label_{part}.csv", FAIRFACE_HEADER + "".join(lines))

    return write


@pytest.fixture
def write_appa_real() -> Write:
    """Returns a function that writes the three tables with a photo and its crop each."""

    def write(root: Path) -> None:
        for number, folder in enumerate(("train", "valid", "test")):
            name = f"00000{number}.jpg"
            row = f"{name},36,25.694444444444443,4.2882,{20 + number}\n"
            touch(root / f"gt_avg_{folder}.csv", APPA_HEADER + row)
            touch(root / folder / name)
            touch(root / folder / f"{name}_face.jpg")

    return write


@pytest.fixture
def write_names() -> Write:
    """Returns a function that makes empty files, as for sources whose labels are names."""

    def write(root: Path, *names: str) -> None:
        for name in names:
            touch(root / name)

    return write

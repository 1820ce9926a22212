"""The forms in which drawn faces are written: those of two published data sets.

A form says where a face's image lies, what shape it has, and which tables stand beside the images.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
import pandas as pd
import pyarrow as pa

from visage.files.jpeg import Image
from visage.files.tables import write_table


class Layout(Protocol):
    """How a data set's files are named and filled."""

    def path(self, number: int) -> str:
        """Returns the place of a face's image, relative to the folder."""

    def shaped(self, image: Image) -> Image:
        """Returns a square portrait in the shape of the set's images."""

    def write_tables(self, folder: Path, labelled: pd.DataFrame, unlabelled: pd.DataFrame) -> None:
        """Writes the labels; rows have id, gender (0 = female, 1 = male) and age in years."""


class Kaggle:
    """`train.csv` (id, full_path, gender, age), `test.csv` (id, full_path), `images/<id>.jpg`."""

    _UNLABELLED = pa.schema([("id", pa.int64()), ("full_path", pa.string())])
    _LABELLED = _UNLABELLED.append(pa.field("gender", pa.int64())).append(
        pa.field("age", pa.int64())
    )

    def path(self, number: int) -> str:
        """Returns the place of a face's image."""
        return f"images/{number}.jpg"

    def shaped(self, image: Image) -> Image:
        """Returns the portrait as it is."""
        return image

    def write_tables(self, folder: Path, labelled: pd.DataFrame, unlabelled: pd.DataFrame) -> None:
        """Writes both tables, paths relative to the folder."""
        for name, table, schema in (
            ("train.csv", labelled, self._LABELLED),
            ("test.csv", unlabelled, self._UNLABELLED),
        ):
            paths = [self.path(number) for number in table["id"]]
            write_table(folder / name, table.assign(full_path=paths), schema)


@dataclass(frozen=True)
class CelebA:
    """`list_attr_celeba.txt` and its like beside `img_align_celeba/`, no ages.

    Images are higher than wide, 218 to 178, and nobody is without a label. The official parts are
    eight, one and one tenth of the images, in their order. Every drawn face is somebody else; so
    that there are persons to keep apart, some of one part and gender are called one person.
    """

    width: int = 178
    height: int = 218
    photos: int = 3  # at most, of what is called one person

    def path(self, number: int) -> str:
        """Returns the place of a face's image."""
        return f"img_align_celeba/{number:06d}.jpg"

    def shaped(self, image: Image) -> Image:
        """Returns the middle of the portrait, as high as it was."""
        side = image.shape[0]
        margin = (side - round(side * self.width / self.height)) // 2
        return image[:, margin : side - margin]

    def write_tables(self, folder: Path, labelled: pd.DataFrame, unlabelled: pd.DataFrame) -> None:
        """Writes attributes (1 or -1), parts (0, 1, 2 for train, validation, test) and persons."""
        table = pd.concat([labelled, unlabelled]).sort_values("id")
        names = [Path(self.path(number)).name for number in table["id"]]
        marks = {"Male": table["gender"] * 2 - 1, "Young": (table["age"] < 40) * 2 - 1}
        rows = zip(names, *marks.values(), strict=True)
        lines = [str(len(table)), " ".join(marks), *(f"{n} {m:2d} {y:2d}" for n, m, y in rows)]
        _write_lines(folder / "list_attr_celeba.txt", lines)
        parts = [max(0, 10 * place // len(names) - 7) for place in range(len(names))]
        persons = self._persons(table["gender"], parts)
        for file, values in (
            ("list_eval_partition.txt", parts),
            ("identity_CelebA.txt", persons),
        ):
            pairs = zip(names, values, strict=True)
            _write_lines(folder / file, [f"{name} {value}" for name, value in pairs])

    def _persons(self, genders: "pd.Series[int]", parts: list[int]) -> list[int]:
        """Returns a number for each image's person, from 1, in the order of their first images."""
        kinds = [genders.to_numpy(), np.array(parts)]
        places = genders.groupby(kinds).cumcount().to_numpy() // self.photos
        found = genders.groupby([*kinds, places], sort=False).ngroup() + 1
        return [int(number) for number in found]


def _write_lines(path: Path, lines: list[str]) -> None:
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


LAYOUTS: dict[str, Layout] = {"kaggle": Kaggle(), "celeba": CelebA()}

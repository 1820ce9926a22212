"""The forms in which drawn faces are written: those of two published data sets.

A form says where a face's image lies, what shape it has, and which tables stand beside the images.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import pandas as pd
import pyarrow as pa

from visage.files.faces import Image
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
    """`list_attr_celeba.txt` and `list_eval_partition.txt` beside `img_align_celeba/`, no ages.

    Images are higher than wide, 218 to 178, and nobody is without a label. The official parts are
    eight, one and one tenth of the images, in their order.
    """

    width: int = 178
    height: int = 218

    def path(self, number: int) -> str:
        """Returns the place of a face's image."""
        return f"img_align_celeba/{number:06d}.jpg"

    def shaped(self, image: Image) -> Image:
        """Returns the middle of the portrait, as high as it was."""
        side = image.shape[0]
        margin = (side - round(side * self.width / self.height)) // 2
        return image[:, margin : side - margin]

    def write_tables(self, folder: Path, labelled: pd.DataFrame, unlabelled: pd.DataFrame) -> None:
        """Writes attributes (1 or -1) and parts (0, 1, 2 for train, validation, test)."""
        table = pd.concat([labelled, unlabelled]).sort_values("id")
        names = [Path(self.path(number)).name for number in table["id"]]
        marks = {"Male": table["gender"] * 2 - 1, "Young": (table["age"] < 40) * 2 - 1}
        rows = zip(names, *marks.values(), strict=True)
        lines = [str(len(table)), " ".join(marks), *(f"{n} {m:2d} {y:2d}" for n, m, y in rows)]
        (folder / "list_attr_celeba.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
        tenths = [10 * place // len(names) for place in range(len(names))]
        parts = [f"{name} {max(0, tenth - 7)}" for name, tenth in zip(names, tenths, strict=True)]
        (folder / "list_eval_partition.txt").write_text("\n".join(parts) + "\n", encoding="utf-8")


LAYOUTS: dict[str, Layout] = {"kaggle": Kaggle(), "celeba": CelebA()}

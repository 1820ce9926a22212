"""The store of checked images: encoded bytes in memory-mapped Arrow shards.

A folder of `part-00000.arrow` files, each an Arrow IPC file of a fixed number of rows with the
columns `id` and `image` (JPEG bytes, RGB when decoded, square). Few large files cost DVC little,
and a memory map keeps memory constant however many images there are.
"""

from collections.abc import Iterable
from pathlib import Path

import pyarrow as pa

from visage.chunks import chunks
from visage.errors import VisageError
from visage.files.atomic import atomic_folder
from visage.files.jpeg import Image, decode

SCHEMA = pa.schema([("id", pa.string()), ("image", pa.binary())])


class FaceStoreError(VisageError):
    """The store is missing, or lacks an image that is asked for."""


def write_faces(folder: Path, rows: Iterable[tuple[str, bytes]], *, shard_rows: int) -> int:
    """Writes (id, JPEG bytes) rows in their order, `shard_rows` a file; returns their number.

    The folder appears whole or not at all. Without rows it holds one empty shard.
    """
    total = 0
    with atomic_folder(folder) as temporary:
        for number, shard in enumerate(chunks(rows, shard_rows)):
            _write_shard(temporary, number, shard)
            total += len(shard)
        if total == 0:
            _write_shard(temporary, 0, [])
    return total


def _write_shard(folder: Path, number: int, rows: list[tuple[str, bytes]]) -> None:
    columns = [[row[0] for row in rows], [row[1] for row in rows]]
    batch = pa.record_batch(columns, schema=SCHEMA)
    path = folder / f"part-{number:05d}.arrow"
    with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, SCHEMA) as writer:
        writer.write_batch(batch)


class FaceStore:
    """Random access by id to the images in a folder written by `write_faces`.

    Only the ids are held in memory; image bytes are read through the memory map. Pickling keeps
    the folder alone, so that a loader's workers open their own map.
    """

    def __init__(self, folder: Path) -> None:
        """Opens the store.

        Raises:
            FaceStoreError: the folder holds no shards.
        """
        self.folder = folder
        self._open()

    def _open(self) -> None:
        paths = sorted(self.folder.glob("part-*.arrow"))
        if not paths:
            raise FaceStoreError(f"{self.folder} holds no images; run `dvc repro`")
        tables = [pa.ipc.open_file(pa.memory_map(str(path))).read_all() for path in paths]
        table = pa.concat_tables(tables)
        self._images = table.column("image")
        self.ids: list[str] = table.column("id").to_pylist()
        self._rows = {name: row for row, name in enumerate(self.ids)}

    def __len__(self) -> int:
        return len(self.ids)

    def __getstate__(self) -> dict[str, Path]:
        return {"folder": self.folder}

    def __setstate__(self, state: dict[str, Path]) -> None:
        self.folder = state["folder"]
        self._open()

    def read(self, id_: str) -> bytes:
        """Returns the JPEG bytes of an image.

        Raises:
            FaceStoreError: there is no image with this id.
        """
        if id_ not in self._rows:
            raise FaceStoreError(f"{self.folder} has no image {id_!r}; run `dvc repro`")
        content = self._images[self._rows[id_]].as_py()
        assert isinstance(content, bytes)
        return content

    def image(self, id_: str) -> Image:
        """Returns an image as RGB array, shape (size, size, 3)."""
        return decode(self.read(id_))

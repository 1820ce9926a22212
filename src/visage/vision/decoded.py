"""Stored images that are decoded once in a training: later epochs read pixels in place of JPEG.

Decoding is half of what an image costs to read. The pixels lie in memory that a process shares with
the workers it forks, up to a bound; images beyond it are decoded each time. There is no file, so
nothing to invalidate and nothing left behind (docs/decisions/0026-augmentation-speed.md).
"""

import mmap
from collections.abc import Sequence
from typing import Any

import numpy as np

from visage.files.jpeg import Image
from visage.vision.dataset import Images


class DecodedFaces:
    """Random access by id, as a store's; each image is the very one that the store gives.

    A process trusts what was decoded before its last `refresh`, or by itself: so no worker reads
    pixels that another one is just writing. Pickling keeps the store alone: a worker that is
    spawned, not forked, decodes.
    """

    def __init__(self, store: Images, ids: Sequence[str], *, room: int) -> None:
        """Takes the images to keep, the most important first, and `room` for them, bytes."""
        self.store = store
        side = len(store.image(ids[0])) if room and ids else 0
        count = min(len(ids), room // (3 * side * side)) if side else 0
        self._rows = {name: row for row, name in enumerate(ids[:count])}
        memory = mmap.mmap(-1, max(1, count * (3 * side * side + 1)))  # shared with forks, zero
        bytes_ = np.frombuffer(memory, np.uint8)[: count * (3 * side * side + 1)]
        self._is_there = bytes_[:count]
        self._pixels = bytes_[count:].reshape(count, side, side, 3)
        self._readable = self._pixels.view()
        self._readable.flags.writeable = False
        self._is_known = self._is_there.copy()

    def __reduce__(self) -> tuple[Any, ...]:
        return _itself, (self.store,)

    def refresh(self) -> None:
        """Trusts what is decoded by now. To be called while no worker runs."""
        self._is_known[:] = self._is_there

    def image(self, id_: str) -> Image:
        """Returns an image as RGB array, shape (side, side, 3), which may not be written to.

        Raises:
            FaceStoreError: there is no image with this id.
        """
        row = self._rows.get(id_)
        if row is None:
            return self.store.image(id_)
        if not self._is_known[row]:
            self._pixels[row] = self.store.image(id_)
            self._is_there[row] = self._is_known[row] = 1
        found: Image = self._readable[row]
        return found


def _itself(store: Images) -> Images:
    """Returns what it is given: how the store alone is unpickled."""
    return store

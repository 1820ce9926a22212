"""Many small pictures in a temporary file, of which some are looked at together."""

import os
from typing import Final

import numpy as np
from numpy.typing import NDArray

from visage.estimates import Ints
from visage.files.scratch import scratch

SIDE: Final = 24  # pixels

Pictures = NDArray[np.uint8]  # (N, SIDE, SIDE), luminance


class Album:
    """Pictures that don't stay in memory; the file has no name and ends with the program."""

    def __init__(self) -> None:
        """Begins without pictures."""
        self._file = scratch(self)
        self._n = 0

    def append(self, picture: bytes) -> None:
        """Adds a picture, (SIDE, SIDE)."""
        assert len(picture) == SIDE**2
        self._file.write(picture)
        self._n += 1

    def __len__(self) -> int:
        return self._n

    def __getitem__(self, places: Ints) -> Pictures:
        """Returns the pictures at these places, (N, SIDE, SIDE)."""
        self._file.flush()
        file = self._file.fileno()
        content = b"".join(os.pread(file, SIDE**2, place * SIDE**2) for place in places.tolist())
        return np.frombuffer(content, np.uint8).reshape(-1, SIDE, SIDE)

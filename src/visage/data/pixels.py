"""How many pixels an image may have, and that OpenCV keeps to it.

A small file may claim any size. `decoding` judges headers before anything is decoded; where a
crafted file shows OpenCV another header than us, this limit still holds. OpenCV reads it from the
environment once, when it is loaded, so the entry points (the `visage` command, the stages) set it
before they import anything that loads it. Processes started from there inherit it. A limit that
the user has set stays.
"""

import os
from typing import Final

MAX_PIXELS: Final = 80_000_000  # 240 MB decoded
VARIABLE: Final = "OPENCV_IO_MAX_IMAGE_PIXELS"


def limit_opencv() -> None:
    """Keeps OpenCV, if it is not loaded yet, from decoding larger images."""
    os.environ.setdefault(VARIABLE, str(MAX_PIXELS))

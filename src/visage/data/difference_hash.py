"""The difference hash that near-duplicates are found by.

Of the image shrunk to 17 x 16 grey pixels by averaging, the sign of the difference of neighbours
(N. Krawetz, "Kind of Like That", 2013). imagehash shrinks by Lanczos, in ten times the time; on
UTKFace both find the same pairs but for 2 in 100 (docs/experiments, 2026-11-22-ingest-idle.md).
"""

import cv2
import numpy as np

from visage.files.jpeg import Image

HASH_SIZE = 16  # bits a side of the hash: 256 in all


def difference_hash(image: Image) -> str:
    """Returns the 256-bit dHash of an RGB image as 64 hexadecimal digits."""
    grey = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)
    small = cv2.resize(grey, (HASH_SIZE + 1, HASH_SIZE), interpolation=cv2.INTER_AREA)
    return np.packbits(small[:, 1:] > small[:, :-1]).tobytes().hex()

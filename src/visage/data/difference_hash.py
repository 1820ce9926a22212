"""The difference hash that near-duplicates are found by: imagehash's bits in half the time.

Hashing was the dearest step of ingest, dearer than decoding. Pillow shrinks with whole numbers,
which a matrix product repeats exactly: weights of 22 bits, each pass rounded to 8 bits. The
matrices are dense, so larger images go to imagehash itself, as do tall ones, which some versions
of Pillow shrink in the other order. Products are taken in pieces that BLAS leaves on one thread:
its threads wait by spinning, which cost 3 ms an image where all cores were busy with images.
"""

from functools import lru_cache

import cv2
import numpy as np
import PIL.Image
from numpy.typing import NDArray

from visage.files.faces import Image

HASH_SIZE = 16  # bits a side of the hash: 256 in all
DENSE_SIDE = 1024  # pixels; 0.14 MB a matrix
LUMA = np.array([[19595, 38470, 7471, 32768]], np.float32) / 65536  # Pillow's; exact in float32
PRECISION = 2.0**22  # of Pillow's weights
LOBES = 3  # of the Lanczos window
ONE_THREAD = 2**18  # multiplications; with more, OpenBLAS wakes its threads


def difference_hash(image: Image) -> str:
    """Returns the 256-bit dHash of an RGB image as 64 hexadecimal digits.

    The sign of the difference of neighbouring pixels of the image shrunk to 17 x 16 (N. Krawetz,
    "Kind of Like That", 2013).
    """
    height, width = image.shape[:2]
    if height > width or width > DENSE_SIDE:
        import imagehash  # slow to import, seldom needed

        bits = imagehash.dhash(PIL.Image.fromarray(image), hash_size=HASH_SIZE).hash
    else:
        small = _shrink(cv2.transform(image.astype(np.float32), LUMA).astype(np.uint8))
        bits = small[:, 1:] > small[:, :-1]
    return np.packbits(bits).tobytes().hex()


def _shrink(grey: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Returns a grey image (H, W) at (16, 17), whole numbers of 0 to 255; rows first, as Pillow."""
    height, width = grey.shape
    narrow = _rounded(_product(grey.astype(np.float64), _weights(width, HASH_SIZE + 1)))
    return _rounded(_product(narrow.T.copy(), _weights(height, HASH_SIZE))).T


def _product(left: NDArray[np.float64], right: NDArray[np.float64]) -> NDArray[np.float64]:
    """Returns left @ right, some rows at a time."""
    rows = max(1, ONE_THREAD // right.size)
    if len(left) <= rows:
        return left @ right
    return np.concatenate([left[at : at + rows] @ right for at in range(0, len(left), rows)])


def _rounded(sums: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.floor(sums / PRECISION + 0.5).clip(0, 255)


@lru_cache(maxsize=256)
def _weights(size: int, to: int) -> NDArray[np.float64]:
    """Returns Pillow's Lanczos weights times 2^22, (size, to), whole numbers."""
    scale = size / to
    width = max(scale, 1.0)
    centre = ((np.arange(to) + 0.5) * scale)[:, None]
    first = np.trunc((centre - LOBES * width + 0.5).clip(min=0))
    last = np.trunc((centre + LOBES * width + 0.5).clip(max=size))
    pixel = np.arange(size)
    x = (pixel - centre + 0.5) / width
    inside = (pixel >= first) & (pixel < last) & (x >= -LOBES) & (x < LOBES)
    weights = np.where(inside, np.sinc(x) * np.sinc(x / LOBES), 0.0)
    weights /= weights.sum(axis=1, keepdims=True)
    # By rows: BLAS takes twice as long with the transposed form.
    return np.ascontiguousarray(np.trunc(weights * PRECISION + np.copysign(0.5, weights)).T)

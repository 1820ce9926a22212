"""How the files of images end, for those who tell them from other files by name alone."""

from typing import Final

# What data/decoding.py reads: formats that OpenCV and Pillow both know.
COMMON: Final = frozenset({".bmp", ".gif", ".jpeg", ".jpg", ".png", ".tif", ".tiff", ".webp"})
RARE: Final = frozenset({".avif", ".jfif", ".jp2", ".jpe", ".pbm", ".pgm", ".pnm", ".ppm"})

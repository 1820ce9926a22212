"""What a JPEG's markers say before it is decoded: its size, and how much work it asks for.

Markers follow each other as FF, kind, length (ITU-T T.81, B.1). A JPEG may go over all its pixels
again with every scan, of which one takes 14 bytes: what asks for much more work than photos do is
refused.
"""

import re
import struct

from visage.data.pixels import MAX_PIXELS

FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}  # JPEG's markers of a frame
FRAME_SIZE = struct.Struct(">HH")
LENGTH_BYTES = 2  # a length counts itself
ALONE = frozenset({0x01, *range(0xD0, 0xD8)})  # JPEG's markers that no length follows
FILL = 0xFF  # any number of these may stand before a marker's kind
SCAN, END = 0xDA, 0xD9
MARKER = re.compile(rb"\xff+([^\x00\xff])")  # in a scan's data FF is followed by 00
# Pixels times scans: twice a progressive photo's 10 scans at the pixel limit. A scan without data
# takes 0.75 ns a pixel, and as long as 10,000 pixels to begin; so at most 1.2 s.
MAX_SCANNED = 20 * MAX_PIXELS
SCAN_START = 10_000
MAX_MARKERS = 100_000  # looked at; a photo has a few dozen


def jpeg_size(content: bytes) -> tuple[int, int] | None:
    """Returns width and height in a JPEG's frame header, before any rotation; None: not found.

    The frame's kinds are C0 to CF but for three that are tables. What the decoder skips is skipped
    here, too, or a crafted file could show us another frame than the one that is decoded: fill
    bytes, and markers without a length. Before anything else that is unusual this gives up, and
    Pillow judges.
    """
    if content[:2] != b"\xff\xd8":
        return None
    at = 2
    while content[at : at + 1] == b"\xff" and at + 9 <= len(content):
        kind = content[at + 1]
        length = int.from_bytes(content[at + 2 : at + 4], "big")
        if kind == FILL:
            at += 1
        elif kind in ALONE:
            at += 2
        elif kind in FRAMES:
            height, width = FRAME_SIZE.unpack_from(content, at + 5)
            return (width, height) if width and height else None
        elif length < LENGTH_BYTES:
            return None
        else:
            at += 2 + length
    return None


def too_many_scans(content: bytes, size: tuple[int, int] | None) -> str | None:
    """Returns what is wrong with a JPEG that would be decoded for minutes.

    size: width and height in pixels; None: not known.
    """
    if content[:2] != b"\xff\xd8":
        return None
    pixels = size[0] * size[1] if size else MAX_PIXELS
    most = MAX_SCANNED // (pixels + SCAN_START)
    # Counting is quick; a film behind a phone's photo holds such bytes, too, so then a closer look.
    if content.count(bytes((FILL, SCAN))) <= most or not _has_more_scans(content, most):
        return None
    return f"more than {most} scans, a photo has about 10; save it anew"


def _has_more_scans(content: bytes, most: int) -> bool:
    """Whether there are more before the end marker, read as libjpeg reads it."""
    at, scans = 2, 0
    for _ in range(MAX_MARKERS):
        found = MARKER.search(content, at)
        if found is None or found[1][0] == END:
            return False
        kind, at = found[1][0], found.end()
        scans += kind == SCAN
        if scans > most:
            return True
        if kind not in ALONE and kind >= min(FRAMES):  # what is below has no length
            at += int.from_bytes(content[at : at + 2], "big")
    return True

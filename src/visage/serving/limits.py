"""What the server takes on at most, so that no client can fill its memory or stop it for others.

Memory is bounded by these: `held_bytes` of photos as they came and twice `max_bytes` while one is
put together; decoded, `max_pixels` at 3 bytes a pixel, and one photo more that takes up to 18 while
it is decoded (AVIF and transparent WebP; transparent PNG 12, JPEG 9). By default 1.4 GB in all.
"""

from dataclasses import dataclass
from typing import Final

MIB: Final = 1 << 20


@dataclass(frozen=True, kw_only=True)
class Limits:
    """Numbers of the whole server, but for the first two, which are of one photo.

    Attributes:
        max_bytes: of a request's body.
        max_pixels: of a photo; together, of a batch's photos.
        held_bytes: of all bodies that are being received or wait for their answer.
        queue: photos that may wait for the model.
        batch: photos that the model gets at once.
        body_seconds: until a request's body must have come.
        seconds: from there to the answer.
        step_seconds: that decoding a photo, or finding a batch's faces, may take before the server
            says that it must be restarted.
    """

    max_bytes: int = 20 * MIB
    max_pixels: int = 50_000_000
    held_bytes: int = 256 * MIB
    queue: int = 64
    batch: int = 16
    body_seconds: float = 20.0
    seconds: float = 30.0
    step_seconds: float = 120.0

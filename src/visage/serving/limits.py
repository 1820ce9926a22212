"""What the server takes on at most, so that no client can fill its memory or stop it for others.

Memory is bounded by these: `held_bytes` of photos as they came, and decoded two batches at most,
each of `max_pixels` pixels and one photo more, three bytes a pixel.
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
    """

    max_bytes: int = 20 * MIB
    max_pixels: int = 50_000_000
    held_bytes: int = 256 * MIB
    queue: int = 64
    batch: int = 16
    body_seconds: float = 20.0
    seconds: float = 30.0

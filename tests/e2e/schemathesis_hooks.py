"""Tells schemathesis what the description can't say: which bytes are an image."""

import cv2
import numpy as np
import schemathesis
from hypothesis import strategies as st


def _encoded(size: tuple[int, int], grey: int, suffix: str) -> bytes:
    content: bytes = cv2.imencode(suffix, np.full((*size, 3), grey, np.uint8))[1].tobytes()
    return content


def images(suffix: str) -> st.SearchStrategy[bytes]:
    """Returns small encoded pictures."""
    side = st.integers(1, 40)
    return st.builds(_encoded, st.tuples(side, side), st.integers(0, 255), st.just(suffix))


for kind, suffix in {"jpeg": ".jpg", "png": ".png", "webp": ".webp"}.items():
    schemathesis.openapi.media_type(f"image/{kind}", images(suffix))
schemathesis.openapi.media_type("application/octet-stream", images(".png"))
schemathesis.openapi.format("binary", images(".jpg"))

"""From a request to a photo's bytes, within the limits; never by way of a file.

A refusal does not close the connection at once: the client may be in the middle of sending, and
would see a broken connection instead of the answer. `connection.py` ends it a little later.
"""

import asyncio
from typing import Final

from fastapi import HTTPException, Request
from starlette.requests import ClientDisconnect

from visage.serving.form import FIELD, FormError, photo_in_form
from visage.serving.limits import Limits
from visage.serving.room import Share

FORM: Final = "multipart/form-data"
RAW: Final = ("image/jpeg", "image/png", "image/webp", "application/octet-stream")


async def receive_photo(request: Request, share: Share, limits: Limits) -> bytes:
    """Returns the photo's bytes, which `share` holds.

    Raises:
        HTTPException: 400, 408, 413 or 415, with the reason.
        NoRoomError: there is no room for them now.
    """
    content_type = request.headers.get("content-type", RAW[-1])
    _refuse_other_types(content_type)
    _refuse_long(request.headers.get("content-length"), limits.max_bytes)
    body = await _body(request, share, limits)
    if not content_type.strip().lower().startswith(FORM):
        return body
    try:
        return photo_in_form(body, content_type)
    except FormError as error:
        raise HTTPException(400, str(error)) from None


def _refuse_other_types(content_type: str) -> None:
    kind = content_type.partition(";")[0].strip().lower()
    if kind != FORM and kind not in RAW and not kind.startswith("image/"):
        raise HTTPException(
            415,
            f"send the photo as the body with Content-Type: {RAW[0]} (or another image type, or "
            f"{RAW[-1]}), or as the field {FIELD!r} of a {FORM} form",
        )


def _refuse_long(length: str | None, limit: int) -> None:
    if length is not None and int(length) > limit:  # the HTTP parser lets digits pass only
        raise _too_long(limit)


def _too_long(limit: int) -> HTTPException:
    return HTTPException(413, f"the request has more than {limit} bytes; send a smaller photo")


async def _body(request: Request, share: Share, limits: Limits) -> bytes:
    chunks: list[bytes] = []
    try:
        async with asyncio.timeout(limits.body_seconds):
            async for chunk in request.stream():
                if share.held + len(chunk) > limits.max_bytes:
                    raise _too_long(limits.max_bytes)
                share.take(len(chunk))
                chunks.append(chunk)
    except TimeoutError:
        seconds = limits.body_seconds
        raise HTTPException(408, f"the photo did not come within {seconds:g} seconds") from None
    except ClientDisconnect:
        raise HTTPException(400, "the client left before the photo had come") from None
    return b"".join(chunks)

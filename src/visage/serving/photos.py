"""POST /faces: a photo in, its faces out."""

import asyncio
from typing import Any, Final

from fastapi import APIRouter, HTTPException, Request

from visage.photos.reading import PhotoError
from visage.serving.answers import ErrorAnswer, PhotoAnswer, photo_answer
from visage.serving.desk import QueueFullError, Seen
from visage.serving.form import FIELD
from visage.serving.receiving import FORM, RAW, receive_photo
from visage.serving.room import NoRoomError
from visage.serving.service import Service
from visage.serving.tally import tally_of

RETRY_SECONDS: Final = 2  # a full queue of small photos is through in about that time
REMEDY: Final = "send a whole JPEG, PNG or WebP within the limits that /about tells"
BINARY: Final = {"type": "string", "format": "binary", "minLength": 1}
PHOTO_FORM: Final = {"type": "object", "required": [FIELD], "properties": {FIELD: BINARY}}
BODY: Final[dict[str, Any]] = {
    "required": True,
    "content": {
        FORM: {"schema": PHOTO_FORM},
        **{kind: {"schema": BINARY} for kind in RAW},
    },
}
REFUSALS: Final = {
    400: "The form is broken or has no photo.",
    401: "The key is missing or wrong.",
    408: "The photo came too slowly.",
    413: "The photo has too many bytes.",
    415: "The body is neither a form nor an image.",
    422: "The bytes are no image, a broken one, or one of too many pixels.",
    503: "The queue is full, or the server is stopping; come again after `Retry-After` seconds.",
    504: "The answer was not ready in time.",
}
RESPONSES: Final[dict[int | str, dict[str, Any]]] = {
    status: {"model": ErrorAnswer, "description": words} for status, words in REFUSALS.items()
}

router = APIRouter()


@router.post("/faces", responses=RESPONSES, openapi_extra={"requestBody": BODY})
async def faces(request: Request) -> PhotoAnswer:
    """Finds the faces in a photo, and estimates age and gender of each.

    The photo is the body, or the field `photo` of a form. What its bytes hold decides, not its
    name or type. Nothing of it is stored.
    """
    service: Service = request.app.state.service
    tally = tally_of(request.scope)
    try:
        with service.room.share() as share:
            content = await receive_photo(request, share, service.limits)
            tally.bytes = len(content)
            seen = await _seen(request, service, content)
    except (QueueFullError, NoRoomError) as error:
        raise HTTPException(503, str(error), {"Retry-After": str(RETRY_SECONDS)}) from None
    except PhotoError as error:
        raise HTTPException(422, f"{error}; {REMEDY}") from None
    tally.faces = len(seen.faces)
    service.figures.faces.inc(len(seen.faces))
    service.figures.unfamiliar.inc(sum(bool(face.unfamiliar) for face in seen.faces))
    return photo_answer(seen)


async def _seen(request: Request, service: Service, content: bytes) -> Seen:
    """Waits for the desk.

    When time is up, or the client has left, the photo is taken back, if the model has not begun.
    """
    seconds = service.limits.seconds
    answer = asyncio.wrap_future(service.desk.submit(content))
    leaving = asyncio.ensure_future(_leaving(request))
    try:
        await asyncio.wait((answer, leaving), timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        if answer.done():
            return answer.result()
        if leaving.done():
            raise HTTPException(400, "the client left before the answer")
        raise HTTPException(504, f"no answer within {seconds:g} seconds; come again")
    finally:
        answer.cancel()
        leaving.cancel()
        del answer  # its error's traceback has this frame


async def _leaving(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass

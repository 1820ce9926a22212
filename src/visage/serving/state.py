"""GET /health, /ready, /metrics and /about: what keepers of the server and clients ask it."""

from typing import Any, Final

from fastapi import APIRouter, HTTPException, Request, Response
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

from visage.serving.answers import AboutAnswer, ErrorAnswer, StateAnswer
from visage.serving.service import Service

Responses = dict[int | str, dict[str, Any]]

DEAD: Final[Responses] = {503: {"model": ErrorAnswer, "description": "It has to be restarted."}}
BUSY: Final[Responses] = {503: {"model": ErrorAnswer, "description": "Send photos elsewhere."}}
METRICS: Final[Responses] = {
    200: {"content": {"text/plain": {"schema": {"type": "string"}}}, "description": "The figures."},
    401: {"model": ErrorAnswer, "description": "The key is missing or wrong."},
}

router = APIRouter()
guarded = APIRouter()


@router.get("/health", responses=DEAD)
async def health(request: Request) -> StateAnswer:
    """Says whether the server can still answer at all; if not, it has to be restarted."""
    desk = _service(request).desk
    if not desk.is_alive:
        raise HTTPException(503, "the model's thread has ended; restart the server")
    if desk.is_stuck:
        raise HTTPException(503, "one batch takes far too long; restart the server")
    return StateAnswer(status="ok")


@router.get("/ready", responses=BUSY)
async def ready(request: Request) -> StateAnswer:
    """Says whether a photo would be taken now; if not, the queue is full or the server stops."""
    if not _service(request).desk.is_open:
        raise HTTPException(503, "the queue is full, or the server is stopping")
    return StateAnswer(status="ready")


@router.get("/about")
async def about(request: Request) -> AboutAnswer:
    """Says which model answers, and within which limits."""
    return _service(request).about


@guarded.get(
    "/metrics",
    responses=METRICS,
    response_class=Response,
)
async def metrics(request: Request) -> Response:
    """Gives the figures to Prometheus."""
    return Response(_service(request).exposition(), media_type=CONTENT_TYPE_PLAIN_0_0_4)


def _service(request: Request) -> Service:
    service: Service = request.app.state.service
    return service

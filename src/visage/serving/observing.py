"""Around every request: its line in the log, its figures, and the headers of every answer.

An error that nothing else caught ends here: it is logged with its traceback, and the client learns
only that there was one.
"""

import logging
import time
from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from visage.serving.figures import Figures
from visage.serving.tally import Tally, tally_of

_log = logging.getLogger(__name__)

HEADERS: Final = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; "
        "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


class Observed:
    """An ASGI application whose requests are counted and logged."""

    def __init__(self, app: ASGIApp, *, figures: Figures) -> None:
        self._app, self._figures = app, figures

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status, started, tally = 0, time.perf_counter(), tally_of(scope)

        async def watched(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message).update({**HEADERS, "X-Request-ID": tally.id})
            await send(message)

        try:
            await self._app(scope, receive, watched)
        except Exception:
            _log.exception("error", extra={"id": tally.id})
            if not status:
                answer = JSONResponse({"detail": "the server made an error"}, 500)
                await answer(scope, receive, watched)
        finally:
            self._tell(scope, status, time.perf_counter() - started, tally)

    def _tell(self, scope: Scope, status: int, seconds: float, tally: Tally) -> None:
        route = getattr(scope.get("route"), "path", "other")
        self._figures.requests.labels(route, str(status)).inc()
        self._figures.seconds.labels(route).observe(seconds)
        _log.info(
            "request",
            extra={
                "id": tally.id,
                "method": scope["method"],
                "route": route,
                "status": status,
                "seconds": round(seconds, 4),
                "bytes": tally.bytes,
                "faces": tally.faces,
            },
        )

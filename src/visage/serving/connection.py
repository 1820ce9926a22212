"""A connection on which nothing comes, or only half of a request's head, is closed after a while.

Uvicorn limits the time between two requests, but not that of a request's first lines: a few
thousand connections that send nothing would use up the process's open files. A body's time is
limited where it is read, in `receiving.py`.
"""

import asyncio
from typing import Any, Final

from uvicorn.protocols.http.h11_impl import H11Protocol, RequestResponseCycle

HEAD_SECONDS: Final = 10.0


class PatientProtocol(H11Protocol):
    """Uvicorn's own HTTP/1.1, with a time limit for a request's head."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Starts the clock for the first request."""
        super().connection_made(transport)
        self._expect_request()

    def on_response_complete(self) -> None:
        """Starts the clock for the next request."""
        super().on_response_complete()
        self._expect_request()

    def _expect_request(self) -> None:
        self.loop.call_later(HEAD_SECONDS, self._close_if_idle, self.cycle)

    def _close_if_idle(self, before: RequestResponseCycle | None) -> None:
        """Closes the connection if no request has begun since."""
        current: Any = self.cycle
        if current is before and not self.transport.is_closing():
            self.transport.close()

"""A connection on which nothing comes, or whose client takes nothing, is ended after a while.

Uvicorn limits the time between two requests, but not that of a request's first lines, nor that in
which a client must take its answer: a few thousand connections that do nothing would use up the
process's open files. A body's time is limited where it is read, in `receiving.py`.
"""

import asyncio
from typing import Final

from uvicorn.protocols.http.h11_impl import H11Protocol

HEAD_SECONDS: Final = 10.0
TAKE_SECONDS: Final = 30.0  # for the 64 KiB that may wait to be sent


class PatientProtocol(H11Protocol):
    """Uvicorn's own HTTP/1.1, with time limits for a request's head and for taking an answer."""

    _head_timer: asyncio.TimerHandle | None = None
    _take_timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Starts the clock for the first request."""
        super().connection_made(transport)
        self._expect_request()

    def on_response_complete(self) -> None:
        """Starts the clock for the next request."""
        super().on_response_complete()
        self._expect_request()

    def pause_writing(self) -> None:
        """Starts the clock for the client to take what was sent."""
        super().pause_writing()
        self._take_timer = self.loop.call_later(TAKE_SECONDS, self.transport.abort)

    def resume_writing(self) -> None:
        """Stops that clock."""
        super().resume_writing()
        _stop(self._take_timer)

    def connection_lost(self, exc: Exception | None) -> None:
        """Stops the clocks, which would keep the connection and its body in memory."""
        _stop(self._head_timer)
        _stop(self._take_timer)
        super().connection_lost(exc)

    def _expect_request(self) -> None:
        _stop(self._head_timer)
        self._head_timer = self.loop.call_later(HEAD_SECONDS, self._end_if_idle)

    def _end_if_idle(self) -> None:
        """Ends the connection unless a request is being answered."""
        if self.cycle is not None and not self.cycle.response_complete:
            return
        if self.transport.is_closing() or self.transport.get_write_buffer_size():
            self.transport.abort()  # closing would wait until the client has taken the rest
        else:
            self.transport.close()


def _stop(timer: asyncio.TimerHandle | None) -> None:
    if timer is not None:
        timer.cancel()

"""The bytes of all requests in hand, counted as they come.

A client that sends slowly holds little of it, so a thousand of them keep nobody else out; a limit
on the number of requests that are being received would let them.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from visage.errors import VisageError


class NoRoomError(VisageError):
    """The bodies in hand are as large as they may be together."""


class Share:
    """What one request holds."""

    def __init__(self, room: "Room") -> None:
        self._room = room
        self.held = 0

    def take(self, size: int) -> None:
        """Holds `size` bytes more.

        Raises:
            NoRoomError: they are not there.
        """
        if self._room.held + size > self._room.limit:
            raise NoRoomError("the server has as many bytes in hand as it can take; come again")
        self._room.held += size
        self.held += size


class Room:
    """At most `limit` bytes; used on the event loop's thread only."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.held = 0

    @contextmanager
    def share(self) -> Iterator[Share]:
        """Gives back at the end what the request held."""
        share = Share(self)
        try:
            yield share
        finally:
            self.held -= share.held

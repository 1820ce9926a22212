"""What is told of a request in the log: numbers only, no image, file name or address."""

import secrets
from collections.abc import MutableMapping
from dataclasses import dataclass, field
from typing import Any, Final

KEY: Final = "visage.tally"


@dataclass
class Tally:
    """Filled in while the request is answered.

    Attributes:
        id: sent to the client as `X-Request-ID`, so that it can be found in the log.
        bytes: of the photo.
        faces: found in it.
    """

    id: str = field(default_factory=lambda: secrets.token_hex(8))
    bytes: int | None = None
    faces: int | None = None


def tally_of(scope: MutableMapping[str, Any]) -> Tally:
    """Returns the tally of the request with this ASGI scope, which is begun where it has none."""
    found: Tally = scope.setdefault(KEY, Tally())
    return found

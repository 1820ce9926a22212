"""The API key: whoever has it may ask.

It comes from the environment, never from a command line, which every user of the machine can read.
"""

import hmac
import os
from typing import Annotated, Final

from fastapi import Depends, HTTPException, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from visage.errors import VisageError

VARIABLE: Final = "VISAGE_API_KEY"
MIN_LENGTH: Final = 16

_bearer = HTTPBearer(
    auto_error=False, description=f"The key that the server was started with, in {VARIABLE}."
)


class KeyFaultError(VisageError):
    """The key can't keep anyone out."""


def key_from_environment() -> str | None:
    """Returns the key, or None where everyone may ask.

    Raises:
        KeyFaultError: it is short, or no client could send it.
    """
    key = os.environ.get(VARIABLE)
    if key is not None and not _is_usable(key):
        raise KeyFaultError(
            f"{VARIABLE} must be at least {MIN_LENGTH} printable ASCII characters, without a blank "
            "at either end; unset it to let everyone in"
        )
    return key


def _is_usable(key: str) -> bool:
    return len(key) >= MIN_LENGTH and key.isascii() and key.isprintable() and key == key.strip()


def require_key(
    request: Request,
    credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)],
) -> None:
    """Refuses who does not have the key; comparing takes as long for any wrong one.

    Raises:
        HTTPException: 401.
    """
    key: str = request.app.state.service.key
    given = credentials.credentials if credentials else ""
    if not hmac.compare_digest(given.encode(), key.encode()):
        raise HTTPException(
            401,
            "the key is missing or wrong; send it as Authorization: Bearer KEY",
            {"WWW-Authenticate": "Bearer"},
        )

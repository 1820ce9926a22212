"""What the environment says about interrupted trainings: it changes no result.

`VISAGE_RESUME`: `auto` goes on where a training stood, `force` even under other code, `restart`
forgets it and begins anew, `never` neither reads nor writes a state. `VISAGE_STATE_MINUTES`: how
much may be lost; a state is saved behind each epoch, too.
"""

import os
from enum import StrEnum

from visage.errors import VisageError

MINUTES = 10.0


class ResumeError(VisageError):
    """An environment variable has no meaning."""


class Resume(StrEnum):
    """Words of VISAGE_RESUME."""

    AUTO = "auto"
    FORCE = "force"
    RESTART = "restart"
    NEVER = "never"


def resume_mode() -> Resume:
    """Returns what VISAGE_RESUME says.

    Raises:
        ResumeError: it says something else.
    """
    word = os.environ.get("VISAGE_RESUME") or Resume.AUTO
    try:
        return Resume(word)
    except ValueError:
        raise ResumeError(f"VISAGE_RESUME={word}: must be {', '.join(Resume)}") from None


def state_minutes() -> float:
    """Returns what VISAGE_STATE_MINUTES says.

    Raises:
        ResumeError: it is no positive number.
    """
    text = os.environ.get("VISAGE_STATE_MINUTES") or str(MINUTES)
    try:
        minutes = float(text)
    except ValueError:
        minutes = 0.0
    if not minutes > 0:
        raise ResumeError(f"VISAGE_STATE_MINUTES={text}: must be a number above 0")
    return minutes

"""Why a row can't be used. Alone in its file: processes that open images import no more."""

from dataclasses import dataclass

from visage.codes import Reason


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a row can't be used, and the value found there."""

    reason: Reason
    value: str

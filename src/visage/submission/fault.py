"""What is wrong with a file that is to be handed in, and on which of its lines."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

SHOWN: Final = 5  # places, in a message


@dataclass(frozen=True)
class Fault:
    """A fault; `places`: where it stands, such as "line 5: 'x'"; none: in the whole file."""

    what: str
    places: Sequence[str] = ()

    def __str__(self) -> str:
        """Returns the fault with its first places and their number."""
        if not self.places:
            return self.what
        more = len(self.places) - SHOWN
        shown = "; ".join(self.places[:SHOWN]) + (f"; and {more} more" if more > 0 else "")
        return f"{self.what} ({len(self.places)}): {shown}"

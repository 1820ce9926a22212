"""What a user asks for: members, their weights, and the ensemble's name."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from visage.errors import VisageError
from visage.sweep.references import Reference, find

_NAME: Final = re.compile(r"[A-Za-z0-9_+-][A-Za-z0-9._+-]{0,99}")


class AskedError(VisageError):
    """No ensemble can be made of what was asked for."""


@dataclass(frozen=True)
class Asked:
    """Members, a weight for each, and the name of the folder."""

    references: Sequence[Reference]
    weights: Sequence[float]
    name: str


def asked(members: Sequence[str], root: Path, *, name: str | None, weights: str | None) -> Asked:
    """Returns what is asked for.

    Raises:
        AskedError: fewer than two members, one of them twice, or wrong weights or name.
        UnknownReferenceError: a name stands for nothing.
    """
    if len(members) < 2:
        raise AskedError("an ensemble needs two members; e.g. `visage ensemble seed1 seed2`")
    counts = _weights(weights, n=len(members))
    folder = _folder(name if name is not None else "+".join(members))
    references = [find(member, root) for member in members]
    commits = [reference.commit for reference in references]
    if len(set(commits)) < len(commits):
        raise AskedError(f"{', '.join(members)}: a member stands there twice; use --weights")
    return Asked(references, counts, folder)


def _weights(text: str | None, *, n: int) -> list[float]:
    if text is None:
        return [1.0] * n
    try:
        weights = [float(word) for word in text.split(",")]
    except ValueError:
        weights = []
    if len(weights) != n or not all(0 < weight < math.inf for weight in weights):
        raise AskedError(
            f"--weights {text}: must be {n} numbers above 0, one a member, such as "
            f"{','.join(['1'] * n)}"
        )
    return weights


def _folder(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise AskedError(
            f"{name}: can't be the name of a folder; give --name, of letters, digits and . _ + -"
        )
    return name

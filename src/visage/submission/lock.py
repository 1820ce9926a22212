"""What a dvc.lock tells of the way to the submission: which stages, in which order, from what.

The lock names real paths where dvc.yaml has `${...}`, so the stages of another commit are known
without its parameters.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from visage.errors import VisageError
from visage.files.paths import SUBMISSION
from visage.tracking.state import stages_of

LAST: Final = "predict"
ALL: Final = "all"  # in place of a first stage: every stage, so that nothing made is needed


class RouteError(VisageError):
    """The submission does not come from the stage that was named."""


@dataclass(frozen=True)
class Stage:
    """A stage that ran: its command, and the md5 of what it read and wrote, by path."""

    name: str
    command: str
    deps: Mapping[str, str]
    outs: Mapping[str, str]


def read_lock(text: str) -> dict[str, Stage]:
    """Returns the stages in the text of a dvc.lock.

    Raises:
        StateError: the text is no dvc.lock.
    """
    return {
        name: Stage(name, str(entry["cmd"]), _hashes(entry, "deps"), _hashes(entry, "outs"))
        for name, entry in stages_of(text).items()
    }


def made(stages: Mapping[str, Stage], path: str = SUBMISSION.as_posix()) -> str | None:
    """Returns the md5 of an output of the last stage, None where it has none."""
    return stages[LAST].outs.get(path) if LAST in stages else None


def route(stages: Mapping[str, Stage], *, start: str = ALL) -> list[Stage]:
    """Returns the stages from `start` to the submission, in an order in which they can run.

    Raises:
        RouteError: naming the stages that there are to start from.
    """
    upstream = _upstream(stages, LAST)
    if start == ALL:
        return [stages[name] for name in upstream]
    if start not in upstream:
        raise RouteError(
            f"--from {start}: the submission does not come from a stage of this name; "
            f"one of {', '.join(upstream)}, or {ALL}"
        )
    return [stages[name] for name in upstream if start in _upstream(stages, name)]


def pinned(stages: Sequence[Stage]) -> list[str]:
    """Returns the paths that the stages read and none of them makes, sorted."""
    read = {path for stage in stages for path in stage.deps}
    return sorted(path for path in read if not is_made(path, stages))


def is_made(path: str, stages: Sequence[Stage]) -> bool:
    """Tells whether one of the stages makes a path, or the folder that it is in."""
    return any(_within(path, out) for stage in stages for out in stage.outs)


def _upstream(stages: Mapping[str, Stage], name: str) -> list[str]:
    """The stages that a stage needs and itself, each behind those that it needs."""
    found: list[str] = []
    for other in stages:
        if other != name and _feeds(stages[other], stages[name]):
            found += [one for one in _upstream(stages, other) if one not in found]
    return [*found, name]


def _feeds(earlier: Stage, later: Stage) -> bool:
    return any(is_made(path, [earlier]) for path in later.deps)


def _within(path: str, folder: str) -> bool:
    return path == folder or path.startswith(f"{folder}/")


def _hashes(entry: Mapping[str, Any], key: str) -> dict[str, str]:
    return {item["path"]: str(item.get("md5", "")) for item in entry.get(key, [])}

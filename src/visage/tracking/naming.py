"""Names for people: what a run is called and which experiments it stands for.

One run stands for one state of the pipeline, and several experiments may reach the same state, so
their names are kept as a list in one tag, separated by ", ".
"""

from collections.abc import Iterable
from typing import Final

from visage.tracking import tags
from visage.tracking.store import Run, Store

NO_EXPERIMENT: Final = "repro"  # what `dvc repro` counts as
SEPARATOR: Final = ", "


def names_in(tag: str) -> list[str]:
    """Returns the experiments in a `dvc.exp_name` tag."""
    return [name for name in tag.split(SEPARATOR) if name]


def with_names(tag: str, names: Iterable[str]) -> str:
    """Returns the tag with `names` added, each once, in the order in which they came."""
    return SEPARATOR.join(dict.fromkeys([*names_in(tag), *names]))


def run_name(tag: str, *, backbone: str, digest: str) -> str:
    """Returns a run's name: its experiments and its backbone, or the backbone and a hash.

    Args:
        tag: the run's `dvc.exp_name`.
        backbone: left out where an experiment's name says it.
        digest: a hexadecimal hash, of which the first eight digits tell runs of `dvc repro` apart.
    """
    names = [name for name in names_in(tag) if name != NO_EXPERIMENT]
    if not names:
        return f"{backbone}-{digest[:8]}"
    called = SEPARATOR.join(names)
    return called if backbone in called else f"{called} ({backbone})"


def add_names(store: Store, run: Run, names: Iterable[str]) -> str:
    """Adds experiments to a run and renames it, unless a user has; returns its name."""
    before = run.tags.get(tags.EXPERIMENTS, "")
    after = with_names(before, names)
    backbone, key = run.params.get("backbone", ""), run.tags.get(tags.KEY, "")
    given = {
        run_name(before, backbone=backbone, digest=digest)
        for digest in (key, run.tags.get(tags.FINGERPRINT, ""))
    }
    name = run_name(after, backbone=backbone, digest=key) if run.name in given else run.name
    if after != before:
        store.tag(run, {tags.EXPERIMENTS: after})
    if name != run.name:
        store.rename(run, name)
    return name

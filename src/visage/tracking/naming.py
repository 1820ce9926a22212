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
    """Adds experiments to a run and renames it, unless a user has; returns its name.

    What two processes add at once stays, both: the run is read again where no other writes.
    """
    wanted = list(names)
    if _named(run, wanted) == (run.tags.get(tags.EXPERIMENTS, ""), run.name):
        return run.name
    with store.alone():
        fresh = store.run(run.id)
        after, name = _named(fresh, wanted)
        if after != fresh.tags.get(tags.EXPERIMENTS, ""):
            store.tag(fresh, {tags.EXPERIMENTS: after})
        if name != fresh.name:
            store.rename(fresh, name)
    return name


def add_sweep(store: Store, run: Run, sweep: str) -> None:
    """Adds a study to a run; what two processes add at once stays, both."""
    if sweep in names_in(run.tags.get(tags.SWEEP, "")):
        return
    with store.alone():
        before = store.run(run.id).tags.get(tags.SWEEP, "")
        store.tag(run, {tags.SWEEP: with_names(before, [sweep])})


def _named(run: Run, names: Iterable[str]) -> tuple[str, str]:
    """Returns a run's `dvc.exp_name` and its name with further experiments."""
    before = run.tags.get(tags.EXPERIMENTS, "")
    after = with_names(before, names)
    backbone, key = run.params.get("backbone", ""), run.tags.get(tags.KEY, "")
    given = {
        run_name(before, backbone=backbone, digest=digest)
        for digest in (key, run.tags.get(tags.FINGERPRINT, ""))
    }
    return after, run_name(after, backbone=backbone, digest=key) if run.name in given else run.name

"""Mirrors the finished state of the pipeline to one MLflow run.

One state, one run: the state is the content of dvc.lock without the `track` stage, and a second
experiment that reaches it adds its name to the run (docs/decisions/0008-mlflow-mirror.md). All
that is written comes from the folder, so every step can be repeated after an interruption.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from visage.tracking import tags
from visage.tracking.contents import Contents
from visage.tracking.dead import mark_killed
from visage.tracking.naming import NO_EXPERIMENT, add_names, names_in, run_name, with_names
from visage.tracking.processes import own_process
from visage.tracking.store import Run, Store


@dataclass(frozen=True)
class State:
    """A state of the pipeline and how it came about.

    `key` is the hash of dvc.lock; `experiments` is empty for `dvc repro`; `baseline` is a commit;
    `at_ms` is when it came about (Unix time), None: now.
    """

    key: str
    experiments: tuple[str, ...] = ()
    baseline: str | None = None
    dirty: bool | None = None
    at_ms: int | None = None

    def also(self, names: Iterable[str]) -> "State":
        """Returns the state with further experiments that reach it."""
        return replace(self, experiments=tuple(dict.fromkeys([*self.experiments, *names])))


@dataclass(frozen=True)
class Mirrored:
    """A run in the store; `is_new` is false where it was complete already."""

    run_id: str
    name: str
    is_new: bool


def mirror(contents: Contents, *, state: State, store: Store) -> Mirrored:
    """Makes sure that the state has one complete run, which carries its experiments' names.

    It is the run of this state if there is one, else the live run of its training, else a new
    one, written from the files.

    Raises:
        TrackingError: the store can't be reached or refuses.
    """
    with store.alone():
        mark_killed(store)
        live = _live_runs(store, contents.fingerprint)
        run = _of_state(store, state) or _claimed(store, live, state)
        if run is None:
            run = _written(store, contents, live=live, state=state)
        _forget_repeated(store, live, but=run, state=state)
    is_new = run.tags.get(tags.STATUS) != tags.Status.COMPLETE
    if is_new:
        run = _filled(store, run, contents, at_ms=state.at_ms)
    name = add_names(store, run, state.experiments)
    return Mirrored(run_id=run.id, name=name, is_new=is_new)


def _live_runs(store: Store, fingerprint: str) -> list[Run]:
    if not fingerprint:
        return []
    wanted = {tags.FINGERPRINT: fingerprint, tags.TRAIN: tags.Trained.LIVE}
    return store.runs(wanted, status="FINISHED")


def _of_state(store: Store, state: State) -> Run | None:
    found = store.runs({tags.KEY: state.key})
    complete = [run for run in found if run.tags.get(tags.STATUS) == tags.Status.COMPLETE]
    return next(iter(complete + found), None)


def _claimed(store: Store, live: Sequence[Run], state: State) -> Run | None:
    """Takes the live run that waits for its results, this experiment's own before another's."""
    free = [run for run in live if tags.KEY not in run.tags]
    own = [run for run in free if _is_of(run, state)]
    for run in (own + free)[:1]:
        store.tag(run, {tags.KEY: state.key})
        return store.run(run.id)
    return None


def _written(store: Store, contents: Contents, *, live: Sequence[Run], state: State) -> Run:
    """Creates a run for results whose training nobody saw, or saw for another state."""
    names = with_names("", state.experiments or [NO_EXPERIMENT])
    known = {
        tags.KEY: state.key,
        **({tags.FINGERPRINT: contents.fingerprint} if contents.fingerprint else {}),
        tags.EXPERIMENTS: names,
        tags.TRAIN: tags.Trained.RESTORED,
        tags.PROCESS: own_process(),
        **tags.origin(state.baseline, dirty=state.dirty),
        **({tags.RESTORED_FROM: live[0].id} if live else {}),
    }
    name = run_name(names, backbone=contents.backbone, digest=state.key)
    return store.create(name, known, at_ms=state.at_ms)


def _filled(store: Store, run: Run, contents: Contents, *, at_ms: int | None) -> Run:
    """Logs what the run lacks and closes it; the status is set last, so that it can be believed."""
    names = {metric.name for metric in contents.curves} & run.metrics.keys()
    seen = {(name, step) for name in names for step in store.steps(run, name)}
    points = [metric for metric in contents.curves if (metric.name, metric.step) not in seen]
    points += [metric for metric in contents.figures if metric.name not in run.metrics]
    store.log(run, metrics=points, params=contents.params)
    store.upload(run, contents.artifacts)
    if contents.card is not None:
        store.pack(run, contents.card)
    if contents.data is not None:
        store.take_in(run, contents.data)
    if run.status != "FINISHED":
        store.end(run, "FINISHED", at_ms=at_ms)
    status = tags.Status.PARTIAL if contents.missing else tags.Status.COMPLETE
    store.tag(run, {tags.NOTE: contents.note, tags.STATUS: status})
    return store.run(run.id)


def _forget_repeated(store: Store, live: Sequence[Run], *, but: Run, state: State) -> None:
    """Bins live runs of the same training and experiment: `dvc repro -f` made the same twice."""
    for run in live:
        if run.id != but.id and tags.KEY not in run.tags and _is_of(run, state):
            store.delete(run)


def _is_of(run: Run, state: State) -> bool:
    mine = state.experiments or (NO_EXPERIMENT,)
    return not set(mine).isdisjoint(names_in(run.tags.get(tags.EXPERIMENTS, "")))

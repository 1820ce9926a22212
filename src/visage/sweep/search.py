"""A search's memory: Optuna's journal in `.visage/tune/`, so that a search goes on where it was.

The sampler is seeded for each trial by (seed, trials so far) and not once. So an interrupted search
draws what an undisturbed one draws, and a trial whose tuner died comes again with the same values.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import optuna
from filelock import FileLock, Timeout
from optuna.storages import JournalStorage
from optuna.storages.journal import JournalFileBackend
from optuna.study import Study
from optuna.trial import FrozenTrial, Trial, TrialState

from visage.errors import VisageError
from visage.records import flat_params
from visage.sweep.space import distributions
from visage.sweep.tuning import Tuning
from visage.tracking.processes import is_dead
from visage.training.stopping import HIGHER_IS_BETTER

FOLDER: Final = Path(".visage/tune")
DEFINITION: Final = "definition"  # a key of the study's attributes
INTERRUPTED: Final = "interrupted"  # likewise: the numbers of trials that don't count
PROCESS: Final = "process"  # of a trial's experiment, as visage.tracking.processes names it
START: Final = "start"  # the commit that it hangs on
EPOCH: Final = "epoch"  # the one that a trial's training kept


class SearchError(VisageError):
    """A search can't go on as it is."""


@dataclass(frozen=True)
class Search:
    """A search and its memory; `name` begins the names of its experiments."""

    name: str
    plan: Tuning
    study: Study

    @property
    def higher_is_better(self) -> bool:
        """Whether a larger score is a better one."""
        return is_higher_better(self.plan)

    def trials(self) -> list[FrozenTrial]:
        """Returns the trials that have ended, without those that were interrupted."""
        found = self.study.get_trials(deepcopy=False)
        interrupted = self._interrupted()
        return [t for t in found if t.state.is_finished() and t.number not in interrupted]

    def experiment(self, trial: Trial | FrozenTrial) -> str:
        """Returns the name of a trial's experiment."""
        return f"{self.name}-{trial.number}"

    @property
    def left(self) -> int:
        """Returns how many trials are still to be run."""
        return max(self.plan.trials - len(self.trials()), 0)

    def ask(self) -> Trial:
        """Returns the next trial with its values."""
        self.study.sampler = _sampler(self.plan, so_far=len(self.trials()))
        return self.study.ask(distributions(self.plan.space))

    def give_back(self, trial: Trial | FrozenTrial) -> None:
        """Ends a trial that was interrupted; its values will be drawn again."""
        self.study.set_user_attr(INTERRUPTED, [*self._interrupted(), trial.number])
        self.study.tell(trial.number, state=TrialState.FAIL)

    def give_back_dead(self) -> None:
        """Does so with the trials that a dead tuner left.

        Raises:
            SearchError: the experiment of such a trial still runs.
        """
        for trial in self.study.get_trials(states=(TrialState.RUNNING,)):
            process = trial.user_attrs.get(PROCESS)
            if process and not is_dead(process):
                number = process.split(":")[-2]
                raise SearchError(
                    f"{self.experiment(trial)} still runs without its tuner (process {process}); "
                    f"wait until it has ended, or stop it with `kill -INT -- -{number}`"
                )
            self.give_back(trial)

    def _interrupted(self) -> list[int]:
        found: list[int] = self.study.user_attrs.get(INTERRUPTED, [])
        return found


@contextmanager
def open_search(
    name: str, plan: Tuning, *, params: Mapping[str, Any], root: Path, anew: bool
) -> Iterator[Search]:
    """Gives the search of this name, begun or gone on with, to one process at a time.

    Args:
        name: begins the names of its experiments.
        plan: what is searched.
        params: what the trials share, the whole tree; what the space chooses is left out.
        root: the project.
        anew: forget the trials that there are.

    Raises:
        SearchError: another process has it, or it was begun with another definition.
    """
    folder = root / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    try:
        lock = FileLock(folder / f"{name}.lock").acquire(timeout=0)
    except Timeout:
        raise SearchError(
            f"{name}: another `visage tune` is at it; a second one would draw the same trials"
        ) from None
    with lock:
        yield Search(name, plan, _study(folder / f"{name}.log", plan, params, anew=anew))


def is_higher_better(plan: Tuning) -> bool:
    """Whether a larger score is a better one."""
    return HIGHER_IS_BETTER[plan.metric.removeprefix("val_")]


def _study(path: Path, plan: Tuning, params: Mapping[str, Any], *, anew: bool) -> Study:
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    if anew:
        path.unlink(missing_ok=True)
    _cut_partial_line(path)
    study = optuna.create_study(
        storage=JournalStorage(JournalFileBackend(str(path))),
        study_name=path.stem,
        direction="maximize" if is_higher_better(plan) else "minimize",
        pruner=_pruner(plan),
        load_if_exists=True,
    )
    _refuse_other(study, _definition(plan, params))
    return study


def _sampler(plan: Tuning, *, so_far: int) -> optuna.samplers.BaseSampler:
    seed = (plan.seed * 1_000_003 + so_far) % 2**32
    if plan.sampler == "random":
        return optuna.samplers.RandomSampler(seed=seed)
    return optuna.samplers.TPESampler(seed=seed, n_startup_trials=plan.startup_trials)


def _pruner(plan: Tuning) -> optuna.pruners.BasePruner:
    if plan.pruner == "none":
        return optuna.pruners.NopPruner()
    return optuna.pruners.MedianPruner(
        n_startup_trials=plan.startup_trials, n_warmup_steps=plan.pruner_warmup_epochs + 1
    )


def _definition(plan: Tuning, params: Mapping[str, Any]) -> dict[str, str]:
    """What makes scores comparable; the number of trials may be raised, the pruner changed."""
    space = {name: dimension.model_dump_json() for name, dimension in plan.space.items()}
    shared = {param.name: param.value for param in flat_params(params)}
    chosen = {f"space.{name}": text for name, text in space.items()}
    kept = {name: text for name, text in shared.items() if name not in space}
    return {"metric": plan.metric, **chosen, **kept}


def _refuse_other(study: Study, definition: dict[str, str]) -> None:
    if not study.trials:
        study.set_user_attr(DEFINITION, json.dumps(definition))
        return
    before = json.loads(study.user_attrs[DEFINITION])
    changed = sorted(key for key in before | definition if before.get(key) != definition.get(key))
    if changed:
        told = "; ".join(f"{key}: {before.get(key)}, now {definition.get(key)}" for key in changed)
        raise SearchError(
            f"{study.study_name} was begun otherwise, so its trials can't be compared with new "
            f"ones: {told}. Give the file another name, or begin anew with --force"
        )


def _cut_partial_line(path: Path) -> None:
    """A tuner killed while it wrote leaves half a line, which would spoil the next one."""
    if not path.is_file():
        return
    whole = path.read_bytes().rpartition(b"\n")
    if whole[2]:
        with path.open("r+b") as file:
            file.truncate(len(whole[0] + whole[1]))

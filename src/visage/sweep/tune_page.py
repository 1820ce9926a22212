"""The page that a search ends with: its trials, best first, in Markdown, to be committed.

Like every output it names no commit, time or host. The scores are the validation part's, and the
best of many is flattered by chance, so it says so: the best trial alone meets the test part, which
has the honest figure.
"""

from collections.abc import Iterator
from typing import Any, Final

import optuna
from optuna.trial import FrozenTrial, TrialState

from visage.reporting.markdown import table
from visage.sweep.comparison import SMOKE
from visage.sweep.result import Result
from visage.sweep.rows import COLUMNS, keys_of, own_row, same_model
from visage.sweep.search import EPOCH, Search
from visage.sweep.space import values_of

RANKED_FROM: Final = 10  # complete trials; from fewer the importances are noise


def tune_page(
    search: Search, best: Result | None, winner: Result | None, *, seed: int, smoke: bool
) -> str:
    """Returns the page.

    Args:
        search: the search as it stands.
        best: what the best trial's experiment found, None where no trial is complete.
        winner: what the same found on the test part.
        seed: the training seed.
        smoke: it was the quick run.
    """
    return "\n".join(
        [
            search.plan.purpose,
            "",
            *([SMOKE, ""] if smoke else []),
            *_table(search),
            "",
            *_ending(search, best, seed=seed),
            *_won(best, winner),
            "",
        ]
    )


def best_trial(search: Search) -> FrozenTrial | None:
    """Returns the best of the complete trials, None where there is none."""
    return next((t for t in _ranked(search) if t.state is TrialState.COMPLETE), None)


def _ranked(search: Search) -> list[FrozenTrial]:
    """Complete trials, best first, then those that were pruned, then those that failed."""
    order = (TrialState.COMPLETE, TrialState.PRUNED, TrialState.FAIL)
    sign = -1 if search.higher_is_better else 1

    def rank(trial: FrozenTrial) -> tuple[int, float, int]:
        value = sign * trial.value if trial.value is not None else 0.0
        return order.index(trial.state), value, trial.number

    return sorted(search.trials(), key=rank)


def _table(search: Search) -> list[str]:
    names = list(search.plan.space)
    headings = ["trial", *names, search.plan.metric, "epoch", "state"]
    right = [False, *[True] * (len(names) + 2), False]
    return table(headings, [_row(search, trial) for trial in _ranked(search)], right=right)


def _row(search: Search, trial: FrozenTrial) -> list[str]:
    chosen = values_of(search.plan.space, trial.params)
    values = [_text(chosen[name]) for name in search.plan.space]
    score, epoch = "", ""
    if trial.state is TrialState.COMPLETE and trial.value is not None:
        score, epoch = f"{trial.value:.4f}", str(trial.user_attrs[EPOCH])
    return [search.experiment(trial), *values, score, epoch, _state(trial)]


def _state(trial: FrozenTrial) -> str:
    if trial.state is TrialState.PRUNED:
        return f"pruned after epoch {trial.last_step}"
    return "complete" if trial.state is TrialState.COMPLETE else "failed"


def _text(value: Any) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def _ending(search: Search, best: Result | None, *, seed: int) -> Iterator[str]:
    data = str(best.details.get("data_sha256", ""))[:12] if best else ""
    labels = f", its labels {data}" if data else ""
    yield (
        f"{search.plan.metric}: the validation part{labels}, training seed {seed}, at the epoch "
        "that the training kept. The best of many trials owes some of its score to chance; what it "
        "is worth, its figures on the test part say."
    )
    yield from _importances(search)


def _won(best: Result | None, winner: Result | None) -> Iterator[str]:
    if best is None or winner is None:
        return
    yield ""
    if not winner.figures:
        yield f"{winner.name} FAILED: nothing was measured on the test part."
        return
    if not winner.figures.get("n"):
        yield f"{winner.name} had no test part (`split.fractions.test`) to be measured on."
        return
    keys = keys_of(winner.figures)
    headings = ["run", *(COLUMNS[key][0] for key in keys), "n", "data", "note"]
    right = [name not in ("run", "data", "note") for name in headings]
    yield from table(headings, [own_row(winner, keys)], right=right)
    yield ""
    yield (
        f"The parameters of {best.name}, not trained again where DVC's cache has the training: "
        f"{same_model(winner, best)}"
    )
    yield ""
    yield f"It into the workspace: `dvc exp apply {winner.name}`"


def _importances(search: Search) -> Iterator[str]:
    complete = search.study.get_trials(deepcopy=False, states=(TrialState.COMPLETE,))
    if len(complete) < RANKED_FROM or len(search.plan.space) < 2:
        return
    found = optuna.importance.get_param_importances(search.study)
    told = ", ".join(f"{name} {share:.2f}" for name, share in found.items())
    yield ""
    yield f"Share in the score's differences (PED-ANOVA, {len(complete)} trials): {told}."

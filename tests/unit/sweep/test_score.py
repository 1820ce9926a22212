import pandas as pd
import pytest

from visage.schema import HISTORY
from visage.sweep.score import NoScoreError, Score, incomparable, metric_faults, score_of

TREE = {"split": {"fractions": {"validation": 0.1}}, "tasks": ["age", "gender"]}


def history(**columns: list[float]) -> pd.DataFrame:
    (length,) = {len(column) for column in columns.values()}
    table = pd.DataFrame({"epoch": range(1, length + 1), **columns})
    return table.reindex(columns=HISTORY.names)


def test_the_score_is_that_of_the_epoch_that_training_kept() -> None:
    found = history(val_harmonic=[0.5, 0.7, 0.6], val_rmse=[9.0, 8.0, 7.0])
    assert score_of(found, metric="val_harmonic", monitor="harmonic") == Score(0.7, 2)
    assert score_of(found, metric="val_harmonic", monitor="rmse") == Score(0.6, 3)


def test_ties_keep_the_earlier_epoch() -> None:
    found = history(val_mae=[5.0, 4.0, 4.0])
    assert score_of(found, metric="val_mae", monitor="mae") == Score(4.0, 2)


@pytest.mark.parametrize(("metric", "monitor"), [("val_mae", "rmse"), ("val_rmse", "mae")])
def test_a_history_without_figures_has_no_score(metric: str, monitor: str) -> None:
    with pytest.raises(NoScoreError, match="has no val_mae"):
        score_of(history(val_rmse=[9.0]), metric=metric, monitor=monitor)


def test_parameters_of_the_data_are_not_compared_by_their_scores() -> None:
    names = ["train.lr", "split.seed", "infer.views", "ingest.resize", "backbone", "ingest.seed"]
    faults = list(incomparable(names))
    named = [fault.partition(":")[0] for fault in faults]
    assert named == ["space.split.seed", "space.infer.views", "space.ingest.seed"]


def test_what_chooses_the_epoch_is_not_searched() -> None:
    (fault,) = incomparable(["train.lr", "train.monitor"])
    assert fault.startswith("space.train.monitor: chooses the epoch")


def test_a_tree_with_the_figure_has_no_faults() -> None:
    assert metric_faults(TREE, metric="val_harmonic") == []


def test_all_that_keeps_a_score_away_is_said_at_once() -> None:
    tree = {"split": {"fractions": {"validation": 0}}, "tasks": ["age"]}
    faults = metric_faults(tree, metric="val_harmonic")
    assert [fault.partition(":")[0] for fault in faults] == ["split.fractions.validation", "metric"]

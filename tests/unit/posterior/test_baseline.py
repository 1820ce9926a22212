import pandas as pd
import pytest

from visage.codes import Task
from visage.posterior.baseline import fit_baseline
from visage.posterior.decision import Baseline


def tables(genders, ages=(10.0, 20.0, 60.0, 90.0)):
    ids = ["a", "b", "c", "d"]
    index = pd.DataFrame({"id": ids, "age": pd.Series(ages, dtype="float32"), "gender": genders})
    return index, pd.DataFrame({"id": ids, "part": ["train", "train", "train", "test"]})


def test_baseline_is_mean_age_and_majority_of_the_train_part_alone():
    index, splits = tables([0, 1, 1, 0])
    assert fit_baseline(index, splits, tasks=list(Task)) == Baseline(30.0, 1)


def test_even_genders_give_female():
    index, splits = tables([0, 1, 0, 1])
    even = splits.assign(part=["train", "train", "test", "test"])
    assert fit_baseline(index, even, tasks=list(Task)).gender == 0


@pytest.mark.parametrize(
    ("task", "expected"), [(Task.AGE, Baseline(30.0, None)), (Task.GENDER, Baseline(None, 0))]
)
def test_baseline_says_nothing_of_a_task_that_is_not_trained(task, expected):
    index, splits = tables([0, 0, 1, 1])
    assert fit_baseline(index, splits, tasks=[task]) == expected

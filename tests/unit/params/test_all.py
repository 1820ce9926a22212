from collections.abc import Callable
from pathlib import Path

import pytest

from visage.params.all import check, faults_of
from visage.params.load import ParamsError, read_params

Edit = Callable[[str, str], Path]


def faults(path: Path) -> list[str]:
    with pytest.raises(ParamsError) as caught:
        check(path)
    return caught.value.faults


def test_the_real_file_has_no_faults(root: Path) -> None:
    assert faults_of(read_params(root / "params.yaml")) == []


def test_faults_of_different_sections_are_reported_at_once(edited: Edit) -> None:
    path = edited("seed: 42 ", "seed: -1 ")
    path.write_text(path.read_text().replace('amp: "off"', "amp: fp8"), encoding="utf-8")
    assert [fault.split(":")[0] for fault in faults(path)] == ["seed", "train.amp"]


def test_an_unknown_section_is_refused_with_near_matches(edited: Edit) -> None:
    assert faults(edited("\ninfer:\n", "\ninfr:\n")) == [
        "infer: is missing; add this section",
        "infr: unknown section; did you mean infer?",
    ]


def test_images_are_not_enlarged(edited: Edit) -> None:
    (fault,) = faults(edited("store_size: 96 ", "store_size: 48 "))
    assert fault.startswith("model.image_size: 64 is larger than ingest.store_size (48)")


@pytest.mark.parametrize(
    ("task", "able"), [("age", "rmse, mae, loss"), ("gender", "gender_f1, gender_accuracy, loss")]
)
def test_a_score_of_both_tasks_needs_both(edited: Edit, task: str, able: str) -> None:
    (fault,) = faults(edited("tasks: [age, gender]", f"tasks: [{task}]"))
    assert fault == f"train.monitor: harmonic does not exist with tasks [{task}]; set {able}"


def test_a_task_twice_is_refused(edited: Edit) -> None:
    (fault,) = faults(edited("tasks: [age, gender]", "tasks: [age, age]"))
    assert fault.startswith("tasks: must name age, gender or both, each once")


def test_weights_from_a_file_need_the_file(edited: Edit) -> None:
    (fault,) = faults(edited("source: random ", "source: file "))
    assert fault.startswith("init.path: is null; init.source=file needs")


def test_a_warm_up_ends_before_the_training(edited: Edit) -> None:
    (fault,) = faults(edited("warmup_epochs: 1 ", "warmup_epochs: 7 "))
    assert fault.startswith("train.warmup_epochs: 7 is more than train.epochs (")


@pytest.mark.parametrize(
    ("tasks", "zeros"), [("[age, gender]", "age: 0, gender: 0"), ("[age]", "age: 0, gender: 1")]
)
def test_a_loss_of_nothing_is_refused(edited: Edit, tasks: str, zeros: str) -> None:
    path = edited("tasks: [age, gender]", f"tasks: {tasks}")
    text = path.read_text(encoding="utf-8").replace("age: 1.0, gender: 1.0", zeros)
    path.write_text(text.replace("monitor: harmonic ", "monitor: loss "), encoding="utf-8")
    (fault,) = faults(path)
    assert fault.startswith("train.loss_weights: is 0 for age")


def test_images_grow_and_never_shrink(edited: Edit) -> None:
    (fault,) = faults(edited("first_image_size: null ", "first_image_size: 80 "))
    assert fault.startswith("train.first_image_size: 80 is larger than model.image_size (64)")


def test_norms_that_only_scale_must_stand_still(edited: Edit) -> None:
    (fault,) = faults(edited("source: random ", "source: faceres "))
    assert fault.startswith("train.freeze_norms_after: None; norms of init.source=faceres")

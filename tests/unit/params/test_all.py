from collections.abc import Callable
from pathlib import Path

import pytest

from visage.params.all import check, faults_of, notes_of
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


def test_without_a_validation_part_idle_options_are_named(edited: Edit, root: Path) -> None:
    shares = "{train: 0.6, validation: 0.1, calibration: 0.1, test: 0.2}"
    refit = edited(shares, "{train: 0.95, validation: 0, calibration: 0.05, test: 0}")
    (note,) = notes_of(read_params(refit))
    assert "train.monitor and train.patience are without effect" in note
    assert notes_of(read_params(root / "params.yaml")) == []


def test_learned_weights_leave_given_ones_without_effect(edited: Edit) -> None:
    path = edited("loss_weights: {age: 1.0,", "loss_weights: {age: 2.0,")
    assert notes_of(read_params(path)) == []
    text = path.read_text(encoding="utf-8").replace("balance: static ", "balance: uncertainty ")
    path.write_text(text, encoding="utf-8")
    (note,) = notes_of(read_params(path))
    assert "train.loss_weights is without effect" in note


def test_a_frozen_backbone_leaves_drop_path_without_effect(edited: Edit) -> None:
    path = edited("drop_path_rate: 0.0", "drop_path_rate: 0.1")
    assert notes_of(read_params(path)) == []
    text = path.read_text(encoding="utf-8").replace("finetune: full ", "finetune: head_only ")
    path.write_text(text, encoding="utf-8")
    (note,) = notes_of(read_params(path))
    assert "model.drop_path_rate is without effect" in note


def test_images_grow_and_never_shrink(edited: Edit) -> None:
    (fault,) = faults(edited("first_image_size: null ", "first_image_size: 80 "))
    assert fault.startswith("train.first_image_size: 80 is larger than model.image_size (64)")


def test_norms_that_only_scale_must_stand_still(edited: Edit) -> None:
    (fault,) = faults(edited("source: random ", "source: faceres "))
    assert fault.startswith("train.freeze_norms_after: None; norms of init.source=faceres")

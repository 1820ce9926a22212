from collections.abc import Callable
from pathlib import Path

import pytest

from visage.params.backbone import Backbone
from visage.params.calibrate import Calibrate
from visage.params.infer import Infer
from visage.params.load import ParamsError, load, read_params
from visage.params.seed import Seed
from visage.params.split import Split
from visage.params.tasks import Tasks
from visage.params.train import Train
from visage.params.weights import Weights

Edit = Callable[[str, str], Path]


def refused(section: type, path: Path) -> str:
    with pytest.raises(ParamsError) as caught:
        load(section, path)
    return str(caught.value)


@pytest.fixture
def seed(tmp_path: Path) -> Callable[[str], Path]:
    def write(text: str) -> Path:
        path = tmp_path / "params.yaml"
        path.write_text(f"seed: {text}\n", encoding="utf-8")
        return path

    return write


def test_the_real_file_loads(root: Path) -> None:
    assert load(Train, root / "params.yaml").lr_by_backbone["default"] > 0


def test_scientific_notation_is_a_number(edited: Edit) -> None:
    assert load(Train, edited("weight_decay: 5e-5", "weight_decay: 1e-4")).weight_decay == 1e-4


def test_a_list_becomes_a_tuple(root: Path) -> None:
    assert load(Tasks, root / "params.yaml").root == ("age", "gender")


def test_a_number_as_text_is_refused(edited: Edit) -> None:
    message = refused(Train, edited("weight_decay: 5e-5", 'weight_decay: "1e-4"'))
    assert "train.weight_decay: Input should be a valid number, found '1e-4'" in message


@pytest.mark.parametrize("text", ["3.0", "true", '"3"', "null", "[3]"])
def test_what_is_no_whole_number_is_refused(seed: Callable[[str], Path], text: str) -> None:
    assert "seed: Input should be a valid integer" in refused(Seed, seed(text))


def test_a_number_is_no_text(edited: Edit) -> None:
    assert "backbone" in refused(Backbone, edited("backbone: resnet18 ", "backbone: 18 "))


@pytest.mark.parametrize("text", [".nan", ".inf", "-.inf"])
def test_numbers_without_a_value_are_refused(edited: Edit, text: str) -> None:
    path = edited("weight_decay: 5e-5", f"weight_decay: {text}")
    assert "train.weight_decay: Input should be a finite number" in refused(Train, path)


def test_an_unknown_key_is_refused_with_near_matches(edited: Edit) -> None:
    message = refused(Train, edited("  epochs:", "  epoch: 3\n  epochs:"))
    assert "params.yaml: train.epoch: unknown key; did you mean epochs?" in message


def test_an_unknown_nested_key_is_refused_with_its_path(edited: Edit) -> None:
    path = edited("fractions: {train: 0.6", "fractions: {trian: 0.1, train: 0.6")
    assert "split.fractions.trian: unknown key; did you mean train?" in refused(Split, path)


def test_a_missing_key_is_named(edited: Edit) -> None:
    message = refused(Split, edited("  seed: 13\n", ""))
    assert "split.seed: is missing; add it" in message


def test_a_missing_section_is_named(seed: Callable[[str], Path]) -> None:
    assert "split: is missing; add this section" in refused(Split, seed("1"))


def test_all_faults_of_a_section_are_reported_at_once(edited: Edit) -> None:
    path = edited("train:\n", "train:\n  bach_size: 16\n")
    text = path.read_text(encoding="utf-8")
    for key, value in (("  epochs:", "0"), ("  augment:", "lots")):
        text = text.replace(key, f"{key} {value} #")
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ParamsError) as caught:
        load(Train, path)
    named = {fault.split(":")[0] for fault in caught.value.faults}
    assert named == {"train.epochs", "train.bach_size", "train.augment"}


def test_shares_that_do_not_sum_to_one_are_refused(edited: Edit) -> None:
    message = refused(Split, edited("train: 0.6,", "train: 0.55,"))
    assert "split.fractions: sum to 0.95, must sum to 1" in message


def test_validation_and_test_may_have_no_share(edited: Edit) -> None:
    shares = "{train: 0.6, validation: 0.1, calibration: 0.1, test: 0.2}"
    refit = edited(shares, "{train: 0.95, validation: 0, calibration: 0.05, test: 0}")
    assert load(Split, refit).fractions.test == 0


@pytest.mark.parametrize("empty", ["train", "calibration"])
def test_other_parts_need_a_share(edited: Edit, empty: str) -> None:
    shares = {"train": 0.5, "validation": 0.0, "calibration": 0.5, "test": 0.0}
    given = {**shares, empty: 0.0, "validation": shares[empty]}
    old = "{train: 0.6, validation: 0.1, calibration: 0.1, test: 0.2}"
    text = ", ".join(f"{name}: {share}" for name, share in given.items())
    message = refused(Split, edited(old, f"{{{text}}}"))
    assert f"split.fractions: {empty} would be empty; only validation and test may be" in message


def test_a_fold_that_does_not_exist_is_refused(edited: Edit) -> None:
    message = refused(Split, edited("{folds: 5, fold: 0}", "{folds: 5, fold: 5}"))
    assert "split.kfold: there is no fold 5; the 5 count from 0" in message


def test_an_empty_part_is_refused(edited: Edit) -> None:
    path = edited("calibration: 0.1, test: 0.2", "calibration: 0.0, test: 0.3")
    assert "calibration would be empty" in refused(Split, path)


def test_a_rate_for_every_backbone_is_needed(edited: Edit) -> None:
    path = edited("resnet18: 2e-4, default: 2e-4}", "resnet18: 2e-4}")
    assert "lr_by_backbone has no row `default`" in refused(Train, path)


def test_a_date_is_refused_with_its_section(seed: Callable[[str], Path]) -> None:
    assert "seed: Object of type" in refused(Seed, seed("2024-01-01"))


def test_a_section_does_not_change(root: Path) -> None:
    section = load(Train, root / "params.yaml")
    with pytest.raises(ValueError, match="frozen"):
        section.epochs = 3


def test_a_missing_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(ParamsError, match="not found; run this in the root of a visage project"):
        read_params(tmp_path / "params.yaml")


def test_broken_yaml_is_said(tmp_path: Path) -> None:
    path = tmp_path / "params.yaml"
    path.write_text("a: [1", encoding="utf-8")
    with pytest.raises(ParamsError, match="is not valid YAML"):
        read_params(path)


def test_a_key_that_stands_twice_is_said(edited: Edit) -> None:
    path = edited("seed: 42 ", "seed: 41\nseed: 42 ")
    with pytest.raises(ParamsError, match="is not valid YAML"):
        read_params(path)


def test_a_list_is_no_params_file(tmp_path: Path) -> None:
    path = tmp_path / "params.yaml"
    path.write_text("- 1\n", encoding="utf-8")
    with pytest.raises(ParamsError, match="must be a mapping of sections"):
        read_params(path)


def test_more_nearest_faces_than_known_ones_are_refused(edited: Edit) -> None:
    with pytest.raises(ParamsError, match=r"nearest \(10\) must be at most known_faces \(5\)"):
        load(Infer, edited("known_faces: 1000", "known_faces: 5"))


def test_no_face_need_be_called_unfamiliar(edited: Edit) -> None:
    assert load(Calibrate, edited("unfamiliar: 0.02", "unfamiliar: null")).unfamiliar is None


def test_a_kernel_without_a_centre_is_refused(edited: Edit) -> None:
    message = refused(Weights, edited("kernel_years: 5 ", "kernel_years: 4 "))
    assert "weights.lds.kernel_years: must be odd, or the kernel has no centre, found 4" in message


def test_a_cap_below_one_is_refused(edited: Edit) -> None:
    message = refused(Weights, edited("max_ratio: null ", "max_ratio: 0.5 "))
    assert "weights.max_ratio" in message

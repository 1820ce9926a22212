import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from visage.cli.guard import REGISTRIES, all_faults, guard
from visage.files.pins import Pin, write_pin
from visage.params.load import ParamsError, read_params
from visage.params.overrides import overridden
from visage.registry import members


@pytest.fixture
def tree(root: Path) -> dict[str, Any]:
    return read_params(root / "params.yaml")


def test_the_real_file_passes(root: Path) -> None:
    path = root / "params.yaml"
    guard(path)
    assert all_faults(read_params(path)) == []


@pytest.mark.parametrize(
    ("name", "value", "near"),
    [
        ("backbone", "efficientnet-b0", "efficientnet_b0"),
        ("data.source", "kagle", "kaggle"),
        ("model.pool", "atention", "attention"),
        ("model.age_head", "regresion", "regression"),
        ("weights.scheme", "invers", "inverse"),
        ("init.source", "hubb", "hub"),
        ("infer.views", ["identity", "flip"], "hflip"),
    ],
)
def test_a_name_that_stands_for_nothing_is_refused_with_near_matches(
    tree: dict[str, Any], name: str, value: Any, near: str
) -> None:
    (fault,) = all_faults(overridden(tree, {name: value}))
    assert fault.startswith(f"{name}: there is no ")
    assert near in fault


def test_a_wrong_value_and_a_wrong_name_are_reported_at_once(tree: dict[str, Any]) -> None:
    faults = all_faults(overridden(tree, {"seed": -1, "backbone": "resnet19"}))
    assert [fault.split(":")[0] for fault in faults] == ["seed", "backbone"]


def test_a_value_of_the_wrong_kind_is_one_fault(tree: dict[str, Any]) -> None:
    (fault,) = all_faults(overridden(tree, {"data.source": 3}))
    assert fault.startswith("data.source: Input should be a valid string")


def test_gender_is_not_weighted_by_the_sampler_and_the_loss_at_once(tree: dict[str, Any]) -> None:
    twice = overridden(tree, {"weights.scheme": "joint", "train.gender_pos_weight": 1.1})
    (fault,) = all_faults(twice)
    assert fault.startswith("train.gender_pos_weight: 1.1 weights men in the loss, and weights.")
    assert "set train.gender_pos_weight: 1.0" in fault
    once = [
        {"train.gender_pos_weight": 1.0},
        {"weights.scheme": "inverse"},
        {"tasks": ["age"], "train.monitor": "mae"},
    ]
    assert [all_faults(overridden(twice, change)) for change in once] == [[], [], []]


def test_finer_views_need_the_pixels_that_are_stored(tree: dict[str, Any]) -> None:
    asked = {"infer.views": ["identity", "finer"], "model.image_size": 128}
    (fault,) = all_faults(overridden(tree, {**asked, "ingest.store_size": 143}))
    assert fault.startswith("infer.views: the finer ones see faces of 144 pixels")
    assert "set ingest.store_size: 144" in fault
    assert all_faults(overridden(tree, {**asked, "ingest.store_size": 144})) == []


def test_a_root_outside_of_the_project_must_be_there(tmp_path: Path, root: Path) -> None:
    text = (root / "params.yaml").read_text(encoding="utf-8")
    path = tmp_path / "params.yaml"
    path.write_text(text.replace("root: data/demo", f"root: {tmp_path / 'none'}"))
    with pytest.raises(
        ParamsError, match="data.root: .*none' does not exist; set the absolute path"
    ):
        guard(path)
    (tmp_path / "none").mkdir()
    guard(path)


def test_a_pin_outside_of_the_project_stands_for_its_folder(tmp_path: Path, root: Path) -> None:
    pin = tmp_path / "faces.sha256"
    write_pin(pin, Pin(tmp_path / "faces", {}))
    text = (root / "params.yaml").read_text(encoding="utf-8")
    path = tmp_path / "params.yaml"
    path.write_text(text.replace("root: data/demo", f"root: {pin}"))
    with pytest.raises(ParamsError, match="is the pin of .*faces', which does not exist"):
        guard(path)
    (tmp_path / "faces").mkdir()
    guard(path)


def test_a_missing_section_is_no_crash(tree: dict[str, Any]) -> None:
    del tree["infer"]
    assert all_faults(tree) == ["infer: is missing; add this section"]


def test_faults_come_with_the_file(tmp_path: Path, root: Path) -> None:
    path = tmp_path / "p.yaml"
    text = (root / "params.yaml").read_text(encoding="utf-8")
    path.write_text(text.replace("seed: 42 ", "seed: x "), encoding="utf-8")
    with pytest.raises(ParamsError, match=r"p.yaml: seed: "):
        guard(path)


@pytest.mark.parametrize("package", REGISTRIES.values())
def test_every_registry_has_members(package: str) -> None:
    assert members(package)


def test_the_guard_imports_no_torch_and_is_quick(root: Path) -> None:
    code = (
        "import sys, time\nfrom visage.cli.guard import guard\nstart = time.process_time()\n"
        "guard()\nprint('torch' in sys.modules, time.process_time() - start)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True
    )
    imported, seconds = done.stdout.split()
    assert imported == "False"
    assert float(seconds) < 1  # 0.07 s on an idle machine

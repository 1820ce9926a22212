from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

from visage.cli.amp.probe import advice
from visage.profiling.precision import Setting

Visage = Callable[..., Result]


def test_the_probe_shows_every_setting_and_what_to_set(visage: Visage, project: Path) -> None:
    words = (
        "--backbone",
        "test_resnet",
        "--image-size",
        "32",
        "--batch-size",
        "4",
        "--rounds",
        "1",
    )
    result = visage("amp", "probe", *words)
    assert result.exit_code == 0, result.output
    assert "test_resnet, 32 px, batch 4, cpu" in result.output
    assert result.output.count("bf16") >= 2
    assert "params.yaml" in result.output


def test_faces_that_are_elsewhere_are_not_asked_for(visage: Visage, project: Path) -> None:
    text = (project / "params.yaml").read_text(encoding="utf-8")
    moved = text.replace("root: data/demo ", "root: /nowhere/faces ")
    (project / "params.yaml").write_text(moved, encoding="utf-8")
    words = ("--backbone", "test_resnet", "--image-size", "32", "--batch-size", "2")
    assert visage("amp", "probe", *words, "--rounds", "1").exit_code == 0


def test_a_backbone_of_one_size_says_what_to_set(visage: Visage, project: Path) -> None:
    result = visage("amp", "probe", "--backbone", "vit_tiny_patch16_224", "--image-size", "64")
    assert result.exit_code == 1
    assert "takes no images of 64 pixels" in result.stderr
    assert "init.kwargs: {img_size: 64}" in result.stderr


def test_a_misspelt_backbone_is_refused(visage: Visage, project: Path) -> None:
    result = visage("amp", "probe", "--backbone", "resnet81")
    assert result.exit_code == 1
    assert "did you mean" in result.stderr


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        (Setting("off", False), "has the fastest already"),
        (Setting("bf16", False), "dvc exp run -S train.amp=bf16"),
        (Setting("bf16", True), "-S train.amp=bf16 -S train.channels_last=true"),
    ],
)
def test_the_advice_names_what_differs(setting: Setting, words: str) -> None:
    assert words in advice(setting, {"amp": "off", "channels_last": False})

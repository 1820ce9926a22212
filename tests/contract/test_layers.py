"""Imports point down only, and each heavy library has one place; import-linter holds it."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

Break = Callable[[str, str, str], None]


def lint_imports(root: Path) -> str:
    """Returns what import-linter says about the checkout at `root`, "" if nothing is wrong."""
    done = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache", "--no-logo"],
        cwd=root,
        env={**os.environ, "PYTHONPATH": f"{root / 'src'}{os.pathsep}{root}", "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout + done.stderr if done.returncode else ""


def test_imports_keep_to_the_design(root: Path) -> None:
    assert lint_imports(root) == ""


@pytest.mark.parametrize(
    ("name", "line", "contract"),
    [
        ("src/visage/metrics/age.py", "import visage.training.schedule", "Layers"),
        ("src/visage/metrics/age.py", "import visage.posterior.interval", "Layers"),
        ("src/visage/data/split.py", "import stages", "The package knows no stage"),
        ("src/visage/training/fit.py", "import mlflow", "Only tracking imports mlflow"),
        ("stages/train.py", "import mlflow", "Only tracking imports mlflow"),
        ("src/visage/data/weights.py", "import matplotlib", "Only reporting imports matplotlib"),
        ("src/visage/inference/predictor.py", "import timm", "Only models imports timm"),
        ("src/visage/training/fit.py", "import albumentations", "Only vision imports album"),
        ("src/visage/training/fit.py", "import captum", "Only explain imports captum"),
        ("src/visage/data/split.py", "import torch", "No torch below the models"),
        ("src/visage/training/fit.py", "import onnx", "Only export imports onnx"),
        ("src/visage/inference/onnx_model.py", "import torch", "A file of visage export needs no"),
        ("src/visage/newcomer.py", "", "Layers"),
    ],
)
def test_seen_to_fail(copy: Path, broken: Break, name: str, line: str, contract: str) -> None:
    broken(name, "", f"{line}\n")
    verdicts = [row for row in lint_imports(copy).splitlines() if row.endswith("BROKEN")]
    assert [row.startswith(contract) for row in verdicts] == [True]

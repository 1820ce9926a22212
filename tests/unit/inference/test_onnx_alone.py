"""An exported file runs where torch, dvc and mlflow are not installed."""

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pandas as pd
import pytest

from visage.inference.face_model import load_face_model

Light = Callable[..., subprocess.CompletedProcess[str]]
TELL = """
import json, sys
from pathlib import Path
import cv2
import numpy as np
import pandas as pd
from visage.inference.face_model import load_face_model

told = load_face_model(Path(sys.argv[1]))(np.load(sys.argv[2]))
heavy = sorted({"torch", "dvc", "mlflow", "onnx"} & set(sys.modules))
print(json.dumps([told.age.tolist(), told.gender.tolist(), heavy]))
"""


@pytest.fixture(scope="module")
def light(root: Path, light_python: Callable[..., Path]) -> Light:
    """Returns a function that runs the Python of an environment with the extra `onnx`."""
    python = light_python("onnx")

    def run(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [python, *words],
            cwd=python.parent,  # a project's folder `mlflow` would be a package
            env={**os.environ, "PYTHONPATH": str(root / "src")},
            capture_output=True,
            text=True,
            check=False,
        )

    return run


@pytest.mark.slow
@pytest.mark.parametrize("library", ["torch", "dvc", "mlflow", "onnx", "timm"])
def test_the_environment_lacks_what_the_pipeline_needs(library: str, light: Light) -> None:
    done = light("-c", f"import {library}")
    assert f"No module named '{library}'" in done.stderr


@pytest.mark.slow
def test_the_file_says_there_what_it_says_here(
    light: Light, onnx_file: Path, pixels: np.ndarray, tmp_path: Path
) -> None:
    np.save(tmp_path / "faces.npy", pixels)
    done = light("-c", TELL, str(onnx_file), str(tmp_path / "faces.npy"))
    assert done.returncode == 0, done.stderr
    ages, genders, heavy = json.loads(done.stdout)
    here = load_face_model(onnx_file)(pixels)
    assert here.age is not None
    assert here.gender is not None
    assert ages == pytest.approx(here.age.tolist(), abs=1e-4)
    assert genders == here.gender.tolist()
    assert heavy == []


@pytest.mark.slow
def test_a_folder_names_the_extra_there(light: Light, trained_folder: Path) -> None:
    code = "import sys; from pathlib import Path; import visage.inference.face_model as m; "
    done = light("-c", f"{code}m.load_face_model(Path(sys.argv[1]))", str(trained_folder))
    assert "pip install '.[train]'" in done.stderr


@pytest.mark.slow
def test_the_command_tells_its_help_there(light: Light) -> None:
    done = light("-c", "from visage.cli.main import app; app(['--help'])")
    assert done.returncode == 0, done.stderr


@pytest.mark.slow
def test_photos_are_estimated_there(light: Light, onnx_file: Path, tmp_path: Path) -> None:
    photo = tmp_path / "photo.png"
    cv2.imwrite(str(photo), np.full((64, 64, 3), 127, np.uint8))
    words = ["predict", str(photo), "--model", str(onnx_file), "--crop", "none"]
    done = light(
        "-c", f"from visage.cli.main import app; app({[*words, '-o', str(tmp_path / 'rows.csv')]})"
    )
    assert done.returncode == 0, done.stderr
    rows = pd.read_csv(tmp_path / "rows.csv")
    assert rows["path"].tolist() == [str(photo)]
    assert rows["age"].between(0, 100).all()

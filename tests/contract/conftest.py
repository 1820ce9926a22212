"""The checkout, and a copy of it to be broken: a rule that can't fail holds nothing."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from visage.files.pipeline import read_pipeline

TINY = {
    "n_labelled: 1500": "n_labelled: 160",
    "n_unlabelled: 300": "n_unlabelled: 20",
    "image_size: 64 ": "image_size: 32 ",
    "epochs: 12\n": "epochs: 2\n",
    "warmup_epochs: 2 ": "warmup_epochs: 1 ",
}

Break = Callable[[str, str, str], None]


@pytest.fixture(scope="session")
def pipeline(root: Path) -> dict[str, Any]:
    """Returns dvc.yaml."""
    return read_pipeline(root / "dvc.yaml")


@pytest.fixture
def copy(root: Path, tmp_path: Path) -> Path:
    """Returns a copy of the checkout's code and files of the pipeline."""
    ignored = shutil.ignore_patterns("__pycache__", "*.egg-info")
    for name in ("src", "stages", "recipes"):
        shutil.copytree(root / name, tmp_path / name, ignore=ignored)
    for name in ("dvc.yaml", "params.yaml", "params.schema.json", "pyproject.toml"):
        shutil.copy(root / name, tmp_path)
    return tmp_path


@pytest.fixture
def broken(copy: Path) -> Break:
    """Returns a function that replaces text in a file of the copy; "" stands for its end."""

    def replace(name: str, old: str, new: str) -> None:
        path = copy / name
        text = path.read_text(encoding="utf-8") if path.exists() else ""
        assert old in text, f"{name} does not hold {old!r}"
        path.write_text(text.replace(old, new, 1) if old else text + new, encoding="utf-8")

    return replace


@pytest.fixture(scope="session")
def finished(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Returns a project of this code after its first commit and a tiny `dvc repro`."""
    project = tmp_path_factory.mktemp("finished")
    bin_folder = Path(sys.executable).parent
    who = {
        f"GIT_{role}_{key}": "a@b.c"
        for role in ("AUTHOR", "COMMITTER")
        for key in ("NAME", "EMAIL")
    }
    env = {**os.environ, **who, "PATH": f"{bin_folder}{os.pathsep}{os.environ['PATH']}"}
    env |= {"VISAGE_DEVICE": "cpu", "VISAGE_WORKERS": "0"}

    def run(*words: str, cwd: Path = project) -> str:
        command = subprocess.run(
            words, cwd=cwd, env=env, capture_output=True, text=True, check=False
        )
        assert command.returncode == 0, command.stdout + command.stderr
        return command.stdout

    for name in run("git", "ls-files", "-co", "--exclude-standard", cwd=root).splitlines():
        if (root / name).is_file():
            (project / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(root / name, project / name)
    params = (project / "params.yaml").read_text(encoding="utf-8")
    for old, new in TINY.items():
        assert params.count(old) == 1
        params = params.replace(old, new)
    (project / "params.yaml").write_text(params, encoding="utf-8")
    for command in ("git init -q", "git add -A", "git commit -q -m code", "dvc repro"):
        run(*command.split())
    return project

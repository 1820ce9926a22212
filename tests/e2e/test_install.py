"""visage as its users install it: built, unpacked elsewhere, run from another folder."""

import os
import subprocess
import sys
import tarfile
from pathlib import Path
from zipfile import ZipFile

import pytest

pytestmark = pytest.mark.slow


def run(*words: object, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(word) for word in words],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "COLUMNS": "200", **environment},
    )


@pytest.fixture(scope="module")
def dist(tmp_path_factory: pytest.TempPathFactory, root: Path) -> Path:
    """A folder with the sdist, and the wheel that was built from it."""
    folder = tmp_path_factory.mktemp("dist")
    # A copy, because setuptools builds beside the sources.
    source = tmp_path_factory.mktemp("source")
    listed = run("git", "ls-files", "src", "*.toml", "README.md", "LICENSE", folder=root).stdout
    for name in listed.splitlines():
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        (source / name).write_bytes((root / name).read_bytes())
    done = run(sys.executable, "-m", "build", "--no-isolation", "-o", folder, source, folder=folder)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory, dist: Path) -> Path:
    """A folder with the installed wheel; what it needs comes from this environment."""
    folder = tmp_path_factory.mktemp("installed")
    (wheel,) = dist.glob("*.whl")
    words = ["-m", "pip", "install", "--no-deps", "--no-index", "--target", folder, wheel]
    done = run(sys.executable, *words, folder=dist)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


def test_wheel_and_sdist_hold_the_same_files_of_the_package(dist: Path, root: Path) -> None:
    (wheel,) = dist.glob("*.whl")
    (sdist,) = dist.glob("*.tar.gz")
    tracked = run("git", "ls-files", "src/visage", folder=root).stdout.splitlines()
    expected = {name.removeprefix("src/") for name in tracked}
    with ZipFile(wheel) as archive:
        assert {name for name in archive.namelist() if name.startswith("visage/")} == expected
    with tarfile.open(sdist) as archive:
        names = {name.partition("/src/")[2] for name in archive.getnames()}
    assert expected <= names


def test_command_runs_from_another_folder(installed: Path, tmp_path: Path) -> None:
    visage = installed / "bin/visage"
    done = run(visage, "--help", folder=tmp_path, PYTHONPATH=str(installed))
    assert done.returncode == 0, done.stderr
    assert "serve" in done.stdout


def test_it_is_the_installed_package_that_runs(installed: Path, tmp_path: Path) -> None:
    code = "import visage; print(visage.__file__)"
    done = run(sys.executable, "-c", code, folder=tmp_path, PYTHONPATH=str(installed))
    assert Path(done.stdout.strip()).is_relative_to(installed)


def test_missing_model_is_one_message(installed: Path, tmp_path: Path) -> None:
    visage = installed / "bin/visage"
    words = ["serve", "--model", "nowhere.onnx", "--port", "0"]
    done = run(visage, *words, folder=tmp_path, PYTHONPATH=str(installed))
    assert done.returncode == 1
    assert done.stderr.startswith("ERROR: nowhere.onnx: there is no such file")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_shell_completion_comes_with_it(installed: Path, tmp_path: Path, shell: str) -> None:
    visage = installed / "bin/visage"
    asked = {"_VISAGE_COMPLETE": f"source_{shell}", "PYTHONPATH": str(installed)}
    done = run(visage, folder=tmp_path, **asked)
    assert "_VISAGE_COMPLETE" in done.stdout


def test_completion_knows_the_commands_and_their_options(installed: Path, tmp_path: Path) -> None:
    visage = installed / "bin/visage"
    for words, expected in (("visage se", "serve"), ("visage serve --mo", "--model")):
        asked = {"COMP_WORDS": words, "COMP_CWORD": str(len(words.split()) - 1)}
        asked |= {"_VISAGE_COMPLETE": "complete_bash", "PYTHONPATH": str(installed)}
        assert expected in run(visage, folder=tmp_path, **asked).stdout.split()

import errno
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

from visage.cli import check
from visage.cli.main import AMP_COMMANDS, COMMANDS, DATA_COMMANDS, SUBMISSION_COMMANDS

Visage = Callable[..., Result]


def test_help_names_every_command_with_a_line(visage: Visage) -> None:
    text = visage("--help").output
    for name in COMMANDS:
        assert f"{name} " in text


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help(visage: Visage, name: str) -> None:
    result = visage(name, "--help")
    assert result.exit_code == 0
    assert f"Usage: root {name}" in result.output


GROUPS = {"data": DATA_COMMANDS, "amp": AMP_COMMANDS, "submission": SUBMISSION_COMMANDS}


@pytest.mark.parametrize(
    ("group", "name"), [(group, name) for group, names in GROUPS.items() for name in names]
)
def test_every_command_of_a_group_has_help(visage: Visage, group: str, name: str) -> None:
    result = visage(group, name, "--help")
    assert result.exit_code == 0
    assert f"Usage: root {group} {name}" in result.output
    assert f"{name} " in visage(group, "--help").output


def test_every_command_file_is_a_command(root: Path) -> None:
    files = {path.stem for path in (root / "src/visage/cli").glob("*.py")}
    assert files - {"__init__", "main", "guard", "studies"} == set(COMMANDS)
    for group, names in GROUPS.items():
        files = {path.stem for path in (root / "src/visage/cli" / group).glob("[!_]*.py")}
        assert files == set(names)


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys\nfrom typer.testing import CliRunner\nfrom visage.cli.main import app\n"
        "assert CliRunner().invoke(app, ['--help']).exit_code == 0\n"
        "print([name for name in ('torch', 'mlflow', 'dvc', 'pandas') if name in sys.modules])\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_a_user_error_is_one_message_and_exit_code_1(visage: Visage, project: Path) -> None:
    (project / "params.yaml").write_text("[]", encoding="utf-8")
    result = visage("check")
    assert result.exit_code == 1
    assert result.stderr == "ERROR: params.yaml: must be a mapping of sections\n"


def test_a_missing_library_is_said_with_the_remedy(
    visage: Visage, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in tuple(sys.modules):
        if name.startswith(("visage.tracking", "visage.cli.track")):
            monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "filelock", None)
    result = visage("track")
    assert result.exit_code == 1
    remedy = "in a checkout of visage: pip install '.[train]'"
    assert result.stderr == f"ERROR: this command needs filelock; {remedy}\n"


@pytest.mark.parametrize(
    ("number", "said"),
    [(errno.EACCES, "here: Permission denied\n"), (errno.ENOSPC, "on device; free some space\n")],
)
def test_what_the_system_refuses_is_one_message(
    visage: Visage, monkeypatch: pytest.MonkeyPatch, number: int, said: str
) -> None:
    monkeypatch.setattr(check, "guard", refused(number))
    result = visage("check")
    assert result.exit_code == 1
    assert result.stderr.startswith("ERROR: here: ")
    assert result.stderr.endswith(said)


def test_a_reader_that_ends_early_is_no_error_of_ours(
    visage: Visage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(check, "guard", refused(errno.EPIPE))
    result = visage("check")
    assert (result.exit_code, result.stderr) == (1, "")


def refused(number: int) -> Callable[[], None]:
    def guard() -> None:
        raise OSError(number, os.strerror(number), "here")

    return guard


def test_a_misspelt_command_is_refused_with_a_near_match(visage: Visage) -> None:
    result = visage("chek")
    assert result.exit_code == 2
    assert "'check'" in result.stderr

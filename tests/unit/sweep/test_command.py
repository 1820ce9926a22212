"""Commands in a process group of their own."""

import os
import signal
import sys
import time
from pathlib import Path

import pytest

from visage.sweep import command
from visage.sweep.command import Patient, Watcher, run_command

# A shell's child, as a stage is dvc's; it says when it is there and how it ended.
CHILD = (
    "import pathlib, time\n"
    "pathlib.Path('there').touch()\n"
    "try:\n    time.sleep(60)\n"
    "except KeyboardInterrupt:\n    pathlib.Path('interrupted').touch()\n"
)
DEAF = "import signal; signal.signal(signal.SIGINT, signal.SIG_IGN); " + CHILD.partition("try")[0]


def run(code: str, folder: Path, watcher: Watcher) -> bool:
    words = [sys.executable, "-c", code]
    return run_command(words, folder=folder, environment=os.environ, watcher=watcher)


class StopsWhen(Patient):
    """Has enough when a file is there."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def enough(self) -> bool:
        return self.path.exists()


class Impatient(StopsWhen):
    """The user presses Ctrl-C when a file is there."""

    def enough(self) -> bool:
        if self.path.exists():
            raise KeyboardInterrupt
        return False


@pytest.fixture(autouse=True)
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "POLL_SECONDS", 0.02)


def test_success_and_failure_are_told_apart(tmp_path: Path) -> None:
    assert run("", tmp_path, Patient())
    assert not run("raise SystemExit(3)", tmp_path, Patient())


def test_a_watcher_that_has_enough_interrupts_the_command(tmp_path: Path) -> None:
    run(CHILD, tmp_path, StopsWhen(tmp_path / "there"))
    assert (tmp_path / "interrupted").exists()


def test_what_the_command_started_is_interrupted_too(tmp_path: Path) -> None:
    script = tmp_path / "child.py"
    script.write_text(CHILD, encoding="utf-8")
    starter = (
        "import signal, subprocess, sys\n"
        "signal.signal(signal.SIGINT, lambda *_: None)\n"  # as dvc does while a stage runs
        "subprocess.run([sys.executable, 'child.py'])\n"
    )
    assert run(starter, tmp_path, StopsWhen(tmp_path / "there"))
    assert (tmp_path / "interrupted").exists()


def test_a_command_of_a_job_in_the_background_hears_the_signal(tmp_path: Path) -> None:
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)  # as a shell does for `... &`
    try:
        run(CHILD, tmp_path, StopsWhen(tmp_path / "there"))
    finally:
        signal.signal(signal.SIGINT, before)
    assert (tmp_path / "interrupted").exists()


def test_ctrl_c_stops_the_command_and_is_raised_on(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        run(CHILD, tmp_path, Impatient(tmp_path / "there"))
    assert (tmp_path / "interrupted").exists()


def test_a_command_that_ignores_the_signal_gets_a_stronger_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command, "PATIENCE_SECONDS", 0.2)
    began = time.monotonic()
    assert not run(f"{DEAF}\ntime.sleep(60)", tmp_path, StopsWhen(tmp_path / "there"))
    assert time.monotonic() - began < 30


def test_the_watcher_learns_the_group(tmp_path: Path) -> None:
    class Listener(Patient):
        group = 0

        def started(self, number: int) -> None:
            self.group = os.getpgid(number)
            os.killpg(self.group, signal.SIGTERM)

    listener = Listener()
    assert not run("import time; time.sleep(60)", tmp_path, listener)
    assert listener.group not in (0, os.getpgrp())

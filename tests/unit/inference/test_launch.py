"""Which stages start several processes, how, and who of them speaks when they fail."""

import os
from pathlib import Path
from typing import Any

import pytest

from visage.inference import launch as launching
from visage.inference.launch import LaunchError, launch, one_message, options


@pytest.fixture(autouse=True)
def started(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Returns what would have been started."""
    found: list[Any] = []
    for name in ("WORLD_SIZE", "VISAGE_LAUNCH", "VISAGE_PROCESSES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(launching, "_accelerate", lambda *told: found.append(told))
    monkeypatch.setattr(os, "execvp", lambda _file, words: found.append(words))
    return found


@pytest.mark.parametrize(
    ("stage", "environment"),
    [
        ("train", {}),
        ("train", {"VISAGE_PROCESSES": ""}),
        ("train", {"VISAGE_PROCESSES": "1"}),
        ("split", {"VISAGE_PROCESSES": "2"}),
        ("train", {"VISAGE_PROCESSES": "2", "WORLD_SIZE": "2"}),
        ("train", {"VISAGE_LAUNCH": "torchrun -m", "WORLD_SIZE": "1"}),
    ],
)
def test_one_process_goes_on_itself(
    stage: str,
    environment: dict[str, str],
    started: list[Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    launch(stage)
    assert started == []


def test_so_many_processes_are_started(started: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VISAGE_PROCESSES", "3")
    launch("infer")
    assert started == [("infer", 3)]


def test_the_users_command_takes_the_place_of_the_stage(
    started: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VISAGE_LAUNCH", "srun torchrun --rdzv-id 'a b' -m")
    launch("train")
    assert started == [["srun", "torchrun", "--rdzv-id", "a b", "-m", "stages.train"]]


@pytest.mark.parametrize("text", ["0", "two", "-1", "1.5"])
def test_no_number_of_processes_is_refused(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VISAGE_PROCESSES", text)
    with pytest.raises(LaunchError, match=f"VISAGE_PROCESSES={text}"):
        launch("train")


def test_threads_are_shared_by_the_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(launching, "own_cores", lambda: 9)
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    told = options("train", 4)
    assert told[told.index("--num_cpu_threads_per_process") + 1] == "2"
    monkeypatch.setenv("OMP_NUM_THREADS", "7")
    told = options("train", 4)
    assert told[told.index("--num_cpu_threads_per_process") + 1] == "7"


def test_one_process_alone_says_why_it_failed() -> None:
    with pytest.raises(SystemExit, match="why"), one_message():
        raise SystemExit("why")


def test_a_process_that_fails_after_another_ends_without_a_word(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    codes: list[int] = []
    monkeypatch.setattr(launching, "_is_first_to_fail", lambda: False)
    monkeypatch.setattr(os, "_exit", codes.append)
    with one_message():
        raise SystemExit("why")
    assert codes == [1]


def test_a_process_whose_store_is_gone_speaks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORLD_SIZE", "2")
    monkeypatch.setenv("MASTER_ADDR", "")
    monkeypatch.setenv("MASTER_PORT", "none")
    with pytest.raises(SystemExit, match="why"), one_message():
        raise SystemExit("why")

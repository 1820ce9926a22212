"""The cores of this process: what the system allows and the container pays for."""

import os
from pathlib import Path

import pytest

from visage import cores
from visage.cores import own_cores


@pytest.fixture
def quota(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Returns the file of the quota, of a process that may run on eight cores."""
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(8)), raising=False)
    monkeypatch.setattr(cores, "QUOTA", tmp_path / "cpu.max")
    return tmp_path / "cpu.max"


@pytest.mark.parametrize(
    ("text", "expected"),
    [("200000 100000", 2), ("150000 100000", 2), ("10000 100000", 1), ("max 100000", 8), ("", 8)],
)
def test_a_containers_quota_counts_in_whole_cores(quota: Path, text: str, expected: int) -> None:
    quota.write_text(text)
    assert own_cores() == expected


def test_without_a_quota_the_allowed_cores_count(quota: Path) -> None:
    assert own_cores() == 8


def test_a_quota_above_the_allowed_cores_adds_none(quota: Path) -> None:
    quota.write_text("6400000 100000")
    assert own_cores() == 8

import hashlib
from pathlib import Path

import pytest

from visage.submission.lock import Stage
from visage.submission.rebuild import RebuildError, rebuild


def stage(name: str, code: str, out: str, content: str) -> Stage:
    md5 = hashlib.md5(content.encode(), usedforsecurity=False).hexdigest()
    return Stage(name, f"python -c '{code}'", {}, {out: md5})


WRITE = 'import os; open("{}", "w").write(os.environ["VISAGE_TRACK"])'


def test_the_recorded_commands_run_in_order_untracked(tmp_path: Path) -> None:
    stages = [
        stage("first", WRITE.format("a"), "a", "off"),
        stage("second", 'import shutil; shutil.copy("a", "b")', "b", "off"),
    ]
    said: list[str] = []
    assert rebuild(tmp_path, stages, say=said.append) == []
    assert (tmp_path / "b").read_text(encoding="utf-8") == "off"
    assert [line.split(":")[0] for line in said] == ["[1/2] first", "[2/2] second"]


def test_outputs_that_came_out_in_another_form_are_named(tmp_path: Path) -> None:
    found = rebuild(tmp_path, [stage("first", WRITE.format("a"), "a", "on")], say=lambda _: None)
    assert found == ["a"]


def test_a_stage_that_fails_ends_it(tmp_path: Path) -> None:
    stages = [
        stage("first", "raise SystemExit(3)", "a", ""),
        stage("second", WRITE.format("b"), "b", ""),
    ]
    with pytest.raises(RebuildError, match="first failed"):
        rebuild(tmp_path, stages, say=lambda _: None)
    assert not (tmp_path / "b").exists()

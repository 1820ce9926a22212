import hashlib
import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from visage.cli.main import app
from visage.submission import snapshot

CSV = "data/predictions/submission.csv"
TABLE = "id,age,gender\n6,30.0000,1\n"
Verify = Callable[..., Result]


@pytest.fixture
def verify(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Verify:
    """Verifies TABLE in a project whose dvc.lock says that predict wrote it; it writes `again` now.

    dvc itself, which takes seconds, is stood in for.
    """
    monkeypatch.chdir(tmp_path)
    for who in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{who}_NAME", "a")
        monkeypatch.setenv(f"GIT_{who}_EMAIL", "a@b.c")
    monkeypatch.setattr(snapshot, "_dvc", lambda *_: subprocess.CompletedProcess([], 0, "{}", ""))

    def run(again: str, *words: str) -> Result:
        md5 = hashlib.md5(TABLE.encode(), usedforsecurity=False).hexdigest()
        entry = {"cmd": "python predict.py", "outs": [{"path": CSV, "md5": md5}]}
        for path, text in {
            ".dvc/config": "",
            "constraints.txt": "pandas==0.1\n",
            "dvc.lock": json.dumps({"stages": {"predict": entry}}),  # JSON is YAML
            "data/predictions/.gitignore": "",
            "predict.py": f"open({CSV!r}, 'w').write({again!r})",
        }.items():
            Path(path).parent.mkdir(parents=True, exist_ok=True)
            Path(path).write_text(text, encoding="utf-8")
        for command in ("git init -q", "git add -A", "git commit -q -m x"):
            subprocess.run(command.split(), check=True)
        Path("mine.csv").write_text(TABLE, encoding="utf-8")
        wanted = ["submission", "verify", "mine.csv", "--from", "predict", *words]
        return CliRunner().invoke(app, wanted)

    return run


def test_equal_bytes_end_with_0_and_the_machine(verify: Verify) -> None:
    result = verify(TABLE)
    assert result.exit_code == 0, result.output
    assert "mine.csv: EQUAL BYTES: 1 rows." in result.stdout
    assert "device cpu" in result.stdout
    assert "(constraints.txt: 0.1)" in result.stdout


def test_what_is_within_the_tolerance_is_told_and_ends_with_0(verify: Verify) -> None:
    result = verify(TABLE.replace("30.0000", "30.0050"))
    assert result.exit_code == 0, result.output
    assert "WITHIN the tolerance of 0.01 years and 0 of another gender" in result.stdout
    assert f"The first output that differs: {CSV}" in result.stdout


def test_what_is_beyond_it_is_told_and_ends_with_1(verify: Verify) -> None:
    again = TABLE.replace("30.0000", "31.0000")
    result = verify(again)
    assert result.exit_code == 1
    assert "1 of 1 rows differ: ages by up to 1.0000 years" in result.stderr
    assert "BEYOND the tolerance" in result.stderr
    assert verify(again, "--years", "2").exit_code == 0


def test_a_stage_that_leads_nowhere_is_refused(verify: Verify) -> None:
    result = verify(TABLE, "--from", "trian")
    assert result.exit_code == 1
    assert "--from trian: " in result.stderr

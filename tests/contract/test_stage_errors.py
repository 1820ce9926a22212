"""What goes wrong in a stage is one message with a remedy."""

from collections.abc import Callable
from errno import EACCES, EDQUOT, ENOSPC
from pathlib import Path

import pytest
import stages

from visage.errors import VisageError


@pytest.fixture
def run(root: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[BaseException], str]:
    """Runs a stage that raises, and returns the message it ends with."""
    monkeypatch.chdir(root)

    def ended(error: BaseException) -> str:
        def stage() -> None:
            raise error

        with pytest.raises(SystemExit) as caught:
            stages.run(stage)
        return str(caught.value)

    return ended


def test_a_users_error_is_said_without_a_traceback(run: Callable[[BaseException], str]) -> None:
    assert run(VisageError("that is wrong")).strip() == "ERROR: that is wrong"


@pytest.mark.parametrize("number", [ENOSPC, EDQUOT])
def test_a_full_disk_is_said(run: Callable[[BaseException], str], number: int) -> None:
    said = run(OSError(number, "No space left on device"))
    assert "the disk is full ([Errno" in said
    assert "free some space and run `dvc repro`" in said


def test_an_interruption_says_how_to_go_on(run: Callable[[BaseException], str]) -> None:
    assert "`dvc repro` goes on from here" in run(KeyboardInterrupt())


def test_other_errors_stay(run: Callable[[BaseException], str]) -> None:
    with pytest.raises(OSError, match="denied"):
        run(OSError(EACCES, "denied"))

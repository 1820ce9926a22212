import os
import signal

import pytest

from visage.training.interrupt import Interruption, OrphanedError


def test_nothing_ends_a_training_by_itself() -> None:
    with Interruption() as interruption:
        interruption.obey()
        assert not interruption.wanted


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_is_obeyed_behind_the_step(number: signal.Signals) -> None:
    with Interruption() as interruption:
        os.kill(os.getpid(), number)
        assert interruption.wanted
        with pytest.raises(KeyboardInterrupt):
            interruption.obey()


def test_the_second_signal_has_its_usual_effect() -> None:
    with Interruption():
        os.kill(os.getpid(), signal.SIGINT)
        with pytest.raises(KeyboardInterrupt):
            os.kill(os.getpid(), signal.SIGINT)


def test_an_orphan_stops(monkeypatch: pytest.MonkeyPatch) -> None:
    with Interruption() as interruption:
        parent = os.getppid()
        monkeypatch.setattr("os.getppid", lambda: parent + 1)
        assert interruption.wanted
        with pytest.raises(OrphanedError, match="is gone"):
            interruption.obey()

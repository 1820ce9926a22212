import os
import signal

import pytest
import torch

from visage.inference.machine import Machine
from visage.training.interrupt import Interruption, OrphanedError

ALONE = Machine(torch.device("cpu"), 0)


def test_nothing_ends_a_training_by_itself() -> None:
    with Interruption(ALONE) as interruption:
        assert not interruption.is_wanted()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_is_obeyed_behind_the_step(number: signal.Signals) -> None:
    with Interruption(ALONE) as interruption:
        os.kill(os.getpid(), number)
        assert interruption.is_wanted()
        with pytest.raises(KeyboardInterrupt):
            interruption.obey()


def test_the_second_signal_has_its_usual_effect() -> None:
    with Interruption(ALONE):
        os.kill(os.getpid(), signal.SIGINT)
        with pytest.raises(KeyboardInterrupt):
            os.kill(os.getpid(), signal.SIGINT)


def test_an_orphan_stops(monkeypatch: pytest.MonkeyPatch) -> None:
    with Interruption(ALONE) as interruption:
        parent = os.getppid()
        monkeypatch.setattr("os.getppid", lambda: parent + 1)
        assert interruption.is_wanted()
        with pytest.raises(OrphanedError, match="is gone"):
            interruption.obey()

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import torch

from visage.inference.machine import Machine
from visage.training.turns import Turn

ALONE = Machine(torch.device("cpu"), 0)


def test_a_turn_that_nobody_waits_for_is_not_awaited(tmp_path: Path) -> None:
    turn = Turn(tmp_path / "k.lock")
    with turn.taken(on=ALONE):
        assert not turn.is_awaited()


def test_twins_take_turns_and_the_first_sees_that_one_waits(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path, told = tmp_path / "k.lock", []

    def twin(name: str) -> None:
        with Turn(path).taken(on=ALONE):
            told.append(name)
            time.sleep(0.05)
            told.append(name)

    first = Turn(path)
    with ThreadPoolExecutor(2) as pool, first.taken(on=ALONE):
        waiting = [pool.submit(twin, name) for name in "ab"]
        while not (first.is_awaited() and "waiting until it ends" in caplog.text):
            time.sleep(0.01)
        assert told == []
        first._own.release()
        for one in waiting:
            one.result(timeout=30)
    assert sorted(told) == ["a", "a", "b", "b"]
    assert told[0] == told[1]


def test_a_turn_is_given_back_by_an_error(tmp_path: Path) -> None:
    path = tmp_path / "k.lock"
    with pytest.raises(RuntimeError), Turn(path).taken(on=ALONE):
        raise RuntimeError
    with Turn(path).taken(on=ALONE):
        pass

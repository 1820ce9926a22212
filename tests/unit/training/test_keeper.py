import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event
from typing import Any

import pytest
import torch

from visage.inference.machine import Machine
from visage.training.course import Course
from visage.training.fit import Fitted, fit
from visage.training.keeper import BOOK, Keeper, StateError, keeper
from visage.training.observer import Silent
from visage.training.resuming import Resume
from visage.training.setup import TrainingData
from visage.training.trainer import Trainer

Make = Callable[..., Trainer]
Run = Callable[..., Fitted]
CHANGES: list[dict[str, Any]] = [
    {},
    {"balance": "uncertainty", "ema_decay": 0.9, "mix": {"method": "mixup", "alpha": 1.0}},
    {"optimizer": "sgd", "accumulate": 2, "batch_size": 3, "schedule": "plateau"},
    {"amp": "fp16", "finetune": "gradual", "first_image_size": 16},
    {"finetune": "head_only", "augment": "flip", "ema_decay": 0.9},
    {"freeze_norms_after": 1, "frozen_stages": 1, "erase": 0.5, "schedule": "one_cycle"},
]


class KilledError(Exception):
    """Stands for kill -9."""


class Dying(Keeper):
    """Dies behind some steps, without a word."""

    def __init__(self, folder: Path, *, steps: int, every_step: bool = False) -> None:
        super().__init__(folder, code="c", mode=Resume.AUTO, minutes=-1 if every_step else 10)
        self.steps = steps

    @property
    def is_due(self) -> bool:
        self.steps -= 1
        if self.steps < 0:
            raise KilledError
        return super().is_due


def kept(folder: Path, *, code: str = "c", mode: Resume = Resume.AUTO) -> Keeper:
    return Keeper(folder, code=code, mode=mode, minutes=10)


def equal(first: Fitted, second: Fitted) -> bool:
    same = all(tensor.equal(second.state[name]) for name, tensor in first.state.items())
    ended = first.stopped_because == second.stopped_because
    return same and ended and first.history.equals(second.history)


@pytest.mark.parametrize("changes", CHANGES)
@pytest.mark.parametrize("every_step", [False, True])
@pytest.mark.parametrize("steps", [1, 5, 8])
def test_a_killed_training_ends_with_the_undisturbed_ones_bytes(
    data: TrainingData,
    trainer: Make,
    fitted: Run,
    tmp_path: Path,
    changes: dict[str, Any],
    every_step: bool,
    steps: int,
) -> None:
    undisturbed = fitted(trainer(data, **changes))
    with pytest.raises(KilledError):
        fitted(trainer(data, **changes), keeper=Dying(tmp_path, steps=steps, every_step=every_step))
    torch.rand(7)
    assert equal(fitted(trainer(data, **changes), keeper=kept(tmp_path)), undisturbed)


def test_only_what_was_not_done_is_done_again(
    data: TrainingData, trainer: Make, fitted: Run, tmp_path: Path
) -> None:
    with pytest.raises(KilledError):
        fitted(trainer(data), keeper=Dying(tmp_path, steps=4))
    made = trainer(data)
    kept(tmp_path).resume(made)
    assert (made.position.epoch, made.position.batch) == (2, 0)
    with pytest.raises(KilledError):
        fitted(made, keeper=Dying(tmp_path, steps=2, every_step=True))
    made = trainer(data)
    kept(tmp_path).resume(made)
    assert (made.position.epoch, made.position.batch) == (2, 2)


def test_a_finished_training_is_not_trained_again(
    data: TrainingData, trainer: Make, fitted: Run, tmp_path: Path
) -> None:
    first = fitted(trainer(data), keeper=kept(tmp_path))
    made = trainer(data)
    again = fitted(made, keeper=Dying(tmp_path, steps=0))
    assert equal(first, again)


def test_a_broken_state_gives_way_to_the_one_before(
    data: TrainingData,
    trainer: Make,
    fitted: Run,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    undisturbed = fitted(trainer(data), keeper=kept(tmp_path))
    newest = max(tmp_path.glob("*.pt"), key=lambda path: path.stat().st_mtime_ns)
    damaged = bytearray(newest.read_bytes())
    damaged[len(damaged) // 2] ^= 1
    newest.write_bytes(damaged)
    made = trainer(data)
    assert equal(fitted(made, keeper=kept(tmp_path)), undisturbed)
    assert "is broken; trying the one before it" in caplog.text


def test_two_broken_states_mean_a_new_beginning(
    data: TrainingData, trainer: Make, fitted: Run, tmp_path: Path
) -> None:
    undisturbed = fitted(trainer(data), keeper=kept(tmp_path))
    for path in tmp_path.glob("*.pt"):
        path.write_bytes(b"")
    assert equal(fitted(trainer(data), keeper=kept(tmp_path)), undisturbed)


def test_the_state_that_was_whole_is_not_the_next_one_written_over(
    data: TrainingData, trainer: Make, fitted: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fitted(trainer(data), keeper=kept(tmp_path))
    newest = max(tmp_path.glob("*.pt"), key=lambda path: path.stat().st_mtime_ns)
    newest.write_bytes(b"")
    made, keeping = trainer(data), kept(tmp_path)
    course = keeping.resume(made)
    at = made.position.epoch

    def cut_off(state: Any, path: Path) -> None:
        path.write_bytes(b"half")
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("torch.save", cut_off)
        keeping.save(made, course)
    again = trainer(data)
    kept(tmp_path).resume(again)
    assert again.position.epoch == at > 1


@pytest.mark.parametrize("book", ["", "[]", "{}", '{"code": "c", "states": [{"file": "x"}]}'])
def test_a_broken_book_says_how_to_begin_anew(
    data: TrainingData, trainer: Make, tmp_path: Path, book: str
) -> None:
    kept(tmp_path).save(trainer(data), Course())
    (tmp_path / BOOK).write_text(book, encoding="utf-8")
    with pytest.raises(StateError, match="states.json is broken.*VISAGE_RESUME=restart"):
        kept(tmp_path).resume(trainer(data))


def test_a_state_that_does_not_fit_says_how_to_begin_anew(
    data: TrainingData, trainer: Make, tmp_path: Path
) -> None:
    kept(tmp_path).save(trainer(data, ema_decay=0.9), Course())
    other = trainer(data, spec={"mlp": (4,)}, ema_decay=0.9)
    with pytest.raises(StateError, match="does not fit.*VISAGE_RESUME=restart"):
        kept(tmp_path, mode=Resume.FORCE).resume(other)


def test_a_full_disk_costs_a_warning_and_keeps_the_last_state(
    data: TrainingData,
    trainer: Make,
    fitted: Run,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    with pytest.raises(KilledError):
        fitted(trainer(data), keeper=Dying(tmp_path, steps=5))

    def full(state: Any, path: Path) -> None:
        path.write_bytes(b"half")
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("torch.save", full)
        made = trainer(data)
        kept(tmp_path).resume(made)
        kept(tmp_path).save(made, Course())
    assert "No space left" in caplog.text
    again = trainer(data)
    kept(tmp_path).resume(again)
    assert again.position.epoch == 2


def test_other_code_is_refused_with_the_ways_on(
    data: TrainingData, trainer: Make, tmp_path: Path
) -> None:
    kept(tmp_path).save(trainer(data), Course())
    with pytest.raises(StateError, match="VISAGE_RESUME=force .* VISAGE_RESUME=restart"):
        kept(tmp_path, code="d").resume(trainer(data))
    kept(tmp_path, code="d", mode=Resume.FORCE).resume(trainer(data))


ALONE = Machine(torch.device("cpu"), 0)
INPUTS = {"params": "p", "data": "d", "init": "i", "code": "c"}


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DVC_ROOT", str(tmp_path))
    return tmp_path


def test_the_state_lies_in_the_project_and_goes_when_the_training_is_done(
    root: Path, data: TrainingData, trainer: Make
) -> None:
    with keeper(INPUTS, on=ALONE) as made:
        made.save(trainer(data), Course(run="r"))
        (folder,) = (path for path in (root / ".visage/state").iterdir() if path.is_dir())
        assert (folder / BOOK).is_file()
        made.done()
    assert not folder.exists()


def test_a_twin_waits_and_takes_over_what_the_first_one_reached(
    root: Path,
    data: TrainingData,
    trainer: Make,
    fitted: Run,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    begun = Event()

    def twin() -> Fitted:
        begun.set()
        with keeper(INPUTS, on=ALONE) as waited:
            made = trainer(data)
            monkeypatch.setattr(made, "train_epoch", None)  # nothing is left to train
            found = fit(made, Silent(), course=waited.resume(made), keeper=waited)
            waited.done()
            return found

    with ThreadPoolExecutor(1) as pool:
        with keeper(INPUTS, on=ALONE) as made:
            second = pool.submit(twin)
            begun.wait()
            first = fitted(trainer(data), keeper=made)
            while not (list((root / ".visage/state").glob("*.next"))):
                time.sleep(0.01)
            made.done()
        assert equal(second.result(timeout=60), first)
    assert [path for path in (root / ".visage/state").iterdir() if path.is_dir()] == []


def test_the_run_is_gone_on_with(root: Path, data: TrainingData, trainer: Make) -> None:
    with keeper(INPUTS, on=ALONE) as made:
        made.save(trainer(data), Course(run="r"))
    with keeper(INPUTS, on=ALONE) as made:
        assert made.resume(trainer(data)).run == "r"


@pytest.mark.parametrize("name", ["params", "data", "init"])
def test_another_training_has_another_state(
    root: Path, data: TrainingData, trainer: Make, name: str
) -> None:
    with keeper(INPUTS, on=ALONE) as made:
        made.save(trainer(data), Course(run="r"))
    with keeper({**INPUTS, name: "other"}, on=ALONE) as made:
        assert made.resume(trainer(data)).run is None


def test_restart_forgets_the_state(
    root: Path, data: TrainingData, trainer: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    with keeper(INPUTS, on=ALONE) as made:
        made.save(trainer(data), Course(run="r"))
    monkeypatch.setenv("VISAGE_RESUME", "restart")
    with keeper(INPUTS, on=ALONE) as made:
        assert made.resume(trainer(data)).run is None


def test_never_leaves_no_trace(
    root: Path, data: TrainingData, trainer: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VISAGE_RESUME", "never")
    with keeper(INPUTS, on=ALONE) as made:
        made.save(trainer(data), Course())
    assert not (root / ".visage").exists()


def test_an_observer_may_find_its_run_again() -> None:
    assert Silent().started("f", [], run="r") == "r"

"""`train.compile` through the whole trainer, with dynamo's eager backend: it needs no compiler."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import torch

from visage.training.compiling import CompileError
from visage.training.fit import Fitted
from visage.training.keeper import Keeper
from visage.training.progress import ProgressBar
from visage.training.resuming import Resume
from visage.training.setup import TrainingData
from visage.training.trainer import Trainer

Make = Callable[..., Trainer]
Run = Callable[..., Fitted]


@pytest.fixture
def eager(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch, "compile", partial(torch.compile, backend="eager"))


def test_a_compiled_training_is_the_same_and_goes_on_after_a_stop(
    eager: None, data: TrainingData, trainer: Make, fitted: Run, tmp_path: Path
) -> None:
    changes: dict[str, Any] = {"finetune": "gradual", "augment": "flip"}
    plain = fitted(trainer(data, **changes))
    first = trainer(data, compile=True, **changes)
    kept = Keeper(tmp_path, code="c", mode=Resume.AUTO, minutes=10)
    course = kept.resume(first)
    with ProgressBar(3, 16, shown=False) as bar:
        row = {**first.train_epoch(bar, stepped=lambda: None), **first.validate()}
    first.position.monitored.append(-row["val_harmonic"])
    course.epoch_ended(first, row)
    kept.save(first, course)
    found = fitted(trainer(data, compile=True, **changes), keeper=kept)
    for column in ("train_loss", "val_loss"):
        expected = pytest.approx(plain.history[column].tolist(), rel=2e-3)
        assert found.history[column].tolist() == expected


def test_what_torch_cannot_compile_says_what_is_missing(
    data: TrainingData, trainer: Make, fitted: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    kind = type("InductorError", (RuntimeError,), {"__module__": "torch._inductor.exc"})

    def refuse(*_args: object) -> None:
        raise kind("InvalidCxxCompiler: no working C++ compiler found\nmore")

    monkeypatch.setattr(torch, "compile", lambda _forward: refuse)
    with pytest.raises(CompileError, match=r"no working C\+\+ compiler found.*train.compile=false"):
        fitted(trainer(data, compile=True))


def test_other_errors_of_a_compiled_network_stay(
    data: TrainingData, trainer: Make, fitted: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_args: object) -> None:
        raise RuntimeError("shapes differ")

    monkeypatch.setattr(torch, "compile", lambda _forward: refuse)
    with pytest.raises(RuntimeError, match="shapes differ"):
        fitted(trainer(data, compile=True))

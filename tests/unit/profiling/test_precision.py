from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch

from visage.codes import Task
from visage.inference.machine import Machine
from visage.models.backbone import Normalisation
from visage.models.network import NetworkSpec
from visage.params.load import load
from visage.params.train import Train
from visage.profiling import precision
from visage.profiling.precision import NoTimingError, Setting, Timing, best, timings

Recipe = Callable[..., Train]
PLAIN = Normalisation((0.5, 0.5, 0.5), (0.5, 0.5, 0.5))
SPEC = NetworkSpec(
    "test_resnet", {}, 0.0, (Task.AGE, Task.GENDER), "distribution", 100, (), 0.0, 32, PLAIN
)
CPU = Machine(torch.device("cpu"), 0)


@pytest.fixture
def recipe(root: Path) -> Recipe:
    """Makes the recipe of params.yaml with changes."""
    return lambda **changes: load(Train, root / "params.yaml").model_copy(update=changes)


@pytest.mark.parametrize("changes", [{}, {"finetune": "head_only", "freeze_norms_after": 0}])
def test_each_precision_is_timed_in_both_layouts(recipe: Recipe, changes: dict[str, Any]) -> None:
    found = list(timings(SPEC, recipe(**changes), batch_size=4, rounds=1, on=CPU))
    assert {(t.setting.amp, t.setting.channels_last) for t in found} == {
        (amp, layout) for amp in ("off", "bf16", "fp16") for layout in (False, True)
    }
    assert all(timing.images_per_second for timing in found)


def test_what_torch_cannot_compute_here_is_said(
    monkeypatch: pytest.MonkeyPatch, recipe: Recipe
) -> None:
    whole = precision._step

    def step(*args: object, setting: Setting, **kwargs: object) -> object:
        if setting.amp == "fp16":
            raise RuntimeError("no half here\nat line 3")
        return whole(*args, setting=setting, **kwargs)

    monkeypatch.setattr(precision, "_step", step)
    found = timings(SPEC, recipe(), batch_size=4, rounds=1, on=CPU)
    refused = [timing for timing in found if timing.refusal]
    assert [(t.setting.amp, t.images_per_second) for t in refused] == [("fp16", None)] * 2
    assert refused[0].refusal == "no half here"


def test_nothing_is_recommended_where_torch_refuses_all() -> None:
    with pytest.raises(NoTimingError, match="too large.* --batch-size"):
        best([Timing(Setting("off", False), None, "too large")])


def timed(**speeds: float | None) -> list[Timing]:
    return [Timing(Setting(amp, False), speed) for amp, speed in speeds.items()]


def test_the_fastest_is_taken_where_it_is_clearly_faster() -> None:
    assert best(timed(off=10.0, bf16=30.0, fp16=None)).amp == "bf16"


def test_full_precision_is_kept_where_the_gain_is_small() -> None:
    assert best(timed(off=10.0, bf16=10.3, fp16=2.0)).amp == "off"

"""Which training faces are known, and that processes find the same ones."""

import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import torch

from visage.codes import Task
from visage.inference.familiarity import Familiarity
from visage.inference.known import draw_known, learn_known
from visage.inference.machine import Machine
from visage.inference.predictor import Predictor
from visage.inference.seeing import views
from visage.models.backbone import Normalisation
from visage.models.network import Network, NetworkSpec

TwoProcesses = Callable[[Callable[[Machine], Any]], list[Any]]


def tables(n: int = 40) -> tuple[pd.DataFrame, pd.DataFrame]:
    ids = [f"{row:02d}" for row in range(n)]
    index = pd.DataFrame({"id": ids, "group": np.arange(n) // 2})
    return index, pd.DataFrame({"id": ids, "part": ["train"] * (n - 10) + ["test"] * 10})


def test_one_of_each_group_of_the_train_part_is_known() -> None:
    found = draw_known(*tables(), most=3000, seed=1)
    assert found["id"].tolist() == [f"{row:02d}" for row in range(0, 30, 2)]


def test_a_draw_has_the_size_that_was_asked_for_and_is_sorted() -> None:
    found = draw_known(*tables(), most=7, seed=1)
    assert len(found) == 7
    assert found["id"].is_monotonic_increasing
    assert found["group"].is_unique


def test_the_seed_alone_decides_the_draw() -> None:
    index, splits = tables()
    mixed = index.sample(frac=1, random_state=3)
    first, again, other = (
        draw_known(rows, splits, most=7, seed=seed)["id"].tolist()
        for rows, seed in ((index, 1), (mixed, 1), (index, 2))
    )
    assert first == again != other


def learnt(machine: Machine) -> Familiarity:
    """Returns what 7 random images become, in batches of 2."""
    plain = Normalisation((0.5, 0.5, 0.5), (0.5, 0.5, 0.5))
    torch.manual_seed(0)
    spec = NetworkSpec("test_resnet", {}, 0.0, (Task.AGE,), "regression", 100, (), 0.0, 32, plain)
    predictor = Predictor(Network(spec), views(["identity"]), device=torch.device("cpu"))
    generator = torch.Generator().manual_seed(1)
    pixels = torch.randint(0, 256, (7, 3, 32, 32), dtype=torch.uint8, generator=generator)
    rows = pd.DataFrame({"place": np.arange(7)})
    return learn_known(
        predictor,
        rows,
        lambda share: pixels[share["place"].tolist()].split(2),
        nearest=3,
        machine=machine,
    )


def kept(machine: Machine) -> str:
    found = learnt(machine)
    return json.dumps([found.nearest, found.known.float().tolist()])


def test_two_processes_know_what_one_knows(two_processes: TwoProcesses) -> None:
    nearest, expected = json.loads(kept(Machine(torch.device("cpu"), 0)))
    told = [json.loads(one) for one in two_processes(kept)]
    assert told[0] == told[1]
    assert told[0][0] == nearest
    assert np.abs(np.array(told[0][1]) - expected).max() < 1e-3
    assert np.array(expected).shape[0] == 7

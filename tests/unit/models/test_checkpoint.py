import json
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from visage.codes import Task
from visage.models.backbone import Normalisation
from visage.models.checkpoint import CheckpointError, load_model, save_model
from visage.models.network import Network, NetworkSpec

SPEC = NetworkSpec(
    backbone="test_resnet",
    backbone_kwargs={},
    drop_path_rate=0.0,
    tasks=(Task.AGE, Task.GENDER),
    age_head="regression",
    age_max=90,
    mlp=(8,),
    dropout=0.0,
    image_size=32,
    normalisation=Normalisation((0.5, 0.4, 0.3), (0.2, 0.2, 0.2)),
)


@pytest.fixture
def saved(tmp_path: Path) -> tuple[Path, Path, Network]:
    weights, card = tmp_path / "model.safetensors", tmp_path / "model.json"
    network = Network(SPEC).eval()
    save_model(weights, card, spec=SPEC, state=network.state_dict(), facts={"n_train": 7})
    return weights, card, network


def test_a_loaded_model_gives_the_same_outputs(saved: tuple[Path, Path, Network]) -> None:
    weights, card, network = saved
    images = torch.randint(0, 256, (2, 3, 32, 32), dtype=torch.uint8)
    found = load_model(weights, card)
    assert found.spec == SPEC
    assert torch.equal(found(images).age, network(images).age)
    assert torch.equal(found(images).gender, network(images).gender)


def test_the_same_model_gives_the_same_bytes(saved: tuple[Path, Path, Network]) -> None:
    weights, card, network = saved
    before = weights.read_bytes(), card.read_bytes()
    save_model(weights, card, spec=SPEC, state=network.state_dict(), facts={"n_train": 7})
    assert (weights.read_bytes(), card.read_bytes()) == before


def test_a_pool_that_learnt_comes_back(tmp_path: Path) -> None:
    weights, card = tmp_path / "model.safetensors", tmp_path / "model.json"
    network = Network(replace(SPEC, image_size=64, pool="attention")).eval()
    torch.nn.init.normal_(network.get_parameter("pool.scores"))
    save_model(weights, card, spec=network.spec, state=network.state_dict(), facts={})
    images = torch.randint(0, 256, (2, 3, 64, 64), dtype=torch.uint8)
    found = load_model(weights, card)
    assert found.spec == network.spec
    assert torch.equal(found(images).age, network(images).age)


def test_a_card_from_before_pools_could_be_chosen_is_read(
    saved: tuple[Path, Path, Network],
) -> None:
    weights, card, _network = saved
    facts = json.loads(card.read_text())
    assert facts.pop("pool") == "average"
    card.write_text(json.dumps(facts))
    assert load_model(weights, card).spec == SPEC


def test_a_missing_file_says_what_to_run(saved: tuple[Path, Path, Network]) -> None:
    weights, card, _network = saved
    weights.unlink()
    with pytest.raises(CheckpointError, match="is missing; run `dvc repro`"):
        load_model(weights, card)


def test_a_damaged_file_is_refused(saved: tuple[Path, Path, Network]) -> None:
    weights, card, _network = saved
    weights.write_bytes(weights.read_bytes()[:100])
    with pytest.raises(CheckpointError, match="is damaged"):
        load_model(weights, card)


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("format_version", 99, "format_version 99"),
        ("gender_coding", {"female": 1, "male": 0}, "gender_coding"),
        ("mlp", [4], "do not fit"),
    ],
)
def test_what_does_not_match_is_refused_by_name(
    saved: tuple[Path, Path, Network], key: str, value: object, message: str
) -> None:
    weights, card, _network = saved
    card.write_text(json.dumps({**json.loads(card.read_text()), key: value}))
    with pytest.raises(CheckpointError, match=message):
        load_model(weights, card)

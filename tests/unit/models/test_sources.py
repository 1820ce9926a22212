import urllib.error
from pathlib import Path
from typing import Any

import pytest
import torch
from huggingface_hub import constants

from visage.files.jsons import read_json
from visage.models.backbone import BackboneError, build
from visage.models.initial import load_initial, save_initial
from visage.models.obtain import initial_weights
from visage.models.sources.hub import published_name
from visage.models.weights import WeightsError, WeightsRequest
from visage.registry import UnknownMemberError


def request(backbone: str = "test_resnet", **changes: Any) -> WeightsRequest:
    facts = {
        "tag": None,
        "path": None,
        "min_matched": 1.0,
        "kwargs": {},
        "seed": 1,
        **changes,
    }
    return WeightsRequest(backbone=backbone, **facts)


def test_random_weights_follow_the_seed() -> None:
    first, same, other = (initial_weights("random", request(seed=seed)) for seed in (1, 1, 2))
    name = "conv1.weight" if "conv1.weight" in first.state else next(iter(first.state))
    assert torch.equal(first.state[name], same.state[name])
    assert not torch.equal(first.state[name], other.state[name])


def test_random_weights_leave_the_global_generator_alone() -> None:
    torch.manual_seed(5)
    expected = torch.rand(1)
    torch.manual_seed(5)
    initial_weights("random", request(seed=9))
    assert torch.rand(1) == expected


def test_packaged_weights_are_trained_ones() -> None:
    weights = initial_weights("packaged", request("tf_efficientnet_lite0"))
    backbone = build("tf_efficientnet_lite0").eval()
    backbone.load_state_dict(weights.state)
    features = backbone(torch.rand(4, 3, 64, 64))
    assert len(weights.state) == 294
    assert features.isfinite().all()
    assert weights.state["bn1.running_var"].std() > 0
    assert "Apache-2.0" in weights.licence


def test_packaged_weights_refuse_another_backbone_and_name_other_ways() -> None:
    with pytest.raises(WeightsError, match=r"tf_efficientnet_lite0(.|\n)*init.source=random"):
        initial_weights("packaged", request("resnet18"))


def test_without_network_the_hub_names_the_three_other_ways(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def unreachable(*_args: Any, **_options: Any) -> None:
        raise urllib.error.URLError("no network")

    monkeypatch.setattr("urllib.request.urlopen", unreachable)
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path))
    monkeypatch.setenv("HF_HUB_OFFLINE", "0")
    with pytest.raises(WeightsError) as caught:
        initial_weights("hub", request("resnet18"))
    ways = [f"init.source={source}" for source in ("file", "packaged", "random")]
    assert [way for way in ways if way not in str(caught.value)] == []


def test_an_unknown_tag_is_refused_with_near_matches() -> None:
    with pytest.raises(WeightsError, match=r"init.tag: .*did you mean resnet18.a1_in1k"):
        published_name("resnet18", "a1_in2k")


def test_arguments_that_timm_refuses_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("visage.models.sources.hub._stay_offline_if_unreachable", lambda: None)
    asked = request(backbone="resnet18", kwargs={"no_such_argument": 1})
    with pytest.raises(BackboneError, match="init.kwargs {'no_such_argument': 1}"):
        initial_weights("hub", asked)


def test_a_tag_may_carry_its_backbone() -> None:
    assert published_name("resnet18", "resnet18.tv_in1k") == "resnet18.tv_in1k"
    assert published_name("resnet18", "tv_in1k") == "resnet18.tv_in1k"


def test_an_unknown_source_is_refused_with_those_known() -> None:
    with pytest.raises(UnknownMemberError, match="init.source: .*'hubb'; did you mean hub"):
        initial_weights("hubb", request())


def test_initial_weights_survive_the_disk(tmp_path: Path) -> None:
    weights = initial_weights("random", request())
    tensors, facts = tmp_path / "init.safetensors", tmp_path / "init.json"
    save_initial(tensors, facts, source="random", request=request(), weights=weights)
    found = load_initial(tensors, facts)
    assert (found.source, found.kwargs) == ("random", {})
    assert found.weights.normalisation == weights.normalisation
    assert found.weights.state.keys() == weights.state.keys()
    assert read_json(facts)["licence"] == weights.licence


def test_the_account_of_a_file_is_kept_beside_its_tensors(tmp_path: Path) -> None:
    state = build("test_resnet").state_dict()
    del state["conv1.0.weight"]
    torch.save({**state, "fc.bias": torch.ones(2)}, tmp_path / "theirs.pth")
    asked = request(path=str(tmp_path / "theirs.pth"), min_matched=0.9)
    tensors, facts = tmp_path / "init.safetensors", tmp_path / "init.json"
    save_initial(
        tensors, facts, source="file", request=asked, weights=initial_weights("file", asked)
    )
    assert read_json(facts)["found"] == {
        "matched": 74,
        "wanted": 75,
        "missing": ["conv1.0.weight"],
        "misshapen": [],
        "n_unexpected": 0,
        "unexpected": [],
        "n_left_out": 1,
        "left_out": ["fc.bias"],
    }


def test_the_summary_says_origin_and_licence() -> None:
    expected = "Initial weights: random, seed 1\n  licence: none: no weights were taken over"
    assert initial_weights("random", request()).summary() == expected

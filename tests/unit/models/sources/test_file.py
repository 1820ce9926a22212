import argparse
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import save_file
from torch import Tensor

from visage.codes import Task
from visage.models.backbone import Normalisation, build
from visage.models.checkpoint import save_model
from visage.models.network import Network, NetworkSpec
from visage.models.sources.file import initial
from visage.models.weights import InitialWeights, WeightsError, WeightsRequest

State = dict[str, Tensor]


def trained(seed: int = 7) -> State:
    """Returns tensors that a random start from another seed does not give."""
    torch.manual_seed(seed)
    return {
        k: torch.rand_like(v) if v.is_floating_point() else v
        for k, v in build("test_resnet").state_dict().items()
    }


def read(path: Path, *, backbone: str = "test_resnet", **changes: Any) -> InitialWeights:
    facts = {"tag": None, "min_matched": 1.0, "kwargs": {}, "seed": 1, **changes}
    return initial(WeightsRequest(backbone=backbone, path=str(path), **facts))


def read_saved(tmp_path: Path, content: object, **changes: Any) -> InitialWeights:
    torch.save(content, tmp_path / "weights.pth")
    return read(tmp_path / "weights.pth", **changes)


def same(weights: InitialWeights, state: State) -> bool:
    return all(torch.equal(weights.state[name], tensor) for name, tensor in state.items())


def under(prefix: str, state: State) -> State:
    return {f"{prefix}{name}": tensor for name, tensor in state.items()}


@pytest.mark.parametrize("suffix", [".safetensors", ".pth", ".pt", ".ckpt"])
def test_a_file_gives_back_what_was_saved(tmp_path: Path, suffix: str) -> None:
    state, path = trained(), tmp_path / f"weights{suffix}"
    save_file(state, path) if suffix == ".safetensors" else torch.save(state, path)
    found = read(path)
    assert same(found, state)
    assert str(tmp_path) not in found.summary()


@pytest.mark.parametrize(
    "prefix",
    [
        *("model.", "module.", "backbone.", "_orig_mod.", "encoder.", "net."),
        "module._orig_mod.",
        "_orig_mod.module.",
        "model._orig_mod.backbone.module.",
        "net.encoder.student.trunk.",
    ],
)
def test_wrappers_in_front_of_the_names_are_seen_through(tmp_path: Path, prefix: str) -> None:
    found = read_saved(tmp_path, under(prefix, trained()))
    assert same(found, trained())
    assert found.found is not None
    assert found.found.left_out == ()


def test_a_module_compiled_by_itself_is_seen_through(tmp_path: Path) -> None:
    state = {k.replace("layer1.", "layer1._orig_mod."): v for k, v in trained().items()}
    assert state.keys() != trained().keys()
    assert same(read_saved(tmp_path, state), trained())


@pytest.mark.parametrize(
    "nest",
    [
        lambda state: {"state_dict": state, "epoch": 3, "arch": "resnet"},
        lambda state: {"model": state, "args": argparse.Namespace(lr=0.1)},
        lambda state: {"model_state_dict": state, "loss": 0.1},
        lambda state: {"model": {"state_dict": state}},
        lambda state: {"model": "resnet", "params": state},
        lambda state: {"optimizer": {"state": {0: {"exp_avg": torch.ones(3)}}}, "net": state},
    ],
)
def test_a_nested_state_dict_is_found(tmp_path: Path, nest: Callable[[State], Any]) -> None:
    assert same(read_saved(tmp_path, nest(under("module.", trained()))), trained())


@pytest.mark.parametrize(
    "nest",
    [
        lambda plain, ema: {"state_dict": plain, "state_dict_ema": ema},
        lambda plain, ema: {"model": plain, "model_ema": {**under("module.", ema)}},
        lambda plain, ema: {"model": plain, "ema": {"decay": 0.9, "module": ema}},
        lambda plain, ema: {"state_dict": {**under("model.", plain), **under("ema_model.", ema)}},
        lambda plain, ema: {"state_dict": {**under("net.", plain), **under("net_ema.", ema)}},
    ],
)
def test_an_average_of_the_weights_is_preferred(
    tmp_path: Path, nest: Callable[[State, State], Any]
) -> None:
    plain, ema = trained(seed=7), trained(seed=8)
    assert same(read_saved(tmp_path, nest(plain, ema)), ema)


def test_an_average_that_lacks_tensors_is_passed_over(tmp_path: Path) -> None:
    plain, ema = trained(seed=7), trained(seed=8)
    ema.pop("layer1.0.conv1.weight")
    assert same(read_saved(tmp_path, {"model": plain, "model_ema": ema}), plain)


def test_of_two_equals_the_first_in_the_file_is_taken(tmp_path: Path) -> None:
    first, second = trained(seed=7), trained(seed=8)
    found = read_saved(tmp_path, {"state_dict": first, "current_model_state": second})
    assert same(found, first)


def test_the_name_ema_is_not_seen_in_other_words(tmp_path: Path) -> None:
    first, second = trained(seed=7), trained(seed=8)
    assert same(read_saved(tmp_path, {"model": first, "schema": second}), first)


def test_a_lightning_checkpoint_gives_its_backbone(tmp_path: Path) -> None:
    state = {**under("model.backbone.", trained()), "model.head.weight": torch.ones(2, 2)}
    found = read_saved(
        tmp_path,
        {
            "epoch": 1,
            "pytorch-lightning_version": "2.5.0",
            "state_dict": {**state, "loss.weight": torch.ones(2)},
            "hyper_parameters": {"lr": 0.1},
            "callbacks": {"ModelCheckpoint": {"best_model_score": torch.tensor(0.5)}},
        },
    )
    assert same(found, trained())
    assert found.found is not None
    assert found.found.left_out == ("model.head.weight", "loss.weight")
    assert "under state_dict, without the prefix model.backbone." in found.origin


def test_a_classifier_is_left_out_and_not_unexpected(tmp_path: Path) -> None:
    extra = {"fc.weight": torch.ones(2, 2), "fc.bias": torch.ones(2), "odd.weight": torch.ones(1)}
    found = read_saved(tmp_path, {**trained(), **extra})
    assert found.found is not None
    assert found.found.left_out == ("fc.weight", "fc.bias")
    assert found.found.unexpected == ("odd.weight",)


def test_a_model_of_visage_gives_its_backbone(tmp_path: Path) -> None:
    spec = NetworkSpec(
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
    torch.manual_seed(5)
    network = Network(spec)
    path = tmp_path / "model.safetensors"
    save_model(path, tmp_path / "model.json", spec=spec, state=network.state_dict(), facts={})
    found = read(path)
    assert same(found, network.backbone.state_dict())
    assert found.found is not None
    assert {name.split(".")[0] for name in found.found.left_out} == {"mlp", "age", "gender"}


def test_counters_of_an_old_checkpoint_are_not_missed(tmp_path: Path) -> None:
    state = {k: v for k, v in trained().items() if not k.endswith("num_batches_tracked")}
    assert len(state) < len(trained())
    assert same(read_saved(tmp_path, state), state)


def test_names_before_timm_s_own_go_through_timm_s_converter(tmp_path: Path) -> None:
    ours = build("test_convnext").state_dict()
    theirs = {
        k.replace("stem.", "downsample_layers.0.")
        .replace("head.norm.", "norm.")
        .replace("conv_dw", "dwconv")
        .replace("mlp.fc", "pwconv"): v
        for k, v in ours.items()
    }
    assert len(theirs.keys() - ours.keys()) > len(ours) / 3
    found = read_saved(tmp_path, {"model": under("module.", theirs)}, backbone="test_convnext")
    assert same(found, ours)
    assert "through timm's converter" in found.origin


def test_half_precision_becomes_the_backbone_s(tmp_path: Path) -> None:
    found = read_saved(tmp_path, {k: v.half() for k, v in trained().items()})
    assert found.state["conv1.0.weight"].dtype == torch.float32


def test_a_file_of_another_backbone_is_refused_with_an_account(tmp_path: Path) -> None:
    account = (
        r"0 of 75 tensors match\n.*missing: .* and .* more(.|\n)*unexpected: (.|\n)*`backbone`"
    )
    with pytest.raises(WeightsError, match=account):
        read_saved(tmp_path, build("test_vit").state_dict())


def test_another_shape_is_refused_with_both_shapes(tmp_path: Path) -> None:
    state = {**trained(), "conv1.0.weight": torch.ones(16, 1, 3, 3)}
    with pytest.raises(WeightsError, match=r"conv1.0.weight \(16, 1, 3, 3\) instead of \(\d+, 3"):
        read_saved(tmp_path, state)


def test_too_small_a_share_is_refused_at_the_stated_one(tmp_path: Path) -> None:
    state = dict(list(trained().items())[:45])
    with pytest.raises(WeightsError, match=r"At least the share 0\.8 (.|\n)* init\.min_matched"):
        read_saved(tmp_path, state, min_matched=0.8)
    assert same(read_saved(tmp_path, state, min_matched=0.4), state)


def test_what_does_not_match_is_named_and_drawn_from_the_seed(tmp_path: Path) -> None:
    state = trained()
    state.pop("conv1.0.weight")
    first, again, other = (
        read_saved(tmp_path, state, min_matched=0.9, seed=seed) for seed in (1, 1, 2)
    )
    name = "conv1.0.weight"
    assert same(first, state)
    assert torch.equal(first.state[name], again.state[name])
    assert not torch.equal(first.state[name], other.state[name])
    assert "1 missing: conv1.0.weight" in first.summary()


def test_a_missing_file_names_the_other_ways() -> None:
    with pytest.raises(WeightsError, match=r"no file(.|\n)*init.source=hub"):
        read(Path("nowhere.pth"))


def test_a_file_source_without_path_says_so() -> None:
    request = WeightsRequest("test_resnet", tag=None, path=None, min_matched=1.0, kwargs={}, seed=1)
    with pytest.raises(WeightsError, match="init.path: is null"):
        initial(request)


class Hostile:
    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self) -> tuple[Any, ...]:
        return os.mkdir, (str(self.mark),)


@pytest.mark.parametrize("zipped", [True, False])
def test_a_pickle_that_would_run_code_is_refused_and_does_not_run(
    tmp_path: Path, zipped: bool
) -> None:
    path, mark = tmp_path / "weights.ckpt", tmp_path / "it-ran"
    content = {"state_dict": trained(), "hparams": Hostile(mark)}
    torch.save(content, path, _use_new_zipfile_serialization=zipped)
    with pytest.raises(WeightsError, match="can't be read as weights"):
        read(path)
    assert not mark.exists()
    torch.load(path, weights_only=False)
    assert mark.exists()


def test_objects_in_a_checkpoint_are_named_with_the_way_to_take_the_tensors_out(
    tmp_path: Path,
) -> None:
    omegaconf = pytest.importorskip("omegaconf")
    parameters = omegaconf.OmegaConf.create({"lr": 0.1})
    content = {"state_dict": trained(), "hyper_parameters": parameters}
    remedy = r"omegaconf\.dictconfig\.DictConfig(.|\n)*torch\.save\(c\['state_dict'\]"
    with pytest.raises(WeightsError, match=remedy):
        read_saved(tmp_path, content)


def test_a_whole_pickled_model_is_refused_with_the_way_to_take_the_tensors_out(
    tmp_path: Path,
) -> None:
    with pytest.raises(WeightsError, match=r"torch\.nn(.|\n)*c\.state_dict\(\)"):
        read_saved(tmp_path, torch.nn.Sequential(torch.nn.Linear(2, 2)))


@pytest.mark.parametrize("content", [[torch.ones(1)], {"conv1.weight": "text"}, {}, 3])
def test_a_file_without_a_state_dict_is_refused(tmp_path: Path, content: object) -> None:
    with pytest.raises(WeightsError, match="can't be read as weights"):
        read_saved(tmp_path, content)


@pytest.mark.parametrize("suffix", [".safetensors", ".pth"])
@pytest.mark.parametrize("content", [b"", b"not weights at all", b"PK\x03\x04", b"\x80\x02"])
def test_a_file_of_another_kind_is_refused(tmp_path: Path, suffix: str, content: bytes) -> None:
    path = tmp_path / f"weights{suffix}"
    path.write_bytes(content)
    with pytest.raises(WeightsError, match="can't be read as weights"):
        read(path)


def test_a_cut_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "weights.pth"
    torch.save(trained(), path)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(WeightsError, match="can't be read as weights"):
        read(path)


def test_a_checkpoint_that_holds_itself_ends(tmp_path: Path) -> None:
    content: dict[str, Any] = {"state_dict": trained()}
    content["self"] = content
    assert same(read_saved(tmp_path, content), trained())

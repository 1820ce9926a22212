import torch

from visage.models.account import some, take_stock
from visage.models.backbone import build


def test_of_many_names_the_first_are_given() -> None:
    assert some(tuple("abcdefg")) == "a, b, c, d, e and 2 more"
    assert some(tuple("abcde")) == "a, b, c, d, e"


def test_the_share_is_of_the_backbone_s_tensors() -> None:
    backbone = build("test_resnet")
    state = dict(list(backbone.state_dict().items())[:3])
    account = take_stock(backbone, {**state, "odd": torch.ones(1)}, beside=())
    assert (account.matched, account.wanted) == (3, 75)
    assert account.share == 3 / 75


def test_lines_name_only_what_there_is() -> None:
    backbone = build("test_resnet")
    account = take_stock(backbone, backbone.state_dict(), beside=["head.weight"])
    assert account.lines() == ["75 of 75 tensors match", "1 left out: head.weight"]


def test_each_kind_is_named_apart() -> None:
    backbone = build("test_resnet")
    state = {**backbone.state_dict(), "odd": torch.ones(1), "fc.bias": torch.ones(1)}
    state["conv1.1.bias"] = torch.ones(1)
    del state["conv1.0.weight"]
    account = take_stock(backbone, state, beside=())
    assert account.missing == ("conv1.0.weight",)
    assert account.misshapen[0].startswith("conv1.1.bias (1,) instead of (")
    assert (account.unexpected, account.left_out) == (("odd",), ("fc.bias",))

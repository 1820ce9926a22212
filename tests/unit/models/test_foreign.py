"""torchvision's own names, of every kind that docs/initial-weights.md promises or refuses."""

import pytest
import timm
import torch
import torchvision

from visage.models.account import take_stock
from visage.models.foreign import find

META = torch.device("meta")  # names and shapes are all that is looked at
ACCOUNTS = [
    ("vgg16", "vgg16", META, 30, 30),
    ("vgg16_bn", "vgg16_bn", META, 82, 82),
    ("resnet50", "resnet50", META, 265, 265),
    ("densenet121", "densenet121", META, 604, 604),
    ("regnety_008_tv", "regnet_y_800mf", torch.device("cpu"), 291, 291),
    ("efficientnet_b0", "efficientnet_b0", META, 0, 309),
]


@pytest.mark.parametrize(("ours", "theirs", "device", "matched", "wanted"), ACCOUNTS)
def test_torchvisions_tensors_are_found_where_timm_knows_their_names(
    ours: str, theirs: str, device: torch.device, matched: int, wanted: int
) -> None:
    with device:
        backbone = timm.create_model(ours, num_classes=0)
        checkpoint = torchvision.models.get_model(theirs, weights=None).state_dict()
    found = find({"model": checkpoint}, backbone)
    assert found is not None
    account = take_stock(backbone, found.tensors, found.beside)
    assert (account.matched, account.wanted) == (matched, wanted)


def test_vggs_hidden_layers_become_convolutions_of_the_same_numbers() -> None:
    with META:
        backbone = timm.create_model("vgg16", num_classes=0)
        checkpoint = dict(torchvision.models.get_model("vgg16", weights=None).state_dict())
    checkpoint["classifier.3.weight"] = torch.rand(4096, 4096)
    found = find(checkpoint, backbone)
    assert found is not None
    assert found.where() == "through timm's converter"
    hidden = found.tensors["pre_logits.fc2.weight"]
    assert hidden.flatten(1).equal(checkpoint["classifier.3.weight"])
    assert take_stock(backbone, found.tensors, ()).left_out == ("head.fc.weight", "head.fc.bias")

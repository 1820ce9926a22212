import pytest
import torch

from visage.models.backbone import BackboneError, build, feature_width, normalisation


@pytest.mark.parametrize("name", ["test_resnet", "test_vit", "mobilenetv3_small_050", "resnet18"])
def test_feature_width_is_the_width_of_the_output(name: str) -> None:
    backbone = build(name).eval()
    height, width = backbone.pretrained_cfg["input_size"][1:]
    assert backbone(torch.zeros(1, 3, height, width)).shape == (1, feature_width(backbone))


def test_an_unknown_backbone_is_refused_with_near_matches() -> None:
    with pytest.raises(BackboneError, match=r"params.yaml: backbone: .*'resnet_18'.*resnet18"):
        build("resnet_18")


def test_arguments_that_timm_refuses_are_named() -> None:
    with pytest.raises(BackboneError, match="no_such_argument.*init.kwargs"):
        build("test_resnet", kwargs={"no_such_argument": 1})


def test_normalisation_is_that_of_the_published_weights() -> None:
    assert normalisation(build("tf_efficientnet_lite0")).mean == (0.5, 0.5, 0.5)
    assert normalisation(build("resnet18")).mean == (0.485, 0.456, 0.406)

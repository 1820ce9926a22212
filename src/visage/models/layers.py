"""The backbone's layers as a few groups from the input to the output, as timm's models name them.

Fine-tuning policies thaw and layer-wise rates slow down whole groups: the stem, each stage, and
what stands behind the last one.
"""

from timm.models import VGG, group_parameters
from torch import nn


def layer_groups(backbone: nn.Module) -> list[list[str]]:
    """Returns the names of the parameters of each group, the one at the input first.

    A trailing group of mere norms (ConvNeXt's) is part of the last stage. A model without timm's
    own division is one group.
    """
    if isinstance(backbone, VGG):
        return _vgg_groups(backbone)
    shapes = {name: parameter.ndim for name, parameter in backbone.named_parameters()}
    matcher = getattr(backbone, "group_matcher", None)
    if matcher is None:
        return [list(shapes)]
    found = group_parameters(backbone, matcher(coarse=True))
    groups = [list(found[number]) for number in sorted(found)]
    if len(groups) > 1 and all(shapes[name] < 2 for name in groups[-1]):
        groups[-2:] = [groups[-2] + groups[-1]]
    return groups


def _vgg_groups(backbone: VGG) -> list[list[str]]:
    """Returns VGG's blocks of convolutions between two poolings; timm has each layer alone.

    The two hidden layers of its classifier, nine tenths of the parameters, stand with the first
    block: whoever trains the last block on a few faces leaves them as they were.
    """
    blocks = [list(dict(backbone.pre_logits.named_parameters(prefix="pre_logits")))]
    for place, layer in enumerate(backbone.features):
        blocks[-1] += dict(layer.named_parameters(prefix=f"features.{place}"))
        if isinstance(layer, nn.MaxPool2d):
            blocks.append([])
    return [block for block in blocks if block]

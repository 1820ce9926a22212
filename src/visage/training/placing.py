"""Where and how a network computes while it trains."""

import torch

from visage.inference.machine import Machine
from visage.models.folding import fold
from visage.models.network import Network
from visage.params.train import Train
from visage.training.batch_norms import share_statistics


def placed(network: Network, recipe: Train, *, on: Machine) -> Network:
    """Returns the network where it trains, its batch norms as they are computed there.

    Raises:
        BackboneError: it takes no images of the recipe's sizes.
    """
    for side in {recipe.first_image_size or network.spec.image_size, network.spec.image_size}:
        network.refuse_size(side)
    layout = torch.channels_last if recipe.channels_last else torch.contiguous_format
    there = network.to(on.device).to(memory_format=layout)
    if not recipe.compile:  # which fuses by itself
        fold(there.backbone, image_size=there.spec.image_size)
    share_statistics(there, on=on)
    return there

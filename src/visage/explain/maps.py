"""The two maps of an output, by captum: what raised it (positive) and what lowered it.

Grad-CAM (Selvaraju et al. 2017, equations 1 and 2) keeps its sign: the paper's ReLU leaves out what
speaks against a class, and an age has no class to speak for. Occlusion (Zeiler & Fergus 2014,
section 4.2) covers the image, square by square, with the mean colour of the weights' own training
images, which the network sees as 0; a pixel's value is the mean over the squares that cover it.
"""

from collections.abc import Callable

import numpy as np
import torch
from captum.attr import LayerGradCam, Occlusion
from numpy.typing import NDArray
from torch import Tensor, nn

from visage.codes import Task
from visage.models.network import Network

Output = Callable[[Tensor], Tensor]
Floats32 = NDArray[np.float32]

AT_ONCE = 16  # covered images in one batch


def output_of(network: Network, task: Task) -> Output:
    """Returns a function of images (N, 3, H, W) to a task's output, (N,).

    Of age that is the posterior's mean (years), of gender the logit of male.
    """
    if task is Task.AGE:
        return lambda images: expected_age(network, images)
    return lambda images: _logit(network, images)


def expected_age(network: Network, images: Tensor) -> Tensor:
    """Returns the posteriors' means, (N,) years."""
    assert network.age is not None, "asked for age without its head"
    posterior = network.age.posterior(network(images).age)
    grid = torch.arange(posterior.shape[1], device=posterior.device, dtype=posterior.dtype)
    return posterior @ grid


def _logit(network: Network, images: Tensor) -> Tensor:
    logit: Tensor = network(images).gender
    return logit.float()


def grad_cam(output: Output, layer: nn.Module, image: Tensor) -> Floats32:
    """Returns Grad-CAM at `layer`, (h, w) as its feature map; image: (1, 3, H, W)."""
    found = LayerGradCam(output, layer).attribute(image)
    return _array(found[0, 0])


def occlusion(
    output: Output, image: Tensor, *, cover: Tensor, window: int, stride: int
) -> Floats32:
    """Returns how much the output falls while a place is covered, (H, W).

    Args:
        output: a function of images.
        image: (1, 3, H, W), floats.
        cover: colour of the covering square, (1, 3, 1, 1).
        window: the square's side, pixels.
        stride: pixels from one square to the next.
    """
    found = Occlusion(output).attribute(
        image,
        sliding_window_shapes=(3, window, window),  # all three channels at once
        strides=(3, stride, stride),
        baselines=cover.expand_as(image),
        perturbations_per_eval=AT_ONCE,
    )
    return _array(found[0, 0])


def _array(values: Tensor) -> Floats32:
    return values.detach().cpu().numpy().astype(np.float32)

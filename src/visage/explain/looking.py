"""From chosen faces to their explanations, face by face, so that memory stays the same.

The network is what `infer` predicts with (Predictor), and pixels come the same way (vision). The
maps explain its one look at the image as it is, at the model's size; the views of test-time
augmentation are left out.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn

from visage.codes import Task
from visage.explain.mapped import NoMapError, show_map
from visage.explain.maps import grad_cam, occlusion, output_of
from visage.explain.reading import Floats32, agreement, overlay, photo, strongest
from visage.explain.records import Chosen, Explained, Explanations, Map, Method
from visage.files.faces import FaceStore
from visage.files.jpeg import Image
from visage.inference.predictor import Predictor
from visage.models.network import Network
from visage.vision.dataset import Faces
from visage.vision.loader import batches, in_order

Found = dict[Method, Floats32]


@dataclass(frozen=True)
class Looker:
    """A network and how it is asked; window and stride in pixels. `layer` is None: no Grad-CAM."""

    network: Network
    layer: nn.Module | None
    note: str
    window: int
    stride: int


def look(
    chosen: Sequence[Chosen],
    network: Network,
    *,
    store: FaceStore,
    part: str,
    window: float,
    stride: float,
    device: torch.device,
) -> Explanations:
    """Returns the explanations of at least one face.

    window: the covering square's side, as a share of the image's; stride: from one to the next.
    """
    size = network.spec.image_size
    images = list(_images(chosen, store=store, size=size))
    looker = _looker(
        Predictor(network, (), device=device).network,
        images[0].to(device),
        window=max(1, round(window * size)),
        stride=max(1, round(stride * size)),
    )
    pairs = zip(chosen, images, strict=True)
    faces = [_explained(face, image.to(device), looker=looker) for face, image in pairs]
    return Explanations(
        part=part,
        faces=tuple(one for one, _ in faces),
        fields=next((fields for _, fields in faces), None),
        note=looker.note,
    )


def _images(chosen: Sequence[Chosen], *, store: FaceStore, size: int) -> Iterator[Tensor]:
    """Yields each face's pixels, (1, 3, S, S) floats from 0 to 255, at the model's size."""
    n = len(chosen)
    unknown = np.full((n, 2), np.nan, np.float32)
    data = Faces(store, tuple(face.id for face in chosen), unknown, np.full(n, -1, np.int8), size)
    for batch in batches(data, in_order(data), batch_size=1, workers=0):
        yield batch.images.float()


def _looker(network: Network, image: Tensor, *, window: int, stride: int) -> Looker:
    try:
        layer, note = show_map(network, image), ""
    except NoMapError as error:
        layer, note = None, f"Grad-CAM is not for {network.spec.backbone}: {error}"
    return Looker(network, layer, note, window, stride)


def _explained(
    face: Chosen, image: Tensor, *, looker: Looker
) -> tuple[Explained, tuple[int, int] | None]:
    """Returns a face's explanation and the size of Grad-CAM's map."""
    pixels = image[0].permute(1, 2, 0).byte().cpu().numpy()
    found = {task: _found(image, task, looker=looker) for task in looker.network.spec.tasks}
    cams = [maps[Method.GRAD_CAM] for maps in found.values() if Method.GRAD_CAM in maps]
    explained = Explained(
        face=face,
        seen={task: _seen(image, task, looker=looker) for task in found},
        maps=tuple(
            _map(task, method, values, pixels)
            for task, maps in found.items()
            for method, values in maps.items()
        ),
        agreement={task: _agreement(maps) for task, maps in found.items()},
        picture=photo(pixels),
    )
    return explained, (cams[0].shape[0], cams[0].shape[1]) if cams else None


def _found(image: Tensor, task: Task, *, looker: Looker) -> Found:
    output = output_of(looker.network, task)
    covered = occlusion(
        output,
        image,
        cover=looker.network.mean * 255,
        window=looker.window,
        stride=looker.stride,
    )
    if looker.layer is None:
        return {Method.OCCLUSION: covered}
    cam = grad_cam(output, looker.layer, image)
    return {Method.GRAD_CAM: cam, Method.OCCLUSION: covered}


@torch.no_grad()
def _seen(image: Tensor, task: Task, *, looker: Looker) -> float:
    return round(float(output_of(looker.network, task)(image)), 3)


def _map(task: Task, method: Method, values: Floats32, pixels: Image) -> Map:
    return Map(
        task=task,
        method=method,
        largest=float(f"{np.abs(values).max():.4g}"),
        strongest=strongest(values),
        picture=overlay(pixels, values),
    )


def _agreement(maps: Found) -> float | None:
    cam = maps.get(Method.GRAD_CAM)
    return None if cam is None else agreement(cam, maps[Method.OCCLUSION])

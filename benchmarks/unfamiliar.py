"""Which score tells faces like the training's from what the model has never seen?

    python -m benchmarks.unfamiliar --project . --others photos-without-faces/

A finished project's calibration part stands for the familiar. Unlike it are the same faces spoilt
(upside down, in pieces, shrunk, blurred, half hidden), noise, plain grey, and random crops of the
photos in `--others`. Printed are, for each score, the area under the ROC curve and the share that
is refused where 2 % of the calibration part are.

entropy, spread: of the age posterior. gender: one less the larger probability. mahalanobis: of
the features, one Gaussian for all (Lee et al. 2018). knn: one less the mean cosine to the ten
nearest of 3,000 training faces (Sun et al. 2022), and of fewer. norm: how small the features are.
"""

import argparse
from collections.abc import Callable, Iterator
from pathlib import Path

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from sklearn.covariance import LedoitWolf
from sklearn.metrics import roc_auc_score

from visage.files.faces import FaceStore
from visage.files.jpeg import Image
from visage.files.paths import FACES, INDEX, MODEL, MODEL_JSON, SPLITS
from visage.files.tables import read_table
from visage.inference.familiarity import Familiarity, unit_vectors
from visage.models.checkpoint import load_model
from visage.models.network import Network
from visage.schema import INDEX as INDEX_SCHEMA
from visage.schema import SPLITS as SPLITS_SCHEMA

Values = NDArray[np.float64]
Scores = dict[str, Values]
KNOWN, NEAREST, REFUSED, CROPS = 3000, 10, 0.02, 20
FEWER = (1000, 300)  # known faces


def main() -> None:
    """Measures and prints."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--project", type=Path, default=Path())
    options.add_argument("--others", type=Path, help="a folder of photos that show no face")
    given = options.parse_args()
    network = load_model(given.project / MODEL, given.project / MODEL_JSON).eval()
    size, rng = network.spec.image_size, np.random.default_rng(0)
    faces = {part: _faces(given.project, part, size) for part in ("train", "calibration")}
    chosen = rng.choice(len(faces["train"]), min(KNOWN, len(faces["train"])), replace=False)
    score = _scorer(network, [faces["train"][row] for row in chosen])
    familiar = score(faces["calibration"])
    print(" " * 16, *(f"{name:>17s}" for name in familiar))
    for kind, images in _unfamiliar(faces["calibration"], given.others, rng):
        found = score(images)
        print(f"{kind:16s}", *(_told(familiar[name], found[name]) for name in familiar))


def _told(familiar: Values, found: Values) -> str:
    truth = np.r_[np.zeros(len(familiar)), np.ones(len(found))]
    area = roc_auc_score(truth, np.r_[familiar, found])
    refused = (found > np.quantile(familiar, 1 - REFUSED)).mean()
    return f"{area:10.3f} {refused:6.0%}"


def _faces(project: Path, part: str, size: int) -> list[Image]:
    index = read_table(project / INDEX, INDEX_SCHEMA)
    parts = read_table(project / SPLITS, SPLITS_SCHEMA).set_index("id")["part"]
    store = FaceStore(project / FACES)
    return [_small(store.image(id_), size) for id_ in index["id"] if parts.get(id_) == part]


def _small(image: Image, size: int) -> Image:
    found: Image = cv2.resize(image, (size, size), interpolation=cv2.INTER_AREA)  # type: ignore[assignment]
    return found


def _unfamiliar(
    faces: list[Image], others: Path | None, rng: np.random.Generator
) -> Iterator[tuple[str, list[Image]]]:
    """Yields kinds of images that no training face is like, all of the faces' size."""
    size = faces[0].shape[0]
    yield "upside down", [np.ascontiguousarray(face[::-1]) for face in faces]
    yield "16 pieces", [_pieces(face, rng) for face in faces]
    yield "margin of 0.4", [_shrunk(face) for face in faces]
    yield "blur of 6 px", [np.asarray(cv2.GaussianBlur(face, (0, 0), 6)) for face in faces]
    yield "half hidden", [_half(face) for face in faces]
    yield "noise", [rng.integers(0, 256, (size, size, 3), dtype=np.uint8) for _ in range(200)]
    yield "plain grey", [np.full((size, size, 3), level, np.uint8) for level in range(0, 256, 4)]
    if others is not None:
        photos = [cv2.imread(str(path)) for path in sorted(others.iterdir())]
        found = [np.asarray(p[..., ::-1], np.uint8) for p in photos if p is not None]
        yield "other photos", [_crop(photo, size, rng) for photo in found for _ in range(CROPS)]


def _pieces(face: Image, rng: np.random.Generator) -> Image:
    side = face.shape[0] // 4
    order = rng.permutation(16)
    rows = [
        [face[k // 4 * side :, k % 4 * side :][:side, :side] for k in order[4 * row : 4 * row + 4]]
        for row in range(4)
    ]
    return _small(np.vstack([np.hstack(row) for row in rows]), face.shape[0])


def _shrunk(face: Image) -> Image:
    edge = round(0.4 * face.shape[0])
    wide = cv2.copyMakeBorder(face, edge, edge, edge, edge, cv2.BORDER_REPLICATE)
    return _small(np.asarray(wide), face.shape[0])


def _half(face: Image) -> Image:
    hidden = face.copy()
    hidden[face.shape[0] // 2 :] = 127
    return hidden


def _crop(photo: Image, size: int, rng: np.random.Generator) -> Image:
    side = int(min(photo.shape[:2]) * rng.uniform(0.4, 1))
    top, left = (int(rng.integers(0, length - side + 1)) for length in photo.shape[:2])
    return _small(photo[top : top + side, left : left + side], size)


def _scorer(network: Network, known: list[Image]) -> Callable[[list[Image]], Scores]:
    """Returns a function from images to scores, high where they are unlike the known ones."""
    reference = _computed(network, known)[0]
    centre = reference.mean(axis=0)
    counts = [len(reference), *(n for n in FEWER if n < len(reference))]
    familiarity = {f"knn of {n}": _familiarity(reference[:n]) for n in counts}
    precision = LedoitWolf().fit(reference).precision_

    def score(images: list[Image]) -> Scores:
        features, posterior, male = _computed(network, images)
        ages, away = np.arange(posterior.shape[1]), features - centre
        means = posterior @ ages
        return {
            "entropy": -(posterior * np.log(posterior + 1e-12)).sum(axis=1),
            "spread": np.sqrt(posterior @ ages**2 - means**2),
            "gender": 1 - np.maximum(male, 1 - male),
            "mahalanobis": np.einsum("ij,jk,ik->i", away, precision, away),
            **{
                name: 1 - near(torch.from_numpy(features)).numpy()
                for name, near in familiarity.items()
            },
            "norm": -np.linalg.norm(features, axis=1),
        }

    return score


def _familiarity(features: Values) -> Familiarity:
    return Familiarity(unit_vectors(torch.from_numpy(features)), nearest=NEAREST)


@torch.inference_mode()
def _computed(network: Network, images: list[Image]) -> tuple[Values, Values, Values]:
    """Returns features (N, W), posteriors (N, A) and probabilities of male (N,)."""
    found: list[tuple[Values, ...]] = []
    assert network.age is not None
    for first in range(0, len(images), 64):
        batch = torch.from_numpy(np.stack(images[first : first + 64])).permute(0, 3, 1, 2)
        features = network.features(batch)
        told = network.from_features(features)
        assert told.age is not None
        assert told.gender is not None
        kept = features, network.age.posterior(told.age), told.gender.sigmoid()
        found.append(tuple(values.numpy().astype(np.float64) for values in kept))
    features_of, posteriors, males = (np.concatenate(values) for values in zip(*found, strict=True))
    return features_of, posteriors, males


if __name__ == "__main__":
    main()

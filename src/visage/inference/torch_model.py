"""A folder `models` as a face model: the one path of `infer` and of what is decided behind it."""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
from torch import Tensor

from visage.codes import Task
from visage.estimates import Estimates, Floats
from visage.files.hashes import sha256_file
from visage.files.jsons import read_json
from visage.files.paths import FAMILIAR
from visage.inference.face_model import MODEL_FILES, FaceModelError, Images, ModelFacts
from visage.inference.familiarity import Familiarity, load_familiarity
from visage.inference.machine import machine
from visage.inference.predictor import Predictor
from visage.inference.seeing import View, refuse_sizes, views
from visage.inference.sizes import given_size
from visage.models.backbone import feature_width
from visage.models.checkpoint import load_model
from visage.models.network import Network, NetworkSpec
from visage.posterior.decision import Decision
from visage.posterior.estimate import estimate

BATCH: Final = 64  # faces at once: more is no faster and takes memory

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Trained:
    """What the pipeline left in a folder.

    Attributes:
        network: in evaluation mode on the CPU.
        decision: fitted for it.
        facts: what its users must know.
        card: model.json as it is.
        views: to be averaged.
        familiarity: the training faces that others are held to; None: no face is unfamiliar.
    """

    network: Network
    decision: Decision
    facts: ModelFacts
    card: dict[str, Any]
    views: tuple[View, ...]
    familiarity: Familiarity | None = None


@dataclass(frozen=True, eq=False)
class Undecided:
    """What a network says of N faces, views averaged; None without the head or known faces.

    posterior: (N, A), rows sum to 1. male: its probability, (N,). familiarity: (N,).
    """

    posterior: Floats | None
    male: Floats | None
    familiarity: Floats | None


class TorchModel:
    """A network on this machine's device, and its decision."""

    at_once = 1  # a call has all cores

    def __init__(self, predictor: Predictor, decision: Decision, facts: ModelFacts) -> None:
        self.facts = facts
        self._predictor = predictor
        self._decision = decision

    def __call__(self, faces: Images) -> Estimates:
        """Returns the estimates; faces: (N, S, S, 3) RGB, S = facts.image_size."""
        return self.decide(self.undecided(faces))

    def undecided(self, faces: Images) -> Undecided:
        """Returns what the network says, before the decision."""
        if not len(faces):
            return self._nothing()
        if faces.shape[1] < self.facts.image_size:
            raise FaceModelError(
                f"faces of {faces.shape[1]} pixels, and this model with its views sees "
                f"{self.facts.image_size}; give them at facts.image_size"
            )
        found = self._predictor(_batches(faces))
        posterior, male = _mean(found.posterior), _mean(found.gender_probability)
        if posterior is not None:
            posterior /= posterior.sum(axis=1, keepdims=True)
        scores = None if found.familiarity is None else found.familiarity.astype(np.float64)
        return Undecided(posterior, male, scores)

    def decide(self, said: Undecided) -> Estimates:
        """Returns what is said of such faces."""
        return estimate(
            said.posterior, said.male, decision=self._decision, familiarity=said.familiarity
        )

    def _nothing(self) -> Undecided:
        tasks, width = self.facts.tasks, self.facts.age_max + 1
        return Undecided(
            posterior=np.empty((0, width)) if Task.AGE in tasks else None,
            male=np.empty(0) if Task.GENDER in tasks else None,
            familiarity=None if self.facts.familiarity_limit is None else np.empty(0),
        )


def load(folder: Path, view_names: Sequence[str] | None) -> TorchModel:
    """Returns the model in `folder`; without names, of the views that its decision was fitted on.

    Raises:
        CheckpointError: weights and specification do not fit each other or this visage.
        DecisionError: the decision does not fit this visage.
        FaceModelError: the decision was fitted for other weights.
        SizeError: the backbone takes no image of a view's size.
        UnknownMemberError: there is no such view.
    """
    trained = read_trained(folder, view_names=view_names)
    predictor = Predictor(
        trained.network,
        trained.views,
        device=machine().device,
        familiarity=trained.familiarity,
    )
    return TorchModel(predictor, trained.decision, trained.facts)


def read_trained(folder: Path, *, view_names: Sequence[str] | None) -> Trained:
    """Returns what the pipeline left in `folder`; raises as `load` does.

    view_names: None: those that its decision was fitted on.
    """
    weights, card, decided = (folder / name for name in MODEL_FILES)
    network = load_model(weights, card)
    decision, sha256 = Decision.from_json(read_json(decided)), sha256_file(weights)
    if decision.model_sha256 not in (None, sha256):
        raise FaceModelError(
            f"{decided} was fitted for other weights than {weights}: `dvc repro` finishes what was "
            "begun, or bring both from one place"
        )
    familiarity = _familiarity(folder / FAMILIAR.name, network, decision)
    if familiarity is None:
        decision = replace(decision, familiarity_limit=None, unfamiliar_share=None)
    known = read_json(card)
    names = tuple(view_names or decision.views)
    seen = views(names)
    refuse_sizes(network, seen)
    facts = model_facts(network.spec, known, decision=decision, view_names=names, sha256=sha256)
    return Trained(network, decision, facts, known, seen, familiarity)


def _familiarity(path: Path, network: Network, decision: Decision) -> Familiarity | None:
    """Returns the known faces if the decision makes use of them; older folders have none."""
    if decision.familiarity_limit is None:
        return None
    if not path.is_file():
        logger.warning(
            "%s is missing: faces that are unlike the training's are not told from others; copy it "
            "beside the model, or run `dvc repro`",
            path,
        )
        return None
    return load_familiarity(path, width=feature_width(network.backbone))


def model_facts(
    spec: NetworkSpec,
    card: dict[str, Any],
    *,
    decision: Decision,
    view_names: Sequence[str],
    sha256: str,
) -> ModelFacts:
    """Returns what is known of a model from its specification, model.json, decision and views."""
    intervals = decision.age_intervals
    return ModelFacts(
        image_size=given_size(view_names, image_size=spec.image_size),
        tasks=spec.tasks,
        age_max=spec.age_max,
        resize=card.get("resize", "letterbox"),
        margin=card.get("margin"),
        aligned=card.get("aligned", False),
        age_coverage=intervals.levels[intervals.shown].coverage if intervals else None,
        gender_threshold=decision.gender_threshold,
        sha256=sha256,
        format="torch",
        familiarity_limit=decision.familiarity_limit,
    )


def _batches(faces: Images) -> Iterator[Tensor]:
    for first in range(0, len(faces), BATCH):
        yield torch.from_numpy(faces[first : first + BATCH]).permute(0, 3, 1, 2)


def _mean(views_of: np.ndarray[Any, np.dtype[np.float32]] | None) -> Floats | None:
    """Returns the mean over the views, (N, V, ...)."""
    return None if views_of is None else views_of.mean(axis=1, dtype=np.float64)

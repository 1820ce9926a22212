"""A finished run, drawn by hand: every file that the report reads, under its real name."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pandas as pd
import pytest

from visage import schema
from visage.codes import Part, Task
from visage.explain.records import Explanations, write_explanations
from visage.files import paths
from visage.files.faces import FaceStore, write_faces
from visage.files.jpeg import encode
from visage.files.jsons import read_json, write_json
from visage.files.tables import read_table, write_table
from visage.metrics.details import details
from visage.metrics.evaluation import flat
from visage.metrics.traits import Traits
from visage.posterior.decision import AgeIntervals, AgeLevel, Baseline, Decision
from visage.posterior.estimate import estimate, trivial
from visage.posterior.familiarity import scores_of
from visage.posterior.views import average_views, identity_view
from visage.reporting.inputs import Inputs, read_inputs
from visage.reporting.page import page, sections

BOTH = (Task.AGE, Task.GENDER)
HOSTILE_ID = "<script>alert(1)</script>\"'&amp;"
AGE_MAX = 100


INGEST = {
    "source": "kaggle",
    "n_labelled": 1489,
    "n_unlabelled": 300,
    "n_rejected": 11,
    "rejected_by_reason": {"image unreadable": 3, "age out of range": 8},
    "n_clipped": 0,
    "n_near_duplicate_groups": 14,
    "n_in_groups": 31,
}
SUBMISSION = {
    "part": "unlabelled",
    "n": 300,
    "n_fallback": 2,
    "n_out_of_range": 3,
    "n_unfamiliar": 4,
}
INIT = {"source": "random", "origin": "seed 42", "licence": "none needed", "sha256": "0a" * 32}
MODEL = {
    "backbone": "resnet18",
    "age_head": "regression",
    "age_max": AGE_MAX,
    "mlp": [512, 256],
    "image_size": 64,
    "n_parameters": 11_573_634,
    "n_learnt": 11_573_634,
    "n_train": 893,
    "n_validation": 149,
    "seed": 42,
    "lr": 2e-4,
    "monitor": "harmonic",
    "best_epoch": 10,
    "epochs_run": 12,
    "stopped_because": "all epochs were run",
    "fingerprint": "4f" * 32,
    "init": INIT,
    "versions": {"torch": "2.14.1", "timm": "1.0.20"},
}


def write_run(folder: Path, *, tasks: tuple[Task, ...] = BOTH, n: int = 60) -> None:
    """Writes a run into `folder`; its first face has the hostile id and the worst age."""
    rng = np.random.default_rng(3)
    table = _predictions(rng, tasks=tasks, n=n)
    decision = _decision(tasks)
    write_table(folder / paths.PREDICTIONS / "test.parquet", table, schema.PREDICTIONS)
    write_table(folder / paths.FAMILIARITY, _familiarity(table), schema.FAMILIARITY)
    write_json(folder / paths.DECISION, decision.to_json())
    _write_faces(folder, table)
    write_figures(folder)
    _write_data(folder, rng)
    _write_index(folder, table)
    write_json(folder / paths.SUBMISSION_JSON, SUBMISSION)
    _write_training(folder, tasks)
    write_explanations(folder / paths.EXPLANATIONS, Explanations("test"))


def _predictions(rng: np.random.Generator, *, tasks: tuple[Task, ...], n: int) -> pd.DataFrame:
    age = np.clip(rng.gamma(3.5, 10, n), 0, AGE_MAX).round()
    gender = rng.integers(0, 2, n)
    age[0], gender[0] = 90, 1
    guess = np.clip(0.7 * age + 10 + rng.normal(0, 6, n), 1, AGE_MAX - 1)
    guess[0] = 3
    logit = (2 * gender - 1) * 2.2 + rng.normal(0, 1.8, n)
    logit[0] = -6
    rows = [
        {
            "id": HOSTILE_ID if image == 0 else f"face_{image:05d}",
            "view": view,
            "age": age[image],
            "gender": gender[image],
            "group": image,
            "posterior": _posterior(guess[image] + shift) if Task.AGE in tasks else None,
            "gender_probability": 1 / (1 + np.exp(-logit[image] - shift / 5))
            if Task.GENDER in tasks
            else None,
        }
        for image in range(n)
        for view, shift in (("identity", 0.6), ("hflip", -0.6))
    ]
    return pd.DataFrame(rows)


def _familiarity(table: pd.DataFrame) -> pd.DataFrame:
    """Returns scores of which the hostile id's is the lowest and alone below the limit."""
    ids = table["id"].unique()
    return pd.DataFrame({"id": ids, "familiarity": np.linspace(0.4, 0.9, len(ids))})


def _posterior(mean: float) -> np.ndarray:
    mass = np.exp(-((np.arange(AGE_MAX + 1) - mean) ** 2) / (2 * 5.0**2))
    return (mass / mass.sum()).astype(np.float32)


def _decision(tasks: tuple[Task, ...]) -> Decision:
    age, gender = Task.AGE in tasks, Task.GENDER in tasks
    return Decision(
        tasks=tasks,
        n=150,
        gender_threshold=0.43 if gender else None,
        gender_temperature=1.37 if gender else None,
        age_intervals=AgeIntervals((), (AgeLevel(0.9, (13.4,), 13.4),), shown=0) if age else None,
        familiarity_limit=0.405,
        unfamiliar_share=0.02,
        baseline=Baseline(33.4 if age else None, 1 if gender else None),
    )


def _write_faces(folder: Path, table: pd.DataFrame) -> None:
    faces = table.drop_duplicates("id")
    rows = [
        (row.id, encode(_face(int(row.age), int(row.gender)), jpeg_quality=90))
        for row in faces.itertuples()
    ]
    write_faces(folder / paths.FACES, rows, shard_rows=2048)


def _face(age: int, gender: int, size: int = 96) -> np.ndarray:
    image = np.full((size, size, 3), (120 + age, 150, 190 - age), np.uint8)
    middle = (size // 2, size // 2)
    cv2.ellipse(image, middle, (size // 3, size // 2 - 6), 0, 0, 360, (226, 180, 150), -1)
    for side in (-1, 1):
        cv2.circle(image, (middle[0] + side * size // 8, size // 2 - 8), 4, (60, 50, 45), -1)
    cv2.ellipse(
        image, (size // 2, size * 2 // 3), (size // 8, 4 + 4 * gender), 0, 0, 180, (150, 70, 70), 2
    )
    return image


def write_figures(folder: Path, *, known: Traits | None = None) -> None:
    """Writes what evaluate says of the predictions; `known`: of the faces, beside their labels."""
    decision = Decision.from_json(read_json(folder / paths.DECISION))
    table = read_table(folder / paths.PREDICTIONS / "test.parquet", schema.PREDICTIONS)
    test, plain = average_views(table), identity_view(table)
    scores = scores_of(test.labels.id, _familiarity(table))
    told = estimate(test.posterior, test.male_probability, decision=decision, familiarity=scores)
    write_json(folder / paths.EVALUATE_METRICS, flat(test.labels, told))
    write_json(
        folder / paths.DETAILS,
        details(
            test.labels,
            told,
            part="test",
            without_tta=estimate(plain.posterior, plain.male_probability, decision=decision),
            baseline=trivial(decision.baseline, len(test.labels.id)),
            views=test.views,
            resamples=100,
            level=0.95,
            seed=17,
            age_bin_years=10,
            min_slice=3,
            traits=known,
        ),
    )


def _write_data(folder: Path, rng: np.random.Generator) -> None:
    labels = [f"{age:02d}-{age + 9:02d}" for age in range(0, AGE_MAX, 10)]
    counts = {part: _counts(labels, rng) for part in Part}
    parts = {part: {"n": 200} for part in Part}
    split = {"near_duplicate_pairs_across_parts": 0, "split_seed": 13, "parts": parts}
    write_json(folder / paths.SPLIT_METRICS, split)
    write_json(folder / paths.SPLIT_COUNTS, counts)
    write_json(folder / paths.INGEST_METRICS, INGEST)
    ages = np.arange(0.0, AGE_MAX, 5)
    share = np.exp(-(((ages - 28) / 20) ** 2)) + 0.02
    columns = {
        "age_from": ages,
        "age_to": ages + 5,
        "n": (900 * share).astype(int),
        "share_before": share / share.sum(),
        "share_after": np.full(len(ages), 1 / len(ages)),
    }
    curve = pd.DataFrame({"threshold": np.arange(0.1, 1, 0.1), "gender_f1": np.full(9, 0.8)})
    write_table(folder / paths.THRESHOLD_CURVE, curve, schema.THRESHOLD_CURVE)
    write_table(folder / paths.AGE_HISTOGRAM, pd.DataFrame(columns), schema.AGE_HISTOGRAM)


def _write_index(folder: Path, predictions: pd.DataFrame) -> None:
    """Writes the index of the test faces, the second and the third near-duplicates, and rejects."""
    faces = predictions.drop_duplicates("id")[["id", "age", "gender", "group"]]
    faces = faces.assign(row=range(len(faces)), source="kaggle", source_path=faces["id"])
    faces = faces.assign(age_low=faces["age"], age_high=faces["age"], width=96, height=96)
    faces["group"] = [0, 1, 1, *range(3, len(faces))]
    faces = faces.assign(sha256=faces["id"], phash="00" * 32).reindex(columns=schema.INDEX.names)
    write_table(folder / paths.INDEX, faces, schema.INDEX)
    quality = pd.DataFrame({"id": faces["id"], "brightness": 120.0, "sharpness": 90.0})
    colour = [2.0, *[40.0] * (len(faces) - 1)]
    quality = quality.assign(contrast=50.0, colour=colour, face=[1.0, -0.25] * (len(faces) // 2))
    write_table(folder / paths.QUALITY, quality, schema.CHECKED_QUALITY)
    rejected = pd.DataFrame({"reason": [*["age out of range"] * 8, *["image unreadable"] * 3]})
    rejected = rejected.assign(id="<b>bad</b>", row=range(11), source="kaggle", value="<i>140</i>")
    write_table(
        folder / paths.REJECTED, rejected.reindex(columns=schema.REJECTED.names), schema.REJECTED
    )


def _counts(labels: list[str], rng: np.random.Generator) -> dict[str, dict[str, int]]:
    draws = rng.integers(0, 40, (len(labels), 2)).tolist()
    return {label: {"female": f, "male": m} for label, (f, m) in zip(labels, draws, strict=True)}


def _write_training(folder: Path, tasks: tuple[Task, ...]) -> None:
    weights = folder / paths.MODEL
    weights.parent.mkdir(parents=True, exist_ok=True)
    weights.write_bytes(b"not read, only hashed")
    write_json(folder / paths.MODEL_JSON, {**MODEL, "tasks": list(tasks)})
    decay = np.exp(-np.arange(1, 13) / 4)
    columns = {"epoch": np.arange(1, 13), "lr": 2e-4 * decay}
    columns |= {"train_loss": 0.2 + decay, "val_loss": 0.3 + decay}
    if Task.AGE in tasks:
        columns |= {"train_loss_age": 0.01 + decay / 30, "val_loss_age": 0.02 + decay / 30}
        columns |= {"val_rmse": 11 + 12 * decay, "val_mae": 8 + 10 * decay}
    if Task.GENDER in tasks:
        columns |= {"train_loss_gender": 0.2 + decay, "val_loss_gender": 0.28 + decay}
        columns |= {"val_gender_f1": 0.9 - decay / 2}
    if tasks == BOTH:
        columns |= {"val_harmonic": 0.75 - decay / 2}
    history = pd.DataFrame({name: columns.get(name, np.nan) for name in schema.HISTORY.names})
    write_table(folder / paths.HISTORY, history, schema.HISTORY)


@pytest.fixture
def hostile_id() -> str:
    return HOSTILE_ID


@pytest.fixture
def make_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Path]:
    """Writes a run into an empty working directory."""

    def make(**options: Any) -> Path:
        write_run(tmp_path, **options)
        monkeypatch.chdir(tmp_path)
        return tmp_path

    return make


@pytest.fixture
def measure() -> Callable[[Path], None]:
    """Writes what evaluate says of a run whose predictions were changed."""
    return write_figures


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished run of both tasks, to be read only."""
    folder = tmp_path_factory.mktemp("run")
    write_run(folder)
    return folder


@pytest.fixture(scope="module")
def inputs(folder: Path) -> Inputs:
    """What is read of that run."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        return read_inputs()


@pytest.fixture(scope="module")
def faces(folder: Path) -> FaceStore:
    """The faces of that run."""
    return FaceStore(folder / paths.FACES)


@pytest.fixture(scope="module")
def html(inputs: Inputs, faces: FaceStore) -> str:
    """The page of that run, with six of the worst faces."""
    return page(inputs, sections(inputs, faces=faces, worst=6))

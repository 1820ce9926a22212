"""The places of the pipeline's files, relative to the project's root, as dvc.yaml names them."""

from pathlib import Path
from typing import Final

DEMO: Final = Path("data/demo")
INDEX: Final = Path("data/index.parquet")
QUALITY: Final = Path("data/quality.parquet")
REJECTED: Final = Path("data/rejected.csv")
FACES: Final = Path("data/faces")
CROP: Final = Path("data/crop.json")  # how both stores' faces are cut out
UNLABELLED_FACES: Final = Path("data/unlabelled")
SPLITS: Final = Path("data/splits.csv")
WEIGHTS: Final = Path("data/weights.csv")
PREDICTIONS: Final = Path("data/predictions")  # a Parquet file a part
FAMILIARITY: Final = Path("data/predictions/familiarity.parquet")
SUBMISSION: Final = Path("data/predictions/submission.csv")
SUBMISSION_JSON: Final = Path("data/predictions/submission.json")

INIT: Final = Path("models/init.safetensors")
INIT_JSON: Final = Path("models/init.json")
MODEL: Final = Path("models/model.safetensors")
MODEL_JSON: Final = Path("models/model.json")
FAMILIAR: Final = Path("models/familiar.safetensors")  # the training faces that others are held to
FINGERPRINT: Final = Path("models/fingerprint.json")
DECISION: Final = Path("models/decision.json")

INGEST_METRICS: Final = Path("metrics/ingest.json")
SPLIT_METRICS: Final = Path("metrics/split.json")
SPLIT_COUNTS: Final = Path("metrics/split_counts.json")
TRAIN_METRICS: Final = Path("metrics/train.json")
EVALUATE_METRICS: Final = Path("metrics/evaluate.json")
DETAILS: Final = Path("metrics/details.json")
HISTORY: Final = Path("metrics/history.csv")
AGE_HISTOGRAM: Final = Path("metrics/age_histogram.csv")
AGE_BINS: Final = Path("metrics/age_bins.csv")
AGE_COVERAGE: Final = Path("metrics/age_coverage.csv")
THRESHOLD_CURVE: Final = Path("metrics/threshold_curve.csv")
AGE_SCATTER: Final = Path("metrics/age_scatter.csv")
GENDER_CONFUSION: Final = Path("metrics/gender_confusion.csv")
EXPLANATIONS: Final = Path("metrics/explanations")  # index.json and pictures
REPORT: Final = Path("metrics/report.html")
DRAWINGS: Final = Path("metrics/drawings")  # the page's, as pictures
MODEL_CARD: Final = Path("metrics/model_card.md")

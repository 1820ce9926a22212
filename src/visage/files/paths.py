"""The places of the pipeline's files, relative to the project's root, as dvc.yaml names them."""

from pathlib import Path
from typing import Final

DEMO: Final = Path("data/demo")
INDEX: Final = Path("data/index.parquet")
REJECTED: Final = Path("data/rejected.csv")
FACES: Final = Path("data/faces")
UNLABELLED_FACES: Final = Path("data/unlabelled")
SPLITS: Final = Path("data/splits.csv")
WEIGHTS: Final = Path("data/weights.csv")
PREDICTIONS: Final = Path("data/predictions")  # a Parquet file a part
SUBMISSION: Final = Path("data/predictions/submission.csv")
SUBMISSION_JSON: Final = Path("data/predictions/submission.json")

INIT: Final = Path("models/init.safetensors")
INIT_JSON: Final = Path("models/init.json")
MODEL: Final = Path("models/model.safetensors")
MODEL_JSON: Final = Path("models/model.json")
FINGERPRINT: Final = Path("models/fingerprint.json")
DECISION: Final = Path("models/decision.json")

INGEST_METRICS: Final = Path("metrics/ingest.json")
SPLIT_METRICS: Final = Path("metrics/split.json")
TRAIN_METRICS: Final = Path("metrics/train.json")
EVALUATE_METRICS: Final = Path("metrics/evaluate.json")
DETAILS: Final = Path("metrics/details.json")
HISTORY: Final = Path("metrics/history.csv")
AGE_HISTOGRAM: Final = Path("metrics/age_histogram.csv")
AGE_BINS: Final = Path("metrics/age_bins.csv")
AGE_SCATTER: Final = Path("metrics/age_scatter.csv")
GENDER_CONFUSION: Final = Path("metrics/gender_confusion.csv")
REPORT: Final = Path("metrics/report.html")

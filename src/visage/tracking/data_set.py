"""The data set that a run was trained on, as MLflow lists it among a run's inputs."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

DIGITS: Final = 32  # of the digest; MLflow takes at most 36


@dataclass(frozen=True)
class DataSet:
    """`digest` is of all that training reads of it; `source` and `profile` are JSON."""

    name: str
    digest: str
    source: str
    profile: str


def data_set(
    params: Mapping[str, Any],
    *,
    ingest: Mapping[str, Any],
    split: Mapping[str, Any],
    digest: str,
) -> DataSet | None:
    """Returns the data set of a run, None where its digest is not known.

    Args:
        params: params.yaml.
        ingest: metrics/ingest.json.
        split: metrics/split.json, whose parts are counted.
        digest: of the training's data in models/fingerprint.json, or "".
    """
    if not digest:
        return None
    data = params.get("data", {})
    parts = {name: part["n"] for name, part in split.get("parts", {}).items()}
    return DataSet(
        name=", ".join(sorted(ingest.get("n_by_source", {}))) or str(data.get("source")),
        digest=digest[:DIGITS],
        source=json.dumps({"uri": str(data.get("root"))}),
        profile=json.dumps({"n_labelled": ingest.get("n_labelled"), **parts}),
    )

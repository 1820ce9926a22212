"""A finished experiment as a member of an ensemble: its saved predictions and what made them.

Nothing is predicted again: what `infer` saved comes from DVC's cache, as in a comparison.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pandas as pd

from visage import schema
from visage.codes import UNLABELLED, Part
from visage.files import paths
from visage.files.jsons import read_json
from visage.files.tables import read_table
from visage.params.load import PARAMS_FILE, read_params
from visage.posterior.decision import Decision
from visage.sweep.experiment_files import files_of
from visage.sweep.references import Reference
from visage.tracking.state import read_stages, refuse_unfinished

PARTS: Final = (Part.VALIDATION.value, Part.CALIBRATION.value, Part.TEST.value, UNLABELLED)
_TABLES: Final = {part: paths.PREDICTIONS / f"{part}.parquet" for part in PARTS}
_OTHERS: Final = (
    *(paths.DECISION, paths.SPLITS, paths.INDEX, paths.QUALITY, paths.REJECTED),
    paths.SUBMISSION_JSON,
    PARAMS_FILE,
)
FILES: Final = (*_TABLES.values(), *_OTHERS)


@dataclass(frozen=True, eq=False)
class Member:
    """A model that was judged.

    Attributes:
        reference: what it is called.
        tables: predictions by part, those of the unlabelled images too (schema.PREDICTIONS).
        decision: fitted for it.
        index: schema.INDEX; quality: schema.QUALITY; rejected: schema.REJECTED; splits:
            schema.SPLITS.
        params: the whole of params.yaml, unchecked.
        origin: submission.json: hashes of model, data, params.
    """

    reference: Reference
    tables: Mapping[str, pd.DataFrame]
    decision: Decision
    index: pd.DataFrame
    quality: pd.DataFrame
    rejected: pd.DataFrame
    splits: pd.DataFrame
    params: dict[str, Any]
    origin: Mapping[str, Any]

    @property
    def name(self) -> str:
        """The name that it was given as."""
        return self.reference.name


def read_member(reference: Reference, root: Path) -> Member:
    """Returns the model of a state, without a change to the workspace.

    Raises:
        ExperimentError: an output is not at hand.
        StateError: the workspace is meant and its files are not those of dvc.lock.
    """
    if reference.commit is None:
        refuse_unfinished(read_stages(root), root, FILES)
    with files_of(reference, root, FILES) as folder:
        return _read(reference, folder)


def _read(reference: Reference, folder: Path) -> Member:
    return Member(
        reference,
        tables={p: read_table(folder / file, schema.PREDICTIONS) for p, file in _TABLES.items()},
        decision=Decision.from_json(read_json(folder / paths.DECISION)),
        index=read_table(folder / paths.INDEX, schema.INDEX),
        quality=read_table(folder / paths.QUALITY, schema.QUALITY),
        rejected=read_table(folder / paths.REJECTED, schema.REJECTED),
        splits=read_table(folder / paths.SPLITS, schema.SPLITS),
        params=read_params(folder / PARAMS_FILE),
        origin=read_json(folder / paths.SUBMISSION_JSON),
    )

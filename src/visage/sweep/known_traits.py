"""What is known of the test images beside their labels, from the files of a finished state.

States of earlier versions have no data/quality.parquet, and an output may not be at hand: then
there are fewer slices, and the comparison goes on.
"""

from pathlib import Path

from visage import schema
from visage.files.paths import INDEX, QUALITY
from visage.files.tables import TableError, read_table
from visage.metrics.traits import Traits, traits
from visage.sweep.experiment_files import ExperimentError, files_of
from visage.sweep.judged import Judged


def known_traits(model: Judged, root: Path) -> Traits | None:
    """Returns the traits of the model's test images, None where the files are not there."""
    try:
        with files_of(model.reference, root, (INDEX, QUALITY)) as folder:
            return _read(model, folder)
    except (ExperimentError, TableError):
        return None


def _read(model: Judged, folder: Path) -> Traits:
    index = read_table(folder / INDEX, schema.INDEX)
    quality = read_table(folder / QUALITY, schema.QUALITY)
    return traits(model.labels.id, index=index, quality=quality)

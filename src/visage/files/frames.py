"""Tables in memory, made of rows that come one by one."""

from collections.abc import Iterable, Sequence
from typing import Any, Final

import pandas as pd
import pyarrow as pa

from visage.chunks import chunks

BATCH: Final = 4096  # rows that are Python objects at a time


def frame(rows: Iterable[Sequence[Any]], schema: pa.Schema) -> pd.DataFrame:
    """Returns rows of values in the order of `schema`, without holding them as objects."""
    columns = (zip(*batch, strict=True) for batch in chunks(rows, BATCH))
    batches = (pa.record_batch(list(values), schema=schema) for values in columns)
    # A column of Arrow's is let go as soon as it is one of pandas'.
    table: pd.DataFrame = pa.Table.from_batches(batches, schema).to_pandas(
        split_blocks=True, self_destruct=True
    )
    return table

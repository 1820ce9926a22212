"""The weights of a TensorFlow.js graph model: a list of tensors in JSON, their bytes beside it.

Nothing of the graph is run: which tensor belongs to which layer is the caller's knowledge. The
format is that of tfjs-converter's `weightsManifest`. What is stored in half precision is widened.
"""

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from visage.errors import VisageError

STORED = {name: np.dtype(name).newbyteorder("<") for name in ("float32", "float16", "int32")}


class TfjsError(VisageError):
    """The bytes are not what the list of tensors says."""


def tensors_of(manifest: list[Any], content: bytes) -> Mapping[str, NDArray[np.float32]]:
    """Returns the tensors by name, float32, in the shapes of TensorFlow (channels last).

    Args:
        manifest: the model's `weightsManifest`.
        content: its files' bytes, one behind the other.

    Raises:
        TfjsError: a tensor is stored as another type, or the bytes are too few or too many.
    """
    found: dict[str, NDArray[np.float32]] = {}
    start = 0
    for entry in (entry for group in manifest for entry in group["weights"]):
        kind = STORED.get(entry.get("quantization", entry)["dtype"])
        if kind is None:
            raise TfjsError(f"{entry['name']}: only {', '.join(STORED)} can be read")
        count = math.prod(entry["shape"])
        end = start + count * kind.itemsize
        if end > len(content):
            raise TfjsError(f"{entry['name']}: ends at byte {end} of {len(content)}")
        values = np.frombuffer(content, kind, count, start)
        found[entry["name"]] = values.astype(np.float32).reshape(entry["shape"])
        start = end
    if start != len(content):
        raise TfjsError(f"the tensors take {start} of {len(content)} bytes")
    return found

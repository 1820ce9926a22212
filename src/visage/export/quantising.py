"""Eight bits in place of thirty-two: quantised weights and activations of the network's layers.

Static: each activation's range is taken from real faces of the train part, so nothing is measured
while the model runs. Only convolutions and what lies between them are quantised; resizing, heads
and decisions keep their precision. Clips and ReLUs must be among them: an activation that stays in
float between two convolutions of eight bits costs more than it saves. Weights have seven bits, with
which the sums of CPUs without VNNI do not overflow: a file tells every CPU's user the same. What
their rounding does is mended in the biases (docs/decisions/0018-exports.md).
"""

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import onnx
import onnxruntime
from numpy.typing import NDArray
from onnxruntime.quantization import (
    CalibrationDataReader,
    CalibrationMethod,
    QuantFormat,
    QuantType,
    quantize_static,
)
from onnxruntime.quantization.shape_inference import quant_pre_process

from visage.export.artefact import ExportError
from visage.export.bias_correction import correct_biases
from visage.export.byte_input import LEVELS, ByteInput, drop_floats, take_bytes
from visage.export.formats.onnx import describe
from visage.files.atomic import atomic_file
from visage.inference.face_model import Images
from visage.inference.onnx_model import ERRORS

BATCH = 16
CORRECTED_ON = 4  # batches; each layer's means are compared on them
LEAST = 2  # convolutions: with one there is nothing between them
QUANTISED = ("Conv", "Clip", "Relu", "Add", "MaxPool")


class _Reader(CalibrationDataReader):  # type: ignore[misc]
    """Hands faces to ONNX Runtime."""

    def __init__(self, batches: Sequence[Images]) -> None:
        self._batches = iter(batches)

    def get_next(self) -> dict[str, NDArray[Any]] | None:
        """Returns the next batch, None at the end."""
        batch = next(self._batches, None)
        return None if batch is None else {"images": batch}


def quantise(source: Path, target: Path, *, faces: Images, metadata: dict[str, Any]) -> None:
    """Writes the ONNX file `source` with layers of eight bits to `target`.

    faces: (N, S, S, 3), of the kind that the model will see. metadata: what it says of itself.

    Raises:
        ExportError: the network has no convolutions.
    """
    onnxruntime.set_default_logger_severity(ERRORS)
    starts = range(0, len(faces), BATCH)
    batches = [np.ascontiguousarray(faces[first : first + BATCH]) for first in starts]
    with TemporaryDirectory() as folder, atomic_file(target) as temporary:
        prepared, made = Path(folder) / "prepared.onnx", Path(folder) / "made.onnx"
        quant_pre_process(source, prepared, skip_symbolic_shape=True)
        full, levels = onnx.load(prepared), onnx.load(prepared)
        at = take_bytes(levels)
        nodes = _between_convolutions(full, first=0 if at else 1)
        quantize_static(
            levels,
            made,
            _Reader(batches),
            quant_format=QuantFormat.QDQ,
            op_types_to_quantize=list(QUANTISED),
            nodes_to_quantize=nodes,
            per_channel=True,
            reduce_range=True,
            activation_type=QuantType.QUInt8,
            weight_type=QuantType.QInt8,
            calibrate_method=CalibrationMethod.MinMax,
            extra_options={"TensorQuantOverrides": _as_they_are(at)},
        )
        model = onnx.load(made)
        if at:
            drop_floats(model, at)
        correct_biases(model, full, nodes=nodes, batches=batches[:CORRECTED_ON])
        describe(model, metadata)
        onnx.save_model(model, temporary)


def _between_convolutions(model: onnx.ModelProto, *, first: int) -> list[str]:
    """Returns the names of the nodes from a convolution to the last one's activation."""
    nodes = list(model.graph.node)
    places = [place for place, node in enumerate(nodes) if node.op_type == "Conv"]
    if len(places) < LEAST:
        raise ExportError("this network has no convolutions to quantise; leave --int8 out")
    inside = nodes[places[first] : places[-1] + 2]
    return [node.name for node in inside if node.op_type in QUANTISED]


def _as_they_are(at: ByteInput | None) -> dict[str, list[dict[str, Any]]]:
    """Returns how the image's levels become eight bits: one is one."""
    if at is None:
        return {}
    one, zero = np.array(1, np.float32), np.array(at.zero, np.uint8)
    return {LEVELS: [{"scale": one, "zero_point": zero}]}

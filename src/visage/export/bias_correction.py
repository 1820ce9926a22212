"""Biases that make up for what rounded weights do to the mean of each channel.

Rounding moves a channel's mean output a little. Where a channel is made of nine numbers
(depthwise convolutions) the shifts of all layers add up to years of age, the same way for every
face. After Nagel et al. 2019, "Data-free quantization through weight equalization and bias
correction" (section 4.2), with faces in place of the norms' statistics: layer by layer, because a
shift that an earlier layer made is mended there.
"""

from collections.abc import Collection, Iterator, Sequence

import numpy as np
import onnx
import onnxruntime
from numpy.typing import NDArray
from onnx import numpy_helper

from visage.inference.face_model import Images

Means = NDArray[np.float64]  # (C,), of one convolution's output channels
INT32 = np.iinfo(np.int32)


def correct_biases(
    quantised: onnx.ModelProto,
    full: onnx.ModelProto,
    *,
    nodes: Collection[str],
    batches: Sequence[Images],
) -> None:
    """Changes the biases of `quantised` so that each convolution's means are those of `full`.

    Args:
        quantised: the model of eight bits, in ONNX's QDQ form.
        full: the same in float32; a convolution has one name in both.
        nodes: the names of what was quantised; other convolutions are left as they are.
        batches: images, (N, S, S, 3) each.
    """
    convolutions = [node for node in _convolutions(full) if node.name in nodes]
    expected = _means(full, [node.output[0] for node in convolutions], batches)
    corrected = {node.name: node for node in _convolutions(quantised)}
    for convolution, mean in zip(convolutions, expected, strict=True):
        node = corrected[convolution.name]
        parts = _integers(quantised, node)
        if parts is not None:
            (found,) = _means(quantised, [node.output[0]], batches)
            _shift(*parts, mean - found)


def _convolutions(model: onnx.ModelProto) -> Iterator[onnx.NodeProto]:
    return (node for node in model.graph.node if node.op_type == "Conv")


def _means(
    model: onnx.ModelProto, tensors: Sequence[str], batches: Sequence[Images]
) -> list[Means]:
    """Returns the mean by channel of tensors (N, C, H, W) within the graph, over all batches."""
    shown = onnx.ModelProto()
    shown.CopyFrom(model)
    del shown.graph.output[:]
    shown.graph.output.extend(onnx.ValueInfoProto(name=tensor) for tensor in tensors)
    session = onnxruntime.InferenceSession(shown.SerializeToString())
    sums = [np.zeros(1)] * len(tensors)
    for images in batches:
        values = session.run(None, {"images": images})
        sums = [sum_ + value.mean((2, 3)).sum(0) for sum_, value in zip(sums, values, strict=True)]
    return [sum_ / sum(map(len, batches)) for sum_ in sums]


def _integers(
    model: onnx.ModelProto, convolution: onnx.NodeProto
) -> tuple[onnx.TensorProto, Means] | None:
    """Returns a convolution's bias, int32 (C,), and what 1 of it is worth; None without one."""
    constants = {tensor.name: tensor for tensor in model.graph.initializer}
    for node in model.graph.node:
        if node.op_type == "DequantizeLinear" and list(node.output) == list(convolution.input[2:]):
            scale = numpy_helper.to_array(constants[node.input[1]]).astype(np.float64)
            return constants[node.input[0]], scale
    return None


def _shift(bias: onnx.TensorProto, scale: Means, by: Means) -> None:
    """Adds to a bias; a step of 0, of a channel without weights, cannot be shifted."""
    before = numpy_helper.to_array(bias).astype(np.float64)
    steps = np.divide(by, scale, out=np.zeros_like(by), where=scale > 0)
    after = np.clip(np.round(before + steps), INT32.min, INT32.max).astype(np.int32)
    bias.CopyFrom(numpy_helper.from_array(after, bias.name))

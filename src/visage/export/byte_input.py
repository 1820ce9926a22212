"""The first convolution on the image's own bytes: they are eight bits already.

What a network does to its image before the first convolution, (level / 255 - mean) / std, is one
factor and one shift a channel. Both go into the convolution's weights and bias, and what is left
is the level less one whole number, which eight bits hold without loss. So no image becomes floats
on its way, and nothing is laid out anew behind the convolution. Only beyond the edge, where the
convolution sees zeros, that whole number stands for the mean of each channel, a few levels apart.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

Floats = NDArray[np.float64]

LEVELS: Final = "visage_levels"  # the levels less the whole number, as float
_FLOATS, _ZERO, _BIAS = f"{LEVELS}_floats", f"{LEVELS}_zero", f"{LEVELS}_bias"
_ARITHMETIC: Final = ("Add", "Sub", "Mul", "Div")


@dataclass(frozen=True)
class ByteInput:
    """The tensor of bytes that the first convolution is made to see, and what is taken off them."""

    tensor: str
    zero: int


@dataclass(frozen=True)
class _Affine:
    """What becomes of the levels in a tensor of bytes: level * factor + shift, (C,) or ()."""

    bytes_: str
    factor: Floats = field(default_factory=lambda: np.ones(()))
    shift: Floats = field(default_factory=lambda: np.zeros(()))

    def then(self, operation: str, by: Floats) -> "_Affine":
        """Returns this with one more operation behind it."""
        match operation:
            case "Add":
                return _Affine(self.bytes_, self.factor, self.shift + by)
            case "Sub":
                return _Affine(self.bytes_, self.factor, self.shift - by)
            case "Mul":
                return _Affine(self.bytes_, self.factor * by, self.shift * by)
            case _:
                return _Affine(self.bytes_, self.factor / by, self.shift / by)


def take_bytes(model: onnx.ModelProto) -> ByteInput | None:
    """Lets the first convolution see `LEVELS`; what it gives stays the same, but for the edge.

    Returns None, and changes nothing, where it sees something else than bytes normalised by
    channel, as enlarged views are.
    """
    constants = {one.name: one for one in model.graph.initializer}
    makers = {name: node for node in model.graph.node for name in node.output}
    convolution = next(node for node in model.graph.node if node.op_type == "Conv")
    found = _affine(convolution.input[0], makers, constants)
    if found is None:
        return None
    weight, bias = constants[convolution.input[1]], _bias(model, convolution)
    channels = weight.dims[1]
    factor, shift = (np.broadcast_to(one, channels) for one in (found.factor, found.shift))
    zero = int(np.clip(np.round((-shift / factor).mean()), 0, 255))
    _fold(weight, bias, factor=factor, shift=shift + zero * factor)
    before, convolution.input[0] = convolution.input[0], LEVELS
    place = list(model.graph.node).index(convolution)
    for node in (
        helper.make_node("Sub", [_FLOATS, _ZERO], [LEVELS], LEVELS),
        helper.make_node("Cast", [found.bytes_], [_FLOATS], _FLOATS, to=TensorProto.FLOAT),
    ):
        model.graph.node.insert(place, node)
    model.graph.initializer.append(numpy_helper.from_array(np.array(zero, np.float32), _ZERO))
    _drop(model, before, down_to=found.bytes_)
    return ByteInput(found.bytes_, zero)


def drop_floats(model: onnx.ModelProto, at: ByteInput) -> None:
    """Lets the convolution of a quantised graph read the bytes, from which the levels were made."""
    (quantises,) = (
        node
        for node in model.graph.node
        if node.op_type == "QuantizeLinear" and node.input[0] == LEVELS
    )
    levels = quantises.output[0]
    for node in model.graph.node:
        for place, name in enumerate(node.input):
            if name == levels:
                node.input[place] = at.tensor
    _drop(model, levels, down_to=at.tensor)


def _affine(
    tensor: str, makers: Mapping[str, onnx.NodeProto], constants: Mapping[str, onnx.TensorProto]
) -> _Affine | None:
    """Returns what a tensor makes of which bytes; None: it is made in another way."""
    node = makers.get(tensor)
    if node is not None and node.op_type == "Cast":
        return _Affine(node.input[0])
    if node is None or node.op_type not in _ARITHMETIC or node.input[1] not in constants:
        return None
    before = _affine(node.input[0], makers, constants)
    by = numpy_helper.to_array(constants[node.input[1]]).astype(np.float64).ravel()
    return before and before.then(node.op_type, by)


def _bias(model: onnx.ModelProto, convolution: onnx.NodeProto) -> onnx.TensorProto:
    """Returns a convolution's bias; one that has none gets zeros."""
    constants: dict[str, TensorProto] = {one.name: one for one in model.graph.initializer}
    if len(convolution.input) > 2:
        return constants[convolution.input[2]]
    n = constants[convolution.input[1]].dims[0]
    zeros: TensorProto = model.graph.initializer.add()
    zeros.CopyFrom(numpy_helper.from_array(np.zeros(n, np.float32), _BIAS))
    convolution.input.append(_BIAS)
    return zeros


def _fold(weight: TensorProto, bias: TensorProto, *, factor: Floats, shift: Floats) -> None:
    weights = numpy_helper.to_array(weight).astype(np.float64)
    biases = numpy_helper.to_array(bias) + np.einsum("ocij,c->o", weights, shift)
    scaled = weights * factor[:, None, None]
    weight.CopyFrom(numpy_helper.from_array(scaled.astype(np.float32), weight.name))
    bias.CopyFrom(numpy_helper.from_array(biases.astype(np.float32), bias.name))


def _drop(model: onnx.ModelProto, end: str, *, down_to: str) -> None:
    """Takes out what made a tensor of another, as far as nothing else uses it."""
    makers = {name: node for node in model.graph.node for name in node.output}
    asked = {one.name for one in model.graph.output}
    while end != down_to and end not in asked:
        if any(end in node.input for node in model.graph.node):
            return
        model.graph.node.remove(makers[end])
        end = makers[end].input[0]

"""Means of channels, before and after, of a graph that was rounded by hand."""

import numpy as np
import onnx
import onnxruntime
import pytest
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from visage.export.bias_correction import correct_biases

FACES = np.random.default_rng(3).integers(0, 256, (12, 8, 8, 3), np.uint8)
WEIGHT = np.random.default_rng(4).normal(size=(4, 3, 3, 3)).astype(np.float32) / 9
SECOND = np.random.default_rng(5).normal(size=(5, 4, 1, 1)).astype(np.float32)
COARSE = np.float32(0.05)  # a step of the rounded weights
FINE = 1e-3  # of the biases


def constant(name: str, value: NDArray[np.generic]) -> TensorProto:
    return numpy_helper.from_array(value, name)


def model(*, rounded: bool, bias: bool = True) -> onnx.ModelProto:
    """Two convolutions; `rounded`, their weights have few steps and their biases are integers."""
    nodes = [
        helper.make_node("Cast", ["images"], ["floats"], to=TensorProto.FLOAT),
        helper.make_node("Transpose", ["floats"], ["first"], perm=[0, 3, 1, 2]),
    ]
    constants = []
    for name, weight, source, target in (
        ("one", WEIGHT, "first", "second"),
        ("two", SECOND, "second", "end"),
    ):
        if rounded:
            weight = (np.round(weight / COARSE) * COARSE).astype(np.float32)
        inputs = [source, f"{name}.weight"]
        constants.append(constant(f"{name}.weight", weight))
        if bias and rounded:
            inputs.append(f"{name}.bias")
            constants += [
                constant(f"{name}.bias.int", np.zeros(len(weight), np.int32)),
                constant(f"{name}.bias.scale", np.full(len(weight), FINE, np.float32)),
            ]
            step = [f"{name}.bias.int", f"{name}.bias.scale"]
            nodes.append(helper.make_node("DequantizeLinear", step, [f"{name}.bias"], axis=0))
        nodes.append(helper.make_node("Conv", inputs, [target], name=name))
    graph = helper.make_graph(
        nodes,
        "small",
        [helper.make_tensor_value_info("images", TensorProto.UINT8, ["N", 8, 8, 3])],
        [helper.make_tensor_value_info("end", TensorProto.FLOAT, None)],
        constants,
    )
    opset = [helper.make_opsetid("", 17)]
    return helper.make_model(graph, opset_imports=opset, ir_version=9)


def means(of: onnx.ModelProto) -> NDArray[np.float64]:
    (values,) = onnxruntime.InferenceSession(of.SerializeToString()).run(None, {"images": FACES})
    return np.asarray(values, np.float64).mean((0, 2, 3))


def integers(of: onnx.ModelProto, name: str) -> NDArray[np.int32]:
    (found,) = (tensor for tensor in of.graph.initializer if tensor.name == f"{name}.bias.int")
    return numpy_helper.to_array(found)


def test_each_channel_has_the_mean_that_it_had_before_rounding() -> None:
    full, quantised = model(rounded=False), model(rounded=True)
    assert np.abs(means(quantised) - means(full)).max() > 0.3
    correct_biases(quantised, full, nodes={"one", "two"}, batches=[FACES[:8], FACES[8:]])
    assert means(quantised) == pytest.approx(means(full), abs=FINE)


def test_a_layer_is_corrected_behind_the_corrected_ones_before_it() -> None:
    full, quantised, second = (model(rounded=rounded) for rounded in (False, True, True))
    correct_biases(quantised, full, nodes={"one", "two"}, batches=[FACES])
    correct_biases(second, full, nodes={"two"}, batches=[FACES])
    assert not integers(second, "one").any()
    assert np.abs(integers(quantised, "two")).sum() < np.abs(integers(second, "two")).sum()


def test_a_convolution_without_a_bias_stays_as_it_is() -> None:
    full, quantised = model(rounded=False), model(rounded=True, bias=False)
    before = quantised.SerializeToString()
    correct_biases(quantised, full, nodes={"one", "two"}, batches=[FACES])
    assert quantised.SerializeToString() == before


def test_a_channel_whose_step_is_zero_or_tiny_gets_a_whole_number() -> None:
    full, quantised = model(rounded=False), model(rounded=True)
    (scale,) = (t for t in quantised.graph.initializer if t.name == "two.bias.scale")
    scale.CopyFrom(constant(scale.name, np.array([0, 1e-30, *[FINE] * 3], np.float32)))
    correct_biases(quantised, full, nodes={"two"}, batches=[FACES])
    found = integers(quantised, "two")
    assert found[0] == 0
    assert abs(int(found[1])) >= np.iinfo(np.int32).max
    assert means(quantised)[2:] == pytest.approx(means(full)[2:], abs=FINE)

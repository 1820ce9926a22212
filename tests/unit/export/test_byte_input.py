"""The first convolution on bytes: the same numbers, but for the edge, and no floats before it."""

from typing import Any

import numpy as np
import onnx
import onnxruntime
import pytest
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from visage.export.byte_input import LEVELS, ByteInput, drop_floats, take_bytes

RNG = np.random.default_rng(0)
IMAGES = RNG.integers(0, 256, (2, 3, 6, 6), np.uint8)
WEIGHT = RNG.normal(size=(4, 3, 3, 3)).astype(np.float32)
BIAS = RNG.normal(size=4).astype(np.float32)
MEAN = np.array([0.4, 0.5, 0.6], np.float32)[:, None, None]
STD = np.array([0.2, 0.25, 0.3], np.float32)[:, None, None]
NORMALISED = [("Div", np.float32(255)), ("Sub", MEAN), ("Div", STD)]
AS_OTHERS_WRITE_IT = [("Mul", 1 / STD / 255), ("Add", -MEAN / STD)]
ONE_MEAN = [("Sub", np.float32(120)), ("Mul", np.float32(1 / 60))]
Steps = list[tuple[str, Any]]


def model(
    steps: Steps, *, pad: int = 0, bias: bool = True, also: str | None = None
) -> onnx.ModelProto:
    """Returns a cast, these steps and a convolution; `also` is given out, too."""
    nodes = [helper.make_node("Cast", ["images"], ["step0"], "cast", to=TensorProto.FLOAT)]
    constants = [numpy_helper.from_array(WEIGHT, "weight"), numpy_helper.from_array(BIAS, "bias")]
    for number, (operation, by) in enumerate(steps):
        names = [f"step{number}", f"by{number}"]
        nodes.append(helper.make_node(operation, names, [f"step{number + 1}"], f"node{number}"))
        constants.append(numpy_helper.from_array(np.asarray(by, np.float32), f"by{number}"))
    inputs = [f"step{len(steps)}", "weight", *(["bias"] if bias else [])]
    nodes.append(helper.make_node("Conv", inputs, ["out"], "conv", pads=[0, 0, pad, pad]))
    asked = ["out"] if also is None else ["out", also]
    graph = helper.make_graph(
        nodes,
        "small",
        [helper.make_tensor_value_info("images", TensorProto.UINT8, ["N", 3, 6, 6])],
        [helper.make_tensor_value_info(name, TensorProto.FLOAT, list("NCHW")) for name in asked],
        constants,
    )
    opset = [helper.make_opsetid("", 17)]
    return helper.make_model(graph, opset_imports=opset, ir_version=9)


def told(of: onnx.ModelProto) -> list[NDArray[np.float32]]:
    onnx.checker.check_model(of)
    session = onnxruntime.InferenceSession(of.SerializeToString())
    return [np.asarray(one) for one in session.run(None, {"images": IMAGES})]


def kinds(of: onnx.ModelProto) -> list[str]:
    return [node.op_type for node in of.graph.node]


def quantised(of: onnx.ModelProto, at: ByteInput) -> onnx.ModelProto:
    """Returns the graph with its levels made into bytes and back, as ONNX Runtime writes it."""
    constants = {"one": np.float32(1), "zero": np.uint8(at.zero)}
    of.graph.initializer.extend(numpy_helper.from_array(v, k) for k, v in constants.items())
    (convolution,) = (node for node in of.graph.node if node.op_type == "Conv")
    place = list(of.graph.node).index(convolution)
    for kind, source, target in (
        ("DequantizeLinear", "bytes", "back"),
        ("QuantizeLinear", LEVELS, "bytes"),
    ):
        of.graph.node.insert(place, helper.make_node(kind, [source, "one", "zero"], [target], kind))
    convolution.input[0] = "back"
    return of


@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("steps", [NORMALISED, AS_OTHERS_WRITE_IT, ONE_MEAN])
def test_the_same_is_told_from_levels(steps: Steps, bias: bool) -> None:
    before, after = model(steps, bias=bias), model(steps, bias=bias)
    at = take_bytes(after)
    assert at is not None
    assert at.tensor == "images"
    assert kinds(after) == ["Cast", "Sub", "Conv"]
    np.testing.assert_allclose(told(after)[0], told(before)[0], rtol=1e-4, atol=1e-4)


def test_the_whole_number_is_the_mean_of_the_channels_means() -> None:
    at = take_bytes(model(NORMALISED))
    assert at == ByteInput("images", round(255 * 0.5))


def test_the_edge_is_exact_where_the_channels_have_one_mean() -> None:
    before, after = model(ONE_MEAN, pad=1), model(ONE_MEAN, pad=1)
    assert take_bytes(after) == ByteInput("images", 120)
    np.testing.assert_allclose(told(after)[0], told(before)[0], rtol=1e-4, atol=1e-4)


def test_an_edge_is_off_by_the_distance_of_the_means_and_nothing_else_is() -> None:
    before, after = model(NORMALISED, pad=1), model(NORMALISED, pad=1)
    take_bytes(after)
    off = np.abs(told(after)[0] - told(before)[0])
    assert off[..., :-1, :-1].max() < 1e-4
    # Beyond the edge a channel is 0.1 / 0.2 off at most, over five of the nine weights.
    assert 1e-3 < off.max() < 0.5 * np.abs(WEIGHT).sum((1, 2, 3)).max()


def test_nothing_but_bytes_is_left_of_a_quantised_input() -> None:
    after = model(NORMALISED)
    at = take_bytes(after)
    assert at is not None
    expected = told(after)[0]
    drop_floats(quantised(after, at), at)
    assert kinds(after) == ["DequantizeLinear", "Conv"]
    assert after.graph.node[0].input[0] == "images"
    np.testing.assert_array_equal(told(after)[0], expected)


def test_a_step_that_something_else_needs_stays() -> None:
    before, after = model(NORMALISED, also="step2"), model(NORMALISED, also="step2")
    assert take_bytes(after)
    for found, expected in zip(told(after), told(before), strict=True):
        np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize(
    "steps", [[("Pow", np.float32(2)), *NORMALISED], [*NORMALISED, ("Max", STD)]]
)
def test_what_is_no_factor_and_shift_is_left_as_it_is(steps: Steps) -> None:
    found = model(steps)
    before = found.SerializeToString()
    assert take_bytes(found) is None
    assert found.SerializeToString() == before

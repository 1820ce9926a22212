import numpy as np
import pytest

from visage.models.tfjs import TfjsError, tensors_of

HALF = {"quantization": {"dtype": "float16", "original_dtype": "float32"}}


def entry(name: str, *shape: int, **more: object) -> dict[str, object]:
    return {"name": name, "shape": list(shape), "dtype": "float32", **more}


def test_tensors_come_in_their_shapes_and_half_precision_is_widened() -> None:
    kernel, bias = np.arange(6, dtype=np.float32).reshape(2, 3), np.float16([0.5, -2])
    groups = [{"weights": [entry("kernel", 2, 3)]}, {"weights": [entry("bias", 2, **HALF)]}]
    found = tensors_of(groups, kernel.tobytes() + bias.tobytes())
    assert list(found) == ["kernel", "bias"]
    np.testing.assert_array_equal(found["kernel"], kernel)
    assert found["bias"].dtype == np.float32
    assert found["bias"].tolist() == [0.5, -2]


def test_single_number_has_no_dimension() -> None:
    found = tensors_of([{"weights": [entry("one") | {"dtype": "int32"}]}], np.int32(7).tobytes())
    assert found["one"].shape == ()
    assert found["one"] == 7


@pytest.mark.parametrize(
    ("listed", "content", "said"),
    [
        (entry("kernel", 3), bytes(8), "kernel: ends at byte 12 of 8"),
        (entry("kernel", 1), bytes(8), "take 4 of 8 bytes"),
        (entry("kernel", 1, quantization={"dtype": "uint8"}), bytes(1), "kernel: only float32"),
    ],
)
def test_bytes_that_do_not_fit_the_list_are_refused(
    listed: dict[str, object], content: bytes, said: str
) -> None:
    with pytest.raises(TfjsError, match=said):
        tensors_of([{"weights": [listed]}], content)

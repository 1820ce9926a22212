import numpy as np
import pandas as pd
import pytest

from visage.ensemble.averaging import average, in_order_of


def table(values: list[float], *, order: list[int]) -> pd.DataFrame:
    rows = [
        {
            "id": f"f{row}",
            "view": "identity",
            "posterior": np.array([values[row], 1 - values[row]], np.float32),
            "gender_probability": np.float32(values[row] / 2),
        }
        for row in order
    ]
    return pd.DataFrame(rows)


def test_probabilities_are_averaged_by_weight() -> None:
    a, b = table([0.25, 1.0], order=[0, 1]), table([0.75, 0.0], order=[0, 1])
    found = average([a, b], [0.75, 0.25])
    assert np.stack(found["posterior"]).tolist() == [[0.375, 0.625], [0.75, 0.25]]
    assert found["gender_probability"].tolist() == [0.1875, 0.375]


def test_images_are_averaged_by_id_whatever_their_order() -> None:
    a, b = table([0.2, 0.4, 0.6], order=[0, 1, 2]), table([0.4, 0.8, 0.2], order=[2, 0, 1])
    found = average([a, in_order_of(a, b)], [0.5, 0.5])
    assert found["id"].tolist() == ["f0", "f1", "f2"]
    assert [row[0] for row in found["posterior"]] == pytest.approx([0.3, 0.6, 0.4])


@pytest.mark.parametrize("shares", [[0.5, 0.5], [1 / 3, 2 / 3], [0.1, 0.9]])
def test_the_mean_of_equals_is_that_to_the_last_bit(shares: list[float]) -> None:
    one = table(np.random.default_rng(0).random(200).tolist(), order=list(range(200)))
    found = average([one, one], shares)
    assert np.array_equal(np.stack(found["posterior"]), np.stack(one["posterior"]))
    assert found["gender_probability"].equals(one["gender_probability"])


def test_a_task_without_a_head_stays_without() -> None:
    one = table([0.5], order=[0]).assign(gender_probability=None)
    assert average([one, one], [0.5, 0.5])["gender_probability"].isna().all()

import numpy as np
import pandas as pd

from visage.metrics.traits import traits


def found(ids: list[str]):
    index = pd.DataFrame(
        {
            "id": ["a", "b", "c"],
            "source": ["utkface", "utkface", "agedb"],
            "race": ["white", None, None],
            "width": [200, 90, 50],
            "height": [100, 180, 60],
        }
    )
    quality = pd.DataFrame({"id": ["c", "a"], "brightness": [90, 120], "sharpness": [7, 300]})
    types = {"brightness": np.float32, "sharpness": np.float32}
    return traits(np.array(ids, dtype=object), index=index, quality=quality.astype(types))


def test_traits_come_in_the_order_of_the_images() -> None:
    assert found(["c", "a"]).source.tolist() == ["agedb", "utkface"]
    assert found(["c", "a"]).brightness.tolist() == [90, 120]


def test_size_is_the_shorter_side() -> None:
    assert found(["a", "b", "c"]).side.tolist() == [100, 90, 50]


def test_what_is_not_known_is_empty() -> None:
    assert found(["a", "b"]).race.tolist() == ["white", ""]
    np.testing.assert_equal(found(["a", "b"]).sharpness, [300, np.nan])

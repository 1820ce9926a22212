from pathlib import Path
from typing import Any

import pytest

from visage.params.explain import Explain
from visage.params.load import ParamsError, validate

PLAIN: dict[str, Any] = {"faces": 2, "window": 0.2, "stride": 0.1, "seed": 19}


def read(**values: Any) -> Explain:
    return validate(Explain, {"explain": {**PLAIN, **values}}, path=Path("params.yaml"))


def test_squares_may_touch_but_leave_no_gap() -> None:
    assert read(stride=0.2).stride == 0.2
    with pytest.raises(ParamsError, match=r"stride 0\.3 must be at most window \(0\.2\)"):
        read(stride=0.3)


@pytest.mark.parametrize("name", ["window", "stride"])
def test_a_square_is_no_larger_than_the_image(name: str) -> None:
    with pytest.raises(ParamsError, match=f"explain.{name}"):
        read(**{name: 1.5})

"""How the stored faces are cut out is known, stated, or not known."""

from collections.abc import Callable
from pathlib import Path

import pytest

from visage.data.cropping import UNKNOWN, Cropping, cropping
from visage.params.data import Data

Section = Callable[..., Data]
PUBLISHED = Cropping(margin=0.1, aligned=True)


def test_without_a_parameter_the_source_is_believed(data_section: Section, tmp_path: Path) -> None:
    assert cropping(data_section(tmp_path), published=PUBLISHED) == PUBLISHED
    assert cropping(data_section(tmp_path), published=UNKNOWN) == Cropping(None, aligned=False)


def test_the_parameter_wins_and_says_that_the_faces_are_upright(
    data_section: Section, tmp_path: Path
) -> None:
    stated = cropping(data_section(tmp_path, crop_margin=0.3), published=PUBLISHED)
    assert stated == Cropping(margin=0.3, aligned=True)


def test_what_a_model_must_know_is_complete() -> None:
    assert PUBLISHED.to_json(resize="stretch") == {
        "aligned": True,
        "margin": 0.1,
        "resize": "stretch",
    }


def test_cutting_out_needs_a_margin(data_section: Section, tmp_path: Path) -> None:
    assert data_section(tmp_path, align="yunet", crop_margin=0.0).align == "yunet"
    with pytest.raises(ValueError, match="needs a crop_margin"):
        data_section(tmp_path, align="yunet")

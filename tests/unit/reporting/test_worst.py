import base64
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from visage.codes import Task
from visage.estimates import Estimates, Labels
from visage.files.faces import FaceStore
from visage.files.jpeg import decode, encode
from visage.files.paths import FACES
from visage.reporting.blocks import Sheet
from visage.reporting.inputs import Inputs, read_inputs
from visage.reporting.worst import (
    THUMBNAIL_PIXELS,
    picture,
    worst_ages,
    worst_errors,
    worst_genders,
)


@pytest.fixture
def labels() -> Labels:
    return Labels(
        id=np.array(["d", "c", "b", "a"], dtype=object),
        age=np.array([10.0, 20.0, 30.0, 40.0]),
        gender=np.array([0, 0, 1, 1]),
        group=np.arange(4),
    )


def test_ages_come_by_size_of_error_and_ties_by_id(labels: Labels) -> None:
    estimates = Estimates(age=np.array([15.0, 11.0, 35.0, 40.0]))
    assert worst_ages(labels, estimates) == [1, 2, 0, 3]


def test_genders_are_wrong_ones_only_and_the_surest_first(labels: Labels) -> None:
    estimates = Estimates(
        gender=np.array([1, 0, 0, 0]), male_probability=np.array([0.7, 0.1, 0.05, 0.4])
    )
    assert worst_genders(labels, estimates) == [2, 0, 3]


def test_a_task_without_estimates_has_no_worst(labels: Labels) -> None:
    assert worst_ages(labels, Estimates()) == []
    assert worst_genders(labels, Estimates()) == []


def sheets(inputs: Inputs, faces: FaceStore, n: int) -> dict[str, int]:
    section = worst_errors(inputs, faces=faces, n=n)
    assert section is not None
    return {sheet.title: len(sheet.faces) for sheet in section.blocks}


def test_both_tasks_share_the_faces_to_be_shown(inputs: Inputs, faces: FaceStore) -> None:
    assert sheets(inputs, faces, 5) == {
        "Largest age errors": 3,
        "Surest gender errors": 2,
        "Least like the training faces": 2,
    }


def test_one_task_has_all_faces_to_be_shown(make_run: Callable[..., Path]) -> None:
    make_run(tasks=(Task.AGE,))
    shown = sheets(read_inputs(), FaceStore(FACES), 5)
    assert shown == {"Largest age errors": 5, "Least like the training faces": 2}


def test_with_few_wrong_genders_ages_take_their_room(inputs: Inputs, faces: FaceStore) -> None:
    shown = sheets(inputs, faces, 60)
    assert shown["Surest gender errors"] < 30
    assert shown["Surest gender errors"] + shown["Largest age errors"] == 60


def test_no_faces_to_be_shown_is_no_section(inputs: Inputs, faces: FaceStore) -> None:
    assert worst_errors(inputs, faces=faces, n=0) is None


def side(address: str) -> int:
    return decode(base64.b64decode(address.removeprefix("data:image/jpeg;base64,"))).shape[0]


@pytest.mark.parametrize(("stored", "shown"), [(200, THUMBNAIL_PIXELS), (64, 64)])
def test_large_faces_are_made_smaller_and_small_ones_kept(stored: int, shown: int) -> None:
    content = encode(np.full((stored, stored, 3), 90, np.uint8), jpeg_quality=90)
    assert side(picture(content)) == shown


def test_faces_carry_what_they_are_filtered_and_ordered_by(
    inputs: Inputs, faces: FaceStore
) -> None:
    section = worst_errors(inputs, faces=faces, n=4)
    assert section is not None
    sheet = section.blocks[0]
    assert isinstance(sheet, Sheet)
    first = sheet.faces[0]  # of 90 years, and looks 84.9 years younger
    assert (first.age, first.gender) == (90.0, "male")
    assert dict(zip(sheet.orders, first.ranks, strict=True)) == pytest.approx(
        {
            "Youngest label first": -90,
            "Oldest label first": 90,
            "Looks too old first": -84.9,
            "Looks too young first": 84.9,
        },
        abs=0.05,
    )

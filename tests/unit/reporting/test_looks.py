"""The section on explanations: there when there are any, with a text for each picture."""

from dataclasses import replace

import numpy as np
import pytest

from visage.codes import Task
from visage.explain.records import Chosen, Explained, Explanations, Group, Map, Method
from visage.files.faces import FaceStore
from visage.files.jpeg import encode
from visage.reporting.blocks import Sheet
from visage.reporting.formats import MISSING
from visage.reporting.inputs import Inputs
from visage.reporting.looks import looks
from visage.reporting.page import page, sections

PICTURE = encode(np.full((128, 128, 3), 90, np.uint8), jpeg_quality=85)


def map_of(task: Task, method: Method, strongest: str = "upper left") -> Map:
    return Map(task, method, 3.21, strongest, PICTURE)


def explained(id_: str, group: Group, agreement: float | None = 0.614) -> Explained:
    maps = tuple(map_of(task, method) for task in Task for method in Method)
    return Explained(
        face=Chosen(id_, group, 30.0, 41.52, 0, 1),
        seen={Task.AGE: 40.08, Task.GENDER: 0.3},
        maps=maps,
        agreement={Task.AGE: agreement, Task.GENDER: None},
        picture=PICTURE,
    )


@pytest.fixture
def found() -> Explanations:
    faces = (explained("a", Group.WORST), explained("b", Group.WORST), explained("c", Group.BEST))
    return Explanations("test", faces, (4, 4))


def sheets(found: Explanations) -> list[Sheet]:
    section = looks(found)
    assert section is not None
    return [block for block in section.blocks if isinstance(block, Sheet)]


def test_without_explanations_there_is_no_section() -> None:
    assert looks(Explanations("test")) is None


def test_each_face_has_its_sheet_named_by_group_and_rank(found: Explanations) -> None:
    assert [sheet.title for sheet in sheets(found)] == ["Worst 1", "Worst 2", "Best 1"]
    assert sheets(found)[0].caption == "Label → estimate: 30 → 41.5 years, female → male."


def test_photo_and_maps_stand_beside_each_other_with_their_figures(found: Explanations) -> None:
    tiles = [(tile.error, tile.lines) for tile in sheets(found)[0].faces]
    assert tiles == [
        ("Photo", ("without other views 40.1 years",)),
        ("Age, Grad-CAM", ("agreement with occlusion 0.61",)),
        ("Age, occlusion", ("at most 3.2 years",)),
        ("Gender, Grad-CAM", (f"agreement with occlusion {MISSING}",)),
        ("Gender, occlusion", ("at most 3.2 of the logit",)),
    ]


def test_a_maps_text_says_where_it_is_strongest(found: Explanations) -> None:
    even = replace(found.faces[0], maps=(map_of(Task.AGE, Method.OCCLUSION, ""),))
    assert sheets(found)[0].faces[1].alt == "Grad-CAM of age on face a: strongest in the upper left"
    assert sheets(replace(found, faces=(even,)))[0].faces[1].alt == (
        "occlusion of age on face a: the same everywhere"
    )


def test_a_backbone_without_grad_cam_is_told(found: Explanations) -> None:
    section = looks(replace(found, fields=None, note="Grad-CAM is not for vit: no map"))
    assert section is not None
    assert section.lead.endswith("Grad-CAM is not for vit: no map.")


def test_the_page_shows_the_maps_before_its_limits(
    inputs: Inputs, faces: FaceStore, found: Explanations, html: str
) -> None:
    explained = replace(inputs, explanations=found)
    shown = page(explained, sections(explained, faces=faces, worst=6))
    assert shown.index('<section id="worst"') < shown.index('<section id="looks"')
    assert shown.index('<section id="looks"') < shown.index('<section id="limits"')
    assert shown.count("<img") == html.count("<img") + 15
    assert 'id="looks"' not in html

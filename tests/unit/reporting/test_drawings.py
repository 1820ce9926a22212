"""The drawings as files that need no page around them."""

from pathlib import Path
from xml.etree import ElementTree

import pytest

from visage.files.faces import FaceStore
from visage.reporting.drawings import write_drawings
from visage.reporting.inputs import Inputs
from visage.reporting.page import sections

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def drawn(
    inputs: Inputs, faces: FaceStore, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, str]:
    """The text of each file by its name."""
    folder = tmp_path_factory.mktemp("metrics") / "drawings"
    write_drawings(folder, sections(inputs, faces=faces, worst=6))
    return {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir()}


def test_each_drawing_of_the_page_is_a_file_named_after_its_place(
    drawn: dict[str, str], html: str
) -> None:
    assert len(drawn) == html.count("<figure") > 8
    assert {"training-loss.svg", "data-sampling-by-age.svg"} <= drawn.keys()


def test_a_drawing_says_what_it_shows_and_how_large_it_is(drawn: dict[str, str]) -> None:
    picture = ElementTree.fromstring(drawn["training-loss.svg"])  # noqa: S314 - our own drawing
    assert picture.tag == f"{SVG}svg"
    assert picture.findtext(f"{SVG}title") == "Loss"
    assert picture.findtext(f"{SVG}desc")
    assert float(picture.attrib["width"]) > 600


def test_every_colour_and_font_comes_along(drawn: dict[str, str]) -> None:
    for text in drawn.values():
        used = {part.partition(")")[0] for part in text.split("var(")[1:]}
        assert "--figure-text" in used
        assert [name for name in used if f"{name}: " not in text] == []


def test_a_drawing_of_a_run_before_does_not_stay(
    inputs: Inputs, faces: FaceStore, tmp_path: Path
) -> None:
    folder = tmp_path / "drawings"
    folder.mkdir()
    (folder / "old.svg").write_text("<svg/>", encoding="utf-8")
    write_drawings(folder, sections(inputs, faces=faces, worst=6))
    assert not (folder / "old.svg").exists()

"""`visage predict` on real photos: who is there, from left to right, where a person sees them."""

from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import matplotlib.cbook
import numpy as np
import pandas as pd
import pytest
import skimage
import sklearn.datasets
from PIL import Image

from visage.finding.box import Box

Run = Callable[..., CompletedProcess[str]]
DATA = Path(skimage.__file__).parent / "data"
HOPPER = Path(str(matplotlib.cbook.get_sample_data("grace_hopper.jpg", asfileobj=False)))
CHINA = Path(sklearn.datasets.__file__).with_name("images") / "china.jpg"
# From the brows, or the hat, to the chin; measured by eye, pixels.
HOPPERS_FACE = Box(184, 120, 350, 335)
ASTRONAUTS_FACE = Box(181, 66, 267, 178)
CAMERAMANS_FACE = Box(198, 125, 255, 197)  # from the side
SCALE, CORNER = 2, (3000, 1500)  # of Hopper in the large photo
TURNED_LEFT = 6  # EXIF's orientation of a photo that is shown turned to the right by 90 degrees


@pytest.fixture(scope="module")
def photos(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Returns a folder of photos."""
    folder = tmp_path_factory.mktemp("photos")
    hopper = Image.open(HOPPER).convert("RGB")
    astronaut = Image.open(DATA / "astronaut.png").convert("RGB")
    hopper.save(folder / "hopper.jpg", quality=95)
    astronaut.save(folder / "astronaut.png")
    Image.open(DATA / "camera.png").save(folder / "grey.png")
    Image.open(DATA / "coffee.png").save(folder / "nobody.png")
    exif = Image.Exif()
    exif[0x0112] = TURNED_LEFT
    turned = hopper.transpose(Image.Transpose.ROTATE_90)
    turned.save(folder / "turned.jpg", quality=95, exif=exif)
    large = Image.open(CHINA).convert("RGB").resize((6000, 4000))
    large.paste(hopper.resize((SCALE * hopper.width, SCALE * hopper.height)), CORNER)
    large.save(folder / "large.jpg", quality=90)
    two = Image.new("RGB", (1024, 600))
    two.paste(hopper, (512, 0))
    two.paste(astronaut, (0, 0))
    two.save(folder / "two.png")
    return folder


@pytest.fixture(scope="module")
def rows(run_finished: Run, photos: Path) -> dict[str, pd.DataFrame]:
    """Returns the command's rows, by the photos' names."""
    return predicted(run_finished, photos)


def predicted(run: Run, photos: Path) -> dict[str, pd.DataFrame]:
    output = photos.parent / f"{photos.name}.csv"
    done = run("visage", "predict", str(photos), "--margin", "0", "-o", str(output))
    assert (done.returncode, done.stderr) == (0, "")
    table = pd.read_csv(output)
    return {Path(str(path)).name: found for path, found in table.groupby("path")}


def boxes(rows: pd.DataFrame) -> list[Box]:
    return [Box(*row) for row in rows[["x0", "y0", "x1", "y1"]].itertuples(index=False)]


def iou(one: Box, other: Box) -> float:
    """Returns the area that two boxes share, by the area that they cover."""
    across = min(one.x1, other.x1) - max(one.x0, other.x0)
    down = min(one.y1, other.y1) - max(one.y0, other.y0)
    shared = max(0.0, across) * max(0.0, down)
    return shared / (one.width * one.height + other.width * other.height - shared)


def moved(box: Box, *, by: tuple[int, int], times: float = 1) -> Box:
    x, y = by
    return Box(x + box.x0 * times, y + box.y0 * times, x + box.x1 * times, y + box.y1 * times)


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("hopper.jpg", HOPPERS_FACE),
        ("astronaut.png", ASTRONAUTS_FACE),
        ("grey.png", CAMERAMANS_FACE),
        ("turned.jpg", HOPPERS_FACE),
        ("large.jpg", moved(HOPPERS_FACE, by=CORNER, times=SCALE)),
    ],
)
def test_the_one_face_is_where_a_person_sees_it(
    name: str, place: Box, rows: dict[str, pd.DataFrame]
) -> None:
    (found,) = boxes(rows[name])
    assert iou(found, place) > 0.7


def test_every_face_is_answered_with_an_age_and_a_gender(rows: dict[str, pd.DataFrame]) -> None:
    table = pd.concat(rows.values()).dropna(subset="face")
    assert len(table) == 7
    assert table["age"].between(0, 100).all()
    assert table["gender"].isin([0, 1]).all()
    assert table["error"].isna().all()


def test_a_photo_of_nobody_is_one_row_that_says_so(rows: dict[str, pd.DataFrame]) -> None:
    assert rows["nobody.png"]["error"].tolist() == ["no face found"]
    assert rows["nobody.png"]["age"].isna().all()


def test_faces_are_numbered_from_left_to_right(rows: dict[str, pd.DataFrame]) -> None:
    two = rows["two.png"]
    assert two["face"].tolist() == [0, 1]
    left, right = boxes(two)
    assert iou(left, ASTRONAUTS_FACE) > 0.7
    assert iou(right, moved(HOPPERS_FACE, by=(512, 0))) > 0.7


def test_everybody_of_a_group_is_found_in_their_place(
    shared: Path, run_finished: Run, tmp_path: Path
) -> None:
    """Real crops of 90 to 170 pixels, in four rows of six."""
    crops = sorted((shared / "utkface").glob("*.jpg"))
    crops = crops[:: len(crops) // 24][:24]
    rng, places = np.random.default_rng(3), []
    photo = Image.open(CHINA).convert("RGB").resize((1280, 854))
    for number, crop in enumerate(crops):
        side = int(rng.integers(90, 171))
        x, y = 213 * (number % 6) + int(rng.integers(30)), 213 * (number // 6) + 8
        photo.paste(Image.open(crop).convert("RGB").resize((side, side)), (x, y))
        places.append(Box(x, y, x + side, y + side))
    (tmp_path / "photos").mkdir()
    photo.save(tmp_path / "photos/group.jpg", quality=95)
    found = boxes(predicted(run_finished, tmp_path / "photos")["group.jpg"])
    assert len(found) == len(places) == 24
    # UTKFace's crop is the face but for the forehead, which a found box has.
    best = [max(range(24), key=lambda at, box=box: iou(box, places[at])) for box in found]
    assert sorted(best) == list(range(24))
    assert min(iou(box, places[at]) for box, at in zip(found, best, strict=True)) > 0.5
    middles = [box.centre[0] for box in found]
    assert middles == sorted(middles)

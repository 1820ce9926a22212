import numpy as np
import pytest

from visage.data.demo.canvas import Canvas
from visage.data.demo.curves import ellipse

GREY = 100
RED = (255.0, 0.0, 0.0)


@pytest.fixture
def canvas() -> Canvas:
    image = np.full((80, 80, 3), GREY, np.uint8)
    return Canvas(image, np.array([[20.0, 0.0, 40.0], [0.0, 20.0, 40.0]]))


def test_a_fill_covers_its_shape_and_nothing_else(canvas: Canvas) -> None:
    canvas.fill(ellipse(0, 0, 1, 1), RED)
    assert canvas.image[40, 40].tolist() == [255, 0, 0]
    assert canvas.image[40, 63].tolist() == [GREY] * 3


def test_a_transparent_fill_mixes_colours_in_the_same_place(canvas: Canvas) -> None:
    canvas.fill(ellipse(0.5, 0, 0.5, 0.5), (200.0, 200.0, 200.0), alpha=0.5)
    assert canvas.image[40, 50].tolist() == [150] * 3
    assert canvas.image[40, 30].tolist() == [GREY] * 3


def test_overlapping_fills_are_not_darker_where_they_overlap(canvas: Canvas) -> None:
    shapes = [ellipse(-0.3, 0, 0.8, 0.8), ellipse(0.3, 0, 0.8, 0.8)]
    canvas.fill_all(shapes, (0.0, 0.0, 0.0), alpha=0.5)
    assert canvas.image[40, 40].tolist() == canvas.image[40, 26].tolist()


def test_a_clip_keeps_paint_inside(canvas: Canvas) -> None:
    area = canvas.mask(ellipse(-0.5, 0, 0.5, 0.5))
    canvas.fill(ellipse(0, 0, 1.5, 1.5), RED, clip=area)
    assert canvas.image[40, 30].tolist() == [255, 0, 0]
    assert canvas.image[40, 55].tolist() == [GREY] * 3


def test_a_glow_fades_to_nothing_at_its_rim(canvas: Canvas) -> None:
    canvas.glow((0, 0), (1, 1), RED, alpha=1.0)
    row = canvas.image[40, 40:62, 0].astype(int)
    assert row[0] > 240
    assert row[-1] == GREY
    assert (np.diff(row) <= 0).all()


def test_a_glow_stays_inside_its_clip(canvas: Canvas) -> None:
    canvas.glow((0, 0), (1, 1), RED, alpha=1.0, clip=canvas.mask(ellipse(-0.5, 0, 0.4, 0.4)))
    assert canvas.image[40, 45].tolist() == [GREY] * 3


def test_a_moved_canvas_draws_on_the_same_image_elsewhere(canvas: Canvas) -> None:
    canvas.moved(1, 0).fill(ellipse(0, 0, 0.3, 0.3), RED)
    assert canvas.image[40, 60].tolist() == [255, 0, 0]


def test_shapes_outside_the_picture_do_no_harm(canvas: Canvas) -> None:
    far = ellipse(50, -50, 1, 1)
    canvas.fill(far, RED, alpha=0.5)
    canvas.lines([far], RED, width=0.1)
    canvas.glow((50, 50), (1, 1), RED, alpha=0.5)
    assert (canvas.image == GREY).all()


def test_no_lines_are_no_error(canvas: Canvas) -> None:
    canvas.lines([], RED, width=0.1)
    assert (canvas.image == GREY).all()

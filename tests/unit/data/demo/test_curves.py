import numpy as np
import pytest

from visage.data.demo.curves import between, both_sides, curly, ellipse, ribbon, smooth


@pytest.mark.parametrize("closed", [False, True])
def test_a_smooth_curve_passes_through_its_points(closed: bool) -> None:
    points = np.array([(0.0, 0.0), (1.0, 2.0), (3.0, 1.0), (4.0, 4.0)])
    curve = smooth(points, closed=closed)
    gaps = np.hypot(*(curve[:, None] - points).transpose(2, 0, 1)).min(axis=0)
    assert gaps.max() < 1e-12


def test_many_curves_at_once_equal_each_alone() -> None:
    lines = np.random.default_rng(1).random((3, 5, 2))
    np.testing.assert_allclose(smooth(lines), [smooth(line) for line in lines])


def test_a_ribbon_is_as_wide_as_it_says() -> None:
    outline = ribbon([(0.0, 0.0), (1.0, 0.0), (2.0, 0.0)], [0.2, 0.4])
    assert outline[:, 1].max() == pytest.approx(0.2)
    assert abs(outline[0, 1]) == pytest.approx(0.1)


def test_an_ellipse_keeps_its_radii() -> None:
    points = ellipse(1, 2, 0.5, 0.25)
    np.testing.assert_allclose(np.ptp(points, axis=0), [1.0, 0.5])


def test_straight_hair_has_no_bumps() -> None:
    edge = smooth([(0.0, 0.0), (1.0, 1.0), (1.0, 2.0)])
    np.testing.assert_array_equal(curly(edge, 0.1), edge)


def test_curls_bulge_to_the_right_of_the_edge() -> None:
    edge = np.array([(0.0, 0.0), (2.0, 0.0)])  # rightwards in the picture, so its right is below
    bumpy = curly(edge, 1.0)
    assert np.ptp(bumpy[:, 1]) == pytest.approx(0.055, abs=0.005)


def test_lines_between_two_edges_stay_between() -> None:
    left, right = (np.array([(x, 0.0), (x, 1.0)]) for x in (0.0, 1.0))
    lines = between(left, right, np.array([0.25, 0.75]))
    np.testing.assert_allclose(lines[:, :, 0].mean(axis=1), [0.25, 0.75])


def test_both_sides_are_symmetric() -> None:
    outline = both_sides(np.array([(0.1, 0.0), (1.0, 1.0), (0.2, 2.0)]))
    np.testing.assert_allclose(outline, outline[::-1] * (-1, 1))

"""The camera is true: what it shows is as large, as tilted and as high as such a lens shows it."""

import math

import numpy as np
import pytest

from studio_assist.blockout.view import GATE_MM, NEAR_M, View
from studio_assist.domain.staging import Camera


def seen(camera: Camera, points, width: int = 1280, height: int = 720):
    xy, _ahead = View(camera, width, height).project(points)
    return xy


@pytest.mark.parametrize("lens", [8, 21, 35, 50, 100, 600])
@pytest.mark.parametrize("metres", [1.5, 4.0, 30.0])
@pytest.mark.parametrize("width", [640, 1280])
def test_a_person_is_as_high_as_the_lens_makes_them(lens: float, metres: float, width: int):
    camera = Camera(at=(0, -metres, 1.6), aim=(0, 0, 1.6), lens_mm=lens)
    foot, head = seen(camera, [(0, 0, 0), (0, 0, 1.7)], width)
    assert foot[1] - head[1] == pytest.approx(1.7 * lens / GATE_MM * width / metres)
    assert foot[0] == pytest.approx(head[0])


def test_what_is_as_high_as_the_eye_lies_on_the_horizon():
    view = View(Camera(at=(0, -4, 1.55), aim=(0, 2, 0.9), lens_mm=28), 1280, 720)
    ends = view.horizon()
    assert ends is not None
    xy, _ahead = view.project([(-3, 6, 1.55), (0, 60, 1.55), (40, 90, 1.55)])
    level = np.interp(xy[:, 0], [ends[0][0], ends[1][0]], [ends[0][1], ends[1][1]])
    assert xy[:, 1] == pytest.approx(level, abs=0.1)


def test_a_dutch_angle_turns_the_picture_and_nothing_else():
    points = [(0, 0, 1.5), (0, 0, 2.5), (1.0, 0.5, 1.0)]
    level = seen(Camera(roll=0), points) - (640, 360)
    turned = seen(Camera(roll=20), points) - (640, 360)
    angle = math.radians(20)
    turn = np.array([(math.cos(angle), math.sin(angle)), (-math.sin(angle), math.cos(angle))])
    assert turned == pytest.approx(level @ turn)


def test_left_stays_left_and_near_is_larger():
    left, right = seen(Camera(), [(-1, 0, 1), (1, 0, 1)])
    assert left[0] < 640 < right[0]
    view = View(Camera(), 1280, 720)
    assert view.scale_at((0, 0, 1)) == pytest.approx(2 * view.scale_at((0, 4, 1)), rel=0.02)


def test_an_outline_that_reaches_behind_the_camera_is_cut_before_it():
    view = View(Camera(at=(0, 0, 1.5), aim=(0, 5, 1.5)), 640, 360)
    floor = view.polygon([(-2, -5, 0), (2, -5, 0), (2, 5, 0), (-2, 5, 0)])
    assert floor is not None
    assert np.isfinite(floor).all()
    # All of it lies below the horizon, and its near edge far below the frame.
    assert floor[:, 1].min() > 180
    assert floor[:, 1].max() > 360
    assert view.polygon([(-2, -5, 0), (2, -5, 0), (2, -1, 0)]) is None
    line = view.polygon([(0, -1, 0), (0, 3, 0)], closed=False)
    assert line is not None
    assert len(line) == 2


@pytest.mark.parametrize("aim", [(0, 0, 9), (0, 0, -9), (0, 0, 1), (0, 1e-7, 1)])
def test_a_camera_may_look_straight_up_or_down_or_nowhere(aim):
    view = View(Camera(at=(0, 0, 1), aim=aim), 640, 360)
    xy, _ahead = view.project([(1, 1, 1), (0, 0, 5), (0, 0, 1)])
    assert np.isfinite(xy).all()


def test_the_floor_is_as_near_at_every_pixel_as_it_is_there():
    view = View(Camera(at=(1, -4, 1.7), aim=(0, 2, 0.6), lens_mm=28, roll=12), 1280, 720)
    plane = view.nearness()
    assert plane is not None
    xy, ahead = view.project([(0, 0, 0), (2, 3, 0), (-1, 8, 0)])
    assert 1 / (xy @ np.array(plane[:2]) + plane[2]) == pytest.approx(ahead)
    assert View(Camera(at=(0, 0, 0), aim=(0, 1, 0)), 64, 36).nearness() is None


def test_nothing_is_nearer_than_the_nearest():
    assert View(Camera(), 64, 36).scale_at(Camera().at) == 0.0
    assert NEAR_M > 0

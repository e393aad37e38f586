"""People of the built-in drawer: bones, outlines, faces."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from studio_assist.blockout import figures
from studio_assist.blockout.drawing import Group, Shape
from studio_assist.blockout.poses import AIRBORNE
from studio_assist.blockout.skeleton import skeleton
from studio_assist.blockout.view import View
from studio_assist.domain.staging import Camera, Figure, Gesture, Light, Look, Mood, Pose, Staging

_PLAIN = Look(clothes="sweater", shade=0.5, hair="short")
_WIDE = Camera(at=(0.0, -6.0, 1.0), aim=(0.0, 0.0, 1.0), lens_mm=50.0)
_CLOSE = Camera(at=(0.0, -2.0, 1.62), aim=(0.0, 0.0, 1.62), lens_mm=85.0)


def _one(**fields: object) -> Figure:
    return Figure.model_validate({"name": "MAYA", "at": (0.0, 0.0), "look": _PLAIN, **fields})


def _drawn(one: Figure, camera: Camera = _WIDE, *others: Figure) -> tuple[Group, ...]:
    staging = Staging(figures=(one, *others), camera=camera)
    return figures.figure(one, staging, View(camera, 1280, 720), staging.light)


def _shapes(groups: tuple[Group, ...]) -> list[Shape]:
    return [shape for group in groups for shape in group.shapes]


def _box(groups: tuple[Group, ...]) -> tuple[float, float, float, float]:
    points = np.concatenate([shape.points for shape in _shapes(groups)])
    return (*points.min(axis=0).tolist(), *points.max(axis=0).tolist())


def _mass(groups: tuple[Group, ...]) -> shapely.Polygon:
    first = groups[0].shapes[0]
    return shapely.Polygon(first.points)


def test_the_same_figure_is_drawn_the_same_way_twice():
    one, other = (_shapes(_drawn(_one(pose=Pose.RUN, gesture=Gesture.WAVE))) for _time in range(2))
    assert len(one) == len(other)
    for a, b in zip(one, other, strict=True):
        assert np.array_equal(a.points, b.points)
        assert (a.fill, a.ink, a.line) == (b.fill, b.ink, b.line)


@pytest.mark.parametrize("pose", list(Pose))
def test_a_body_stands_on_the_floor_in_every_pose_and_is_no_taller_than_it_is(pose: Pose):
    for gesture in Gesture:
        low, high, radius = figures.bounds(_one(pose=pose, gesture=gesture))
        assert radius < 1.75
        if pose in AIRBORNE:
            continue
        assert -0.06 < low < 0.05, (pose, gesture)
        assert high < 2.35
    assert _drawn(_one(pose=pose))


def test_a_standing_figure_is_as_high_as_its_look_says():
    for tall in (1.2, 1.72, 2.1):
        one = _one(look=_PLAIN.model_copy(update={"height_m": tall}))
        _low, high, _radius = figures.bounds(one)
        assert high == pytest.approx(tall, abs=0.03 * tall)
        assert figures.eye_height(one) == pytest.approx(0.93 * tall, abs=0.03 * tall)


@pytest.mark.parametrize("gesture", list(Gesture))
def test_every_gesture_is_drawn_within_reach_of_the_body(gesture: Gesture):
    for pose in (Pose.STAND, Pose.SIT, Pose.RUN):
        one = _one(pose=pose, gesture=gesture)
        groups = _drawn(one)
        assert groups
        assert all(np.isfinite(shape.points).all() for shape in _shapes(groups))
        left, _top, right, _low = _box(groups)
        reach = figures.bounds(one)[2] * View(_WIDE, 1280, 720).scale_at((0.0, -0.9, 1.0)) + 12
        assert 640 - reach < left < right < 640 + reach


def test_a_figure_that_faces_right_is_the_mirror_of_one_that_faces_left():
    for pose in (Pose.WALK, Pose.SIT, Pose.KNEEL):
        right, left = _box(_drawn(_one(facing=90.0, pose=pose))), _box(_drawn(_one(facing=270.0, pose=pose)))
        assert right[0] - 640 == pytest.approx(640 - left[2], abs=30)
        assert right[2] - 640 == pytest.approx(640 - left[0], abs=30)


def _whites(groups: tuple[Group, ...]) -> int:
    return sum(shape.fill == 1.0 for shape in _shapes(groups))


def test_a_head_that_is_turned_away_shows_no_eyes():
    assert _whites(_drawn(_one(facing=180.0), _CLOSE)) >= 2
    assert _whites(_drawn(_one(facing=0.0), _CLOSE)) == 0
    profile = _drawn(_one(facing=90.0), _CLOSE)
    assert 1 <= _whites(profile) <= 3


def _pupils(groups: tuple[Group, ...]) -> float:
    dark = [shape.points[:, 0].mean() for shape in _shapes(groups) if shape.fill == 0.06]
    assert len(dark) == 2
    return float(np.mean(dark))


def test_the_eyes_go_to_whom_they_are_on():
    right = Figure(name="ILSE", at=(3.0, -2.5))
    left = Figure(name="ILSE", at=(-3.0, -2.5))
    ahead = _pupils(_drawn(_one(), _CLOSE))
    assert _pupils(_drawn(_one(gaze="ILSE"), _CLOSE, right)) > ahead + 2
    assert _pupils(_drawn(_one(gaze="ILSE"), _CLOSE, left)) < ahead - 2


def test_a_body_is_one_closed_outline_and_limbs_grow_out_of_it_without_seams():
    one = _one(pose=Pose.STAND)
    groups = _drawn(one)
    mass = _mass(groups)
    assert mass.is_valid
    inked = [shape for shape in groups[0].shapes if shape.closed and shape.ink > 0 and shape.fill is not None]
    assert sum(shapely.Polygon(shape.points).area > 0.3 * mass.area for shape in inked) == 1
    for shape in groups[0].shapes:
        assert mass.buffer(6).covers(shapely.MultiPoint(shape.points))
    view = View(_WIDE, 1280, 720)
    inside = mass.buffer(-4)
    for limb in skeleton(one).arms:
        at = shapely.Point(*view.project(limb.root)[0][0]).buffer(0.022 * view.scale_at(limb.root))
        for place, shape in enumerate(groups[0].shapes):
            if not shape.closed and shape.ink > 1.0:
                crossing = shapely.LineString(shape.points).intersection(at).intersection(inside)
                for later in groups[0].shapes[place + 1 :] if crossing.length else ():
                    if later.closed and later.fill is not None:
                        crossing = crossing.difference(shapely.Polygon(later.points).buffer(0.5))
                assert crossing.length < 2.0


def test_moods_and_hats_and_hair_are_told_apart():
    seen: set[bytes] = set()
    for mood in Mood:
        seen.add(b"".join(shape.points.tobytes() for shape in _shapes(_drawn(_one(mood=mood), _CLOSE))))
    assert len(seen) == len(Mood)


def test_small_and_unseen_figures_cost_little():
    assert _drawn(_one(at=(0.0, -9.0))) == ()
    far = _drawn(_one(at=(0.0, 4000.0)))
    assert len(far) == 1
    assert len(far[0].shapes) == 1
    assert len(_shapes(_drawn(_one(at=(0.0, 60.0))))) < 0.7 * len(_shapes(_drawn(_one())))


_LOOKS = st.builds(
    Look,
    hair=st.sampled_from(("short", "long", "bun", "ponytail", "curly", "bald", "bob", "braid")),
    hat=st.sampled_from(("none", "cap", "brim", "hood", "headphones", "helmet", "beanie", "scarf")),
    clothes=st.sampled_from(("shirt", "jacket", "coat", "dress", "uniform", "sweater")),
    shade=st.floats(0, 1),
    hair_shade=st.floats(0, 1),
    height_m=st.floats(0.5, 2.3),
    build=st.floats(0.7, 1.4),
)
_SPOTS = st.floats(-4, 4)
_FIGURES = st.builds(
    Figure,
    name=st.just("MAYA"),
    at=st.tuples(_SPOTS, _SPOTS),
    z=st.floats(-1, 3),
    facing=st.floats(-360, 360),
    pose=st.sampled_from(Pose),
    gesture=st.sampled_from(Gesture),
    mood=st.sampled_from(Mood),
    head_turn=st.floats(-90, 90),
    head_tilt=st.floats(-60, 60),
    gaze=st.sampled_from(("", "camera", "ILSE", "nobody")),
    holds=st.sampled_from(("", "cup", "torch")),
    look=_LOOKS,
)
_CAMERAS = st.builds(
    Camera,
    at=st.tuples(_SPOTS, _SPOTS, st.floats(-1, 6)),
    aim=st.tuples(_SPOTS, _SPOTS, st.floats(0, 2)),
    lens_mm=st.floats(8, 600),
    roll=st.floats(-60, 60),
)


@settings(max_examples=35, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(_FIGURES, _CAMERAS, st.booleans())
def test_no_figure_before_any_camera_fails(one: Figure, camera: Camera, inside: bool):
    if inside:
        eyes = skeleton(one).eyes
        camera = camera.model_copy(update={"at": tuple(float(part) for part in eyes)})
    staging = Staging(
        figures=(one, Figure(name="ILSE", at=(1.0, 1.0))), camera=camera, light=Light(time="night")
    )
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        groups = figures.figure(one, staging, View(camera, 1280, 720), staging.light)
    for group in groups:
        assert group.depth > 0
        for shape in group.shapes:
            assert np.isfinite(shape.points).all()
            assert np.abs(shape.points).max() < 1e6

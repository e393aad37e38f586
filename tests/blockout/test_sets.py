"""Sets, pieces and weather: everything that scripts name is drawn, from anywhere, always the same."""

from __future__ import annotations

from typing import get_args

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from studio_assist.blockout import catalogue, sets
from studio_assist.blockout.drawing import Group
from studio_assist.blockout.order import GAP, Box, settled
from studio_assist.blockout.view import View
from studio_assist.domain.staging import (
    PIECES,
    Camera,
    Daytime,
    Figure,
    Light,
    Piece,
    Place,
    Point,
    Pose,
    Staging,
    Weather,
)

PLACES: tuple[Place, ...] = get_args(Place)


def drawn(staging: Staging, width: int = 640, height: int = 360, seed: int = 0) -> list[Group]:
    view = View(staging.camera, width, height)
    groups = [*sets.surroundings(staging, view, seed)]
    for one in staging.pieces:
        groups += sets.piece(one, staging, view, seed)
    return groups


def before(kind: str, *, turn: float = 0.0, size: tuple[float, float, float] | None = None) -> Staging:
    """One piece, seen whole from a little to the side and above."""
    w, d, h = size or sets.size_of(kind)
    away = max(float(np.linalg.norm((w, d, h))), 0.05) * 1.6
    camera = Camera(at=(away * 0.5, -away, h + away * 0.4), aim=(0.0, 0.0, h / 2), lens_mm=35.0)
    return Staging(
        place="void", pieces=(Piece(kind=kind, at=(0.0, 0.0), z=0.0001, turn=turn, size=size),), camera=camera
    )


def points_of(groups: list[Group]) -> NDArray[np.float64]:
    return np.concatenate([shape.points for group in groups for shape in group.shapes])


def depth_of(groups: list[Group], name: str) -> float:
    return min(group.depth for group in groups if group.name == name)


@pytest.mark.parametrize("kind", PIECES)
def test_every_word_for_a_piece_is_drawn_within_the_frame_from_all_sides(kind: str) -> None:
    for turn in (0.0, 75.0, 200.0):
        staging = before(kind, turn=turn)
        groups = drawn(staging)
        assert groups, kind
        points = points_of(groups)
        assert np.isfinite(points).all()
        if not catalogue.sort_of(kind).far:
            low, high = points.min(axis=0), points.max(axis=0)
            assert (low > (-400, -400)).all(), kind
            assert (high < (1040, 760)).all(), kind
            assert float((high - low).max()) > 40, kind


def test_every_word_has_a_builder_of_its_own() -> None:
    assert set(catalogue.SORTS) > set(PIECES)


@pytest.mark.parametrize("state", ["open", "closed", "lit", "broken", "on-fire"])
def test_every_piece_has_every_state(state: str) -> None:
    camera = Camera(at=(0.0, -9.0, 1.6), aim=(0.0, 0.0, 1.0))
    for kind in PIECES:
        staging = Staging(place="void", pieces=(Piece(kind=kind, at=(0.0, 0.0), state=state),), camera=camera)
        assert np.isfinite(points_of(drawn(staging))).all()


def test_an_open_door_a_burning_car_and_a_broken_mirror_look_otherwise() -> None:
    for kind, state in (("door", "open"), ("car", "on-fire"), ("mirror", "broken"), ("box", "open")):
        plain = before(kind)
        other = plain.model_copy(update={"pieces": (plain.pieces[0].model_copy(update={"state": state}),)})
        assert len(points_of(drawn(plain))) != len(points_of(drawn(other)))


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("time", ["day", "night"])
def test_every_place_fills_the_frame_by_day_and_by_night(place: Place, time: Daytime) -> None:
    for lens, at, aim in (
        (24.0, (-1.0, -3.0, 0.4), (0.5, 2.0, 1.6)),
        (85.0, (1.0, -8.0, 1.6), (0.0, 4.0, 1.5)),
        (24.0, (2.5, -3.0, 3.6), (-0.5, 3.0, 0.5)),
    ):
        camera = Camera(at=at, aim=aim, lens_mm=lens)
        groups = drawn(Staging(place=place, light=Light(time=time), camera=camera))
        if place == "void":
            assert not groups
            continue
        points = points_of(groups)
        assert np.isfinite(points).all()
        assert (points.min(axis=0) <= 0).all()
        assert (points.max(axis=0) >= (640, 360)).all()


@pytest.mark.parametrize("weather", ["rain", "snow", "fog", "wind", "storm"])
def test_weather_falls_outdoors_and_not_indoors(weather: Weather) -> None:
    outside = drawn(Staging(place="field", light=Light(weather=weather)))
    inside = drawn(Staging(place="room", light=Light(weather=weather)))
    falls = [group for group in outside if group.layer == "weather" or group.name == "fog"]
    assert falls
    assert not [group for group in inside if group.layer == "weather" or group.name == "fog"]


def test_the_same_staging_and_seed_give_the_same_shapes() -> None:
    staging = Staging(
        place="forest",
        light=Light(weather="rain"),
        pieces=(Piece(kind="tree", at=(3.0, 6.0)), Piece(kind="rock", at=(-2.0, 3.0))),
    )
    one, other = drawn(staging, seed=4), drawn(staging, seed=4)
    assert [group.depth for group in one] == [group.depth for group in other]
    assert np.array_equal(points_of(one), points_of(other))


def test_a_tree_keeps_its_shape_when_another_is_put_before_it() -> None:
    tree = Piece(kind="tree", at=(3.0, 6.0), name="old tree")
    alone = Staging(place="void", pieces=(tree,))
    two = Staging(place="void", pieces=(Piece(kind="tree", at=(-3.0, 6.0)), tree))
    found = [points_of([g for g in drawn(s) if g.name == "old tree"]) for s in (alone, two)]
    assert np.array_equal(found[0], found[1])


def test_faces_that_look_away_are_not_drawn() -> None:
    camera = Camera(at=(0.0, -4.0, 0.4), aim=(0.0, 0.0, 0.4))
    box = Staging(
        place="void", pieces=(Piece(kind="unheard of", at=(0.0, 0.0), size=(1.0, 1.0, 0.8)),), camera=camera
    )
    filled = [shape for group in drawn(box) for shape in group.shapes if shape.fill is not None]
    # From straight before it below its top only the front is seen.
    assert len(filled) == 1


def test_a_size_override_scales_a_piece() -> None:
    small, large = (
        Staging(
            place="void",
            pieces=(Piece(kind="table", at=(0.0, 0.0), size=size),),
            camera=Camera(at=(0.0, -30.0, 1.0), aim=(0.0, 0.0, 0.5)),
        )
        for size in ((1.0, 0.5, 0.5), (2.0, 0.5, 1.0))
    )
    spread = [np.ptp(points_of(drawn(staging)), axis=0) for staging in (small, large)]
    assert spread[1][0] / spread[0][0] == pytest.approx(2.0, rel=0.05)


def test_a_table_is_painted_after_the_wall_behind_it_and_a_window_after_its_wall() -> None:
    groups = drawn(
        Staging(
            place="room",
            pieces=(Piece(kind="table", at=(0.0, 3.0)), Piece(kind="window", at=(0.0, 5.0))),
        )
    )
    walls = depth_of(groups, "walls")
    assert depth_of(groups, "table") < depth_of(groups, "window") < walls


def test_a_cup_at_the_far_edge_of_a_table_is_painted_after_the_table() -> None:
    groups = drawn(
        Staging(
            place="room",
            pieces=(
                Piece(kind="cup", at=(0.0, 3.35)),
                Piece(kind="table", at=(0.0, 3.0)),
            ),
        )
    )
    assert depth_of(groups, "cup") < depth_of(groups, "table")
    assert sets.size_of("table")[2] == 0.75


@pytest.mark.parametrize(("camera_y", "hides"), [(-3.0, False), (6.0, True)])
def test_the_back_of_a_chair_hides_who_sits_in_it_only_from_behind(camera_y: float, hides: bool) -> None:
    chair = Piece(kind="chair", at=(0.0, 1.0))
    one = Figure(name="MAYA", at=(0.0, 1.0), facing=180.0, pose=Pose.SIT)
    camera = Camera(at=(0.3, camera_y, 1.5), aim=(0.0, 1.0, 0.9))
    staging = Staging(place="void", pieces=(chair,), figures=(one,), camera=camera)
    middle = View(camera, 640, 360).depth((0.0, 1.0, 0.86))
    nearer = any(group.depth < middle for group in drawn(staging))
    assert nearer is hides


def test_pinned_depths_stay_and_the_others_move_about_them() -> None:
    eye = np.array([0.0, -5.0, 1.5])
    figure = Box(0.0, 3.0, 0.25, 0.2, 0.0, 1.7, depth=8.0, pinned=True)
    long_bar = Box(0.0, 2.0, 6.0, 0.3, 0.0, 1.1, depth=9.5)
    found = settled([figure, long_bar], eye)
    assert found[0] == 8.0
    assert found[1] <= 8.0 - GAP


def test_a_thing_in_a_hand_is_near_the_hand() -> None:
    view = View(Camera(), 640, 360)
    hand = (0.2, 0.0, 1.1)
    spot, _ahead = view.project([hand])
    for kind in ("phone", "gun", "cup", "torch", "letter", "umbrella", "suitcase"):
        points = points_of(list(sets.carried(kind, hand, 180.0, view)))
        assert float(np.linalg.norm(points - spot[0], axis=1).min()) < 60, kind


def test_seats_are_known() -> None:
    for kind in ("chair", "sofa", "bed", "car", "bench", "horse"):
        seat = sets.seat_of(kind)
        assert seat is not None
        assert 0.2 < seat < 1.6
    assert sets.seat_of("tree") is None


def test_a_lighthouse_throws_a_beam_by_night_and_an_open_door_its_light() -> None:
    night = Light(time="night")
    camera = Camera(at=(0.0, -40.0, 3.0), aim=(0.0, 0.0, 10.0))
    tower = Staging(
        place="sea", light=night, pieces=(Piece(kind="lighthouse", at=(0.0, 0.0)),), camera=camera
    )
    assert [group for group in drawn(tower) if group.name == "beam"]
    door = Staging(place="room", light=night, pieces=(Piece(kind="door", at=(0.0, 5.0), state="open"),))
    assert [group for group in drawn(door) if group.name == "light"]


metres = st.floats(-30.0, 30.0)


@settings(max_examples=60, deadline=None)
@given(
    at=st.tuples(metres, metres, st.floats(-3.0, 20.0)),
    aim=st.tuples(metres, metres, st.floats(-3.0, 20.0)),
    lens=st.floats(8.0, 300.0),
    roll=st.floats(-60.0, 60.0),
    place=st.sampled_from(PLACES),
    kinds=st.lists(st.sampled_from(PIECES), min_size=1, max_size=4),
    turn=st.floats(-360.0, 360.0),
)
@pytest.mark.filterwarnings("error")
def test_no_camera_makes_it_fail(
    at: Point, aim: Point, lens: float, roll: float, place: Place, kinds: list[str], turn: float
) -> None:
    pieces = tuple(
        Piece(kind=kind, at=(index * 0.7, index * 0.4), turn=turn) for index, kind in enumerate(kinds)
    )
    figure = Figure(name="A", at=(0.2, 0.1), pose=Pose.SIT)
    camera = Camera(at=at, aim=aim, lens_mm=lens, roll=roll)
    groups = drawn(Staging(place=place, pieces=pieces, figures=(figure,), camera=camera))
    for group in groups:
        assert not np.isnan(group.depth)
        for shape in group.shapes:
            assert np.isfinite(shape.points).all()
            assert shape.depths is None or len(shape.depths) == len(shape.points)


@pytest.mark.parametrize(
    ("at", "aim"),
    [
        ((0.0, 0.0, 0.3), (0.0, 5.0, 0.3)),
        ((0.0, 0.0, 1.6), (0.0, 0.0, 9.0)),
        ((0.0, 0.0, 9.0), (0.0, 0.0, 0.0)),
        ((0.0, 0.0, 0.0), (0.0, 0.0, 0.0)),
        ((0.0, 0.0, -2.0), (0.0, 1.0, 3.0)),
    ],
)
@pytest.mark.filterwarnings("error")
def test_a_camera_inside_a_thing_straight_up_or_below_the_floor_draws(at: Point, aim: Point) -> None:
    for start in range(0, len(PIECES), 20):
        pieces = tuple(Piece(kind=kind, at=(0.0, 0.0)) for kind in PIECES[start : start + 20])
        for group in drawn(Staging(place="room", pieces=pieces, camera=Camera(at=at, aim=aim))):
            for shape in group.shapes:
                assert np.isfinite(shape.points).all()
    for place in PLACES:
        assert drawn(Staging(place=place, camera=Camera(at=at, aim=aim))) or place == "void"


def test_the_near_side_of_a_boat_hides_its_rower_and_the_far_side_does_not() -> None:
    rower = Figure(name="MAYA", at=(0.0, 0.0), facing=180.0, pose=Pose.SIT)
    camera = Camera(at=(-5.0, 0.0, 1.6), aim=(0.0, 0.0, 0.6))
    boat = Piece(kind="boat", at=(0.0, 0.0))
    staging = Staging(place="void", pieces=(boat,), figures=(rower,), camera=camera)
    middle = View(camera, 640, 360).depth((0.0, 0.0, 0.86))
    depths = [group.depth for group in drawn(staging)]
    assert min(depths) < middle < max(depths)


def test_a_car_lets_its_driver_be_seen_through_the_glass() -> None:
    camera = Camera(at=(0.5, -6.0, 1.5), aim=(0.0, 0.0, 0.8))
    car = Piece(kind="car", at=(0.0, 0.0))
    empty = Staging(place="void", pieces=(car,), camera=camera)
    driver = Figure(name="MAYA", at=(0.3, 0.0), facing=180.0, pose=Pose.DRIVE)
    driven = empty.model_copy(update={"figures": (driver,)})

    def glass(staging: Staging) -> bool:
        return any(shape.alpha < 0.9 for group in drawn(staging) for shape in group.shapes)

    assert glass(driven)
    assert not glass(empty)

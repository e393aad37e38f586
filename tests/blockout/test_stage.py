"""From a shot's words to a staging, and what an artist does to it."""

from __future__ import annotations

import math
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio_assist.blockout import moves
from studio_assist.blockout.framing import eyes_of
from studio_assist.blockout.stage import look_of, looks_for, staged, variants
from studio_assist.blockout.view import View
from studio_assist.domain.breakdown import breakdown
from studio_assist.domain.errors import BadInput
from studio_assist.domain.staging import Camera, Gesture, Pose, Staging
from studio_assist.domain.storyboard import Angle, InFrame, Movement, Shot, ShotId, ShotSize
from studio_assist.interchange.fountain import parse

_KITCHEN = """INT. KITCHEN - NIGHT

Anna sits at the table. Tom stands by the window.

ANNA
You never told me.

TOM
You never asked.

ANNA
I asked every day.

TOM
Not me.

Tom reads a letter.

Anna laughs.

Tom embraces Anna.
"""


def _scene(text: str = _KITCHEN, index: int = 0) -> tuple[str, tuple[Shot, ...]]:
    script = parse(text)
    return script.scenes[index].heading, breakdown(script, index)


def _all(text: str = _KITCHEN) -> list[tuple[Shot, Staging]]:
    heading, shots = _scene(text)
    return [(shot, staged(shot, heading, shots)) for shot in shots]


def _one(action: str, heading: str = "INT. ROOM - DAY", **fields: object) -> Staging:
    given: dict[str, object] = {
        "id": ShotId("a"), "number": "1A", "scene": "1", "action": action, "size": ShotSize.MS,
        "characters": (InFrame(name="ANNA", side="left"),),
    }  # fmt: skip
    return staged(Shot.model_validate(given | fields), heading)


def _seen(staging: Staging, point: tuple[float, float, float]) -> tuple[float, float]:
    """Where a point is in the frame: 0 to 1 from the left, 0 to 1 from above."""
    (xy,), _depth = View(staging.camera, 1280, 720).project([point])
    return float(xy[0]) / 1280, float(xy[1]) / 720


def test_the_set_is_the_same_in_all_shots_of_a_scene():
    stagings = [staging for shot, staging in _all() if shot.size is not ShotSize.INSERT]
    assert len({staging.pieces for staging in stagings}) == 1
    kinds = {piece.kind for piece in stagings[0].pieces}
    assert {"table", "chair", "stove", "window", "door"} <= kinds
    assert {staging.light.time for staging in stagings} == {"night"}


def test_everybody_in_frame_is_seen_and_keeps_their_side_of_the_line():
    for shot, staging in _all():
        if shot.size in (ShotSize.ECU, ShotSize.INSERT, ShotSize.POV):
            continue
        places = {one.name: _seen(staging, eyes_of(one)) for one in staging.figures}
        for name, (x, y) in places.items():
            if shot.size is ShotSize.OTS and name != staging.figures[0].name:
                continue
            assert 0.08 < x < 0.92, (shot.number, name)
            assert 0.04 < y < 0.75, (shot.number, name)
        if len(places) == 2:
            assert places["ANNA"][0] < places["TOM"][0], shot.number


def test_the_camera_stays_on_its_side_of_the_line():
    for shot, staging in _all():
        if len(staging.figures) == 2:
            places = {one.name: one.at for one in staging.figures}
            (ax, ay), (tx, ty), (x, y, _z) = places["ANNA"], places["TOM"], staging.camera.at
            # Seen from above, the camera is to the right of the way from Anna on the left to Tom on the right.
            assert (tx - ax) * (y - ay) - (ty - ay) * (x - ax) < 0, shot.number
        elif shot.size not in (ShotSize.POV, ShotSize.INSERT):
            assert all(staging.camera.at[1] < one.at[1] + 0.05 for one in staging.figures), shot.number


def test_a_size_shows_as_much_of_a_body_as_it_says():
    shares: list[float] = []
    for size in (ShotSize.FS, ShotSize.MLS, ShotSize.MS, ShotSize.MCU, ShotSize.CU):
        staging = _one("Anna waits.", size=size)
        (figure,) = staging.figures
        x, y, z = eyes_of(figure)
        shares.append(_seen(staging, (x, y, z - 0.2))[1] - _seen(staging, (x, y, z))[1])
    assert shares == sorted(shares)
    # Twenty centimetres of face and neck are most of a close-up's half, and little of a full shot.
    assert shares[0] < 0.1 < 0.4 < shares[-1]


@pytest.mark.parametrize("lens", [18, 35, 85, 200])
def test_a_lens_changes_the_distance_and_not_the_size(lens: int):
    staging, usual = (_one("Anna waits.", "EXT. FIELD - DAY", lens_mm=mm) for mm in (lens, 50))
    x, y, z = eyes_of(staging.figures[0])
    for below in (0.0, 0.3):
        got, wanted = (_seen(one, (x, y, z - below))[1] for one in (staging, usual))
        assert got == pytest.approx(wanted, abs=0.04)


def test_angles_put_the_camera_low_high_and_askew():
    eye, low, high, dutch = (
        _one("Anna waits.", angle=angle).camera for angle in (Angle.EYE, Angle.LOW, Angle.HIGH, Angle.DUTCH)
    )
    assert low.at[2] < eye.at[2] < high.at[2]
    assert dutch.roll
    assert _one("Anna waits.", angle=Angle.GROUND).camera.at[2] < 0.3


@pytest.mark.parametrize(
    ("action", "pose", "gesture"),
    [
        ("Anna sits.", Pose.SIT, Gesture.NONE),
        ("Anna runs.", Pose.RUN, Gesture.NONE),
        ("She kneels.", Pose.KNEEL, Gesture.NONE),
        ("Anna lies on the bed.", Pose.LIE, Gesture.NONE),
        ("Anna drives.", Pose.DRIVE, Gesture.STEER),
        ("Anna points at the door.", Pose.STAND, Gesture.POINT),
        ("Anna holds a candle.", Pose.STAND, Gesture.HOLD),
        ("Anna answers the telephone.", Pose.STAND, Gesture.PHONE),
        ("Anna writes a letter.", Pose.STAND, Gesture.WRITE),
        ("Anna climbs the ladder.", Pose.CLIMB, Gesture.NONE),
    ],
)
def test_words_become_poses_and_gestures(action: str, pose: Pose, gesture: Gesture):
    (figure,) = _one(action).figures
    assert (figure.pose, figure.gesture) == (pose, gesture)


def test_two_embrace_and_a_prop_is_in_the_hand():
    embrace = next(staging for shot, staging in _all() if "embraces" in shot.action)
    one, other = embrace.figures
    assert math.dist(one.at, other.at) < 0.5
    assert {one.gesture, other.gesture} == {Gesture.EMBRACE}
    reading = next(staging for shot, staging in _all() if "letter" in shot.action)
    assert reading.figures[0].holds == "letter"


def test_who_sits_stays_seated_until_told_otherwise():
    poses = [one.pose for _shot, staging in _all()[:-1] for one in staging.figures if one.name == "ANNA"]
    assert set(poses) == {Pose.SIT}


def test_a_shot_over_the_shoulder_has_the_listener_near_and_the_speaker_in_focus():
    shot, staging = next((shot, staging) for shot, staging in _all() if shot.size is ShotSize.OTS)
    speaker, listener = staging.figures
    assert staging.focus == (speaker.name,)
    near, far = (math.dist(staging.camera.at[:2], one.at) for one in (listener, speaker))
    assert near < far
    assert shot.dialogue.startswith(speaker.name)


def test_movement_is_an_arrow_and_weather_is_read():
    staging = _one("Rain. Anna runs.", "EXT. STREET - DAWN", size=ShotSize.LS, movement=Movement.TRACK_RIGHT)
    assert [arrow.move for arrow in staging.arrows] == ["track-right"]
    assert (staging.light.weather, staging.light.time, staging.place) == ("rain", "dawn", "street")
    assert 45 < staging.figures[0].facing < 135


def test_an_artists_own_staging_is_left_alone():
    own = Staging(place="sea")
    assert _one("Anna waits.", staging=own) is own


def test_looks_tell_characters_apart_and_never_change():
    names = ["IDA", "JONAS", "RUTA", "MAYA", "ILSE", "ANNA", "TOM", "PETER", "GUARD", "BOY"]
    looks = looks_for(names)
    assert looks == looks_for(names)
    heads = {
        (look.hat, look.hair if look.hat == "none" else "", look.hair_shade > 0.5) for look in looks.values()
    }
    assert len(heads) >= 8
    assert look_of("IDA") == looks["IDA"]
    assert looks["BOY"].height_m < 1.5


def test_variants_are_other_choices_and_the_first_is_the_staging_itself():
    for _shot, staging in _all():
        found = variants(staging, 6, seed=0)
        assert found[0] == staging
        assert len(set(found)) == 6
        assert found == variants(staging, 6, seed=0)
        for one in found[1:]:
            far = math.dist(one.camera.at, staging.camera.at)
            assert far > 0.1 or one.figures != staging.figures
        assert len({variants(staging, 4, seed) for seed in range(8)}) > 2


def test_an_orbit_keeps_the_distance_and_a_lens_keeps_the_framing():
    camera = Camera(at=(0.0, -4.0, 1.5), aim=(0.0, 0.0, 1.5))
    round_about = moves.orbit(camera, 90.0, 0.0)
    assert round_about.at == pytest.approx((4.0, 0.0, 1.5))
    assert moves.reach(moves.orbit(camera, 30.0, 400.0)) == pytest.approx(4.0)
    longer = moves.with_lens(camera, 70.0, keep=4.0)
    assert moves.reach(longer) == pytest.approx(8.0)
    assert moves.with_lens(camera, 70.0).at == camera.at
    assert moves.moved(camera, 1.0, 0.5).at == pytest.approx((1.0, -4.0, 2.0))
    assert moves.turned(camera, 90.0, 0.0).aim == pytest.approx((4.0, -4.0, 1.5))
    assert moves.reach(moves.dollied(camera, 100.0)) > 0.1


def test_a_figure_is_moved_alone_and_one_that_is_not_there_says_so():
    staging = _one("Anna waits.")
    moved = moves.figure_moved(staging, 0, (1.0, 2.0))
    assert moved.figures[0].at == (1.0, 2.0)
    assert moved.camera == staging.camera
    with pytest.raises(BadInput):
        moves.figure_moved(staging, 3, (0.0, 0.0))


@settings(max_examples=80, deadline=None)
@given(
    st.sampled_from(list(ShotSize)), st.sampled_from(list(Angle)), st.sampled_from([8, 24, 50, 135, 600]),
    st.sampled_from(["", "INT. CAR - NIGHT", "EXT. SEA - DAY", "INT. CELL", "ВЕЧЕР", "INT. CORRIDOR - DAY"]),
    st.text(max_size=60), st.integers(0, 4),
)  # fmt: skip
def test_any_shot_gets_a_staging(
    size: ShotSize, angle: Angle, lens: int, heading: str, action: str, people: int
):
    names = ["ANNA", "TOM", "IDA", "🌊"][:people]
    shot = Shot(
        id=ShotId("a"), number="1A", scene="1", size=size, angle=angle, lens_mm=lens, action=action,
        characters=tuple(InFrame(name=name) for name in names),
    )  # fmt: skip
    staging = staged(shot, heading)
    assert math.dist(staging.camera.at, staging.camera.aim) > 0.01
    assert len(variants(staging, 4, 7)) == 4


def test_a_scene_is_staged_in_milliseconds():
    heading, shots = _scene(_KITCHEN * 1)
    begun = time.perf_counter()
    for _ in range(5):
        for shot in shots:
            staged(shot, heading, shots)
    assert (time.perf_counter() - begun) / (5 * len(shots)) < 0.05

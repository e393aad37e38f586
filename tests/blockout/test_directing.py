"""What a director would send back: seen on whole boards, and kept from coming again."""

from __future__ import annotations

import math

import numpy as np

from studio_assist.blockout import figures
from studio_assist.blockout.drawer import draw, picture
from studio_assist.blockout.looks import looks_for
from studio_assist.blockout.skeleton import skeleton
from studio_assist.blockout.stage import staged
from studio_assist.domain.breakdown import breakdown
from studio_assist.domain.staging import Camera, Figure, Gesture, Light, Piece, Pose, Staging
from studio_assist.domain.storyboard import ShotSize
from studio_assist.interchange.fountain import parse


def _stagings(text: str) -> list[tuple[str, ShotSize, Staging]]:
    script = parse(text).screenplay
    looks = looks_for(script.characters)
    found: list[tuple[str, ShotSize, Staging]] = []
    for scene in script.scenes:
        shots = breakdown(script, scene.index)
        found += [(shot.title, shot.size, staged(shot, scene.heading, shots, looks)) for shot in shots]
    return found


def test_nobody_wears_a_hood_unless_a_role_asks_for_it() -> None:
    names = [f"PERSON {number}" for number in range(40)]
    looks = looks_for([*names, "HOODED FIGURE"])
    assert all(looks[name].hat != "hood" for name in names)
    assert looks["HOODED FIGURE"].hat == "hood"


def test_whoever_leans_on_a_lever_has_both_hands_on_it() -> None:
    boards = _stagings(
        "INT. WINCH ROOM - NIGHT\n\nIDA (66) waits.\n\nIda leans her whole weight on the lever.\n"
    )
    _title, _size, staging = boards[-1]
    one = staging.figures[0]
    lever = next(piece for piece in staging.pieces if piece.kind == "lever")
    for arm in skeleton(one, staging).arms:
        assert math.dist(arm.end[:2], lever.at) < 0.3


def test_a_wide_frame_of_a_scene_shows_who_is_in_it_unless_it_says_that_nobody_is() -> None:
    boards = _stagings(
        "INT. KITCHEN - DAY\n\nMARA (30) stands by the stove.\n\nMARA\nWell?\n\n"
        "The old house groans in the wind, from the cellar to the roof and back.\n\n"
        "The kitchen is empty now, from one wall to the other wall of it.\n"
    )
    about, empty = boards[-2][2], boards[-1][2]
    assert [one.name for one in about.figures] == ["MARA"]
    assert not empty.figures


def test_a_car_at_a_station_runs_on_rails() -> None:
    boards = _stagings(
        "EXT. UPPER STATION - TRACK - NIGHT\n\nSnow. A red car waits under the lamp.\n\nThe car moves off.\n"
    )
    kinds = {piece.kind for piece in boards[0][2].pieces}
    assert {"railcar", "rails"} <= kinds
    assert "car" not in kinds


def test_two_wide_frames_of_one_room_are_not_the_same() -> None:
    boards = _stagings(
        "INT. HALL - DAY\n\nA long hall with columns and a table.\n\nMARA\nHello?\n\n"
        "Far away in the dark of the corridor beyond, something very old begins to move.\n"
    )
    wide = [staging.camera for _title, size, staging in boards if size is ShotSize.WS]
    assert len(set(wide)) == len(wide)


def test_a_torch_in_a_hand_lights_the_dark_and_not_the_day() -> None:
    one = Figure(name="TOM", at=(0.0, 2.0), facing=110.0, gesture=Gesture.HOLD, holds="torch")
    for time, lit in (("night", True), ("day", False)):
        staging = Staging(figures=(one,), light=Light.model_validate({"time": time}))
        assert any(group.name == "torch" and group.layer == "effect" for group in draw(staging).groups) is lit


def test_whoever_lies_on_a_bed_is_painted_over_it_beside_other_furniture() -> None:
    one = Figure(name="MARA", at=(-1.5, 3.15), z=0.55, pose=Pose.LIE, facing=180.0)
    staging = Staging(
        figures=(one,),
        pieces=(
            Piece(kind="bed", at=(-1.5, 3.5)),
            Piece(kind="door", at=(2.5, 3.02), turn=90.0),
            Piece(kind="chair", at=(-0.85, 2.47)),
        ),
        camera=Camera(at=(-1.3, -0.1, 3.3), aim=(-0.75, 3.45, 1.2), lens_mm=24.0),
    )
    names = [group.name for group in draw(staging, 640, 360).groups]
    assert names.index("bed") < names.index("MARA")


def test_a_figure_that_is_kept_is_drawn_as_if_it_were_drawn_anew() -> None:
    one = Figure(name="A", at=(-0.5, 2.5), facing=100.0, gaze="B")
    other = Figure(name="B", at=(0.6, 2.5), facing=260.0)
    before = Staging(figures=(one, other))
    moved = Staging(figures=(one, other.model_copy(update={"at": (1.2, 3.4)})))
    draw(before, 320, 180)
    kept = picture(moved, 320, 180)
    figures.forget()
    assert picture(moved, 320, 180) == kept
    assert np.frombuffer(kept, np.uint8).size

"""Other ways to take a shot: another side, lens, height, distance or blocking, as a director tries them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Final

from studio_assist.blockout.moves import dollied, moved, orbit, reach, with_lens
from studio_assist.domain.staging import Arrow, Camera, Figure, Point, Pose, Spot, Staging

Taken = Callable[[Staging], Staging]


def variants(staging: Staging, count: int, seed: int) -> tuple[Staging, ...]:
    """Other ways to stage and shoot the same: staging and lens differ, not the line's tremble.

    The first is the staging itself. The seed turns the order of the others,
    so that asking again begins elsewhere.
    """
    ways = _ways(staging)
    turn = hashlib.sha256(f"{seed}".encode()).digest()[0] % len(ways) if seed else 0
    ordered = (*ways[turn:], *ways[:turn])
    found = [staging]
    for way in _singly_then_in_pairs(ordered):
        if len(found) >= count:
            break
        taken = way(staging)
        if taken not in found:
            found.append(taken)
    # Where a set leaves no more choices, the last ones come again.
    return tuple(found[place % len(found)] for place in range(count))


def _singly_then_in_pairs(ways: Sequence[Taken]) -> Iterator[Taken]:
    yield from ways
    for shift in range(1, len(ways)):
        for place, way in enumerate(ways):
            other = ways[(place + shift) % len(ways)]
            yield partial(_both, way, other)


def _both(one: Taken, other: Taken, staging: Staging) -> Staging:
    return other(one(staging))


def _ways(staging: Staging) -> tuple[Taken, ...]:
    ways: list[Taken] = [_other_side, _low, _nearer, _long_lens, _high, _wider]
    if len(staging.figures) > 1:
        ways.insert(2, _in_depth)
    elif staging.figures:
        ways.insert(3, _profile)
    return tuple(ways)


def _with(staging: Staging, camera: Camera) -> Staging:
    """The camera there, or as far towards there as walls and the line let it."""
    start = staging.camera
    for share in (1.0, 0.75, 0.5, 0.3):
        at = _mixed(start.at, camera.at, share)
        if _free(staging, start.at, at):
            changes = {
                "at": (at[0], at[1], max(0.15, at[2])),
                "aim": _mixed(start.aim, camera.aim, share),
                "lens_mm": start.lens_mm + (camera.lens_mm - start.lens_mm) * share,
            }
            return staging.model_copy(update={"camera": start.model_copy(update=changes)})
    return staging


def _mixed(start: Point, end: Point, share: float) -> Point:
    x, y, z = (a + (b - a) * share for a, b in zip(start, end, strict=True))
    return (round(x, 4), round(y, 4), round(z, 4))


def _free(staging: Staging, start: Point, at: Point) -> bool:
    """Within the walls (before the wall that is taken out all is free), and on the line's same side."""
    if staging.place in _WALLED and at[1] > 0 and start[1] < staging.room[1]:
        half, deep = staging.room[0] / 2 - 0.2, staging.room[1] - 0.2
        if abs(at[0]) > max(half, abs(start[0])) or at[1] > max(deep, start[1]):
            return False
    return all(_over(one, start) == _over(one, at) for one in _lines(staging))


_WALLED: Final = frozenset({"room", "hall", "corridor", "cellar", "stairwell"})


def _lines(staging: Staging) -> list[tuple[Spot, Spot]]:
    """The line between two; with one person, the one along x through them."""
    if len(staging.figures) > 1:
        return [(staging.figures[0].at, staging.figures[1].at)]
    return [(one.at, (one.at[0] + 1.0, one.at[1])) for one in staging.figures]


def _over(line: tuple[Spot, Spot], at: Point) -> bool:
    (x, y), (to_x, to_y) = line
    return (to_x - x) * (at[1] - y) - (to_y - y) * (at[0] - x) > 0


def _swing(staging: Staging) -> float:
    """Towards the side from which the camera does not look already."""
    camera = staging.camera
    return -1.0 if camera.at[0] > camera.aim[0] else 1.0


def _other_side(staging: Staging) -> Staging:
    return _with(staging, orbit(staging.camera, 46.0 * _swing(staging), 4.0))


def _low(staging: Staging) -> Staging:
    camera = orbit(
        with_lens(staging.camera, staging.camera.lens_mm * 0.75, reach(staging.camera)), 12.0, -22.0
    )
    return _with(staging, camera)


def _high(staging: Staging) -> Staging:
    return _with(staging, orbit(staging.camera, -10.0 * _swing(staging), 30.0))


def _nearer(staging: Staging) -> Staging:
    """A size closer, with the move that gets there drawn in."""
    camera = dollied(staging.camera, reach(staging.camera) * 0.36)
    head = _head(staging)
    if head is not None:
        # Closer on a person is closer on the face.
        x, y, z = camera.aim
        camera = camera.model_copy(update={"aim": (x, y, z + (head - z) * 0.55)})
    taken = _with(staging, camera)
    if any(not arrow.who for arrow in staging.arrows):
        return taken
    return taken.model_copy(update={"arrows": (*staging.arrows, Arrow(move="push-in"))})


def _long_lens(staging: Staging) -> Staging:
    """From further off with a longer lens: the same size, the background close behind."""
    camera = with_lens(staging.camera, min(200.0, staging.camera.lens_mm * 2.0), reach(staging.camera))
    return _with(staging, orbit(camera, -16.0 * _swing(staging), 0.0))


def _wider(staging: Staging) -> Staging:
    camera = dollied(staging.camera, -reach(staging.camera) * 0.75)
    wider = with_lens(camera, max(18.0, camera.lens_mm * 0.8))
    return _with(staging, moved(wider, 0.35 * _swing(staging), 0.1))


def _profile(staging: Staging) -> Staging:
    """Whoever is seen turns away by a quarter: a profile, with the eyes where they were."""
    one = staging.figures[0]
    if one.pose in (Pose.DRIVE, Pose.LIE, Pose.RIDE):
        return _other_side(staging)
    way = 90.0 if one.facing % 360 < 180 else 270.0
    return _with_figure(staging, 0, one.model_copy(update={"facing": way, "head_turn": 0.0}))


def _in_depth(staging: Staging) -> Staging:
    """One near, one far: the second goes back into the set and is seen past the first."""
    second = staging.figures[1]
    deep = staging.room[1] - 0.7 if staging.place in ("room", "cellar", "stairwell") else second.at[1] + 3.0
    spot = (round(second.at[0] * 1.25, 3), round(min(deep, second.at[1] + 1.5), 3))
    if second.pose in (Pose.SIT, Pose.DRIVE, Pose.LIE, Pose.RIDE):
        return _other_side(staging)
    taken = _with_figure(staging, 1, second.model_copy(update={"at": spot}))
    return _with(taken, orbit(staging.camera, 14.0 * _swing(staging), 0.0))


def _with_figure(staging: Staging, index: int, one: Figure) -> Staging:
    figures = (*staging.figures[:index], one, *staging.figures[index + 1 :])
    return staging.model_copy(update={"figures": figures})


def _head(staging: Staging) -> float | None:
    one = next((one for one in staging.figures if one.name in staging.focus), None)
    if one is None or one.pose not in (Pose.STAND, Pose.WALK, Pose.RUN):
        return None
    return one.z + one.look.height_m * 0.92

"""What an artist does to a camera and to figures in the inspector: pure, so that a drag is a row of them.

Directions are the camera's own: right and up as the frame shows them. Degrees; metres.
"""

from __future__ import annotations

import math
from typing import Final

from studio_assist.domain.errors import BadInput
from studio_assist.domain.staging import Camera, Figure, Piece, Point, Spot, Staging

#: How near a camera comes to what it looks at, and how steeply it looks: beyond, a frame tells nothing.
_NEAREST_M: Final = 0.15
_STEEPEST: Final = 88.0
_LENSES: Final = (8.0, 600.0)


def reach(camera: Camera) -> float:
    """Metres from the camera to what it looks at."""
    return math.dist(camera.at, camera.aim)


def orbit(camera: Camera, around_deg: float, up_deg: float) -> Camera:
    """Round what it looks at: to the right (counter-clockwise from above) and up, at the same distance."""
    heading, rise, far = _polar(camera.aim, camera.at)
    rise = _between(rise + up_deg, -_STEEPEST, _STEEPEST)
    return camera.model_copy(update={"at": _from(camera.aim, heading - around_deg, rise, far)})


def moved(camera: Camera, right_m: float, up_m: float) -> Camera:
    """Sideways and up, looking the same way: a truck and a pedestal."""
    heading, _rise, _far = _polar(camera.at, camera.aim)
    side = math.radians(heading + 90)
    shift = (math.sin(side) * right_m, math.cos(side) * right_m, up_m)
    return camera.model_copy(update={"at": _plus(camera.at, shift), "aim": _plus(camera.aim, shift)})


def dollied(camera: Camera, ahead_m: float) -> Camera:
    """Towards what it looks at; never through it. Backwards with a negative distance."""
    far = reach(camera)
    share = max(_NEAREST_M, far - ahead_m) / far if far > 1e-6 else 1.0
    at = tuple(aim + (at - aim) * share for at, aim in zip(camera.at, camera.aim, strict=True))
    return camera.model_copy(update={"at": (at[0], at[1], at[2])})


def turned(camera: Camera, right_deg: float, up_deg: float) -> Camera:
    """Where it stands: a pan to the right and a tilt up."""
    heading, rise, far = _polar(camera.at, camera.aim)
    rise = _between(rise + up_deg, -_STEEPEST, _STEEPEST)
    return camera.model_copy(update={"aim": _from(camera.at, heading + right_deg, rise, far)})


def rolled(camera: Camera, degrees: float) -> Camera:
    """A Dutch angle: on top of the one it has."""
    return camera.model_copy(update={"roll": _between(camera.roll + degrees, -60.0, 60.0)})


def with_lens(camera: Camera, lens_mm: float, keep: float | None = None) -> Camera:
    """Another lens. `keep`: metres ahead at which all stays as large as it is, by a dolly; None: no dolly."""
    lens = _between(lens_mm, *_LENSES)
    changed = camera.model_copy(update={"lens_mm": lens})
    if keep is None or keep <= 0:
        return changed
    step = keep - keep * lens / camera.lens_mm
    heading, rise, far = _polar(camera.at, camera.aim)
    at = _from(camera.at, heading, rise, step)
    # The aim stays ahead even where the camera dollies past it.
    aim = _from(at, heading, rise, max(_NEAREST_M, far - step))
    return changed.model_copy(update={"at": at, "aim": aim})


def figure_moved(staging: Staging, index: int, at: Spot) -> Staging:
    """A figure on another spot.

    Raises:
        BadInput: there is no such figure.
    """
    return figure_changed(staging, index, _figure(staging, index).model_copy(update={"at": at}))


def figure_turned(staging: Staging, index: int, degrees: float) -> Staging:
    """A figure turned where it stands; positive is to its right.

    Raises:
        BadInput: there is no such figure.
    """
    one = _figure(staging, index)
    facing = (one.facing + degrees) % 360
    return figure_changed(staging, index, one.model_copy(update={"facing": facing}))


def figure_changed(staging: Staging, index: int, one: Figure) -> Staging:
    """Another figure in one's place: pose, gesture, mood, look.

    Raises:
        BadInput: there is no such figure.
    """
    _figure(staging, index)
    figures = (*staging.figures[:index], one, *staging.figures[index + 1 :])
    return staging.model_copy(update={"figures": figures})


def piece_moved(staging: Staging, index: int, at: Spot, turn: float | None = None) -> Staging:
    """A piece of the set on another spot, and turned if `turn` is given.

    Raises:
        BadInput: there is no such piece.
    """
    if not 0 <= index < len(staging.pieces):
        raise BadInput("The set has no such piece.", remedy="Choose it again.", place=f"piece {index + 1}")
    old: Piece = staging.pieces[index]
    new = old.model_copy(update={"at": at, "turn": old.turn if turn is None else turn})
    return staging.model_copy(update={"pieces": (*staging.pieces[:index], new, *staging.pieces[index + 1 :])})


def _figure(staging: Staging, index: int) -> Figure:
    if not 0 <= index < len(staging.figures):
        raise BadInput(
            "The frame has no such figure.", remedy="Choose it again.", place=f"figure {index + 1}"
        )
    return staging.figures[index]


def _polar(start: Point, end: Point) -> tuple[float, float, float]:
    """(heading clockwise from +y, rise, distance) from one point to another."""
    across, ahead, up = (b - a for a, b in zip(start, end, strict=True))
    flat = math.hypot(across, ahead)
    return math.degrees(math.atan2(across, ahead)), math.degrees(math.atan2(up, flat)), math.hypot(flat, up)


def _from(start: Point, heading: float, rise: float, far: float) -> Point:
    turn, lift = math.radians(heading), math.radians(rise)
    flat = far * math.cos(lift)
    return _plus(start, (math.sin(turn) * flat, math.cos(turn) * flat, far * math.sin(lift)))


def _plus(point: Point, shift: Point) -> Point:
    return (point[0] + shift[0], point[1] + shift[1], point[2] + shift[2])


def _between(value: float, low: float, high: float) -> float:
    return max(low, min(high, value))

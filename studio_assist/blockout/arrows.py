"""Moves drawn into the frame, as boards do: white arrows with a black outline, zoom frames, and lines of
speed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from studio_assist.blockout.drawing import Group, Points, Shape
from studio_assist.blockout.shading import Tones
from studio_assist.blockout.view import View
from studio_assist.domain.staging import Arrow, Figure, Pose, Staging

#: The lowest part of a picture wears the TEMP band, so no arrow goes below this share of the height.
_LOWEST: Final = 0.86
_INK: Final = 4.0
_LINE: Final = 0.08
_LIGHT_LINE: Final = 0.94
#: Words of a figure's move and where they lead, seen from the usual camera.
_WAYS: Final = {
    "left": (-1.0, 0.0, 0.0),
    "right": (1.0, 0.0, 0.0),
    "toward": (0.0, -1.0, 0.0),
    "away": (0.0, 1.0, 0.0),
    "up": (0.0, 0.0, 1.0),
    "down": (0.0, 0.0, -1.0),
}
_FAST: Final = frozenset({Pose.RUN, Pose.JUMP, Pose.FALL})


def arrows(staging: Staging, view: View) -> tuple[Group, ...]:
    """All moves of a staging."""
    groups: list[Group] = []
    for order, arrow in enumerate(staging.arrows):
        shapes = _of_somebody(arrow, staging, view) if arrow.who else _of_camera(arrow.move, staging, view)
        shapes = [part for shape in shapes for part in _thick(shape, view)]
        if shapes:
            # The first named lies on top of the others.
            groups.append(Group("arrow", float(order), tuple(shapes), arrow.who or arrow.move))
    return tuple(groups)


def speed_lines(staging: Staging, view: View) -> tuple[Group, ...]:
    """Strokes that trail behind who runs, jumps or falls; painted before them, so that they hide it."""
    tones = Tones.of(staging)
    # Black would be lost in the night.
    line = _LIGHT_LINE if tones.dark and not tones.indoors else _LINE
    groups: list[Group] = []
    for figure in staging.figures:
        if figure.pose in _FAST:
            shapes = _trail(figure, view, line)
            if shapes:
                depth = view.depth((*figure.at, figure.z + 0.9))
                groups.append(Group("figure", depth + 0.05, tuple(shapes), f"{figure.name}: speed", rim=0.0))
    return tuple(groups)


# The camera


def _of_camera(move: str, staging: Staging, view: View) -> list[Shape]:
    words = move.lower()
    if "zoom" in words:
        return _zoom(view, inwards="out" not in words)
    if "handheld" in words:
        return _handheld(view)
    if "pan" in words:
        below = _swung(view, -1.0 if "left" in words else 1.0)
        above = replace(below, points=np.abs(np.subtract(below.points, (0.0, 0.93 * view.height))))
        return [_clearest([below, above], staging, view, mirrored=False)]
    if "tilt" in words:
        return [_clearest([_nodded(view, -1.0 if "down" in words else 1.0)], staging, view)]
    if "crane" in words:
        return [_clearest([_lifted(view, -1.0 if "down" in words else 1.0)], staging, view)]
    if "track" in words:
        return [_on_floor(view, (0.0, 1.5), (-1.0 if "left" in words else 1.0, 0.0), 0.9)]
    if "pull" in words:
        ways = [_on_floor(view, (aside, 1.75), (0.02, -1.0), 1.2) for aside in (0.36, 0.5)]
        return [_clearest(ways, staging, view)]
    if any(word in words for word in ("push", "follow", "dolly")):
        length = 0.95 if "slow" in words else 1.3
        ways = [_on_floor(view, (aside, 1.75), (-0.02, 1.0), length) for aside in (0.36, 0.5)]
        return [_clearest(ways, staging, view)]
    return []


def _clearest(shapes: list[Shape], staging: Staging, view: View, *, mirrored: bool = True) -> Shape:
    """Of arrows, and their mirror images, the one that hides least of people, and of heads above all."""
    boxes: list[tuple[Points, Points, float]] = []
    for figure in staging.figures:
        tall = figure.look.height_m
        for low, high, weight in ((0.0, 0.75, 1.0), (0.75, 1.05, 6.0)):
            ends = [(*figure.at, figure.z + share * tall) for share in (low, high)]
            seen, ahead = view.project(ends)
            if float(ahead.min()) > 0.2:
                half = 0.26 * view.focal_px / float(ahead.min())
                wide = np.array([half, 0.0])
                boxes.append((seen.min(axis=0) - wide, seen.max(axis=0) + wide, weight))

    def hidden(shape: Shape) -> float:
        first, last = shape.points.min(axis=0), shape.points.max(axis=0)
        return sum(
            weight * float(np.prod(np.maximum(np.minimum(high, last) - np.maximum(low, first), 0.0)))
            for low, high, weight in boxes
        )

    across = (view.width, 0.0)
    others = [replace(shape, points=np.abs(np.subtract(shape.points, across))) for shape in shapes]
    return min([*shapes, *(others if mirrored else [])], key=hidden)


def _on_floor(view: View, middle: tuple[float, float], way: tuple[float, float], length: float) -> Shape:
    """An arrow on a floor under the camera as a normal lens sees it, whatever the shot's own lens is.

    So it is always in the frame, and lies in the perspective of the picture as far as the horizon tells it.
    """
    horizon = view.horizon()
    level = 0.3 * view.height
    if horizon is not None and abs(horizon[1][0] - horizon[0][0]) > 1.0:
        (x0, y0), (x1, y1) = horizon
        seen = y0 + (y1 - y0) * (view.width / 2 - x0) / (x1 - x0)
        level = float(np.clip(seen, 0.08 * view.height, 0.36 * view.height))
    ahead = np.asarray(way) / np.hypot(*way)
    # What lies along the view is seen short, what lies across it is seen thin: both are made up for.
    along = abs(float(ahead[1]))
    flat = _straight(length, 0.1 - 0.052 * along, 0.21 - 0.095 * along, 0.22 + 0.28 * along)
    across = np.array([ahead[1], -ahead[0]])
    floor = np.asarray(middle) + (flat[:, :1] - length / 2) * ahead + flat[:, 1:] * across
    focal = 0.95 * view.width
    x = view.width / 2 + floor[:, 0] / floor[:, 1] * focal
    y = 1.0 / floor[:, 1]
    y *= (_LOWEST * view.height - level) / max(float(y.max()), 1.0 / 1.55)
    return _outlined(np.stack([x, level + y], axis=1))


def _swung(view: View, way: float) -> Shape:
    """A pan: a bow along the lower edge, as if drawn around the camera."""
    angle = np.linspace(-0.46, 0.46, 18) * way
    spine = np.stack(
        [
            view.width * (0.5 + 0.54 * np.sin(angle)),
            view.height * (_LOWEST - 0.05 - 0.45 * (1.0 - np.cos(angle))),
        ],
        axis=1,
    )
    return _outlined(_bowed(spine, 0.018 * view.width))


def _nodded(view: View, way: float) -> Shape:
    """A tilt: a bow along the right edge."""
    angle = np.linspace(-0.5, 0.5, 18) * way
    spine = np.stack(
        [
            view.width * (0.93 - 0.36 * (1.0 - np.cos(angle))),
            view.height * (0.46 - 0.6 * np.sin(angle)),
        ],
        axis=1,
    )
    return _outlined(_bowed(spine, 0.018 * view.width))


def _lifted(view: View, way: float) -> Shape:
    """A crane: an upright arrow at the right edge that narrows as it leaves."""
    flat = _straight(0.52 * view.height, 0.024 * view.width, 0.052 * view.width, 0.1 * view.height)
    narrow = 1.0 - 0.35 * flat[:, 0] / flat[:, 0].max()
    points = np.stack(
        [
            view.width * 0.9 + flat[:, 1] * narrow,
            view.height * 0.46 - way * (flat[:, 0] - 0.26 * view.height),
        ],
        axis=1,
    )
    return _outlined(points)


def _zoom(view: View, *, inwards: bool) -> list[Shape]:
    """A zoom: the frame that it ends or begins on, and arrows along the diagonals."""
    wide, high = view.width, view.height * _LOWEST
    middle = np.array([wide / 2, high / 2])
    inner = np.array([(0.26, 0.26), (0.74, 0.26), (0.74, 0.74), (0.26, 0.74)]) * (wide, high)
    shapes: list[Shape] = []
    for index, corner in enumerate(inner):
        for other in (inner[index - 1], inner[(index + 1) % 4]):
            arm = corner + (other - corner) * 0.22
            shapes.append(Shape(np.array([corner, arm]), closed=False, ink=6.5, line=1.0))
            shapes.append(Shape(np.array([corner, arm]), closed=False, ink=3.0, line=_LINE))
        outer = middle + (corner - middle) * 1.86
        start, end = (outer, corner + (outer - corner) * 0.12) if inwards else (corner, outer)
        way = (end - start) / max(float(np.linalg.norm(end - start)), 1e-6)
        flat = _straight(0.115 * wide, 0.0085 * wide, 0.021 * wide, 0.034 * wide)
        begin = start + (end - start) * (0.35 if inwards else 0.1)
        across = np.array([-way[1], way[0]])
        shapes.append(_outlined(begin + flat[:, :1] * way + flat[:, 1:] * across, ink=2.6))
    return shapes


def _handheld(view: View) -> list[Shape]:
    """A camera in the hand: corners of the frame, drawn twice, a little off and askew."""
    shapes: list[Shape] = []
    wide, high = view.width, view.height * _LOWEST
    for turn, shift in ((0.014, (0.004, -0.006)), (-0.018, (-0.006, 0.008))):
        frame = np.array([(0.05, 0.07), (0.95, 0.07), (0.95, 0.95), (0.05, 0.95)]) * (wide, high)
        middle = frame.mean(axis=0)
        sine, cosine = np.sin(turn), np.cos(turn)
        frame = (
            (frame - middle) @ np.array([(cosine, sine), (-sine, cosine)]) + middle + np.array(shift) * wide
        )
        for index, corner in enumerate(frame):
            arms = [corner + (frame[other % 4] - corner) * 0.1 for other in (index - 1, index + 1)]
            corner_line = np.array([arms[0], corner, arms[1]])
            shapes.append(Shape(corner_line, closed=False, ink=6.0, line=1.0))
            shapes.append(Shape(corner_line, closed=False, ink=2.6, line=_LINE))
    return shapes


# Somebody


def _of_somebody(arrow: Arrow, staging: Staging, view: View) -> list[Shape]:
    """An arrow on the floor from who moves to where; beside them where the floor is out of the frame."""
    words = arrow.move.lower()
    found = next((one for one in staging.figures if one.name == arrow.who), None)
    thing = next((one for one in staging.pieces if arrow.who in (one.name, one.kind)), None)
    if found is not None:
        at, facing, tall, clear = (*found.at, found.z), found.facing, found.look.height_m, 0.45
    elif thing is not None:
        at, facing, tall, clear = (*thing.at, thing.z), thing.turn + 180.0, 1.2, 1.4
    else:
        return []
    way = np.array([np.sin(np.radians(facing)), np.cos(np.radians(facing)), 0.0])
    for word, leads in _WAYS.items():
        if word in words.split() or f"{word}s" in words.split():
            way = np.array(leads)
    length = 1.9 if "run" in words else 1.3
    start = np.asarray(at) + way * clear
    if way[2] == 0.0:
        across = np.array([way[1], -way[0], 0.0])
        for share in (1.0, 0.75, 0.55):
            flat = _straight(length * share, 0.13, 0.3, 0.42)
            points = view.polygon(start + flat[:, :1] * way + flat[:, 1:] * across)
            if points is not None and _fits(points, view):
                return [_outlined(points)]
    return _beside(np.add(at, (0.0, 0.0, 0.62 * tall)), way, view)


def _fits(points: Points, view: View) -> bool:
    low, high = points.min(axis=0), points.max(axis=0)
    area = float(np.prod((high - low) / (view.width, view.height)))
    return bool(
        low[0] > 0.01 * view.width
        and high[0] < 0.99 * view.width
        and low[1] > 0
        and high[1] < 0.93 * view.height
        and area > 0.002
        and high[1] - low[1] > 0.035 * view.height
    )


def _beside(at: ArrayLike, way: ArrayLike, view: View) -> list[Shape]:
    """An arrow in the plane of the picture that points as the move goes."""
    here, ahead = view.project(at)
    if ahead[0] < 0.1:
        return []
    there, _ahead = view.project(np.asarray(at) + 0.25 * np.asarray(way))
    aim = there[0] - here[0]
    size = float(np.hypot(*aim))
    share = size / max(0.25 * view.focal_px / float(ahead[0]), 1e-6)
    # Straight at the camera or away from it: down or up in the frame.
    nearer = float(np.asarray(way) @ view.ahead) < 0.0
    straight = share <= 0.3 or size <= 1e-6
    aim = np.array([0.0, 1.0 if nearer else -1.0]) if straight else aim / size
    length = 0.13 * view.width
    flat = _straight(length, 0.016 * view.width, 0.036 * view.width, 0.05 * view.width)
    across = np.array([-aim[1], aim[0]])
    begin = here[0] + aim * 0.1 * view.width
    if straight:
        # Next to the body, on the side where there is more room.
        clear = 0.04 * view.width + 0.35 * view.focal_px / float(ahead[0])
        begin = here[0] + (clear if here[0, 0] < view.width / 2 else -clear, -0.5 * length * aim[1])
    points = begin + flat[:, :1] * aim + flat[:, 1:] * across
    frame = np.array([view.width, view.height * _LOWEST])
    shift = np.minimum(0.0, 0.97 * frame - points.max(axis=0))
    shift += np.maximum(0.0, 0.03 * frame - (points + shift).min(axis=0))
    return [_outlined(points + shift)]


def _trail(figure: Figure, view: View, line_tone: float) -> list[Shape]:
    tall = figure.look.height_m
    angle = np.radians(figure.facing)
    way = np.array([np.sin(angle), np.cos(angle), 0.0])
    if figure.pose is Pose.FALL:
        way = np.array([0.0, 0.0, -1.0])
    elif figure.pose is Pose.JUMP:
        way = np.add(way, (0.0, 0.0, 1.3)) / 1.64
    side = np.array([np.cos(angle), -np.sin(angle), 0.0])
    up = np.array([0.0, 0.0, 1.0]) if abs(way[2]) < 0.9 else np.array([side[1], -side[0], 0.0])
    # Seen from before or behind, the strokes keep clear of the body and run longer.
    short = abs(float(way @ view.ahead))
    shapes: list[Shape] = []
    for index, (level, aside) in enumerate(
        ((0.94, 0.1), (0.8, -0.14), (0.64, 0.16), (0.5, -0.1), (0.34, 0.12))
    ):
        start = 0.42 + 0.1 * (index % 2) - 0.3 * short
        reach = np.linspace(start, start + (0.62 + 0.22 * ((index * 2) % 3)) * (1.0 + short), 9)
        bow = 0.05 * (1.0 - short) * np.sin(np.linspace(0.0, np.pi, 9)) * (1 if index % 2 else -1)
        middle = np.array([*figure.at, figure.z])
        if abs(way[2]) < 0.9:
            middle = middle + up * level * tall
        else:
            middle = middle + up * (level - 0.6) + (0.0, 0.0, 0.6 * tall)
        shift = side * (aside + np.sign(aside) * 0.34 * short)
        seen = view.polygon(middle - reach[:, None] * way + shift + bow[:, None] * up, closed=False)
        if seen is not None:
            weight = 2.6 - 0.25 * (index % 3)
            shapes.append(Shape(seen, closed=False, ink=weight, line=line_tone, taper=True, rough=0.4))
    return shapes


# Outlines


def _straight(length: float, half_shaft: float, half_head: float, head: float) -> Points:
    """An arrow along the first axis from 0 to `length`."""
    neck = max(length - head, 0.3 * length)
    return np.array(
        [
            (0.0, half_shaft * 0.72),
            (neck, half_shaft),
            (neck - 0.06 * head, half_head),
            (length, 0.0),
            (neck - 0.06 * head, -half_head),
            (neck, -half_shaft),
            (0.0, -half_shaft * 0.72),
        ]
    )


def _bowed(spine: Points, half: float) -> Points:
    """An arrow along a curve, its head at the curve's end."""
    way = np.gradient(spine, axis=0)
    way /= np.maximum(np.hypot(way[:, 0], way[:, 1]), 1e-9)[:, None]
    normal = np.stack([-way[:, 1], way[:, 0]], axis=1)
    swell = np.linspace(0.5, 1.0, len(spine))[:, None]
    neck, tip = spine[-1], spine[-1] + way[-1] * half * 3.4
    head = [neck + normal[-1] * half * 2.1, tip, neck - normal[-1] * half * 2.1]
    return np.concatenate([spine + normal * half * swell, head, (spine - normal * half * swell)[::-1]])


def _thick(shape: Shape, view: View) -> tuple[Shape, ...]:
    """A white arrow with an edge below it, as if cut out of board, so that it stands off from the drawing."""
    if shape.fill is None:
        return (shape,)
    edge = np.add(shape.points, (0.0016 * view.width, 0.0044 * view.width))
    return Shape(edge, fill=_LINE, ink=shape.ink, line=_LINE, rough=0.5), shape


def _outlined(points: Sequence[Sequence[float]] | Points, ink: float = _INK) -> Shape:
    return Shape(np.asarray(points, float), fill=1.0, ink=ink, line=_LINE, rough=0.5)

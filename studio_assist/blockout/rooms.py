"""Rooms from inside: walls with skirting and corners, floors, ceilings; halls, corridors, cellars."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from studio_assist.blockout.drawing import Group, Hatch, Shape
from studio_assist.blockout.planes import GROUND_M, WALL_M, plane, strokes
from studio_assist.blockout.shading import Tones
from studio_assist.blockout.view import View
from studio_assist.domain.staging import Place, Staging

Corner = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class _Style:
    """What a kind of room has: its shades, how its floor is laid, what its walls carry."""

    wall: float = 0.86
    floor: float = 0.72
    ceiling: float = 0.9
    laid: str = "boards"
    dado: bool = False
    beams: bool = False
    stones: bool = False
    pilasters: float = 0.0
    doors: float = 0.0


_STYLES: dict[Place, _Style] = {
    "room": _Style(),
    "hall": _Style(laid="tiles", pilasters=3.0, dado=True, floor=0.8),
    "corridor": _Style(laid="tiles", doors=3.4, dado=True, floor=0.66),
    "cellar": _Style(wall=0.66, floor=0.55, ceiling=0.5, laid="flags", stones=True, beams=True),
}


@dataclass(frozen=True, slots=True)
class Walls:
    """The inside of a room, opened where the camera stands beyond a wall."""

    left: float
    right: float
    near: float
    far: float
    top: float

    @classmethod
    def around(cls, staging: Staging) -> Walls:
        """The room of a staging, with the wall that the camera is behind taken out."""
        width, depth, height = staging.room
        x, y, _z = staging.camera.at
        edge = 1.5
        return cls(
            min(-width / 2, x - edge) if x < -width / 2 + 0.05 else -width / 2,
            max(width / 2, x + edge) if x > width / 2 - 0.05 else width / 2,
            min(0.0, y - edge) if y < 0.05 else 0.0,
            max(depth, y + edge) if y > depth - 0.05 else depth,
            height,
        )


def room(staging: Staging, view: View, tones: Tones, seed: int) -> list[Group]:
    """Floor, walls and ceiling."""
    style = _STYLES.get(staging.place, _Style())
    walls = Walls.around(staging)
    eye = staging.camera.at
    groups: list[Group] = [_backdrop(view, tones)]
    if eye[2] > 0.0:
        groups.append(Group("ground", GROUND_M, tuple(_floor(walls, style, view, tones, seed)), "floor"))
    if eye[2] < walls.top:
        groups.append(Group("set", GROUND_M, tuple(_ceiling(walls, style, view, tones)), "ceiling"))
    shapes: list[Shape] = []
    sides: list[tuple[Corner, Corner, tuple[float, float, float], str]] = [
        ((walls.left, walls.far, 0.0), (walls.right, walls.far, 0.0), (0.0, -1.0, 0.0), "back"),
        ((walls.left, walls.near, 0.0), (walls.left, walls.far, 0.0), (1.0, 0.0, 0.0), "left"),
        ((walls.right, walls.far, 0.0), (walls.right, walls.near, 0.0), (-1.0, 0.0, 0.0), "right"),
        ((walls.right, walls.near, 0.0), (walls.left, walls.near, 0.0), (0.0, 1.0, 0.0), "front"),
    ]
    for start, end, normal, _name in sides:
        shapes += _wall(start, end, normal, walls.top, style, view, tones, seed)
    groups.append(Group("set", WALL_M, tuple(shapes), "walls"))
    return groups


def _backdrop(view: View, tones: Tones) -> Group:
    """Behind everything, where walls end above a camera that looks in from high up."""
    w, h = view.width, view.height
    frame = np.array([(-20.0, -20.0), (w + 20.0, -20.0), (w + 20.0, h + 20.0), (-20.0, h + 20.0)])
    return Group(
        "sky", 1e7, (Shape(frame, fill=tones.surface(0.62), ink=0.0, depth=1e4, silent=True),), "behind"
    )


def _floor(walls: Walls, style: _Style, view: View, tones: Tones, seed: int) -> list[Shape]:
    tone = tones.surface(style.floor)
    left, right, near, far = walls.left, walls.right, walls.near, walls.far
    shapes = plane(view, [(left, near, 0), (right, near, 0), (right, far, 0), (left, far, 0)], tone)
    line = tones.step(tone, 1)
    if style.laid == "boards":
        gap = 0.22 if right - left < 9 else 0.4
        xs = np.arange(left, right, gap)
        shapes += strokes(view, ([(x, near, 0), (x, far, 0)] for x in xs), ink=1.3, line=line)
        ends = []
        for index, x in enumerate(xs):
            y = near + ((index * 37 + seed % 7) % 11) / 11 * 3.0
            while y < far:
                ends.append([(x, y, 0), (x + gap, y, 0)])
                y += 3.0
        shapes += strokes(view, ends, ink=1.2, line=line)
    elif style.laid == "tiles":
        gap = 0.6 if right - left < 5 else 1.0
        shapes += strokes(
            view, ([(x, near, 0), (x, far, 0)] for x in np.arange(left, right, gap)), ink=1.3, line=line
        )
        shapes += strokes(
            view, ([(left, y, 0), (right, y, 0)] for y in np.arange(near, far, gap)), ink=1.3, line=line
        )
    else:
        shapes += strokes(view, _flags(walls), ink=1.3, line=line)
    return shapes


def _flags(walls: Walls) -> list[list[Corner]]:
    """Irregular stone slabs."""
    lines: list[list[Corner]] = []
    row, y = 0, walls.near
    while y < walls.far:
        deep = 0.55 + (row * 29 % 7) / 20
        lines.append([(walls.left, y, 0.0), (walls.right, y, 0.0)])
        x = walls.left + (row * 53 % 10) / 10
        column = 0
        while x < walls.right:
            lines.append([(x, y, 0.0), (x + 0.05, min(y + deep, walls.far), 0.0)])
            column += 1
            x += 0.7 + (row * 31 + column * 17) % 9 / 14
        y += deep
        row += 1
    return lines


def _ceiling(walls: Walls, style: _Style, view: View, tones: Tones) -> list[Shape]:
    z = walls.top
    left, right, near, far = walls.left, walls.right, walls.near, walls.far
    tone = tones.surface(style.ceiling, (0.0, 0.0, -1.0))
    shapes = plane(view, [(left, near, z), (right, near, z), (right, far, z), (left, far, z)], tone)
    beams: list[Shape] = []
    if style.beams:
        y = near + 0.6
        while y < far:
            low = z - 0.22
            under = tones.surface(0.42, (0.0, 0.0, -1.0))
            side = tones.surface(0.5, (0.0, -1.0, 0.0))
            beams += plane(
                view, [(left, y, low), (right, y, low), (right, y, z), (left, y, z)], side, ink=1.6
            )
            beams += plane(
                view,
                [(left, y, low), (right, y, low), (right, y + 0.2, low), (left, y + 0.2, low)],
                under,
                ink=1.6,
            )
            y += 1.5
        # Beams farther away are hidden by nearer ones.
        return [*shapes, *beams[::-1]]
    if style.doors:
        y = near + 1.2
        while y < far:
            shapes += plane(
                view,
                [
                    (-0.12, y, z - 0.01),
                    (0.12, y, z - 0.01),
                    (0.12, y + 1.2, z - 0.01),
                    (-0.12, y + 1.2, z - 0.01),
                ],
                0.936,
                ink=1.4,
            )
            y += style.doors
    return shapes


def _wall(
    start: Corner,
    end: Corner,
    normal: tuple[float, float, float],
    top: float,
    style: _Style,
    view: View,
    tones: Tones,
    seed: int,
) -> list[Shape]:
    """One wall from its left end to its right as seen from inside."""
    a, b = np.asarray(start), np.asarray(end)
    eye = np.asarray(view.camera.at, float)
    inward = float((eye - a) @ np.asarray(normal))
    if inward <= 0.02:
        return []
    length = float(np.linalg.norm(b - a))
    along = (b - a) / max(length, 1e-9)

    def at(run: float, z: float, out: float = 0.0) -> Corner:
        x, y, _z = a + along * run + np.asarray(normal) * out
        return (float(x), float(y), z)

    def rect(
        left: float,
        low: float,
        right: float,
        high: float,
        fill: float | None,
        ink: float = 1.4,
        out: float = 0.0,
    ) -> list[Shape]:
        return plane(
            view,
            [at(left, low, out), at(right, low, out), at(right, high, out), at(left, high, out)],
            fill,
            ink=ink,
        )

    tone = tones.surface(style.wall, normal)
    shapes: list[Shape] = []
    shapes += rect(0.0, 0.0, length, top, tone, ink=0.0)
    line = tones.step(tone, 2)
    if style.stones:
        shapes += strokes(view, _stones(at, length, top, seed), ink=1.2, line=tones.step(tone, 1))
    elif tones.facing(normal) < 0.15:
        # A little pen hatching in the upper corner that the light does not reach.
        reach = min(length * 0.35, 1.7)
        hatch = Hatch(62.0, 9.0, 0.9, tones.step(tone, 1))
        shapes += plane(
            view,
            [at(0.0, top * 0.3), at(reach * 0.45, top * 0.55), at(reach, top), at(0.0, top)],
            None,
            hatch=hatch,
        )
    if style.pilasters:
        run = style.pilasters / 2
        while run < length - 0.3:
            for left, right, shade in ((run - 0.22, run + 0.22, 0.9),):
                shapes += rect(left, 0.0, right, top - 0.3, tones.surface(shade, normal), ink=2.0)
                shapes += rect(
                    left - 0.06, top - 0.42, right + 0.06, top - 0.3, tones.surface(shade, normal), ink=1.6
                )
                shapes += rect(left - 0.06, 0.0, right + 0.06, 0.3, tones.surface(shade, normal), ink=1.6)
            run += style.pilasters
    if style.doors and length > 4.5:
        run = 1.6
        while run < length - 1.2:
            shapes += rect(run - 0.53, 0.0, run + 0.53, 2.16, tones.surface(0.92, normal), ink=1.8)
            shapes += rect(run - 0.45, 0.0, run + 0.45, 2.06, tones.surface(0.7, normal), ink=1.6)
            shapes += rect(run - 0.3, 1.1, run + 0.3, 1.9, None, ink=1.2)
            shapes += rect(run - 0.3, 0.2, run + 0.3, 0.95, None, ink=1.2)
            shapes += rect(run + 0.34, 0.98, run + 0.4, 1.06, 0.2, ink=1.0)
            run += style.doors
    skirting = 0.0 if style.stones else 0.12
    if style.dado:
        shapes += strokes(
            view, [[at(0.0, 0.95), at(length, 0.95)], [at(0.0, 0.89), at(length, 0.89)]], ink=1.6, line=line
        )
    if skirting:
        shapes += rect(0.0, 0.0, length, skirting, tones.step(tone, -1), ink=0.0)
        shapes += strokes(view, [[at(0.0, skirting), at(length, skirting)]], ink=1.8, line=0.25)
        shapes += strokes(view, [[at(0.0, top - 0.08), at(length, top - 0.08)]], ink=1.3, line=line)
    edges = [
        [at(0.0, 0.0), at(length, 0.0)],
        [at(0.0, top), at(length, top)],
        [at(0.0, 0.0), at(0.0, top)],
        [at(length, 0.0), at(length, top)],
    ]
    shapes += strokes(view, edges, ink=3.2, line=0.134)
    return shapes


def _stones(at: Callable[[float, float], Corner], length: float, top: float, seed: int) -> list[list[Corner]]:
    """The joints of a stone wall: courses, and here and there an upright."""
    lines: list[list[Corner]] = []
    course = 0.34
    rows = int(top / course)
    for row in range(rows):
        z = (row + 1) * course
        run = (row * 41 % 13) / 10
        while run < length:
            reach = 0.5 + (row * 19 + int(run * 7) + seed % 5) % 7 / 6
            if (row * 7 + int(run * 11)) % 3:
                lines.append([at(run, z), at(min(run + reach, length), z)])
            if (row + int(run * 5)) % 2 and run < length:
                lines.append([at(run, z - course), at(run, z)])
            run += reach
    return lines

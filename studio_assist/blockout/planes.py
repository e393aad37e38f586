"""Large flat things: walls, floors, ground and water, and the pen lines on them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from studio_assist.blockout.drawing import Group, Hatch, Shape
from studio_assist.blockout.shading import Tones
from studio_assist.blockout.view import NEAR_M, Space, View

#: Depths by which the ground, the walls, and what is far away are painted, behind every piece.
SKY_M: Final = 1e7
FAR_M: Final = 20_000.0
GROUND_M: Final = 9000.0
WALL_M: Final = 5000.0
#: How far the ground reaches.
_REACH_M: Final = 20_000.0


def metres_to(points: Space, view: View) -> float:
    """How far away the middle of an outline is, for the depth picture."""
    ahead = view.to_camera(points)[:, 2]
    return float(max(np.maximum(ahead, NEAR_M).mean(), NEAR_M))


def plane(
    view: View,
    points: ArrayLike,
    fill: float | None,
    *,
    ink: float = 0.0,
    line: float = 0.15,
    alpha: float = 1.0,
    hatch: Hatch | None = None,
    closed: bool = True,
    taper: bool = False,
    silent: bool = False,
) -> list[Shape]:
    """An outline in space as a shape, or nothing where it is out of sight."""
    outline = np.asarray(points, float)
    seen = view.to_camera(outline)
    ahead = seen[:, 2]
    nearest = float(ahead.min())
    if nearest >= NEAR_M:
        flat = seen_at(view, seen)
    elif float(ahead.max()) < NEAR_M:
        return []
    else:
        cut = view.polygon(outline, closed=closed)
        if cut is None:
            return []
        flat = cut
    if _beside(view, flat):
        return []
    # The floor's own depth is known to the depth picture; other planes say theirs point by point.
    floor = not bool(outline[:, 2].any())
    whole = nearest >= NEAR_M and not floor
    return [
        Shape(
            flat,
            closed=closed,
            fill=fill,
            ink=ink,
            line=line,
            alpha=alpha,
            hatch=hatch,
            taper=taper,
            depth=None if floor else float(np.maximum(ahead, NEAR_M).mean()),
            depths=ahead if whole else None,
            silent=silent or alpha < 0.9,
        )
    ]


def seen_at(view: View, seen: Space) -> Space:
    """Camera coordinates that are all before the near plane as pixels."""
    scale = view.focal_px / seen[:, 2]
    return np.stack([view.width / 2 + seen[:, 0] * scale, view.height / 2 - seen[:, 1] * scale], axis=1)


def _beside(view: View, flat: Space) -> bool:
    """Wholly beside the frame."""
    low, high, edge = flat.min(axis=0), flat.max(axis=0), 12.0 * view.unit
    return bool(
        high[0] < -edge or high[1] < -edge or low[0] > view.width + edge or low[1] > view.height + edge
    )


def strokes(
    view: View,
    lines: Iterable[Sequence[Sequence[float]]],
    *,
    ink: float = 1.0,
    line: float = 0.35,
    taper: bool = False,
) -> list[Shape]:
    """Open pen lines in space, all projected at once."""
    runs = [np.asarray(points, float) for points in lines]
    if not runs:
        return []
    ends = np.cumsum([len(run) for run in runs])
    seen = view.to_camera(np.concatenate(runs))
    ahead = np.maximum(seen[:, 2], NEAR_M)
    scale = view.focal_px / ahead
    flat = np.stack([view.width / 2 + seen[:, 0] * scale, view.height / 2 - seen[:, 1] * scale], axis=1)
    starts = np.concatenate([[0], ends[:-1]])
    nearest, farthest = np.minimum.reduceat(seen[:, 2], starts), np.maximum.reduceat(seen[:, 2], starts)
    low, high = np.minimum.reduceat(flat, starts), np.maximum.reduceat(flat, starts)
    edge = 12.0 * view.unit
    aside = np.any((high < -edge) | (low > np.array([view.width, view.height]) + edge), axis=1)
    found: list[Shape] = []
    for index, run in enumerate(runs):
        if farthest[index] < NEAR_M or (nearest[index] >= NEAR_M and aside[index]):
            continue
        part = flat[starts[index] : ends[index]]
        if nearest[index] < NEAR_M:
            cut = view.polygon(run, closed=False)
            if cut is None or _beside(view, cut):
                continue
            part = cut
        depth = float(max((nearest[index] + farthest[index]) / 2, NEAR_M))
        found.append(Shape(part, closed=False, ink=ink, line=line, taper=taper, depth=depth))
    return found


def ground(
    view: View, tones: Tones, base: float, *, name: str = "ground", z: float = 0.0, air: bool = True
) -> list[Group]:
    """Endless flat ground in a few steps of distance: the farther, the more of the sky it takes on."""
    eye = np.asarray(view.camera.at, float)
    if eye[2] <= z + 0.01:
        return []
    if tones.light.weather == "snow":
        base = 0.95
    tone = ground_tone(tones, base)
    shapes: list[Shape] = []
    for reach in (_REACH_M, 400.0, 150.0):
        x, y = float(eye[0]), float(eye[1])
        square = [
            (x - reach, y - reach, z),
            (x + reach, y - reach, z),
            (x + reach, y + reach, z),
            (x - reach, y + reach, z),
        ]
        seen = view.polygon(square)
        if seen is None:
            continue
        fill = tones.air(tone, reach) if air and reach > 200.0 else tone
        edge = reach == _REACH_M
        shapes.append(Shape(seen, fill=fill, ink=2.2 if edge else 0.0, line=0.25))
    return [Group("ground", GROUND_M, tuple(shapes), name)] if shapes else []


def scattered(
    view: View, seed: int, cell: float, near: float, far: float, *, most: int = 400, level: float = 0.0
) -> Space:
    """Places on the ground in front of the camera, one to a cell, the same ones wherever the camera stands.

    Returns (n, 4): x, y, and two random shares of each place.
    """
    eye = np.asarray(view.camera.at, float)
    axes = view.to_camera(eye + np.eye(3)).T
    ahead = axes[2][:2]
    length = float(np.hypot(ahead[0], ahead[1]))
    flat = ahead / length if length > 0.05 else np.array([0.0, 1.0])
    count = int(min(far / cell, 60)) + 1
    middle = np.floor((eye[:2] + flat * far * 0.5) / cell)
    steps = np.arange(-count, count + 1)
    grid_x, grid_y = np.meshgrid(middle[0] + steps, middle[1] + steps)
    cells = np.stack([grid_x.ravel(), grid_y.ravel()], axis=1)
    shares = np.stack([hashed(cells, seed + salt) for salt in range(4)], axis=1)
    places = (cells + 0.1 + shares[:, :2] * 0.8) * cell
    away = places - eye[:2]
    run = away @ flat
    side = np.abs(away @ np.array([flat[1], -flat[0]]))
    half = view.width / 2 / view.focal_px
    kept = (run > near) & (run < far) & (side < run * half * 1.15 + cell)
    order = np.argsort(run[kept], kind="stable")[:most]
    return np.concatenate([places, shares[:, 2:]], axis=1)[kept][order]


def hashed(cells: Space, seed: int) -> Space:
    """A share from 0 to 1 for each cell, from its place alone."""
    mixed = cells[:, 0] * 127.1 + cells[:, 1] * 311.7 + (seed % 9973) * 74.7
    return np.modf(np.abs(np.sin(mixed) * 43758.5453))[0]


def sky_at(view: View, azimuth: float, rise: float, far: float = 1e4) -> Space:
    """A place in the sky by its direction: degrees clockwise from +y, and the tangent of its height."""
    eye = np.asarray(view.camera.at, float)
    angle = np.radians(azimuth)
    return eye + np.array([np.sin(angle), np.cos(angle), rise]) * far


def front_azimuth(view: View) -> float:
    """Where the camera looks, in degrees clockwise from +y."""
    x, y = np.asarray(view.camera.aim, float)[:2] - np.asarray(view.camera.at, float)[:2]
    return float(np.degrees(np.arctan2(x, y))) if abs(x) + abs(y) > 1e-9 else 0.0


def frame(view: View) -> Space:
    """The whole frame and a little more as an outline in pixels."""
    w, h = view.width, view.height
    return np.array([(-20.0, -20.0), (w + 20.0, -20.0), (w + 20.0, h + 20.0), (-20.0, h + 20.0)])


def sky_tones(tones: Tones) -> tuple[float, float]:
    """The sky's tones above and at the horizon. A night sky is drawn lighter than what stands against it."""
    if not tones.dark:
        return tones.sky, tones.sky_low
    return tones.step(tones.sky, -1), tones.step(tones.sky_low, -1)


def ground_tone(tones: Tones, base: float) -> float:
    """Of ground or water: by night darker than the sky, so that the horizon is seen; not sand and snow."""
    return tones.surface(base * 0.6 if tones.dark and base < 0.85 else base)

"""Light that is seen: pools under lamps, beams, light through doorways, and what shines in the sky."""

from __future__ import annotations

from typing import Final

import numpy as np

from studio_assist.blockout.catalogue import built, sort_of
from studio_assist.blockout.drawing import Group, Points, Shape
from studio_assist.blockout.order import turning
from studio_assist.blockout.shading import Tones
from studio_assist.blockout.shown import Stand, shown
from studio_assist.blockout.view import View
from studio_assist.domain.staging import Piece, Staging

#: How far in metres a source lights things around it, by kind.
_REACH: Final = {
    "lamp": 1.6,
    "lantern": 2.0,
    "fire": 4.0,
    "candle": 1.0,
    "streetlamp": 5.0,
    "fireplace": 2.5,
    "torch": 1.0,
}
#: What is drawn pale by night whatever stands near it.
_OWN: Final = {
    "lighthouse": 0.95,
    "rails": 0.6,
    "railcar": 0.7,
    "mountain": 0.45,
    "house": 0.6,
    "ship": 0.5,
    "statue": 0.5,
}
#: Groups of light on the floor are painted over it and under everything else.
_PATCH_M: Final = 780.0


def lit_at(
    staging: Staging, kind: str, at: tuple[float, float, float], *, dark: bool, indoors: bool
) -> float:
    """How far the lamps and fires of a set pull a thing back to its day tones.

    By night things are drawn lighter than the walls and the ground behind them, or they would not be seen; a
    lighthouse is white in its own light.
    """
    best = (0.55 if indoors else 0.3) if dark else 0.0
    if dark:
        best = max(best, _OWN.get(kind, 0.0))
    for other in staging.pieces:
        reach = _REACH.get(other.kind)
        if reach is None or other.state == "broken":
            continue
        away = float(np.hypot(other.at[0] - at[0], other.at[1] - at[1]))
        best = max(best, min(1.0, 1.5 - away / reach * 1.2))
    return max(best, 0.0)


def far_piece(one: Piece, view: View, tones: Tones, seed: int) -> tuple[Group, ...]:
    """The moon, the sun or a cloud: high in the frame where the picture looks its way, whatever the lens."""
    eye = np.asarray(view.camera.at, float)
    kind = one.kind
    away = np.array([one.at[0] - eye[0], one.at[1] - eye[1]])
    length = float(np.hypot(away[0], away[1]))
    flat = away / length if length > 1e-6 else np.array([0.0, 1.0])
    far = 900.0
    if one.z:
        rise = (one.z - float(eye[2])) / max(length, 1e-3)
    else:
        # Three tenths of the frame's height above its middle.
        seen = view.to_camera(eye + np.array([flat[0], flat[1], 0.0]))[0]
        level = float(np.arctan2(seen[1], max(float(seen[2]), 0.05)))
        rise = float(np.tan(np.clip(np.arctan(0.3 * view.height / view.focal_px) - level, 0.02, 1.2)))
    size = one.size or sort_of(kind).size
    if kind != "cloud":
        # Small in the sky, but never a dot: an artist draws it larger through a long lens as well.
        size = (size[0] * far * 0.9, size[1] * far, size[2] * far * 0.9)
    else:
        size = (size[0] * 3.0, size[1], size[2] * 3.0)
    at = (float(eye[0] + flat[0] * far), float(eye[1] + flat[1] * far), float(eye[2] + rise * far))
    return shown(
        built(kind, size, one.state, seed),
        Stand(at, 0.0, "sky", one.name or kind, depth=1e6 if kind == "cloud" else 2e6, metres=1e4),
        view,
        tones,
    )


def of_piece(
    one: Piece, at: tuple[float, float, float], staging: Staging, view: View, tones: Tones
) -> tuple[Group, ...]:
    """The light that a piece gives off."""
    size = one.size or sort_of(one.kind).size
    dim = tones.dark or staging.light.time in ("dusk", "dawn") or one.state == "lit"
    if one.state == "broken" and one.kind != "door":
        return ()
    match one.kind:
        case "lighthouse" if (
            tones.dark or one.state == "lit" or staging.light.weather in ("rain", "storm", "fog")
        ):
            return _beam(one, (at[0], at[1], at[2] + size[2] * 0.82), size[0] * 0.2, view, tones)
        case "lamp" if dim and size[2] <= 0.9:
            return _cone(one, at, size, view, tones)
        case "streetlamp" if tones.dark or one.state == "lit":
            return _pool(one, at, size[2] * 0.93, size[2] * 0.55, view, tones)
        case "door" if one.state in ("open", "lit") and tones.indoors:
            return _doorway(one, at, size, view, tones)
        case "torch" if tones.dark and one.state != "closed":
            return _beam(
                one, (at[0], at[1], at[2] + size[2] / 2), size[0] / 2, view, tones, reach=7.0, wide=1.1
            )
        case _:
            return ()


def _beam(
    one: Piece,
    lamp: tuple[float, float, float],
    radius: float,
    view: View,
    tones: Tones,
    *,
    reach: float = 340.0,
    wide: float = 15.0,
) -> tuple[Group, ...]:
    """A widening beam. A lighthouse throws it across the frame where its turn is 0."""
    start = np.asarray(lamp, float)
    away = turning(one.turn) @ np.array([0.0, -1.0, 0.0])
    if one.kind == "lighthouse":
        # Left of its front and a little towards it, so that it fans out in the frame.
        away = turning(one.turn + 76.0) @ np.array([0.0, -1.0, 0.0])
    eye = np.asarray(view.camera.at, float)
    reach = (
        min(reach, max(4.0, float(np.linalg.norm(start - eye)) * 3.0)) if one.kind == "lighthouse" else reach
    )
    widest = wide * reach / 340.0 if one.kind == "lighthouse" else wide
    while reach > 0.5 and view.depth(start + away * reach) < 0.2:
        reach, widest = reach * 0.7, widest * 0.7
    side = np.cross(away, start - eye)
    side /= max(float(np.linalg.norm(side)), 1e-9)
    outline = [
        start + side * radius * 0.6,
        start + away * reach + side * widest,
        start + away * reach - side * widest,
        start - side * radius * 0.6,
    ]
    seen = view.polygon(outline)
    if seen is None or view.depth(start) < 0.1:
        return ()
    pale = Shape(seen, fill=0.936, ink=1.0, line=0.43, alpha=0.72 if tones.dark else 0.5, silent=True)
    return (Group("effect" if one.kind == "torch" else "set", view.depth(start) + 0.05, (pale,), "beam"),)


def _cone(
    one: Piece, at: tuple[float, float, float], size: tuple[float, float, float], view: View, tones: Tones
) -> tuple[Group, ...]:
    """The light under a desk lamp: a fan from the shade to a pool on the table."""
    turn = turning(one.turn)
    lamp = turn @ np.array([-size[0] * 0.16, 0.0, size[2] * 0.78]) + at
    pool = turn @ np.array([-size[0] * 0.35, 0.0, 0.004]) + at
    ring = _ring(pool, 0.34, view)
    top = view.polygon(_circle(lamp, size[0] * 0.24))
    if ring is None or top is None:
        return ()
    fan = _hull(np.concatenate([ring, top]))
    away = max(view.depth(at), 0.06)
    # The pool lies on the table, just nearer than its top; the fan is in the air before the lamp.
    return (
        Group(
            "effect",
            away,
            (
                Shape(ring, fill=1.0, ink=0.0, alpha=0.3, silent=True),
                Shape(fan, fill=1.0, ink=0.0, alpha=0.34, silent=True),
            ),
            "light",
        ),
    )


def _pool(
    one: Piece, at: tuple[float, float, float], high: float, radius: float, view: View, tones: Tones
) -> tuple[Group, ...]:
    """A street lamp's pool on the ground and the haze about its lantern."""
    shapes: list[Shape] = []
    for share, alpha in ((1.0, 0.22), (0.6, 0.26)):
        ring = _ring(np.asarray(at), radius * share, view)
        if ring is not None:
            shapes.append(Shape(ring, fill=1.0, ink=0.0, alpha=alpha, silent=True))
    groups = [Group("ground", _PATCH_M, tuple(shapes), "light")] if shapes else []
    lamp = np.asarray([at[0], at[1], at[2] + high])
    if view.depth(lamp) > 0.3:
        middle, _ahead = view.project(lamp)
        scale = view.scale_at(lamp)
        halo = [
            Shape(middle[0] + _unit() * radius_px, fill=1.0, ink=0.0, alpha=alpha, silent=True)
            for radius_px, alpha in ((scale * 0.9, 0.16), (scale * 0.5, 0.24))
        ]
        groups.append(Group("set", view.depth(lamp) + 0.3, tuple(halo), "light"))
    return tuple(groups)


def _doorway(
    one: Piece, at: tuple[float, float, float], size: tuple[float, float, float], view: View, tones: Tones
) -> tuple[Group, ...]:
    """Light that falls through an open door onto the floor."""
    w = size[0] / 2
    turn = turning(one.turn)
    shapes: list[Shape] = []
    for reach, spread, alpha in ((2.6, 0.75, 0.4), (1.4, 0.4, 0.4)):
        flat = np.array(
            [(-w, 0.0, 0.004), (w, 0.0, 0.004), (w + spread, -reach, 0.004), (-w - spread, -reach, 0.004)]
        )
        seen = view.polygon(flat @ turn.T + (at[0], at[1], at[2]))
        if seen is not None:
            shapes.append(
                Shape(seen, fill=1.0, ink=0.0, alpha=alpha if tones.dark else alpha * 0.5, silent=True)
            )
    groups = [Group("ground", _PATCH_M, tuple(shapes), "light")] if shapes else []
    middle = np.asarray([at[0], at[1], at[2] + size[2] * 0.52])
    if tones.dark and view.depth(middle) > 0.5:
        seen, _ahead = view.project(middle)
        scale = view.scale_at(middle)
        halo = [
            Shape(
                seen[0] + _unit() * scale * radius * (1.0, 0.86),
                fill=0.936,
                ink=0.0,
                alpha=alpha,
                silent=True,
            )
            for radius, alpha in ((2.15, 0.2), (1.7, 0.26), (1.35, 0.36))
        ]
        groups.append(Group("set", view.depth(middle) + 0.4, tuple(halo), "light"))
    return tuple(groups)


def _unit() -> Points:
    turn = np.linspace(0, 2 * np.pi, 28, endpoint=False)
    return np.stack([np.cos(turn), np.sin(turn)], axis=1)


def _circle(middle: Points, radius: float) -> Points:
    flat = _unit() * radius
    return np.column_stack([middle[0] + flat[:, 0], middle[1] + flat[:, 1], np.full(len(flat), middle[2])])


def _ring(middle: Points, radius: float, view: View) -> Points | None:
    return view.polygon(_circle(middle, radius))


def _hull(points: Points) -> Points:
    ordered = points[np.lexsort((points[:, 1], points[:, 0]))]

    def half(rows: Points) -> list[Points]:
        chain: list[Points] = []
        for row in rows:
            while len(chain) > 1:
                a, b = chain[-2], chain[-1]
                if (b[0] - a[0]) * (row[1] - a[1]) - (b[1] - a[1]) * (row[0] - a[0]) > 0:
                    break
                chain.pop()
            chain.append(row)
        return chain[:-1]

    return np.asarray(half(ordered) + half(ordered[::-1]))

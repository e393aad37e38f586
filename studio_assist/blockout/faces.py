"""Faces: brows, eyes that look somewhere, nose, mouth, ears; as much of them as a head's size in pixels
can hold."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from numpy.typing import ArrayLike

from studio_assist.blockout.drawing import Points, Shape
from studio_assist.blockout.forms import Vec, area, circle, curved, even, line, polygons
from studio_assist.blockout.heads import Head, on_face
from studio_assist.blockout.view import Space
from studio_assist.domain.staging import Mood

#: Heads smaller than this, in pixels, have no features; then dots; then lids; then whole eyes; then every
#: line.
DOTS_PX: Final = 15.0
LIDS_PX: Final = 30.0
EYES_PX: Final = 72.0
FULL_PX: Final = 190.0
CLOSE_PX: Final = 430.0

_EYE_X: Final = 0.152
_MOUTH_Z: Final = -0.292


@dataclass(frozen=True, slots=True)
class _Face:
    """How a mood moves a face, in head heights; `open`: of the eyes, 1 is at rest; `gape`: of the mouth."""

    inner: float = 0.0
    outer: float = 0.0
    raised: float = 0.0
    open: float = 1.0
    curve: float = 0.0
    gape: float = 0.0
    wide: float = 1.0
    frown: bool = False
    bags: bool = False
    teeth: bool = False


_FACES: Final[dict[Mood, _Face]] = {
    Mood.NEUTRAL: _Face(curve=0.002),
    Mood.ANGRY: _Face(-0.042, 0.03, -0.006, 0.82, -0.03, 0.03, 0.95, frown=True, teeth=True),
    Mood.SAD: _Face(0.036, -0.03, 0.004, 0.72, -0.04, 0.0, 0.85),
    Mood.AFRAID: _Face(0.048, -0.012, 0.03, 1.32, -0.022, 0.06, 0.95, teeth=True),
    Mood.HAPPY: _Face(0.004, -0.006, 0.02, 0.8, 0.05, 0.035, 1.12, teeth=True),
    Mood.SURPRISED: _Face(0.012, 0.004, 0.06, 1.36, -0.004, 0.12, 0.58),
    Mood.TIRED: _Face(0.01, -0.026, -0.004, 0.5, -0.016, 0.0, 0.92, bags=True),
    Mood.DETERMINED: _Face(-0.028, 0.016, -0.01, 0.8, -0.01, 0.0, 0.96, frown=True),
}


@dataclass(frozen=True, slots=True)
class Tints:
    """Tones of a face."""

    skin: float
    shade: float
    hair: float
    white: float
    iris: float


def weight(head: Head, share: float, least: float = 0.8, most: float = 7.0) -> float:
    """A line's weight, in pixels at 1280 wide, as a share of the head's height."""
    return float(np.clip(head.px / head.sight.view.unit * share, least, most))


def _line(points: Points, ink: float, line: float = 0.1, taper: bool = True) -> Shape:
    return Shape(points, closed=False, ink=ink, line=line, taper=taper, rough=min(0.35, ink * 0.12))


def _area(points: Points, fill: float, ink: float = 0.0, *, silent: bool = False) -> Shape:
    return Shape(points, fill=fill, ink=ink, rough=0.25, silent=silent)


def gaze_of(head: Head, spot: Vec | None) -> tuple[float, float]:
    """Where the eyes turn, from -1 to 1 to the head's right and up."""
    if spot is None:
        return 0.0, 0.0
    local = head.frame.into(spot - head.frame.at)
    yaw = float(np.degrees(np.arctan2(local[0], max(local[1], 1e-6) if local[1] > 0 else 1e-6)))
    pitch = float(np.degrees(np.arctan2(local[2], np.hypot(local[0], local[1]))))
    return float(np.clip(yaw / 38.0, -1, 1)), float(np.clip(pitch / 30.0, -1, 1))


def face(head: Head, mood: Mood, gaze: tuple[float, float], tints: Tints) -> list[Shape]:
    """The features that are seen, in the order in which they are painted."""
    if head.px < DOTS_PX:
        return []
    form = _FACES[mood]
    found: list[Shape] = []
    if head.px >= FULL_PX:
        found += _lips(head, form, tints)
    for side in (1, -1):
        found += _eye(head, form, side, gaze, tints)
    found += _brows(head, form, tints)
    found += _nose(head, tints)
    found += _mouth(head, form, tints)
    if head.px >= LIDS_PX:
        found += _age(head, form, tints)
    return found


def _brows(head: Head, form: _Face, tints: Tints) -> list[Shape]:
    found: list[Shape] = []
    dark = min(tints.hair, 0.3)
    for side in (1, -1):
        inner, outer, up = form.inner, form.outer, form.raised
        x = np.array((0.052, 0.11, 0.175, 0.232, 0.262))
        z = (
            np.array(
                (0.098 + inner, 0.118 + inner * 0.55, 0.13 + outer * 0.45, 0.112 + outer * 0.9, 0.092 + outer)
            )
            + up
        )
        path = curved(np.stack([side * x, z], axis=1), 5)
        if head.px < EYES_PX:
            for stroke in head.stroke(on_face(path), 0.1):
                found.append(_line(stroke, weight(head, 0.03, 0.9), dark * 0.6))
            continue
        share = even(0.0, 1.0, len(path))
        thick = 0.021 * np.interp(share, (0, 0.06, 0.16, 0.5, 1), (0.35, 0.8, 1.0, 0.85, 0.1))
        upper, lower = (
            path + np.stack([0 * thick, thick], axis=1),
            path - np.stack([0 * thick, thick], axis=1),
        )
        local = on_face(np.concatenate([upper, lower[::-1]]), 0.004)
        outline = head.patch(local)
        if outline is None:
            continue
        found.append(_area(outline, dark, weight(head, 0.004, 0.6, 2.0)))
        if head.px > CLOSE_PX:
            for step in range(2, len(path) - 2, 2):
                a, b = path[step] - (0, thick[step] * 0.6), path[step] + (side * 0.014, thick[step] * 0.9)
                found += [
                    _line(one, 1.4, 0.05)
                    for one in head.stroke(on_face(np.stack([a, (a + b) / 2, b]), 0.004))
                ]
    return found


def lids(form: _Face, side: int) -> tuple[Space, Space]:
    """Upper and lower lid from the inner to the outer corner, as face points (x, z)."""
    up = form.open
    slant = float(np.clip(form.inner, -0.05, 0.05))
    upper = np.array([
        (0.073, -0.012), (0.098, 0.022 * up + slant * 0.55), (0.142, 0.043 * up + slant * 0.3),
        (0.19, 0.037 * up - slant * 0.1), (0.222, 0.016 * up - slant * 0.15), (0.24, 0.002),
    ])  # fmt: skip
    lower = np.array([
        (0.073, -0.012), (0.1, -0.026 * (0.6 + 0.4 * up)), (0.148, -0.036 * (0.6 + 0.4 * up)), (0.2,
        -0.026 * (0.6 + 0.4 * up)), (0.24, 0.002),
    ])  # fmt: skip
    way = np.array((side, 1.0))
    return curved(upper * way, 6), curved(lower * way, 6)


def _eye(head: Head, form: _Face, side: int, gaze: tuple[float, float], tints: Tints) -> list[Shape]:
    upper, lower = lids(form, side)
    ball = on_face(np.concatenate([upper, lower[::-1][1:-1]]), -0.004)
    outline = head.patch(ball, 0.14)
    if outline is None:
        return []
    middle = np.array((side * _EYE_X + 0.05 * gaze[0], 0.002 + 0.024 * gaze[1] + 0.006 * (form.open - 1)))
    if head.px < LIDS_PX:
        spot = head.flat(on_face(middle[None]))[0]
        radius = max(head.px * 0.03, 0.55)
        return [_area(spot + _ring(8) * (radius, radius * 1.25), 0.1)]
    if head.px < EYES_PX:
        spot = head.flat(on_face(middle[None]))[0]
        radius = head.px * 0.034
        lid = head.stroke(on_face(upper), 0.08)
        return [
            _area(outline, tints.white),
            *_clipped(spot + _ring(10) * radius, outline, 0.08),
            *[_line(one, weight(head, 0.022, 1.0), 0.08) for one in lid],
        ]
    found = [_area(outline, tints.white)]
    if head.px >= FULL_PX:
        # The upper lid's shadow on the ball.
        low = upper - (0.0, 0.014)
        shadow = head.flat(on_face(np.concatenate([upper, low[::-1]]), -0.004))
        found += _clipped(shadow, outline, tints.white * 0.84)
    disc = _ring(28 if head.px >= FULL_PX else 16)
    iris = head.flat(on_face(middle + disc * 0.0415, 0.0))
    pupil = head.flat(on_face(middle + disc * (0.02 if head.px >= FULL_PX else 0.026), 0.0))
    found += _clipped(iris, outline, tints.iris, weight(head, 0.007, 0.7, 3.2))
    if head.px >= CLOSE_PX:
        for angle in np.arange(0.2, 6.2, 0.42):
            ray = np.array((np.cos(angle), np.sin(angle)))
            spoke = head.flat(on_face(np.stack([middle + ray * 0.024, middle + ray * 0.037])))
            if area(outline).contains(line(spoke)):
                found.append(_line(spoke, 1.0, tints.iris * 0.55))
    found += _clipped(pupil, outline, 0.06)
    if head.px >= EYES_PX * 1.25:
        light = head.flat(on_face(middle + (0.014, 0.015) + disc * 0.0095))
        found += _clipped(light, outline, 1.0)
    thick = weight(head, 0.015, 1.3, 8.0)
    found += [_line(one, thick, 0.07) for one in head.stroke(on_face(upper, 0.002), 0.05)]
    found += [_line(one, thick * 0.42, 0.2) for one in head.stroke(on_face(lower, 0.002), 0.05)]
    if head.px >= FULL_PX:
        crease = upper[5:] + np.array((side * 0.004, 0.022))
        found += [_line(one, thick * 0.4, 0.3) for one in head.stroke(on_face(crease), 0.05)]
        tear = head.flat(on_face(np.stack([lower[0], lower[2] + (0, 0.006), upper[1] - (0, 0.004)])))
        found.append(_line(tear, thick * 0.3, 0.4))
    if head.px >= CLOSE_PX * 0.75:
        for step in range(12, len(upper), 2):
            root = upper[step]
            tip = root + np.array((side * (0.006 + 0.0011 * step), 0.012 + 0.0006 * step))
            bend = (root + tip) / 2 + np.array((side * 0.004, -0.002))
            found += [
                _line(one, thick * 0.42, 0.07)
                for one in head.stroke(on_face(np.stack([root, bend, tip]), 0.006), 0.02)
            ]
    return found


def _clipped(inner: Points, outer: Points, fill: float, ink: float = 0.0) -> list[Shape]:
    """An outline as far as it lies in another."""
    seen = shapely.intersection(area(inner), area(outer))
    return [_area(shapely.get_coordinates(part.exterior)[:-1], fill, ink) for part in polygons(seen, 0.3)]


def _nose(head: Head, tints: Tints) -> list[Shape]:
    turn, above = head.turn, head.above
    if abs(turn) > 112 or head.px < DOTS_PX * 1.6:
        return []
    far = -1.0 if turn > 0 else 1.0
    ink = weight(head, 0.0115, 0.9, 5.0)
    found: list[Shape] = []
    plain = head.px < LIDS_PX * 1.5
    if abs(turn) < 78:
        top = 0.035 if abs(turn) > 9 and not plain else -0.075
        side = far * float(np.clip(1.25 - abs(turn) / 50.0, 0.25, 1.0))
        ridge = np.array([
            (side * 0.046, 0.352, 0.035), (side * 0.036, 0.372, -0.06), (side * 0.045, 0.405, -0.125),
            (side * 0.036, 0.425, -0.168),
        ])  # fmt: skip
        hook = np.array([
            (side * 0.036, 0.425, -0.168), (side * 0.012, 0.41, -0.196), (-far * 0.02, 0.392, -0.198),
            (-far * 0.05, 0.375, -0.182),
        ])  # fmt: skip
        ridge = ridge[ridge[:, 2] <= top + 1e-6]
        if len(ridge) > 1 and head.px > LIDS_PX:
            found.append(_line(curved(head.flat(ridge), 7), ink))
        found.append(_line(curved(head.flat(hook), 6), ink))
    if head.px >= LIDS_PX * 1.5:
        for side in (1.0, -1.0):
            if side == far and abs(turn) > 24:
                continue
            wing = np.array(
                [
                    (side * 0.052, 0.372, -0.148),
                    (side * 0.07, 0.36, -0.17),
                    (side * 0.06, 0.366, -0.194),
                    (side * 0.04, 0.375, -0.19),
                ]
            )
            if abs(turn) < 9 or side != far:
                found.append(_line(curved(head.flat(wing), 5), ink * 0.8, 0.16))
            if head.px >= FULL_PX and above < 22:
                hole = np.array([(side * 0.03, 0.385, -0.196)]) + np.stack(
                    [_ring(9)[:, 0] * 0.015, _ring(9)[:, 1] * 0.012, _ring(9)[:, 1] * 0.007], axis=1
                )
                found.append(_area(head.flat(hole), 0.16))
    if head.px >= FULL_PX * 1.6 and abs(turn) < 60:
        shadow = np.array(
            [
                (-0.045, 0.37, -0.2),
                (0.0, 0.38, -0.207),
                (0.045, 0.37, -0.2),
                (0.02, 0.37, -0.228),
                (-0.02, 0.37, -0.228),
            ]
        )
        found.insert(0, _area(head.flat(shadow), tints.shade, silent=True))
    return found


def _mouth(head: Head, form: _Face, tints: Tints) -> list[Shape]:
    half = 0.118 * form.wide
    corner = form.curve
    middle = _MOUTH_Z - corner * 0.35
    ink = weight(head, 0.013, 0.9, 5.5)
    across = np.cos(even(np.pi, 0.0, 13))
    xs = across * half
    top = middle + corner * np.abs(across) ** 1.8 + 0.004 * np.exp(-(((np.abs(across) - 0.2) / 0.12) ** 2))
    round_ = np.sqrt(1.0 - np.minimum(across**2, 1.0))
    found: list[Shape] = []
    upper = np.stack([xs, top + form.gape * 0.3 * round_], axis=1)
    if head.px < LIDS_PX:
        if head.px < DOTS_PX * 1.5:
            return []
        return [_line(one, ink, 0.15) for one in head.stroke(on_face(upper[1:-1]), 0.1)]
    seam = on_face(upper, 0.002)
    if form.gape > 0.0:
        lower = np.stack([xs, top - form.gape * round_], axis=1)
        inside = head.patch(on_face(np.concatenate([upper, lower[::-1][1:-1]]), 0.002), 0.02)
        if inside is not None:
            found.append(_area(inside, 0.16, ink * 0.7))
            if form.teeth and head.px > EYES_PX:
                bite = upper - np.stack([0.0 * xs, form.gape * 0.42 * round_], axis=1)
                row = head.flat(on_face(np.concatenate([upper, bite[::-1]]), 0.002))
                found += _clipped(row, inside, tints.white)
    found += [_line(one, ink, 0.08) for one in head.stroke(seam, 0.02)]
    if head.px > LIDS_PX * 1.4:
        drop = middle - 0.055 - form.gape * 1.05
        lip = curved(np.array([(-0.045, drop + 0.006), (0.0, drop - 0.002), (0.045, drop + 0.006)]), 5)
        found += [_line(one, ink * 0.6, 0.3) for one in head.stroke(on_face(lip), 0.05)]
    if head.px > EYES_PX * 1.2:
        for side in (1, -1):
            tick = np.array(
                [
                    (side * (half + 0.006), middle + corner * 1.25 + 0.01),
                    (side * (half + 0.013), middle + corner),
                    (side * (half + 0.01), middle + corner - 0.012),
                ]
            )
            found += [_line(one, ink * 0.55, 0.25) for one in head.stroke(on_face(tick), 0.05)]
    return found


def _lips(head: Head, form: _Face, tints: Tints) -> list[Shape]:
    half = 0.112 * form.wide
    middle = _MOUTH_Z - form.curve * 0.35
    xs = np.array((-1.0, -0.5, -0.14, 0.0, 0.14, 0.5, 1.0)) * half
    seam = middle + np.array((form.curve, form.curve * 0.3, 0.004, 0.0, 0.004, form.curve * 0.3, form.curve))
    bow = seam + np.array((0.0, 0.018, 0.03, 0.023, 0.03, 0.018, 0.0)) + form.gape * 0.3
    low = (
        seam
        - np.array((0.0, 0.026, 0.037, 0.039, 0.037, 0.026, 0.0))
        - form.gape * np.array((0, 0.8, 1, 1, 1, 0.8, 0))
    )
    outline = head.patch(on_face(np.concatenate([
        curved(np.stack([xs, bow], 1), 5), curved(np.stack([xs, low], 1), 5)[::-1],
    ])), 0.05)  # fmt: skip
    return [] if outline is None else [_area(outline, tints.skin * 0.86, silent=True)]


def _age(head: Head, form: _Face, tints: Tints) -> list[Shape]:
    """Lines that moods and size ask for: frown, bags under the eyes, cheeks of a smile, the chin."""
    found: list[Shape] = []
    ink = weight(head, 0.007, 0.7, 3.0)

    def stroke(points: ArrayLike, share: float = 1.0, tone: float = 0.35) -> None:
        path = on_face(curved(points, 6))
        found.extend(_line(one, ink * share, tone) for one in head.stroke(path, 0.1))

    for side in (1, -1):
        if form.frown and head.px > EYES_PX:
            stroke([(side * 0.022, 0.12), (side * 0.026, 0.085), (side * 0.02, 0.055)], 1.3, 0.2)
        if form.bags or head.px > FULL_PX:
            share = 1.3 if form.bags else 0.8
            if head.px > EYES_PX * (0.8 if form.bags else 1.0):
                stroke([(side * 0.09, -0.062), (side * 0.14, -0.078), (side * 0.195, -0.068)], share)
        if form.curve > 0.03 and head.px > EYES_PX * 0.7:
            stroke([(side * 0.095, -0.185), (side * 0.15, -0.235), (side * 0.165, -0.3)], 1.2, 0.28)
        elif head.px > FULL_PX and head.turn * side < 8:
            stroke([(side * 0.1, -0.2), (side * 0.135, -0.25), (side * 0.14, -0.285)], 0.9, 0.45)
    if head.px > FULL_PX:
        stroke([(-0.035, -0.408), (0.0, -0.402), (0.035, -0.408)], 0.9, 0.45)
        stroke([(-0.018, -0.225), (-0.015, -0.25)], 0.7, 0.6)
    return found


def ear(head: Head, side: int) -> tuple[Space, Space] | None:
    """The ear's rim in the world and its inner line, or None where the head hides it."""
    if head.turn * side < -28 and abs(head.turn) < 152:
        return None
    shape = np.array([
        (0.0, 0.055), (0.35, 0.115), (0.85, 0.105), (1.0, 0.03), (0.82, -0.05), (0.5, -0.105), (0.15,
        -0.135), (0.0, -0.1), (-0.04, -0.02),
    ])  # fmt: skip
    rim = curved(np.concatenate([shape, shape[:1]]), 3)[:-1]
    inner = curved(
        np.array([(0.2, 0.06), (0.55, 0.085), (0.78, 0.03), (0.62, -0.03), (0.35, -0.06), (0.3, -0.02)]), 4
    )

    def placed(points: Points) -> Space:
        back, up = points[:, 0] * 0.125, points[:, 1]
        return head.out(np.stack([side * (0.318 + back * 0.42), -0.035 - back, up - 0.055], axis=1))

    return placed(rim), placed(inner)


def _ring(count: int) -> Points:
    angle = circle(count)
    return np.stack([np.cos(angle), np.sin(angle)], axis=1)

"""Hair as masses on and around the head, with a few strands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from studio_assist.blockout.drawing import Points
from studio_assist.blockout.forms import Frame, Sight, Vec, circle, curved, even, rows
from studio_assist.blockout.heads import Head, on_skull
from studio_assist.blockout.view import Space
from studio_assist.domain.staging import Hair

_BROW: Final = 0.29


#: Heights of the rings over the forehead.
_DOME: Final = (0.36, 0.43, 0.475, 0.5)


@dataclass(frozen=True, slots=True)
class Cut:
    """A style.

    Attributes:
        line: the hairline, (height,
        angle in degrees from the face's middle) from the forehead down; below the last
            the skin goes all around.
        lift: how thick it lies, (height, head heights).
        low: down to which height the cap goes.
        ear: whether the ear is seen.
    """

    line: tuple[tuple[float, float], ...]
    lift: tuple[tuple[float, float], ...]
    low: float
    ear: bool = True


_CROP: Final = (
    (0.362, 0),
    (0.354, 10),
    (0.318, 27),
    (0.26, 43),
    (0.165, 54),
    (0.075, 63),
    (0.015, 74),
    (-0.1, 80),
    (-0.13, 92),
    (-0.16, 128),
    (-0.3, 140),
)
_TIED: Final = (
    (0.385, 0),
    (0.374, 11),
    (0.33, 29),
    (0.265, 46),
    (0.16, 60),
    (0.06, 74),
    (0.0, 84),
    (-0.04, 98),
    (-0.16, 122),
    (-0.3, 140),
)
_CURTAIN: Final = (
    (0.41, 0),
    (0.385, 5),
    (0.335, 20),
    (0.25, 40),
    (0.14, 57),
    (0.02, 67),
    (-0.12, 73),
    (-0.36, 80),
)

CUTS: Final[dict[Hair, Cut]] = {
    "short": Cut(_CROP, ((-0.3, 0.012), (0.0, 0.03), (0.25, 0.062), (0.5, 0.075)), -0.28),
    "long": Cut(_CURTAIN, ((-0.5, 0.09), (-0.1, 0.075), (0.2, 0.055), (0.5, 0.06)), -0.42, ear=False),
    "bun": Cut(_TIED, ((-0.3, 0.012), (0.5, 0.04)), -0.28),
    "ponytail": Cut(_TIED, ((-0.3, 0.012), (0.5, 0.045)), -0.28),
    "curly": Cut((*_CURTAIN[:5], (-0.12, 66), (-0.24, 78)), ((-0.4, 0.12), (0.0, 0.17), (0.3, 0.17), (0.5,
    0.15)), -0.32, ear=False),
    "bald": Cut(((0.5, 180), (0.4, 180)), ((0.0, 0.0),), 0.6),
    "bob": Cut(_CURTAIN, ((-0.5, 0.14), (-0.3, 0.13), (0.0, 0.085), (0.25, 0.06), (0.5, 0.06)), -0.4,
    ear=False),
    "braid": Cut(_TIED, ((-0.3, 0.014), (0.5, 0.045)), -0.28),
}  # fmt: skip


def hairline(style: Hair) -> tuple[Space, Space]:
    """Heights from below the chin's to the hairline's top, and the angle of the skin at each."""
    cut = CUTS[style]
    heights = np.array([one[0] for one in cut.line])[::-1]
    angles = np.radians([one[1] for one in cut.line])[::-1]
    top = float(heights[-1])
    fine = np.concatenate([even(-0.5, heights[0], 8)[:-1], even(heights[0], top, 26)])
    limit = np.interp(fine, heights, angles)
    # A line between few knots has corners: round them.
    soft = np.convolve(np.pad(limit, 1, mode="edge"), (0.25, 0.5, 0.25), mode="valid")
    limit = np.where(fine < heights[0], np.pi if style not in ("long", "bob") else limit[7], soft)
    if style != "bald":
        limit[-1] = 0.0
    return fine, limit


def cap(head: Head, style: Hair, top: float = 0.5) -> list[Space]:
    """The mass that lies on the skull up to a height (a hat presses it flat), as lumps."""
    cut = CUTS[style]
    if style == "bald":
        return []
    heights = np.concatenate([even(max(cut.low, -0.5), 0.28, 8 if head.px > 60 else 5), _DOME])
    heights = heights[heights <= top]
    lift = np.interp(heights, [one[0] for one in cut.lift], [one[1] for one in cut.lift])
    high = heights > 0.33
    rings = head.rings(heights[high], lift[high]) if high.sum() > 1 else []
    return _sides(head, style, heights, lift) + rows(rings)


def _sides(head: Head, style: Hair, heights: Space, lift: Space) -> list[Space]:
    """Below the forehead: two curtains and the back, since the hull of a whole ring would close over the
    face."""
    count = max(head.sight.fine // 2, 8)
    line, limits = hairline(style)
    found: list[Space] = []
    low = heights < 0.4
    limit = np.interp(heights[low], line, limits)
    start = {"near": np.where(limit < 1.9, limit, 1.45), "nape": np.full(int(low.sum()), 1.7)}
    share = even(0.0, 1.0, count)[None, :]
    for name, stop in (("near", 2.0), ("nape", np.pi + 0.1)):
        for side in (1.0, -1.0):
            theta = start[name][:, None] + (stop - start[name][:, None]) * share
            thick = lift[low][:, None] * np.clip((theta - start[name][:, None]) * 5, 0.15, 1.0)
            outer = on_skull(heights[low][:, None], side * theta, thick)
            inner = on_skull(heights[low][:, None], side * theta, -0.02)
            rings = list(head.out(np.concatenate([outer, inner], axis=1)))
            found += rows(rings)
    return found


def behind(head: Head, chest: Frame, style: Hair, hatted: bool) -> list[Space]:
    """The mass that hangs behind the head: paint it before the head when seen from the front, after it
    from behind."""
    size, sight = head.size, head.sight

    def at(x: float, y: float, z: float) -> Vec:
        return head.out(np.array([(x, y, z)]))[0]

    down = -chest.up * (0.5 * size) - np.array((0.0, 0.0, 0.5 * size))
    nape = at(0.0, -0.36, -0.2)
    if style == "long":
        found: list[Space] = []
        for z, wide, back, front in (
            (0.45, 0.17, -0.34, -0.1),
            (0.34, 0.3, -0.47, -0.05),
            (0.2, 0.36, -0.52, 0.0),
            (-0.2, 0.41, -0.52, 0.02),
            (-0.5, 0.43, -0.5, 0.06),
        ):
            found.append(
                _oval(
                    head.out(np.array([(0.0, (back + front) / 2, z)]))[0],
                    head.frame,
                    wide * size,
                    (front - back) / 2 * size,
                    sight,
                )
            )
        for drop, wide in ((0.35, 0.44), (0.66, 0.36)):
            spot = at(0.0, -0.24, -0.5) + down * drop
            found.append(_oval(spot, chest, wide * size, 0.2 * size, sight))
        return rows(found)
    if style == "bun":
        spot = at(0.0, -0.5, -0.1) if hatted else at(0.0, -0.56, 0.2)
        return [sight.ball(spot, (0.15 if hatted else 0.185) * size)]
    if style == "ponytail":
        top = at(0.0, -0.5, 0.2)
        return sight.chain([
            (top, 0.075 * size), (at(0.0, -0.68, 0.16), 0.11 * size), (at(0.0, -0.74, -0.12), 0.12 * size),
            (nape - head.frame.front * (0.3 * size) + down * 0.35, 0.105 * size),
            (nape - head.frame.front * (0.24 * size) + down * 0.75, 0.03 * size),
        ])  # fmt: skip
    if style == "braid":
        side, ahead = head.frame.right * size, chest.front * size
        points = [
            (at(0.12, -0.42, -0.12), 0.09), (at(0.3, -0.28, -0.34), 0.1),
            (nape + side * 0.44 + ahead * 0.24 + down * 0.36, 0.1),
            (nape + side * 0.46 + ahead * 0.5 + down * 0.56, 0.092),
            (nape + side * 0.44 + ahead * 0.6 + down * 0.76, 0.085),
            (nape + side * 0.42 + ahead * 0.64 + down * 0.96, 0.07),
            (nape + side * 0.41 + ahead * 0.64 + down * 1.12, 0.035),
        ]  # fmt: skip
        beads = [sight.ball(spot, radius * size) for spot, radius in points]
        return beads + sight.chain([(spot, radius * 0.7 * size) for spot, radius in points])
    return []


def locks(head: Head, chest: Frame, style: Hair) -> list[list[Space]]:
    """Long hair that falls before the shoulders, a mass to each side: it belongs over the clothes."""
    if style != "long":
        return []
    size = head.size
    side, ahead = head.frame.right * size, chest.front * size
    down = -chest.up * (0.5 * size) - np.array((0.0, 0.0, 0.5 * size))
    nape = head.out(np.array([(0.0, -0.36, -0.2)]))[0]
    found: list[list[Space]] = []
    for way in (1.0, -1.0):
        root, jaw = head.out(np.array([(way * 0.36, -0.04, -0.12), (way * 0.385, -0.02, -0.4)]))
        found.append(
            head.sight.chain(
                [
                    (root, 0.07 * size),
                    (jaw, 0.1 * size),
                    (nape + side * (way * 0.44) + ahead * 0.34 + down * 0.38, 0.12 * size),
                    (nape + side * (way * 0.47) + ahead * 0.6 + down * 0.72, 0.11 * size),
                    (nape + side * (way * 0.43) + ahead * 0.66 + down * 1.02, 0.035 * size),
                ]
            )
        )
    return found


def curls(head: Head) -> list[Space]:
    """Balls that make an outline curly."""
    found: list[Space] = []
    for row, (z, count, radius) in enumerate(
        ((-0.22, 9, 0.115), (0.02, 11, 0.13), (0.26, 10, 0.13), (0.44, 6, 0.12))
    ):
        for step in range(count):
            angle = 0.95 + (2 * np.pi - 1.9) * (step + 0.25 * (row % 2)) / (count - 0.75)
            if z > 0.2:
                angle = 2 * np.pi * (step + 0.5 * (row % 2)) / count
            spot = on_skull(z, angle, 0.1)
            size = radius * (1.0 + 0.12 * ((step * 7 + row * 3) % 5 - 2) / 2)
            found.append(head.sight.ball(head.out(spot[None])[0], size * head.size))
    return found


def strands(head: Head, style: Hair) -> list[Points]:
    """A few lines along the hair, from the parting outwards."""
    if style == "bald" or head.px < 44:
        return []
    found: list[Points] = []
    few = 3 if head.px < 130 else 5 if head.px < 420 else 9
    low = {"long": -0.38, "bob": -0.36, "curly": 0.1}.get(style, 0.04)
    for side in (1.0, -1.0):
        for step in range(few):
            share = (step + 0.6) / few
            start = (0.49 - 0.03 * share, side * (0.35 + 0.5 * share))
            angle = np.radians(54 + 118 * share)
            reach = low if style in ("long", "bob") else np.interp(share, (0, 0.4, 1), (0.14, 0.02, -0.08))
            if style in ("bun", "ponytail", "braid"):
                knots = (
                    (0.27 - 0.24 * share, side * (0.75 + 0.4 * share)),
                    (0.24 - 0.16 * share, side * (1.5 + 0.3 * share)),
                    (0.2 - 0.06 * share, side * 2.6),
                )
            else:
                knots = (
                    start,
                    (0.36 - 0.06 * share, side * angle * 0.86),
                    (float(reach) * 0.5 + 0.12, side * angle),
                    (float(reach), side * angle * 1.02),
                )
            path = curved(np.array(knots), 7)
            lift = np.interp(
                path[:, 0], [one[0] for one in CUTS[style].lift], [one[1] for one in CUTS[style].lift]
            )
            found += head.stroke(on_skull(path[:, 0], path[:, 1], lift + 0.004), 0.16)
    return [line for line in found if len(line) > 3]


def _oval(at: Vec, frame: Frame, wide: float, deep: float, sight: Sight) -> Space:
    angle = circle(max(sight.fine, 12))
    return at + np.cos(angle)[:, None] * frame.right * wide + np.sin(angle)[:, None] * frame.front * deep

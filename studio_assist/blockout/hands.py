"""Hands: a mitten with a thumb when small, fingers when large."""

from __future__ import annotations

from typing import Final

import numpy as np

from studio_assist.blockout.forms import Sight, Vec, cross, rotated
from studio_assist.blockout.poses import Grip
from studio_assist.blockout.skeleton import Limb
from studio_assist.blockout.view import Space

#: Curl of the joints in degrees (knuckle, middle, tip) of fore to little finger, spread, and the thumb's
#: (out, bend).
_CURLS: Final[dict[Grip, tuple[tuple[tuple[float, float], ...], float, tuple[float, float]]]] = {
    "loose": (((18, 24), (24, 30), (30, 36), (34, 40)), 2.0, (38, 14)),
    "open": (((-4, 4), (-2, 4), (-2, 6), (0, 8)), 11.0, (58, 0)),
    "flat": (((4, 4), (5, 5), (6, 6), (8, 6)), 2.0, (34, 4)),
    "fist": (((82, 96), (84, 98), (86, 100), (86, 100)), 0.0, (42, 64)),
    "point": (((0, 3), (80, 96), (84, 98), (86, 98)), 0.0, (40, 52)),
    "grip": (((50, 66), (54, 68), (58, 70), (60, 72)), 1.0, (48, 38)),
}
#: Length of the fingers, and where they start across the palm, in hand lengths.
_LENGTHS: Final = (0.42, 0.46, 0.43, 0.34)
_PLACES: Final = (0.155, 0.052, -0.052, -0.15)


def hand(limb: Limb, tall: float, sight: Sight, px: float) -> tuple[list[Space], list[list[Space]]]:
    """The hand's palm with thumb, and its fingers one by one from the far one, as lumps; few fingers when
    small.

    Args:
        px: a hand's length in pixels.
    """
    size = 0.105 * tall
    frame, side = limb.frame, limb.side
    thumb_way, along, back = frame.right * -side, frame.front, frame.up
    curls, spread, (out, fold) = _CURLS[limb.grip]
    wrist = limb.end
    knuckle = wrist + along * (0.5 * size)
    width = thumb_way * size

    def ball(at: Vec, radius: float) -> Space:
        return sight.ball(at, radius * size)

    if px < 9.0:
        bend = float(np.mean([one[0] for one in curls]))
        tip = knuckle + rotated(along, frame.right, -bend) * (0.34 * size)
        thumb = wrist + along * (0.34 * size) + thumb_way * (0.3 * size)
        if limb.grip == "point":
            tip = knuckle + along * (0.5 * size)
        return [
            np.concatenate([ball(wrist, 0.2), ball(knuckle, 0.25)]), np.concatenate([ball(knuckle, 0.25),
            ball(tip, 0.16)]),
            np.concatenate([ball(wrist + along * (0.15 * size), 0.14), ball(thumb, 0.1)]),
        ], []  # fmt: skip
    palm = [
        np.concatenate([
            ball(wrist - along * (0.06 * size), 0.165), ball(wrist + along * (0.1 * size) + width * 0.07,
            0.17),
            ball(knuckle + width * 0.13, 0.125), ball(knuckle - width * 0.12 - along * (0.03 * size), 0.12),
        ])
    ]  # fmt: skip
    root = wrist + along * (0.14 * size) + width * 0.12 - back * (0.03 * size)
    way = rotated(along, back, float(out) * -side * _turn(along, thumb_way, back, side))
    middle = root + way * (0.24 * size) - back * (0.05 * size)
    bent_way = rotated(way, back, -float(fold) * -side * _turn(along, thumb_way, back, side))
    tip = middle + bent_way * (0.22 * size) - back * (0.06 * size if fold > 20 else 0.0)
    thumb = [
        np.concatenate([ball(root, 0.125), ball(middle, 0.09)]), np.concatenate([ball(middle, 0.09),
        ball(tip, 0.07)]),
    ]  # fmt: skip
    fingers: list[list[Space]] = []
    for index, (place, long) in enumerate(zip(_PLACES, _LENGTHS, strict=True)):
        first, second = curls[index]
        fan = rotated(along, back, (1.5 - index) * spread * -side * _turn(along, thumb_way, back, side))
        axis = cross(fan, back)
        start = knuckle + width * place - along * (0.06 * size * (index == 3))
        one = rotated(fan, axis, -first)
        two = rotated(fan, axis, -first - second)
        three = rotated(fan, axis, -first - second * 1.5)
        a = start + one * (long * 0.42 * size)
        b = a + two * (long * 0.34 * size)
        c = b + three * (long * 0.24 * size)
        fingers.append(
            sight.chain([(start, 0.073 * size), (a, 0.068 * size), (b, 0.06 * size), (c, 0.05 * size)])
        )
    if px < 34.0:
        return palm + thumb + [lump for one in fingers for lump in one], []
    parts = [*fingers, thumb]
    far = sorted(range(len(parts)), key=lambda index: -sight.depth(parts[index][-1].mean(axis=0)))
    return palm, [parts[index] for index in far]


def before(limb: Limb, tall: float, sight: Sight, px: float, sheet: bool) -> list[list[Space]]:
    """The fingers that lie before a thing in the hand: of a sheet of paper only the thumb."""
    palm, fingers = hand(limb, tall, sight, px)
    if sheet:
        return [palm[-2:]] if not fingers else [min(fingers, key=len)]
    return fingers[-3:]


def _turn(along: Vec, thumb_way: Vec, back: Vec, side: int) -> float:
    """Which way a turn about the hand's back must go so that it leads to the thumb."""
    return -side * float(np.sign(cross(back, along) @ thumb_way))


def grip_point(limb: Limb, tall: float) -> Vec:
    """Where a thing lies in the hand."""
    return limb.end + limb.frame.front * (0.05 * tall) - limb.frame.up * (0.016 * tall)

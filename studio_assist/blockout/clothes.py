"""What is drawn on clothes: collars, lapels, buttons, belts, pockets, cuffs, folds."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import Final

import numpy as np

from studio_assist.blockout.bodies import GARMENTS, Trunk
from studio_assist.blockout.drawing import Points, Shape
from studio_assist.blockout.forms import Sight, Vec, circle, cross, curved, even, unit
from studio_assist.blockout.skeleton import Limb, Skeleton
from studio_assist.domain.staging import Clothes

_HEM: Final = -0.045


@dataclass(frozen=True, eq=False)
class Tailor:
    """Draws on one trunk; `px` is the figure's whole height in pixels, `ink` the weight of its inner
    lines."""

    body: Trunk
    sight: Sight
    px: float
    ink: float
    fill: float
    dark: float
    skin: float
    linen: float

    def area(
        self, outline: list[tuple[float, float]], fill: float, ink: float = 1.0, lift: float = 0.006
    ) -> list[Shape]:
        """A patch of cloth by (height, angle) points."""
        knots = np.array([*outline, outline[0]])
        path = np.concatenate([np.linspace(a, b, 5, endpoint=False) for a, b in itertools.pairwise(knots)])
        points = self.body.patch(path[:, 0], path[:, 1], self.sight, lift)
        return [] if points is None else [Shape(points, fill=fill, ink=self.ink * ink, rough=0.25)]

    def line(self, knots: list[tuple[float, float]], ink: float = 0.8, tone: float = 0.2) -> list[Shape]:
        """A line on the cloth."""
        path = curved(np.array(knots), 7)
        return [
            Shape(one, closed=False, ink=self.ink * ink, line=tone, taper=True, rough=0.3)
            for one in self.body.stroke(path[:, 0], path[:, 1], self.sight)
        ]

    def dot(self, height: float, around: float, size: float = 0.006) -> list[Shape]:
        """A button."""
        if float(self.body.seen(height, around, self.sight)) < 0.12:
            return []
        at = self.sight.flat(self.body.at(height, around, 0.006))[0]
        radius = max(self.px * size, 0.6)
        turn = circle(8)
        return [
            Shape(
                at + np.stack([np.cos(turn), np.sin(turn)], 1) * radius,
                fill=self.dark,
                ink=self.ink * 0.5,
                rough=0.1,
            )
        ]


def on_trunk(tailor: Tailor, clothes: Clothes, open_front: bool) -> list[Shape]:
    """What lies on the trunk, by clothes; little of it on small figures."""
    t = tailor
    if t.px < 60:
        return []
    found: list[Shape] = []
    fine = t.px > 150
    if clothes == "shirt":
        found += t.area([(0.33, 0.8), (0.308, 0.3), (0.284, 0.0), (0.308, -0.3), (0.33, -0.8)], t.skin, 0.5)
        found += t.line([(0.284, 0.0), (0.12, 0.03), (-0.02, 0.03)])
        for side in (1, -1):
            found += t.area(
                [
                    (0.336, side * 1.5),
                    (0.326, side * 0.7),
                    (0.284, side * 0.02),
                    (0.272, side * 0.36),
                    (0.318, side * 1.2),
                ],
                t.fill,
            )
            if fine:
                found += t.line([(0.07, side * 1.2), (0.02, side * 0.9), (-0.01, side * 0.8)], 0.6, 0.4)
        if fine:
            for height in (0.22, 0.16, 0.1, 0.04):
                found += t.dot(height, -0.04, 0.0035)
            found += t.area(
                [(0.232, 0.82), (0.232, 0.36), (0.19, 0.38), (0.184, 0.6), (0.19, 0.8)], t.fill, 0.6
            )
    elif clothes in ("jacket", "coat"):
        found += _suit(t, clothes, fine, open_front)
    elif clothes == "uniform":
        found += t.line([(0.31, 0.06), (0.2, 0.06), (0.06, 0.06), (_HEM, 0.06)])
        found += _belt(t, 0.088, 0.112)
        for side in (1, -1):
            found += t.area(
                [(0.332, side * 1.4), (0.33, 0.02 * side), (0.3, 0.02 * side), (0.3, side * 1.2)], t.fill
            )
            found += t.area(
                [(0.235, side * 0.3), (0.235, side * 0.78), (0.178, side * 0.76), (0.178, side * 0.32)],
                t.fill,
                0.8,
            )
            found += t.line([(0.222, side * 0.3), (0.214, side * 0.54), (0.222, side * 0.78)], 0.6)
            found += t.area(
                [(0.3, side * 1.1), (0.282, side * 1.35), (0.278, side * 1.75), (0.3, side * 1.95)],
                t.dark,
                0.8,
            )
        for height in (0.27, 0.2, 0.14):
            found += t.dot(height, 0.06, 0.0045)
    elif clothes == "sweater":
        turn = even(-2.6, 2.6, 11)
        found += t.line([(0.312, float(one)) for one in turn], 0.9)
        found += t.line([(0.012, float(one)) for one in turn], 0.8)
        if fine:
            found += [
                shape
                for one in even(-1.4, 1.4, 13)
                for shape in t.line([(0.01, one), (-0.002, one), (-0.014, one)], 0.5, 0.4)
            ]
            for side in (1, -1):
                found += t.line([(0.075, side * 1.3), (0.06, side * 0.9), (0.055, side * 0.55)], 0.6, 0.4)
    else:
        found += t.area([(0.33, 1.2), (0.285, 0.75), (0.262, 0.0), (0.285, -0.75), (0.33, -1.2)], t.skin, 0.8)
        found += _belt(t, 0.096, 0.108)
        for side in (1, -1):
            found += t.line([(0.21, side * 0.95), (0.19, side * 0.6), (0.195, side * 0.3)], 0.6, 0.4)
    return found


def _suit(t: Tailor, clothes: Clothes, fine: bool, open_front: bool) -> list[Shape]:
    found = t.area(
        [(0.33, 0.75), (0.3, 0.5), (0.13, 0.04), (0.13, -0.04), (0.3, -0.5), (0.33, -0.75)], t.linen, 0.7
    )
    found += t.area([(0.332, 0.5), (0.312, 0.3), (0.292, 0.0), (0.312, -0.3), (0.332, -0.5)], t.skin, 0.5)
    if clothes == "jacket" and fine:
        for side in (1, -1):
            found += t.area(
                [
                    (0.328, side * 0.7),
                    (0.31, side * 0.3),
                    (0.29, 0.02 * side),
                    (0.275, side * 0.2),
                    (0.29, side * 0.5),
                ],
                t.linen,
                0.7,
            )
    found += t.line([(0.13, 0.0), (0.06, 0.03), (0.0, 0.08), (_HEM, 0.2 if open_front else 0.05)], 1.0)
    for side in (1, -1):
        found += t.area([
            (0.336, side * 1.5), (0.322, side * 0.62), (0.13, side * 0.02), (0.232, side * 0.74), (0.246,
            side * 0.62), (0.262, side * 0.78), (0.306, side * 1.2),
        ], t.fill, 1.0)  # fmt: skip
        if clothes == "coat":
            found += t.line([(0.02, side * 0.62), (-0.012, side * 0.8)], 1.0)
        else:
            found += t.line([(0.03, side * 0.5), (0.026, side * 0.95)], 1.0)
    found += t.dot(0.118, 0.05, 0.005)
    found += t.dot(0.065, 0.05, 0.005)
    if clothes == "coat":
        found += _belt(t, 0.086, 0.112)
        found += t.dot(0.175, 0.42, 0.005) + t.dot(0.175, -0.42, 0.005)
    return found


def _belt(t: Tailor, low: float, high: float) -> list[Shape]:
    turn = even(-3.1, 3.1, 40)
    seen = t.body.seen(np.full(40, low), turn, t.sight) > -0.02
    turn = turn[seen]
    if len(turn) < 3:
        return []
    if float(np.max(np.diff(turn))) > 0.5:
        turn = np.concatenate([turn[turn > 0], turn[turn <= 0] + 2 * np.pi])
    rim = np.concatenate(
        [
            t.body.at(np.full(len(turn), low), turn, 0.003),
            t.body.at(np.full(len(turn), high), turn[::-1], 0.003),
        ]
    )
    found = [Shape(t.sight.flat(rim), fill=t.dark, ink=t.ink * 0.8, rough=0.25)]
    return found + t.area(
        [(low - 0.002, 0.13), (high + 0.002, 0.13), (high + 0.002, -0.13), (low - 0.002, -0.13)], t.linen, 0.7
    )


def folds(limb: Limb, sight: Sight, radius: float, ink: float) -> list[Shape]:
    """Short strokes in the crook of an elbow or a knee; more the more it is bent."""
    one, other = unit(limb.root - limb.joint), unit(limb.end - limb.joint)
    bend = float(one @ other)
    if bend < -0.93:
        return []
    crook = unit(one + other)
    axis = unit(cross(one, other))
    found: list[Shape] = []
    for way, side in ((one, 1), (other, -1), (one, -1)):
        start = limb.joint + crook * (radius * 0.82) + way * (radius * 0.25)
        end = (
            limb.joint
            - crook * (radius * 0.1)
            + way * (radius * (0.75 if side > 0 else 0.5))
            + axis * (radius * 0.3 * side)
        )
        middle = (start + end) / 2 + way * (radius * 0.12)
        found.append(_stroke(sight, [start, middle, end], ink))
    return found


def cuff(limb: Limb, sight: Sight, radius: float, ink: float) -> list[Shape]:
    """A line around the sleeve's end."""
    along = unit(limb.end - limb.joint)
    at = limb.end - along * (radius * 1.0)
    side = unit(cross(along, at - sight.eye), sight.right)
    near = unit(cross(side, along))
    near = near if float(near @ (sight.eye - at)) > 0 else -near
    points = [
        at + side * (radius * 1.02 * np.cos(turn)) + near * (radius * 1.02 * np.sin(turn))
        for turn in even(0, np.pi, 7)
    ]
    return [_stroke(sight, points, ink, False)]


def sole(limb: Limb, bones: Skeleton, sight: Sight, ink: float) -> list[Shape]:
    """The edge between sole and upper."""
    tall, frame = bones.height, limb.frame
    side = 1.0 if float(frame.right @ (sight.eye - frame.at)) > 0 else -1.0
    local = np.array(
        [
            (side * 0.02, -0.036, -0.036),
            (side * 0.025, 0.02, -0.036),
            (side * 0.028, 0.07, -0.036),
            (side * 0.012, 0.112, -0.037),
        ]
    )
    return [_stroke(sight, list(frame.out(local * tall)), ink)]


def skirt_lines(bones: Skeleton, clothes: Clothes, sight: Sight, ink: float) -> list[Shape]:
    """Folds from the hips to the hem."""
    wear = GARMENTS[clothes]
    found: list[Shape] = []
    for leg in bones.legs:
        along = leg.joint - leg.root
        near = sight.eye - leg.root
        out = unit(near - unit(along) * float(near @ unit(along)))
        for aside, start in ((0.25, 0.25), (-0.4, 0.5)):
            side = cross(unit(along), out) * aside
            points: list[Vec] = []
            for share in (start, 0.7, 0.98):
                radius = (0.052 + wear.trunk + wear.flare * share) * bones.height
                points.append(leg.root + along * min(share * wear.skirt, 1.0) + (out * 0.8 + side) * radius)
            found.append(_stroke(sight, points, ink))
    return found


def _stroke(sight: Sight, points: list[Vec], ink: float, taper: bool = True) -> Shape:
    flat: Points = curved(sight.flat(np.array(points)), 6)
    return Shape(flat, closed=False, ink=ink, line=0.2, taper=taper, rough=0.3)

"""What sets are built of: models of flat faces, turned bodies, rods, balls and loose outlines, in metres.

A model is made once for a kind, size and state, and kept; a frame only moves, culls and projects its points
(`shown.py`). A part is convex or nearly so: faces that look away are left out, and parts sort among
themselves by the boxes around them. x is to the right, y away from the front, z up; the origin stands on
the floor.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from studio_assist.blockout.drawing import Hatch
from studio_assist.blockout.facets import LIGHT, Flat, Kind, Mark, Part, Vec
from studio_assist.blockout.view import Space


class Model:
    """Parts in the making."""

    def __init__(self) -> None:
        self.parts: list[Part] = []

    def part(self, low: Vec | None = None, high: Vec | None = None) -> Part:
        """An empty part, with the box that it sorts by."""
        made = Part()
        if low is not None and high is not None:
            made.span([low, high])
        self.parts.append(made)
        return made

    def box(
        self, low: Vec, high: Vec, tone: float = LIGHT, *, ink: float = 1.8, top: float | None = None
    ) -> Part:
        """A box from corner to corner; `top`: another tone for what lies up."""
        (a, b, c), (x, y, z) = low, high
        points = [(a, b, c), (x, b, c), (x, y, c), (a, y, c), (a, b, z), (x, b, z), (x, y, z), (a, y, z)]
        return self.block(points, tone, ink=ink, top=top)

    def block(
        self, corners: Sequence[Vec], tone: float = LIGHT, *, ink: float = 1.8, top: float | None = None
    ) -> Part:
        """Eight corners: the lower four anticlockwise from above and from front left, then the upper."""
        p = np.asarray(corners, float)
        made = self.part()
        order = ((0, 1, 5, 4), (1, 2, 6, 5), (2, 3, 7, 6), (3, 0, 4, 7), (4, 5, 6, 7), (3, 2, 1, 0))
        for index, face in enumerate(order):
            made.face(p[list(face)], top if index == 4 and top is not None else tone, ink=ink)
        return made

    def prism(
        self,
        outline: Flat,
        start: float,
        end: float,
        tone: float = LIGHT,
        *,
        axis: str = "x",
        ink: float = 1.8,
    ) -> Part:
        """An outline pushed along an axis: of `x` it is (y, z), of `y` (x, z), of `z` (x, y)."""
        made = self.part()
        flat = np.asarray(outline, float)
        area = float(np.sum(flat[:, 0] * np.roll(flat[:, 1], -1) - np.roll(flat[:, 0], -1) * flat[:, 1]))
        # (x, z) with y as the axis is left-handed, so there the outline must run the other way.
        if (area > 0) == (axis == "y"):
            flat = flat[::-1]
        near, far = _lifted(flat, start, axis), _lifted(flat, end, axis)
        made.span(near)
        made.span(far)
        count = len(flat)
        for index in range(count):
            after = (index + 1) % count
            made.face([near[index], near[after], far[after], far[index]], tone, ink=ink)
        made.face(near[::-1], tone, ink=ink)
        made.face(far, tone, ink=ink)
        return made

    def turned(
        self,
        profile: Flat,
        at: Vec = (0.0, 0.0, 0.0),
        tone: float = LIGHT,
        *,
        axis: Vec = (0.0, 0.0, 1.0),
        count: int = 14,
        ink: float = 2.0,
        creases: bool = True,
        glow: bool = False,
        tones: Sequence[float] = (),
        caps: bool = True,
    ) -> Part:
        """A body turned about an axis: (radius, distance along) from its lower to its upper end."""
        made = self.part()
        along = np.asarray(axis, float) / float(np.linalg.norm(axis))
        side = np.cross(along, (0.0, 1.0, 0.0) if abs(along[1]) < 0.9 else (1.0, 0.0, 0.0))
        side /= np.linalg.norm(side)
        other = np.cross(along, side)
        turn = np.linspace(0, 2 * np.pi, count, endpoint=False)
        circle = np.cos(turn)[:, None] * side + np.sin(turn)[:, None] * other
        rings = [
            np.asarray(at, float) + along * high + circle * max(radius, 1e-4) for radius, high in profile
        ]
        for ring in rings:
            made.span(ring)
        if caps:
            made.face(rings[0][::-1], tone, ink=1.2, glow=glow)
        for index in range(len(rings) - 1):
            own = tones[index] if index < len(tones) else tone
            made.marks.append(
                Mark(
                    Kind.BAND,
                    np.concatenate([rings[index], rings[index + 1]]),
                    None,
                    own,
                    1.2 if creases or index == 0 else 0.0,
                    glow=glow,
                    radii=(ink, 1.2 if creases or index == len(rings) - 2 else 0.0),
                )
            )
        if caps and profile[-1][0] > 1e-3:
            made.face(rings[-1], tone, ink=1.4, glow=glow)
        return made

    def rod(
        self,
        start: Vec,
        end: Vec,
        radius: float,
        tone: float = LIGHT,
        *,
        thin: float | None = None,
        ink: float = 1.8,
        into: Part | None = None,
        round_ends: bool = False,
        glow: bool = False,
    ) -> Part:
        """A round bar; `thin`: its radius at the other end."""
        made = into or self.part()
        ends = np.asarray([start, end], float)
        widest = max(radius, thin or 0.0)
        made.span(ends - widest * 0.7)
        made.span(ends + widest * 0.7)
        made.marks.append(
            Mark(
                Kind.ROD,
                ends,
                None,
                tone,
                ink,
                radii=(radius, radius if thin is None else thin),
                round_ends=round_ends,
                glow=glow,
            )
        )
        return made

    def tube(
        self, points: Sequence[Vec], radii: Sequence[float], tone: float, into: Part, *, ink: float = 2.0
    ) -> None:
        """A bent round bar: outlines first and insides over them, so that its joints do not show."""
        for weight in (ink, 0.0):
            for index in range(len(points) - 1):
                self.rod(
                    points[index],
                    points[index + 1],
                    radii[index],
                    tone,
                    thin=radii[index + 1],
                    ink=weight,
                    into=into,
                    round_ends=True,
                )

    def ball(
        self,
        at: Vec,
        radius: float,
        tone: float = LIGHT,
        *,
        ink: float = 2.0,
        glow: bool = False,
        into: Part | None = None,
    ) -> Part:
        """A ball with a shaded side."""
        made = into or self.part()
        middle = np.asarray([at], float)
        made.span(middle - radius * 0.9)
        made.span(middle + radius * 0.9)
        made.marks.append(Mark(Kind.BALL, middle, None, tone, ink, radii=(radius, radius), glow=glow))
        return made

    def card(
        self,
        outline: Flat,
        at: Vec = (0.0, 0.0, 0.0),
        tone: float | None = LIGHT,
        *,
        ink: float = 2.0,
        line: float = 0.1,
        closed: bool = True,
        into: Part | None = None,
        soft: bool = False,
        glow: bool = False,
        alpha: float = 1.0,
        hatch: Hatch | None = None,
        taper: bool = False,
    ) -> Part:
        """A loose outline (across, up) that always faces the camera: leaves, flames, clouds."""
        flat = np.asarray(outline, float)
        made = into or self.part()
        reach = float(np.abs(flat[:, 0]).max()) * 0.7
        made.span(
            [
                (at[0] - reach, at[1] - reach, at[2]),
                (at[0] + reach, at[1] + reach, at[2] + float(flat[:, 1].max())),
            ]
        )
        points = np.stack([flat[:, 0], np.zeros(len(flat)), flat[:, 1]], axis=1)
        made.marks.append(
            Mark(
                Kind.CARD,
                points,
                None,
                tone,
                ink,
                line,
                alpha,
                hatch=hatch,
                anchor=at,
                soft=soft,
                glow=glow,
                closed=closed,
                taper=taper,
            )
        )
        return made

    def pasted(self, other: Iterable[Part], move: Vec = (0.0, 0.0, 0.0)) -> None:
        """Take over parts of another model, moved."""
        shift = np.asarray(move, float)
        for old in other:
            made = Part()
            low, high = old.box
            made.span([low + shift, high + shift])
            made.outer, made.shell, made.covers = old.outer, old.shell, old.covers
            for mark in old.marks:
                made.marks.append(moved(mark, shift))
            self.parts.append(made)


def moved(mark: Mark, shift: NDArray[np.float64]) -> Mark:
    """A mark elsewhere."""
    card = mark.kind is Kind.CARD
    anchor = np.asarray(mark.anchor) + shift if card else np.zeros(3)
    return Mark(
        mark.kind,
        mark.points if card else mark.points + shift,
        mark.normal,
        mark.tone,
        mark.ink,
        mark.line,
        mark.alpha,
        tuple(hole + shift for hole in mark.holes),
        mark.hatch,
        mark.radii,
        (float(anchor[0]), float(anchor[1]), float(anchor[2])),
        mark.soft,
        mark.glow,
        mark.closed,
        mark.round_ends,
        mark.taper,
    )


def _lifted(flat: NDArray[np.float64], where: float, axis: str) -> Space:
    """An outline in the plane across an axis."""
    still = np.full(len(flat), where)
    columns = {"x": (still, flat[:, 0], flat[:, 1]), "y": (flat[:, 0], still, flat[:, 1])}
    return np.stack(columns.get(axis, (flat[:, 0], flat[:, 1], still)), axis=1)


def ring(
    radius: float, count: int = 14, *, squash: float = 1.0, start: float = 0.0
) -> list[tuple[float, float]]:
    """A circle or ellipse as an outline."""
    turn = np.linspace(0, 2 * np.pi, count, endpoint=False) + start
    return [(float(np.cos(t) * radius), float(np.sin(t) * radius * squash)) for t in turn]

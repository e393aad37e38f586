"""What models are made of: faces, pen lines, turned bands, rods, balls and loose outlines, in parts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from studio_assist.blockout.drawing import Hatch
from studio_assist.blockout.view import Space

Vec = tuple[float, float, float]


Flat = Sequence[tuple[float, float]]


#: Tones by name, so that a set keeps to the few that a marker has.
PAPER: Final = 0.95


PALE: Final = 0.86


LIGHT: Final = 0.76


MID: Final = 0.62


DIM: Final = 0.47


DARK: Final = 0.33


INKY: Final = 0.2


_SIDES: Final[dict[str, tuple[int, int, int, int]]] = {
    # side: (axis that is fixed, its end, axis across, axis up)
    "front": (1, 0, 0, 2),
    "back": (1, 1, 0, 2),
    "left": (0, 0, 1, 2),
    "right": (0, 1, 1, 2),
    "top": (2, 1, 0, 1),
    "bottom": (2, 0, 0, 1),
}


class Kind(Enum):
    FACE = auto()
    LINE = auto()
    BAND = auto()
    ROD = auto()
    BALL = auto()
    CARD = auto()


@dataclass(frozen=True, slots=True, eq=False)
class Mark:
    """One thing to paint.

    Attributes:
        points: metres; of a band two rings, of a rod its two ends, of a card (across, 0, up) about `anchor`.
        normal: the side it is seen from; None: from both.
        tone: fill, or None.
        ink, line: of the outline; `soft` marks are only drawn where the thing is large in the frame.
        radii: of a rod's ends or a ball.
        glow: keeps its tone in the dark (lamps, lit windows, fire).
    """

    kind: Kind
    points: Space
    normal: NDArray[np.float64] | None = None
    tone: float | None = None
    ink: float = 1.3
    line: float = 0.1
    alpha: float = 1.0
    holes: tuple[Space, ...] = ()
    hatch: Hatch | None = None
    radii: tuple[float, float] = (0.0, 0.0)
    anchor: Vec = (0.0, 0.0, 0.0)
    soft: bool = False
    glow: bool = False
    closed: bool = True
    round_ends: bool = False
    taper: bool = False


def normal_of(points: Space) -> NDArray[np.float64]:
    """The unit normal of a flat outline that runs anticlockwise as seen (Newell's way)."""
    following = np.roll(points, -1, axis=0)
    found = np.cross(points, following).sum(axis=0)
    length = float(np.linalg.norm(found))
    return found / length if length > 1e-12 else np.array([0.0, 0.0, 1.0])


class Part:
    """A convex body with what is drawn on it."""

    def __init__(self) -> None:
        self.marks: list[Mark] = []
        self.low: NDArray[np.float64] | None = None
        self.high: NDArray[np.float64] | None = None
        #: (axis, side, value): over everything where the eye is beyond that plane, else under everything.
        self.outer: tuple[int, float, float] | None = None
        #: The side of a hull about people, by the face that looks outwards: from there it hides who is
        #: inside, and is hidden by them from the other side.
        self.shell: Mark | None = None
        #: It hides whoever is inside from every side (a car's body, whose glass lets them be seen).
        self.covers = False

    def span(self, points: ArrayLike) -> None:
        """Count points into the box around this part."""
        all_points = np.atleast_2d(np.asarray(points, float))
        low, high = all_points.min(axis=0), all_points.max(axis=0)
        self.low = low if self.low is None else np.minimum(self.low, low)
        self.high = high if self.high is None else np.maximum(self.high, high)

    def face(
        self,
        points: ArrayLike,
        tone: float | None = LIGHT,
        *,
        ink: float = 1.3,
        line: float = 0.1,
        both: bool = False,
        alpha: float = 1.0,
        holes: tuple[Space, ...] = (),
        hatch: Hatch | None = None,
        soft: bool = False,
        glow: bool = False,
        body: bool = True,
    ) -> Part:
        """A flat outline, anticlockwise as seen from its side; `both`: seen from either."""
        outline = np.asarray(points, float)
        if body:
            self.span(outline)
        normal = None if both else normal_of(outline)
        self.marks.append(
            Mark(Kind.FACE, outline, normal, tone, ink, line, alpha, holes, hatch, soft=soft, glow=glow)
        )
        return self

    def stroke(
        self,
        points: ArrayLike,
        *,
        normal: Vec | None = None,
        ink: float = 1.1,
        line: float = 0.15,
        soft: bool = True,
        taper: bool = False,
        glow: bool = False,
        alpha: float = 1.0,
    ) -> Part:
        """An open pen line; with a `normal` it is only seen from that side."""
        run = np.asarray(points, float)
        side = None if normal is None else np.asarray(normal, float)
        self.marks.append(
            Mark(
                Kind.LINE, run, side, None, ink, line, alpha, soft=soft, closed=False, taper=taper, glow=glow
            )
        )
        return self

    def spot(self, side: str, across: float, up: float) -> Vec:
        """A place on a side of the box, each from 0 to 1 as seen from that side."""
        axis, end, u, v = _SIDES[side]
        low, high = self.box
        place = [0.0, 0.0, 0.0]
        place[axis] = float((low, high)[end][axis])
        flipped = side in ("back", "left", "bottom")
        share = 1.0 - across if flipped else across
        place[u] = float(low[u] + (high[u] - low[u]) * share)
        place[v] = float(low[v] + (high[v] - low[v]) * up)
        return (place[0], place[1], place[2])

    @property
    def box(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """The lower and the upper corner."""
        if self.low is None or self.high is None:
            return np.zeros(3), np.zeros(3)
        return self.low, self.high

    def on(
        self,
        side: str,
        left: float,
        bottom: float,
        right: float,
        top: float,
        tone: float | None = None,
        *,
        ink: float = 1.1,
        line: float = 0.15,
        soft: bool = False,
        glow: bool = False,
        hatch: Hatch | None = None,
        alpha: float = 1.0,
    ) -> Part:
        """A rectangle on a side of the box, in shares of that side."""
        corners = [(left, bottom), (right, bottom), (right, top), (left, top)]
        return self.face(
            [self.spot(side, u, v) for u, v in corners],
            tone,
            ink=ink,
            line=line,
            soft=soft,
            glow=glow,
            hatch=hatch,
            alpha=alpha,
            body=False,
        )

    def disc(
        self,
        side: str,
        across: float,
        up: float,
        radius: float,
        tone: float | None = None,
        *,
        ink: float = 1.1,
        soft: bool = False,
        glow: bool = False,
        line: float = 0.15,
    ) -> Part:
        """A circle on a side of the box; `radius` in metres."""
        axis, _end, u, v = _SIDES[side]
        middle = np.asarray(self.spot(side, across, up))
        turn = np.linspace(0, 2 * np.pi, 14, endpoint=False)
        if side in ("back", "left", "bottom"):
            turn = -turn
        ring = np.tile(middle, (14, 1))
        ring[:, u] += np.cos(turn) * radius
        ring[:, v] += np.sin(turn) * radius
        ring[:, axis] = middle[axis]
        return self.face(ring, tone, ink=ink, soft=soft, glow=glow, body=False, line=line)

    def rule(
        self, side: str, points: Flat, *, ink: float = 1.1, line: float = 0.15, soft: bool = True
    ) -> Part:
        """A pen line on a side of the box, in shares of that side."""
        axis, end, _u, _v = _SIDES[side]
        normal = [0.0, 0.0, 0.0]
        normal[axis] = 1.0 if end else -1.0
        return self.stroke(
            [self.spot(side, u, v) for u, v in points],
            normal=(normal[0], normal[1], normal[2]),
            ink=ink,
            line=line,
            soft=soft,
        )

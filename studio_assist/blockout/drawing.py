"""A drawing: vector shapes in the order in which they are painted.

Whoever draws a thing (a figure, a table, the sky) gives a `Group`; groups are painted from far to near, the
shapes of one group in the order they have. Coordinates are pixels of the frame, x to the right, y down.
Tones go from 0, black ink, to 1, paper.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

#: (n, 2) pixels.
Points = NDArray[np.float64]

#: What a shape belongs to, from back to front where depth does not say; each is a layer of the SVG.
LayerName = Literal["sky", "ground", "set", "piece", "figure", "weather", "effect", "arrow"]


@dataclass(frozen=True, slots=True, eq=False)
class Hatch:
    """Pen strokes side by side. `angle` in degrees, `gap` in pixels at 1280 wide, `tone` of the ink."""

    angle: float = 45.0
    gap: float = 7.0
    weight: float = 1.0
    tone: float = 0.35
    cross: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Shape:
    """One outline, filled or drawn or both.

    Attributes:
        points: the outline; closed ones do not repeat the first point.
        fill: tone inside, or None for nothing.
        ink: weight of the line in pixels at 1280 wide; 0 for none.
        line: tone of the line.
        taper: an open line that thins out at both ends, as a pen stroke does.
        rough: how far the hand trembles, in pixels at 1280 wide; None: as the drawer's style has it.
        holes: outlines inside that stay empty.
        hatch: strokes over the fill.
        alpha: how much it covers what is under it: 1 all of it; light beams, shadows and rain less.
        depth: metres from the camera, for the depth picture; None: its group's.
        silent: nothing of it in the line picture (tone, shadows, weather).
        depths: metres ahead of the camera at each point, for a flat face whose depth runs on (floor, wall,
            table top).
    """

    points: Points
    closed: bool = True
    fill: float | None = None
    ink: float = 2.0
    line: float = 0.1
    taper: bool = False
    rough: float | None = None
    holes: tuple[Points, ...] = ()
    hatch: Hatch | None = None
    alpha: float = 1.0
    depth: float | None = None
    silent: bool = False
    depths: NDArray[np.float64] | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Group:
    """Shapes of one thing.

    Attributes:
        depth: metres from the camera: larger is painted earlier. `inf` for the sky.
        name: what it is, for the SVG ("MAYA", "table").
        rim: how much heavier its outer contour is than its inner lines, in pixels at 1280 wide; None: as its
            layer is.
        halo: tone of a lighter edge around that contour, which sets it off from a dark ground; None: no edge.
    """

    layer: LayerName
    depth: float
    shapes: tuple[Shape, ...]
    name: str = ""
    rim: float | None = None
    halo: float | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Drawing:
    """A whole frame: groups from back to front.

    Attributes:
        floor: (a, b, c) so that a pixel of the floor z = 0 is 1 / (a x + b y + c) metres ahead; None: not
            told.
    """

    width: int
    height: int
    groups: tuple[Group, ...]
    seed: int = 0
    floor: tuple[float, float, float] | None = None


def composed(width: int, height: int, groups: Iterable[Group], seed: int = 0) -> Drawing:
    """A drawing of groups in any order: sky and ground first, arrows last, the rest from far to near."""
    late = {"sky": -2, "ground": -1, "weather": 1, "effect": 2, "arrow": 3}
    ordered = sorted(groups, key=lambda group: (late.get(group.layer, 0), -group.depth))
    return Drawing(width, height, tuple(ordered), seed)

"""From shapes to marks: fills, pen strokes and hatching, all of them filled outlines.

What the raster paints and what the SVG writes are the same marks, so the two cannot drift apart.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field
from typing import Final, Literal

import numpy as np

from studio_assist.blockout.clipping import clipped, clipped_line, hatched
from studio_assist.blockout.drawing import Drawing, Group, Points, Shape
from studio_assist.blockout.pen import Pen

#: How far the hand trembles where a shape does not say, and within a hatching, in pixels at 1280 wide.
_TREMBLE: Final = 0.75
_HATCH_TREMBLE: Final = 0.5
#: How hard the pen is pressed: what a weight of 1 is in pixels at 1280 wide.
_PRESS: Final = 1.15
#: A line is not thinner than this on screen, or it would break up.
_HAIRLINE_PX: Final = 0.7
#: How much heavier the outer contour of a thing is than its inner lines, by layer, in pixels at 1280 wide.
_RIM: Final[dict[str, float]] = {"figure": 1.5, "piece": 0.9}
#: Shapes so near the frame, in pixels, are not left out: their lines may reach into it.
_MARGIN: Final = 24.0
#: How wide the lighter edge around a contour is, in pixels at 1280 wide.
_HALO: Final = 1.2
#: Lines lighter than this are details inside the form, and no part of its contour.
_FORM: Final = 1.1
#: The tone of a rim.
_RIM_TONE: Final = 0.08
#: Drawn over the picture rather than in it: no line weight by distance.
_FLAT: Final = ("arrow", "effect", "weather")

Kind = Literal["fill", "ink", "hatch", "rim"]
#: Outlines to fill, and lines to draw with whether each is closed.
_Cut = tuple[list[Points], list[tuple[Points, bool]]]


@dataclass(frozen=True, slots=True, eq=False)
class Mark:
    """One filled outline.

    Attributes:
        points: contours one after the other, each ending at its own first point; filled by non-zero winding.
        cuts: where each contour after the first begins.
        kind: a "rim" lies behind its group and makes its outer contour heavier.
        at: index of the group in the drawing, and of the shape in the group (-1 for the rim).
    """

    points: Points
    cuts: tuple[int, ...]
    tone: float
    alpha: float
    kind: Kind
    at: tuple[int, int]


@dataclass(slots=True)
class _Sheet:
    """Marks in the order of painting; those of the pen stay open until all lines are inked at once."""

    drawing: Drawing
    lines_only: bool
    bleed: float
    pen: Pen = field(default_factory=Pen)
    marks: list[Mark | int] = field(default_factory=list[Mark | int])
    open: list[Mark] = field(default_factory=list[Mark])

    def begin(self, tone: float, alpha: float, kind: Kind, at: tuple[int, int]) -> int:
        """Open a mark for strokes that follow; its slot."""
        self.marks.append(len(self.open))
        self.open.append(Mark(np.empty((0, 2)), (), tone, alpha, kind, at))
        return len(self.open) - 1

    def closed(self) -> list[Mark]:
        """All marks, with the pen's strokes in them."""
        strokes = self.pen.strokes(self.drawing.width, self.drawing.height, self.bleed)
        result: list[Mark] = []
        for mark in self.marks:
            if isinstance(mark, Mark):
                result.append(mark)
            elif mark in strokes:
                blank = self.open[mark]
                result.append(Mark(*strokes[mark], blank.tone, blank.alpha, blank.kind, blank.at))
        return result


def near_far(depth: float) -> float:
    """How much heavier than at 3 m a line is drawn at `depth` metres."""
    if not np.isfinite(depth):
        return 0.55
    return float(np.clip((3.0 / max(depth, 0.3)) ** 0.28, 0.55, 1.45))


def inked(drawing: Drawing, *, lines_only: bool = False, bleed: float = 0.0) -> list[Mark]:
    """A drawing as marks, in the order of painting.

    Args:
        lines_only: black lines on paper: no tone, no hatching; fills are paper, so that they hide what is
            behind.
        bleed: by how many pixels who paints the marks lets every edge run out; strokes are kept that much
            slimmer.
    """
    sheet = _Sheet(drawing, lines_only, bleed)
    near = iter(_near_frame(drawing))
    for number, group in enumerate(drawing.groups):
        _ink_group(sheet, number, group, [_cut(shape, next(near), drawing) for shape in group.shapes])
    return sheet.closed()


def _near_frame(drawing: Drawing) -> list[int]:
    """For each shape in turn: 0 if it is out of the frame, 1 if it is in it, 2 if it reaches far beyond."""
    outlines = [shape.points for group in drawing.groups for shape in group.shapes]
    sizes = np.fromiter((len(outline) for outline in outlines), np.int64, len(outlines))
    filled = sizes > 1
    result = np.zeros(len(outlines), np.int64)
    if not filled.any():
        return result.tolist()
    points = np.concatenate([outline for outline in outlines if len(outline) > 1])
    starts = np.concatenate([[0], np.cumsum(sizes[filled])[:-1]])
    low, high = np.minimum.reduceat(points, starts), np.maximum.reduceat(points, starts)
    size = np.array([drawing.width, drawing.height])
    seen = ((low < size + _MARGIN) & (high > -_MARGIN)).all(axis=1)
    wide = np.maximum(np.abs(low), np.abs(high)).max(axis=1) > 2 * size.max()
    result[filled] = np.where(seen, np.where(wide, 2, 1), 0)
    return result.tolist()


def _ink_group(sheet: _Sheet, number: int, group: Group, cut: list[_Cut]) -> None:
    drawing = sheet.drawing
    unit = drawing.width / 1280.0
    scale = _PRESS * unit * (1.0 if group.layer in _FLAT else near_far(group.depth))
    seed = zlib.crc32(f"{group.layer}/{group.name}/{drawing.seed}".encode())
    size = (drawing.width, drawing.height)
    rim = _RIM.get(group.layer, 0.0) if group.rim is None else group.rim
    if group.halo is not None and not sheet.lines_only:
        _ink_rim(sheet, number, group, cut, rim + _HALO, scale, seed, group.halo)
    if rim > 0.0:
        _ink_rim(sheet, number, group, cut, rim, scale, seed, _RIM_TONE)
    for index, (shape, (fills, lines)) in enumerate(zip(group.shapes, cut, strict=True)):
        at = (number, index)
        if sheet.lines_only and (shape.silent or shape.alpha < 0.5):
            continue
        alpha = 1.0 if sheet.lines_only else shape.alpha
        if shape.fill is not None and fills:
            tone = 1.0 if sheet.lines_only else shape.fill
            sheet.marks.append(Mark(*joined(fills), tone, alpha, "fill", at))
        if shape.hatch is not None and fills and not sheet.lines_only:
            strokes = hatched(fills, shape.hatch, size, unit, seed + index)
            slot = sheet.begin(shape.hatch.tone, alpha, "hatch", at) if strokes else -1
            for order, stroke in enumerate(strokes):
                sheet.pen.take(
                    stroke,
                    closed=False,
                    weight=max(shape.hatch.weight * unit, _HAIRLINE_PX),
                    rough=_HATCH_TREMBLE * unit,
                    taper=False,
                    seed=seed + 131 * index + order,
                    slot=slot,
                )
        if shape.ink > 0 and lines:
            slot = sheet.begin(0.0 if sheet.lines_only else shape.line, alpha, "ink", at)
            for line, closed in lines:
                sheet.pen.take(
                    line,
                    closed=closed,
                    weight=max(shape.ink * scale, _HAIRLINE_PX),
                    rough=(_TREMBLE if shape.rough is None else shape.rough) * unit,
                    taper=shape.taper,
                    seed=seed + 131 * index,
                    slot=slot,
                )


def _ink_rim(
    sheet: _Sheet,
    number: int,
    group: Group,
    cut: list[_Cut],
    rim: float,
    scale: float,
    seed: int,
    tone: float,
) -> None:
    """A heavier line behind everything of a group: what of it stays visible is the outer contour."""
    slot = -1
    for index, (shape, (fills, _lines)) in enumerate(zip(group.shapes, cut, strict=True)):
        if shape.fill is None or shape.ink < _FORM or shape.alpha < 1.0 or shape.silent or not fills:
            continue
        if slot < 0:
            slot = sheet.begin(0.0 if sheet.lines_only else tone, 1.0, "rim", (number, -1))
        sheet.pen.take(
            fills[0],
            closed=True,
            weight=(shape.ink + 2.0 * rim) * scale,
            rough=(_TREMBLE if shape.rough is None else shape.rough) * scale,
            taper=False,
            seed=seed + 131 * index,
            slot=slot,
            blunt=True,
        )


def _cut(shape: Shape, near: int, drawing: Drawing) -> _Cut:
    """What of a shape is near the frame: outlines to fill, and lines to draw with whether each is closed."""
    points = shape.points
    if not near:
        return [], []
    size = (drawing.width, drawing.height)
    if not shape.closed:
        parts = clipped_line(points, size) if near == 2 else [points]
        return [], [(part, False) for part in parts]
    if near == 1 and not shape.holes:
        return ([points], [(points, True)]) if len(points) > 2 else ([], [])
    rings = [clipped(ring, size) if near == 2 else ring for ring in (points, *shape.holes)]
    rings = [ring for ring in rings if len(ring) >= 3]
    return rings, [(ring, True) for ring in rings]


def joined(rings: list[Points]) -> tuple[Points, tuple[int, ...]]:
    """Outlines as one: the first one way round, its holes the other, so that they stay empty."""
    if len(rings) == 1:
        return np.concatenate([rings[0], rings[0][:1]]), ()
    outer = _area(rings[0]) > 0
    parts = [rings[0], *(ring[::-1] if (_area(ring) > 0) is outer else ring for ring in rings[1:])]
    closed = [np.concatenate([part, part[:1]]) for part in parts]
    ends = np.cumsum([len(part) for part in closed])
    return np.concatenate(closed), tuple(int(end) for end in ends[:-1])


def _area(ring: Points) -> float:
    x, y = ring[:, 0], ring[:, 1]
    return float(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1))) / 2.0

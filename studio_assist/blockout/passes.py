"""Control pictures for image models: the lines alone, and the depth."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from studio_assist.blockout.clipping import beyond_zero, clipped
from studio_assist.blockout.drawing import Drawing, Group, Points, Shape
from studio_assist.blockout.ink import Mark, inked, joined
from studio_assist.blockout.raster import BLEED, encoded, painted

#: Not part of what stands before the camera.
_OVERLAID: Final = frozenset({"arrow", "effect", "weather"})
#: What is nearer than this, in metres, is as light as can be: a shoulder at the lens must not darken the
#: rest.
_NEAREST_M: Final = 0.45
#: Steps of grey that a slanting face is painted in, at most.
_STEPS: Final = 160

_Plane = tuple[float, float, float]


def line_png(drawing: Drawing) -> bytes:
    """The line picture as a PNG."""
    return encoded(line(drawing))


def depth_png(drawing: Drawing) -> bytes:
    """The depth picture as a PNG."""
    return encoded(depth(drawing))


def line(drawing: Drawing) -> NDArray[np.uint8]:
    """(height, width): black ink on white: no tone, no hatching, no weather, no arrows."""
    return painted(inked(_staged(drawing), lines_only=True, bleed=BLEED), drawing.width, drawing.height, 255)


def depth(drawing: Drawing) -> NDArray[np.uint8]:
    """(height, width): near light, far dark, the sky black; even steps in 1 / metres as depth models have."""
    staged = _staged(drawing)
    faces = [
        (_nearness(shape, group, drawing), shape)
        for group in staged.groups
        for shape in group.shapes
        if shape.fill is not None and shape.closed and len(shape.points) > 2 and shape.alpha >= 0.5
    ]
    nearest = max((_most(plane, shape, drawing) for plane, shape in faces), default=0.0)
    scale = 1.0 / min(max(nearest, 1e-3), 1.0 / _NEAREST_M)
    marks = [mark for plane, shape in faces for mark in _stepped(plane, shape, drawing, scale)]
    return painted(marks, drawing.width, drawing.height, 255, ground=0)


def _staged(drawing: Drawing) -> Drawing:
    """The drawing without what is laid over it."""
    groups = tuple(
        group
        for group in drawing.groups
        if group.layer not in _OVERLAID and not group.name.endswith(": speed")
    )
    return replace(drawing, groups=groups)


def _nearness(shape: Shape, group: Group, drawing: Drawing) -> _Plane:
    """1 / metres as a plane over the pixels."""
    if shape.depths is not None and len(shape.depths) == len(shape.points) > 2:
        ahead = np.maximum(shape.depths, 0.05)
        middle = shape.points.mean(axis=0)
        rows = np.column_stack([shape.points - middle, np.ones(len(ahead))])
        # In perspective 1 / depth is flat over the picture for every flat face, so three numbers hold all of
        # it.
        (a, b, c), *_rest = np.linalg.lstsq(rows, 1.0 / ahead, rcond=None)
        return float(a), float(b), float(c - a * middle[0] - b * middle[1])
    if shape.depth is None and group.layer == "ground" and drawing.floor is not None:
        return drawing.floor
    metres = group.depth if shape.depth is None else shape.depth
    return 0.0, 0.0, 1.0 / max(metres, 0.05) if np.isfinite(metres) else 0.0


def _most(plane: _Plane, shape: Shape, drawing: Drawing) -> float:
    ring = clipped(shape.points, (drawing.width, drawing.height), 0.0)
    return float((ring @ np.asarray(plane[:2])).max() + plane[2]) if len(ring) > 2 else 0.0


def _stepped(plane: _Plane, shape: Shape, drawing: Drawing, scale: float) -> list[Mark]:
    """A face in one grey, or in steps where its depth runs on: the nearer is painted over the farther."""
    size = (drawing.width, drawing.height)
    rings = [ring for ring in (clipped(one, size) for one in (shape.points, *shape.holes)) if len(ring) > 2]
    if not rings:
        return []
    tilt, base = np.asarray(plane[:2]) * scale, plane[2] * scale
    seen = clipped(rings[0], size, 0.0)
    if len(seen) < 3:
        return []
    values = np.clip(seen @ tilt + base, 0.0, 1.0)
    low, high = float(values.min()), float(values.max())
    steps = int(np.clip(np.ceil((high - low) * 255 / 2), 1, _STEPS))
    if steps == 1 or len(rings) > 1:
        return [_face(rings, (low + high) / 2)]
    marks = [_face(rings, low + (high - low) * 0.5 / steps)]
    for step in range(1, steps):
        limit = low + (high - low) * step / steps
        part = beyond_zero(seen, seen @ tilt + base - limit)
        if len(part) > 2:
            marks.append(_face([part], limit + (high - low) * 0.5 / steps))
    return marks


def _face(rings: list[Points], tone: float) -> Mark:
    return Mark(*joined(rings), tone, 1.0, "fill", (0, 0))

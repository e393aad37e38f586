"""The parts of one figure, painted from far to near so that limbs that meet have no line between them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from studio_assist.blockout.drawing import Points, Shape
from studio_assist.blockout.forms import NOTHING, areas, joined, line, lines, moved, polygons

_SMALLEST_PX2: Final = 1.2
#: Narrower shadow sides are not worth their edge.
_SHADOW_PX: Final = 1.2


@dataclass(slots=True)
class Part:
    """A piece of a body in pixels.

    Attributes:
        near: metres from the camera, by which parts are painted.
        fill: its tone, and `shade` that of the side away from the light.
        joints: parts that it grows out of, and the place in pixels where no line parts it from them.
        over: shapes painted on it, before its own line.
        turned: how far its shadow side reaches, in pixels.
    """

    name: str
    shape: BaseGeometry
    near: float
    fill: float
    shade: float
    joints: tuple[tuple[str, BaseGeometry], ...] = ()
    over: list[Shape] = field(default_factory=list[Shape])
    turned: float = 0.0
    ink: float = 1.6


def outline(shape: BaseGeometry, fill: float | None, ink: float, *, silent: bool = False) -> list[Shape]:
    """Each polygon of a shape as a Shape with its holes."""
    return [
        Shape(
            shapely.get_coordinates(part.exterior)[:-1],
            fill=fill,
            ink=ink,
            rough=0.45,
            holes=tuple(shapely.get_coordinates(hole)[:-1] for hole in part.interiors if _wide(hole)),
            silent=silent,
        )
        for part in polygons(shape, _SMALLEST_PX2)
    ]


def _wide(hole: shapely.LinearRing) -> bool:
    return shapely.Polygon(hole).area > 4.0


def shadow(shape: BaseGeometry, away: Points, reach: float) -> BaseGeometry:
    """The side of a shape away from the light: what the shape leaves bare when it is moved towards the
    light."""
    if reach < _SHADOW_PX or shape.is_empty:
        return NOTHING
    return shapely.difference(shape, moved(shape, -away * reach))


def painted(parts: Iterable[Part], away: Points, weight: float) -> list[Shape]:
    """All shapes of a figure: first its whole mass with the heavy outline, then the parts with their inner
    lines."""
    order = sorted((part for part in parts if not part.shape.is_empty), key=lambda part: -part.near)
    if not order:
        return []
    whole = joined([part.shape for part in order])
    base = order[0].fill
    found = outline(whole, base, weight)
    inside = shapely.buffer(whole, -weight * 0.55, quad_segs=2)
    done: dict[str, BaseGeometry] = {}
    rims = shapely.intersection(
        shapely.boundary(np.array([part.shape for part in order], dtype=object)), inside
    )
    for part, rim in zip(order, rims, strict=True):
        found += outline(part.shape, part.fill, 0.0)
        if part.turned > _SHADOW_PX:
            dark = shadow(part.shape, away, part.turned)
            found += [
                Shape(
                    shapely.get_coordinates(one.exterior)[:-1], fill=part.shade, ink=0.0, rough=0.2,
                    silent=True,
                )
                for one in polygons(dark, max(part.turned * 3.0, 4.0))
            ]  # fmt: skip
        found += part.over
        found += _strokes(part, rim, done)
        done[part.name] = part.shape
    return found


def _strokes(part: Part, rim: BaseGeometry, done: dict[str, BaseGeometry]) -> list[Shape]:
    """The outline of a part as far as it lies within the figure and no joint swallows it."""
    if part.ink <= 0.0:
        return []
    for name, place in part.joints:
        if name in done and not rim.is_empty:
            rim = shapely.difference(rim, shapely.intersection(place, done[name]))
    return [
        Shape(stroke, closed=False, ink=part.ink, taper=True, rough=0.35)
        for stroke in lines(rim, max(part.ink * 2.0, 3.0))
    ]


def clipped(shapes: Sequence[Shape], to: BaseGeometry) -> list[Shape]:
    """Shapes as far as they lie in an area."""
    usable = [shape for shape in shapes if len(shape.points) >= (3 if shape.closed else 2)]
    if not usable or to.is_empty:
        return []
    closed = [index for index, shape in enumerate(usable) if shape.closed]
    forms = np.empty(len(usable), dtype=object)
    if closed:
        forms[closed] = areas([usable[index].points for index in closed])
    for index, shape in enumerate(usable):
        if not shape.closed:
            forms[index] = line(shape.points)
    shapely.prepare(to)
    inside = np.asarray(shapely.contains_properly(to, forms), dtype=bool)
    found: list[Shape] = []
    for shape, form, whole in zip(usable, forms, inside, strict=True):
        if whole:
            found.append(shape)
            continue
        seen = shapely.intersection(form, to)
        pieces = (
            [shapely.get_coordinates(part.exterior)[:-1] for part in polygons(seen, 0.5)]
            if shape.closed
            else lines(seen, 1.0)
        )
        found += [replace(shape, points=points) for points in pieces]
    return found

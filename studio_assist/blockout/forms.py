"""Lumps in space and their outlines in the frame: the geometry that figures are made of.

A body part is a row of convex lumps (rings,
balls); the outline of a lump in the frame is the hull of its points,
and the outline of the part is the union of them. So limbs that bend and overlap have one outline and no
seams.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final, cast

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray
from shapely.geometry.base import BaseGeometry

from studio_assist.blockout.drawing import Points
from studio_assist.blockout.view import Space, View

#: (3,) metres or a direction.
Vec = NDArray[np.float64]
#: A lump with a point nearer than this is left out: it would fill the frame.
_NEAR_M: Final = 0.12
NOTHING: Final[BaseGeometry] = shapely.Polygon()


def vec(x: float, y: float, z: float) -> Vec:
    """Three numbers as an array."""
    return np.array((x, y, z), dtype=np.float64)


def cross(one: Vec, other: Vec) -> Vec:
    """The vector across two; numpy's own takes ten times as long for a single pair."""
    a, b, c = one.tolist()
    x, y, z = other.tolist()
    return np.array((b * z - c * y, c * x - a * z, a * y - b * x))


def unit(one: Vec, otherwise: Vec | None = None) -> Vec:
    """The direction of a vector; of none, `otherwise` or straight up."""
    length = float(one @ one) ** 0.5
    if length < 1e-9:
        return vec(0.0, 0.0, 1.0) if otherwise is None else otherwise
    return one / length


def rotated(one: Vec, axis: Vec, degrees: float) -> Vec:
    """A vector turned about an axis of length one (Rodrigues)."""
    turn = np.radians(degrees)
    cos, sin = float(np.cos(turn)), float(np.sin(turn))
    return one * cos + cross(axis, one) * sin + axis * float(axis @ one) * (1 - cos)


@lru_cache(maxsize=256)
def even(low: float, high: float, count: int) -> NDArray[np.float64]:
    """Numbers at even distances, both ends included; the same array each time, not to be written to."""
    return _fixed(np.linspace(low, high, count))


@lru_cache(maxsize=64)
def circle(count: int) -> NDArray[np.float64]:
    """Angles all around, in radians; the same array each time, not to be written to."""
    return _fixed(np.linspace(0.0, 2 * np.pi, count, endpoint=False))


def _fixed(values: NDArray[np.float64]) -> NDArray[np.float64]:
    values.setflags(write=False)
    return values


@dataclass(frozen=True, eq=False)
class Frame:
    """Where something is and how it stands: to its right, ahead of it, above it."""

    at: Vec
    right: Vec
    front: Vec
    up: Vec

    def out(self, local: ArrayLike) -> Space:
        """Local (right, front, up) metres as points of the world."""
        points = np.atleast_2d(np.asarray(local, dtype=np.float64))
        return self.at + points @ np.array((self.right, self.front, self.up))

    def into(self, direction: Vec) -> Vec:
        """A direction of the world in local terms."""
        return np.array((direction @ self.right, direction @ self.front, direction @ self.up))

    def moved(self, at: Vec) -> Frame:
        """The same stance elsewhere."""
        return Frame(at, self.right, self.front, self.up)

    def turned(self, degrees: float) -> Frame:
        """About its own upright, to its right."""
        return Frame(
            self.at, rotated(self.right, self.up, -degrees), rotated(self.front, self.up, -degrees), self.up
        )

    def pitched(self, degrees: float) -> Frame:
        """About its own right: the front goes up."""
        return Frame(
            self.at,
            self.right,
            rotated(self.front, self.right, degrees),
            rotated(self.up, self.right, degrees),
        )

    def rolled(self, degrees: float) -> Frame:
        """About its own front: the top goes to the right."""
        return Frame(
            self.at,
            rotated(self.right, self.front, degrees),
            self.front,
            rotated(self.up, self.front, degrees),
        )


def upright(at: Vec, facing: float) -> Frame:
    """A frame that stands on the floor and looks along `facing` (0: +y, 90: +x)."""
    turn = np.radians(facing)
    sin, cos = float(np.sin(turn)), float(np.cos(turn))
    return Frame(at, vec(cos, -sin, 0.0), vec(sin, cos, 0.0), vec(0.0, 0.0, 1.0))


def bent(root: Vec, target: Vec, first: float, second: float, pole: Vec) -> tuple[Vec, Vec]:
    """Two bones from `root` towards `target`: the joint between them, which goes towards `pole`,
    and the end."""
    way = target - root
    reach = float(np.linalg.norm(way))
    ahead = unit(way, vec(0.0, 0.0, -1.0))
    span = float(np.clip(reach, abs(first - second) + 1e-3, (first + second) * 0.998))
    along = (first * first - second * second + span * span) / (2 * span)
    aside = float(np.sqrt(max(first * first - along * along, 0.0)))
    out = pole - ahead * float(pole @ ahead)
    side = unit(out, unit(cross(ahead, vec(0.31, 0.43, 0.85))))
    return root + ahead * along + side * aside, root + ahead * span


@dataclass(frozen=True, eq=False)
class Sight:
    """A view with its directions in the world, and how finely round things are cut."""

    view: View
    fine: int
    right: Vec = field(init=False)
    up: Vec = field(init=False)
    ahead: Vec = field(init=False)
    eye: Vec = field(init=False)
    _circle: Space = field(init=False, repr=False)

    def __post_init__(self) -> None:
        eye = np.asarray(self.view.camera.at, dtype=np.float64)
        axes = self.view.to_camera(eye + np.eye(3))
        angle = np.linspace(0.0, 2 * np.pi, self.fine, endpoint=False)
        circle = np.cos(angle)[:, None] * axes[:, 0] + np.sin(angle)[:, None] * axes[:, 1]
        for name, value in (
            ("eye", eye), ("right", axes[:, 0]), ("up", axes[:, 1]), ("ahead", axes[:, 2]), ("_circle",
            circle),
        ):  # fmt: skip
            object.__setattr__(self, name, value)

    def ball(self, at: Vec, radius: float) -> Space:
        """The rim of a ball as the camera sees it."""
        return at + self._circle * radius

    def chain(self, balls: Sequence[tuple[Vec, float]]) -> list[Space]:
        """A limb: lumps between each ball and the next."""
        rims = [self.ball(at, radius) for at, radius in balls]
        return [np.concatenate(pair) for pair in itertools.pairwise(rims)]

    def flat(self, points: ArrayLike) -> Points:
        """Points in pixels."""
        return self.view.project(points)[0]

    def depth(self, point: Vec) -> float:
        """Metres ahead of the camera."""
        return float((point - self.eye) @ self.ahead)

    def faces(self, points: Space, normals: Space) -> NDArray[np.float64]:
        """How far surface points face the camera: 1 straight, 0 edge on, below 0 turned away."""
        towards = self.eye - points
        length = np.maximum(np.linalg.norm(towards, axis=-1), 1e-9)
        return np.einsum("...i,...i->...", towards, normals) / length


def rows(rings: Sequence[Space]) -> list[Space]:
    """A stack of rings as lumps."""
    return [np.concatenate(pair) for pair in itertools.pairwise(rings)]


def outlines(sight: Sight, forms: Sequence[Sequence[Space]]) -> list[BaseGeometry]:
    """Each form, a sequence of convex lumps,
    as its outline in pixels; lumps too near the camera are left out."""
    lumps = [lump for form in forms for lump in form]
    if not lumps:
        return [NOTHING for _form in forms]
    sizes = np.array([len(lump) for lump in lumps])
    xy, ahead = sight.view.project(np.concatenate(lumps))
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    seen = np.minimum.reduceat(ahead, starts) > _NEAR_M
    hulls = np.asarray(
        shapely.convex_hull(shapely.linestrings(xy, indices=np.repeat(np.arange(len(lumps)), sizes))),
        dtype=object,
    )
    found: list[BaseGeometry] = []
    start = 0
    for form in forms:
        kept = hulls[start : start + len(form)][seen[start : start + len(form)]]
        start += len(form)
        found.append(framed(sight, shapely.union_all(kept)) if len(kept) else NOTHING)
    return found


def area(points: Points) -> BaseGeometry:
    """The area within an outline, mended where the outline crosses itself."""
    shape = cast("BaseGeometry", shapely.polygons(points))
    return shape if shape.is_valid else cast("BaseGeometry", shapely.buffer(shape, 0.0))


def line(points: Points) -> BaseGeometry:
    """A line through points."""
    return cast("BaseGeometry", shapely.linestrings(points))


def joined(shapes: Sequence[BaseGeometry]) -> BaseGeometry:
    """All of several shapes."""
    return (
        shapely.union_all(np.array(shapes, dtype=object))
        if len(shapes) > 1
        else shapes[0]
        if shapes
        else NOTHING
    )


def moved(shape: BaseGeometry, by: Points) -> BaseGeometry:
    """A shape elsewhere."""
    return shapely.transform(shape, lambda points: points + by)


def framed(sight: Sight, shape: BaseGeometry) -> BaseGeometry:
    """A shape without what lies far outside the frame."""
    if shape.is_empty:
        return NOTHING
    wide, high = sight.view.width, sight.view.height
    left, top, right, low = shape.bounds
    if left > -wide and top > -high and right < 2 * wide and low < 2 * high:
        return shape
    return shapely.clip_by_rect(shape, -0.6 * wide, -0.6 * high, 1.6 * wide, 1.6 * high)


def polygons(shape: BaseGeometry, least: float = 0.0) -> list[shapely.Polygon]:
    """The polygons in a shape that are larger than `least` square pixels."""
    if isinstance(shape, shapely.Polygon):
        return [shape] if shape.area > least else []
    if shape.is_empty:
        return []
    return [
        part for part in shapely.get_parts(shape) if isinstance(part, shapely.Polygon) and part.area > least
    ]


def lines(shape: BaseGeometry, least: float = 0.0) -> list[Points]:
    """The lines in a shape that are longer than `least` pixels."""
    if isinstance(shape, shapely.LineString):
        return [shapely.get_coordinates(shape)] if shape.length > least else []
    if shape.is_empty:
        return []
    pieces = [part for part in shapely.get_parts(shape) if isinstance(part, shapely.LineString)]
    merged = shapely.line_merge(shapely.multilinestrings(pieces))
    return [shapely.get_coordinates(part) for part in shapely.get_parts(merged) if part.length > least]


def areas(outlines: Sequence[Points]) -> NDArray[np.object_]:
    """Several areas at once."""
    counts = [len(points) for points in outlines]
    rings = shapely.linearrings(np.concatenate(outlines), indices=np.repeat(np.arange(len(outlines)), counts))
    found = np.asarray(shapely.polygons(rings), dtype=object)
    broken = ~np.asarray(shapely.is_valid(found), dtype=bool)
    if broken.any():
        found[broken] = shapely.buffer(found[broken], 0.0)
    return found


def resampled(points: Points, step: float, closed: bool) -> Points:
    """Points along a line at even distances."""
    around = np.concatenate([points, points[:1]]) if closed else points
    steps = around[1:] - around[:-1]
    lengths = np.sqrt(np.einsum("ij,ij->i", steps, steps))
    along = np.concatenate([[0.0], np.cumsum(lengths)])
    count = int(np.clip(along[-1] / max(step, 0.25), 6, 420))
    where = np.linspace(0.0, along[-1], count, endpoint=not closed)
    return np.stack([np.interp(where, along, around[:, 0]), np.interp(where, along, around[:, 1])], axis=1)


def smoothed(shape: BaseGeometry, step: float, rounds: int = 2) -> BaseGeometry:
    """Outlines without corners smaller than `step` pixels,
    as a pen would go round them; holes as they are."""
    found: list[BaseGeometry] = []
    for part in polygons(shape, 1.0):
        rim = resampled(shapely.get_coordinates(part.exterior)[:-1], step, True)
        for _round in range(rounds):
            around = np.concatenate([rim[-1:], rim, rim[:1]])
            rim = 0.5 * rim + 0.25 * (around[:-2] + around[2:])
        soft = area(rim)
        for hole in part.interiors:
            soft = shapely.difference(soft, area(shapely.get_coordinates(hole)))
        found.append(soft)
    return joined(found)


def curved(points: ArrayLike, count: int = 8) -> Points:
    """A smooth line through points (Catmull-Rom), in any number of dimensions."""
    knots = np.asarray(points, dtype=np.float64)
    if len(knots) < 3:
        return knots
    padded = np.concatenate([2 * knots[:1] - knots[1:2], knots, 2 * knots[-1:] - knots[-2:-1]])
    stretches = np.stack([padded[:-3], padded[1:-2], padded[2:-1], padded[3:]], axis=1)
    line = np.einsum("cp,npd->ncd", _weights(count), stretches).reshape(-1, knots.shape[1])
    return np.concatenate([line, knots[-1:]])


@lru_cache(maxsize=16)
def _weights(count: int) -> NDArray[np.float64]:
    share = np.linspace(0.0, 1.0, count, endpoint=False)[:, None] ** (0.0, 1.0, 2.0, 3.0)
    return 0.5 * share @ np.array(((0.0, 2, 0, 0), (-1, 0, 1, 0), (2, -5, 4, -1), (-1, 3, -3, 1)))

"""A head as a surface: skull, face and jaw, in head heights from chin (-0.5) to crown (0.5).

Everything on a head (hairline, eyes, brows, mouth, hats) is a line on this surface, so it turns and tilts
with it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray
from shapely.geometry.base import BaseGeometry

from studio_assist.blockout.drawing import Points
from studio_assist.blockout.forms import Frame, Sight, area, circle, even, joined, rows
from studio_assist.blockout.view import Space

Floats = NDArray[np.float64]

# height, half width, front, back
_TABLE: Final = np.array([
    (-0.500, 0.070, 0.335, 0.220),
    (-0.485, 0.112, 0.368, 0.140),
    (-0.450, 0.148, 0.376, 0.070),
    (-0.405, 0.192, 0.362, -0.005),
    (-0.360, 0.228, 0.352, -0.075),
    (-0.300, 0.262, 0.366, -0.155),
    (-0.250, 0.280, 0.362, -0.205),
    (-0.200, 0.294, 0.352, -0.265),
    (-0.100, 0.314, 0.344, -0.350),
    (0.000, 0.328, 0.336, -0.420),
    (0.060, 0.335, 0.350, -0.445),
    (0.120, 0.340, 0.366, -0.458),
    (0.200, 0.342, 0.362, -0.455),
    (0.280, 0.330, 0.335, -0.425),
    (0.360, 0.292, 0.275, -0.360),
    (0.430, 0.222, 0.180, -0.260),
    (0.475, 0.142, 0.080, -0.165),
    (0.500, 0.030, -0.020, -0.070),
])  # fmt: skip
#: Rings of the silhouette.
_HEIGHTS: Final = np.array(
    [
        -0.5,
        -0.485,
        -0.45,
        -0.405,
        -0.36,
        -0.3,
        -0.25,
        -0.2,
        -0.1,
        0.0,
        0.06,
        0.12,
        0.2,
        0.28,
        0.36,
        0.43,
        0.475,
        0.5,
    ]
)
_SQUARE: Final = 2.25
#: How far the surface looks up, by height.
_RISE: Final = (
    (-0.5, -0.47, -0.4, -0.3, 0.0, 0.25, 0.36, 0.43, 0.5),
    (-0.8, -0.45, -0.3, -0.2, 0.0, 0.2, 0.5, 0.75, 1.0),
)


def _table(heights: ArrayLike) -> tuple[Floats, Floats, Floats]:
    z = np.asarray(heights, dtype=np.float64)
    return (
        np.interp(z, _TABLE[:, 0], _TABLE[:, 1]),
        np.interp(z, _TABLE[:, 0], _TABLE[:, 2]),
        np.interp(z, _TABLE[:, 0], _TABLE[:, 3]),
    )


def on_skull(heights: ArrayLike, around: ArrayLike, lift: ArrayLike = 0.0) -> Space:
    """Points (…, 3) of the surface at heights and angles (radians, 0 in front, positive to the head's right).

    Args:
        lift: how far outside of it, in head heights.
    """
    z, theta = np.broadcast_arrays(np.asarray(heights, np.float64), np.asarray(around, np.float64))
    wide, front, back = _table(np.clip(z, -0.5, 0.5))
    out = np.asarray(lift, dtype=np.float64)
    half = (front - back) / 2 + out
    sin, cos = np.sin(theta), np.cos(theta)
    x = (wide + out) * np.sign(sin) * np.abs(sin) ** (2 / _SQUARE)
    y = (front + back) / 2 + half * np.sign(cos) * np.abs(cos) ** (2 / _SQUARE)
    # Above the crown a lifted surface is a dome.
    high = z + out * np.clip((z - 0.1) / 0.4, 0.0, 1.0)
    return np.stack([x, y, np.broadcast_to(high, x.shape)], axis=-1)


def on_face(points: ArrayLike, lift: float = 0.0) -> Space:
    """Points (x to the right, z up) of the face's front as points of the surface."""
    flat = np.atleast_2d(np.asarray(points, dtype=np.float64))
    wide, _front, _back = _table(np.clip(flat[:, 1], -0.5, 0.5))
    share = np.clip(np.abs(flat[:, 0]) / np.maximum(wide, 1e-3), 0.0, 1.0) ** (_SQUARE / 2)
    return on_skull(flat[:, 1], np.sign(flat[:, 0]) * np.arcsin(share), lift)


@dataclass(frozen=True, eq=False)
class Head:
    """A head before a camera; `size` in metres from chin to crown, `px` the same in pixels."""

    frame: Frame
    size: float
    sight: Sight
    px: float
    eye: Floats = field(init=False)

    def __post_init__(self) -> None:
        """`eye` is where the camera is, in head heights from the head's middle."""
        object.__setattr__(self, "eye", self.frame.into(self.sight.eye - self.frame.at) / self.size)

    def out(self, local: Space) -> Space:
        """Points of the world."""
        flat = local.reshape(-1, 3)
        return self.frame.out(flat * self.size).reshape(local.shape)

    def flat(self, local: Space) -> Points:
        """Points in pixels."""
        return self.sight.flat(self.out(local.reshape(-1, 3)))

    def facing(self, local: Space) -> Floats:
        """How far surface points look at the camera; the surface is taken as an ellipsoid's, which is
        steadier."""
        scale = np.array((0.34, 0.40, 0.50))
        middle = np.array((0.0, -0.04, 0.0))
        normal = (local - middle) / scale**2
        normal = normal / np.maximum(np.linalg.norm(normal, axis=-1, keepdims=True), 1e-9)
        towards = self.eye - local
        towards = towards / np.maximum(np.linalg.norm(towards, axis=-1, keepdims=True), 1e-9)
        return np.einsum("...i,...i->...", normal, towards)

    def _facing(self, local: Space, theta: Floats, heights: Floats) -> Floats:
        """The same for whole rings, whose jaw end is no ellipsoid."""
        wide, front, back = (one[:, None] for one in _table(np.clip(heights, -0.5, 0.5)))
        flat = np.stack([np.sin(theta) / wide, np.cos(theta) * 2 / (front - back)], axis=-1)
        flat /= np.maximum(np.linalg.norm(flat, axis=-1, keepdims=True), 1e-9)
        rise = np.interp(heights, _RISE[0], _RISE[1])[:, None]
        normal = np.concatenate(
            [flat * np.sqrt(1 - rise**2)[..., None], np.broadcast_to(rise, theta.shape)[..., None]], -1
        )
        return np.einsum("...i,...i->...", normal, self.eye - local)

    @property
    def turn(self) -> float:
        """Degrees from which the camera sees it: 0 from the front, positive from its right, ±180 from
        behind."""
        return float(np.degrees(np.arctan2(self.eye[0], self.eye[1])))

    @property
    def above(self) -> float:
        """Degrees that the camera is above it."""
        return float(np.degrees(np.arctan2(self.eye[2], np.hypot(self.eye[0], self.eye[1]))))

    def rings(
        self, heights: ArrayLike, lift: ArrayLike = 0.0, around: tuple[float, float] = (-np.pi, np.pi)
    ) -> list[Space]:
        """Rings of the surface in the world."""
        z = np.asarray(heights, dtype=np.float64)
        count = max(self.sight.fine, 12)
        theta = even(*around, count) if around[1] - around[0] < 6.28 else circle(count) - np.pi
        grid = on_skull(
            z[:, None], theta[None, :], np.broadcast_to(np.asarray(lift, np.float64), z.shape)[:, None]
        )
        return list(self.out(grid))

    def skull(self) -> list[Space]:
        """The rings of the bare head."""
        heights = _HEIGHTS if self.px > 60 else _HEIGHTS[[0, 2, 5, 7, 9, 12, 14, 15, 17]]
        return rows(self.rings(heights))

    def nose(self) -> Space:
        """The lump that breaks the profile."""
        local = np.array([
            (0.0, 0.330, 0.03), (0.0, 0.372, -0.06), (0.0, 0.425, -0.15), (0.0, 0.428, -0.165), (0.0, 0.405,
            -0.192),
            (0.0, 0.350, -0.205), (0.055, 0.36, -0.185), (-0.055, 0.36, -0.185), (0.03, 0.335, -0.05),
            (-0.03, 0.335, -0.05),
        ])  # fmt: skip
        return self.out(local)

    def part(
        self, heights: ArrayLike, limits: ArrayLike, lift: ArrayLike = 0.0, edge: float = 0.0
    ) -> BaseGeometry:
        """What is seen of the surface between the angles -limit and +limit at each height, in pixels.

        On each side of the face's middle the part of a ring that faces the camera is one stretch, so its
        ends make
        the outline; no mesh is needed.
        """
        z = np.asarray(heights, dtype=np.float64)
        limit = np.asarray(limits, dtype=np.float64)
        share = even(0.0, 1.0, 40)
        found: list[BaseGeometry] = []
        out = np.broadcast_to(np.asarray(lift, np.float64), z.shape)[:, None]
        for side in (1.0, -1.0):
            grid = on_skull(z[:, None], side * limit[:, None] * share[None, :], out)
            seen = self._facing(grid, side * limit[:, None] * share[None, :], z) > edge
            some = seen.any(axis=1) & (limit > 1e-6)
            if some.sum() < 2:
                continue
            first = np.argmax(seen, axis=1)
            last = seen.shape[1] - 1 - np.argmax(seen[:, ::-1], axis=1)
            flat = self.flat(grid).reshape(*seen.shape, 2)
            index = np.arange(len(z))
            chain = np.concatenate([flat[index, first][some], flat[index, last][some][::-1]])
            found.append(area(chain))
        # The two halves meet in the face's middle: a hair's breadth closes the gap.
        return joined([shapely.buffer(one, 0.3, quad_segs=1) for one in found])

    def stroke(self, local: Space, least: float = 0.06) -> list[Points]:
        """The seen stretches of a line on the surface, in pixels."""
        seen = self.facing(local) > least
        flat = self.flat(local)
        found: list[Points] = []
        start = -1
        for index in range(len(seen) + 1):
            inside = index < len(seen) and bool(seen[index])
            if inside and start < 0:
                start = index
            elif not inside and start >= 0:
                if index - start > 1:
                    found.append(flat[start:index])
                start = -1
        return found

    def patch(self, local: Space, least: float = 0.08) -> Points | None:
        """A small closed outline on the face in pixels, or None where it is turned away."""
        if float(np.mean(self.facing(local) > least)) < 0.55:
            return None
        return self.flat(local)

"""A camera in front of the set: metres in, pixels out."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from studio_assist.blockout.drawing import Points
from studio_assist.domain.staging import Camera

#: Width of the camera's gate in millimetres (full frame, 3:2 stills and large-format cinema).
GATE_MM: Final = 36.0
#: What is nearer than this, in metres, is cut off.
NEAR_M: Final = 0.05

#: (n, 3) metres.
Space = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class View:
    """A camera and the frame that it fills, `width` × `height` pixels."""

    camera: Camera
    width: int
    height: int
    _axes: NDArray[np.float64] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        at, aim = np.asarray(self.camera.at, float), np.asarray(self.camera.aim, float)
        ahead = aim - at
        length = float(np.linalg.norm(ahead))
        ahead = ahead / length if length > 1e-9 else np.array([0.0, 1.0, 0.0])
        side = np.cross(ahead, (0.0, 0.0, 1.0))
        if float(np.linalg.norm(side)) < 1e-6:
            # Straight up or down: the frame's upper edge points away from the usual camera.
            side = np.array([1.0, 0.0, 0.0])
        side /= np.linalg.norm(side)
        up = np.cross(side, ahead)
        turn = np.radians(self.camera.roll)
        right = side * np.cos(turn) + up * np.sin(turn)
        above = up * np.cos(turn) - side * np.sin(turn)
        object.__setattr__(self, "_axes", np.stack([right, above, ahead]))

    @property
    def focal_px(self) -> float:
        """The focal length in pixels of this frame."""
        return self.camera.lens_mm / GATE_MM * self.width

    @property
    def unit(self) -> float:
        """Pixels of this frame that one pixel of a frame 1280 wide is."""
        return self.width / 1280.0

    @property
    def ahead(self) -> NDArray[np.float64]:
        """Where the camera looks, a unit vector in the world."""
        return self._axes[2]

    def to_camera(self, points: ArrayLike) -> Space:
        """(n, 3) metres in the world as (right, up, ahead) of the camera."""
        return (np.atleast_2d(np.asarray(points, float)) - np.asarray(self.camera.at)) @ self._axes.T

    def project(self, points: ArrayLike) -> tuple[Points, NDArray[np.float64]]:
        """(n, 3) metres as pixels, and metres ahead of the camera; for what is behind it use `polygon`."""
        seen = self.to_camera(points)
        ahead = np.maximum(seen[:, 2], NEAR_M)
        scale = self.focal_px / ahead
        xy = np.stack([self.width / 2 + seen[:, 0] * scale, self.height / 2 - seen[:, 1] * scale], axis=1)
        return xy, seen[:, 2]

    def polygon(self, points: ArrayLike, *, closed: bool = True) -> Points | None:
        """A flat outline, or an open line, in pixels, cut where it comes too near; None: nothing is left."""
        found = self.outline(points, closed=closed)
        return None if found is None else found[0]

    def outline(self, points: ArrayLike, *, closed: bool = True) -> tuple[Points, NDArray[np.float64]] | None:
        """The same, and metres ahead of the camera at each point of what is left."""
        cut = _before(self.to_camera(points), closed)
        if len(cut) < (3 if closed else 2):
            return None
        scale = self.focal_px / cut[:, 2]
        flat = np.stack([self.width / 2 + cut[:, 0] * scale, self.height / 2 - cut[:, 1] * scale], axis=1)
        return flat, cut[:, 2]

    def nearness(self, level: float = 0.0) -> tuple[float, float, float] | None:
        """(a, b, c) so that a pixel of the plane z = `level` is 1 / (a x + b y + c) metres ahead.

        That is negative above the horizon. None where the camera is in the plane and sees its edge only.
        """
        height = self.camera.at[2] - level
        if abs(height) < 1e-6:
            return None
        # A ray (right, above, 1) meets the plane where height + ahead * (ray · z) = 0.
        right, above, ahead = (float(axis[2]) for axis in self._axes)
        a, b = -right / height / self.focal_px, above / height / self.focal_px
        return a, b, -ahead / height - a * self.width / 2 - b * self.height / 2

    def depth(self, point: ArrayLike) -> float:
        """Metres ahead of the camera; negative behind it."""
        return float(self.to_camera(point)[0, 2])

    def scale_at(self, point: ArrayLike) -> float:
        """Pixels that a metre is there, across the view; 0 behind the camera."""
        ahead = self.depth(point)
        return self.focal_px / ahead if ahead > NEAR_M else 0.0

    def horizon(self) -> tuple[Points, Points] | None:
        """Two far points of the horizon in pixels, left and right, or None where it is out of reach."""
        at = np.asarray(self.camera.at)
        ahead = self._axes[2] * (1.0, 1.0, 0.0)
        length = float(np.linalg.norm(ahead))
        if length < 1e-3:
            return None
        flat, side = ahead / length, np.cross(ahead / length, (0.0, 0.0, 1.0))
        far = 1e5
        ends = [at + (flat + side * where) * far * (1, 1, 0) for where in (-3.0, 3.0)]
        xy, _ahead = self.project([(end[0], end[1], at[2]) for end in ends])
        return xy[0], xy[1]


def _before(points: Space, closed: bool) -> Space:
    """The part of a line or outline that is at least `NEAR_M` ahead, in camera coordinates."""
    if bool(np.all(points[:, 2] >= NEAR_M)):
        return points
    kept: list[NDArray[np.float64]] = []
    count = len(points)
    for index in range(count if closed else count - 1):
        one, other = points[index], points[(index + 1) % count]
        if one[2] >= NEAR_M:
            kept.append(one)
        if (one[2] >= NEAR_M) != (other[2] >= NEAR_M):
            share = (NEAR_M - one[2]) / (other[2] - one[2])
            kept.append(one + (other - one) * share)
    if not closed and points[-1, 2] >= NEAR_M:
        kept.append(points[-1])
    return np.array(kept) if kept else np.empty((0, 3))

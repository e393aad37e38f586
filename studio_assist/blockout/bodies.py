"""Trunk, limbs and clothes as lumps in space."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from studio_assist.blockout.drawing import Points
from studio_assist.blockout.forms import Sight, Vec, circle, cross, even, rows, unit
from studio_assist.blockout.skeleton import Limb, Skeleton
from studio_assist.blockout.view import Space
from studio_assist.domain.staging import Clothes

Floats = NDArray[np.float64]

#: Where the chest begins on the trunk's scale, which goes from the crotch (-0.05) over the hip joints (0) to
#: the neck.
SHOULDERS: Final = 0.285
NECK: Final = 0.325

# height, half width, half depth, ahead
_TRUNK: Final = np.array([
    (-0.052, 0.050, 0.046, 0.000),
    (-0.030, 0.086, 0.068, -0.010),
    (0.000, 0.094, 0.073, -0.013),
    (0.040, 0.090, 0.066, -0.008),
    (0.100, 0.077, 0.055, 0.000),
    (0.150, 0.083, 0.062, 0.004),
    (0.200, 0.093, 0.069, 0.008),
    (0.240, 0.100, 0.068, 0.006),
    (0.268, 0.106, 0.060, 0.000),
    (0.286, 0.102, 0.053, -0.004),
    (0.302, 0.078, 0.047, -0.008),
    (0.316, 0.056, 0.043, -0.008),
    (0.330, 0.040, 0.038, -0.003),
])  # fmt: skip


@dataclass(frozen=True, slots=True)
class Garment:
    """How clothes sit: more cloth at the trunk and limbs (shares of height), a hem, and a skirt down to a
    share of the legs."""

    trunk: float
    sleeve: float
    hem: float
    waist: float = 1.0
    skirt: float = 0.0
    flare: float = 0.0
    bare: bool = False


GARMENTS: Final[dict[Clothes, Garment]] = {
    "shirt": Garment(0.003, 0.002, -0.02),
    "jacket": Garment(0.008, 0.006, -0.05, 1.06),
    "coat": Garment(0.011, 0.009, -0.05, 1.08, skirt=0.92, flare=0.034),
    "dress": Garment(0.0, 0.002, -0.05, 0.9, skirt=1.2, flare=0.05, bare=True),
    "uniform": Garment(0.006, 0.005, -0.04, 0.98),
    "sweater": Garment(0.009, 0.008, -0.012, 1.08),
}


@dataclass(frozen=True, eq=False)
class Trunk:
    """The trunk as a surface: height on the trunk's scale, and an angle (0 in front, positive to the
    right)."""

    heights: Floats
    #: Per height: middle, right, front (metres and directions), half width, half depth, how far the front is
    #: lower.
    rings: Floats

    def _mixed(self, heights: Floats) -> Floats:
        where = np.interp(heights, self.heights, np.arange(len(self.heights)))
        low = np.minimum(where.astype(int), len(self.heights) - 2)
        share = (where - low)[..., None]
        return self.rings[low] * (1 - share) + self.rings[low + 1] * share

    def at(self, heights: ArrayLike, around: ArrayLike, lift: float = 0.0) -> Space:
        """Points on it; `lift` metres outside."""
        h, theta = np.broadcast_arrays(np.asarray(heights, np.float64), np.asarray(around, np.float64))
        return self._points(self._mixed(h), theta, lift)

    def _points(self, ring: Floats, theta: Floats, lift: float) -> Space:
        sin, cos = np.sin(theta)[..., None], np.cos(theta)[..., None]
        wide, deep = ring[..., 9:10] + lift, ring[..., 10:11] + lift
        droop = ring[..., 11:14] * np.where(cos > 0, cos, 0.45 * cos)
        return ring[..., 0:3] + ring[..., 3:6] * (sin * wide) + ring[..., 6:9] * (cos * deep) - droop

    def seen(self, heights: ArrayLike, around: ArrayLike, sight: Sight) -> Floats:
        """How far these points face the camera."""
        h, theta = np.broadcast_arrays(np.asarray(heights, np.float64), np.asarray(around, np.float64))
        ring = self._mixed(h)
        normal = ring[..., 3:6] * (np.sin(theta)[..., None] / ring[..., 9:10])
        normal = normal + ring[..., 6:9] * (np.cos(theta)[..., None] / ring[..., 10:11])
        normal /= np.maximum(np.linalg.norm(normal, axis=-1, keepdims=True), 1e-9)
        return sight.faces(self._points(ring, theta, 0.0), normal)

    def stroke(
        self, heights: ArrayLike, around: ArrayLike, sight: Sight, lift: float = 0.004
    ) -> list[Points]:
        """The seen stretches of a line on the trunk, in pixels."""
        seen = self.seen(heights, around, sight) > 0.05
        flat = sight.flat(self.at(heights, around, lift))
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

    def patch(
        self, heights: ArrayLike, around: ArrayLike, sight: Sight, lift: float = 0.004
    ) -> Points | None:
        """An outline on the trunk in pixels, or None where it is turned away."""
        if float(np.mean(self.seen(heights, around, sight) > 0.0)) < 0.6:
            return None
        return sight.flat(self.at(heights, around, lift))

    def lumps(self, fine: int, low: float, high: float = NECK + 0.01) -> list[Space]:
        """Rings between two heights."""
        inner = self.heights[(self.heights > low + 1e-6) & (self.heights < high)]
        angle = circle(max(fine, 12))
        levels = np.array([low, *inner, min(high, float(self.heights[-1]))])
        return rows(list(self.at(levels[:, None], angle[None, :])))


def trunk(bones: Skeleton, clothes: Clothes) -> Trunk:
    """The dressed trunk of a skeleton."""
    tall, wear = bones.height, GARMENTS[clothes]
    share = np.clip((_TRUNK[:, 0] - 0.04) / 0.19, 0.0, 1.0)
    share = (share * share * (3 - 2 * share))[:, None]
    low = bones.pelvis.at + bones.pelvis.up * (_TRUNK[:, :1] * tall)
    high = bones.chest.at + bones.chest.up * ((_TRUNK[:, :1] - SHOULDERS) * tall)
    rights = bones.pelvis.right * (1 - share) + bones.chest.right * share
    fronts = bones.pelvis.front * (1 - share) + bones.chest.front * share
    middles = low * (1 - share) + high * share + fronts * (_TRUNK[:, 3:4] * tall)
    middle = np.exp(-(((_TRUNK[:, 0] - 0.11) / 0.07) ** 2))
    cloth = wear.trunk * np.interp(_TRUNK[:, 0], (-0.05, 0.0, 0.27, 0.33), (1.0, 1.0, 0.9, 0.3))
    stout = 1.0 + (bones.build - 1.0) * np.interp(_TRUNK[:, 0], (0.0, 0.1, 0.3), (0.85, 1.35, 0.6))
    wide = (_TRUNK[:, 1] * (1 + (wear.waist - 1) * middle) * stout + cloth) * tall
    # A collar lies lower in front than behind.
    droop = np.interp(_TRUNK[:, 0], (0.25, 0.33), (0.0, 0.026))[:, None] * bones.chest.up * tall
    deep = (_TRUNK[:, 2] * (1 + (wear.waist - 1) * middle) * stout + cloth) * tall
    return Trunk(
        _TRUNK[:, 0], np.concatenate([middles, rights, fronts, wide[:, None], deep[:, None], droop], axis=1)
    )


def _between(one: Vec, other: Vec, share: float) -> Vec:
    return one + (other - one) * share


def upper_arm(limb: Limb, bones: Skeleton, clothes: Clothes, sight: Sight) -> list[Space]:
    """Shoulder to elbow."""
    size = bones.height * (0.55 + 0.45 * bones.build)
    more = GARMENTS[clothes].sleeve * bones.height
    a, b = limb.root, limb.joint
    return sight.chain([
        (a, 0.030 * size + more * 0.5), (_between(a, b, 0.35), 0.031 * size + more), (b,
        0.0262 * size + more),
    ])  # fmt: skip


def forearm(limb: Limb, bones: Skeleton, clothes: Clothes, sight: Sight) -> list[Space]:
    """Elbow to wrist, or to the cuff."""
    size = bones.height * (0.55 + 0.45 * bones.build)
    bare = GARMENTS[clothes].bare
    more = 0.0 if bare else GARMENTS[clothes].sleeve * bones.height
    a, b = limb.joint, limb.end
    calf, end = _between(a, b, 0.25), _between(a, b, 0.97)
    wide = (0.0172 if bare else 0.0205) * size + more
    upper = sight.chain([(a, 0.0262 * size + more), (calf, 0.0268 * size + more)])
    return [*upper, np.concatenate([sight.ball(calf, 0.0268 * size + more), _hem(end, b - a, wide, sight)])]


def _hem(at: Vec, along: Vec, radius: float, sight: Sight) -> Space:
    """The open end of a sleeve or a trouser leg."""
    way = unit(along)
    side = unit(cross(way, sight.ahead), sight.right)
    angle = circle(max(sight.fine, 12))[:, None]
    return at + (np.cos(angle) * side + np.sin(angle) * cross(side, way)) * radius


def thigh(limb: Limb, bones: Skeleton, sight: Sight, more: float) -> list[Space]:
    """Hip to knee."""
    size = bones.height * (0.55 + 0.45 * bones.build)
    a, b = limb.root, limb.joint
    return sight.chain([
        (a, 0.051 * size + more), (_between(a, b, 0.4), 0.0465 * size + more), (b, 0.0345 * size + more),
    ])  # fmt: skip


def shin(limb: Limb, bones: Skeleton, sight: Sight, more: float, bare: bool) -> list[Space]:
    """Knee to ankle, or to the hem of the trousers."""
    size = bones.height * (0.55 + 0.45 * bones.build)
    a, b = limb.joint, limb.end
    back = cross(unit(b - a), limb.frame.right)
    calf = _between(a, b, 0.3) + unit(back) * (0.006 * size) * (
        1 if float(back @ limb.frame.front) < 0 else -1
    )
    ends = (0.0215, 0.0345) if bare else (0.0295, 0.0335)
    upper = sight.chain([(a, 0.0345 * size + more), (calf, ends[1] * size + more)])
    hem = _hem(_between(a, b, 0.98 if bare else 1.0), b - a, ends[0] * size + more, sight)
    return [*upper, np.concatenate([sight.ball(calf, ends[1] * size + more), hem])]


def shoe(limb: Limb, bones: Skeleton) -> list[Space]:
    """Heel, ball and toe, flat below."""
    tall = bones.height
    frame = limb.frame
    angle = circle(12)
    cos, sin = np.cos(angle), np.sin(angle)

    def ring(ahead: float, long: float, wide: float, high: float) -> Space:
        return frame.out(
            np.stack([sin * wide * tall, (ahead + cos * long) * tall, np.full(12, high * tall)], axis=1)
        )

    heel = np.concatenate(
        [ring(-0.008, 0.03, 0.022, -0.044), ring(-0.008, 0.03, 0.024, -0.03), ring(0.0, 0.026, 0.023, 0.012)]
    )
    vamp = np.concatenate([
        ring(0.004, 0.024, 0.023, 0.004), ring(0.068, 0.03, 0.027, -0.022), ring(-0.004, 0.024, 0.022,
        -0.044), ring(0.068, 0.034, 0.028, -0.044),
    ])  # fmt: skip
    toe = np.concatenate(
        [
            ring(0.064, 0.032, 0.028, -0.044),
            ring(0.064, 0.03, 0.027, -0.022),
            ring(0.09, 0.028, 0.023, -0.043),
            ring(0.086, 0.022, 0.02, -0.028),
        ]
    )
    return [heel, vamp, toe]


def skirt(bones: Skeleton, body: Trunk, clothes: Clothes, sight: Sight) -> list[Space]:
    """Cloth around both thighs, which so follows every pose."""
    wear = GARMENTS[clothes]
    if wear.skirt <= 0.0:
        return []
    size = bones.height
    rings: list[Space] = []
    for share in even(0.0, 1.0, 6):
        down = share * wear.skirt
        points: list[Space] = []
        for leg in bones.legs:
            spot = _between(leg.root, leg.joint, min(down, 1.0))
            if down > 1.0:
                spot = _between(leg.joint, leg.end, (down - 1.0))
            along = unit(leg.joint - leg.root)
            hang = 0.25 + 0.75 * max(float(-along[2]), 0.0)
            radius = 0.052 * (0.55 + 0.45 * bones.build) + wear.trunk + wear.flare * share * hang
            level = circle(max(sight.fine, 12))
            side = unit(cross(along, bones.pelvis.front), bones.pelvis.right)
            ahead = cross(side, along)
            points.append(
                spot + (np.cos(level)[:, None] * side + np.sin(level)[:, None] * ahead) * (radius * size)
            )
        rings.append(np.concatenate(points))
    angle = circle(16)
    rings[0] = np.concatenate([rings[0], body.at(np.full(16, 0.03), angle)])
    return rows(rings)

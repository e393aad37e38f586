"""The people of a staging as shapes: bones, then parts in pixels, then paint from far to near."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np

from studio_assist.blockout import bodies, hands
from studio_assist.blockout.assembly import Assembly, tints
from studio_assist.blockout.drawing import Group, Shape
from studio_assist.blockout.forms import Sight
from studio_assist.blockout.skeleton import Skeleton, skeleton
from studio_assist.blockout.view import View
from studio_assist.domain.staging import Figure, Light, Point, Pose, Staging

#: Smaller figures, in pixels, are a tick; still smaller ones nothing.
_TICK_PX: Final = 3.0
_NEAR_M: Final = 0.12


@dataclass(frozen=True, slots=True)
class _Told:
    """All that a figure's drawing depends on."""

    one: Figure
    staging: Staging
    width: int
    height: int
    light: Light


def figure(one: Figure, staging: Staging, view: View, light: Light) -> tuple[Group, ...]:
    """A figure in pixels: nothing behind the camera, a tick when tiny, else itself and what it holds.

    Whoever stays as they are is not drawn again while others are moved about.
    """
    others = tuple(other for other in staging.figures if other.name == one.gaze)
    near = one.pose is Pose.RIDE or any(one.gaze in (piece.name, piece.kind) for piece in staging.pieces)
    told = {"figures": others, "pieces": staging.pieces if near else (), "arrows": (), "caption": ""}
    return _drawn(_Told(one, staging.model_copy(update=told), view.width, view.height, light))


def forget() -> None:
    """Draw everybody anew next time: for measurements."""
    _drawn.cache_clear()


@lru_cache(maxsize=48)
def _drawn(told: _Told) -> tuple[Group, ...]:
    one, staging, light = told.one, told.staging, told.light
    view = View(staging.camera, told.width, told.height)
    bones = skeleton(one, staging)
    middle = bones.pelvis.at * 0.4 + bones.chest.at * 0.6
    depth = view.depth(middle)
    head_depth = view.depth(bones.head.at)
    if max(depth, head_depth) < _NEAR_M:
        return ()
    scale = view.focal_px / max(depth, 0.3)
    if scale * bones.height < _TICK_PX:
        return _tick(one, bones, view, depth)
    if _outside(bones, view):
        return ()
    px = scale * bones.height
    fine = 8 if px < 260 else 11 if px < 450 else 16 if px < 900 else 22
    sight = Sight(view, fine)
    tint = tints(one, staging)
    figured = Assembly(one, staging, bones, sight, scale, tint)
    shapes = figured.shapes(light)
    if not shapes:
        return ()
    groups = [Group("figure", max(depth, 0.05), tuple(shapes), one.name)]
    return (*groups, *figured.held(max(depth, 0.05)))


def eye_height(one: Figure) -> float:
    """Metres from the floor (z = 0) to the eyes, in the figure's pose."""
    return float(skeleton(one).eyes[2])


def hand(one: Figure) -> Point:
    """Where a thing lies in the right hand."""
    bones = skeleton(one)
    at = hands.grip_point(bones.arms[0], bones.height)
    return (float(at[0]), float(at[1]), float(at[2]))


def bounds(one: Figure) -> tuple[float, float, float]:
    """Lowest and highest point over z = 0 in metres, and how far the body reaches from its spot on the
    floor."""
    bones = skeleton(one)
    tall = bones.height
    head = bones.head
    crown = head.out((0.0, 0.0, 0.5 * bones.head_m))[0]
    back = head.out((0.0, -0.45 * bones.head_m, 0.1 * bones.head_m))[0]
    points = [(crown, 0.0), (back, 0.0)]
    for limb in (*bones.arms, *bones.legs):
        points += [(limb.root, 0.05 * tall), (limb.joint, 0.035 * tall)]
    points += [(limb.end + limb.frame.front * (0.1 * tall), 0.01) for limb in bones.arms]
    for leg in bones.legs:
        points += [(lump, 0.0) for lump in np.concatenate(bodies.shoe(leg, bones))]
    at = np.array([point for point, _radius in points])
    size = np.array([radius for _point, radius in points])
    far = np.hypot(at[:, 0] - one.at[0], at[:, 1] - one.at[1]) + size
    return float(np.min(at[:, 2] - size)), float(np.max(at[:, 2] + size)), float(np.max(far))


def _outside(bones: Skeleton, view: View) -> bool:
    """Whether the whole body is far outside the frame."""
    at = np.array(
        [bones.pelvis.at, bones.chest.at, bones.head.at, *(limb.end for limb in (*bones.arms, *bones.legs))]
    )
    seen = view.to_camera(at)
    if bool(np.any(seen[:, 2] < _NEAR_M)):
        return False
    xy = seen[:, :2] * (view.focal_px / seen[:, 2:])
    more = 0.35 * view.focal_px / float(np.min(seen[:, 2]))
    wide, high = view.width / 2 + more, view.height / 2 + more
    return bool(
        np.all(xy[:, 0] > wide)
        or np.all(xy[:, 0] < -wide)
        or np.all(xy[:, 1] > high)
        or np.all(xy[:, 1] < -high)
    )


def _tick(one: Figure, bones: Skeleton, view: View, depth: float) -> tuple[Group, ...]:
    ends = view.polygon([bones.head.at, (bones.legs[0].end + bones.legs[1].end) / 2], closed=False)
    if ends is None:
        return ()
    return (Group("figure", depth, (Shape(ends, closed=False, ink=1.2, rough=0.0),), one.name),)

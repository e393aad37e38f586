"""The drawer: a staging in, a drawing out. The same staging and seed give the same drawing, byte for byte."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np

from studio_assist.blockout import figures, sets
from studio_assist.blockout.arrows import arrows, speed_lines
from studio_assist.blockout.catalogue import sort_of
from studio_assist.blockout.drawing import Drawing, Group, Shape, composed
from studio_assist.blockout.order import turning
from studio_assist.blockout.raster import coloured, encoded, rasterised
from studio_assist.blockout.sets import box_of
from studio_assist.blockout.shading import Tones, beam, ground_shadow, oval, snapped
from studio_assist.blockout.view import View
from studio_assist.domain.staging import PREVIS_NAME, Figure, Piece, Pose, Staging

#: What people read beside its pictures, and the version that drew them: a change of look is a new version.
NAME: Final = PREVIS_NAME
VERSION: Final = "1"

#: What is part of a wall stands on the floor without a shadow of its own.
_OF_WALLS: Final = frozenset({"wall", "door", "window", "curtain", "mirror", "painting"})
#: How far the beam of a torch is drawn.
_TORCH_M: Final = 5.0
#: What has no edges on the floor.
_ROUND: Final = frozenset(
    {"tree", "bush", "rock", "statue", "well", "fire", "barrel", "streetlamp", "column", "tent", "dog", "cat"}
)


def draw(staging: Staging, width: int = 1280, height: int = 720, seed: int = 0) -> Drawing:
    """A staging as a drawing of `width` × `height` pixels."""
    view = View(staging.camera, width, height)
    groups: list[Group] = [*sets.surroundings(staging, view, seed)]
    standing: list[Group] = []
    for piece in staging.pieces:
        standing += sets.piece(piece, staging, view, seed)
    halo = _halo(staging)
    for one in staging.figures:
        shown = figures.figure(one, staging, view, staging.light)
        shown = (*shown, *_torch(one, staging, view))
        standing += [replace(group, halo=halo) if group.layer == "figure" else group for group in shown]
    standing += speed_lines(staging, view)
    groups += _shadows(staging, view, standing)
    groups += standing
    groups += arrows(staging, view)
    return replace(composed(width, height, groups, seed), floor=view.nearness())


def png(drawing: Drawing) -> bytes:
    """A drawing as a PNG picture in the board's greys."""
    return encoded(coloured(rasterised(drawing)))


def picture(staging: Staging, width: int = 1280, height: int = 720, seed: int = 0) -> bytes:
    """A staging as a PNG picture."""
    return png(draw(staging, width, height, seed))


def _torch(one: Figure, staging: Staging, view: View) -> tuple[Group, ...]:
    """The beam of a torch in somebody's hand, where it is dark."""
    if one.holds != "torch" or not Tones.of(staging).dark:
        return ()
    at = np.asarray(figures.hand(one))
    angle = np.radians(one.facing + one.head_turn)
    way = np.array((np.sin(angle), np.cos(angle), -0.08))
    shapes = beam(view, at + way * 0.12, at + way * _TORCH_M, 0.03, 0.9, 0.4)
    return (Group("effect", max(view.depth(at + way), 0.1), shapes, "torch"),) if shapes else ()


def _halo(staging: Staging) -> float | None:
    """The tone that sets people off from a dark ground, or None where the ground is light enough."""
    ground = Tones.of(staging).ground
    return snapped(ground + 0.24) if ground < 0.5 else None


def _shadows(staging: Staging, view: View, standing: list[Group]) -> list[Group]:
    """What lies under figures and pieces: painted after the floor and before everything that stands on it."""
    tones = Tones.of(staging)
    if staging.place in ("sky", "sea"):
        return []
    shapes: list[Shape] = []
    for piece in staging.pieces:
        shapes += _shadow_below(piece, staging, view, tones)
    for one in staging.figures:
        shapes += _shadow_of(one, view, tones)
    if not shapes:
        return []
    reach = [group.depth for group in standing if np.isfinite(group.depth)]
    return [Group("ground", -max(reach, default=0.0), tuple(shapes), "shadows")]


def _shadow_below(piece: Piece, staging: Staging, view: View, tones: Tones) -> tuple[Shape, ...]:
    """Of a piece that stands on the floor: what hangs, lies flat, is far off or small casts none."""
    sort = sort_of(piece.kind)
    box = box_of(piece, staging, view)
    height = box.top - box.bottom
    if sort.flat or sort.far or sort.slope or sort.small or sort.hangs > 0.0 or piece.kind in _OF_WALLS:
        return ()
    if box.bottom > piece.z + 0.05 or min(box.half_width, box.half_depth) <= 0.0 or height <= 0.0:
        return ()
    if piece.kind in _ROUND:
        # A crown is wider than its shadow looks at noon.
        outline = oval((box.x, box.y), 0.8 * box.half_width, 0.8 * box.half_depth, box.turn)
    else:
        corners = np.array([(-1.0, -1.0), (1.0, -1.0), (1.0, 1.0), (-1.0, 1.0)])
        corners = corners * (box.half_width, box.half_depth)
        outline = np.add(corners @ turning(box.turn)[:2, :2].T, (box.x, box.y))
    return ground_shadow(view, tones, outline, min(height, 2.4), piece.z)


def _shadow_of(one: Figure, view: View, tones: Tones) -> tuple[Shape, ...]:
    tall = one.look.height_m
    across, along, height = 0.26, 0.22, tall
    match one.pose:
        case Pose.LIE | Pose.CRAWL:
            across, along, height = 0.34, 0.52 * tall, 0.35
        case Pose.RUN | Pose.WALK:
            along = 0.4
        case Pose.SIT | Pose.KNEEL | Pose.CROUCH:
            across, along, height = 0.3, 0.36, 0.6 * tall
        case Pose.JUMP | Pose.FALL:
            height = 0.4
        case Pose.DRIVE | Pose.RIDE | Pose.SWIM:
            return ()
        case _:
            pass
    return ground_shadow(view, tones, oval(one.at, across, along, one.facing), height, one.z)

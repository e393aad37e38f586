"""A head in the frame: hair, skin, features and hat put together as parts of a figure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from studio_assist.blockout import faces, hair, headgear
from studio_assist.blockout.drawing import Hatch, Points, Shape
from studio_assist.blockout.forms import (
    NOTHING,
    Frame,
    Vec,
    area,
    circle,
    joined,
    moved,
    outlines,
    polygons,
    rows,
    smoothed,
)
from studio_assist.blockout.heads import Head
from studio_assist.blockout.parts import Part, clipped, outline, shadow
from studio_assist.blockout.view import Space
from studio_assist.domain.staging import Look, Mood

#: What hoods and helmets leave of the face: heights, and the angle of skin at each.
_WINDOWS: Final = {
    "hood": (np.array((-0.5, -0.4, -0.25, 0.0, 0.15, 0.24, 0.29)), np.radians((40.0, 50.0, 56.0, 57.0, 50.0,
    32.0, 0.0))),
    "helmet": (
        np.array((-0.5, -0.4, -0.3, -0.2, -0.16, -0.14, 0.0, 0.15, 0.16)),
        np.radians((180.0, 180.0, 175.0, 150.0, 110.0, 72.0, 68.0, 68.0, 0.0)),
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Tones:
    """Greys of one figure under one light: (lit, shade) pairs."""

    skin: tuple[float, float]
    hair: tuple[float, float]
    hat: tuple[float, float]
    white: float = 0.99


def portrait(
    head: Head, chest: Frame, look: Look, mood: Mood, gaze: Vec | None, tones: Tones, away: Points, ink: float
) -> list[Part]:
    """The head as parts: the hair that hangs behind it, and itself."""
    sight, hood = head.sight, look.hat == "hood"
    style = "short" if hood else look.hair
    curls = style == "curly"
    lumps = hair.curls(head) if curls and look.hat not in headgear.CROWNS else []
    crown = headgear.crown(head, look.hat)
    skull, cap, back, top, nose = outlines(
        sight,
        [
            head.skull(),
            hair.cap(head, style, headgear.CROWNS.get(look.hat, 0.5) + 0.05) + lumps,
            hair.behind(head, chest, style, look.hat in headgear.CROWNS) if not hood else [],
            crown,
            [head.nose()],
        ],
    )
    step = max(head.px * 0.028, 0.9)
    ears = [] if hood or not hair.CUTS[style].ear or look.hat in ("headphones", "helmet") else _ears(head)
    skin = NOTHING
    seen_nose = nose if abs(head.turn) < 125 else NOTHING
    bone = smoothed(joined([skull, seen_nose]), step * 0.75, 1)
    heights, limits = _WINDOWS.get(look.hat) or hair.hairline(style)
    if style == "bald" and look.hat not in _WINDOWS:
        skin = bone
    else:
        skin = head.part(heights, limits, edge=0.0)
        if not seen_nose.is_empty and not skin.is_empty:
            skin = joined([skin, shapely.intersection(seen_nose, bone)])
        skin = shapely.intersection(smoothed(skin, step, 1), bone)
    covered = smoothed(joined([cap, top]), step if not curls else step * 0.6, 1)
    mass = joined([bone, covered, *ears])
    over = _painted(
        head, look, mood, gaze, tones, away, ink, bone, skin, covered if style != "bald" else top, top, ears
    )
    near = head.sight.depth(head.frame.at)
    fill = tones.hat if look.hat in ("hood", "helmet") else tones.hair
    if style == "bald" and not crown:
        fill = tones.skin
    parts = [Part("head", mass, near, fill[0], fill[1], over=over, ink=ink)]
    if not back.is_empty:
        soft = smoothed(back, step, 2)
        front = (
            float(head.frame.front @ (sight.eye - head.frame.at)) > 0
            if style != "bun"
            else head.eye[1] > -0.56
        )
        # A braid lies on the shoulder: it is in front of the body, whatever the head does.
        hang = Part("tail", soft, near + (0.5 if front else -0.06), tones.hair[0], tones.hair[1], ink=ink)
        hang.over = _tail(head, soft, style, ink)
        hang.turned = head.px * 0.09
        if style == "long":
            hang.joints = (("head", mass),)
        parts.append(hang)
    facing = float(head.frame.front @ (sight.eye - head.frame.at)) > 0
    if facing and not hood and style == "long":
        for shape in outlines(sight, hair.locks(head, chest, style)):
            soft = smoothed(shape, step, 2)
            lock = Part("lock", soft, near - 0.06, tones.hair[0], tones.hair[1], ink=ink)
            lock.over = _tail(head, soft, style, ink)
            lock.joints = (("head", mass),)
            # The face lies before the hair beside it.
            lock.shape = shapely.difference(soft, skin)
            parts.append(lock)
    return parts


def _ears(head: Head) -> list[BaseGeometry]:
    found: list[BaseGeometry] = []
    for side in (1, -1):
        rim = faces.ear(head, side)
        if rim is not None:
            shape = area(head.sight.flat(rim[0]))
            if shape.area > 1.0:
                found.append(shape)
    return found


def _painted(
    head: Head, look: Look, mood: Mood, gaze: Vec | None, tones: Tones, away: Points, ink: float,
    bone: BaseGeometry, skin: BaseGeometry, covered: BaseGeometry, top: BaseGeometry, ears:
    list[BaseGeometry],
) -> list[Shape]:  # fmt: skip
    """What is painted on the head's mass, from the back to the front."""
    found: list[Shape] = []
    tints = faces.Tints(tones.skin[0], tones.skin[1], tones.hair[0], tones.white, 0.5)
    fine = faces.weight(head, 0.0095, 0.9, 3.5)
    hatched = (
        Hatch(52.0, max(5.0, head.px * 0.02), faces.weight(head, 0.0045, 0.8, 1.8), 0.62)
        if head.px > 130
        else None
    )
    found += outline(skin, tones.skin[0], ink * 0.9)
    dark = shadow(skin, away, head.px * 0.075)
    cast = shapely.intersection(skin, moved(shapely.difference(covered, skin), away * head.px * 0.035))
    found += outline(dark, tones.skin[1], 0.0, silent=True)
    if head.px > 44:
        found += outline(shapely.difference(cast, dark), tones.skin[1], 0.0, silent=True)
    if hatched is not None:
        found += [
            Shape(shapely.get_coordinates(part.exterior)[:-1], ink=0.0, hatch=hatched, silent=True)
            for part in polygons(dark, head.px)
        ]
    turned = gaze_turn(head, gaze)
    found += clipped(faces.face(head, mood, turned, tints), skin) if not skin.is_empty else []
    for side in (1, -1):
        rim = faces.ear(head, side) if ears else None
        if rim is None:
            continue
        near = 14.0 < head.turn * side < 166.0
        shape = area(head.sight.flat(rim[0]))
        # The head hides the root of an ear that is not on the camera's side.
        found += outline(shape if near else shapely.difference(shape, bone), tones.skin[0], ink * 0.8)
        if head.px > 60 and near:
            found.append(
                Shape(head.sight.flat(rim[1]), closed=False, ink=fine, line=0.25, taper=True, rough=0.2)
            )
    if head.px > 24 and look.hair != "bald":
        bare = shapely.difference(covered, skin)
        found += outline(shadow(bare, away, head.px * 0.06), tones.hair[1], 0.0, silent=True)
    if look.hat not in ("hood", "helmet"):
        shine = tones.hair[0] + 0.38 if tones.hair[0] < 0.5 else tones.hair[0] - 0.35
        lit = [
            Shape(line, closed=False, ink=fine, line=shine, taper=True, rough=0.2)
            for line in hair.strands(head, look.hair)
        ]
        found += clipped(lit, shapely.difference(covered, skin))
    if not top.is_empty and look.hat != "brim":
        face = headgear.before(head, look.hat)
        bare = shapely.difference(top, skin) if look.hat in _WINDOWS else top
        bare = bare if face is None else shapely.difference(bare, face)
        found += outline(bare, tones.hat[0], ink * 0.8)
        found += outline(shadow(bare, away, head.px * 0.07), tones.hat[1], 0.0, silent=True)
    found += headgear.front(head, look.hat, tones.hat[0], ink * 0.9, bone)
    return found


def gaze_turn(head: Head, spot: Vec | None) -> tuple[float, float]:
    """The eyes' turn towards a spot."""
    return faces.gaze_of(head, spot)


def _tail(head: Head, shape: BaseGeometry, style: str, ink: float) -> list[Shape]:
    """A few strands in what hangs."""
    if head.px < 60 or style not in ("long", "ponytail", "braid"):
        return []
    left, top, right, low = shape.bounds
    found: list[Shape] = []
    for share in (0.25, 0.5, 0.75):
        x = left + (right - left) * share
        line = np.array([(x, top), (x + (share - 0.5) * 6, (top + low) / 2), (x, low)])
        found.append(Shape(line, closed=False, ink=ink * 0.4, line=0.45, taper=True, rough=0.3))
    inner = shapely.buffer(shape, -head.px * 0.04)
    return clipped(found, inner) if not inner.is_empty else []


def neck(head: Head, chest: Frame, collar: Space, tall: float, build: float) -> list[Space]:
    """The neck as rings from the trunk's uppermost (`collar`) to the skull."""
    turn = circle(len(collar))
    wide = 0.0345 * tall * (0.7 + 0.3 * build)
    frame = head.frame
    oval = np.sin(turn)[:, None] * frame.right + np.cos(turn)[:, None] * frame.front
    level = np.sin(turn)[:, None] * chest.right + np.cos(turn)[:, None] * chest.front
    top = head.out(np.array([(0.0, -0.05, -0.2)]))[0]
    low = head.out(np.array([(0.0, -0.05, -0.36)]))[0]
    root = collar.mean(axis=0)
    return rows(
        [
            collar,
            (root * 0.55 + low * 0.45) + (oval + level) * (wide * 0.51),
            low + oval * wide,
            top + oval * wide,
        ]
    )

"""Models in front of a camera: moved, culled, projected, given their tones, and put in order.

All points of a model are moved and projected at once; only what comes nearer than the near plane is cut.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from studio_assist.blockout.compiled import Compiled
from studio_assist.blockout.drawing import Group, LayerName, Points, Shape
from studio_assist.blockout.facets import Kind, Mark, Vec
from studio_assist.blockout.order import ROOM, Box, figure_box, parts_in_order, sides, turning
from studio_assist.blockout.shading import GREYS, Tones
from studio_assist.blockout.view import NEAR_M, View
from studio_assist.domain.staging import Staging

Floats = NDArray[np.float64]

#: A thing smaller than this in the frame, in pixels at 1280 wide, is drawn without its soft marks.
_SOFT_PX: Final = 80.0
#: What is smaller than this is not drawn at all.
_LEAST_PX: Final = 1.5


@dataclass(frozen=True, slots=True)
class Stand:
    """Where a model stands: its origin, its turn, and how it belongs to the frame.

    `lit`: how far light nearby pulls its tones back to their day values.
    """

    at: Vec
    turn: float = 0.0
    layer: LayerName = "piece"
    name: str = ""
    lit: float = 0.0
    depth: float | None = None
    #: Depth of the single shapes, for things whose depth only says when they are painted.
    metres: float | None = None


class _Scene:
    """One model as one camera sees it."""

    def __init__(self, model: Compiled, stand: Stand, view: View, tones: Tones) -> None:
        self.model, self.stand, self.view, self.tones = model, stand, view, tones
        turn = turning(stand.turn)
        self.turn = turn
        origin = np.asarray(stand.at, float)
        self.eye = (np.asarray(view.camera.at, float) - origin) @ turn
        world = model.points @ turn.T + origin
        if bool(model.cards.any()):
            axes = view.to_camera(np.asarray(view.camera.at) + np.eye(3)).T
            across, up = _facing(axes)
            mine = model.cards
            flat = model.points[mine]
            world[mine] = model.anchors[mine] @ turn.T + origin + flat[:, :1] * across + flat[:, 2:] * up
        self.seen = view.to_camera(world)
        ahead = np.maximum(self.seen[:, 2], NEAR_M)
        self.scale = view.focal_px / ahead
        self.xy = np.stack(
            [view.width / 2 + self.seen[:, 0] * self.scale, view.height / 2 - self.seen[:, 1] * self.scale],
            axis=1,
        )
        self.whole = bool((self.seen[:, 2] >= NEAR_M).all())
        self.world = world
        self.normals = model.normals @ turn.T
        toward = ((self.eye - model.first) * model.normals).sum(axis=1)
        self.visible = model.two_sided | (toward > 1e-9)
        self.normals[toward < 0] *= -1
        self.sun = np.asarray(tones.sun)
        self._tones: dict[tuple[float, int, int, int], float] = {}

    def out_of_frame(self) -> bool:
        """Nothing of it can be seen."""
        if not len(self.xy) or bool((self.seen[:, 2] < NEAR_M).all()):
            return True
        if not self.whole:
            return False
        low, high = self.xy.min(axis=0), self.xy.max(axis=0)
        edge = 40.0 * self.view.unit
        return bool(
            high[0] < -edge
            or high[1] < -edge
            or low[0] > self.view.width + edge
            or low[1] > self.view.height + edge
        )

    def size_px(self) -> float:
        """How large it is in the frame, in pixels at 1280 wide."""
        spread = self.xy.max(axis=0) - self.xy.min(axis=0)
        return float(spread.max()) / self.view.unit

    def tone(self, base: float, normal: Floats) -> float:
        key = (base, round(float(normal[0]) * 12), round(float(normal[1]) * 12), round(float(normal[2]) * 12))
        found = self._tones.get(key)
        if found is None:
            found = self.tones.surface(
                base, (float(normal[0]), float(normal[1]), float(normal[2])), lit=self.stand.lit
            )
            self._tones[key] = found
        return found

    def outline(self, start: int, count: int, closed: bool) -> Points | None:
        """Points of a run in pixels, cut at the near plane."""
        run = slice(start, start + count)
        if self.whole or bool((self.seen[run, 2] >= NEAR_M).all()):
            return self.xy[run]
        return self.view.polygon(self.world[run], closed=closed)

    def shapes(self, index: int, soft: bool) -> list[Shape]:
        """What one mark paints."""
        mark = self.model.marks[index]
        if (mark.soft and not soft) or not self.visible[index]:
            return []
        start = self.model.starts[index]
        match mark.kind:
            case Kind.FACE | Kind.LINE | Kind.CARD:
                return self._flat(mark, index, start)
            case Kind.BAND:
                return self._band(mark, index, start)
            case Kind.ROD:
                return self._rod(mark, start)
            case Kind.BALL:
                return self._ball(mark, start)

    # internals

    def _fill(self, mark: Mark, index: int) -> float | None:
        if mark.tone is None:
            return None
        if mark.tone < 0:
            return self._glass()
        if mark.glow:
            return mark.tone
        if mark.kind is Kind.CARD:
            return self.tone(mark.tone, self.sun)
        return self.tone(mark.tone, self.normals[index])

    def _glass(self) -> float:
        """A window: dark from a lit room at night and from outdoors by day, bright from a room by day."""
        if self.tones.dark:
            return GREYS[1]
        return self.tones.sky_low if self.tones.indoors else GREYS[2]

    def _flat(self, mark: Mark, index: int, start: int) -> list[Shape]:
        outline = self.outline(start, len(mark.points), mark.closed)
        if outline is None:
            return []
        holes: list[Points] = []
        at = start + len(mark.points)
        for hole in mark.holes:
            inner = self.outline(at, len(hole), closed=True)
            if inner is not None:
                holes.append(inner)
            at += len(hole)
        return [
            Shape(
                outline,
                closed=mark.closed,
                fill=self._fill(mark, index),
                ink=mark.ink,
                line=mark.line,
                taper=mark.taper,
                holes=tuple(holes),
                hatch=mark.hatch,
                alpha=mark.alpha,
                depths=self.seen[start : start + len(mark.points), 2]
                if mark.kind is Kind.FACE and self.whole and self.stand.metres is None
                else None,
                silent=mark.alpha < 0.9,
            )
        ]

    def _band(self, mark: Mark, index: int, start: int) -> list[Shape]:
        count = len(mark.points) // 2
        normals, middles = self.model.bands[index]
        facing = ((self.eye - middles) * normals).sum(axis=1) > 1e-9
        run = slice(start, start + 2 * count)
        if not facing.any() or bool((self.seen[run, 2] < NEAR_M).any()):
            return []
        lower, upper = self.xy[start : start + count], self.xy[start + count : start + 2 * count]
        outward = normals @ self.turn.T
        sun = outward @ self.tones.sun
        tone = mark.tone if mark.tone is not None else 1.0
        best = int(np.where(facing, sun, -2.0).argmax())
        plain = tone if mark.glow else self.tone(tone, outward[best])
        crease, edge = mark.radii[1], mark.radii[0]
        if bool(facing.all()):
            ring = lower if np.ptp(lower[:, 0]) > np.ptp(upper[:, 0]) else upper
            return [Shape(ring, fill=plain, ink=edge, line=mark.line)]
        first = int(np.flatnonzero(facing & ~np.roll(facing, 1))[0])
        length = int(facing.sum())
        steps = [(first + step) % count for step in range(length + 1)]
        shaped = [Shape(np.concatenate([lower[steps], upper[steps][::-1]]), fill=plain, ink=0.0)]
        if not mark.glow:
            dull = [step for step in range(length) if sun[steps[step]] < -0.05]
            if 0 < len(dull) < length and dull[-1] - dull[0] == len(dull) - 1:
                dark = steps[dull[0] : dull[-1] + 2]
                shade = self.tone(tone, outward[steps[dull[len(dull) // 2]]])
                shaped.append(Shape(np.concatenate([lower[dark], upper[dark][::-1]]), fill=shade, ink=0.0))
        ends = (steps[0], steps[-1])
        shaped += [
            Shape(np.stack([lower[end], upper[end]]), closed=False, ink=edge, line=mark.line) for end in ends
        ]
        if mark.ink > 0:
            shaped.append(Shape(lower[steps], closed=False, ink=mark.ink, line=mark.line))
        if crease > 0:
            shaped.append(Shape(upper[steps], closed=False, ink=crease, line=mark.line))
        return shaped

    def _rod(self, mark: Mark, start: int) -> list[Shape]:
        seen = self.seen[start : start + 2]
        if bool((seen[:, 2] < NEAR_M).any()):
            cut = self.view.polygon(self.world[start : start + 2], closed=False)
            if cut is None:
                return []
            ends, scale = cut, np.full(2, self.scale[start : start + 2].min())
        else:
            ends, scale = self.xy[start : start + 2], self.scale[start : start + 2]
        along = ends[1] - ends[0]
        length = float(np.hypot(along[0], along[1]))
        radii = np.asarray(mark.radii) * scale
        base = mark.tone if mark.tone is not None else 1.0
        tone = base if mark.glow else self.tone(base, self.sun)
        if float(radii.max()) < 1.1 * self.view.unit:
            return [
                Shape(
                    ends,
                    closed=False,
                    ink=max(float(radii.max()) * 2 / self.view.unit, 0.8),
                    line=min(tone, 0.3),
                )
            ]
        if length < 1e-6:
            return []
        across = np.array([-along[1], along[0]]) / length
        if mark.round_ends:
            outline = _capsule(ends, radii, along / length, across)
        else:
            outline = np.array(
                [
                    ends[0] + across * radii[0],
                    ends[1] + across * radii[1],
                    ends[1] - across * radii[1],
                    ends[0] - across * radii[0],
                ]
            )
        ink = mark.ink if float(radii.max()) > 2.5 * self.view.unit else min(mark.ink, 1.0)
        return [Shape(outline, fill=tone, ink=ink, line=mark.line)]

    def _ball(self, mark: Mark, start: int) -> list[Shape]:
        if self.seen[start, 2] < NEAR_M + mark.radii[0]:
            return []
        radius = float(mark.radii[0] * self.scale[start])
        middle = self.xy[start]
        turn = np.linspace(0, 2 * np.pi, 22, endpoint=False)
        circle = middle + np.stack([np.cos(turn), np.sin(turn)], axis=1) * radius
        base = mark.tone if mark.tone is not None else 1.0
        tone = base if mark.glow else self.tone(base, self.sun)
        shaped = [Shape(circle, fill=tone, ink=mark.ink, line=mark.line)]
        if not mark.glow and radius > 5 * self.view.unit:
            shaped.insert(
                1, Shape(_crescent(middle, radius, self._light_px()), fill=self.tones.step(tone, 1), ink=0.0)
            )
        return shaped

    def _light_px(self) -> float:
        """Where the light comes from, as an angle in the frame."""
        axes = self.view.to_camera(np.asarray(self.view.camera.at) + np.eye(3)).T
        right, up = axes[0] @ self.tones.sun, axes[1] @ self.tones.sun
        return float(np.arctan2(-up, right))


def _facing(axes: Floats) -> tuple[Floats, Floats]:
    """Across and up of what always faces the camera: upright, unless seen from steeply above or below."""
    if abs(float(axes[2][2])) > 0.8:
        return axes[0], axes[1]
    up = np.array([0.0, 0.0, 1.0])
    across = np.cross(axes[2], up)
    return across / np.linalg.norm(across), up


def _capsule(ends: Points, radii: Floats, along: Floats, across: Floats) -> Points:
    angle = np.linspace(np.pi / 2, -np.pi / 2, 7)
    cos, sin = np.cos(angle)[:, None], np.sin(angle)[:, None]
    far = ends[1] + (along * cos + across * sin) * radii[1]
    near = ends[0] - (along * cos + across * sin) * radii[0]
    return np.concatenate([far, near])


def _crescent(middle: Points, radius: float, light: float) -> Points:
    away = light + np.pi
    outer = np.linspace(away - 1.45, away + 1.45, 12)
    rim = middle + np.stack([np.cos(outer), np.sin(outer)], axis=1) * radius * 0.985
    inner = np.linspace(-1.45, 1.45, 12)[::-1]
    # An ellipse about the axis across the light, a third as deep as the ball.
    along = np.cos(inner) * radius * 0.35
    aside = np.sin(inner) * radius * 0.985
    back = middle + np.stack(
        [np.cos(away) * along - np.sin(away) * aside, np.sin(away) * along + np.cos(away) * aside], axis=1
    )
    return np.concatenate([rim, back])


def shown(
    model: Compiled,
    stand: Stand,
    view: View,
    tones: Tones,
    figures: Sequence[Box] = (),
) -> tuple[Group, ...]:
    """A model as groups: one, or more where figures stand among its parts."""
    if not model.marks:
        return ()
    scene = _Scene(model, stand, view, tones)
    if scene.out_of_frame():
        return ()
    size = scene.size_px() if scene.whole else np.inf
    if size < _LEAST_PX:
        return ()
    low, high = model.low, model.high
    middles = (low + high) / 2
    far = np.linalg.norm(middles - scene.eye, axis=1)
    order = _outer_last(model, scene.eye, parts_in_order(low, high, scene.eye, far))
    by_part: list[list[int]] = [[] for _ in low]
    for index, part in enumerate(model.owner):
        by_part[part].append(index)
    middle = (low.min(axis=0) + high.max(axis=0)) / 2
    depth = stand.depth if stand.depth is not None else view.depth(turning(stand.turn) @ middle + stand.at)
    bounds = _bounds(model, stand, scene, figures)
    found: list[Group] = []
    run: list[Shape] = []
    current = depth
    for part in order:
        most, least = bounds[part] if bounds else (np.inf, -np.inf)
        own = max(min(depth, most), least)
        if own != current and run:
            found.append(Group(stand.layer, current, tuple(run), stand.name))
            run = []
        current = own
        for index in by_part[part]:
            run += scene.shapes(index, size >= _SOFT_PX)
    if run:
        found.append(Group(stand.layer, current, tuple(run), stand.name))
    if stand.metres is not None:
        found = [
            replace(group, shapes=tuple(replace(shape, depth=stand.metres) for shape in group.shapes))
            for group in found
        ]
    return tuple(found)


def _outer_last(model: Compiled, eye: Floats, order: list[int]) -> list[int]:
    """Wheels and the like over everything from their own side, under everything from the other."""
    over: list[int] = []
    under: list[int] = []
    plain: list[int] = []
    for part in order:
        rule = model.outer[part]
        if rule is None:
            plain.append(part)
        elif (float(eye[rule[0]]) - rule[2]) * rule[1] > 0:
            over.append(part)
        else:
            under.append(part)
    return [*under, *plain, *over]


def _bounds(
    model: Compiled, stand: Stand, scene: _Scene, figures: Sequence[Box]
) -> list[tuple[float, float]]:
    """For each part, between which depths it must be painted, for the figures among the parts."""
    if not figures:
        return []
    bounds = [(np.inf, -np.inf)] * len(model.low)
    for figure in figures:
        corners = np.array(
            [
                (sx * figure.half_width, sy * figure.half_depth, height)
                for sx in (-1, 1)
                for sy in (-1, 1)
                for height in (figure.bottom, figure.top)
            ]
        )
        world = corners @ turning(figure.turn).T + (figure.x, figure.y, 0.0)
        local = (world - np.asarray(stand.at)) @ scene.turn
        low, high = local.min(axis=0), local.max(axis=0)
        theirs, mine = sides(low[None], high[None], scene.eye[None], model.low, model.high)
        for part in range(len(model.low)):
            most, least = bounds[part]
            inside = _inside(model, scene.eye, part, low, high)
            if inside is not None:
                nearer = (min(most, figure.depth - ROOM), least)
                bounds[part] = nearer if inside else (most, max(least, figure.depth + ROOM))
                continue
            if mine[part] and not theirs[part]:
                bounds[part] = (min(most, figure.depth - ROOM), least)
            elif not (mine[part] and theirs[part]):
                bounds[part] = (most, max(least, figure.depth + ROOM))
    return bounds


def _inside(model: Compiled, eye: Floats, part: int, low: Floats, high: Floats) -> bool | None:
    """Of a hull about a figure: whether this part hides the figure; None: no hull, or not about it."""
    shell, covers = model.shells[part], model.covers[part]
    if shell is None and not covers:
        return None
    middle = (low + high) / 2
    within = (middle[:2] > model.low.min(axis=0)[:2]) & (middle[:2] < model.high.max(axis=0)[:2])
    if not bool(within.all()):
        return None
    if shell is None or shell.normal is None:
        return True
    return float((eye - shell.points[0]) @ shell.normal) > 0.0


def among(staging: Staging, view: View, box: Box) -> list[Box]:
    """The figures that stand or sit within a box, or nearly."""
    found: list[Box] = []
    turn = turning(box.turn)[:2, :2]
    for figure in staging.figures:
        own = figure_box(figure, view)
        x, y = (np.array([own.x, own.y]) - (box.x, box.y)) @ turn
        if abs(x) < box.half_width + 0.15 and abs(y) < box.half_depth + 0.35 and own.bottom < box.top + 0.1:
            found.append(own)
    return found

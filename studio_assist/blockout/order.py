"""What is painted before what: boxes that a plane separates, and depths that keep to it.

Groups are painted by one depth each, so a table and the cup on it, or a sofa and who sits in it, would hide
each other wrongly by their middles alone. Two boxes with a plane between them have a right order: what lies
on the camera's side is painted later. Every depth is moved just so far that the order holds; figures keep
theirs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from studio_assist.blockout.view import Space, View
from studio_assist.domain.staging import Figure, Pose

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

#: How far apart in metres two depths are kept.
GAP: Final = 0.02
#: How far from a figure's middle its own depth may lie.
ROOM: Final = 0.16
#: How far boxes may reach into each other and still count as side by side.
_TOUCH: Final = 0.04


@dataclass(frozen=True, slots=True)
class Box:
    """An upright box on the floor: its middle, half its width and depth, its ends, and its turn.

    `pinned`: its depth is somebody else's to give.
    """

    x: float
    y: float
    half_width: float
    half_depth: float
    bottom: float
    top: float
    turn: float = 0.0
    depth: float = 0.0
    pinned: bool = False


def turning(degrees: float) -> Floats:
    """The rotation about z of a turn, clockwise from above."""
    angle = np.radians(degrees)
    cos, sin = float(np.cos(angle)), float(np.sin(angle))
    return np.array([[cos, sin, 0.0], [-sin, cos, 0.0], [0.0, 0.0, 1.0]])


def figure_box(figure: Figure, view: View) -> Box:
    """The room that a figure takes up."""
    tall = figure.look.height_m
    half_width, half_depth, ahead, height, bottom = 0.24, 0.16, 0.0, tall, 0.02
    match figure.pose:
        case Pose.SIT | Pose.DRIVE | Pose.RIDE:
            half_depth, ahead, height = 0.3, 0.1, tall * 0.78
            # The seat is under them: what counts is the body above it.
            bottom = 0.42
        case Pose.LIE | Pose.SWIM | Pose.CRAWL:
            half_width, half_depth, height = 0.3, tall / 2, 0.4
        case Pose.KNEEL | Pose.CROUCH:
            height = tall * 0.7
        case _:
            pass
    angle = np.radians(figure.facing)
    x = figure.at[0] + float(np.sin(angle)) * ahead
    y = figure.at[1] + float(np.cos(angle)) * ahead
    spot = (figure.at[0], figure.at[1], figure.z + tall / 2)
    if figure.pose is Pose.LIE:
        # Its middle is between hips and chest, towards the head.
        back = 0.17 * tall
        spot = (spot[0] - float(np.sin(angle)) * back, spot[1] - float(np.cos(angle)) * back, figure.z + 0.12)
    depth = view.depth(spot)
    return Box(
        x, y, half_width, half_depth, figure.z + bottom, figure.z + height, figure.facing, depth, pinned=True
    )


def sides(low: Floats, high: Floats, eye: Floats, own_low: Floats, own_high: Floats) -> tuple[Flags, Flags]:
    """For boxes against others in the frame of the first: is a plane between, the eye on the other's side?

    And is there one with the eye on the own side?

    All arrays end in the three axes; the rest broadcasts.
    """
    below, above = high <= own_low + _TOUCH, low >= own_high - _TOUCH
    # The plane lies between the two, or where they reach into each other half-way.
    under, over = np.maximum(own_low, high - _TOUCH), np.minimum(own_high, low + _TOUCH)
    theirs = (below & (eye < under)) | (above & (eye > over))
    mine = (below & (eye > own_low)) | (above & (eye < own_high))
    return np.any(theirs, axis=-1), np.any(mine, axis=-1)


def must_precede(boxes: Sequence[Box], eye: Floats) -> Flags:
    """[i, j]: i has to be painted before j."""
    count = len(boxes)
    half = np.array([(box.half_width, box.half_depth) for box in boxes])
    flat = np.array([[(-1, -1), (1, -1), (1, 1), (-1, 1)]]) * half[:, None, :]
    turns = np.array([turning(box.turn)[:2, :2] for box in boxes])
    middle = np.array([(box.x, box.y) for box in boxes])
    corners = np.einsum("nck,njk->ncj", flat, turns) + middle[:, None, :]
    # Everybody's corners and the eye in everybody's own frame.
    away = corners[None] - middle[:, None, None, :]
    local = np.einsum("imcj,ijk->imck", away, turns)
    eyes = np.einsum("ij,ijk->ik", np.asarray(eye)[None, :2] - middle, turns)
    bottom, top = np.array([box.bottom for box in boxes]), np.array([box.top for box in boxes])
    wide = np.broadcast_to
    low = np.concatenate([local.min(axis=2), wide(bottom[None, :, None], (count, count, 1))], axis=2)
    high = np.concatenate([local.max(axis=2), wide(top[None, :, None], (count, count, 1))], axis=2)
    own_low = np.concatenate([-half, bottom[:, None]], axis=1)[:, None, :]
    own_high = np.concatenate([half, top[:, None]], axis=1)[:, None, :]
    seen_from = np.concatenate([eyes, np.full((count, 1), float(eye[2]))], axis=1)[:, None, :]
    theirs, mine = sides(low, high, seen_from, own_low, own_high)
    theirs, mine = theirs | mine.T, mine | theirs.T
    found = theirs & ~mine
    np.fill_diagonal(found, False)
    return found


def sequence(before: Flags, far: Floats) -> list[int]:
    """An order that keeps to `before`, the farthest first where it is free; rings are cut at the farthest."""
    count = len(far)
    waits = before.sum(axis=0).astype(np.int64)
    left = np.ones(count, bool)
    order: list[int] = []
    for _ in range(count):
        free = left & (waits == 0)
        choice = free if bool(free.any()) else left & (waits == waits[left].min())
        best = int(np.where(choice, far, -np.inf).argmax())
        if not choice[best]:
            best = int(np.flatnonzero(choice)[0])
        order.append(best)
        left[best] = False
        waits -= before[best]
    return order


def settled(boxes: Sequence[Box], eye: Floats) -> list[float]:
    """A depth for each box that paints them in the right order; pinned ones keep theirs."""
    if len(boxes) < 2:
        return [box.depth for box in boxes]
    before = must_precede(boxes, eye)
    own = np.array([box.depth for box in boxes])
    order = sequence(before, own)
    least = np.full(len(boxes), -np.inf)
    for index in reversed(order):
        after = least[before[index]]
        if boxes[index].pinned:
            least[index] = own[index] + ROOM
        elif len(after):
            least[index] = float(after.max()) + GAP
    given = own.copy()
    # What comes after a figure is painted a little nearer than its middle.
    slack = np.array([ROOM if box.pinned else GAP for box in boxes])
    for index in order:
        if boxes[index].pinned:
            continue
        earlier = (given - slack)[before[:, index]]
        most = float(earlier.min()) if len(earlier) else np.inf
        given[index] = max(min(float(own[index]), most), float(least[index]))
    return [float(depth) for depth in given]


@lru_cache(maxsize=64)
def depths(boxes: tuple[Box, ...], eye: tuple[float, float, float]) -> tuple[float, ...]:
    """`settled`, kept for the frame: every piece of a staging asks for the same."""
    return tuple(settled(boxes, np.asarray(eye, float)))


def parts_in_order(low: Space, high: Space, eye: Floats, far: Floats) -> list[int]:
    """Parts of one model from back to front, by their boxes in the model's own frame."""
    if len(low) < 2:
        return list(range(len(low)))
    theirs, mine = sides(low[None], high[None], eye[None, None], low[:, None], high[:, None])
    theirs, mine = theirs | mine.T, mine | theirs.T
    before = theirs & ~mine
    np.fill_diagonal(before, False)
    return sequence(before, far)

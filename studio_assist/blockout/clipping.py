"""Outlines and lines cut to the neighbourhood of the frame, and hatching cut to its outline."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from studio_assist.blockout.drawing import Hatch, Points

#: How far beyond the frame, in frames, a cut outline reaches: far enough that no cut edge is seen.
_BEYOND: Final = 0.5
#: Strokes of one hatching; denser ones are thinned out.
_MOST_STROKES: Final = 220


def clipped(ring: Points, size: tuple[int, int], beyond: float = _BEYOND) -> Points:
    """An outline cut to the frame and `beyond` frames around it (Sutherland and Hodgman)."""
    reach = beyond * max(size)
    for axis in (0, 1):
        for sign, limit in ((-1.0, reach), (1.0, size[axis] + reach)):
            if len(ring) < 3:
                return np.empty((0, 2))
            room = limit - sign * ring[:, axis]
            if not bool(np.all(room >= 0)):
                ring = beyond_zero(ring, room)
    return ring


def beyond_zero(ring: Points, over: NDArray[np.float64]) -> Points:
    """The part of an outline where `over`, told at its points, is not negative."""
    after, over_after = np.roll(ring, -1, axis=0), np.roll(over, -1)
    crosses = (over >= 0) != (over_after >= 0)
    share = np.where(crosses, over / np.where(crosses, over - over_after, 1.0), 0.0)
    both = np.stack([ring, ring + (after - ring) * share[:, None]], axis=1).reshape(-1, 2)
    return both[np.stack([over >= 0, crosses], axis=1).ravel()]


def clipped_line(line: Points, size: tuple[int, int]) -> list[Points]:
    """The parts of an open line that run near the frame (Liang and Barsky, all pieces at once)."""
    start, step = line[:-1], np.diff(line, axis=0)
    reach = _BEYOND * max(size)
    low, high = np.zeros(len(start)), np.ones(len(start))
    for axis in (0, 1):
        for sign, limit in ((-1.0, reach), (1.0, size[axis] + reach)):
            room, rate = limit - sign * start[:, axis], sign * step[:, axis]
            still = np.abs(rate) < 1e-12
            at = room / np.where(still, 1.0, rate)
            high = np.where(~still & (rate > 0), np.minimum(high, at), high)
            low = np.where(~still & (rate < 0), np.maximum(low, at), low)
            high = np.where(still & (room < 0), -1.0, high)
    parts: list[Points] = []
    run: list[NDArray[np.float64]] = []
    for index in range(len(start)):
        if low[index] >= high[index]:
            if len(run) > 1:
                parts.append(np.array(run))
            run = []
            continue
        if low[index] > 0 or not run:
            if len(run) > 1:
                parts.append(np.array(run))
            run = [start[index] + step[index] * low[index]]
        run.append(start[index] + step[index] * high[index])
        if high[index] < 1:
            parts.append(np.array(run))
            run = []
    if len(run) > 1:
        parts.append(np.array(run))
    return parts


def hatched(rings: list[Points], hatch: Hatch, size: tuple[int, int], unit: float, seed: int) -> list[Points]:
    """Pen strokes of a hatching, cut to its outline with even-odd holes; ends and gaps are uneven."""
    strokes = _strokes(rings, hatch.angle, hatch, size, unit, seed)
    if hatch.cross:
        strokes += _strokes(rings, hatch.angle + 90.0, hatch, size, unit, seed + 1)
    return strokes


def _strokes(
    rings: list[Points], angle: float, hatch: Hatch, size: tuple[int, int], unit: float, seed: int
) -> list[Points]:
    turn = np.radians(angle)
    along = np.array([np.cos(turn), -np.sin(turn)])
    across = np.array([np.sin(turn), np.cos(turn)])
    corners = np.array([(0, 0), (size[0], 0), size, (0, size[1])], float)
    frame = corners @ across
    heads = np.concatenate(rings)
    tails = np.concatenate([np.roll(ring, -1, axis=0) for ring in rings])
    v, w = heads @ across, tails @ across
    first, last = max(float(v.min()), float(frame.min())), min(float(v.max()), float(frame.max()))
    gap = max(hatch.gap * unit, 1.5)
    gap = max(gap, (last - first) / _MOST_STROKES)
    # Lines are counted from the frame's own corner, so that neighbouring faces hatch in step.
    rows = np.arange(np.floor(first / gap) + 1, np.ceil(last / gap)) * gap
    if not len(rows):
        return []
    dice = np.random.default_rng([seed & 0xFFFFFFFF, 7])
    rows = rows + dice.uniform(-0.16, 0.16, len(rows)) * gap
    crosses = (v[None, :] <= rows[:, None]) != (w[None, :] <= rows[:, None])
    row, edge = np.nonzero(crosses)
    if not len(row):
        return []
    share = (rows[row] - v[edge]) / (w[edge] - v[edge])
    u = heads[edge] @ along + share * ((tails[edge] - heads[edge]) @ along)
    order = np.lexsort((u, row))
    row, u = row[order], u[order]
    # An outline is crossed an even number of times on every row, so pairs stay within their row.
    low, high, level = u[0::2], u[1::2], rows[row[0::2]]
    slack = np.minimum(dice.uniform(0.0, 0.8, len(low)) * gap, (high - low) * 0.2)
    low, high = low + slack * 0.5, high - slack
    reach = corners @ along
    low, high = np.maximum(low, reach.min() - 8), np.minimum(high, reach.max() + 8)
    long = high - low > 2.5 * unit
    ends = np.stack(
        [
            low[long, None] * along + level[long, None] * across,
            high[long, None] * along + level[long, None] * across,
        ],
        axis=1,
    )
    return list(ends)

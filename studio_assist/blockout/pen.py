"""The pen: lines in, filled outlines of strokes out, with weight, taper, overshoot and the tremble of a hand.

All lines of a drawing are inked at once: their points lie in one array, and every step works on all of it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from studio_assist.blockout.drawing import Points

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

#: A turn sharper than this (cosine) is a corner: the pen is lifted there and set down again. So is a lesser
#: one between pieces so long that a curve through them would leave them by more than so many pixels at 1280
#: wide.
_CORNER_COS: Final = 0.67
_CORNER_BULGE: Final = 2.0
#: How far a corner is overshot, and how far apart points of a stroke are, in pixels at 1280 wide.
_OVERSHOOT: Final = 2.2
_STEP: Final = 11.0
#: How much of its weight a line gains where it faces away from the light (down and right), and loses towards
#: it.
_LIGHTWARD: Final = 0.24
_AWAY: Final = np.array([0.5, 0.866])
#: Lines shorter than this, in pixels at 1280 wide, are drawn in one go unless they turn as sharply as this.
_SMALL: Final = 56.0
_SHARP_COS: Final = -0.4
#: On a bend gentler than this (cosine), points closer than this are left out.
_TURN_COS: Final = 0.82
_CLOSE_PX: Final = 3.0
#: Points closer than this are one.
_SAME_PX: Final = 0.02
#: What an end of a stroke is: of an open line, at a corner, or where a closed line meets itself.
_FREE, _CORNER, _MEETS = 0, 1, 2


@dataclass(slots=True)
class Pen:
    """Lines that wait to be inked. `slot` tells each one's mark; those of one mark are neighbours."""

    lines: list[Points] = field(default_factory=list[Points])
    closed: list[bool] = field(default_factory=list[bool])
    weight: list[float] = field(default_factory=list[float])
    rough: list[float] = field(default_factory=list[float])
    taper: list[bool] = field(default_factory=list[bool])
    seed: list[int] = field(default_factory=list[int])
    slot: list[int] = field(default_factory=list[int])
    blunt: list[bool] = field(default_factory=list[bool])

    def take(
        self,
        line: Points,
        *,
        closed: bool,
        weight: float,
        rough: float,
        taper: bool,
        seed: int,
        slot: int,
        blunt: bool = False,
    ) -> None:
        """Take one line; `weight` and `rough` in pixels. `blunt`: its corners are full and square."""
        self.blunt.append(blunt)
        self.lines.append(np.concatenate([line, line[:1]]) if closed else line)
        self.closed.append(closed)
        self.weight.append(weight)
        self.rough.append(rough)
        self.taper.append(taper)
        self.seed.append(seed)
        self.slot.append(slot)

    def strokes(
        self, width: int, height: int, bleed: float = 0.0
    ) -> dict[int, tuple[Points, tuple[int, ...]]]:
        """By slot, the outlines of all strokes one after the other, and where each after the first begins."""
        if not self.lines:
            return {}
        unit = width / 1280.0
        points, line_of = _thinned(*_flat(self.lines))
        step = np.diff(points, axis=0)
        if not bool(np.any((line_of[1:] == line_of[:-1]) & (np.hypot(step[:, 0], step[:, 1]) > _SAME_PX))):
            return {}
        run = _Run(points, line_of, np.asarray(self.closed), unit, (width, height))
        outline, starts = self._outlines(run, unit, bleed)
        slots = np.asarray(self.slot)[run.line]
        result: dict[int, tuple[Points, tuple[int, ...]]] = {}
        edges = np.flatnonzero(np.diff(slots)) + 1
        firsts = np.concatenate([[0], edges])
        lasts = np.concatenate([edges, [len(slots)]])
        for one, other in zip(firsts.tolist(), lasts.tolist(), strict=True):
            begin = int(starts[one])
            cuts = tuple((starts[one + 1 : other] - begin).tolist())
            result[int(slots[one])] = (outline[begin : int(starts[other])], cuts)
        return result

    def _outlines(self, run: _Run, unit: float, bleed: float) -> tuple[Points, Ints]:
        """The strokes' outlines, each back at its first point, and where each begins, and the end."""
        of, first, last = run.of, run.first, run.last
        line = run.line
        weight = np.asarray(self.weight)[line]
        taper = np.asarray(self.taper)[line]
        seed = (
            np.asarray(self.seed, np.uint64)[line] + np.arange(len(line), dtype=np.uint64) - run.index_of_line
        )
        rough = np.asarray(self.rough)[line]
        # Corners are overshot: the stroke's outermost points move outwards along it.
        points = run.points
        normal = run.normals()
        tangent = np.stack([normal[:, 1], -normal[:, 0]], axis=1)
        length = run.length
        blunt = np.asarray(self.blunt)[line]
        over = np.minimum(_OVERSHOOT * unit * (0.5 + _hash(seed, 11)), length * 0.08)
        over = np.where(blunt, 0.35 * weight, over)
        points[first] -= tangent[first] * np.where(run.head == _CORNER, over, 0.0)[:, None]
        points[last] += tangent[last] * np.where(run.tail == _CORNER, over, 0.0)[:, None]
        # The tremble: two slow waves along the stroke, still where a closed line meets itself.
        at = run.along
        left = length[of] - at
        slow = at / unit
        wave = 0.72 * np.sin(slow * (0.034 + 0.016 * _hash(seed, 1))[of] + 6.283 * _hash(seed, 2)[of])
        wave += 0.28 * np.sin(slow * (0.085 + 0.03 * _hash(seed, 3))[of] + 6.283 * _hash(seed, 4)[of])
        edge = 16.0 * unit
        calm = np.where((run.head == _MEETS)[of], np.minimum(at / edge, 1.0), 1.0)
        calm = calm * np.where((run.tail == _MEETS)[of], np.minimum(left / edge, 1.0), 1.0)
        reach = rough * np.minimum(1.0, length / (50.0 * unit))
        points = points + normal * (wave * calm * reach[of])[:, None]
        # The weight: pressed harder away from the light, uneven along the stroke, thin where the pen lifts.
        facing = np.where(run.turns[line] > 0, -1.0, 1.0)[of] * run.rounded[line][of]
        press = 1.0 + _LIGHTWARD * facing * (normal @ _AWAY)
        press += 0.12 * np.sin(slow * 0.031 + 6.283 * _hash(seed, 5)[of])
        half = 0.5 * weight[of] * press
        half *= _ends(at, length[of], np.where(blunt, _MEETS, run.head)[of], taper[of], weight[of], unit)
        half *= _ends(left, length[of], np.where(blunt, _MEETS, run.tail)[of], taper[of], weight[of], unit)
        half = np.maximum(half - bleed, 0.06)
        left_side, right_side = points + normal * half[:, None], points - normal * half[:, None]
        # Layout: one side, the other backwards, and the first point again, stroke after stroke.
        count = last - first + 1
        sizes = 2 * count + 1
        starts = np.concatenate([[0], np.cumsum(sizes)])
        outline = np.empty((int(starts[-1]), 2))
        inner = np.arange(len(points)) - first[of]
        outline[starts[of] + inner] = left_side
        outline[starts[of] + 2 * count[of] - 1 - inner] = right_side
        outline[starts[1:] - 1] = left_side[first]
        return outline, starts


class _Run:
    """All lines cut into strokes at their corners, with points close enough to tremble.

    Attributes:
        points: of all strokes; `of` says to which stroke each belongs, `along` how far along it, in pixels.
        first, last, length, head, tail, line: of each stroke: its points, length, kinds of end, and the line
            it is of.
        turns, rounded: of each line: the sign of its area, and 1 for closed lines, whose inside is known.
    """

    def __init__(
        self, points: Points, line_of: Ints, closed: NDArray[np.bool_], unit: float, size: tuple[int, int]
    ) -> None:
        step = np.diff(points, axis=0)
        inside = line_of[1:] == line_of[:-1]
        far = np.hypot(step[:, 0], step[:, 1])
        keep = inside & (far > _SAME_PX)
        tail_point = np.flatnonzero(keep) + 1
        head_point = np.flatnonzero(keep)
        step, far, owner = step[keep], far[keep], line_of[head_point]
        way = step / far[:, None]
        count = len(owner)
        new_line = np.concatenate([[True], owner[1:] != owner[:-1]])
        before = np.roll(way, 1, axis=0)
        # The piece before the first of a closed line is its last.
        begin = np.flatnonzero(new_line)
        end = np.concatenate([begin[1:], [count]]) - 1
        before[begin] = way[end]
        before_far = np.roll(far, 1)
        before_far[begin] = far[end]
        cosine = np.clip((before * way).sum(axis=1), -1.0, 1.0)
        half_tan = np.sqrt((1.0 - cosine) / np.maximum(1.0 + cosine, 1e-9))
        bulge = np.minimum(before_far, far) * half_tan / 4.0
        corner = (cosine < _CORNER_COS) | (bulge > _CORNER_BULGE * unit)
        # On what is small the pen stays down but for the sharpest corners.
        whole = np.add.reduceat(far, begin)[np.searchsorted(begin, np.arange(count), side="right") - 1]
        corner &= (whole > max(_SMALL * unit, 30.0)) | (cosine < _SHARP_COS)
        starts_here = new_line | corner
        self.stroke_of_piece = np.cumsum(starts_here) - 1
        begins = np.flatnonzero(starts_here)
        ends = np.concatenate([begins[1:], [count]]) - 1
        self.line = owner[begins]
        is_closed = closed[self.line]
        opens = new_line[begins]
        closes = np.concatenate([opens[1:], [True]])
        meets = ~corner[begins]
        line_head = np.searchsorted(begin, begins, side="right") - 1
        joins = ~corner[begin][line_head]
        self.head = np.where(~opens, _CORNER, np.where(is_closed, np.where(meets, _MEETS, _CORNER), _FREE))
        self.tail = np.where(~closes, _CORNER, np.where(is_closed, np.where(joins, _MEETS, _CORNER), _FREE))
        self.loop = is_closed & opens & closes & (self.head == _MEETS)
        number = np.arange(len(self.line))
        self.index_of_line = number[np.searchsorted(self.line, self.line)].astype(np.uint64)
        # Subdivision: only pieces that touch the frame need points in between.
        low = np.minimum(points[head_point], points[tail_point])
        high = np.maximum(points[head_point], points[tail_point])
        seen = ((low < size) & (high > 0)).all(axis=1)
        parts = np.where(seen, np.clip(np.ceil(far / max(_STEP * unit, 5.0)), 1, 600), 1).astype(np.int64)
        closing = np.zeros(count, np.int64)
        closing[ends] = 1
        emitted = parts + closing
        piece = np.repeat(np.arange(count), emitted)
        offset = np.concatenate([[0], np.cumsum(emitted)])
        share = (np.arange(len(piece)) - offset[piece]) / parts[piece]
        self.points: Points = points[head_point][piece] + step[piece] * share[:, None]
        # Between corners the pen runs in a curve (Hermite) whose directions at the points are those of the
        # chords.
        way_in, way_out = step.copy(), step.copy()
        smooth = np.flatnonzero(~starts_here)
        chord = step[smooth - 1] + step[smooth]
        way_in[smooth] = way_out[smooth - 1] = chord
        round_ = np.flatnonzero(is_closed & opens & closes & (self.head == _MEETS))
        chord = step[ends[round_]] + step[begins[round_]]
        way_in[begins[round_]] = way_out[ends[round_]] = chord
        for one in (way_in, way_out):
            one *= (far / np.maximum(np.hypot(one[:, 0], one[:, 1]), 1e-9))[:, None]
        rest = 1.0 - share
        self.points += (way_in - step)[piece] * (share * rest * rest)[:, None]
        self.points -= (way_out - step)[piece] * (share * share * rest)[:, None]
        self.of = self.stroke_of_piece[piece]
        self.first = offset[begins]
        self.last = offset[ends + 1] - 1
        run = np.concatenate([[0.0], np.cumsum(far)])
        self.along: Floats = run[piece] + far[piece] * share - run[begins][self.of]
        self.length: Floats = run[ends + 1] - run[begins]
        self._way, self._piece, self._begins, self._ends = way, piece, begins, ends
        cross = points[:-1, 0] * points[1:, 1] - points[:-1, 1] * points[1:, 0]
        lines = len(closed)
        self.turns: Floats = np.bincount(line_of[:-1][inside], cross[inside], lines).astype(np.float64)
        self.rounded: Floats = closed.astype(np.float64)

    def normals(self) -> Points:
        """Unit normals at the points, averaged between the pieces that meet there."""
        way = self._way[self._piece]
        back = np.roll(way, 1, axis=0)
        back[self.first] = way[self.first]
        back[self.first[self.loop]] = way[self.last[self.loop]]
        ahead = way.copy()
        ahead[self.last[self.loop]] = way[self.first[self.loop]]
        mean = back + ahead
        mean /= np.maximum(np.hypot(mean[:, 0], mean[:, 1]), 1e-9)[:, None]
        return np.stack([-mean[:, 1], mean[:, 0]], axis=1)


def _flat(lines: list[Points]) -> tuple[Points, Ints]:
    """Lines as one array, and to which line each point belongs."""
    sizes = np.fromiter((len(line) for line in lines), np.int64, len(lines))
    return np.concatenate(lines), np.repeat(np.arange(len(lines)), sizes)


def _thinned(points: Points, line_of: Ints) -> tuple[Points, Ints]:
    """Lines without the points that stand closer than the pen can show, but with their ends and corners."""
    step = np.diff(points, axis=0)
    far = np.hypot(step[:, 0], step[:, 1])
    place = np.floor(np.concatenate([[0.0], np.cumsum(far)]) / _CLOSE_PX)
    dot = (step[1:] * step[:-1]).sum(axis=1)
    keep = np.ones(len(points), np.bool_)
    keep[1:-1] = (place[1:-1] != place[:-2]) | (dot < _TURN_COS * far[1:] * far[:-1])
    ends = np.flatnonzero(line_of[1:] != line_of[:-1])
    keep[ends] = keep[ends + 1] = True
    return points[keep], line_of[keep]


def _ends(
    at: Floats, length: Floats, kind: Ints, taper: NDArray[np.bool_], weight: Floats, unit: float
) -> Floats:
    """How much of its weight a stroke has `at` pixels from one of its ends."""
    long = np.where(taper, np.minimum(0.45 * length, 80.0 * unit), 1.6 * weight)
    long = np.where(kind == _CORNER, 1.2 * weight + 2.0 * unit, long)
    least = np.where(taper, 0.12, np.where(kind == _CORNER, 0.45, 0.62))
    share = np.clip(at / np.maximum(long, 1e-6), 0.0, 1.0)
    eased = least + (1.0 - least) * share * (2.0 - share)
    return np.where(kind == _MEETS, 1.0, eased)


def _hash(seed: NDArray[np.uint64], salt: int) -> Floats:
    """A number from 0 to 1 for each seed (splitmix64): a stroke's tremble is its own and nobody else's."""
    z = (seed + np.uint64(salt)) * np.uint64(0x9E3779B97F4A7C15)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return ((z ^ (z >> np.uint64(31))) >> np.uint64(11)).astype(np.float64) / float(1 << 53)

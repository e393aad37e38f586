"""What grows, lies and drifts outdoors: loose outlines, each its own by where it stands."""

from __future__ import annotations

import numpy as np

from studio_assist.blockout.drawing import Hatch
from studio_assist.blockout.facets import DIM, LIGHT, MID, PALE, PAPER, Part, Vec
from studio_assist.blockout.solids import Model
from studio_assist.blockout.view import Space

Outline = list[tuple[float, float]]


def lumpy(rng: np.random.Generator, lumps: int, wide: float, tall: float, base: float = 0.0) -> Outline:
    """A closed outline of scallops about an ellipse, as leaves, clouds and bushes have."""
    points: Outline = []
    starts = np.linspace(0, 2 * np.pi, lumps, endpoint=False) + rng.uniform(-0.12, 0.12, lumps)
    sizes = rng.uniform(0.86, 1.08, lumps)
    for index in range(lumps):
        begin, end = float(starts[index]), float(starts[(index + 1) % lumps])
        if end <= begin:
            end += 2 * np.pi
        for share in (0.0, 0.22, 0.5, 0.78):
            angle = begin + (end - begin) * share
            bulge = float(sizes[index]) * (0.88 + 0.17 * np.sin(np.pi * share))
            points.append((float(np.cos(angle)) * wide * bulge, base + float(np.sin(angle)) * tall * bulge))
    return points


def puffs(rng: np.random.Generator, wide: float, tall: float) -> Outline:
    """A heaped cloud over a flat foot: the upper edge of a row of round heaps; `wide` to each side."""
    count = max(4, round(wide / tall * 1.6))
    middles = np.linspace(-0.82, 0.82, count) + rng.uniform(-0.06, 0.06, count)
    dome = (1.0 - 0.75 * middles**2) * rng.uniform(0.72, 1.05, count)
    radii = np.minimum(rng.uniform(1.1, 1.5, count) / count, 0.4)
    xs = np.linspace(-1.0, 1.0, 15 + 5 * count)
    reach = np.maximum(1.0 - ((xs[:, None] - middles) / radii) ** 2, 0.0)
    top = (np.sqrt(reach) * dome).max(axis=1)
    return [
        *[(float(x) * wide, float(z) * tall) for x, z in zip(xs, top, strict=True)],
        (0.7 * wide, -0.06 * tall),
        (-0.66 * wide, -0.05 * tall),
    ]


def tree(w: float, d: float, h: float, state: str, rng: np.random.Generator) -> Model:
    """A leafy tree; "broken": a bare one."""
    m = Model()
    foot, fork = max(0.05 * w, 0.06), h * 0.42
    trunk = m.part((-foot, -foot, 0.0), (foot, foot, fork))
    lean = float(rng.uniform(-0.04, 0.04)) * h
    sway = lean * 0.4
    outline: Outline = [
        (-foot * 2.1, 0.0), (-foot * 1.1, h * 0.03), (-foot * 0.85, h * 0.2), (-foot * 0.75 + sway, fork),
        (foot * 0.75 + sway, fork), (foot * 0.85, h * 0.2), (foot * 1.2, h * 0.03), (foot * 2.3, 0.0),
    ]  # fmt: skip
    m.card(outline, tone=DIM, into=trunk)
    for share in (-0.3, 0.2):
        bark: Outline = [
            (foot * share, h * 0.05),
            (foot * (share + 0.15), h * 0.2),
            (foot * share + sway, fork),
        ]
        m.card(bark, tone=None, closed=False, ink=1.0, into=trunk, soft=True, taper=True)
    tips = [(-0.36, 0.74), (-0.14, 0.92), (0.16, 0.88), (0.38, 0.7), (0.05, 0.98)]
    crown = m.part((-w * 0.3, -w * 0.3, fork), (w * 0.3, w * 0.3, h))
    for x, z in tips:
        x += float(rng.uniform(-0.05, 0.05))
        _branch(m, trunk if state != "broken" else crown, (sway, fork * 0.96), (x * w, z * h), foot * 0.6)
        if state == "broken":
            for side in (-1.0, 1.0):
                mid = (x * w * 0.7, fork + (z * h - fork) * 0.7)
                _branch(m, crown, mid, (mid[0] + side * w * 0.13, mid[1] + h * 0.1), foot * 0.25)
    if state == "broken":
        return m
    blobs = [
        (-0.27, 0.58, 0.26, 0.17),
        (0.27, 0.6, 0.25, 0.16),
        (0.0, 0.76, 0.36, 0.22),
        (0.02, 0.57, 0.28, 0.14),
    ]
    for index, (x, z, wide, tall) in enumerate(blobs):
        x += float(rng.uniform(-0.03, 0.03))
        leaves = lumpy(rng, 11, wide * w, tall * h, z * h)
        m.card([(a + x * w, b) for a, b in leaves], tone=MID if index < 2 else LIGHT, into=crown, ink=1.8)
        for _ in range(4):
            a = x * w + float(rng.uniform(-0.6, 0.6)) * wide * w
            b = z * h + float(rng.uniform(-0.6, 0.5)) * tall * h
            r = w * 0.045
            tick: Outline = [
                (a - r, b),
                (a - r * 0.4, b + r * 0.6),
                (a + r * 0.4, b + r * 0.5),
                (a + r, b - r * 0.1),
            ]
            m.card(tick, tone=None, closed=False, ink=1.1, line=0.3, into=crown, soft=True, taper=True)
    return m


def _branch(m: Model, into: Part, start: tuple[float, float], end: tuple[float, float], foot: float) -> None:
    a, b = np.asarray(start), np.asarray(end)
    along = b - a
    across = np.array([-along[1], along[0]]) / max(float(np.hypot(along[0], along[1])), 1e-9) * foot
    middle = (a + b) / 2 + across * 0.8
    outline = [a + across, middle + across * 0.5, b, middle - across * 0.6, a - across]
    m.card([(float(x), float(z)) for x, z in outline], tone=DIM, ink=1.4, into=into)


def bush(w: float, d: float, h: float, state: str, rng: np.random.Generator) -> Model:
    """Three mounds of leaves."""
    m = Model()
    part = m.part((-w * 0.4, -d * 0.3, 0.0), (w * 0.4, d * 0.3, h))
    for x, wide, tall, tone in ((-0.22, 0.3, 0.36, MID), (0.24, 0.28, 0.33, MID), (0.0, 0.36, 0.48, LIGHT)):
        leaves = [(a + x * w, max(b, 0.0)) for a, b in lumpy(rng, 10, wide * w, tall * h, tall * h)]
        m.card(leaves, tone=tone, ink=1.7, into=part)
        for _ in range(3):
            a, b, r = (
                x * w + float(rng.uniform(-0.15, 0.15)) * w,
                float(rng.uniform(0.25, 0.75)) * h,
                w * 0.04,
            )
            m.card(
                [(a - r, b), (a, b + r * 0.6), (a + r, b)],
                tone=None,
                closed=False,
                ink=1.1,
                line=0.3,
                into=part,
                soft=True,
                taper=True,
            )
    return m


def rock(w: float, d: float, h: float, state: str, rng: np.random.Generator) -> Model:
    """A boulder: a faceted lump, its lower half in the ground."""
    m = Model()
    _lump(m, rng, w, d, h, (0.0, 0.0, 0.0))
    return m


def _lump(m: Model, rng: np.random.Generator, w: float, d: float, h: float, at: Vec) -> None:
    part = m.part()
    count = 7
    rings: list[np.ndarray] = []
    for wide, high in ((1.0, 0.0), (0.94, 0.36), (0.6, 0.82)):
        turn = np.linspace(0, 2 * np.pi, count, endpoint=False) + rng.uniform(-0.3, 0.3, count)
        far = wide * rng.uniform(0.78, 1.06, count)
        z = high * h * rng.uniform(0.72, 1.2, count) if high else np.zeros(count)
        rings.append(
            np.stack(
                [at[0] + np.cos(turn) * far * w / 2, at[1] + np.sin(turn) * far * d / 2, at[2] + z], axis=1
            )
        )
    peak = np.array([at[0] + rng.uniform(-0.1, 0.1) * w, at[1] + rng.uniform(-0.1, 0.1) * d, at[2] + h])
    for low, high in ((rings[0], rings[1]), (rings[1], rings[2])):
        for index in range(count):
            after = (index + 1) % count
            part.face([low[index], low[after], high[after], high[index]], LIGHT, ink=0.8, line=0.4)
    for index in range(count):
        part.face([rings[2][index], rings[2][(index + 1) % count], peak], PALE, ink=0.8, line=0.4)


def cliff(w: float, d: float, h: float, state: str, rng: np.random.Generator) -> Model:
    """A headland: a grassy top that falls away at both ends, broken rock faces below."""
    m = Model()
    count = max(7, min(12, round(w / 3.5)))
    xs = np.linspace(-0.5, 0.5, count + 1)
    # Low at the ends, so that it is a headland and not a block.
    rise = np.clip(1.0 - (np.abs(xs) * 2) ** 4.0, 0.0, 1.0) * rng.uniform(0.9, 1.0, count + 1)
    jut = rng.uniform(-0.05, 0.07, count + 1) * d

    def line(back: float, high: float, shake: float) -> Space:
        wide = xs * w * (1.0 - back * 0.12) + rng.uniform(-shake, shake, count + 1) * w / count
        deep = -d / 2 + back * d + jut + (np.abs(xs) * 2) ** 2 * d * 0.22
        return np.stack([wide, deep, h * high * np.maximum(rise, 0.02)], axis=1)

    foot, ledge, shoulder, top = (
        line(0.0, 0.0, 0.0),
        line(0.07, 0.42, 0.25),
        line(0.12, 0.78, 0.25),
        line(0.2, 1.0, 0.1),
    )
    foot[:, 2] = 0.0
    back = np.stack([xs * w, np.full(count + 1, d / 2), h * np.maximum(rise, 0.02)], axis=1)
    rear = back * (1.0, 1.0, 0.0)
    part = m.part((-w / 2, -d / 2, 0.0), (w / 2, d / 2, h * 0.98))
    for index in range(count):
        after = index + 1
        part.face([back[index], back[after], rear[after], rear[index]], DIM, ink=0.0, body=False)
    for index in range(count):
        after = index + 1
        part.face([top[index], top[after], back[after], back[index]], LIGHT, ink=0.0, body=False)
        rows = ((foot, ledge), (ledge, shoulder), (shoulder, top))
        for row, (low, high) in enumerate(rows):
            shade = (DIM, MID, MID + 0.08)[row] - (0.1 if (index * 5 + row * 3) % 4 == 0 else 0.0)
            hatch = Hatch(60.0, 9.0, 1.0, 0.2) if row == 0 and index % 3 != 1 else None
            part.face(
                [low[index], low[after], high[after], high[index]],
                shade,
                ink=0.0,
                hatch=hatch,
                body=False,
            )
    for index in range(1, count):
        if index % 2:
            crack = [top[index], shoulder[index], ledge[index] * 0.6 + ledge[index - 1] * 0.4]
        else:
            crack = [shoulder[index], ledge[index], foot[index] * 0.7 + foot[index + 1] * 0.3]
        part.stroke(crack, normal=(0.0, -1.0, 0.0), ink=1.6, soft=False)
    for index in range(0, count - 1, 2):
        part.stroke(
            [ledge[index], ledge[index + 1], ledge[index + 2] * 0.4 + ledge[index + 1] * 0.6],
            normal=(0.0, -1.0, 0.0),
            ink=1.3,
            soft=False,
            taper=True,
        )
    part.stroke([foot[0], *top, foot[-1]], ink=2.6, soft=False)
    part.stroke(foot, normal=(0.0, -1.0, 0.0), ink=2.0, soft=False)
    for index in range(1, count, 2):
        grass = top[index] * 0.6 + back[index] * 0.4
        part.stroke(
            [grass, grass + np.array([0.3, 0.2, 0.25]), grass + np.array([0.9, 0.0, 0.05])],
            ink=1.1,
            taper=True,
        )
    return m


def ridge(rng: np.random.Generator, w: float, h: float, steps: int, rough: float) -> Outline:
    """A skyline from the left foot to the right one, by halving and shifting."""
    heights = [0.0, 1.0, 0.0]
    xs = [-0.5, float(rng.uniform(-0.1, 0.12)), 0.5]
    for level in range(steps):
        new_h, new_x = [heights[0]], [xs[0]]
        for index in range(1, len(heights)):
            spread = rough * 0.5**level
            new_h += [
                (heights[index - 1] + heights[index]) / 2 + float(rng.uniform(-1, 1)) * spread,
                heights[index],
            ]
            new_x += [(xs[index - 1] + xs[index]) / 2 + float(rng.uniform(-0.1, 0.1)) * spread, xs[index]]
        heights, xs = new_h, new_x
    return [(x * w, max(z, 0.0) * h) for x, z in zip(xs, heights, strict=True)]


def mountain(w: float, d: float, h: float, state: str, rng: np.random.Generator) -> Model:
    """A peak with a shaded side and snow."""
    m = Model()
    part = m.part((-w * 0.35, -d / 2, 0.0), (w * 0.35, d / 2, h))
    line = ridge(rng, w, h, 3, 0.26)
    m.card(line, tone=LIGHT, into=part, ink=2.0)
    peak = int(np.argmax([z for _x, z in line]))
    spine: Outline = [line[peak]]
    for step in range(1, 6):
        share = step / 5
        spine.append(
            (
                line[peak][0] + (float(rng.uniform(-0.04, 0.04)) + 0.05 * (-1) ** step) * w,
                line[peak][1] * (1 - share),
            )
        )
    m.card([*spine, *line[:peak:-1][::1]], tone=MID, into=part, ink=1.2)
    snow = [point for point in line if point[1] > h * 0.66]
    if len(snow) > 2:
        low = [
            (snow[-1][0] + (snow[0][0] - snow[-1][0]) * share, h * (0.6 + 0.1 * (index % 2)))
            for index, share in enumerate(np.linspace(0.08, 0.92, 6))
        ]
        m.card([*snow, *[(float(x), float(z)) for x, z in low]], tone=PAPER, into=part, ink=1.0)
    for index in range(2, len(line) - 2, 2):
        x, z = line[index]
        away = -1 if index < peak else 1
        m.card(
            [(x, z), (x + away * w * 0.015, z * 0.7), (x + away * w * 0.045, z * 0.45)],
            tone=None,
            closed=False,
            ink=1.1,
            line=0.25,
            into=part,
            taper=True,
        )
    return m


def hill(w: float, d: float, h: float, state: str, rng: np.random.Generator) -> Model:
    """A rounded rise with grass strokes."""
    m = Model()
    part = m.part((-w * 0.4, -d / 2, 0.0), (w * 0.4, d / 2, h))
    xs = np.linspace(-0.5, 0.5, 25)
    rise = np.cos(xs * np.pi) ** 1.5 * (1 + 0.05 * np.sin(xs * 21 + float(rng.uniform(0, 6))))
    m.card([(float(x) * w, float(z) * h) for x, z in zip(xs, rise, strict=True)], tone=LIGHT, into=part)
    for _ in range(9):
        x = float(rng.uniform(-0.32, 0.32))
        z = float(np.cos(x * np.pi) ** 1.5 * rng.uniform(0.2, 0.8))
        m.card(
            [(x * w, z * h), (x * w + 0.03 * w, z * h + 0.03 * h), (x * w + 0.07 * w, z * h + 0.01 * h)],
            tone=None,
            closed=False,
            ink=1.1,
            line=0.3,
            into=part,
            taper=True,
        )
    return m


def dune(w: float, d: float, h: float, state: str, rng: np.random.Generator) -> Model:
    """A dune with a sharp crest and a shaded lee."""
    m = Model()
    part = m.part((-w * 0.4, -d / 2, 0.0), (w * 0.4, d / 2, h))
    line: Outline = [
        (-0.5, 0.0),
        (-0.36, 0.16),
        (-0.2, 0.45),
        (-0.05, 0.8),
        (0.06, 1.0),
        (0.16, 0.8),
        (0.3, 0.36),
        (0.5, 0.0),
    ]
    m.card([(x * w, z * h) for x, z in line], tone=PALE, into=part)
    lee: Outline = [
        (0.06, 1.0),
        (0.02, 0.7),
        (0.08, 0.4),
        (0.0, 0.18),
        (0.1, 0.0),
        (0.5, 0.0),
        (0.3, 0.36),
        (0.16, 0.8),
    ]
    m.card([(x * w, z * h) for x, z in lee], tone=LIGHT, into=part, ink=1.2)
    for z in (0.14, 0.3, 0.48):
        m.card(
            [
                (-0.34 * w + z * 0.3 * w, z * h * 0.8),
                (-0.2 * w + z * 0.2 * w, z * h * 0.9),
                (-0.06 * w, z * h * 0.8),
            ],
            tone=None,
            closed=False,
            ink=1.0,
            line=0.4,
            into=part,
            taper=True,
        )
    return m


def island(w: float, d: float, h: float, state: str, rng: np.random.Generator) -> Model:
    """A rocky hump in the sea."""
    m = Model()
    part = m.part((-w * 0.4, -d / 2, 0.0), (w * 0.4, d / 2, h))
    line = ridge(rng, w, h, 3, 0.16)
    m.card(line, tone=DIM, into=part)
    for index in range(2, len(line) - 2, 2):
        x, z = line[index]
        m.card(
            [(x, z * 0.9), (x + 0.01 * w, z * 0.5), (x - 0.01 * w, z * 0.2)],
            tone=None,
            closed=False,
            ink=1.2,
            line=0.2,
            into=part,
            taper=True,
        )
    m.card(
        [(-0.54 * w, 0.0), (-0.2 * w, h * 0.035), (0.2 * w, h * 0.02), (0.54 * w, 0.0)],
        tone=PAPER,
        ink=1.0,
        into=part,
    )
    return m

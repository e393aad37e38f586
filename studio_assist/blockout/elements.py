"""Clouds, waves, fire, flowers, the moon and the sun: loose outlines."""

from __future__ import annotations

import numpy as np

from studio_assist.blockout.facets import DARK, DIM, LIGHT, MID, PALE, PAPER
from studio_assist.blockout.furniture import flames
from studio_assist.blockout.nature import Outline, lumpy, puffs
from studio_assist.blockout.solids import Model


def cloud(w: float, d: float, h: float, state: str, rng: np.random.Generator) -> Model:
    """A heaped cloud with a flat foot."""
    m = Model()
    part = m.part((-w / 2, -0.1, 0.0), (w / 2, 0.1, h))
    whole = puffs(rng, w / 2, h)
    m.card(whole, tone=PAPER, into=part, ink=1.5, line=0.3)
    m.card([(x * 0.8 + w * 0.03, z * 0.4) for x, z in whole], tone=PALE, into=part, ink=0.0)
    return m


def wave(w: float, d: float, h: float, state: str, rng: np.random.Generator) -> Model:
    """A breaking wave: a crest that curls over at one end, foam along it, lines up its face."""
    m = Model()
    part = m.part((-w / 2, -d / 2, 0.0), (w / 2, d / 2, h))
    back: Outline = [
        (-0.56, 0.0), (-0.42, 0.1), (-0.3, 0.26), (-0.18, 0.52), (-0.06, 0.8), (0.06, 0.96), (0.2, 1.0),
        (0.31, 0.93),
        (0.38, 0.78), (0.4, 0.62),
    ]  # fmt: skip
    curl: Outline = [
        (0.33, 0.7),
        (0.25, 0.72),
        (0.19, 0.62),
        (0.17, 0.46),
        (0.2, 0.26),
        (0.3, 0.12),
        (0.46, 0.04),
        (0.56, 0.0),
    ]

    def sized(points: Outline) -> Outline:
        return [(x * w, z * h) for x, z in points]

    m.card(sized([*back, *curl]), tone=MID, into=part, ink=2.2)
    m.card(sized([(0.4, 0.62), *curl[:6], (0.34, 0.3)]), tone=DIM, into=part, ink=1.0)
    tips = back[3:]
    foam: Outline = list(tips)
    for index, (x, z) in enumerate(reversed(tips)):
        foam.append((x - 0.03 - (0.03 if index % 2 else 0.0), z - (0.16 if index % 2 else 0.08)))
    m.card(sized(foam), tone=PAPER, into=part, ink=1.4)
    for start, end, bend in ((-0.3, -0.1, 0.02), (-0.2, 0.02, 0.04), (-0.08, 0.1, 0.05), (0.04, 0.15, 0.04)):
        run: Outline = [(start, 0.06), (start + (end - start) * 0.5 + bend, 0.2), (end + bend, 0.46)]
        m.card(sized(run), tone=None, closed=False, ink=1.3, line=0.25, into=part, taper=True)
    for _ in range(9):
        x, z = float(rng.uniform(0.1, 0.52)) * w, h * float(rng.uniform(0.8, 1.15))
        m.ball((x, 0.0, z), h * float(rng.uniform(0.012, 0.03)), PAPER, ink=1.0, into=part)
    m.card(
        sized(
            [(0.24, 0.0), (0.27, 0.09), (0.33, 0.05), (0.38, 0.14), (0.44, 0.07), (0.5, 0.11), (0.58, 0.0)]
        ),
        tone=PAPER,
        into=part,
        ink=1.3,
    )
    return m


def fire(w: float, d: float, h: float, state: str, rng: np.random.Generator) -> Model:
    """A camp fire: logs, stones and flames."""
    m = Model()
    for x, y in ((-0.42, 0.0), (0.42, 0.05), (-0.22, -0.36), (0.24, -0.34), (0.2, 0.36), (-0.2, 0.36)):
        m.ball((x * w, y * d, 0.05 * h + 0.02), w * 0.1, LIGHT)
    for x, y in ((-0.34, -0.1), (0.34, -0.1), (0.04, 0.3)):
        m.rod((x * w, y * d, 0.03), (-x * 0.1 * w, 0.0, h * 0.34), w * 0.06, DARK)
    flames(m, (0.0, 0.0, 0.06), w * 0.74, h, glow=PAPER)
    return m


def flowers(w: float, d: float, h: float, state: str, rng: np.random.Generator) -> Model:
    """A vase with five blooms."""
    m = Model()
    m.turned(
        [(w * 0.16, 0.0), (w * 0.24, h * 0.18), (w * 0.13, h * 0.36), (w * 0.18, h * 0.42)],
        tone=PAPER,
        count=12,
        creases=False,
    )
    bunch = m.part((-w * 0.3, -d * 0.3, h * 0.42), (w * 0.3, d * 0.3, h))
    for x, z in ((-0.36, 0.78), (-0.16, 0.92), (0.08, 0.84), (0.3, 0.93), (0.42, 0.72)):
        m.card(
            [(0.0, h * 0.4), (x * w * 0.6, h * (0.4 + z) / 2), (x * w, z * h)],
            tone=None,
            closed=False,
            ink=1.3,
            into=bunch,
        )
        m.card(
            [(a + x * w, b) for a, b in lumpy(rng, 6, w * 0.15, w * 0.15, z * h)],
            tone=PAPER,
            ink=1.2,
            into=bunch,
        )
        m.card(
            [(x * w + a * w * 0.04, z * h + b * w * 0.04) for a, b in ((-1, 0), (0, 1), (1, 0), (0, -1))],
            tone=DIM,
            ink=0.8,
            into=bunch,
            soft=True,
        )
    return m


def moon(w: float, d: float, h: float, state: str, rng: np.random.Generator) -> Model:
    """A full moon."""
    m = Model()
    part = m.ball((0.0, 0.0, h / 2), h / 2, 1.0, glow=True, ink=1.4)
    for x, z, r in ((-0.16, 0.62, 0.09), (0.14, 0.4, 0.13), (0.08, 0.74, 0.05)):
        disc = [
            (x * w + np.cos(t) * r * w, z * h + np.sin(t) * r * h)
            for t in np.linspace(0, 2 * np.pi, 12, endpoint=False)
        ]
        m.card([(float(a), float(b)) for a, b in disc], tone=0.85, ink=0.0, glow=True, into=part)
    return m


def sun(w: float, d: float, h: float, state: str, rng: np.random.Generator) -> Model:
    """A disc with rays."""
    m = Model()
    part = m.ball((0.0, 0.0, h / 2), h / 2, 1.0, glow=True, ink=1.4)
    for turn in range(14):
        a = turn / 14 * 2 * np.pi
        reach = (0.64, 0.84 if turn % 2 else 0.98)
        ray = [(float(np.cos(a)) * q * w, h / 2 + float(np.sin(a)) * q * h) for q in reach]
        m.card(ray, tone=None, closed=False, ink=1.4, line=0.3, into=part, taper=True)
    return m

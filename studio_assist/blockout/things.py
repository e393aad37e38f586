"""What lies on tables, stands in corners and is held in hands."""

from __future__ import annotations

from math import cos, pi, sin

from studio_assist.blockout.facets import DARK, DIM, INKY, LIGHT, MID, PALE, PAPER, Vec
from studio_assist.blockout.solids import Model, ring


def radio(w: float, d: float, h: float, state: str) -> Model:
    """A radio set: a big dial with its needle, two knobs, a scale and a grille."""
    m = Model()
    body = m.box((-w / 2, -d / 2, 0.0), (w / 2, d / 2, h), PAPER)
    r = min(w * 0.17, h * 0.3)
    body.disc("front", 0.26, 0.5, r, LIGHT, ink=1.8)
    body.disc("front", 0.26, 0.5, r * 0.16, INKY)
    body.rule("front", [(0.26, 0.5), (0.26 + r / w * 0.7, 0.5 + r / h * 0.6)], ink=2.0, soft=False)
    for up, size in ((0.64, 0.42), (0.28, 0.36)):
        body.disc("front", 0.7, up, r * size, DIM, ink=1.4)
        body.disc("front", 0.7, up, r * size * 0.4, PAPER, soft=True)
    body.on("front", 0.5, 0.82, 0.9, 0.9, DARK)
    for side in ("left", "right"):
        for step in range(5):
            body.rule(side, [(0.25, 0.3 + step * 0.1), (0.75, 0.3 + step * 0.1)], line=0.35)
    body.on("back", 0.12, 0.15, 0.88, 0.85, MID, soft=True)
    return m


def television(w: float, d: float, h: float, state: str) -> Model:
    """A set with a bulging screen, knobs and an aerial."""
    m = Model()
    body = m.box((-w / 2, -d / 2, 0.05), (w / 2, d * 0.1, h * 0.86), LIGHT)
    body.on("front", 0.06, 0.1, 0.76, 0.92, DIM)
    body.face(
        [
            body.spot("front", u, v)
            for u, v in (
                (0.1, 0.18),
                (0.14, 0.15),
                (0.41, 0.13),
                (0.68, 0.15),
                (0.72, 0.18),
                (0.73, 0.5),
                (0.72, 0.84),
                (0.41, 0.88),
                (0.1, 0.84),
                (0.09, 0.5),
            )
        ],
        PAPER if state in ("", "lit") else INKY,
        glow=True,
        ink=1.4,
        body=False,
    )
    for left in (0.22, 0.32):
        body.rule("front", [(left, 0.4), (left + 0.16, 0.72)], ink=1.2, line=0.6)
    for up in (0.76, 0.58):
        body.disc("front", 0.88, up, w * 0.04, DARK)
    for step in range(4):
        body.rule("front", [(0.81, 0.38 - step * 0.06), (0.95, 0.38 - step * 0.06)])
    m.block(
        [
            (-w * 0.36, d * 0.1, h * 0.16),
            (w * 0.36, d * 0.1, h * 0.16),
            (w * 0.28, d / 2, h * 0.2),
            (-w * 0.28, d / 2, h * 0.2),
            (-w * 0.36, d * 0.1, h * 0.76),
            (w * 0.36, d * 0.1, h * 0.76),
            (w * 0.28, d / 2, h * 0.66),
            (-w * 0.28, d / 2, h * 0.66),
        ],
        MID,
    )
    for sign in (-1.0, 1.0):
        m.rod((0.0, -d * 0.1, h * 0.86), (sign * w * 0.3, -d * 0.1, h * 1.2), 0.006, DARK)
    return m


def computer(w: float, d: float, h: float, state: str) -> Model:
    """A monitor on its foot, a keyboard before it."""
    m = Model()
    m.box((-w * 0.2, d * 0.05, 0.0), (w * 0.2, d * 0.42, 0.02), DARK, ink=1.3)
    m.box((-0.03, d * 0.2, 0.02), (0.03, d * 0.28, h * 0.4), DARK, ink=1.3)
    glass = m.box((-w / 2, d * 0.12, h * 0.24), (w / 2, d * 0.2, h), DARK)
    glass.on("front", 0.04, 0.08, 0.96, 0.95, PAPER, glow=True)
    for row in range(5):
        glass.rule(
            "front",
            [(0.1, 0.82 - row * 0.13), (0.34 + (row * 29 % 40) / 100, 0.82 - row * 0.13)],
            ink=1.4,
            line=0.5,
        )
    keys = m.box((-w * 0.4, -d / 2, 0.0), (w * 0.4, -d * 0.12, 0.02), LIGHT, ink=1.3)
    for row in range(1, 4):
        keys.rule("top", [(0.03, row / 4), (0.97, row / 4)], ink=0.9)
    for column in range(1, 12):
        keys.rule("top", [(column / 12, 0.05), (column / 12, 0.95)], ink=0.7)
    return m


def telephone(w: float, d: float, h: float, state: str) -> Model:
    """A desk telephone with a dial and its receiver on the cradle."""
    m = Model()
    base = h * 0.62
    body = m.block(
        [
            (-w / 2, -d / 2, 0.0),
            (w / 2, -d / 2, 0.0),
            (w / 2, d / 2, 0.0),
            (-w / 2, d / 2, 0.0),
            (-w * 0.3, -d * 0.05, base),
            (w * 0.3, -d * 0.05, base),
            (w * 0.3, d * 0.35, base),
            (-w * 0.3, d * 0.35, base),
        ],
        DARK,
    )
    y0, z0 = -d * 0.29, base * 0.46
    lean = (-0.5, 0.86)
    for share, tone in ((0.3, PAPER), (0.12, DIM)):
        body.face(
            [
                (a * w * share, y0 - 0.01 + b * w * share * 0.55, z0 + b * w * share * 0.8)
                for a, b in ring(1.0, 14)
            ],
            tone,
            ink=1.2,
            body=False,
        )
    for turn in range(10):
        a = turn / 10 * 2 * pi
        body.stroke(
            [
                (cos(a) * w * 0.2, y0 - 0.015 + sin(a) * w * 0.11, z0 + sin(a) * w * 0.16),
                (cos(a) * w * 0.24, y0 - 0.015 + sin(a) * w * 0.13, z0 + sin(a) * w * 0.19),
            ],
            normal=(0.0, lean[0], lean[1]),
            ink=1.6,
        )
    m.rod((-w * 0.46, d * 0.14, h * 0.86), (w * 0.46, d * 0.14, h * 0.86), h * 0.1, DARK, round_ends=True)
    for sign in (-1.0, 1.0):
        m.rod(
            (sign * w * 0.46, d * 0.14, h * 0.86),
            (sign * w * 0.48, d * 0.1, h * 0.62),
            h * 0.16,
            DARK,
            round_ends=True,
        )
    return m


def lamp(w: float, d: float, h: float, state: str) -> Model:
    """A desk lamp with a bent arm when it is low, a floor lamp with a shade when it is tall."""
    m = Model()
    shining = state != "broken"
    if h > 0.9:
        m.turned([(w * 0.4, 0.0), (w * 0.36, 0.03), (0.02, 0.05), (0.015, h * 0.76)], tone=DIM, count=12)
        m.turned([(w * 0.5, h * 0.74), (w * 0.3, h)], tone=PAPER, count=16, glow=shining, caps=False)
        return m
    m.turned([(w * 0.36, 0.0), (w * 0.3, 0.03)], (w * 0.2, 0.0, 0.0), DARK, count=12)
    m.rod((w * 0.22, 0.0, 0.02), (w * 0.36, 0.0, h * 0.6), 0.012, DARK)
    m.rod((w * 0.36, 0.0, h * 0.58), (w * 0.02, 0.0, h * 0.96), 0.012, DARK)
    m.turned(
        [(w * 0.3, -w * 0.22), (w * 0.16, w * 0.1), (w * 0.08, w * 0.2)],
        (-w * 0.08, 0.0, h * 0.88),
        PAPER,
        axis=(0.42, 0.0, 0.9),
        count=14,
        glow=shining,
    )
    return m


def cup(w: float, d: float, h: float, state: str) -> Model:
    """A cup with an ear."""
    m = Model()
    r = min(w, d) * 0.42
    body = m.turned([(r * 0.7, 0.0), (r * 0.95, h * 0.4), (r, h)], tone=PAPER, count=14, creases=False)
    body.face([(x, y, h + 0.0005) for x, y in ring(r * 0.88, 14)], DIM, ink=1.1, body=False)
    ear = m.part((r * 0.9, -0.01, h * 0.2), (r * 1.6, 0.01, h * 0.85))
    run: list[Vec] = [
        (r * 0.95 + sin(a) * r * 0.55, 0.0, h * 0.53 + cos(a) * h * 0.3)
        for a in [pi * step / 6 for step in range(7)]
    ]
    m.tube(run, [h * 0.07] * len(run), PAPER, ear, ink=1.6)
    return m


def glass(w: float, d: float, h: float, state: str) -> Model:
    """A tumbler, half full."""
    m = Model()
    r = min(w, d) / 2
    m.turned([(r * 0.78, 0.0), (r * 0.88, h * 0.5), (r, h)], tone=PAPER, count=12, tones=(LIGHT, PAPER))
    return m


def bottle(w: float, d: float, h: float, state: str) -> Model:
    """A bottle with a label."""
    m = Model()
    r = min(w, d) / 2
    body = m.turned(
        [(r, 0.0), (r, h * 0.58), (r * 0.8, h * 0.68), (r * 0.34, h * 0.78), (r * 0.34, h)],
        tone=DIM,
        count=14,
        creases=False,
    )
    label = [
        (cos(a) * r * 1.01, sin(a) * r * 1.01) for a in [-pi / 2 + (step - 3) * 0.3 for step in range(7)]
    ]
    body.face(
        [*[(x, y, h * 0.18) for x, y in label], *[(x, y, h * 0.46) for x, y in label[::-1]]],
        PAPER,
        ink=1.0,
        body=False,
    )
    return m


def plate(w: float, d: float, h: float, state: str) -> Model:
    """A plate."""
    m = Model()
    r = min(w, d) / 2
    body = m.turned([(r * 0.6, 0.0), (r, h)], tone=PAPER, count=18)
    body.face([(x, y, h + 0.0005) for x, y in ring(r * 0.62, 18)], PALE, ink=1.0, body=False)
    return m


def candle(w: float, d: float, h: float, state: str) -> Model:
    """A candle on a saucer; "broken": out."""
    m = Model()
    r = min(w, d) / 2
    m.turned([(r * 0.7, 0.0), (r, 0.015)], tone=MID, count=14)
    m.turned([(r * 0.28, 0.015), (r * 0.26, h * 0.74)], tone=PAPER, count=10)
    part = m.part((-r * 0.2, -r * 0.2, h * 0.74), (r * 0.2, r * 0.2, h))
    m.card([(0.0, 0.0), (0.0, h * 0.05)], (0.0, 0.0, h * 0.74), None, closed=False, ink=1.4, into=part)
    if state != "broken":
        flame = [
            (-0.14, 0.02),
            (-0.2, 0.3),
            (-0.1, 0.62),
            (0.02, 1.0),
            (0.14, 0.6),
            (0.2, 0.28),
            (0.13, 0.02),
        ]
        m.card(
            [(x * r * 1.6, z * h * 0.26) for x, z in flame],
            (0.0, 0.0, h * 0.77),
            PAPER,
            glow=True,
            ink=1.3,
            into=part,
        )
    return m

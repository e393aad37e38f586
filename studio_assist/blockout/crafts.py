"""Trains, aircraft, boats and ships. Fronts are towards -y, as with every piece."""

from __future__ import annotations

from math import cos, pi, sin

from studio_assist.blockout.facets import DARK, DIM, LIGHT, MID, PALE, PAPER, Vec
from studio_assist.blockout.solids import Model, ring
from studio_assist.blockout.vehicles import GLASS, wheel


def train(w: float, d: float, h: float, state: str) -> Model:
    """A steam engine and its carriages, along y."""
    m = Model()
    half, r = w / 2, h * 0.13
    engine = min(d * 0.4, 9.0)
    f = -d / 2
    m.box((-half * 0.8, f + 0.3, r * 1.2), (half * 0.8, f + engine, r * 2.2), DARK)
    m.turned(
        [(h * 0.24, 0.0), (h * 0.24, engine * 0.62)],
        (0.0, f + 0.4, h * 0.54),
        MID,
        axis=(0.0, 1.0, 0.0),
        count=16,
    )
    nose = m.parts[-1]
    nose.face([(x, f + 0.39, h * 0.54 + z) for x, z in ring(h * 0.17, 16)], DIM, ink=1.4, body=False)
    nose.face(
        [(x, f + 0.38, h * 0.7 + z) for x, z in ring(h * 0.055, 12)], PAPER, ink=1.4, glow=True, body=False
    )
    m.turned(
        [(h * 0.07, h * 0.76), (h * 0.06, h * 0.92), (h * 0.1, h)],
        (0.0, f + engine * 0.16, 0.0),
        DARK,
        count=12,
    )
    m.turned(
        [(h * 0.09, h * 0.74), (h * 0.09, h * 0.84), (h * 0.03, h * 0.88)],
        (0.0, f + engine * 0.42, 0.0),
        MID,
        count=12,
    )
    cab = m.box((-half, f + engine * 0.66, r * 1.5), (half, f + engine, h * 0.95), MID)
    for side in ("left", "right"):
        cab.on(side, 0.2, 0.5, 0.8, 0.84, GLASS, glow=True)
    m.block(
        [
            (-half * 0.9, f - 0.2, 0.15),
            (half * 0.9, f - 0.2, 0.15),
            (half * 0.9, f + 0.4, 0.15),
            (-half * 0.9, f + 0.4, 0.15),
            (-half * 0.5, f + 0.2, r * 1.8),
            (half * 0.5, f + 0.2, r * 1.8),
            (half * 0.5, f + 0.4, r * 1.8),
            (-half * 0.5, f + 0.4, r * 1.8),
        ],
        DIM,
    )
    for place in range(3):
        for sign in (-1.0, 1.0):
            wheel(m, sign * half * 0.86, f + engine * (0.24 + 0.22 * place), r * 1.4, 0.14, sign)
    y = f + engine + 0.4
    while y < d / 2 - 3.0:
        end = min(y + 9.0, d / 2)
        coach = m.box((-half, y, r * 1.4), (half, end, h * 0.92), PALE)
        count = max(3, round((end - y) / 1.5))
        for side in ("left", "right"):
            for place in range(count):
                coach.on(
                    side,
                    (place + 0.16) / count,
                    0.48,
                    (place + 0.84) / count,
                    0.84,
                    GLASS,
                    glow=True,
                    ink=1.2,
                )
            coach.rule(side, [(0.0, 0.4), (1.0, 0.4)])
        for at in (0.16, 0.84):
            for sign in (-1.0, 1.0):
                wheel(m, sign * half * 0.86, y + (end - y) * at, r, 0.14, sign)
        y = end + 0.4
    return m


def aeroplane(w: float, d: float, h: float, state: str) -> Model:
    """A propeller aeroplane; w is the span."""
    m = Model()
    z, r = h * 0.5, h * 0.24
    m.turned(
        [(0.02, 0.0), (r * 0.8, d * 0.06), (r, d * 0.2), (r * 0.95, d * 0.45), (r * 0.2, d * 0.97)],
        (0.0, -d / 2, z),
        PALE,
        axis=(0.0, 1.0, 0.0),
        count=16,
        creases=False,
    )
    chord = d * 0.2
    for sign in (-1.0, 1.0):
        flat = [
            (sign * r * 0.6, -d * 0.26),
            (sign * w / 2, -d * 0.2),
            (sign * w / 2, -d * 0.2 + chord * 0.6),
            (sign * r * 0.6, -d * 0.26 + chord),
        ]
        wing = m.prism(flat, z - r * 0.3, z - r * 0.3 + 0.14, LIGHT, axis="z")
        wing.stroke([(sign * w * 0.2, -d * 0.1, z), (sign * w * 0.46, -d * 0.1, z)], normal=(0.0, 0.0, 1.0))
        tail = [
            (sign * r * 0.2, d * 0.36),
            (sign * w * 0.17, d * 0.4),
            (sign * w * 0.17, d * 0.47),
            (sign * r * 0.15, d * 0.48),
        ]
        m.prism(tail, z + r * 0.1, z + r * 0.1 + 0.08, LIGHT, axis="z")
        m.rod((sign * r * 0.7, -d * 0.2, z - r * 0.5), (sign * r * 1.3, -d * 0.22, h * 0.12), 0.06, DIM)
        wheel(m, sign * r * 1.35, -d * 0.22, h * 0.12, 0.14, sign)
    m.prism(
        [(d * 0.34, z + r * 0.2), (d * 0.49, z + r * 0.1), (d * 0.5, h), (d * 0.43, h)], -0.05, 0.05, LIGHT
    )
    canopy = m.block(
        [
            (-r * 0.7, -d * 0.26, z + r * 0.6),
            (r * 0.7, -d * 0.26, z + r * 0.6),
            (r * 0.7, -d * 0.02, z + r * 0.6),
            (-r * 0.7, -d * 0.02, z + r * 0.6),
            (-r * 0.45, -d * 0.2, z + r * 1.5),
            (r * 0.45, -d * 0.2, z + r * 1.5),
            (r * 0.4, -d * 0.08, z + r * 1.4),
            (-r * 0.4, -d * 0.08, z + r * 1.4),
        ],
        MID,
    )
    canopy.rule("left", [(0.5, 0.0), (0.5, 1.0)])
    canopy.rule("right", [(0.5, 0.0), (0.5, 1.0)])
    blade = m.part((-0.1, -d / 2 - 0.15, z - h * 0.4), (0.1, -d / 2 - 0.05, z + h * 0.4))
    for a in (0.6, 0.6 + pi):
        m.rod(
            (0.0, -d / 2 - 0.1, z),
            (cos(a) * h * 0.36, -d / 2 - 0.1, z + sin(a) * h * 0.36),
            0.05,
            DARK,
            thin=0.11,
            into=blade,
            round_ends=True,
        )
    m.ball((0.0, -d / 2 - 0.1, z), 0.16, MID, into=blade)
    return m


def helicopter(w: float, d: float, h: float, state: str) -> Model:
    """A helicopter on skids; w is the rotor's span."""
    m = Model()
    z, r, f = h * 0.45, h * 0.28, -d * 0.3
    m.turned(
        [(r * 0.1, 0.0), (r * 0.8, d * 0.05), (r, d * 0.18), (r * 0.9, d * 0.34), (r * 0.3, d * 0.46)],
        (0.0, f, z),
        PALE,
        axis=(0.0, 1.0, 0.0),
        count=16,
        creases=False,
    )
    cabin = m.parts[-1]
    for sign in (-1.0, 1.0):
        window: list[Vec] = [
            (sign * r * 1.0, f + d * 0.1, z),
            (sign * r * 1.0, f + d * 0.24, z),
            (sign * r * 0.8, f + d * 0.22, z + r * 0.62),
            (sign * r * 0.7, f + d * 0.1, z + r * 0.55),
        ]
        cabin.face(window if sign > 0 else window[::-1], GLASS, ink=1.3, glow=True, body=False)
        m.rod((sign * r * 0.5, f + d * 0.12, z - r * 0.7), (sign * r, f + d * 0.12, 0.1), 0.04, DIM)
        m.rod((sign * r * 0.5, f + d * 0.3, z - r * 0.7), (sign * r, f + d * 0.3, 0.1), 0.04, DIM)
        m.rod((sign * r, f - 0.1, 0.08), (sign * r, f + d * 0.42, 0.08), 0.05, DARK)
    screen: list[Vec] = [
        (-r * 0.62, f + d * 0.03, z + r * 0.1),
        (r * 0.62, f + d * 0.03, z + r * 0.1),
        (r * 0.5, f + d * 0.1, z + r * 0.72),
        (-r * 0.5, f + d * 0.1, z + r * 0.72),
    ]
    cabin.face(screen, GLASS, ink=1.3, glow=True, body=False)
    m.rod((0.0, f + d * 0.4, z + r * 0.25), (0.0, d * 0.5, z + r * 0.5), r * 0.3, LIGHT, thin=r * 0.12)
    m.prism(
        [(d * 0.44, z + r * 0.3), (d * 0.5, z + r * 0.4), (d * 0.53, z + r * 1.4), (d * 0.47, z + r * 1.4)],
        -0.04,
        0.04,
        LIGHT,
    )
    m.turned([(0.08, z + r * 0.9), (0.06, h - 0.1)], (0.0, f + d * 0.24, 0.0), DIM, count=8)
    rotor = m.part((-w / 2, f, h - 0.12), (w / 2, f + d * 0.4, h))
    for a in (0.3, 0.3 + pi / 2, 0.3 + pi, 0.3 + 1.5 * pi):
        m.rod(
            (0.0, f + d * 0.24, h - 0.06),
            (cos(a) * w / 2, f + d * 0.24 + sin(a) * w / 2, h - 0.1),
            0.06,
            DIM,
            thin=0.12,
            into=rotor,
        )
    return m


def boat(w: float, d: float, h: float, state: str) -> Model:
    """A rowing boat along y, with thwarts; its bow is towards -y."""
    m = Model()
    half = w / 2
    plan = [
        (0.0, -d / 2),
        (half * 0.62, -d * 0.3),
        (half, -d * 0.02),
        (half * 0.94, d * 0.28),
        (half * 0.66, d / 2),
    ]
    ring_ = [*plan, *[(-x, y) for x, y in plan[::-1] if x > 0]]
    rim: list[Vec] = [(x, y, h * (0.8 + 0.3 * (2 * y / d) ** 2 * (1 if y < 0 else 0.5))) for x, y in ring_]
    keel: list[Vec] = [(x * 0.6, y * 0.86, 0.0) for x, y in ring_]
    floor: list[Vec] = [(x * 0.68, y * 0.84, h * 0.24) for x, y in ring_]
    count = len(ring_)
    inside = m.part((-half * 0.6, -d * 0.4, 0.02), (half * 0.6, d * 0.4, h * 0.3))
    inside.face(floor, LIGHT, ink=1.2, body=False)
    for index in range(count):
        after = (index + 1) % count
        near = m.part()
        near.face([floor[after], floor[index], rim[index], rim[after]], LIGHT, ink=0.9)
        near.face([keel[index], keel[after], rim[after], rim[index]], PALE, ink=1.3)
        near.shell = near.marks[-1]
        lerp: list[Vec] = []
        for at in (index, after):
            k, t = keel[at], rim[at]
            lerp.append((k[0] + (t[0] - k[0]) * 0.6, k[1] + (t[1] - k[1]) * 0.6, k[2] + (t[2] - k[2]) * 0.6))
        outward = (lerp[1][1] - lerp[0][1], lerp[0][0] - lerp[1][0], 0.0)
        near.stroke(lerp, normal=outward, ink=1.1, line=0.3)
        near.stroke([rim[index], rim[after]], ink=2.6, soft=False)
    for y in (-d * 0.18, d * 0.1, d * 0.34):
        reach = half * (0.86 if abs(y) < d * 0.3 else 0.72)
        m.box((-reach, y - 0.12, h * 0.56), (reach, y + 0.12, h * 0.6), PAPER, ink=1.3)
    return m


def ship(w: float, d: float, h: float, state: str) -> Model:
    """A steamer along y: hull, deck houses, a funnel and masts. Its bow is towards -y."""
    m = Model()
    half, deck = w / 2, h * 0.34
    plan = [(0.0, -d / 2), (half * 0.7, -d * 0.34), (half, -d * 0.14), (half, d * 0.36), (half * 0.7, d / 2)]
    ring_ = [*plan, *[(-x, y) for x, y in plan[::-1] if x > 0]]
    count = len(ring_)
    hull = m.part()
    rim: list[Vec] = [(x, y, deck * (1.0 + 0.24 * max(0.0, -2 * y / d) ** 2)) for x, y in ring_]
    keel: list[Vec] = [(x * 0.84, y * 0.92, -0.3) for x, y in ring_]
    for index in range(count):
        after = (index + 1) % count
        hull.face([keel[index], keel[after], rim[after], rim[index]], DIM, ink=1.4)
        a, b = rim[index], rim[after]
        hull.face(
            [(a[0], a[1], a[2] - deck * 0.16), (b[0], b[1], b[2] - deck * 0.16), b, a],
            PALE,
            ink=1.2,
            body=False,
        )
    hull.face(rim, LIGHT, ink=1.6)
    for sign in (-1.0, 1.0):
        for place in range(7):
            y = -d * 0.1 + place * d * 0.07
            port = [(sign * half * 0.96, y + p, deck * 0.6 + q) for p, q in ring(deck * 0.06, 10)]
            hull.face(port if sign > 0 else port[::-1], PAPER, ink=1.0, soft=True, glow=True, body=False)
    first = m.box((-half * 0.7, -d * 0.16, deck), (half * 0.7, d * 0.3, deck + h * 0.13), PAPER)
    second = m.box(
        (-half * 0.56, -d * 0.14, deck + h * 0.13), (half * 0.56, d * 0.06, deck + h * 0.25), PAPER
    )
    for house, columns in ((first, 8), (second, 4)):
        for side in ("left", "right", "front"):
            for place in range(columns if side != "front" else 3):
                n = columns if side != "front" else 3
                house.on(side, (place + 0.25) / n, 0.4, (place + 0.75) / n, 0.8, GLASS, ink=1.0, glow=True)
    funnel = m.turned(
        [(half * 0.24, deck + h * 0.13), (half * 0.22, h * 0.74), (half * 0.22, h * 0.82)],
        (0.0, d * 0.14, 0.0),
        LIGHT,
        count=14,
        tones=(LIGHT, DARK),
    )
    funnel.span([(0.0, d * 0.14, h * 0.82)])
    for y, top in ((-d * 0.3, h), (d * 0.38, h * 0.88)):
        m.rod((0.0, y, deck), (0.0, y, top), w * 0.025, DIM, thin=w * 0.012)
        m.rod((-half * 0.5, y, top * 0.82), (half * 0.5, y, top * 0.82), w * 0.01, DIM)
    return m

"""What belongs to a house: openings, what hangs on walls, stairs, plumbing, and machines."""

from __future__ import annotations

from math import cos, pi, sin

from studio_assist.blockout.drawing import Hatch
from studio_assist.blockout.facets import DARK, DIM, INKY, LIGHT, MID, PALE, PAPER, Vec
from studio_assist.blockout.solids import Model, ring


def wall(w: float, d: float, h: float, state: str) -> Model:
    """A free-standing wall with a skirting."""
    m = Model()
    count = max(1, round(w / 2.0))
    for place in range(count):
        left, right = -w / 2 + w * place / count, -w / 2 + w * (place + 1) / count
        made = m.part()
        corners = [(left, -d / 2), (right, -d / 2), (right, d / 2), (left, d / 2)]
        low = [(x, y, 0.0) for x, y in corners]
        high = [(x, y, h) for x, y in corners]
        made.face([low[0], low[1], high[1], high[0]], PALE, ink=0.0)
        made.face([low[2], low[3], high[3], high[2]], PALE, ink=0.0)
        made.face(high, PAPER, ink=1.2)
        for edge, index in ((place == 0, 3), (place == count - 1, 1)):
            if edge:
                after = (index + 1) % 4
                made.face([low[index], low[after], high[after], high[index]], PALE, ink=2.0)
        for side in ("front", "back"):
            made.rule(side, [(0.0, 0.12 / h), (1.0, 0.12 / h)], soft=False)
            made.rule(side, [(0.0, 0.0), (1.0, 0.0)], ink=1.8, soft=False)
            made.rule(side, [(0.0, 1.0), (1.0, 1.0)], ink=1.8, soft=False)
        if state == "broken" and place == count // 2:
            made.rule("front", [(0.5, 1.0), (0.44, 0.7), (0.56, 0.5), (0.5, 0.3)], ink=2.2, soft=False)
    return m


def stairs(w: float, d: float, h: float, state: str) -> Model:
    """A flight that climbs towards +y, with a railing on its left."""
    m = Model()
    count = max(3, round(h / 0.18))
    rise, run = h / count, d / count
    for step in range(count):
        y = -d / 2 + step * run
        low, top = step * rise, (step + 1) * rise
        made = m.part((-w / 2, y, 0.0), (w / 2, y + run, top))
        made.face([(-w / 2, y, low), (w / 2, y, low), (w / 2, y, top), (-w / 2, y, top)], LIGHT, ink=1.3)
        tread = [(-w / 2, y, top), (w / 2, y, top), (w / 2, y + run, top), (-w / 2, y + run, top)]
        made.face(tread, PAPER, ink=1.3)
        for x in (-w / 2, w / 2):
            flank: list[Vec] = [(x, y, 0.0), (x, y + run, 0.0), (x, y + run, top), (x, y, top)]
            made.face(flank if x > 0 else flank[::-1], LIGHT, ink=0.0)
            edge: list[Vec] = [(x, y, low), (x, y, top), (x, y + run, top)]
            made.stroke(edge, normal=(x, 0.0, 0.0), ink=1.4, soft=False)
        if step == count - 1:
            y += run
            made.face([(w / 2, y, 0.0), (-w / 2, y, 0.0), (-w / 2, y, top), (w / 2, y, top)], LIGHT, ink=1.3)
    rail = 0.9
    x = -w / 2 + 0.04
    for step in range(0, count, 2):
        y, z = -d / 2 + (step + 0.5) * run, (step + 1) * rise
        m.rod((x, y, z), (x, y, z + rail), 0.014, DARK)
    y = -d / 2 + run / 2
    m.rod((x, y, rise + rail), (x, d / 2 - run / 2, h + rail), 0.03, DIM)
    return m


def railing(w: float, d: float, h: float, state: str) -> Model:
    """Posts, a hand rail and a lower rail."""
    m = Model()
    count = max(2, round(w / 0.14))
    bars = m.part((-w / 2, -0.02, 0.0), (w / 2, 0.02, h - 0.05))
    for place in range(count + 1):
        x = -w / 2 + w * place / count
        m.rod(
            (x, 0.0, 0.0),
            (x, 0.0, h - 0.05),
            0.03 if place % 8 == 0 or place == count else 0.01,
            DIM,
            into=bars,
        )
    m.rod((-w / 2, 0.0, 0.12), (w / 2, 0.0, 0.12), 0.015, DIM, into=bars)
    m.box((-w / 2, -d / 2, h - 0.05), (w / 2, d / 2, h), PALE, ink=1.5)
    return m


def bars(w: float, d: float, h: float, state: str) -> Model:
    """Prison bars from floor to ceiling, with two flat rails."""
    m = Model()
    count = max(3, round(w / 0.13))
    for place in range(count + 1):
        x = -w / 2 + w * place / count
        m.rod((x, 0.0, 0.0), (x, 0.0, h), 0.018, DIM)
    for share in (0.04, 0.5, 0.94):
        m.box((-w / 2, -d / 2, h * share), (w / 2, d / 2, h * share + 0.05), DIM, ink=1.4)
    return m


def column(w: float, d: float, h: float, state: str) -> Model:
    """A round column on a square foot, with a capital."""
    m = Model()
    r = min(w, d) / 2
    m.box((-r, -r, 0.0), (r, r, h * 0.05), PALE)
    shaft = m.turned(
        [
            (r * 0.86, h * 0.05),
            (r * 0.78, h * 0.09),
            (r * 0.78, h * 0.4),
            (r * 0.66, h * 0.9),
            (r * 0.86, h * 0.95),
        ],
        tone=PALE,
        count=18,
        creases=False,
    )
    for turn in range(0, 18, 2):
        angle = turn / 18 * 2 * pi
        a, b = cos(angle), sin(angle)
        shaft.stroke(
            [(a * r * 0.78, b * r * 0.78, h * 0.1), (a * r * 0.67, b * r * 0.67, h * 0.88)],
            normal=(a, b, 0.0),
            ink=0.8,
            line=0.45,
        )
    m.box((-r, -r, h * 0.95), (r, r, h), PALE)
    return m


def ladder(w: float, d: float, h: float, state: str) -> Model:
    """A ladder that leans towards +y."""
    m = Model()
    count = max(3, round(h / 0.28))
    for x in (-w / 2, w / 2):
        m.rod((x, -d / 2, 0.0), (x, d / 2, h), 0.03, PALE)
    for step in range(1, count):
        share = step / count
        y, z = -d / 2 + d * share, h * share
        m.rod((-w / 2, y, z), (w / 2, y, z), 0.018, PALE)
    return m


def rug(w: float, d: float, h: float, state: str) -> Model:
    """A carpet with a border and fringes."""
    m = Model()
    part = m.part((-w / 2, -d / 2, 0.0), (w / 2, d / 2, 0.01))
    for inset, tone in ((0.0, MID), (0.08, PALE), (0.13, LIGHT)):
        x, y = w / 2 - inset, d / 2 - inset
        part.face(
            [(-x, -y, 0.005), (x, -y, 0.005), (x, y, 0.005), (-x, y, 0.005)],
            tone,
            ink=1.3,
            both=True,
            body=False,
        )
    part.face(
        [(0.0, -d * 0.28, 0.005), (w * 0.28, 0.0, 0.005), (0.0, d * 0.28, 0.005), (-w * 0.28, 0.0, 0.005)],
        MID,
        ink=1.1,
        both=True,
        soft=True,
        body=False,
    )
    for step in range(15):
        y = -d / 2 + d * (step + 0.5) / 15
        for sign in (-1.0, 1.0):
            part.stroke([(sign * w / 2, y, 0.005), (sign * (w / 2 + 0.05), y, 0.005)], ink=0.9)
    return m


def sink(w: float, d: float, h: float, state: str) -> Model:
    """A basin on a foot, with a tap."""
    m = Model()
    m.turned(
        [(0.09, 0.0), (0.07, h * 0.5), (0.1, h * 0.8)], (0.0, d * 0.15, 0.0), PAPER, count=10, creases=False
    )
    basin = m.block(
        [
            (-w * 0.36, -d * 0.3, h * 0.78),
            (w * 0.36, -d * 0.3, h * 0.78),
            (w * 0.4, d / 2, h * 0.78),
            (-w * 0.4, d / 2, h * 0.78),
            (-w / 2, -d / 2, h),
            (w / 2, -d / 2, h),
            (w / 2, d / 2, h),
            (-w / 2, d / 2, h),
        ],
        PAPER,
    )
    basin.face(
        [(x * w * 0.4, y * d * 0.33 - d * 0.08, h + 0.001) for x, y in ring(1.0, 16)],
        MID,
        ink=1.2,
        body=False,
    )
    tap = m.part((-0.02, d * 0.2, h), (0.02, d * 0.45, h + 0.2))
    m.rod((0.0, d * 0.4, h), (0.0, d * 0.4, h + 0.16), 0.014, LIGHT, into=tap)
    m.rod((0.0, d * 0.4, h + 0.16), (0.0, d * 0.22, h + 0.14), 0.014, LIGHT, into=tap)
    return m


def bath(w: float, d: float, h: float, state: str) -> Model:
    """A bath tub along x, water in it."""
    m = Model()
    outer = [
        (x * w / 2, y * d / 2)
        for x, y in (
            (-0.88, -1),
            (0.88, -1),
            (1, -0.7),
            (1, 0.7),
            (0.88, 1),
            (-0.88, 1),
            (-1, 0.7),
            (-1, -0.7),
        )
    ]
    tub = m.part()
    high = [(x, y, h) for x, y in outer]
    low = [(x * 0.88, y * 0.84, 0.06) for x, y in outer]
    for index in range(8):
        after = (index + 1) % 8
        side = m.part()
        side.face([low[index], low[after], high[after], high[index]], PAPER, ink=1.4)
        side.shell = side.marks[-1]
    tub.face(high, PAPER, ink=2.0)
    tub.face([(x * 0.9, y * 0.84, h + 0.001) for x, y in outer], LIGHT, ink=1.4, body=False)
    tub.stroke(
        [(-w * 0.3, -d * 0.1, h), (0.0, -d * 0.13, h), (w * 0.1, -d * 0.1, h)],
        ink=1.0,
        normal=(0.0, 0.0, 1.0),
    )
    m.rod((w * 0.4, 0.0, h), (w * 0.4, 0.0, h + 0.18), 0.02, LIGHT)
    m.rod((w * 0.4, 0.0, h + 0.18), (w * 0.32, 0.0, h + 0.15), 0.02, LIGHT)
    for x in (-w * 0.36, w * 0.36):
        for y in (-d * 0.3, d * 0.3):
            m.ball((x, y, 0.05), 0.05, DIM)
    return m


def toilet(w: float, d: float, h: float, state: str) -> Model:
    """A bowl with a seat and a cistern."""
    m = Model()
    seat = h * 0.52
    m.box((-w / 2, d / 2 - 0.18, seat), (w / 2, d / 2, h), PAPER).disc(
        "front", 0.85, 0.8, 0.02, DARK, soft=True
    )
    m.turned(
        [(w * 0.26, 0.0), (w * 0.22, seat * 0.5), (w * 0.46, seat)],
        (0.0, -d * 0.12, 0.0),
        PAPER,
        count=14,
        creases=False,
    )
    lid = m.part((-w / 2, -d / 2, seat), (w / 2, d / 2 - 0.18, seat + 0.03))
    lid.face(
        [(x * w * 0.5, y * d * 0.36 - d * 0.1, seat + 0.03) for x, y in ring(1.0, 16)],
        PAPER,
        ink=1.8,
        both=True,
        body=False,
    )
    lid.face(
        [(x * w * 0.32, y * d * 0.25 - d * 0.1, seat + 0.031) for x, y in ring(1.0, 16)],
        DIM,
        ink=1.2,
        body=False,
    )
    return m


def altar(w: float, d: float, h: float, state: str) -> Model:
    """A stone table with a cloth, a cross and two candles."""
    m = Model()
    m.box((-w / 2 - 0.2, -d / 2 - 0.25, 0.0), (w / 2 + 0.2, d / 2 + 0.1, 0.14), MID)
    m.box((-w / 2 + 0.1, -d / 2 + 0.06, 0.14), (w / 2 - 0.1, d / 2 - 0.06, h - 0.1), LIGHT)
    cloth = m.box((-w / 2, -d / 2, h * 0.62), (w / 2, d / 2, h), PAPER)
    cloth.rule("front", [(0.0, 0.12), (1.0, 0.12)], ink=0.9)
    cloth.rule("front", [(0.5, 0.3), (0.5, 0.75)], ink=2.6, soft=False)
    cloth.rule("front", [(0.42, 0.6), (0.58, 0.6)], ink=2.6, soft=False)
    m.box((-0.04, d * 0.2, h), (0.04, d * 0.2 + 0.06, h + 0.75), DIM)
    m.box((-0.22, d * 0.2, h + 0.45), (0.22, d * 0.2 + 0.06, h + 0.53), DIM)
    for x in (-w * 0.36, w * 0.36):
        m.rod((x, 0.0, h), (x, 0.0, h + 0.3), 0.03, PAPER)
        m.card(
            [(-0.025, 0.0), (0.0, -0.02), (0.025, 0.0), (0.0, 0.1)],
            (x, 0.0, h + 0.32),
            PAPER,
            glow=True,
            ink=1.0,
        )
    return m


def machine(w: float, d: float, h: float, state: str) -> Model:
    """A cabinet of gauges, levers, a fly wheel and pipes."""
    m = Model()
    body = m.box((-w / 2, -d / 2, 0.0), (w / 2, d / 2, h * 0.8), MID)
    for place in (0.16, 0.36):
        body.disc("front", place, 0.78, min(w, h) * 0.08, PAPER, ink=1.6)
        body.rule("front", [(place, 0.78), (place + 0.035, 0.83)], ink=1.6)
    body.on("front", 0.08, 0.12, 0.46, 0.56, DIM, hatch=Hatch(0.0, 8.0, 1.0, 0.2))
    for row in range(3):
        for place in range(3):
            body.disc(
                "front",
                0.6 + place * 0.12,
                0.62 + row * 0.12,
                0.02 * min(w, 1.5),
                PAPER if (row + place) % 2 else DARK,
                soft=True,
            )
    m.turned(
        [(h * 0.22, 0.0), (h * 0.22, 0.08)],
        (w * 0.22, -d / 2 - 0.02, h * 0.3),
        DIM,
        axis=(0.0, -1.0, 0.0),
        count=18,
    )
    hub = m.part((w * 0.1, -d / 2 - 0.16, h * 0.2), (w * 0.34, -d / 2 - 0.1, h * 0.4))
    m.ball((w * 0.22, -d / 2 - 0.12, h * 0.3), 0.05, PAPER, into=hub)
    m.turned([(0.09, h * 0.8), (0.09, h * 1.15)], (-w * 0.25, 0.0, 0.0), LIGHT, count=12)
    m.turned([(0.14, h * 0.8), (0.14, h)], (w * 0.2, 0.0, 0.0), LIGHT, count=14)
    m.rod((-w * 0.42, -d / 2 - 0.02, h * 0.62), (-w * 0.42, -d / 2 - 0.2, h * 0.86), 0.02, DARK)
    return m


def crate(w: float, d: float, h: float, state: str) -> Model:
    """A wooden crate with battens and a brace."""
    m = Model()
    box = m.box((-w / 2, -d / 2, 0.0), (w / 2, d / 2, h), LIGHT)
    for side in ("front", "back", "left", "right"):
        box.face(
            [box.spot(side, u, v) for u, v in ((0.12, 0.12), (0.2, 0.12), (0.88, 0.88), (0.8, 0.88))],
            PALE,
            ink=1.0,
            body=False,
        )
        box.on(side, 0.0, 0.0, 1.0, 0.12, PALE)
        box.on(side, 0.0, 0.88, 1.0, 1.0, PALE)
        box.on(side, 0.0, 0.12, 0.12, 0.88, PALE)
        box.on(side, 0.88, 0.12, 1.0, 0.88, PALE)
    for share in (0.25, 0.5, 0.75):
        box.rule("top", [(share, 0.0), (share, 1.0)])
    if state == "open":
        box.on("top", 0.06, 0.06, 0.94, 0.94, INKY)
    return m


def barrel(w: float, d: float, h: float, state: str) -> Model:
    """Staves with three hoops."""
    m = Model()
    r = min(w, d) / 2
    bulge = [(r * 0.8, 0.0), (r * 0.92, h * 0.2), (r, h * 0.5), (r * 0.92, h * 0.8), (r * 0.8, h)]
    body = m.turned(bulge, tone=LIGHT, count=16, creases=True)
    body.face([(x, y, h + 0.001) for x, y in ring(r * 0.7, 16)], MID, ink=1.1, body=False)
    for turn in range(16):
        a = turn / 16 * 2 * pi
        body.stroke(
            [(cos(a) * q, sin(a) * q, z) for q, z in bulge], normal=(cos(a), sin(a), 0.0), ink=0.8, line=0.45
        )
    return m

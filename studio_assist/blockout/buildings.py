"""Houses, blocks, towers, lighthouses and churches."""

from __future__ import annotations

from math import cos, pi, sin

from studio_assist.blockout.facets import DARK, DIM, INKY, LIGHT, PALE, PAPER, Part, Vec
from studio_assist.blockout.furniture import flames
from studio_assist.blockout.openings import between
from studio_assist.blockout.solids import Model, ring

#: Stands for "as dark as a window is at this hour" (see `shown.py`).
GLASS = -1.0


def panes(
    part: Part, side: str, columns: int, rows: int, low: float, high: float, lit: bool, *, every: int = 3
) -> None:
    """Windows in rows on a side of a box; where it is lit every so-manieth shines."""
    for row in range(rows):
        for column in range(columns):
            left = (column + 0.24) / columns
            right = (column + 0.76) / columns
            bottom = low + (high - low) * (row + 0.2) / rows
            top = low + (high - low) * (row + 0.8) / rows
            shines = lit and (row * 5 + column * 3 + len(side)) % every == 0
            part.on(side, left, bottom, right, top, PAPER if shines else GLASS, ink=1.2, glow=True)
            middle = (left + right) / 2
            part.rule(side, [(middle, bottom), (middle, top)], ink=0.9)


def gable(m: Model, w: float, d: float, eaves: float, top: float, tone: float, over: float = 0.25) -> None:
    """A ridge roof along x, with its gables."""
    low = eaves - over * (top - eaves) / (d / 2)
    a, b = w / 2 + over, d / 2 + over
    part = m.part((-w / 2, -d / 2, eaves), (w / 2, d / 2, top))
    ridge_l: Vec = (-a, 0.0, top)
    ridge_r: Vec = (a, 0.0, top)
    front: list[Vec] = [(-a, -b, low), (a, -b, low), ridge_r, ridge_l]
    back: list[Vec] = [(a, b, low), (-a, b, low), ridge_l, ridge_r]
    for sign in (-1.0, 1.0):
        x = sign * w / 2
        end: list[Vec] = [(x, -d / 2, eaves), (x, d / 2, eaves), (x, 0.0, top - 0.02)]
        part.face(end if sign > 0 else end[::-1], PALE, ink=1.6, body=False)
    for slope in (front, back):
        part.face(slope, tone, ink=1.8, body=False)
        for share in (0.25, 0.5, 0.75):
            run = [between(slope[0], slope[1], slope[3], slope[2], u, share) for u in (0.0, 0.5, 1.0)]
            part.stroke(run, normal=(0.0, -1.0 if slope is front else 1.0, 1.0), ink=0.9, line=0.2)


def house(w: float, d: float, h: float, state: str) -> Model:
    """A small house: door, windows with frames, a ridge roof and a chimney."""
    m = Model()
    eaves = h * 0.58
    lit = state != "broken"
    body = m.box((-w / 2, -d / 2, 0.0), (w / 2, d / 2, eaves), PALE)
    body.on("front", 0.42, 0.0, 0.58, 0.72, DIM)
    body.disc("front", 0.56, 0.34, 0.05, PAPER, soft=True)
    body.on("front", 0.4, 0.0, 0.6, 0.04, LIGHT)
    for left in (0.12, 0.7):
        body.on("front", left - 0.015, 0.27, left + 0.195, 0.77, PAPER, soft=True)
        body.on("front", left, 0.3, left + 0.18, 0.74, PAPER if lit and state == "lit" else GLASS, glow=True)
        body.rule("front", [(left + 0.09, 0.3), (left + 0.09, 0.74)], ink=1.2)
        body.rule("front", [(left, 0.52), (left + 0.18, 0.52)], ink=1.2)
    for side in ("left", "right", "back"):
        body.on(side, 0.38, 0.32, 0.62, 0.74, PAPER if state == "lit" else GLASS, glow=True)
        body.rule(side, [(0.5, 0.32), (0.5, 0.74)])
    gable(m, w, d, eaves, h * 0.94, DIM)
    m.box((w * 0.22, d * 0.08, h * 0.66), (w * 0.34, d * 0.08 + w * 0.12, h), LIGHT)
    if state == "on-fire":
        flames(m, (0.0, -d * 0.1, h * 0.5), w * 0.8, h * 0.8, PAPER)
    return m


def building(w: float, d: float, h: float, state: str) -> Model:
    """A block of storeys with a shop below and a cornice above."""
    m = Model()
    body = m.box((-w / 2, -d / 2, 0.0), (w / 2, d / 2, h - 0.4), LIGHT)
    storeys, across = max(2, round(h / 3.2)), max(2, round(w / 2.6))
    deep = max(2, round(d / 2.6))
    ground = 3.4 / (h - 0.4) if h > 7 else 0.3
    for side, count in (("front", across), ("back", across), ("left", deep), ("right", deep)):
        panes(body, side, count, storeys - 1, ground, 0.97, state in ("", "lit"), every=4)
        body.rule(side, [(0.0, ground), (1.0, ground)], soft=False, ink=1.4)
    body.on("front", 0.06, 0.0, 0.3, ground * 0.72, DARK)
    body.on("front", 0.36, ground * 0.14, 0.94, ground * 0.72, GLASS, glow=True)
    body.on("front", 0.34, ground * 0.76, 0.96, ground * 0.93, PALE)
    m.box((-w / 2 - 0.2, -d / 2 - 0.2, h - 0.4), (w / 2 + 0.2, d / 2 + 0.2, h), PALE)
    return m


def tower(w: float, d: float, h: float, state: str) -> Model:
    """A square stone tower with slits and battlements."""
    m = Model()
    body = m.box((-w / 2, -d / 2, 0.0), (w / 2, d / 2, h * 0.9), LIGHT)
    for side in ("front", "left", "right", "back"):
        for row in range(3):
            body.on(side, 0.45, 0.2 + row * 0.24, 0.55, 0.3 + row * 0.24, INKY)
        for row in range(9):
            left = 0.08 + (row * 37 % 60) / 100
            body.rule(side, [(left, row * 0.1 + 0.05), (left + 0.16, row * 0.1 + 0.05)], ink=0.9, line=0.3)
    body.on("front", 0.36, 0.0, 0.64, 0.14, DARK)
    over = w * 0.06
    m.box((-w / 2 - over, -d / 2 - over, h * 0.9), (w / 2 + over, d / 2 + over, h * 0.94), PALE)
    step = (w + 2 * over) / 7
    for index in range(0, 7, 2):
        x = -w / 2 - over + index * step
        for y in (-d / 2 - over, d / 2 + over - 0.3):
            m.box((x, y, h * 0.94), (x + step, y + 0.3, h), PALE, ink=1.3)
    return m


def lighthouse(w: float, d: float, h: float, state: str) -> Model:
    """A tapered tower with a dark band, a gallery, a lamp room and a cap."""
    m = Model()
    r = min(w, d) / 2
    m.turned(
        [(r, 0.0), (r * 0.86, h * 0.27), (r * 0.78, h * 0.43), (r * 0.64, h * 0.72)],
        tone=PAPER,
        count=18,
        tones=(PAPER, DIM, PAPER),
        ink=2.2,
    )
    door = m.parts[-1]
    door.face(
        [
            (-r * 0.22, -r * 1.0, 0.0),
            (r * 0.22, -r * 1.0, 0.0),
            (r * 0.22, -r * 0.97, h * 0.09),
            (-r * 0.22, -r * 0.97, h * 0.09),
        ],
        DARK,
        ink=1.3,
        body=False,
    )
    for share in (0.2, 0.56):
        y = -r * (1.0 - 0.5 * share) - 0.02
        door.face(
            [
                (-r * 0.12, y, h * share),
                (r * 0.12, y, h * share),
                (r * 0.12, y, h * (share + 0.05)),
                (-r * 0.12, y, h * (share + 0.05)),
            ],
            INKY,
            ink=1.0,
            soft=True,
            body=False,
        )
    m.turned([(r * 0.7, h * 0.72), (r * 0.95, h * 0.74), (r * 0.95, h * 0.76)], tone=LIGHT, count=18)
    rail = m.part((-r * 0.9, -r * 0.9, h * 0.76), (r * 0.9, r * 0.9, h * 0.8))
    for turn in range(12):
        a = turn / 12 * 2 * pi
        m.rod(
            (cos(a) * r * 0.9, sin(a) * r * 0.9, h * 0.76),
            (cos(a) * r * 0.9, sin(a) * r * 0.9, h * 0.8),
            0.03,
            DARK,
            into=rail,
        )
    rail.stroke([(x, y, h * 0.8) for x, y in [*ring(r * 0.9, 18), (r * 0.9, 0.0)]], soft=False, ink=1.3)
    lamp = m.turned([(r * 0.52, h * 0.76), (r * 0.52, h * 0.88)], tone=PAPER, count=12, glow=True)
    for turn in range(12):
        a = turn / 12 * 2 * pi
        lamp.stroke(
            [
                (cos(a) * r * 0.52, sin(a) * r * 0.52, h * 0.76),
                (cos(a) * r * 0.52, sin(a) * r * 0.52, h * 0.88),
            ],
            normal=(cos(a), sin(a), 0.0),
            ink=1.2,
            soft=False,
        )
    m.turned([(r * 0.66, h * 0.88), (r * 0.4, h * 0.93), (r * 0.04, h * 0.985)], tone=DARK, count=14)
    m.rod((0.0, 0.0, h * 0.98), (0.0, 0.0, h), 0.05, DARK)
    return m


def church(w: float, d: float, h: float, state: str) -> Model:
    """A nave, a tower with a spire, arched windows and a cross."""
    m = Model()
    eaves = h * 0.32
    nave = m.box((-w / 2, -d * 0.28, 0.0), (w / 2, d / 2, eaves), PALE)
    for side in ("left", "right"):
        for place in range(4):
            u = 0.14 + place * 0.22
            arch = [(u, 0.25), (u + 0.08, 0.25), (u + 0.08, 0.65), (u + 0.04, 0.78), (u, 0.65)]
            nave.face([nave.spot(side, a, b) for a, b in arch], GLASS, ink=1.2, glow=True, body=False)
    top = h * 0.52
    roof = m.part((-w / 2, -d * 0.28, eaves), (w / 2, d / 2, top))
    for sign in (-1.0, 1.0):
        slope: list[Vec] = [
            (sign * (w / 2 + 0.3), -d * 0.28, eaves - 0.2),
            (sign * (w / 2 + 0.3), d / 2 + 0.3, eaves - 0.2),
            (0.0, d / 2 + 0.3, top),
            (0.0, -d * 0.28, top),
        ]
        roof.face(slope if sign > 0 else slope[::-1], DIM, ink=1.8, body=False)
    for y, turned in ((d / 2, True), (-d * 0.28, False)):
        end: list[Vec] = [(-w / 2, y, eaves), (w / 2, y, eaves), (0.0, y, top)]
        roof.face(end[::-1] if turned else end, PALE, ink=1.6, body=False)
    t = w * 0.24
    body = m.box((-t, -d / 2, 0.0), (t, -d * 0.28, h * 0.6), PALE)
    for u, v, a, b, tone in ((0.3, 0.0, 0.7, 0.24, DARK), (0.36, 0.68, 0.64, 0.88, INKY)):
        arch = [(u, v), (a, v), (a, b - 0.05), ((u + a) / 2, b), (u, b - 0.05)]
        body.face([body.spot("front", p, q) for p, q in arch], tone, ink=1.4, body=False)
    body.disc("front", 0.5, 0.5, t * 0.3, GLASS, glow=True)
    y = (-d / 2 - d * 0.28) / 2
    spire = m.part((-t, -d / 2, h * 0.6), (t, -d * 0.28, h * 0.92))
    e = 0.15
    foot: list[Vec] = [
        (-t - e, -d / 2 - e, h * 0.6),
        (t + e, -d / 2 - e, h * 0.6),
        (t + e, -d * 0.28 + e, h * 0.6),
        (-t - e, -d * 0.28 + e, h * 0.6),
    ]
    for index in range(4):
        spire.face([foot[index], foot[(index + 1) % 4], (0.0, y, h * 0.92)], DIM, ink=1.7, body=False)
    cross = m.part((-0.4, y - 0.05, h * 0.92), (0.4, y + 0.05, h))
    m.rod((0.0, y, h * 0.9), (0.0, y, h), 0.06, DARK, into=cross)
    m.rod((-h * 0.025, y, h * 0.965), (h * 0.025, y, h * 0.965), 0.06, DARK, into=cross)
    return m

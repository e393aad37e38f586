"""Doors and windows, and what hangs on walls."""

from __future__ import annotations

from math import cos, pi, sin

from studio_assist.blockout.facets import DARK, DIM, INKY, LIGHT, MID, PALE, PAPER, Part, Vec
from studio_assist.blockout.solids import Model, ring


def door(w: float, d: float, h: float, state: str) -> Model:
    """A panelled door in its frame; open, it swings into the room on its right and lets light through."""
    m = Model()
    rim = 0.09
    opened = state in ("open", "lit", "broken")
    back = m.part((-w / 2, d / 2, 0.0), (w / 2, d / 2 + 0.02, h))
    if opened:
        hole: list[Vec] = [(-w / 2, d / 2, 0.0), (w / 2, d / 2, 0.0), (w / 2, d / 2, h), (-w / 2, d / 2, h)]
        back.face(hole, PAPER, ink=1.4, both=True, glow=True)
    else:
        _leaf(m.box((-w / 2, -d / 4, 0.01), (w / 2, d / 2, h), LIGHT, ink=1.6))
    for x in (-w / 2 - rim, w / 2):
        m.box((x, -d / 2, 0.0), (x + rim, d / 2, h + rim), PALE, ink=1.5)
    m.box((-w / 2 - rim, -d / 2 - 0.01, h), (w / 2 + rim, d / 2, h + rim), PALE, ink=1.5)
    if opened:
        angle = 1.25 if state != "broken" else 0.7
        x, y = w / 2, -d / 2 - 0.01
        run_x, run_y = -cos(angle) * w * 0.97, -sin(angle) * w * 0.97
        thick_x, thick_y = -sin(angle) * 0.04, cos(angle) * 0.04
        sunk = 0.06 if state == "broken" else 0.0
        foot = [
            (x, y),
            (x + run_x, y + run_y),
            (x + run_x + thick_x, y + run_y + thick_y),
            (x + thick_x, y + thick_y),
        ]
        leaf = m.part()
        low = [(a, b, 0.02 + (sunk if i in (0, 3) else 0.0)) for i, (a, b) in enumerate(foot)]
        high = [(a, b, h - (sunk * 2 if i in (1, 2) else 0.0)) for i, (a, b) in enumerate(foot)]
        panels = ((0.16, 0.08, 0.84, 0.42), (0.16, 0.5, 0.84, 0.93))
        # One side, the edges, the other side.
        for a, b in ((1, 0), (2, 1), (3, 2), (0, 3)):
            leaf.face([low[a], low[b], high[b], high[a]], MID, ink=1.6)
            if (a, b) in ((1, 0), (3, 2)):
                for left, bottom, right, top in panels:
                    spots = [(left, bottom), (right, bottom), (right, top), (left, top)]
                    leaf.face(
                        [between(low[a], low[b], high[a], high[b], u, v) for u, v in spots],
                        None,
                        body=False,
                        soft=True,
                    )
        knob = between(low[1], low[0], high[1], high[0], 0.07, 0.47)
        m.ball((knob[0] + 0.03, knob[1] - 0.02, knob[2]), 0.035, DARK, into=leaf)
    return m


def between(a: Vec, b: Vec, c: Vec, d: Vec, u: float, v: float) -> Vec:
    """A place on the quadrangle with the lower side a-b and the upper side c-d."""
    low = [p + (q - p) * u for p, q in zip(a, b, strict=True)]
    high = [p + (q - p) * u for p, q in zip(c, d, strict=True)]
    x, y, z = (p + (q - p) * v for p, q in zip(low, high, strict=True))
    return (x, y, z)


def _leaf(part: Part) -> None:
    for side in ("front", "back"):
        part.on(side, 0.14, 0.08, 0.86, 0.42, PALE)
        part.on(side, 0.14, 0.5, 0.86, 0.93, PALE)
        knob = 0.9 if side == "front" else 0.1
        part.disc(side, knob, 0.47, 0.035, DARK)


def window(w: float, d: float, h: float, state: str) -> Model:
    """Two by two panes and a sill; the panes have a few strokes of glare."""
    m = Model()
    glass = m.part((-w / 2, -d / 4, 0.0), (w / 2, d / 2, h))
    lit = state == "lit"
    pane: list[Vec] = [(-w / 2, -d / 4, 0.0), (w / 2, -d / 4, 0.0), (w / 2, -d / 4, h), (-w / 2, -d / 4, h)]
    glass.face(pane, PAPER if lit else -1.0, ink=1.6, glow=True, both=True)
    if state == "open":
        glass.face([(x * 0.46 - w / 4, y, z) for x, y, z in pane], INKY, ink=1.2, both=True)
    for left, low, size in (
        (-0.4, 0.62, 0.26),
        (-0.2, 0.66, 0.16),
        (0.12, 0.14, 0.3),
        (0.3, 0.6, 0.3),
        (-0.36, 0.12, 0.2),
    ):
        start = (left * w, -d / 4, low * h)
        glass.stroke(
            [start, ((left + size * 0.35) * w, -d / 4, (low + size) * h)],
            ink=1.4,
            line=0.62 if not lit else 0.6,
            soft=True,
            taper=True,
            glow=True,
            alpha=0.9,
        )
    if state == "broken":
        hub: Vec = (0.1 * w, -d / 4, 0.6 * h)
        for turn in range(7):
            angle = turn * 0.9 + 0.3
            glass.stroke(
                [hub, (hub[0] + cos(angle) * w * 0.32, -d / 4, hub[2] + sin(angle) * h * 0.32)],
                ink=1.4,
                line=0.9,
                soft=False,
            )
    bar = min(0.035, w * 0.04)
    m.box((-bar / 2, -d / 2, 0.0), (bar / 2, -d / 4, h), DARK, ink=1.2)
    m.box((-w / 2, -d / 2, h * 0.5 - bar / 2), (-bar / 2, -d / 4, h * 0.5 + bar / 2), DARK, ink=1.2)
    m.box((bar / 2, -d / 2, h * 0.5 - bar / 2), (w / 2, -d / 4, h * 0.5 + bar / 2), DARK, ink=1.2)
    rim = min(0.05, w * 0.06)
    for x in (-w / 2 - rim, w / 2):
        m.box((x, -d / 2, 0.0), (x + rim, d / 2, h), PALE, ink=1.4)
    m.box((-w / 2 - rim, -d / 2, h), (w / 2 + rim, d / 2, h + rim), PALE, ink=1.4)
    m.box((-w / 2 - 0.12, -d / 2 - 0.12, -0.06), (w / 2 + 0.12, d / 2, 0.0), PALE, ink=1.6)
    return m


def curtain(w: float, d: float, h: float, state: str) -> Model:
    """Two lengths of cloth on a pole; "closed": drawn."""
    m = Model()
    reach = 0.5 if state == "closed" else 0.24
    for sign in (-1.0, 1.0):
        edge, inner = sign * w / 2, sign * w / 2 - sign * w * reach
        steps = 9
        top: list[tuple[float, float]] = []
        for step in range(steps):
            x = edge + (inner - edge) * step / (steps - 1)
            top.append((x, (-0.5 if step % 2 else 0.3) * d))
        part = m.part()
        low = [(x + (edge - x) * (0.25 if state != "closed" else 0.0), y, 0.02) for x, y in top]
        high = [(x, y, h - 0.05) for x, y in top]
        whole = [*low, *high[::-1]]
        part.face(whole, LIGHT, ink=1.8, both=True)
        for step in range(1, steps - 1):
            part.stroke(
                [low[step], high[step]], ink=1.2 if step % 2 else 0.9, line=0.25 if step % 2 else 0.45
            )
        part.span(whole)
    m.rod((-w / 2 - 0.08, 0.0, h - 0.03), (w / 2 + 0.08, 0.0, h - 0.03), 0.02, DIM)
    return m


def _hung(w: float, d: float, h: float, frame: float, tone: float, inside: float) -> tuple[Model, Part]:
    """A flat box on a wall with a rim, seen from -y."""
    m = Model()
    part = m.box((-w / 2, -d / 2, 0.0), (w / 2, d / 2, h), tone, ink=1.8)
    u, v = frame / w, frame / h
    part.on("front", u, v, 1 - u, 1 - v, inside, ink=1.3)
    return m, part


def mirror(w: float, d: float, h: float, state: str) -> Model:
    """A framed mirror with strokes of glare."""
    m, part = _hung(w, d, h, min(0.06, w * 0.1), LIGHT, PALE)
    for left in (0.24, 0.34, 0.58):
        part.rule("front", [(left, 0.3), (left + 0.2, 0.72)], ink=1.4, line=0.55)
    if state == "broken":
        for end in ((0.1, 0.8), (0.85, 0.9), (0.9, 0.3), (0.3, 0.1)):
            part.rule("front", [(0.5, 0.5), end], ink=1.6, soft=False)
    return m


def painting(w: float, d: float, h: float, state: str) -> Model:
    """A small landscape in a frame."""
    m, part = _hung(w, d, h, min(0.07, w * 0.1, h * 0.1), DIM, PALE)
    hills = [(0.12, 0.14), (0.88, 0.14), (0.88, 0.4), (0.7, 0.55), (0.55, 0.42), (0.35, 0.66), (0.12, 0.4)]
    part.face([part.spot("front", u, v) for u, v in hills], MID, ink=1.0, soft=True, body=False)
    part.disc("front", 0.72, 0.74, min(w, h) * 0.06, PAPER, soft=True)
    return m


def clock(w: float, d: float, h: float, state: str) -> Model:
    """A round wall clock at ten past ten."""
    m = Model()
    r = min(w, h) / 2
    part = m.turned([(r, 0.0), (r, d)], (0.0, d / 2, r), LIGHT, axis=(0.0, -1.0, 0.0), count=20)
    front = -d / 2 - 0.002
    part.face([(x * 0.84, front, z * 0.84 + r) for x, z in ring(r, 20)], PAPER, ink=1.2, body=False)
    for hour in range(12):
        a = hour / 12 * 2 * pi
        part.stroke(
            [
                (sin(a) * r * 0.7, front, r + cos(a) * r * 0.7),
                (sin(a) * r * 0.8, front, r + cos(a) * r * 0.8),
            ],
            normal=(0.0, -1.0, 0.0),
            ink=1.2,
        )
    for a, length, weight in ((-1.05, 0.42, 2.2), (1.05, 0.62, 1.6)):
        part.stroke(
            [(0.0, front, r), (sin(a) * r * length, front, r + cos(a) * r * length)],
            normal=(0.0, -1.0, 0.0),
            ink=weight,
            soft=False,
        )
    return m


def screen(w: float, d: float, h: float, state: str) -> Model:
    """A folding screen of three leaves."""
    m = Model()
    each = w / 3
    for place, (near, far) in enumerate(((d / 2, -d / 2), (-d / 2, d / 2), (d / 2, -d / 2))):
        a, b = -w / 2 + place * each, -w / 2 + (place + 1) * each
        part = m.part()
        part.face([(a, near, 0.03), (b, far, 0.03), (b, far, h), (a, near, h)], PALE, ink=1.8, both=True)
        for low, high in ((0.06, 0.32), (0.36, 0.94)):
            spots = [
                between((a, near, 0.0), (b, far, 0.0), (a, near, h), (b, far, h), u, v)
                for u, v in ((0.12, low), (0.88, low), (0.88, high), (0.12, high))
            ]
            part.face(spots, PAPER, ink=1.0, both=True, soft=True, body=False)
    return m

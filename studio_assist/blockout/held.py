"""What is carried, read, aimed and packed."""

from __future__ import annotations

import numpy as np

from studio_assist.blockout.facets import DARK, DIM, INKY, LIGHT, MID, PALE, PAPER, Vec
from studio_assist.blockout.solids import Model, ring


def book(w: float, d: float, h: float, state: str) -> Model:
    """A closed book; "open": two leaves with lines."""
    m = Model()
    if state == "open":
        part = m.part((-w, -d / 2, 0.0), (w, d / 2, h))
        for sign in (-1.0, 1.0):
            leaf: list[Vec] = [
                (0.0, -d / 2, h * 0.3),
                (sign * w * 0.5, -d / 2, h),
                (sign * w, -d / 2, h * 0.4),
                (sign * w, d / 2, h * 0.4),
                (sign * w * 0.5, d / 2, h),
                (0.0, d / 2, h * 0.3),
            ]
            part.face(leaf, PAPER, ink=1.6, both=True, body=False)
            for row in range(6):
                y = d * (0.34 - row * 0.13)
                part.stroke(
                    [(sign * w * 0.14, y, h * 0.52), (sign * w * 0.5, y, h), (sign * w * 0.86, y, h * 0.6)],
                    ink=0.9,
                    line=0.45,
                )
        return m
    m.box((-w / 2, -d / 2, 0.0), (w / 2, d / 2, h), DIM).on("top", 0.1, 0.1, 0.9, 0.9, None, soft=True)
    pages = m.parts[-1]
    for side in ("front", "right"):
        pages.on(side, 0.02, 0.16, 1.0, 0.84, PAPER, ink=0.9)
    return m


def log_book(w: float, d: float, h: float, state: str) -> Model:
    """An open log with ruled leaves and a ribbon."""
    m = book(w / 2, d, h, "open")
    m.parts[0].stroke(
        [(0.02, d / 2, h * 0.4), (0.03, -d / 2, h * 0.4), (0.05, -d * 0.66, 0.0)], ink=1.8, soft=False
    )
    return m


def _sheet(w: float, d: float, rows: int, tone: float = PAPER) -> Model:
    m = Model()
    part = m.part((-w / 2, -d / 2, 0.0), (w / 2, d / 2, 0.004))
    part.face(
        [(-w / 2, -d / 2, 0.003), (w / 2, -d / 2, 0.003), (w / 2, d / 2, 0.003), (-w / 2, d / 2, 0.003)],
        tone,
        ink=1.4,
        both=True,
        body=False,
    )
    for row in range(rows):
        y = d * (0.36 - row * 0.72 / max(rows - 1, 1))
        part.stroke([(-w * 0.36, y, 0.003), (w * (0.36 if row % 3 else 0.2), y, 0.003)], ink=0.9, line=0.4)
    return m


def paper(w: float, d: float, h: float, state: str) -> Model:
    """A written sheet."""
    return _sheet(w, d, 7)


def letter(w: float, d: float, h: float, state: str) -> Model:
    """An envelope with a stamp."""
    m = _sheet(w, d, 0)
    part = m.parts[0]
    part.stroke([(-w / 2, d / 2, 0.003), (0.0, -d * 0.02, 0.003), (w / 2, d / 2, 0.003)], ink=1.1)
    part.face(
        [
            (w * 0.3, d * 0.2, 0.003),
            (w * 0.44, d * 0.2, 0.003),
            (w * 0.44, d * 0.42, 0.003),
            (w * 0.3, d * 0.42, 0.003),
        ],
        MID,
        ink=0.8,
        both=True,
        soft=True,
        body=False,
    )
    return m


def map_(w: float, d: float, h: float, state: str) -> Model:
    """A folded map with a coast and a route."""
    m = _sheet(w, d, 0)
    part = m.parts[0]
    for share in (-0.25, 0.0, 0.25):
        part.stroke([(w * share, -d / 2, 0.003), (w * share, d / 2, 0.003)], ink=0.9, line=0.5)
    part.stroke(
        [
            (-w * 0.44, -d * 0.2, 0.003),
            (-w * 0.2, d * 0.1, 0.003),
            (0.0, d * 0.05, 0.003),
            (w * 0.14, d * 0.34, 0.003),
            (w * 0.4, d * 0.3, 0.003),
        ],
        ink=1.5,
    )
    part.stroke(
        [(-w * 0.3, -d * 0.3, 0.003), (0.0, -d * 0.2, 0.003), (w * 0.3, 0.0, 0.003)], ink=1.2, line=0.4
    )
    return m


def phone(w: float, d: float, h: float, state: str) -> Model:
    """A mobile telephone, lying or held on end."""
    m = Model()
    body = m.box((-w / 2, -d / 2, 0.0), (w / 2, d / 2, h), INKY, ink=1.4)
    body.on("top", 0.07, 0.06, 0.93, 0.94, PAPER if state == "lit" else DIM, glow=state == "lit")
    body.on("front", 0.07, 0.06, 0.93, 0.94, PAPER, glow=True)
    return m


def gun(w: float, d: float, h: float, state: str) -> Model:
    """A pistol along y, its muzzle towards -y."""
    m = Model()
    m.box((-w / 2, -d / 2, h * 0.66), (w / 2, d * 0.42, h), DIM, ink=1.5)
    m.prism(
        [(d * 0.1, h * 0.66), (d * 0.24, 0.0), (d * 0.46, 0.0), (d * 0.4, h * 0.66)],
        -w / 2,
        w / 2,
        INKY,
        ink=1.4,
    )
    guard = m.part((-0.004, -d * 0.1, h * 0.36), (0.004, d * 0.14, h * 0.66))
    guard.stroke(
        [
            (0.0, -d * 0.1, h * 0.66),
            (0.0, -d * 0.06, h * 0.42),
            (0.0, d * 0.08, h * 0.4),
            (0.0, d * 0.13, h * 0.5),
        ],
        ink=1.6,
        soft=False,
    )
    return m


def knife(w: float, d: float, h: float, state: str) -> Model:
    """A knife along y, its point towards -y."""
    m = Model()
    part = m.part((-w / 2, -d / 2, 0.0), (w / 2, d / 2, h))
    blade: list[Vec] = [(0.0, -d / 2, h * 0.6), (0.0, -d * 0.32, 0.0), (0.0, d * 0.1, 0.0), (0.0, d * 0.1, h)]
    part.face(blade, PAPER, ink=1.5, both=True, body=False)
    flat: list[Vec] = [
        (0.0, -d / 2, h * 0.5),
        (w * 0.5, -d * 0.3, h * 0.5),
        (w * 0.5, d * 0.1, h * 0.5),
        (-w * 0.5, d * 0.1, h * 0.5),
    ]
    part.face(flat, PAPER, ink=1.3, both=True, body=False)
    m.rod((0.0, d * 0.1, h * 0.5), (0.0, d / 2, h * 0.5), h * 0.45, INKY, into=part, round_ends=True)
    return m


def torch(w: float, d: float, h: float, state: str) -> Model:
    """An electric torch along y; its glass is towards -y."""
    m = Model()
    r = min(w, h) / 2
    m.turned([(r * 0.6, 0.0), (r * 0.6, d * 0.62)], (0.0, d / 2, r), DIM, axis=(0.0, -1.0, 0.0), count=12)
    head = m.turned(
        [(r * 0.6, d * 0.62), (r, d * 0.78), (r, d)], (0.0, d / 2, r), DIM, axis=(0.0, -1.0, 0.0), count=12
    )
    head.face(
        [(a, -d / 2 - 0.001, r + b) for a, b in ring(r * 0.8, 12)], PAPER, ink=1.1, glow=True, body=False
    )
    return m


def bag(w: float, d: float, h: float, state: str) -> Model:
    """A soft bag with two handles."""
    m = Model()
    top = h * 0.68
    m.block(
        [
            (-w / 2, -d / 2, 0.0),
            (w / 2, -d / 2, 0.0),
            (w / 2, d / 2, 0.0),
            (-w / 2, d / 2, 0.0),
            (-w * 0.42, -d * 0.1, top),
            (w * 0.42, -d * 0.1, top),
            (w * 0.42, d * 0.1, top),
            (-w * 0.42, d * 0.1, top),
        ],
        DIM,
    )
    for y in (-d * 0.12, d * 0.12):
        handle = m.part((-w * 0.2, y - 0.01, top), (w * 0.2, y + 0.01, h))
        run = [
            (-w * 0.2, y, top * 0.96),
            (-w * 0.17, y, h * 0.92),
            (0.0, y, h),
            (w * 0.17, y, h * 0.92),
            (w * 0.2, y, top * 0.96),
        ]
        handle.stroke(run, ink=2.4, soft=False)
    return m


def suitcase(w: float, d: float, h: float, state: str) -> Model:
    """A case with corners, locks and a handle; "open": its lid up."""
    m = Model()
    if state == "open":
        m.box((-w / 2, -h * 0.4, 0.0), (w / 2, h * 0.4, d * 0.6), LIGHT).on(
            "top", 0.05, 0.06, 0.95, 0.94, DARK
        )
        m.box((-w / 2, h * 0.4, d * 0.5), (w / 2, h * 0.4 + d * 0.4, d * 0.5 + h * 0.8), LIGHT).on(
            "front", 0.05, 0.06, 0.95, 0.94, MID
        )
        return m
    body = m.box((-w / 2, -d / 2, 0.0), (w / 2, d / 2, h * 0.9), LIGHT)
    for side in ("front", "back"):
        for u, v in ((0.0, 0.0), (0.86, 0.0), (0.0, 0.82), (0.86, 0.82)):
            body.on(side, u, v, u + 0.14, v + 0.18, DIM, soft=True)
    body.rule("top", [(0.0, 0.5), (1.0, 0.5)])
    for u in (0.22, 0.78):
        body.on("front", u - 0.04, 0.86, u + 0.04, 0.98, PAPER, soft=True)
    handle = m.part((-w * 0.14, -0.01, h * 0.9), (w * 0.14, 0.01, h))
    handle.stroke(
        [(-w * 0.14, 0.0, h * 0.9), (-w * 0.11, 0.0, h), (w * 0.11, 0.0, h), (w * 0.14, 0.0, h * 0.9)],
        ink=3.0,
        soft=False,
    )
    return m


def box(w: float, d: float, h: float, state: str) -> Model:
    """A cardboard box with tape; "open": flaps up."""
    m = Model()
    body = m.box((-w / 2, -d / 2, 0.0), (w / 2, d / 2, h), LIGHT)
    if state == "open":
        body.on("top", 0.02, 0.02, 0.98, 0.98, DARK)
        for sign in (-1.0, 1.0):
            flap = m.part(
                (min(sign * w / 2, sign * w * 0.75), -d / 2, h),
                (max(sign * w / 2, sign * w * 0.75), d / 2, h + 0.05),
            )
            flap.face(
                [
                    (sign * w / 2, -d / 2, h),
                    (sign * w * 0.78, -d / 2, h + 0.06),
                    (sign * w * 0.78, d / 2, h + 0.06),
                    (sign * w / 2, d / 2, h),
                ],
                PALE,
                ink=1.5,
                both=True,
                body=False,
            )
        return m
    body.on("top", 0.42, 0.0, 0.58, 1.0, PALE)
    body.on("front", 0.42, 0.7, 0.58, 1.0, PALE)
    return m


def named_box(w: float, d: float, h: float, state: str) -> Model:
    """What is drawn for a word that nobody knows: a plain box, crossed on its front, as planners do."""
    m = Model()
    body = m.box((-w / 2, -d / 2, 0.0), (w / 2, d / 2, h), PALE)
    body.rule("front", [(0.0, 0.0), (1.0, 1.0)], ink=1.0, line=0.4)
    body.rule("front", [(0.0, 1.0), (1.0, 0.0)], ink=1.0, line=0.4)
    return m


def key(w: float, d: float, h: float, state: str) -> Model:
    """A key."""
    m = Model()
    part = m.part((-w / 2, -d / 2, 0.0), (w / 2, d / 2, h))
    r = w / 2
    outer = [(a, d / 2 - r + b, h) for a, b in ring(r, 12)]
    inner = np.array([(a * 0.5, d / 2 - r + b * 0.5, h) for a, b in ring(r, 12)])
    part.face(outer, LIGHT, ink=1.3, both=True, holes=(inner,), body=False)
    m.rod((0.0, d / 2 - 2 * r, h), (0.0, -d / 2, h), w * 0.12, LIGHT, into=part)
    for y in (-d * 0.46, -d * 0.34):
        m.rod((0.0, y, h), (w * 0.4, y, h), w * 0.1, LIGHT, into=part)
    return m


def rope(w: float, d: float, h: float, state: str) -> Model:
    """A coil of rope."""
    m = Model()
    for turn in range(3):
        r = min(w, d) / 2 * (1.0 - turn * 0.12)
        part = m.part((-r, -r, turn * h / 3), (r, r, (turn + 1) * h / 3))
        run = [(a, b, (turn + 0.5) * h / 3) for a, b in ring(r, 14)]
        m.tube([*run, run[0]], [h / 6] * (len(run) + 1), PALE, part, ink=1.6)
    return m


def umbrella(w: float, d: float, h: float, state: str) -> Model:
    """An open umbrella; "closed": furled."""
    m = Model()
    m.rod((0.0, 0.0, 0.06), (0.0, 0.0, h), 0.012, DARK)
    hook = m.part((-0.06, -0.01, 0.0), (0.01, 0.01, 0.08))
    hook.stroke(
        [(0.0, 0.0, 0.08), (-0.01, 0.0, 0.02), (-0.05, 0.0, 0.01), (-0.07, 0.0, 0.05)], ink=2.4, soft=False
    )
    if state == "closed":
        m.turned([(0.015, h * 0.3), (0.06, h * 0.4), (0.03, h * 0.9)], tone=INKY, count=8)
        return m
    r = w / 2
    canopy = m.part((-r, -r, h * 0.7), (r, r, h))
    rim: list[Vec] = [(a, b, h * 0.72) for a, b in ring(r, 8)]
    belly: list[Vec] = [(a * 0.7, b * 0.7, h * 0.9) for a, b in ring(r, 8)]
    for index in range(8):
        after = (index + 1) % 8
        canopy.face([rim[index], rim[after], belly[after], belly[index]], DIM, ink=1.3, body=False)
        canopy.face([belly[index], belly[after], (0.0, 0.0, h * 0.97)], DIM, ink=1.1, body=False)
        canopy.face([rim[after], rim[index], (0.0, 0.0, h * 0.9)], DARK, ink=1.0, body=False)
    return m


def camera(w: float, d: float, h: float, state: str) -> Model:
    """A camera with a lens, a finder and a hump."""
    m = Model()
    body = m.box((-w / 2, -d * 0.1, 0.0), (w / 2, d / 2, h * 0.8), DARK)
    body.on("front", 0.0, 0.74, 1.0, 1.0, LIGHT)
    m.box((-w * 0.16, -d * 0.05, h * 0.8), (w * 0.16, d * 0.4, h), LIGHT, ink=1.4)
    lens = m.turned(
        [(h * 0.3, 0.0), (h * 0.28, d * 0.4)], (0.0, -d * 0.1, h * 0.4), DIM, axis=(0.0, -1.0, 0.0), count=14
    )
    lens.face([(a, -d / 2 - 0.001, h * 0.4 + b) for a, b in ring(h * 0.2, 14)], PALE, ink=1.2, body=False)
    return m


def oar(w: float, d: float, h: float, state: str) -> Model:
    """An oar along y."""
    m = Model()
    part = m.part((-w / 2, -d / 2, 0.0), (w / 2, d / 2, 0.05))
    m.rod((0.0, -d * 0.3, 0.03), (0.0, d / 2, 0.03), 0.025, PALE, into=part)
    part.face(
        [
            (-w * 0.2, -d * 0.28, 0.03),
            (-w / 2, -d * 0.36, 0.03),
            (-w / 2, -d / 2, 0.03),
            (w / 2, -d / 2, 0.03),
            (w / 2, -d * 0.36, 0.03),
            (w * 0.2, -d * 0.28, 0.03),
        ],
        PALE,
        ink=1.5,
        both=True,
        body=False,
    )
    return m


def page(w: float, d: float, h: float, state: str) -> Model:
    """A written sheet that is held up: its writing is towards +y, where the reader is."""
    m = Model()
    part = m.part((-w / 2, -0.02, 0.0), (w / 2, 0.02, h))
    lean = h * 0.25
    sheet: list[Vec] = [(-w / 2, 0.0, 0.0), (w / 2, 0.0, 0.0), (w / 2, -lean, h), (-w / 2, -lean, h)]
    part.face(sheet, PAPER, ink=1.5, both=True, body=False)
    for row in range(6):
        up = 0.84 - row * 0.13
        right = 0.36 if row % 3 else 0.2
        part.stroke(
            [(-w * 0.36, -lean * up, h * up), (w * right, -lean * up, h * up)],
            normal=(0.0, 1.0, 0.25),
            ink=0.9,
            line=0.4,
        )
    return m

"""What people ride in. Fronts are towards -y, as with every piece."""

from __future__ import annotations

from math import cos, pi, sin

import numpy as np

from studio_assist.blockout.facets import DARK, DIM, INKY, LIGHT, MID, PALE, PAPER, Flat, Part, Vec, normal_of
from studio_assist.blockout.solids import Model, ring

GLASS = -1.0


def wheel(m: Model, x: float, y: float, radius: float, thick: float, side: float) -> None:
    """A tyre with its hub on the outer side; `side` is -1 on the left, 1 on the right."""
    part = m.turned(
        [(radius, -thick / 2), (radius, thick / 2)], (x, y, radius), INKY, axis=(1.0, 0.0, 0.0), count=16
    )
    part.outer = (0, side, x - side * thick / 2)
    face = x + side * (thick / 2 + 0.004)
    for share, tone in ((0.62, PALE), (0.22, DIM)):
        disc = [(face, y + a, radius + b) for a, b in ring(radius * share, 14)]
        part.face(disc if side > 0 else disc[::-1], tone, ink=1.1, body=False)


def _sided(
    part: Part, outline: Flat, x: float, tone: float | None, *, ink: float = 1.3, soft: bool = False
) -> None:
    """A (y, z) outline on both flanks."""
    for sign in (-1.0, 1.0):
        points = [(sign * x, y, z) for y, z in outline]
        area = sum(
            a[0] * b[1] - b[0] * a[1] for a, b in zip(outline, [*outline[1:], outline[0]], strict=True)
        )
        # (y, z) anticlockwise faces +x.
        part.face(
            points if (area > 0) == (sign > 0) else points[::-1],
            tone,
            ink=ink,
            soft=soft,
            body=False,
            glow=tone == GLASS,
        )


def car(w: float, d: float, h: float, state: str) -> Model:
    """A saloon car. The cabin is glass on posts, so that who drives is seen."""
    m = Model()
    r = h * 0.225
    sill, belt = h * 0.2, h * 0.58
    body = m.part()
    body.covers = True
    half = w / 2
    side = [
        (-d * 0.5, sill + 0.05), (-d * 0.46, sill), (d * 0.47, sill), (d * 0.5, sill + 0.1),
        (d * 0.495, belt * 0.96),
        (d * 0.4, belt), (-d * 0.2, belt), (-d * 0.46, belt * 0.86), (-d * 0.5, belt * 0.72),
    ]  # fmt: skip
    low: list[Vec] = [(-half, y, z) for y, z in side]
    high: list[Vec] = [(half, y, z) for y, z in side]
    count = len(side)
    for index in range(count):
        after = (index + 1) % count
        body.face([high[index], low[index], low[after], high[after]], PALE, ink=1.4)
    body.face(high, PALE, ink=1.8)
    body.face(low[::-1], PALE, ink=1.8)
    for y in (-d * 0.31, d * 0.29):
        arch = [(y + cos(a) * r * 1.22, r + sin(a) * r * 1.22) for a in [pi * step / 8 for step in range(9)]]
        _sided(body, [(p, max(q, sill)) for p, q in arch], half + 0.002, INKY, ink=1.2)
    for y in (-d * 0.17, d * 0.06, d * 0.2):
        for sign in (-1.0, 1.0):
            body.stroke(
                [(sign * half, y, sill + 0.06), (sign * half, y + 0.02, belt)],
                normal=(sign, 0.0, 0.0),
                ink=1.2,
                soft=False,
            )
    for y in (0.0, d * 0.15):
        _sided(
            body,
            [(y, belt * 0.84), (y + 0.14, belt * 0.84), (y + 0.14, belt * 0.88), (y, belt * 0.88)],
            half + 0.01,
            DIM,
            ink=0.8,
            soft=True,
        )
    front = -d * 0.5 - 0.003
    for sign in (-1.0, 1.0):
        lamp = [(sign * half * 0.72 + a, front, belt * 0.66 + b) for a, b in ring(h * 0.065, 12)]
        body.face(lamp, PAPER, ink=1.4, glow=True, body=False)
        x = sign * half * 0.8
        body.face(
            [
                (x + 0.13, d * 0.5, belt * 0.7),
                (x - 0.13, d * 0.5, belt * 0.7),
                (x - 0.13, d * 0.5, belt * 0.82),
                (x + 0.13, d * 0.5, belt * 0.82),
            ],
            DIM,
            ink=1.2,
            body=False,
        )
    grille: list[Vec] = [
        (-half * 0.46, front, belt * 0.5),
        (half * 0.46, front, belt * 0.5),
        (half * 0.46, front, belt * 0.7),
        (-half * 0.46, front, belt * 0.7),
    ]
    body.face(grille, DARK, ink=1.3, body=False)
    for step in range(1, 4):
        z = belt * (0.5 + 0.05 * step)
        body.stroke(
            [(-half * 0.44, front, z), (half * 0.44, front, z)], normal=(0.0, -1.0, 0.0), ink=1.0, line=0.7
        )
    plate = front - 0.02
    body.face(
        [
            (-0.26, plate, sill + 0.1),
            (0.26, plate, sill + 0.1),
            (0.26, plate, sill + 0.21),
            (-0.26, plate, sill + 0.21),
        ],
        PAPER,
        ink=1.1,
        soft=True,
        body=False,
    )
    body.stroke(
        [(0.0, -d * 0.46, belt * 0.87), (0.0, -d * 0.2, belt)], normal=(0.0, -0.3, 1.0), ink=0.9, line=0.4
    )
    for sign in (-1.0, 1.0):
        for y in (-d * 0.31, d * 0.29):
            wheel(m, sign * (half - 0.1), y, r, 0.2, sign)
    for y, z in ((-d * 0.5 - 0.03, sill + 0.02), (d * 0.5 - 0.05, sill + 0.02)):
        m.box((-half * 0.98, y, z), (half * 0.98, y + 0.08, z + 0.11), LIGHT, ink=1.4)
    _cabin(m, w, d, belt, h, occupied=state == "occupied")
    return m


def _cabin(m: Model, w: float, d: float, belt: float, h: float, *, occupied: bool) -> None:
    """Posts, roof and glass; with people inside the glass lets them be seen."""
    a, b = w * 0.46, w * 0.36
    f0, f1, r1, r0 = -d * 0.19, -d * 0.04, d * 0.2, d * 0.38
    low: list[Vec] = [(-a, f0, belt), (a, f0, belt), (a, r0, belt), (-a, r0, belt)]
    high: list[Vec] = [(-b, f1, h), (b, f1, h), (b, r1, h), (-b, r1, h)]

    def glass(part: Part, index: int, inset: float) -> None:
        after = (index + 1) % 4
        corners = [low[index], low[after], high[after], high[index]]
        middle = [sum(c[k] for c in corners) / 4 for k in range(3)]
        inner = [tuple(middle[k] + (c[k] - middle[k]) * (1 - inset) for k in range(3)) for c in corners]
        normal = normal_of(np.asarray(corners, float))
        side = (float(normal[0]), float(normal[1]), float(normal[2]))
        part.face(corners, PALE, ink=1.6, holes=(np.asarray(inner, float),))
        part.face(inner, GLASS, ink=1.2, glow=True, body=False, alpha=0.3 if occupied else 1.0)
        left, right = inner[0], inner[2]
        for start in (0.3, 0.45):
            p = tuple(
                left[k] + (right[k] - left[k]) * start + (inner[3][k] - left[k]) * 0.12 for k in range(3)
            )
            q = tuple(
                left[k] + (right[k] - left[k]) * (start + 0.2) + (inner[3][k] - left[k]) * 0.22
                for k in range(3)
            )
            part.stroke([p, q], normal=side, ink=1.4, line=0.8, glow=True)

    cabin = m.part()
    cabin.covers = True
    for index in range(4):
        glass(cabin, index, 0.14 if index % 2 == 0 else 0.12)
    for sign in (-1.0, 1.0):
        y, top = d * 0.08, (f1 + r1) / 2
        cabin.face(
            [
                (sign * (a + 0.004), y - 0.03, belt),
                (sign * (a + 0.004), y + 0.05, belt),
                (sign * (b + 0.004), top + 0.03, h),
                (sign * (b + 0.004), top - 0.04, h),
            ][:: 1 if sign > 0 else -1],
            PALE,
            ink=1.1,
            body=False,
        )
    cabin.face(high, PALE, ink=1.6)
    for sign in (-1.0, 1.0):
        x = sign * (w / 2 + 0.03)
        m.box((x - 0.09, f0 + 0.12, belt + 0.02), (x + 0.09, f0 + 0.18, belt + 0.15), PALE, ink=1.2)


def truck(w: float, d: float, h: float, state: str) -> Model:
    """A lorry: a cab and a box."""
    m = Model()
    r, half = h * 0.16, w / 2
    cab = -d * 0.5 + d * 0.28
    m.box((-half * 0.8, -d * 0.48, r * 0.9), (half * 0.8, d * 0.5, r * 1.5), DARK)
    load = m.box((-half, cab + 0.12, r * 1.5), (half, d * 0.5, h), PALE)
    for side in ("left", "right"):
        for share in (0.2, 0.4, 0.6, 0.8):
            load.rule(side, [(share, 0.0), (share, 1.0)], ink=1.0)
    load.rule("back", [(0.5, 0.0), (0.5, 1.0)], soft=False)
    f = -d * 0.5
    head = m.block(
        [
            (-half * 0.94, f, r),
            (half * 0.94, f, r),
            (half * 0.94, cab, r),
            (-half * 0.94, cab, r),
            (-half * 0.9, f + 0.25, h * 0.82),
            (half * 0.9, f + 0.25, h * 0.82),
            (half * 0.9, cab, h * 0.82),
            (-half * 0.9, cab, h * 0.82),
        ],
        LIGHT,
    )
    head.face(
        [
            (-half * 0.8, f + 0.12, h * 0.5),
            (half * 0.8, f + 0.12, h * 0.5),
            (half * 0.78, f + 0.21, h * 0.76),
            (-half * 0.78, f + 0.21, h * 0.76),
        ],
        GLASS,
        ink=1.3,
        glow=True,
        body=False,
    )
    for u in (0.14, 0.86):
        head.disc("front", u, 0.2, 0.13, PAPER, glow=True)
    head.on("front", 0.28, 0.12, 0.72, 0.34, DARK)
    _sided(
        head,
        [(f + 0.35, h * 0.5), (cab - 0.15, h * 0.5), (cab - 0.15, h * 0.75), (f + 0.42, h * 0.75)],
        half * 0.94 + 0.002,
        GLASS,
    )
    for y in (-d * 0.36, d * 0.2, d * 0.38):
        for sign in (-1.0, 1.0):
            wheel(m, sign * (half - 0.15), y, r, 0.28, sign)
    return m


def bus(w: float, d: float, h: float, state: str) -> Model:
    """A bus with a row of windows."""
    m = Model()
    r, half = h * 0.16, w / 2
    body = m.box((-half, -d / 2, r * 0.8), (half, d / 2, h), PALE)
    body.on("front", 0.08, 0.42, 0.92, 0.86, GLASS, glow=True)
    body.on("front", 0.2, 0.88, 0.8, 0.96, DARK)
    for u in (0.14, 0.86):
        body.disc("front", u, 0.18, 0.12, PAPER, glow=True)
    body.on("back", 0.14, 0.5, 0.86, 0.84, GLASS, glow=True)
    count = max(4, round(d / 1.4))
    for side in ("left", "right"):
        for place in range(count):
            left = (place + 0.1) / count
            body.on(side, left, 0.46, left + 0.8 / count, 0.84, GLASS, ink=1.2, glow=True)
        body.on(side, 0.0, 0.34, 1.0, 0.4, MID, ink=1.0)
        at = 0.06 if side == "right" else 0.84
        body.on(side, at, 0.03, at + 0.1, 0.84, LIGHT)
        body.rule(side, [(at + 0.05, 0.03), (at + 0.05, 0.84)], soft=False)
    for y in (-d * 0.3, d * 0.3):
        for sign in (-1.0, 1.0):
            wheel(m, sign * (half - 0.12), y, r, 0.28, sign)
    return m


def _spoked(m: Model, part: Part, y: float, radius: float, tube: float) -> None:
    """A thin wheel in the plane x = 0."""
    outer = [(0.0, y + a, radius + b) for a, b in ring(radius, 20)]
    inner = [(0.0, y + a, radius + b) for a, b in ring(radius - tube, 20)]
    part.face(outer, INKY, ink=1.2, both=True, holes=(np.asarray(inner),))
    for step in range(8):
        a = step / 8 * 2 * pi
        part.stroke(
            [(0.0, y, radius), (0.0, y + cos(a) * (radius - tube), radius + sin(a) * (radius - tube))],
            ink=0.8,
            line=0.3,
        )


def bicycle(w: float, d: float, h: float, state: str) -> Model:
    """A bicycle."""
    m = Model()
    r = h * 0.33
    f, b = -d / 2 + r, d / 2 - r
    whole = m.part((-0.05, -d / 2, 0.0), (0.05, d / 2, h * 0.9))
    _spoked(m, whole, f, r, 0.035)
    _spoked(m, whole, b, r, 0.035)
    crank: Vec = (0.0, (f + b) / 2 + 0.06, r * 0.92)
    seat: Vec = (0.0, b - 0.3, h * 0.84)
    head: Vec = (0.0, f + 0.13, h * 0.82)
    for start, end in (
        (crank, seat),
        (crank, head),
        (seat, head),
        ((0.0, b, r), crank),
        ((0.0, b, r), (0.0, b - 0.26, h * 0.76)),
        ((0.0, f, r), (0.0, f + 0.17, h * 0.98)),
    ):
        m.rod(start, end, 0.02, MID, into=whole)
    m.rod((-w / 2, f + 0.2, h), (w / 2, f + 0.2, h), 0.016, DARK, into=whole)
    m.rod(
        (0.0, seat[1] - 0.12, h * 0.88),
        (0.0, seat[1] + 0.14, h * 0.89),
        0.04,
        INKY,
        into=whole,
        round_ends=True,
    )
    disc = [(0.01, crank[1] + p, crank[2] + q) for p, q in ring(0.09, 12)]
    whole.face(disc, LIGHT, ink=1.2, both=True)
    m.rod((0.0, crank[1], crank[2]), (0.0, crank[1] - 0.1, crank[2] - 0.14), 0.014, DARK, into=whole)
    return m


def motorcycle(w: float, d: float, h: float, state: str) -> Model:
    """A motorcycle."""
    m = Model()
    r = h * 0.3
    f, b = -d / 2 + r, d / 2 - r
    for y in (f, b):
        wheel(m, 0.0, y, r, 0.13, 1.0)
        wheel(m, 0.0, y, r, 0.13, -1.0)
    m.rod((0.0, f, r), (0.0, f + 0.32, h * 0.86), 0.035, LIGHT)
    m.box((-0.16, -0.2, h * 0.22), (0.16, 0.24, h * 0.5), DIM).on(
        "right", 0.1, 0.15, 0.9, 0.8, None, soft=True
    )
    m.prism(
        [(f + 0.4, h * 0.56), (0.1, h * 0.52), (0.12, h * 0.68), (-0.1, h * 0.77), (f + 0.45, h * 0.74)],
        -0.14,
        0.14,
        PALE,
    )
    m.prism(
        [(0.08, h * 0.54), (b + 0.1, h * 0.6), (b + 0.12, h * 0.67), (0.3, h * 0.66), (0.1, h * 0.7)],
        -0.13,
        0.13,
        INKY,
    )
    m.rod((0.12, 0.0, h * 0.24), (0.14, b + 0.2, h * 0.27), 0.05, PALE)
    m.rod((-w / 2, f + 0.36, h * 0.94), (w / 2, f + 0.36, h * 0.94), 0.02, DARK)
    m.ball((0.0, f + 0.18, h * 0.8), 0.1, PAPER, glow=True)
    m.rod((0.0, b, r), (0.0, 0.1, h * 0.4), 0.03, MID)
    return m


def cart(w: float, d: float, h: float, state: str) -> Model:
    """A two-wheeled cart with shafts towards -y."""
    m = Model()
    r = h * 0.42
    body = m.box((-w / 2 + 0.1, -d * 0.12, r * 1.05), (w / 2 - 0.1, d / 2, h), LIGHT)
    for side in ("front", "back", "left", "right"):
        for up in (0.33, 0.66):
            body.rule(side, [(0.0, up), (1.0, up)], soft=False)
    body.on("top", 0.06, 0.05, 0.94, 0.95, DIM)
    for sign in (-1.0, 1.0):
        m.rod((sign * w * 0.3, 0.0, r * 1.1), (sign * w * 0.26, -d / 2, r * 1.0), 0.04, MID)
        part = m.part((sign * w / 2 - 0.04, d * 0.2 - r, 0.0), (sign * w / 2 + 0.04, d * 0.2 + r, 2 * r))
        spokes = Model()
        made = spokes.part()
        _spoked(spokes, made, d * 0.2, r, 0.07)
        m.parts.remove(part)
        m.pasted([made], (sign * w / 2, 0.0, 0.0))
    return m

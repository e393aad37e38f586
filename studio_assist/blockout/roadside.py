"""What stands by the way: fences, gates, bridges, piers, lamps, signs, tents, graves, wells, statues."""

from __future__ import annotations

from math import cos, pi, sin

from studio_assist.blockout.facets import DARK, DIM, INKY, LIGHT, MID, PALE, PAPER, Vec
from studio_assist.blockout.solids import Model, ring


def fence(w: float, d: float, h: float, state: str) -> Model:
    """Pickets on two rails, in lengths so that it sorts."""
    m = Model()
    lengths = max(1, round(w / 2))
    each = w / lengths
    for length in range(lengths):
        left = -w / 2 + length * each
        part = m.part((left, -0.04, 0.0), (left + each, 0.04, h))
        for z in (h * 0.28, h * 0.72):
            part.face(
                [
                    (left, -0.01, z),
                    (left + each, -0.01, z),
                    (left + each, -0.01, z + 0.08),
                    (left, -0.01, z + 0.08),
                ],
                LIGHT,
                ink=1.2,
                both=True,
                body=False,
            )
        count = max(2, round(each / 0.22))
        for place in range(count):
            if state == "broken" and place % 4 == 2:
                continue
            x = left + (place + 0.5) * each / count
            slat = [
                (x - 0.05, -0.03, 0.0),
                (x + 0.05, -0.03, 0.0),
                (x + 0.05, -0.03, h - 0.08),
                (x, -0.03, h),
                (x - 0.05, -0.03, h - 0.08),
            ]
            part.face(slat, PALE, ink=1.3, both=True, body=False)
    return m


def gate(w: float, d: float, h: float, state: str) -> Model:
    """Two stone posts with a barred gate between them."""
    m = Model()
    post = min(0.45, w * 0.14)
    for x in (-w / 2, w / 2 - post):
        m.box((x, -post / 2, 0.0), (x + post, post / 2, h), LIGHT)
        m.box((x - 0.05, -post / 2 - 0.05, h), (x + post + 0.05, post / 2 + 0.05, h + 0.12), PALE)
        m.ball((x + post / 2, 0.0, h + 0.28), 0.16, PALE)
    inner = w / 2 - post
    for sign in (-1.0, 1.0):
        swing = 1.2 if state == "open" else 0.0
        leaf = m.part()
        count = max(3, round(inner / 0.18))

        def spot(share: float, z: float, sign: float = sign, swing: float = swing) -> Vec:
            run = inner * share
            return (sign * (inner - run * cos(swing)), run * sin(swing), z)

        for place in range(count + 1):
            share = place / count
            m.rod(spot(share, 0.08), spot(share, h * (0.78 + 0.16 * share)), 0.018, DARK, into=leaf)
        m.rod(spot(0.0, 0.2), spot(1.0, 0.2), 0.025, DARK, into=leaf)
        m.rod(spot(0.0, h * 0.66), spot(1.0, h * 0.7), 0.025, DARK, into=leaf)
    return m


def bridge(w: float, d: float, h: float, state: str) -> Model:
    """An arched stone bridge along x, with parapets; people walk at y = 0."""
    m = Model()
    count = 10
    arch = [(cos(pi * step / count), sin(pi * step / count)) for step in range(count + 1)]
    span, rise, deck = w * 0.33, h * 0.6, h * 0.74
    for y, front in ((-d / 2, True), (d / 2, False)):
        wall_part = m.part((-w / 2, y - 0.12, 0.0), (w / 2, y + 0.12, h))
        side = y - 0.12 if front else y + 0.12
        edge: list[Vec] = [
            (-w / 2, side, 0.0),
            (-span, side, 0.0),
            *[(-a * span, side, b * rise) for a, b in arch[1:-1]],
            (span, side, 0.0),
            (w / 2, side, 0.0),
            (w / 2, side, h),
            (-w / 2, side, h),
        ]
        wall_part.face(edge if front else edge[::-1], LIGHT, ink=1.8, body=False)
        back: list[Vec] = [
            (-w / 2, 2 * y - side, deck),
            (w / 2, 2 * y - side, deck),
            (w / 2, 2 * y - side, h),
            (-w / 2, 2 * y - side, h),
        ]
        wall_part.face(back[::-1] if front else back, PALE, ink=1.3, body=False)
        wall_part.face(
            [(-w / 2, y - 0.12, h), (w / 2, y - 0.12, h), (w / 2, y + 0.12, h), (-w / 2, y + 0.12, h)],
            PAPER,
            ink=1.3,
            body=False,
        )
        for step in range(1, count):
            a, b = arch[step]
            wall_part.stroke(
                [(-a * span, side, b * rise), (-a * span * 1.14, side, b * rise * 1.16)],
                normal=(0.0, -1.0 if front else 1.0, 0.0),
                ink=1.0,
            )
    floor = m.part((-w / 2, -d / 2 + 0.12, 0.0), (w / 2, d / 2 - 0.12, deck))
    floor.face(
        [(-w / 2, -d / 2, deck), (w / 2, -d / 2, deck), (w / 2, d / 2, deck), (-w / 2, d / 2, deck)],
        PALE,
        ink=1.0,
        body=False,
    )
    under: list[Vec] = [(-a * span, -d / 2, b * rise) for a, b in arch]
    for step in range(count):
        p, q = under[step], under[step + 1]
        floor.face([p, q, (q[0], d / 2, q[2]), (p[0], d / 2, p[2])], DIM, ink=0.0, body=False)
    return m


def pier(w: float, d: float, h: float, state: str) -> Model:
    """A wooden pier that runs away along y, on posts."""
    m = Model()
    count = max(2, round(d / 2.5))
    for place in range(count + 1):
        y = -d / 2 + d * place / count
        for x in (-w / 2 + 0.08, w / 2 - 0.08):
            m.rod((x, y, -1.2), (x, y, h + 0.5 if place % 2 == 0 else h), 0.09, DIM)
    for place in range(count):
        y = -d / 2 + d * place / count
        deck = m.box((-w / 2, y, h - 0.12), (w / 2, y + d / count, h), LIGHT, top=PALE, ink=1.2)
        for step in range(1, 8):
            deck.rule("top", [(0.0, step / 8), (1.0, step / 8)], ink=1.0, line=0.25)
    return m


def strip(w: float, d: float, h: float, state: str, *, marked: bool = True) -> Model:
    """A road or path that runs away along y, flat on the ground."""
    m = Model()
    lengths = max(1, round(d / 12))
    part = m.part((-w / 2, -d / 2, 0.0), (w / 2, d / 2, 0.01))
    tone = DIM if marked else PAPER
    part.face(
        [(-w / 2, -d / 2, 0.0), (w / 2, -d / 2, 0.0), (w / 2, d / 2, 0.0), (-w / 2, d / 2, 0.0)],
        tone,
        ink=0.0,
        both=True,
        body=False,
    )
    for x in (-w / 2, w / 2):
        run = [
            (x + (0.12 * sin(step * 2.1 + x) if not marked else 0.0), -d / 2 + d * step / (lengths * 3), 0.0)
            for step in range(lengths * 3 + 1)
        ]
        part.stroke(run, ink=1.8, soft=False)
    if marked:
        dash = 3.0
        y = -d / 2
        while y < d / 2:
            end = min(y + dash, d / 2)
            part.face(
                [(-0.08, y, 0.0), (0.08, y, 0.0), (0.08, end, 0.0), (-0.08, end, 0.0)],
                PAPER,
                ink=0.0,
                both=True,
                body=False,
            )
            y += dash * 2.5
    return m


def road(w: float, d: float, h: float, state: str) -> Model:
    """A road with a dashed line."""
    return strip(w, d, h, state)


def path(w: float, d: float, h: float, state: str) -> Model:
    """A trodden path."""
    return strip(w, d, h, state, marked=False)


def streetlamp(w: float, d: float, h: float, state: str) -> Model:
    """A post with a lantern."""
    m = Model()
    m.turned([(0.16, 0.0), (0.14, 0.4), (0.07, 0.5), (0.055, h * 0.86)], tone=DIM, count=10)
    m.rod((-0.3, 0.0, h * 0.76), (0.3, 0.0, h * 0.76), 0.025, DIM)
    lamp = m.block(
        [
            (-0.13, -0.13, h * 0.86),
            (0.13, -0.13, h * 0.86),
            (0.13, 0.13, h * 0.86),
            (-0.13, 0.13, h * 0.86),
            (-0.21, -0.21, h * 0.96),
            (0.21, -0.21, h * 0.96),
            (0.21, 0.21, h * 0.96),
            (-0.21, 0.21, h * 0.96),
        ],
        PAPER,
    )
    for side in ("front", "left", "right", "back"):
        lamp.rule(side, [(0.5, 0.0), (0.5, 1.0)])
    m.turned([(0.25, h * 0.96), (0.03, h)], tone=DARK, count=8)
    return m


def sign(w: float, d: float, h: float, state: str) -> Model:
    """A board on a post."""
    m = Model()
    m.rod((0.0, 0.0, 0.0), (0.0, 0.0, h * 0.95), 0.05, DIM)
    board = m.box((-w / 2, -0.07, h * 0.58), (w / 2, -0.03, h * 0.94), PAPER)
    for row, right in ((0.68, 0.84), (0.46, 0.76), (0.24, 0.6)):
        board.rule("front", [(0.14, row), (right, row)], ink=2.2, line=0.3)
    return m


def tent(w: float, d: float, h: float, state: str) -> Model:
    """A ridge tent; its flaps are towards -y."""
    m = Model()
    part = m.part((-w / 2, -d / 2, 0.0), (w / 2, d / 2, h))
    for sign_x in (-1.0, 1.0):
        slope: list[Vec] = [
            (sign_x * w / 2, -d / 2, 0.0),
            (sign_x * w / 2, d / 2, 0.0),
            (0.0, d / 2, h * 0.95),
            (0.0, -d / 2, h),
        ]
        part.face(slope if sign_x > 0 else slope[::-1], PALE, ink=1.9, body=False)
        part.stroke(
            [(sign_x * w * 0.25, 0.0, h * 0.49), (sign_x * w * 0.36, d * 0.1, h * 0.26)],
            normal=(sign_x, 0.0, 1.0),
            ink=1.0,
            taper=True,
        )
    front: list[Vec] = [(-w / 2, -d / 2, 0.0), (w / 2, -d / 2, 0.0), (0.0, -d / 2, h)]
    part.face(front, LIGHT, ink=1.9, body=False)
    opening: list[Vec] = [(-w * 0.16, -d / 2, 0.0), (w * 0.16, -d / 2, 0.0), (0.0, -d / 2, h * 0.86)]
    part.face(opening, PAPER if state == "lit" else INKY, ink=1.5, glow=True, body=False)
    part.face(
        [(w * 0.16, -d / 2, 0.0), (w * 0.27, -d / 2 - 0.15, 0.0), (0.02, -d / 2 - 0.02, h * 0.86)],
        PAPER,
        ink=1.3,
        both=True,
        body=False,
    )
    part.face([(w / 2, d / 2, 0.0), (-w / 2, d / 2, 0.0), (0.0, d / 2, h * 0.95)], LIGHT, ink=1.9, body=False)
    for x, y in ((-w / 2, -d / 2), (w / 2, -d / 2)):
        part.stroke([(x * 0.5, y, h * 0.5), (x * 1.35, y - 0.3, 0.0)], ink=1.0)
    return m


def grave(w: float, d: float, h: float, state: str) -> Model:
    """A rounded headstone on a low mound."""
    m = Model()
    m.block(
        [
            (-w * 0.5, -d / 2, 0.0),
            (w * 0.5, -d / 2, 0.0),
            (w * 0.5, d * 0.36, 0.0),
            (-w * 0.5, d * 0.36, 0.0),
            (-w * 0.4, -d * 0.42, 0.16),
            (w * 0.4, -d * 0.42, 0.16),
            (w * 0.4, d * 0.34, 0.16),
            (-w * 0.4, d * 0.34, 0.16),
        ],
        MID,
    )
    head = w * 0.42
    outline = [(-head, 0.0), (head, 0.0), (head, h - head * 0.8)]
    outline += [(cos(a) * head, h - head * 0.8 + sin(a) * head * 0.8) for a in (0.5, 1.05, pi / 2, 2.1, 2.64)]
    outline += [(-head, h - head * 0.8)]
    stone = m.prism(outline, d * 0.38, d * 0.48, PALE, axis="y", ink=1.4)
    stone.rule("front", [(0.5, 0.52), (0.5, 0.84)], ink=2.2, soft=False)
    stone.rule("front", [(0.36, 0.73), (0.64, 0.73)], ink=2.2, soft=False)
    for up in (0.4, 0.3):
        stone.rule("front", [(0.28, up), (0.72, up)], ink=1.2, line=0.35)
    if state == "broken":
        stone.rule("front", [(0.9, 1.0), (0.62, 0.6), (0.4, 0.55), (0.1, 0.2)], ink=2.0, soft=False)
    return m


def well(w: float, d: float, h: float, state: str) -> Model:
    """A round stone well with a roof and a bucket."""
    m = Model()
    r, rim = min(w, d) * 0.42, h * 0.36
    body = m.turned([(r, 0.0), (r, rim)], tone=LIGHT, count=18)
    body.face([(x, y, rim + 0.002) for x, y in ring(r * 0.78, 18)], INKY, ink=1.4, body=False)
    for row in range(1, 4):
        for turn in range(18):
            a = (turn + row * 0.5) / 18 * 2 * pi
            body.stroke(
                [(cos(a) * r, sin(a) * r, rim * (row - 1) / 3), (cos(a) * r, sin(a) * r, rim * row / 3)],
                normal=(cos(a), sin(a), 0.0),
                ink=0.9,
                line=0.35,
            )
    for x in (-r, r):
        m.rod((x, 0.0, 0.0), (x, 0.0, h * 0.76), 0.06, DIM)
    m.rod((-r, 0.0, h * 0.62), (r, 0.0, h * 0.62), 0.05, LIGHT)
    m.rod((0.0, 0.0, h * 0.62), (0.0, 0.0, h * 0.46), 0.01, DARK)
    m.turned([(0.1, h * 0.36), (0.14, h * 0.46)], tone=MID, count=10)
    a, b = r + 0.25, r * 0.9
    roof = m.part((-a, -b, h * 0.74), (a, b, h))
    for s in (-1.0, 1.0):
        slope: list[Vec] = [(-a, s * b, h * 0.74), (a, s * b, h * 0.74), (a, 0.0, h), (-a, 0.0, h)]
        roof.face(slope if s < 0 else slope[::-1], DIM, ink=1.7, both=False, body=False)
    return m


def statue(w: float, d: float, h: float, state: str) -> Model:
    """A standing figure on a pedestal."""
    m = Model()
    foot = h * 0.38
    m.box((-w / 2, -d / 2, 0.0), (w / 2, d / 2, foot * 0.14), LIGHT)
    plinth = m.box((-w * 0.4, -d * 0.4, foot * 0.14), (w * 0.4, d * 0.4, foot), LIGHT)
    plinth.on("front", 0.18, 0.3, 0.82, 0.7, PALE, soft=True)
    tall = h - foot
    body = m.turned(
        [
            (tall * 0.16, foot),
            (tall * 0.13, foot + tall * 0.3),
            (tall * 0.1, foot + tall * 0.5),
            (tall * 0.14, foot + tall * 0.74),
            (tall * 0.05, foot + tall * 0.82),
        ],
        tone=PALE,
        count=14,
        creases=False,
    )
    for x in (-0.06, 0.03, 0.08):
        body.stroke(
            [(tall * x, -tall * 0.15, foot), (tall * x * 0.8, -tall * 0.12, foot + tall * 0.4)],
            normal=(0.0, -1.0, 0.0),
            ink=1.1,
            line=0.3,
        )
    m.rod(
        (-tall * 0.13, 0.0, foot + tall * 0.72),
        (-tall * 0.17, -tall * 0.04, foot + tall * 0.46),
        tall * 0.04,
        PALE,
        round_ends=True,
    )
    m.rod(
        (tall * 0.13, 0.0, foot + tall * 0.72),
        (tall * 0.24, -tall * 0.05, foot + tall * 0.94),
        tall * 0.04,
        PALE,
        round_ends=True,
    )
    m.ball((0.0, 0.0, foot + tall * 0.9), tall * 0.085, PALE)
    return m

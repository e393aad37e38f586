"""Railways, and what is worked by hand: cars, a track up a slope, levers, wheels, lanterns, bells."""

from __future__ import annotations

from math import cos, pi, sin

from studio_assist.blockout.facets import DARK, DIM, INKY, LIGHT, MID, PALE, PAPER
from studio_assist.blockout.solids import Model, ring


def railcar(w: float, d: float, h: float, state: str) -> Model:
    """One car of a tram or a funicular: its end to the front, with a gate, windows and a lamp."""
    m = Model()
    lit = state in ("", "lit", "open")
    low = h * 0.16
    m.box((-w * 0.36, -d * 0.42, 0.05), (w * 0.36, d * 0.42, low), INKY)
    for y in (-d * 0.3, d * 0.3):
        for x in (-w * 0.42, w * 0.42):
            m.turned([(low * 0.9, -0.06), (low * 0.9, 0.06)], (x, y, low * 0.9), DARK, axis=(1.0, 0.0, 0.0))
    body = m.box((-w / 2, -d / 2, low), (w / 2, d / 2, h * 0.88), MID)
    for side in ("front", "back"):
        body.on(side, 0.0, 0.0, 1.0, 0.1, DIM)
        for left in (0.06, 0.68):
            body.on(side, left, 0.5, left + 0.26, 0.9, PAPER if lit else INKY, glow=lit, ink=1.4)
        body.on(side, 0.36, 0.04, 0.64, 0.92, INKY if state == "open" else DIM, ink=1.4)
        if state != "open":
            body.on(side, 0.39, 0.5, 0.61, 0.88, PAPER if lit else INKY, glow=lit)
        body.disc(side, 0.2, 0.28, w * 0.07, PAPER, glow=lit, ink=1.4)
        body.disc(side, 0.8, 0.28, w * 0.07, PAPER, glow=lit, ink=1.4)
    for side in ("left", "right"):
        body.on(side, 0.0, 0.0, 1.0, 0.1, DIM)
        body.rule(side, [(0.0, 0.44), (1.0, 0.44)], ink=1.2)
        count = max(2, round(d / 1.2))
        for place in range(count):
            left = (place + 0.16) / count
            body.on(side, left, 0.5, left + 0.68 / count, 0.9, PAPER if lit else INKY, glow=lit, ink=1.4)
    m.box((-w * 0.54, -d * 0.53, h * 0.88), (w * 0.54, d * 0.53, h * 0.94), PALE)
    m.box((-w * 0.36, -d * 0.46, h * 0.94), (w * 0.36, d * 0.46, h), PAPER)
    return m


def rails(w: float, d: float, h: float, state: str) -> Model:
    """A track up the flank of a mountain, straight away from the front; level where it is low."""
    m = Model()
    near, far = -d / 2, d / 2
    wide = w * 1.3 + h * 0.7

    def at(x: float, share: float) -> tuple[float, float, float]:
        return (x, near + (far - near) * share, h * share)

    if h > 1.0:
        flank = m.part((-wide, near, 0.0), (wide, far, h))
        edge = [(-1.0, 0.0), (-0.8, 0.26), (-0.7, 0.44), (-0.42, 0.62), (-0.36, 0.84), (-0.2, 1.0)]
        other = [(0.2, 1.0), (0.3, 0.8), (0.52, 0.66), (0.56, 0.42), (0.84, 0.24), (1.0, 0.0)]
        flank.face(
            [at(x * wide, share) for x, share in (*other[::-1], *edge[::-1])], LIGHT, ink=2.0, both=True
        )
        for x, share in ((-0.52, 0.3), (-0.4, 0.5), (0.38, 0.36), (0.3, 0.56), (-0.62, 0.14), (0.64, 0.12)):
            flank.stroke(
                [at(x * wide, share + 0.1), at(x * wide * 1.1, share)], ink=1.2, line=0.3, taper=True
            )
    bed = m.part((-w / 2, near, 0.0), (w / 2, far, h))
    bed.face(
        [at(-w * 0.56, 0.0), at(w * 0.56, 0.0), at(w * 0.56, 1.0), at(-w * 0.56, 1.0)],
        DIM,
        ink=1.6,
        both=True,
    )
    count = max(8, round(d / 1.1))
    for place in range(count):
        share = (place + 0.5) / count
        half = 0.14 / count * max(1.0, d / 60)
        low, high = share - half - 0.1 / count, share + half + 0.1 / count
        bed.face(
            [at(-w * 0.46, low), at(w * 0.46, low), at(w * 0.46, high), at(-w * 0.46, high)],
            DARK,
            ink=0.0,
            both=True,
        )
    for x in (-w * 0.3, w * 0.3):
        bed.face(
            [at(x - 0.06, 0.0), at(x + 0.06, 0.0), at(x + 0.06, 1.0), at(x - 0.06, 1.0)],
            PAPER,
            ink=1.0,
            both=True,
        )
    bed.stroke([at(0.0, 0.0), at(0.0, 1.0)], ink=1.8, line=0.1)
    return m


def lever(w: float, d: float, h: float, state: str) -> Model:
    """A brake lever as tall as a man, in its notched quadrant."""
    m = Model()
    m.box((-w / 2, -d / 2, 0.0), (w / 2, d / 2, h * 0.08), DIM)
    rim = m.part((-w * 0.1, -d / 2, h * 0.08), (w * 0.1, d / 2, h * 0.4))
    arc = [
        (0.0, cos(a) * d * 0.5, h * 0.08 + sin(a) * h * 0.26) for a in [pi * step / 10 for step in range(11)]
    ]
    rim.face(arc, MID, ink=1.8, both=True)
    m.rod((0.0, 0.0, h * 0.08), (0.0, -d * 0.12, h * 0.86), 0.035, DARK, thin=0.028)
    m.rod((0.0, -d * 0.12, h * 0.8), (0.0, -d * 0.15, h), 0.04, PALE, round_ends=True)
    m.rod((0.0, -d * 0.02, h * 0.3), (0.06, -d * 0.14, h * 0.84), 0.01, PALE)
    return m


def wheel(w: float, d: float, h: float, state: str) -> Model:
    """A great iron wheel with spokes and teeth, upright between two bearings."""
    m = Model()
    r = min(w, h) * 0.46
    z = h / 2
    for x in (-w * 0.5, w * 0.5):
        m.box((x - 0.1, -d * 0.2, 0.0), (x + 0.1, d * 0.6, z * 0.5), DIM)
    part = m.part((-r, -d / 2, z - r), (r, d * 0.2, z + r))
    teeth = [
        (cos(a) * r * grow, -d * 0.3, z + sin(a) * r * grow)
        for step in range(48)
        for a, grow in ((2 * pi * (step + 0.0) / 48, 1.0), (2 * pi * (step + 0.5) / 48, 1.07))
    ]
    part.face(teeth, DIM, ink=2.4, both=True)
    part.face([(x, -d * 0.32, z + y) for x, y in ring(r * 0.96, 36)], MID, ink=1.4, both=True)
    part.face([(x, -d * 0.34, z + y) for x, y in ring(r * 0.8, 36)], INKY, ink=1.6, both=True)
    for step in range(8):
        a = pi * step / 4 + 0.2
        side, up = -sin(a) * r * 0.06, cos(a) * r * 0.06
        end = (cos(a) * r * 0.82, sin(a) * r * 0.82)
        part.face(
            [
                (side, -d * 0.36, z + up),
                (end[0] + side * 0.7, -d * 0.36, z + end[1] + up * 0.7),
                (end[0] - side * 0.7, -d * 0.36, z + end[1] - up * 0.7),
                (-side, -d * 0.36, z - up),
            ],
            MID,
            ink=1.6,
            both=True,
        )
    part.face([(x, -d * 0.4, z + y) for x, y in ring(r * 0.22, 20)], LIGHT, ink=1.8, both=True)
    part.face([(x, -d * 0.42, z + y) for x, y in ring(r * 0.09, 14)], DARK, ink=1.4, both=True)
    return m


def lantern(w: float, d: float, h: float, state: str) -> Model:
    """A storm lantern: base, glass, cap and bail."""
    m = Model()
    shining = state != "broken"
    r = w / 2
    m.turned([(r, 0.0), (r, h * 0.16), (r * 0.7, h * 0.22)], tone=DIM, count=14)
    glass = [(r * 0.62, h * 0.22), (r * 0.86, h * 0.38), (r * 0.56, h * 0.58)]
    m.turned(glass, tone=PAPER, count=14, glow=shining, creases=False)
    m.turned([(r * 0.7, h * 0.58), (r * 0.8, h * 0.62), (r * 0.36, h * 0.74)], tone=DIM, count=14)
    bail = m.part((-r, -0.01, h * 0.2), (r, 0.01, h))
    arc = [(cos(a) * r * 0.98, 0.0, h * 0.6 + sin(a) * h * 0.4) for a in [pi * step / 8 for step in range(9)]]
    bail.stroke([(r * 0.98, 0.0, h * 0.16), *arc, (-r * 0.98, 0.0, h * 0.16)], ink=2.0)
    return m


def bell(w: float, d: float, h: float, state: str) -> Model:
    """A counter bell on its plate, with its button."""
    m = Model()
    r = w / 2
    m.turned([(r, 0.0), (r, h * 0.14)], tone=DIM, count=20)
    dome = [(r * cos(a) * 0.9, h * 0.2 + sin(a) * h * 0.6) for a in [pi / 2 * step / 6 for step in range(7)]]
    m.turned(dome, tone=PALE, count=20, creases=False)
    m.turned([(r * 0.1, h * 0.8), (r * 0.16, h * 0.9), (r * 0.1, h)], tone=DARK, count=10)
    return m


def sled(w: float, d: float, h: float, state: str) -> Model:
    """A freight sled on two runners."""
    m = Model()
    for x in (-w * 0.4, w * 0.4):
        m.box((x - 0.04, -d / 2 + 0.15, 0.0), (x + 0.04, d / 2, 0.08), DARK)
        m.rod((x, -d / 2 + 0.17, 0.04), (x, -d / 2, h * 0.7), 0.04, DARK)
        for y in (-d * 0.3, 0.0, d * 0.36):
            m.box((x - 0.03, y - 0.04, 0.08), (x + 0.03, y + 0.04, h * 0.7), MID)
    for place in range(5):
        left = -w / 2 + place * w / 5
        m.box((left + 0.01, -d / 2, h * 0.7), (left + w / 5 - 0.01, d / 2, h), LIGHT)
    return m


def sack(w: float, d: float, h: float, state: str) -> Model:
    """A full sack, tied at its neck."""
    m = Model()
    r = w / 2
    body = m.turned(
        [(r * 0.8, 0.0), (r, h * 0.2), (r * 0.96, h * 0.55), (r * 0.6, h * 0.8), (r * 0.2, h * 0.88)],
        tone=MID,
        count=14,
        creases=False,
    )
    for a in (3.6, 4.4, 5.2):
        body.stroke(
            [(cos(a) * r * 0.5, sin(a) * r * 0.5, h * 0.84), (cos(a) * r, sin(a) * r, h * 0.5)],
            normal=(cos(a), sin(a), 0.0),
            taper=True,
        )
    m.turned([(r * 0.2, h * 0.86), (r * 0.36, h)], tone=LIGHT, count=10)
    return m


def pencil(w: float, d: float, h: float, state: str) -> Model:
    """A pencil, its point to the front."""
    m = Model()
    m.rod((0.0, d * 0.5, h / 2), (0.0, -d * 0.32, h / 2), h / 2, LIGHT)
    m.rod((0.0, -d * 0.32, h / 2), (0.0, -d * 0.5, h / 2), h / 2, PALE, thin=h * 0.08)
    m.rod((0.0, d * 0.5, h / 2), (0.0, d * 0.42, h / 2), h * 0.52, DARK)
    return m


def receiver(w: float, d: float, h: float, state: str) -> Model:
    """The receiver of a telephone, on end."""
    m = Model()
    m.rod((0.0, -d * 0.2, h * 0.12), (0.0, -d * 0.2, h * 0.88), w * 0.26, INKY)
    for z in (h * 0.1, h * 0.9):
        m.turned([(w * 0.5, -d * 0.4), (w * 0.42, d * 0.4)], (0.0, 0.0, z), INKY, axis=(0.0, 1.0, 0.0))
    return m

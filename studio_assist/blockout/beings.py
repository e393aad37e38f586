"""Animals and crowds: rounded limbs that overlap without seams, as the engine draws one rim about a group."""

from __future__ import annotations

import numpy as np

from studio_assist.blockout.facets import DARK, DIM, INKY, LIGHT, MID, PALE, PAPER, Part, Vec
from studio_assist.blockout.solids import Model


def _limb(m: Model, into: Part, points: list[Vec], radii: list[float], tone: float, ink: float = 0.0) -> None:
    """A chain of round bars; with no ink their joints do not show, the rim of the group is their outline."""
    for index in range(len(points) - 1):
        m.rod(
            points[index],
            points[index + 1],
            radii[index],
            tone,
            thin=radii[index + 1],
            ink=ink,
            into=into,
            round_ends=True,
        )


def _body(m: Model, into: Part, chains: list[tuple[list[Vec], list[float]]], tone: float) -> None:
    """Chains as one body: outlines first, insides over them, so that only the outer contour stays."""
    for weight in (2.4, 0.0):
        for points, radii in chains:
            _limb(m, into, points, radii, tone, ink=weight)


def _beast(m: Model, d: float, h: float, tone: float, shape: dict[str, float]) -> None:
    """A four-footed animal along y, its head towards -y: far legs, body, near legs are parts of their own."""
    back, thick, wide = shape["back"] * h, shape["thick"] * h, shape["wide"] * h
    f, b = -d * shape["front"], d * shape["rear"]
    leg, hoof = shape["leg"] * h, shape["hoof"] * h
    for sign in (-1.0, 1.0):
        for y, fore, bend in ((f, True, -0.02), (b, False, 0.07)):
            step = (0.05 if (sign > 0) == fore else -0.04) * d
            part = m.part()
            x = sign * wide * 0.62
            knee: Vec = (x, y + bend * h + step * 0.4, back * 0.42)
            foot: Vec = (x, y + step + (0.0 if fore else 0.03 * h), hoof)
            chain: list[Vec] = [(x, y, back - thick * 0.9), knee, foot, (x, foot[1] - hoof * 1.6, hoof * 0.8)]
            _body(m, part, [(chain, [leg * (1.5 if fore else 2.0), leg * 0.85, leg * 0.62, hoof])], tone)
    trunk = m.part((-wide * 0.5, f - thick * 0.5, back - thick * 1.6), (wide * 0.5, b + thick * 0.5, back))
    z = back - thick
    head_y, head_z = -d * 0.5 + shape["head"] * h, h - shape["skull"] * h
    chains: list[tuple[list[Vec], list[float]]] = [
        (
            [(0.0, f, z), (0.0, (f + b) / 2, z - thick * 0.06), (0.0, b, z + thick * 0.05)],
            [thick, thick * 0.9, thick],
        ),
        (
            [(0.0, f, z + thick * 0.2), (0.0, head_y + shape["head"] * h * 0.5, head_z)],
            [thick * 0.8, shape["neck"] * h],
        ),
        (
            [
                (0.0, head_y + shape["head"] * h * 0.45, head_z),
                (0.0, -d * 0.5 + shape["muzzle"] * h, head_z - shape["drop"] * h),
            ],
            [shape["skull"] * h, shape["muzzle"] * h],
        ),
    ]
    _body(m, trunk, chains, tone)


def horse(w: float, d: float, h: float, state: str) -> Model:
    """A saddled horse."""
    m = Model()
    _beast(
        m,
        d,
        h,
        MID,
        {
            "back": 0.66,
            "thick": 0.15,
            "wide": 0.2,
            "front": 0.17,
            "rear": 0.3,
            "leg": 0.042,
            "hoof": 0.034,
            "head": 0.2,
            "skull": 0.085,
            "neck": 0.085,
            "muzzle": 0.048,
            "drop": 0.17,
        },
    )
    top = m.part((-0.02, -d * 0.42, h * 0.6), (0.02, d * 0.5, h))
    neck: list[Vec] = [
        (0.0, -d * 0.34, h * 1.0),
        (0.0, -d * 0.27, h * 0.97),
        (0.0, -d * 0.2, h * 0.86),
        (0.0, -d * 0.12, h * 0.72),
        (0.0, -d * 0.16, h * 0.76),
        (0.0, -d * 0.25, h * 0.87),
        (0.0, -d * 0.31, h * 0.93),
    ]
    top.face(neck, INKY, ink=1.2, both=True, body=False)
    for x in (-0.035, 0.035):
        m.rod(
            (x * h, -d * 0.37, h * 0.98),
            (x * h * 1.2, -d * 0.375, h * 1.06),
            0.025 * h,
            MID,
            thin=0.004,
            into=top,
            ink=1.4,
        )
    tail = m.part((-0.03, d * 0.36, h * 0.3), (0.03, d * 0.5, h * 0.62))
    _limb(
        m,
        tail,
        [(0.0, d * 0.38, h * 0.6), (0.0, d * 0.46, h * 0.5), (0.0, d * 0.47, h * 0.28)],
        [0.02 * h, 0.035 * h, 0.012 * h],
        INKY,
        ink=1.6,
    )
    saddle = m.part((-0.15 * h, d * -0.02, h * 0.55), (0.15 * h, d * 0.16, h * 0.68))
    m.rod(
        (0.0, -d * 0.02, h * 0.655), (0.0, d * 0.16, h * 0.665), 0.03 * h, INKY, into=saddle, round_ends=True
    )
    for sign in (-1.0, 1.0):
        flap: list[Vec] = [
            (sign * 0.06 * h, -d * 0.01, h * 0.655),
            (sign * 0.152 * h, d * 0.02, h * 0.5),
            (sign * 0.152 * h, d * 0.1, h * 0.5),
            (sign * 0.06 * h, d * 0.14, h * 0.655),
        ]
        saddle.face(flap if sign > 0 else flap[::-1], DARK, ink=1.4, body=False)
        eye = m.part((sign * 0.06 * h, -d * 0.43, h * 0.85), (sign * 0.09 * h, -d * 0.4, h * 0.95))
        eye.stroke(
            [(sign * 0.082 * h, -d * 0.405, h * 0.91), (sign * 0.08 * h, -d * 0.425, h * 0.905)],
            normal=(sign, -0.2, 0.0),
            ink=3.0,
            soft=False,
        )
        eye.stroke(
            [(sign * 0.07 * h, -d * 0.4, h * 0.84), (sign * 0.06 * h, -d * 0.47, h * 0.79)],
            normal=(sign, -0.2, 0.0),
            ink=1.4,
        )
    return m


def dog(w: float, d: float, h: float, state: str) -> Model:
    """A dog that stands with its tail up."""
    m = Model()
    _beast(
        m,
        d,
        h,
        PALE,
        {
            "back": 0.72,
            "thick": 0.17,
            "wide": 0.24,
            "front": 0.16,
            "rear": 0.3,
            "leg": 0.055,
            "hoof": 0.045,
            "head": 0.26,
            "skull": 0.15,
            "neck": 0.12,
            "muzzle": 0.065,
            "drop": 0.1,
        },
    )
    tail = m.part((-0.02, d * 0.36, h * 0.6), (0.02, d * 0.5, h * 0.95))
    _limb(
        m,
        tail,
        [(0.0, d * 0.4, h * 0.62), (0.0, d * 0.47, h * 0.75), (0.0, d * 0.46, h * 0.92)],
        [0.04 * h, 0.035 * h, 0.015 * h],
        PALE,
        ink=1.8,
    )
    head = m.part((-0.16 * h, -d * 0.5, h * 0.66), (0.16 * h, -d * 0.2, h))
    y = -d * 0.5 + 0.26 * h * 1.4
    for sign in (-1.0, 1.0):
        ear: list[Vec] = [
            (sign * 0.1 * h, y - 0.04 * h, h * 0.95),
            (sign * 0.17 * h, y + 0.02 * h, h * 0.8),
            (sign * 0.16 * h, y + 0.1 * h, h * 0.7),
            (sign * 0.1 * h, y + 0.1 * h, h * 0.92),
        ]
        head.face(ear, DARK, ink=1.5, both=True, body=False)
        head.stroke(
            [(sign * 0.1 * h, y - 0.13 * h, h * 0.88), (sign * 0.09 * h, y - 0.15 * h, h * 0.87)],
            normal=(sign * 0.6, -1.0, 0.0),
            ink=3.0,
            soft=False,
        )
    m.ball((0.0, -d * 0.5 + 0.02 * h, h * 0.77), 0.045 * h, INKY, into=head)
    return m


def cat(w: float, d: float, h: float, state: str) -> Model:
    """A sitting cat."""
    m = Model()
    tone = DIM
    tail = m.part((-0.3 * h, d * 0.1, 0.0), (0.1 * h, d * 0.5, h * 0.1))
    _limb(
        m,
        tail,
        [(0.0, d * 0.34, h * 0.08), (-0.2 * h, d * 0.42, h * 0.05), (-0.38 * h, d * 0.2, h * 0.05)],
        [0.05 * h, 0.05 * h, 0.03 * h],
        tone,
        ink=1.8,
    )
    body = m.part((-0.18 * h, -d * 0.2, 0.0), (0.18 * h, d * 0.36, h * 0.66))
    _body(
        m,
        body,
        [
            ([(0.0, d * 0.16, h * 0.23), (0.0, -d * 0.06, h * 0.55)], [0.23 * h, 0.14 * h]),
            ([(0.0, d * 0.04, h * 0.1), (-0.12 * h, -d * 0.1, h * 0.05)], [0.1 * h, 0.05 * h]),
        ],
        tone,
    )
    for sign in (-1.0, 1.0):
        leg = m.part(
            (sign * 0.07 * h - 0.04 * h, -d * 0.34, 0.0), (sign * 0.07 * h + 0.04 * h, -d * 0.1, h * 0.4)
        )
        _limb(
            m,
            leg,
            [
                (sign * 0.07 * h, -d * 0.12, h * 0.42),
                (sign * 0.07 * h, -d * 0.22, h * 0.05),
                (sign * 0.07 * h, -d * 0.3, h * 0.04),
            ],
            [0.06 * h, 0.045 * h, 0.045 * h],
            tone,
            ink=1.6,
        )
    head = m.part((-0.18 * h, -d * 0.36, h * 0.62), (0.18 * h, d * 0.02, h))
    y = -d * 0.16
    for sign in (-1.0, 1.0):
        ear: list[Vec] = [
            (sign * 0.16 * h, y, h * 0.82),
            (sign * 0.15 * h, y, h * 1.0),
            (sign * 0.04 * h, y, h * 0.9),
        ]
        head.face(ear, tone, ink=1.8, both=True, body=False)
    m.ball((0.0, y, h * 0.76), 0.165 * h, tone, into=head)
    front = y - 0.165 * h
    for sign in (-1.0, 1.0):
        head.stroke(
            [(sign * 0.09 * h, front + 0.02, h * 0.79), (sign * 0.04 * h, front + 0.01, h * 0.775)],
            normal=(0.0, -1.0, 0.0),
            ink=2.4,
            line=0.95,
            soft=False,
        )
        for lift in (0.0, 0.03):
            head.stroke(
                [
                    (sign * 0.04 * h, front, h * (0.71 + lift * 0.4)),
                    (sign * 0.24 * h, front + 0.03, h * (0.69 + lift)),
                ],
                ink=0.8,
            )
    head.stroke(
        [(-0.02 * h, front, h * 0.735), (0.0, front - 0.005, h * 0.715), (0.02 * h, front, h * 0.735)],
        normal=(0.0, -1.0, 0.0),
        ink=1.8,
    )
    return m


def bird(w: float, d: float, h: float, state: str) -> Model:
    """A gull on the wing."""
    m = Model()
    body = m.part((-0.1 * w, -d / 2, h * 0.2), (0.1 * w, d / 2, h * 0.6))
    wings = m.part((-w / 2, -d * 0.2, h * 0.4), (w / 2, d * 0.3, h))
    for sign in (-1.0, 1.0):
        wing: list[Vec] = [
            (0.0, -d * 0.22, h * 0.5),
            (sign * w * 0.2, -d * 0.26, h * 0.95),
            (sign * w * 0.36, -d * 0.12, h * 0.9),
            (sign * w * 0.5, d * 0.14, h * 0.7),
            (sign * w * 0.3, d * 0.12, h * 0.8),
            (sign * w * 0.16, d * 0.16, h * 0.76),
            (0.0, d * 0.2, h * 0.45),
        ]
        wings.face(wing, PAPER, ink=1.8, both=True, body=False)
        tip: list[Vec] = [
            (sign * w * 0.36, -d * 0.12, h * 0.9),
            (sign * w * 0.5, d * 0.14, h * 0.7),
            (sign * w * 0.36, d * 0.125, h * 0.77),
        ]
        wings.face(tip, DARK, ink=1.0, both=True, body=False)
    _body(
        m,
        body,
        [
            ([(0.0, -d * 0.26, h * 0.45), (0.0, d * 0.2, h * 0.4)], [0.12 * h + 0.03, 0.05]),
            ([(0.0, -d * 0.34, h * 0.5), (0.0, -d * 0.26, h * 0.46)], [0.1 * h + 0.01, 0.1 * h]),
        ],
        PAPER,
    )
    m.rod((0.0, -d * 0.42, h * 0.48), (0.0, -d * 0.56, h * 0.44), 0.016, DARK, thin=0.003, into=body)
    body.face(
        [(-0.07, d * 0.46, h * 0.38), (0.07, d * 0.46, h * 0.38), (0.0, d * 0.18, h * 0.42)],
        PALE,
        ink=1.4,
        both=True,
        body=False,
    )
    return m


def crowd(w: float, d: float, h: float, state: str, rng: np.random.Generator) -> Model:
    """People in rows, none like his neighbour: head, hair, shoulders, coat and legs."""
    m = Model()
    rows = max(1, round(d / 0.9))
    across = max(2, round(w / 0.62))
    for row in range(rows):
        for place in range(across):
            x = (
                -w / 2
                + w * (place + 0.5 + (0.3 if row % 2 else 0.0)) / (across + 0.3)
                + float(rng.uniform(-0.08, 0.08))
            )
            y = -d / 2 + d * (row + 0.5) / rows + float(rng.uniform(-0.12, 0.12))
            tall = h * float(rng.uniform(0.88, 1.02))
            tone = (LIGHT, MID, PALE, DIM)[int(rng.integers(4))]
            _person(m, (x, y, 0.0), tall, tone, int(rng.integers(5)), float(rng.uniform(0.9, 1.15)))
    return m


def _person(m: Model, at: Vec, tall: float, tone: float, kind: int, build: float) -> None:
    part = m.part((at[0] - 0.2, at[1] - 0.12, 0.0), (at[0] + 0.2, at[1] + 0.12, tall))
    s = tall / 1.75
    wide = 0.23 * s * build
    for sign in (-1.0, 1.0):
        leg = [
            (sign * 0.02 * s, 0.84 * s),
            (sign * 0.17 * s, 0.84 * s),
            (sign * 0.15 * s, 0.06 * s),
            (sign * 0.19 * s, 0.0),
            (sign * 0.05 * s, 0.0),
        ]
        m.card(leg, at, DARK, into=part, ink=1.2)
    hem = (0.55 if kind in (1, 3) else 0.78) * s
    coat = [
        (-0.07 * s, 1.5 * s), (-wide * 0.8, 1.44 * s), (-wide, 1.34 * s), (-wide * 1.14, 1.0 * s),
        (-wide * 1.05, 0.8 * s),
        (-wide * 0.86, 0.82 * s), (-wide * 0.94, hem), (wide * 0.94, hem), (wide * 0.86, 0.82 * s),
        (wide * 1.05, 0.8 * s),
        (wide * 1.14, 1.0 * s), (wide, 1.34 * s), (wide * 0.8, 1.44 * s), (0.07 * s, 1.5 * s),
    ]  # fmt: skip
    m.card(coat, at, tone, into=part, ink=1.6)
    for sign in (-1.0, 1.0):
        m.card(
            [(sign * wide * 0.78, 1.28 * s), (sign * wide * 0.8, 1.05 * s), (sign * wide * 0.84, 0.84 * s)],
            at,
            None,
            closed=False,
            into=part,
            ink=1.0,
            line=0.25,
            soft=True,
        )
    turn = np.linspace(0, 2 * np.pi, 14, endpoint=False)
    head = [(float(np.cos(a)) * 0.088 * s, 1.62 * s + float(np.sin(a)) * 0.118 * s) for a in turn]
    m.card(
        [(-0.045 * s, 1.46 * s), (0.045 * s, 1.46 * s), (0.045 * s, 1.56 * s), (-0.045 * s, 1.56 * s)],
        at,
        PALE,
        into=part,
        ink=1.0,
    )
    m.card(head, at, PALE, into=part, ink=1.5)
    low = {0: 1.64, 1: 1.5, 2: 1.66, 3: 1.56, 4: 1.68}[kind] * s
    hair = [(x * 1.08, max(z + 0.012 * s, low)) for x, z in head if z > 1.58 * s or kind in (1, 3)]
    if kind in (1, 3):
        hair = [(x * 1.25, max(z + 0.012 * s, low)) for x, z in head]
    m.card(hair, at, (INKY, DIM, DARK, INKY, LIGHT)[kind], into=part, ink=1.2)
    if kind in (1, 3):
        face = [(x * 0.72, z * 1.0 - 0.02 * s) for x, z in head]
        m.card(face, at, PALE, into=part, ink=0.8)
    if kind == 4:
        m.card(
            [
                (-0.16 * s, 1.66 * s),
                (0.16 * s, 1.66 * s),
                (0.09 * s, 1.69 * s),
                (0.085 * s, 1.78 * s),
                (-0.085 * s, 1.78 * s),
                (-0.09 * s, 1.69 * s),
            ],
            at,
            INKY,
            into=part,
            ink=1.2,
        )

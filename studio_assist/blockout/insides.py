"""Tight insides, built as models so that people sit among their parts: a car, a cockpit, a spiral stair."""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise
from math import cos, pi, sin
from typing import Final

import numpy as np

from studio_assist.blockout.compiled import Compiled, compiled
from studio_assist.blockout.drawing import Group
from studio_assist.blockout.facets import DARK, DIM, INKY, LIGHT, MID, PALE, PAPER, Vec
from studio_assist.blockout.order import figure_box
from studio_assist.blockout.shading import Tones
from studio_assist.blockout.shown import Stand, shown
from studio_assist.blockout.skies import sky
from studio_assist.blockout.solids import Model, ring
from studio_assist.blockout.streets import road
from studio_assist.blockout.view import View
from studio_assist.domain.staging import Pose, Staging

#: Where the driver sits in a car of ours: its front is towards -y, its wheel on its left.
_DRIVER: Final = (0.37, 0.0)


def _wheel(m: Model, at: Vec, radius: float, lean: float) -> None:
    """A steering wheel on its column."""
    part = m.part(
        (at[0] - radius, at[1] - 0.1, at[2] - radius), (at[0] + radius, at[1] + 0.1, at[2] + radius)
    )
    outer = [(at[0] + a, at[1] - b * lean, at[2] + b) for a, b in ring(radius, 22)]
    inner = np.array([(at[0] + a, at[1] - b * lean, at[2] + b) for a, b in ring(radius * 0.84, 22)])
    part.face(outer, INKY, ink=1.6, both=True, holes=(inner,), body=False)
    for a in (0.2, pi - 0.2, -pi / 2):
        m.rod(
            at,
            (
                at[0] + cos(a) * radius * 0.86,
                at[1] - sin(a) * radius * 0.86 * lean,
                at[2] + sin(a) * radius * 0.86,
            ),
            0.02,
            DARK,
            into=part,
        )
    m.ball(at, radius * 0.2, DARK, into=part)


def _seat(m: Model, x: float, y: float, z: float, wide: float) -> None:
    """A front seat: cushion, back and head rest; its back is towards +y."""
    m.block(
        [
            (x - wide / 2, y - 0.24, z - 0.16),
            (x + wide / 2, y - 0.24, z - 0.16),
            (x + wide / 2, y + 0.26, z - 0.16),
            (x - wide / 2, y + 0.26, z - 0.16),
            (x - wide / 2, y - 0.26, z),
            (x + wide / 2, y - 0.26, z),
            (x + wide / 2, y + 0.26, z - 0.03),
            (x - wide / 2, y + 0.26, z - 0.03),
        ],
        DIM,
    )
    back = m.block(
        [
            (x - wide / 2, y + 0.22, z - 0.05),
            (x + wide / 2, y + 0.22, z - 0.05),
            (x + wide / 2, y + 0.36, z - 0.05),
            (x - wide / 2, y + 0.36, z - 0.05),
            (x - wide * 0.42, y + 0.36, z + 0.6),
            (x + wide * 0.42, y + 0.36, z + 0.6),
            (x + wide * 0.42, y + 0.47, z + 0.6),
            (x - wide * 0.42, y + 0.47, z + 0.6),
        ],
        DIM,
    )
    for side in ("front", "back"):
        back.rule(side, [(0.14, 0.04), (0.16, 0.92)], ink=1.2)
        back.rule(side, [(0.86, 0.04), (0.84, 0.92)], ink=1.2)
    m.block(
        [
            (x - 0.13, y + 0.38, z + 0.64),
            (x + 0.13, y + 0.38, z + 0.64),
            (x + 0.13, y + 0.48, z + 0.64),
            (x - 0.13, y + 0.48, z + 0.64),
            (x - 0.11, y + 0.39, z + 0.83),
            (x + 0.11, y + 0.39, z + 0.83),
            (x + 0.11, y + 0.47, z + 0.83),
            (x - 0.11, y + 0.47, z + 0.83),
        ],
        DIM,
    )


@lru_cache(maxsize=2)
def _car() -> Compiled:
    m = Model()
    seat = 0.42
    _seat(m, 0.37, 0.0, seat, 0.52)
    _seat(m, -0.37, 0.0, seat, 0.52)
    m.box((-0.68, 0.72, 0.2), (0.68, 1.2, seat - 0.02), DIM)
    m.block(
        [
            (-0.68, 1.1, 0.3),
            (0.68, 1.1, 0.3),
            (0.68, 1.3, 0.3),
            (-0.68, 1.3, 0.3),
            (-0.66, 1.24, 1.02),
            (0.66, 1.24, 1.02),
            (0.66, 1.36, 1.02),
            (-0.66, 1.36, 1.02),
        ],
        DIM,
    )
    dash = m.block(
        [
            (-0.74, -0.98, 0.5),
            (0.74, -0.98, 0.5),
            (0.74, -0.62, 0.5),
            (-0.74, -0.62, 0.5),
            (-0.74, -0.98, 0.86),
            (0.74, -0.98, 0.86),
            (0.74, -0.68, 0.84),
            (-0.74, -0.68, 0.84),
        ],
        DARK,
    )
    for u in (0.2, 0.29):
        dash.disc("back", u, 0.66, 0.055, PAPER, ink=1.2, glow=True)
    dash.on("back", 0.42, 0.25, 0.58, 0.8, INKY)
    dash.on("back", 0.66, 0.2, 0.92, 0.52, None)
    _wheel(m, (0.37, -0.5, 0.82), 0.19, -0.4)
    hood = m.block(
        [
            (-0.8, -2.1, 0.3),
            (0.8, -2.1, 0.3),
            (0.8, -1.02, 0.3),
            (-0.8, -1.02, 0.3),
            (-0.7, -2.05, 0.78),
            (0.7, -2.05, 0.78),
            (0.78, -1.02, 0.88),
            (-0.78, -1.02, 0.88),
        ],
        PALE,
    )
    hood.stroke([(0.0, -2.05, 0.78), (0.0, -1.02, 0.88)], normal=(0.0, -0.1, 1.0), soft=False)
    # The frame about the glass: posts, roof, rear shelf.
    for s in (-1.0, 1.0):
        post = m.part((s * 0.72 - 0.05, -0.95, 0.88), (s * 0.72 + 0.05, -0.3, 1.42))
        p: list[Vec] = [
            (s * 0.76, -1.0, 0.88),
            (s * 0.68, -0.98, 0.88),
            (s * 0.58, -0.36, 1.4),
            (s * 0.64, -0.3, 1.4),
        ]
        post.face(p, PALE, ink=1.8, both=True, body=False)
        rear = m.part((s * 0.72 - 0.05, 1.0, 0.9), (s * 0.72 + 0.05, 1.7, 1.4))
        rear.face(
            [(s * 0.76, 1.62, 0.9), (s * 0.76, 1.4, 0.9), (s * 0.63, 1.02, 1.4), (s * 0.6, 1.3, 1.4)],
            PALE,
            ink=1.8,
            both=True,
            body=False,
        )
        door = m.part((s * 0.78 - 0.03, -1.0, 0.1), (s * 0.78 + 0.03, 1.6, 0.9))
        flat: list[Vec] = [
            (s * 0.78, -1.0, 0.12),
            (s * 0.78, 1.6, 0.12),
            (s * 0.76, 1.6, 0.9),
            (s * 0.76, -1.0, 0.88),
        ]
        door.face(flat, LIGHT, ink=1.8, both=True, body=False)
        door.stroke([(s * 0.77, 0.3, 0.12), (s * 0.76, 0.3, 0.9)], soft=False)
        door.stroke([(s * 0.75, -0.3, 0.74), (s * 0.75, -0.12, 0.74)], ink=2.6)
        middle = m.part((s * 0.7 - 0.06, 0.24, 0.9), (s * 0.7 + 0.06, 0.36, 1.42))
        middle.face(
            [(s * 0.76, 0.24, 0.9), (s * 0.76, 0.36, 0.9), (s * 0.62, 0.4, 1.4), (s * 0.62, 0.28, 1.4)],
            PALE,
            ink=1.5,
            both=True,
            body=False,
        )
    top = m.part((-0.62, -0.36, 1.4), (0.62, 1.1, 1.48))
    top.face(
        [(-0.64, -0.34, 1.4), (0.64, -0.34, 1.4), (0.63, 1.14, 1.4), (-0.63, 1.14, 1.4)],
        LIGHT,
        ink=1.8,
        both=True,
        body=False,
    )
    brow = m.part((-0.64, -0.42, 1.38), (0.64, -0.34, 1.46))
    brow.face(
        [(-0.64, -0.38, 1.36), (0.64, -0.38, 1.36), (0.6, -0.3, 1.46), (-0.6, -0.3, 1.46)],
        PALE,
        ink=1.8,
        both=True,
        body=False,
    )
    mirror = m.box((-0.13, -0.5, 1.25), (0.13, -0.47, 1.32), DARK, ink=1.4)
    mirror.on("back", 0.05, 0.12, 0.95, 0.88, PALE)
    m.rod((0.0, -0.46, 1.32), (0.0, -0.42, 1.38), 0.012, DARK)
    return compiled(m)


@lru_cache(maxsize=2)
def _cockpit() -> Compiled:
    m = Model()
    _seat(m, -0.5, 0.0, 0.45, 0.52)
    _seat(m, 0.5, 0.0, 0.45, 0.52)
    panel = m.block(
        [
            (-1.1, -1.15, 0.35),
            (1.1, -1.15, 0.35),
            (1.1, -0.75, 0.35),
            (-1.1, -0.75, 0.35),
            (-1.1, -1.2, 1.02),
            (1.1, -1.2, 1.02),
            (1.05, -0.86, 1.0),
            (-1.05, -0.86, 1.0),
        ],
        DARK,
    )
    for column in range(7):
        for row in range(2):
            panel.disc(
                "back",
                0.1 + column * 0.133,
                0.34 + row * 0.36,
                0.075,
                PAPER if (column + row) % 3 else PALE,
                ink=1.3,
                glow=True,
            )
            u, v = 0.1 + column * 0.133, 0.34 + row * 0.36
            panel.rule("back", [(u, v), (u + 0.018, v + 0.07)], ink=1.3)
    m.box((-0.16, -0.75, 0.1), (0.16, 0.2, 0.52), DIM).disc("top", 0.5, 0.8, 0.05, PAPER)
    for x in (-0.06, 0.06):
        m.rod((x, -0.4, 0.5), (x, -0.48, 0.72), 0.016, DARK)
        m.ball((x, -0.48, 0.73), 0.03, PAPER)
    for x in (-0.5, 0.5):
        m.rod((x, -0.6, 0.25), (x, -0.5, 0.72), 0.03, DARK)
        yoke = m.part((x - 0.2, -0.55, 0.68), (x + 0.2, -0.45, 0.9))
        run: list[Vec] = [
            (x - 0.17, -0.5, 0.88),
            (x - 0.19, -0.5, 0.76),
            (x - 0.06, -0.5, 0.72),
            (x + 0.06, -0.5, 0.72),
            (x + 0.19, -0.5, 0.76),
            (x + 0.17, -0.5, 0.88),
        ]
        for a, b in pairwise(run):
            m.rod(a, b, 0.022, INKY, into=yoke, round_ends=True, ink=1.0)
    for s in (-1.0, 1.0):
        wall_part = m.part((s * 1.2 - 0.05, -1.2, 0.0), (s * 1.2 + 0.05, 1.3, 0.95))
        wall_part.face(
            [(s * 1.2, -1.25, 0.0), (s * 1.2, 1.4, 0.0), (s * 1.2, 1.4, 0.98), (s * 1.2, -1.25, 0.98)],
            MID,
            ink=1.8,
            both=True,
            body=False,
        )
        for y, z in ((-1.2, 1.0), (-0.35, 0.98), (0.6, 0.98)):
            post = m.part((s * 1.0 - 0.1, y - 0.05, 1.0), (s * 1.0 + 0.1, y + 0.05, 1.7))
            post.face(
                [
                    (s * 1.2, y - 0.05, z),
                    (s * 1.2, y + 0.06, z),
                    (s * 0.82, y + 0.34, 1.72),
                    (s * 0.82, y + 0.22, 1.72),
                ],
                MID,
                ink=1.8,
                both=True,
                body=False,
            )
        upper = m.part((s * 0.8 - 0.1, -1.0, 1.68), (s * 0.8 + 0.1, 1.4, 1.8))
        upper.face(
            [(s * 1.2, 0.9, 0.98), (s * 1.2, 1.4, 0.98), (s * 0.82, 1.4, 1.74), (s * 0.82, 1.2, 1.74)],
            MID,
            ink=1.6,
            both=True,
            body=False,
        )
    centre = m.part((-0.05, -1.2, 1.0), (0.05, -0.9, 1.75))
    centre.face(
        [(-0.05, -1.2, 1.0), (0.05, -1.2, 1.0), (0.05, -0.95, 1.74), (-0.05, -0.95, 1.74)],
        MID,
        ink=1.6,
        both=True,
        body=False,
    )
    top = m.part((-0.84, -0.96, 1.72), (0.84, 1.4, 1.8))
    top.face(
        [(-0.84, -0.96, 1.74), (0.84, -0.96, 1.74), (0.84, 1.4, 1.74), (-0.84, 1.4, 1.74)],
        MID,
        ink=1.8,
        both=True,
        body=False,
    )
    over = m.box((-0.3, -0.7, 1.62), (0.3, 0.3, 1.73), DARK)
    for row in range(4):
        for column in range(4):
            over.on(
                "bottom",
                0.14 + column * 0.2,
                0.12 + row * 0.22,
                0.22 + column * 0.2,
                0.2 + row * 0.22,
                PAPER,
                ink=0.9,
                soft=True,
            )
    for u in (0.2, 0.5, 0.8):
        over.disc("front", u, 0.5, 0.03, PAPER, soft=True)
    back = m.part((-1.2, 1.4, 0.0), (1.2, 1.45, 1.75))
    back.face(
        [
            (-1.2, 1.4, 0.0),
            (1.2, 1.4, 0.0),
            (1.2, 1.4, 0.98),
            (0.82, 1.4, 1.74),
            (-0.82, 1.4, 1.74),
            (-1.2, 1.4, 0.98),
        ],
        MID,
        ink=1.6,
        both=True,
        body=False,
    )
    back.face(
        [(-0.35, 1.39, 0.0), (0.35, 1.39, 0.0), (0.35, 1.39, 1.6), (-0.35, 1.39, 1.6)],
        DIM,
        ink=1.6,
        both=True,
        body=False,
    )
    return compiled(m)


def _anchored(staging: Staging, driver: tuple[float, float]) -> tuple[Vec, float]:
    """Where a cabin stands and how it is turned, so that whoever steers sits in the driver's seat."""
    for figure in staging.figures:
        if figure.pose is Pose.DRIVE:
            turn = figure.facing - 180.0
            angle = np.radians(turn)
            x = driver[0] * cos(angle) + driver[1] * sin(angle)
            y = -driver[0] * sin(angle) + driver[1] * cos(angle)
            return (figure.at[0] - float(x), figure.at[1] - float(y), figure.z), turn
    return (0.0, 0.0, 0.0), 0.0


def _cabin(
    model: Compiled, driver: tuple[float, float], staging: Staging, view: View, tones: Tones
) -> list[Group]:
    at, turn = _anchored(staging, driver)
    figures = [figure_box(figure, view) for figure in staging.figures]
    groups = shown(model, Stand(at, turn, "piece", "cabin"), view, tones, figures)
    return list(groups)


def car_interior(staging: Staging, view: View, tones: Tones, seed: int) -> list[Group]:
    """A car about its people, from the bonnet, from the back seat, or from beside it; the road outside."""
    outside = staging.model_copy(update={"place": "road", "figures": (), "pieces": ()})
    return [*road(outside, view, Tones.of(outside), seed), *_cabin(_car(), _DRIVER, staging, view, tones)]


def cockpit(staging: Staging, view: View, tones: Tones, seed: int) -> list[Group]:
    """An aeroplane's or ship's cockpit: panels of dials, yokes, windows with sky."""
    outside = staging.model_copy(update={"place": "sky", "figures": (), "pieces": ()})
    return [
        *sky(outside, view, Tones.of(outside), seed),
        *_cabin(_cockpit(), (0.5, 0.0), staging, view, tones),
    ]

"""Built-up places: streets and alleys, roads, a harbour, a roof."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from studio_assist.blockout.catalogue import built
from studio_assist.blockout.compiled import Compiled, compiled
from studio_assist.blockout.drawing import Group, Shape
from studio_assist.blockout.facets import DARK
from studio_assist.blockout.landscapes import distant, field, water
from studio_assist.blockout.planes import FAR_M, GROUND_M, WALL_M, ground, plane, strokes
from studio_assist.blockout.shading import GREYS, Tones
from studio_assist.blockout.shown import Stand, shown
from studio_assist.blockout.skies import sky
from studio_assist.blockout.solids import Model
from studio_assist.blockout.view import View
from studio_assist.domain.staging import Staging

Corner = tuple[float, float, float]


def street(staging: Staging, view: View, tones: Tones, seed: int) -> list[Group]:
    """A street that runs away along y between two rows of fronts, with pavements and a broken line."""
    half, kerb = 7.0, 3.6
    groups = [*sky(staging, view, tones, seed, clouds=3), *ground(view, tones, 0.6, air=False)]
    y0 = float(view.camera.at[1]) - 14.0
    far = 150.0
    paved = tones.surface(0.78)
    flat: list[Shape] = []
    for sign in (-1.0, 1.0):
        for end in (far,):
            flat += plane(
                view,
                [
                    (sign * kerb, y0, 0.0),
                    (sign * half, y0, 0.0),
                    (sign * half, end, 0.0),
                    (sign * kerb, end, 0.0),
                ],
                paved,
            )
        flat += strokes(view, [[(sign * kerb, y0, 0.0), (sign * kerb, far, 0.0)]], ink=2.4, line=0.2)
        flat += strokes(
            view, [[(sign * (kerb + 0.18), y0, 0.0), (sign * (kerb + 0.18), far, 0.0)]], ink=1.3, line=0.35
        )
        joints = (
            [(sign * kerb, y, 0.0), (sign * half, y, 0.0)] for y in np.arange(np.floor(y0), y0 + 50.0, 1.5)
        )
        flat += strokes(view, joints, ink=1.0, line=tones.step(paved, 1))
    mark = tones.surface(0.96)
    for y in np.arange(np.floor(y0 / 5) * 5, y0 + 110.0, 5.0):
        flat += plane(
            view, [(-0.07, y, 0.0), (0.07, y, 0.0), (0.07, y + 2.2, 0.0), (-0.07, y + 2.2, 0.0)], mark
        )
    groups.append(Group("ground", GROUND_M * 0.9, tuple(flat), "pavement"))
    groups += _closing(view, tones, half, far, 14.0)
    for sign in (-1.0, 1.0):
        groups += fronts(view, tones, sign * half, y0, far, seed, (9.0, 16.0), lit=tones.dark)
    return groups


def _closing(view: View, tones: Tones, half: float, far: float, high: float) -> list[Group]:
    """What closes a street at its far end, pale with distance."""
    tone = tones.air(tones.surface(0.7), 200.0)
    shapes = plane(
        view,
        [
            (-half * 2, far, 0.0),
            (half * 2, far, 0.0),
            (half * 2, far, high),
            (0.0, far, high * 1.3),
            (-half * 2, far, high * 0.8),
        ],
        tone,
        ink=1.2,
    )
    return [Group("set", FAR_M * 0.4, tuple(shapes), "end")] if shapes else []


def fronts(
    view: View,
    tones: Tones,
    x: float,
    y0: float,
    far: float,
    seed: int,
    heights: tuple[float, float],
    *,
    lit: bool,
    narrow: bool = False,
) -> list[Group]:
    """A row of house fronts along y at x, facing the middle."""
    side = 1.0 if x > 0 else -1.0
    if (float(view.camera.at[0]) - x) * side >= -0.02:
        return []
    normal = (-side, 0.0, 0.0)
    shapes: list[Shape] = []
    lots: list[tuple[float, float, int]] = []
    index = int(np.floor(y0 / 10.0)) - 1
    while index * 10.0 < far:
        lots.append(
            (
                index * 10.0 + (abs(index * 31 + seed) % 5) * 0.4,
                (index + 1) * 10.0 + (abs((index + 1) * 31 + seed) % 5) * 0.4,
                index,
            )
        )
        index += 1
    eye_y = float(view.camera.at[1])
    for start, end, number in sorted(lots, key=lambda lot: -abs((lot[0] + lot[1]) / 2 - eye_y)):
        if end < y0:
            continue
        start = max(start, y0)
        turn = abs(number * 7 + seed * 3 + (5 if side > 0 else 0)) % 6
        high = heights[0] + (heights[1] - heights[0]) * turn / 5
        base = (0.86, 0.76, 0.9, 0.7, 0.82, 0.78)[turn]
        shapes += _front(view, tones, x, side, start, end, high, base, normal, number, lit=lit, narrow=narrow)
    return [Group("set", WALL_M, tuple(shapes), "fronts")] if shapes else []


def _front(
    view: View,
    tones: Tones,
    x: float,
    side: float,
    start: float,
    end: float,
    high: float,
    base: float,
    normal: Corner,
    number: int,
    *,
    lit: bool,
    narrow: bool,
) -> list[Shape]:
    tone = tones.surface(base, normal)

    def rect(
        a: float, low: float, b: float, top: float, fill: float | None, ink: float = 1.2, out: float = 0.0
    ) -> list[Shape]:
        p = x - side * out
        return plane(view, [(p, a, low), (p, b, low), (p, b, top), (p, a, top)], fill, ink=ink)

    eye_y = float(view.camera.at[1])
    # The gable that looks along the street shows above a lower neighbour.
    edge = start if eye_y < start else end
    back = x + side * 8.0
    shapes = plane(
        view,
        [(x, edge, 0.0), (back, edge, 0.0), (back, edge, high), (x, edge, high)],
        tones.step(tone, 1),
        ink=1.2,
    )
    shapes += rect(start, 0.0, end, high, tone, ink=2.0)
    away = max(abs((start + end) / 2 - eye_y), 3.0)
    dark = GREYS[1] if tones.dark else GREYS[2]
    ground_floor = 3.4
    columns = 3 if not narrow else 2
    storeys = max(1, int((high - ground_floor) / 3.1))
    step = (end - start) / columns
    if away < 90.0:
        for storey in range(storeys):
            low = ground_floor + storey * 3.1 + 0.6
            for column in range(columns):
                a = start + step * (column + 0.31)
                b = a + step * 0.38
                shines = lit and (number * 5 + storey * 3 + column * 7) % 4 == 0
                shapes += rect(a, low, b, low + 1.7, 0.936 if shines else dark, ink=1.3)
                if away < 34.0:
                    shapes += rect(
                        a - 0.12, low - 0.16, b + 0.12, low, tones.step(tone, -1), ink=1.2, out=0.06
                    )
                    middle = (a + b) / 2
                    shapes += strokes(
                        view,
                        [[(x, middle, low), (x, middle, low + 1.7)], [(x, a, low + 1.0), (x, b, low + 1.0)]],
                        ink=1.2,
                        line=0.2 if shines else 0.5,
                    )
    if away < 60.0:
        shapes += rect(
            start + step * 0.2, 0.0, start + step * 0.2 + 1.1, 2.3, tones.surface(0.35, normal), ink=1.6
        )
        if not narrow:
            glow = lit and number % 2 == 0
            shapes += rect(start + step * 1.05, 0.6, end - step * 0.2, 2.5, 0.852 if glow else dark, ink=1.8)
            shapes += rect(
                start + step * 0.98,
                2.55,
                end - step * 0.13,
                3.1,
                tones.surface(0.62, normal),
                ink=1.6,
                out=0.05,
            )
    shapes += strokes(
        view, [[(x, start, ground_floor), (x, end, ground_floor)]], ink=1.4, line=tones.step(tone, 2)
    )
    shapes += rect(start, high - 0.4, end, high, tones.step(tone, -1), ink=1.6, out=0.2)
    return shapes


def alley(staging: Staging, view: View, tones: Tones, seed: int) -> list[Group]:
    """A narrow way between high brick walls."""
    half = 2.1
    groups = [*sky(staging, view, tones, seed, clouds=1), *ground(view, tones, 0.55, air=False)]
    y0, far = float(view.camera.at[1]) - 8.0, 34.0
    flat = strokes(
        view,
        [
            [(0.0, y0, 0.0), (0.0, far, 0.0)],
            [(-0.25, y0, 0.0), (-0.25, far, 0.0)],
            [(0.25, y0, 0.0), (0.25, far, 0.0)],
        ],
        ink=1.4,
        line=0.3,
    )
    for y in np.arange(np.floor(y0), far, 0.8):
        flat += strokes(
            view,
            [[(-half, y, 0.0), (-0.25, y, 0.0)], [(0.25, y + 0.4, 0.0), (half, y + 0.4, 0.0)]],
            ink=1.0,
            line=tones.step(tones.surface(0.55), 1),
        )
    groups.append(Group("ground", GROUND_M * 0.9, tuple(flat), "paving"))
    groups += _closing(view, tones, half, far, 8.0)
    for sign in (-1.0, 1.0):
        x = sign * half
        rows = fronts(view, tones, x, y0, far, seed, (8.0, 11.0), lit=tones.dark, narrow=True)
        groups += rows
        if rows:
            groups.append(
                Group("set", WALL_M * 0.99, tuple(_bricks(view, tones, x, sign, y0, far, seed)), "bricks")
            )
    return groups


def _bricks(view: View, tones: Tones, x: float, side: float, y0: float, far: float, seed: int) -> list[Shape]:
    """Here and there a few bricks, a pipe, a box: a wall is not drawn stone by stone."""
    rng = np.random.default_rng(seed + (7 if side > 0 else 0))
    tone = tones.step(tones.surface(0.8, (-side, 0.0, 0.0)), 1)
    lines: list[list[Corner]] = []
    for _ in range(16):
        y, z = float(rng.uniform(y0, min(far, y0 + 24.0))), float(rng.uniform(0.4, 3.2))
        for row in range(3):
            a, b = y + row * 0.12, z + row * 0.1
            lines += [
                [(x, a, b), (x, a + 0.3, b)],
                [(x, a, b), (x, a, b + 0.1)],
                [(x, a, b + 0.1), (x, a + 0.3, b + 0.1)],
                [(x, a + 0.3, b), (x, a + 0.3, b + 0.1)],
            ]
    shapes = strokes(view, lines, ink=0.9, line=tone)
    for y in np.arange(np.ceil(y0 / 9) * 9 + (3 if side > 0 else 0), far, 9.0):
        p = x - side * 0.08
        shapes += plane(
            view,
            [(p, y, 0.0), (p, y + 0.11, 0.0), (p, y + 0.11, 8.0), (p, y, 8.0)],
            tones.surface(0.5, (-side, 0.0, 0.0)),
            ink=1.4,
        )
    return shapes


def road(staging: Staging, view: View, tones: Tones, seed: int) -> list[Group]:
    """A country road that runs away along y, with poles beside it."""
    groups = field(staging, view, tones, seed)
    half, y0, far = 3.2, float(view.camera.at[1]) - 20.0, 900.0
    tone = tones.surface(0.55)
    flat: list[Shape] = []
    for end in (far, 200.0):
        flat += plane(
            view,
            [(-half, y0, 0.0), (half, y0, 0.0), (half, y0 + end, 0.0), (-half, y0 + end, 0.0)],
            tones.air(tone, end) if end > 100 else tone,
        )
    for x in (-half, half):
        flat += strokes(view, [[(x, y0, 0.0), (x, far, 0.0)]], ink=2.0, line=0.2)
        flat += strokes(view, [[(x * 0.93, y0, 0.0), (x * 0.93, far, 0.0)]], ink=1.4, line=0.85)
    for y in np.arange(np.floor(y0 / 8) * 8, y0 + 160.0, 8.0):
        flat += plane(
            view,
            [(-0.07, y, 0.0), (0.07, y, 0.0), (0.07, y + 3.2, 0.0), (-0.07, y + 3.2, 0.0)],
            tones.surface(0.96),
        )
    groups.append(Group("ground", GROUND_M * 0.6, tuple(flat), "road"))
    for y in np.arange(np.floor(y0 / 28) * 28 + 14, y0 + 260.0, 28.0):
        away = view.depth((5.4, y, 3.0))
        if away < 0.5:
            continue
        pole = plane(
            view,
            [(5.33, y, 0.0), (5.47, y, 0.0), (5.45, y, 7.0), (5.35, y, 7.0)],
            tones.surface(0.4),
            ink=1.4,
        )
        pole += plane(
            view, [(4.6, y, 6.4), (6.2, y, 6.4), (6.2, y, 6.52), (4.6, y, 6.52)], tones.surface(0.4), ink=1.2
        )
        for x in (4.7, 6.1):
            sag = [(x, y + 28.0 * s, 6.55 - 1.1 * s * (1 - s) * 4 * 0.5) for s in np.linspace(0, 1, 9)]
            pole += plane(view, sag, None, ink=1.0, line=0.3, closed=False)
        groups.append(Group("set", max(away, 0.1), tuple(pole), "pole"))
    return groups


def harbour(staging: Staging, view: View, tones: Tones, seed: int) -> list[Group]:
    """A quay with bollards, water, boats at their moorings, and a far shore."""
    edge = 7.0
    groups = [
        *sky(staging, view, tones, seed),
        *distant(view, tones, seed, 0.6, 40.0, 900.0, 0.15),
        *ground(view, tones, 0.74, air=False),
        *water(view, tones, seed, base=0.58, shore=edge),
    ]
    x = float(view.camera.at[0])
    flat = strokes(
        view,
        ([(x - 60.0, y, 0.0), (x + 60.0, y, 0.0)] for y in np.arange(edge - 12.0, edge - 1.0, 1.6)),
        ink=1.1,
        line=tones.step(tones.surface(0.74), 1),
    )
    for row, y in enumerate(np.arange(edge - 12.0, edge - 1.6, 1.6)):
        flat += strokes(
            view,
            (
                [(np.floor(x) + s + row % 2, y, 0.0), (np.floor(x) + s + row % 2, y + 1.6, 0.0)]
                for s in range(-24, 25, 2)
            ),
            ink=1.0,
            line=tones.step(tones.surface(0.74), 1),
        )
    flat += plane(
        view,
        [
            (x - 90.0, edge - 0.8, 0.0),
            (x + 90.0, edge - 0.8, 0.0),
            (x + 90.0, edge, 0.0),
            (x - 90.0, edge, 0.0),
        ],
        tones.surface(0.86),
        ink=2.0,
    )
    groups.append(Group("ground", GROUND_M * 0.7, tuple(flat), "quay"))
    for step in range(-4, 5):
        spot = (round(x / 5) * 5 + step * 5.0 + 2.0, edge - 0.45, 0.0)
        groups += shown(_bollard(), Stand(spot, 0.0, "set", "bollard"), view, tones)
    for at, turn, size in (
        ((-16.0, 17.0), 70.0, 9.0),
        (((13.0), 26.0), 250.0, 12.0),
        ((34.0, 44.0), 95.0, 16.0),
        ((-44.0, 60.0), 80.0, 22.0),
    ):
        model = built("ship", (size * 0.24, size, size * 0.5), "", 0)
        away = view.depth((at[0], at[1], 1.0))
        groups += shown(
            model,
            Stand(
                (at[0], at[1], -0.2), turn, "set", "boat", depth=max(away + 200.0, 1.0), metres=max(away, 1.0)
            ),
            view,
            tones,
        )
    return groups


@lru_cache(maxsize=1)
def _bollard() -> Compiled:
    m = Model()
    m.turned(
        [(0.2, 0.0), (0.16, 0.06), (0.15, 0.4), (0.24, 0.46), (0.22, 0.56), (0.08, 0.6)],
        tone=DARK,
        count=12,
        creases=False,
    )
    return compiled(m)

"""Open country: sky with clouds and stars, and ground of each kind out to the horizon."""

from __future__ import annotations

import numpy as np

from studio_assist.blockout.catalogue import built, place_seed
from studio_assist.blockout.drawing import Group, Shape
from studio_assist.blockout.nature import lumpy, ridge
from studio_assist.blockout.planes import (
    FAR_M,
    GROUND_M,
    front_azimuth,
    ground,
    ground_tone,
    plane,
    scattered,
    sky_at,
    strokes,
)
from studio_assist.blockout.shading import Tones
from studio_assist.blockout.shown import Stand, shown
from studio_assist.blockout.skies import sky
from studio_assist.blockout.view import Space, View
from studio_assist.domain.staging import Staging

Corner = tuple[float, float, float]


def water(
    view: View, tones: Tones, seed: int, *, base: float = 0.58, z: float = 0.0, shore: float | None = None
) -> list[Group]:
    """The sea to the horizon with wave lines; with a `shore` only beyond that y."""
    eye = np.asarray(view.camera.at, float)
    if eye[2] <= z + 0.01:
        return []
    tone = ground_tone(tones, base)
    shapes: list[Shape] = []
    far = 20_000.0
    if shore is None:
        groups = ground(view, tones, base, name="sea", z=z)
    else:
        for end in (far, 400.0, 150.0):
            x = float(eye[0])
            shapes += plane(
                view,
                [
                    (x - far, shore, z),
                    (x + far, shore, z),
                    (x + far, shore + end, z),
                    (x - far, shore + end, z),
                ],
                tones.air(tone, end) if end > 200 else tone,
                ink=2.0 if end == far else 0.0,
            )
        groups = [Group("ground", GROUND_M * 0.9, tuple(shapes), "sea")]
    lines: list[Shape] = []
    runs: tuple[list[list[Corner]], list[list[Corner]]] = ([], [])
    for near_m, far_m, cell in ((2.0, 14.0, 1.6), (14.0, 60.0, 6.5), (60.0, 400.0, 42.0)):
        for x, y, size, kind in scattered(view, seed + int(cell), cell, near_m, far_m, most=46).tolist():
            if shore is not None and y < shore + cell * 0.6:
                continue
            half = cell * (0.25 + 0.3 * size)
            lift = half * 0.05
            run = [
                (x - half, y, z),
                (x - half * 0.4, y + lift, z),
                (x + half * 0.3, y - lift, z),
                (x + half, y, z),
            ]
            runs[kind > 0.6].append(run)
    lines += strokes(view, runs[0], ink=1.6, line=tones.step(tone, 1), taper=True)
    lines += strokes(view, runs[1], ink=1.6, line=tones.step(tone, -1), taper=True)
    groups.append(Group("ground", GROUND_M * 0.8, tuple(lines), "waves"))
    return groups


def distant(
    view: View,
    tones: Tones,
    seed: int,
    base: float,
    height: float,
    away: float,
    rough: float,
    *,
    span: float = 26.0,
) -> list[Group]:
    """A line of hills, trees or mountains at the horizon, by direction, as far as `away`."""
    shapes: list[Shape] = []
    around = front_azimuth(view)
    fill = tones.step(tones.air(tones.surface(base), min(away, 500.0)), 0)
    index = np.floor((around - 80.0) / span)
    while index * span < around + 80.0:
        rng = np.random.default_rng(abs(int(index) * 7919 + seed) % 2**31)
        tall = height * float(rng.uniform(0.55, 1.0))
        line = ridge(rng, span * 1.7, tall, 3, rough)
        far = np.array([sky_at(view, index * span + x, y / away, away) for x, y in line])
        far[:, 2] -= float(view.camera.at[2])
        if not bool((view.to_camera(far)[:, 2] < 1.0).any()):
            shapes += plane(view, far, fill, ink=1.6, line=tones.step(fill, 2))
            if height > 100.0:
                peak = int(np.argmax(far[:, 2]))
                away_side = far[peak:]
                spine = [
                    far[peak],
                    *[
                        far[peak]
                        + (far[-1] - far[peak]) * s * 0.3
                        + (0, 0, -(far[peak][2] - far[-1][2]) * s * 0.7)
                        for s in (0.3, 0.6, 1.0)
                    ],
                ]
                shapes += plane(
                    view, [*spine, *away_side[::-1]], tones.step(fill, 1), ink=0.8, line=tones.step(fill, 2)
                )
        index += 1
    return [Group("sky", FAR_M, tuple(shapes), "distance")] if shapes else []


def tufts(view: View, tones: Tones, seed: int, base: float, kind: str) -> list[Group]:
    """Grass, ripples or stones: pen strokes on the ground, smaller and fewer with distance."""
    tone = ground_tone(tones, base)
    runs: list[list[Corner]] = []
    shapes: list[Shape] = []
    for near_m, far_m, cell, most in ((1.6, 9.0, 1.2, 40), (9.0, 36.0, 4.0, 46), (36.0, 120.0, 13.0, 26)):
        for x, y, size, share in scattered(
            view, seed + int(cell * 10), cell, near_m, far_m, most=most
        ).tolist():
            s = (0.4 + size) * min(cell, 2.5) * 0.15
            if kind == "grass":
                runs += [
                    [
                        (x + lean * s * 0.3, y, 0.0),
                        (x + lean * s * 0.6, y, s * 0.8),
                        (x + lean * s * 1.2, y, s * 1.3),
                    ]
                    for lean in (-0.5, 0.05, 0.6)
                ]
            elif kind == "ripple":
                half = cell * (0.3 + 0.3 * share)
                runs.append(
                    [
                        (x - half, y, 0.0),
                        (x - half * 0.3, y + half * 0.1, 0.0),
                        (x + half * 0.4, y - half * 0.06, 0.0),
                        (x + half, y, 0.0),
                    ]
                )
            elif share > 0.4:
                runs.append(
                    [
                        (x - s, y, 0.0),
                        (x - s * 0.7, y, s * 0.5),
                        (x + s * 0.1, y, s * 0.7),
                        (x + s * 0.8, y, s * 0.4),
                        (x + s, y, 0.0),
                    ]
                )
    shapes += strokes(view, runs, ink=1.3, line=tones.step(tone, 1 if kind == "ripple" else 2), taper=True)
    return [Group("ground", GROUND_M * 0.7, tuple(shapes), kind)] if shapes else []


def field(staging: Staging, view: View, tones: Tones, seed: int) -> list[Group]:
    """Grass, with a line of trees and low hills far away."""
    return [
        *sky(staging, view, tones, seed),
        *distant(view, tones, seed, 0.6, 60.0, 1500.0, 0.12),
        *ground(view, tones, 0.76),
        *_hedge(view, tones, seed),
        *tufts(view, tones, seed, 0.76, "grass"),
    ]


def _hedge(view: View, tones: Tones, seed: int) -> list[Group]:
    """A far line of trees with gaps."""
    eye = np.asarray(view.camera.at, float)
    around = front_azimuth(view)
    shapes: list[Shape] = []
    fill = tones.air(tones.surface(0.45), 150.0)
    for index in range(int((around - 70) // 4), int((around + 70) // 4) + 1):
        rng = np.random.default_rng(abs(index * 613 + seed) % 2**31)
        if rng.uniform() < 0.35:
            continue
        angle = np.radians(index * 4.0)
        base = eye[:2] + np.array([np.sin(angle), np.cos(angle)]) * 220.0
        side = np.array([np.cos(angle), -np.sin(angle)])
        tall = float(rng.uniform(3.0, 8.0))
        outline = [(x, max(y, 0.0)) for x, y in lumpy(rng, 9, tall * 1.1, tall * 0.6, tall * 0.5)]
        far = np.array([(*(base + side * x), y) for x, y in outline])
        if not bool((view.to_camera(far)[:, 2] < 1.0).any()):
            shapes += plane(view, far, fill, ink=1.2, line=tones.step(fill, 2))
    return [Group("set", FAR_M * 0.5, tuple(shapes), "trees")] if shapes else []


def _kept_clear(staging: Staging, spot: Space, radius: float) -> bool:
    """Nothing grows on an actor, on a piece, or between an actor and the camera."""
    eye = np.asarray(staging.camera.at, float)[:2]
    if float(np.hypot(*(spot - eye))) < radius * 1.5:
        return False
    for thing in (*staging.figures, *staging.pieces):
        at = np.asarray(thing.at, float)
        if float(np.hypot(*(spot - at))) < radius * 1.4:
            return False
    for one in staging.figures:
        at = np.asarray(one.at, float)
        way = at - eye
        length = float(way @ way)
        share = float(np.clip((spot - eye) @ way / length, 0.0, 1.0)) if length > 1e-6 else 0.0
        if float(np.hypot(*(eye + way * share - spot))) < radius:
            return False
    return True


def forest(staging: Staging, view: View, tones: Tones, seed: int) -> list[Group]:
    """Trunks that recede: near ones dark and whole, far ones pale; a roof of leaves above."""
    groups = [*sky(staging, view, tones, seed, clouds=0), *ground(view, tones, 1.0 if tones.dark else 0.6)]
    groups += distant(view, tones, seed, 0.42, 26.0, 130.0, 0.2, span=14.0)
    for x, y, size, share in scattered(view, seed + 5, 3.4, 2.0, 58.0, most=84):
        spot = np.array([x, y])
        if not _kept_clear(staging, spot, 0.9):
            continue
        away = view.depth((x, y, 1.5))
        groups += _trunk(view, tones, x, y, size, share, away)
    groups += _canopy(view, tones, seed)
    groups += tufts(view, tones, seed, 0.6, "grass")
    return groups


def _trunk(
    view: View, tones: Tones, x: float, y: float, size: float, share: float, away: float
) -> list[Group]:
    r, tall = 0.13 + 0.22 * size, 9.0 + 5.0 * share
    axes = view.to_camera(np.asarray(view.camera.at) + np.eye(3)).T
    side = np.cross(axes[2], (0.0, 0.0, 1.0))
    length = float(np.linalg.norm(side))
    side = side / length if length > 0.2 else axes[0]
    foot = np.array([x, y, 0.0])
    lean = side * (share - 0.5) * 0.8
    up = np.array([0.0, 0.0, 1.0])

    def at(across: float, high: float) -> Space:
        return foot + side * across * r + up * high + lean * high / tall

    outline = [
        at(-1.7, -0.05),
        at(-1.2, 0.12),
        at(-1.02, 0.5),
        at(-0.95, 1.4),
        at(-0.8, tall),
        at(0.8, tall),
        at(0.95, 1.4),
        at(1.04, 0.5),
        at(1.25, 0.14),
        at(1.9, -0.05),
    ]
    tone = tones.air(tones.surface(0.36 + 0.16 * share), max(away * 3.0, 1.0))
    shapes = plane(view, outline, tone, ink=2.2)
    if away < 14.0 and shapes:
        for across, low in ((-0.4, 0.4), (0.3, 1.1), (-0.1, 2.0), (0.5, 0.3)):
            shapes += plane(
                view,
                [at(across, low), at(across + 0.12, low + 0.5), at(across, low + 1.1)],
                None,
                ink=1.1,
                line=tones.step(tone, 1),
                closed=False,
                taper=True,
            )
        shade = [at(0.35, 0.1), at(1.0, 0.3), at(0.9, 1.2), at(0.8, tall), at(0.35, tall)]
        shapes[1:1] = plane(view, shade, tones.step(tone, 1))
    return [Group("set", max(away, 0.06), tuple(shapes), "trunk")] if shapes else []


def _canopy(view: View, tones: Tones, seed: int) -> list[Group]:
    """Leaves overhead: lumps on a high plane."""
    shapes: list[Shape] = []
    tone = tones.surface(0.48)
    for index, (x, y, size, share) in enumerate(scattered(view, seed + 9, 5.0, 4.0, 45.0, most=26)):
        rng = np.random.default_rng(abs(int(x * 31) * 97 + int(y * 17) + index * 0 + seed) % 2**31)
        wide = 3.0 + 2.0 * size
        outline = lumpy(rng, 10, wide, 1.5 + share, 8.8)
        far = np.array([(x + a, y, b) for a, b in outline])
        if bool((view.to_camera(far)[:, 2] < 0.5).any()):
            continue
        away = view.depth((x, y, 8.0))
        shapes += plane(view, far, tones.air(tone, away * 2.0), ink=1.4, line=tones.step(tone, 1))
    return [Group("set", 60.0, tuple(shapes[::-1]), "leaves")] if shapes else []


def beach(staging: Staging, view: View, tones: Tones, seed: int) -> list[Group]:
    """Sand, a shore with foam, the sea beyond."""
    shore = 9.0
    groups = [
        *sky(staging, view, tones, seed),
        *ground(view, tones, 0.9),
        *water(view, tones, seed, base=0.62, shore=shore),
    ]
    x = float(view.camera.at[0])
    foam: list[Shape] = []
    steps = np.linspace(-60.0, 60.0, 61)
    for out, fill in ((0.0, 0.97), (1.6, None), (3.4, None)):
        line = [
            (x + s, shore + out + 0.35 * np.sin(s * 0.8 + out) + 0.2 * np.sin(s * 2.3), 0.0) for s in steps
        ]
        if fill is not None:
            back = [(p[0], p[1] + 0.9 + 0.3 * np.sin(p[0] * 1.7), 0.0) for p in line[::-1]]
            foam += plane(view, [*line, *back], tones.surface(fill), ink=1.4, line=0.35)
        else:
            foam += plane(view, line, None, ink=1.4, line=tones.step(tones.surface(0.62), -2), closed=False)
    groups.append(Group("ground", GROUND_M * 0.75, tuple(foam), "foam"))
    return [*groups, *tufts(view, tones, seed, 0.9, "ripple")]


def sea(staging: Staging, view: View, tones: Tones, seed: int) -> list[Group]:
    """Water to the horizon."""
    return [*sky(staging, view, tones, seed), *water(view, tones, seed)]


def rocks(staging: Staging, view: View, tones: Tones, seed: int) -> list[Group]:
    """A rocky shore with boulders, the sea behind it."""
    groups = [
        *sky(staging, view, tones, seed),
        *ground(view, tones, 0.62),
        *water(view, tones, seed, base=0.58, shore=24.0),
    ]
    groups += tufts(view, tones, seed, 0.62, "stone")
    return [*groups, *_boulders(staging, view, tones, seed, 4.6, 18, 1.0)]


def _boulders(
    staging: Staging, view: View, tones: Tones, seed: int, cell: float, most: int, scale: float
) -> list[Group]:
    groups: list[Group] = []
    for x, y, size, share in scattered(view, seed + 23, cell, 2.5, 30.0, most=most):
        wide = (0.7 + 1.9 * size) * scale
        if y > 23.0 or not _kept_clear(staging, np.array([x, y]), 0.7 + wide * 0.6):
            continue
        kept = (
            round(wide * 2) / 2 + 0.3,
            round(wide * 2) / 2,
            round(wide * (0.45 + 0.3 * share) * 4) / 4 + 0.1,
        )
        # A dozen shapes of boulder, turned about, are enough.
        model = built("rock", kept, "", place_seed("rock", 0.0, 0.0, int(share * 12)))
        groups += shown(model, Stand((float(x), float(y), -0.05), size * 360.0, "piece", "rock"), view, tones)
    return groups


def desert(staging: Staging, view: View, tones: Tones, seed: int) -> list[Group]:
    """Sand with ripples, and dunes behind dunes."""
    groups = [
        *sky(staging, view, tones, seed, clouds=1),
        *distant(view, tones, seed, 0.86, 70.0, 900.0, 0.05, span=30.0),
        *ground(view, tones, 0.92),
    ]
    for x, y, size, share in scattered(view, seed + 31, 36.0, 26.0, 190.0, most=14):
        wide = 22.0 + round(size * 4) * 8.0
        model = built("dune", (wide, 10.0, wide * 0.13), "", int(share * 6))
        away = view.depth((x, y, 0.0))
        groups += shown(
            model,
            Stand((float(x), float(y), -0.2), 0.0, "set", "dune", depth=away + 400.0, metres=max(away, 1.0)),
            view,
            tones,
        )
    return [*groups, *tufts(view, tones, seed, 0.92, "ripple")]


def mountains(staging: Staging, view: View, tones: Tones, seed: int) -> list[Group]:
    """Two ranges, one behind the other, and stony ground."""
    return [
        *sky(staging, view, tones, seed, clouds=3),
        *[
            Group(g.layer, g.depth * 1.5, g.shapes, g.name)
            for g in distant(view, tones, seed, 0.8, 1500.0, 5000.0, 0.3, span=22.0)
        ],
        *distant(view, tones, seed + 50, 0.55, 420.0, 2200.0, 0.2, span=30.0),
        *ground(view, tones, 0.7),
        *tufts(view, tones, seed, 0.7, "stone"),
        *_boulders(staging, view, tones, seed, 7.0, 10, 0.7),
    ]


def open_sky(staging: Staging, view: View, tones: Tones, seed: int) -> list[Group]:
    """Nothing but sky."""
    return sky(staging, view, tones, seed, clouds=8)

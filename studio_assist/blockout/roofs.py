"""A flat roof over the town."""

from __future__ import annotations

import numpy as np

from studio_assist.blockout.catalogue import built
from studio_assist.blockout.drawing import Group, Shape
from studio_assist.blockout.planes import FAR_M, GROUND_M, WALL_M, front_azimuth, plane, strokes
from studio_assist.blockout.shading import Tones
from studio_assist.blockout.shown import Stand, shown
from studio_assist.blockout.skies import sky
from studio_assist.blockout.view import View
from studio_assist.domain.staging import Staging


def roof(staging: Staging, view: View, tones: Tones, seed: int) -> list[Group]:
    """A flat roof with a parapet and chimneys, and the town's roofs all around, lower and paler."""
    groups = [*sky(staging, view, tones, seed, clouds=4), *_skyline(view, tones, seed)]
    left, right, near, far = -8.0, 8.0, -9.0, 9.0
    x, y, z = (float(v) for v in view.camera.at)
    left, right, near = min(left, x - 2.0), max(right, x + 2.0), min(near, y - 2.0)
    far = max(far, y + 2.0)
    if z > 0.0:
        tone = tones.surface(0.74)
        flat: list[Shape] = []
        flat += plane(
            view, [(left, near, 0.0), (right, near, 0.0), (right, far, 0.0), (left, far, 0.0)], tone
        )
        flat += strokes(
            view,
            ([(s, near, 0.0), (s, far, 0.0)] for s in np.arange(left, right, 2.0)),
            ink=1.1,
            line=tones.step(tone, 1),
        )
        flat += strokes(
            view,
            ([(left, s, 0.0), (right, s, 0.0)] for s in np.arange(near, far, 3.0)),
            ink=1.0,
            line=tones.step(tone, 1),
        )
        groups.append(Group("ground", GROUND_M, tuple(flat), "roof"))
    wall = built("wall", (right - left, 0.3, 0.75), "", 0)
    side = built("wall", (far - near, 0.3, 0.75), "", 0)
    groups += shown(
        wall,
        Stand(
            ((left + right) / 2, far, 0.0),
            0.0,
            "set",
            "parapet",
            depth=WALL_M * 0.9,
            metres=max(far - y, 1.0),
        ),
        view,
        tones,
    )
    for place in (left, right):
        groups += shown(
            side,
            Stand(
                (place, (near + far) / 2, 0.0),
                90.0,
                "set",
                "parapet",
                depth=WALL_M,
                metres=max(abs(place - x), 1.0),
            ),
            view,
            tones,
        )
    for at in ((-5.6, 7.2), (6.2, 6.4)):
        groups += shown(
            built("column", (0.9, 0.7, 1.9), "", 0),
            Stand((at[0], at[1], 0.0), 0.0, "set", "chimney"),
            view,
            tones,
        )
    return groups


def _skyline(view: View, tones: Tones, seed: int) -> list[Group]:
    """Blocks by direction, in two rows."""
    around = front_azimuth(view)
    eye = np.asarray(view.camera.at, float)
    groups: list[Group] = []
    for row, (away, base, low, high) in enumerate(((420.0, 0.72, -20.0, 46.0), (160.0, 0.56, -40.0, 14.0))):
        shapes: list[Shape] = []
        step = 5.0 if row == 0 else 9.0
        for index in range(int((around - 75) // step), int((around + 75) // step) + 1):
            rng = np.random.default_rng(abs(index * 911 + seed + row * 13) % 2**31)
            a, b = np.radians(index * step), np.radians((index + float(rng.uniform(0.75, 1.0))) * step)
            top = float(rng.uniform(0.3, 1.0)) * high
            p = eye[:2] + np.array([np.sin(a), np.cos(a)]) * away
            q = eye[:2] + np.array([np.sin(b), np.cos(b)]) * away
            outline = np.array([(*p, low), (*q, low), (*q, top), (*p, top)])
            if bool((view.to_camera(outline)[:, 2] < 5.0).any()):
                continue
            fill = tones.air(tones.surface(base), away)
            shapes += plane(view, outline, fill, ink=1.4, line=tones.step(fill, 2))
            for storey in range(3):
                for column in range(3):
                    if rng.uniform() < 0.5:
                        continue
                    s = 0.2 + 0.24 * column
                    w1, w2 = p + (q - p) * s, p + (q - p) * (s + 0.12)
                    z = top - 4.0 - storey * 5.0
                    pane = 0.936 if tones.dark and rng.uniform() < 0.6 else tones.step(fill, 1)
                    shapes += plane(view, [(*w1, z), (*w2, z), (*w2, z + 2.0), (*w1, z + 2.0)], pane)
        groups.append(Group("sky", FAR_M * (0.9 - 0.2 * row), tuple(shapes), "town"))
    return groups

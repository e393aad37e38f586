"""A spiral stair in a round tower."""

from __future__ import annotations

from itertools import pairwise
from math import cos, pi, sin

import numpy as np

from studio_assist.blockout.drawing import Group, Shape
from studio_assist.blockout.planes import GROUND_M, WALL_M, frame, metres_to, plane
from studio_assist.blockout.shading import Tones
from studio_assist.blockout.solids import ring
from studio_assist.blockout.view import View
from studio_assist.domain.staging import Staging


def stairwell(staging: Staging, view: View, tones: Tones, seed: int) -> list[Group]:
    """Stone rings of wall, steps that wind about an open well, a lamp at the top."""
    middle = (
        np.mean([figure.at for figure in staging.figures], axis=0)
        if staging.figures
        else np.array([0.0, 0.6])
    )
    inner, outer = 1.3, 3.1
    eye = np.asarray(view.camera.at, float)
    top = 22.0
    groups = [
        Group(
            "sky",
            1e7,
            (Shape(frame(view), fill=tones.surface(0.5), ink=0.0, depth=1e4, silent=True),),
            "behind",
        )
    ]
    cx, cy = float(middle[0]), float(middle[1])
    # A figure above the floor stands on the stairs: then the well lies beside it.
    lifted = max((figure.z for figure in staging.figures), default=0.0)
    phase = 0.0
    if lifted > 0.3:
        cx -= (inner + outer) / 2
        phase = -lifted / 0.2 * (pi / 12)
    groups += _shaft(view, tones, cx, cy, outer, top)
    if eye[2] > 0.0:
        floor = plane(view, [(cx + a, cy + b, 0.0) for a, b in ring(outer, 28)], tones.surface(0.7), ink=2.0)
        for share in (0.35, 0.68):
            floor += plane(
                view,
                [(cx + a * share, cy + b * share, 0.0) for a, b in ring(outer, 28)],
                None,
                ink=1.2,
                line=tones.step(tones.surface(0.7), 1),
            )
        groups.append(Group("ground", GROUND_M, tuple(floor), "floor"))
    groups += _steps(view, tones, cx, cy, inner, outer, phase, top)
    lamp = np.array([[cx, cy, top - 0.5]])
    xy, ahead = view.project(lamp)
    if ahead[0] > 0.5:
        scale = view.focal_px / float(ahead[0])
        turn = np.linspace(0, 2 * pi, 24, endpoint=False)
        unit = np.stack([np.cos(turn), np.sin(turn)], axis=1)
        shine = [
            Shape(
                xy[0] + unit * r * scale,
                fill=fill,
                ink=ink,
                alpha=alpha,
                depth=float(ahead[0]),
                silent=alpha < 0.9,
            )
            for r, fill, alpha, ink in ((2.4, 1.0, 0.22, 0.0), (1.5, 1.0, 0.3, 0.0), (0.62, 1.0, 1.0, 1.6))
        ]
        groups.append(Group("set", WALL_M * 0.98, tuple(shine), "lamp"))
    return groups


def _shaft(view: View, tones: Tones, cx: float, cy: float, r: float, top: float) -> list[Group]:
    """The inside of the tower's wall: facets in courses, lighter towards the lamp."""
    eye = np.asarray(view.camera.at, float)
    count = 20
    shapes: list[tuple[float, list[Shape]]] = []
    ends = [(cx + a * 1.02, cy + b * 1.02) for a, b in ring(r, count)]
    levels = [0.0, 2.5, 5.0, 8.0, 12.0, 17.0, top]
    if eye[2] < 0.0:
        levels.insert(0, eye[2] - 4.0)
    for index in range(count):
        p, q = ends[index], ends[(index + 1) % count]
        inward = (cx - (p[0] + q[0]) / 2, cy - (p[1] + q[1]) / 2, 0.0)
        if inward[0] * (eye[0] - p[0]) + inward[1] * (eye[1] - p[1]) <= 0.0:
            continue
        for low, high in pairwise(levels):
            lit = min(max((low - 2.0) / top, 0.0), 0.7)
            outline = np.array([(*p, low), (*q, low), (*q, high), (*p, high)])
            made = plane(
                view, outline, tones.surface(0.68 + 0.3 * low / top, inward, lit=lit), ink=1.1, line=0.35
            )
            shapes.append((metres_to(outline, view), made))
    shapes.sort(key=lambda item: -item[0])
    roof = (
        plane(
            view,
            [(cx + a, cy + b, top) for a, b in ring(r * 1.02, count)],
            tones.surface(0.86, (0.0, 0.0, -1.0), lit=0.8),
            ink=1.6,
        )
        if eye[2] < top
        else []
    )
    whole = [*roof, *(shape for _away, made in shapes for shape in made)]
    return [Group("set", WALL_M, tuple(whole), "shaft")] if whole else []


def _steps(
    view: View, tones: Tones, cx: float, cy: float, inner: float, outer: float, phase: float, top: float
) -> list[Group]:
    """Wedges that wind up, each a group of its own depth so that figures stand between them."""
    eye = np.asarray(view.camera.at, float)
    each, rise = pi / 12, 0.2
    # Seen from straight below or above, rails would only be a tangle over the steps.
    away = np.asarray(view.camera.aim, float) - eye
    steep = abs(float(away[2])) > 0.7 * float(np.linalg.norm(away))
    groups: list[Group] = []
    count = int(top / rise) - 4
    for step in range(count):
        a, z = -pi / 2 + phase + step * each, (step + 1) * rise
        if z < 0.1:
            continue
        b = a + each
        thick = 0.16
        corner = [
            (cx + cos(t) * q, cy + sin(t) * q) for t, q in ((a, inner), (a, outer), (b, outer), (b, inner))
        ]
        upper = [(x, y, z) for x, y in corner]
        under = [(x, y, z - thick) for x, y in corner]
        lit = min(max(z / top - 0.1, 0.0), 0.6)
        shapes: list[Shape] = []
        if eye[2] > z:
            shapes += plane(view, upper, tones.surface(0.9, lit=lit), ink=1.4)
        elif eye[2] < z - thick:
            shapes += plane(
                view, under, tones.surface(0.62 + 0.38 * z / top, (0.0, 0.0, -1.0), lit=lit), ink=1.5
            )
        for first, second, away in ((0, 1, a - pi / 2), (3, 0, (a + b) / 2 + pi), (2, 3, b + pi / 2)):
            p, q = corner[first], corner[second]
            out = (cos(away), sin(away))
            if out[0] * (eye[0] - p[0]) + out[1] * (eye[1] - p[1]) > 0:
                shapes += plane(
                    view,
                    [(*p, z - thick), (*q, z - thick), (*q, z), (*p, z)],
                    tones.surface(0.8, (*out, 0.0), lit=lit),
                    ink=1.4,
                )
        if not shapes:
            continue
        if step % 2 == 0 and not steep:
            t = (a + b) / 2
            x, y = cx + cos(t) * (inner + 0.06), cy + sin(t) * (inner + 0.06)
            shapes += plane(view, [(x, y, z), (x, y, z + 0.95)], None, ink=1.6, line=0.2, closed=False)
        rail = [
            (
                cx + cos(t) * (inner + 0.06),
                cy + sin(t) * (inner + 0.06),
                z + 0.95 + (t - (a + b) / 2) / each * rise,
            )
            for t in (a, (a + b) / 2, b)
        ]
        if not steep:
            shapes += plane(view, rail, None, ink=2.4, line=0.15, closed=False)
        centre = np.mean(upper, axis=0)
        away_m = float(np.linalg.norm(centre - eye))
        ahead = view.depth(centre)
        # Behind the actors, unless it lies between them and the camera.
        groups.append(Group("set", max(ahead, 0.1) if ahead < 1.2 else 20.0 + away_m, tuple(shapes), "step"))
    return groups

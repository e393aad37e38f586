"""Hats, hoods, helmets, headphones and scarves."""

from __future__ import annotations

from typing import Final

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from studio_assist.blockout.drawing import Shape
from studio_assist.blockout.forms import circle, even, outlines, polygons, rows, smoothed
from studio_assist.blockout.heads import Head, on_skull
from studio_assist.blockout.view import Space
from studio_assist.domain.staging import Hat

#: Hats that hide the upper part of the hair, and down to where (head heights).
CROWNS: Final[dict[Hat, float]] = {"cap": 0.2, "brim": 0.18, "helmet": -0.1, "beanie": 0.13}


def crown(head: Head, hat: Hat) -> list[Space]:
    """The part that sits on the head, as lumps; it belongs to the head's outline."""
    if hat == "cap":
        return rows(head.rings(np.linspace(0.16, 0.5, 8), np.linspace(0.045, 0.085, 8)))
    if hat == "beanie":
        return rows(
            head.rings(
                np.linspace(0.1, 0.5, 9),
                np.interp(np.linspace(0, 1, 9), (0, 0.25, 0.3, 1), (0.085, 0.085, 0.06, 0.14)),
            )
        )
    if hat == "helmet":
        rings = head.rings(np.linspace(0.14, 0.5, 8), 0.12)
        nape = head.rings(np.linspace(-0.16, 0.2, 6), 0.115, (1.15, 2 * np.pi - 1.15))
        return rows(rings) + rows(nape)
    if hat == "hood":
        rings = head.rings(np.linspace(0.1, 0.5, 8), np.linspace(0.13, 0.18, 8))
        found = rows(rings)
        for lo, hi in (
            (0.85, 2.2),
            (1.9, np.pi + 0.1),
            (np.pi - 0.1, 2 * np.pi - 1.9),
            (2 * np.pi - 2.2, 2 * np.pi - 0.85),
        ):
            theta = np.linspace(lo, hi, max(head.sight.fine // 2, 8))
            found += rows(
                [
                    head.out(on_skull(z, theta, up))
                    for z, up in ((-0.5, 0.2), (-0.42, 0.17), (-0.25, 0.14), (0.0, 0.13), (0.14, 0.13))
                ]
            )
        return found
    if hat == "brim":
        heights = (
            (0.2, 0.375, 0.47),
            (0.3, 0.368, 0.46),
            (0.44, 0.335, 0.425),
            (0.56, 0.28, 0.37),
            (0.585, 0.21, 0.29),
        )
        return rows([_oval(head, wide, deep, z, -0.045) for z, wide, deep in heights])
    return []


def before(head: Head, hat: Hat) -> BaseGeometry | None:
    """What of the head lies before its hat, in pixels: seen from below, all that is under the hat's edge."""
    if hat not in CROWNS or head.above > -5.0:
        return None
    edge = 0.14 if hat == "helmet" else CROWNS[hat]
    return outlines(head.sight, [rows(head.rings(even(-0.5, edge, 9)))])[0]


def front(head: Head, hat: Hat, shade: float, ink: float, bone: BaseGeometry) -> list[Shape]:
    """What lies over hair and face: visors, brims, bands, ear cups. `bone`: the bare head in pixels."""
    face = before(head, hat)
    if hat == "cap":
        angle = np.linspace(-1.12, 1.12, 15)
        root = on_skull(0.185, angle, 0.05)
        reach = np.cos(angle * 0.92)[:, None] * (0.0, 0.34, -0.1)
        return [
            *_band(
                head,
                [
                    np.concatenate(
                        [head.out(root), head.out(root + reach), head.out(root * (1, 1, 1) + (0, 0, 0.02))]
                    )
                ],
                shade * 0.75,
                ink,
                face,
            ),
            *_seams(head, ink),
        ]
    if hat == "brim":
        rim = _oval(head, 0.68, 0.78, 0.17, -0.04, 0.09)
        inner = _oval(head, 0.4, 0.49, 0.215, -0.045)
        hull = np.concatenate([rim, inner])
        ribbon = rows([_oval(head, 0.382, 0.476, 0.215, -0.045), _oval(head, 0.376, 0.47, 0.28, -0.045)])
        top = crown(head, hat)
        low = head.above < -5.0
        brim = _band(head, [hull], shade * (0.7 if low else 0.95), ink, face)
        band = max(shade - 0.25, 0.05)
        dome = [*_band(head, top, shade, ink, face), *_band(head, ribbon, band, ink * 0.6, face)]
        return [*dome, *brim] if low else [*brim, *dome]
    if hat == "beanie":
        return _band(head, rows(head.rings((0.1, 0.22), (0.1, 0.095))), shade * 0.85, ink * 0.8, face)
    if hat == "helmet":
        return _band(head, rows(head.rings((0.14, 0.185), (0.15, 0.145))), shade * 0.8, ink * 0.8, face)
    if hat == "headphones":
        return _headphones(head, ink, bone)
    return []


def _oval(head: Head, wide: float, deep: float, height: float, ahead: float, droop: float = 0.0) -> Space:
    """A level ellipse around the head; its sides droop."""
    angle = circle(max(head.sight.fine, 20))
    drop = droop * np.abs(np.sin(angle)) ** 2
    return head.out(np.stack([np.sin(angle) * wide, np.cos(angle) * deep + ahead, height - drop], axis=1))


def _band(
    head: Head, lumps: list[Space], shade: float, ink: float, hidden: BaseGeometry | None = None
) -> list[Shape]:
    shape = smoothed(outlines(head.sight, [lumps])[0], max(head.px * 0.02, 1.0), 1)
    if hidden is not None:
        shape = shapely.difference(shape, hidden)
    return [
        Shape(np.asarray(part.exterior.coords)[:-1], fill=shade, ink=ink, rough=0.3)
        for part in polygons(shape, 1.0)
    ]


def _seams(head: Head, ink: float) -> list[Shape]:
    if head.px < 60:
        return []
    found: list[Shape] = []
    for angle in (0.0, 1.1, -1.1):
        line = on_skull(np.linspace(0.2, 0.49, 8), angle, 0.075)
        found += [
            Shape(one, closed=False, ink=ink * 0.5, line=0.3, taper=True, rough=0.2)
            for one in head.stroke(line, 0.1)
        ]
    return found


def _headphones(head: Head, ink: float, bone: BaseGeometry) -> list[Shape]:
    """A band from ear to ear and two cups; what the head hides is left out."""
    angle = np.linspace(-1.32, 1.32, 19)
    outer = np.stack([np.sin(angle) * 0.455, np.full(19, -0.04), np.cos(angle) * 0.63 - 0.03], axis=1)
    lumps = rows([head.sight.ball(head.out(spot[None])[0], 0.03 * head.size) for spot in outer])
    found = _band(head, lumps, 0.16, ink * 0.8)
    sides = sorted(
        (1, -1), key=lambda side: float(np.hypot(*(head.eye[:2] - (side * 0.35, -0.05)))), reverse=True
    )
    for side in sides:
        if head.turn * side < -38 and abs(head.turn) < 142:
            continue
        turn = circle(max(head.sight.fine, 16))
        rings: list[Space] = []
        for out, share in ((0.335, 0.92), (0.36, 1.0), (0.43, 1.0), (0.455, 0.82)):
            rings.append(head.out(np.stack([
                np.full(len(turn), side * out), np.cos(turn) * 0.135 * share - 0.05,
                np.sin(turn) * 0.19 * share - 0.06,
            ], axis=1)))  # fmt: skip
        cup = rows(rings)
        # The head hides the root of a cup that is not on the camera's side.
        found += _band(head, cup, 0.36, ink, bone if head.turn * side < 24 or abs(head.turn) > 156 else None)
        if head.turn * side > 20 and head.px > 40:
            face = head.out(
                np.stack(
                    [
                        np.full(len(turn), side * 0.46),
                        np.cos(turn) * 0.07 - 0.05,
                        np.sin(turn) * 0.115 - 0.06,
                    ],
                    axis=1,
                )
            )
            found += _band(head, [face], 0.58, ink * 0.6)
    return found

"""Rain, snow, fog, wind and storm, over an outdoor frame."""

from __future__ import annotations

import numpy as np

from studio_assist.blockout.drawing import Group, Shape
from studio_assist.blockout.planes import frame
from studio_assist.blockout.shading import INTERIORS, Tones
from studio_assist.blockout.view import View
from studio_assist.domain.staging import Staging


def weather(staging: Staging, view: View, tones: Tones, seed: int) -> list[Group]:
    """What falls or blows in front of everything; fog lies in bands between things."""
    if staging.place in INTERIORS or staging.place == "void":
        return []
    rng = np.random.default_rng(seed + 17)
    match staging.light.weather:
        case "rain":
            return [_rain(view, tones, rng, 90, 0.24)]
        case "storm":
            return [_rain(view, tones, rng, 170, 0.5), *_lightning(view, rng)]
        case "snow":
            return [_snow(view, rng)]
        case "fog":
            return _fog(view, tones, rng)
        case "wind":
            return [_wind(view, rng)]
        case "clear":
            return []


def _rain(view: View, tones: Tones, rng: np.random.Generator, count: int, slant: float) -> Group:
    w, h = view.width, view.height
    shapes: list[Shape] = []
    spots = rng.uniform((-0.1, -0.1), (1.1, 1.0), (count, 2)) * (w, h)
    lengths = rng.uniform(0.03, 0.085, count) * h
    for index, (spot, length) in enumerate(zip(spots, lengths, strict=True)):
        end = spot + np.array([-length * slant, length])
        pale = index % 3 == 0 if not tones.dark else index % 3 != 0
        shapes.append(
            Shape(
                np.array([spot, end]),
                closed=False,
                ink=1.1,
                line=0.93 if pale else 0.25,
                taper=True,
                alpha=0.75,
                rough=0.2,
                silent=True,
            )
        )
    return Group("weather", 1.0, tuple(shapes), "rain")


def _lightning(view: View, rng: np.random.Generator) -> list[Group]:
    w, h = view.width, view.height
    x, y = float(rng.uniform(0.12, 0.34)) * w, -10.0
    left, right = [(x - 0.006 * w, y)], [(x + 0.006 * w, y)]
    while y < h * 0.42:
        y += float(rng.uniform(0.05, 0.1)) * h
        x += float(rng.uniform(-0.045, 0.055)) * w
        wide = 0.005 * w * max(0.1, 1.0 - y / (h * 0.5))
        left.append((x - wide, y))
        right.append((x + wide, y + 0.01 * h))
    outline = np.array([*left, *right[::-1]])
    return [Group("sky", 1.5e6, (Shape(outline, fill=1.0, ink=1.2, line=0.3, depth=1e4),), "lightning")]


def _snow(view: View, rng: np.random.Generator) -> Group:
    w, h = view.width, view.height
    turn = np.linspace(0, 2 * np.pi, 7, endpoint=False)
    circle = np.stack([np.cos(turn), np.sin(turn)], axis=1)
    sizes = rng.uniform(1.8, 5.4, 150) * view.unit
    spots = rng.uniform(0.0, 1.0, (150, 2)) * (w, h)
    shapes = [
        Shape(
            spot + circle * size,
            fill=1.0,
            ink=0.8 if size > 2.6 * view.unit else 0.0,
            line=0.62,
            rough=0.2,
            silent=True,
        )
        for spot, size in zip(spots, sizes, strict=True)
    ]
    return Group("weather", 1.0, tuple(shapes), "snow")


def _fog(view: View, tones: Tones, rng: np.random.Generator) -> list[Group]:
    """Flat bands of mist about the horizon, one behind the other, each over what is beyond it."""
    w, h = view.width, view.height
    horizon = view.horizon()
    middle = float((horizon[0][1] + horizon[1][1]) / 2) if horizon is not None else h / 2
    middle = float(np.clip(middle, -h, 2 * h))
    groups: list[Group] = []
    for depth, alpha, up, down in ((60.0, 0.5, 0.5, 0.08), (24.0, 0.36, 0.34, 0.2), (9.0, 0.26, 0.16, 0.34)):
        xs = np.linspace(-20.0, w + 20.0, 15)
        wave = np.sin(xs / w * 9.0 + float(rng.uniform(0, 6))) * 0.035 * h
        top = np.stack([xs, middle - up * h + wave], axis=1)
        low = np.stack([xs[::-1], middle + down * h + wave[::-1] * 0.6], axis=1)
        shape = Shape(np.concatenate([top, low]), fill=tones.sky_low, ink=0.0, alpha=alpha, silent=True)
        groups.append(Group("set", depth, (shape,), "fog"))
    groups.append(
        Group(
            "weather", 1.0, (Shape(frame(view), fill=tones.sky_low, ink=0.0, alpha=0.1, silent=True),), "fog"
        )
    )
    return groups


def _wind(view: View, rng: np.random.Generator) -> Group:
    w, h = view.width, view.height
    shapes: list[Shape] = []
    for _ in range(9):
        x, y = float(rng.uniform(-0.1, 0.8)) * w, float(rng.uniform(0.08, 0.8)) * h
        long = float(rng.uniform(0.12, 0.28)) * w
        steps = np.linspace(0, 1, 14)
        run = np.stack([x + steps * long, y - np.sin(steps * 5.0) * 0.02 * h], axis=1)
        if rng.uniform() < 0.4:
            turn = np.linspace(np.pi / 2, -np.pi * 0.8, 9)
            r = 0.02 * h
            curl = run[-1] + np.stack([np.cos(turn) * r, -r + np.sin(turn) * r], axis=1)
            run = np.concatenate([run, curl[1:]])
        shapes.append(Shape(run, closed=False, ink=1.4, line=0.43, taper=True, silent=True))
    return Group("weather", 1.0, tuple(shapes), "wind")

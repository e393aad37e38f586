"""The sky with its clouds and stars."""

from __future__ import annotations

import numpy as np

from studio_assist.blockout.drawing import Group, Shape
from studio_assist.blockout.nature import puffs
from studio_assist.blockout.planes import (
    SKY_M,
    frame,
    front_azimuth,
    plane,
    sky_at,
    sky_tones,
)
from studio_assist.blockout.shading import Tones
from studio_assist.blockout.view import View
from studio_assist.domain.staging import Staging


def sky(staging: Staging, view: View, tones: Tones, seed: int, *, clouds: int = 5) -> list[Group]:
    """The sky: darker above, paler at the horizon, with clouds by day and stars by night."""
    high, low = sky_tones(tones)
    shapes = [Shape(frame(view), fill=high, ink=0.0, depth=1e4, silent=True)]
    around = front_azimuth(view)
    ahead, side = (
        sky_at(view, around, 0.0),
        sky_at(view, around + 90.0, 0.0) - np.asarray(view.camera.at, float),
    )
    for top, fill in ((0.09, low),):
        if high == low:
            continue
        up = np.array([0.0, 0.0, 1e4])
        band = [
            ahead - side * 8 + up * top,
            ahead + side * 8 + up * top,
            ahead + side * 8 - up * 3,
            ahead - side * 8 - up * 3,
        ]
        shapes += plane(view, band, fill, silent=True)
    groups = [Group("sky", SKY_M, tuple(shapes), "sky")]
    rng = np.random.default_rng(seed + 3)
    clear = staging.light.weather in ("clear", "wind", "snow")
    if tones.dark and clear:
        groups.append(_stars(view, rng))
    if staging.light.weather in ("storm", "rain"):
        clouds += 4
    if clouds and not (tones.dark and clear):
        groups += _clouds(view, tones, rng, clouds, heavy=staging.light.weather in ("storm", "rain"))
    return groups


def _stars(view: View, rng: np.random.Generator) -> Group:
    eye = np.asarray(view.camera.at, float)
    azimuth = np.radians(rng.uniform(0, 360, 420))
    rise = np.tan(rng.uniform(0.06, 1.4, 420))
    sizes = rng.uniform(0.7, 1.9, 420) * view.unit
    points = eye + np.stack([np.sin(azimuth), np.cos(azimuth), rise], axis=1) * 1e4
    xy, ahead = view.project(points)
    turn = np.linspace(0, 2 * np.pi, 6, endpoint=False)
    circle = np.stack([np.cos(turn), np.sin(turn)], axis=1)
    near = (ahead > 1.0) & (xy > 0).all(axis=1) & (xy < (view.width, view.height)).all(axis=1)
    shapes = [
        Shape(spot + circle * size, fill=0.936, ink=0.0, depth=1e4, silent=True)
        for spot, size in zip(xy[near][:140], sizes[near][:140], strict=True)
    ]
    return Group("sky", SKY_M * 0.9, tuple(shapes), "stars")


def _clouds(view: View, tones: Tones, rng: np.random.Generator, count: int, *, heavy: bool) -> list[Group]:
    """Flat-footed clouds that stay where they are when the camera pans."""
    shapes: list[Shape] = []
    above = sky_tones(tones)[0]
    for index in range(count * 3):
        azimuth = index * 360.0 / (count * 3) + float(rng.uniform(-12, 12))
        rise = float(rng.uniform(0.14, 0.5))
        wide, tall = float(rng.uniform(0.1, 0.24)), float(rng.uniform(0.035, 0.075))
        outline = puffs(rng, wide, tall)
        far = np.array([sky_at(view, azimuth + np.degrees(x), rise + y) for x, y in outline])
        if bool((view.to_camera(far)[:, 2] < 50.0).any()):
            continue
        fill = tones.step(above, 1 if heavy else -1)
        if not heavy and fill == above:
            fill = None
        shapes += plane(view, far, fill, ink=1.5, line=tones.step(above, 2))
    return [Group("sky", SKY_M * 0.8, tuple(shapes), "clouds")] if shapes else []

"""Pictures to mark, drawn by numbers alone: boards as the desk draws them, and photographs' likes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

from studio_assist import paths
from studio_assist.domain.marking import MarkFacts, SourceType
from studio_assist.domain.values import EntryNumber
from studio_assist.marks.band import band_rows, burn

Picture = NDArray[np.uint8]
Rng = np.random.Generator

_FACTS: Final = MarkFacts(
    project="Larkspur",
    tag="abcde12345abcde1",
    entry=EntryNumber(1284),
    label="14C",
    source=SourceType.GENERATED,
)


def line_board(width: int, height: int, seed: int = 0) -> Picture:
    """Black pencil on pure white paper: most of it is 255."""
    return _board(width, height, seed, paper=255, fills=(255, 255, 250), hatch=False)


def hatched_board(width: int, height: int, seed: int = 0) -> Picture:
    """Pencil on paper with hatching and light greys."""
    return _board(width, height, seed, paper=246, fills=(255, 232, 214), hatch=True)


def grey_board(width: int, height: int, seed: int = 0) -> Picture:
    """Flat greys with thick outlines."""
    return _board(width, height, seed, paper=168, fills=(232, 196, 120, 92), hatch=True)


def night_board(width: int, height: int, seed: int = 0) -> Picture:
    """Near black, a few light shapes."""
    return _board(width, height, seed, paper=18, fills=(8, 40, 70, 225), hatch=False)


def landscape(width: int, height: int, seed: int = 0) -> Picture:
    """A sky without a grain of texture over rough ground, as a photograph spreads its detail."""
    rng = np.random.default_rng(seed)
    ground = _cloud(rng, width, height, slope=1.0)
    ridge = height * (0.45 + 0.08 * _cloud(rng, width, 8, slope=2.2)[0])
    down = np.arange(height)[:, None]
    sky = 225 - 70 * (down / height)
    land = 90 + 34 * ground + 10 * _cloud(rng, width, height, slope=0.4)
    inside = np.clip((down - ridge[None, :]) / 2 + 0.5, 0, 1)
    tone = sky * (1 - inside) + land * inside
    tint = np.stack([tone + 12 * inside - 14, tone + 4, tone + 22 * (1 - inside) - 12], -1)
    return _finished(tint, rng, grain=1.0)


def texture(width: int, height: int, seed: int = 0) -> Picture:
    """Detail everywhere, of a natural spectrum, in colour."""
    rng = np.random.default_rng(seed)
    tone = 118 + 46 * _cloud(rng, width, height, slope=1.15)
    tint = [tone + 14 * _cloud(rng, width, height, slope=1.6) for _ in range(3)]
    return _finished(np.stack(tint, -1), rng, grain=2.0)


def portrait(width: int, height: int, seed: int = 0) -> Picture:
    """Soft shapes out of focus, a sharper one before them."""
    rng = np.random.default_rng(seed)
    image = Image.new("RGB", (width, height), (96, 104, 118))
    draw = ImageDraw.Draw(image)
    unit = min(width, height)
    for _ in range(26):
        x, y, r = rng.uniform(0, width), rng.uniform(0, height), rng.uniform(0.03, 0.2) * unit
        draw.ellipse((x - r, y - r, x + r, y + r), fill=_colour(rng))
    image = image.filter(ImageFilter.GaussianBlur(unit / 45))
    draw = ImageDraw.Draw(image)
    x, y, r = width * 0.52, height * 0.45, unit * 0.24
    draw.ellipse((x - r * 1.6, y + r, x + r * 1.6, y + r * 4), fill=(74, 58, 66))
    draw.ellipse((x - r * 0.8, y - r, x + r * 0.8, y + r), fill=(206, 164, 140))
    image = image.filter(ImageFilter.GaussianBlur(unit / 500))
    detail = 9 * _cloud(rng, width, height, slope=0.9)[..., None]
    return _finished(np.asarray(image, np.float64) + detail, rng, grain=2.0)


def dusk(width: int, height: int, seed: int = 0) -> Picture:
    """A dark photograph with lights and grain."""
    rng = np.random.default_rng(seed)
    tone = 34 + 16 * _cloud(rng, width, height, slope=1.4)
    image = Image.new("L", (width, height))
    draw = ImageDraw.Draw(image)
    for _ in range(60):
        x, y, r = rng.uniform(0, width), rng.uniform(0.3, 0.9) * height, rng.uniform(0.002, 0.012) * width
        draw.rectangle((x - r, y - r, x + r, y + 2 * r), fill=int(rng.integers(90, 255)))
    lights = np.asarray(image.filter(ImageFilter.GaussianBlur(width / 900)), np.float64)
    tint = np.stack([tone + lights, tone + 0.85 * lights, tone * 1.25 + 0.5 * lights], -1)
    return _finished(tint, rng, grain=3.0)


BOARDS: Final[dict[str, Callable[[int, int, int], Picture]]] = {
    "line": line_board,
    "hatched": hatched_board,
    "grey": grey_board,
    "night": night_board,
}
PHOTOS: Final[dict[str, Callable[[int, int, int], Picture]]] = {
    "landscape": landscape,
    "texture": texture,
    "portrait": portrait,
    "dusk": dusk,
}


def banded(pixels: Picture) -> tuple[Picture, int]:
    """The picture with its band, and the band's height in rows."""
    height, width = pixels.shape[:2]
    return burn(pixels, _FACTS, paths.resource("fonts")), band_rows(height, width)


def _board(width: int, height: int, seed: int, *, paper: int, fills: tuple[int, ...], hatch: bool) -> Picture:
    """Drawn at twice the size and brought down, so that lines have soft edges."""
    rng = np.random.default_rng(seed + 1000 * paper)
    image = Image.new("L", (2 * width, 2 * height), paper)
    draw = ImageDraw.Draw(image)
    unit = min(width, height) / 180
    pen = max(1, round(2 * unit)) if min(fills) > 100 else max(2, round(3 * unit))
    ink = 20 if paper > 100 else 150
    for _ in range(14):
        x, y = rng.uniform(-0.1, 1.0, 2) * (2 * width, 2 * height)
        w, h = rng.uniform(0.1, 0.6, 2) * (2 * width, 2 * height) * 0.6
        fill = int(rng.choice(np.array(fills)))
        if rng.random() < 0.5:
            draw.ellipse((x, y, x + w, y + h), fill=fill, outline=ink, width=pen)
        else:
            lean = rng.uniform(-0.1, 0.1) * w
            corners = [(x, y), (x + w, y + lean), (x + w - lean, y + h), (x + lean, y + h - lean)]
            draw.polygon(corners, fill=fill, outline=ink, width=pen)
            if hatch and rng.random() < 0.7:
                _hatch(draw, x, y, w, h, gap=max(6.0, 7 * unit), pen=max(1, pen // 2))
    points = rng.uniform(0, 1, (9, 2)) * (2 * width, 2 * height)
    draw.line([tuple(point) for point in points[:4]], fill=ink, width=pen)
    small = image.resize((width, height), Image.Resampling.BOX)
    return np.asarray(small.convert("RGB"))


def _hatch(
    draw: ImageDraw.ImageDraw, x: float, y: float, w: float, h: float, *, gap: float, pen: int
) -> None:
    steps = int((w + h) / gap)
    for step in range(1, steps):
        along = step * gap
        start = (x + min(along, w), y + max(0.0, along - w))
        end = (x + max(0.0, along - h), y + min(along, h))
        draw.line([start, end], fill=60, width=pen)


def _cloud(rng: Rng, width: int, height: int, *, slope: float) -> NDArray[np.float64]:
    """Noise whose amplitude falls with frequency to the power of slope; mean 0, deviation 1."""
    fy = np.fft.fftfreq(height)[:, None] * height
    fx = np.fft.rfftfreq(width)[None, :] * width
    radius = np.hypot(fy, fx)
    radius[0, 0] = np.inf
    plane = np.fft.irfft2(np.fft.rfft2(rng.normal(size=(height, width))) / radius**slope, (height, width))
    return (plane - plane.mean()) / plane.std()


def _colour(rng: Rng) -> tuple[int, int, int]:
    r, g, b = (int(value) for value in rng.integers(30, 235, 3))
    return r, g, b


def _finished(tint: NDArray[np.float64], rng: Rng, *, grain: float) -> Picture:
    noisy = tint + rng.normal(0, grain, tint.shape[:2])[..., None]
    return np.clip(np.rint(noisy), 0, 255).astype(np.uint8)

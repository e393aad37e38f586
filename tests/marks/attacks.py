"""What happens to pictures on their way: saved, resized, cropped, lightened, shot from a screen."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Final

import numpy as np
from PIL import Image, ImageFilter

from tests.marks.pictures import Picture

Attack = Callable[[Picture], Picture]

#: Side of a square of half the area.
_HALF: Final = 0.5**0.5


def _pixels(image: Image.Image) -> Picture:
    return np.asarray(image.convert("RGB"))


def saved(form: str, quality: int | None = None) -> Attack:
    """Through a file format and back."""

    def attack(picture: Picture) -> Picture:
        file = io.BytesIO()
        Image.fromarray(picture).save(file, form, **({"quality": quality} if quality else {}))
        return _pixels(Image.open(file))

    return attack


def resized(across: float, down: float | None = None) -> Attack:
    """To a share of its width, and of its height if that is another."""

    def attack(picture: Picture) -> Picture:
        height, width = picture.shape[:2]
        size = round(width * across), round(height * (down or across))
        return _pixels(Image.fromarray(picture).resize(size, Image.Resampling.BICUBIC))

    return attack


def cropped(left: float, top: float, right: float, bottom: float) -> Attack:
    """The part between these shares of width and height."""

    def attack(picture: Picture) -> Picture:
        height, width = picture.shape[:2]
        part = picture[
            round(top * height) : round(bottom * height), round(left * width) : round(right * width)
        ]
        return np.ascontiguousarray(part)

    return attack


def toned(factor: float, plus: float = 0.0, gamma: float = 1.0) -> Attack:
    """Each value to the power of gamma, times a factor, plus something; cut off at black and white."""

    def attack(picture: Picture) -> Picture:
        tone = 255 * (picture / 255.0) ** gamma * factor + plus
        return np.clip(np.rint(tone), 0, 255).astype(np.uint8)

    return attack


def turned(degrees: float) -> Attack:
    """Rotated in its frame, white in the corners."""

    def attack(picture: Picture) -> Picture:
        image = Image.fromarray(picture)
        return _pixels(image.rotate(degrees, Image.Resampling.BICUBIC, fillcolor=(255, 255, 255)))

    return attack


def blurred(sigma: float) -> Attack:
    """By a bell of so many pixels."""

    def attack(picture: Picture) -> Picture:
        return _pixels(Image.fromarray(picture).filter(ImageFilter.GaussianBlur(sigma)))

    return attack


def noisy(deviation: float) -> Attack:
    """Each value by itself."""

    def attack(picture: Picture) -> Picture:
        noise = np.random.default_rng(5).normal(0, deviation, picture.shape)
        return np.clip(np.rint(picture + noise), 0, 255).astype(np.uint8)

    return attack


def mirrored(picture: Picture) -> Picture:
    """Left and right swapped."""
    return np.ascontiguousarray(picture[:, ::-1])


def greyed(picture: Picture) -> Picture:
    """Without colour."""
    return _pixels(Image.fromarray(picture).convert("L"))


def in_a_window(picture: Picture) -> Picture:
    """Shown small in a dark window, and the whole window taken."""
    small = resized(0.6)(picture)
    height, width = small.shape[:2]
    window = np.full((round(height * 1.3), round(width * 1.35), 3), 38, np.uint8)
    window[height // 8 : height // 8 + height, width // 5 : width // 5 + width] = small
    return window


def chained(*attacks: Attack) -> Attack:
    """One after the other."""

    def attack(picture: Picture) -> Picture:
        for each in attacks:
            picture = each(picture)
        return picture

    return attack


#: The README's table.
ATTACKS: Final[dict[str, Attack]] = {
    "PNG": saved("PNG"),
    "JPEG 90": saved("JPEG", 90),
    "JPEG 70": saved("JPEG", 70),
    "JPEG 50": saved("JPEG", 50),
    "JPEG 30": saved("JPEG", 30),
    "WebP 80": saved("WEBP", 80),
    "resized to 25 %": resized(0.25),
    "resized to 50 %": resized(0.5),
    "resized to 200 %": resized(2.0),
    "left half": cropped(0, 0, 0.5, 1),
    "right half": cropped(0.5, 0, 1, 1),
    "upper half": cropped(0, 0, 1, 0.5),
    "lower half": cropped(0, 0.5, 1, 1),
    "middle half": cropped(0.5 - _HALF / 2, 0.5 - _HALF / 2, 0.5 + _HALF / 2, 0.5 + _HALF / 2),
    "corner half": cropped(0.02, 0.03, 0.02 + _HALF, 0.03 + _HALF),
    "blurred by 2 pixels": blurred(2),
    "brightness x 1.2": toned(1.2),
    "brightness x 0.8": toned(0.8),
    "brightness + 20 %": toned(1, 51),
    "brightness - 20 %": toned(1, -51),
    "contrast + 30 %": toned(1.3, -0.3 * 128),
    "contrast - 30 %": toned(0.7, 0.3 * 128),
    "gamma 0.8": toned(1, 0, 0.8),
    "gamma 1.25": toned(1, 0, 1.25),
    "screenshot at 77 %, JPEG 80": chained(resized(0.77), saved("JPEG", 80)),
    "screenshot at 125 %, JPEG 75": chained(resized(1.25), saved("JPEG", 75)),
    "screenshot of its window": chained(in_a_window, saved("JPEG", 85)),
    "rotated by 1 degree": turned(1),
    "rotated by -2 degrees": turned(-2),
    "4 % narrower": resized(0.96, 1),
    "4 % lower": resized(1, 0.96),
    "mirrored": mirrored,
    "upside down": lambda picture: np.ascontiguousarray(picture[::-1, ::-1]),
    "greyscale": greyed,
    "noise as of print": chained(blurred(0.7), toned(0.92, 8), noisy(8)),
    "a third cut off, JPEG 70": chained(cropped(0.1, 0, 0.9, 0.84), saved("JPEG", 70)),
}

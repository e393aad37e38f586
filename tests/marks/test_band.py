"""The band: on every picture, readable as a thumbnail, found again on copies, and never where it is not."""

from __future__ import annotations

import io
from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageEnhance, ImageFilter, ImageOps

from studio_assist.marks.band import AMBER, ON_AMBER, band_rows, burn
from studio_assist.marks.band_reading import has_band
from tests.marks.marked_work import FACTS, FONTS, board

SIZES = [
    (320, 180),
    (640, 480),
    (1920, 1080),
    (1920, 803),
    (1080, 1080),
    (1080, 1920),
    (7680, 4320),
    (4000, 400),
]


def banded(width: int = 1280, height: int = 720) -> Image.Image:
    return Image.fromarray(burn(board(width, height), FACTS, FONTS))


def seen(image: Image.Image) -> bool:
    return has_band(np.asarray(image.convert("RGB")))


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_the_band_covers_the_lowest_rows_alone_and_is_found(width: int, height: int) -> None:
    original = board(width, height)
    marked = burn(original, FACTS, FONTS)
    rows = band_rows(height, width)
    assert marked.shape == original.shape
    assert np.array_equal(marked[:-rows], original[:-rows])
    assert rows <= 0.31 * height
    assert has_band(marked)
    assert not has_band(original)


@pytest.mark.parametrize(
    ("width", "height"), [*SIZES, (320, 320), (96, 96), (64, 64), (100, 2000), (64, 640)]
)
def test_no_word_is_cut_by_the_edge(width: int, height: int) -> None:
    long = FACTS.model_copy(update={"project": "The Very Long Winter of " * 9, "label": "102A, insert"})
    marked = burn(board(width, height), long, FONTS)
    band = marked[-band_rows(height, width) :].astype(int)
    code = round(len(band) * 0.3)
    # What lies at the edges below the edge code is the band's ground.
    edges = np.concatenate((band[code:, :1].reshape(-1, 3), band[code:, -1:].reshape(-1, 3), band[-1]))
    assert np.abs(edges - AMBER).max() < 60


@pytest.mark.parametrize(("width", "height"), [(1920, 1080), (1080, 1920), (7680, 4320), (1440, 1080)])
def test_temp_ai_is_legible_when_the_picture_is_a_thumbnail(width: int, height: int) -> None:
    small = banded(width, height)
    small.thumbnail((268, 151), Image.Resampling.LANCZOS)
    grey = np.asarray(small.convert("L")).astype(float)
    rows = max(1, round(band_rows(height, width) * small.height / height))
    band = grey[-rows:, : small.width // 2]
    # Capitals of six pixels: so many rows hold ink as dark as type is, strokes and gaps apart.
    inked = [row for row in band[rows // 5 :] if row.min() < 110 and row.max() > 140]
    assert len(inked) >= 5
    strokes = max(int((np.diff((row < 120).astype(int)) == 1).sum()) for row in inked)
    assert strokes >= 5


def test_words_are_dark_on_amber_and_tell_the_entry_of_each_picture() -> None:
    first = burn(board(), FACTS, FONTS)
    second = burn(board(), FACTS.model_copy(update={"entry": 1282}), FONTS)
    band = first[-band_rows(360, 640) :].reshape(-1, 3)
    assert (band == AMBER).all(axis=1).mean() > 0.4
    assert (np.abs(band.astype(int) - ON_AMBER).max(axis=1) < 40).mean() > 0.08
    assert not np.array_equal(first, second)


def test_a_title_in_signs_that_the_type_lacks_leaves_no_boxes() -> None:
    plain = burn(board(), FACTS.model_copy(update={"project": "Winter"}), FONTS)
    mixed = burn(board(), FACTS.model_copy(update={"project": "冬 Winter 冬"}), FONTS)
    assert np.array_equal(plain, mixed)


def _jpeg(image: Image.Image, quality: int) -> Image.Image:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=quality)
    return Image.open(out)


def _scaled(image: Image.Image, share: float) -> Image.Image:
    return image.resize((round(image.width * share), round(image.height * share)), Image.Resampling.BICUBIC)


COPIES: dict[str, Callable[[Image.Image], Image.Image]] = {
    "jpeg at 30": lambda image: _jpeg(image, 30),
    "a quarter, jpeg at 30": lambda image: _jpeg(_scaled(image, 0.25), 30),
    "twice": lambda image: _scaled(image, 2.0),
    "grey": ImageOps.grayscale,
    "grey, half, jpeg at 30": lambda image: _jpeg(_scaled(ImageOps.grayscale(image), 0.5), 30),
    "brighter": lambda image: ImageEnhance.Brightness(image).enhance(1.2),
    "darker": lambda image: ImageEnhance.Brightness(image).enhance(0.8),
    "less contrast": lambda image: ImageEnhance.Contrast(image).enhance(0.7),
    "more contrast": lambda image: ImageEnhance.Contrast(image).enhance(1.3),
    "other colours": lambda image: ImageEnhance.Color(image).enhance(0.3),
    "blurred": lambda image: image.filter(ImageFilter.GaussianBlur(2)),
    "mirrored": ImageOps.mirror,
    "squeezed": lambda image: image.resize((round(image.width * 0.96), image.height)),
    "turned": lambda image: image.rotate(1.5, Image.Resampling.BICUBIC, fillcolor="white"),
    "cut above": lambda image: image.crop((0, image.height // 2, image.width, image.height)),
    "cut at the sides": lambda image: image.crop((image.width // 8, 0, image.width * 7 // 8, image.height)),
}


@pytest.mark.parametrize("copy", COPIES)
def test_the_band_is_found_on_a_copy(copy: str) -> None:
    assert seen(COPIES[copy](banded()))


def test_a_picture_whose_lower_edge_is_cut_off_has_no_band() -> None:
    image = banded()
    assert not seen(image.crop((0, 0, image.width, image.height - band_rows(720, 1280))))


def _amber_wall(chance: np.random.Generator) -> NDArray[np.uint8]:
    """Amber with dark bars across the lower third, as a fence or a ladder has them."""
    wall = np.full((360, 640, 3), AMBER, dtype=np.uint8)
    x, top = 0, int(chance.integers(200, 320))
    while x < 640:
        wide = int(chance.integers(3, 40))
        if chance.random() < 0.5:
            wall[top : top + 9, x : x + wide] = ON_AMBER
        x += wide
    return wall


def test_no_band_is_seen_where_none_is() -> None:
    chance = np.random.default_rng(4)
    plain = [np.full((360, 640, 3), colour, dtype=np.uint8) for colour in ((255,) * 3, (0,) * 3, AMBER)]
    walls = [_amber_wall(chance) for _ in range(12)]
    stripes = [np.full((360, 640, 3), 255, dtype=np.uint8) for _ in range(8)]
    for period, stripe in enumerate(stripes, 5):
        stripe[300:310, (np.arange(640) // period) % 2 == 0] = 10
    boards = [board(seed=seed) for seed in range(8)]
    noise = [chance.integers(0, 255, (360, 640, 3)).astype(np.uint8) for _ in range(3)]
    assert not any(has_band(picture) for picture in (*plain, *walls, *stripes, *boards, *noise))

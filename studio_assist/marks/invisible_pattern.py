"""The tile that an invisible mark repeats over a picture, and what a reader sees of a picture.

A picture is drawn to a long side of 1,024 units (fewer for small ones, `GRADES`), so what is done to its
size afterwards does not matter. There a tile of 256 x 64 units repeats, made of frequencies with periods
from 6 to 32 units: low enough to come through JPEG, blurring and halving, high enough to be finer than most
of what pictures show. A quarter of the frequencies, keyed, says where the tile begins (the anchor); the
others carry the code bits under keyed signs.

The tile is wide and low so that the amber band, which is some 35 units high, shows more than half of it:
where white paper is blown out by someone's brightness control, the band is all that is left.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from studio_assist.marks.invisible_code import CODE_BITS

#: Units along the long side, and the least number of pixels there that it is for. A small picture has fewer,
#: so that the shortest period stays above 5 pixels.
GRADES: Final = ((1024, 900), (576, 440), (384, 0))
#: A reader works at this size whatever the grade.
LONG_SIDE: Final = GRADES[0][0]
#: What `Found.scale` is for a whole picture, of each grade.
WHOLE_SCALES: Final = tuple(LONG_SIDE / units for units, _least in GRADES)
TILE_W: Final = 256
TILE_H: Final = 64
#: The frequencies of the mark, in waves a unit.
LOWEST: Final = 1 / 32
HIGHEST: Final = 1 / 6
#: One frequency in so many belongs to the anchor.
_ANCHOR_SHARE: Final = 4
#: How strongly a reader holds down busy places: weight = (local energy + floor) to the power of -3/4. Between
#: the -1/2 that makes every place equal and the -1 that suits noise alone.
_FLOOR: Final = 2.0
_POWER: Final = 0.75
#: Reach of "local", in units.
_AROUND: Final = 10.0

Floats = NDArray[np.float32]
Complexes = NDArray[np.complex64]
Indices = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Plan:
    """Which frequency carries what under one key.

    Attributes:
        anchor: indices into `frequencies()` of the anchor's.
        anchor_values: complex, size 1.
        data: indices of the others.
        bits: for each real part, then each imaginary part of the data frequencies, its code bit.
        signs: the key's signs for the same.
    """

    anchor: Indices
    anchor_values: Complexes
    data: Indices
    bits: Indices
    signs: Floats


@lru_cache(maxsize=1)
def frequencies() -> tuple[Indices, Indices]:
    """Rows (signed) and columns in a tile's half spectrum that carry the mark: one of each conjugate pair."""
    rows = np.fft.fftfreq(TILE_H, 1 / TILE_H).astype(np.intp)[:, None]
    columns = np.arange(TILE_W // 2 + 1)[None, :]
    radius = np.hypot(rows / TILE_H, columns / TILE_W)
    inside = (radius >= LOWEST) & (radius <= HIGHEST) & ((columns > 0) | (rows > 0))
    at = np.nonzero(inside)
    return rows[at[0], 0], at[1]


@lru_cache(maxsize=64)
def plan(key: bytes) -> Plan:
    """Drawn from SHAKE-256 of the key; order, anchor and signs from separate streams."""
    count = len(frequencies()[0])
    order = np.argsort(_stream(key, b"order", count), kind="stable")
    anchor, data = np.sort(order[: count // _ANCHOR_SHARE]), np.sort(order[count // _ANCHOR_SHARE :])
    corners = np.exp(0.25j * np.pi * (1 + 2 * (_stream(key, b"anchor", len(anchor)) % 4)))
    chips = 2 * len(data)
    return Plan(
        anchor=anchor,
        anchor_values=corners.astype(np.complex64),
        data=data,
        bits=np.argsort(_stream(key, b"bits", chips), kind="stable") % CODE_BITS,
        signs=(1 - 2.0 * (_stream(key, b"signs", chips) & 1)).astype(np.float32),
    )


def values_for(which: Plan, word: Floats) -> Complexes:
    """What stands at each of `frequencies()`, size 1 each, to carry a word of code signs."""
    chips = word[which.bits] * which.signs
    half = len(which.data)
    values = np.empty(len(frequencies()[0]), np.complex64)
    values[which.anchor] = which.anchor_values
    values[which.data] = (chips[:half] + 1j * chips[half:]) / np.sqrt(2)
    return values


def soft_bits(which: Plan, values: Complexes) -> tuple[Floats, float]:
    """The 512 soft values in what was read at `frequencies()`, and the size of all chips together.

    The size is the root of the chips' sum of squares before the key's signs are put on: whoever does not
    know the key gets a sum of so much deviation for any word.
    """
    data = values[which.data]
    chips = np.concatenate([data.real, data.imag])
    soft = np.bincount(which.bits, chips * which.signs, CODE_BITS).astype(np.float32)
    return soft, float(np.linalg.norm(chips))


def tile_of(values: Complexes) -> Floats:
    """(64, 256) in space, mean square 1 for values of size 1."""
    rows, columns = frequencies()
    tile = np.fft.irfft2(half_spectrum(values, rows, columns, 1), (TILE_H, TILE_W))
    return (tile * (TILE_H * TILE_W / np.sqrt(2 * len(rows)))).astype(np.float32)


def half_spectrum(values: Complexes, rows: Indices, columns: Indices, finer: int) -> Complexes:
    """Values put in place for `irfft2`, for a plane `finer` times as fine as the tile."""
    spectrum = np.zeros((TILE_H * finer, TILE_W * finer // 2 + 1), np.complex64)
    spectrum[rows, columns] = values
    # irfft2 takes the conjugates of columns above 0 for granted; within column 0 they must stand.
    own = columns == 0
    spectrum[-rows[own], 0] = values[own].conj()
    return spectrum


def units_for(width: int, height: int) -> int:
    """How many units the long side of a picture takes when it is marked."""
    return next(units for units, least in GRADES if max(width, height) >= least)


def rgb_image(pixels: NDArray[np.uint8]) -> Image.Image:
    """A picture (h, w, 3), or (h, w) grey, or (h, w, 4) without its transparency.

    Raises:
        ValueError: another shape or type.
    """
    if pixels.dtype != np.uint8 or pixels.ndim not in (2, 3) or not pixels.size:
        raise ValueError(f"a picture is uint8 with two or three axes, not {pixels.dtype} {pixels.shape}")
    if pixels.ndim == 3 and pixels.shape[2] not in (3, 4):
        raise ValueError(f"a picture has 3 channels, or 4 with transparency, not {pixels.shape[2]}")
    return Image.fromarray(pixels).convert("RGB")


def luminance(image: Image.Image, units: int) -> Floats:
    """(h, w) luma of a picture drawn to so many units along its long side."""
    scale = units / max(image.size)
    target = max(8, round(image.width * scale)), max(8, round(image.height * scale))
    grey = image.convert("L").resize(target, Image.Resampling.BICUBIC, reducing_gap=3.0)
    return np.asarray(grey, np.float32)


def tiled(tile: Floats, shape: tuple[int, ...]) -> Floats:
    """The tile repeated over a plane (h, w) from its upper left corner."""
    return np.tile(tile, (-(-shape[0] // TILE_H), -(-shape[1] // TILE_W)))[: shape[0], : shape[1]]


def tiles_of(plane: Floats, units: int = 1) -> Floats:
    """A plane (h, w), a point for so many units, cut into tiles (n, 64 / units, 256 / units).

    What lies over the edge is 0.
    """
    tall, wide = TILE_H // units, TILE_W // units
    height, width = plane.shape
    rows, columns = -(-height // tall), -(-width // wide)
    padded = np.zeros((rows * tall, columns * wide), np.float32)
    padded[:height, :width] = plane
    return padded.reshape(rows, tall, columns, wide).swapaxes(1, 2).reshape(-1, tall, wide)


def flatten(luma: Floats) -> tuple[Floats, Floats]:
    """What a reader correlates with, and the weights that made it of the band-passed picture."""
    return flattened(band_pass(luma))


def flattened(band: Floats) -> tuple[Floats, Floats]:
    """As `flatten`, of what was band-passed already."""
    weight = ((smooth(band * band, _AROUND) + _FLOOR) ** -_POWER).astype(np.float32)
    return band * weight, weight


def band_pass(luma: Floats) -> Floats:
    """The frequencies of the mark and a little around."""
    return _filtered(luma, _band(*luma.shape))


def smooth(plane: Floats, sigma: float) -> Floats:
    """Blurred by a bell of so many units; what is nowhere negative stays so."""
    return np.maximum(_filtered(plane, _bell(*plane.shape, sigma)), 0)


def _filtered(plane: Floats, response: Floats) -> Floats:
    return np.fft.irfft2(np.fft.rfft2(plane) * response, plane.shape).astype(np.float32)


@lru_cache(maxsize=4)
def _radius(height: int, width: int) -> Floats:
    return np.hypot(np.fft.fftfreq(height)[:, None], np.fft.rfftfreq(width)[None, :]).astype(np.float32)


@lru_cache(maxsize=4)
def _band(height: int, width: int) -> Floats:
    radius = _radius(height, width)
    low = 1 - np.exp(-((radius / (LOWEST * 0.7)) ** 4))
    high = np.exp(-((radius / (HIGHEST * 1.35)) ** 8))
    return (low * high).astype(np.float32)


@lru_cache(maxsize=12)
def _bell(height: int, width: int, sigma: float) -> Floats:
    return np.exp(-2 * (np.pi * sigma * _radius(height, width)) ** 2).astype(np.float32)


def _stream(key: bytes, purpose: bytes, count: int) -> NDArray[np.uint32]:
    data = hashlib.shake_256(b"studio-assist invisible mark\n" + purpose + b"\n" + key).digest(4 * count)
    return np.frombuffer(data, "<u4")

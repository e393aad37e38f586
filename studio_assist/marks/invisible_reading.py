"""Reading an invisible mark without the original: where its tiles lie, then what they say.

Where is asked in three ways, one after the other:
- as it was marked, at any size; then the same in the band alone, for pictures whose white was blown out;
- cut out of a picture of a usual size and not resized since;
- anywhere else: a repeating tile has power at the multiples of its own frequency and nowhere between. The
  spectrum of the picture is looked up at those places for some 200,000 ways to scale, squeeze and turn it,
  without knowing the key, and only the few best are tried. Pictures with more detail than mark (a lawn close
  up) show no such lattice; for those that were only turned or squeezed a little, the anchor itself is tried.
At each of these places the anchor gives the tile's offset for each key, as it is, mirrored and upside down,
by one correlation over all offsets.

**Why it is not found where it is not.** The key's signs on the chips come from a stream of their own, which
neither the picture nor the choice of place knows. For one word, the sum of the chips times its signs
therefore exceeds t times their size with a chance of at most exp(-t²/2), whatever the picture (Hoeffding's
inequality). There are 2^48 words that pass the check sum, at most `MOST_WORDS` sets of chips are decoded in
one reading, whatever the number of keys, and a word counts from t = `THRESHOLD` = 10.2. Together at most
64 x 2^48 x exp(-10.2²/2) = 4.6e-7: below one in a million for each picture read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from studio_assist.marks import invisible_code as code
from studio_assist.marks import invisible_pattern as pattern
from studio_assist.marks.invisible_lattice import FOLD, Geometry, lattice_candidates
from studio_assist.marks.invisible_pattern import TILE_H, TILE_W, Complexes, Floats

THRESHOLD: Final = 10.2
MOST_WORDS: Final = 64
#: An anchor is worth decoding from so many standard deviations of its correlation on.
_ANCHOR_LEAST: Final = 5.0
#: One that stands out so far but gives no word is worth a closer look at the geometry, so many times.
_ANCHOR_CLOSER: Final = 6.0
_CLOSER_LOOKS: Final = 3
#: Long sides that pictures are made with; a part cut out of one of these has its scale given away.
_USUAL: Final = (
    *(512, 576, 600, 640, 720, 768, 800, 832, 854, 896, 960, 1024, 1080, 1152, 1200, 1216, 1280, 1344, 1366),
    *(1440, 1536, 1600, 1792, 1920, 2000, 2048, 2160, 2560, 3000, 3840, 4000, 4096, 7680),
)

#: Rows of the band alone differ by less, in grey levels, and it has at least so many, in units.
_BAND_STEP: Final = 5
_BAND_LEAST: Final = 16

_Stop = Callable[[], bool]


@dataclass(frozen=True, slots=True)
class Found:
    """A mark that was read.

    Attributes:
        key_index: which of the keys it was made with.
        payload: 48 bits; see `unpack_payload`.
        bits_corrected: how many of the 512 code bits the error correction put right.
        score: agreement with the word in standard deviations of chance; see the module's docstring.
        scale: how much larger the mark's tile is than in a whole picture of more than 900 pixels: above 1
            after a crop (and in smaller pictures, whose tiles are larger), below 1 inside a larger picture.
        rotation: degrees, against the clock; 180 is upside down.
        mirrored: left and right were swapped.
    """

    key_index: int
    payload: int
    bits_corrected: int
    score: float
    scale: float
    rotation: float
    mirrored: bool


def read(
    pixels: NDArray[np.uint8],
    keys: Sequence[bytes],
    *,
    search: bool = True,
    cancelled: _Stop | None = None,
) -> Found | None:
    """The mark in a picture, or None.

    Args:
        pixels: as for `embed`.
        keys: of the projects that may have made it; each costs a few milliseconds for each place tried.
        search: look for pictures that were cropped, turned or squeezed too, some seconds if there is no mark.
        cancelled: asked between steps; once true the answer is None.
    """
    stop = cancelled or (lambda: False)
    image = pattern.rgb_image(pixels)
    reader = _Reader([pattern.plan(key) for key in keys])
    for flat, geometry in _places(image, search=search, stop=stop):
        if stop():
            return None
        if found := reader.at(flat, geometry):
            return found
    return None


def _places(image: Image.Image, *, search: bool, stop: _Stop) -> Iterator[tuple[Floats, Geometry]]:
    """What to look at and how the mark may lie in it, the cheap and likely first."""
    luma = pattern.luminance(image, pattern.LONG_SIDE)
    flat, _ = pattern.flatten(luma)
    whole = [Geometry(scale) for scale in pattern.WHOLE_SCALES]
    for geometry in whole:
        yield flat, geometry
    band = _band_alone(luma)
    if band is not None:
        for geometry in whole:
            yield band, geometry
    if not search:
        return
    long_side = max(image.size)
    for size in _USUAL:
        if long_side < size <= 2.3 * long_side:
            yield flat, Geometry(pattern.LONG_SIDE / pattern.units_for(size, size) * size / long_side)
    lattice = lattice_candidates(flat, stop)
    for geometry in next(lattice):
        yield flat, geometry
    scale = pattern.LONG_SIDE / pattern.units_for(*image.size)
    for degrees in np.arange(-2.4, 2.5, 0.2):
        yield flat, Geometry(scale, 1.0, float(np.radians(degrees)))
    # A squeezed picture's long side was drawn to the same units again: the other side carries the difference.
    sign = -0.5 if image.width >= image.height else 0.5
    for squeeze in np.arange(0.95, 1.051, 0.005):
        yield flat, Geometry(scale * float(squeeze) ** sign, float(squeeze))
    for geometries in lattice:
        for geometry in geometries:
            yield flat, geometry


def _band_alone(luma: Floats) -> Floats | None:
    """The band at the lower edge, flattened by itself; None where the lowest rows are not one of a kind.

    Type and the edge code cover less than half of a row, so the median of the rows below the code is amber's.
    """
    rows = np.median(luma[len(luma) // 2 :], axis=1)
    other = np.flatnonzero(np.abs(rows - np.median(rows[-len(rows) // 16 :])) > _BAND_STEP)
    first = int(other[-1]) + 2 if len(other) else 0
    if first == 0 or len(rows) - first < _BAND_LEAST:
        return None
    return pattern.flatten(luma[len(luma) // 2 + first :])[0]


class _Reader:
    """Tries keys at places, and counts how often a word was decoded."""

    def __init__(self, plans: Sequence[pattern.Plan]) -> None:
        self._plans = plans
        self._words_left = MOST_WORDS
        self._looks_left = _CLOSER_LOOKS

    def at(self, flat: Floats, geometry: Geometry) -> Found | None:
        """The mark that lies in a flattened picture so."""
        values = _folded(flat, geometry)
        for index in range(len(self._plans)):
            for mirrored in (False, True):
                for turned in (False, True):
                    found = self._with(flat, geometry, _Turn(index, mirrored, turned), values)
                    if found:
                        return found
        return None

    def _with(self, flat: Floats, geometry: Geometry, turn: _Turn, values: Complexes) -> Found | None:
        strength, moved = _anchored(values, self._plans[turn.key], turn)
        if strength < _ANCHOR_LEAST:
            return None
        found = self._decoded(moved, geometry, turn)
        if found or strength < _ANCHOR_CLOSER or not self._looks_left:
            return found
        self._looks_left -= 1
        step = 0.0015
        for _ in range(3):
            for near in geometry.neighbours(step):
                stronger, there = _anchored(_folded(flat, near), self._plans[turn.key], turn)
                if stronger > strength:
                    strength, moved, geometry = stronger, there, near
            step /= 2
        return self._decoded(moved, geometry, turn)

    def _decoded(self, moved: Complexes, geometry: Geometry, turn: _Turn) -> Found | None:
        if not self._words_left:
            return None
        self._words_left -= 1
        soft, size = pattern.soft_bits(self._plans[turn.key], moved)
        word = code.decode(soft)
        if not word or word.agreement < THRESHOLD * size:
            return None
        degrees = float(np.degrees(geometry.rotation)) + (180 if turn.turned else 0)
        score = word.agreement / size
        return Found(turn.key, word.payload, word.corrected, score, geometry.scale, degrees, turn.mirrored)


@dataclass(frozen=True, slots=True)
class _Turn:
    key: int
    mirrored: bool
    turned: bool


def _folded(flat: Floats, geometry: Geometry) -> Complexes:
    """The half spectrum of all tiles laid upon each other, in units of how much the tiles differ there.

    No frequency counts more than three units: stripes in the picture put all their power on a few.
    """
    spectra = np.fft.rfft2(pattern.tiles_of(geometry.straightened(flat), FOLD))
    power = np.square(np.abs(spectra)).sum(0)
    sides = np.pad(power, ((0, 0), (1, 1)), mode="reflect")
    around = (power + np.roll(power, 1, 0) + np.roll(power, -1, 0) + sides[:, 2:] + sides[:, :-2]) / 5
    values = spectra.sum(0) / np.sqrt(around + 1e-6)
    return values * np.minimum(1, 3 / np.maximum(np.abs(values), 1e-6))


def _anchored(values: Complexes, which: pattern.Plan, turn: _Turn) -> tuple[float, Complexes]:
    """How far the anchor stands out, and the values at `frequencies()` moved to where the tile begins."""
    rows, columns = pattern.frequencies()
    # A mirrored plane has the value of (row, -column) at (row, column), one upside down its conjugate.
    seen = values[-rows, columns].conj() if turn.mirrored else values[rows, columns]
    if turn.turned:
        seen = seen.conj()
    finer = 2
    product = seen[which.anchor] * which.anchor_values.conj()
    spectrum = pattern.half_spectrum(product, rows[which.anchor], columns[which.anchor], finer)
    surface = np.fft.irfft2(spectrum, (TILE_H * finer, TILE_W * finer))
    peak = int(surface.argmax())
    y, x = divmod(peak, TILE_W * finer)
    phase = rows * (y / (TILE_H * finer)) + columns * (x / (TILE_W * finer))
    return float(surface.flat[peak] / (surface.std() + 1e-12)), seen * np.exp(2j * np.pi * phase).astype(
        np.complex64
    )

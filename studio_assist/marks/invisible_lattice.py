"""How a mark's tiles may lie in a picture, found from its spectrum without a key."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from studio_assist.marks import invisible_pattern as pattern
from studio_assist.marks.invisible_pattern import TILE_H, TILE_W, Floats

_Grid = NDArray[np.float64]

#: Units a point of a straightened picture.
FOLD: Final = 2
#: From a picture shown small inside a screen to a half of a small one.
_SMALLEST: Final = 0.45
_LARGEST: Final = 4.6
#: Up to these: 3.2 degrees, and one side 6 % shorter than it was.
_MOST_TURNED: Final = 3.2
_MOST_SQUEEZED: Final = 0.06
#: For the widest search only frequencies below this count, which forgive a coarser grid.
_COARSE: Final = 0.14
#: Power above this many times the usual is the picture's own.
_MOST_POWER: Final = 6.0
#: Reach of "usual" in the spectrum; it is drawn twice as fine as the picture gives.
_AROUND: Final = 10


@dataclass(frozen=True, slots=True)
class Geometry:
    """How the mark's plane lies in a picture of `LONG_SIDE` units, apart from the offset.

    Attributes:
        scale: how much larger than 1 unit a unit of the mark is.
        squeeze: how much wider than high.
        rotation: radians, against the clock.
    """

    scale: float = 1.0
    squeeze: float = 1.0
    rotation: float = 0.0

    def straightened(self, flat: Floats) -> Floats:
        """The picture drawn so that the mark's plane lies straight, centre on centre, a point for two units.

        Two units are enough: nothing finer than six is left in a flattened picture.
        """
        if self == Geometry():
            return flat[::FOLD, ::FOLD]
        c, s, root = np.cos(self.rotation), np.sin(self.rotation), np.sqrt(self.squeeze)
        matrix = np.array([[c, s], [-s, c]]) * (FOLD * self.scale * np.array([root, 1 / root]))
        middle = np.array(flat.shape[::-1]) / 2
        reach = np.abs(np.linalg.inv(matrix)) @ middle
        width, height = int(2 * reach[0]), int(2 * reach[1])
        shift = middle - matrix @ np.array([width / 2, height / 2])
        drawn = Image.fromarray(flat).transform(
            (width, height),
            Image.Transform.AFFINE,
            (*matrix[0], shift[0], *matrix[1], shift[1]),
            Image.Resampling.BICUBIC,
        )
        return np.asarray(drawn, np.float32)

    def neighbours(self, step: float) -> Iterator[Geometry]:
        """A little larger and smaller, wider and narrower, turned one way and the other."""
        for signed in (step, -step):
            yield replace(self, scale=self.scale * (1 + signed))
            yield replace(self, squeeze=self.squeeze * (1 + 2 * signed))
            yield replace(self, rotation=self.rotation + signed)


def lattice_candidates(flat: Floats, stop: Callable[[], bool]) -> Iterator[list[Geometry]]:
    """Geometries whose lattice of frequencies stands out of the spectrum, best first, in two batches.

    The first is of pictures scaled, or scaled and turned, or scaled and squeezed; the second, which takes
    longer, of all three together.
    """
    spectrum = _Spectrum(flat)
    none, one = np.zeros(1), np.ones(1)
    tried: list[_Grid] = []
    first = [
        _product(_scales(0.003), one, none),
        _product(_scales(0.003), one, _turns(0.2)),
        _product(_scales(0.003), _squeezes(0.006), none),
    ]
    yield spectrum.best(np.concatenate(first), tried, stop, coarse=False)
    yield spectrum.best(_product(_scales(0.0035), _squeezes(0.007), _turns(0.23)), tried, stop, coarse=True)


def _scales(step: float) -> _Grid:
    return np.exp(np.arange(np.log(_SMALLEST), np.log(_LARGEST), step))


def _squeezes(step: float) -> _Grid:
    count = round(_MOST_SQUEEZED / step)
    return np.exp(np.arange(-count, count + 1) * step)


def _turns(step: float) -> _Grid:
    count = round(_MOST_TURNED / step)
    return np.radians(np.arange(-count, count + 1) * step)


def _product(scales: _Grid, squeezes: _Grid, turns: _Grid) -> _Grid:
    """(n, 3): every scale with every squeeze and every turn."""
    return np.stack(np.meshgrid(scales, squeezes, turns, indexing="ij"), -1).reshape(-1, 3)


class _Spectrum:
    """A picture's power at any frequency, against what is usual around it."""

    def __init__(self, flat: Floats) -> None:
        self._height, self._width = 2 * flat.shape[0], 2 * flat.shape[1]
        power = np.square(np.abs(np.fft.rfft2(flat, (self._height, self._width))))
        half = np.minimum(power / (_around(power, _AROUND) + 1e-9), _MOST_POWER).astype(np.float32)
        self._power = _whole(half)
        rows, columns = pattern.frequencies()
        self._lattice = np.stack([columns / TILE_W, rows / TILE_H]).astype(np.float32)
        self._coarse = self._lattice[:, np.hypot(*self._lattice) < _COARSE]

    def best(
        self, grid: _Grid, tried: list[_Grid], stop: Callable[[], bool], *, coarse: bool
    ) -> list[Geometry]:
        """The best eight that are not close to one tried before; those are noted there."""
        marks = np.zeros(len(grid), np.float32)
        part = 256  # so many that their work fits a processor's cache
        for start in range(0, len(grid), part):
            if stop():
                return []
            marks[start : start + part] = self._marks(grid[start : start + part], coarse=coarse)
        found: list[Geometry] = []
        for index in np.argsort(marks)[::-1][:400]:
            row = grid[index]
            if marks[index] < 4 or len(found) == 8:
                break
            if not any(np.all(np.abs(row - other) < (0.006 * row[0], 0.01, 0.006)) for other in tried):
                tried.append(row)
                found.append(self._closest(row))
        return found

    def _marks(self, grid: _Grid, *, coarse: bool = False) -> Floats:
        """How far the mean power on each lattice stands above the usual, in standard deviations."""
        scale, squeeze, turn = grid.T
        root, c, s = np.sqrt(squeeze), np.cos(turn), np.sin(turn)
        lattice = self._coarse if coarse else self._lattice
        # Frequencies go by the transposed inverse of the matrix in `Geometry.straightened`.
        to_x = np.stack([c / root, s * root], -1) / scale[:, None] * self._width
        to_y = np.stack([-s / root, c * root], -1) / scale[:, None] * self._height
        x = np.rint(to_x.astype(np.float32) @ lattice)
        y = np.rint(to_y.astype(np.float32) @ lattice)
        # The highest frequency over the smallest scale is 0.39 waves a unit: no place lies over the plane's
        # edge at 0.5. Single precision counts its places, fewer than 2^24, without loss.
        rows, columns = self._power.shape
        y *= columns
        y += x
        y += rows // 2 * columns + columns // 2
        return (self._power.ravel().take(y.astype(np.intp)).mean(1) - 0.98) * np.sqrt(lattice.shape[1])

    def _closest(self, row: _Grid) -> Geometry:
        """The middle of the best places near one, to a tenth of the grid's step."""
        step = np.array([0.0015 * row[0], 0.003, 0.0018])
        around = np.arange(-2.0, 3.0)
        offsets = _product(around, around, around)
        for _ in range(4):
            near = row + offsets * step
            marks = self._marks(near)
            row = near[marks >= marks.max() - 0.15].mean(0)
            step = step * 0.6
        return Geometry(float(row[0]), float(row[1]), float(row[2]))


def _whole(half: Floats) -> Floats:
    """Of a half spectrum with an even number of rows the whole, frequency 0 in the middle.

    The power of (-x, -y) is that of (x, y). With both there, a place is looked up without asking its sign.
    """
    right = np.fft.fftshift(half, 0)
    right = np.concatenate([right, right[:1]])
    return np.concatenate([right[::-1, :0:-1], right], 1)


def _around(plane: Floats, reach: int) -> Floats:
    """Mean over a square of 2 reach + 1, edges repeated."""
    size = 2 * reach + 1
    for axis in (0, 1):
        padding = [(0, 0), (0, 0)]
        padding[axis] = (reach + 1, reach)
        summed = np.cumsum(np.pad(plane, padding, mode="edge"), axis, dtype=np.float64)
        last = np.arange(size, size + plane.shape[axis])
        plane = ((summed.take(last, axis) - summed.take(last - size, axis)) / size).astype(np.float32)
    return plane

"""RGB as the planes of a film: BT.709, limited range, colour at half the size, as the file's tags say.

The matrix is done by Pillow, whose rows are in C; the halving is done so that a colour sample sits at the
left of its two columns and between its two rows, where H.264 has it by default (ITU-T H.264 annex E.2.1,
type 0).

Source: ITU-R BT.709-6, items 3.2 to 3.5 (Kr 0.2126, Kb 0.0722).
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from PIL import Image

from studio_assist.interchange.film.plan import Pixels

_KR: Final = 0.2126
_KB: Final = 0.0722
_KG: Final = 1 - _KR - _KB
_Y: Final = 219 / 255
_C: Final = 224 / 255 / 2
_MATRIX: Final = (
    *(_KR * _Y, _KG * _Y, _KB * _Y, 16.0),
    *(-_KR / (1 - _KB) * _C, -_KG / (1 - _KB) * _C, _C, 128.0),
    *(_C, -_KG / (1 - _KR) * _C, -_KB / (1 - _KR) * _C, 128.0),
)


class Planes(NamedTuple):
    """Brightness at full size, and both colours at half of it."""

    y: Pixels
    u: Pixels
    v: Pixels


def planes_of(pixels: Pixels) -> Planes:
    """The planes of a picture (height, width, 3) whose sides are even."""
    y, u, v = (np.asarray(plane) for plane in Image.fromarray(pixels).convert("RGB", _MATRIX).split())
    return Planes(y, _halved(u), _halved(v))


def _halved(plane: Pixels) -> Pixels:
    rows = plane[0::2].astype(np.uint16) + plane[1::2]
    # 1 2 1 across, round every other column; the first has none to its left.
    sums = 2 * rows[:, 0::2] + rows[:, 1::2]
    sums[:, 1:] += rows[:, 1:-1:2]
    sums[:, 0] += rows[:, 0]
    return ((sums + 4) >> 3).astype(np.uint8)

"""Finds the band on a picture by the code along its upper edge.

A row carries the code where its grey values rise and fall as the code does and plain ground lies right below.
Colour is not asked for, so the band is found on a grey copy as well, and an amber wall is not taken for it.
"""

from __future__ import annotations

from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from studio_assist.marks.band import FIELDS, edge_code

#: Columns a field, and the most rows, to which a picture is brought before it is looked at.
_COLUMNS: Final = 8
_WIDE: Final = FIELDS * _COLUMNS
_MOST_ROWS: Final = 540
#: How like the code a row must be (correlation), in its values and in their steps. Over 63 fields 0.7 is more
#: than five standard deviations of chance; where many places are tried, or fewer fields seen, more is asked.
_LIKE: Final = (0.7, 0.5)
_LIKE_ASKEW: Final = (0.8, 0.7)
_LIKE_CUT: Final = 0.88
#: Least difference of the dark and the light fields, of 255.
_CONTRAST: Final = 20.0
#: A picture cut at the sides may have lost a third of its width.
_WIDEST: Final = 1.5
#: Rows that may be searched for a piece of the code.
_MOST_SEARCHED: Final = 32


def has_band(pixels: NDArray[np.uint8]) -> bool:
    """Whether a picture (height, width, 3) in RGB wears the band, upright or mirrored.

    Holds after lossy re-saving, resizing, a change of brightness, contrast or colour, with up to a third of
    the width cut off, and on a scan that lies up to 2 degrees askew.
    """
    height, width = pixels.shape[:2]
    if height < 16 or width < 40:
        return False
    image = Image.fromarray(pixels).convert("L")
    kind = Image.Resampling.BOX if width >= _WIDE else Image.Resampling.BILINEAR
    grey = np.asarray(image.resize((_WIDE, min(height, _MOST_ROWS)), kind), dtype=np.float32)
    return _shows_code(_fields_of(grey), _LIKE) or _shows_piece(grey) or _shows_askew(grey)


def _fields_of(grey: NDArray[np.float32]) -> NDArray[np.float32]:
    """Mean of each field's inner columns, a row of 63 for each row."""
    return grey.reshape(len(grey), FIELDS, _COLUMNS)[:, :, 1:-1].mean(axis=2)


def _shows_code(fields: NDArray[np.float32], least: tuple[float, float]) -> bool:
    """Whether a row of fields is the whole code and plain ground lies below it."""
    code = edge_code()
    wanted = _centred(0.5 - code.astype(np.float32)[None, :])[0]
    wanted_steps = np.diff(wanted)
    wanted_steps /= np.linalg.norm(wanted_steps)
    centred = fields - fields.mean(axis=1, keepdims=True)
    # What is like the code in its slow swings alone is a shadow, not a code: its steps must fit as well.
    steps = np.diff(centred, axis=1)
    norms = np.linalg.norm(centred, axis=1) + 1e-3
    step_norms = np.linalg.norm(steps, axis=1) + 1e-3
    for way in (1, -1):
        like = centred @ wanted[::way] / norms
        steps_like = way * (steps @ wanted_steps[::way]) / step_norms
        for row in np.flatnonzero((like >= least[0]) & (steps_like >= least[1])):
            dark = code[::way]
            light = float(np.median(fields[row, ~dark]))
            contrast = light - float(np.median(fields[row, dark]))
            reach = max(4, len(fields) // 25)
            below = np.abs(fields[row + 1 : row + 1 + reach] - light) < max(8.0, 0.25 * contrast)
            if contrast >= _CONTRAST and len(below) and below.mean(axis=1).max() >= 0.8:
                return True
    return False


def _shows_askew(grey: NDArray[np.float32]) -> bool:
    """Whether the code climbs from one side of the lower half to the other."""
    lower = grey[len(grey) // 2 :]
    across = np.linspace(-0.5, 0.5, FIELDS)
    for slide in (0, -4, 4, -8, 8):
        fields = _fields_of(np.roll(lower, slide, axis=1))
        for climb in range(3, 40, 3):
            for signed in (climb, -climb):
                rows = np.arange(len(fields))[:, None] + np.rint(across * signed).astype(np.int64)
                level = np.take_along_axis(fields, rows.clip(0, len(fields) - 1), axis=0)
                if _shows_code(level, _LIKE_ASKEW):
                    return True
    return False


def _shows_piece(grey: NDArray[np.float32]) -> bool:
    """Whether a row of two levels, plain ground of the lighter one below it, is a piece of the code."""
    level = np.median(grey, axis=1)
    plain = (np.abs(grey - level[:, None]) < 10.0).mean(axis=1) >= 0.8
    reach = max(4, len(grey) // 25)
    searched = 0
    for row in np.flatnonzero(plain):
        # The lowest row of the code is the one right above the plain rows.
        if row == 0 or plain[row - 1]:
            continue
        for above in range(max(0, row - reach), row):
            dark = grey[above] < level[row] - _CONTRAST
            light = np.abs(grey[above] - level[row]) < 16.0
            if not 0.3 < dark.mean() < 0.7 or (dark | light).mean() < 0.8:
                continue
            searched += 1
            seen = _centred(0.5 - _halved(dark.astype(np.float32)[None, :]))[0]
            if max(float((_pieces() @ seen).max()), float((_pieces() @ seen[::-1]).max())) >= _LIKE_CUT:
                return True
            if searched >= _MOST_SEARCHED:
                return False
    return False


@cache
def _pieces() -> NDArray[np.float32]:
    """Every piece of the code that a cut picture can show, of half the columns and of norm 1."""
    code = 0.5 - edge_code().astype(np.float32)
    columns = np.arange(_WIDE) + 0.5
    found: list[NDArray[np.float32]] = []
    for scale in np.arange(1.0, _WIDEST, 0.004):
        field = _COLUMNS * scale
        starts = np.arange(0.0, FIELDS * field - _WIDE + 1e-6, 1.5)[:, None]
        found.append(_halved(code[((starts + columns) / field).astype(np.int64).clip(0, FIELDS - 1)]))
    return _centred(np.concatenate(found))


def _halved(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    return ((rows[:, ::2] + rows[:, 1::2]) / 2).astype(np.float32, copy=False)


def _centred(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    """Each row with mean 0 and norm 1."""
    rows = rows - rows.mean(axis=1, keepdims=True)
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)

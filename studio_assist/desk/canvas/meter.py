"""How much of a panel is a person's, by area: what the meter shows and `human_permille` says.

The page is divided into cells, about `ACROSS` to its width. A cell is *inked* where a person's layer has ink
in it or in a cell beside it: a line claims the strip that it is drawn along. A cell is *underlay* where the
underlay has something to draw: its brightness varies within the cell (a line, an edge, texture; even paper or
flat tone asks for no line). The share is

    inked / (inked or underlay)

so it is 0 before the first stroke and 1 once every drawn part of the underlay has ink upon it or beside it.
Notes do not count: they are not part of the picture. Hidden layers do not count either, the underlay always
does. It informs. Whether a picture counts as a person's is decided by a person, and signed.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QSize
from PySide6.QtGui import QImage

from studio_assist.desk.canvas.faces import Sheets
from studio_assist.desk.canvas.tiles import TILE, Key
from studio_assist.domain.canvas import UNDERLAY_DARK, UNDERLAY_LIGHT

#: About how many cells the page is wide; a cell's edge is a power of two that divides a square.
ACROSS: Final = 120
#: Alpha from which a pixel is ink.
INKED: Final = 40
#: How far brightness has to vary within a cell for the underlay to have something there, of 255.
VARIES: Final = 64
#: The same in the green of the tinted squares, which keeps the order of tones in a smaller range.
_VARIES_TINTED: Final = VARIES * (UNDERLAY_LIGHT[1] - UNDERLAY_DARK[1]) / 255

Grid = NDArray[np.bool_]


def cell_px(size: QSize) -> int:
    """Edge of a cell in pixels: 16 at 1080p, 32 at 4K."""
    edge = 8
    while edge < 128 and size.width() / (edge * 2) >= ACROSS - 1:
        edge *= 2
    return edge


class Meter:
    """Cells of every square, kept as long as the square is the same one. Used by one thread at a time."""

    def __init__(self) -> None:
        self._ink: dict[tuple[int, int], Grid] = {}
        self._under: tuple[dict[Key, int], Grid] | None = None

    # methods

    def permille(self, sheets: Sheets) -> int:
        """The share of a drawing, in thousandths. 1000 where there is no underlay."""
        if not any(face.kind == "temp" for face in sheets.faces):
            return 1000
        edge = cell_px(sheets.size)
        rows = -(-sheets.size.height() // edge)
        columns = -(-sheets.size.width() // edge)
        inked: Grid = np.zeros((rows, columns), np.bool_)
        under: Grid = np.zeros((rows, columns), np.bool_)
        seen: dict[tuple[int, int], Grid] = {}
        for face in sheets.faces:
            squares = sheets.tiles[face.id]
            if face.kind == "temp":
                under |= self._underlay(squares, edge, (rows, columns))
            elif face.kind != "notes" and face.visible:
                for key, image in squares.items():
                    known = self._ink.get((image.cacheKey(), edge))
                    cells = _ink_cells(image, edge) if known is None else known
                    seen[(image.cacheKey(), edge)] = cells
                    _place(inked, cells, key, edge)
        self._ink = seen
        inked = _spread(inked)
        whole = int(np.count_nonzero(inked | under))
        return round(1000 * int(np.count_nonzero(inked)) / whole) if whole else 0

    # internals

    def _underlay(self, squares: dict[Key, QImage], edge: int, shape: tuple[int, int]) -> Grid:
        state = {key: image.cacheKey() for key, image in squares.items()}
        if self._under is None or self._under[0] != state or self._under[1].shape != shape:
            cells: Grid = np.zeros(shape, np.bool_)
            for key, image in squares.items():
                _place(cells, _varied_cells(image, edge), key, edge)
            self._under = (state, cells)
        return self._under[1]


def _pixels(image: QImage) -> NDArray[np.uint8]:
    return np.frombuffer(image.constBits(), np.uint8).reshape(TILE, TILE, 4)


def _ink_cells(image: QImage, edge: int) -> Grid:
    count = TILE // edge
    alpha = _pixels(image)[:, :, 3]
    return alpha.reshape(count, edge, count, edge).max(axis=(1, 3)) >= INKED


def _varied_cells(image: QImage, edge: int) -> Grid:
    count = TILE // edge
    # Green stands for brightness; see `_VARIES_TINTED`.
    bright = _pixels(image)[:, :, 1].reshape(count, edge, count, edge)
    return (bright.max(axis=(1, 3)).astype(np.int16) - bright.min(axis=(1, 3))) >= _VARIES_TINTED


def _place(grid: Grid, cells: Grid, key: Key, edge: int) -> None:
    """Put a square's cells where they lie, as far as that is on the page."""
    count = TILE // edge
    left, top = key[0] * count, key[1] * count
    if left < 0 or top < 0 or top >= grid.shape[0] or left >= grid.shape[1]:
        return
    there = grid[top : top + count, left : left + count]
    there |= cells[: there.shape[0], : there.shape[1]]


def _spread(grid: Grid) -> Grid:
    """Every cell beside one that is set, too."""
    wide = grid.copy()
    wide[:, 1:] |= grid[:, :-1]
    wide[:, :-1] |= grid[:, 1:]
    tall = wide.copy()
    tall[1:] |= wide[:-1]
    tall[:-1] |= wide[1:]
    return tall

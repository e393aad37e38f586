"""Pixels of one layer, in squares that come into being where something is drawn.

A square is a QImage, which Qt shares until it is written to: a copy of a layer for a save or for an undo
costs a dictionary, and painting goes on meanwhile. Keys may be negative: what lies off the page is kept.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np
from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QImage, QPainter

#: Edge of a square in pixels.
TILE: Final = 256
FORMAT: Final = QImage.Format.Format_ARGB32_Premultiplied

Key = tuple[int, int]


def tile_rect(key: Key) -> QRect:
    """Where a square lies on the page."""
    return QRect(key[0] * TILE, key[1] * TILE, TILE, TILE)


def keys_of(rect: QRect) -> Iterator[Key]:
    """The squares that a part of the page touches."""
    if rect.isEmpty():
        return
    for row in range(rect.top() // TILE, rect.bottom() // TILE + 1):
        for column in range(rect.left() // TILE, rect.right() // TILE + 1):
            yield column, row


def blank_tile() -> QImage:
    """A square with nothing on it."""
    image = QImage(TILE, TILE, FORMAT)
    image.fill(0)
    return image


def is_blank(image: QImage) -> bool:
    """Whether nothing is on it: all bytes are zero."""
    return not np.frombuffer(image.constBits(), np.uint64).any()


class Tiles:
    """The squares of one layer."""

    __slots__ = ("_at", "version")

    def __init__(self, at: dict[Key, QImage] | None = None) -> None:
        self._at: dict[Key, QImage] = {} if at is None else at
        #: Counts every change; what was made from an older one is stale.
        self.version = 0

    # methods

    def get(self, key: Key) -> QImage | None:
        return self._at.get(key)

    def put(self, key: Key, image: QImage | None) -> None:
        """Set a square, or take it away."""
        self.version += 1
        if image is None:
            self._at.pop(key, None)
        else:
            self._at[key] = image

    def writable(self, key: Key) -> QImage:
        """The square to paint on; made where there was none."""
        self.version += 1
        known = self._at.get(key)
        if known is None:
            known = self._at[key] = blank_tile()
        return known

    def keys(self) -> list[Key]:
        return list(self._at)

    def copied(self) -> dict[Key, QImage]:
        """The squares as they are now; later painting does not reach them."""
        return {key: QImage(image) for key, image in self._at.items()}

    def bounds(self) -> QRect:
        """The smallest part of the page, in whole squares, that holds everything."""
        found = QRect()
        for key in self._at:
            found = found.united(tile_rect(key))
        return found

    def draw(self, painter: QPainter, rect: QRect) -> None:
        """Draw the part in `rect`, in the page's coordinates."""
        draw_tiles(self._at, painter, rect)

    def image(self, rect: QRect) -> QImage:
        """The part in `rect` as one picture."""
        return image_of(self._at, rect)


def draw_tiles(tiles: dict[Key, QImage], painter: QPainter, rect: QRect) -> None:
    """Draw squares where they lie, as far as `rect` goes."""
    if len(tiles) < 64 and rect.width() * rect.height() > 64 * TILE * TILE:
        wanted: Iterator[Key] = (key for key in tiles if tile_rect(key).intersects(rect))
    else:
        wanted = keys_of(rect)
    for key in wanted:
        image = tiles.get(key)
        if image is None:
            continue
        place = tile_rect(key)
        part = place.intersected(rect)
        painter.drawImage(part.topLeft(), image, part.translated(-place.topLeft()))


def image_of(tiles: dict[Key, QImage], rect: QRect) -> QImage:
    """Squares as one picture of the part of the page in `rect`."""
    image = QImage(rect.size(), FORMAT)
    image.fill(0)
    painter = QPainter(image)
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Source)
    painter.translate(-rect.topLeft())
    draw_tiles(tiles, painter, rect)
    painter.end()
    return image


def tiles_of(image: QImage, at: QPoint) -> dict[Key, QImage]:
    """A picture that lies at `at`, cut into squares; empty ones are left out."""
    found: dict[Key, QImage] = {}
    whole = QRect(at, image.size())
    for key in keys_of(whole):
        place = tile_rect(key)
        part = place.intersected(whole)
        tile = blank_tile()
        painter = QPainter(tile)
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Source)
        painter.drawImage(part.topLeft() - place.topLeft(), image, part.translated(-at))
        painter.end()
        if not is_blank(tile):
            found[key] = tile
    return found

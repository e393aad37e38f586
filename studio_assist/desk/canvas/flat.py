"""All layers as one picture, at full size and at halves of it, made anew only where something changed.

The area shows a level that is at most twice as fine as the screen, so drawing it is cheap at any zoom, and a
stroke costs the layers under its own few pixels.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QRect, QRectF, QSize
from PySide6.QtGui import QImage, QPainter, QRegion

#: Levels below full size: to an eighth, which 10 % of a 4K page needs.
HALVES: Final = 3


class Flat:
    """The levels. `compose` paints everything within a rectangle of the page."""

    def __init__(self, size: QSize, compose: Callable[[QPainter, QRect], object]) -> None:
        self._compose = compose
        self._levels: Final[list[QImage]] = []
        self._stale: Final[list[QRegion]] = []
        width, height = size.width(), size.height()
        for _level in range(HALVES + 1):
            image = QImage(max(1, width), max(1, height), QImage.Format.Format_RGB32)
            self._levels.append(image)
            self._stale.append(QRegion(image.rect()))
            width, height = (width + 1) // 2, (height + 1) // 2

    # methods

    def prepare(self) -> None:
        """Make all levels now, in any thread: a page of 4K takes longer than a window may stand still."""
        for level, image in enumerate(self._levels):
            self._refresh(level, image.rect())

    def compose_with(self, compose: Callable[[QPainter, QRect], object]) -> None:
        """From now on, paint by this."""
        self._compose = compose

    def invalidate(self, rect: QRect) -> None:
        """What lies in `rect` of the page looks different now."""
        for level, stale in enumerate(self._stale):
            part = _coarser(rect, level).intersected(self._levels[level].rect())
            if stale.rectCount() > 64:
                # A region of many pieces costs more than the pixels between them.
                self._stale[level] = QRegion(stale.boundingRect().united(part))
            else:
                self._stale[level] = stale.united(part)

    def level_for(self, zoom: float) -> int:
        """The coarsest level that is still as fine as the screen at this zoom."""
        level = 0
        while level < HALVES and 0.5 ** (level + 1) >= zoom - 1e-6:
            level += 1
        return level

    def image(self, level: int, rect: QRect) -> QImage:
        """A level whose part for `rect` of the page is as it should be."""
        self._refresh(level, _coarser(rect, level).intersected(self._levels[level].rect()))
        return self._levels[level]

    # internals

    def _refresh(self, level: int, rect: QRect) -> None:
        stale = self._stale[level].intersected(rect)
        if stale.isEmpty():
            return
        # Its bounds: between two paints a pen has been in one place.
        piece = stale.boundingRect()
        image = self._levels[level]
        if level == 0:
            painter = QPainter(image)
            painter.setClipRect(piece)
            self._compose(painter, piece)
            painter.end()
        else:
            finer = self._levels[level - 1]
            source = QRect(piece.x() * 2, piece.y() * 2, piece.width() * 2, piece.height() * 2)
            self._refresh(level - 1, source.intersected(finer.rect()))
            painter = QPainter(image)
            painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Source)
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(QRectF(piece), finer, QRectF(source))
            painter.end()
        self._stale[level] = self._stale[level].subtracted(QRegion(rect))


def _coarser(rect: QRect, level: int) -> QRect:
    """A rectangle of the page in pixels of a level, with a pixel to spare for what is smoothed."""
    if level == 0:
        return rect
    scale = 1 << level
    left, top = rect.left() // scale - 1, rect.top() // scale - 1
    return QRect(left, top, rect.right() // scale + 2 - left, rect.bottom() // scale + 2 - top)

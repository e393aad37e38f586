"""One stroke: from points with pressure to pixels on a layer.

The stroke's shape is kept apart in a mask, where overlapping parts of one stroke do not add up, and is laid
over the squares as they were before it: opacity counts once a stroke, however often it crosses itself.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, QPointF, QRect, QSize
from PySide6.QtGui import QColor, QImage, QPainter

from studio_assist.desk.canvas.tiles import FORMAT, Key, Tiles, blank_tile, keys_of, tile_rect

_Mode = QPainter.CompositionMode
SIZES: Final = (1, 200)


@dataclass(frozen=True, slots=True)
class Nib:
    """What draws.

    Attributes:
        hardness: 1 has an edge one pixel wide; 0 fades from the middle.
        least: share of the size that is left where the pen hardly touches.
        smoothing: 0 follows the hand; towards 1 the line trails behind it and evens out.
    """

    size_px: float = 6.0
    opacity: float = 1.0
    smoothing: float = 0.35
    hardness: float = 1.0
    least: float = 0.25
    colour: str = "#1F2226"
    erase: bool = False


class Mask:
    """The shape of the stroke under way: one byte a pixel of the page, kept from stroke to stroke."""

    def __init__(self, size: QSize) -> None:
        self.image: Final = QImage(size, QImage.Format.Format_Alpha8)
        self.image.fill(0)
        self.rect: Final = self.image.rect()
        rows = np.frombuffer(self.image.bits(), np.uint8)
        self._bytes: Final[NDArray[np.uint8]] = rows.reshape(size.height(), self.image.bytesPerLine())

    # methods

    def clear(self, rect: QRect) -> None:
        part = rect.intersected(self.rect)
        self._bytes[part.top() : part.bottom() + 1, part.left() : part.right() + 1] = 0

    def add(self, start: _Spot, end: _Spot, hardness: float) -> QRect:
        """Add a piece with round ends, as wide as its spots are; return what may have changed.

        A pixel is covered by its distance from the piece's middle line, with the radius between the two ends
        that its nearest point on the line has.
        """
        reach = max(start.radius, end.radius) + 1.0
        left, top = math.floor(min(start.x, end.x) - reach), math.floor(min(start.y, end.y) - reach)
        right, bottom = math.ceil(max(start.x, end.x) + reach), math.ceil(max(start.y, end.y) + reach)
        part = QRect(QPoint(left, top), QPoint(right, bottom)).intersected(self.rect)
        if part.isEmpty():
            return part
        xs = np.arange(part.left(), part.right() + 1, dtype=np.float32) + np.float32(0.5 - start.x)
        ys = (np.arange(part.top(), part.bottom() + 1, dtype=np.float32) + np.float32(0.5 - start.y))[:, None]
        dx, dy = end.x - start.x, end.y - start.y
        length = dx * dx + dy * dy
        if length > 1e-9:
            along = np.clip(xs * np.float32(dx / length) + ys * np.float32(dy / length), 0.0, 1.0)
            off_x = xs - along * np.float32(dx)
            off_y = ys - along * np.float32(dy)
            radius = np.float32(start.radius) + along * np.float32(end.radius - start.radius)
        else:
            off_x, off_y, radius = xs, ys, np.float32(max(start.radius, end.radius))
        edge = 1.0 + (1.0 - hardness) * max(start.radius, end.radius)
        inside = radius + np.float32(0.5) - np.sqrt(off_x * off_x + off_y * off_y)
        cover = np.clip(inside * np.float32(255.0 / edge), 0.0, 255.0).astype(np.uint8)
        there = self._bytes[part.top() : part.bottom() + 1, part.left() : part.right() + 1]
        np.maximum(there, cover, out=there)
        return part


@dataclass(frozen=True, slots=True)
class _Spot:
    x: float
    y: float
    radius: float


class Stroke:
    """A stroke under way on one layer."""

    def __init__(self, tiles: Tiles, mask: Mask, nib: Nib) -> None:
        self._tiles: Final = tiles
        self._mask: Final = mask
        self._nib: Final = nib
        self._colour: Final = QColor(nib.colour)
        self._raw: _Spot | None = None
        self._smooth: _Spot | None = None
        self._corner: _Spot | None = None
        self._drawn: _Spot | None = None
        #: Squares as they were before the stroke.
        self.before: Final[dict[Key, QImage | None]] = {}
        #: All that it has touched.
        self.touched = QRect()

    # methods

    def add(self, at: QPointF, pressure: float) -> QRect:
        """The pen is at `at`; return what has to be shown anew."""
        share = self._nib.least + (1.0 - self._nib.least) * min(1.0, max(0.0, pressure))
        raw = _Spot(at.x(), at.y(), self._nib.size_px / 2 * share)
        self._raw = raw
        last = self._smooth
        if last is None:
            self._smooth = self._corner = self._drawn = raw
            return self._show(self._mask.add(raw, raw, self._nib.hardness))
        follow = 1.0 - 0.92 * self._nib.smoothing
        smooth = _between(last, raw, follow)
        self._smooth = smooth
        return self._show(self._curve(smooth))

    def finish(self) -> QRect:
        """The pen was lifted: the line catches up with it. The mask is free again."""
        shown = QRect()
        raw, smooth, drawn = self._raw, self._smooth, self._drawn
        if raw is not None and smooth is not None and drawn is not None:
            rect = self._line(drawn, smooth)
            rect = rect.united(self._line(smooth, raw))
            shown = self._show(rect)
        self._mask.clear(self.touched)
        return shown

    def straight(self, start: QPointF, end: QPointF, pressure: float = 1.0) -> QRect:
        """A straight line; Shift draws it from where the last stroke ended."""
        radius = self._nib.size_px / 2 * (self._nib.least + (1.0 - self._nib.least) * pressure)
        one, other = _Spot(start.x(), start.y(), radius), _Spot(end.x(), end.y(), radius)
        return self._show(self._mask.add(one, other, self._nib.hardness))

    def cancel(self) -> QRect:
        """Take it back while the pen is still down."""
        for key, image in self.before.items():
            self._tiles.put(key, image)
        self._mask.clear(self.touched)
        return self.touched

    # internals

    def _curve(self, to: _Spot) -> QRect:
        """Round the corner between the last two points: from its middle to the next middle."""
        corner, drawn = self._corner, self._drawn
        assert corner is not None
        assert drawn is not None
        middle = _between(corner, to, 0.5)
        length = math.hypot(corner.x - drawn.x, corner.y - drawn.y) + math.hypot(
            middle.x - corner.x, middle.y - corner.y
        )
        pieces = max(1, min(24, math.ceil(length / max(2.0, 0.4 * middle.radius))))
        rect, before = QRect(), drawn
        for number in range(1, pieces + 1):
            share = number / pieces
            spot = _between(_between(drawn, corner, share), _between(corner, middle, share), share)
            rect = rect.united(self._line(before, spot))
            before = spot
        self._corner, self._drawn = to, middle
        return rect

    def _line(self, start: _Spot, end: _Spot) -> QRect:
        return self._mask.add(start, end, self._nib.hardness)

    def _show(self, rect: QRect) -> QRect:
        """Lay the mask over the layer as it was, in `rect`."""
        if rect.isEmpty():
            return rect
        self.touched = self.touched.united(rect)
        ink = QImage() if self._nib.erase else self._ink(rect)
        for key in keys_of(rect):
            place = tile_rect(key)
            part = place.intersected(rect)
            local = part.translated(-place.topLeft())
            if key not in self.before:
                was = self._tiles.get(key)
                self.before[key] = None if was is None else QImage(was)
                if was is None and self._nib.erase:
                    continue
            was = self.before[key]
            if was is None and self._nib.erase:
                continue
            painter = QPainter(self._tiles.writable(key))
            painter.setCompositionMode(_Mode.CompositionMode_Source)
            painter.drawImage(local.topLeft(), was if was is not None else _BLANK, local)
            if self._nib.erase:
                painter.setCompositionMode(_Mode.CompositionMode_DestinationOut)
                painter.setOpacity(self._nib.opacity)
                painter.drawImage(local.topLeft(), self._mask.image, part)
            else:
                painter.setCompositionMode(_Mode.CompositionMode_SourceOver)
                painter.drawImage(local.topLeft(), ink, part.translated(-rect.topLeft()))
            painter.end()
        return rect

    def _ink(self, rect: QRect) -> QImage:
        """The mask in `rect`, in the nib's colour."""
        ink = QImage(rect.size(), FORMAT)
        colour = QColor(self._colour)
        colour.setAlphaF(self._nib.opacity)
        ink.fill(colour)
        painter = QPainter(ink)
        painter.setCompositionMode(_Mode.CompositionMode_DestinationIn)
        painter.drawImage(QPoint(0, 0), self._mask.image, rect)
        painter.end()
        return ink


def _between(one: _Spot, other: _Spot, share: float) -> _Spot:
    return _Spot(
        one.x + (other.x - one.x) * share,
        one.y + (other.y - one.y) * share,
        one.radius + (other.radius - one.radius) * share,
    )


_BLANK: Final = blank_tile()

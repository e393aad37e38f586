"""Pixels of one layer that change in several goes and are undone in one."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QRect
from PySide6.QtGui import QImage, QPainter

from studio_assist.desk.canvas.tiles import Key, is_blank, keys_of, tile_rect

if TYPE_CHECKING:
    from studio_assist.desk.canvas.document import CanvasDocument


class Edit:
    """A change under way; `CanvasDocument.edit` begins one."""

    def __init__(self, document: CanvasDocument, layer: str) -> None:
        self._document: Final = document
        self.layer: Final = layer
        self._before: Final[dict[Key, QImage | None]] = {}

    # methods

    def paint(self, rect: QRect, paint: Callable[[QPainter], object]) -> None:
        """Paint within `rect`, in the page's coordinates."""
        tiles = self._document.tiles(self.layer)
        for key in keys_of(rect):
            if key not in self._before:
                was = tiles.get(key)
                self._before[key] = None if was is None else QImage(was)
            painter = QPainter(tiles.writable(key))
            painter.translate(-tile_rect(key).topLeft())
            painter.setClipRect(rect)
            paint(painter)
            painter.end()
            now = tiles.get(key)
            if now is not None and is_blank(now):
                tiles.put(key, None)
        self._document.painted.emit(rect.intersected(self._document.page))

    def commit(self, name: str) -> None:
        """It counts."""
        self._document.commit(name, self.layer, self._before)

    def cancel(self) -> None:
        """As it was."""
        tiles = self._document.tiles(self.layer)
        for key, image in self._before.items():
            tiles.put(key, image)
            self._document.painted.emit(tile_rect(key).intersected(self._document.page))

"""How loud a microphone hears."""

from __future__ import annotations

import math
from typing import Final

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from studio_assist.desk.kit import paint
from studio_assist.desk.theme import Theme

#: From here on, of 1, it is cut off.
TOO_LOUD: Final = 0.98
#: The quietest that is shown, in decibels under the top.
_QUIETEST_DB: Final = 60.0


class LevelMeter(QWidget):
    """How loud it is, in decibels; red where it is too loud."""

    def __init__(self, theme: Theme, *, width_px: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._level = 0.0
        self.setFixedSize(width_px, 10)
        self.setAccessibleName("Level")
        theme.changed.connect(self.update)

    # properties

    @property
    def share(self) -> float:
        """How far it is filled, 0 to 1."""
        if self._level <= 0:
            return 0.0
        return max(0.0, 1 + 20 * math.log10(self._level) / _QUIETEST_DB)

    # methods

    def show_level(self, level: float) -> None:
        """Show a level, 0 to 1. It falls slowly, so that a person can read it."""
        self._level = max(min(1.0, level), self._level * 0.8 if self._level > 0.001 else 0.0)
        self.update()

    # events

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        box = QRectF(self.rect())
        paint.draw_box(painter, box, 5, self._theme.colour("surface3"))
        if self.share > 0:
            token = "red" if self._level >= TOO_LOUD else "green"
            filled = QRectF(0, 0, max(box.height(), box.width() * self.share), box.height())
            paint.draw_box(painter, filled, 5, self._theme.colour(token))

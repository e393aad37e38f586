"""Dragging chosen cards to another place: a line shows where they go, the grid scrolls at its edges."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QObject, QPoint, QRect, QTimer
from PySide6.QtWidgets import QApplication, QListView

#: Within this many px of an edge the grid scrolls, faster the nearer.
_EDGE_PX: Final = 56
_TICK_MS: Final = 16


class Reordering(QObject):
    """One drag at a time. The grid asks it where the line is, and what the drop means.

    Args:
        gap_at: for a spot in the viewport, the row before which a drop there puts the shots.
        line_of: for such a row, where the line is drawn.
    """

    def __init__(
        self, view: QListView, gap_at: Callable[[QPoint], int], line_of: Callable[[int], QRect]
    ) -> None:
        super().__init__(view)
        self._view: Final = view
        self._gap_at: Final = gap_at
        self._line_of: Final = line_of
        self._from: QPoint | None = None
        self._at = QPoint()
        self._row: int | None = None
        self._timer: Final = QTimer(self)
        self._timer.setInterval(_TICK_MS)
        self._timer.timeout.connect(self._tick)

    # properties

    @property
    def under_way(self) -> bool:
        """Whether shots are being dragged."""
        return self._row is not None

    @property
    def line(self) -> QRect | None:
        """Where the drop line is."""
        return self._line_of(self._row) if self._row is not None else None

    # methods

    def pressed(self, spot: QPoint) -> None:
        """A button went down on a card."""
        self._from = QPoint(spot)

    def moved(self, spot: QPoint) -> bool:
        """The pointer moved; True when that is a drag."""
        if self._from is None:
            return False
        self._at = QPoint(spot)
        if self._row is None:
            if (spot - self._from).manhattanLength() < QApplication.startDragDistance():
                return True
            self._timer.start()
        self._set(self._gap_at(spot))
        return True

    def dropped(self) -> int | None:
        """The button went up: the row before which the shots go, or None where nothing was dragged."""
        row = self._row
        self.cancel()
        return row

    def cancel(self) -> None:
        """Nothing moves after all."""
        self._from = None
        self._timer.stop()
        self._set(None)

    # slots

    def _tick(self) -> None:
        port = self._view.viewport().rect()
        above, below = self._at.y() - port.top(), port.bottom() - self._at.y()
        step = 0
        if above < _EDGE_PX:
            step = -max(2, (_EDGE_PX - above) // 2)
        elif below < _EDGE_PX:
            step = max(2, (_EDGE_PX - below) // 2)
        if step:
            bar = self._view.verticalScrollBar()
            bar.setValue(bar.value() + step)
            self._set(self._gap_at(self._at))

    # internals

    def _set(self, row: int | None) -> None:
        if row != self._row:
            self._row = row
        self._view.viewport().update()

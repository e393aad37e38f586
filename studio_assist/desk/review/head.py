"""The head of a table: its columns' titles, with a small chevron on the one that is sorted by."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QMouseEvent, QPainter
from PySide6.QtWidgets import QHeaderView, QTableView

from studio_assist.desk.kit import paint
from studio_assist.desk.theme import Theme

HEADER_PX: Final = 28


class TableHead(QHeaderView):
    """Paints what the model has as titles.

    Attributes:
        is_pulled: somebody has the mouse on it: a width that changes now is their wish.
    """

    def __init__(self, theme: Theme, table: QTableView, *, sortable: bool = False) -> None:
        super().__init__(Qt.Orientation.Horizontal, table)
        self._theme: Final = theme
        self._sorted = -1
        self._descending = True
        self.is_pulled = False
        self.setAccessibleName("Columns")
        self.setFixedHeight(HEADER_PX)
        self.setHighlightSections(False)
        self.setSectionsClickable(sortable)
        self.setMinimumSectionSize(40)
        theme.changed.connect(self.viewport().update)

    # methods

    def show_sort(self, column: int, *, descending: bool) -> None:
        """Mark the column that is sorted by; -1 for none."""
        self._sorted, self._descending = column, descending
        title = str(self.model().headerData(column, Qt.Orientation.Horizontal)) if column >= 0 else ""
        turned = "largest first" if descending else "smallest first"
        self.setAccessibleDescription(f"Sorted by {title}, {turned}" if title else "")
        self.viewport().update()

    # events

    def paintSection(self, painter: QPainter, rect: QRect, logical: int) -> None:
        theme = self._theme
        painter.fillRect(rect, theme.colour("surface1"))
        painter.fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), theme.colour("line"))
        font = theme.font("metaMedium")
        title = str(self.model().headerData(logical, Qt.Orientation.Horizontal))
        token = "text2" if logical == self._sorted else "text3"
        inner = QRectF(rect).adjusted(10, 0, -2, -1)
        paint.draw_text(painter, inner, font, theme.colour(token), title)
        if logical == self._sorted:
            icon = "chevron-down" if self._descending else "chevron-up"
            spot = round(inner.left() + paint.text_width(font, title) + 3)
            pixmap = theme.pixmap(icon, token, 12, self.devicePixelRatioF())
            painter.drawPixmap(spot, rect.top() + (rect.height() - 12) // 2, pixmap)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.is_pulled = True
        super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        self.is_pulled = False

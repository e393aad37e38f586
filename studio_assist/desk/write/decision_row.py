"""The foot of a candidate's card: cells of one size, none of which is the one to press."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QEnterEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QWidget

from studio_assist.desk.kit import paint
from studio_assist.desk.theme import Theme

ROW_PX: Final = 32
_GLYPH_PX: Final = 14
_CORNER_PX: Final = 5


class DecisionCell(QAbstractButton):
    """One way to decide, as wide and as plain as the ways beside it.

    It never has the keyboard focus, so that neither Enter nor Space can press it: the keys of a decision are
    A, E and R on the card. A screen reader presses it through its accessible action.
    """

    def __init__(
        self,
        theme: Theme,
        text: str,
        icon: str,
        key: str,
        name: str,
        says: str,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme: Final = theme
        self._icon: Final = icon
        self._key = ""
        #: Whether the cell touches the card's rounded corners, for the ground that hovering gives it.
        self.corners: tuple[bool, bool] = (False, False)
        self.setObjectName(name)
        self.set_way(text, key, says)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMinimumWidth(40)
        theme.changed.connect(self.update)

    # methods

    def set_way(self, text: str, key: str, says: str) -> None:
        """What it says it does, the key that does it, and what a screen reader says."""
        self._key = key
        self.setText(text)
        self.setAccessibleName(says)
        self.setAccessibleDescription(f"Key {key}" if key else "")
        self.setToolTip(f"{says} ({key})" if key else says)
        self.update()

    # events

    def sizeHint(self) -> QSize:
        return QSize(round(self._content_width()) + 12, ROW_PX)

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.update()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        # A decided card folds and the next one moves under the pointer: the second press of a double click
        # would decide on a card that nobody meant.
        event.accept()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        box = QRectF(self.rect())
        enabled = self.isEnabled()
        if enabled and (self.isDown() or self.underMouse()):
            left, right = self.corners
            painter.setClipRect(box)
            ground = box.adjusted(0 if left else -9, -9, 0 if right else 9, 0)
            paint.draw_box(painter, ground, _CORNER_PX, self._theme.colour("surface3"))
        # In a narrow tray first the key goes, then the glyph; the word stays.
        font = self._theme.font("control")
        shows_key = bool(self._key) and self._content_width() + 4 <= self.width()
        shows_glyph = self._content_width(with_key=False) + 4 <= self.width()
        wide = self._content_width(shows_key) if shows_glyph else paint.text_width(font, self.text())
        x = max(2.0, (self.width() - wide) / 2)
        if shows_glyph:
            token = "text2" if enabled else "disabled"
            pixmap = self._theme.pixmap(self._icon, token, _GLYPH_PX, self.devicePixelRatioF())
            painter.drawPixmap(round(x), (self.height() - _GLYPH_PX) // 2, pixmap)
            x += _GLYPH_PX + 7
        colour = self._theme.colour("text" if enabled else "disabled")
        paint.draw_text(painter, box.adjusted(x, 0, 0, 0), font, colour, self.text())
        if shows_key:
            x += paint.text_width(font, self.text()) + 7
            paint.draw_key(painter, self._theme, round(x), box.center().y(), self._key, enabled)

    # internals

    def _content_width(self, with_key: bool = True) -> float:
        width = _GLYPH_PX + 7 + paint.text_width(self._theme.font("control"), self.text())
        return width + 7 + paint.key_width(self._theme, self._key) if self._key and with_key else width


class DecisionRow(QWidget):
    """Cells side by side, divided by lines."""

    def __init__(self, theme: Theme, cells: Sequence[DecisionCell], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme: Final = theme
        self._cells: Final = tuple(cells)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 1, 0, 0)
        self._row.setSpacing(1)
        for cell in cells:
            self._row.addWidget(cell, 1)
        self.setFixedHeight(ROW_PX + 1)
        self.show_only([cell.objectName() for cell in cells])
        theme.changed.connect(self.update)

    # methods

    def show_only(self, names: Sequence[str]) -> None:
        """Show the cells with these object names."""
        shown = [cell for cell in self._cells if cell.objectName() in names]
        for cell in self._cells:
            cell.setVisible(cell in shown)
            cell.corners = (bool(shown) and cell is shown[0], bool(shown) and cell is shown[-1])
        self.update()

    # events

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        line = self._theme.colour("lineStrong")
        painter.fillRect(0, 0, self.width(), 1, line)
        shown = [cell for cell in self._cells if not cell.isHidden()]
        for cell in shown[:-1]:
            painter.fillRect(cell.geometry().right() + 1, 0, 1, self.height(), line)

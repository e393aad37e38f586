"""The field that searches the ledger."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from studio_assist.desk.kit import Field
from studio_assist.desk.theme import Theme

#: A word that is being typed is looked for when the hand rests.
_REST_MS: Final = 120


class SearchField(Field):
    """Looks as one types. Esc clears it, and once more leaves it.

    Signals:
        searched: what to look for.
        left: the keyboard is to go back to the table.
    """

    searched = Signal(str)
    left = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, "Search the ledger", placeholder="Search", parent=parent)
        self._theme: Final = theme
        self._last = ""
        self.setObjectName("ledger_search")
        self.setToolTip("Search what has not been forgotten (/)")
        self.setTextMargins(21, 0, 0, 0)
        self.setMaxLength(200)
        self._rest: Final = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_REST_MS)
        self._rest.timeout.connect(self._search)
        self.textEdited.connect(self._rest.start)
        theme.changed.connect(self.update)

    # methods

    def show_words(self, words: str) -> None:
        """Show what is looked for, without looking."""
        self._rest.stop()
        self._last = words
        if self.text().strip() != words:
            self.setText(words)

    # slots

    def _search(self) -> None:
        self._rest.stop()
        words = self.text().strip()
        if words != self._last:
            self._last = words
            self.searched.emit(words)

    # events

    def event(self, event: QEvent) -> bool:
        # Esc is the field's own before it is anybody else's.
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() == Qt.Key.Key_Escape
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            if self.text():
                self.clear()
                self._search()
            else:
                self.left.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Down):
            self._search()
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        icon = self._theme.pixmap("search", "text3", 14, self.devicePixelRatioF())
        painter.drawPixmap(10, (self.height() - 14) // 2, icon)

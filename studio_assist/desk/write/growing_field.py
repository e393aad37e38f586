"""A text field as high as its words, which says when the person is done with it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QFontMetricsF, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from studio_assist.desk.kit import TextField
from studio_assist.desk.theme import Theme


class GrowingField(TextField):
    """Ctrl Enter says done, Esc says left. Enter begins a new line, and every letter is a letter.

    Args:
        rows: fewest and most rows of text; beyond the most it scrolls.
        around_px: what its edge and padding take from its height.
    """

    done = Signal()
    left = Signal()
    focus_changed = Signal()

    def __init__(
        self, theme: Theme, name: str, rows: tuple[int, int], around_px: int, parent: QWidget | None = None
    ) -> None:
        super().__init__(theme, name, parent=parent)
        self._rows = rows
        self._around = around_px
        self._fitting = False
        self._hint = ""
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.textChanged.connect(self.fit)

    # methods

    def set_hint(self, text: str) -> None:
        """What to write here, on one line; where it is cut, the whole of it is the tool tip."""
        self._hint = text
        self._show_hint()

    def fit(self) -> None:
        """Take the height that the words need."""
        if self._fitting:
            return
        # The height says whether there is a scroll bar, and that how the words break.
        self._fitting = True
        least, most = self._rows
        rows, block = 0, self.document().firstBlock()
        while block.isValid() and rows <= most:
            rows += max(1, block.layout().lineCount())
            block = block.next()
        off, on = Qt.ScrollBarPolicy.ScrollBarAlwaysOff, Qt.ScrollBarPolicy.ScrollBarAsNeeded
        self.setVerticalScrollBarPolicy(on if rows > most else off)
        height = max(least, min(most, rows)) * QFontMetricsF(self.font()).lineSpacing()
        self.setFixedHeight(round(height + 2 * self.document().documentMargin()) + self._around)
        self._fitting = False

    # events

    def keyPressEvent(self, event: QKeyEvent) -> None:
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            event.accept()
            # A key held down must not go on to decide what comes under it next.
            if not event.isAutoRepeat():
                self.done.emit()
        elif event.key() == Qt.Key.Key_Escape:
            event.accept()
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.fit()
            self._show_hint()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.focus_changed.emit()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.focus_changed.emit()

    # internals

    def _show_hint(self) -> None:
        room = self.viewport().width() - 2 * self.document().documentMargin() - 4
        shown = QFontMetricsF(self.font()).elidedText(self._hint, Qt.TextElideMode.ElideRight, max(40, room))
        self.setPlaceholderText(shown)
        self.setAccessibleDescription(self._hint)
        self.setToolTip(self._hint if shown != self._hint else "")

"""A part of the inspector that folds: its head is a line to press."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRectF, QSize, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from studio_assist.desk.kit import Divider, Pressable, paint
from studio_assist.desk.theme import Theme


class _Head(Pressable):
    """The head of a section, with what stands in it while it is shut."""

    def __init__(self, theme: Theme, title: str) -> None:
        super().__init__(theme, title, title, None)
        self.note = ""
        self.setCheckable(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    # events

    def sizeHint(self) -> QSize:
        return QSize(200, 36)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        box = QRectF(self.rect())
        theme = self._theme
        if self._hot():
            painter.fillRect(box, theme.colour("surface2"))
        if self.hasFocus():
            paint.draw_focus(painter, theme, box.adjusted(2, 2, -2, -2), 4)
        icon = "chevron-down" if self.isChecked() else "chevron-right"
        painter.drawPixmap(10, 11, theme.pixmap(icon, "text2", 14, self.devicePixelRatioF()))
        font = theme.font("control")
        paint.draw_text(painter, box.adjusted(30, 0, 0, 0), font, theme.colour("text"), self.text())
        if self.note:
            quiet = theme.font("meta")
            left = box.width() - 12 - paint.text_width(quiet, self.note)
            if left > 40 + paint.text_width(font, self.text()):
                spot = box.adjusted(left, 0, 0, 0)
                paint.draw_text(painter, spot, quiet, theme.colour("text3"), self.note)


class Section(QWidget):
    """A titled part that opens and shuts.

    Signals:
        opened: it is open, or shut, from now on.
    """

    opened = Signal(bool)

    def __init__(self, theme: Theme, title: str, content: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.content: Final = content
        self.head: Final = _Head(theme, title)
        self.head.setObjectName(f"{title.lower()}_section")
        self.head.toggled.connect(self._toggle)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(Divider(theme))
        column.addWidget(self.head)
        column.addWidget(content)
        content.hide()

    # properties

    @property
    def is_open(self) -> bool:
        return self.head.isChecked()

    # methods

    def set_open(self, is_open: bool) -> None:
        """Open it or shut it."""
        self.head.setChecked(is_open)

    def set_note(self, note: str) -> None:
        """A few words at the end of its head."""
        self.head.note = note
        self.head.setAccessibleDescription(note)
        self.head.update()

    # slots

    def _toggle(self, is_open: bool) -> None:
        self.content.setVisible(is_open)
        self.opened.emit(is_open)

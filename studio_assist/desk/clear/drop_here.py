"""The place where evidence is dropped, or chosen by a press."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDragMoveEvent, QDropEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from studio_assist.desk.kit import Pressable, paint
from studio_assist.desk.kit.files import files_in
from studio_assist.desk.theme import Theme


class DropHere(Pressable):
    """A dashed frame that takes files.

    Signals:
        dropped: the paths.
    """

    dropped = Signal(tuple)

    def __init__(self, theme: Theme, words: str, parent: QWidget | None = None) -> None:
        super().__init__(theme, words, words, parent)
        self._over = False
        self._words: Final = words
        self.setAcceptDrops(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    # methods

    def set_words(self, words: str) -> None:
        """Say something else; "" the usual."""
        self.setText(words or self._words)
        self.setAccessibleName(self.text())

    # events

    def sizeHint(self) -> QSize:
        return QSize(200, 44)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        self._consider(event)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        self._consider(event)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._show_over(False)

    def dropEvent(self, event: QDropEvent) -> None:
        self._show_over(False)
        files = files_in(event.mimeData())
        if not files or not self.isEnabled():
            event.ignore()
            return
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        self.dropped.emit(tuple(str(one) for one in files))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        colour = self._theme.colour
        box = QRectF(self.rect())
        on = self._over or self._hot()
        edge = "blue" if self._over else "text3" if on else "lineStrong" if self.isEnabled() else "line"
        ground = colour("blueGround") if self._over else None
        paint.draw_box(painter, box, 5, ground, colour(edge), dashed=True)
        if self.hasFocus():
            paint.draw_focus(painter, self._theme, box, 5)
        font = self._theme.font("caption")
        left = max(8.0, (self.width() - paint.text_width(font, self.text())) / 2)
        token = "text2" if on else "text3" if self.isEnabled() else "disabled"
        paint.draw_text(painter, box.adjusted(left, 0, 0, 0), font, colour(token), self.text())

    # internals

    def _consider(self, event: QDragMoveEvent) -> None:
        """Take files, and copy them: a file that is dropped here stays where it was."""
        if files_in(event.mimeData()) and self.isEnabled():
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
            self._show_over(True)
        else:
            event.ignore()

    def _show_over(self, over: bool) -> None:
        self._over = over
        self.update()

"""The window takes files: dropped anywhere on it, they are asked where they come from."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

from PySide6.QtCore import QEvent, QObject, QRectF, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from studio_assist.desk.kit import paint
from studio_assist.desk.kit.files import files_in
from studio_assist.desk.theme import Theme

_WORDS: Final = "Where does this come from? Drop it to read its marks."


class DropTarget(QObject):
    """Watches a window for files. Text goes to the fields that take it, as ever.

    Args:
        open_for: asked whether a file can be taken now; a sheet that waits for an answer takes none.

    Signals:
        dropped: the path of the file.
    """

    dropped = Signal(object)

    def __init__(self, theme: Theme, window: QWidget, open_for: Callable[[], bool]) -> None:
        super().__init__(window)
        self._theme: Final = theme
        self._window: Final = window
        self._open_for: Final = open_for
        self._hint: _Hint | None = None
        window.setAcceptDrops(True)
        window.installEventFilter(self)

    # events

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # A drop is a drag that moves, and a drag that enters is too: the order of the questions counts.
        if isinstance(event, QDragEnterEvent | QDragMoveEvent):
            files = files_in(event.mimeData())
            if len(files) == 1 and self._open_for():
                event.setDropAction(Qt.DropAction.CopyAction)
                event.accept()
                self._show_hint(on=True)
            else:
                event.ignore()
            return True
        if isinstance(event, QDropEvent):
            self._show_hint(on=False)
            files = files_in(event.mimeData())
            if len(files) == 1 and self._open_for():
                event.setDropAction(Qt.DropAction.CopyAction)
                event.accept()
                self.dropped.emit(Path(files[0]))
            return True
        if event.type() == QEvent.Type.DragLeave:
            self._show_hint(on=False)
            return True
        return super().eventFilter(watched, event)

    # internals

    def _show_hint(self, *, on: bool) -> None:
        if not on:
            if self._hint is not None:
                self._hint.hide()
            return
        if self._hint is None:
            self._hint = _Hint(self._theme, self._window)
        self._hint.setGeometry(self._window.rect())
        self._hint.show()
        self._hint.raise_()


class _Hint(QWidget):
    """A frame round the window and what a drop would do; the pointer goes through it."""

    def __init__(self, theme: Theme, window: QWidget) -> None:
        super().__init__(window)
        self._theme: Final = theme
        self.setObjectName("drop_hint")
        self.setAccessibleName(_WORDS)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    # events

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        colour = self._theme.colour
        paint.draw_box(painter, QRectF(self.rect()), 0, None, colour("blue"), 2.0)
        font = self._theme.font("control")
        width = paint.text_width(font, _WORDS) + 32
        box = QRectF((self.width() - width) / 2, self.height() - 92, width, 36)
        paint.draw_box(painter, box, 6, colour("surface2"), colour("lineStrong"))
        paint.draw_text(painter, box.adjusted(16, 0, 0, 0), font, colour("text"), _WORDS)

"""What rows have in common that a person answers one by one: their ground, their words, their two answers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QAbstractItemModel, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QAbstractItemView, QListView

from studio_assist.desk.kit import paint
from studio_assist.desk.theme import Theme

_MOVES: Final = frozenset(
    {Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown, Qt.Key.Key_Home, Qt.Key.Key_End}
)
#: Where Take and the other answer stand in a row's box.
Buttons = Callable[[QRectF], tuple[QRectF, QRectF]]


class AnswerList(QListView):
    """Rows that a person answers one by one: T takes the chosen one, another key leaves it, Enter neither.

    Args:
        leave: the key that leaves a row.

    Signals:
        taken, left: a row's place.
    """

    taken = Signal(int)
    left = Signal(int)

    def __init__(self, rows: QAbstractItemModel, leave: Qt.Key) -> None:
        super().__init__()
        self._leave: Final = leave
        self._buttons: Buttons | None = None
        self.setModel(rows)
        self.setUniformItemSizes(True)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.viewport().setAutoFillBackground(False)

    # methods

    def set_buttons(self, buttons: Buttons) -> None:
        """Where the answers can be pressed; whoever draws them knows."""
        self._buttons = buttons

    # events

    def keyPressEvent(self, event: QKeyEvent) -> None:
        row = self.currentIndex().row()
        plain = event.modifiers() == Qt.KeyboardModifier.NoModifier and not event.isAutoRepeat()
        if event.key() == Qt.Key.Key_T and plain and row >= 0:
            self.taken.emit(row)
        elif event.key() == self._leave and plain and row >= 0:
            self.left.emit(row)
        elif event.key() in (Qt.Key.Key_Escape, Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
            event.ignore()
            return
        elif event.key() in _MOVES:
            super().keyPressEvent(event)
        event.accept()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        index = self.indexAt(event.position().toPoint())
        if not index.isValid() or event.button() != Qt.MouseButton.LeftButton or self._buttons is None:
            return
        take, leave = self._buttons(QRectF(self.visualRect(index)))
        if take.contains(event.position()):
            self.taken.emit(index.row())
        elif leave.contains(event.position()):
            self.left.emit(index.row())


def draw_ground(painter: QPainter, theme: Theme, box: QRectF, *, chosen: bool) -> None:
    """The row's ground, with a line under it; blue where it is the chosen one."""
    if chosen:
        painter.fillRect(box, theme.colour("selection"))
        painter.fillRect(QRectF(box.left(), box.top(), 3, box.height()), theme.colour("blue"))
    painter.fillRect(QRectF(box.left(), box.bottom() - 1, box.width(), 1), theme.colour("line"))


def draw_body(painter: QPainter, theme: Theme, box: QRectF, words: str) -> None:
    """Words over some lines, cut off where the box ends."""
    painter.setFont(theme.font("caption"))
    painter.setPen(theme.colour("text2"))
    painter.setClipRect(box)
    painter.drawText(box, int(Qt.TextFlag.TextWordWrap), words)
    painter.setClipping(False)


def draw_answers(painter: QPainter, theme: Theme, answers: tuple[tuple[QRectF, str, str], ...]) -> None:
    """Equal ways to answer, none of them the default: where each is, its word and its key."""
    for where, word, key in answers:
        paint.draw_box(painter, where, 5, theme.colour("surface2"), theme.colour("lineStrong"))
        font = theme.font("captionMedium")
        paint.draw_text(painter, where.adjusted(10, 0, 0, 0), font, theme.colour("text"), word)
        hint = paint.key_width(theme, key)
        paint.draw_key(painter, theme, where.right() - hint - 6, where.center().y(), key)

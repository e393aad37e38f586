"""What rows have in common that a person answers one by one: their ground, their words, their two answers."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter

from studio_assist.desk.kit import paint
from studio_assist.desk.theme import Theme


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

"""Pieces of the bars that stand for decisions: in the tiles, by day, and by project."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter

from studio_assist.desk.kit import paint
from studio_assist.desk.theme import Theme


def fill_decision(painter: QPainter, theme: Theme, box: QRectF, kind: int, *, verified: bool) -> None:
    """A piece of a bar: accepted is full, edited deeper, rejected an outline with a hatch."""
    if not verified:
        painter.fillRect(box, theme.colour("lineStrong"))
        return
    green = theme.colour("green")
    if kind < 2:
        painter.fillRect(box, green if kind == 0 else theme.colour("greenDeep"))
        return
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QBrush(_thin(green), Qt.BrushStyle.BDiagPattern))
    painter.drawRect(box)
    painter.restore()
    paint.draw_box(painter, box, 0, None, green)


def _thin(colour: QColor) -> QColor:
    faint = QColor(colour)
    faint.setAlpha(150)
    return faint

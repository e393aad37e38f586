"""What is drawn over the page and is not part of it: the band, and lines that only guide."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPolygonF

from studio_assist.desk.kit import paint
from studio_assist.desk.theme import Theme

#: Height of the band as a share of the picture's.
BAND: Final = 0.041
BAND_WORDS: Final = ("TEMP AI UNDERLAY", "NOT FOR DELIVERY")
#: The built-in drawer is no AI, and nothing says that it is.
PREVIS_WORDS: Final = ("TEMP PREVIS UNDERLAY", "NOT FOR DELIVERY")


def paint_band(painter: QPainter, theme: Theme, page: QRectF, *, previs: bool = False) -> None:
    """The band along the lower edge of the page: it is on the screen at every zoom, above everything."""
    height = max(10.0, round(page.height() * BAND))
    band = QRectF(page.left(), round(page.bottom()) - height, page.width(), height)
    if not band.intersects(QRectF(painter.viewport())):
        return
    painter.fillRect(band, theme.colour("amber"))
    font = theme.font("tag")
    font.setPixelSize(max(6, min(22, round(height * 0.5))))
    colour = theme.colour("onAmber")
    pad = height / 2
    left, right = PREVIS_WORDS if previs else BAND_WORDS
    wide = paint.text_width(font, left) + paint.text_width(font, right) + 3 * pad
    paint.draw_text(painter, band.adjusted(pad, 0, 0, 0), font, colour, left)
    if wide < band.width():
        box = QRectF(band)
        box.setLeft(band.right() - pad - paint.text_width(font, right))
        paint.draw_text(painter, box, font, colour, right)


def paint_guides(
    painter: QPainter, lines: list[list[QPointF]], path: QPainterPath | None, origin: QPointF, zoom: float
) -> None:
    """Lines on their way, in the widget's coordinates, and the outline of a selection, in the page's."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for pen in (QPen(QColor("white"), 1), QPen(QColor("black"), 1, Qt.PenStyle.DashLine)):
        pen.setCosmetic(True)
        painter.setPen(pen)
        for line in lines:
            painter.drawPolyline(QPolygonF(line))
        if path is not None:
            painter.save()
            painter.translate(origin)
            painter.scale(zoom, zoom)
            painter.drawPath(path)
            painter.restore()

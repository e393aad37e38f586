"""Small things that painters and delegates draw: boxes, key hints, TEMP tags, focus rings."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from studio_assist.desk.theme import Theme

KEY_HEIGHT_PX = 17
TAG_HEIGHT_PX = 15


def text_width(font: QFont, text: str) -> float:
    """Width in px of one line."""
    return QFontMetricsF(font).horizontalAdvance(text)


def draw_text(painter: QPainter, rect: QRectF, font: QFont, colour: QColor, text: str) -> None:
    """One line, left in the box and centred on its height by capitals and x-height, not by the font's box."""
    measures = QFontMetricsF(font)
    painter.setFont(font)
    painter.setPen(colour)
    # The middle between cap height and x-height is where the eye sees a line's centre.
    middle = (measures.capHeight() + measures.xHeight()) / 4
    painter.drawText(QPointF(rect.left(), round(rect.center().y() + middle + 0.6)), text)


def draw_box(
    painter: QPainter,
    rect: QRectF,
    radius: float,
    fill: QColor | None = None,
    border: QColor | None = None,
    width: float = 1.0,
    dashed: bool = False,
) -> None:
    """A rounded box whose border lies wholly inside `rect`."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(fill if fill is not None else Qt.BrushStyle.NoBrush)
    if border is None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.drawRoundedRect(rect, radius, radius)
    else:
        pen = QPen(border, width)
        if dashed:
            pen.setDashPattern([3.0 / width, 2.0 / width])
            pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        painter.setPen(pen)
        half = width / 2
        painter.drawRoundedRect(rect.adjusted(half, half, -half, -half), radius - half, radius - half)
    painter.restore()


def draw_focus(painter: QPainter, theme: Theme, rect: QRectF, radius: float) -> None:
    """The focus ring: 2 px of blue inside `rect`."""
    draw_box(painter, rect, radius, None, theme.colour("blue"), 2.0)


def key_width(theme: Theme, keys: str) -> float:
    """Width in px of a key hint."""
    return max(16.0, text_width(theme.font("meta"), keys) + 9)


def draw_key(
    painter: QPainter,
    theme: Theme,
    left: float,
    middle: float,
    keys: str,
    enabled: bool = True,
    token: str = "",
) -> None:
    """A key in its little box, its left edge at `left`, centred on the height `middle`.

    Where its word is off, the key keeps its edge: it says which key it will be. `token` is the colour of edge
    and word on a ground of its own colour.
    """
    box = QRectF(left, round(middle - KEY_HEIGHT_PX / 2), key_width(theme, keys), KEY_HEIGHT_PX)
    draw_box(painter, box, 3, None, theme.colour(token or "lineStrong"))
    font = theme.font("meta")
    inner = QRectF(box)
    inner.setLeft(box.left() + (box.width() - text_width(font, keys)) / 2)
    draw_text(painter, inner, font, theme.colour(token or ("text3" if enabled else "disabled")), keys)


def tag_width(theme: Theme, text: str = "TEMP") -> float:
    """Width in px of a TEMP tag."""
    return max(16.0, text_width(theme.font("tag"), text) + 10)


def draw_tag(
    painter: QPainter, theme: Theme, left: float, top: float, solid: bool, text: str = "TEMP"
) -> None:
    """A TEMP tag: solid for accepted material, dashed for material that is only offered."""
    box = QRectF(left, top, tag_width(theme, text), TAG_HEIGHT_PX)
    if solid:
        draw_box(painter, box, 2, theme.colour("amber"))
    else:
        draw_box(painter, box, 2, None, theme.colour("amber"), 1.0, dashed=True)
    font = theme.font("tag")
    inner = QRectF(box)
    # Letter spacing adds a trailing gap that must not push the word off centre.
    trailing = theme.role("tag").px * theme.role("tag").tracking / 100
    inner.setLeft(box.left() + (box.width() - text_width(font, text) + trailing) / 2)
    draw_text(painter, inner, font, theme.colour("onAmber" if solid else "amberText"), text)

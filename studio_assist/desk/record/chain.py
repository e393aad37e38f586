"""Where the chain of entries stops, drawn: what holds, what does not, what cannot be relied on."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from studio_assist.desk.kit import paint
from studio_assist.desk.theme import Theme

_HEIGHT_PX: Final = 26
_GAP_PX: Final = 8


class ChainView(QWidget):
    """A few links before the first bad entry, that entry, and the rest."""

    def __init__(self, theme: Theme, first_bad: int, size: int) -> None:
        super().__init__()
        self._theme: Final = theme
        good = [number for number in (first_bad - 2, first_bad - 1) if number > 0]
        rest: list[str] = []
        if size > first_bad:
            rest.append(f"{first_bad + 1:,}")
        if size > first_bad + 1:
            rest.append(f"to {size:,}")
        self._links: Final[list[tuple[str, str]]] = [
            *((f"{number:,}", "good") for number in good),
            (f"{first_bad:,}", "bad"),
            *((words, "rest") for words in rest),
        ]
        self.setFixedHeight(_HEIGHT_PX)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        held = f"holds up to {first_bad - 1:,}, " if good else ""
        self.setAccessibleName(f"The chain {held}breaks at {first_bad:,}")
        theme.changed.connect(self.update)

    # events

    def sizeHint(self) -> QSize:
        font = self._theme.font("captionMedium")
        width = sum(paint.text_width(font, words) + 44 for words, _kind in self._links)
        return QSize(round(width), _HEIGHT_PX)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme, colour = self._theme, self._theme.colour
        font = theme.font("captionMedium")
        left = 0.0
        for words, kind in self._links:
            lead = 0 if kind == "rest" else 20
            width = paint.text_width(font, words) + 20 + lead
            box = QRectF(left, 0, width, _HEIGHT_PX)
            if kind == "rest":
                paint.draw_box(painter, box, 4, None, colour("lineStrong"), dashed=True)
                token = "disabled"
            else:
                good = kind == "good"
                edge, ground = ("green", "greenGround") if good else ("red", "redGround")
                paint.draw_box(painter, box, 4, colour(ground), colour(edge))
                token = "greenText" if good else "redText"
                icon = theme.pixmap("link" if good else "cross", token, 14, self.devicePixelRatioF())
                painter.drawPixmap(round(left + 8), (_HEIGHT_PX - 14) // 2, icon)
            inner = box.adjusted(10 + lead, 0, 0, 0)
            paint.draw_text(painter, inner, font, colour(token), words)
            left += width + _GAP_PX

"""The variants of a shot as small pictures, four to a row; one of them is shown large."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from studio_assist.desk.board.frame_pictures import FramePictures
from studio_assist.desk.board.preview import draw_picture
from studio_assist.desk.kit import paint
from studio_assist.desk.theme import Theme

_A_ROW: Final = 4
#: More rows than this are scrolled to.
_ROWS: Final = 2
_BAND_PX: Final = 5
_SHAPE: Final = 9 / 16
_GAP_PX: Final = 6
#: The ring of the one that is shown large lies around the picture, px.
_RING_PX: Final = 2


@dataclass(frozen=True, slots=True)
class Small:
    """One picture of the strip.

    Attributes:
        id: of the candidate; "" for what stands in the panel.
        badge: the key that shows it.
        name: for screen readers and the tool tip.
    """

    id: str
    badge: str
    path: Path | None
    name: str
    dimmed: bool = False
    temp: bool = False


class VariantStrip(QWidget):
    """Small pictures with the keys that show them. It takes no focus: the keys are those of its card."""

    chosen = Signal(int)

    def __init__(self, theme: Theme, pictures: FramePictures, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme: Final = theme
        self._pictures: Final = pictures
        self._smalls: tuple[Small, ...] = ()
        self._at = -1
        self._hover = -1
        self._top = 0
        self.setObjectName("variant_strip")
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        pictures.came.connect(lambda _path: self.update())
        theme.changed.connect(self.update)

    # properties

    @property
    def at(self) -> int:
        """Which one is shown large."""
        return self._at

    @property
    def smalls(self) -> tuple[Small, ...]:
        """What it shows."""
        return self._smalls

    # methods

    def show_smalls(self, smalls: Sequence[Small], at: int) -> None:
        """Show these, the one at `at` with a ring."""
        rows = self._rows()
        self._smalls, self._at = tuple(smalls), at
        self.setProperty("count", len(self._smalls))
        said = smalls[at].name if 0 <= at < len(smalls) else ""
        self.setAccessibleName(f"{len(smalls)} variants. {said}".strip())
        if at >= 0:
            row = at // _A_ROW
            self._top = min(max(self._top, row - _ROWS + 1), row)
        self._top = max(0, min(self._top, self._rows() - _ROWS))
        if rows != self._rows():
            self._fit()
        self.update()

    def cell(self, at: int) -> QRect:
        """Where a picture stands, px."""
        wide, high = self._size(self.width())
        left = _RING_PX + (at % _A_ROW) * (wide + _GAP_PX)
        top = _RING_PX + (at // _A_ROW - self._top) * (high + _GAP_PX)
        return QRect(round(left), round(top), round(left + wide) - round(left), high)

    # events

    def sizeHint(self) -> QSize:
        rows, high = min(_ROWS, self._rows()), self._size(self.width())[1]
        return QSize(316, rows * high + (rows - 1) * _GAP_PX + 2 * _RING_PX)

    def minimumSizeHint(self) -> QSize:
        return QSize(120, self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        at = self._under(event.position().toPoint())
        if at >= 0 and event.button() == Qt.MouseButton.LeftButton:
            self.chosen.emit(at)
        # The card around it takes the focus.
        event.ignore()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        at = self._under(event.position().toPoint())
        if at != self._hover:
            self._hover = at
            self.update()
            if at >= 0:
                QToolTip.showText(event.globalPosition().toPoint(), self._smalls[at].name, self)

    def wheelEvent(self, event: QWheelEvent) -> None:
        top = self._top - (1 if event.angleDelta().y() > 0 else -1)
        top = max(0, min(top, self._rows() - _ROWS))
        if top == self._top:
            event.ignore()
            return
        self._top = top
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        colour = self._theme.colour
        font = self._theme.font("metaMedium")
        for at, small in enumerate(self._smalls):
            if not self._top <= at // _A_ROW < self._top + _ROWS:
                continue
            box = QRectF(self.cell(at))
            painter.setOpacity(0.45 if small.dimmed else 1.0)
            self._paint_picture(painter, box, small)
            painter.setOpacity(1.0)
            if at == self._at:
                ring = box.adjusted(-_RING_PX, -_RING_PX, _RING_PX, _RING_PX)
                paint.draw_box(painter, ring, 3, None, colour("blue"), 2.0)
            else:
                edge = "text3" if at == self._hover else "lineStrong"
                paint.draw_box(painter, box, 2, None, colour(edge))
            badge = QRectF(box.left() + 4, box.top() + 4, 14, 14)
            # Over a picture, which no theme changes.
            paint.draw_box(painter, badge, 2, QColor(16, 18, 20, 235))
            left = (badge.width() - paint.text_width(font, small.badge)) / 2
            paint.draw_text(painter, badge.adjusted(left, 0, 0, 0), font, QColor("#ECEEF1"), small.badge)

    # internals

    def _fit(self) -> None:
        self.setFixedHeight(self.sizeHint().height())

    def _size(self, width: int) -> tuple[float, int]:
        wide = (width - 2 * _RING_PX - (_A_ROW - 1) * _GAP_PX) / _A_ROW
        return wide, round(wide * _SHAPE)

    def _rows(self) -> int:
        return max(1, -(-len(self._smalls) // _A_ROW))

    def _under(self, spot: QPoint) -> int:
        return next(
            (
                at
                for at in range(len(self._smalls))
                if self.cell(at).contains(spot) and self.rect().contains(spot)
            ),
            -1,
        )

    def _paint_picture(self, painter: QPainter, box: QRectF, small: Small) -> None:
        wide = max(1, round(box.width() * self.devicePixelRatioF()))
        look = self._pictures.look(small.path, wide) if small.path is not None else None
        if look is not None and look.state == "ready":
            draw_picture(painter, box, look.image)
            if small.temp:
                # The words of the band have no room here; its colour has.
                band = box.adjusted(0, box.height() - _BAND_PX, 0, 0)
                painter.fillRect(band, self._theme.colour("amber"))
            return
        painter.fillRect(box, self._theme.colour("win"))
        if look is None or look.state != "loading":
            pixmap = self._theme.pixmap("link-broken", "text3", 16, self.devicePixelRatioF())
            painter.drawPixmap(round(box.center().x() - 4), round(box.center().y() - 8), pixmap)

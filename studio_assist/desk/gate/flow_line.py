"""One line of many small things, which opens where they do not all fit: names replaced, fields sent."""

from __future__ import annotations

from typing import Final, NamedTuple

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from studio_assist.desk.kit import LinkButton, paint
from studio_assist.desk.theme import Theme

_ROW_PX: Final = 22
_GAP_PX: Final = 13
_PAD_PX: Final = 4


class Item(NamedTuple):
    """Some words, and behind them what stands for them, in a box."""

    text: str
    token: str = ""


class _Placed(NamedTuple):
    item: Item
    left: float
    row: int


class FlowLine(QWidget):
    """A title, items, and a link. What does not fit into the line is counted, and shown on demand.

    Signals:
        followed: its link was pressed.
    """

    followed = Signal()

    def __init__(self, theme: Theme, name: str, link: str = "", link_name: str = "") -> None:
        super().__init__()
        self.setObjectName(name)
        self._theme: Final = theme
        self._title = ""
        self._items: tuple[Item, ...] = ()
        self._placed: list[_Placed] = []
        self._rows = 1
        self._hidden = 0
        self._open = False
        self.more: Final = LinkButton(theme, "", parent=self)
        self.more.setObjectName(f"{name}_more")
        self.more.clicked.connect(self._toggle)
        self.more.hide()
        self.link: Final = LinkButton(theme, link, name=link_name, parent=self)
        self.link.setObjectName(f"{name}_link")
        self.link.setVisible(bool(link))
        self.link.clicked.connect(self.followed)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    # properties

    @property
    def words(self) -> str:
        """All that it says, shown or not."""
        shown = "; ".join(f"{one.text} → {one.token}" if one.token else one.text for one in self._items)
        return f"{self._title}: {shown}" if shown else self._title

    # methods

    def show_items(self, title: str, items: tuple[Item, ...]) -> None:
        """Show these."""
        self._title = title
        self._items = items
        self.setAccessibleName(self.words)
        self.setToolTip("" if len(items) > 60 else "\n".join(self.words.split("; ")))
        self._place()

    def set_link(self, text: str) -> None:
        """Call the link something else."""
        self.link.setText(text)
        self.link.setAccessibleName(text)
        self._place()

    # slots

    def _toggle(self) -> None:
        self._open = not self._open
        self._place()

    # events

    def sizeHint(self) -> QSize:
        return QSize(200, _ROW_PX * self._rows)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        colour = self._theme.colour
        paint.draw_text(
            painter, QRectF(0, 0, self.width(), _ROW_PX), self._bold(), colour("text"), self._title
        )
        font = self._theme.font("meta")
        for item, left, row in self._placed:
            box = QRectF(left, row * _ROW_PX, self.width() - left, _ROW_PX)
            text = f"{item.text} → " if item.token else item.text
            if not item.token:
                text = QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideRight, box.width())
            paint.draw_text(painter, box, font, colour("text2"), text)
            if item.token:
                at = left + paint.text_width(font, text)
                chip = QRectF(round(at), row * _ROW_PX + 3, self._chip(item.token), _ROW_PX - 6)
                paint.draw_box(painter, chip, 2, colour("pseudonym"), colour("text3"))
                inner = chip.adjusted(_PAD_PX, 0, 0, 0)
                paint.draw_text(painter, inner, font, colour("text"), item.token)

    # internals

    def _bold(self) -> QFont:
        font = self._theme.font("metaMedium")
        font.setWeight(QFont.Weight.DemiBold)
        return font

    def _chip(self, token: str) -> int:
        return round(paint.text_width(self._theme.font("meta"), token)) + 2 * _PAD_PX

    def _width(self, item: Item) -> float:
        font = self._theme.font("meta")
        if not item.token:
            return paint.text_width(font, item.text)
        return paint.text_width(font, f"{item.text} → ") + self._chip(item.token)

    def _place(self) -> None:
        """Say where each item goes. Closed, the line ends where the first one does not fit."""
        link = self.link.sizeHint().width() + 8 if not self.link.isHidden() else 0
        more = paint.text_width(self._theme.font("caption"), f"and {len(self._items):,} more") + 12
        start = paint.text_width(self._bold(), self._title) + _GAP_PX
        room = float(self.width() - link)
        self._placed = []
        left, row = start, 0
        for number, item in enumerate(self._items):
            width = self._width(item)
            last = number == len(self._items) - 1
            if left + width > room - (0 if last or self._open else more) and (self._open or number):
                if not self._open:
                    break
                if left > start or row:
                    left, row = (start if start < room / 3 else 0.0), row + 1
            self._placed.append(_Placed(item, left, row))
            left += width + _GAP_PX
        self._hidden = len(self._items) - len(self._placed)
        rows = row + 1
        self.link.move(self.width() - self.link.sizeHint().width(), (_ROW_PX - self.link.height()) // 2)
        self.link.resize(self.link.sizeHint())
        said = "Show fewer" if self._open else f"and {self._hidden:,} more"
        self.more.setVisible(self._open or self._hidden > 0)
        self.more.setText(said)
        self.more.setAccessibleName(f"{self._title}: {said}")
        self.more.resize(self.more.sizeHint())
        if self._open:
            rows += 1
            left = 0.0
        self.more.move(round(left), (rows - 1) * _ROW_PX + (_ROW_PX - self.more.height()) // 2)
        if rows != self._rows:
            self._rows = rows
            self.updateGeometry()
        self.update()

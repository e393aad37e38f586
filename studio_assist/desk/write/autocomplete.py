"""The list of completions under the caret. It never takes the focus, and Enter only for a chosen row."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QPoint, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QListWidget, QVBoxLayout, QWidget

from studio_assist.desk.kit import paint
from studio_assist.desk.theme import Theme
from studio_assist.desk.write.completion import Offer

_ROW_PX: Final = 26
_PAD_PX: Final = 5
_WIDEST_PX: Final = 360


class CompletionPopup(QFrame):
    """A list of words inside the editor's viewport.

    Attributes:
        line, start, end: the line and the columns that the chosen word takes the place of.
    """

    chosen = Signal(str)

    def __init__(self, theme: Theme, viewport: QWidget) -> None:
        super().__init__(viewport)
        self._theme = theme
        self.line = -1
        self.start = 0
        self.end = 0
        self.setObjectName("completion_popup")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        # The viewport shows a text caret; a list is pointed at.
        self.setCursor(Qt.CursorShape.ArrowCursor)
        self._list = QListWidget(self)
        self._list.setObjectName("completion_list")
        self._list.setAccessibleName("Completions")
        self._list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._list.setFrameShape(QFrame.Shape.NoFrame)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.setUniformItemSizes(True)
        self._list.itemClicked.connect(lambda item: self.chosen.emit(item.text()))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(_PAD_PX, _PAD_PX, _PAD_PX, _PAD_PX)
        layout.addWidget(self._list)
        theme.changed.connect(self.update)
        self.hide()

    # properties

    @property
    def words(self) -> list[str]:
        """What is offered."""
        return [self._list.item(row).text() for row in range(self._list.count())]

    # methods

    def show_offer(self, line: int, offer: Offer, at: QRect) -> None:
        """Offer words below (or above, near the lower edge) a rectangle of the viewport; none is chosen."""
        self.line, self.start, self.end = line, offer.start, offer.end
        self._list.setFont(self._theme.script_font(14))
        self._list.clear()
        self._list.addItems(list(offer.words))
        for row in range(self._list.count()):
            self._list.item(row).setSizeHint(QRect(0, 0, 10, _ROW_PX).size())
        self._list.setCurrentRow(-1)
        self._list.clearSelection()
        font = self._list.font()
        widest = max(paint.text_width(font, word) for word in offer.words)
        width = min(_WIDEST_PX, round(widest) + 2 * _PAD_PX + 24)
        height = len(offer.words) * _ROW_PX + 2 * _PAD_PX
        # Asked for anew: Qt made the viewport, and a kept reference to it may outlive what it refers to.
        parent = self.parentWidget()
        assert parent is not None  # it is made as a child and stays one
        room = parent.rect()
        top = at.bottom() + 4
        if top + height > room.bottom() and at.top() - 4 - height >= 0:
            top = at.top() - 4 - height
        left = max(4, min(at.left() - 12, room.right() - width - 4))
        self.setGeometry(QRect(QPoint(left, top), QRect(0, 0, width, height).size()))
        self.show()
        self.raise_()

    def step(self, by: int) -> None:
        """Move the choice; from none, down goes to the first and up to the last."""
        count = self._list.count()
        row = self._list.currentRow()
        if row < 0:
            self._list.setCurrentRow(0 if by > 0 else count - 1)
        else:
            self._list.setCurrentRow((row + by) % count)

    def choose(self) -> bool:
        """Take the chosen word; False if none is chosen."""
        if self._list.currentRow() < 0:
            return False
        self.chosen.emit(self._list.currentItem().text())
        return True

    def dismiss(self) -> None:
        """Hide without choosing."""
        if self.isVisible():
            self.hide()

    # events

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        colour: QColor = self._theme.colour("surface2")
        paint.draw_box(painter, QRectF(self.rect()), 6, colour, self._theme.colour("lineStrong"))

"""Small parts of the sheet: a box with an edge, rows, columns that scroll."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFocusEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLayout, QScrollArea, QVBoxLayout, QWidget

from studio_assist.desk.kit import IconLabel, Label, paint
from studio_assist.desk.theme import Theme

#: As the style sheet has it.
_SCROLL_BAR_PX: Final = 12
_BY_TAB: Final = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)


class Box(QWidget):
    """A rounded ground whose edge says how it stands."""

    def __init__(self, theme: Theme, surface: str, edge: str) -> None:
        super().__init__()
        self._theme: Final = theme
        self._surface: Final = surface
        self._edge: Final = edge
        theme.changed.connect(self.update)

    # events

    def paintEvent(self, event: QPaintEvent) -> None:
        colour = self._theme.colour
        paint.draw_box(QPainter(self), QRectF(self.rect()), 6, colour(self._surface), colour(self._edge))


class Column(QScrollArea):
    """A column that scrolls where there is too little room; Tab reaches it, so that keys can scroll it."""

    def __init__(self, theme: Theme, name: str, inner: QWidget, *, by_keys: bool) -> None:
        super().__init__()
        self._theme: Final = theme
        self._ring = False
        self.setAccessibleName(name)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus if by_keys else Qt.FocusPolicy.NoFocus)
        self.viewport().setAutoFillBackground(False)
        self.setWidget(inner)
        # Given to a scroll area, a widget gets a ground of its own.
        inner.setAutoFillBackground(False)
        layout = inner.layout()
        assert layout is not None
        self._layout: Final = layout
        self._margins: Final = layout.contentsMargins()
        self.verticalScrollBar().rangeChanged.connect(self._make_room)

    # slots

    def _make_room(self, _least: int, most: int) -> None:
        """The scroll bar stands in the margin: what is beside it keeps its width."""
        was = self._margins
        right = was.right() - (_SCROLL_BAR_PX if most > 0 else 0)
        self._layout.setContentsMargins(was.left(), was.top(), right, was.bottom())

    # events

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        # The focus that the sheet opens with was not asked for; a ring round a third of it would shout.
        self._ring = event.reason() in _BY_TAB
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.viewport().update()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.hasFocus() and self._ring:
            painter = QPainter(self.viewport())
            # Beside a scroll bar what is read stands closer to the edge.
            right = 1 if self.verticalScrollBar().maximum() > 0 else 3
            box = QRectF(self.viewport().rect()).adjusted(3, 3, -right, -3)
            paint.draw_focus(painter, self._theme, box, 6)


def mark(theme: Theme, *, holds: bool, asks: bool = False) -> IconLabel:
    """A tick, a cross, or a question mark, with the word for it: colour alone says nothing."""
    name, token, said = ("check", "text2", "Yes") if holds else ("cross", "redText", "No")
    if asks and not holds:
        name, token, said = "help", "text", "Open"
    icon = IconLabel(theme, name, token, 14)
    icon.setAccessibleName(said)
    return icon


def head_row(theme: Theme, title: str, aside: str) -> QHBoxLayout:
    """A part's title with something quieter at the other end."""
    row = QHBoxLayout()
    row.addWidget(Label(theme, title, "strong", "text"), 1)
    row.addWidget(Label(theme, aside, "caption", "text3"))
    return row


def emptied(layout: QLayout) -> None:
    """Take everything out of a layout, for good."""
    while (item := layout.takeAt(0)) is not None:
        widget, inner = item.widget(), item.layout()
        if widget is not None:
            # It goes with the next turn of the loop. Until then nobody finds it by its name.
            for one in (widget, *widget.findChildren(QWidget)):
                one.setObjectName("")
            widget.hide()
            widget.deleteLater()
        elif inner is not None:
            emptied(inner)


def padded(parent: QWidget, left: int, top: int, right: int, bottom: int, spacing: int = 0) -> QVBoxLayout:
    """A column inside something."""
    column = QVBoxLayout(parent)
    column.setContentsMargins(left, top, right, bottom)
    column.setSpacing(spacing)
    return column

"""The shots as a list: a row each, in columns. What is written about them is edited in the inspector."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRectF, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QFontMetricsF, QKeyEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from studio_assist.desk.board.book import BoardBook
from studio_assist.desk.board.choosing import Choosing
from studio_assist.desk.board.frames import text_width
from studio_assist.desk.board.grid_model import (
    ACTION,
    ANGLE,
    COLUMNS,
    DURATION,
    LENS,
    MOVEMENT,
    NUMBER,
    STATE,
    ShotsModel,
)
from studio_assist.desk.board.states import status_of
from studio_assist.desk.kit import paint
from studio_assist.desk.theme import Theme

ROW_PX: Final = 29
HEADER_PX: Final = 28
_WIDTHS: Final = (72, 54, 88, 68, 104, 76, 0, 168)
#: What the action has at least, before other columns are left away, in this order.
_ACTION_PX: Final = 150
_SPARED: Final = (MOVEMENT, ANGLE, LENS, DURATION)
_MOVES: Final = frozenset(
    {Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown, Qt.Key.Key_Home, Qt.Key.Key_End}
)
_Index = QModelIndex | QPersistentModelIndex


class RowDelegate(QStyledItemDelegate):
    """Draws one cell; the row's ground is the chosen row's."""

    def __init__(self, theme: Theme, book: BoardBook, shown: ShotsModel, view: QTableView) -> None:
        super().__init__(view)
        self._theme: Final = theme
        self._book: Final = book
        self._shown: Final = shown
        self._view: Final = view

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        one = self._shown.shot_at(index)
        if one is None:
            return
        box = QRectF(option.rect)  # pyright: ignore[reportAttributeAccessIssue]  # a field of the C++ struct
        colour, column = self._theme.colour, index.column()
        chosen = self._book.is_chosen(one)
        painter.save()
        if chosen:
            painter.fillRect(box, colour("selection"))
            if column == NUMBER and self._book.current == one:
                painter.fillRect(QRectF(box.left(), box.top(), 3, box.height()), colour("blue"))
        else:
            painter.fillRect(QRectF(box.left(), box.bottom() - 1, box.width(), 1), colour("line"))
        # As far in as the style sheet has the words of the header.
        inner = box.adjusted(10, 0, -10, 0)
        font = self._theme.font("captionStrong" if column == NUMBER else "caption")
        token = "text" if column in (NUMBER, ACTION) else "text2"
        words = str(index.data() or "")
        if column == STATE:
            status = status_of(self._book.state(one), self._book.shot(one), self._book.waiting(one))
            token = status.token
            if status.icon:
                icon = self._theme.pixmap(status.icon, status.icon_token, 13, self._view.devicePixelRatioF())
                painter.drawPixmap(round(inner.left()), round(inner.center().y() - 6), icon)
                inner.setLeft(inner.left() + 19)
        if column == DURATION:
            inner.setLeft(max(inner.left(), inner.right() - text_width(font, words)))
        if chosen and token == "text3":
            token = "text2"
        if text_width(font, words) > inner.width():
            words = QFontMetricsF(font).elidedText(words, Qt.TextElideMode.ElideRight, inner.width())
        paint.draw_text(painter, inner, font, colour(token), words)
        painter.restore()


class ShotTable(QTableView):
    """Rows of one height; what is chosen here is chosen in the grid.

    Signals:
        menu_wanted: where a menu was asked for, in global coordinates.
    """

    menu_wanted = Signal(QPoint)

    def __init__(
        self, theme: Theme, book: BoardBook, shown: ShotsModel, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("shot_table")
        self.setAccessibleName("Shots as a list")
        self.setModel(shown)
        self.setItemDelegate(RowDelegate(theme, book, shown, self))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setSortingEnabled(False)
        rows = self.verticalHeader()
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setDefaultSectionSize(ROW_PX)
        head = self.horizontalHeader()
        head.setFont(theme.font("meta"))
        head.setFixedHeight(HEADER_PX)
        head.setHighlightSections(False)
        head.setSectionsClickable(False)
        head.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        head.setMinimumSectionSize(40)
        for column in range(len(COLUMNS)):
            if column == ACTION:
                head.setSectionResizeMode(column, QHeaderView.ResizeMode.Stretch)
            else:
                head.setSectionResizeMode(column, QHeaderView.ResizeMode.Interactive)
                self.setColumnWidth(column, _WIDTHS[column])
        self.choosing: Final = Choosing(self, book, shown.shot_at, shown.spot_of, shown.place_of, rows=True)
        shown.shown_changed.connect(self.choosing.show)
        shown.modelReset.connect(self.choosing.show)
        book.current_changed.connect(self.viewport().update)
        book.selection_changed.connect(self.viewport().update)
        theme.changed.connect(self.viewport().update)

    # events

    def resizeEvent(self, event: QResizeEvent) -> None:
        # A narrow list says first what happens and how it stands.
        room = self.viewport().width() - sum(_WIDTHS) - _ACTION_PX
        for column in _SPARED:
            self.setColumnHidden(column, room < 0)
            room += _WIDTHS[column] if room < 0 else 0
        super().resizeEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        plain = not event.modifiers() & Qt.KeyboardModifier.AltModifier
        if event.key() in _MOVES and plain:
            super().keyPressEvent(event)
        else:
            # Letters are the desk's keys here; nothing is found by typing.
            event.ignore()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        spot = event.globalPos()
        if event.reason() == QContextMenuEvent.Reason.Keyboard and self.currentIndex().isValid():
            spot = self.viewport().mapToGlobal(self.visualRect(self.currentIndex()).center())
        self.menu_wanted.emit(spot)
        event.accept()

"""A table of the names sheet: arrow keys walk it, Enter opens a row, Delete takes it off."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from studio_assist.desk.kit import paint
from studio_assist.desk.theme import Theme

#: Height of a row, px.
ROW_PX: Final = 29
_PAD_PX: Final = 10
_LEFT: Final = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class _Cells(QStyledItemDelegate):
    """Draws cells: the first column stronger than the others, the row of the keyboard on its own ground."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme: Final = theme

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        # The stubs leave out what every option holds.
        box: QRect = option.rect  # pyright: ignore[reportAttributeAccessIssue]
        state: QStyle.StateFlag = option.state  # pyright: ignore[reportAttributeAccessIssue]
        colour = self._theme.colour
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        if chosen:
            painter.fillRect(box, colour("selection"))
        painter.fillRect(box.left(), box.bottom(), box.width(), 1, colour("line"))
        first = index.column() == 0
        font = self._theme.font("control" if first else "body")
        token = "text" if first or chosen else "text2"
        inner = box.adjusted(_PAD_PX, 0, -_PAD_PX, 0)
        words = str(index.data() or "")
        if paint.text_width(font, words) > inner.width():
            words = QFontMetricsF(font).elidedText(words, Qt.TextElideMode.ElideRight, inner.width())
        paint.draw_text(painter, inner.toRectF(), font, colour(token), words)


class RowTable(QTableView):
    """Rows to walk. It decides nothing: it says which row is meant.

    Signals:
        opened: Enter or a double click on a row.
        removed: Delete on a row.
        chosen: another row, or none (-1), is the current one.
    """

    opened = Signal(int)
    removed = Signal(int)
    chosen = Signal(int)

    def __init__(self, theme: Theme, name: str, model: QAbstractItemModel, widths: tuple[int, ...]) -> None:
        super().__init__()
        self._theme: Final = theme
        self.setAccessibleName(name)
        self.setModel(model)
        self.setItemDelegate(_Cells(theme, self))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setFont(theme.font("body"))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        rows = self.verticalHeader()
        rows.hide()
        # One height for all: asking each of thousands of rows would cost a pass over them.
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setDefaultSectionSize(ROW_PX)
        rows.setMinimumSectionSize(ROW_PX)
        head = self.horizontalHeader()
        head.setFont(theme.font("caption"))
        head.setDefaultAlignment(_LEFT)
        head.setHighlightSections(False)
        head.setSectionsClickable(False)
        head.setFixedHeight(26)
        for column, width in enumerate(widths):
            stretched = width == 0
            mode = QHeaderView.ResizeMode.Stretch if stretched else QHeaderView.ResizeMode.Fixed
            head.setSectionResizeMode(column, mode)
            if not stretched:
                head.resizeSection(column, width)
        self.doubleClicked.connect(lambda index: self.opened.emit(index.row()))
        model.modelReset.connect(self._after_reset)
        theme.changed.connect(self.viewport().update)

    # properties

    @property
    def row(self) -> int:
        """The current row, -1 where there is none."""
        return self.currentIndex().row()

    # methods

    def choose(self, row: int) -> None:
        """Go to a row, or to the last one where there are not so many."""
        count = self.model().rowCount()
        if count:
            index = self.model().index(max(0, min(row, count - 1)), 0)
            self.setCurrentIndex(index)
            self.scrollTo(index)
        self.chosen.emit(self.row)

    # slots

    def currentChanged(
        self, current: QModelIndex | QPersistentModelIndex, previous: QModelIndex | QPersistentModelIndex
    ) -> None:
        super().currentChanged(current, previous)
        self.chosen.emit(current.row())

    def _after_reset(self) -> None:
        self.chosen.emit(self.row)

    # events

    def sizeHint(self) -> QSize:
        return QSize(600, 12 * ROW_PX + 26)

    def minimumSizeHint(self) -> QSize:
        return QSize(200, 3 * ROW_PX + 26)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
        if not plain and event.modifiers() != Qt.KeyboardModifier.ShiftModifier:
            event.ignore()
        elif plain and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.accept()
            if self.row >= 0 and not event.isAutoRepeat():
                self.opened.emit(self.row)
        elif plain and event.key() == Qt.Key.Key_Delete:
            event.accept()
            if self.row >= 0 and not event.isAutoRepeat():
                self.removed.emit(self.row)
        elif event.key() == Qt.Key.Key_Escape:
            event.ignore()
        else:
            super().keyPressEvent(event)

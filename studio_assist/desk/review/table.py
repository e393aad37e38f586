"""The table of the ledger: rows of one height, painted row by row from what the model has."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import (
    QEvent,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QRectF,
    QSettings,
    Qt,
    Signal,
)
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QApplication, QHeaderView, QTableView, QWidget

from studio_assist.desk.kit import paint
from studio_assist.desk.review.cells import AT
from studio_assist.desk.review.feed import Found, Row
from studio_assist.desk.review.head import TableHead
from studio_assist.desk.review.row_paint import RowPainter
from studio_assist.desk.review.table_model import LedgerModel
from studio_assist.desk.theme import Theme
from studio_assist.domain.review import COLUMNS, Column, Sort

ROW_PX: Final = 29
_WIDTHS: Final[dict[Column, int]] = {
    "number": 78,
    "time": 98,
    "person": 106,
    "desk": 62,
    "tool": 154,
    "purpose": 0,
    "sensitivity": 100,
    "left": 76,
    "outcome": 118,
    "edit": 60,
}
_STRETCHED: Final = AT["purpose"]
#: What the purpose has at least, before other columns are left away, in this order.
_PURPOSE_PX: Final = 126
_SPARED: Final[tuple[Column, ...]] = ("sensitivity", "desk", "edit")
#: Where that is not enough, these are cut down to what tells one row from another.
_NARROW: Final[dict[Column, int]] = {"tool": 100, "number": 64, "person": 92}
_KEY: Final = "review/columns"
_Index = QModelIndex | QPersistentModelIndex
_MOVES: Final = frozenset(
    {Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown, Qt.Key.Key_Home, Qt.Key.Key_End}
)
_ENDS: Final = (Qt.Key.Key_Home, Qt.Key.Key_End)
_PLAIN: Final = (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
_PRESSED: Final = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows


class LedgerTable(QTableView):
    """Shows a `LedgerModel`.

    Signals:
        chosen: the number of the entry whose row is current.
        opened: Enter or a double click on a row.
        sort_wanted: a `Sort`, by a press on a column's head.
        menu_wanted: where a menu was asked for, in global coordinates.
        topped: it was scrolled to the top.
    """

    chosen = Signal(int)
    opened = Signal()
    sort_wanted = Signal(object)
    menu_wanted = Signal(QPoint)
    topped = Signal()

    def __init__(
        self, theme: Theme, model: LedgerModel, layout: QSettings, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme: Final = theme
        self._rows: Final = model
        self._layout: Final = layout
        self._rowing: Final = RowPainter(theme)
        self._hover = -1
        self._moving = False
        self.setObjectName("ledger_table")
        self.setAccessibleName("Entries of the ledger")
        self.setModel(model)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setMouseTracking(True)
        rows = self.verticalHeader()
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setDefaultSectionSize(ROW_PX)
        self.head: Final = TableHead(theme, self, sortable=True)
        self.head.setObjectName("ledger_head")
        self.setHorizontalHeader(self.head)
        self.setCornerButtonEnabled(False)
        for at, width in enumerate(self._remembered()):
            if at == _STRETCHED:
                self.head.setSectionResizeMode(at, QHeaderView.ResizeMode.Stretch)
            else:
                self.head.setSectionResizeMode(at, QHeaderView.ResizeMode.Interactive)
                self.setColumnWidth(at, width)
        self._show_sort(model.query.sort)
        self.head.sectionResized.connect(self._resized)
        self.head.sectionClicked.connect(self._sort)
        self.verticalScrollBar().valueChanged.connect(self._scrolled)
        theme.changed.connect(self._turned)

    # properties

    @property
    def number(self) -> int | None:
        """The entry whose row is current."""
        index = self.currentIndex()
        row = self._rows.loaded(index.row()) if index.isValid() else None
        return row.number if row is not None else None

    @property
    def at_top(self) -> bool:
        return self.verticalScrollBar().value() < ROW_PX

    @property
    def in_sight(self) -> range:
        """The rows that are seen, in part or whole."""
        offset = self.verticalOffset()
        last = min(self._rows.rowCount(), (offset + self.viewport().height() - 1) // ROW_PX + 1)
        return range(offset // ROW_PX, max(offset // ROW_PX, last))

    # methods

    def show_found(self, found: Found, number: int | None) -> None:
        """Show what a query gives, with the row of `number` chosen and in sight where it is there."""
        place = found.places.get(number) if number is not None else None
        self._moving = True
        self._rows.set_found(found)
        self._choose(place)
        if place is not None:
            self.scrollTo(self._rows.index_of(place), QAbstractItemView.ScrollHint.PositionAtCenter)
        else:
            self.verticalScrollBar().setValue(0)
        self._moving = False
        self._show_sort(found.query.sort)
        self.viewport().update()

    def show_grown(self, found: Found, number: int | None, anchor: int | None) -> None:
        """The record has grown: what is in sight stays where it is.

        Args:
            number: the entry whose row is chosen.
            anchor: an entry in sight; None at the top, where new rows come in.
        """
        bar = self.verticalScrollBar()
        before = (
            next((at for at in self.in_sight if self._is(at, anchor)), None) if anchor is not None else None
        )
        inside = bar.value() - before * ROW_PX if before is not None else 0
        self._moving = True
        self._rows.grow(found)
        self._choose(found.places.get(number) if number is not None else None)
        if before is not None and anchor in found.places:
            # The range of the scroll bar follows the rows only with the next layout.
            self.updateGeometries()
            bar.setValue(found.places[anchor] * ROW_PX + inside)
        self._moving = False
        self.viewport().update()

    def go_to_place(self, place: int) -> None:
        """Choose a row and bring it into sight."""
        index = self._rows.index_of(place)
        if index.isValid():
            self.setCurrentIndex(index)
            self.scrollTo(index, QAbstractItemView.ScrollHint.PositionAtCenter)

    def copied(self) -> str:
        """The chosen row as text between tabs, with what is hidden for want of room too."""
        index = self.currentIndex()
        if not index.isValid():
            return ""
        words = (self._rows.index(index.row(), at).data() for at in range(len(COLUMNS)))
        return "\t".join(str(one or "") for one in words)

    def copy(self) -> None:
        """Put the chosen row on the clipboard."""
        words = self.copied()
        if words:
            QApplication.clipboard().setText(words)

    # slots

    def currentChanged(self, current: _Index, previous: _Index) -> None:
        super().currentChanged(current, previous)
        self.viewport().update()
        if self._moving or not current.isValid():
            return
        row = self._rows.loaded(current.row())
        if row is not None:
            self.chosen.emit(row.number)

    def dataChanged(self, topLeft: _Index, bottomRight: _Index, roles: Sequence[int] = ()) -> None:  # noqa: N803  # Qt's own names
        super().dataChanged(topLeft, bottomRight, roles)
        current = self.currentIndex().row()
        # Its page came after the keyboard had gone there.
        if not self._moving and topLeft.row() <= current <= bottomRight.row() and self.hasFocus():
            row = self._rows.loaded(current)
            if row is not None:
                self.chosen.emit(row.number)

    def _sort(self, section: int) -> None:
        column = COLUMNS[section]
        now = self._rows.query.sort
        # Newest and largest first, names from A on; a second press turns it round.
        first = column in ("number", "time", "left", "edit")
        self.sort_wanted.emit(Sort(column, not now.descending if now.column == column else first))

    def _resized(self, at: int, _before: int, after: int) -> None:
        if at != _STRETCHED and self.head.is_pulled and after:
            widths = self._remembered()
            widths[at] = after
            self._layout.setValue(_KEY, ",".join(str(width) for width in widths))

    def _scrolled(self) -> None:
        if self.at_top and not self._moving:
            self.topped.emit()

    def _turned(self) -> None:
        self._rowing.forget()
        self.viewport().update()
        self.head.viewport().update()

    # events

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        head, offset = self.head, self.verticalOffset()
        columns = [
            (at, head.sectionViewportPosition(at), head.sectionSize(at))
            for at in range(len(COLUMNS))
            if not head.isSectionHidden(at)
        ]
        wide, current, bad = self.viewport().width(), self.currentIndex().row(), self._rows.first_bad
        # Half a row that came into sight is painted whole; the rest is clipped.
        for at in self.in_sight:
            box = QRect(0, at * ROW_PX - offset, wide, ROW_PX)
            if event.rect().intersects(box):
                found: Row | None = self._rows.row_at(at)
                self._rowing.draw(painter, box, columns, found, at == current, at == self._hover, bad)
        if self.hasFocus() and current in self.in_sight:
            ring = QRectF(0, current * ROW_PX - offset, wide, ROW_PX)
            paint.draw_box(painter, ring.adjusted(0, 0, 0, 0), 0, None, self._theme.colour("blue"))

    def resizeEvent(self, event: QResizeEvent) -> None:
        # A narrow table says first who, what, and what became of it.
        widths = self._remembered()
        room = self.viewport().width() - sum(widths) - _PURPOSE_PX
        for column in _SPARED:
            at = AT[column]
            if self.isColumnHidden(at) != (room < 0):
                self.setColumnHidden(at, room < 0)
            room += widths[at] if room < 0 else 0
        for column, least in _NARROW.items():
            at = AT[column]
            width = max(least, widths[at] + room) if room < 0 else widths[at]
            room += widths[at] - min(widths[at], width)
            if self.columnWidth(at) != width:
                self.setColumnWidth(at, width)
        super().resizeEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.modifiers() == Qt.KeyboardModifier.ControlModifier and event.key() == Qt.Key.Key_C:
            self.copy()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self.opened.emit()
        elif event.key() in _ENDS and event.modifiers() in _PLAIN:
            # Qt's own would go to the ends of the row.
            last = self._rows.rowCount() - 1
            if last >= 0:
                self.setCurrentIndex(self._rows.index_of(last if event.key() == Qt.Key.Key_End else 0))
        elif event.key() in _MOVES and not event.modifiers() & Qt.KeyboardModifier.AltModifier:
            super().keyPressEvent(event)
        else:
            # Letters are the desk's keys here; nothing is found by typing.
            event.ignore()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hover_at(self.rowAt(event.position().toPoint().y()))
        super().mouseMoveEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self._hover_at(-1)
        super().leaveEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        super().mouseDoubleClickEvent(event)
        self.opened.emit()

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip:
            # A cell that is cut says the whole of itself.
            return self._tip(event)
        return super().viewportEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        spot = event.globalPos()
        if event.reason() == QContextMenuEvent.Reason.Keyboard and self.currentIndex().isValid():
            spot = self.viewport().mapToGlobal(self.visualRect(self.currentIndex()).center())
        self.menu_wanted.emit(spot)
        event.accept()

    # internals

    def _show_sort(self, sort: Sort) -> None:
        # The order that the desk opens with needs no mark.
        marked = sort != Sort()
        self.head.show_sort(COLUMNS.index(sort.column) if marked else -1, descending=sort.descending)

    def _choose(self, place: int | None) -> None:
        chooser = self.selectionModel()
        if place is None:
            chooser.clear()
            return
        # Qt brings a row that becomes current into sight, which would take away what somebody reads.
        self.setAutoScroll(False)
        chooser.setCurrentIndex(self._rows.index_of(place), _PRESSED)
        self.setAutoScroll(True)

    def _is(self, at: int, number: int | None) -> bool:
        row = self._rows.loaded(at)
        return row is not None and row.number == number

    def _hover_at(self, row: int) -> None:
        if row != self._hover:
            self._hover = row
            self.viewport().update()

    def _tip(self, event: QEvent) -> bool:
        from PySide6.QtGui import QHelpEvent
        from PySide6.QtWidgets import QToolTip

        if not isinstance(event, QHelpEvent):
            return False
        index = self.indexAt(event.pos())
        found = self._rows.row_at(index.row()) if index.isValid() else None
        words = (
            self._rowing.tip(found, index.column(), self.head.sectionSize(index.column())) if found else ""
        )
        QToolTip.showText(event.globalPos(), words, self.viewport(), self.visualRect(index))
        return True

    def _remembered(self) -> list[int]:
        """The kept widths; those of a first start where they are not what we wrote."""
        kept = self._layout.value(_KEY)
        parts = kept.split(",") if isinstance(kept, str) else []
        if len(parts) != len(COLUMNS) or not all(part.isdigit() for part in parts):
            return [_WIDTHS[column] for column in COLUMNS]
        widths = [min(600, max(40, int(part))) for part in parts]
        widths[_STRETCHED] = 0
        return widths

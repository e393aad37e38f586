"""The table of a slate: a project a line, with a small bar of what people decided there."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRectF, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QFontMetricsF, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from studio_assist.desk.kit import paint
from studio_assist.desk.review.bars import fill_decision
from studio_assist.desk.review.head import HEADER_PX, TableHead
from studio_assist.desk.review.slate_model import CHART, LEDGER, PROJECT, SlateModel
from studio_assist.desk.theme import Theme
from studio_assist.domain.review import Totals

ROW_PX: Final = 29
#: As many lines as are seen without scrolling.
_MOST_ROWS: Final = 6
_WIDTHS: Final = (116, 136, 60, 96, 66, 54, 66, 58, 60, 74, 86, 78, 80)
_Index = QModelIndex | QPersistentModelIndex


class SlateTable(QTableView):
    """Shows a `SlateModel`.

    Signals:
        chosen: the path of the project whose line is current.
        remove_wanted: Del on a line.
        menu_wanted: where a menu was asked for, in global coordinates.
    """

    chosen = Signal(str)
    remove_wanted = Signal()
    menu_wanted = Signal(QPoint)

    def __init__(self, theme: Theme, model: SlateModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines: Final = model
        self.setObjectName("slate_table")
        self.setAccessibleName("Projects of the slate")
        self.setModel(model)
        self.setItemDelegate(_LineDelegate(theme, model, self))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        rows = self.verticalHeader()
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setDefaultSectionSize(ROW_PX)
        head = TableHead(theme, self)
        head.setObjectName("slate_head")
        self.setHorizontalHeader(head)
        for column, width in enumerate(_WIDTHS):
            self.setColumnWidth(column, width)
        head.setStretchLastSection(True)
        model.modelReset.connect(self._fit)
        theme.changed.connect(self.viewport().update)
        self._fit()

    # methods

    def choose(self, path: str) -> None:
        """Make a project's line the current one."""
        row = self._lines.row_of(path)
        if row is not None:
            self.setCurrentIndex(self._lines.index(row, PROJECT))

    # slots

    def currentChanged(self, current: _Index, previous: _Index) -> None:
        super().currentChanged(current, previous)
        line = self._lines.line_at(current.row()) if current.isValid() else None
        if line is not None and (not previous.isValid() or previous.row() != current.row()):
            self.chosen.emit(line.path)

    def _fit(self) -> None:
        rows = min(_MOST_ROWS, max(1, self._lines.rowCount()))
        bar = self.horizontalScrollBar()
        spare = 12 if bar.maximum() > bar.minimum() else 0
        self.setFixedHeight(HEADER_PX + rows * ROW_PX + spare)

    # events

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Delete:
            self.remove_wanted.emit()
        elif event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Home, Qt.Key.Key_End):
            super().keyPressEvent(event)
        else:
            event.ignore()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        spot = event.globalPos()
        if event.reason() == QContextMenuEvent.Reason.Keyboard and self.currentIndex().isValid():
            spot = self.viewport().mapToGlobal(self.visualRect(self.currentIndex()).center())
        self.menu_wanted.emit(spot)
        event.accept()


class _LineDelegate(QStyledItemDelegate):
    """Draws one cell; bars are as long as their project's share of the longest."""

    def __init__(self, theme: Theme, lines: SlateModel, view: QTableView) -> None:
        super().__init__(view)
        self._theme: Final = theme
        self._lines: Final = lines
        self._view: Final = view

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        box = QRectF(option.rect)  # pyright: ignore[reportAttributeAccessIssue]  # a field of the C++ struct
        colour, column, row = self._theme.colour, index.column(), index.row()
        line = self._lines.line_at(row)
        chosen = line is not None and self._view.currentIndex().row() == row
        painter.save()
        if chosen:
            painter.fillRect(box, colour("selection"))
            if column == PROJECT:
                painter.fillRect(QRectF(box.left(), box.top(), 3, box.height()), colour("blue"))
        elif line is None:
            painter.fillRect(box, colour("surface1"))
        painter.fillRect(QRectF(box.left(), box.bottom() - 1, box.width(), 1), colour("line"))
        totals = self._lines.totals_at(row)
        if column == CHART:
            if totals is not None and line is not None:
                self._bar(painter, box, totals, verified=not line.altered)
        else:
            self._words(painter, box, column, row, chosen=chosen)
        painter.restore()

    # internals

    def _words(self, painter: QPainter, box: QRectF, column: int, row: int, *, chosen: bool) -> None:
        line = self._lines.line_at(row)
        strong = line is None or (line.own and column == PROJECT)
        token = "text" if column == PROJECT or line is None or chosen else "text2"
        inner = box.adjusted(10, 0, -6, 0)
        if column == LEDGER and line is not None:
            icon, tint = ("link", "green") if line.ledger_words == "Intact" else ("clock", "text3")
            if line.altered:
                icon, tint, token, strong = "warning", "redText", "redText", True
            ratio = self._view.devicePixelRatioF()
            pixmap = self._theme.pixmap(icon, tint, 13, ratio)
            painter.drawPixmap(round(inner.left()), round(inner.center().y() - 6), pixmap)
            inner.setLeft(inner.left() + 19)
        elif line is not None and line.altered and column != PROJECT:
            # What a broken record says is worth no more in a comparison than on its own desk.
            token = "disabled"
        font = self._theme.font("captionStrong" if strong else "caption")
        words = str(self._lines.index(row, column).data() or "")
        shown = QFontMetricsF(font).elidedText(words, Qt.TextElideMode.ElideRight, inner.width())
        paint.draw_text(painter, inner, font, self._theme.colour(token), shown)

    def _bar(self, painter: QPainter, box: QRectF, totals: Totals, *, verified: bool) -> None:
        most = self._lines.most
        left, wide = box.left() + 10, box.width() - 16
        for kind, count in enumerate((totals.accepted, totals.edited, totals.rejected)):
            if count and most:
                long = max(2.0, wide * count / most)
                piece = QRectF(left, box.center().y() - 5, long - 1, 10)
                fill_decision(painter, self._theme, piece, kind, verified=verified)
                left += long

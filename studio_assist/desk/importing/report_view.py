"""What of a file could not be read, or was read otherwise: a line each with its place and what to do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QGuiApplication, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QListView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from studio_assist.desk.kit import Button, Label, paint
from studio_assist.desk.theme import Theme
from studio_assist.domain.incoming import ReportLine

_WHERE_PX: Final = 132
_GAP: Final = 12
_Index = QModelIndex | QPersistentModelIndex
_ROW: Final = int(Qt.ItemDataRole.UserRole)


def report_text(report: Sequence[ReportLine]) -> str:
    """The report as text to hand on: place, sentence and remedy, a line each."""
    return "".join(f"{line.where}\t{line.what}\t{line.remedy}".rstrip() + "\n" for line in report)


class ReportView(QWidget):
    """The report of an import. Hidden where there is nothing to say.

    Args:
        most_px: how high the list may be; more of it is scrolled to.
    """

    def __init__(self, theme: Theme, most_px: int = 120, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("import_report")
        self._theme: Final = theme
        self._most: Final = most_px
        self._report: tuple[ReportLine, ...] = ()
        self._title: Final = Label(theme, "", "captionMedium", "text2")
        self._title.setObjectName("report_title")
        self._lines: Final = _Lines(self)
        self.list: Final = _List(theme, self._lines)
        self.copy: Final = Button(theme, "Copy as text", icon="copy", height_px=26)
        self.copy.setObjectName("report_copy")
        self.copy.clicked.connect(self.copy_text)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self._title, 1)
        head.addWidget(self.copy)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addLayout(head)
        column.addWidget(self.list)
        self.hide()

    # properties

    @property
    def report(self) -> tuple[ReportLine, ...]:
        return self._report

    # methods

    def show_report(self, report: tuple[ReportLine, ...]) -> None:
        """Say these lines."""
        self._report = report
        counted = "1 thing" if len(report) == 1 else f"{len(report):,} things"
        self._title.set_text(f"{counted} to know of the file")
        self._lines.set_report(report)
        self.setVisible(bool(report))
        self._fit()

    # slots

    def copy_text(self) -> None:
        """Put the report on the clipboard."""
        QGuiApplication.clipboard().setText(report_text(self._report))
        self.copy.set_text("Copied")

    # events

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    # internals

    def _fit(self) -> None:
        """As high as its first lines are, as they wrap at this width."""
        high = 4
        for row in range(len(self._report)):
            high += self.list.sizeHintForRow(row)
            if high > self._most:
                break
        self.list.setFixedHeight(min(self._most, high))


class _Lines(QAbstractListModel):
    """The lines of a report."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._report: tuple[ReportLine, ...] = ()

    def set_report(self, report: tuple[ReportLine, ...]) -> None:
        self.beginResetModel()
        self._report = report
        self.endResetModel()

    def rowCount(self, parent: _Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._report)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid() or index.row() >= len(self._report):
            return None
        line = self._report[index.row()]
        if role == _ROW:
            return line
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return f"{line.where}: {line.what} {line.remedy}".strip()
        return None


class _List(QListView):
    """Lines that wrap at the list's width."""

    def __init__(self, theme: Theme, lines: _Lines) -> None:
        super().__init__()
        self.setObjectName("report_lines")
        self.setAccessibleName("What could not be read")
        self.setModel(lines)
        self.setItemDelegate(_Delegate(theme, self))
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        # Thousands of lines are laid out piece by piece, beside what the person does.
        self.setLayoutMode(QListView.LayoutMode.Batched)
        self.viewport().setAutoFillBackground(False)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.scheduleDelayedItemsLayout()


class _Delegate(QStyledItemDelegate):
    """Place on the left; the sentence, and what to do, on the right."""

    def __init__(self, theme: Theme, view: QListView) -> None:
        super().__init__(view)
        self._theme: Final = theme
        self._view: Final = view

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        line = index.data(_ROW)
        if not isinstance(line, ReportLine):
            return QSize(0, 0)
        metrics = QFontMetricsF(self._theme.font("caption"))
        room = QRectF(0, 0, self._room(), 1000)
        box = metrics.boundingRect(room, int(Qt.TextFlag.TextWordWrap), _words(line))
        return QSize(self._view.viewport().width(), round(box.height()) + 10)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        line = index.data(_ROW)
        if not isinstance(line, ReportLine):
            return
        box = QRectF(option.rect)  # pyright: ignore[reportAttributeAccessIssue]  # a field of the C++ struct
        caption, colour = self._theme.font("caption"), self._theme.colour
        painter.save()
        metrics = QFontMetricsF(caption)
        where = metrics.elidedText(line.where, Qt.TextElideMode.ElideMiddle, _WHERE_PX)
        top = QRectF(box.left(), box.top() + 4, _WHERE_PX, metrics.height())
        paint.draw_text(painter, top, caption, colour("text3"), where)
        painter.setFont(caption)
        painter.setPen(colour("text"))
        words = QRectF(box.left() + _WHERE_PX + _GAP, box.top() + 4, self._room(), box.height() - 6)
        painter.drawText(words, int(Qt.TextFlag.TextWordWrap), _words(line))
        painter.restore()

    def _room(self) -> float:
        return max(80.0, self._view.viewport().width() - _WHERE_PX - _GAP - 6)


def _words(line: ReportLine) -> str:
    return f"{line.what} {line.remedy}".strip()

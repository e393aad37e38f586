"""The rows of an edit's changes: a small picture, what is other, and two equal ways to answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPointF,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QPainter, QPixmap
from PySide6.QtWidgets import (
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)

from studio_assist.desk.board.thumbnails import Missing, Thumbnails
from studio_assist.desk.importing.conform_words import Said
from studio_assist.desk.kit import paint
from studio_assist.desk.kit.answer_rows import AnswerList, draw_answers, draw_body, draw_ground
from studio_assist.desk.theme import Theme
from studio_assist.domain.conform import Change, NewInEdit
from studio_assist.domain.storyboard import Panel

ROW_PX: Final = 78
_PICTURE: Final = QSize(104, 58)
_BUTTON: Final = 92
_Index = QModelIndex | QPersistentModelIndex
_ROW: Final = int(Qt.ItemDataRole.UserRole)


@dataclass(frozen=True, slots=True)
class Row:
    """A change that waits for a person.

    Attributes:
        order: its place among all of the edit's changes.
        panel: what stands in the shot's frame; None: there is no such shot yet.
    """

    order: int
    change: Change
    said: Said
    panel: Panel | None


class ChangesModel(QAbstractListModel):
    """Changes that were neither taken nor left, in the edit's order."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._rows: list[Row] = []

    # properties

    @property
    def rows(self) -> list[Row]:
        return self._rows

    # methods

    def set_rows(self, rows: list[Row]) -> None:
        """Other changes."""
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()

    def drop(self, place: int) -> Row:
        """One was taken or left."""
        self.beginRemoveRows(QModelIndex(), place, place)
        row = self._rows.pop(place)
        self.endRemoveRows()
        return row

    def put_back(self, row: Row) -> int:
        """One waits again; gives its place."""
        place = sum(other.order < row.order for other in self._rows)
        self.beginInsertRows(QModelIndex(), place, place)
        self._rows.insert(place, row)
        self.endInsertRows()
        return place

    def rowCount(self, parent: _Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid() or index.row() >= len(self._rows):
            return None
        row = self._rows[index.row()]
        if role == _ROW:
            return row
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return f"{row.said.title}. {row.said.more}".strip()
        return None


class ChangeDelegate(QStyledItemDelegate):
    """Draws one change."""

    def __init__(self, theme: Theme, pictures: Thumbnails, view: QListView) -> None:
        super().__init__(view)
        self._theme: Final = theme
        self._pictures: Final = pictures
        self._view: Final = view

    # methods

    def buttons(self, box: QRectF) -> tuple[QRectF, QRectF]:
        """Where Take and Leave stand in a row."""
        right = box.right() - 12
        top = box.center().y() - 14
        return QRectF(right - 2 * _BUTTON - 8, top, _BUTTON, 28), QRectF(right - _BUTTON, top, _BUTTON, 28)

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        return QSize(400, ROW_PX)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        row = index.data(_ROW)
        if not isinstance(row, Row):
            return
        box = QRectF(option.rect)  # pyright: ignore[reportAttributeAccessIssue]  # a field of the C++ struct
        state = option.state  # pyright: ignore[reportAttributeAccessIssue]
        theme, colour = self._theme, self._theme.colour
        painter.save()
        draw_ground(painter, theme, box, chosen=bool(state & QStyle.StateFlag.State_Selected))
        self._picture(painter, QRectF(QPointF(box.left() + 12, box.top() + 10), _PICTURE), row)
        left = box.left() + 12 + _PICTURE.width() + 14
        take, leave = self.buttons(box)
        room = take.left() - left - 14
        strong = theme.font("strong")
        line = QRectF(left, box.top() + 12, room, 18)
        title = QFontMetricsF(strong).elidedText(row.said.title, Qt.TextElideMode.ElideRight, room)
        paint.draw_text(painter, line, strong, colour("text"), title)
        body = QRectF(left, box.top() + 32, room, 38)
        draw_body(painter, theme, body, row.said.more)
        draw_answers(painter, theme, ((take, "Take", "T"), (leave, "Leave", "L")))
        painter.restore()

    # internals

    def _picture(self, painter: QPainter, box: QRectF, row: Row) -> None:
        painter.fillRect(box, self._theme.colour("surface0"))
        media = row.panel.shown if row.panel is not None else None
        drawing: QPixmap | Missing | None = None
        if media is not None:
            ratio = self._view.devicePixelRatioF()
            drawing = self._pictures.picture(media, _PICTURE.width(), _PICTURE.height(), ratio)
        if isinstance(drawing, QPixmap):
            size = drawing.deviceIndependentSize()
            scale = min(box.width() / size.width(), box.height() / size.height())
            across, down = size.width() * scale, size.height() * scale
            fitted = QRectF(box.center().x() - across / 2, box.center().y() - down / 2, across, down)
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawPixmap(fitted, drawing, QRectF(drawing.rect()))
        elif media is None or isinstance(drawing, Missing):
            meta = self._theme.font("meta")
            text = "New" if isinstance(row.change, NewInEdit) else "Empty" if media is None else "Missing"
            wide = paint.text_width(meta, text)
            at = box.adjusted((box.width() - wide) / 2, 0, 0, 0)
            paint.draw_text(painter, at, meta, self._theme.colour("text3"), text)
        paint.draw_box(painter, box, 2, None, self._theme.colour("lineStrong"))


class ChangesList(AnswerList):
    """The rows. T takes the chosen one, L leaves it; Enter does nothing.

    Signals:
        undo: the last answer is to be taken back.
    """

    undo = Signal()

    def __init__(self, theme: Theme, rows: ChangesModel, pictures: Thumbnails) -> None:
        super().__init__(rows, Qt.Key.Key_L)
        self.setObjectName("conform_changes")
        self.setAccessibleName("Changes from editorial")
        self.cells: Final = ChangeDelegate(theme, pictures, self)
        self.setItemDelegate(self.cells)
        self.set_buttons(self.cells.buttons)

    # events

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Z and event.modifiers() == Qt.KeyboardModifier.ControlModifier:
            self.undo.emit()
            event.accept()
            return
        super().keyPressEvent(event)

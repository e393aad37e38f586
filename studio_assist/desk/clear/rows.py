"""The two lists of the desk: what people want to do, and the requests."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QPainter
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from studio_assist.desk.clear.words import Status
from studio_assist.desk.kit import paint
from studio_assist.desk.theme import Theme

USE_PX: Final = 50
REQUEST_PX: Final = 61
_ROW: Final = Qt.ItemDataRole.UserRole
_BADGE_PX: Final = 20

_Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class UseRow:
    """One use: what it is called, what comes out, and an icon."""

    id: str
    title: str
    under: str
    icon: str

    @property
    def said(self) -> str:
        return f"{self.title}. {self.under}"


@dataclass(frozen=True, slots=True)
class RequestRow:
    """One request; `label` is its number as people say it."""

    id: str
    label: str
    title: str
    under: str
    status: Status

    @property
    def said(self) -> str:
        return f"{self.label}, {self.title}. {self.under}. {self.status.words}"


Row = UseRow | RequestRow


class _Model(QAbstractListModel):
    def __init__(self, parent: QListView) -> None:
        super().__init__(parent)
        self.rows: list[Row] = []

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008  # Qt's own default
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        row = self.rows[index.row()]
        if role == _ROW:
            return row
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return row.title
        return row.said if role == Qt.ItemDataRole.AccessibleTextRole else None

    def set_rows(self, rows: Sequence[Row]) -> None:
        self.beginResetModel()
        self.rows = list(rows)
        self.endResetModel()


class RowList(QListView):
    """A list of which one row is on. Up and Down go through it.

    Signals:
        chosen: id of the row that the person went to.
    """

    chosen = Signal(str)

    def __init__(self, theme: Theme, name: str, row_px: int) -> None:
        super().__init__()
        self._model: Final = _Model(self)
        self.setModel(self._model)
        self.setItemDelegate(_Delegate(theme, self, row_px))
        self.setAccessibleName(name)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.viewport().setAutoFillBackground(False)
        self.clicked.connect(lambda index: self._tell(index.row()))
        theme.changed.connect(self.viewport().update)

    # properties

    @property
    def rows(self) -> tuple[Row, ...]:
        """What it shows, in order."""
        return tuple(self._model.rows)

    @property
    def current(self) -> str | None:
        """Id of the row that is on."""
        at = self.currentIndex().row()
        return self._model.rows[at].id if 0 <= at < len(self._model.rows) else None

    # methods

    def show_rows(self, rows: Sequence[Row], current: str | None) -> None:
        """Show these rows, one of them as on, without telling anybody."""
        if list(rows) != self._model.rows:
            self._model.set_rows(rows)
        at = next((at for at, row in enumerate(rows) if row.id == current), -1)
        index = self._model.index(at) if at >= 0 else QModelIndex()
        if index != self.currentIndex():
            self.setCurrentIndex(index)
            if at < 0:
                self.clearSelection()

    def step(self, by: int) -> None:
        """Go some rows on, as by a key."""
        at = self.currentIndex().row()
        count = len(self._model.rows)
        there = max(0, min(count - 1, at + by)) if at >= 0 else (0 if by > 0 else count - 1)
        if count and there != at:
            self.setCurrentIndex(self._model.index(there))
            self._tell(there)

    # events

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
        if step is not None and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            event.accept()
            self.step(step)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            # With Ctrl it is the desk's; alone, what is on is shown already.
            event.ignore()
        else:
            super().keyPressEvent(event)

    # internals

    def _tell(self, at: int) -> None:
        if 0 <= at < len(self._model.rows):
            self.chosen.emit(self._model.rows[at].id)


class _Delegate(QStyledItemDelegate):
    def __init__(self, theme: Theme, view: RowList, row_px: int) -> None:
        super().__init__(view)
        self._theme: Final = theme
        self._view: Final = view
        self._row_px: Final = row_px

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        return QSize(120, self._row_px)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        row = index.data(_ROW)
        box = QRectF(option.rect)  # pyright: ignore[reportAttributeAccessIssue]  # a field of the C++ struct
        state = option.state  # pyright: ignore[reportAttributeAccessIssue]
        on = self._view.currentIndex().row() == index.row()
        hot = bool(state & QStyle.StateFlag.State_MouseOver)
        colour = self._theme.colour
        painter.save()
        if on:
            painter.fillRect(box, colour("selection"))
            painter.fillRect(QRectF(box.left(), box.top(), 3, box.height()), colour("blue"))
        elif hot:
            painter.fillRect(box, colour("surface2"))
        # Captions on the selection would fall below 4.5:1.
        quiet = "text2" if on else "text3"
        if isinstance(row, UseRow):
            self._use(painter, box, row, quiet)
        elif isinstance(row, RequestRow):
            painter.fillRect(QRectF(box.left(), box.bottom() - 1, box.width(), 1), colour("line"))
            self._request(painter, box, row, quiet)
        if on and self._view.hasFocus():
            paint.draw_focus(painter, self._theme, box.adjusted(0, 0, 0, -1), 2)
        painter.restore()

    # internals

    def _use(self, painter: QPainter, box: QRectF, row: UseRow, quiet: str) -> None:
        theme = self._theme
        ratio = self._view.devicePixelRatioF()
        pixmap = theme.pixmap(row.icon, "text2", 16, ratio)
        painter.drawPixmap(round(box.left()) + 12, round(box.top()) + 8, pixmap)
        room = box.width() - 42 - 12
        self._line(painter, QRectF(box.left() + 42, box.top() + 7, room, 18), "control", "text", row.title)
        self._line(painter, QRectF(box.left() + 42, box.top() + 26, room, 16), "meta", quiet, row.under)

    def _request(self, painter: QPainter, box: QRectF, row: RequestRow, quiet: str) -> None:
        theme = self._theme
        left, room = box.left() + 60, box.width() - 72
        self._line(painter, QRectF(box.left() + 12, box.top() + 9, 46, 18), "caption", quiet, row.label)
        self._line(painter, QRectF(left, box.top() + 9, room, 18), "control", "text", row.title)
        width = status_width(theme, row.status)
        widest = min(width, room - 60)
        draw_status(
            painter, theme, QRectF(box.right() - 12 - widest, box.top() + 31, widest, _BADGE_PX), row.status
        )
        self._line(painter, QRectF(left, box.top() + 33, room - widest - 10, 16), "meta", quiet, row.under)

    def _line(self, painter: QPainter, box: QRectF, role: str, token: str, words: str) -> None:
        font = self._theme.font(role)
        cut = QFontMetricsF(font).elidedText(words, Qt.TextElideMode.ElideRight, box.width())
        paint.draw_text(painter, box, font, self._theme.colour(token), cut)


#: Ground, border and words of each tone; "" is no ground.
_TONES: Final = {
    "outline": ("", "lineStrong", "text2"),
    "grey": ("surface3", "lineStrong", "text"),
    "green": ("greenGround", "green", "greenText"),
    "red": ("redGround", "red", "redText"),
    "dashed": ("", "lineStrong", "text2"),
}


def status_width(theme: Theme, status: Status) -> float:
    """Width in px of a state's badge."""
    return (26 if status.icon else 8) + paint.text_width(theme.font("metaMedium"), status.words) + 9


def draw_status(painter: QPainter, theme: Theme, box: QRectF, status: Status) -> None:
    """A state in its little box."""
    ground, edge, token = _TONES[status.tone]
    paint.draw_box(
        painter,
        box,
        3,
        theme.colour(ground) if ground else None,
        theme.colour(edge),
        dashed=status.tone == "dashed",
    )
    left = 8.0
    if status.icon:
        pixmap = theme.pixmap(status.icon, token, 12, painter.device().devicePixelRatioF())
        painter.drawPixmap(round(box.left()) + 8, round(box.top()) + 4, pixmap)
        left = 26.0
    font = theme.font("metaMedium")
    words = QFontMetricsF(font).elidedText(status.words, Qt.TextElideMode.ElideRight, box.width() - left - 7)
    paint.draw_text(painter, box.adjusted(left, 0, 0, 0), font, theme.colour(token), words)

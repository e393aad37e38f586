"""Find or do: one field over everything that can be done, and every scene."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QApplication,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from studio_assist.desk.kit import Card, Divider, Field, Label, paint
from studio_assist.desk.shell.commands import Commands
from studio_assist.desk.shell.matching import fit
from studio_assist.desk.shell.model import ShellModel
from studio_assist.desk.theme import Theme

ROW_PX: Final = 34
ROWS_SHOWN: Final = 10
#: More matches than this help nobody; typing another letter does.
MATCHES_MAX: Final = 200


@dataclass(frozen=True, slots=True)
class Found:
    """One line of the list: a command by its id, or a scene by its index."""

    kind: Literal["command", "scene"]
    id: str
    title: str
    icon: str
    keys: str = ""
    enabled: bool = True
    why: str = ""
    number: str = ""


def find(typed: str, commands: Commands, model: ShellModel, desk: str) -> list[Found]:
    """What fits the typed words, best first.

    Of one rank the desk's own commands come first, then the general ones, scenes, and what is off.
    """
    ranked: list[tuple[int, int, int, Found]] = []
    for at, command in enumerate(commands.all):
        if not command.listed or command.handler is None or not command.fits(desk):
            continue
        rank = fit(typed, command.title)
        if rank is not None:
            on = commands.enabled(command.id)
            keys = commands.keys(command.id)
            why = commands.why(command.id)
            icon = command.icon or "command"
            found = Found("command", command.id, command.title, icon, keys, on, why)
            group = 3 if not on else 0 if command.desk else 1
            ranked.append((rank, group, at, found))
    for scene in model.scenes:
        # Without a word there is no reason to list hundreds of scenes.
        rank = fit(typed, f"{scene.number} {scene.heading}") if typed.strip() else None
        if rank is not None:
            found = Found("scene", str(scene.index), scene.heading, "document", number=scene.number)
            ranked.append((rank, 2, scene.index, found))
    ranked.sort(key=lambda entry: entry[:3])
    return [entry[3] for entry in ranked[:MATCHES_MAX]]


class _Matches(QAbstractListModel):
    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.rows: list[Found] = []

    def show(self, rows: list[Found]) -> None:
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex | None = None) -> int:
        return len(self.rows)

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = 0) -> object:
        if not index.isValid():
            return None
        row = self.rows[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return f"Scene {row.number} {row.title}" if row.kind == "scene" else row.title
        return None

    def flags(self, index: QModelIndex | QPersistentModelIndex) -> Qt.ItemFlag:
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable


class _Row(QStyledItemDelegate):
    def __init__(self, theme: Theme, matches: _Matches) -> None:
        super().__init__(matches)
        self._theme = theme
        self._matches = matches

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(100, ROW_PX)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        theme, row = self._theme, self._matches.rows[index.row()]
        box = QRectF(option.rect)  # type: ignore[attr-defined]  # missing in the stubs of QStyleOption
        state = option.state  # type: ignore[attr-defined]  # the same
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        if chosen:
            painter.fillRect(box, theme.colour("selection"))
            painter.fillRect(QRectF(box.left(), box.top(), 3, box.height()), theme.colour("blue"))
        quiet = "text2" if chosen else "text3"
        ratio = painter.device().devicePixelRatioF()
        token = "text2" if row.enabled else "disabled"
        top = round(box.center().y() - 8)
        painter.drawPixmap(round(box.left() + 16), top, theme.pixmap(row.icon, token, 16, ratio))
        left = box.left() + 44
        if row.number:
            font = theme.font("captionStrong")
            paint.draw_text(painter, box.adjusted(44, 0, 0, 0), font, theme.colour(quiet), row.number)
            left += max(28.0, paint.text_width(font, row.number) + 10)
        font = theme.font("body")
        words = QRectF(box)
        words.setLeft(left)
        paint.draw_text(painter, words, font, theme.colour("text" if row.enabled else "disabled"), row.title)
        if row.keys:
            width = paint.key_width(theme, row.keys)
            paint.draw_key(painter, theme, box.right() - 14 - width, box.center().y(), row.keys, row.enabled)
        elif row.why:
            words.setLeft(left + paint.text_width(font, row.title) + 12)
            paint.draw_text(painter, words, theme.font("caption"), theme.colour(quiet), row.why)


class CommandBox(QWidget):
    """The open list. Type, move with Up and Down, Enter does it, Esc closes.

    Signals:
        command_chosen: a command's id; it was closed before.
        scene_chosen: a scene's index.
    """

    command_chosen = Signal(str)
    scene_chosen = Signal(int)

    def __init__(self, theme: Theme, window: QWidget, commands: Commands, model: ShellModel) -> None:
        super().__init__(window)
        self._window: Final = window
        self._commands: Final = commands
        self._model: Final = model
        self._desk = ""
        self._before: QWidget | None = None
        self.setObjectName("command_box")
        self.setAccessibleName("Find or do")
        self._card: Final = Card(theme, "surface2", 8, self)
        self.field: Final = Field(theme, "Find or do", placeholder="A command, or a scene by number or words")
        self.field.setProperty("bare", True)
        self.field.textChanged.connect(self._search)
        self.field.installEventFilter(self)
        self._matches: Final = _Matches(self)
        self.list: Final = QListView()
        self.list.setAccessibleName("What fits")
        self.list.setModel(self._matches)
        self.list.setItemDelegate(_Row(theme, self._matches))
        self.list.setUniformItemSizes(True)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.clicked.connect(self._clicked)
        self._none: Final = Label(theme, "Nothing fits. Try fewer letters.", "body", "text3")
        self._none.setContentsMargins(16, 10, 16, 10)
        column = QVBoxLayout(self._card)
        column.setContentsMargins(1, 1, 1, 6)
        column.setSpacing(0)
        head = QVBoxLayout()
        head.setContentsMargins(16, 8, 16, 8)
        head.addWidget(self.field)
        column.addLayout(head)
        column.addWidget(Divider(theme, token="lineStrong"))
        column.addSpacing(5)
        column.addWidget(self.list)
        column.addWidget(self._none)
        window.installEventFilter(self)
        self.hide()

    # methods

    def open(self, desk: str) -> None:
        """Show the list for a desk, empty."""
        if self.isHidden():
            self._before = QApplication.focusWidget()
        self._desk = desk
        self.field.clear()
        self._search()
        self.show()
        self.raise_()
        self.field.setFocus(Qt.FocusReason.PopupFocusReason)

    def dismiss(self) -> None:
        """Close it and give the focus back."""
        if self.isHidden():
            return
        self.hide()
        if self._before is not None and self._before.isVisible():
            self._before.setFocus(Qt.FocusReason.PopupFocusReason)

    # slots

    def _clicked(self, index: QModelIndex) -> None:
        self._do(index.row())

    def _search(self) -> None:
        rows = find(self.field.text(), self._commands, self._model, self._desk)
        self._matches.show(rows)
        self.list.setVisible(bool(rows))
        self._none.setVisible(not rows)
        if rows:
            first = next((at for at, row in enumerate(rows) if row.enabled), 0)
            self.list.setCurrentIndex(self._matches.index(first, 0))
        self._fit()

    # events

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._window and event.type() == QEvent.Type.Resize and self.isVisible():
            self._fit()
        if watched is self.field and isinstance(event, QKeyEvent):
            if event.type() == QEvent.Type.ShortcutOverride:
                event.accept()
                return True
            if event.type() == QEvent.Type.KeyPress:
                return self._key(event)
        return super().eventFilter(watched, event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if not self._card.geometry().contains(event.position().toPoint()):
            self.dismiss()

    def paintEvent(self, event: QPaintEvent) -> None:
        # Transparent but for the card: the desk stays in sight, and a press beside the card closes it.
        pass

    # internals

    def _key(self, event: QKeyEvent) -> bool:
        steps = {
            Qt.Key.Key_Down: 1,
            Qt.Key.Key_Up: -1,
            Qt.Key.Key_PageDown: ROWS_SHOWN,
            Qt.Key.Key_PageUp: -ROWS_SHOWN,
        }
        key = Qt.Key(event.key())
        if key in steps:
            self._move(steps[key])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._do(self.list.currentIndex().row())
        elif key == Qt.Key.Key_Escape:
            self.dismiss()
        elif key in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
            self._move(1 if key == Qt.Key.Key_Tab else -1)
        else:
            return False
        return True

    def _move(self, step: int) -> None:
        count = self._matches.rowCount()
        if count:
            row = self.list.currentIndex().row()
            there = (row + step) % count if abs(step) == 1 else min(count - 1, max(0, row + step))
            self.list.setCurrentIndex(self._matches.index(there, 0))

    def _do(self, at: int) -> None:
        if not 0 <= at < self._matches.rowCount():
            return
        row = self._matches.rows[at]
        if not row.enabled:
            return
        self.dismiss()
        if row.kind == "command":
            self.command_chosen.emit(row.id)
        else:
            self.scene_chosen.emit(int(row.id))

    def _fit(self) -> None:
        self.setGeometry(self._window.rect())
        rows = min(ROWS_SHOWN, self._matches.rowCount())
        self.list.setFixedHeight(max(1, rows * ROW_PX))
        width = min(560, self._window.width() - 48)
        height = 52 + (rows * ROW_PX + 7 if rows else 46)
        self._card.setGeometry((self._window.width() - width) // 2, 56, width, height)

"""The shots that are shown, in order: one model for the grid and the list, so that both choose the same."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from studio_assist.desk.board.book import BoardBook
from studio_assist.desk.board.filters import Filter
from studio_assist.desk.board.shot_words import ANGLE_WORDS, MOVEMENT_WORDS
from studio_assist.desk.board.states import seconds_text, spoken, status_of
from studio_assist.domain.storyboard import Shot, ShotId

_Index = QModelIndex | QPersistentModelIndex

#: The shot's id.
SHOT: Final = int(Qt.ItemDataRole.UserRole)

COLUMNS: Final = ("Shot", "Size", "Angle", "Lens", "Movement", "Duration", "Action", "State")
NUMBER, SIZE, ANGLE, LENS, MOVEMENT, DURATION, ACTION, STATE = range(len(COLUMNS))


class ShotsModel(QAbstractTableModel):
    """Rows are laid over the old ones: what both have at either end stays, and only the difference is told.

    Signals:
        shown_changed: other shots are shown, or in another order.
    """

    shown_changed = Signal()

    def __init__(self, book: BoardBook, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._book: Final = book
        self._filter = Filter()
        self._shown: list[ShotId] = []
        self._rows: dict[ShotId, int] = {}
        book.reset.connect(self._reset)
        book.order_changed.connect(self.refresh)
        book.changed.connect(self._changed)

    # properties

    @property
    def filter(self) -> Filter:
        return self._filter

    @property
    def shown(self) -> Sequence[ShotId]:
        """Ids in order."""
        return self._shown

    # methods

    def set_filter(self, wanted: Filter) -> None:
        """Show only shots that pass."""
        if wanted != self._filter:
            self._filter = wanted
            self.refresh()

    def shot_at(self, index: _Index) -> ShotId | None:
        """The shot of an index."""
        return self._shown[index.row()] if 0 <= index.row() < len(self._shown) else None

    def place_of(self, shot: ShotId | None, column: int = 0) -> QModelIndex:
        """Where a shot stands; invalid where it is not shown."""
        row = self._rows.get(shot) if shot is not None else None
        return QModelIndex() if row is None else self.index(row, column)

    def spot_of(self, shot: ShotId) -> tuple[int, int] | None:
        """0 and the row that a shot has; None where it is not shown."""
        row = self._rows.get(shot)
        return None if row is None else (0, row)

    def rowCount(self, parent: _Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._shown)

    def columnCount(self, parent: _Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(COLUMNS)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return COLUMNS[section]
        if role == Qt.ItemDataRole.TextAlignmentRole and section == DURATION:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        one = self.shot_at(index)
        if one is None:
            return None
        if role == SHOT:
            return one
        if role == Qt.ItemDataRole.AccessibleTextRole and index.column() == 0:
            return spoken(
                self._book.shot(one),
                self._book.state(one),
                self._book.live(one),
                self._book.waiting(one),
            )
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return self._text(self._book.shot(one), index.column())
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._tip(self._book.shot(one))
        return None

    # slots

    def refresh(self) -> None:
        """Show what passes now."""
        book, wanted = self._book, self._filter
        if wanted.on:
            new = [shot.id for shot in book.shots if wanted.shows(shot, book.variants(shot.id))]
        else:
            new = [shot.id for shot in book.shots]
        self._lay(new)

    def _reset(self) -> None:
        book = self._book
        if self._filter.scene is not None and self._filter.scene not in book.scenes:
            self._filter = Filter()
        self.refresh()
        if self._shown:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._shown) - 1, len(COLUMNS) - 1))

    def _changed(self, shots: list[ShotId]) -> None:
        if self._filter.on:
            self.refresh()
        rows = sorted(row for shot in shots if (row := self._rows.get(shot)) is not None)
        if rows:
            # Rows that stand apart are few; those of a whole board stand together.
            if len(rows) > 64:
                rows = [rows[0], rows[-1]]
                self.dataChanged.emit(self.index(rows[0], 0), self.index(rows[1], len(COLUMNS) - 1))
                return
            for row in rows:
                self.dataChanged.emit(self.index(row, 0), self.index(row, len(COLUMNS) - 1))

    # internals

    def _text(self, shot: Shot, column: int) -> str:
        match column:
            case 0:
                return shot.number
            case 1:
                return shot.size.value
            case 2:
                return ANGLE_WORDS[shot.angle]
            case 3:
                return f"{shot.lens_mm} mm"
            case 4:
                return MOVEMENT_WORDS[shot.movement]
            case 5:
                return seconds_text(shot.duration_ms)
            case 6:
                return " ".join((shot.action or shot.title).split())
            case _:
                return status_of(self._book.state(shot.id), shot, self._book.waiting(shot.id)).words

    def _tip(self, shot: Shot) -> str:
        lines = [f"{shot.number}  {shot.title}".strip()]
        live = self._book.live(shot.id)
        if live is not None and live.why:
            lines.append(f"{live.why} {live.remedy}".strip())
        if shot.tie is not None and shot.tie.state == "lost":
            lines.append("The lines that it was made from are no longer in the script.")
        return "\n".join(lines)

    def _lay(self, new: list[ShotId]) -> None:
        old = self._shown
        if new == old:
            return
        head, most = 0, min(len(old), len(new))
        while head < most and old[head] == new[head]:
            head += 1
        tail = 0
        while tail < most - head and old[-1 - tail] == new[-1 - tail]:
            tail += 1
        gone, come = len(old) - head - tail, len(new) - head - tail
        root = QModelIndex()
        if gone and come:
            # Rows that a person chose stay chosen by their ids; the views are told where they stand now.
            self.beginResetModel()
            self._set(new)
            self.endResetModel()
        elif gone:
            self.beginRemoveRows(root, head, head + gone - 1)
            self._set(new)
            self.endRemoveRows()
        else:
            self.beginInsertRows(root, head, head + come - 1)
            self._set(new)
            self.endInsertRows()
        self.shown_changed.emit()

    def _set(self, new: list[ShotId]) -> None:
        self._shown = new
        self._rows = {shot: row for row, shot in enumerate(new)}

"""The outline's rows: scenes with their sections, filtered, and brought up to date without a reset."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

_Index = QModelIndex | QPersistentModelIndex

#: The row itself, a `SceneRow` or a `SectionRow`.
ROW: Final = int(Qt.ItemDataRole.UserRole)
#: Whether the caret stands in this row's scene.
CURRENT: Final = ROW + 1


@dataclass(frozen=True, slots=True)
class SceneRow:
    """One scene.

    Attributes:
        index: place among the script's scenes, from 0.
        number: as it is printed, written or counted.
        eighths: length in eighths of a page.
        temp: lines of temp text in it.
    """

    index: int
    number: str
    heading: str
    eighths: int
    temp: int = 0

    @property
    def length(self) -> str:
        """The length as production offices write it: "1 6/8 pages"."""
        pages, rest = divmod(max(1, self.eighths), 8)
        whole = str(pages) if pages else ""
        part = f"{rest}/8" if rest else ""
        return f"{' '.join(filter(None, (whole, part)))} {'page' if (pages, rest) == (1, 0) else 'pages'}"

    @property
    def spoken(self) -> str:
        """What a screen reader says."""
        temp = f", {self.temp} temp {'line' if self.temp == 1 else 'lines'}" if self.temp else ""
        return f"Scene {self.number}, {self.heading}, {self.length}{temp}"


@dataclass(frozen=True, slots=True)
class SectionRow:
    """A section heading (`# Act one`) ahead of its scenes. `level` counts the hashes."""

    title: str
    level: int = 1

    @property
    def spoken(self) -> str:
        return f"Section {self.title}"


Row = SceneRow | SectionRow


class OutlineModel(QAbstractListModel):
    """All rows of a script, of which those that pass the filter are shown.

    New rows are laid over the old ones: equal rows at both ends stay, the rest changes in place, and only
    the difference in number is put in or taken out. So a keystroke that lengthens a scene redraws one row.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._all: list[Row] = []
        self._shown: list[Row] = []
        self._place_of: dict[int, int] = {}
        self._current: int | None = None
        self._wanted = ""
        self._only_temp = False

    # properties

    @property
    def scenes(self) -> int:
        """How many scenes the script has, shown or not."""
        return sum(1 for row in self._all if isinstance(row, SceneRow))

    @property
    def shown_scenes(self) -> int:
        """How many scenes pass the filter."""
        return len(self._place_of)

    @property
    def filtered(self) -> bool:
        """Whether a filter is on."""
        return bool(self._wanted) or self._only_temp

    @property
    def current(self) -> int | None:
        """The scene that the caret stands in."""
        return self._current

    @property
    def has_sections(self) -> bool:
        return self.scenes != len(self._all)

    # methods

    def set_rows(self, rows: Sequence[Row]) -> None:
        """The script's scenes and sections, in order."""
        self._all = list(rows)
        self._show()

    def set_filter(self, wanted: str, only_temp: bool) -> None:
        """Show only scenes whose number or heading holds `wanted`, or only those with temp lines."""
        self._wanted, self._only_temp = wanted.strip().casefold(), only_temp
        self._show()

    def set_current(self, scene: int | None) -> None:
        """The scene that the caret stands in, by its index."""
        if scene == self._current:
            return
        before, self._current = self._current, scene
        for changed in (before, scene):
            if changed is not None and changed in self._place_of:
                place = self.index(self._place_of[changed])
                self.dataChanged.emit(place, place, [CURRENT])

    def row(self, index: _Index) -> Row | None:
        """The row at an index of the model."""
        return self._shown[index.row()] if index.isValid() and index.row() < len(self._shown) else None

    def place_of(self, scene: int | None) -> QModelIndex:
        """Where a scene stands in the list; invalid where the filter hides it."""
        return self.index(self._place_of[scene]) if scene in self._place_of else QModelIndex()

    def find(self, typed: str, after: int) -> QModelIndex:
        """The next scene after row `after` whose number or heading is or holds what was typed."""
        wanted = typed.strip().casefold()
        if not wanted:
            return QModelIndex()
        count = len(self._shown)
        order = [(after + 1 + step) % count for step in range(count)]
        scenes = [(place, row) for place in order if isinstance(row := self._shown[place], SceneRow)]
        for exact in (True, False):
            for place, row in scenes:
                number = row.number.casefold()
                if (
                    number == wanted
                    if exact
                    else number.startswith(wanted) or wanted in row.heading.casefold()
                ):
                    return self.index(place)
        return QModelIndex()

    def rowCount(self, parent: _Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._shown)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self.row(index)
        if row is None:
            return None
        if role == ROW:
            return row
        if role == CURRENT:
            return isinstance(row, SceneRow) and row.index == self._current
        if role == Qt.ItemDataRole.DisplayRole:
            return f"{row.number}  {row.heading}" if isinstance(row, SceneRow) else row.title
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return row.spoken
        if role == Qt.ItemDataRole.ToolTipRole and isinstance(row, SceneRow):
            return row.heading
        return None

    def flags(self, index: _Index) -> Qt.ItemFlag:
        if isinstance(self.row(index), SceneRow):
            return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren
        return Qt.ItemFlag.ItemNeverHasChildren

    # internals

    def _passes(self, row: Row) -> bool:
        if isinstance(row, SectionRow):
            return False
        if self._only_temp and not row.temp:
            return False
        return self._wanted in row.heading.casefold() or row.number.casefold() == self._wanted

    def _show(self) -> None:
        old, new = (
            self._shown,
            [row for row in self._all if self._passes(row)] if self.filtered else self._all,
        )
        head = 0
        while head < min(len(old), len(new)) and old[head] == new[head]:
            head += 1
        tail = 0
        while tail < min(len(old), len(new)) - head and old[-1 - tail] == new[-1 - tail]:
            tail += 1
        gone, come = len(old) - head - tail, len(new) - head - tail
        kept = min(gone, come)
        self._place_of = {row.index: place for place, row in enumerate(new) if isinstance(row, SceneRow)}
        if gone > come:
            self.beginRemoveRows(QModelIndex(), head + kept, head + gone - 1)
            self._shown = list(new)
            self.endRemoveRows()
        elif come > gone:
            self.beginInsertRows(QModelIndex(), head + kept, head + come - 1)
            self._shown = list(new)
            self.endInsertRows()
        else:
            self._shown = list(new)
        if kept:
            self.dataChanged.emit(self.index(head), self.index(head + kept - 1))

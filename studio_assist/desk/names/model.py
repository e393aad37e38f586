"""The production's names as a table: searched, sorted, and quick with thousands of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from studio_assist.domain.names import NameKind, NameTerm

_Index = QModelIndex | QPersistentModelIndex

#: What the kinds are called.
KINDS: Final[dict[NameKind, str]] = {
    NameKind.CHARACTER: "Character",
    NameKind.PERSON: "Living person",
    NameKind.TITLE: "Title",
    NameKind.PLACE: "Place",
    NameKind.ORGANISATION: "Organisation",
    NameKind.OTHER: "Other",
}
#: Who put a name on the list.
SOURCES: Final = {"script": "The script", "person": "A person"}
COLUMNS: Final = ("Name", "Kind", "Also written", "Put here by")


class NamesModel(QAbstractTableModel):
    """All names, of which those that hold what is searched for are shown, in alphabetical order."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._all: list[tuple[str, NameTerm]] = []
        self._shown: list[NameTerm] = []
        self._wanted: tuple[str, ...] = ()

    # properties

    @property
    def total(self) -> int:
        """How many names there are, shown or not."""
        return len(self._all)

    # methods

    def set_names(self, names: Sequence[NameTerm]) -> None:
        """Show these names, sorted."""
        self.beginResetModel()
        ordered = sorted(names, key=lambda name: (name.text.casefold(), name.kind))
        self._all = [(_haystack(name), name) for name in ordered]
        self._search()
        self.endResetModel()

    def search(self, words: str) -> None:
        """Show the names that hold every one of these words, somewhere in their row."""
        wanted = tuple(words.casefold().split())
        if wanted != self._wanted:
            self.beginResetModel()
            self._wanted = wanted
            self._search()
            self.endResetModel()

    def name_at(self, row: int) -> NameTerm | None:
        """The name that is shown in a row."""
        return self._shown[row] if 0 <= row < len(self._shown) else None

    def row_of(self, text: str) -> int:
        """Where a name is shown, -1 where it is not."""
        low = text.casefold()
        return next((row for row, name in enumerate(self._shown) if name.text.casefold() == low), -1)

    # Qt's questions

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008  # Qt's own signature
        return 0 if parent.isValid() else len(self._shown)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008  # Qt's own signature
        return 0 if parent.isValid() else len(COLUMNS)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        name = self.name_at(index.row())
        if name is None:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return _cells(name)[index.column()]
        if role == Qt.ItemDataRole.ToolTipRole:
            return _cells(name)[index.column()] or None
        if role == Qt.ItemDataRole.AccessibleTextRole:
            also = f", also written {', '.join(name.aliases)}" if name.aliases else ""
            return f"{name.text}, {KINDS[name.kind]}{also}, put here by {SOURCES[name.source].lower()}"
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation == Qt.Orientation.Horizontal:
            if role == Qt.ItemDataRole.DisplayRole:
                return COLUMNS[section]
            if role == Qt.ItemDataRole.TextAlignmentRole:
                return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        return None

    # internals

    def _search(self) -> None:
        wanted = self._wanted
        self._shown = [name for words, name in self._all if all(word in words for word in wanted)]


class WordsModel(QAbstractTableModel):
    """Words of which somebody said that they are no names."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._all: tuple[str, ...] = ()
        self._shown: list[str] = []
        self._wanted = ""

    # properties

    @property
    def total(self) -> int:
        """How many words there are, shown or not."""
        return len(self._all)

    # methods

    def set_words(self, words: Sequence[str]) -> None:
        """Show these words, sorted."""
        self.beginResetModel()
        self._all = tuple(sorted(words, key=str.casefold))
        self._search()
        self.endResetModel()

    def search(self, words: str) -> None:
        """Show the words that hold this."""
        if words.casefold().strip() != self._wanted:
            self.beginResetModel()
            self._wanted = words.casefold().strip()
            self._search()
            self.endResetModel()

    def word_at(self, row: int) -> str | None:
        """The word in a row."""
        return self._shown[row] if 0 <= row < len(self._shown) else None

    # Qt's questions

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008  # Qt's own signature
        return 0 if parent.isValid() else len(self._shown)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008  # Qt's own signature
        return 0 if parent.isValid() else 1

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        return self.word_at(index.row()) if role == Qt.ItemDataRole.DisplayRole else None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation == Qt.Orientation.Horizontal:
            if role == Qt.ItemDataRole.DisplayRole:
                return "Leaves as it is written"
            if role == Qt.ItemDataRole.TextAlignmentRole:
                return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        return None

    # internals

    def _search(self) -> None:
        self._shown = [word for word in self._all if self._wanted in word.casefold()]


def _cells(name: NameTerm) -> tuple[str, str, str, str]:
    return name.text, KINDS[name.kind], ", ".join(name.aliases), SOURCES[name.source]


def _haystack(name: NameTerm) -> str:
    return "\n".join(_cells(name)).casefold()

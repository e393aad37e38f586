"""The projects of a slate, a line each, and their sums."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from studio_assist.desk.shell.model import size_text
from studio_assist.domain.review import Totals, sum_up
from studio_assist.protocol import LedgerState, ReviewState

_Index = QModelIndex | QPersistentModelIndex

TITLES: Final = (
    "Project",
    "Ledger",
    "Entries",
    "Decisions",
    "Accepted",
    "Edited",
    "Rejected",
    "Left",
    "Blocked",
    "Temp debt",
    "Contact told",
    "Clearances",
    "Policy",
)
PROJECT, LEDGER, ENTRIES, CHART = 0, 1, 2, 3
TOGETHER: Final = "Together"
_UNKNOWN: Final = "–"


@dataclass(frozen=True, slots=True)
class Line:
    """One project as it stands.

    Attributes:
        totals: None until they have been read.
        debt: temp lines and boards still in the work.
        told, open: None where it is not known.
        trouble: why it cannot be looked at.
    """

    path: str
    title: str
    own: bool = False
    policy: str = ""
    review: ReviewState | None = None
    ledger: LedgerState | None = None
    totals: Totals | None = None
    debt: tuple[int, int] | None = None
    told: bool | None = None
    open: int | None = None
    trouble: str = ""

    @property
    def altered(self) -> bool:
        return self.ledger is not None and self.ledger.state == "altered"

    @property
    def ledger_words(self) -> str:
        """What a check of its record found."""
        ledger = self.ledger
        if self.trouble:
            return "Cannot be read"
        if ledger is None:
            return "Looking"
        if ledger.state == "altered":
            return f"Broken at {ledger.first_bad:,}" if ledger.first_bad is not None else "Altered"
        return "Checking" if ledger.state == "checking" else "Intact"

    def words(self) -> tuple[str, ...]:
        """Its cells; the chart's has the numbers in words."""
        totals = self.totals
        size = self.ledger.size if self.ledger is not None else None
        return (
            self.title,
            self.ledger_words,
            _number(size),
            _decided(totals),
            *_counts(totals),
            _number(sum(self.debt) if self.debt is not None else None),
            _UNKNOWN if self.told is None else "Yes" if self.told else "Not yet",
            _number(self.open),
            self.policy,
        )


class SlateModel(QAbstractTableModel):
    """Lines, this project first, and their sums at the end once there are two."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lines: list[Line] = []

    # properties

    @property
    def lines(self) -> tuple[Line, ...]:
        """All of them, in order."""
        return tuple(self._lines)

    @property
    def most(self) -> int:
        """Decisions of the project with the most: what the longest bar stands for."""
        return max((_all(line.totals) for line in self._lines), default=0)

    @property
    def has_sums(self) -> bool:
        return len(self._lines) > 1

    # methods

    def line_at(self, row: int) -> Line | None:
        """A project; None for the sums."""
        return self._lines[row] if 0 <= row < len(self._lines) else None

    def totals_at(self, row: int) -> Totals | None:
        """What the bar of a row shows."""
        line = self.line_at(row)
        return self.together if line is None else line.totals

    @property
    def together(self) -> Totals:
        """All projects whose sums have been read."""
        return sum_up([line.totals for line in self._lines if line.totals is not None])

    def row_of(self, path: str) -> int | None:
        """Where a project stands."""
        return next((at for at, line in enumerate(self._lines) if line.path == path), None)

    def set_lines(self, lines: Sequence[Line]) -> None:
        """Show these."""
        self.beginResetModel()
        self._lines = sorted(lines, key=lambda line: not line.own)
        self.endResetModel()

    def put(self, line: Line) -> None:
        """Add a project, or show it as it stands now."""
        at = self.row_of(line.path)
        if at is None:
            self.set_lines([*self._lines, line])
            return
        self._lines[at] = line
        self.dataChanged.emit(self.index(at, 0), self.index(self.rowCount() - 1, len(TITLES) - 1))

    def change(self, path: str, **what: Any) -> None:
        """Show something else of a project that is here."""
        at = self.row_of(path)
        if at is not None:
            self.put(replace(self._lines[at], **what))

    def remove(self, path: str) -> None:
        """Take a project away."""
        self.set_lines([line for line in self._lines if line.path != path])

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008  # Qt's own default
        return 0 if parent.isValid() else len(self._lines) + (1 if self.has_sums else 0)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008  # Qt's own default
        return 0 if parent.isValid() else len(TITLES)

    def flags(self, index: _Index) -> Qt.ItemFlag:
        # The sums are read, not chosen.
        return super().flags(index) if self.line_at(index.row()) is not None else Qt.ItemFlag.ItemIsEnabled

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        line = self.line_at(index.row())
        if role == Qt.ItemDataRole.DisplayRole:
            return (line.words() if line is not None else self._sums())[index.column()]
        if role == Qt.ItemDataRole.ToolTipRole and line is not None:
            return line.trouble or (line.path if index.column() == PROJECT else None)
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return TITLES[section]
        return None

    # internals

    def _sums(self) -> tuple[str, ...]:
        lines, totals = self._lines, self.together
        broken = sum(line.altered for line in lines)
        entries = sum(line.ledger.size for line in lines if line.ledger is not None)
        told = sum(bool(line.told) for line in lines)
        return (
            TOGETHER,
            f"{broken} broken" if broken else "",
            _number(entries),
            _decided(totals),
            *_counts(totals),
            _number(sum(sum(line.debt) for line in lines if line.debt is not None)),
            f"{told} of {len(lines)}",
            _number(sum(line.open for line in lines if line.open is not None)),
            "",
        )


def _number(count: int | None) -> str:
    return _UNKNOWN if count is None else f"{count:,}"


def _counts(totals: Totals | None) -> tuple[str, ...]:
    if totals is None:
        return (_UNKNOWN,) * 5
    decided = (totals.accepted, totals.edited, totals.rejected)
    return (*(f"{count:,}" for count in decided), size_text(totals.sent), f"{totals.blocked:,}")


def _decided(totals: Totals | None) -> str:
    if totals is None:
        return ""
    return f"{totals.accepted:,} accepted, {totals.edited:,} edited, {totals.rejected:,} rejected"


def _all(totals: Totals | None) -> int:
    return totals.accepted + totals.edited + totals.rejected if totals is not None else 0

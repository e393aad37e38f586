"""The rows of a query, a page at a time: what has not come yet is there as a row without words."""

from __future__ import annotations

from collections import OrderedDict
from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from studio_assist.desk.review.cells import ALTERED, AT, TITLES, spoken
from studio_assist.desk.review.feed import PAGE, Feed, Found, Page, Query, Row
from studio_assist.domain.review import COLUMNS, ReviewRow

#: Pages that are kept: far more than is ever in sight, far less than a long record.
_MOST_PAGES: Final = 48
_Index = QModelIndex | QPersistentModelIndex


class LedgerModel(QAbstractTableModel):
    """A window onto what a query gives: it knows how many rows there are, and fetches what is looked at.

    A page that was fetched for an older state of the record stays in sight until its successor comes.
    """

    def __init__(self, feed: Feed, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._feed: Final = feed
        self._query = Query()
        self._count = 0
        self._first_bad: int | None = None
        self._looked_at = 0
        self._pages: Final[OrderedDict[int, Page]] = OrderedDict()
        self._old: Final[set[int]] = set()
        feed.page_came.connect(self._take_page)

    # properties

    @property
    def query(self) -> Query:
        """What is shown."""
        return self._query

    @property
    def first_bad(self) -> int | None:
        """The first entry that cannot be relied on; None where all can, as far as is known."""
        return self._first_bad

    # methods

    def set_found(self, found: Found) -> None:
        """Show what another query gives."""
        self.beginResetModel()
        self._pages.clear()
        self._old.clear()
        self._query, self._count = found.query, found.count
        self._pages.update(found.pages)
        self.endResetModel()

    def grow(self, found: Found) -> None:
        """The same query gives more, or less, than it did. What stands where is the view's to put right."""
        before = self._count
        self._old.update(self._pages)
        if found.count > before:
            self.beginInsertRows(QModelIndex(), before, found.count - 1)
            self._count = found.count
            self.endInsertRows()
        elif found.count < before:
            self.beginRemoveRows(QModelIndex(), found.count, before - 1)
            self._count = found.count
            self.endRemoveRows()
        for page, rows in found.pages.items():
            self._keep(page, rows)

    def clear(self) -> None:
        """Show no rows."""
        self.beginResetModel()
        self._pages.clear()
        self._old.clear()
        self._count = 0
        self.endResetModel()

    def set_first_bad(self, first_bad: int | None) -> None:
        """From this entry on nothing can be relied on."""
        if first_bad != self._first_bad:
            self._first_bad = first_bad
            if self._count:
                self.dataChanged.emit(self.index(0, 0), self.index(self._count - 1, len(COLUMNS) - 1))

    def row_at(self, at: int) -> Row | None:
        """A row; None where its page has not come yet. It is then on its way."""
        number, inside = divmod(at, PAGE)
        page = self._pages.get(number)
        if page is None or number in self._old:
            self._want(number)
        if page is None or inside >= len(page):
            return None
        self._pages.move_to_end(number)
        return page[inside]

    def loaded(self, at: int) -> ReviewRow | None:
        """A row where it is here, without fetching anything."""
        number, inside = divmod(at, PAGE)
        page = self._pages.get(number)
        return page[inside][0] if page is not None and inside < len(page) else None

    def index_of(self, place: int) -> QModelIndex:
        """The first cell of a row."""
        return self.index(place, 0)

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008  # Qt's own default
        return 0 if parent.isValid() else self._count

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008  # Qt's own default
        return 0 if parent.isValid() else len(COLUMNS)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return None
        found = self.row_at(index.row())
        if found is None:
            return None
        row, cells = found
        if role == Qt.ItemDataRole.DisplayRole or index.column():
            altered = row.number == self._first_bad and index.column() == AT["outcome"]
            return ALTERED.words if altered else cells[index.column()]
        said = spoken(row, cells)
        bad = self._first_bad
        if bad is not None and row.number >= bad:
            said += ". Altered" if row.number == bad else ". Not verified"
        return said

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return TITLES[COLUMNS[section]]
        return None

    # slots

    def _take_page(self, query: Query, page: int, rows: Page) -> None:
        if query == self._query:
            self._keep(page, rows)

    # internals

    def _want(self, page: int) -> None:
        """Fetch a page that is looked at, and the one that a scroll comes to next."""
        step = page - self._looked_at
        if step:
            self._looked_at = page
            following = page + (1 if step > 0 else -1)
            if abs(step) <= 2 and 0 <= following * PAGE < self._count and following not in self._pages:
                self._feed.want_page(self._query, following)
        self._feed.want_page(self._query, page)

    def _keep(self, page: int, rows: Page) -> None:
        self._old.discard(page)
        self._pages[page] = rows
        self._pages.move_to_end(page)
        while len(self._pages) > _MOST_PAGES:
            gone, _ = self._pages.popitem(last=False)
            self._old.discard(gone)
        first = page * PAGE
        last = min(first + len(rows), self._count) - 1
        if last >= first:
            self.dataChanged.emit(self.index(first, 0), self.index(last, len(COLUMNS) - 1))

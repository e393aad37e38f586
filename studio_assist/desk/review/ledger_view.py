"""The rows of one index with their filters: asks for what is wanted, and keeps what is seen in its place."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from PySide6.QtCore import QPoint, QSettings, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QResizeEvent
from PySide6.QtWidgets import QStackedLayout, QVBoxLayout, QWidget

from studio_assist.desk.kit import Button
from studio_assist.desk.review.day_chart import DAYS
from studio_assist.desk.review.feed import Feed, Found, Query, Sums
from studio_assist.desk.review.filters import FilterBar
from studio_assist.desk.review.states import MakingLine, NoRows
from studio_assist.desk.review.table import LedgerTable
from studio_assist.desk.review.table_model import LedgerModel
from studio_assist.desk.theme import Theme
from studio_assist.domain.errors import StudioError
from studio_assist.domain.review import Sort
from studio_assist.protocol import ReviewState

#: The record may grow many times a second; what is shown follows at this pace.
_FOLLOW_MS: Final = 200
#: So often in a row, and so long apart, it is read in vain before that is said.
_MOST_MISSES: Final = 3
_AGAIN_MS: Final = 150
#: Rows in sight that are tried as the one that stays in its place.
_ANCHORS: Final = 6


class LedgerView(QWidget):
    """Filter bar and table over one index.

    Signals:
        chosen: the number of the entry whose row is current.
        opened: its story is wanted with the keyboard.
        summed: `Sums` of what is shown.
        changed: the filter is another one.
        anew_wanted: the index is to be made again.
        menu_wanted: where a menu of the current row was asked for, in global coordinates.
        error: a `StudioError` that is not shown in place of the rows.
    """

    chosen = Signal(int)
    opened = Signal()
    summed = Signal(object)
    changed = Signal()
    anew_wanted = Signal()
    menu_wanted = Signal(QPoint)
    error = Signal(object)

    def __init__(self, theme: Theme, layout: QSettings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state: ReviewState | None = None
        self._growing = False
        self._number: int | None = None
        self._order = Sort()
        self._going: int | None = None
        self._fresh = 0
        self._failed = ""
        self._misses = 0
        self.feed: Final = Feed(self)
        self.model: Final = LedgerModel(self.feed, self)
        self.filters: Final = FilterBar(theme)
        self.table: Final = LedgerTable(theme, self.model, layout)
        self.no_rows: Final = NoRows(theme)
        self.making: Final = MakingLine(theme)
        self.fresh: Final = Button(
            theme, "", icon="chevron-up", height_px=26, role="captionMedium", parent=self.table
        )
        self.fresh.setObjectName("new_entries")
        self.fresh.hide()
        pages = QWidget()
        self._pages: Final = QStackedLayout(pages)
        self._pages.addWidget(self.table)
        self._pages.addWidget(self.no_rows)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for one in (self.filters, self.making):
            column.addWidget(one)
        column.addWidget(pages, 1)
        self._follow: Final = QTimer(self)
        self._follow.setSingleShot(True)
        self._follow.setInterval(_FOLLOW_MS)
        self._follow.timeout.connect(self._grow)
        self._connect()
        self._show_page()

    # properties

    @property
    def number(self) -> int | None:
        """The entry that was chosen last, also where a filter holds its row back just now."""
        return self._number

    @property
    def query(self) -> Query:
        """What is wanted."""
        return Query(self.filters.wanted, self._order)

    @property
    def index(self) -> Path | None:
        """The index that is shown."""
        return self.feed.path

    # methods

    def take(self, state: ReviewState | None) -> None:
        """Where the index stands; None for no project."""
        before, self._state = self._state, state
        self.making.show_state(state)
        readable = state is not None and state.state in ("building", "ready") and bool(state.index)
        path = Path(state.index) if readable and state is not None else None
        # Made anew in the same place, it begins with fewer entries than it had.
        anew = (
            before is not None
            and state is not None
            and state.entries < before.entries
            and state.state == "building"
        )
        if path != self.feed.path or anew or (self._misses and path is not None):
            other = before is None or state is None or before.ledger != state.ledger
            if other:
                self._number = None
                self._order = Sort()
                self.filters.reset()
            self._failed, self._misses = "", 0
            self.feed.set_path(path)
            self.model.clear()
            self._fresh = 0
            self._show_fresh()
            self.look()
        elif before is not None and state is not None and before.entries != state.entries:
            self._follow.start()
        self._show_page()

    def look(self, go_to: int | None = None) -> None:
        """Ask for what the filters let through; with an entry to go to."""
        if self.feed.path is None:
            return
        self._follow.stop()
        self._growing = False
        self._going = go_to
        keep = (self._number,) if self._number is not None else ()
        self.feed.look(self.query, keep, go_to=go_to)
        self._sum_up()

    def go_to(self, number: int) -> None:
        """Choose the row of an entry, or the one that stands for it; filters that hold it back go."""
        self.look(go_to=number)

    def set_first_bad(self, first_bad: int | None, size: int) -> None:
        """From this entry on nothing can be relied on."""
        self.model.set_first_bad(first_bad)
        self.filters.show_unverified(first_bad, size)

    # slots

    def _connect(self) -> None:
        self.feed.found.connect(self._found)
        self.feed.summed.connect(self._summed)
        self.feed.failed.connect(self._not_read)
        self.feed.not_summed.connect(self._not_summed)
        self.filters.changed.connect(self._filtered)
        self.filters.left.connect(self.setFocus)
        self.table.chosen.connect(self._choose)
        self.table.opened.connect(self.opened)
        self.table.sort_wanted.connect(self._sort)
        self.table.menu_wanted.connect(self.menu_wanted)
        self.table.topped.connect(self._seen_new)
        self.fresh.clicked.connect(self._go_up)
        self.no_rows.wanted.connect(self._do)

    def _filtered(self) -> None:
        self.changed.emit()
        self.look()

    def _sort(self, sort: Sort) -> None:
        self._order = sort
        self._follow.stop()
        self._growing = False
        keep = (self._number,) if self._number is not None else ()
        self.feed.look(self.query, keep)

    def _choose(self, number: int) -> None:
        self._number = number
        self.chosen.emit(number)

    def _found(self, found: Found) -> None:
        self._failed, self._misses = "", 0
        growing, self._growing = self._growing, False
        going, self._going = self._going, None
        if growing and found.query == self.model.query:
            self._grown(found)
        else:
            self._fresh = 0
            self.table.show_found(found, self._number)
        self.filters.show_count(found.count)
        self._show_page()
        self._show_fresh()
        if going is not None:
            self._gone(found, going)

    def _gone(self, found: Found, going: int) -> None:
        if found.gone_to is not None:
            self.table.go_to_place(found.gone_to)
        elif self.filters.is_on or not self.filters.wanted.everything:
            self.filters.blockSignals(True)
            self.filters.show_everything()
            self.filters.blockSignals(False)
            self.changed.emit()
            self.look(go_to=going)

    def _grown(self, found: Found) -> None:
        before = self.model.rowCount()
        anchor = next((number for number in self._anchors() if number in found.places), None)
        self.table.show_grown(found, self._number, anchor)
        newest_first = found.query.sort in (Sort(), Sort("time"))
        if anchor is None or not newest_first:
            self._fresh = 0
        else:
            self._fresh += max(0, found.count - before)

    def _grow(self) -> None:
        """The index has more: what is shown follows, with what is seen in its place."""
        if self.feed.path is None:
            return
        if self.model.query != self.query or not self.model.rowCount():
            self.look()
            return
        self._growing = True
        keep = list(self._anchors())
        if self._number is not None:
            keep.append(self._number)
        self.feed.look(self.query, tuple(dict.fromkeys(keep)), at=self.table.in_sight.start)
        self._sum_up()

    def _summed(self, sums: Sums) -> None:
        self.filters.show_choices(sums.choices, sums.blocked)
        self.summed.emit(sums)

    def _not_read(self, error: StudioError) -> None:
        self._growing = False
        self._misses += 1
        if self._misses < _MOST_MISSES:
            # It may just be put in the place of another, as when a text was forgotten.
            QTimer.singleShot(_AGAIN_MS, self, self._retry)
            return
        self._failed = f"{error.message} {error.remedy}".strip()
        self.model.clear()
        self.filters.show_count(None)
        self._show_page()

    def _not_summed(self, error: StudioError) -> None:
        # Where the rows cannot be read either, one word on it is enough.
        if not self._misses and not self.feed.looking:
            self.error.emit(error)

    def _retry(self) -> None:
        if self._misses and not self._failed:
            self.look()

    def _seen_new(self) -> None:
        if self._fresh:
            self._fresh = 0
            self._show_fresh()

    def _go_up(self) -> None:
        self.table.verticalScrollBar().setValue(0)
        self._seen_new()
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _do(self, what: str) -> None:
        match what:
            case "clear":
                self.filters.clear()
                self.setFocus()
            case "every":
                self.filters.show_everything()
            case "anew":
                self._failed = ""
                self.anew_wanted.emit()
            case _:
                self._failed = ""
                self.feed.set_path(self.feed.path)
                self.look()

    # events

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._show_fresh()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        shown = self.no_rows.button if self._pages.currentWidget() is self.no_rows else self.table
        (shown if shown.isVisibleTo(self) else self.filters.search).setFocus(event.reason())

    # internals

    def _anchors(self) -> list[int]:
        """Entries in sight, of which one is to stay where it is; none at the top, where new rows come in."""
        if self.table.at_top:
            return []
        rows = (self.model.loaded(at) for at in self.table.in_sight)
        return [row.number for row in rows if row is not None][:_ANCHORS]

    def _sum_up(self) -> None:
        self.feed.sum_up(self.filters.wanted, self.filters.chart, DAYS)

    def _show_fresh(self) -> None:
        self.fresh.setVisible(self._fresh > 0)
        if self._fresh:
            self.fresh.set_text(f"{self._fresh:,} new", f"{self._fresh:,} new rows above; go to the top")
            self.fresh.resize(self.fresh.sizeHint())
            head = self.table.head.height()
            self.fresh.move((self.table.width() - self.fresh.width()) // 2, head + 8)
            self.fresh.raise_()

    def _show_page(self) -> None:
        state, why = self._state, self._failed
        if self.model.rowCount():
            self._pages.setCurrentWidget(self.table)
            return
        say = self.no_rows.say
        if why:
            does = "anew" if self._misses > _MOST_MISSES else "again"
            say("The list cannot be read just now", why, does, "warning")
        elif state is not None and state.state == "failed":
            words = f"{state.why} The record itself is not touched by this.".strip()
            say("The list could not be made", words, "anew", "warning")
        elif state is None or state.state in ("none", "building") or self.feed.looking:
            # An empty table says nothing that is not so while rows may still come.
            self._pages.setCurrentWidget(self.table)
            return
        elif self.filters.is_on:
            say("No entry fits these filters", "Search other words, or take filters away.", "clear", "filter")
        else:
            every = bool(state.entries) and not self.filters.wanted.everything
            say(
                "Nothing asked yet",
                "Ask for lines in Write or for frames in Board. Each request, who decided on what it gave, "
                "and what left this machine is then listed here.",
                "every" if every else "",
            )
        self._pages.setCurrentWidget(self.no_rows)

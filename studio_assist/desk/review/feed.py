"""Reading the index for the table and the tiles: in the pool, one call at a time, the newest wish first.

There are two lanes, so that rows never wait for sums. Each has an index open of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import QObject, Signal

from studio_assist.desk.record.work import Work
from studio_assist.desk.review.cells import Cells, cells_of
from studio_assist.domain.errors import StudioError
from studio_assist.domain.review import Choices, DayCount, Filter, ReviewRow, Sort, Totals
from studio_assist.ledger.review import ReviewIndex

PAGE: Final = 256
#: Pages that wait at most: who scrolls fast has left the others behind.
_MOST_WAITING: Final = 4
#: Rows on either side of the one that is shown, as many as a high window has.
_AROUND: Final = 40

Row = tuple[ReviewRow, Cells]
Page = list[Row]


@dataclass(frozen=True, slots=True)
class Query:
    """What is shown and in which order."""

    wanted: Filter = field(default_factory=Filter)
    sort: Sort = field(default_factory=Sort)


@dataclass(frozen=True, slots=True)
class Found:
    """What a query gives, with the pages that are seen first.

    Attributes:
        places: of the entries that were to be kept in sight, those that are still there.
        gone_to: the place of the entry that was looked for, or of the row that stands for it.
    """

    query: Query
    size: int
    count: int
    pages: dict[int, Page]
    places: dict[int, int]
    gone_to: int | None = None


@dataclass(frozen=True, slots=True)
class Sums:
    """What the tiles, the chart and the filters say.

    Attributes:
        blocked: how many asks were stopped, without the two chips.
    """

    totals: Totals
    blocked: int
    days: tuple[DayCount, ...]
    choices: Choices


class Lane(QObject):
    """One reader of an index. It opens it with the first call, in the pool.

    Signals:
        failed: a `StudioError` of a call that was still wanted.
    """

    failed = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._path: Path | None = None
        self._index: ReviewIndex | None = None
        self._waiting: Final[dict[Hashable, tuple[Callable[[ReviewIndex], Any], Callable[[Any], None]]]] = {}
        self._running: Hashable | None = None
        self._dropped = False
        self._stale = False

    # properties

    @property
    def busy(self) -> bool:
        """Whether a call runs or waits."""
        return self._running is not None or bool(self._waiting)

    def waiting(self) -> list[Hashable]:
        """What waits, the oldest wish first."""
        return list(self._waiting)

    def has(self, key: Hashable) -> bool:
        """Whether such a call waits, or runs and is still wanted."""
        return key in self._waiting or (key == self._running and not self._dropped)

    # methods

    def set_path(self, path: Path | None) -> None:
        """Read another index from now on, or one that was made anew in the same place."""
        self.stop()
        self._path = path
        if self._running is None:
            self._close()
        else:
            self._stale = True

    def ask(
        self,
        key: Hashable,
        do: Callable[[ReviewIndex], Any],
        done: Callable[[Any], None],
        *,
        now: bool = False,
    ) -> None:
        """Have `do` run in the pool and `done` here. A call of the same key that waits is replaced.

        `now`: what runs under the same key is of no use any more and is ended.
        """
        if self._path is None:
            return
        self._waiting.pop(key, None)
        self._waiting[key] = (do, done)
        if now and self._running == key and not self._dropped:
            self._end_running()
        self._next()

    def drop(self, key: Hashable) -> None:
        """A call is not wanted any more, if it has not begun."""
        self._waiting.pop(key, None)

    def stop(self) -> None:
        """Nothing that runs or waits is wanted any more."""
        self._waiting.clear()
        if self._running is not None:
            self._end_running()

    # internals

    def _end_running(self) -> None:
        self._dropped = True
        if self._index is not None:
            self._index.interrupt()

    def _next(self) -> None:
        if self._running is not None or not self._waiting or self._path is None:
            return
        key = next(reversed(self._waiting))
        do, done = self._waiting.pop(key)
        self._running, self._dropped = key, False
        Work(partial(self._run, self._path, do), self, partial(self._done, done), self._failed).start()

    def _run(self, path: Path, do: Callable[[ReviewIndex], Any]) -> Any:
        """The part in the pool. Nothing else uses the index while a call runs, except to interrupt it."""
        index = self._index
        if index is None:
            index = self._index = ReviewIndex(path)
        return do(index)

    def _done(self, done: Callable[[Any], None], result: Any) -> None:
        wanted = self._ended()
        # None is what a fault of ours leaves behind; it has been told of.
        if wanted and result is not None:
            done(result)
        self._next()

    def _failed(self, error: StudioError) -> None:
        wanted = self._ended()
        self._close()
        if wanted:
            self.failed.emit(error)
        self._next()

    def _ended(self) -> bool:
        self._running = None
        if self._stale:
            self._close()
        return not self._dropped

    def _close(self) -> None:
        self._stale = False
        index, self._index = self._index, None
        if index is not None:
            index.close()


class Feed(QObject):
    """Rows and sums of one index.

    Signals:
        found: a `Found`, the answer to the newest `look`.
        page_came: a query, the page's number, and its rows.
        summed: a `Sums`, the answer to the newest `sum_up`.
        failed: a `StudioError`: rows could not be read.
        not_summed: a `StudioError`: sums could not be read.
    """

    found = Signal(object)
    page_came = Signal(object, int, object)
    summed = Signal(object)
    failed = Signal(object)
    not_summed = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: Final = Lane(self)
        self._sums: Final = Lane(self)
        self._rows.failed.connect(self.failed)
        self._sums.failed.connect(self.not_summed)
        self._path: Path | None = None

    # properties

    @property
    def path(self) -> Path | None:
        """The index that is read."""
        return self._path

    @property
    def busy(self) -> bool:
        return self._rows.busy or self._sums.busy

    @property
    def looking(self) -> bool:
        """Whether a `found` is on its way."""
        return self._rows.has("look")

    # methods

    def set_path(self, path: Path | None) -> None:
        """Read another index; None for none."""
        self._path = path
        self._rows.set_path(path)
        self._sums.set_path(path)

    def look(self, query: Query, keep: tuple[int, ...] = (), at: int = 0, go_to: int | None = None) -> None:
        """Find out what a query gives.

        Args:
            keep: entries whose place is wanted; the page of the first that is there comes along.
            at: a row that will be in sight where none of them is there.
            go_to: an entry that is to be shown, by its own row or by the one that stands for it.
        """
        for key in self._rows.waiting():
            self._rows.drop(key)
        self._rows.ask(
            "look", partial(_look, query=query, keep=keep, at=at, go_to=go_to), self.found.emit, now=True
        )

    def want_page(self, query: Query, page: int) -> None:
        """Fetch a page; what was wished for last comes first."""
        key = ("page", query, page)
        if self._rows.has(key):
            return
        waiting = [one for one in self._rows.waiting() if one != "look"]
        for old in waiting[: max(0, len(waiting) + 1 - _MOST_WAITING)]:
            self._rows.drop(old)
        do = partial(_page, query=query, page=page)
        self._rows.ask(key, do, lambda rows: self.page_came.emit(query, page, rows))

    def sum_up(self, wanted: Filter, chart: Filter, most_days: int) -> None:
        """Find out what tiles, chart and filters say."""
        do = partial(_sums, wanted=wanted, chart=chart, most_days=most_days)
        self._sums.ask("sums", do, self.summed.emit, now=True)


def _look(index: ReviewIndex, query: Query, keep: tuple[int, ...], at: int, go_to: int | None) -> Found:
    size, count = index.size, index.count(query.wanted)
    places: dict[int, int] = {}
    for number in keep:
        place = index.position(query.wanted, query.sort, number)
        if place is not None:
            places[number] = place
    gone_to = _place_for(index, query, go_to) if go_to is not None else None
    first = gone_to if gone_to is not None else next(iter(places.values()), min(at, max(0, count - 1)))
    pages = {first // PAGE: _page(index, query, first // PAGE)}
    # A row near an edge is seen together with what is on the other side of it.
    for near in ((first + _AROUND) // PAGE, max(0, first - _AROUND) // PAGE):
        if near not in pages and near * PAGE < count:
            pages[near] = _page(index, query, near)
    return Found(query, size, count, pages, places, gone_to)


def _place_for(index: ReviewIndex, query: Query, number: int) -> int | None:
    place = index.position(query.wanted, query.sort, number)
    if place is not None:
        return place
    row = index.row_of(number)
    return index.position(query.wanted, query.sort, row.number) if row is not None else None


def _page(index: ReviewIndex, query: Query, page: int) -> Page:
    return [(row, cells_of(row)) for row in index.rows(query.wanted, query.sort, page * PAGE, PAGE)]


def _sums(index: ReviewIndex, wanted: Filter, chart: Filter, most_days: int) -> Sums:
    totals = index.totals(wanted)
    plain = replace(wanted, blocked=False, left=False)
    blocked = totals.blocked if plain == wanted else index.totals(plain).blocked
    return Sums(totals, blocked, index.days(chart, most_days), index.choices())

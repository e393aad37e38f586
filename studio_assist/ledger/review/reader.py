"""Reading the index: rows by filter and order, sums, days, and what the filters offer."""

from __future__ import annotations

import sqlite3
import threading
from collections import defaultdict
from collections.abc import Generator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Final

from studio_assist.domain.errors import Unavailable
from studio_assist.domain.review import Choices, DayCount, Filter, ReviewRow, Sort, Totals
from studio_assist.ledger.review.deriving import moment_of
from studio_assist.ledger.review.finding import Block, Finding, Names
from studio_assist.ledger.review.ordering import Order
from studio_assist.ledger.review.schema import (
    AUTOMATED,
    COUNTED,
    DESKS,
    FAULTS,
    MAIN,
    OUTCOMES,
    SENSITIVITIES,
    Stopped,
    connect,
    explained,
    is_ours,
)

#: So many filters and orders are kept, with the marks by which their places are found.
_KEPT: Final = 8
_CACHE_KIB: Final = 32_768
_COLUMNS: Final = (
    "number, at, person, desk, tool, purpose, sensitivity, left, outcome, edit, type, scene, shot, flags, "
    "(SELECT request FROM requests WHERE id = rows.request), "
    "(SELECT candidate FROM candidates WHERE id = rows.candidate)"
)
_DECIDED: Final = tuple(OUTCOMES.index(outcome) for outcome in ("accepted", "edited", "rejected"))
_OPEN: Final = tuple(OUTCOMES.index(outcome) for outcome in ("waiting", "stale"))
_REPLACED, _SENT, _BLOCKED = (OUTCOMES.index(outcome) for outcome in ("replaced", "sent", "blocked"))


class ReviewIndex:
    """An index that is open for reading. One call at a time; `interrupt` from any thread.

    It follows the file: what is added since, and another index that was put in its place, is seen by the next
    call. Every method raises `Unavailable` where the file cannot be read just now, and `Stopped` (a kind of
    `Unavailable`) where `interrupt` ended it.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._turn: Final = threading.Lock()
        self._stop: Final = threading.Event()
        self._connection: sqlite3.Connection | None = None
        self._file: tuple[int, int] | None = None
        self._seen = (-1, -1)
        self._names: Names | None = None
        self._blocks: list[Block] = []
        self._in_time = True
        self._finding: Finding | None = None
        self._orders: dict[tuple[Filter, str], Order] = {}
        self._counts: dict[Filter, int] = {}

    # methods

    @property
    def size(self) -> int:
        """How many entries of the record it covers."""
        with self._reading() as connection:
            return connection.execute("SELECT size FROM meta").fetchone()[0]

    def count(self, wanted: Filter) -> int:
        """How many rows a filter lets through."""
        with self._reading() as connection:
            if wanted not in self._counts:
                self._limit(self._counts)
                self._counts[wanted] = self._find(connection, wanted).count()
            return self._counts[wanted]

    def rows(self, wanted: Filter, sort: Sort, first: int, limit: int) -> list[ReviewRow]:
        """Rows from a position on (0 is the first)."""
        with self._reading() as connection:
            order = self._order(connection, wanted, sort)
            if sort.descending:
                end = order.count - max(first, 0)
                start = max(0, end - limit)
                numbers = order.numbers(start, end - start)[::-1] if end > start else []
            else:
                numbers = order.numbers(max(first, 0), limit) if first < order.count else []
            return self._rows(connection, numbers)

    def position(self, wanted: Filter, sort: Sort, number: int) -> int | None:
        """Where an entry's row stands; None where it is not among them."""
        with self._reading() as connection:
            order = self._order(connection, wanted, sort)
            place = order.place(number)
            return place if place is None or not sort.descending else order.count - 1 - place

    def row_of(self, number: int) -> ReviewRow | None:
        """The row of an entry, or the row that stands for it (a candidate's decision)."""
        with self._reading() as connection:
            found = connection.execute(
                "SELECT flags, candidate FROM rows WHERE number = ?", (number,)
            ).fetchone()
            if found is None:
                return None
            if not found[0] & MAIN and found[1]:
                entry, decision = connection.execute(
                    "SELECT entry, decision FROM candidates WHERE id = ?", (found[1],)
                ).fetchone() or (0, 0)
                number = decision or entry or number
            rows = self._rows(connection, [number])
            return rows[0] if rows else None

    def totals(self, wanted: Filter) -> Totals:
        """The tiles."""
        with self._reading() as connection:
            groups = self._find(connection, wanted).groups(("person", "session", "outcome", "kept"))
            names = self._known(connection)
        outcomes: defaultdict[int, int] = defaultdict(int)
        people: dict[str, list[int]] = {}
        sessions: set[int] = set()
        sent = suggestions = blocked = 0
        for person, session, outcome, kept, n, size in groups:
            outcomes[outcome] += n
            sessions.add(session)
            if person:
                made = people.setdefault(names.people.get(person, ""), [0, 0, 0])
                if outcome in _DECIDED:
                    made[_DECIDED.index(outcome)] += n
            if outcome == _SENT:
                sent += size
            if kept & COUNTED and outcome in (*_DECIDED, *_OPEN):
                suggestions += n
            if kept & COUNTED and outcome == _BLOCKED:
                blocked += n
        accepted, edited, rejected = (outcomes[code] for code in _DECIDED)
        ordered = sorted(people.items(), key=lambda one: (-sum(one[1]), one[0]))
        return Totals(
            entries=sum(outcomes.values()),
            sessions=len(sessions - {0}),
            people=len(people),
            suggestions=suggestions,
            waiting=sum(outcomes[code] for code in _OPEN),
            accepted=accepted,
            edited=edited,
            rejected=rejected,
            replaced=outcomes[_REPLACED],
            sent=sent,
            blocked=blocked,
            by_person=tuple((name, made[0], made[1], made[2]) for name, made in ordered),
        )

    def days(self, wanted: Filter, most: int = 7) -> tuple[DayCount, ...]:
        """The last days with or without decisions, oldest first.

        The last of them is the day of the newest row, by the time zone of this machine.
        """
        with self._reading() as connection:
            finding = self._find(connection, wanted)
            newest = finding.last_moment()
            if newest is None:
                return ()
            last = moment_of(newest).astimezone().date()
            counted: list[DayCount] = []
            for back in range(most - 1, -1, -1):
                day = last - timedelta(days=back)
                groups = {
                    outcome: n
                    for outcome, n, _ in finding.groups(
                        ("outcome",), _midnight(day), _midnight(day + timedelta(days=1))
                    )
                }
                counted.append(DayCount(day, *(groups.get(code, 0) for code in _DECIDED)))
            return tuple(counted)

    def choices(self) -> Choices:
        """What the filters offer."""
        with self._reading() as connection:
            groups = self._find(connection, Filter()).groups(("person", "desk", "tool", "outcome"))
            names = self._known(connection)
            first = min((block.first for block in self._blocks), default=None)
            last = max((block.last for block in self._blocks), default=None)
        people: defaultdict[str, int] = defaultdict(int)
        tools: defaultdict[str, int] = defaultdict(int)
        desks: defaultdict[int, int] = defaultdict(int)
        outcomes: defaultdict[int, int] = defaultdict(int)
        for person, desk, tool, outcome, n, _ in groups:
            people[names.people.get(person, "")] += n
            tools[names.kinds["tool"].get(tool, "")] += n
            desks[desk] += n
            outcomes[outcome] += n
        return Choices(
            people=_named(people),
            desks=tuple((DESKS[code], n) for code, n in sorted(desks.items())),
            tools=_named(tools),
            outcomes=tuple((OUTCOMES[code], n) for code, n in sorted(outcomes.items())),
            first=None if first is None else moment_of(first),
            last=None if last is None else moment_of(last),
        )

    def interrupt(self) -> None:
        """End the call that runs in another thread."""
        self._stop.set()
        connection = self._connection
        if connection is not None:
            # One that was closed meanwhile has nothing to be ended.
            try:
                connection.interrupt()
            except sqlite3.ProgrammingError:
                self._stop.set()

    def close(self) -> None:
        """Let go of the file."""
        with self._turn:
            self._let_go()

    # internals

    @contextmanager
    def _reading(self) -> Generator[sqlite3.Connection]:
        """One look at the index as it stands at this moment."""
        with self._turn:
            self._stop.clear()
            try:
                connection = self._opened()
                connection.execute("BEGIN")
                try:
                    self._look(connection)
                    yield connection
                    # It ends the look, and keeps what was found for a search.
                    connection.execute("COMMIT")
                except BaseException:
                    self._seen = (-1, -1)
                    if connection.in_transaction:
                        connection.execute("ROLLBACK")
                    raise
            except FAULTS as error:
                raise explained(error, self.path) from error

    def _opened(self) -> sqlite3.Connection:
        try:
            stat = self.path.stat()
        except OSError as error:
            self._let_go()
            raise Unavailable(
                "The index of the record is not there.",
                remedy="Wait until it is made.",
                place=str(self.path),
            ) from error
        file = (stat.st_dev, stat.st_ino)
        if self._connection is None or file != self._file:
            self._let_go()
            connection = connect(self.path, "ro")
            if not is_ours(connection):
                connection.close()
                raise Unavailable(
                    "The index of the record is of another version.",
                    remedy="Choose Check again in Review; it is then made anew from the record.",
                    place=str(self.path),
                )
            connection.execute(f"PRAGMA cache_size = {-_CACHE_KIB}")
            # Between two steps of a call as within one.
            connection.set_progress_handler(self._stop.is_set, 20_000)
            self._connection, self._file = connection, file
        return self._connection

    def _look(self, connection: sqlite3.Connection) -> None:
        """Forget what was kept of the index where it has changed since."""
        version = connection.execute("PRAGMA data_version").fetchone()[0]
        size, in_time = connection.execute("SELECT size, in_time FROM meta").fetchone()
        if (version, size) != self._seen:
            self._seen = (version, size)
            self._in_time = bool(in_time)
            self._names = None
            self._finding = None
            self._orders.clear()
            self._counts.clear()
            self._blocks = [
                Block(*row)
                for row in connection.execute("SELECT block, first, last FROM blocks ORDER BY block")
            ]

    def _known(self, connection: sqlite3.Connection) -> Names:
        if self._names is None:
            self._names = Names(connection)
        return self._names

    def _find(self, connection: sqlite3.Connection, wanted: Filter) -> Finding:
        """The rows of a filter; a search that was made last is not made again."""
        if self._finding is None or self._finding.wanted != wanted:
            # Its table is taken away with it.
            self._finding = None
            self._orders.clear()
            self._finding = Finding(connection, self._known(connection), self._blocks, wanted)
        if self._stop.is_set():
            raise Stopped("The search was ended.", remedy="Search again.", place=str(self.path))
        return self._finding

    def _order(self, connection: sqlite3.Connection, wanted: Filter, sort: Sort) -> Order:
        finding = self._find(connection, wanted)
        key = (wanted, sort.column)
        if key not in self._orders:
            self._limit(self._orders)
            self._orders[key] = Order(
                connection, self._known(connection), finding, sort.column, in_time=self._in_time
            )
        return self._orders[key]

    def _rows(self, connection: sqlite3.Connection, numbers: list[int]) -> list[ReviewRow]:
        names = self._known(connection)
        marks = ",".join(map(str, numbers))
        found = {
            row[0]: row
            for row in connection.execute(f"SELECT {_COLUMNS} FROM rows WHERE number IN ({marks})")
        }
        return [_row(found[number], names) for number in numbers if number in found]

    def _limit(self, kept: dict[tuple[Filter, str], Order] | dict[Filter, int]) -> None:
        if len(kept) >= _KEPT:
            kept.clear()

    def _let_go(self) -> None:
        if self._connection is not None:
            self._connection.close()
        self._connection, self._file, self._seen = None, None, (-1, -1)


def _row(found: tuple[int, ...], names: Names) -> ReviewRow:
    (
        number,
        at,
        person,
        desk,
        tool,
        purpose,
        sensitivity,
        left,
        outcome,
        edit,
        type,
        scene,
        shot,
        flags,
        request,
        candidate,
    ) = found
    kinds = names.kinds
    return ReviewRow(
        number=number,
        at=moment_of(at),
        person=names.people.get(person, ""),
        automated=bool(flags & AUTOMATED),
        desk=DESKS[desk],
        tool=kinds["tool"].get(tool, ""),
        purpose=kinds["purpose"].get(purpose, ""),
        sensitivity=SENSITIVITIES[sensitivity],
        left=left,
        outcome=OUTCOMES[outcome],
        edit=edit,
        type=kinds["type"].get(type, ""),
        request=str(request or ""),
        candidate=str(candidate or ""),
        scene=kinds["scene"].get(scene, ""),
        shot=kinds["shot"].get(shot, ""),
        main=bool(flags & MAIN),
    )


def _named(counted: dict[str, int]) -> tuple[tuple[str, int], ...]:
    return tuple(
        sorted(((name, n) for name, n in counted.items() if name), key=lambda one: one[0].casefold())
    )


def _midnight(day: date) -> datetime:
    """When a day begins here."""
    return datetime.combine(day, time()).astimezone()

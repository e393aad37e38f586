"""Making the index, and bringing it up to date: one transaction for each batch of entries.

A crash leaves an index of some entries, which goes on from there. One that is damaged, of another version, or
of another record than the ledger that is there is made again from nothing.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Final, NamedTuple, Self

from studio_assist.domain.errors import StudioError
from studio_assist.domain.record import CandidateMade, Entry, Requested
from studio_assist.ledger.review import schema
from studio_assist.ledger.review.books import Books
from studio_assist.ledger.review.deriving import Deriving, moment_code
from studio_assist.ledger.review.schema import FAULTS, connect, create_tables, explained, is_ours, remove
from studio_assist.ledger.review.source import Found, Source, moment_in
from studio_assist.ledger.review.texts import Texts

#: Entries of one transaction; a stop is heeded between two.
BATCH: Final = 2000
#: Entries come in every order of purposes and words: with less of the index at hand a long one takes hours.
_CACHE_KIB: Final = 65_536


class Standing(NamedTuple):
    """How many entries of how many the index covers."""

    entries: int
    size: int


class Making:
    """Keeps an index up to date with its ledger. Both files are open until `close`.

    Args:
        texts: whether words are searched for; without, no text of the record is in the index.
        at_rest: as `Ledger.open`.

    Raises:
        StudioError: as `Ledger.open`; `Unavailable` where the index cannot be written.
    """

    def __init__(self, ledger: Path, index: Path, *, texts: bool = True, at_rest: bool = False) -> None:
        self.path: Final = index
        self._has_texts: Final = texts
        source = Source.open(ledger, read_only=True, at_rest=at_rest)
        assert isinstance(source, Source)
        self._source: Final = source
        try:
            self._connection = self._opened()
        except BaseException:
            self._source.close()
            raise
        self._books = Books(self._connection)
        self._deriving = Deriving(self._books)
        self._texts = Texts(self._source, self._books)

    # methods

    @property
    def standing(self) -> Standing:
        """How far it has come."""
        return Standing(self._meta()[1], self._source.last())

    def update(
        self,
        told: Callable[[int, int], None] | None = None,
        stopped: Callable[[], bool] = lambda: False,
        up_to: int | None = None,
    ) -> Standing:
        """Take in what the record holds more by now.

        Args:
            told: hears of progress: entries done, of how many.
            stopped: asked now and then whether to stop.
            up_to: the last entry to take in; None for all.

        Raises:
            StudioError: the record or the index cannot be read or written just now.
        """
        try:
            return self._update(told or _unheard, stopped, up_to)
        except FAULTS as error:
            raise explained(error, self.path) from error

    def close(self) -> None:
        """Let go of both files."""
        self._connection.close()
        self._source.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # internals

    def _opened(self) -> sqlite3.Connection:
        """The index, where it is one of this record; a new one otherwise."""
        if self.path.exists():
            connection: sqlite3.Connection | None = None
            try:
                connection = connect(self.path, "rw")
                if is_ours(connection) and self._is_bound(connection):
                    connection.execute("PRAGMA secure_delete = ON")
                    return _ready(connection)
            except FAULTS as error:
                if getattr(error, "sqlite_errorcode", 0) & 0xFF in (
                    sqlite3.SQLITE_BUSY,
                    sqlite3.SQLITE_LOCKED,
                ):
                    raise explained(error, self.path) from error
            if connection is not None:
                connection.close()
        remove(self.path)
        try:
            connection = connect(self.path, "rwc")
            create_tables(connection, texts=self._has_texts)
            return _ready(connection)
        except FAULTS as error:
            raise explained(error, self.path) from error

    def _is_bound(self, connection: sqlite3.Connection) -> bool:
        tag, size, root, texts = connection.execute("SELECT tag, size, root, texts FROM meta").fetchone()
        return bool(texts) == self._has_texts and (
            size == 0
            or (
                tag == self._tag() and size <= self._source.last() and root == self._source.root_or_none(size)
            )
        )

    def _tag(self) -> str:
        try:
            return self._source.tag
        except StudioError:
            return ""

    def _meta(self) -> tuple[str, int, str, int, int, int, int]:
        return self._connection.execute(
            "SELECT tag, size, root, in_time, last, texts, erasing FROM meta"
        ).fetchone()

    def _update(
        self, told: Callable[[int, int], None], stopped: Callable[[], bool], up_to: int | None
    ) -> Standing:
        _, size, _, _, _, texts, erasing = self._meta()
        if size and texts:
            self._forget(size)
        if erasing or self._meta()[6]:
            self._wipe()
        total = self._source.last()
        while not stopped() and (batch := self._source.found(size, BATCH, up_to)):
            self._take(batch)
            size = batch[-1].number
            told(size, max(total, size))
        return Standing(size, max(total, size))

    def _take(self, batch: Sequence[Found]) -> None:
        _, _, _, in_time, last, texts, _ = self._meta()
        words: list[tuple[int, str]] = []
        connection = self._connection
        connection.execute("BEGIN IMMEDIATE")
        try:
            for number, at, type, entry in batch:
                moment = entry.at if entry else moment_in(at)
                code = moment_code(moment) if moment else max(last, 0)
                in_time, last = int(in_time and code >= last), max(code, last)
                if entry is None:
                    self._deriving.take_unreadable(number, code, type)
                    continue
                self._deriving.take(number, entry)
                if texts and (found := self._texts.words_of(entry)):
                    words.append((number, found))
            self._books.write()
            if not in_time:
                # A clock was set back: the order of time is not that of the entries.
                connection.execute("CREATE INDEX IF NOT EXISTS rows_by_at ON rows (at)")
            connection.executemany("INSERT INTO words (rowid, text) VALUES (?, ?)", words)
            size = batch[-1].number
            connection.execute(
                "UPDATE meta SET tag = ?, size = ?, root = ?, in_time = ?, last = ?",
                (self._tag(), size, self._source.root_or_none(size), in_time, last),
            )
            connection.execute("COMMIT")
        except BaseException:
            self._roll_back()
            raise

    def _roll_back(self) -> None:
        if self._connection.in_transaction:
            self._connection.execute("ROLLBACK")
        # What was kept in mind may not be in the tables.
        self._books = Books(self._connection)
        self._deriving = Deriving(self._books)
        self._texts = Texts(self._source, self._books)

    # forgetting

    def _forget(self, size: int) -> None:
        """Take the words of forgotten texts out of what was indexed before they were forgotten."""
        gone = self._source.forgotten_after(size)
        if not gone:
            return
        self._texts.forget()
        numbers: dict[int, Entry | None] = {}
        for entry in self._source.naming(gone, size):
            numbers[entry.number] = entry
            if isinstance(entry.body, Requested | CandidateMade):
                asked = self._books.request(entry.body.request)
                for (number,) in self._connection.execute(
                    "SELECT number FROM rows WHERE request = ? AND request > 0", (asked.id if asked else -1,)
                ):
                    numbers.setdefault(number, None)
        connection = self._connection
        connection.execute("BEGIN IMMEDIATE")
        try:
            for number, entry in sorted(numbers.items()):
                there = connection.execute("SELECT 1 FROM words WHERE rowid = ?", (number,)).fetchone()
                if there is None:
                    continue
                connection.execute("DELETE FROM words WHERE rowid = ?", (number,))
                found = [entry] if entry else [one.entry for one in self._source.found(number - 1, 1)]
                if found[0] and (left := self._texts.words_of(found[0])):
                    connection.execute("INSERT INTO words (rowid, text) VALUES (?, ?)", (number, left))
            if not schema.ERASES_WORDS:
                # Deleted words stay in the older parts of the full-text tables until these are merged.
                connection.execute("INSERT INTO words (words) VALUES ('optimize')")
            connection.execute("UPDATE meta SET erasing = 1")
            connection.execute("COMMIT")
        except BaseException:
            self._roll_back()
            raise

    def _wipe(self) -> None:
        """Empty the journal, where what was taken out stands still. Somebody who reads it may delay that."""
        busy, _, _ = self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        if not busy:
            self._connection.execute("UPDATE meta SET erasing = 0")


def _unheard(done: int, total: int) -> None:
    """Nobody hears of progress."""
    del done, total


def _ready(connection: sqlite3.Connection) -> sqlite3.Connection:
    # A power cut may take the last entries away again; they are taken in anew.
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute(f"PRAGMA cache_size = {-_CACHE_KIB}")
    return connection


def update(ledger: Path, index: Path, *, texts: bool = True, at_rest: bool = False) -> Standing:
    """Make an index, or bring it up to date, in one go. Raises as `Making`."""
    with Making(ledger, index, texts=texts, at_rest=at_rest) as making:
        return making.update()


def leaves_forgotten(ledger: Path, index: Path) -> bool:
    """Whether an index may hold a text that the record has forgotten since, or is none that can be read.

    Raises:
        StudioError: the record cannot be read just now.
    """
    try:
        connection = connect(index, "ro")
        try:
            if not is_ours(connection):
                return True
            size, erasing = connection.execute("SELECT size, erasing FROM meta").fetchone()
        finally:
            connection.close()
    except FAULTS:
        return True
    if erasing:
        return True
    source = Source.open(ledger, read_only=True)
    assert isinstance(source, Source)
    with source:
        return bool(source.forgotten_after(size))

"""The ledger: entries go on at the end, and nowhere else.

One transaction writes the entries, their texts, the tree's new nodes and the head, so that a crash at any
instant leaves a ledger that verifies, with all of an append or nothing of it.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from studio_assist.domain.errors import Damaged, StudioError, Unavailable
from studio_assist.domain.record import Body, Commitment, Entry, commitments
from studio_assist.domain.values import EntryNumber, PersonId
from studio_assist.ledger.contents import as_bytes, opens
from studio_assist.ledger.edge import read_edge
from studio_assist.ledger.past import SqlPast, columns_of, time_in
from studio_assist.ledger.reading import Reader
from studio_assist.ledger.rules import admit
from studio_assist.ledger.schema import (
    FAULTS,
    WORK_ON,
    check_format,
    connect,
    create_tables,
    explained,
    is_blank,
)
from studio_assist.ledger.tree import Frontier, leaf_hash

#: Salts and texts that go with an append.
Texts = Mapping[Commitment, tuple[bytes, str | bytes]]


class Ledger(Reader):
    """An open ledger.

    Attributes:
        damage: what the look at its end found wrong when it was opened to be read; None if nothing.
            A ledger with damage does not open to be written.
    """

    def __init__(self, connection: sqlite3.Connection, path: Path, *, read_only: bool) -> None:
        super().__init__(connection, path)
        self.read_only = read_only
        self.damage: Damaged | None = None
        self._frontier = Frontier()
        self._synchronous = ""
        self._durable_mode = "FULL"

    @classmethod
    def open(
        cls, path: Path, *, create: bool = True, read_only: bool = False, at_rest: bool = False
    ) -> Ledger:
        """Open a ledger after a look at its end, which costs the same at every length.

        Open a project that exists with `create=False`: there, a missing or empty ledger is damage, not a
        reason to begin a new one. `at_rest` is for one quick look: where nobody is writing it makes no file
        beside the ledger, and sees nothing that is written meanwhile. Raises `Damaged`, `BadInput` for a
        newer format or another kind of file, and `Unavailable` where the disk does not let it.
        """
        exists = path.exists()
        if not exists and (read_only or not create):
            raise Damaged("The project's ledger is missing.", remedy=WORK_ON, place=str(path))
        connection: sqlite3.Connection | None = None
        try:
            connection = (
                _connect_to_read(path, at_rest=at_rest)
                if read_only
                else connect(path, "rwc" if create else "rw")
            )
            ledger = cls(connection, path, read_only=read_only)
            ledger._prepare(create=create and not read_only)
        except StudioError:
            if connection is not None:
                connection.close()
            raise
        except FAULTS as error:
            if connection is not None:
                connection.close()
            raise explained(error, path) from error
        if not exists:
            _sync_folder(path.parent)
        return ledger

    # properties

    @property
    def size(self) -> int:
        return super().size if self.read_only else self._frontier.size

    @property
    def root(self) -> str:
        return super().root if self.read_only else self._frontier.root().hex()

    # methods

    def append(
        self,
        body: Body,
        *,
        at: datetime,
        person: PersonId | None = None,
        contents: Texts | None = None,
        durable: bool = True,
    ) -> Entry:
        """Add one entry; see `append_many`."""
        return self.append_many([(body, person)], at=at, contents=contents, durable=durable)[0]

    def append_many(
        self,
        bodies: Iterable[tuple[Body, PersonId | None]],
        *,
        at: datetime,
        contents: Texts | None = None,
        durable: bool = True,
    ) -> tuple[Entry, ...]:
        """Add entries in one transaction: all of them, or none.

        Args:
            at: the present moment, with its time zone.
            contents: salt and text of every commitment that the ledger does not know yet.
            durable: on the disk before this returns, to outlast a power cut. Otherwise the entries outlast
                a crash of the program, and reach the disk with the next durable append at the latest.

        Raises:
            Refusal: the entry must not follow what is in the record (see `rules`).
            Unavailable: disk full, folder read-only, another program writing. Nothing was written.
            Damaged: the file is not what it was.
            ValueError: a commitment without its text, or one that the text does not open (a bug).
        """
        with self._turn:
            if self.read_only:
                raise Unavailable(
                    "This ledger is open for reading only.",
                    remedy="Close the other window of this project, then open the project again.",
                    place=str(self.path),
                )
            try:
                self._set_synchronous(durable)
                self._connection.execute("BEGIN IMMEDIATE")
                entries, frontier = self._write(bodies, at, contents or {})
                self._connection.execute("COMMIT")
            except BaseException as error:
                self._roll_back()
                if isinstance(error, FAULTS):
                    raise explained(error, self.path) from error
                raise
            self._frontier = frontier
            return entries

    def close(self) -> None:
        """Write back what the database still holds beside the file, and let go of it."""
        with self._turn:
            self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # internals

    def _prepare(self, *, create: bool) -> None:
        connection = self._connection
        if not self.read_only:
            mode = connection.execute("PRAGMA journal_mode = WAL").fetchone()[0]
            # A file system without shared memory keeps a rollback journal; its deletion must last too.
            self._durable_mode = "FULL" if mode == "wal" else "EXTRA"
            # On macOS a plain fsync leaves data in the drive's cache.
            connection.execute("PRAGMA fullfsync = ON")
            if is_blank(connection):
                if not create:
                    raise Damaged("The project's ledger is empty.", remedy=WORK_ON, place=str(self.path))
                self._set_synchronous(True)
                create_tables(connection)
        try:
            check_format(connection, self.path)
            self._frontier = read_edge(connection, self.path)
        except Damaged as damage:
            if not self.read_only:
                raise
            self.damage = damage

    def _write(
        self, bodies: Iterable[tuple[Body, PersonId | None]], at: datetime, contents: Texts
    ) -> tuple[tuple[Entry, ...], Frontier]:
        connection = self._connection
        head = connection.execute("SELECT size, root FROM head").fetchone()
        if head != (self._frontier.size, self._frontier.root().hex()):
            # Another process has written since, or our last commit failed half-way.
            self._frontier = read_edge(connection, self.path)
        frontier = self._frontier.copy()
        past = SqlPast(connection)
        entries: list[Entry] = []
        moment = at.astimezone(UTC) if at.tzinfo else at
        for body, person in bodies:
            entry = Entry(at=moment, body=body, number=EntryNumber(frontier.size + 1), person=person)
            canonical = entry.canonical()
            admit(entry, past)
            self._keep_texts(entry, contents)
            connection.execute(
                "INSERT INTO entries VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (*columns_of(entry, time_in(canonical)), canonical.decode()),
            )
            connection.executemany(
                "INSERT INTO nodes VALUES (?, ?, ?)", frontier.append(leaf_hash(canonical))
            )
            entries.append(entry)
        connection.execute("UPDATE head SET size = ?, root = ?", (frontier.size, frontier.root().hex()))
        return tuple(entries), frontier

    def _keep_texts(self, entry: Entry, contents: Texts) -> None:
        for commitment in commitments(entry.body):
            known = self._connection.execute(
                "SELECT 1 FROM contents WHERE commitment = ?", (commitment,)
            ).fetchone()
            if known:
                continue
            if commitment not in contents:
                raise ValueError(f"{entry.body.type} speaks of a text that was not given with it")
            salt, text = contents[commitment]
            content = as_bytes(text)
            if not opens(commitment, salt, content):
                raise ValueError(f"{entry.body.type} was given another text than it commits to")
            self._connection.execute(
                "INSERT INTO contents (entry, commitment, salt, content) VALUES (?, ?, ?, ?)",
                (entry.number, commitment, salt, content),
            )

    def _set_synchronous(self, durable: bool) -> None:
        wanted = self._durable_mode if durable else "NORMAL"
        if wanted != self._synchronous:
            self._connection.execute(f"PRAGMA synchronous = {wanted}")
            self._synchronous = wanted

    def _roll_back(self) -> None:
        try:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
        except sqlite3.Error:
            # The error that led here says more, and SQLite rolls back what it could not commit.
            self._synchronous = ""


def _connect_to_read(path: Path, *, at_rest: bool) -> sqlite3.Connection:
    """A reading connection that sees what a writer commits, or, on media nobody can write, the bare file."""
    journal = path.with_name(f"{path.name}-wal")
    if at_rest and not (journal.exists() and journal.stat().st_size):
        return connect(path, "immutable")
    connection = connect(path, "ro")
    try:
        connection.execute("SELECT 1 FROM sqlite_schema").fetchone()
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF not in (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY):
            raise
        connection.close()
        connection = connect(path, "immutable")
    return connection


def _sync_folder(folder: Path) -> None:
    """Make a new file's name last. Windows keeps names by itself and opens no folders."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

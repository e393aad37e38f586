"""The ledger's tables, how a connection is opened, and what its faults mean to a person.

An outsider reads the file with any sqlite3: `entries.entry` is the canonical JSON that is hashed, the other
columns of `entries` repeat parts of it for searching, `nodes` keeps the tree, `contents` the texts behind the
commitments. `signatures` holds a person's signature on an entry, `checkpoints` signed heads, `witnesses` what
others signed. `open_candidates`, `unplaced` and `unfinished` repeat what is still to be done, so that opening
a long ledger costs no more than opening a short one. `verify` recomputes all of it.

Format 1 had no signatures, checkpoints and witnesses. Format 2 has the same tables as format 3, but a program
of its time knows no entries about approving and sending, and would take them for damage; the higher number
makes it say that a newer program wrote them; format 4 likewise has entries about panels, format 5 about
clearing and people, format 6 about sounds and boards that came in. All are read and checked as they are, and
become format 6 when they are opened to be
written.
"""

from __future__ import annotations

import sqlite3
from functools import cache
from pathlib import Path
from typing import Final, cast

from studio_assist.domain.errors import BadInput, Damaged, StudioError, Unavailable
from studio_assist.ledger.tree import EMPTY_ROOT

FORMAT_VERSION: Final = 6
#: "StAs", so that a stray database is not taken for a ledger.
APPLICATION_ID: Final = 0x53744173

_FORMAT_1: Final = (
    """CREATE TABLE entries (
  number INTEGER PRIMARY KEY,
  at TEXT NOT NULL,
  person TEXT,
  type TEXT NOT NULL,
  request TEXT,
  candidate TEXT,
  decision INTEGER,
  entry TEXT NOT NULL
) STRICT""",
    "CREATE INDEX entries_by_type ON entries (type)",
    "CREATE INDEX entries_by_request ON entries (request) WHERE request IS NOT NULL",
    "CREATE INDEX entries_by_candidate ON entries (candidate) WHERE candidate IS NOT NULL",
    "CREATE INDEX entries_by_decision ON entries (decision) WHERE decision IS NOT NULL",
    "CREATE UNIQUE INDEX one_request ON entries (request) WHERE type = 'requested'",
    "CREATE UNIQUE INDEX one_candidate ON entries (candidate) WHERE type = 'candidate'",
    "CREATE INDEX sent_by_time ON entries (at) WHERE type = 'sent'",
    """CREATE TABLE nodes (
  level INTEGER NOT NULL,
  place INTEGER NOT NULL,
  hash BLOB NOT NULL,
  PRIMARY KEY (level, place)
) STRICT, WITHOUT ROWID""",
    """CREATE TABLE contents (
  id INTEGER PRIMARY KEY,
  entry INTEGER NOT NULL,
  commitment TEXT NOT NULL UNIQUE,
  salt BLOB NOT NULL,
  content BLOB NOT NULL
) STRICT""",
    """CREATE TABLE head (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  size INTEGER NOT NULL,
  root TEXT NOT NULL
) STRICT""",
    """CREATE TABLE open_candidates (
  candidate TEXT NOT NULL PRIMARY KEY,
  entry INTEGER NOT NULL,
  stale INTEGER NOT NULL
) STRICT, WITHOUT ROWID""",
    "CREATE TABLE unplaced (decision INTEGER PRIMARY KEY) STRICT",
    """CREATE TABLE unfinished (
  request TEXT NOT NULL PRIMARY KEY,
  entry INTEGER NOT NULL
) STRICT, WITHOUT ROWID""",
)
_FORMAT_2: Final = (
    """CREATE TABLE signatures (
  entry INTEGER PRIMARY KEY,
  key TEXT NOT NULL,
  signature BLOB NOT NULL
) STRICT""",
    """CREATE TABLE checkpoints (
  size INTEGER NOT NULL,
  key TEXT NOT NULL,
  note TEXT NOT NULL,
  PRIMARY KEY (size, key)
) STRICT""",
    """CREATE TABLE witnesses (
  id INTEGER PRIMARY KEY,
  size INTEGER NOT NULL,
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  key TEXT,
  at TEXT NOT NULL,
  proof BLOB NOT NULL
) STRICT""",
)
SCHEMA: Final = (*_FORMAT_1, *_FORMAT_2)

#: How long to wait for another process that is writing.
BUSY_TIMEOUT_S: Final = 5.0

NO_PLACE = "Free some space on the disk or save the project elsewhere, then try again. Nothing was lost."
WORK_ON = (
    "The script stays open and can be saved and exported. Put back the ledger from a backup to ask for "
    "candidates again."
)


def connect(path: Path, mode: str) -> sqlite3.Connection:
    """A connection in autocommit. `mode` is rwc, rw, ro, or "immutable" for a file nobody writes to."""
    options = "mode=ro&immutable=1" if mode == "immutable" else f"mode={mode}"
    # Any thread may call: sqlite3 is built serialised, and the ledger takes one call at a time.
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?{options}",
        uri=True,
        timeout=BUSY_TIMEOUT_S,
        isolation_level=None,
        check_same_thread=False,
    )
    # An altered ledger could hold views and triggers that call functions; none of ours does.
    connection.execute("PRAGMA trusted_schema = OFF")
    return connection


def create_tables(connection: sqlite3.Connection, version: int = FORMAT_VERSION) -> None:
    """Make an empty file into an empty ledger, all at once."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        for statement in _FORMAT_1 if version == 1 else SCHEMA:
            connection.execute(statement)
        connection.execute("INSERT INTO head VALUES (1, 0, ?)", (EMPTY_ROOT.hex(),))
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {version}")
        connection.execute("COMMIT")
    except BaseException:
        connection.execute("ROLLBACK")
        raise


def migrate(connection: sqlite3.Connection) -> None:
    """Make a ledger of an older format into one of this, all at once. Entries and tree stay as they are."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        # Another process may have done it while we waited.
        version = format_of(connection)
        if version == 1:
            for statement in _FORMAT_2:
                connection.execute(statement)
        if version < FORMAT_VERSION:
            connection.execute(f"PRAGMA user_version = {FORMAT_VERSION}")
        connection.execute("COMMIT")
    except BaseException:
        connection.execute("ROLLBACK")
        raise


def format_of(connection: sqlite3.Connection) -> int:
    """The version that the file says it has."""
    return cast("int", connection.execute("PRAGMA user_version").fetchone()[0])


def is_blank(connection: sqlite3.Connection) -> bool:
    """Whether the file holds nothing at all yet."""
    return connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0] == 0


def check_format(connection: sqlite3.Connection, path: Path) -> int:
    """The ledger's format. Raises `BadInput` for what is not a ledger of a version we know, `Damaged` for
    altered tables."""
    application = connection.execute("PRAGMA application_id").fetchone()[0]
    version = format_of(connection)
    tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_schema")}
    if not tables:
        raise Damaged("The ledger is empty.", remedy=WORK_ON, place=str(path))
    if application != APPLICATION_ID and not {"entries", "nodes", "head"} <= tables:
        raise BadInput(
            "This file is not a Studio Assist ledger.",
            remedy="Choose the ledger.sqlite of a project folder.",
            place=str(path),
        )
    if version > FORMAT_VERSION:
        raise BadInput(
            f"A newer Studio Assist made this ledger (format {version}; this one knows {FORMAT_VERSION}).",
            remedy="Update Studio Assist. Nothing was changed.",
            place=str(path),
        )
    if application != APPLICATION_ID or version < 1 or _tables_of(connection) != _tables(version):
        raise Damaged("The ledger's tables were altered.", remedy=WORK_ON, place=str(path))
    return version


def _tables_of(connection: sqlite3.Connection) -> list[tuple[str, str, str, str | None]]:
    return connection.execute("SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY name").fetchall()


@cache
def _tables(version: int) -> list[tuple[str, str, str, str | None]]:
    """What the tables of an unaltered ledger look like, by SQLite's own account."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    try:
        create_tables(connection, version)
        return _tables_of(connection)
    finally:
        connection.close()


#: How a database's fault reaches Python. A damaged one has names and messages that are no UTF-8.
FAULTS: Final = (sqlite3.Error, UnicodeDecodeError)


def explained(error: Exception, path: Path) -> StudioError:
    """What a fault of the database means, and what a person can do. Transactions leave nothing half done."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    place = str(path)
    if code == sqlite3.SQLITE_FULL:
        return Unavailable("The disk is full; the record could not be written.", remedy=NO_PLACE, place=place)
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return Unavailable(
            "Another program is holding the ledger.",
            remedy="Close other windows and tools that have this project open, then try again.",
            place=place,
        )
    if code in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM, sqlite3.SQLITE_AUTH):
        return Unavailable(
            "The ledger cannot be written: the file or its folder is read-only.",
            remedy="Copy the project to a folder you can write to and open it there.",
            place=place,
        )
    if code == sqlite3.SQLITE_CANTOPEN:
        return Unavailable(
            "The ledger cannot be opened.",
            remedy="Check that the folder exists and that you may read and write in it.",
            place=place,
        )
    if code == sqlite3.SQLITE_IOERR:
        return Unavailable(
            "The disk did not take or give the record's data.",
            remedy="Check that the disk is connected and has space left, then try again. Nothing was lost.",
            place=place,
        )
    if code == sqlite3.SQLITE_NOTADB:
        return Damaged("The ledger's file is not a database any more.", remedy=WORK_ON, place=place)
    return Damaged(f"The ledger's file is damaged ({error}).", remedy=WORK_ON, place=place)

"""The tables of the index, how it is opened, and the small numbers that its columns hold.

`rows` has one narrow row an entry. `sums` counts them again by blocks of entries and by everything a filter
asks for but time, so that no count goes through all rows. `words` is the full-text search.
"""

from __future__ import annotations

import sqlite3
from contextlib import suppress
from pathlib import Path
from typing import Final, get_args

from studio_assist.domain.errors import StudioError, Unavailable
from studio_assist.domain.review import DeskName, Outcome
from studio_assist.ledger.schema import FAULTS as FAULTS

#: An index of another version is made again.
VERSION: Final = 1
#: "StRv", so that no other database is taken for an index, or overwritten as one.
APPLICATION_ID: Final = 0x53745276

#: A block holds 2**SHIFT entry numbers.
SHIFT: Final = 12

DESKS: Final[tuple[DeskName, ...]] = get_args(DeskName)
OUTCOMES: Final[tuple[Outcome, ...]] = get_args(Outcome)
#: As the table shows them, from what anybody may know on.
SENSITIVITIES: Final = ("", "Public", "Internal", "Confidential", "Personal")

#: Bits of `flags`: shown without *Every entry*; counted as the one row of a candidate, or of a blocked ask;
#: bytes left; an edit share is known; by a script in a person's stead.
MAIN, COUNTED, LEFT, EDIT, AUTOMATED = 1, 2, 4, 8, 16
#: The bits that `sums` tells apart.
SUMMED: Final = MAIN | COUNTED | LEFT | EDIT

#: A pause of so many microseconds ends a session.
PAUSE: Final = 3_600_000_000

_TABLES: Final = (
    """CREATE TABLE meta (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  tag TEXT NOT NULL,
  size INTEGER NOT NULL,
  root TEXT NOT NULL,
  in_time INTEGER NOT NULL,
  last INTEGER NOT NULL,
  texts INTEGER NOT NULL,
  erasing INTEGER NOT NULL
) STRICT""",
    """CREATE TABLE people (
  id INTEGER PRIMARY KEY,
  person TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  session INTEGER NOT NULL,
  last INTEGER NOT NULL
) STRICT""",
    """CREATE TABLE names (
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL,
  text TEXT NOT NULL,
  UNIQUE (kind, text)
) STRICT""",
    """CREATE TABLE requests (
  id INTEGER PRIMARY KEY,
  request TEXT NOT NULL UNIQUE,
  person INTEGER NOT NULL,
  desk INTEGER NOT NULL,
  tool INTEGER NOT NULL,
  purpose TEXT NOT NULL,
  sensitivity INTEGER NOT NULL,
  left INTEGER NOT NULL,
  scene TEXT NOT NULL,
  shot TEXT NOT NULL,
  blocked INTEGER NOT NULL
) STRICT""",
    """CREATE TABLE shots (
  shot INTEGER PRIMARY KEY,
  number TEXT NOT NULL
) STRICT""",
    """CREATE TABLE candidates (
  id INTEGER PRIMARY KEY,
  candidate TEXT NOT NULL UNIQUE,
  request INTEGER NOT NULL,
  entry INTEGER NOT NULL,
  place INTEGER NOT NULL,
  decision INTEGER NOT NULL,
  failed INTEGER NOT NULL
) STRICT""",
    """CREATE TABLE rows (
  number INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  session INTEGER NOT NULL,
  person INTEGER NOT NULL,
  desk INTEGER NOT NULL,
  tool INTEGER NOT NULL,
  purpose INTEGER NOT NULL,
  sensitivity INTEGER NOT NULL,
  left INTEGER NOT NULL,
  outcome INTEGER NOT NULL,
  edit INTEGER,
  type INTEGER NOT NULL,
  request INTEGER NOT NULL,
  candidate INTEGER NOT NULL,
  scene INTEGER NOT NULL,
  shot INTEGER NOT NULL,
  flags INTEGER NOT NULL
) STRICT""",
    "CREATE INDEX rows_by_request ON rows (request) WHERE request > 0",
    "CREATE INDEX main_by_purpose ON rows (purpose, person, desk, tool, outcome, left) WHERE flags & 1",
    "CREATE INDEX rows_by_purpose ON rows (purpose)",
    "CREATE INDEX rows_by_left ON rows (left) WHERE left > 0",
    "CREATE INDEX rows_by_edit ON rows (edit) WHERE edit IS NOT NULL",
    """CREATE TABLE sums (
  block INTEGER NOT NULL,
  person INTEGER NOT NULL,
  session INTEGER NOT NULL,
  desk INTEGER NOT NULL,
  tool INTEGER NOT NULL,
  outcome INTEGER NOT NULL,
  sensitivity INTEGER NOT NULL,
  kept INTEGER NOT NULL,
  n INTEGER NOT NULL,
  bytes INTEGER NOT NULL,
  PRIMARY KEY (block, person, session, desk, tool, outcome, sensitivity, kept)
) STRICT, WITHOUT ROWID""",
    """CREATE TABLE blocks (
  block INTEGER PRIMARY KEY,
  first INTEGER NOT NULL,
  last INTEGER NOT NULL
) STRICT""",
    # Every word has to be there, wherever: neither places nor lengths are needed. Whoever types begins with
    # one letter, which very many words begin with.
    "CREATE VIRTUAL TABLE words USING fts5 (text, detail=none, columnsize=0, prefix='1 2', "
    'tokenize="unicode61 remove_diacritics 2")',
)

#: FTS5 learned in 3.42 to overwrite deleted words by itself; before, its tables are written anew.
ERASES_WORDS: Final = sqlite3.sqlite_version_info >= (3, 42)


class Stopped(Unavailable):
    """`ReviewIndex.interrupt` ended the call."""


def connect(path: Path, mode: str) -> sqlite3.Connection:
    """A connection in autocommit. `mode` is rwc, rw, ro, or "immutable" for a file nobody writes to."""
    options = "mode=ro&immutable=1" if mode == "immutable" else f"mode={mode}"
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?{options}",
        uri=True,
        timeout=5,
        isolation_level=None,
        check_same_thread=False,
    )
    connection.execute("PRAGMA trusted_schema = OFF")
    connection.execute("PRAGMA temp_store = MEMORY")
    return connection


def create_tables(connection: sqlite3.Connection, *, texts: bool) -> None:
    """Make an empty file into an index of nothing, all at once."""
    connection.execute("PRAGMA secure_delete = ON")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("BEGIN IMMEDIATE")
    try:
        for statement in _TABLES:
            connection.execute(statement)
        if ERASES_WORDS:
            connection.execute("INSERT INTO words (words, rank) VALUES ('secure-delete', 1)")
        connection.execute("INSERT INTO meta VALUES (1, '', 0, '', 1, ?, ?, 0)", (-(2**62), int(texts)))
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {VERSION}")
        connection.execute("COMMIT")
    except BaseException:
        connection.execute("ROLLBACK")
        raise


def is_ours(connection: sqlite3.Connection) -> bool:
    """Whether an open file is an index of this version."""
    return (
        connection.execute("PRAGMA application_id").fetchone()[0] == APPLICATION_ID
        and connection.execute("PRAGMA user_version").fetchone()[0] == VERSION
        and connection.execute("SELECT count(*) FROM sqlite_schema WHERE name = 'meta'").fetchone()[0] == 1
    )


def remove(path: Path) -> None:
    """Remove an index, and what SQLite keeps beside it. `Unavailable` where the disk does not let it."""
    for file in (path, *(path.with_name(f"{path.name}{ending}") for ending in ("-wal", "-shm", "-journal"))):
        try:
            with suppress(FileNotFoundError):
                file.unlink()
        except OSError as error:
            raise Unavailable(
                f"The index of the record could not be removed ({error.strerror}).",
                remedy="Close other windows of this project, then try again.",
                place=str(file),
            ) from error


def explained(error: Exception, path: Path) -> StudioError:
    """What a fault of the index means. The record is elsewhere; the index can always be made again."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code == sqlite3.SQLITE_INTERRUPT:
        return Stopped("The search was ended.", remedy="Search again.", place=str(path))
    if code == sqlite3.SQLITE_FULL:
        return Unavailable(
            "The disk is full; the index of the record could not be written.",
            remedy="Free some space. Nothing of the record is lost.",
            place=str(path),
        )
    return Unavailable(
        f"The index of the record could not be used just now ({error}).",
        remedy="Choose Check again in Review; the index is then made anew from the record.",
        place=str(path),
    )

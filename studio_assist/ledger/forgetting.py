"""Removing texts for good: out of the table, out of the file's unused parts, out of the journal.

What stays is the commitment in the entry, from which nobody can guess the text, and the entry that says who
had the text removed and why. Whoever was given text and salt before can still show what the entry spoke of.
"""

from __future__ import annotations

import mmap
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from studio_assist.domain.errors import Refusal
from studio_assist.domain.record import Commitment, Entry, Forgotten, commitments
from studio_assist.domain.values import EntryNumber


class Forgetting(NamedTuple):
    """What was forgotten.

    Attributes:
        entry: the entry that says so.
        named_by: every entry that spoke of one of the texts.
        traces: why bytes of it may still be in the ledger's files, in a sentence; None where they are not.
    """

    entry: Entry
    commitments: tuple[Commitment, ...]
    named_by: tuple[EntryNumber, ...]
    traces: str | None


def body_for(entry: Entry, why: str, is_forgotten: Callable[[Commitment], bool]) -> Forgotten:
    """The entry that forgets what another one speaks of. Raises `Refusal` where there is nothing of it."""
    spoken_of = sorted(commitments(entry.body))
    left = tuple(commitment for commitment in spoken_of if not is_forgotten(commitment))
    if not left:
        raise Refusal(
            f"The texts of entry {entry.number} were forgotten before."
            if spoken_of
            else f"Entry {entry.number} holds no text.",
            remedy="Choose an entry that holds a text.",
            rule="record.forgotten-once" if spoken_of else "record.nothing-to-forget",
        )
    return Forgotten(commitments=left, entry=entry.number, why=why)


def salts_of(connection: sqlite3.Connection, gone: Sequence[Commitment]) -> list[bytes]:
    """The salts of texts: 32 random bytes each, by which copies of a text's row are found in the file."""
    marks = ",".join("?" * len(gone))
    return [
        salt
        for (salt,) in connection.execute(f"SELECT salt FROM contents WHERE commitment IN ({marks})", gone)
    ]


def erase(connection: sqlite3.Connection, gone: Sequence[Commitment]) -> tuple[EntryNumber, ...]:
    """Delete the texts, within the caller's transaction; gives the entries that spoke of them."""
    found: set[int] = set()
    for commitment in gone:
        connection.execute("DELETE FROM contents WHERE commitment = ?", (commitment,))
        # No index leads from a text to its entries; forgetting is rare, and may look through all of them.
        rows = connection.execute(
            "SELECT number FROM entries WHERE type != 'forgotten' AND instr(entry, ?)", (commitment,)
        )
        found.update(number for (number,) in rows)
    return tuple(EntryNumber(number) for number in sorted(found))


def clear_traces(connection: sqlite3.Connection, path: Path, salts: Iterable[bytes]) -> str | None:
    """Empty the journal and look through the file; says why something may be left, or None.

    Deleted rows are overwritten where they stood (secure_delete). Ledgers that were begun without it may
    hold older copies of a row; these go when the file is written anew.
    """
    try:
        if not _empty_journal(connection):
            return (
                "Another window or tool is reading the ledger, so the removed text may stay in "
                f"{path.name}-wal until all of them are closed."
            )
        if _holds(path, salts):
            connection.execute("VACUUM")
            if not _empty_journal(connection) or _holds(path, salts):
                return f"Bytes of the removed text may still be in unused parts of {path.name}."
    except (sqlite3.Error, OSError) as error:
        return f"Whether unused parts of {path.name} still hold bytes of it could not be seen ({error})."
    return None


def _empty_journal(connection: sqlite3.Connection) -> bool:
    """Bring everything from the journal into the file and cut the journal to nothing."""
    busy, _, _ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    return not busy


def _holds(path: Path, salts: Iterable[bytes]) -> bool:
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as whole:
        return any(whole.find(salt) >= 0 for salt in salts)

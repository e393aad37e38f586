"""The ledger as the index reads it: entries in order, whatever they hold, and texts that open."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Final, NamedTuple

from pydantic import ValidationError

from studio_assist.domain.errors import StudioError
from studio_assist.domain.record import Commitment, Entry, Forgotten, Requested
from studio_assist.ledger.contents import opens
from studio_assist.ledger.past import read_entry
from studio_assist.ledger.store import Ledger

#: Longer texts are searched in their first part: a whole script is not one answer.
LONGEST: Final = 20_000


class Found(NamedTuple):
    """An entry as it was found: `entry` is None where it cannot be read."""

    number: int
    at: str
    type: str
    entry: Entry | None


class Source(Ledger):
    """A ledger that is open for reading."""

    # methods

    def found(self, after: int, most: int, up_to: int | None = None) -> list[Found]:
        """The next entries, in order, none above `up_to`."""
        with self._reading():
            rows = self._connection.execute(
                "SELECT number, CAST(at AS BLOB), CAST(type AS BLOB), CAST(entry AS BLOB) FROM entries "
                "WHERE number > ? AND number <= ? ORDER BY number LIMIT ?",
                (after, 2**62 if up_to is None else up_to, most),
            ).fetchall()
        return [
            Found(number, at.decode("utf-8", "replace"), type.decode("utf-8", "replace"), _read(entry))
            for number, at, type, entry in rows
        ]

    def last(self) -> int:
        """The number of the last entry that is there, whatever the head says."""
        with self._reading():
            return self._connection.execute("SELECT coalesce(max(number), 0) FROM entries").fetchone()[0]

    def root_or_none(self, size: int) -> str:
        """The root at a size; "" where the tree does not give one."""
        try:
            return self.root_at(size) if size else ""
        except StudioError:
            return ""

    def text(self, commitment: Commitment | None) -> str:
        """The text behind a commitment; "" where it was forgotten, or what is there does not open it."""
        if commitment is None:
            return ""
        with self._reading():
            row = self._connection.execute(
                "SELECT CAST(salt AS BLOB), CAST(content AS BLOB) FROM contents WHERE commitment = ?",
                (commitment,),
            ).fetchone()
        if row is None or not opens(commitment, row[0] or b"", row[1] or b""):
            return ""
        return row[1].decode("utf-8", "replace")[:LONGEST]

    def asked(self, request: str) -> Requested | None:
        """A request as it was made."""
        with self._reading():
            row = self._connection.execute(
                "SELECT CAST(entry AS BLOB) FROM entries WHERE type = 'requested' AND request = ?", (request,)
            ).fetchone()
        entry = _read(row[0]) if row else None
        return entry.body if entry and isinstance(entry.body, Requested) else None

    def forgotten_after(self, number: int) -> set[Commitment]:
        """The texts that entries above a number say were forgotten."""
        with self._reading():
            rows = self._connection.execute(
                "SELECT CAST(entry AS BLOB) FROM entries WHERE type = 'forgotten' AND number > ?", (number,)
            ).fetchall()
        bodies = [entry.body for (row,) in rows if (entry := _read(row))]
        return {one for body in bodies if isinstance(body, Forgotten) for one in body.commitments}

    def naming(self, gone: Collection[Commitment], up_to: int) -> Iterator[Entry]:
        """The entries up to a number that speak of one of these texts."""
        for commitment in gone:
            # No index leads from a text to its entries; forgetting is rare, and may look through all.
            with self._reading():
                rows = self._connection.execute(
                    "SELECT CAST(entry AS BLOB) FROM entries "
                    "WHERE number <= ? AND type != 'forgotten' AND instr(entry, ?)",
                    (up_to, commitment),
                ).fetchall()
            yield from (entry for (row,) in rows if (entry := _read(row)))


def moment_in(text: str) -> datetime | None:
    """The moment that a column says; None where it says none."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else None


def _read(entry: bytes | None) -> Entry | None:
    try:
        return read_entry(entry or b"")
    except ValidationError:
        return None

"""The keys of a ledger and who stands behind them, and how many entries each of them signed."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from studio_assist.domain.known_keys import KEY_ENTRIES, SigningKey, known_keys
from studio_assist.domain.record import Entry
from studio_assist.ledger.schema import FAULTS, connect, explained
from studio_assist.ledger.seals import Seals

#: Entries about keys are few; a page of them is more than most records have.
_PAGE = 500


def keys_of(ledger: Seals) -> dict[str, SigningKey]:
    """Every key that a ledger names, by its public key in hexadecimal; see `domain.known_keys`."""

    def signed() -> list[tuple[Entry, str | None]]:
        found: list[tuple[Entry, str | None]] = []
        after = 0
        while page := ledger.entries(after, _PAGE, type=KEY_ENTRIES):
            for entry in page:
                beside = ledger.signature(entry.number)
                found.append((entry, beside.key if beside else None))
            after = page[-1].number
        return found

    return known_keys(signed())


def signed_by(path: Path, after: int = 0) -> tuple[Counter[str], int]:
    """How many entries beyond `after` each key signed, and the last entry that was counted.

    On a connection of its own, so that a long record can be counted in a thread beside the work.

    Raises `Damaged` or `Unavailable` where the file cannot be read.
    """
    found: Counter[str] = Counter()
    try:
        connection = connect(path, "ro")
        try:
            connection.execute("BEGIN")
            (last,) = connection.execute("SELECT coalesce(max(entry), 0) FROM signatures").fetchone()
            rows = connection.execute(
                "SELECT key, count(*) FROM signatures WHERE entry > ? GROUP BY key", (after,)
            )
            for key, count in rows:
                found[str(key)] += count
        finally:
            connection.close()
    except FAULTS as error:
        raise explained(error, path) from error
    return found, max(after, last)

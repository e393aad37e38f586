"""Making a ledger's tables anew from its entries alone, as a pack hands them out."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from pydantic import ValidationError

from studio_assist.ledger.past import columns_of, read_entry, time_in
from studio_assist.ledger.running import Difference
from studio_assist.ledger.schema import create_tables
from studio_assist.ledger.tree import Frontier, leaf_hash


def rebuild(connection: sqlite3.Connection, entries: Iterable[bytes]) -> None:
    """Fill an empty database (in autocommit) with a ledger's tables, and these entries with their tree.

    Texts, signatures, checkpoints and witnesses are left for the caller to put in, before
    `verify_tables(connection, partial=True)`. Raises `Difference` where an entry cannot be read at all.
    """
    create_tables(connection)
    frontier = Frontier()
    connection.execute("BEGIN")
    for canonical in entries:
        number = frontier.size + 1
        try:
            entry = read_entry(canonical)
            columns = columns_of(entry, time_in(canonical))
            # What it says of its own number is for the check to compare.
            row = (number, *columns[1:], canonical.decode())
            connection.execute("INSERT INTO entries VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)
        except (ValidationError, UnicodeDecodeError) as error:
            raise Difference(number, f"Entry {number} is not an entry.") from error
        except sqlite3.IntegrityError as error:
            raise Difference(number, f"Entry {number} stands there twice.") from error
        connection.executemany("INSERT INTO nodes VALUES (?, ?, ?)", frontier.append(leaf_hash(canonical)))
    connection.execute("UPDATE head SET size = ?, root = ?", (frontier.size, frontier.root().hex()))
    connection.execute("COMMIT")

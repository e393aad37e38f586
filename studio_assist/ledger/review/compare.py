"""Whether an index says what its record says: it is made once more, without texts, and held beside it."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Iterator
from itertools import zip_longest
from pathlib import Path
from typing import Final

from studio_assist.ledger.review.making import Making
from studio_assist.ledger.review.schema import FAULTS, connect, is_ours

_ROWS: Final = (
    "SELECT number, at, session, (SELECT person FROM people WHERE id = rows.person), "
    "(SELECT name FROM people WHERE id = rows.person), desk, "
    "(SELECT text FROM names WHERE id = tool), (SELECT text FROM names WHERE id = purpose), sensitivity, "
    "left, outcome, edit, (SELECT text FROM names WHERE id = type), "
    "(SELECT request FROM requests WHERE id = rows.request), "
    "(SELECT candidate FROM candidates WHERE id = rows.candidate), "
    "(SELECT text FROM names WHERE id = scene), (SELECT text FROM names WHERE id = shot), flags "
    "FROM rows ORDER BY number"
)
_SUMS: Final = (
    "SELECT block, (SELECT person FROM people WHERE id = sums.person) AS who, session, desk, "
    "(SELECT text FROM names WHERE id = tool) AS what, outcome, sensitivity, kept, n, bytes "
    "FROM sums ORDER BY block, who, session, desk, what, outcome, sensitivity, kept"
)
_BLOCKS: Final = "SELECT * FROM blocks ORDER BY block"
_TABLES: Final = "SELECT name, sql FROM sqlite_schema WHERE name != 'rows_by_at' ORDER BY name"


def compare_index(ledger: Path, index: Path) -> bool:
    """Whether an index holds the rows and sums that its record makes, as far as it goes.

    The words of a search are held against each other only within the index: what is not in the record cannot
    be found by them, for a search gives rows. It takes about half of what making the index takes.

    Raises:
        StudioError: the record cannot be read just now.
    """
    with tempfile.TemporaryDirectory(prefix="studio-assist-") as folder:
        fresh = Path(folder, "review.sqlite")
        try:
            mine = connect(index, "ro")
        except FAULTS:
            return False
        try:
            mine.execute("BEGIN")
            if not is_ours(mine):
                return False
            size = mine.execute("SELECT size FROM meta").fetchone()[0]
            with Making(ledger, fresh, texts=False) as making:
                making.update(up_to=size)
            theirs = connect(fresh, "ro")
            try:
                return all(_same(mine, theirs, query) for query in (_TABLES, _BLOCKS, _ROWS, _SUMS))
            finally:
                theirs.close()
        except FAULTS:
            return False
        finally:
            mine.close()


def _same(mine: sqlite3.Connection, theirs: sqlite3.Connection, query: str) -> bool:
    pairs: Iterator[tuple[object, object]] = zip_longest(mine.execute(query), theirs.execute(query))
    return all(one == other for one, other in pairs)

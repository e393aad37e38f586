"""The rows that are shown, as a file for a spreadsheet."""

from __future__ import annotations

import csv
import os
from pathlib import Path
from typing import Final

from studio_assist.desk.review.cells import LOOKS, TITLES
from studio_assist.desk.review.feed import Query
from studio_assist.domain.errors import Unavailable
from studio_assist.domain.review import COLUMNS, ReviewRow
from studio_assist.ledger.review import ReviewIndex

_AT_ONCE: Final = 4096
#: A spreadsheet takes what begins like this for a formula.
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def write_rows(index: Path, query: Query, out: Path) -> int:
    """Write every row of a query; gives how many.

    Times are ISO 8601 in UTC, sizes bytes, edits shares of a thousand.

    Raises:
        Unavailable: the index cannot be read or the file not written; nothing is left behind then.
    """
    reader = ReviewIndex(index)
    part = out.with_name(f".{out.name}.part")
    written = 0
    try:
        with part.open("w", encoding="utf-8-sig", newline="") as file:
            sheet = csv.writer(file)
            sheet.writerow([*(TITLES[column] for column in COLUMNS), "Kind of entry", "Scene", "Shot"])
            while rows := reader.rows(query.wanted, query.sort, written, _AT_ONCE):
                sheet.writerows(_line(row) for row in rows)
                written += len(rows)
            file.flush()
            os.fsync(file.fileno())
        part.replace(out)
    except OSError as error:
        raise Unavailable(
            f"The rows could not be written: {error.strerror or error}.",
            remedy="Choose another place for them.",
            place=str(error.filename or out),
        ) from error
    finally:
        part.unlink(missing_ok=True)
        reader.close()
    return written


def _line(row: ReviewRow) -> list[str]:
    words = (
        str(row.number),
        row.at.isoformat(timespec="seconds"),
        row.person,
        row.desk,
        row.tool,
        row.purpose,
        row.sensitivity,
        str(row.left),
        LOOKS[row.outcome].words,
        "" if row.edit is None else str(row.edit),
        row.type,
        row.scene,
        row.shot,
    )
    return [f"'{one}" if one.startswith(_FORMULA) else one for one in words]

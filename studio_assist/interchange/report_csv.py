"""A report as one tidy table that a spreadsheet opens: section, item, field, value."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Final

from studio_assist.interchange.report_document import (
    Chart,
    Code,
    Document,
    Facts,
    Listed,
    Table,
    Tiles,
    Words,
)

#: What a spreadsheet takes for the beginning of a formula, and what it passes over before it.
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%", "＝", "＋", "－", "＠")
HEADS: Final = ("section", "item", "field", "value")


def write_csv(document: Document) -> bytes:
    """The whole file: UTF-8 with a byte order mark, lines ended as RFC 4180 has them."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(HEADS)
    writer.writerows(tuple(map(guarded, row)) for row in rows_of(document))
    # A lone half of a character that takes two is in no file.
    return b"\xef\xbb\xbf" + out.getvalue().encode("utf-8", "replace")


def rows_of(document: Document) -> Iterator[tuple[str, str, str, str]]:
    """Every cell of every table, every fact and every sentence, in the order of the document."""
    yield ("Report", "", "title", document.title)
    yield ("Report", "", "opening", document.opening)
    for name, said in document.facts.pairs:
        yield ("Report", "", name, said)
    yield ("Report", "", "note", document.foot)
    for section in document.sections:
        under = ""
        for part in section.parts:
            match part:
                case Words(text=text, tone="lead"):
                    under = text
                case Words(text=text):
                    yield (section.title, "", "text", text)
                case Facts(pairs=pairs):
                    yield from ((section.title, under, name, said) for name, said in pairs)
                case Listed(title=title, items=items):
                    yield from (
                        (section.title, title, str(place), item) for place, item in enumerate(items, 1)
                    )
                case Code(title=title, text=text):
                    yield (section.title, title, "text", text)
                case Tiles(tiles=tiles):
                    for name, value, remark in tiles:
                        yield (section.title, name, "value", value)
                        yield (section.title, name, "remark", remark)
                case Table():
                    yield from _cells(section.title, part)
                case Chart():
                    # The numbers behind it stand in the tables.
                    yield (section.title, part.title, "chart", part.says)


def _cells(section: str, table: Table) -> Iterator[tuple[str, str, str, str]]:
    if not table.rows:
        yield (section, table.caption, "none", table.empty)
    for place, row in enumerate(table.rows, 1):
        item = f"{table.caption} {place}"
        for column, cell in zip(table.columns, row, strict=True):
            yield (section, item, column.title, cell)


def guarded(cell: str) -> str:
    """A cell that no spreadsheet runs: an apostrophe stands before what would begin a formula.

    Source: OWASP, CSV Injection.
    """
    return f"'{cell}" if cell.lstrip(" \u00a0").startswith(_FORMULA) else cell

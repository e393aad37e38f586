"""Rows in an order: marks by which any place in it is found without going through all rows before it.

An order is a list of segments, each with how many rows it has: those of one block, or of one value in a
block, or of one value. A page is read from the segment that it begins in. Only ascending orders are kept; the
other direction is the same one read from its end.
"""

from __future__ import annotations

import sqlite3
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from studio_assist.domain.review import Column
from studio_assist.ledger.review.finding import Finding, Names, Where, in_block
from studio_assist.ledger.review.schema import DESKS, EDIT, LEFT, OUTCOMES, SENSITIVITIES, SHIFT

#: Values that few rows have are put together until they are so many.
_ENOUGH: Final = 256

Key = tuple[int, ...]


class _Segment(NamedTuple):
    """Rows that stand together.

    Attributes:
        start: the place of the first. by: how they stand. first, last: keys of the first and last of them.
    """

    start: int
    n: int
    where: Where
    by: tuple[str, ...]
    first: Key
    last: Key


class Order:
    """The rows of a filter in the ascending order of a column."""

    def __init__(
        self, connection: sqlite3.Connection, names: Names, finding: Finding, column: Column, *, in_time: bool
    ) -> None:
        self._connection: Final = connection
        self._finding: Final = finding
        self._segments: Final[list[_Segment]] = []
        self._ranks: dict[int, int] = {}
        self._index = ""
        self._column: Final = column
        self._in_time: Final = in_time
        self.count = 0
        match column:
            case "number":
                self._by_block()
            case "time":
                self._by_block() if in_time else self._by_value("at", 0)
            case "person":
                self._by_rank("person", names.people)
            case "desk":
                self._by_rank("desk", dict(enumerate(DESKS)))
            case "tool":
                self._by_rank("tool", names.kinds["tool"])
            case "outcome":
                self._by_rank("outcome", dict(enumerate(OUTCOMES)))
            case "sensitivity":
                self._by_rank("sensitivity", {code: f"{code}" for code in range(len(SENSITIVITIES))})
            case "purpose":
                self._by_purpose(names.kinds["purpose"])
            case "left":
                self._by_value("left", LEFT)
            case "edit":
                self._by_value("edit", EDIT)
        self._starts: Final = [segment.start for segment in self._segments]

    # methods

    def numbers(self, first: int, limit: int) -> list[int]:
        """The entries from a place on."""
        found: list[int] = []
        place = max(0, bisect_right(self._starts, first) - 1)
        skip = first - self._segments[place].start if self._segments else 0
        for segment in self._segments[place:]:
            left = limit - len(found)
            if left <= 0:
                break
            where = self._finding.where + segment.where
            rows = self._connection.execute(
                f"SELECT number FROM {self._table()} WHERE {where.text()} "
                f"ORDER BY {', '.join(segment.by)} LIMIT ? OFFSET ?",
                (*where.values, left, skip),
            )
            found.extend(number for (number,) in rows)
            skip = 0
        return found

    def place(self, number: int) -> int | None:
        """Where an entry stands; None where it is not among the rows."""
        where = self._finding.where + Where(("number = ?",), (number,))
        columns = "number, at, person, desk, tool, outcome, sensitivity, purpose, left, edit"
        row = self._connection.execute(
            f"SELECT {columns} FROM {self._finding.table} WHERE {where.text()}", where.values
        ).fetchone()
        if row is None:
            return None
        values: dict[str, int | None] = dict(zip(columns.split(", "), row, strict=True))
        key = self._key(values)
        for segment in self._segments:
            if segment.first <= key <= segment.last:
                by, mine = ", ".join(segment.by), [values[column] for column in segment.by]
                marks = ",".join("?" * len(mine))
                inside = self._finding.where + segment.where + Where((f"({by}) < ({marks})",), tuple(mine))
                (before,) = self._connection.execute(
                    f"SELECT count(*) FROM {self._table()} WHERE {inside.text()}", inside.values
                ).fetchone()
                return segment.start + before
        return None

    # internals

    def _table(self) -> str:
        table = self._finding.table
        return f"{table} INDEXED BY {self._index}" if self._index and table == "rows" else table

    def _key(self, values: Mapping[str, int | None]) -> Key:
        number = values["number"] or 0
        match self._column:
            case "number":
                return (block_of(number),)
            case "time" if self._in_time:
                return (block_of(number),)
            case "person" | "desk" | "tool" | "outcome" | "sensitivity":
                return (self._ranks.get(values[self._column] or 0, -1), block_of(number))
            case "purpose":
                return (self._ranks.get(values["purpose"] or 0, -1),)
            case "time":
                return (1, values["at"] or 0)
            case "left" | "edit":
                value = values[self._column]
                if value is None or (self._column == "left" and not value):
                    return (0, block_of(number))
                return (1, value)

    def _put(
        self,
        n: int,
        where: Where,
        first: Key,
        last: Key | None = None,
        by: tuple[str, ...] = ("number",),
    ) -> None:
        self._segments.append(_Segment(self.count, n, where, by, first, last or first))
        self.count += n

    def _by_block(self) -> None:
        for block, n, _ in sorted(self._finding.groups(("block",))):
            self._put(n, in_block(block), (block,))

    def _by_rank(self, column: str, texts: Mapping[int, str]) -> None:
        """By a column of few values, as their texts stand; within one by block."""
        self._ranks = _ranks({0: "", **texts} if column in ("person", "tool") else texts)
        alike: defaultdict[int, list[int]] = defaultdict(list)
        for value, rank in self._ranks.items():
            alike[rank].append(value)
        tally: defaultdict[Key, int] = defaultdict(int)
        for value, block, n, _ in self._finding.groups((column, "block")):
            tally[self._ranks.get(value, -1), block] += n
        for (rank, block), n in sorted(tally.items()):
            values = ",".join(map(str, alike[rank]))
            self._put(n, in_block(block) + Where((f"+{column} IN ({values})",), ()), (rank, block))

    def _by_purpose(self, texts: Mapping[int, str]) -> None:
        self._ranks = _ranks({0: "", **texts})
        where = self._finding.where
        table = self._finding.table
        counted = dict(
            self._connection.execute(
                f"SELECT purpose, count(*) FROM {table} WHERE {where.text()} GROUP BY purpose", where.values
            )
        )
        for value in sorted(counted, key=lambda one: self._ranks.get(one, -1)):
            self._put(counted[value], Where(("purpose = ?",), (value,)), (self._ranks.get(value, -1),))
        self._index = "rows_by_purpose"

    def _by_value(self, column: str, flag: int) -> None:
        """By a column of many values. `flag`: rows without it have none and stand first, by block."""
        if flag:
            tally: defaultdict[int, int] = defaultdict(int)
            for block, kept, n, _ in self._finding.groups(("block", "kept")):
                if not kept & flag:
                    tally[block] += n
            for block, n in sorted(tally.items()):
                self._put(n, in_block(block) + Where((f"NOT flags & {flag}",), ()), (0, block))
        there = {LEFT: ("left > 0",), EDIT: ("edit IS NOT NULL",)}.get(flag, ())
        where = self._finding.where + Where(there, ())
        rows = self._connection.execute(
            f"SELECT {column}, count(*) FROM {self._finding.table} WHERE {where.text()} "
            f"GROUP BY {column} ORDER BY {column}",
            where.values,
        )
        for first, last, n in _together(rows):
            between = Where((*there, f"{column} BETWEEN ? AND ?"), (first, last))
            self._put(n, between, (1, first), (1, last), (column, "number"))


def block_of(number: int) -> int:
    """The block of an entry."""
    return number >> SHIFT


def _ranks(texts: Mapping[int, str]) -> dict[int, int]:
    """The place of each text among all, capitals or not; the same text has the same place."""
    places = {text: place for place, text in enumerate(sorted(set(texts.values()), key=_folded))}
    return {value: places[text] for value, text in texts.items()}


def _folded(text: str) -> tuple[str, str]:
    return text.casefold(), text


def _together(rows: Iterable[Sequence[int]]) -> Iterable[tuple[int, int, int]]:
    first = last = n = 0
    for value, counted in rows:
        if n >= _ENOUGH:
            yield first, last, n
            n = 0
        if not n:
            first = value
        last = value
        n += counted
    if n:
        yield first, last, n

"""A filter as SQL: which rows it lets through, and how many there are of each kind.

Blocks of entries that a filter's period takes in whole are counted from `sums`; only the blocks at its edges
are looked through. With words, the rows that have them are put into a table of this connection first.
"""

from __future__ import annotations

import re
import sqlite3
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Final, NamedTuple

from studio_assist.domain.review import Filter
from studio_assist.ledger.review.deriving import moment_code
from studio_assist.ledger.review.schema import DESKS, LEFT, MAIN, OUTCOMES, SHIFT, SUMMED

_WORD: Final = re.compile(r"[^\W_]+")
#: How a column of `sums` is had from a row.
_OF_ROWS: Final = {"block": f"number >> {SHIFT}", "kept": f"flags & {SUMMED}"}
_FOUND: Final = (
    "number, at, session, person, desk, tool, purpose, sensitivity, left, outcome, edit, flags, candidate"
)

#: What the columns that are counted by hold, then how many rows and bytes.
Group = tuple[int, ...]


class Where(NamedTuple):
    """Conditions of a query and their values."""

    sql: tuple[str, ...]
    values: tuple[object, ...]

    def __add__(self, other: Where) -> Where:  # pyright: ignore[reportIncompatibleMethodOverride]  # both or none
        return Where(self.sql + other.sql, self.values + other.values)

    def text(self) -> str:
        """As it stands behind WHERE."""
        return " AND ".join(self.sql) or "1"


class Block(NamedTuple):
    """A block and the first and last moment in it."""

    block: int
    first: int
    last: int


class Names:
    """The people and names of an index, by their numbers."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.people: Final[dict[int, str]] = dict(connection.execute("SELECT id, name FROM people"))
        self.kinds: Final[dict[str, dict[int, str]]] = {
            "tool": {},
            "purpose": {},
            "type": {},
            "scene": {},
            "shot": {},
        }
        for number, kind, text in connection.execute("SELECT id, kind, text FROM names"):
            self.kinds.setdefault(kind, {})[number] = text

    def of_people(self, names: Collection[str]) -> list[int]:
        """Everybody who has one of these names."""
        found = [number for number, name in self.people.items() if name in names]
        return [*found, 0] if "" in names else found

    def of_tools(self, names: Collection[str]) -> list[int]:
        """The tools of these names."""
        found = [number for number, name in self.kinds["tool"].items() if name in names]
        return [*found, 0] if "" in names else found


class Finding:
    """The rows that a filter lets through, as they stand while a transaction is open.

    Args:
        blocks: every block of the index.
    """

    def __init__(
        self, connection: sqlite3.Connection, names: Names, blocks: Sequence[Block], wanted: Filter
    ) -> None:
        self._connection: Final = connection
        self._blocks: Final = blocks
        self.wanted: Final = wanted
        self.table = "rows"
        self._plain = _plain(wanted, names)
        self._on_sums = _on_sums(self._plain)
        self._period: Final = _period(wanted.since, wanted.until, wanted.from_number)
        #: What a query of `table` has to ask.
        self.where = self._plain + self._period
        words = words_in(wanted.words)
        if words:
            self._find(words, names)

    # methods

    def groups(
        self, columns: Sequence[str], since: datetime | None = None, until: datetime | None = None
    ) -> list[Group]:
        """How many rows and bytes there are of each kind, in a narrower period if need be.

        Args:
            columns: among those of `sums`.
        """
        inner = _period(since, until, None)
        period = self._period + inner
        tally: defaultdict[tuple[int, ...], list[int]] = defaultdict(lambda: [0, 0])
        if self.table == "rows":
            whole, cut = self._split(
                max(filter(None, (self.wanted.since, since)), default=None),
                min(filter(None, (self.wanted.until, until)), default=None),
            )
            if whole:
                limits = Where((), ()) if len(whole) == len(self._blocks) else _in_blocks("block", whole, 0)
                self._add(tally, "sums", columns, self._on_sums + limits, "sum(n), sum(bytes)")
            if cut:
                limits = self._plain + period + _in_blocks("number", cut, SHIFT)
                self._add(tally, "rows", _of_rows(columns), limits, "count(*), sum(left)")
        else:
            self._add(tally, self.table, _of_rows(columns), self.where + inner, "count(*), sum(left)")
        return [(*key, *counted) for key, counted in tally.items()]

    def count(self) -> int:
        """How many rows there are."""
        return sum(group[0] for group in self.groups(()))

    def last_moment(self) -> int | None:
        """When the newest row was written; None where there are none."""
        there = {block for block, _, _ in self.groups(("block",))}
        newest: int | None = None
        for block in sorted(self._blocks, key=lambda one: -one.last):
            if newest is not None and block.last <= newest:
                break
            if block.block not in there:
                continue
            where = self.where + _in_blocks("number", [block.block], SHIFT)
            (found,) = self._connection.execute(
                f"SELECT max(at) FROM {self.table} WHERE {where.text()}", where.values
            ).fetchone()
            newest = max(filter(None, (newest, found)), default=None)
        return newest

    # internals

    def _add(
        self,
        tally: defaultdict[tuple[int, ...], list[int]],
        table: str,
        columns: Sequence[str],
        where: Where,
        counted: str,
    ) -> None:
        listed = ", ".join((*columns, counted))
        query = f"SELECT {listed} FROM {table} WHERE {where.text()}"
        if columns:
            query += f" GROUP BY {', '.join(str(place + 1) for place in range(len(columns)))}"
        for *key, n, size in self._connection.execute(query, where.values):
            if n:
                found = tally[tuple(key)]
                found[0] += n
                found[1] += size

    def _split(self, since: datetime | None, until: datetime | None) -> tuple[list[int], list[int]]:
        """The blocks that a period takes in whole, and those that it cuts."""
        start = moment_code(since) if since else None
        end = moment_code(until) if until else None
        number = self.wanted.from_number
        whole: list[int] = []
        cut: list[int] = []
        for block, first, last in self._blocks:
            if (
                (start is not None and last < start)
                or (end is not None and first >= end)
                or (number is not None and (block + 1) << SHIFT <= number)
            ):
                continue
            inside = (
                (start is None or first >= start)
                and (end is None or last < end)
                and (number is None or block << SHIFT >= number)
            )
            (whole if inside else cut).append(block)
        return whole, cut

    def _find(self, words: Sequence[str], names: Names) -> None:
        """Put the rows that have every word into a table of this connection."""
        found = Where((), ())
        for place, word in enumerate(words):
            found += self._having(word, names, beginning=place == len(words) - 1)
        if not found.values and "purpose" not in found.text():
            # Names of people and tools alone are counted by.
            self._plain += found
            self._on_sums += found
            self.where += found
            return
        where = self.where + found
        self._connection.execute("DROP TABLE IF EXISTS temp.found")
        self._connection.execute(
            "CREATE TEMP TABLE found (number INTEGER PRIMARY KEY, at, session, person, desk, tool, purpose, "
            "sensitivity, left, outcome, edit, flags, candidate)"
        )
        self._connection.execute(
            f"INSERT INTO temp.found SELECT {_FOUND} FROM rows WHERE {where.text()}", where.values
        )
        self.table = "temp.found"
        self.where = Where((), ())

    def _having(self, word: str, names: Names, *, beginning: bool) -> Where:
        """The rows that have a word: in their texts, or in a name."""
        either: list[str] = []
        values: list[object] = []
        sought = f'"{word}"' + ("*" if beginning else "")
        if self._connection.execute("SELECT 1 FROM words WHERE words MATCH ? LIMIT 1", (sought,)).fetchone():
            either.append("number IN (SELECT rowid FROM words WHERE words MATCH ?)")
            values.append(sought)
        for column, texts in (
            ("person", names.people),
            ("tool", names.kinds["tool"]),
            ("purpose", names.kinds["purpose"]),
        ):
            numbers = [number for number, text in texts.items() if has_word(text, word, beginning=beginning)]
            if numbers:
                either.append(f"{column} IN ({_listed(numbers)})")
        return Where((f"({' OR '.join(either) or '0'})",), tuple(values))


def words_in(text: str) -> list[str]:
    """The words of what somebody searches for."""
    return _WORD.findall(unicodedata.normalize("NFC", text).lower())


def has_word(text: str, word: str, *, beginning: bool) -> bool:
    """Whether a name has a word, or one that begins so; accents do not count."""
    sought = _bare(word)
    return any(one.startswith(sought) if beginning else one == sought for one in _WORD.findall(_bare(text)))


def _bare(text: str) -> str:
    parted = unicodedata.normalize("NFKD", text.lower())
    return "".join(sign for sign in parted if not unicodedata.combining(sign))


def _plain(wanted: Filter, names: Names) -> Where:
    sql: list[str] = []
    if wanted.people:
        sql.append(f"person IN ({_listed(names.of_people(wanted.people))})")
    if wanted.desks:
        sql.append(f"desk IN ({_listed(code for code, desk in enumerate(DESKS) if desk in wanted.desks)})")
    if wanted.tools:
        sql.append(f"tool IN ({_listed(names.of_tools(wanted.tools))})")
    if wanted.outcomes:
        codes = [code for code, outcome in enumerate(OUTCOMES) if outcome in wanted.outcomes]
        sql.append(f"outcome IN ({_listed(codes)})")
    if wanted.blocked:
        sql.append(f"outcome = {OUTCOMES.index('blocked')}")
    if wanted.left:
        sql.append(f"flags & {LEFT}")
    if not wanted.everything:
        sql.append(f"flags & {MAIN}")
    return Where(tuple(sql), ())


def _on_sums(where: Where) -> Where:
    return Where(tuple(one.replace("flags &", "kept &") for one in where.sql), where.values)


def _period(since: datetime | None, until: datetime | None, number: int | None) -> Where:
    sql: list[str] = []
    values: list[object] = []
    for text, value in (
        ("at >= ?", since and moment_code(since)),
        ("at < ?", until and moment_code(until)),
        ("number >= ?", number),
    ):
        if value is not None:
            sql.append(text)
            values.append(value)
    return Where(tuple(sql), tuple(values))


def _of_rows(columns: Sequence[str]) -> list[str]:
    return [_OF_ROWS.get(column, column) for column in columns]


def in_block(block: int) -> Where:
    """The rows of one block."""
    return _in_blocks("number", [block], SHIFT)


def _in_blocks(column: str, blocks: Sequence[int], shift: int) -> Where:
    """A condition that holds in these blocks, which are in order."""
    runs: list[list[int]] = []
    for block in blocks:
        if runs and runs[-1][1] == block - 1:
            runs[-1][1] = block
        else:
            runs.append([block, block])
    ranges = [f"{column} BETWEEN {first << shift} AND {((last + 1) << shift) - 1}" for first, last in runs]
    return Where((f"({' OR '.join(ranges)})",), ())


def _listed(numbers: Iterable[int]) -> str:
    return ",".join(map(str, numbers)) or "-1"

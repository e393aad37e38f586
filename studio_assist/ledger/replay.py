"""Going through a ledger from its first entry to its last, and comparing all that it keeps on the way."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from typing import Final

from pydantic import ValidationError

from studio_assist.domain.errors import Refusal
from studio_assist.domain.record import Forgotten
from studio_assist.ledger.past import columns_of, read_entry, time_in, write_entry
from studio_assist.ledger.rules import admit
from studio_assist.ledger.running import Difference, RunningPast, Texts
from studio_assist.ledger.schema import FAULTS
from studio_assist.ledger.tree import EMPTY_ROOT, Frontier, fold, leaf_hash, node_count, node_hash, peaks_of
from studio_assist.ledger.vouching import Judgement, Vouching

#: Entries are taken by as many as stand under one node of this level, so that its subtree is complete.
_CHUNK_LEVEL: Final = 12
_CHUNK: Final = 1 << _CHUNK_LEVEL
#: Entries that say something of keys, heads and texts.
_TELLING: Final = frozenset(("key_added", "witnessed", "pack_made", "forgotten"))

_Row = tuple[object, ...]


class Replay:
    """One run over the entries of a connection that holds a read transaction.

    Args:
        version: the ledger's format.
        partial: the tables were made from a pack: texts may be missing, and no lists of open things are kept.

    Attributes:
        size: entries that were found right so far.
        root: the root over all entries, once `run` has come to the end.
        found: the first difference within the entries, their texts, tree and lists; None where there is none.
        set_back: numbers of the entries that are dated before their predecessor.
        forgotten: how many texts the entries say were forgotten.
        vouching: the signatures; ask its `judge` through `judge` here.
    """

    def __init__(self, connection: sqlite3.Connection, *, version: int, partial: bool = False) -> None:
        self._connection = connection
        self._partial = partial
        self._past = RunningPast(connection)
        self._texts = Texts(connection, all_held=not partial)
        self._chunks = Frontier()
        self._latest = ""
        self._is_whole = False
        self.size = 0
        self.root = EMPTY_ROOT
        self.found: Difference | None = None
        self.set_back: list[int] = []
        self.forgotten = 0
        self.vouching = Vouching(connection, has_seals=version > 1)

    def run(self, progress: Callable[[int, int], None], cancelled: Callable[[], bool]) -> bool:
        """Compare everything; gives False where it was cancelled. The first difference is `found`."""
        try:
            return self._run(progress, cancelled)
        except Difference as difference:
            self.found = self.found or difference
            return True

    def judge(self) -> Judgement:
        """What is vouched for and what is not, as far as the run came."""
        return self.vouching.judge(self.size, complete=self._is_whole)

    # internals

    def _run(self, progress: Callable[[int, int], None], cancelled: Callable[[], bool]) -> bool:
        # SQLite's own check passes over CHECK constraints where it may only read.
        heads = self._connection.execute("SELECT id, size, root FROM head").fetchall()
        if len(heads) != 1 or heads[0][0] != 1 or not isinstance(heads[0][1], int):
            raise Difference(None, "The ledger's head is gone.")
        head: tuple[int, str] = heads[0][1:]
        rows = self._connection.execute(
            "SELECT number, at, person, type, request, candidate, decision, CAST(entry AS BLOB) "
            "FROM entries ORDER BY number"
        )
        partial: tuple[bytes, ...] = ()
        first = 0
        while True:
            if cancelled():
                return False
            leaves: list[bytes] = []
            try:
                self._take_chunk(rows, first, leaves)
            except FAULTS as error:
                bad = first + len(leaves) + 1
                raise Difference(bad, f"Entry {bad} cannot be read ({error}).") from error
            except Difference:
                # What was signed of the entries before it still tells.
                self._pass_roots(first, _levels_over(leaves))
                raise
            levels = _levels_over(leaves)
            self._compare_nodes(first, levels)
            self._pass_roots(first, levels)
            first += len(leaves)
            if len(leaves) < _CHUNK:
                partial = tuple(levels[level][place] for level, place in peaks_of(len(leaves)))
                break
            self._compare_upper(levels[_CHUNK_LEVEL][0])
            progress(first, head[0])
        if self.found:
            return True
        self.root = fold([*self._chunks.peaks, *partial])
        self._compare_ends(head)
        progress(self.size, head[0])
        return True

    def _pass_roots(self, first: int, levels: list[list[bytes]]) -> None:
        if levels[0]:
            self.vouching.pass_roots(first, levels, self._chunks.peaks)

    # entries

    def _take_chunk(self, rows: Iterator[_Row], first: int, leaves: list[bytes]) -> None:
        kept = self._nodes(0, first, first + _CHUNK)
        for row in rows:
            number, canonical = first + len(leaves) + 1, row[7]
            if row[0] != number:
                raise Difference(number, f"Entry {number} is gone.")
            if not isinstance(canonical, bytes):
                raise Difference(number, f"Entry {number} is empty.")
            leaf = leaf_hash(canonical)
            if number == 1:
                self.vouching.begin(leaf)
            if len(leaves) >= len(kept) or kept[len(leaves)] != leaf:
                raise Difference(number, f"Entry {number} is not what was written there.")
            if self.found is None:
                try:
                    self._take_entry(number, canonical, leaf, row)
                    self.size = number
                except Difference as difference:
                    # The tree was made over this entry, so whoever changed it made the tree anew. From here
                    # on only the hashes count: a signed head tells from where the entries are not the same.
                    self.found = difference
            leaves.append(leaf)
            if len(leaves) == _CHUNK:
                break

    def _take_entry(self, number: int, canonical: bytes, leaf: bytes, row: _Row) -> None:
        try:
            entry = read_entry(canonical)
        except ValidationError as error:
            problem = error.errors()[0]["msg"]
            raise Difference(number, f"Entry {number} is not an entry: {problem}.") from error
        if write_entry(entry) != canonical:
            raise Difference(number, f"Entry {number} is not in its canonical form.")
        columns = columns_of(entry, time_in(canonical))
        if columns != row[:7]:
            raise Difference(number, f"The columns of entry {number} do not repeat what it says.")
        if columns[1] < self._latest:
            self.set_back.append(number)
        self._latest = columns[1]
        self._past.before = number
        self._past.at_hand = entry
        key = self.vouching.key_at(number, leaf) if number >= self.vouching.next_signed else None
        try:
            admit(entry, self._past, key)
        except Refusal as refusal:
            raise Difference(number, f"Entry {number} must not stand here: {refusal.message}") from refusal
        self._texts.compare(number, entry)
        if columns[3] in _TELLING:
            self.vouching.note_entry(entry, key)
            if isinstance(entry.body, Forgotten):
                self.forgotten += len(entry.body.commitments)

    # nodes

    def _compare_nodes(self, start: int, levels: list[list[bytes]]) -> None:
        """Compare all complete nodes over a chunk that begins after `start` entries."""
        for level in range(1, _CHUNK_LEVEL + 1):
            made = levels[level]
            first = start >> level
            kept = self._nodes(level, first, first + len(made))
            if kept != made:
                at = next((at for at, node in enumerate(made) if kept[at : at + 1] != [node]), 0)
                raise self._wrong_node(level, first + at)

    def _compare_upper(self, chunk_root: bytes) -> None:
        for level, place, node in self._chunks.append(chunk_root):
            if self._nodes(level + _CHUNK_LEVEL, place, place + 1) != [node]:
                raise self._wrong_node(level + _CHUNK_LEVEL, place)

    def _nodes(self, level: int, first: int, end: int) -> list[bytes]:
        """The kept nodes from one place up to, not including, another; only those without a gap before."""
        rows = self._connection.execute(
            "SELECT hash, place FROM nodes WHERE level = ? AND place >= ? AND place < ? ORDER BY place",
            (level, first, end),
        ).fetchall()
        if rows and rows[-1][1] != first + len(rows) - 1:
            return [node for at, (node, place) in enumerate(rows) if place == first + at]
        return [node for node, _ in rows]

    def _wrong_node(self, level: int, place: int) -> Difference:
        low, high = (place << level) + 1, place + 1 << level
        return Difference(low, f"The tree's node over entries {low} to {high} is not what they make.")

    # the rest

    def _compare_ends(self, head: tuple[int, str]) -> None:
        size, root = head
        if size > self.size:
            raise Difference(self.size + 1, f"Entry {self.size + 1} is gone; the head names {size} entries.")
        if size < self.size:
            raise Difference(size + 1, f"Entry {size + 1} stands after the last one that the head names.")
        if root != self.root.hex():
            raise Difference(None, "The head is not the root of the entries.")
        (nodes,) = self._connection.execute("SELECT count(*) FROM nodes").fetchone()
        if nodes != node_count(size):
            raise Difference(None, f"The tree has {nodes} nodes and should have {node_count(size)}.")
        self._is_whole = True
        self._texts.compare_end()
        if not self._partial:
            self._past.compare_lists()


def _levels_over(leaves: list[bytes]) -> list[list[bytes]]:
    """All complete nodes over a chunk, by level, from the leaves up."""
    levels = [leaves]
    for _ in range(_CHUNK_LEVEL):
        below = levels[-1]
        levels.append([node_hash(below[at], below[at + 1]) for at in range(0, len(below) - 1, 2)])
    return levels

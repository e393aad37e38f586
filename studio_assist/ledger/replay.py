"""Going through a ledger from its first entry to its last, and comparing all that it keeps on the way."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Container, Iterator
from typing import Final

from pydantic import ValidationError

from studio_assist.domain.errors import Refusal
from studio_assist.domain.record import Commitment, Entry, commitments
from studio_assist.domain.values import CandidateId, EntryNumber, PersonId, RequestId
from studio_assist.ledger.contents import opens
from studio_assist.ledger.past import SqlPast, columns_of, read_entry, time_in, write_entry
from studio_assist.ledger.rules import Standing, admit
from studio_assist.ledger.schema import FAULTS
from studio_assist.ledger.tree import EMPTY_ROOT, Frontier, fold, leaf_hash, node_count, node_hash, peaks_of

#: Entries are taken by as many as stand under one node of this level, so that its subtree is complete.
_CHUNK_LEVEL: Final = 12
_CHUNK: Final = 1 << _CHUNK_LEVEL
#: Commitments remembered as opened; older ones are looked up again.
_MOST_REMEMBERED: Final = 100_000

_Row = tuple[object, ...]


class Difference(Exception):
    """The first thing that is not as it should be. `entry` is the number of the entry concerned, or None."""

    def __init__(self, entry: int | None, why: str) -> None:
        super().__init__(why)
        self.entry = entry
        self.why = why


class Replay:
    """One run over the entries of a connection that holds a read transaction.

    Attributes:
        size: entries that were found right so far.
        root: the root over all entries, once `run` has come to the end.
        set_back: numbers of the entries that are dated before their predecessor.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._past = _RunningPast(connection)
        self._texts = _Texts(connection)
        self._chunks = Frontier()
        self._latest = ""
        self.size = 0
        self.root = EMPTY_ROOT
        self.set_back: list[int] = []

    def run(self, progress: Callable[[int, int], None], cancelled: Callable[[], bool]) -> bool:
        """Compare everything; gives False where it was cancelled, and raises the first `Difference`."""
        head = self._connection.execute("SELECT size, root FROM head").fetchone()
        if head is None or not isinstance(head[0], int):
            raise Difference(None, "The ledger's head is gone.")
        rows = self._connection.execute(
            "SELECT number, at, person, type, request, candidate, decision, CAST(entry AS BLOB) "
            "FROM entries ORDER BY number"
        )
        partial: tuple[bytes, ...] = ()
        while True:
            if cancelled():
                return False
            try:
                leaves = self._take_chunk(rows)
            except FAULTS as error:
                bad = self.size + 1
                raise Difference(bad, f"Entry {bad} cannot be read ({error}).") from error
            levels = self._compare_nodes(leaves)
            if len(leaves) < _CHUNK:
                partial = tuple(levels[level][place] for level, place in peaks_of(len(leaves)))
                break
            self._compare_upper(levels[_CHUNK_LEVEL][0])
            progress(self.size, head[0])
        self.root = fold([*self._chunks.peaks, *partial])
        self._compare_ends(head)
        progress(self.size, head[0])
        return True

    # entries

    def _take_chunk(self, rows: Iterator[_Row]) -> list[bytes]:
        first = self.size
        kept = self._nodes(0, first, first + _CHUNK)
        leaves: list[bytes] = []
        for row in rows:
            number, canonical = first + len(leaves) + 1, row[7]
            if row[0] != number:
                raise Difference(number, f"Entry {number} is gone.")
            if not isinstance(canonical, bytes):
                raise Difference(number, f"Entry {number} is empty.")
            leaf = leaf_hash(canonical)
            if len(leaves) >= len(kept) or kept[len(leaves)] != leaf:
                raise Difference(number, f"Entry {number} is not the one that the tree was made over.")
            self._take_entry(number, canonical, row)
            leaves.append(leaf)
            self.size = number
            if len(leaves) == _CHUNK:
                break
        return leaves

    def _take_entry(self, number: int, canonical: bytes, row: _Row) -> None:
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
        try:
            admit(entry, self._past)
        except Refusal as refusal:
            raise Difference(number, f"Entry {number} must not stand here: {refusal.message}") from refusal
        self._texts.compare(number, entry)

    # nodes

    def _compare_nodes(self, leaves: list[bytes]) -> list[list[bytes]]:
        """Compare all complete nodes over the chunk; gives them by level, from the leaves up."""
        levels = [leaves]
        start = self.size - len(leaves)
        for level in range(1, _CHUNK_LEVEL + 1):
            below = levels[-1]
            made = [node_hash(below[at], below[at + 1]) for at in range(0, len(below) - 1, 2)]
            first = start >> level
            kept = self._nodes(level, first, first + len(made))
            if kept != made:
                at = next((at for at, node in enumerate(made) if kept[at : at + 1] != [node]), 0)
                raise self._wrong_node(level, first + at)
            levels.append(made)
        return levels

    def _compare_upper(self, chunk_root: bytes) -> None:
        for level, place, node in self._chunks.append(chunk_root):
            if self._nodes(level + _CHUNK_LEVEL, place, place + 1) != [node]:
                raise self._wrong_node(level + _CHUNK_LEVEL, place)

    def _nodes(self, level: int, first: int, end: int) -> list[bytes]:
        return [
            row[0]
            for row in self._connection.execute(
                "SELECT hash FROM nodes WHERE level = ? AND place >= ? AND place < ? ORDER BY place",
                (level, first, end),
            )
        ]

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
        self._texts.compare_end()
        self._past.compare_lists()


class _Texts:
    """Goes through the side table of texts in step with the entries that brought them."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._rows = connection.execute("SELECT entry, commitment, salt, content FROM contents ORDER BY id")
        self._next = self._rows.fetchone()
        self._opened: set[Commitment] = set()
        self._opened_before: set[Commitment] = set()

    def compare(self, number: int, entry: Entry) -> None:
        spoken_of = commitments(entry.body)
        while self._next is not None and not (isinstance(self._next[0], int) and self._next[0] > number):
            # A damaged row may hold values of any type, whatever its table says.
            owner, commitment, salt, content = self._next
            if owner != number or commitment not in spoken_of:
                raise Difference(
                    number, f"The ledger holds a text beside entry {owner} that it does not speak of."
                )
            if (
                not isinstance(salt, bytes)
                or not isinstance(content, bytes)
                or not opens(commitment, salt, content)
            ):
                raise Difference(number, f"The text kept for entry {number} is not the one it commits to.")
            self._opened.add(commitment)
            self._next = self._rows.fetchone()
        for commitment in spoken_of:
            if commitment not in self._opened and commitment not in self._opened_before:
                self._look_up(number, commitment)
        if len(self._opened) > _MOST_REMEMBERED:
            self._opened, self._opened_before = set(), self._opened

    def compare_end(self) -> None:
        if self._next is not None:
            raise Difference(None, "The ledger holds a text that no entry speaks of.")

    def _look_up(self, number: int, commitment: Commitment) -> None:
        row = self._connection.execute(
            "SELECT entry FROM contents WHERE commitment = ?", (commitment,)
        ).fetchone()
        if row is None or not isinstance(row[0], int) or row[0] >= number:
            raise Difference(
                number, f"A text that entry {number} commits to is gone, and no entry says it was forgotten."
            )


class _RunningPast(SqlPast):
    """The past up to the entry at hand: what is open is kept here, the rest is looked up."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        super().__init__(connection, EntryNumber(1))
        self._open: dict[CandidateId, Standing] = {}
        self._shown: dict[CandidateId, set[PersonId | None]] = {}
        self._unplaced: set[EntryNumber] = set()
        self._unfinished: dict[RequestId, EntryNumber] = {}

    def has_request(self, request: RequestId) -> bool:
        return request in self._unfinished or super().has_request(request)

    # Unique indexes, which SQLite's own check looks through, hold that no id comes twice. Asking for each
    # of a million here would take seconds; only those still open are looked at.

    def is_new_request(self, request: RequestId) -> bool:
        return request not in self._unfinished

    def is_new_candidate(self, candidate: CandidateId) -> bool:
        return candidate not in self._open

    def candidate(self, candidate: CandidateId) -> Standing | None:
        if (standing := self._open.get(candidate)) is not None:
            return standing
        earlier = super().candidate(candidate)
        return earlier._replace(is_open=False, is_stale=False) if earlier else None

    def was_shown(self, candidate: CandidateId, person: PersonId | None) -> bool:
        return person in self._shown.get(candidate, ()) or super().was_shown(candidate, person)

    def begin(self, request: RequestId, number: EntryNumber) -> None:
        self._unfinished[request] = number

    def finish(self, request: RequestId) -> None:
        self._unfinished.pop(request, None)

    def show(self, candidate: CandidateId, person: PersonId | None) -> None:
        if candidate in self._open:
            self._shown.setdefault(candidate, set()).add(person)

    def put_open(self, candidate: CandidateId, standing: Standing) -> None:
        self._open[candidate] = standing

    def close(self, candidate: CandidateId) -> None:
        self._open.pop(candidate, None)
        self._shown.pop(candidate, None)

    def await_placing(self, decision: EntryNumber) -> None:
        self._unplaced.add(decision)

    def settle(self, decision: EntryNumber) -> None:
        self._unplaced.discard(decision)

    def compare_lists(self) -> None:
        """Raise `Difference` where the kept lists of open things are not what the entries leave open."""
        execute = self._connection.execute
        candidates = {(name, known.entry, int(known.is_stale)) for name, known in self._open.items()}
        kept = execute("SELECT candidate, entry, stale FROM open_candidates")
        _same(kept, candidates, len(candidates), "open candidates")
        kept = execute("SELECT decision, 0 FROM unplaced")
        _same(kept, {(number, 0) for number in self._unplaced}, len(self._unplaced), "decisions to be placed")
        kept = execute("SELECT request, entry FROM unfinished")
        _same(kept, self._unfinished.items(), len(self._unfinished), "unfinished requests")


def _same(kept: sqlite3.Cursor, ours: Container[object], count: int, what: str) -> None:
    rows = kept.fetchall()
    if len(rows) != count or any(row not in ours for row in rows):
        raise Difference(None, f"The list of {what} is not what the entries leave.")

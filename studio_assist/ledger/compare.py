"""A ledger beside a copy of it: where the two part, and what each of them shows for itself.

One file alone cannot say what was altered. Two can say where they differ, and a signature or a checkpoint may
say which of them was signed. What nothing shows is not claimed.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Generator, Iterable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any, Final, Literal, NamedTuple, cast

from pydantic import ValidationError

from studio_assist.domain.errors import BadInput
from studio_assist.domain.record import Entry
from studio_assist.ledger import notes
from studio_assist.ledger.contents import opens
from studio_assist.ledger.past import read_entry
from studio_assist.ledger.schema import FAULTS, check_format, connect, explained
from studio_assist.ledger.seals import names_in, read_head
from studio_assist.ledger.tree import leaf_hash, peaks_of, root_at
from studio_assist.ledger.verify import at_rest, ledger_file

#: How many texts that only one has are named.
_MOST_TEXTS: Final = 20
#: Checkpoints looked through for one that signs the entry at hand.
_MOST_CHECKPOINTS: Final = 10_000


class FieldDifference(NamedTuple):
    """One field of an entry by its path ("body.outcome"), in JSON; None where a side has it not."""

    field: str
    here: str | None
    there: str | None


class Side(NamedTuple):
    """What one of the two has.

    Attributes:
        entry: the first different entry, or None where this side ends before it or it cannot be read.
        fits_tree: the entry is the one that this side's tree was made over.
        signed: whose good signature stands beside the entry; None where there is none.
        vouched: who signed a head over it that this side's tree makes, the earliest first.
    """

    size: int
    root: str
    entry: Entry | None = None
    fits_tree: bool = False
    signed: str | None = None
    vouched: tuple[str, ...] = ()


class Comparison(NamedTuple):
    """Two ledgers beside each other.

    Attributes:
        relation: same; grown (here goes on after the copy's end); behind (the copy goes on); different
            (they part, at `first_different`); foreign (they are not the same project's).
        first_different: number of the first entry that is not the same, or of the first that one has alone.
        differences: field by field, where both have that entry.
        findings: what is shown by what, a sentence each.
    """

    relation: Literal["same", "grown", "behind", "different", "foreign"]
    first_different: int | None
    here: Side
    there: Side
    differences: tuple[FieldDifference, ...] = ()
    findings: tuple[str, ...] = ()


def compare(path: Path, copy: Path) -> Comparison:
    """Put a ledger beside a copy: files, or project folders. Writes nothing beside either.

    Raises `BadInput` where one is no ledger, `Damaged` where one cannot be read at all, `Unavailable` where
    it cannot be read just now. Reads both to the end where their trees are the same: seconds for a million
    entries.
    """
    with ExitStack() as stack:
        here, there = (stack.enter_context(_opened(each)) for each in (path, copy))
        common = min(here.size, there.size)
        if common and all(here.leaf(number) != there.leaf(number) for number in (1, min(2, common))):
            findings = ("These are the records of two projects, or one was written anew from its beginning.",)
            return Comparison("foreign", 1, here.side(1), there.side(1), _fields(here, there, 1), findings)
        first = _first_different(here, there, common)
        if first is not None:
            sides = here.side(first), there.side(first)
            differences = _fields(here, there, first)
            return Comparison("different", first, *sides, differences, _findings(first, *sides))
        if here.size == there.size:
            texts = _texts(here, there)
            return Comparison("same", None, here.side(None), there.side(None), (), texts)
        longer = "grown" if here.size > there.size else "behind"
        first = common + 1
        told = (
            f"Both have the same {common} entries. The copy ends there, this record goes on to {here.size}."
            if longer == "grown"
            else f"Both have the same {common} entries. This record ends there; the copy goes on to "
            f"{there.size}. What follows was cut off here, or was written there alone."
        )
        return Comparison(longer, first, here.side(first), there.side(first), (), (told,))


class _Copy:
    """One of the two, open to read."""

    def __init__(self, connection: sqlite3.Connection, version: int) -> None:
        self._connection = connection
        self._version = version
        self.size = self._one("SELECT coalesce(max(number), 0) FROM entries") or 0

    def canonical(self, number: int) -> bytes | None:
        """An entry's stored bytes."""
        found = self._one("SELECT CAST(entry AS BLOB) FROM entries WHERE number = ?", number)
        return found if isinstance(found, bytes) else None

    def leaf(self, number: int) -> bytes:
        """The hash of an entry as it is stored now."""
        return leaf_hash(self.canonical(number) or b"")

    def node(self, level: int, place: int) -> bytes:
        """A kept node; empty where it is gone."""
        found = self._one("SELECT hash FROM nodes WHERE level = ? AND place = ?", level, place)
        return found if isinstance(found, bytes) else b""

    def leaves(self, first: int) -> Iterator[tuple[int, bytes]]:
        """Numbers and stored bytes of the entries from `first` on."""
        return self._connection.execute(
            "SELECT number, CAST(entry AS BLOB) FROM entries WHERE number >= ? ORDER BY number", (first,)
        )

    def texts(self) -> dict[str, int]:
        """Commitments that a kept text opens, with the entry that brought each."""
        rows = self._connection.execute("SELECT commitment, entry, salt, content FROM contents")
        return {
            commitment: entry
            for commitment, entry, salt, content in rows
            if isinstance(salt, bytes) and isinstance(content, bytes) and opens(commitment, salt, content)
        }

    def side(self, number: int | None) -> Side:
        """What this one has, and shows, of an entry."""
        root = root_at(self.size, self.node).hex()
        canonical = self.canonical(number) if number else None
        if number is None or canonical is None:
            return Side(self.size, root)
        try:
            entry = read_entry(canonical)
        except ValidationError:
            entry = None
        leaf = leaf_hash(canonical)
        fits = self.node(0, number - 1) == leaf
        keys = self._keys()
        return Side(
            self.size, root, entry, fits, self._signed(number, leaf, keys), self._vouched(number, keys, fits)
        )

    # internals

    def _one(self, query: str, *values: object) -> Any:
        row = self._connection.execute(query, values).fetchone()
        return row[0] if row else None

    def _keys(self) -> dict[str, str]:
        """Whose each key is, by name, as the entries here say."""
        names = names_in(self._connection)
        rows: Iterable[tuple[Any, Any]] = self._connection.execute(
            "SELECT json_extract(entry, '$.body.public'), person FROM entries WHERE type = 'key_added'"
        )
        return {str(key): names.get(person, str(person)) for key, person in rows}

    def _signed(self, number: int, leaf: bytes, keys: dict[str, str]) -> str | None:
        if self._version < 2:
            return None
        row = self._connection.execute(
            "SELECT key, signature FROM signatures WHERE entry = ?", (number,)
        ).fetchone()
        if row is None or row[0] not in keys:
            return None
        message = notes.entry_message(self.leaf(1)[:8].hex(), leaf)
        return keys[row[0]] if notes.verify_signature(bytes.fromhex(row[0]), row[1], message) else None

    def _vouched(self, number: int, keys: dict[str, str], fits: bool) -> tuple[str, ...]:
        """Signed heads over the entry that the tree here makes, said in words."""
        if self._version < 2 or not fits:
            return ()
        found: list[str] = []
        for key, note in self._connection.execute(
            "SELECT key, note FROM checkpoints WHERE size >= ? ORDER BY size LIMIT ?",
            (number, _MOST_CHECKPOINTS),
        ):
            try:
                head = read_head(note)
                name = notes.read_note(note).signatures[0].name
                is_good = key in keys and notes.verify_note(note, name, bytes.fromhex(key))
            except (BadInput, ValueError):
                continue
            if is_good and head.size <= self.size and root_at(head.size, self.node) == head.root:
                found.append(f"{keys[key]} at {head.at:%Y-%m-%d %H:%M} UTC ({head.size} entries)")
                break
        return tuple(found)


@contextmanager
def _opened(path: Path) -> Generator[_Copy]:
    file = ledger_file(path)
    try:
        with at_rest(file) as (still, mode), closing(connect(still, mode)) as connection:
            version = check_format(connection, file)
            connection.execute("BEGIN")
            yield _Copy(connection, version)
    except FAULTS as error:
        raise explained(error, file) from error


def _first_different(here: _Copy, there: _Copy, common: int) -> int | None:
    """The first entry that is not the same: by the trees in as many steps as they are high, then by reading.

    An entry may have been changed without its tree, so that equal trees do not stand for equal entries.
    """
    by_tree = _by_nodes(here, there, common)
    for mine, theirs in zip(here.leaves(1), there.leaves(1), strict=False):
        if mine != theirs:
            first = min(mine[0], theirs[0])
            return first if by_tree is None else min(first, by_tree)
        if by_tree is not None and mine[0] >= by_tree:
            return by_tree
    return by_tree


def _by_nodes(here: _Copy, there: _Copy, common: int) -> int | None:
    for level, place in peaks_of(common):
        if here.node(level, place) == there.node(level, place):
            continue
        while level:
            level, place = level - 1, 2 * place
            if here.node(level, place) == there.node(level, place):
                place += 1
        return place + 1
    return None


def _fields(here: _Copy, there: _Copy, number: int) -> tuple[FieldDifference, ...]:
    mine, theirs = (dict(_flat(each.canonical(number))) for each in (here, there))
    names = [*mine, *(name for name in theirs if name not in mine)]
    return tuple(
        FieldDifference(name, mine.get(name), theirs.get(name))
        for name in names
        if mine.get(name) != theirs.get(name)
    )


def _flat(canonical: bytes | None) -> Iterator[tuple[str, str]]:
    """An entry's fields by their paths, each in JSON; its bytes as one field where it is no JSON."""
    try:
        yield from _leaves("", json.loads(canonical or b"{}"))
    except ValueError:
        yield "entry", (canonical or b"").decode("utf-8", "replace")


def _leaves(path: str, value: object) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict) and value:
        for name, inner in cast("dict[str, object]", value).items():
            yield from _leaves(f"{path}.{name}" if path else name, inner)
    else:
        yield path, json.dumps(value, ensure_ascii=False)


def _findings(number: int, here: Side, there: Side) -> tuple[str, ...]:
    found: list[str] = []
    for where, side in (("here", here), ("in the copy", there)):
        if side.entry is None:
            found.append(f"Entry {number} is gone {where}, or cannot be read.")
        elif not side.fits_tree:
            found.append(f"Entry {number} {where} is not the one that its own tree was made over.")
        if side.signed:
            found.append(f"What entry {number} says {where} carries the good signature of {side.signed}.")
        found += [f"What entry {number} says {where} was signed by {vouched}." for vouched in side.vouched]
    if not any(side.signed or side.vouched for side in (here, there)):
        found.append(
            f"No signature covers entry {number}, here or in the copy: which was altered is not shown."
        )
    return tuple(found)


def _texts(here: _Copy, there: _Copy) -> tuple[str, ...]:
    """Texts that one has and the other has not: gone, or no longer what the entry commits to."""
    mine, theirs = here.texts(), there.texts()
    found = [
        (entry, f"A text of entry {entry} is in the copy and not here.")
        for commitment, entry in theirs.items()
        if commitment not in mine
    ]
    found += [
        (entry, f"A text of entry {entry} is here and not in the copy.")
        for commitment, entry in mine.items()
        if commitment not in theirs
    ]
    return tuple(text for _, text in sorted(found)[:_MOST_TEXTS])

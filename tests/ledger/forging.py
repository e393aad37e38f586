"""What somebody can do to a ledger's file with sqlite3 and time: change it, and make its tree anew."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

from ledger_work import OTHER, START, WRITER, PersonKey, Work

from studio_assist.domain.record import PersonAdded
from studio_assist.ledger import Ledger, notes
from studio_assist.ledger.past import columns_of, read_entry, time_in
from studio_assist.ledger.seals import head_text
from studio_assist.ledger.tree import Frontier, leaf_hash

Document = dict[str, Any]

#: The ledger that is attacked: what its entries are.
FIRST_CHECKPOINT, CHECKPOINT, SIZE = 17, 29, 35
DECISIONS = (9, 15, 21, 27, 33)


def make(path: Path) -> None:
    """Five decisions, all signed; checkpoints after the second and the fourth; six entries after that."""
    with Ledger.open(path) as ledger:
        work = Work(ledger)
        work.create()
        work.meet()
        work.put(PersonAdded(name="J. Lind", person=OTHER, role="writer"), OTHER)
        work.join()
        work.join(OTHER, seed=2)
        for number in range(5):
            assert work.decided(f"c{number}", f"r{number}") == DECISIONS[number]
            if number in (1, 3):
                work.checkpoint()
        assert [each.size for each in ledger.checkpoints()] == [CHECKPOINT, FIRST_CHECKPOINT]
        assert ledger.size == SIZE


def resume(path: Path) -> tuple[Ledger, Work]:
    """Go on working where `make` ended."""
    ledger = Ledger.open(path, create=False)
    work = Work(ledger)
    work.keys = {WRITER: PersonKey(ledger.tag, WRITER), OTHER: PersonKey(ledger.tag, OTHER, 2)}
    return ledger, work


def alter(path: Path, *statements: str | tuple[str, tuple[object, ...]]) -> None:
    """Run SQL on the file."""
    with closing(sqlite3.connect(path)) as database, database:
        for statement in statements:
            database.execute(*((statement,) if isinstance(statement, str) else statement))


def rehash(path: Path) -> None:
    """Make tree and head anew over whatever the entries are now."""
    with closing(sqlite3.connect(path)) as database, database:
        _rehash(database)


def rewrite(path: Path, change: Callable[[list[Document]], object]) -> None:
    """Change the list of entries as a careful forger does.

    Numbers, columns, tree and head are made anew; texts and signatures go with the entries that they
    belonged to; those of entries that are gone go with them.
    """
    with closing(sqlite3.connect(path)) as database, database:
        rows = database.execute("SELECT entry FROM entries ORDER BY number").fetchall()
        documents = [json.loads(entry) for (entry,) in rows]
        change(documents)
        moved = {document["number"]: at for at, document in enumerate(documents, 1) if document["number"]}
        database.execute("DELETE FROM entries")
        for at, document in enumerate(documents, 1):
            document["number"] = at
            for field in ("decision", "redo_of", "entry", "approval"):
                if isinstance(number := document["body"].get(field), int):
                    document["body"][field] = moved.get(number, number)
            canonical = json.dumps(
                document, ensure_ascii=False, sort_keys=True, separators=(",", ":")
            ).encode()
            columns = columns_of(read_entry(canonical), time_in(canonical))
            database.execute("INSERT INTO entries VALUES (?,?,?,?,?,?,?,?)", (*columns, canonical.decode()))
        for table, key in (("signatures", "entry"), ("contents", "id")):
            kept = database.execute(f"SELECT {key}, entry FROM {table} ORDER BY entry").fetchall()
            database.execute(f"UPDATE {table} SET entry = -entry")
            for row, entry in kept:
                if entry in moved:
                    row = -row if key == "entry" else row
                    database.execute(f"UPDATE {table} SET entry = ? WHERE {key} = ?", (moved[entry], row))
            database.execute(f"DELETE FROM {table} WHERE entry < 0")
        _rehash(database)


def cut(path: Path, size: int) -> None:
    """Take off the end: entries with all that belongs to them, head and lists repaired."""
    with closing(sqlite3.connect(path)) as database, database:
        for table in ("contents", "signatures"):
            database.execute(f"DELETE FROM {table} WHERE entry > ?", (size,))
        database.execute("DELETE FROM entries WHERE number > ?", (size,))
        for table in ("open_candidates", "unplaced", "unfinished"):
            assert not database.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
        _rehash(database)


def cut_with_checkpoints(path: Path, size: int) -> None:
    """The same, with every checkpoint and witness that would tell of it."""
    cut(path, size)
    alter(path, f"DELETE FROM checkpoints WHERE size > {size}", "DELETE FROM witnesses")


def sign_again(path: Path) -> None:
    """What the holder of the keys can do: sign every entry and every checkpoint of a rewritten ledger."""
    with closing(sqlite3.connect(path)) as database, database:
        leaves = {
            number: leaf_hash(entry.encode())
            for number, entry in database.execute("SELECT number, entry FROM entries")
        }
        tag = leaves[1][:8].hex()
        key = PersonKey(tag, WRITER)
        for (entry,) in database.execute("SELECT entry FROM signatures").fetchall():
            signature = key.sign(notes.entry_message(tag, leaves[entry]))
            database.execute("UPDATE signatures SET signature = ? WHERE entry = ?", (signature, entry))
        for (size,) in database.execute("SELECT size FROM checkpoints").fetchall():
            frontier = Frontier()
            for number in range(1, size + 1):
                frontier.append(leaves[number])
            note = checkpoint_note(tag, size, frontier.root(), key)
            database.execute("UPDATE checkpoints SET note = ? WHERE size = ?", (note, size))


def checkpoint_note(tag: str, size: int, root: bytes, key: PersonKey) -> str:
    """A checkpoint by any key over any root."""
    return notes.sign_note(head_text(f"studio-assist/{tag}", size, root, START, session_only=False), key)


def _rehash(database: sqlite3.Connection) -> None:
    database.execute("DELETE FROM nodes")
    frontier = Frontier()
    for (entry,) in database.execute("SELECT entry FROM entries ORDER BY number").fetchall():
        database.executemany("INSERT INTO nodes VALUES (?,?,?)", frontier.append(leaf_hash(entry.encode())))
    database.execute("UPDATE head SET size = ?, root = ?", (frontier.size, frontier.root().hex()))

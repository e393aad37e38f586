"""A look at the ledger's end: what is checked each time a ledger is opened, however long it is."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Final

from pydantic import ValidationError

from studio_assist.domain.errors import BadInput, Damaged
from studio_assist.ledger.past import columns_of, read_entry, time_in, write_entry
from studio_assist.ledger.schema import WORK_ON, format_of
from studio_assist.ledger.seals import read_head
from studio_assist.ledger.tree import Frontier, leaf_hash, node_hash, peaks_of, root_at

#: How many of the last entries are read.
LAST_ENTRIES: Final = 64


def read_edge(connection: sqlite3.Connection, path: Path) -> Frontier:
    """The tree's right edge, once the last entries, their nodes, the head and what was last signed fit.

    Raises `Damaged` with the first thing that does not fit.
    """

    def damaged(message: str) -> Damaged:
        return Damaged(message, remedy=WORK_ON, place=str(path))

    def need(holds: bool, message: str) -> None:
        if not holds:
            raise damaged(message)

    head = connection.execute("SELECT size, root FROM head").fetchone()
    need(head is not None, "The ledger's head is gone.")
    size, root = head
    last = connection.execute("SELECT coalesce(max(number), 0) FROM entries").fetchone()[0]
    need(last == size, f"The ledger's head names {size} entries, and the last one is number {last}.")
    last_leaf = connection.execute("SELECT coalesce(max(place), -1) FROM nodes WHERE level = 0").fetchone()[0]
    need(last_leaf == size - 1, f"The ledger has {size} entries, and its tree {last_leaf + 1}.")

    def node_at(level: int, place: int) -> bytes:
        row = connection.execute(
            "SELECT hash FROM nodes WHERE level = ? AND place = ?", (level, place)
        ).fetchone()
        # A damaged row may hold values of any type, whatever its table says.
        if row is None or not isinstance(row[0], bytes):
            raise damaged(f"The ledger's tree has no node {level}/{place}.")
        return row[0]

    frontier = Frontier(size, [node_at(level, place) for level, place in peaks_of(size)])
    need(frontier.root().hex() == root, "The ledger's tree does not lead to its head.")
    if format_of(connection) > 1:
        signed = connection.execute(
            "SELECT size, note FROM checkpoints ORDER BY size DESC, rowid DESC LIMIT 1"
        ).fetchone()
        witnessed = connection.execute("SELECT max(size) FROM witnesses").fetchone()[0]
        for what, most in (("signed", signed and signed[0]), ("witnessed", witnessed)):
            need(
                most is None or (isinstance(most, int) and 0 < most <= size),
                f"The record ends at entry {size}, and {most} entries were {what}: the rest is gone.",
            )
        if signed is not None:
            try:
                fits = read_head(str(signed[1])).root == root_at(signed[0], node_at)
            except BadInput as error:
                raise damaged(f"The checkpoint at {signed[0]} entries is not readable.") from error
            need(fits, f"The entries up to {signed[0]} are not those that the last checkpoint signs.")

    first = max(0, size - LAST_ENTRIES)
    known: dict[tuple[int, int], bytes] = {}
    for level in range(max(1, size).bit_length()):
        for place, node in connection.execute(
            "SELECT place, hash FROM nodes WHERE level = ? AND place >= ?", (level, first >> level)
        ):
            # A damaged row may hold values of any type, whatever its table says.
            need(
                isinstance(place, int) and isinstance(node, bytes), "A node of the ledger's tree is damaged."
            )
            known[level, place] = node
    expected = first
    for *columns, canonical in connection.execute(
        "SELECT number, at, person, type, request, candidate, decision, CAST(entry AS BLOB) "
        "FROM entries WHERE number > ? ORDER BY number",
        (first,),
    ):
        expected += 1
        number = columns[0]
        need(number == expected, f"Entry {expected} of the ledger is gone.")
        need(isinstance(canonical, bytes), f"Entry {number} of the ledger is empty.")
        try:
            entry = read_entry(canonical)
        except ValidationError as error:
            raise damaged(f"Entry {number} of the ledger is not readable.") from error
        need(write_entry(entry) == canonical, f"Entry {number} of the ledger is not in its canonical form.")
        need(
            columns_of(entry, time_in(canonical)) == tuple(columns),
            f"The columns of entry {number} do not repeat the entry.",
        )
        need(known.get((0, number - 1)) == leaf_hash(canonical), f"Entry {number} of the ledger was altered.")
    for (level, place), node in known.items():
        left, right = known.get((level - 1, 2 * place)), known.get((level - 1, 2 * place + 1))
        if left is not None and right is not None:
            need(node == node_hash(left, right), f"Node {level}/{place} of the ledger's tree was altered.")
    return frontier

"""Ledger figures: durable, signed appends and verification, against bare SQLite on the same disk in one run.

Every eighth entry is a decision and is signed; every group of appends ends with a checkpoint. Run it by itself: `python tests/bench/bench_ledger.py`. BENCH_ENTRIES sets the length (100,000 unless told),
BENCH_DIR the folder whose disk is measured.
"""

from __future__ import annotations

import json
import os
import sqlite3
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from studio_assist.domain.record import (
    Body,
    CandidateMade,
    DecisionMade,
    KeyAdded,
    Placed,
    Presented,
    ProjectCreated,
    Requested,
    RequestEnded,
)
from studio_assist.domain.values import CandidateId, EntryNumber, PersonId, RequestId
from studio_assist.ledger import Contents, Ledger, notes, verify

START = datetime(2026, 1, 2, 9, tzinfo=UTC)
WRITER = PersonId("r-okafor-12345678")


class Key:
    """The writer's key."""

    session_only = False

    def __init__(self, ledger: Ledger) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(b"\x01" * 32)
        self.name = notes.key_name(ledger.tag, WRITER)
        self.public = self._key.public_key().public_bytes_raw()

    def sign(self, message: bytes) -> bytes:
        """Ed25519."""
        return self._key.sign(message)


def begin(ledger: Ledger) -> Key:
    """Make the project and the writer's key where the ledger is empty."""
    if ledger.size == 0:
        ledger.append(ProjectCreated(policy="stays-here", sample=False, title="Bench"), at=START)
        key = Key(ledger)
        ledger.append(KeyAdded(public=key.public.hex(), session_only=False), person=WRITER, at=START)
    return Key(ledger)


def work(first: int, texts: Contents) -> Iterator[tuple[Body, PersonId | None]]:
    """The entries of one request: two candidates shown, one accepted and placed, one left open."""
    request = RequestId(f"request-{first}")
    yield (
        Requested(
            anchor=None,
            backend="embedded",
            count=2,
            model="SmolLM2-135M",
            note=None,
            prompt=texts.add("INT. LIGHTHOUSE - NIGHT\n\nMARA\nWe hold the light until morning.\n"),
            request=request,
            scene="12",
            seed=first,
            settings={"max_tokens": 48, "temperature": "0.8"},
            task="alt-lines",
            where="here",
        ),
        WRITER,
    )
    for index in range(2):
        candidate = CandidateId(f"candidate-{first}-{index}")
        content = texts.add(f"We keep the light burning, whatever comes ({first}).")
        yield (
            CandidateMade(
                candidate=candidate,
                content=content,
                index=index,
                ms=812,
                request=request,
                seed=first + index,
                state="ready",
                tokens=14,
                why=None,
            ),
            None,
        )
        yield Presented(candidate=candidate, content=content), WRITER
    yield (
        DecisionMade(
            automated=False,
            candidate=candidate,
            content=content,
            kept_permille=1000,
            outcome="accepted",
            placement=None,
            redo_of=None,
            result=content,
        ),
        WRITER,
    )
    yield Placed(decision=EntryNumber(first + 5), script="0" * 64), None
    yield RequestEnded(dropped=(), request=request, state="done", why=None), None


def fill(ledger: Ledger, entries: int, group: int = 1000) -> float:
    """Append at least `entries` entries in groups, each group durable; gives entries a second."""
    key = begin(ledger)
    began, before = time.perf_counter(), ledger.size
    while ledger.size - before < entries:
        texts = Contents()
        bodies: list[tuple[Body, PersonId | None]] = []
        while len(bodies) < min(group, entries):
            bodies.extend(work(ledger.size + len(bodies) + 1, texts))
        at = START + timedelta(seconds=ledger.size)
        ledger.append_many(bodies, at=at, contents=texts, durable=True, signer=key)
        ledger.checkpoint(key, at)
    return (ledger.size - before) / (time.perf_counter() - began)


def singly(ledger: Ledger, entries: int, *, durable: bool) -> float:
    """Append one entry a transaction; gives entries a second."""
    key = begin(ledger)
    texts = Contents()
    bodies: list[tuple[Body, PersonId | None]] = []
    while len(bodies) < entries:
        bodies.extend(work(ledger.size + len(bodies) + 1, texts))
    began = time.perf_counter()
    for body, person in bodies:
        ledger.append(body, person=person, at=START, contents=texts, durable=durable, signer=key)
    return len(bodies) / (time.perf_counter() - began)


def bare(folder: Path, entries: int, group: int) -> float:
    """Rows a second into a bare SQLite table with synchronous FULL: what the disk itself gives."""
    connection = sqlite3.connect(folder / f"bare-{group}.sqlite", isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("CREATE TABLE rows (number INTEGER PRIMARY KEY, entry TEXT)")
    entry = "x" * 400
    began = time.perf_counter()
    for first in range(0, entries, group):
        connection.execute("BEGIN")
        connection.executemany(
            "INSERT INTO rows VALUES (?, ?)",
            [(first + at, entry) for at in range(min(group, entries - first))],
        )
        connection.execute("COMMIT")
    rate = entries / (time.perf_counter() - began)
    connection.close()
    return rate


def checkpoints_ms(ledger: Ledger) -> float:
    """The best of twenty durable checkpoints, in milliseconds."""
    key = begin(ledger)
    best = float("inf")
    for _ in range(20):
        ledger.append(KeyAdded(public=os.urandom(32).hex(), session_only=True), person=WRITER, at=START)
        began = time.perf_counter()
        ledger.checkpoint(key, START)
        best = min(best, time.perf_counter() - began)
    return best * 1000


def opening_ms(path: Path) -> float:
    """The best of twenty openings to write, in milliseconds."""
    best = float("inf")
    for _ in range(20):
        began = time.perf_counter()
        Ledger.open(path, create=False).close()
        best = min(best, time.perf_counter() - began)
    return best * 1000


def main() -> None:
    """Print the figures as one JSON document."""
    entries = int(os.environ.get("BENCH_ENTRIES", "100000"))
    figures: dict[str, float | int] = {"entries": entries}
    with tempfile.TemporaryDirectory(dir=os.environ.get("BENCH_DIR")) as name:
        folder = Path(name)
        figures["bare_sqlite_groups_per_s"] = bare(folder, 50_000, 1000)
        figures["bare_sqlite_singly_per_s"] = bare(folder, 2_000, 1)
        path = folder / "ledger.sqlite"
        with Ledger.open(path) as ledger:
            figures["append_durable_singly_per_s"] = singly(ledger, 2_000, durable=True)
            figures["append_batched_singly_per_s"] = singly(ledger, 5_000, durable=False)
            figures["checkpoint_ms"] = checkpoints_ms(ledger)
        figures["open_short_ms"] = opening_ms(path)
        with Ledger.open(path) as ledger:
            figures["append_durable_groups_per_s"] = fill(ledger, entries)
            began = time.perf_counter()
            for number in range(1, ledger.size, max(1, ledger.size // 500)):
                ledger.inclusion_proof(number)
            figures["inclusion_proof_ms"] = (time.perf_counter() - began) / 500 * 1000
        figures["open_long_ms"] = opening_ms(path)
        figures["file_mb"] = path.stat().st_size / 1e6
        began, busy = time.perf_counter(), time.process_time()
        found = verify(path)
        figures["verify_s"] = time.perf_counter() - began
        # On a machine that is busy with other things, this says more.
        figures["verify_cpu_s"] = time.process_time() - busy
        figures["verified_entries"] = found.size
        if not found.ok or found.unsigned_tail:
            raise SystemExit(found.why)
        with sqlite3.connect(path) as connection:
            for table in ("signatures", "checkpoints"):
                figures[table] = connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
        connection.close()
        figures["verify_1m_s"] = figures["verify_s"] / found.size * 1e6
    json.dump({name: round(value, 3) for name, value in figures.items()}, sys.stdout, indent=2)
    print()


if __name__ == "__main__":
    main()

"""Checking a whole ledger: every entry, text, node and list, against nothing but the entries themselves.

What this can show: that nothing in the file was changed on its own, and that its entries are those that were
signed: one by one, at each checkpoint, and by each witness. Whoever cuts off the end together with the
checkpoints over it, or holds the keys and writes all of it anew, makes a ledger that is right in itself; only
what somebody keeps elsewhere tells (see `compare` and `witness`).
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, Literal

from studio_assist.domain.errors import BadInput, Damaged
from studio_assist.domain.values import UtcTime, Value
from studio_assist.ledger.replay import Replay
from studio_assist.ledger.schema import FAULTS, check_format, connect, explained, format_of
from studio_assist.ledger.vouching import Problem, Voucher

#: How many entries whose clock went back, or which name unproved keys, are told.
_MOST_NAMED: Final = 20
#: How many of the things that are wrong are told.
_MOST_REASONS: Final = 3


class CheckpointFound(Value):
    """The newest signed head that fits. `time` is the signer's clock; `key` in hexadecimal."""

    size: int
    time: UtcTime
    key: str
    person: str
    session_only: bool


class WitnessFound(Value):
    """A head that somebody else signed, and that fits.

    Attributes:
        key: the co-signer's public key in hexadecimal; None for a time stamp.
        time: the witness's clock.
        checked: False where a time stamp could not be read for want of rfc3161-client.
        authority: SHA-256 of the root certificate that a time stamp leads to.
    """

    kind: Literal["person", "timestamp"]
    name: str
    size: int
    time: UtcTime
    key: str | None
    checked: bool = True
    authority: str | None = None


class Verification(Value):
    """What a check found.

    Attributes:
        ok: every entry, text, signature and node is what it should be, and the whole was looked at.
        size: how many entries stand in the ledger, as far as it was read.
        root: the root over them, in hexadecimal, or None where it could not be made.
        first_bad: number of the first entry that cannot be relied on, or None.
        why: what is wrong, in a sentence or more, or None.
        set_back: entries that are dated before the one they follow (the first 20): somebody's clock was
            set back. It says nothing about the entries' content.
        cancelled: the check was stopped before its end.
        checkpoint: the newest signed head that the entries fit; None where nobody signed one.
        witnesses: heads that others signed and the entries fit, newest first.
        unsigned_tail: entries after `checkpoint`, for which the file alone speaks.
        forgotten: how many texts were removed, each with an entry that says so.
        unvouched_keys: entries (the first 20) that give somebody a further key which their kept key did not
            sign: a new machine, or somebody else in their name.
    """

    ok: bool
    size: int
    root: str | None
    first_bad: int | None = None
    why: str | None = None
    set_back: tuple[int, ...] = ()
    cancelled: bool = False
    checkpoint: CheckpointFound | None = None
    witnesses: tuple[WitnessFound, ...] = ()
    unsigned_tail: int = 0
    forgotten: int = 0
    unvouched_keys: tuple[int, ...] = ()


def verify(
    path: Path,
    *,
    progress: Callable[[int, int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Verification:
    """Check a ledger: on a live project, a copy, or media that cannot be written. Writes nothing beside it.

    Args:
        path: the ledger's file, or the project or pack folder that holds it.
        progress: told now and then how many entries of how many are done.
        cancelled: asked now and then whether to stop.

    Raises `BadInput` where there is no ledger, or one of a newer version, and `Unavailable` where it cannot
    be read just now.
    """
    if (path / "manifest.json").is_file():
        # Imported here, for it needs what stands below.
        from studio_assist.ledger.pack_reading import verify_pack

        return verify_pack(path, progress=progress, cancelled=cancelled)
    file = ledger_file(path)
    before = _stamp(file)
    found = _verify_still(file, progress, cancelled)
    if not found.ok and not found.cancelled and _stamp(file) != before:
        # Somebody began to write into what was taken for a file at rest. Their journal can be read now.
        found = _verify_still(file, progress, cancelled)
    return found


def ledger_file(path: Path) -> Path:
    """The ledger at a path: the file itself, or the one in a project folder; `BadInput` where none is."""
    file = path / "ledger.sqlite" if path.is_dir() else path
    if not file.is_file():
        raise BadInput(
            "There is no ledger here.",
            remedy="Choose a project folder or its ledger.sqlite.",
            place=str(path),
        )
    return file


def verify_tables(
    connection: sqlite3.Connection,
    *,
    partial: bool = False,
    progress: Callable[[int, int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Verification:
    """Check the tables that an open connection holds, but not how they lie in a file.

    Args:
        partial: they were made from a pack (`rebuild`): texts may be missing.
    """
    replay = Replay(connection, version=format_of(connection), partial=partial)
    try:
        finished = replay.run(progress or _unheard, cancelled or _never)
        return _found(replay, finished)
    finally:
        replay.vouching.close()


def _verify_still(
    file: Path, progress: Callable[[int, int], None] | None, cancelled: Callable[[], bool] | None
) -> Verification:
    with at_rest(file) as (still, mode):
        structure = _Structure(still, mode)
        try:
            connection = connect(still, mode)
            try:
                check_format(connection, file)
                connection.execute("BEGIN")
                structure.start()
                found = verify_tables(connection, progress=progress, cancelled=cancelled)
                faults = structure.faults() if found.ok else ""
            finally:
                structure.stop()
                connection.close()
        except Damaged as damage:
            return _altered(damage.message)
        except FAULTS as error:
            fault = explained(error, file)
            if not isinstance(fault, Damaged):
                raise fault from error
            return _altered(fault.message)
    if faults:
        update = {"ok": False, "root": None, "why": f"The ledger's file is damaged: {faults}"}
        return found.model_copy(update=update)
    return found


def _found(replay: Replay, finished: bool) -> Verification:
    if not finished:
        why = "The check was stopped."
        return Verification(ok=False, size=replay.size, root=None, why=why, cancelled=True)
    judged = replay.judge()
    problems = list(judged.problems)
    if replay.found:
        problems.insert(0, Problem(replay.found.entry, replay.found.why))
    # Those that name an entry first, and of these the first entry.
    problems.sort(key=lambda problem: (problem.entry is None, problem.entry or 0))
    checkpoint = judged.checkpoint
    return Verification(
        ok=not problems,
        size=replay.size,
        root=None if problems else replay.root.hex(),
        first_bad=problems[0].entry if problems else None,
        why=" ".join(problem.why for problem in problems[:_MOST_REASONS]) or None,
        set_back=tuple(replay.set_back[:_MOST_NAMED]),
        checkpoint=checkpoint
        and CheckpointFound(
            size=checkpoint.size,
            time=checkpoint.at,
            key=checkpoint.key or "",
            person=checkpoint.person or "",
            session_only=replay.vouching.keys[checkpoint.key or ""].session_only,
        ),
        witnesses=tuple(_witness(voucher) for voucher in judged.witnesses if voucher.witness),
        unsigned_tail=max(0, replay.size - (checkpoint.size if checkpoint else 0)),
        forgotten=replay.forgotten,
        unvouched_keys=tuple(replay.vouching.unvouched_keys[:_MOST_NAMED]),
    )


def _witness(voucher: Voucher) -> WitnessFound:
    assert voucher.witness is not None
    return WitnessFound(
        kind=voucher.witness.kind,
        name=voucher.who,
        size=voucher.size,
        time=voucher.at,
        key=voucher.key,
        checked=voucher.checked,
        authority=voucher.authority,
    )


def _altered(why: str) -> Verification:
    return Verification(ok=False, size=0, root=None, why=why)


def _unheard(_done: int, _total: int) -> None: ...


def _never() -> bool:
    return False


class _Structure:
    """SQLite's own check of its pages and indexes, beside the replay: it lets Python run meanwhile."""

    def __init__(self, path: Path, mode: str) -> None:
        self._path, self._mode = path, mode
        self._connection: sqlite3.Connection | None = None
        self._thread: threading.Thread | None = None
        self._found: list[str] = []

    def start(self) -> None:
        self._connection = connect(self._path, self._mode)
        self._thread = threading.Thread(target=self._check, name="ledger structure", daemon=True)
        self._thread.start()

    def faults(self) -> str:
        """Wait for the end; the first faults in words, or an empty text."""
        if self._thread is not None:
            self._thread.join()
        return "; ".join(line for line in self._found if line != "ok")

    def stop(self) -> None:
        if self._connection is not None and self._thread is not None:
            # An interrupt that comes before the statement starts is lost, so ask until it is heard.
            while self._thread.is_alive():
                self._connection.interrupt()
                self._thread.join(0.02)
            self._connection.close()

    def _check(self) -> None:
        assert self._connection is not None
        try:
            self._found = [row[0] for row in self._connection.execute("PRAGMA integrity_check(3)")]
        except FAULTS as error:
            self._found = [str(error)]


def _stamp(file: Path) -> tuple[int, int, bool]:
    state = file.stat()
    return state.st_mtime_ns, state.st_size, _journal(file).exists()


def _journal(file: Path) -> Path:
    return file.with_name(file.name + "-wal")


@contextmanager
def at_rest(file: Path) -> Generator[tuple[Path, str]]:
    """The file to read and how to open it, so that no file is made beside it.

    Without a journal the file is all there is. With one, and the shared index that a living writer keeps,
    both are read in place. A journal whose index is missing or cannot be written was left by a crash or
    came with a copy: a copy of both is read.
    """
    journal = _journal(file)
    index = file.with_name(file.name + "-shm")
    if not journal.exists() or journal.stat().st_size == 0:
        yield file, "immutable"
    elif index.exists() and os.access(index, os.W_OK):
        yield file, "ro"
    else:
        with tempfile.TemporaryDirectory(prefix="studio-assist-") as folder:
            copy = Path(folder, file.name)
            shutil.copyfile(file, copy)
            shutil.copyfile(journal, _journal(copy))
            yield copy, "rw"

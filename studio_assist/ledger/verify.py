"""Checking a whole ledger: every entry, text, node and list, against nothing but the entries themselves.

What this can show: that nothing in the file was changed on its own. Whoever rewrites all of it, or cuts off
its end and rewrites the head, makes a ledger that is right in itself; only a head kept elsewhere tells.
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
from typing import Final

from studio_assist.domain.errors import BadInput, Damaged
from studio_assist.domain.values import Value
from studio_assist.ledger.replay import Difference, Replay
from studio_assist.ledger.schema import FAULTS, check_format, connect, explained

#: How many entries whose clock went back are named.
_MOST_SET_BACK: Final = 20


class Verification(Value):
    """What a check found.

    Attributes:
        ok: every entry, text and node is what the tree says, and the whole was looked at.
        size: how many entries stand in the ledger, as far as it was read.
        root: the root over them, in hexadecimal, or None where it could not be made.
        first_bad: number of the first entry that something is wrong with, or None.
        why: what is wrong, in a sentence, or None.
        set_back: entries that are dated before the one they follow (the first 20): somebody's clock was
            set back. It says nothing about the entries' content.
        cancelled: the check was stopped before its end.
    """

    ok: bool
    size: int
    root: str | None
    first_bad: int | None = None
    why: str | None = None
    set_back: tuple[int, ...] = ()
    cancelled: bool = False


def verify(
    path: Path,
    *,
    progress: Callable[[int, int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Verification:
    """Check a ledger: on a live project, a copy, or media that cannot be written. Writes nothing beside it.

    Args:
        path: the ledger's file, or the project folder that holds it.
        progress: told now and then how many entries of how many are done.
        cancelled: asked now and then whether to stop.

    Raises `BadInput` where there is no ledger, or one of a newer version, and `Unavailable` where it cannot
    be read just now.
    """
    file = path / "ledger.sqlite" if path.is_dir() else path
    if not file.is_file():
        raise BadInput(
            "There is no ledger here.",
            remedy="Choose a project folder or its ledger.sqlite.",
            place=str(path),
        )
    before = _stamp(file)
    found = _verify_still(file, progress, cancelled)
    if not found.ok and not found.cancelled and _stamp(file) != before:
        # Somebody began to write into what was taken for a file at rest. Their journal can be read now.
        found = _verify_still(file, progress, cancelled)
    return found


def _verify_still(
    file: Path, progress: Callable[[int, int], None] | None, cancelled: Callable[[], bool] | None
) -> Verification:
    size = 0
    with _at_rest(file) as (still, mode):
        structure = _Structure(still, mode)
        try:
            connection = connect(still, mode)
            try:
                check_format(connection, file)
                connection.execute("BEGIN")
                structure.start()
                replay = Replay(connection)
                try:
                    finished = replay.run(progress or _unheard, cancelled or _never)
                finally:
                    size = replay.size
                faults = structure.faults() if finished else ""
            finally:
                structure.stop()
                connection.close()
        except Difference as difference:
            return _altered(size, difference.why, difference.entry)
        except Damaged as damage:
            return _altered(size, damage.message)
        except FAULTS as error:
            fault = explained(error, file)
            if not isinstance(fault, Damaged):
                raise fault from error
            return _altered(size, fault.message)
    if not finished:
        return Verification(ok=False, size=size, root=None, why="The check was stopped.", cancelled=True)
    if faults:
        return _altered(size, f"The ledger's file is damaged: {faults}")
    set_back = tuple(replay.set_back[:_MOST_SET_BACK])
    return Verification(ok=True, size=size, root=replay.root.hex(), set_back=set_back)


def _altered(size: int, why: str, entry: int | None = None) -> Verification:
    return Verification(ok=False, size=size, root=None, first_bad=entry, why=why)


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
def _at_rest(file: Path) -> Generator[tuple[Path, str]]:
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

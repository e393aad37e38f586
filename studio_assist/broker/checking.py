"""The whole record is checked beside the work, in a process of its own: a decision never waits for it."""

from __future__ import annotations

import asyncio
import contextlib
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from studio_assist.domain.errors import StudioError
from studio_assist.ledger import Verification, verify
from studio_assist.ledger.checking import Progress, command, parse_line

#: Below so many entries a check takes less of the machine than a process takes to start.
SHORT: Final = 3000
#: How often progress is told, in seconds.
TOLD_EVERY_S: Final = 0.25
#: A line of the child: one verification, which names what it found.
_LONGEST_LINE: Final = 2**20


async def check(path: Path, size: int, progress: Callable[[float], None]) -> Verification:
    """Check a record; a cancel ends the check, and its process with it.

    Args:
        path: the project's ledger.
        size: how many entries it holds, about.
        progress: told the share that is done.

    Raises:
        StudioError: as `ledger.verify`.
    """
    if size >= SHORT:
        found = await _in_child(path, progress)
        if found is not None:
            return found
    return await _in_thread(path, progress)


async def _in_child(path: Path, progress: Callable[[float], None]) -> Verification | None:
    """What a child process finds; None where it could not be started, or ended without a word."""
    try:
        child = await asyncio.create_subprocess_exec(
            *command(path),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            limit=_LONGEST_LINE,
        )
    except OSError:
        return None
    told = _Told(progress)
    try:
        assert child.stdout is not None
        while line := await child.stdout.readline():
            said = parse_line(line)
            if isinstance(said, StudioError):
                raise said
            if isinstance(said, Verification):
                return said
            if isinstance(said, Progress):
                told(said.done, said.total)
    except ValueError:
        # Not a line of ours: what it would find is found here instead.
        return None
    finally:
        # It holds nothing that could be lost.
        with contextlib.suppress(ProcessLookupError):
            child.kill()
        if child.stdin is not None:
            child.stdin.close()
        await child.wait()
    return None


async def _in_thread(path: Path, progress: Callable[[float], None]) -> Verification:
    loop = asyncio.get_running_loop()

    def tell(share: float) -> None:
        loop.call_soon_threadsafe(progress, share)

    ended = threading.Event()
    work = asyncio.ensure_future(
        asyncio.to_thread(verify, path, progress=_Told(tell), cancelled=ended.is_set)
    )
    try:
        return await asyncio.shield(work)
    except asyncio.CancelledError:
        # Who closes the project, or forgets a text, needs the file for themselves.
        ended.set()
        await asyncio.gather(work, return_exceptions=True)
        raise


class _Told:
    """Passes progress on, as often as anybody can look."""

    def __init__(self, progress: Callable[[float], None]) -> None:
        self._progress: Final = progress
        self._next = time.monotonic() + TOLD_EVERY_S

    def __call__(self, done: int, total: int) -> None:
        now = time.monotonic()
        if now >= self._next and total:
            self._next = now + TOLD_EVERY_S
            self._progress(done / total)

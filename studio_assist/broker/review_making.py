"""A long index is made in a process of its own; a broker that can start none makes it in a thread."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Final, TypeVar

from studio_assist.domain.errors import StudioError
from studio_assist.ledger.checking import Progress
from studio_assist.ledger.review import Making, Standing
from studio_assist.ledger.review.indexing import command, parse_line

#: From so many missing entries on, a process of its own is worth its start.
LONG: Final = 5000

Told = Callable[[int, int], None]
_T = TypeVar("_T")


async def make_index(
    ledger: Path, index: Path, told: Told, *, texts: bool = True, missing: int = LONG
) -> Standing:
    """Make an index, or bring it up to date. A cancel ends it; what was made by then stands.

    Args:
        told: hears of progress in the loop: entries done, of how many.
        texts: without, the record is another project's, beside which nothing is written.
        missing: about how many entries; for few of them no process is started.

    Raises:
        StudioError: as `ledger.review.Making`.
    """
    made = await _in_child(ledger, index, told, texts) if missing >= LONG else None
    return made if made is not None else await _in_thread(ledger, index, told, texts)


async def in_thread(work: Callable[[Callable[[], bool]], _T]) -> _T:
    """Work in a thread that is told when to stop; a cancel waits until it has stopped."""
    ended = threading.Event()
    running = asyncio.ensure_future(asyncio.to_thread(work, ended.is_set))
    try:
        return await asyncio.shield(running)
    except asyncio.CancelledError:
        # Who closes the project, or forgets a text, needs the files for themselves.
        ended.set()
        await asyncio.gather(running, return_exceptions=True)
        raise


async def _in_child(ledger: Path, index: Path, told: Told, texts: bool) -> Standing | None:
    """None where no child could be started, or it ended without a word."""
    try:
        child = await asyncio.create_subprocess_exec(
            *command(ledger, index, texts=texts),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
        )
    except OSError:
        return None
    try:
        assert child.stdout is not None
        while line := await child.stdout.readline():
            match parse_line(line):
                case StudioError() as error:
                    raise error
                case Standing() as standing:
                    return standing
                case Progress(done, total):
                    told(done, total)
                case _:
                    pass
    except ValueError:
        # Not a line of ours: what it would make is made here instead.
        return None
    finally:
        # What it has written is whole, batch by batch.
        with contextlib.suppress(ProcessLookupError):
            child.kill()
        if child.stdin is not None:
            child.stdin.close()
        await child.wait()
    return None


async def _in_thread(ledger: Path, index: Path, told: Told, texts: bool) -> Standing:
    loop = asyncio.get_running_loop()

    def tell(done: int, total: int) -> None:
        loop.call_soon_threadsafe(told, done, total)

    def make(stopped: Callable[[], bool]) -> Standing:
        with Making(ledger, index, texts=texts, at_rest=not texts) as making:
            return making.update(tell, stopped)

    return await in_thread(make)

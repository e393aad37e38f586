"""Keeps the index of one open project up to date: made once, then with every entry that comes."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import tempfile
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from studio_assist import protocol
from studio_assist.broker.review_making import LONG, in_thread, make_index
from studio_assist.broker.session import Session, no_project
from studio_assist.domain.errors import StudioError
from studio_assist.domain.values import Share
from studio_assist.ledger.review import Making, Standing, leaves_forgotten, remove

#: How often it is looked whether another window's record has grown, in seconds; of one's own it is said.
LOOK_S: Final = 0.2
_LOOK_OWN_S: Final = 5.0
#: How often progress is told, in seconds.
_TOLD_EVERY_S: Final = 0.25
NAME: Final = "review.sqlite"


class ReviewKeeper:
    """The index of an open project.

    It belongs to one event loop; the files are read and written in threads and processes, one at a time.
    """

    def __init__(self, session: Session, tell: Callable[[protocol.Event], None]) -> None:
        self._session: Final = session
        self._tell: Final = tell
        self._private: Path | None = None
        self._making: Making | None = None
        self._task: asyncio.Task[None] | None = None
        self._tidying: asyncio.Task[None] | None = None
        self._grown: Final = asyncio.Event()
        self._caught_up: Final = asyncio.Event()
        self._quiet = 0
        self._wanted = False
        self._closed = False
        self._anew = False
        self._told_at = 0.0
        self._state = protocol.ReviewState(state="none")

    # methods

    def begin(self) -> None:
        """The project was opened: an index from before holds no text that was forgotten since."""
        if self._session.read_only is None and self._place().exists():
            self._tidying = asyncio.get_running_loop().create_task(self._tidy())

    async def open(self, *, anew: bool) -> protocol.ReviewState:
        """Make the index, or catch it up, and follow the record from now on.

        A long making goes on after this; its progress is told.
        """
        if self._tidying:
            await asyncio.gather(self._tidying, return_exceptions=True)
        if anew:
            await self._stop()
            self._anew = True
        self._wanted = True
        if not self._quiet:
            self._follow()
            self._grown.set()
            await self._short_while()
        if self._closed:
            raise no_project()
        return self._now()

    def grown(self) -> None:
        """The record has more entries now."""
        self._grown.set()

    @asynccontextmanager
    async def quiet(self) -> AsyncGenerator[None]:
        """Nothing here reads the ledger meanwhile. Afterwards no forgotten text is in the index."""
        self._quiet += 1
        await self._stop()
        try:
            yield
        finally:
            self._quiet -= 1
            if self._wanted and not self._quiet:
                self._follow()
                self._grown.set()
                await self._short_while()
            elif self._session.read_only is None and self._place().exists():
                await self._tidy()

    async def close(self) -> None:
        """Let go of everything."""
        self._wanted, self._closed = False, True
        if self._tidying:
            await asyncio.gather(self._tidying, return_exceptions=True)
        await self._stop()
        if self._private is not None:
            await asyncio.to_thread(shutil.rmtree, self._private, ignore_errors=True)
            self._private = None

    # internals

    def _place(self) -> Path:
        """Where the index stands: in the project where it may be written, or in a folder that goes again."""
        if self._session.read_only is None:
            return self._session.folder.recovery_path / NAME
        if self._private is None:
            self._private = Path(tempfile.mkdtemp(prefix="studio-assist-review-"))
        return self._private / NAME

    def _follow(self) -> None:
        if self._task is None or self._task.done():
            self._caught_up.clear()
            self._task = asyncio.get_running_loop().create_task(self._run())

    async def _stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None
        if self._making is not None:
            making, self._making = self._making, None
            await asyncio.to_thread(making.close)

    async def _short_while(self) -> None:
        """Until it is caught up, or known to take longer or to fail."""
        while not self._caught_up.is_set() and self._task is not None and not self._task.done():
            if self._state.state == "building" and self._state.share is not None:
                return
            await asyncio.sleep(0.005)

    async def _run(self) -> None:
        while True:
            self._grown.clear()
            try:
                changed = await self._catch_up()
            except StudioError as error:
                await self._let_go()
                self._put(state="failed", why=error.message, share=None)
                self._caught_up.set()
            else:
                if changed or self._state.state != "ready":
                    self._put(state="ready", why="", share=None)
                self._caught_up.set()
            seen = self._session.ledger.size
            while not self._grown.is_set() and self._session.ledger.size == seen:
                await self._wait()

    async def _wait(self) -> None:
        """Until the record has grown, or it is time to look at what another window writes."""
        every = LOOK_S if self._session.read_only else _LOOK_OWN_S
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(every):
                await self._grown.wait()

    async def _catch_up(self) -> bool:
        """Take in what is new; says whether anything was."""
        ledger, index = self._session.folder.ledger_path, self._place()
        if self._anew:
            await asyncio.to_thread(remove, index)
            self._anew = False
        before = self._state.entries
        done = await in_thread(lambda stopped: self._update(ledger, index, stopped, most=LONG))
        if done.size - done.entries > LONG:
            await self._let_go()
            self._put(state="building", share=_share(done), entries=done.entries)
            await make_index(ledger, index, self._tell_progress)
            done = await in_thread(lambda stopped: self._update(ledger, index, stopped, most=None))
        self._state = self._state.model_copy(update={"entries": done.entries})
        return done.entries != before

    def _update(
        self, ledger: Path, index: Path, stopped: Callable[[], bool], *, most: int | None
    ) -> Standing:
        """In a thread: bring the index up to date, unless more than `most` entries are missing."""
        if self._making is None:
            self._making = Making(ledger, index)
        standing = self._making.standing
        if most is not None and standing.size - standing.entries > most:
            return standing
        return self._making.update(stopped=stopped)

    async def _let_go(self) -> None:
        making, self._making = self._making, None
        if making is not None:
            await asyncio.to_thread(making.close)

    async def _tidy(self) -> None:
        """Remove an index that holds texts which were forgotten since; it is made again when it is wanted."""
        ledger, index = self._session.folder.ledger_path, self._place()

        def tidy() -> None:
            if leaves_forgotten(ledger, index):
                remove(index)

        try:
            await asyncio.to_thread(tidy)
        except StudioError as error:
            self._tell(
                protocol.Trouble(
                    kind="record",
                    message=f"The index of the record may hold a forgotten text still: {error.message}",
                    remedy=error.remedy,
                )
            )

    def _tell_progress(self, done: int, total: int) -> None:
        now = asyncio.get_running_loop().time()
        if now >= self._told_at + _TOLD_EVERY_S:
            self._told_at = now
            self._put(state="building", share=_share(Standing(done, total)), entries=done)

    def _put(self, **changes: object) -> None:
        self._state = self._state.model_copy(update=changes)
        self._state = self._now()
        self._tell(protocol.ReviewChanged(state=self._state))

    def _now(self) -> protocol.ReviewState:
        ready = self._state.state in ("building", "ready")
        return self._state.model_copy(
            update={
                "index": str(self._place()) if ready else "",
                "ledger": str(self._session.folder.ledger_path),
                "size": self._session.ledger.size,
            }
        )


def _share(standing: Standing) -> Share:
    return standing.entries / max(standing.size, 1)

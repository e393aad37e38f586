"""Exports as window and command line ask for them: one at a time, and stopped when somebody says so."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection, Coroutine
from pathlib import Path
from typing import Any, Final, TypeVar

from studio_assist import protocol
from studio_assist.broker.export_whole import export_whole
from studio_assist.broker.exporting import export_project, has_written
from studio_assist.broker.garbage import seldom_collected
from studio_assist.broker.session import Session
from studio_assist.domain.errors import StudioError, Unavailable
from studio_assist.domain.incoming import IncomingScript
from studio_assist.domain.people import Person
from studio_assist.domain.storyboard import ShotId
from studio_assist.storage.sent_scripts import keep_sent

log = logging.getLogger(__name__)

R = TypeVar("R")


class Stoppable:
    """Runs long work that a person can stop, one piece at a time.

    Args:
        name: what it is, for a person: "export".
    """

    def __init__(self, name: str) -> None:
        self._name: Final = name
        self._running: asyncio.Task[Any] | None = None

    async def run(self, work: Coroutine[Any, Any, R]) -> R:
        """Do it. Raises `Unavailable` where it was stopped, or another one still runs."""
        if self._running is not None:
            work.close()
            raise Unavailable(
                f"Another {self._name} is still running.", remedy="Wait for its end, or stop it."
            )
        running = self._running = asyncio.get_running_loop().create_task(work)
        try:
            with seldom_collected():
                return await running
        except asyncio.CancelledError as error:
            call = asyncio.current_task()
            if call is not None and call.cancelling():
                # The call itself was given up: what it does ends first.
                running.cancel()
                await asyncio.gather(running, return_exceptions=True)
                raise
            raise Unavailable(
                f"The {self._name} was stopped.", remedy="Nothing half done was left behind."
            ) from error
        finally:
            self._running = None

    def stop(self) -> None:
        """Have it stop; nothing happens where nothing runs."""
        if self._running is not None:
            self._running.cancel()

    async def close(self) -> None:
        """Stop it and wait for its end."""
        running = self._running
        if running is not None:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)


class Exports:
    """The way out of a project.

    Args:
        undecided: shots of which variants wait for a decision.
    """

    def __init__(
        self,
        ready: Callable[[Person], Awaitable[Session]],
        undecided: Callable[[], Collection[ShotId]],
        tell: Callable[[protocol.Event], None],
    ) -> None:
        self._ready: Final = ready
        self._undecided: Final = undecided
        self._tell: Final = tell
        self._work: Final = Stoppable("export")

    async def export(self, params: protocol.ExportParams) -> protocol.Exported:
        """Write what the call names; see `exporting.export_project` and `export_whole`."""
        done = await self._work.run(self._export(params))
        if params.format in ("fountain", "fdx") and done.altered is None:
            with seldom_collected():
                await self._remember(await self._ready(params.person), done)
        return done

    async def stop_export(self, params: protocol.Nothing) -> protocol.Nothing:
        """Stop the export that runs. What it wrote is gone, and a file that it would replace stands."""
        self._work.stop()
        return params

    async def close(self) -> None:
        """The project is about to be left."""
        await self._work.close()

    async def _export(self, params: protocol.ExportParams) -> protocol.Exported:
        session = await self._ready(params.person)
        # Whoever exports again means the same file; any other file that stands there is not ours to replace.
        overwrite = await has_written(session, Path(params.out))
        if params.format in ("fountain", "pdf"):
            done = await export_project(session, params, self._tell, overwrite=overwrite)
        else:
            done = await export_whole(session, params, self._undecided(), self._tell, overwrite=overwrite)
        return done

    async def _remember(self, session: Session, done: protocol.Exported) -> None:
        """Keep what went out as a script: when it comes back changed, it is compared with that."""
        for file in done.files:
            try:
                await asyncio.to_thread(_keep, session, Path(file.path))
            except StudioError as error:
                # The file is written and recorded; only a merge will know less.
                log.info("What was exported could not be kept for a merge: %s", error.message)


def _keep(session: Session, file: Path) -> None:
    from studio_assist.interchange.reading import read

    incoming = read(file, lambda: None)
    if isinstance(incoming, IncomingScript):
        keep_sent(session.folder.path, incoming.text, session.now())

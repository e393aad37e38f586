"""Everything that the broker does for the Board desk, put together."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Final

from studio_assist import protocol
from studio_assist.backends.registry import Backends
from studio_assist.broker import board_media
from studio_assist.broker.board_calls import BoardCalls
from studio_assist.broker.board_drawing import BoardDrawing, mark_variant
from studio_assist.broker.board_files import BoardFiles
from studio_assist.broker.board_keeper import BoardKeeper
from studio_assist.broker.board_live import LiveBoard
from studio_assist.broker.board_queue import BoardQueue
from studio_assist.broker.clear_closing import Closing
from studio_assist.broker.editing import Editors
from studio_assist.broker.gatekeeper import Gatekeeper
from studio_assist.broker.panels import Panels
from studio_assist.broker.session import Session
from studio_assist.domain.errors import StudioError
from studio_assist.domain.people import Person
from studio_assist.domain.storyboard import Media
from studio_assist.domain.ties import followed
from studio_assist.gate.wall import Wall

log = logging.getLogger(__name__)


class Boards:
    """The parts of the broker that the Board desk calls, one method for each of its calls.

    Attributes:
        parts: what is looked through for a call's method.
    """

    def __init__(
        self,
        session: Callable[[], Session],
        ready: Callable[[Person], Awaitable[Session]],
        backends: Callable[[], Backends],
        gatekeeper: Gatekeeper,
        closing: Closing,
        home: Path,
        tell: Callable[[protocol.Event], None],
        wall: Wall | None,
    ) -> None:
        self._session: Final = session
        self.live: Final = LiveBoard(session, tell)
        self.calls: Final = BoardCalls(session, ready, self.live)
        self.panels: Final = Panels(session, ready, self.live)
        drawing = BoardDrawing(session, backends, gatekeeper, closing, self.live)
        self.queue: Final = BoardQueue(session, backends, drawing, self.live, tell)
        gatekeeper.on_wait = self.queue.go_on
        self.files: Final = BoardFiles(session, ready, self.live, self.panels, home, tell)
        self.editors: Final = Editors(session, ready, self.panels, tell, wall)
        self.parts: Final = (self.calls, self.panels, self.queue, self.files, self.editors)
        self._keeper: BoardKeeper | None = None
        self._mending: asyncio.Task[None] | None = None
        self._following: asyncio.Task[None] | None = None

    def open(self, session: Session) -> None:
        """Another project is open."""
        self._keeper = session.boards
        self.live.open(session)
        self.queue.open(session)
        if not session.read_only and not session.is_altered:
            self._mending = asyncio.get_running_loop().create_task(self._mend(session))

    def follow(self, script: str) -> None:
        """Find the lines again that shots were made from, beside the work: the script was saved."""
        if self._following is not None:
            self._following.cancel()
        self._following = asyncio.get_running_loop().create_task(self._follow(self._session(), script))

    async def close(self) -> None:
        """Stop what runs, and let go of the project."""
        for task in (self._mending, self._following):
            if task is not None:
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)
        self._mending = self._following = None
        await self.editors.close()
        await self.files.close()
        await self.queue.close()
        if self._keeper is not None:
            # What somebody has just decided is carried out.
            await self._keeper.end()
            self._keeper = None
        self.live.close()

    async def _follow(self, session: Session, script: str) -> None:
        keeper = session.boards
        before = {shot.id: shot.tie for shot in keeper.board if shot.tie is not None}
        after = await asyncio.to_thread(followed, tuple(before.values()), script)
        moved = {shot: tie for (shot, was), tie in zip(before.items(), after, strict=True) if tie != was}
        # An artist may have tied a shot anew meanwhile: theirs stands.
        shots = [
            shot.model_copy(update={"tie": moved[shot.id]})
            for shot in keeper.board
            if shot.id in moved and shot.tie == before[shot.id]
        ]
        if shots:
            keeper.put_shots(shots)
            self.live.tell(shot.id for shot in shots)

    async def _mend(self, session: Session) -> None:
        """Take in drawings that a crash left, and make the marked copies that it kept from being made."""
        await self.files.take_in_left(session)
        for shot in session.boards.board:
            if shot.panel.state == "temp" and not _is_there(session, shot.panel.shown):
                try:
                    await self.panels.show_again(session, shot.id, session.person)
                except StudioError as trouble:
                    log.info("A temp panel has no marked copy: %s", trouble)
        for name, variant in self.live.waiting:
            if name not in session.boards.board or _is_there(session, variant.shown):
                continue
            try:
                entry = session.ledger.entries(type="candidate", candidate=variant.candidate, limit=1)[0]
                shot = session.boards.board.shot(name)
                data = await asyncio.to_thread(board_media.media_bytes, session.folder, variant.picture)
                await mark_variant(session, self.live, shot, variant, entry.number, data, session.person)
            except StudioError as trouble:
                # It is shown as missing, with where it was.
                log.info("A picture that waits has no marked copy: %s", trouble)


def _is_there(session: Session, media: Media | None) -> bool:
    return media is not None and session.folder.media(media.sha256, media.suffix) is not None

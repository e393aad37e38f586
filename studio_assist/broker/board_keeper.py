"""The board of an open project: the one copy that counts, and its file."""

from __future__ import annotations

import asyncio
import logging
import math
import time
from collections.abc import AsyncGenerator, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from typing import Final

from studio_assist import protocol
from studio_assist.domain.boards import Board
from studio_assist.domain.errors import Damaged, StudioError, Unavailable
from studio_assist.domain.storyboard import KEPT_PANELS, Media, Panel, Shot, ShotId
from studio_assist.domain.values import CandidateId, Sha256
from studio_assist.storage.atomic import set_aside
from studio_assist.storage.boards_file import BoardsFile, BoardsWriter
from studio_assist.storage.project import ProjectFolder, utc_now

log = logging.getLogger(__name__)

#: Edits that come in a row are written together, seconds after the first; decisions are in the record.
_PAUSE_S: Final = 0.4
#: Marked copies can be made again: a board that is drawn over night is not written for each of them.
_MARKS_PAUSE_S: Final = 10.0
#: After a disk that did not take it, it is tried again.
_AGAIN_S: Final = 5.0
#: How many removed shots an undo still finds.
_KEPT: Final = 2000


class BoardKeeper:
    """Holds a project's board and writes it.

    It belongs to one event loop; the file is written in threads, one write at a time.

    Args:
        record_size: how many entries the ledger has now.
        saved: called in the loop once a board is on the disk, with the file's SHA-256 and how many entries
            the ledger had when it was written.
    """

    def __init__(
        self,
        folder: ProjectFolder,
        *,
        read_only: bool,
        record_size: Callable[[], int],
        tell: Callable[[protocol.Event], None],
        saved: Callable[[Sha256, int], None],
    ) -> None:
        self._folder: Final = folder
        self._writer: Final = BoardsWriter(folder)
        self._read_only: Final = read_only
        self._record_size: Final = record_size
        self._tell: Final = tell
        self._saved: Final = saved
        self._writing: asyncio.Task[None] | None = None
        self._asked = False
        self._wake: Final = asyncio.Event()
        #: When what was asked for is to be on the disk, by the monotonic clock.
        self._due = math.inf
        self._failing = False
        self._tries = 0
        self._turn: Final = asyncio.Lock()
        self._is_over = False
        self.board = Board()
        self.version = 1
        self.removed: dict[ShotId, Shot] = {}
        #: The marked copies of pictures that wait for a decision.
        self.marked: dict[CandidateId, Media] = {}
        #: The entry of the record up to which the file had been written when it was read.
        self.read_up_to = 0
        #: The file could not be read: its shots are gone, and panels are rebuilt from the record.
        self.was_damaged = False

    def load(self) -> str | None:
        """Read the file; a sentence for a person where it could not be read."""
        trouble: str | None = None
        try:
            file = self._writer.read()
        except Damaged as damage:
            # The script is worked on all the same. What people decided about panels is in the record.
            trouble = f"{damage.message} {damage.remedy}"
            file = BoardsFile()
            self.was_damaged = True
        shots = {shot.id: shot for shot in reversed(file.shots)}
        if len(shots) < len(file.shots):
            # Put together by hand, or by a merge of two versions.
            copy = set_aside(self._folder.boards_path, at=utc_now())
            trouble = f"boards.json names shots twice. The first of each stands; it is kept as {copy.name}."
        self.board = Board(tuple(reversed(shots.values())))
        self.removed = {shot.id: shot for shot in file.removed}
        self.marked = dict(file.marked)
        self.read_up_to = file.record
        return trouble

    @property
    def temp(self) -> int:
        """How many panels hold temp material."""
        return sum(1 for shot in self.board if shot.panel.state == "temp")

    def put(self, board: Board, removed: Mapping[ShotId, Shot] | None = None) -> None:
        """Another board stands from now on."""
        self.board = board
        if removed is not None:
            self.removed = dict(list(removed.items())[-_KEPT:])
        self.version += 1
        self._save_soon()

    def put_shots(self, shots: Iterable[Shot]) -> None:
        """These in place of those of the same ids."""
        self.put(self.board.with_shots(shots))

    def mark(self, candidate: CandidateId, shown: Media) -> None:
        """The marked copy of a picture that waits is there."""
        self.marked[candidate] = shown
        self._save_soon(_MARKS_PAUSE_S)

    @asynccontextmanager
    async def turn(self) -> AsyncGenerator[None]:
        """One change of panels at a time: what a decision was made on stands until it is carried out.

        Raises:
            Unavailable: the project was closed meanwhile.
        """
        async with self._turn:
            if self._is_over:
                raise Unavailable("The project was closed meanwhile.", remedy="Open it again.")
            yield

    async def end(self) -> None:
        """Wait for the change that is being made; there are none after it."""
        async with self._turn:
            self._is_over = True

    async def flush(self) -> bool:
        """Bring it to the disk now. False where the disk does not take it: it is tried again later."""
        tries = self._tries
        while self._writing is not None:
            self._due = 0.0
            self._wake.set()
            await asyncio.wait({self._writing}, timeout=0.05)
            if self._failing and self._tries > tries:
                return False
        return True

    async def close(self) -> None:
        """Bring it to the disk and stop."""
        await self.flush()
        if self._writing is not None:
            self._writing.cancel()
            await asyncio.gather(self._writing, return_exceptions=True)

    # internals

    def _save_soon(self, pause_s: float = _PAUSE_S) -> None:
        if self._read_only:
            return
        self._asked = True
        self._due = min(self._due, time.monotonic() + pause_s)
        self._wake.set()
        if self._writing is None:
            self._writing = asyncio.get_running_loop().create_task(self._write_on())

    async def _write_on(self) -> None:
        try:
            while self._asked:
                await self._pause()
                self._asked = False
                self._due = math.inf
                await self._write()
                self._tries += 1
                if self._failing:
                    self._asked = True
                    self._due = time.monotonic() + _AGAIN_S
        finally:
            self._writing = None
            self._due = math.inf

    async def _pause(self) -> None:
        """Wait until it is due; that may come sooner than it looked."""
        while (left := self._due - time.monotonic()) > 0:
            self._wake.clear()
            try:
                async with asyncio.timeout(left):
                    await self._wake.wait()
            except TimeoutError:
                return

    async def _write(self) -> None:
        record = self._record_size()
        file = BoardsFile(
            record=record,
            shots=self.board.shots,
            removed=tuple(self.removed.values()),
            marked=dict(self.marked),
        )
        try:
            digest, kept = await asyncio.to_thread(self._writer.write, file)
        except StudioError as error:
            if not self._failing:
                self._tell(
                    protocol.Trouble(
                        kind="boards",
                        message=f"The board could not be saved: {error.message}",
                        remedy=f"{error.remedy} It is tried again every few seconds.",
                    )
                )
            self._failing = True
            return
        self._failing = False
        if kept is not None:
            self._tell(
                protocol.Trouble(
                    kind="boards",
                    message="Another program had changed boards.json.",
                    remedy=f"Its version is kept as {kept.name}; the board here was saved.",
                )
            )
        try:
            self._saved(digest, record)
        except StudioError as error:
            # The board is on the disk; the record says so with the next one.
            log.warning("That the board was saved could not be recorded: %s", error.message)


def with_panel(shot: Shot, panel: Panel) -> Shot:
    """A shot with another panel; what stood in it before is kept among the earlier ones."""
    before = (*shot.earlier, shot.panel) if shot.panel.state != "empty" else shot.earlier
    return shot.model_copy(update={"panel": panel, "earlier": before[-KEPT_PANELS:]})

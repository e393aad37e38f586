"""What is known of an open project's record: its check, and what was signed and witnessed since."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Final, Literal

from studio_assist import protocol
from studio_assist.broker.checking import check
from studio_assist.broker.claiming import checkpoint_seen, claim, held, witness_seen
from studio_assist.broker.story import Story
from studio_assist.domain.errors import StudioError, Unavailable
from studio_assist.domain.values import EntryNumber
from studio_assist.ledger import Ledger, Verification

_State = Literal["intact", "checking", "altered"]


class Health:
    """Whether the record holds. It is "checking" until a whole check has ended.

    Args:
        changed: told when what is known changes.
    """

    def __init__(
        self,
        path: Path,
        ledger: Ledger,
        story: Story,
        clock: Callable[[], datetime],
        changed: Callable[[], None],
    ) -> None:
        self._path: Final = path
        self._ledger: Final = ledger
        self._story: Final = story
        self._clock: Final = clock
        self._changed: Final = changed
        self._task: asyncio.Task[None] | None = None
        self._progress: float | None = None
        self._checked_at: datetime | None = None
        self._first_bad: EntryNumber | None = None
        self._checkpoint: protocol.CheckpointSeen | None = None
        self._witness: protocol.WitnessSeen | None = None
        self._forgotten = 0
        self._strange_keys: tuple[int, ...] = ()
        self._held: tuple[protocol.HeldSeen, ...] = ()
        self.state: _State = "checking"
        self.why: str | None = None

    # methods

    def check(self) -> asyncio.Task[None]:
        """Check the whole record in the background; the one check that runs, where one does."""
        if self._task is None or self._task.done():
            self._task = asyncio.get_running_loop().create_task(self._check())
        return self._task

    async def close(self) -> bool:
        """End the check, and wait until nothing of it reads the file any more. Says whether one ran."""
        ran = self._task is not None and not self._task.done()
        if self._task:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        return ran

    def alter(self, why: str) -> None:
        """The record was found altered otherwise than by a check."""
        self.state, self.why = "altered", why

    def signed(self, size: int, at: datetime, who: str, *, session_only: bool) -> None:
        """A head was signed here and now."""
        self._checkpoint = protocol.CheckpointSeen(size=size, at=at, who=who, session_only=session_only)

    def witnessed(self, witness: protocol.WitnessSeen) -> None:
        """A witness's word was taken in here and now."""
        self._witness = witness

    def forgot(self, texts: int) -> None:
        """Texts were forgotten here and now."""
        self._forgotten += texts

    def describe(
        self, *, sent_today: int, key: Literal["kept", "session", "none"], key_note: str
    ) -> protocol.LedgerState:
        """All of it, for the window."""
        size = self._ledger.size
        now = datetime.now().astimezone()
        unchecked = (
            f"The record could not be checked: {self.why}" if self.why else "The record is being checked."
        )
        said = {"checking": unchecked, "altered": f"The record was altered: {self.why}"}
        return protocol.LedgerState(
            size=size,
            root=self._ledger.root,
            state=self.state,
            first_bad=self._first_bad,
            why=self.why,
            checked_at=self._checked_at,
            sent_today_bytes=sent_today,
            progress=self._progress,
            key=key,
            key_note=key_note,
            checkpoint=self._checkpoint,
            witness=self._witness,
            claim=said.get(self.state)
            or claim(
                size,
                self._checkpoint,
                self._witness,
                self._forgotten,
                now,
                strange_keys=self._strange_keys,
            ),
            forgotten=self._forgotten,
            held=self._held,
        )

    # internals

    async def _check(self) -> None:
        if self.state == "intact":
            self.state = "checking"
        if self.state == "checking":
            self.why = None
        self._tell_progress(0.0)
        try:
            found = await check(self._path, self._ledger.size, self._tell_progress)
        except Unavailable as error:
            # Not to be read just now is not altered; nothing is claimed, and no head is signed.
            if self.state != "altered":
                self.why = error.message
        except StudioError as error:
            self.alter(error.message)
        else:
            self._take(found)
        finally:
            self._progress = None
        self._checked_at = self._clock()
        self._changed()

    def _take(self, found: Verification) -> None:
        self.state = "intact" if found.ok else "altered"
        self.why = found.why
        self._first_bad = EntryNumber(found.first_bad) if found.first_bad is not None else None
        signed = checkpoint_seen(found.checkpoint, self._story)
        # What was signed here while the check went on is newer than what it saw.
        if signed and not (self._checkpoint and found.ok and self._checkpoint.size > signed.size):
            self._checkpoint = signed
        self._strange_keys = found.unvouched_keys
        self._held = ()
        if not found.ok:
            self._checkpoint, self._witness = signed, None
            self._held = held(self._ledger, self._story, found)
        self._witness = witness_seen(found.witnesses) or self._witness
        self._forgotten = max(self._forgotten, found.forgotten)

    def _tell_progress(self, share: float) -> None:
        begins = self._progress is None
        self._progress = share
        if not begins:
            self._changed()

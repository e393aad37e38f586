"""What the broker does for the animatic, and for files that go out and come in, put together."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Final

from studio_assist import protocol
from studio_assist.broker.animatics import Animatics
from studio_assist.broker.boards import Boards
from studio_assist.broker.exports import Exports
from studio_assist.broker.importing import Importing
from studio_assist.broker.session import Session
from studio_assist.domain.people import Person
from studio_assist.domain.storyboard import ShotId


class CuttingSide:
    """The parts of the broker that the animatic, the export sheet and the import sheet call.

    Attributes:
        parts: what is looked through for a call's method.
    """

    def __init__(
        self,
        session: Callable[[], Session],
        ready: Callable[[Person], Awaitable[Session]],
        boards: Boards,
        home: Path,
        tell: Callable[[protocol.Event], None],
    ) -> None:
        self._boards: Final = boards
        self.animatics: Final = Animatics(session, ready, tell)
        self.exports: Final = Exports(ready, self._undecided, tell)
        self.importing: Final = Importing(session, ready, boards, self.animatics, home, tell)
        self.parts: Final = (self.animatics, self.exports, self.importing)

    def open(self, session: Session) -> None:
        """Another project is open."""
        self.animatics.open(session)

    async def close(self) -> None:
        """Stop what runs, and let go of the project."""
        await self.exports.close()
        await self.importing.close()
        await self.animatics.close()

    def _undecided(self) -> frozenset[ShotId]:
        return frozenset(shot for shot, _variant in self._boards.live.waiting)

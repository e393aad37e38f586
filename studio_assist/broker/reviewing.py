"""Keeps the index of the Review desk up to date, and looks at other projects beside the open one."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from studio_assist import protocol
from studio_assist.broker.review_keeper import ReviewKeeper
from studio_assist.broker.session import Session, no_project
from studio_assist.broker.slate import SlateLook
from studio_assist.domain.errors import Unavailable
from studio_assist.domain.people import Person


class Reviewing:
    """What the Review desk calls, one method for each call.

    Args:
        session: gives the open project; raises `Unavailable` where there is none.
        ready: as `Broker._ready`: waits for somebody's key, and gives the open project.
        home: the user's own folder.
    """

    def __init__(
        self,
        session: Callable[[], Session],
        ready: Callable[[Person], Awaitable[Session]],
        home: Path,
        tell: Callable[[protocol.Event], None],
    ) -> None:
        del ready, home
        self._session: Final = session
        self._tell: Final = tell
        self._keeper: ReviewKeeper | None = None
        self._slate: Final[dict[str, SlateLook]] = {}
        # What tells the newest look at a place from one that was let go of.
        self._looks: Final[dict[str, object]] = {}

    # the project

    def open(self, session: Session) -> None:
        """A project was opened."""
        self._keeper = ReviewKeeper(session, self._tell)
        self._keeper.begin()

    async def close_project(self) -> None:
        """The project is about to be closed, and every other one that was looked at."""
        keeper, self._keeper = self._keeper, None
        if keeper is not None:
            await keeper.close()
        looks = list(self._slate.values())
        self._slate.clear()
        self._looks.clear()
        await asyncio.gather(*(look.close() for look in looks))

    def grown(self) -> None:
        """The record of the open project has more entries now."""
        if self._keeper is not None:
            self._keeper.grown()

    @asynccontextmanager
    async def quiet(self) -> AsyncGenerator[None]:
        """Nothing here reads the open project's ledger meanwhile; then no forgotten text is in the index."""
        if self._keeper is None:
            yield
            return
        async with self._keeper.quiet():
            yield

    # calls

    async def open_review(self, params: protocol.OpenReviewParams) -> protocol.ReviewState:
        """Have the index of the open project made, and kept up to date from now on."""
        self._session()
        if self._keeper is None:
            raise no_project()
        return await self._keeper.open(anew=params.anew)

    async def look_at_slate(self, params: protocol.SlateParams) -> protocol.SlateProject:
        """Look at another project as it stands now.

        Raises:
            BadInput: no project there.
            Unavailable: it was let go of meanwhile.
            Damaged: a file of it cannot be read. Nothing was changed.
        """
        mine = self._looks[params.path] = object()
        look = await asyncio.to_thread(SlateLook, Path(params.path))
        self._require_wanted(params.path, mine)
        before = self._slate.pop(params.path, None)
        if before is not None:
            await before.close()
        self._slate[params.path] = look
        try:
            found = await look.look()
            self._require_wanted(params.path, mine)
            return found
        except BaseException:
            if self._slate.get(params.path) is look:
                del self._slate[params.path]
            await look.close()
            raise

    async def leave_slate(self, params: protocol.SlateParams) -> protocol.Nothing:
        """Let go of a project that was looked at; one that was not is nothing to let go of."""
        self._looks.pop(params.path, None)
        look = self._slate.pop(params.path, None)
        if look is not None:
            await look.close()
        return protocol.Nothing()

    # internals

    def _require_wanted(self, path: str, look: object) -> None:
        """Raises `Unavailable` for a look that was let go of meanwhile: what was made for it goes too."""
        if self._looks.get(path) is not look:
            raise Unavailable("That look at a project was let go of.", remedy="Look at it again.")

"""What every call about clearing has in common: who may come in, and that the desk is told."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from studio_assist import protocol
from studio_assist.broker.clear_closing import Closing
from studio_assist.broker.clear_view import ClearView
from studio_assist.broker.house import House
from studio_assist.broker.session import Session
from studio_assist.domain.clearance import LONGEST_DAYS, Evidence
from studio_assist.domain.errors import BadInput, Refusal
from studio_assist.domain.people import Person
from studio_assist.domain.values import UtcTime


class ClearDoor:
    """The way in for calls about clearing.

    Args:
        ready: waits for somebody's key, and gives the open project.
    """

    def __init__(
        self,
        session: Callable[[], Session],
        ready: Callable[[Person], Awaitable[Session]],
        house: House,
        closing: Closing,
        tell: Callable[[protocol.Event], None],
    ) -> None:
        self.session: Final = session
        self._ready: Final = ready
        self.house: Final = house
        self.book: Final = house.clearances
        self.tell: Final = tell
        self.view: Final = ClearView(house, closing)

    def changed(self, session: Session) -> protocol.ClearDesk:
        desk = self.view.desk(session, changed=True)
        self.tell(protocol.ClearanceChanged(desk=desk))
        return desk

    async def person_ready(self, person: Person) -> Session:
        """The open project, for something that only a person puts their name to."""
        self.session().may_write()
        if person.automated:
            raise Refusal(
                "An automated run clears nothing.", remedy="Have a named person do it.", rule="person-decides"
            )
        session = await self._ready(person)
        session.may_write()
        return session

    async def keep(self, session: Session, path: str, person: Person, at: UtcTime) -> Evidence:
        files = self.book.of(session).files
        return await asyncio.to_thread(files.keep, Path(path), person.name, at)


def hold_days(since: date, until: date, today: date) -> None:
    """Raises `BadInput` for a first and last day that nobody can answer for."""
    if until < today or until < since:
        raise BadInput(
            "The last day is over already." if until < today else "The last day is before the first.",
            remedy="Choose a later one.",
            place="until",
        )
    if until > today + timedelta(days=LONGEST_DAYS):
        raise BadInput(
            "Nobody can answer for more than two years: terms change.",
            remedy="Choose an earlier last day, and renew it then.",
            place="until",
        )


def reason(why: str) -> str:
    """A reason on one line; raises `BadInput` where there is none."""
    words = " ".join(why.split())
    if not words:
        raise BadInput("A reason is missing.", remedy="Say why it does not hold any more.", place="why")
    return words

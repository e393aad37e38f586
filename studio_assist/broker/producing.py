"""What the broker does for the producer's side, put together: clearing, people, review, reports."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Final

from studio_assist import protocol
from studio_assist.broker.clear import Clear
from studio_assist.broker.clear_closing import Closing
from studio_assist.broker.clear_door import ClearDoor
from studio_assist.broker.consents import Consents
from studio_assist.broker.hosts import Hosts
from studio_assist.broker.house import House
from studio_assist.broker.keys import Keys
from studio_assist.broker.people import ProjectPeople
from studio_assist.broker.reporting import Reporting
from studio_assist.broker.reviewing import Reviewing
from studio_assist.broker.session import Clock, Session
from studio_assist.domain.people import Person


class ProducerSide:
    """The parts of the broker that the Clear and Review desks call, one method for each of their calls.

    Attributes:
        parts: what is looked through for a call's method.
    """

    def __init__(
        self,
        session: Callable[[], Session],
        ready: Callable[[Person], Awaitable[Session]],
        house: House,
        closing: Closing,
        hosts: Hosts,
        home: Path,
        tell: Callable[[protocol.Event], None],
        *,
        keys: Keys,
        clock: Clock,
    ) -> None:
        door = ClearDoor(session, ready, house, closing, tell)
        self.clear: Final = Clear(door, closing)
        self.consents: Final = Consents(door, closing)
        self.people: Final = ProjectPeople(session, ready, home, tell, keys=keys, clock=clock)
        self.reviewing: Final = Reviewing(session, ready, home, tell)
        self.reporting: Final = Reporting(session, ready, house, hosts, home, tell)
        self._open: Final = (self.clear, self.people, self.reviewing, self.reporting)
        self.parts: Final = (*self._open, self.consents)

    def open(self, session: Session) -> None:
        """Another project is open."""
        session.quiet = self.reviewing.quiet
        session.grown = self.reviewing.grown
        for part in self._open:
            part.open(session)

    async def close(self) -> None:
        """Stop what runs, and let go of the project."""
        for part in reversed(self._open):
            await part.close_project()

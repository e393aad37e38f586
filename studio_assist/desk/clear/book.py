"""What the Clear desk knows: the broker's picture of it, who is at the keyboard, and what may be chosen."""

from __future__ import annotations

from datetime import date
from typing import Final

from PySide6.QtCore import QObject, Signal

from studio_assist import protocol
from studio_assist.domain.clearance import ClearanceSeen
from studio_assist.domain.people import Person, Role, roles_in
from studio_assist.domain.policy import Use
from studio_assist.domain.rights import Right, holders, may

_READING: Final = "The requests are being read."
_YOURS: Final = "You asked for it, so somebody else answers it."


class ClearBook(QObject):
    """Holds the newest picture; the views show it.

    Signals:
        changed: something in it.
    """

    changed = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._shown: protocol.ClearDesk | None = None
        self._person: Person | None = None
        self._tasks: dict[str, str] = {}
        self._backends: dict[str, str] = {}
        self._scenes: tuple[str, ...] = ()
        self.folder = ""
        self.read_only = ""

    # properties

    @property
    def shown(self) -> protocol.ClearDesk | None:
        """The newest picture; None while it has not come yet."""
        return self._shown

    @property
    def person(self) -> Person | None:
        return self._person

    @property
    def today(self) -> date:
        return date.today()

    @property
    def uses(self) -> tuple[Use, ...]:
        return self._shown.uses if self._shown else ()

    @property
    def requests(self) -> tuple[ClearanceSeen, ...]:
        """Newest first."""
        requests = self._shown.requests if self._shown else ()
        return tuple(sorted(requests, key=lambda one: -one.request.number))

    @property
    def tasks(self) -> dict[str, str]:
        """Titles of tasks by their ids."""
        return self._tasks

    @property
    def backends(self) -> dict[str, str]:
        """Names of models by their ids."""
        return self._backends

    @property
    def scenes(self) -> tuple[str, ...]:
        """Numbers of the script's scenes."""
        return self._scenes

    @property
    def why_not(self) -> str:
        """Why nothing can be changed here, "" where it can."""
        if self.read_only:
            return self.read_only
        if self._shown is None or self._person is None:
            return _READING
        return "" if self._shown.can_change else self._shown.why_not or "This project cannot be changed now."

    # methods

    def clear(self) -> None:
        """No project is open any more."""
        self._shown = None
        self._scenes = ()
        self.folder = self.read_only = ""
        self.changed.emit()

    def take(self, shown: protocol.ClearDesk, *, first: bool = False) -> bool:
        """A picture has come; False where it is older than the one that is here."""
        if not first and self._shown is not None and shown.version < self._shown.version:
            return False
        self._shown = shown
        self.changed.emit()
        return True

    def put(self, seen: ClearanceSeen) -> None:
        """One request as a call told of it; the next picture has it too."""
        if self._shown is None:
            return
        others = tuple(one for one in self._shown.requests if one.request.id != seen.request.id)
        self._shown = self._shown.model_copy(update={"requests": (*others, seen)})
        self.changed.emit()

    def drop(self, request: str) -> None:
        """A draft was discarded."""
        if self._shown is not None:
            kept = tuple(one for one in self._shown.requests if one.request.id != request)
            self._shown = self._shown.model_copy(update={"requests": kept})
            self.changed.emit()

    def set_person(self, person: Person | None) -> None:
        self._person = person
        self.changed.emit()

    def set_choices(
        self,
        *,
        tasks: dict[str, str] | None = None,
        backends: dict[str, str] | None = None,
        scenes: tuple[str, ...] | None = None,
    ) -> None:
        """What a scope may name."""
        self._tasks = self._tasks if tasks is None else tasks
        self._backends = self._backends if backends is None else backends
        self._scenes = self._scenes if scenes is None else scenes
        self.changed.emit()

    def seen(self, request: str | None) -> ClearanceSeen | None:
        """The request of that id."""
        return next((one for one in self.requests if one.request.id == request), None)

    def labelled(self, request: str) -> str:
        """A request's number as people say it, by its id."""
        seen = self.seen(request)
        return seen.request.label if seen else ""

    def use(self, use: str) -> Use | None:
        """The use of that id."""
        return next((one for one in self.uses if one.id == use), None)

    def is_mine(self, seen: ClearanceSeen) -> bool:
        """Whether the person at the keyboard asked for it."""
        return self._person is not None and seen.request.by.id == self._person.id

    def answerers(self) -> tuple[str, ...]:
        """Names of the people who may answer a request of the person at the keyboard."""
        people = self._shown.people if self._shown else ()
        me = self._person.id if self._person else ""
        return tuple(one.name for one in people if one.may_answer and one.id != me)

    def why_not_answer(self, seen: ClearanceSeen) -> str:
        """Why the person at the keyboard cannot record an answer to it, "" where they can."""
        if self.why_not:
            return self.why_not
        if self.is_mine(seen):
            return _YOURS
        return (
            ""
            if self._may_answer()
            else f"Answering requests is for {holders(Right.APPROVE)} of this project."
        )

    # internals

    def _may_answer(self) -> bool:
        person, people = self._person, self._shown.people if self._shown else ()
        if person is None:
            return False
        known = next((one for one in people if one.id == person.id), None)
        if known is not None:
            return known.may_answer
        # Somebody who has done nothing on the project yet brings their own roles along.
        everybodys: list[Role] = [*person.roles]
        for one in people:
            everybodys += roles_in(" ".join(one.roles))
        return may(Right.APPROVE, person.roles, everybodys)

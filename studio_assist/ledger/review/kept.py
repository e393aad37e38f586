"""The things that the making of the index keeps in mind: rows, requests, candidates, people."""

from __future__ import annotations

from typing import Final

from studio_assist.ledger.review.schema import EDIT, LEFT

#: number, at, session, person, desk, tool, purpose, sensitivity, left, outcome, edit, type, request,
#: candidate, scene, shot, flags
RowTuple = tuple[int, int, int, int, int, int, int, int, int, int, int | None, int, int, int, int, int, int]


class Row:
    """A row that is being made or changed."""

    __slots__ = (
        "at",
        "candidate",
        "desk",
        "edit",
        "flags",
        "left",
        "number",
        "outcome",
        "person",
        "purpose",
        "request",
        "scene",
        "sensitivity",
        "session",
        "shot",
        "tool",
        "type",
        "was",
    )

    def __init__(self, values: RowTuple, was: RowTuple | None) -> None:
        self.was: Final = was
        (
            self.number,
            self.at,
            self.session,
            self.person,
            self.desk,
            self.tool,
            self.purpose,
            self.sensitivity,
            self.left,
            self.outcome,
            self.edit,
            self.type,
            self.request,
            self.candidate,
            self.scene,
            self.shot,
            self.flags,
        ) = values

    def values(self) -> RowTuple:
        """As the table has it."""
        flags = self.flags & ~(LEFT | EDIT)
        flags |= (LEFT if self.left else 0) | (EDIT if self.edit is not None else 0)
        return (
            self.number,
            self.at,
            self.session,
            self.person,
            self.desk,
            self.tool,
            self.purpose,
            self.sensitivity,
            self.left,
            self.outcome,
            self.edit,
            self.type,
            self.request,
            self.candidate,
            self.scene,
            self.shot,
            flags,
        )

    def set(self, flag: int, on: bool) -> None:
        """Turn one of the flags on or off."""
        self.flags = self.flags | flag if on else self.flags & ~flag


class Asked:
    """A request: what its rows have in common."""

    __slots__ = (
        "blocked",
        "desk",
        "id",
        "left",
        "person",
        "purpose",
        "request",
        "scene",
        "sensitivity",
        "shot",
        "tool",
    )

    def __init__(
        self,
        id: int,
        request: str,
        person: int,
        desk: int,
        tool: int,
        purpose: str,
        sensitivity: int,
        left: int,
        scene: str,
        shot: str,
        blocked: int,
    ) -> None:
        self.id: Final = id
        self.request: Final = request
        self.person, self.desk, self.tool, self.purpose = person, desk, tool, purpose
        self.sensitivity, self.left, self.scene, self.shot = sensitivity, left, scene, shot
        self.blocked = blocked

    def values(self) -> tuple[object, ...]:
        """As the table has it."""
        return (
            self.id,
            self.request,
            self.person,
            self.desk,
            self.tool,
            self.purpose,
            self.sensitivity,
            self.left,
            self.scene,
            self.shot,
            self.blocked,
        )


class Offered:
    """A candidate: its entry, and the decision that counts now (0 for none)."""

    __slots__ = ("candidate", "decision", "entry", "failed", "id", "place", "request")

    def __init__(
        self, id: int, candidate: str, request: int, entry: int, place: int, decision: int, failed: int
    ) -> None:
        self.id: Final = id
        self.candidate: Final = candidate
        self.request, self.entry, self.place = request, entry, place
        self.decision, self.failed = decision, failed

    def values(self) -> tuple[object, ...]:
        """As the table has it."""
        return (self.id, self.candidate, self.request, self.entry, self.place, self.decision, self.failed)


class Known:
    """Somebody, and the stretch of work they are in."""

    __slots__ = ("id", "last", "name", "person", "session")

    def __init__(self, id: int, person: str, name: str, session: int, last: int) -> None:
        self.id: Final = id
        self.person: Final = person
        self.name, self.session, self.last = name, session, last

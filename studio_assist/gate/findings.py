"""What an inspection found: each finding with its place, its kind, and what it means for sending."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple


class Action(StrEnum):
    """What a finding does, the mildest first."""

    ADVISE = "advise"  # shown; nothing waits for it
    REPLACED = "replaced"  # a token stands for it in what is sent
    HOLD = "hold"  # a person answers first
    BLOCKED = "blocked"  # not sent


class Kind(StrEnum):
    """What was found."""

    NAME = "name"
    POSSIBLE_NAME = "possible_name"  # in no list
    EMAIL = "email"
    PHONE = "phone"
    ADDRESS = "address"
    IDENTITY = "identity"  # numbers that belong to one person
    SECRET = "secret"
    HIDDEN = "hidden_characters"
    OPAQUE = "unreadable_data"
    CONTAINER = "container"
    TOKEN = "token"  # a stand-in that was not given out


#: These belong to a person whoever they name.
PERSONAL = frozenset({Kind.EMAIL, Kind.PHONE, Kind.ADDRESS, Kind.IDENTITY})


class Finding(NamedTuple):
    """One finding.

    Attributes:
        where: the field: "text", "messages[0].content", "file name"; what was opened on the way stands behind
            it ("messages[0].content, base64, gzip").
        how: in which way ("letter by letter", "base64"), for a person.
        start, end: code points in the field; of the encoded run for what was found inside one.
        text: what was found, decoded; "" for secrets, which are shown nowhere.
        term: the listed name, or None.
        question: what a person is asked on hold, or "".
        lasting: the answer may be kept for the project; otherwise it is for these words only.
        person: it is about a living person.
    """

    where: str
    kind: Kind
    action: Action
    how: str
    start: int
    end: int
    text: str
    term: str | None = None
    question: str = ""
    lasting: bool = False
    person: bool = False


@dataclass(frozen=True)
class Inspection:
    """All findings of one request, in source order."""

    findings: tuple[Finding, ...] = ()

    @cached_property
    def action(self) -> Action | None:
        """The gravest of all, or None if nothing was found."""
        order = tuple(Action)
        return max((one.action for one in self.findings), key=order.index, default=None)

    @property
    def left(self) -> int:
        """How many findings block."""
        return sum(one.action is Action.BLOCKED for one in self.findings)

    @property
    def replaced(self) -> int:
        """How many names have a token in their place."""
        return sum(one.action is Action.REPLACED for one in self.findings)

    @property
    def questions(self) -> tuple[Finding, ...]:
        """What a person is asked: each question once."""
        held = {(one.question, one.text): one for one in reversed(self.findings) if one.action is Action.HOLD}
        return tuple(sorted(held.values(), key=self.findings.index))

    @property
    def personal(self) -> bool:
        """Whether something of it belongs to a living person: the class is then talent or personal data."""
        return any(one.person or one.kind in PERSONAL for one in self.findings)

    def with_more(self, *others: Inspection) -> Inspection:
        """This and others as one."""
        return Inspection(self.findings + tuple(f for other in others for f in other.findings))


def inspection(findings: Iterable[Finding]) -> Inspection:
    """Findings as one value; what is said twice about one place is said once."""
    return Inspection(tuple(dict.fromkeys(findings)))

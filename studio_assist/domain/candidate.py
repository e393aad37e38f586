"""What a model offers and what a person does with it."""

from __future__ import annotations

from enum import StrEnum
from typing import Final, Literal

from studio_assist.domain.values import (
    CandidateId,
    EntryNumber,
    PersonId,
    RequestId,
    Sha256,
    Share,
    UtcTime,
    Value,
)


class State(StrEnum):
    REQUESTED = "requested"
    STREAMING = "streaming"
    READY = "ready"
    STOPPED = "stopped"  # partial text is kept and may be decided on
    FAILED = "failed"
    ACCEPTED = "accepted"
    EDITED = "edited"
    REJECTED = "rejected"
    STALE = "stale"  # the text that it was made for has changed


#: Every step a candidate can take. An undo is a step too: it adds an entry, it erases none.
STEPS: Final[dict[State, frozenset[State]]] = {
    State.REQUESTED: frozenset({State.STREAMING, State.FAILED, State.STOPPED}),
    State.STREAMING: frozenset({State.READY, State.STOPPED, State.FAILED}),
    State.READY: frozenset({State.ACCEPTED, State.EDITED, State.REJECTED, State.STALE}),
    State.STOPPED: frozenset({State.ACCEPTED, State.EDITED, State.REJECTED, State.STALE}),
    State.STALE: frozenset({State.READY, State.STOPPED, State.REJECTED}),
    State.ACCEPTED: frozenset({State.READY, State.STOPPED}),
    State.EDITED: frozenset({State.READY, State.STOPPED}),
    State.REJECTED: frozenset({State.READY, State.STOPPED, State.STALE}),
    State.FAILED: frozenset(),
}

#: The states in which a person may decide.
OPEN: Final = frozenset({State.READY, State.STOPPED})

Outcome = Literal[State.ACCEPTED, State.EDITED, State.REJECTED]


def may_step(before: State, after: State) -> bool:
    """Whether a candidate in one state may go to the other."""
    return after in STEPS[before]


class Anchor(Value):
    """The stretch of script that a request is about.

    Attributes:
        start: code-point offset into the script's text.
        length: code points; 0 for a place between two characters.
        quote: the text that stood there when the person asked.
    """

    start: int
    length: int
    quote: str

    @property
    def end(self) -> int:
        return self.start + self.length

    def find_in(self, text: str) -> Anchor | None:
        """This anchor in a text that may have changed around it, or None where it cannot be told.

        Unchanged text stays where it is; moved text is followed only if it stands in one place alone.
        """
        if text[self.start : self.end] == self.quote and self.start <= len(text):
            return self
        if not self.quote:
            return None
        first = text.find(self.quote)
        if first < 0 or text.find(self.quote, first + 1) >= 0:
            return None
        return Anchor(start=first, length=self.length, quote=self.quote)


class Candidate(Value):
    """One offer of a model, as the card shows it.

    Attributes:
        index: place among its request's candidates, from 0.
        content: SHA-256 of `text`, or None while it streams.
        why: what made it fail, in words, or None.
        remedy: what to do about it, or None.
    """

    id: CandidateId
    request: RequestId
    index: int
    state: State
    text: str
    content: Sha256 | None = None
    seed: int
    tokens: int = 0
    ms: int = 0
    why: str | None = None
    remedy: str | None = None


class Decision(Value):
    """What a person did with one candidate.

    Attributes:
        content: SHA-256 of exactly what was on the card when they decided.
        kept: share of the candidate's words that stand in the result, 0 to 1
            (word-level Levenshtein over the longer text).
    """

    entry: EntryNumber
    candidate: CandidateId
    person: PersonId
    at: UtcTime
    outcome: Outcome
    content: Sha256
    kept: Share

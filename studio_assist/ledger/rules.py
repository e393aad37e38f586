"""What may follow what in the record, and what each entry leaves to be done.

The ledger asks `admit` before it appends, so that a decision without a presentation, or a second decision on
one candidate, cannot be written whoever calls; `verify` asks it again for every entry.
"""

from __future__ import annotations

from typing import NamedTuple, Protocol

from studio_assist.domain.errors import Refusal
from studio_assist.domain.record import (
    CandidateMade,
    Commitment,
    DecisionMade,
    DecisionUndone,
    Entry,
    MarkedFresh,
    MarkedStale,
    Placed,
    Presented,
    ProjectCreated,
    Replaced,
    Requested,
    RequestEnded,
    Sent,
    SpanDeleted,
    SpanLost,
    VerdictGiven,
)
from studio_assist.domain.values import CandidateId, EntryNumber, PersonId, RequestId


class Standing(NamedTuple):
    """Where a candidate stands.

    Attributes:
        entry: number of the entry that holds it.
        is_open: ready or stopped, and no decision on it is in force.
        is_stale: the text it was made for has changed; it can only be rejected.
    """

    entry: EntryNumber
    content: Commitment
    is_open: bool
    is_stale: bool


class Decided(NamedTuple):
    """Where a decision stands."""

    made: DecisionMade
    undone: bool


class Past(Protocol):
    """The record so far: what the rules ask of it, and the list of open things that they keep."""

    def has_request(self, request: RequestId) -> bool: ...
    def is_new_request(self, request: RequestId) -> bool: ...
    def is_new_candidate(self, candidate: CandidateId) -> bool: ...
    def candidate(self, candidate: CandidateId) -> Standing | None: ...
    def was_shown(self, candidate: CandidateId, person: PersonId | None) -> bool: ...
    def decision(self, number: EntryNumber) -> Decided | None: ...

    def begin(self, request: RequestId, number: EntryNumber) -> None: ...
    def finish(self, request: RequestId) -> None: ...
    def show(self, candidate: CandidateId, person: PersonId | None) -> None: ...
    def put_open(self, candidate: CandidateId, standing: Standing) -> None: ...
    def close(self, candidate: CandidateId) -> None: ...
    def await_placing(self, decision: EntryNumber) -> None: ...
    def settle(self, decision: EntryNumber) -> None: ...


def admit(entry: Entry, past: Past) -> None:
    """Take an entry into the past, or raise `Refusal` and leave it as it was."""
    body = entry.body
    match body:
        case ProjectCreated():
            _hold(entry.number == 1, "A project is made once.", "project-made-once")
        case Requested():
            is_new = past.is_new_request(body.request)
            _hold(is_new, "That request is in the record already.", "request-once")
            past.begin(body.request, entry.number)
        case VerdictGiven() | Sent():
            _known_request(past, body.request)
        case RequestEnded():
            _known_request(past, body.request)
            past.finish(body.request)
        case CandidateMade():
            _known_request(past, body.request)
            is_new = past.is_new_candidate(body.candidate)
            _hold(is_new, "That candidate is in the record already.", "candidate-once")
            if body.state != "failed":
                past.put_open(body.candidate, Standing(entry.number, body.content, True, False))
        case Presented():
            standing = _candidate(past, body.candidate)
            _hold(
                standing.content == body.content,
                "What was shown is not what the model offered.",
                "shown-as-made",
            )
            past.show(body.candidate, entry.person)
        case DecisionMade():
            _decide(body, entry, past)
        case DecisionUndone():
            decided = _in_force(past, body.decision)
            standing = _candidate(past, decided.candidate)
            past.settle(body.decision)
            past.put_open(decided.candidate, standing._replace(is_open=True, is_stale=False))
        case MarkedStale() | MarkedFresh():
            standing = _candidate(past, body.candidate)
            _hold(standing.is_open, "That candidate is not open.", "open-only")
            past.put_open(body.candidate, standing._replace(is_stale=isinstance(body, MarkedStale)))
        case Placed() | Replaced() | SpanDeleted() | SpanLost():
            decided = _in_force(past, body.decision)
            _hold(
                decided.outcome != "rejected",
                "A rejected candidate is nowhere in the script.",
                "accepted-only",
            )
            if not isinstance(body, SpanLost):
                past.settle(body.decision)
        case _:
            pass


def _decide(body: DecisionMade, entry: Entry, past: Past) -> None:
    standing = _candidate(past, body.candidate)
    _hold(
        standing.is_open,
        "This candidate has been decided on, or cannot be.",
        "one-decision",
        "Undo the decision first.",
    )
    _hold(
        not standing.is_stale or body.outcome == "rejected",
        "The text this candidate was made for has changed.",
        "stale",
        "Undo the change, reject the candidate, or ask again.",
    )
    _hold(
        standing.content == body.content and past.was_shown(body.candidate, entry.person),
        "This person has not been shown exactly this candidate.",
        "shown-first",
        "Look at the card again and decide there.",
    )
    if body.redo_of is not None:
        earlier = past.decision(body.redo_of)
        _hold(
            earlier is not None and earlier.undone and earlier.made.candidate == body.candidate,
            "There is no undone decision to do again.",
            "redo",
        )
    past.close(body.candidate)
    if body.outcome != "rejected":
        past.await_placing(entry.number)


def _known_request(past: Past, request: RequestId) -> None:
    _hold(past.has_request(request), "No such request is in the record.", "requested-first")


def _candidate(past: Past, candidate: CandidateId) -> Standing:
    standing = past.candidate(candidate)
    if standing is None:
        raise _refusal("No such candidate is in the record.", "made-first")
    return standing


def _in_force(past: Past, number: EntryNumber) -> DecisionMade:
    decided = past.decision(number)
    if decided is None:
        raise _refusal("No such decision is in the record.", "decided-first")
    _hold(not decided.undone, "That decision was undone.", "undone-once")
    return decided.made


def _hold(holds: bool, message: str, rule: str, remedy: str | None = None) -> None:
    if not holds:
        raise _refusal(message, rule, remedy)


def _refusal(message: str, rule: str, remedy: str | None = None) -> Refusal:
    return Refusal(message, remedy=remedy or "Nothing was changed.", rule=f"record.{rule}")

"""What may follow what in the record, and what each entry leaves to be done.

The ledger asks `admit` before it appends, so that a decision without a presentation, or a second decision on
one candidate, cannot be written whoever calls; `verify` asks it again for every entry.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Final, NamedTuple, Protocol

from studio_assist.domain.record import (
    SIGNED,
    AttestationMade,
    AttestationRevoked,
    BackendAdded,
    BackendRemoved,
    CandidateMade,
    ClearanceApproved,
    ClearanceDrafted,
    ClearanceRefused,
    ClearanceSent,
    ClearanceWithdrawn,
    Commitment,
    ConsentRecorded,
    ConsentRevoked,
    DecisionMade,
    DecisionUndone,
    Entry,
    Forgotten,
    Judged,
    KeyAdded,
    MarkedFresh,
    MarkedStale,
    NamesAnswered,
    NamesRestored,
    PackMade,
    PanelCleared,
    PanelReplaced,
    PanelRestored,
    Placed,
    Presented,
    ProjectCreated,
    Replaced,
    Requested,
    RequestEnded,
    SendApproved,
    SendRefused,
    SendSeconded,
    Sent,
    SoundAdded,
    SoundMarked,
    SpanDeleted,
    SpanLost,
    VerdictGiven,
    Witnessed,
)
from studio_assist.domain.values import CandidateId, EntryNumber, PersonId, RequestId
from studio_assist.ledger.clearing import ClearingPast, admit_clearing
from studio_assist.ledger.refusals import hold, refusal
from studio_assist.ledger.sending import GatePast, admit_sending, admit_standing

_SIGNED: Final = frozenset(SIGNED)


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


class Past(GatePast, ClearingPast, Protocol):
    """The record so far: what the rules ask of it, and the list of open things that they keep."""

    def is_new_request(self, request: RequestId) -> bool: ...
    def is_new_candidate(self, candidate: CandidateId) -> bool: ...
    def candidate(self, candidate: CandidateId) -> Standing | None: ...
    def was_shown(self, candidate: CandidateId, person: PersonId | None) -> bool: ...
    def decision(self, number: EntryNumber) -> Decided | None: ...
    def taken_off(self, number: EntryNumber) -> PanelReplaced | PanelCleared | None: ...
    def spoken_of(self, number: EntryNumber) -> Collection[Commitment]: ...
    def is_needed(self, commitment: Commitment) -> bool: ...
    def has_key(self, person: PersonId | None) -> bool: ...
    def owns(self, person: PersonId | None, key: str) -> bool: ...
    def is_new_key(self, key: str) -> bool: ...

    def begin(self, request: RequestId, number: EntryNumber) -> None: ...
    def finish(self, request: RequestId) -> None: ...
    def show(self, candidate: CandidateId, person: PersonId | None) -> None: ...
    def put_open(self, candidate: CandidateId, standing: Standing) -> None: ...
    def close(self, candidate: CandidateId) -> None: ...
    def await_placing(self, decision: EntryNumber) -> None: ...
    def settle(self, decision: EntryNumber) -> None: ...
    def add_key(self, key: str, person: PersonId | None) -> None: ...
    def forget(self, gone: Collection[Commitment]) -> None: ...


def must_be_signed(entry: Entry, past: Past) -> bool:
    """Whether the entry needs its person's signature: once they have a key, whatever they answer for."""
    return type(entry.body) in _SIGNED and past.has_key(entry.person)


def admit(entry: Entry, past: Past, key: str | None = None) -> None:
    """Take an entry into the past, or raise `Refusal` and leave it as it was.

    Args:
        key: by which the entry is signed, in hexadecimal; None where it is not. That the signature holds is
            for the caller to see to.
    """
    body = entry.body
    if key is not None:
        may_be = isinstance(body, (*SIGNED, KeyAdded)) and past.owns(entry.person, key)
        hold(may_be, "It is signed by a key that is not this person's.", "own-key")
    elif must_be_signed(entry, past):
        raise refusal("The signature of the person who did it is missing.", "signed")
    match body:
        case ProjectCreated():
            hold(entry.number == 1, "A project is made once.", "project-made-once")
        case Requested():
            is_new = past.is_new_request(body.request)
            hold(is_new, "That request is in the record already.", "request-once")
            past.begin(body.request, entry.number)
        case VerdictGiven():
            _known_request(past, body.request)
        case RequestEnded():
            _known_request(past, body.request)
            past.finish(body.request)
        case CandidateMade():
            _known_request(past, body.request)
            is_new = past.is_new_candidate(body.candidate)
            hold(is_new, "That candidate is in the record already.", "candidate-once")
            if body.state != "failed":
                past.put_open(body.candidate, Standing(entry.number, body.content, True, False))
        case Presented():
            standing = _candidate(past, body.candidate)
            hold(
                standing.content == body.content,
                "What was shown is not what the model offered.",
                "shown-as-made",
            )
            hold(not past.is_forgotten(body.content), "That text was forgotten.", "forgotten")
            past.show(body.candidate, entry.person)
        case DecisionMade():
            _decide(body, entry, past)
        case DecisionUndone():
            decided = _in_force(past, body.decision)
            standing = _candidate(past, decided.candidate)
            hold(
                not past.is_forgotten(standing.content),
                "The words of that decision were forgotten.",
                "forgotten",
                "It cannot be undone; change the script by hand.",
            )
            past.settle(body.decision)
            past.put_open(decided.candidate, standing._replace(is_open=True, is_stale=False))
        case MarkedStale() | MarkedFresh():
            standing = _candidate(past, body.candidate)
            hold(standing.is_open, "That candidate is not open.", "open-only")
            past.put_open(body.candidate, standing._replace(is_stale=isinstance(body, MarkedStale)))
        case Placed() | Replaced() | SpanDeleted() | SpanLost():
            decided = _in_force(past, body.decision)
            hold(
                decided.outcome != "rejected",
                "A rejected candidate is nowhere in the script.",
                "accepted-only",
            )
            if not isinstance(body, SpanLost):
                past.settle(body.decision)
        case PanelReplaced() | PanelCleared() | PanelRestored():
            _take_off(body, past)
        case KeyAdded():
            hold(past.is_new_key(body.public), "That key is in the record already.", "key-once")
            past.add_key(body.public, entry.person)
        case Forgotten():
            _forget(body, past)
        case Witnessed() | PackMade():
            hold(0 < body.size < entry.number, "The record was not that long yet.", "earlier-head")
        case (
            Judged()
            | NamesAnswered()
            | NamesRestored()
            | SendApproved()
            | SendSeconded()
            | SendRefused()
            | Sent()
        ):
            admit_sending(entry, body, past)
        case AttestationMade() | AttestationRevoked() | BackendAdded() | BackendRemoved():
            admit_standing(body, past)
        case (
            ClearanceDrafted()
            | ClearanceSent()
            | ClearanceApproved()
            | ClearanceRefused()
            | ClearanceWithdrawn()
            | ConsentRecorded()
            | ConsentRevoked()
        ):
            admit_clearing(entry, body, past)
        case SoundAdded():
            past.put_standing("sound", body.sha256, True)
        case SoundMarked():
            hold(past.stands("sound", body.sha256) is True, "There is no such sound.", "known-sound")
        case _:
            pass


def _decide(body: DecisionMade, entry: Entry, past: Past) -> None:
    standing = _candidate(past, body.candidate)
    hold(
        standing.is_open,
        "This candidate has been decided on, or cannot be.",
        "one-decision",
        "Undo the decision first.",
    )
    hold(
        not standing.is_stale or body.outcome == "rejected",
        "The text this candidate was made for has changed.",
        "stale",
        "Undo the change, reject the candidate, or ask again.",
    )
    hold(
        standing.content == body.content and past.was_shown(body.candidate, entry.person),
        "This person has not been shown exactly this candidate.",
        "shown-first",
        "Look at the card again and decide there.",
    )
    if body.redo_of is not None:
        earlier = past.decision(body.redo_of)
        hold(
            earlier is not None and earlier.undone and earlier.made.candidate == body.candidate,
            "There is no undone decision to do again.",
            "redo",
        )
    past.close(body.candidate)
    if body.outcome != "rejected":
        past.await_placing(entry.number)


def _take_off(body: PanelReplaced | PanelCleared | PanelRestored, past: Past) -> None:
    decided = _in_force(past, body.decision)
    hold(decided.outcome != "rejected", "A rejected candidate is in no panel.", "accepted-only")
    if isinstance(body, PanelRestored):
        before = past.taken_off(body.entry)
        hold(
            before is not None and (before.decision, before.shot) == (body.decision, body.shot),
            "That panel was neither replaced nor cleared there.",
            "restore",
        )
    else:
        past.settle(body.decision)


def _forget(body: Forgotten, past: Past) -> None:
    named = past.spoken_of(body.entry)
    is_in_order = list(body.commitments) == sorted(set(body.commitments))
    hold(
        is_in_order and all(commitment in named for commitment in body.commitments),
        f"Entry {body.entry} has no such text.",
        "nothing-to-forget",
        "Choose an entry that holds a text.",
    )
    for commitment in body.commitments:
        hold(
            not past.is_forgotten(commitment),
            "That text was forgotten before.",
            "forgotten-once",
            "It is gone.",
        )
        hold(
            not past.is_needed(commitment),
            "That text still waits: for a decision, or to be put into the script.",
            "still-needed",
            "Decide on the candidate, or save the script, then forget it.",
        )
    past.forget(body.commitments)


def _known_request(past: Past, request: RequestId) -> None:
    hold(past.has_request(request), "No such request is in the record.", "requested-first")


def _candidate(past: Past, candidate: CandidateId) -> Standing:
    standing = past.candidate(candidate)
    if standing is None:
        raise refusal("No such candidate is in the record.", "made-first")
    return standing


def _in_force(past: Past, number: EntryNumber) -> DecisionMade:
    decided = past.decision(number)
    if decided is None:
        raise refusal("No such decision is in the record.", "decided-first")
    hold(not decided.undone, "That decision was undone.", "undone-once")
    return decided.made

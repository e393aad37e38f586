"""What may follow what where something is to leave the machine: judged, approved, and only then sent.

Bytes are named by one commitment (`envelope`) in all entries of a request that speak of them. Whoever makes a
new commitment for the same bytes has them judged and approved anew.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Protocol

from studio_assist.domain.record import (
    AttestationMade,
    AttestationRevoked,
    BackendAdded,
    BackendRemoved,
    Commitment,
    Entry,
    Judged,
    NamesAnswered,
    NamesRestored,
    SendApproved,
    SendRefused,
    SendSeconded,
    Sent,
)
from studio_assist.domain.sensitivity import Sensitivity
from studio_assist.domain.values import EntryNumber, PersonId, RequestId
from studio_assist.ledger.refusals import hold, refusal

AtTheGate = Judged | NamesAnswered | NamesRestored | SendApproved | SendSeconded | SendRefused | Sent
Standing = AttestationMade | AttestationRevoked | BackendAdded | BackendRemoved

_AGAIN: Final = "Ask again and read what is sent."


class GatePast(Protocol):
    """The record so far, as far as the rules about sending ask for it."""

    def has_request(self, request: RequestId) -> bool: ...
    def is_unfinished(self, request: RequestId) -> bool: ...
    def is_forgotten(self, commitment: Commitment) -> bool: ...
    def gate(self, request: RequestId) -> Sequence[Entry]:
        """The request's own entry, and what was judged, answered and sent in it, in order."""
        ...

    def approval(self, number: EntryNumber) -> Entry | None: ...
    def stands(self, kind: str, name: str) -> bool | None:
        """Whether an "attestation" or "backend" is in force; None where it never was."""
        ...

    def pass_gate(self, entry: Entry) -> None: ...
    def put_standing(self, kind: str, name: str, stands: bool) -> None: ...


def admit_sending(entry: Entry, body: AtTheGate, past: GatePast) -> None:
    """Take an entry about sending into the past, or raise `Refusal` and leave it as it was."""
    hold(past.has_request(body.request), "No such request is in the record.", "requested-first")
    hold(past.is_unfinished(body.request), "That request has ended.", "not-ended", "Ask again.")
    if isinstance(body, NamesAnswered | NamesRestored):
        return
    hold(not past.is_forgotten(body.envelope), "What was to be sent was forgotten.", "forgotten", _AGAIN)
    if not isinstance(body, Judged):
        before = past.gate(body.request)
        judged = _judged(before, body.envelope)
        if judged is None:
            raise refusal("These bytes were never judged in this request.", "judged-first", _AGAIN)
        match body:
            case SendApproved():
                _approve(entry, body, judged, before)
            case SendSeconded():
                _second(entry, body, judged, before)
            case SendRefused():
                pass
            case Sent():
                _send(body, judged, before, past)
    past.pass_gate(entry)


def admit_standing(body: Standing, past: GatePast) -> None:
    """The same for hosts that were set up, and what is attested of their accounts."""
    match body:
        case BackendAdded(backend=backend):
            # Somebody who sets it up once more changes how it is reached.
            past.put_standing("backend", backend, True)
        case BackendRemoved(backend=backend):
            is_there = past.stands("backend", backend) is True
            hold(is_there, "No such host was set up here, or it was taken away.", "added-first")
            past.put_standing("backend", backend, False)
        case AttestationMade(attestation=attestation):
            is_new = past.stands("attestation", attestation) is None
            hold(is_new, "That attestation is in the record already.", "attestation-once")
            past.put_standing("attestation", attestation, True)
        case AttestationRevoked(attestation=attestation):
            is_there = past.stands("attestation", attestation) is True
            hold(is_there, "No such attestation was made, or it was taken back.", "attested-first")
            past.put_standing("attestation", attestation, False)


def _approve(entry: Entry, body: SendApproved, judged: Judged, before: Sequence[Entry]) -> None:
    _fit_to_leave(judged)
    same = (judged.bytes, judged.origin, judged.sensitivity) == (body.bytes, body.origin, body.sensitivity)
    hold(same, "What is approved is not what was judged.", "approved-as-judged", _AGAIN)
    seconds = _people(before, SendSeconded, body.envelope)
    hold(entry.person not in seconds, "This person gave the second yes already.", "second-person", _OTHER)
    _two_people(judged, seconds)


def _second(entry: Entry, body: SendSeconded, judged: Judged, before: Sequence[Entry]) -> None:
    hold(judged.verdict != "blocked", "These bytes were judged not fit to be sent.", "judged-first", _AGAIN)
    first = {before[0].person} | _people(before, SendApproved, body.envelope)
    hold(entry.person not in first, "The second yes has to be somebody else's.", "second-person", _OTHER)


def _send(body: Sent, judged: Judged, before: Sequence[Entry], past: GatePast) -> None:
    approval = past.approval(body.approval)
    approved = approval.body if approval else None
    if approval is None or not isinstance(approved, SendApproved):
        raise refusal("Nobody had approved that this is sent.", "approved-first", _AGAIN)
    _fit_to_leave(judged)
    hold(
        judged.bytes == body.bytes and judged.origin == body.origin == approved.origin,
        "What is sent is not what was judged, or goes to another host than was approved.",
        "sent-as-approved",
        _AGAIN,
    )
    hold(
        judged.sensitivity == approved.sensitivity,
        "What is sent is of another class than what was approved.",
        "sent-as-approved",
        _AGAIN,
    )
    asked = before
    if approved.scope == "once":
        hold(
            (approved.request, approved.envelope) == (body.request, body.envelope),
            "The approval was for other bytes, or for another request.",
            "sent-as-approved",
            _AGAIN,
        )
        used = sum(isinstance(one.body, Sent) and one.body.approval == approval.number for one in before)
        hold(used < approved.times, "That approval was used up.", "approval-once", _AGAIN)
    elif approved.request != body.request:
        asked = (*past.gate(approved.request), *before)
    hold(
        not any(
            isinstance(one.body, SendRefused)
            and one.number > approval.number
            and one.body.envelope in (body.envelope, approved.envelope)
            for one in asked
        ),
        "Somebody has said no to it since.",
        "not-refused",
        _AGAIN,
    )
    _two_people(judged, _people(before, SendSeconded, body.envelope) - {approval.person})


_OTHER: Final = "Ask somebody else on the project to read what is sent."


def _fit_to_leave(judged: Judged) -> None:
    hold(judged.verdict == "ask", "These bytes were judged not fit to be sent.", "judged-first", _AGAIN)


def _two_people(judged: Judged, seconds: set[PersonId | None]) -> None:
    hold(
        judged.sensitivity != Sensitivity.PERSONAL or bool(seconds),
        "What belongs to a person needs the yes of two people.",
        "second-person",
        _OTHER,
    )


def _judged(before: Sequence[Entry], envelope: Commitment) -> Judged | None:
    """What the gate said of these bytes last."""
    for entry in reversed(before):
        if isinstance(entry.body, Judged) and entry.body.envelope == envelope:
            return entry.body
    return None


def _people(
    before: Sequence[Entry], kind: type[SendApproved | SendSeconded], envelope: Commitment
) -> set[PersonId | None]:
    return {one.person for one in before if isinstance(one.body, kind) and one.body.envelope == envelope}

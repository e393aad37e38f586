"""What may follow what where clearance is asked for: asked, answered by somebody else, and taken back."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final, Protocol

from studio_assist.domain.record import (
    ClearanceApproved,
    ClearanceDrafted,
    ClearanceRefused,
    ClearanceSent,
    ClearanceWithdrawn,
    ConsentRecorded,
    ConsentRevoked,
    Entry,
)
from studio_assist.domain.values import PersonId
from studio_assist.ledger.refusals import hold

Clearing = (
    ClearanceDrafted
    | ClearanceSent
    | ClearanceApproved
    | ClearanceRefused
    | ClearanceWithdrawn
    | ConsentRecorded
    | ConsentRevoked
)

_OTHER: Final = "Ask somebody else on the project to record the answer."


class ClearingPast(Protocol):
    """The record so far, as far as the rules about clearing ask for it."""

    def stands(self, kind: str, name: str) -> bool | None:
        """Whether a request waits for its answer ("asked"), or an "approval" or "consent" is in force; None
        where there never was one."""
        ...

    def asked_by(self, clearance: str) -> Collection[PersonId | None]:
        """Everybody who drafted or sent that request."""
        ...

    def put_standing(self, kind: str, name: str, stands: bool) -> None: ...
    def note_asker(self, clearance: str, person: PersonId | None) -> None: ...


def admit_clearing(entry: Entry, body: Clearing, past: ClearingPast) -> None:
    """Take an entry about clearing into the past, or raise `Refusal` and leave it as it was."""
    match body:
        case ClearanceDrafted():
            past.note_asker(body.clearance, entry.person)
        case ClearanceSent():
            is_new = past.stands("asked", body.clearance) is None
            hold(is_new, "That clearance request was sent before.", "clearance-once")
            past.note_asker(body.clearance, entry.person)
            past.put_standing("asked", body.clearance, True)
        case ClearanceApproved():
            _answer(entry, body, past)
            hold(
                body.since <= body.until,
                "The approval ends before it begins.",
                "clearance-days",
                "Choose a later last day.",
            )
            past.put_standing("approval", body.clearance, True)
        case ClearanceRefused():
            _answer(entry, body, past)
        case ClearanceWithdrawn():
            waits = past.stands("asked", body.clearance) is True
            holds = past.stands("approval", body.clearance) is True
            hold(waits or holds, "There is nothing to take back.", "clearance-there")
            past.put_standing("asked", body.clearance, False)
            past.put_standing("approval", body.clearance, False)
        case ConsentRecorded():
            is_new = past.stands("consent", body.consent) is None
            hold(is_new, "That consent is in the record already.", "consent-once")
            past.put_standing("consent", body.consent, True)
        case ConsentRevoked():
            is_there = past.stands("consent", body.consent) is True
            hold(is_there, "No such consent was recorded, or it was taken back.", "consent-there")
            past.put_standing("consent", body.consent, False)


def _answer(entry: Entry, body: ClearanceApproved | ClearanceRefused, past: ClearingPast) -> None:
    waits = past.stands("asked", body.clearance) is True
    hold(
        waits,
        "No such clearance request waits for an answer.",
        "clearance-asked",
        "Send the request first; an answered one is asked anew.",
    )
    hold(
        entry.person not in past.asked_by(body.clearance),
        "Whoever asked for clearance cannot answer it.",
        "clearance-other",
        _OTHER,
    )
    past.put_standing("asked", body.clearance, False)

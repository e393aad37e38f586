"""What the ledger holds: one strict, versioned value for each kind of entry.

An entry never carries confidential text. Where a text matters it carries a commitment, HMAC-SHA256 of the
text under a random salt; text and salt stand in a side table of the ledger, so that a text can be forgotten
while the record still verifies. A plain hash of a short line would be guessed at once.

Every class lists its fields in alphabetical order, and no field is a float. The JSON that pydantic writes is
then the canonical form of RFC 8785, so that `ledger verify` checks form and content in one pass; a test holds
both properties for every class.

The classes stand by subject in `record_asking`, `record_clearing`, `record_keeping`, `record_script` and
`record_sending`, the types of their fields in `record_types`; everything is imported from here.
"""

from __future__ import annotations

from typing import Annotated, Final, Self, get_args

import rfc8785
from pydantic import Field, model_validator

from studio_assist.domain.record_asking import (
    Anchor,
    CandidateMade,
    DecisionMade,
    DecisionUndone,
    Dropped,
    MarkedFresh,
    MarkedStale,
    Placement,
    Presented,
    Requested,
    RequestEnded,
    VerdictGiven,
)
from studio_assist.domain.record_clearing import (
    ClearanceApproved,
    ClearanceRefused,
    ClearanceSent,
    ClearanceWithdrawn,
    ConsentRecorded,
    ConsentRevoked,
    ContactTold,
    HandedOver,
    KeyVouched,
    ReferencesChanged,
    RolesGiven,
)
from studio_assist.domain.record_cutting import BoardsImported, SoundAdded, SoundMarked
from studio_assist.domain.record_keeping import (
    CertificateAdded,
    Forgotten,
    KeyAdded,
    PackMade,
    Recovered,
    Witnessed,
)
from studio_assist.domain.record_script import (
    Exported,
    PanelCleared,
    PanelDrawn,
    PanelReplaced,
    PanelRestored,
    PersonAdded,
    Placed,
    ProjectCreated,
    Replaced,
    ScriptImported,
    SpanDeleted,
    SpanLost,
)
from studio_assist.domain.record_sending import (
    AttestationMade,
    AttestationRevoked,
    BackendAdded,
    BackendRemoved,
    ClearanceDrafted,
    Judged,
    NamesAnswered,
    NamesChanged,
    NamesRestored,
    PolicyChosen,
    PolicyPin,
    SendApproved,
    SendRefused,
    SendSeconded,
    Sent,
)
from studio_assist.domain.record_types import (
    EXACT_INTEGER,
    Commitment,
    Count,
    EntryTime,
    Integer,
    Name,
    Permille,
    Settings,
    Slug,
    Where,
    entry_time,
)
from studio_assist.domain.values import EntryNumber, PersonId, Value

__all__ = [
    "BODIES",
    "EXACT_INTEGER",
    "SIGNED",
    "Anchor",
    "AttestationMade",
    "AttestationRevoked",
    "BackendAdded",
    "BackendRemoved",
    "BoardsImported",
    "Body",
    "CandidateMade",
    "CertificateAdded",
    "ClearanceApproved",
    "ClearanceDrafted",
    "ClearanceRefused",
    "ClearanceSent",
    "ClearanceWithdrawn",
    "Commitment",
    "ConsentRecorded",
    "ConsentRevoked",
    "ContactTold",
    "Count",
    "DecisionMade",
    "DecisionUndone",
    "Dropped",
    "Entry",
    "EntryTime",
    "Exported",
    "Forgotten",
    "HandedOver",
    "Integer",
    "Judged",
    "KeyAdded",
    "KeyVouched",
    "MarkedFresh",
    "MarkedStale",
    "Name",
    "NamesAnswered",
    "NamesChanged",
    "NamesRestored",
    "PackMade",
    "PanelCleared",
    "PanelDrawn",
    "PanelReplaced",
    "PanelRestored",
    "Permille",
    "PersonAdded",
    "Placed",
    "Placement",
    "PolicyChosen",
    "PolicyPin",
    "Presented",
    "ProjectCreated",
    "Recovered",
    "ReferencesChanged",
    "Replaced",
    "RequestEnded",
    "Requested",
    "RolesGiven",
    "ScriptImported",
    "SendApproved",
    "SendRefused",
    "SendSeconded",
    "Sent",
    "Settings",
    "Slug",
    "SoundAdded",
    "SoundMarked",
    "SpanDeleted",
    "SpanLost",
    "VerdictGiven",
    "Where",
    "Witnessed",
    "commitments",
    "entry_time",
]

Body = Annotated[
    ProjectCreated
    | PersonAdded
    | ScriptImported
    | Requested
    | VerdictGiven
    | Judged
    | NamesAnswered
    | SendApproved
    | SendSeconded
    | SendRefused
    | Sent
    | CandidateMade
    | NamesRestored
    | RequestEnded
    | Presented
    | DecisionMade
    | DecisionUndone
    | MarkedStale
    | MarkedFresh
    | Placed
    | Replaced
    | SpanDeleted
    | SpanLost
    | PanelDrawn
    | PanelReplaced
    | PanelCleared
    | PanelRestored
    | Exported
    | KeyAdded
    | CertificateAdded
    | Forgotten
    | Witnessed
    | PackMade
    | PolicyChosen
    | BackendAdded
    | BackendRemoved
    | AttestationMade
    | AttestationRevoked
    | NamesChanged
    | ClearanceDrafted
    | ClearanceSent
    | ClearanceApproved
    | ClearanceRefused
    | ClearanceWithdrawn
    | ConsentRecorded
    | ConsentRevoked
    | ContactTold
    | ReferencesChanged
    | HandedOver
    | RolesGiven
    | KeyVouched
    | SoundAdded
    | SoundMarked
    | BoardsImported
    | Recovered,
    Field(discriminator="type"),
]

#: Every class of body, by its type.
BODIES: Final[dict[str, type[Value]]] = {
    body.model_fields["type"].default: body for body in get_args(get_args(Body)[0])
}

#: What a person answers for: each of these carries that person's signature once they have a key.
SIGNED: Final = (
    DecisionMade,
    DecisionUndone,
    Replaced,
    SpanDeleted,
    PanelDrawn,
    PanelReplaced,
    PanelCleared,
    PanelRestored,
    Exported,
    Forgotten,
    Witnessed,
    PackMade,
    PolicyChosen,
    AttestationMade,
    AttestationRevoked,
    SendApproved,
    SendSeconded,
    SendRefused,
    ClearanceSent,
    ClearanceApproved,
    ClearanceRefused,
    ClearanceWithdrawn,
    ConsentRecorded,
    ConsentRevoked,
    ContactTold,
    HandedOver,
    RolesGiven,
    KeyVouched,
    SoundAdded,
    SoundMarked,
    BoardsImported,
)
#: What only a named person can do.
_BY_A_PERSON: Final = (
    Presented,
    KeyAdded,
    NamesAnswered,
    BackendAdded,
    BackendRemoved,
    NamesChanged,
    ClearanceDrafted,
    ReferencesChanged,
    *SIGNED,
)


class Entry(Value):
    """One entry of the ledger.

    Attributes:
        at: when it was written, by the clock of the machine that wrote it.
        number: its place in the ledger, counted from 1.
        person: who did it; None where the program acted on its own.
    """

    at: EntryTime
    body: Body
    number: Annotated[EntryNumber, Field(ge=1, le=EXACT_INTEGER)]
    person: PersonId | None

    @model_validator(mode="after")
    def _someone_did_it(self) -> Self:
        if not self.person and isinstance(self.body, _BY_A_PERSON):
            raise ValueError(f"{self.body.type} is something only a named person can do")
        return self

    def canonical(self) -> bytes:
        """The entry's bytes in canonical JSON (RFC 8785): what the ledger stores and hashes."""
        return rfc8785.dumps(self.model_dump(mode="json"))


def commitments(body: Body) -> tuple[Commitment, ...]:
    """Every commitment that a body carries, without repeats."""
    match body:
        case ScriptImported() | CandidateMade() | Presented():
            return (body.content,)
        case DecisionMade():
            return (body.content,) if body.result in (None, body.content) else (body.content, body.result)
        case Requested():
            found = (body.prompt, body.note, body.anchor.quote if body.anchor else None)
            return tuple(dict.fromkeys(commitment for commitment in found if commitment is not None))
        case Replaced():
            return () if body.result is None else (body.result,)
        case PanelDrawn() | PanelReplaced():
            return (body.picture,)
        case Judged() | SendApproved() | SendSeconded() | SendRefused() | Sent():
            return (body.envelope,)
        case NamesAnswered():
            return (body.answers,)
        case (
            NamesChanged()
            | ContactTold()
            | ClearanceSent()
            | ClearanceApproved()
            | ConsentRecorded()
            | ReferencesChanged()
        ):
            return (body.content,)
        case SoundAdded():
            return (body.content,)
        case BoardsImported():
            return (body.source_name,)
        case HandedOver():
            return (body.recipient,)
        case _:
            return ()

"""What the ledger holds of clearing: who was told, what was asked for, what was allowed, and to whom it went.

An approval carries its whole scope in the open, for the gate reads it from here: what stands in files of the
project is for people. Names of works, performers and contacts are commitments, so that they can be forgotten.
The rules of `domain.record` hold: no confidential text, fields in alphabetical order, no float, and a `v`
for each kind of entry.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from studio_assist.domain.people import Role
from studio_assist.domain.record_types import Commitment, EntryTime, Name, Slug
from studio_assist.domain.values import PersonId, Sha256, Value

#: A day, as 2027-02-03.
Day = Annotated[str, StringConstraints(pattern=r"^\d{4}-\d{2}-\d{2}$")]
PublicKey = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class ContactTold(Value):
    """The envelope's person told the studio's contact which uses of generative tools are intended.

    Attributes:
        content: commits to the JSON of `domain.clearance.Notice`: who was told, how, and in which words.
        told: when they were told, which may be earlier than the entry.
        uses: ids of the policy's uses that were named.
    """

    content: Commitment
    told: EntryTime
    type: Literal["contact_told"] = "contact_told"
    uses: tuple[Slug, ...]
    v: Literal[1] = 1


class ClearanceSent(Value):
    """The envelope's person put a clearance request to whoever has to answer it.

    Attributes:
        content: commits to the JSON of `domain.clearance.ClearanceRequest`, exactly as it was sent.
        document: SHA-256 of the PDF that was made of it.
    """

    clearance: Slug
    content: Commitment
    document: Sha256
    type: Literal["clearance_sent"] = "clearance_sent"
    v: Literal[1] = 1


class ClearanceApproved(Value):
    """The envelope's person, not the one who asked, records a written yes, and for what it holds.

    Attributes:
        backends, scenes, tasks: what it covers; an empty list covers all of the kind.
        content: commits to the JSON of `domain.clearance.Approval`: names that it covers, and its words.
        evidence: the documents it rests on, kept in the project by their hashes.
        rules: rules and triggers of the policy that it answers.
        since, until: first and last day on which it holds.
        uses: ids of the policy's uses that it opens.
    """

    backends: tuple[Slug, ...]
    clearance: Slug
    content: Commitment
    evidence: Annotated[tuple[Sha256, ...], Field(min_length=1)]
    rules: tuple[Slug, ...]
    scenes: tuple[str, ...]
    since: Day
    tasks: tuple[Slug, ...]
    type: Literal["clearance_approved"] = "clearance_approved"
    until: Day
    uses: tuple[Slug, ...]
    v: Literal[1] = 1


class ClearanceRefused(Value):
    """The envelope's person, not the one who asked, records a no. `evidence` may be empty."""

    clearance: Slug
    evidence: tuple[Sha256, ...]
    type: Literal["clearance_refused"] = "clearance_refused"
    v: Literal[1] = 1
    why: Name


class ClearanceWithdrawn(Value):
    """A request was taken back by who made it, or an approval by who may answer; it opens nothing now."""

    clearance: Slug
    type: Literal["clearance_withdrawn"] = "clearance_withdrawn"
    v: Literal[1] = 1
    why: Name


class ConsentRecorded(Value):
    """Somebody outside the project consented to uses of their likeness, voice or performance.

    Attributes:
        content: commits to the JSON of `domain.clearance.Consent`: who, for what, represented by whom.
        document: SHA-256 of the signed paper, kept in the project.
        kinds: what it is consent to, in the words of `domain.clearance.ConsentKind`.
        until: the last day on which it holds.
    """

    consent: Slug
    content: Commitment
    document: Sha256
    kinds: Annotated[tuple[Slug, ...], Field(min_length=1)]
    type: Literal["consent_recorded"] = "consent_recorded"
    until: Day
    v: Literal[1] = 1


class ConsentRevoked(Value):
    """A consent does not hold any more."""

    consent: Slug
    type: Literal["consent_revoked"] = "consent_revoked"
    v: Literal[1] = 1
    why: Name


class ReferencesChanged(Value):
    """The envelope's person changed the list of works, artists and performers that are noticed in prompts.

    `content` commits to the whole references.toml.
    """

    content: Commitment
    type: Literal["references_changed"] = "references_changed"
    v: Literal[1] = 1


class HandedOver(Value):
    """A report or sheet went to somebody outside.

    Attributes:
        kind: which report: "contact", "guild", "awards", "security" or "full".
        recipient: commits to their name, as it was typed.
        sha256: of the file.
    """

    kind: Slug
    name: Name
    recipient: Commitment
    sha256: Sha256
    type: Literal["handed_over"] = "handed_over"
    v: Literal[1] = 1


class RolesGiven(Value):
    """The envelope's person gave somebody these roles, in place of those they had."""

    person: PersonId
    roles: tuple[Role, ...]
    type: Literal["roles_given"] = "roles_given"
    v: Literal[1] = 1


class KeyVouched(Value):
    """The envelope's person has seen to it that this public key is that person's."""

    person: PersonId
    public: PublicKey
    type: Literal["key_vouched"] = "key_vouched"
    v: Literal[1] = 1

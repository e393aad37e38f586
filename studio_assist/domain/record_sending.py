"""What the ledger holds of sending: what left this machine, who let it, and under which policies and hosts.

The rules of `domain.record` hold: no confidential text, fields in alphabetical order, no float, and a `v`
for each kind of entry.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from studio_assist.domain.record_types import Commitment, Count, Name, Slug, Where
from studio_assist.domain.values import EntryNumber, RequestId, Sha256, Value


class Judged(Value):
    """What the gate said about exact bytes before anybody could send them.

    Attributes:
        envelope: commits to all that would be sent but the key: method, origin, path, headers, body.
        rules: ids of the rules that decided: those that failed, or for "ask" all of them.
        sensitivity: the request's class, as `domain.sensitivity` names it.
    """

    backend: Name
    bytes: Count
    envelope: Commitment
    origin: Name
    policy: str
    request: RequestId
    rules: tuple[str, ...]
    sensitivity: Slug
    type: Literal["judged"] = "judged"
    v: Literal[1] = 1
    verdict: Literal["ask", "hold", "blocked"]


class NamesAnswered(Value):
    """The envelope's person said which words are names; `answers` commits to their answers (JSON)."""

    answers: Commitment
    count: Count
    request: RequestId
    type: Literal["names_answered"] = "names_answered"
    v: Literal[1] = 1


class SendApproved(Value):
    """The envelope's person has read these bytes and lets them leave.

    Attributes:
        scope: "once" for these bytes, `times` times; "session" for everything of this class to this origin
            until the program ends, which only some policies allow.
    """

    bytes: Count
    envelope: Commitment
    origin: Name
    request: RequestId
    scope: Literal["once", "session"]
    sensitivity: Slug
    times: Annotated[int, Field(ge=1, le=1000)]
    type: Literal["send_approved"] = "send_approved"
    v: Literal[1] = 1


class SendSeconded(Value):
    """A second person, not the one who asked, has read these bytes and agrees."""

    envelope: Commitment
    request: RequestId
    type: Literal["send_seconded"] = "send_seconded"
    v: Literal[1] = 1


class SendRefused(Value):
    """The envelope's person read the sheet and did not send."""

    envelope: Commitment
    request: RequestId
    type: Literal["send_refused"] = "send_refused"
    v: Literal[1] = 1


class Sent(Value):
    """Bytes left this machine for `origin`; `envelope` commits to exactly what was sent.

    Attributes:
        approval: the entry (`send_approved`) that let them.
    """

    approval: EntryNumber
    bytes: Count
    envelope: Commitment
    origin: Name
    request: RequestId
    type: Literal["sent"] = "sent"
    v: Literal[1] = 1


class NamesRestored(Value):
    """How the stand-ins of one answer came back: as they went out, changed, or made up by the model."""

    clean: Count
    mended: Count
    request: RequestId
    type: Literal["names_restored"] = "names_restored"
    unknown: Count
    v: Literal[1] = 1


class PolicyPin(Value):
    """A policy file, by its id and the SHA-256 of its bytes."""

    id: Slug
    sha256: Sha256


class PolicyChosen(Value):
    """The envelope's person put the project under these policies, exactly as they read now.

    Attributes:
        material: what the project's material counts as, as `domain.sensitivity` names it.
        overlays: policies on top of it, in order.
    """

    material: Slug
    overlays: tuple[PolicyPin, ...]
    policy: PolicyPin
    type: Literal["policy_chosen"] = "policy_chosen"
    v: Literal[1] = 1


class BackendAdded(Value):
    """The envelope's person set a host up. It opens no door.

    Attributes:
        kind: which backend speaks to it (openai, openai-compatible, anthropic, or a plugin's own).
        host: host name, with its port where it is not the usual one.
    """

    backend: Slug
    host: Name
    kind: Slug
    model: str
    region: str
    type: Literal["backend_added"] = "backend_added"
    v: Literal[1] = 1
    where: Where


class BackendRemoved(Value):
    """The envelope's person took a host away."""

    backend: Slug
    type: Literal["backend_removed"] = "backend_removed"
    v: Literal[1] = 1


class AttestationMade(Value):
    """The envelope's person put their name to it that an account keeps and trains on nothing.

    Attributes:
        attestation: its id; the file is `clearance/attestations/<id>.json`.
        evidence: SHA-256 of the document it rests on.
        sha256: of the attestation's canonical bytes.
        until: the last day on which it holds, as 2027-02-03.
    """

    attestation: Slug
    backend: Slug
    evidence: Sha256
    host: Name
    sha256: Sha256
    type: Literal["attestation_made"] = "attestation_made"
    until: Annotated[str, StringConstraints(pattern=r"^\d{4}-\d{2}-\d{2}$")]
    v: Literal[1] = 1


class AttestationRevoked(Value):
    """The envelope's person took an attestation back."""

    attestation: Slug
    type: Literal["attestation_revoked"] = "attestation_revoked"
    v: Literal[1] = 1
    why: Name


class NamesChanged(Value):
    """The envelope's person changed the list of names; `content` commits to the whole names.toml."""

    added: Count
    content: Commitment
    removed: Count
    type: Literal["names_changed"] = "names_changed"
    v: Literal[1] = 1


class ClearanceDrafted(Value):
    """The envelope's person began to ask for clearance; the file is `clearance/requests/<id>.json`."""

    clearance: Slug
    request: RequestId | None
    rule: Slug
    type: Literal["clearance_drafted"] = "clearance_drafted"
    v: Literal[1] = 1

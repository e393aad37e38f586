"""Everything that the gate looks at when it judges one request: complete, frozen, and nothing looked up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from studio_assist.domain.attestation import SignedAttestation
from studio_assist.domain.generation import Where
from studio_assist.domain.policy import Policy
from studio_assist.domain.provider import ProviderCard
from studio_assist.domain.sensitivity import Sensitivity
from studio_assist.domain.values import PersonId


@dataclass(frozen=True, slots=True)
class Attested:
    """An attestation with what was found when it was read.

    Attributes:
        signed: the signature holds, by a key that the record knows as this person's.
        has_evidence: the document is in the project and is the one that was hashed.
        revoked: somebody has taken it back.
    """

    signed: SignedAttestation
    is_signed: bool
    has_evidence: bool
    revoked: bool = False


@dataclass(frozen=True, slots=True)
class Case:
    """One request, as it would be sent.

    Attributes:
        scheme, host, port: where it goes; the host in lower case.
        path: without the query; `query` is what stands behind the question mark.
        body: the parsed JSON, or the fields of a form; None where it could not be read.
        model: as the body names it.
        policies: the project's policy first, then its overlays; empty means that none could be read.
        policies_pinned: they are the ones that the record says the project works under.
        left: names of the lexicon that are still in the bytes.
        questions: words that may be names and that nobody has answered for.
        pictures: how many it holds; `pictures_clean` that all of them may leave.
        people: who has said yes to these bytes so far, without the one who is to send.
        approved_rules: rules whose written approval is on file and in force for this request.
        contact_told: the studio's contact was told of the intended uses.
        now: the present moment; `latest` the time of the record's last entry.
    """

    backend: str
    scheme: str
    host: str
    port: int | None
    method: str
    path: str
    query: str
    body: Mapping[str, object] | None
    model: str
    card: ProviderCard | None
    attested: Attested | None
    policies: tuple[Policy, ...]
    policies_pinned: bool
    sensitivity: Sensitivity
    left: int
    questions: int
    replaced: int
    now: datetime
    latest: datetime | None
    where: Where
    asked_by: PersonId
    people: tuple[PersonId, ...] = ()
    approved_rules: frozenset[str] = field(default_factory=frozenset[str])
    contact_told: bool = False
    pictures: int = 0
    pictures_clean: bool = False
    can_be_marked: bool = True

"""Attestations: a named person's signed word that one account at one host keeps and trains on nothing."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Final, Literal

import rfc8785
from pydantic import Field, StringConstraints

from studio_assist.domain.policy import Plain, Slug
from studio_assist.domain.provider import ModelPattern, PathPattern
from studio_assist.domain.values import PersonId, Sha256, UtcTime, Value

#: What the person puts their name to.
STATEMENT: Final = (
    "I have read the evidence named here. What this account sends to this host is not stored after it is "
    "answered, and nothing is trained on it."
)
#: The longest that anybody can answer for: terms change.
LONGEST_DAYS: Final = 366


class Evidence(Value):
    """The document that the statement rests on; a copy is kept in the project by its hash."""

    name: Plain
    sha256: Sha256
    size: Annotated[int, Field(ge=1)]


class Attestation(Value):
    """Who says that nothing is kept, on which evidence, for what, until when.

    Attributes:
        host: host name, with its port where it is not the usual one.
        card: the provider card it was read beside.
        paths, models: what it covers, as patterns; nothing else is covered.
        region: where the provider promises to work on it, or None where nothing is promised.
        until: the last day on which it holds.
    """

    backend: Slug
    by: PersonId
    card: Slug
    evidence: Evidence
    host: Annotated[str, StringConstraints(min_length=1, max_length=255, pattern=r"^[a-z0-9.:\[\]-]+$")]
    keeps_nothing: Literal[True]
    made: UtcTime
    models: Annotated[tuple[ModelPattern, ...], Field(min_length=1)]
    name: Plain
    paths: Annotated[tuple[PathPattern, ...], Field(min_length=1)]
    plan: Plain
    region: Plain | None
    statement: Plain
    trains_on_nothing: Literal[True]
    until: date
    v: Literal[1] = 1

    def canonical(self) -> bytes:
        """The bytes that are signed: canonical JSON (RFC 8785)."""
        return b"studio-assist attestation v1\n" + rfc8785.dumps(self.model_dump(mode="json"))

    def days_left(self, now: datetime) -> int:
        """Whole days until it ends, counted by the local calendar; negative once it has."""
        return (self.until - now.astimezone().date()).days


class SignedAttestation(Value):
    """An attestation as it is kept: `clearance/attestations/<id>.json`.

    Attributes:
        key, signature: Ed25519, in hexadecimal, over `Attestation.canonical`.
    """

    attestation: Attestation
    id: Slug
    key: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
    signature: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{128}$")]

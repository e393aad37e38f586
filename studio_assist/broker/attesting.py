"""Attestations of one project: made by a named person, read for the gate, taken back.

An attestation counts by the record, not by its file: the newest `attestation_made` entry for a backend at a
host names it, and its file has to hold exactly what that entry hashed, signed by the key of the same person.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pydantic import ValidationError

from studio_assist import protocol
from studio_assist.domain.attestation import LONGEST_DAYS, STATEMENT, Attestation, SignedAttestation
from studio_assist.domain.errors import BadInput, Refusal
from studio_assist.domain.generation import BackendInfo, HostSettings
from studio_assist.domain.provider import ProviderCard, Terms
from studio_assist.domain.record import AttestationMade, AttestationRevoked, Entry
from studio_assist.domain.values import sha256_of
from studio_assist.gate.case import Attested
from studio_assist.ledger.signatures import is_good
from studio_assist.storage.attestations import AttestationFiles

if TYPE_CHECKING:
    from studio_assist.broker.session import Session

#: Endpoints that a backend of a built-in type sends to, under its url. A plugin's are not known here.
_PICTURES: Final = ("/images/generations", "/images/edits")
_ENDPOINTS: Final[Mapping[str, tuple[str, ...]]] = {
    "openai": ("/responses",),
    "openai-compatible": ("/chat/completions",),
    "anthropic": ("/messages",),
    "openai-pictures": _PICTURES,
    "openai-compatible-pictures": _PICTURES,
    "comfyui": ("/prompt", "/upload/image"),
    "a1111": ("/sdapi/v1/txt2img", "/sdapi/v1/img2img"),
    "sdcpp": ("/sdcpp/v1/img_gen",),
}
#: Types of the built-in backends.
TYPES: Final = tuple(_ENDPOINTS)


def endpoints(settings: HostSettings) -> tuple[str, ...]:
    """Paths that a backend sends to, as far as its type says; none for a plugin's own type."""
    base = "/" + settings.url.partition("://")[2].partition("/")[2].strip("/")
    base = base.rstrip("/")
    if settings.type == "anthropic":
        base = base.removesuffix("/v1") + "/v1"
    return tuple(base + end for end in _ENDPOINTS.get(settings.type, ()))


def terms_used(card: ProviderCard, settings: HostSettings, kinds: tuple[str, ...]) -> tuple[Terms, ...]:
    """Terms of a card that cover what a backend sends; for a plugin's type all terms of its kinds.

    A model that the terms refuse does not matter here.
    """
    paths = endpoints(settings)
    if not paths:
        return tuple(terms for terms in card.terms if set(terms.kinds) & set(kinds))
    return tuple(terms for terms in card.terms if any(terms.covers("POST", path) for path in paths))


@dataclass(frozen=True, slots=True)
class _Made:
    """What an entry says of an attestation."""

    entry: Entry
    body: AttestationMade


class Attestations:
    """The attestations of one open project."""

    def __init__(self, session: Session) -> None:
        self._session: Final = session
        self._files: Final = AttestationFiles(session.folder.clearance_path)
        self._seen = 0
        self._made: Final[list[_Made]] = []
        self._revoked: Final[set[str]] = set()
        self._signed: Final[dict[tuple[int, SignedAttestation], bool]] = {}

    # for the gate

    def newest(self, backend: str, host: str) -> Attested | None:
        """The newest one for a backend at a host, with what was found of it. Never raises for a bad file."""
        self._read_on()
        for made in reversed(self._made):
            if (made.body.backend, made.body.host) == (backend, host):
                return self._found(made)
        return None

    # calls

    async def make(
        self, params: protocol.AttestParams, settings: HostSettings, info: BackendInfo, card: ProviderCard
    ) -> protocol.Attested:
        """Put a person's name to it that an account keeps nothing.

        Raises:
            Refusal: the card knows no way to have nothing kept, or nothing may be written here.
            BadInput: the evidence cannot be read, or the last day is not one that can be answered for.
        """
        session = self._session
        session.may_write()
        if params.person.automated:
            raise Refusal(
                "An automated run attests nothing.", remedy="Have a named person do it.", rule="attested"
            )
        today = session.now().astimezone().date()
        _hold_until(params.until, today)
        models = params.models or ((settings.model,) if settings.model else ())
        if not models:
            raise BadInput(
                "It is not said which model this is about.",
                remedy="Add the host once more under the same id, with its model.",
                place="model",
            )
        terms = _terms_to_attest(card, settings, info, models)
        evidence = await asyncio.to_thread(self._files.evidence.keep, Path(params.evidence))
        key = await session.introduced(params.person)
        try:
            attestation = Attestation(
                backend=settings.id,
                by=params.person.id,
                card=card.id,
                evidence=evidence,
                host=settings.authority,
                keeps_nothing=True,
                made=session.now(),
                models=models,
                name=params.person.name,
                paths=tuple(dict.fromkeys(path for one in terms for path in one.paths)),
                plan=params.plan or "; ".join(dict.fromkeys(one.plan for one in terms)),
                region=params.region or settings.region or None,
                statement=STATEMENT,
                trains_on_nothing=True,
                until=params.until,
            )
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            place = str(first["loc"][0]) if first["loc"] else None
            raise BadInput(
                f"The attestation cannot be made: {first['msg']}.", remedy="Correct it.", place=place
            ) from error
        canonical = attestation.canonical()
        digest = sha256_of(canonical)
        signed = SignedAttestation(
            attestation=attestation,
            id=f"{settings.id}-{today:%Y%m%d}-{secrets.token_hex(4)}",
            key=key.public.hex(),
            signature=key.sign(canonical).hex(),
        )
        self._files.save(signed)
        body = AttestationMade(
            attestation=signed.id,
            backend=settings.id,
            evidence=evidence.sha256,
            host=settings.authority,
            sha256=digest,
            until=params.until.isoformat(),
        )
        try:
            entry = session.append(body, person=params.person, durable=True)
        except BaseException:
            self._files.remove(signed.id)
            raise
        warnings = [sentence for one in terms for sentence in one.residual]
        if card.expires_on < params.until:
            warnings.append(
                f"What is known of {card.name} holds until {day(card.expires_on)}. After that its card has "
                "to be renewed, or nothing is sent."
            )
        if key.session_only:
            warnings.append(key.note)
        return protocol.Attested(
            attestation=signed.id,
            entry=entry.number,
            until=params.until,
            warnings=tuple(dict.fromkeys(warnings)),
        )

    async def revoke(self, params: protocol.RevokeParams) -> None:
        """Take one back, for good. Raises `BadInput` where there is none of this id, or no reason."""
        self._session.may_write()
        self._read_on()
        if all(made.body.attestation != params.attestation for made in self._made):
            raise BadInput(
                f"There is no attestation {params.attestation!r} in this project.",
                remedy="Choose one from the list.",
                place="attestation",
            )
        if params.attestation in self._revoked:
            raise BadInput("It was taken back before.", remedy="Nothing is left to do.", place="attestation")
        why = " ".join(params.why.split())
        if not why:
            raise BadInput("A reason is missing.", remedy="Say why it does not hold.", place="why")
        await self._session.ready(params.person)
        body = AttestationRevoked(attestation=params.attestation, why=why)
        self._session.append(body, person=params.person, durable=True)

    def listed(self) -> tuple[protocol.AttestationSeen, ...]:
        """Every attestation that the record names, newest first."""
        self._read_on()
        return tuple(self._seen_as(made) for made in reversed(self._made))

    # internals

    def _read_on(self) -> None:
        """Read what the record has gained since the last look; it only ever grows."""
        ledger = self._session.ledger
        size = ledger.size
        while self._seen < size:
            entries = ledger.entries(self._seen, 500, type=("attestation_made", "attestation_revoked"))
            for entry in entries:
                if isinstance(entry.body, AttestationMade):
                    self._made.append(_Made(entry, entry.body))
                elif isinstance(entry.body, AttestationRevoked):
                    self._revoked.add(entry.body.attestation)
            self._seen = max(entries[-1].number, self._seen) if len(entries) == 500 else size

    def _found(self, made: _Made) -> Attested | None:
        signed = self._files.load(made.body.attestation)
        if signed is None:
            return None
        return Attested(
            signed=signed,
            is_signed=self._is_signed(made, signed),
            has_evidence=(
                signed.attestation.evidence.sha256 == made.body.evidence
                and self._files.evidence.has(signed.attestation.evidence)
            ),
            revoked=made.body.attestation in self._revoked,
        )

    def _is_signed(self, made: _Made, signed: SignedAttestation) -> bool:
        """Whether person, record, key and signature all speak of the same words."""
        known = self._signed.get((made.entry.number, signed))
        if known is None:
            known = self._is_signed_now(made, signed)
            self._signed[made.entry.number, signed] = known
        return known

    def _is_signed_now(self, made: _Made, signed: SignedAttestation) -> bool:
        attestation, body = signed.attestation, made.body
        try:
            canonical = attestation.canonical()
        except ValueError:
            return False
        ledger = self._session.ledger
        owner = ledger.key(signed.key)
        beside = ledger.signature(made.entry.number)
        return (
            sha256_of(canonical) == body.sha256
            and (attestation.backend, attestation.host) == (body.backend, body.host)
            and attestation.until.isoformat() == body.until
            and attestation.statement == STATEMENT
            and attestation.by == made.entry.person
            and owner is not None
            and owner.person == attestation.by
            and beside is not None
            and beside.key == signed.key
            and is_good(bytes.fromhex(signed.key), bytes.fromhex(signed.signature), canonical)
        )

    def _seen_as(self, made: _Made) -> protocol.AttestationSeen:
        found = self._found(made)
        until = date.fromisoformat(made.body.until)
        today = self._session.now().astimezone().date()
        attestation = found.signed.attestation if found else None
        if made.body.attestation in self._revoked:
            state = "revoked"
        elif found is None or not found.is_signed:
            state = "not signed"
        elif not found.has_evidence:
            state = "no evidence"
        else:
            state = "expired" if until < today else "valid"
        return protocol.AttestationSeen(
            id=made.body.attestation,
            backend=made.body.backend,
            host=made.body.host,
            by=self._session.story.name_of(made.entry.person)[0] if made.entry.person else "",
            plan=attestation.plan if attestation else "",
            region=(attestation.region or "") if attestation else "",
            made=made.entry.at.astimezone().date(),
            until=until,
            evidence=attestation.evidence.name if attestation else made.body.evidence,
            state=state,
        )


class AttestationBook:
    """The attestations of whichever project is open."""

    def __init__(self) -> None:
        self._open: tuple[Session, Attestations] | None = None

    def of(self, session: Session) -> Attestations:
        """Those of a project; what was read of it is kept while it is the one that is asked for."""
        if self._open is None or self._open[0] is not session:
            self._open = (session, Attestations(session))
        return self._open[1]


def day(when: date) -> str:
    """A day as people read it: "3 Feb 2027"."""
    return f"{when.day} {when:%b %Y}"


def longest(today: date) -> date:
    """The last day that anybody can answer for."""
    return today + timedelta(days=LONGEST_DAYS)


def _hold_until(until: date, today: date) -> None:
    if until <= today:
        raise BadInput(
            f"{day(until)} is not in the future.",
            remedy="Choose the last day on which it holds.",
            place="until",
        )
    if until > longest(today):
        raise BadInput(
            f"Nobody can answer for more than {LONGEST_DAYS} days: terms change.",
            remedy=f"Choose a day up to {day(longest(today))}.",
            place="until",
        )


def _terms_to_attest(
    card: ProviderCard, settings: HostSettings, info: BackendInfo, models: tuple[str, ...]
) -> tuple[Terms, ...]:
    """Terms that somebody can put their name to; raises `Refusal` where there are none."""
    used = terms_used(card, settings, info.kinds)
    words = card.about or ""
    if not used:
        sent = ", ".join(f"POST {path}" for path in endpoints(settings))
        raise Refusal(
            f"{card.name} has no terms for {sent or 'this'} under which nothing is kept. {words}".strip(),
            remedy="Use the model on this machine, or another provider.",
            rule="keeps-nothing",
        )
    open_ones = tuple(one for one in used if one.zero != "none" and one.trains != "yes")
    if not open_ones:
        trains = all(one.trains == "yes" and one.zero != "none" for one in used)
        why = "trains on what it is sent" if trains else "has no way to have nothing kept"
        raise Refusal(
            f"{card.name} {why}. {words}".strip(),
            remedy="Use the model on this machine, or another provider.",
            rule="keeps-nothing",
        )
    for model in models:
        if "*" not in model and not any(one.serves(model) for one in open_ones):
            raise Refusal(
                f"{card.name} has no terms for the model {model} under which nothing is kept.",
                remedy="Choose another model.",
                rule="keeps-nothing",
            )
    return open_ones

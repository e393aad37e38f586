"""Errands: what somebody asked of a host, and everything that the gate looks at when it judges one."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, cast

from studio_assist.broker.clearances import Ask
from studio_assist.broker.hosts import Hosts
from studio_assist.broker.house import House
from studio_assist.broker.outgoing import Outgoing
from studio_assist.broker.session import Session
from studio_assist.domain import record
from studio_assist.domain.generation import BackendInfo, TextRequest
from studio_assist.domain.names import Answers, NameTerm
from studio_assist.domain.people import Person
from studio_assist.domain.provider import card_for, where_is
from studio_assist.domain.screenplay import Screenplay
from studio_assist.domain.sensitivity import Sensitivity, highest
from studio_assist.domain.values import EntryNumber, RequestId, Sha256, sha256_of
from studio_assist.gate.asked_model import model_of
from studio_assist.gate.body_pictures import JudgedPictures, judged_pictures
from studio_assist.gate.case import Case
from studio_assist.gate.envelope import Envelope
from studio_assist.gate.findings import Finding, Inspection
from studio_assist.gate.follow import Trail, follow_ups
from studio_assist.gate.form_parts import form_fields, is_form
from studio_assist.gate.picture_check import PictureCheck
from studio_assist.gate.verdict import Verdict

#: A body longer than this holds pictures, in bytes.
_PICTURE_BODY: Final = 1_000_000

#: What a person made of a sheet.
Answered = Literal["approved", "refused", "look-again", "ask-anew"]


@dataclass(frozen=True)
class Errand:
    """What somebody asked of a host.

    Attributes:
        asked: with the real names.
        task_id: as clearances name it; `task` is its title.
        desk: where they asked: "Write desk".
    """

    request: RequestId
    person: Person
    info: BackendInfo
    task: str
    desk: str
    scene: str | None
    script: Screenplay
    asked: TextRequest
    task_id: str = ""

    @property
    def times(self) -> int:
        """How often the same bytes are sent: once for each choice of a prompt."""
        return -(-self.asked.count // len(self.asked.prompts))


@dataclass
class Stand:
    """One digest at the door: what was found in it, and who has said yes.

    Attributes:
        along: what is read on the same sheet and sent before it: the pictures that a graph works on.
    """

    envelope: Envelope
    pictures: JudgedPictures
    found: Inspection
    commitment: record.Commitment | None = None
    approval: EntryNumber | None = None
    people: list[Person] = field(default_factory=list[Person])
    verdict: Verdict | None = None
    along: tuple[Stand, ...] = ()

    @property
    def whole(self) -> tuple[Stand, ...]:
        """Everything that its sheet speaks of, in the order in which it is sent."""
        return (*self.along, self)

    @property
    def named(self) -> record.Commitment:
        """How the record names these bytes, once they were judged."""
        assert self.commitment, "what a person answers to was judged"
        return self.commitment

    @property
    def digest(self) -> Sha256:
        """What an approval of the sheet names: all of its bytes."""
        if not self.along:
            return self.envelope.sha256
        return sha256_of("\n".join(one.envelope.sha256 for one in self.whole))

    @property
    def questions(self) -> tuple[Finding, ...]:
        """What is open in any part of it, each question once."""
        return tuple(dict.fromkeys(one for part in self.whole for one in part.found.questions))


@dataclass
class Job:
    """One errand on its way.

    Attributes:
        checked: the pictures that were looked at for this request, by the SHA-256 of what may be sent.
        dry: only looked at: nothing is recorded, asked or sent.
        words, names, terms: what was answered for this request alone.
        anew: an answer changed the words: the backend has to be asked once more.
        stale: the list of names has changed since the names were replaced.
        waiting: answered by a person who looks; `door` is the digest that they have before them, or None.
        trail: what was sent and heard so far, from which something may follow; None for a backend that nobody
            set up with an address.
    """

    errand: Errand
    dry: bool
    outgoing: Outgoing | None = None
    checked: dict[Sha256, PictureCheck] = field(default_factory=dict[Sha256, PictureCheck])
    words: set[str] = field(default_factory=set[str])
    names: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    terms: list[NameTerm] = field(default_factory=list[NameTerm])
    anew: bool = False
    stale: bool = False
    bytes_sent: int = 0
    stands: dict[Sha256, Stand] = field(default_factory=dict[Sha256, Stand])
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    waiting: asyncio.Future[Answered] | None = None
    door: Sha256 | None = None
    trail: Trail | None = None
    seen: tuple[Envelope, Verdict, Inspection] | None = None


async def inspect(job: Job, envelope: Envelope) -> tuple[JudgedPictures, Inspection]:
    """What is in the bytes, with what was answered for this request."""
    assert job.outgoing
    inspector = job.outgoing.inspector
    if job.words - inspector.answers.words:
        words = inspector.answers.words | job.words
        inspector = inspector.answered(Answers(words=words, names=inspector.answers.names))

    def look() -> tuple[JudgedPictures, Inspection]:
        pictures = judged_pictures(envelope.body, envelope.content_type, job.checked)
        head = [("address", f"{envelope.path} {envelope.query}".strip())]
        if is_form(envelope.content_type):
            # Its boundary is a word of somebody's choosing.
            head.append(("content type", envelope.content_type))
        found = inspector.texts(head, leaving=True)
        if pictures.all_clean or len(envelope.body) <= _PICTURE_BODY:
            # A long body with a picture that was not looked at is blocked whatever else is in it.
            found = found.with_more(inspector.body(pictures.body, envelope.content_type))
        return pictures, found.with_more(*(check.inspection for check in pictures.checks))

    return await asyncio.to_thread(look)


def case_of(job: Job, stand: Stand, session: Session, house: House, hosts: Hosts) -> Case:
    """Everything that decides whether these bytes may leave, as of now."""
    errand, envelope = job.errand, stand.envelope
    assert job.outgoing
    policies, pinned = house.policies(session)
    body = parsed(envelope)
    personal = job.outgoing.draft.personal or stand.found.personal
    sensitivity = highest(
        house.material(session),
        *([Sensitivity.PERSONAL] if personal else []),
        *(check.sensitivity for check in stand.pictures.checks),
    )
    size = session.ledger.size
    clearances = house.clearances.of(session)
    return Case(
        backend=errand.info.id,
        scheme=envelope.scheme,
        host=envelope.host,
        port=envelope.port,
        method=envelope.method,
        path=envelope.path,
        query=envelope.query,
        body=body,
        model=model_of(envelope.method, envelope.path, body, *_loaded(errand.info.id, hosts)),
        card=card_for(envelope.host, house.cards()),
        attested=hosts.attested(session, errand.info.id, envelope.authority),
        policies=policies,
        policies_pinned=pinned,
        sensitivity=sensitivity,
        left=stand.found.left,
        questions=len(stand.found.questions),
        replaced=job.outgoing.draft.replaced,
        now=session.now(),
        latest=session.ledger.entry(size).at if size else None,
        where=where_is(envelope.host),
        asked_by=errand.person.id,
        pictures=stand.pictures.count,
        pictures_clean=stand.pictures.all_clean,
        people=tuple(person.id for person in stand.people),
        approved_rules=clearances.approved_rules(Ask(errand.scene, errand.task_id, errand.info.id)),
        contact_told=clearances.contact_told,
    )


def trail_of(errand: Errand, house: House, hosts: Hosts) -> Trail | None:
    """An empty trail at the address that the errand's backend was made with."""
    settings = hosts.in_use(errand.info.id)
    if settings is None:
        return None
    card = card_for(settings.hostname, house.cards())

    def allowed(method: str, path: str) -> bool:
        return card is not None and any(terms.covers(method, path) for terms in card.terms)

    return Trail(settings.type, settings.url, allowed)


def _loaded(backend: str, hosts: Hosts) -> tuple[str, tuple[str, ...]]:
    """The model that a host was set up with, and the requests that do not name it."""
    settings = hosts.in_use(backend)
    found = follow_ups(settings.type) if settings else None
    return (settings.model, found.unnamed) if settings and found else ("", ())


def parsed(envelope: Envelope) -> Mapping[str, object] | None:
    """The body's fields, or None where they cannot be read in one way only."""
    if is_form(envelope.content_type):
        return form_fields(envelope.body, envelope.content_type)
    twice = False

    def pairs(found: list[tuple[str, object]]) -> dict[str, object]:
        nonlocal twice
        twice = twice or len({key for key, _value in found}) != len(found)
        return dict(found)

    try:
        body = json.loads(envelope.body.decode("utf-8"), object_pairs_hook=pairs)
    except (ValueError, RecursionError):
        return None
    # Of a field that stands there twice a server may take either.
    return cast("Mapping[str, object]", body) if isinstance(body, dict) and not twice else None

"""Something that left the machine, put into a project's record as the gate puts it there."""

from __future__ import annotations

from studio_assist.broker.session import Session, new_request_id
from studio_assist.domain import record
from studio_assist.domain.people import Person
from studio_assist.domain.values import RequestId
from studio_assist.ledger import Contents

HOST = "https://api.northlight.example"
SENT = b'{"messages":[{"content":"PERSON_KXQP turns the dial. Static, then a voice.","role":"user"}]}'


def send_something(session: Session, person: Person, other: Person | None = None) -> RequestId:
    """A request to a host: judged, read by a person (and `other`), sent, and over."""
    texts, request = Contents(), new_request_id()
    session.append(
        record.Requested(
            anchor=None,
            backend="northlight",
            count=1,
            model="m",
            note=None,
            prompt=texts.add("Maya turns the dial. Static, then a voice."),
            request=request,
            scene="14",
            seed=1,
            settings={},
            task="alt-lines",
            where="outside",
        ),
        contents=texts,
        person=person,
        durable=False,
    )
    envelope = texts.add(SENT)
    judged = record.Judged(
        backend="northlight",
        bytes=512,
        envelope=envelope,
        origin=HOST,
        policy="netflix-2025",
        request=request,
        rules=("attested", "names"),
        sensitivity="production-confidential",
        verdict="ask",
    )
    session.append(judged, contents=texts, durable=False)
    if other:
        session.append(record.SendSeconded(envelope=envelope, request=request), person=other, durable=False)
    approval = session.append(
        record.SendApproved(
            bytes=512,
            envelope=envelope,
            origin=HOST,
            request=request,
            scope="once",
            sensitivity="production-confidential",
            times=2,
        ),
        person=person,
        durable=True,
    )
    sent = record.Sent(approval=approval.number, bytes=512, envelope=envelope, origin=HOST, request=request)
    session.append(sent, durable=True)
    session.append(record.NamesRestored(clean=1, mended=0, request=request, unknown=0), durable=False)
    session.append(record.RequestEnded(request=request, state="done", why=None, dropped=()), durable=False)
    return request

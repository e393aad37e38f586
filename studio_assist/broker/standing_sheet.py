"""The sheet for what stands at the door: one request, or one with the pictures that go up before it."""

from __future__ import annotations

from studio_assist import protocol
from studio_assist.broker.errands import Job, Stand
from studio_assist.broker.sent_pictures import picture_seen
from studio_assist.broker.session import Session
from studio_assist.broker.sheet import Behind, sheet_of
from studio_assist.domain.values import EntryNumber
from studio_assist.gate.case import Case
from studio_assist.gate.shown import raw
from studio_assist.gate.verdict import Verdict


def sheet_for(
    session: Session,
    job: Job,
    stand: Stand,
    case: Case,
    verdict: Verdict,
    entry: EntryNumber,
    local: str | None,
) -> protocol.GateSheet:
    """The sheet.

    Args:
        case, verdict: of the part that decides.
        entry: of the verdict in the ledger.
    """
    assert job.outgoing
    errand = job.errand
    attested = case.attested
    by = session.story.name_of(attested.signed.attestation.by)[0] if attested else ""
    behind = Behind(
        request=errand.request,
        task=f"temp brainstorm, {errand.task.lower()}",
        scene=errand.scene,
        desk=errand.desk,
        asked_by=errand.person.name,
        attested_by=by,
        times=errand.times,
        local=local,
        written=tuple(
            text
            for prompt in errand.asked.prompts
            for text in (
                prompt.text,
                *(message.text for message in prompt.messages if message.role == "user"),
            )
            if text
        ),
    )
    sheet = sheet_of(
        behind,
        stand.envelope,
        case,
        verdict,
        stand.questions,
        job.outgoing.tokens,
        entry,
        seconded_by=", ".join(person.name for person in stand.people),
        pictures=tuple(picture_seen(one) for one in job.checked.values()),
    )
    if not stand.along:
        return sheet
    uploads = tuple(f"Sent before it: {_words(one)}" for one in stand.along)
    return sheet.model_copy(
        update={
            "digest": stand.digest,
            "size": sum(len(one.envelope.body) for one in stand.whole),
            "fields": (*uploads, *sheet.fields),
            "raw": "\n\n".join(raw(one.envelope) for one in stand.whole),
        }
    )


def _words(stand: Stand) -> str:
    envelope, count = stand.envelope, stand.pictures.count
    pictures = f", {count} picture{'s' * (count != 1)}" if count else ""
    return f"{envelope.method} {envelope.path}, {len(envelope.body)} bytes{pictures}"

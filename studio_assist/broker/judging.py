"""What is to be said of everything that stands at the door together, and that it is in the record."""

from __future__ import annotations

from collections.abc import Sequence

from studio_assist.broker.errands import Job, Stand, case_of
from studio_assist.broker.hosts import Hosts
from studio_assist.broker.house import House
from studio_assist.broker.session import Session
from studio_assist.domain import record
from studio_assist.domain.values import EntryNumber
from studio_assist.gate.case import Case
from studio_assist.gate.shown import for_the_record
from studio_assist.gate.verdict import Verdict, judge
from studio_assist.ledger import Contents

#: One part of it, what was looked at, and what follows from that.
Judgement = tuple[Stand, Case, Verdict]


def judgements(job: Job, stand: Stand, session: Session, house: House, hosts: Hosts) -> list[Judgement]:
    """Each part of what stands at the door, in the order in which it is sent, as of now."""
    cases = [(part, case_of(job, part, session, house, hosts)) for part in stand.whole]
    return [(part, case, judge(case)) for part, case in cases]


def deciding(found: Sequence[Judgement]) -> tuple[Case, Verdict]:
    """The verdict on all of it: the first that blocks, else the first that holds, else the last one's."""
    for said in ("blocked", "hold"):
        for _part, case, verdict in found:
            if verdict.verdict == said:
                return case, verdict
    return found[-1][1:]


def recorded(session: Session, job: Job, stand: Stand, case: Case, verdict: Verdict) -> EntryNumber:
    """Put a verdict on record, and with the first one the bytes that it is about."""
    texts = Contents()
    if stand.commitment is None:
        stand.commitment = texts.add(for_the_record(stand.envelope))
    said = verdict.verdict
    entry = session.append(
        record.Judged(
            backend=case.backend,
            bytes=len(stand.envelope.body),
            envelope=stand.commitment,
            origin=stand.envelope.origin,
            policy=" + ".join(policy.id for policy in case.policies),
            request=job.errand.request,
            rules=verdict.rules,
            sensitivity=case.sensitivity.value,
            verdict="blocked" if said == "here" else said,
        ),
        contents=texts,
        # What leaves is flushed with the entry that says so, before its first byte.
        durable=False,
    )
    return entry.number

"""What a person says at the gate about words that may be names: put on record, and kept while it holds."""

from __future__ import annotations

import json
from collections.abc import Sequence

from studio_assist import protocol
from studio_assist.broker.errands import Job
from studio_assist.broker.house import House
from studio_assist.broker.session import Session
from studio_assist.domain import record
from studio_assist.domain.names import NameKind, NameTerm
from studio_assist.gate.findings import Finding
from studio_assist.ledger import Contents


def take_answers(
    session: Session,
    house: House,
    job: Job,
    params: protocol.AnswerNamesParams,
    answers: Sequence[tuple[Finding, str]],
) -> tuple[bool, bool]:
    """Record the answers and keep them: for the request, and where they last, for the project.

    Gives whether the project's list of names has changed, and whether the request's words have.
    """
    texts = Contents()
    told = [{"word": finding.text, "answer": answer} for finding, answer in answers]
    content = texts.add(json.dumps(told, ensure_ascii=False))
    session.append(
        record.NamesAnswered(answers=content, count=len(answers), request=params.request),
        contents=texts,
        person=params.person,
        durable=False,
    )
    session.meet(params.person)
    lasting_words: list[str] = []
    lasting_names: list[NameTerm] = []
    for finding, answer in answers:
        if answer == "no-name":
            job.words.add(" ".join(finding.text.split()))
            if finding.lasting:
                lasting_words.append(finding.text)
        else:
            term = _as_name(job, finding)
            if finding.lasting:
                lasting_names.append(term)
    if lasting_words or lasting_names:
        house.keep_answers(session, tuple(lasting_words), tuple(lasting_names))
    return bool(lasting_names), any(answer == "name" for _finding, answer in answers)


def _as_name(job: Job, finding: Finding) -> NameTerm:
    """The word as a name from now on: one more way to write a listed one, or a name of its own."""
    written = " ".join(finding.text.split())
    if finding.term is not None:
        job.names.append((written, finding.term))
        return NameTerm(text=finding.term, kind=NameKind.OTHER, aliases=(written,), source="person")
    term = NameTerm(text=written, kind=NameKind.OTHER, source="person")
    job.terms.append(term)
    return term

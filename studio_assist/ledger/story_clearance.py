"""Clearance in a story: what was asked, told, allowed or refused, and by whom."""

from __future__ import annotations

from datetime import date
from typing import Final, TypeVar

from pydantic import ValidationError

from studio_assist.domain.clearance import Approval, ClearanceRequest, Consent, Notice
from studio_assist.domain.record import (
    ClearanceApproved,
    ClearanceDrafted,
    ClearanceRefused,
    ClearanceSent,
    ClearanceWithdrawn,
    Commitment,
    ConsentRecorded,
    ConsentRevoked,
    ContactTold,
    Entry,
)
from studio_assist.domain.review import Step
from studio_assist.domain.values import Value
from studio_assist.ledger.story_words import Telling, count, listed, quoted, short_hash, task_words

Clearing = ClearanceDrafted | ClearanceSent | ClearanceApproved | ClearanceRefused | ClearanceWithdrawn
_CLEARANCE: Final = (
    "clearance_drafted",
    "clearance_sent",
    "clearance_approved",
    "clearance_refused",
    "clearance_withdrawn",
)
_CONSENT: Final = ("consent_recorded", "consent_revoked")
_T = TypeVar("_T", bound=Value)


def clearance_steps(telling: Telling, clearance: str) -> list[Step]:
    """Everything that was done about one clearance request."""
    return [
        step
        for entry in telling.every(*_CLEARANCE)
        if isinstance(entry.body, Clearing) and entry.body.clearance == clearance
        for step in (_clearing(telling, entry),)
        if step is not None
    ]


def consent_steps(telling: Telling, consent: str) -> list[Step]:
    """A consent, and whether it was taken back."""
    steps: list[Step] = []
    for entry in telling.every(*_CONSENT):
        match entry.body:
            case ConsentRecorded() as body if body.consent == consent:
                steps.append(_consent(telling, entry, body))
            case ConsentRevoked() as body if body.consent == consent:
                said = f"{telling.who(entry.person)} recorded that it holds no more: {body.why.rstrip('.')}."
                steps.append(
                    Step("clearance", "Consent ended", entry.at, entry.number, (said,), tone="human")
                )
            case _:
                pass
    return steps


def contact_step(telling: Telling, entry: Entry, body: ContactTold) -> Step:
    """Whom somebody told of the intended uses, how and when."""
    who, notice = telling.who(entry.person), _read(telling, Notice, body.content)
    uses = f"Uses: {listed(list(body.uses))}." if body.uses else "No use was named."
    if notice is None:
        lines = [f"{who} told the studio's contact.", _unread(telling, body.content)]
    else:
        lines = [f"{who} told {notice.contact} ({notice.how}) on {telling.moment(body.told)}."]
        lines += [quoted(notice.words)] if notice.words.strip() else []
    return Step("clearance", "Contact told", entry.at, entry.number, (*lines, uses))


# internals


def _clearing(telling: Telling, entry: Entry) -> Step | None:
    who = telling.who(entry.person)
    tone = "plain" if isinstance(entry.body, ClearanceDrafted | ClearanceSent) else "human"
    match entry.body:
        case ClearanceDrafted() as body:
            title, lines = "Clearance begun", [f"{who} began to ask for clearance."]
            lines += [f"The rule that said no: {body.rule.replace('-', ' ')}."]
        case ClearanceSent() as body:
            title, lines = "Clearance asked for", _sent(telling, who, body)
        case ClearanceApproved() as body:
            title, lines = "Approved", _approved(telling, who, body)
        case ClearanceRefused() as body:
            title, lines = "Refused", [f"{who} recorded a no: {body.why.rstrip('.')}."]
            lines += _documents(body.evidence)
        case ClearanceWithdrawn() as body:
            title, lines = "Withdrawn", [f"{who} took it back: {body.why.rstrip('.')}. It opens nothing now."]
        case _:
            return None
    return Step("clearance", title, entry.at, entry.number, tuple(lines), tone=tone)


def _sent(telling: Telling, who: str, body: ClearanceSent) -> list[str]:
    asked = _read(telling, ClearanceRequest, body.content)
    document = f"Document {short_hash(body.document)}"
    if asked is None:
        return [
            f"{who} put {body.clearance} to whoever has to answer it.",
            _unread(telling, body.content),
            document,
        ]
    title = f" {quoted(asked.title)}" if asked.title.strip() else ""
    to = asked.approver.strip() or "whoever has to answer it"
    lines = [f"{who} put {asked.label}{title} to {to}."]
    if asked.names:
        lines.append(f"About {listed(list(asked.names))}.")
    if asked.needed_by:
        lines.append(f"Needed by {_day(asked.needed_by)}.")
    return [*lines, document]


def _approved(telling: Telling, who: str, body: ClearanceApproved) -> list[str]:
    given = _read(telling, Approval, body.content)
    by = f" by {given.by}" if given is not None and given.by.strip() else ""
    lines = [f"{who} recorded a written yes{by}."]
    if given is None:
        lines.append(_unread(telling, body.content))
    tasks = [task_words(task) for task in body.tasks]
    scope = [
        _some("scene", list(body.scenes)),
        _some("task", tasks),
        _some("model", ["on this machine" if one == "embedded" else one for one in body.backends]),
    ]
    first, last = date.fromisoformat(body.since), date.fromisoformat(body.until)
    lines.append(f"It covers {', '.join(scope)}, from {_day(first)} to {_day(last)}.")
    if given is not None and given.names:
        lines.append(f"Names that it covers: {listed(list(given.names))}.")
    if given is not None and given.words.strip():
        lines.append(quoted(given.words))
    return [*lines, *_documents(body.evidence)]


def _some(kind: str, which: list[str]) -> str:
    """Scene 14; tasks Board and Beats; all models."""
    return f"{kind}{'s' if len(which) > 1 else ''} {listed(which)}" if which else f"all {kind}s"


def _consent(telling: Telling, entry: Entry, body: ConsentRecorded) -> Step:
    who, given = telling.who(entry.person), _read(telling, Consent, body.content)
    kinds = listed([kind.replace("-", " ") for kind in body.kinds])
    until = _day(date.fromisoformat(body.until))
    if given is None:
        lines = [f"{who} recorded a consent to {kinds}, until {until}.", _unread(telling, body.content)]
    else:
        whose = f"{given.person} (for them: {given.estate})" if given.deceased else given.person
        lines = [
            f"{who} recorded that {whose} consents to {kinds}, until {until}.",
            quoted(given.uses),
            f"Represented by: {given.representation}.",
        ]
    lines.append(f"Signed paper {short_hash(body.document)}")
    return Step("clearance", "Consent recorded", entry.at, entry.number, tuple(lines), tone="human")


def _documents(evidence: tuple[str, ...]) -> list[str]:
    if not evidence:
        return []
    hashes = listed([short_hash(one) for one in evidence])
    return [f"{count(len(evidence), 'document')}: {hashes}"]


def _read(telling: Telling, kind: type[_T], content: Commitment) -> _T | None:
    """What an entry commits to; None where it was forgotten, or is of another form."""
    text = telling.text(content)
    if text is None:
        return None
    try:
        return kind.model_validate_json(text)
    except ValidationError:
        return None


def _unread(telling: Telling, content: Commitment) -> str:
    """Why `_read` gave nothing."""
    if content in telling.missing:
        return telling.gone(content)
    return "What it holds besides is of a form that this program does not read."


def _day(day: date) -> str:
    return f"{day.day} {day:%b %Y}"

"""Makes the sheet: what a person sees of a request, from the very bytes that are to leave."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, NamedTuple, cast

from studio_assist import protocol
from studio_assist.domain.provider import Terms
from studio_assist.domain.sensitivity import Sensitivity
from studio_assist.domain.values import EntryNumber, RequestId, sha256_of
from studio_assist.gate.case import Case
from studio_assist.gate.envelope import Envelope
from studio_assist.gate.findings import Finding, Kind
from studio_assist.gate.purposes import purposes
from studio_assist.gate.restore import restore
from studio_assist.gate.shown import pieces, raw
from studio_assist.gate.tokens import Tokens
from studio_assist.gate.verdict import Verdict

#: Where the APIs that we speak keep what the person wrote.
_SPOKEN: Final = re.compile(
    r"^(?:(?P<list>messages|input)\[(?P<number>\d+)\]\.content|system|prompt|instructions|negative_prompt"
    r"|prompt\.[^.]+\.inputs\.text)$"
)
_ROLES: Final = {"system": "Instructions", "developer": "Instructions", "user": "Your text"}


class Leaf(NamedTuple):
    """One value of a JSON body: its path as a person reads it ("messages[0].content")."""

    where: str
    value: object


@dataclass(frozen=True, slots=True)
class Behind:
    """What the sheet is made from besides the bytes.

    Attributes:
        person_name: who signed the attestation.
        written: the person's own words, with the names.
    """

    request: RequestId
    task: str
    scene: str | None
    desk: str
    asked_by: str
    attested_by: str
    times: int
    local: str | None
    written: tuple[str, ...]


def question_id(finding: Finding) -> str:
    """Names a question, the same for the same word and question."""
    return sha256_of(f"{finding.kind.value}\n{finding.text}\n{finding.question}")[:16]


def sheet_of(
    behind: Behind,
    envelope: Envelope,
    case: Case,
    verdict: Verdict,
    questions: Sequence[Finding],
    tokens: Tokens,
    entry: EntryNumber,
    *,
    seconded_by: str = "",
    pictures: tuple[protocol.PictureSeen, ...] = (),
) -> protocol.GateSheet:
    """The sheet for a request.

    Args:
        questions: what is open, each once.
        entry: of the verdict in the ledger.
    """
    leaves = list(_leaves(case.body)) if case.body is not None else []
    spoken = [(leaf, label) for leaf in leaves if (label := _label(leaf, leaves))]
    if not leaves and envelope.body:
        spoken = [(Leaf("body", envelope.body.decode("utf-8", "replace")), "Body")]
    names: dict[str, int] = {}
    after = tuple(
        protocol.Passage(
            label=label, pieces=tuple(_after(str(leaf.value), tokens, names, questions, leaf.where))
        )
        for leaf, label in spoken
    )
    before = tuple(
        protocol.Passage(label=passage.label, pieces=tuple(_before(passage, tokens))) for passage in after
    )
    labels = {leaf.where: label for leaf, label in spoken}
    shown_whole = {leaf.where for leaf, _label in spoken}
    fields = tuple(
        f"{_plain(leaf.where)}: {_plain(leaf.value)}"
        for leaf in leaves
        if leaf.where not in shown_whole and not leaf.where.endswith(".role")
    )
    remember = _may_remember(case, verdict)
    return protocol.GateSheet(
        request=behind.request,
        backend=case.backend,
        digest=envelope.sha256,
        size=len(envelope.body),
        times=behind.times,
        asked_by=behind.asked_by,
        desk=behind.desk,
        scene=behind.scene,
        sensitivity=case.sensitivity.label,
        verdict=verdict.verdict if verdict.verdict != "here" else "blocked",
        why=verdict.why,
        remedy=verdict.remedy,
        entry=entry,
        to=case.card.name if case.card and not case.card.own else case.host,
        provider=case.card.name if case.card else case.host,
        facts=tuple(_facts(case, envelope, behind.attested_by)),
        purpose=behind.task,
        purposes=tuple(
            protocol.PurposeSeen(question=one.question, answer=one.answer, good=one.good)
            for one in purposes(
                case.policies[0].principles if case.policies else (), case, verdict.checks, behind.written
            )
        ),
        before=before,
        after=after,
        fields=fields,
        raw=raw(envelope),
        names=tuple(protocol.SwapSeen(name=restore(token, tokens)[0], token=token) for token in names),
        questions=tuple(
            _question(finding, labels.get(finding.where, finding.where)) for finding in questions
        ),
        pictures=pictures,
        rules=tuple(check for check in verdict.checks if check.headline or not check.holds),
        policy=" + ".join(policy.id for policy in case.policies) or "none",
        may_remember=bool(remember),
        remember=remember,
        second=_needs_second(case),
        seconded_by=seconded_by,
        local=behind.local,
    )


def _leaves(value: object, where: str = "") -> Iterator[Leaf]:
    if isinstance(value, Mapping):
        for key, inner in cast("Mapping[str, object]", value).items():
            yield from _leaves(inner, f"{where}.{key}" if where else str(key))
    elif isinstance(value, (list, tuple)):
        for index, inner in enumerate(cast("Sequence[object]", value)):
            yield from _leaves(inner, f"{where}[{index}]")
    else:
        yield Leaf(where, value)


def _label(leaf: Leaf, leaves: Sequence[Leaf]) -> str:
    """What a passage is headed; "" for what is no passage."""
    found = _SPOKEN.match(leaf.where)
    if found is None or not isinstance(leaf.value, str):
        return ""
    if found["list"] is None:
        # A ComfyUI graph has its words in the inputs of its text nodes; what they are for, its links say.
        node = leaf.where.removeprefix("prompt.").removesuffix(".inputs.text")
        leaves_out = any(
            other.where.endswith(".inputs.negative[0]") and other.value == node for other in leaves
        )
        if leaf.where == "negative_prompt" or leaves_out:
            return "To leave out"
        return "Your text" if leaf.where.startswith("prompt") else "Instructions"
    role = next(
        (str(other.value) for other in leaves if other.where == f"{found['list']}[{found['number']}].role"),
        "",
    )
    return _ROLES.get(role, role.capitalize() or "Text")


def _after(
    text: str, tokens: Tokens, names: dict[str, int], questions: Sequence[Finding], where: str
) -> Iterator[protocol.Piece]:
    """A passage as it is sent. `names` collects the tokens in the order in which they come."""
    marks: list[tuple[int, int, str, int]] = []
    for start, end in tokens.spans(text):
        # One name in capitals and in small letters is one name, and its stand-in one stand-in.
        known = next((name for name in names if name.lower() == text[start:end].lower()), text[start:end])
        marks.append((start, end, "token", names.setdefault(known, len(names))))
    for number, finding in enumerate(questions):
        for start, end in _places(finding, text, where):
            if not any(start < other[1] and other[0] < end for other in marks):
                marks.append((start, end, "question", number))
    done = 0
    for start, end, kind, link in sorted(marks):
        yield from _plain_pieces(text[done:start])
        yield protocol.Piece(text=text[start:end], kind="token" if kind == "token" else "question", link=link)
        done = end
    yield from _plain_pieces(text[done:])


def _places(finding: Finding, text: str, where: str) -> Iterator[tuple[int, int]]:
    if finding.where == where and finding.text and text[finding.start : finding.end] == finding.text:
        yield finding.start, finding.end
    elif finding.text and finding.kind is not Kind.OPAQUE:
        yield from (match.span() for match in re.finditer(rf"(?<!\w){re.escape(finding.text)}(?!\w)", text))


def _plain_pieces(text: str) -> Iterator[protocol.Piece]:
    if text:
        for run, hidden in pieces(text):
            yield protocol.Piece(text=run, kind="hidden" if hidden else "plain")


def _before(passage: protocol.Passage, tokens: Tokens) -> Iterator[protocol.Piece]:
    for piece in passage.pieces:
        if piece.kind == "token":
            yield protocol.Piece(text=restore(piece.text, tokens)[0], kind="name", link=piece.link)
        else:
            yield piece


def _question(finding: Finding, where: str) -> protocol.QuestionSeen:
    # What may be a name can be one or none; of everything else it is only asked whether it may go.
    nameable = finding.kind in (Kind.NAME, Kind.POSSIBLE_NAME)
    return protocol.QuestionSeen(
        id=question_id(finding),
        word=finding.text,
        where=where,
        question=finding.question or "May this leave?",
        answers=("name", "no-name") if nameable else ("no-name",),
        known_as=finding.term,
        lasting=finding.lasting,
    )


def _facts(case: Case, envelope: Envelope, attested_by: str) -> Iterator[protocol.ProviderFact]:
    def fact(label: str, value: str, *, bad: bool = False, mono: bool = False) -> protocol.ProviderFact:
        return protocol.ProviderFact(label=label, value=value, bad=bad, mono=mono)

    attestation = case.attested.signed.attestation if case.attested else None
    valid = case.attested is not None and not case.attested.revoked and case.attested.is_signed
    terms = case.card.terms_for(case.method, case.path, case.model) if case.card else None
    yield fact("Host", envelope.authority, mono=True)
    if valid:
        yield fact("Retention", "0 days")
        yield fact("Trains on it", "No")
    else:
        yield fact("Retention", _kept(terms), bad=_kept(terms) != "0 days")
        trains = "Yes" if terms and terms.trains == "yes" else "Not ruled out"
        yield fact("Trains on it", trains, bad=True)
    if attestation and case.attested:
        what = (
            "Taken back"
            if case.attested.revoked
            else f"{attested_by}, {_day(attestation.made.astimezone().date())}"
        )
        left = attestation.days_left(case.now)
        yield fact("Attested by", what, bad=not valid)
        days = f" ({left} day{'s' * (left != 1)})" if left >= 0 else ", over"
        yield fact("Expires", f"{_day(attestation.until)}{days}", bad=left < 0)
        yield fact("Region", attestation.region or "Not promised")
    else:
        yield fact("Attested by", "No attestation on file", bad=True)
        yield fact("Expires", "n/a")
        yield fact("Region", "Not promised")


def _kept(terms: Terms | None) -> str:
    if terms is None or terms.retention_days == "unknown":
        return "Not known"
    return f"{terms.retention_days} day{'s' * (terms.retention_days != 1)}"


def _day(day: date) -> str:
    return f"{day.day} {day:%b %Y}"


def _plain(value: object) -> str:
    text = value if isinstance(value, str) else json.dumps(value)
    return "".join(f"⟨{run}⟩" if hidden else run for run, hidden in pieces(text))


def _needs_second(case: Case) -> bool:
    return any(
        case.sensitivity.rank >= policy.leaving.two_people_from.rank
        for policy in case.policies
        if policy.leaving is not None
    )


def _may_remember(case: Case, verdict: Verdict) -> str:
    """For what *Ask once a session* may be chosen, in words; "" where it may not."""
    if verdict.verdict != "ask" or not may_remember(case):
        return ""
    return f"Ask once a session for {case.host} and {case.sensitivity.label.lower()} material"


def may_remember(case: Case) -> bool:
    """Whether every policy of the project lets *Ask once a session* be chosen for this host and class."""
    leavings = [policy.leaving for policy in case.policies if policy.leaving is not None]
    return bool(leavings) and all(
        case.sensitivity is not Sensitivity.PERSONAL
        and (case.sensitivity in leaving.ask_once or (leaving.ask_once_here and case.where.value == "here"))
        for leaving in leavings
    )

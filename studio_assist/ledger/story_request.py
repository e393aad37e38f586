"""The first half of a rail: who asked for what, what the gate said and what left, and what was offered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from studio_assist.domain.record import (
    CandidateMade,
    DecisionMade,
    Entry,
    Judged,
    NamesAnswered,
    NamesRestored,
    PolicyChosen,
    ProjectCreated,
    Requested,
    RequestEnded,
    SendApproved,
    SendRefused,
    SendSeconded,
    Sent,
    VerdictGiven,
)
from studio_assist.domain.review import Picture, Step
from studio_assist.domain.values import CandidateId, RequestId
from studio_assist.ledger import story_board
from studio_assist.ledger.review.wording import request_purpose
from studio_assist.ledger.story_words import (
    BOARD,
    WHERE,
    Telling,
    amount,
    asked_words,
    count,
    listed,
    quoted,
    sensitivity_words,
)

#: So many entries and candidates of one request are told of; more than that is a script at work.
_MOST: Final = 400
_MOST_CANDIDATES: Final = 100
_MOST_PICTURES: Final = 8
_VERDICTS: Final = {"blocked": "Gate: blocked", "hold": "Gate: held for a person"}
_DID: Final = {"accepted": "accepted", "edited": "edited", "rejected": "rejected"}


@dataclass(slots=True)
class Asked:
    """A request with everything that the record has of it.

    Attributes:
        entries: all that name it, in order.
        decisions: by candidate, the newest last.
    """

    entry: Entry
    body: Requested
    entries: Sequence[Entry]
    made: tuple[tuple[Entry, CandidateMade], ...]
    decisions: dict[CandidateId, list[tuple[Entry, DecisionMade]]] = field(default_factory=dict)

    @property
    def is_of_board(self) -> bool:
        return self.body.task == BOARD

    @property
    def heading(self) -> str:
        """What it was for, as the table says it: "Continue, sc 14"; "14C"."""
        return request_purpose(self.body)

    def candidate(self, wanted: CandidateId) -> tuple[Entry, CandidateMade] | None:
        """One of its candidates."""
        return next((one for one in self.made if one[1].candidate == wanted), None)

    def chosen(self) -> CandidateId | None:
        """The one candidate that a person let in, where it is one."""
        taken = [
            name
            for name, decisions in self.decisions.items()
            if any(body.outcome != "rejected" for _entry, body in decisions)
        ]
        return taken[0] if len(taken) == 1 else None


def read_request(telling: Telling, request: RequestId, focus: CandidateId | None) -> Asked | None:
    """All of a request, by its own index; None where the record does not have it.

    `focus`: a candidate that is read however many others there are.
    """
    reader = telling.reader
    entries = reader.entries(request=request, limit=_MOST)
    first = next((entry for entry in entries if isinstance(entry.body, Requested)), None)
    if first is None or not isinstance(first.body, Requested):
        return None
    made = tuple((entry, entry.body) for entry in entries if isinstance(entry.body, CandidateMade))
    concerned = reader.candidate(focus) if focus is not None else None
    if (
        concerned is not None
        and isinstance(concerned.body, CandidateMade)
        and all(body.candidate != focus for _entry, body in made[:_MOST_CANDIDATES])
    ):
        made = (*made[: _MOST_CANDIDATES - 1], (concerned, concerned.body))
    asked = Asked(first, first.body, entries, made)
    for _entry, candidate in made[:_MOST_CANDIDATES]:
        for entry in reader.entries(candidate=candidate.candidate, type="decision", limit=_MOST):
            if isinstance(entry.body, DecisionMade):
                asked.decisions.setdefault(candidate.candidate, []).append((entry, entry.body))
    return asked


# the request


def request_step(telling: Telling, asked: Asked) -> Step:
    """Who asked which model for what, with their note."""
    body, who = asked.body, telling.who(asked.entry.person)
    model = body.model or body.backend
    if asked.is_of_board:
        panel = story_board.panel_of(body)
        if body.backend == "file":
            said = f"{who} brought {model.removeprefix('File ')} in for {panel}, as temp."
        else:
            what = "a picture" if body.count == 1 else count(body.count, "picture")
            said = f"{who} asked {model} for {what} of {panel}."
    else:
        said = f"{who} asked {model} {asked_words(body.task, body.scene)}."
    note = telling.text(body.note) if body.note else None
    lines = [f"{said} {quoted(note)}" if note else said]
    if body.note is not None and note is None:
        lines.append(f"The note: {telling.gone(body.note)}")
    if body.anchor is not None:
        about = telling.text(body.anchor.quote)
        if about and about.strip():
            lines.append(f"About {quoted(about)}")
        elif about is None:
            lines.append(f"What it was about: {telling.gone(body.anchor.quote)}")
    return Step("request", "Request", asked.entry.at, asked.entry.number, tuple(lines))


# the gate


def gate_steps(telling: Telling, asked: Asked) -> list[Step]:
    """What the gate said, who answered and approved, and what left."""
    sent = sum(entry.body.bytes for entry in asked.entries if isinstance(entry.body, Sent))
    judged = any(isinstance(entry.body, Judged) for entry in asked.entries)
    steps: list[Step] = []
    for entry in asked.entries:
        match entry.body:
            case VerdictGiven() as body:
                # Where exact bytes were judged, those entries tell what left.
                left = "" if judged else f"{amount(sent)} left."
                steps.append(_verdict(telling, asked, entry, body, left))
            case Judged() as body:
                steps.append(_judged(entry, body, sent))
            case NamesAnswered() as body:
                said = (
                    f"{telling.who(entry.person)} said of {count(body.count, 'word')} whether it is a name."
                )
                steps.append(Step("gate", "Names answered", entry.at, entry.number, (said,)))
            case SendApproved() as body:
                steps.append(_approved(telling, entry, body))
            case SendSeconded():
                said = f"{telling.who(entry.person)} read the same bytes and agreed, as the second person."
                steps.append(
                    Step("gate", "Approved by a second person", entry.at, entry.number, (said,), tone="human")
                )
            case SendRefused():
                said = f"{telling.who(entry.person)} read what would leave and did not send it."
                steps.append(Step("gate", "Not sent", entry.at, entry.number, (said,), tone="human"))
            case Sent() as body:
                said = f"{amount(body.bytes)} left for {body.origin}, as approved in entry {body.approval:,}."
                steps.append(Step("sent", "Sent", entry.at, entry.number, (said,)))
            case NamesRestored() as body:
                said = f"{body.clean:,} whole, {body.mended:,} mended, {body.unknown:,} not known."
                steps.append(Step("gate", "Names put back", entry.at, entry.number, (said,)))
            case _:
                pass
    return steps


def policy_at(telling: Telling, number: int) -> tuple[str, str]:
    """The policy that held before an entry, and what the material counted as ("" where nobody had said)."""
    found = telling.reader.entries(type="policy_chosen", before=number, newest_first=True, limit=1)
    for entry in found:
        if isinstance(entry.body, PolicyChosen):
            ids = " + ".join(pin.id for pin in (entry.body.policy, *entry.body.overlays))
            return ids, sensitivity_words(entry.body.material)
    for entry in telling.reader.entries(type="project_created", limit=1):
        if isinstance(entry.body, ProjectCreated):
            return entry.body.policy, ""
    return "", ""


#: The rule of a task that is closed until clearance is given; the use to ask it for stands beside it.
_CLOSED: Final = "clearance"


def _verdict(telling: Telling, asked: Asked, entry: Entry, body: VerdictGiven, left: str) -> Step:
    if body.verdict == "blocked" and _CLOSED in body.rules:
        uses = listed([rule.replace("-", " ") for rule in body.rules if rule != _CLOSED])
        said = f"Closed until clearance is given{f': {uses}' if uses else ''}. No model was asked. 0 B left."
        return Step("gate", "Needs clearance", entry.at, entry.number, (said,), tone="bad")
    policy, material = policy_at(telling, entry.number)
    passed = body.verdict in ("here", "ask")
    parts = [f"{WHERE[asked.body.where]}.", left, f"{material}." if material else ""]
    rules = _passed(body.rules) if passed else _failed(body.rules)
    parts.append(f"Policy {policy}, {rules}." if policy else f"{rules[:1].upper()}{rules[1:]}.")
    tone = "bad" if body.verdict == "blocked" else "plain"
    title = _VERDICTS.get(body.verdict, "Gate")
    return Step("gate", title, entry.at, entry.number, (" ".join(filter(None, parts)),), tone=tone)


def _judged(entry: Entry, body: Judged, sent: int) -> Step:
    rules = _passed(body.rules) if body.verdict == "ask" else _failed(body.rules)
    left = "" if sent else " 0 B left."
    lines = (
        f"{body.backend} at {body.origin}: {amount(body.bytes)} to be sent.{left}",
        f"{sensitivity_words(body.sensitivity)}. Policy {body.policy}, {rules}.",
    )
    tone = "bad" if body.verdict == "blocked" else "plain"
    return Step("gate", _VERDICTS.get(body.verdict, "Gate"), entry.at, entry.number, lines, tone=tone)


def _approved(telling: Telling, entry: Entry, body: SendApproved) -> Step:
    who = telling.who(entry.person)
    if body.scope == "session":
        said = (
            f"{who} let everything that is {sensitivity_words(body.sensitivity).lower()} leave for "
            f"{body.origin} until the program ended."
        )
    else:
        often = "" if body.times == 1 else f", {body.times:,} times"
        said = f"{who} read {amount(body.bytes)} and let them leave for {body.origin}{often}."
    return Step("gate", "Approved to send", entry.at, entry.number, (said,), tone="human")


def _passed(rules: Sequence[str]) -> str:
    return f"{len(rules)} of {len(rules)} rules passed" if rules else "no rule had to speak"


def _failed(rules: Sequence[str]) -> str:
    return f"not passed: {listed([rule.replace('-', ' ') for rule in rules])}" if rules else "not passed"


# what was offered


def candidates_step(telling: Telling, asked: Asked, focus: CandidateId | None) -> Step | None:
    """What was offered, what became of the others, and the one concerned; None while there is nothing."""
    ends = [entry for entry in asked.entries if isinstance(entry.body, RequestEnded)]
    if not asked.made and not ends:
        return None
    shown = asked.candidate(focus) if focus is not None else None
    last = asked.made[-1][0] if asked.made else ends[-1]
    entry = shown[0] if shown else last
    lines = [_offered(telling, asked, focus)]
    for end in ends:
        if isinstance(end.body, RequestEnded):
            lines += _ended(end.body)
    quote, pictures = "", tuple[Picture, ...]()
    if asked.is_of_board:
        some = asked.made[:_MOST_PICTURES]
        if shown is not None and shown not in some:
            some = (*some[:-1], shown)
        pictures = tuple(
            story_board.offered(telling, body.content, f"Variant {body.index + 1}") for _entry, body in some
        )
    elif shown is not None:
        found = telling.text(shown[1].content)
        quote = found or ""
        if found is None:
            lines.append(f"The words: {telling.gone(shown[1].content)}")
    if shown is not None and shown[1].state != "ready":
        why = f": {shown[1].why}" if shown[1].why else ""
        lines.append(
            f"{shown[1].index + 1} {'was stopped' if shown[1].state == 'stopped' else 'failed'}{why}."
        )
    at = last.at if shown is None else entry.at
    return Step("candidates", "Candidates", at, entry.number, tuple(lines), quote=quote, pictures=pictures)


def _offered(telling: Telling, asked: Asked, focus: CandidateId | None) -> str:
    """ "3 offered. 2 and 3 rejected 14:01:44.": those besides the one concerned."""
    if not asked.made:
        return "None offered."
    groups: dict[str, list[tuple[int, Entry]]] = {}
    left: list[int] = []
    for entry, body in asked.made[:_MOST_CANDIDATES]:
        if body.candidate == focus:
            continue
        decided = asked.decisions.get(body.candidate)
        if decided:
            last = decided[-1]
            groups.setdefault(_DID[last[1].outcome], []).append((body.index + 1, last[0]))
        elif body.state == "failed":
            groups.setdefault("failed", []).append((body.index + 1, entry))
        else:
            left.append(body.index + 1)
    parts = [f"{len(asked.made):,} offered."]
    for did, some in groups.items():
        numbers = listed([str(number) for number, _entry in some])
        parts.append(f"{numbers} {did} {telling.clock(max(entry.at for _number, entry in some))}.")
    if left:
        parts.append(f"{listed([str(number) for number in left])} not decided on.")
    if len(asked.made) > _MOST_CANDIDATES:
        parts.append(f"Only the first {_MOST_CANDIDATES} are told of.")
    return " ".join(parts)


def _ended(body: RequestEnded) -> list[str]:
    lines: list[str] = []
    if body.dropped:
        said = listed([f"{one.count:,} {one.reason}" for one in body.dropped])
        lines.append(f"Not shown: {said}.")
    if body.state != "done":
        why = f": {body.why.rstrip('.')}" if body.why else ""
        lines.append(f"{'Stopped' if body.state == 'stopped' else 'Failed'}{why}.")
    return lines

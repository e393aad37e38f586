"""One pass over the record for a report: who asked, what was offered, decided, sent, stopped and replaced.

What stands is known only at the end, for a decision can be taken back: so decisions are kept until then.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, tzinfo
from typing import Final

from studio_assist.domain import record
from studio_assist.domain.people import roles_in
from studio_assist.domain.record import Commitment, Entry
from studio_assist.domain.values import CandidateId, EntryNumber, PersonId, RequestId
from studio_assist.gate.tokens import LETTERS, PREFIXES
from studio_assist.ledger import Ledger

#: Entries are read this many at a time.
_PAGE: Final = 1000
#: What stands for a name in what was sent. Only those with their kind before them: the rest could be words.
_STANDS_IN: Final = re.compile(rf"(?i)(?<![a-z0-9])(?:{'|'.join(PREFIXES)})_([{LETTERS}]{{4,6}})(?![a-z0-9])")


@dataclass(frozen=True, slots=True)
class Window:
    """The period of a report. `zone` is whose days are counted."""

    since: date | None
    until: date | None
    zone: tzinfo

    def holds(self, moment: datetime) -> bool:
        """Whether a moment falls into it."""
        if self.since is None and self.until is None:
            return True
        day = self.day(moment)
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)

    def day(self, moment: datetime) -> date:
        """The day of a moment."""
        return moment.astimezone(self.zone).date()


@dataclass(slots=True)
class Asked:
    """One request, and what became of it."""

    entry: EntryNumber
    at: datetime
    person: PersonId | None
    body: record.Requested
    offered: int = 0
    blocked: bool = False
    sensitivity: str = ""


@dataclass(slots=True)
class Decided:
    """One decision, with the request behind it."""

    entry: Entry
    body: record.DecisionMade
    asked: Asked | None
    undone: bool = False
    placed: bool = False
    ended: bool = False


@dataclass(slots=True)
class Sent:
    """Something that left, with the names that went out as others; None where the bytes were forgotten."""

    entry: Entry
    body: record.Sent
    asked: Asked | None
    names: int | None
    approved_by: PersonId | None
    seconded_by: PersonId | None


@dataclass
class Tally:
    """What the record holds, read once from its first entry to a size.

    Attributes:
        names: everybody's newest name.
        requests, decisions, candidates: by id or number, of the whole record: what is in the period may
            speak of what was before it.
        kept: other entries that a report speaks of, by their type, in order.
    """

    window: Window
    names: dict[PersonId, str] = field(default_factory=dict[PersonId, str])
    roles: dict[PersonId, tuple[str, ...]] = field(default_factory=dict[PersonId, tuple[str, ...]])
    requests: dict[RequestId, Asked] = field(default_factory=dict[RequestId, Asked])
    candidates: dict[CandidateId, RequestId] = field(default_factory=dict[CandidateId, RequestId])
    offered: set[CandidateId] = field(default_factory=set[CandidateId])
    decisions: dict[EntryNumber, Decided] = field(default_factory=dict[EntryNumber, Decided])
    sent: list[Sent] = field(default_factory=list[Sent])
    kept: dict[str, list[Entry]] = field(default_factory=lambda: defaultdict[str, list[Entry]](list))
    entries: int = 0
    first_at: datetime | None = None
    last_at: datetime | None = None
    undone: list[Entry] = field(default_factory=list[Entry])
    approvals: dict[EntryNumber, PersonId | None] = field(default_factory=dict[EntryNumber, PersonId | None])
    seconds: dict[tuple[RequestId, Commitment], PersonId | None] = field(
        default_factory=dict[tuple[RequestId, Commitment], PersonId | None]
    )

    # methods

    def who(self, person: PersonId | None) -> str:
        """A person's name as the record has it; "the program" where it acted on its own."""
        return "the program" if person is None else self.names.get(person, person)

    def of(self, *types: str) -> list[Entry]:
        """Entries of these types that fall into the period."""
        found = [one for kind in types for one in self.kept[kind] if self.window.holds(one.at)]
        return sorted(found, key=lambda one: one.number) if len(types) > 1 else found

    def asked_in_time(self) -> list[Asked]:
        """Requests of the period."""
        return [one for one in self.requests.values() if self.window.holds(one.at)]

    def standing(self) -> list[Decided]:
        """Decisions of the period that were not taken back."""
        return [one for one in self.decisions.values() if not one.undone and self.window.holds(one.entry.at)]

    def waiting(self) -> int:
        """Candidates that nobody has decided on, in the whole record."""
        decided = {one.body.candidate for one in self.decisions.values() if not one.undone}
        return len(self.offered - decided)

    def days(self) -> list[tuple[date, Counter[str]]]:
        """Decisions by people, by day and outcome."""
        found: dict[date, Counter[str]] = defaultdict(Counter)
        for one in self.standing():
            if not one.body.automated:
                found[self.window.day(one.entry.at)][one.body.outcome] += 1
        return sorted(found.items())

    # reading

    def read(
        self, ledger: Ledger, size: int, progress: Callable[[int, int], None], stopped: Callable[[], None]
    ) -> None:
        """Take the first `size` entries in. `stopped` raises where it is to end before that."""
        after = 0
        while after < size and (page := ledger.entries(after, min(_PAGE, size - after))):
            for entry in page:
                self._take(ledger, entry)
            after = page[-1].number
            progress(after, size)
            stopped()

    def _take(self, ledger: Ledger, entry: Entry) -> None:
        if self.window.holds(entry.at):
            self.entries += 1
            self.first_at = self.first_at or entry.at
            self.last_at = entry.at
        match entry.body:
            case record.PersonAdded() as body:
                self.names[body.person] = body.name
                self.roles.setdefault(body.person, roles_in(body.role))
            case record.RolesGiven() as body:
                self.roles[body.person] = body.roles
            case record.Requested() as body:
                self.requests[body.request] = Asked(entry.number, entry.at, entry.person, body)
            case record.CandidateMade() as body:
                self.candidates[body.candidate] = body.request
                if body.state != "failed":
                    self.offered.add(body.candidate)
                    if asked := self.requests.get(body.request):
                        asked.offered += 1
            case record.DecisionMade() as body:
                asked = self.requests.get(self.candidates.get(body.candidate, RequestId("")))
                self.decisions[entry.number] = Decided(entry, body, asked)
            case record.DecisionUndone() as body:
                if decided := self.decisions.get(body.decision):
                    decided.undone = True
                self.undone.append(entry)
            case record.Placed() as body:
                if decided := self.decisions.get(body.decision):
                    decided.placed = True
            case record.Replaced() | record.SpanDeleted() | record.PanelReplaced() | record.PanelCleared():
                self._end(entry.body.decision, ended=True)
                self.kept[entry.body.type].append(entry)
            case record.PanelRestored() as body:
                self._end(body.decision, ended=False)
                self.kept[body.type].append(entry)
            case (
                record.Judged()
                | record.VerdictGiven()
                | record.SendApproved()
                | record.SendSeconded()
                | record.SendRefused()
                | record.Sent()
            ):
                self._at_the_gate(ledger, entry)
            case record.Presented() | record.RequestEnded() | record.MarkedStale() | record.MarkedFresh():
                return
            case body:
                self.kept[body.type].append(entry)

    def _end(self, decision: EntryNumber, *, ended: bool) -> None:
        if decided := self.decisions.get(decision):
            decided.ended = ended

    def _at_the_gate(self, ledger: Ledger, entry: Entry) -> None:
        match entry.body:
            case record.Judged() as body:
                asked = self.requests.get(body.request)
                if asked:
                    asked.sensitivity = body.sensitivity
                if body.verdict == "blocked":
                    self._block(entry, asked)
            case record.VerdictGiven(verdict="blocked") as body:
                self._block(entry, self.requests.get(body.request))
            case record.SendApproved():
                self.approvals[entry.number] = entry.person
            case record.SendSeconded() as body:
                self.seconds[body.request, body.envelope] = entry.person
            case record.SendRefused():
                self.kept[entry.body.type].append(entry)
            case record.Sent() as body:
                self.sent.append(
                    Sent(
                        entry,
                        body,
                        self.requests.get(body.request),
                        _names_in(ledger, body.envelope),
                        self.approvals.get(body.approval),
                        self.seconds.get((body.request, body.envelope)),
                    )
                )
            case _:
                return

    def _block(self, entry: Entry, asked: Asked | None) -> None:
        # The gate judges exact bytes, and the request's verdict repeats it: one incident.
        if asked is None or not asked.blocked:
            self.kept["blocked"].append(entry)
        if asked:
            asked.blocked = True


def _names_in(ledger: Ledger, envelope: Commitment) -> int | None:
    """How many names went out under another name in what was sent; None where it was forgotten."""
    sent = ledger.content_bytes(envelope)
    if sent is None:
        return None
    return len({code.upper()[:4] for code in _STANDS_IN.findall(sent.decode("utf-8", "replace"))})


def local_zone() -> tzinfo:
    """The zone of this machine, as it is now."""
    return datetime.now(UTC).astimezone().tzinfo or UTC

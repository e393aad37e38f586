"""Puts a report together: the record checked and read once, beside the project as it stands.

Blocking; `broker.reporting` calls it in a thread, with what only the broker's own loop may read taken before.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Final

from studio_assist import __version__, protocol
from studio_assist.broker.claiming import claim, witness_seen
from studio_assist.broker.clearance_files import ClearanceFiles
from studio_assist.broker.policies import Shelf
from studio_assist.broker.report_clearing import Clearing
from studio_assist.broker.report_incidents import incidents
from studio_assist.broker.report_rules import Tools, policies_held, policy_changes
from studio_assist.broker.report_tally import Decided, Tally, Window
from studio_assist.broker.report_work import Work
from studio_assist.domain import record
from studio_assist.domain.errors import Refusal
from studio_assist.domain.generation import HostSettings
from studio_assist.domain.people import Person
from studio_assist.domain.policy import Policy
from studio_assist.domain.provider import ProviderCard
from studio_assist.domain.report import (
    Counts,
    DayCounts,
    FileOut,
    Head,
    Integrity,
    Period,
    PersonCounts,
    Report,
    ReportFor,
    TaskCounts,
)
from studio_assist.domain.storyboard import Shot
from studio_assist.domain.temp import TempSpan
from studio_assist.domain.values import PersonId
from studio_assist.ledger import Ledger, Verification, verify
from studio_assist.storage.attestations import AttestationFiles
from studio_assist.storage.project_file import ProjectInfo

#: How far the work has come after each of its parts.
CHECKED: Final = 0.35
READ: Final = 0.65
MADE: Final = 0.7
#: Signed heads that are looked through for the one that the check found.
_HEADS: Final = 50


@dataclass(frozen=True)
class Asked:
    """What a report is made of, complete.

    Attributes:
        ledger: path of the record. clearance: the project's clearance folder.
        removed: shots that were taken off the board.
        now: the time that the report carries.
    """

    kind: ReportFor
    by: Person
    recipient: str
    window: Window
    now: datetime
    ledger: Path
    clearance: Path
    info: ProjectInfo
    script: str
    spans: Sequence[TempSpan]
    shots: Sequence[Shot]
    removed: Sequence[Shot]
    policies: Shelf[Policy]
    cards: Sequence[ProviderCard]
    hosts: Sequence[HostSettings]


def report_of(asked: Asked, progress: Callable[[float], None], stopped: Callable[[], None]) -> Report:
    """Check the record, read it, and put the report together.

    Args:
        progress: told the share that is done.
        stopped: raises where it is to end; asked often.

    Raises:
        Refusal: the record does not hold.
    """
    found = _checked(asked.ledger, progress, stopped)
    tally = Tally(asked.window)
    with Ledger.open(asked.ledger, create=False, read_only=True) as ledger:
        span = READ - CHECKED
        tally.read(ledger, found.size, lambda done, of: progress(CHECKED + span * done / of), stopped)
        report = _Maker(asked, tally, ledger, found).report()
    stopped()
    progress(MADE)
    return report


def _checked(path: Path, progress: Callable[[float], None], stopped: Callable[[], None]) -> Verification:
    def told(done: int, total: int) -> None:
        progress(CHECKED * min(1.0, done / max(1, total)))
        stopped()

    found = verify(path, progress=told)
    if not found.ok:
        raise not_verified(found.why)
    return found


def not_verified(why: str | None) -> Refusal:
    """What is raised where a record does not hold: a report rests on it."""
    return Refusal(
        f"Export opens when the ledger verifies. {why or 'It does not hold.'}",
        remedy="Compare the record with a witness copy. Nothing was written.",
        rule="record-intact",
    )


class _Maker:
    """One report being put together, after the record was read."""

    def __init__(self, asked: Asked, tally: Tally, ledger: Ledger, found: Verification) -> None:
        self._asked: Final = asked
        self._tally: Final = tally
        self._ledger: Final = ledger
        self._found: Final = found
        self._today: Final = asked.window.day(asked.now)
        info, shelf = asked.info, asked.policies
        policies = [shelf.held[name].value for name in (info.policy, *info.overlays) if name in shelf.held]
        drafts = ClearanceFiles(asked.clearance).requests()
        self._clearing: Final = Clearing(tally, ledger, drafts, policies, self._today)
        self._policies: Final = policies

    def report(self) -> Report:
        asked, tally = self._asked, self._tally
        work = Work(asked.script, asked.spans, asked.shots, asked.removed, tally)
        tools = self._tools()
        scenes = work.by_scene()
        offset = asked.window.zone.utcoffset(asked.now) or timedelta()
        created = next(iter(tally.kept["project_created"]), None)
        return Report(
            kind=asked.kind,
            made=asked.now,
            made_with=f"Studio Assist {__version__}",
            by=asked.by.name,
            recipient=asked.recipient,
            offset_minutes=round(offset.total_seconds() / 60),
            project=asked.info.title,
            sample=created is not None and getattr(created.body, "sample", False),
            created=created.at if created else None,
            policy=asked.info.policy,
            material=asked.info.material.label,
            period=self._period(),
            integrity=self._integrity(),
            policies=policies_held(asked.info, asked.policies, tally),
            policy_changes=policy_changes(tally),
            tools=tools.all(),
            sendings=tools.sendings(),
            notices=self._clearing.notices(),
            wants_notice=any(policy.wants_notice is not None for policy in self._policies),
            clearances=self._clearing.requests(),
            consents=self._clearing.consents(),
            counts=self._counts(None, automated=False),
            automated=self._counts(None, automated=True),
            automated_asks=sum(1 for one in tally.asked_in_time() if one.person == "automated"),
            asks=len(tally.asked_in_time()),
            offered=sum(one.offered for one in tally.asked_in_time()),
            waiting=tally.waiting(),
            people=tuple(self._people()),
            days=tuple(
                DayCounts(
                    day=day, accepted=count["accepted"], edited=count["edited"], rejected=count["rejected"]
                )
                for day, count in tally.days()
            ),
            tasks=tuple(self._tasks()),
            temp=work.temp(),
            replaced=work.replaced(),
            script_words=sum(scene.words for scene in scenes),
            script_pages=work.pages,
            by_scene=scenes,
            panels=len(asked.shots),
            by_panel=work.by_panel(),
            incidents=incidents(tally, self._ledger, self._found),
            files=tuple(self._files()),
        )

    def _tools(self) -> Tools:
        files = AttestationFiles(self._asked.clearance)
        named = (
            entry.body.attestation
            for entry in self._tally.kept["attestation_made"]
            if isinstance(entry.body, record.AttestationMade)
        )
        held = {name: signed for name in named if (signed := files.load(name)) is not None}
        return Tools(self._tally, self._clearing, self._asked.cards, self._asked.hosts, held, self._today)

    def _period(self) -> Period:
        window, tally = self._asked.window, self._tally
        return Period(
            since=window.since,
            until=window.until,
            entries=tally.entries,
            size=self._found.size,
            first_at=tally.first_at,
            last_at=tally.last_at,
        )

    def _integrity(self) -> Integrity:
        found, tally = self._found, self._tally
        signed = found.checkpoint
        head = note = None
        if signed:
            head = Head(
                size=signed.size,
                at=signed.time,
                who=tally.who(PersonId(signed.person)),
                key=signed.key,
                session_only=signed.session_only,
            )
            heads = self._ledger.checkpoints(_HEADS)
            note = next((one.note for one in heads if (one.size, one.key) == (signed.size, signed.key)), None)
        seen = head and protocol.CheckpointSeen(
            size=head.size, at=head.at, who=head.who, session_only=head.session_only
        )
        now = self._asked.now.astimezone(self._asked.window.zone)
        return Integrity(
            size=found.size,
            root=found.root or "",
            tag=self._ledger.tag,
            checked_at=self._asked.now,
            checkpoint=head,
            note=note or "",
            unsigned=found.unsigned_tail,
            witnesses=tuple(
                Head(size=one.size, at=one.time, who=one.name, key=one.key, checked=one.checked)
                for one in found.witnesses
            ),
            forgotten=found.forgotten,
            claim=claim(
                found.size,
                seen,
                witness_seen(found.witnesses),
                found.forgotten,
                now,
                strange_keys=found.unvouched_keys,
            ),
        )

    def _counts(self, person: PersonId | None, *, automated: bool) -> Counts:
        """What people, or scripts in their stead, did in the period: one of them, or all."""
        tally = self._tally

        def wanted(entry: record.Entry) -> bool:
            by_script = bool(getattr(entry.body, "automated", entry.person == "automated"))
            return by_script is automated and (person is None or entry.person == person)

        decided = Counter(one.body.outcome for one in tally.standing() if wanted(one.entry))
        undone = [one for one in tally.undone if tally.window.holds(one.at)]
        replaced = tally.of("replaced", "span_deleted", "panel_replaced", "panel_cleared")
        return Counts(
            accepted=decided["accepted"],
            edited=decided["edited"],
            rejected=decided["rejected"],
            undone=sum(map(wanted, undone)),
            replaced=sum(map(wanted, replaced)),
            drawn=sum(map(wanted, tally.of("panel_drawn"))),
        )

    def _people(self) -> Iterable[PersonCounts]:
        tally = self._tally
        asks = Counter(one.person for one in tally.asked_in_time())
        found: list[PersonCounts] = []
        for person, name in tally.names.items():
            automated = person == "automated"
            counts = self._counts(person, automated=automated)
            if asks[person] or any(counts.model_dump().values()):
                roles = tuple(tally.roles.get(person, ()))
                found.append(
                    PersonCounts(
                        name=name, roles=roles, automated=automated, asks=asks[person], counts=counts
                    )
                )
        return sorted(found, key=lambda one: (one.automated, -one.counts.decided, one.name))

    def _tasks(self) -> Iterable[TaskCounts]:
        by_task: dict[str, list[Decided]] = {}
        for one in self._tally.standing():
            if one.asked:
                by_task.setdefault(one.asked.body.task, []).append(one)
        asked = self._tally.asked_in_time()
        for task in dict.fromkeys(one.body.task for one in asked):
            outcomes = Counter(one.body.outcome for one in by_task.get(task, []))
            yield TaskCounts(
                task=task,
                use=self._clearing.use_of_task(task),
                asks=sum(1 for one in asked if one.body.task == task),
                offered=sum(one.offered for one in asked if one.body.task == task),
                accepted=outcomes["accepted"],
                edited=outcomes["edited"],
                rejected=outcomes["rejected"],
            )

    def _files(self) -> Iterable[FileOut]:
        handed: dict[str, record.Entry] = {}
        for entry in self._tally.kept["handed_over"]:
            if isinstance(entry.body, record.HandedOver):
                handed[entry.body.sha256] = entry
        for entry in self._tally.of("exported"):
            body = entry.body
            if not isinstance(body, record.Exported):
                continue
            over = handed.get(body.sha256)
            recipient: str | None = ""
            if over is not None and isinstance(over.body, record.HandedOver):
                recipient = self._ledger.content(over.body.recipient)
            yield FileOut(
                entry=entry.number,
                at=entry.at,
                by=self._tally.who(entry.person),
                name=body.name,
                format=body.format,
                sha256=body.sha256,
                temp_items=body.temp_items,
                final=body.final,
                handed_over=over is not None,
                recipient=recipient,
            )


def days_ordered(since: date | None, until: date | None) -> bool:
    """Whether a period has any day."""
    return since is None or until is None or since <= until

"""A disclosure report: what AI touched in a project, who decided, what left, and how anybody can check it.

One value holds all of it; which parts a reader gets, and in which words, is said where it is written out.
It holds no confidential text: no word of the script, of a question or of a candidate, and of scenes only
their numbers. A name that was forgotten is None. Times are UTC; days are those of the zone
`Report.offset_minutes`.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Final, Literal

from studio_assist.domain.report_items import (
    AttestationHeld,
    CardHeld,
    ClearanceHeld,
    ConsentHeld,
    Counts,
    DayCounts,
    FileOut,
    Incident,
    Many,
    Notice,
    PanelShare,
    PersonCounts,
    PolicyChange,
    PolicyHeld,
    ReplacedItem,
    SceneShare,
    Sending,
    Step,
    TaskCounts,
    TempItem,
    Tool,
)
from studio_assist.domain.values import UtcTime, Value

__all__ = [
    "SCHEMA",
    "AttestationHeld",
    "CardHeld",
    "ClearanceHeld",
    "ConsentHeld",
    "Counts",
    "DayCounts",
    "FileOut",
    "Head",
    "Incident",
    "Integrity",
    "Many",
    "Notice",
    "PanelShare",
    "Period",
    "PersonCounts",
    "PolicyChange",
    "PolicyHeld",
    "ReplacedItem",
    "Report",
    "ReportFor",
    "SceneShare",
    "Sending",
    "Step",
    "TaskCounts",
    "TempItem",
    "Tool",
]

#: The version of the JSON form.
SCHEMA: Final = 1

#: For whom a report is: everything; the studio's contact; a sheet that goes with a text; an award; security.
ReportFor = Literal["full", "contact", "guild", "awards", "security"]


class Period(Value):
    """Which entries the report speaks of.

    Attributes:
        since, until: the first and last day as they were asked for; None where nobody said one.
        entries: how many entries fall into it, of `size` in the whole record.
        first_at, last_at: when the first and last of them were written.
    """

    since: date | None = None
    until: date | None = None
    entries: Many = 0
    size: Many = 0
    first_at: UtcTime | None = None
    last_at: UtcTime | None = None


class Head(Value):
    """A signed head of the record, or one that somebody witnessed; `key` is None for a time authority."""

    size: Many
    at: UtcTime
    who: str
    key: str | None
    session_only: bool = False
    checked: bool = True


class Integrity(Value):
    """That the record was checked as the report was made, and what the check rests on.

    Attributes:
        root: of the whole record, in hexadecimal. tag: the project's, as checkpoints name it.
        note: the newest signed checkpoint as text; whoever has it can hold the record to it.
        unsigned: entries after that checkpoint. forgotten: texts that were removed on purpose.
        claim: what may be said, in sentences.
    """

    size: Many
    root: str
    tag: str
    checked_at: UtcTime
    checkpoint: Head | None
    note: str
    unsigned: Many
    witnesses: tuple[Head, ...]
    forgotten: Many
    claim: str


class Report(Value):
    """Everything, complete.

    Attributes:
        made_with: the program and its version.
        recipient: to whom it goes, or "".
        material: what the project's material counts as.
        counts: by people; `automated` what scripts did in a person's stead (the tour, the sample).
        waiting: candidates that nobody has decided on.
        script_words, script_pages, scenes, panels: how long the work is today.
    """

    schema_version: Literal[1] = SCHEMA
    kind: ReportFor
    made: UtcTime
    made_with: str
    by: str
    recipient: str = ""
    offset_minutes: int
    project: str
    sample: bool
    created: UtcTime | None
    policy: str
    material: str
    period: Period
    integrity: Integrity
    policies: tuple[PolicyHeld, ...] = ()
    policy_changes: tuple[PolicyChange, ...] = ()
    tools: tuple[Tool, ...] = ()
    sendings: tuple[Sending, ...] = ()
    notices: tuple[Notice, ...] = ()
    wants_notice: bool = False
    clearances: tuple[ClearanceHeld, ...] = ()
    consents: tuple[ConsentHeld, ...] = ()
    counts: Counts = Counts()
    automated: Counts = Counts()
    automated_asks: Many = 0
    asks: Many = 0
    offered: Many = 0
    waiting: Many = 0
    people: tuple[PersonCounts, ...] = ()
    days: tuple[DayCounts, ...] = ()
    tasks: tuple[TaskCounts, ...] = ()
    temp: tuple[TempItem, ...] = ()
    replaced: tuple[ReplacedItem, ...] = ()
    script_words: Many = 0
    script_pages: Many = 0
    by_scene: tuple[SceneShare, ...] = ()
    panels: Many = 0
    by_panel: tuple[PanelShare, ...] = ()
    incidents: tuple[Incident, ...] = ()
    files: tuple[FileOut, ...] = ()

    def local(self, moment: datetime) -> datetime:
        """A moment on the clock of the machine that made the report, without its zone."""
        return moment.replace(tzinfo=None) + timedelta(minutes=self.offset_minutes)

    @property
    def zone(self) -> str:
        """The zone of times and days: "UTC+01:00"."""
        if not self.offset_minutes:
            return "UTC"
        hours, minutes = divmod(abs(self.offset_minutes), 60)
        return f"UTC{'+' if self.offset_minutes > 0 else '-'}{hours:02}:{minutes:02}"

    @property
    def human_permille(self) -> int:
        """Share of the whole script's words that no model is on record for, in thousandths."""
        made = sum(scene.model_words for scene in self.by_scene)
        return 1000 if not self.script_words else 1000 * (self.script_words - made) // self.script_words

    @property
    def bytes_sent(self) -> int:
        """How many bytes left the machine."""
        return sum(one.bytes for one in self.sendings)

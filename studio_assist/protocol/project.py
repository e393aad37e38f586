"""What desk and broker say about a project: opening, saving, importing, and what waits in it."""

from __future__ import annotations

from typing import Literal

from studio_assist.domain.candidate import Anchor, Candidate
from studio_assist.domain.people import Person
from studio_assist.domain.placing import Place
from studio_assist.domain.temp import TempSpan
from studio_assist.domain.timebase import FrameRate
from studio_assist.domain.values import RequestId, Sha256, UtcTime, Value
from studio_assist.protocol.boards import BoardSummary
from studio_assist.protocol.record import LedgerState


class Stamp(Value):
    """Which version of a file was read: a save refuses to overwrite any other."""

    sha256: Sha256
    size: int
    mtime_ns: int


class RecoveryOffer(Value):
    """Something that a crash left behind, for a person to take or leave.

    Attributes:
        kind: "autosave" for text newer than the saved script, "decision" for accepted material that
            never reached it.
        text: the whole script for an autosave, the accepted words for a decision.
    """

    id: str
    kind: Literal["autosave", "decision"]
    at: UtcTime
    text: str
    spans: tuple[TempSpan, ...] = ()
    place: Place | None = None
    span: TempSpan | None = None


class OpenRequest(Value):
    """A request with candidates that a person has yet to decide on, as the tray shows it."""

    request: RequestId
    task: str
    scene: str | None
    cue: str | None
    anchor: Anchor | None
    note: str
    backend: str
    model: str
    where: Literal["here", "studio", "outside"]
    at: UtcTime
    person_name: str
    candidates: tuple[Candidate, ...]


class ProjectState(Value):
    """A project as it was found when it was opened.

    Attributes:
        session: names this opening; autosaves are kept under it.
    """

    path: str
    session: str
    title: str
    draft: str
    policy: str
    script: str
    stamp: Stamp
    spans: tuple[TempSpan, ...]
    boards_temp: int
    board: BoardSummary = BoardSummary()
    aspect: str = "16:9"
    rate: FrameRate = FrameRate(num=24)
    temp_sounds: int = 0
    read_only: str | None
    ledger: LedgerState
    open_requests: tuple[OpenRequest, ...]
    recovery: tuple[RecoveryOffer, ...]
    warnings: tuple[str, ...]
    backend: str | None


class HelloParams(Value):
    version: int


class Hello(Value):
    version: int
    pid: int


class OpenProjectParams(Value):
    """Which project to open.

    Attributes:
        session: of a window whose broker ended, the session that it was told: what that window autosaved
            is its own still, and is not offered to it.
    """

    path: str
    person: Person
    read_only: bool = False
    session: str | None = None


class CreateProjectParams(Value):
    """`script_file` is read and taken in as the project's script, byte for byte."""

    path: str
    title: str
    policy: str = "netflix-2025"
    script_file: str | None = None
    person: Person


class MakeSampleParams(Value):
    path: str
    person: Person


class SaveScriptParams(Value):
    """`expected` is the stamp of the version that the text was made from; None overwrites on purpose."""

    text: str
    spans: tuple[TempSpan, ...]
    expected: Stamp | None


class Saved(Value):
    stamp: Stamp
    at: UtcTime


class AutosaveParams(Value):
    text: str
    spans: tuple[TempSpan, ...]
    base: Sha256


class Autosaved(Value):
    at: UtcTime


class RecoverParams(Value):
    """`take` records that the person took the offer; otherwise the offer is put aside, not deleted."""

    offer: str
    take: bool

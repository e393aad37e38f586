"""What desk and broker say about asking models and deciding on what they offer."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from studio_assist.domain.candidate import Anchor, Decision, Outcome
from studio_assist.domain.found import FoundModels
from studio_assist.domain.generation import BackendInfo
from studio_assist.domain.people import Person
from studio_assist.domain.placing import Place
from studio_assist.domain.tasks import Placement
from studio_assist.domain.temp import TempSpan
from studio_assist.domain.values import CandidateId, EntryNumber, RequestId, Sha256, Share, UtcTime, Value
from studio_assist.protocol.record import ForgottenSeen
from studio_assist.protocol.setup import FoundServer, Standing


class ListBackendsParams(Value):
    look_again: bool = False


class Backends(Value):
    """What can be asked.

    Attributes:
        found: model files that other programs keep here.
        standings: how each backend handles data and what it lacks, in the order of `backends`.
        servers: what was looked for on this machine's own ports.
    """

    backends: tuple[BackendInfo, ...]
    found: tuple[FoundModels, ...]
    standings: tuple[Standing, ...] = ()
    servers: tuple[FoundServer, ...] = ()


class UseModelFileParams(Value):
    path: str


class TaskInfo(Value):
    """A task that the tray offers.

    Attributes:
        needs: what has to be selected: "line" a speech or action, "scene" any place in a scene, "script".
        closed: why it cannot be asked of the chosen backend, or None.
    """

    id: str
    title: str
    hint: str
    needs: Literal["line", "scene", "script"]
    placement: Placement
    closed: str | None


class ListTasksParams(Value):
    backend: str | None = None


class Tasks(Value):
    tasks: tuple[TaskInfo, ...]


class AskParams(Value):
    """One ask, complete: nothing downstream looks anything up in a setting.

    Attributes:
        script: the script as it stands in the editor, saved or not.
        anchor: what the person selected, or where the caret stands.
        rejected: candidates of earlier asks on the same anchor, which the model is told of.
    """

    task: str
    script: str
    anchor: Anchor | None
    note: str = ""
    count: int = Field(default=3, ge=1, le=8)
    backend: str | None = None
    seed: int | None = None
    person: Person


class Asked(Value):
    request: RequestId
    at: UtcTime


class RequestRef(Value):
    request: RequestId


class PresentedParams(Value):
    candidate: CandidateId
    content: Sha256
    person: Person


class DecideParams(Value):
    """One person's decision on one candidate. There is no call that takes more than one.

    Attributes:
        content: SHA-256 of what the card showed.
        result: the words as they enter the script; None for a rejection.
    """

    candidate: CandidateId
    content: Sha256
    outcome: Outcome
    result: str | None
    place: Place | None
    person: Person
    redo_of: EntryNumber | None = None


class Decided(Value):
    decision: Decision
    span: TempSpan | None


class UndoDecisionParams(Value):
    decision: EntryNumber
    person: Person


class MarkStaleParams(Value):
    """`fresh` takes the mark off again: an undo brought the text back."""

    candidate: CandidateId
    why: str
    fresh: bool = False


class ReplaceSpanParams(Value):
    """A person replaces temp text. `result` is what stands there now; None where it is kept as it is."""

    span: TempSpan
    how: Literal["rewritten", "marked"]
    result: str | None
    person: Person


class Recorded(Value):
    entry: EntryNumber
    at: UtcTime


class ProvenanceParams(Value):
    entry: EntryNumber


class Provenance(Value):
    """The story of one decision: what was asked, offered, and made of it.

    Attributes:
        forgotten: set where any of the three texts was forgotten; the others are None only where there
            never was one.
    """

    entry: EntryNumber
    person_name: str
    automated: bool
    at: UtcTime
    outcome: Outcome
    kept: Share
    task: str
    model: str
    where: Literal["here", "studio", "outside"]
    seed: int
    asked_at: UtcTime
    note: str | None
    offered: str | None
    result: str | None
    forgotten: ForgottenSeen | None = None

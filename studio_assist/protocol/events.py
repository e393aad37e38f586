"""What the broker tells without being asked."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from studio_assist.domain.candidate import Candidate
from studio_assist.domain.values import CandidateId, RequestId, Share, Value
from studio_assist.protocol.animatic import AnimaticChanged
from studio_assist.protocol.boards import BoardChanged, EditorChanged, QueueChanged
from studio_assist.protocol.clear import ClearanceChanged
from studio_assist.protocol.gate import GateSheet
from studio_assist.protocol.people import PeopleChanged
from studio_assist.protocol.record import LedgerState
from studio_assist.protocol.review import ReviewChanged


class CandidateChanged(Value):
    """A card came up, grew, or changed its state. `candidate.text` is the whole text so far."""

    event: Literal["candidate"] = "candidate"
    candidate: Candidate
    tokens_per_second: float = 0.0


class CandidateDropped(Value):
    """A candidate was taken off its card before anyone could decide on it, and why."""

    event: Literal["candidate_dropped"] = "candidate_dropped"
    request: RequestId
    candidate: CandidateId
    why: str


class RequestChanged(Value):
    """A request went on or ended.

    Attributes:
        state: "running" with `done` of `total` cards written, then "done", "stopped" or "failed".
        note: what a person should know about the outcome ("5 of 12 looped and were dropped").
    """

    event: Literal["request"] = "request"
    request: RequestId
    task: str
    state: Literal["running", "done", "stopped", "failed"]
    done: int
    total: int
    note: str = ""
    remedy: str = ""


class LedgerChanged(Value):
    event: Literal["ledger"] = "ledger"
    ledger: LedgerState


class Progress(Value):
    """Long work goes on: making the sample, exporting, checking the record."""

    event: Literal["progress"] = "progress"
    job: str
    label: str
    share: Share


class Trouble(Value):
    """Something went wrong that no open call can report: the model child ended, a background check failed."""

    event: Literal["trouble"] = "trouble"
    kind: str
    message: str
    remedy: str


class GateAsked(Value):
    """A request stands at the gate with its exact bytes; or, blocked, stood there.

    It comes again whenever an answer changes what the sheet shows. A blocked one has ended already.
    """

    event: Literal["gate"] = "gate"
    sheet: GateSheet


class GateClosed(Value):
    """Nobody has to look at this sheet any more: it was sent, refused, stopped, or grew too old."""

    event: Literal["gate_closed"] = "gate_closed"
    request: RequestId
    why: Literal["sent", "refused", "stopped", "changed"]


class GateSent(Value):
    """Bytes left. `bytes`: of the whole request so far; `answered`: the host has begun to answer."""

    event: Literal["gate_sent"] = "gate_sent"
    request: RequestId
    bytes: int
    answered: bool = False


Event = Annotated[
    CandidateChanged
    | CandidateDropped
    | RequestChanged
    | LedgerChanged
    | Progress
    | Trouble
    | GateAsked
    | GateClosed
    | GateSent
    | BoardChanged
    | QueueChanged
    | EditorChanged
    | ClearanceChanged
    | PeopleChanged
    | ReviewChanged
    | AnimaticChanged,
    Field(discriminator="event"),
]

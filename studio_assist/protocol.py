"""What desk and broker say to each other.

JSON-RPC 2.0, one JSON document a line, over the broker's standard input and output. Requests go from the
desk to the broker, events (notifications) the other way. Every message is a strict value; pictures travel
as media hashes, never as bytes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Final, Generic, Literal, TypeVar

from pydantic import Field, TypeAdapter
from pydantic_core import from_json, to_json

from studio_assist.domain.candidate import Anchor, Candidate, Decision, Outcome
from studio_assist.domain.errors import BadInput, StudioError, error_of
from studio_assist.domain.found import FoundModels
from studio_assist.domain.generation import BackendInfo
from studio_assist.domain.people import Person
from studio_assist.domain.placing import Place
from studio_assist.domain.tasks import Placement
from studio_assist.domain.temp import TempSpan
from studio_assist.domain.values import (
    CandidateId,
    EntryNumber,
    RequestId,
    Sha256,
    Share,
    UtcTime,
    Value,
)

#: Raised with every change of a message. A desk and a broker of different versions do not talk.
VERSION: Final = 1

P = TypeVar("P", bound=Value)
R = TypeVar("R", bound=Value)


class Nothing(Value):
    """No parameters, or no result but that it was done."""


# What is said about a project ---------------------------------------------------------------------------


class Stamp(Value):
    """Which version of a file was read: a save refuses to overwrite any other."""

    sha256: Sha256
    size: int
    mtime_ns: int


class LedgerState(Value):
    """What is known of the record.

    Attributes:
        state: "intact" after a check that found nothing, "checking" while one runs, "altered" with `why`.
    """

    size: int
    root: Sha256
    state: Literal["intact", "checking", "altered"]
    first_bad: EntryNumber | None = None
    why: str | None = None
    checked_at: UtcTime | None = None
    sent_today_bytes: int = 0


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
    read_only: str | None
    ledger: LedgerState
    open_requests: tuple[OpenRequest, ...]
    recovery: tuple[RecoveryOffer, ...]
    warnings: tuple[str, ...]
    backend: str | None


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


# Parameters and results ---------------------------------------------------------------------------------


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


class ImportScriptParams(Value):
    file: str
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


class ListBackendsParams(Value):
    look_again: bool = False


class Backends(Value):
    backends: tuple[BackendInfo, ...]
    found: tuple[FoundModels, ...]


class UseModelFileParams(Value):
    path: str


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
    """The story of one decision: what was asked, offered, and made of it."""

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


class VerifyParams(Value):
    full: bool = True


class ExportParams(Value):
    """`script` and `spans` are as they stand in the editor; None exports what is saved."""

    format: Literal["fountain", "pdf"]
    out: str
    final: bool = False
    script: str | None = None
    spans: tuple[TempSpan, ...] | None = None
    person: Person


class ExportedFile(Value):
    path: str
    sha256: Sha256
    entry: EntryNumber


class BlockedBy(Value):
    """One piece of temp material that keeps a final export shut."""

    kind: Literal["line", "board"]
    where: str
    entry: EntryNumber
    start: int
    length: int


class Exported(Value):
    """Either files were written, or the list says what stands in the way."""

    files: tuple[ExportedFile, ...] = ()
    temp_items: int = 0
    blocked_by: tuple[BlockedBy, ...] = ()


@dataclass(frozen=True)
class Method(Generic[P, R]):
    """One thing that the desk can ask of the broker."""

    name: str
    params: type[P]
    result: type[R]


HELLO: Final = Method("hello", HelloParams, Hello)
OPEN_PROJECT: Final = Method("open_project", OpenProjectParams, ProjectState)
CREATE_PROJECT: Final = Method("create_project", CreateProjectParams, ProjectState)
MAKE_SAMPLE: Final = Method("make_sample", MakeSampleParams, ProjectState)
CANCEL_SAMPLE: Final = Method("cancel_sample", Nothing, Nothing)
IMPORT_SCRIPT: Final = Method("import_script", ImportScriptParams, ProjectState)
CLOSE_PROJECT: Final = Method("close_project", Nothing, Nothing)
SAVE_SCRIPT: Final = Method("save_script", SaveScriptParams, Saved)
AUTOSAVE: Final = Method("autosave", AutosaveParams, Autosaved)
RECOVER: Final = Method("recover", RecoverParams, Nothing)
LIST_BACKENDS: Final = Method("list_backends", ListBackendsParams, Backends)
USE_MODEL_FILE: Final = Method("use_model_file", UseModelFileParams, BackendInfo)
LIST_TASKS: Final = Method("list_tasks", ListTasksParams, Tasks)
ASK: Final = Method("ask", AskParams, Asked)
STOP: Final = Method("stop", RequestRef, Nothing)
PRESENTED: Final = Method("presented", PresentedParams, Nothing)
DECIDE: Final = Method("decide", DecideParams, Decided)
UNDO_DECISION: Final = Method("undo_decision", UndoDecisionParams, Recorded)
MARK_STALE: Final = Method("mark_stale", MarkStaleParams, Nothing)
REPLACE_SPAN: Final = Method("replace_span", ReplaceSpanParams, Recorded)
PROVENANCE: Final = Method("provenance", ProvenanceParams, Provenance)
VERIFY_LEDGER: Final = Method("verify_ledger", VerifyParams, LedgerState)
EXPORT: Final = Method("export", ExportParams, Exported)
SHUT_DOWN: Final = Method("shut_down", Nothing, Nothing)

METHODS: Final[dict[str, Method[Any, Any]]] = {
    method.name: method for method in list(globals().values()) if isinstance(method, Method)
}


# Events -------------------------------------------------------------------------------------------------


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


Event = Annotated[
    CandidateChanged | CandidateDropped | RequestChanged | LedgerChanged | Progress | Trouble,
    Field(discriminator="event"),
]

_EVENT: Final[TypeAdapter[Event]] = TypeAdapter(Event)


# The envelope -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Call:
    """A request as it came over the wire: its parameters are already of the method's type.

    Attributes:
        again: it may have been carried out before, by a broker that ended before it could answer.
    """

    id: int
    method: Method[Any, Any]
    params: Value
    again: bool = False


@dataclass(frozen=True)
class Answer:
    """How a call ended: with a result still as JSON, or with an error."""

    id: int
    result: bytes | None
    error: StudioError | None
    bug: str | None = None


def encode_call(number: int, method: Method[P, Any], params: P, *, again: bool = False) -> bytes:
    """One request as a line."""
    body = {"jsonrpc": "2.0", "id": number, "method": method.name, "params": params}
    return to_json(body | {"again": True} if again else body) + b"\n"


def encode_result(number: int, result: Value) -> bytes:
    """One answer as a line."""
    return to_json({"jsonrpc": "2.0", "id": number, "result": result}) + b"\n"


def encode_error(number: int | None, error: StudioError) -> bytes:
    """One refusal, bad input or other error that a person can act on, as a line (code 1)."""
    data = {"kind": error.kind, "remedy": error.remedy, "place": error.place, "rule": error.rule}
    body = {"code": 1, "message": error.message, "data": data}
    return to_json({"jsonrpc": "2.0", "id": number, "error": body}) + b"\n"


def encode_bug(number: int | None, details: str) -> bytes:
    """A fault of ours as a line (code 2): `details` is the traceback, which holds no script text."""
    body = {"code": 2, "message": "Something in Studio Assist failed.", "data": {"details": details}}
    return to_json({"jsonrpc": "2.0", "id": number, "error": body}) + b"\n"


def encode_event(event: Event) -> bytes:
    """One event as a line."""
    return to_json({"jsonrpc": "2.0", "method": "event", "params": event}) + b"\n"


def decode_call(line: bytes) -> Call:
    """Read a request. Raises `BadInput` for anything that is not exactly one of ours."""
    try:
        message = from_json(line)
        method = METHODS[message["method"]]
        # Strict models read a date or an enum from JSON only, so the parameters go through JSON again.
        params = method.params.model_validate_json(to_json(message.get("params", {})))
        return Call(int(message["id"]), method, params, message.get("again") is True)
    except (KeyError, TypeError, ValueError) as error:
        raise BadInput(
            f"The window sent something that the broker does not understand: {type(error).__name__}.",
            remedy="Install the window and the broker from the same version of Studio Assist.",
        ) from error


def decode_from_broker(line: bytes) -> Answer | Event:
    """Read an answer or an event. Raises `BadInput` where the line is neither."""
    try:
        message = from_json(line)
        if message.get("method") == "event":
            return _EVENT.validate_json(to_json(message["params"]))
        if "error" in message:
            error = message["error"]
            data = error["data"]
            if error["code"] == 1:
                known = error_of(data["kind"], error["message"], data["remedy"], data["place"], data["rule"])
                return Answer(message["id"], None, known)
            return Answer(message["id"], None, None, bug=str(data["details"]))
        return Answer(message["id"], to_json(message["result"]), None)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise BadInput(
            f"The broker sent something that the window does not understand: {type(error).__name__}.",
            remedy="Install the window and the broker from the same version of Studio Assist.",
        ) from error

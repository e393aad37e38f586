"""Requests and candidates as a broker would tell of them."""

from __future__ import annotations

from datetime import UTC, datetime

from studio_assist.domain.candidate import Anchor, Candidate, Decision, Outcome, State
from studio_assist.domain.tasks import Placement
from studio_assist.domain.values import CandidateId, EntryNumber, PersonId, RequestId, sha256_of
from studio_assist.protocol import CandidateChanged, OpenRequest, RequestChanged, TaskInfo

LINE = "It's not static. Somebody out there is counting."
OFFERS = (
    "That's not static. Somebody out there is counting backwards.",
    "It's not static. Somebody out there is waiting for me to answer.",
    "Listen. Static doesn't stop at nine.",
)
NOON = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)


def task(
    name: str = "alt-lines", *, needs: str = "line", placement: str = "replace", closed: str | None = None
) -> TaskInfo:
    title = name.replace("-", " ").capitalize()
    return TaskInfo(
        id=name,
        title=title,
        hint="Say what should change.",
        needs=needs,  # type: ignore[arg-type]
        placement=Placement(placement),
        closed=closed,
    )


def request(name: str = "r1", *, line: str = LINE, at: datetime = NOON, cards: tuple[Candidate, ...] = ()):
    return OpenRequest(
        request=RequestId(name),
        task="alt-lines",
        scene="14",
        cue="MAYA",
        anchor=Anchor(start=0, length=len(line), quote=line),
        note="",
        backend="embedded",
        model="SmolLM2-135M",
        where="here",
        at=at,
        person_name="R. Okafor",
        candidates=cards,
    )


def candidate(place: int, state: State, text: str = "", *, of: str = "r1", **more: object) -> Candidate:
    return Candidate(
        id=CandidateId(f"{of}-c{place + 1}"),
        request=RequestId(of),
        index=place,
        state=state,
        text=text,
        content=sha256_of(text) if state is State.READY else None,
        seed=place,
        **more,  # type: ignore[arg-type]
    )


def wrote(model: object, place: int, text: str, *, of: str = "r1", end: State = State.READY) -> str:
    """Let a candidate walk from its request to the end of its writing. Answers its id."""
    model.apply(CandidateChanged(candidate=candidate(place, State.REQUESTED, of=of)))
    model.apply(CandidateChanged(candidate=candidate(place, State.STREAMING, text[:4], of=of)))
    done = candidate(place, end, text, of=of)
    model.apply(CandidateChanged(candidate=done))
    return str(done.id)


def progress(done: int, total: int, state: str = "running", of: str = "r1", **more: str) -> RequestChanged:
    return RequestChanged(
        request=RequestId(of),
        task="alt-lines",
        state=state,
        done=done,
        total=total,
        **more,  # type: ignore[arg-type]
    )


def decision(card: str, outcome: Outcome, text: str, *, entry: int = 7, kept: float = 1.0) -> Decision:
    return Decision(
        entry=EntryNumber(entry),
        candidate=CandidateId(card),
        person=PersonId("okafor"),
        at=NOON,
        outcome=outcome,
        content=sha256_of(text),
        kept=kept,
    )

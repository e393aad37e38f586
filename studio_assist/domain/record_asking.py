"""What the ledger holds of asking a model: requests, candidates, and what people decided about them.

The rules of `domain.record` hold: no confidential text, fields in alphabetical order, no float, and a `v`
for each kind of entry.
"""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from studio_assist.domain.record_types import (
    Commitment,
    Count,
    Integer,
    Name,
    Permille,
    Settings,
    Slug,
    Where,
)
from studio_assist.domain.values import CandidateId, EntryNumber, RequestId, Value


class Anchor(Value):
    """The part of the script a request was made about. Offsets and lengths are code points."""

    length: Count
    quote: Commitment
    start: Count


class Dropped(Value):
    """Candidates that were not shown (empty, looping, a duplicate), with the reason."""

    count: Count
    reason: Name


class Placement(Value):
    """Where accepted text went in. Start and length are code points in the script after placing."""

    kind: Slug
    length: Count
    start: Count


class Requested(Value):
    """Somebody asked for candidates. Written before anything else is done.

    Attributes:
        where: where the model runs: this machine, the studio's network, outside.
        scene: number of the scene as written in the script, or None.
        prompt: the prompt as the model got it, whole.
        note: what the person typed beside it.
        settings: sampling settings; a decimal fraction is written as text ("0.8").
    """

    anchor: Anchor | None
    backend: Name
    count: Annotated[int, Field(ge=1, le=1000)]
    model: str
    note: Commitment | None
    prompt: Commitment
    request: RequestId
    scene: str | None
    seed: Integer | None
    settings: Settings
    task: Slug
    type: Literal["requested"] = "requested"
    v: Literal[1] = 1
    where: Where


class VerdictGiven(Value):
    """What the gate said about a request, with the ids of the rules that spoke."""

    request: RequestId
    rules: tuple[str, ...]
    type: Literal["verdict"] = "verdict"
    v: Literal[1] = 1
    verdict: Literal["here", "ask", "hold", "blocked"]


class CandidateMade(Value):
    """A model offered something. `index` counts from 0 within the request; `ms` is its own running time."""

    candidate: CandidateId
    content: Commitment
    index: Count
    ms: Count
    request: RequestId
    seed: Integer | None
    state: Literal["ready", "stopped", "failed"]
    tokens: Count
    type: Literal["candidate"] = "candidate"
    v: Literal[1] = 1
    why: str | None


class RequestEnded(Value):
    """A request is over, and what of it was dropped."""

    dropped: tuple[Dropped, ...]
    request: RequestId
    state: Literal["done", "stopped", "failed"]
    type: Literal["request_ended"] = "request_ended"
    v: Literal[1] = 1
    why: str | None


class Presented(Value):
    """The envelope's person was shown a candidate with exactly this content."""

    candidate: CandidateId
    content: Commitment
    type: Literal["presented"] = "presented"
    v: Literal[1] = 1


class DecisionMade(Value):
    """What the envelope's person did with one candidate.

    Attributes:
        automated: made by a script in the person's stead (the tour, a test), and said so.
        content: what was on the card.
        kept_permille: share of the candidate's words that stand in the result, in thousandths.
        redo_of: the undone decision that this one repeats.
        result: the text that goes in: the same commitment as `content` for accepted, its own for edited,
            None for rejected.
    """

    automated: bool
    candidate: CandidateId
    content: Commitment
    kept_permille: Permille
    outcome: Literal["accepted", "edited", "rejected"]
    placement: Placement | None
    redo_of: EntryNumber | None
    result: Commitment | None
    type: Literal["decision"] = "decision"
    v: Literal[1] = 1

    @model_validator(mode="after")
    def _result_fits(self) -> Self:
        if self.outcome == "rejected" and (self.result is not None or self.placement is not None):
            raise ValueError("a rejected candidate leaves nothing behind")
        if self.outcome == "accepted" and self.result != self.content:
            raise ValueError("what is accepted goes in exactly as it was shown")
        if self.outcome == "edited" and self.result is None:
            raise ValueError("an edited candidate has a result")
        return self


class DecisionUndone(Value):
    """A decision was taken back; its candidate is open again. The decision's entry stays."""

    automated: bool
    decision: EntryNumber
    type: Literal["decision_undone"] = "decision_undone"
    v: Literal[1] = 1


class MarkedStale(Value):
    """The text a candidate was made for has changed."""

    candidate: CandidateId
    type: Literal["marked_stale"] = "marked_stale"
    v: Literal[1] = 1
    why: str


class MarkedFresh(Value):
    """The text a stale candidate was made for is back, by an undo; the candidate is open again."""

    candidate: CandidateId
    type: Literal["marked_fresh"] = "marked_fresh"
    v: Literal[1] = 1
    why: str

"""The story of one entry, from the request through gate, candidates and decision to where it went.

Read from the record itself, never from the index: what stands in a story is what was signed. Every look-up
goes by an index of the ledger or by a kind of entry that any project has few of, so that a story of one entry
in a million costs no more than of one in a hundred.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import tzinfo
from typing import Literal

from studio_assist.domain.record import (
    CandidateMade,
    ClearanceDrafted,
    ConsentRecorded,
    ConsentRevoked,
    ContactTold,
    DecisionMade,
    Entry,
    Forgotten,
    PanelDrawn,
    commitments,
)
from studio_assist.domain.review import EntryStory, Step
from studio_assist.domain.values import CandidateId, EntryNumber, RequestId
from studio_assist.ledger import story_board
from studio_assist.ledger.past import write_entry
from studio_assist.ledger.reading import Reader
from studio_assist.ledger.review.wording import other_purpose
from studio_assist.ledger.story_clearance import Clearing, clearance_steps, consent_steps, contact_step
from studio_assist.ledger.story_decision import decision_steps
from studio_assist.ledger.story_proof import proof_text as proof_text
from studio_assist.ledger.story_record import record_step, record_steps
from studio_assist.ledger.story_request import (
    Asked,
    candidates_step,
    gate_steps,
    read_request,
    request_step,
)
from studio_assist.ledger.story_signed import with_signatures
from studio_assist.ledger.story_words import PANEL, Telling, short_hash
from studio_assist.ledger.tree import leaf_hash

GoesTo = tuple[Literal["script", "board"], str] | None


def story_of(reader: Reader, number: int, zone: tzinfo | None = None) -> EntryStory:
    """One entry's story.

    Args:
        zone: in which times within sentences are told; None for this machine's.

    Raises `BadInput` where the ledger has no such entry, `Damaged` where it cannot be read.
    """
    telling = Telling(reader, zone)
    entry = reader.entry(number)
    asked, focus = _about(telling, entry)
    temp, goes_to, tags, decision = False, _own_place(entry), tuple[str, ...](), None
    if asked is not None:
        if focus is None:
            focus = asked.chosen()
        steps, temp, tags = _rail(telling, asked, focus)
        goes_to, decision = _place_of(asked, focus), _let_in(asked, focus)
        heading = _heading(asked, focus)
        if isinstance(entry.body, ClearanceDrafted):
            steps += clearance_steps(telling, entry.body.clearance)
    else:
        steps = _others(telling, entry)
        drawn = isinstance(entry.body, PanelDrawn)
        heading = record_step(telling, entry).title if drawn else other_purpose(entry.body)[1]
    if all(step.number != number for step in steps):
        own = record_step(telling, entry)
        at = next((place for place, step in enumerate(steps) if step.number > number), len(steps))
        steps.insert(at, own)
    # What the entry itself speaks of counts, whether it is told of or not.
    for commitment in commitments(entry.body):
        telling.look(commitment)
    gone = next(iter(telling.missing), None)
    return EntryStory(
        number=number,
        heading=heading,
        steps=with_signatures(reader, steps),
        temp=temp,
        forgotten=gone is not None,
        by_whom=telling.gone(gone) if gone is not None else "",
        goes_to=goes_to,
        decision=decision,
        first=short_hash(leaf_hash(write_entry(entry)).hex()),
        last=short_hash(reader.root),
        tags=tags,
    )


# internals


def _about(telling: Telling, entry: Entry) -> tuple[Asked | None, CandidateId | None]:
    """The request that an entry belongs to, and the one candidate that it is about."""
    fields = vars(entry.body)
    focus: CandidateId | None = fields.get("candidate")
    request: RequestId | None = fields.get("request")
    decision: EntryNumber | None = fields.get("decision")
    if focus is None and decision is not None:
        made = telling.reader.entry(decision)
        focus = made.body.candidate if isinstance(made.body, DecisionMade) else None
    if request is None and focus is not None:
        candidate = telling.reader.candidate(focus)
        if candidate is not None and isinstance(candidate.body, CandidateMade):
            request = candidate.body.request
    return (read_request(telling, request, focus) if request is not None else None), focus


def _rail(
    telling: Telling, asked: Asked, focus: CandidateId | None
) -> tuple[list[Step], bool, tuple[str, ...]]:
    """All that the record has of a request, and of the candidate concerned, in its order."""
    steps = [request_step(telling, asked), *gate_steps(telling, asked)]
    offered = candidates_step(telling, asked, focus)
    if offered is not None:
        steps.append(offered)
    temp, automated = False, False
    concerned: Sequence[CandidateId] = list(asked.decisions) if focus is None else [focus]
    for candidate in concerned:
        for entry, body in asked.decisions.get(candidate, []):
            found = decision_steps(telling, asked, entry, body)
            temp = temp or found.temp
            automated = automated or body.automated
            if focus is not None:
                steps += found.steps
    steps.sort(key=lambda step: step.number)
    return steps, temp, (("Automated",) if automated else ())


def _others(telling: Telling, entry: Entry) -> list[Step]:
    """The steps of an entry that belongs to no request."""
    match entry.body:
        case ConsentRecorded() | ConsentRevoked() as body:
            return consent_steps(telling, body.consent)
        case ContactTold() as body:
            return [contact_step(telling, entry, body)]
        case body if isinstance(body, Clearing):
            return clearance_steps(telling, body.clearance)
        case Forgotten() as body:
            # What is left of the story that the texts were forgotten from.
            asked, focus = _about(telling, telling.reader.entry(body.entry))
            before = _rail(telling, asked, focus)[0] if asked is not None else []
            return [*before, record_step(telling, entry)]
        case _:
            return record_steps(telling, entry)


def _heading(asked: Asked, focus: CandidateId | None) -> str:
    if not asked.is_of_board:
        return asked.heading
    made = asked.candidate(focus) if focus is not None else None
    panel = story_board.panel_of(asked.body)
    return f"{panel} variant {made[1].index + 1}" if made else asked.heading


def _place_of(asked: Asked, focus: CandidateId | None) -> GoesTo:
    """Where *Go to* leads: a panel's shot, where the words went in, or what was asked about."""
    if asked.is_of_board:
        shot = story_board.shot_of(asked.body)
        return ("board", shot) if shot else None
    decided = asked.decisions.get(focus, []) if focus is not None else []
    for _entry, body in reversed(decided):
        if body.placement is not None and body.placement.kind != PANEL:
            return "script", str(body.placement.start)
    return ("script", str(asked.body.anchor.start)) if asked.body.anchor is not None else None


def _let_in(asked: Asked, focus: CandidateId | None) -> EntryNumber | None:
    """The newest decision that let the candidate in."""
    decided = asked.decisions.get(focus, []) if focus is not None else []
    return next((entry.number for entry, body in reversed(decided) if body.outcome != "rejected"), None)


def _own_place(entry: Entry) -> GoesTo:
    return ("board", entry.body.shot) if isinstance(entry.body, PanelDrawn) else None

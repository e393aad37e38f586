"""What people do with candidates, one by one, and what the record says of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import assert_never

from studio_assist import protocol
from studio_assist.broker.board_story import content_of
from studio_assist.broker.session import Session
from studio_assist.broker.story import BOARD
from studio_assist.domain import record
from studio_assist.domain.candidate import Decision, State
from studio_assist.domain.errors import BadInput, Refusal
from studio_assist.domain.record import CandidateMade, DecisionMade, Entry, Requested
from studio_assist.domain.values import CandidateId, EntryNumber, Value, sha256_of
from studio_assist.domain.words import kept_share
from studio_assist.ledger import Contents


def presented(session: Session, params: protocol.PresentedParams) -> None:
    """Note that a person was shown exactly this content.

    Raises:
        Refusal: the candidate holds other words than the card showed.
    """
    made, _ = shown_candidate(session, params.candidate, params.content)
    session.meet(params.person)
    session.append(
        record.Presented(candidate=made.candidate, content=made.content), person=params.person, durable=False
    )


def decide(session: Session, params: protocol.DecideParams) -> protocol.Decided:
    """Record one decision, durably, before anything of it enters the script.

    Raises:
        Refusal: the card showed other words, the candidate was never shown to this person, is decided
            already or stale.
        BadInput: the result does not fit the outcome.
    """
    made, text = shown_candidate(session, params.candidate, params.content)
    if session.story.request_entry(made.request).task == BOARD:
        raise BadInput("That candidate is a picture.", remedy="Decide on it in the Board desk.")
    session.meet(params.person)
    texts = Contents()
    result: record.Commitment | None = None
    kept = 1.0
    match params.outcome:
        case State.ACCEPTED:
            if params.result != text:
                raise BadInput(
                    "What is accepted goes in exactly as it was shown.",
                    remedy="Use Edit to change the words first.",
                )
            result = made.content
        case State.EDITED:
            if not params.result or not params.result.strip():
                raise BadInput("There are no words left to accept.", remedy="Reject it, or write something.")
            if params.result == text:
                raise BadInput("Nothing was edited.", remedy="Accept it as it is.")
            kept = kept_share(text, params.result)
            result = texts.add(params.result)
        case State.REJECTED:
            if params.result is not None or params.place is not None:
                raise BadInput(
                    "A rejected candidate leaves nothing behind.", remedy="Reject it without words."
                )
            kept = 0.0
        case _:
            assert_never(params.outcome)
    place = params.place
    placement = (
        record.Placement(
            kind=place.kind,
            start=place.start + len(place.before),
            length=len(place.placed(params.result)),
        )
        if place and params.result is not None
        else None
    )
    entry = session.append(
        DecisionMade(
            candidate=made.candidate,
            outcome=params.outcome.value,
            content=made.content,
            result=result,
            kept_permille=round(1000 * kept),
            automated=params.person.automated,
            redo_of=params.redo_of,
            placement=placement,
        ),
        contents=texts,
        person=params.person,
        durable=True,
    )
    return _decided(session, params, entry)


def recorded(session: Session, params: Value) -> Value | None:
    """What the record already holds of a call that is made again, as its answer; None where it holds nothing.

    A broker that ended between the entry and the answer leaves a window that does not know.
    """
    match params:
        case protocol.DecideParams():
            found = session.ledger.entries(
                type="decision", candidate=params.candidate, newest_first=True, limit=1
            )
            for entry in found:
                body = entry.body
                same = (
                    isinstance(body, DecisionMade)
                    and (entry.person, body.outcome, body.redo_of)
                    == (params.person.id, params.outcome.value, params.redo_of)
                    and (session.ledger.content(body.result) if body.result else None) == params.result
                )
                if same and not session.ledger.entries(
                    type="decision_undone", decision=entry.number, limit=1
                ):
                    return _decided(session, params, entry)
            return None
        case protocol.UndoDecisionParams():
            return _recorded(session, "decision_undone", params.decision)
        case protocol.ReplaceSpanParams():
            return _recorded(session, "replaced", params.span.entry)
        case _:
            return None


def undo(session: Session, params: protocol.UndoDecisionParams) -> protocol.Recorded:
    """Take a decision back with an entry of its own. Its entry stays; the candidate is open again."""
    _of_words(session, params.decision)
    entry = session.append(
        record.DecisionUndone(decision=params.decision, automated=params.person.automated),
        person=params.person,
        durable=True,
    )
    return protocol.Recorded(entry=entry.number, at=entry.at)


def mark_stale(session: Session, params: protocol.MarkStaleParams) -> None:
    """Note that the text a candidate was made for has changed, or (`fresh`) is back by an undo."""
    made = session.story.candidate_entry(params.candidate)
    body = (
        record.MarkedFresh(candidate=made.candidate, why=params.why)
        if params.fresh
        else record.MarkedStale(candidate=made.candidate, why=params.why)
    )
    session.append(body, durable=False)


def replace(session: Session, params: protocol.ReplaceSpanParams) -> protocol.Recorded:
    """Record that a person's own work stands in place of temp text: a decision of its own."""
    _of_words(session, params.span.entry)
    texts = Contents()
    entry = session.append(
        record.Replaced(
            span=params.span.id,
            decision=params.span.entry,
            how=params.how,
            result=texts.add(params.result) if params.result is not None else None,
            automated=params.person.automated,
        ),
        contents=texts,
        person=params.person,
        durable=True,
    )
    return protocol.Recorded(entry=entry.number, at=entry.at)


def provenance(session: Session, number: EntryNumber) -> protocol.Provenance:
    """The story of one decision. Words that were forgotten are None.

    Raises:
        BadInput: that entry is not a decision.
    """
    body = session.ledger.entry(number).body
    if isinstance(body, record.PanelReplaced):
        # Its story is that of the decision which had let the temp picture in.
        number = body.decision
    entry, decision = session.ledger.decision(number)
    made = session.story.candidate_entry(decision.candidate)
    asked = session.ledger.entries(type="requested", request=made.request, limit=1)[0]
    request = asked.body
    assert isinstance(request, Requested)
    name, automated = session.story.name_of(entry.person)
    return protocol.Provenance(
        entry=number,
        person_name=name,
        automated=automated or decision.automated,
        at=entry.at,
        outcome=State(decision.outcome),  # pyright: ignore[reportArgumentType]  # the record's words are those three
        kept=decision.kept_permille / 1000,
        task=request.task,
        model=request.model,
        where=request.where,
        seed=made.seed or 0,
        asked_at=asked.at,
        note=session.ledger.content(request.note) if request.note else None,
        offered=_words_of(session.ledger.content(made.content)),
        result=_words_of(session.ledger.content(decision.result)) if decision.result else None,
        forgotten=_forgotten(session, (made.content, decision.result, request.note)),
    )


def _of_words(session: Session, decision: EntryNumber) -> None:
    """Raises `BadInput` for a decision about a picture: what stands in its panel would not follow."""
    made = session.story.candidate_entry(session.ledger.decision(decision)[1].candidate)
    if session.story.request_entry(made.request).task == BOARD:
        raise BadInput("That decision is about a picture.", remedy="Take it back in the Board desk.")


def _words_of(text: str | None) -> str | None:
    """What was offered, in words: a picture's content is the JSON that names its file."""
    content = content_of(text)
    if content is None:
        return text
    picture = content.picture
    kind = content.source.word
    return f"A picture of {picture.width} × {picture.height} pixels, {kind}, SHA-256 {picture.sha256}."


def _forgotten(session: Session, texts: Sequence[record.Commitment | None]) -> protocol.ForgottenSeen | None:
    """Who had one of these texts forgotten; the latest, where there were several."""
    gone = {text for text in texts if text is not None and session.ledger.is_forgotten(text)}
    if not gone:
        return None
    for entry in session.ledger.entries(type="forgotten", newest_first=True, limit=10_000):
        if isinstance(entry.body, record.Forgotten) and gone & set(entry.body.commitments):
            who = session.story.name_of(entry.person)[0]
            return protocol.ForgottenSeen(who=who, at=entry.at, why=entry.body.why, entry=entry.number)
    return None


def _decided(session: Session, params: protocol.DecideParams, entry: Entry) -> protocol.Decided:
    body = entry.body
    assert isinstance(body, DecisionMade)
    decision = Decision(
        entry=entry.number,
        candidate=params.candidate,
        person=params.person.id,
        at=entry.at,
        outcome=params.outcome,
        content=params.content,
        kept=body.kept_permille / 1000,
    )
    span = None
    if params.result is not None:
        words = params.place.placed(params.result) if params.place else params.result
        span = session.story.span_of(entry, body, words)
    return protocol.Decided(decision=decision, span=span)


def _recorded(session: Session, kind: str, decision: EntryNumber) -> protocol.Recorded | None:
    for entry in session.ledger.entries(type=kind, decision=decision, newest_first=True, limit=1):
        return protocol.Recorded(entry=entry.number, at=entry.at)
    return None


def shown_candidate(session: Session, candidate: CandidateId, content: str) -> tuple[CandidateMade, str]:
    """A candidate and its words, where they are the ones that the card showed.

    Raises:
        Refusal: it holds others, or they were forgotten.
    """
    made = session.story.candidate_entry(candidate)
    text = session.ledger.content(made.content)
    if text is None:
        raise Refusal(
            "The words of this candidate were forgotten; they cannot be decided on.",
            remedy="Ask again.",
            rule="shown-content",
        )
    if sha256_of(text) != content:
        raise Refusal(
            "The card showed other words than this candidate holds. Nothing was decided.",
            remedy="Look at the card again, then decide.",
            rule="shown-content",
        )
    return made, text

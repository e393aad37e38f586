"""What of a script that goes out is temp: what its caller says, and what the record has as standing."""

from __future__ import annotations

from collections.abc import Iterator

from studio_assist import protocol
from studio_assist.broker.session import Session
from studio_assist.broker.story import is_of_board
from studio_assist.domain import record as entries
from studio_assist.domain.errors import StudioError
from studio_assist.domain.temp import TempFile, TempSpan, anchored
from studio_assist.domain.values import EntryNumber


def spans_in(
    session: Session, params: protocol.ExportParams, script: str, *, partly: bool = False
) -> tuple[TempSpan, ...]:
    """The temp spans of the script that goes out, where they stand in it.

    A caller names those of the editor. What it leaves out and the record has as standing counts all the same
    where its words are in the script; a final export waits until their end is in the record, which a save
    sees to.
    """
    saved = saved_spans(session, partly=partly)
    quote_of = session.story.quote_of
    if params.spans is None:
        return anchored(saved, script, quote_of)
    named = {span.entry for span in params.spans}
    left_out = [span for span in saved if span.entry not in named]
    if not params.final:
        found = anchored(left_out, script, quote_of)
        left_out = [span for span in found if span.state == "anchored"]
    return anchored((*params.spans, *left_out), script, quote_of)


def saved_spans(session: Session, *, partly: bool = False) -> tuple[TempSpan, ...]:
    """The temp spans of the saved script; what the record has as placed and temp.json lacks, as lost.

    So an export of a project whose temp.json somebody emptied is marked all the same. `partly`: of a record
    that does not hold, what can still be read.
    """
    file = session.folder.load_temp(TempFile)
    spans = list(file.spans) if isinstance(file, TempFile) else []
    try:
        spans.extend(_placed_without(session, {span.entry for span in spans}))
    except StudioError:
        if not partly:
            raise
    return tuple(spans)


def _placed_without(session: Session, named: set[EntryNumber]) -> Iterator[TempSpan]:
    """Decisions that the record has as placed and as live, but for the named ones, as lost spans."""
    ended = ("decision_undone", "replaced", "span_deleted")
    after = 0
    while batch := session.ledger.entries(after, 1000, type="placed"):
        after = batch[-1].number
        for entry in batch:
            placed = entry.body
            if not isinstance(placed, entries.Placed) or placed.decision in named:
                continue
            if session.ledger.entries(type=ended, decision=placed.decision, limit=1):
                continue
            decision_entry, decision = session.ledger.decision(placed.decision)
            if is_of_board(decision):
                continue
            text = session.ledger.content(decision.result) if decision.result else None
            span = session.story.span_of(decision_entry, decision, text or "")
            yield span.model_copy(update={"state": "lost"})

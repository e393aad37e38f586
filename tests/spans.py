"""Temp spans for tests: made as a decision would make them."""

from __future__ import annotations

from datetime import UTC, datetime

from studio_assist.domain.temp import TempSpan
from studio_assist.domain.values import CandidateId, EntryNumber, PersonId, RequestId, sha256_of


def span_over(text: str, start: int, end: int, entry: int = 1, *, lost: bool = False) -> TempSpan:
    """A temp span over a range of a script; what a lost one once quoted stands nowhere any more."""
    quote = text[start:end]
    return TempSpan(
        id=f"t{entry}",
        entry=EntryNumber(entry),
        request=RequestId("r1"),
        candidate=CandidateId("c1"),
        task="alt-lines",
        person=PersonId("p1"),
        person_name="A. Writer",
        at=datetime(2026, 5, 4, tzinfo=UTC),
        outcome="accepted",
        model="SmolLM2-135M on this machine",
        start=start,
        length=end - start,
        quote=sha256_of(f"gone {quote}" if lost else quote),
        state="lost" if lost else "anchored",
    )


def span_on(text: str, quote: str, entry: int = 1, *, lost: bool = False) -> TempSpan:
    """A temp span on the first place of these words in a script."""
    start = text.index(quote)
    return span_over(text, start, start + len(quote), entry, lost=lost)

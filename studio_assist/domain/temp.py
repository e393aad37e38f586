"""Temp spans: accepted AI text in a script, where it stands, and the debt that it makes.

A span is an anchored range. It leaves only by a person's decision (*Rewrite it yourself*, *Mark as
replaced*) or because the person deleted its text; one whose anchor was lost is shown as lost, never dropped.
"""

from __future__ import annotations

import bisect
from collections.abc import Callable, Iterable, Sequence
from typing import Literal

from studio_assist.domain.values import (
    CandidateId,
    EntryNumber,
    PersonId,
    RequestId,
    Sha256,
    Share,
    UtcTime,
    Value,
    sha256_of,
)


class TempSpan(Value):
    """One accepted piece of AI text.

    Attributes:
        id: what the editor and the record call it; unique in a project.
        entry: number of the ledger entry that holds the decision.
        start, length: code points into the script's text.
        quote: SHA-256 of the text that stands there now.
        edited: share of the offered words that a person has changed since, 0 to 1.
        model: as shown to people, with where it ran: "SmolLM2-135M on this machine".
    """

    id: str
    entry: EntryNumber
    request: RequestId
    candidate: CandidateId
    task: str
    person: PersonId
    person_name: str
    at: UtcTime
    outcome: Literal["accepted", "edited"]
    model: str
    start: int
    length: int
    quote: Sha256
    edited: Share = 0.0
    state: Literal["anchored", "lost"] = "anchored"

    @property
    def end(self) -> int:
        return self.start + self.length

    def at_range(self, start: int, text: str, edited: float | None = None) -> TempSpan:
        """The same span where it stands now."""
        return self.model_copy(
            update={
                "start": start,
                "length": len(text),
                "quote": sha256_of(text),
                "edited": self.edited if edited is None else edited,
                "state": "anchored",
            }
        )


class TempFile(Value):
    """What temp.json holds."""

    version: Literal[1] = 1
    spans: tuple[TempSpan, ...] = ()


class Debt(Value):
    """What a person still has to replace before a final export.

    Attributes:
        lines: temp lines in the script; a lost span counts as one.
        boards: temp panels.
        sounds: temp sounds that the animatic plays.
    """

    lines: int = 0
    boards: int = 0
    sounds: int = 0

    @property
    def none_left(self) -> bool:
        return self.lines == 0 and self.boards == 0 and self.sounds == 0


def anchored(
    spans: Iterable[TempSpan], text: str, quote_of: Callable[[TempSpan], str | None] = lambda _span: None
) -> tuple[TempSpan, ...]:
    """The spans as they stand in a text that may have changed outside the app.

    A span stays where its quote still stands. Otherwise its text, if it is known, is looked for: found in
    one place alone, the span follows it; else it is lost, and keeps its old place so that a person can look.
    Spans that would overlap are lost, all but the first.
    """
    found: list[TempSpan] = []
    taken: list[tuple[int, int]] = []
    for span in spans:
        start = _place_of(span, text, quote_of(span))
        clashes = start is not None and any(
            start < end and begin < start + span.length for begin, end in taken
        )
        if start is None or clashes:
            found.append(span.model_copy(update={"state": "lost"}))
        else:
            taken.append((start, start + span.length))
            found.append(span.model_copy(update={"start": start, "state": "anchored"}))
    return tuple(sorted(found, key=lambda span: (span.start, span.entry)))


def with_copies(
    spans: Iterable[TempSpan], text: str, before: str, quote_of: Callable[[TempSpan], str | None]
) -> tuple[TempSpan, ...]:
    """The spans, and one more for each further place where a text that came from outside has their words.

    A file may hold what was accepted here once more, with its marks taken off. A few words that anybody
    writes are not looked for, nor such as stood unmarked in the script `before`.
    """
    found = list(spans)
    taken = sorted((span.start, span.end) for span in found if span.state == "anchored")
    names = {span.id for span in found}
    for place, span in enumerate(tuple(found)):
        quote = quote_of(span)
        if not quote or not is_telling(quote) or before.count(quote) > _times(found, span):
            continue
        at = -1
        while (at := text.find(quote, at + 1)) >= 0:
            if any(start < at + len(quote) and at < end for start, end in taken):
                continue
            taken.append((at, at + len(quote)))
            if found[place].state == "lost":
                found[place] = span.at_range(at, quote)
                continue
            number = next(n for n in range(2, len(names) + 3) if f"{_root(span.id)}.{n}" not in names)
            names.add(f"{_root(span.id)}.{number}")
            found.append(span.model_copy(update={"id": f"{_root(span.id)}.{number}"}).at_range(at, quote))
    return tuple(sorted(found, key=lambda span: (span.start, span.entry)))


def is_telling(words: str) -> bool:
    """Whether words are so many that two people do not write them by chance."""
    return len(words) >= 20 and len(words.split()) >= 4


def _times(spans: Iterable[TempSpan], span: TempSpan) -> int:
    return sum(1 for one in spans if one.quote == span.quote)


def _root(name: str) -> str:
    return name.split(".", 1)[0]


def debt_of(spans: Iterable[TempSpan], text: str, boards: int = 0, sounds: int = 0) -> Debt:
    """The temp debt of a script: the lines that hold temp words, and the spans that were lost."""
    lines = 0
    for span in spans:
        quoted = text[span.start : span.end] if span.state == "anchored" else ""
        lines += max(1, sum(1 for line in quoted.splitlines() if line.strip()))
    return Debt(lines=lines, boards=boards, sounds=sounds)


def debt_by_scene(spans: Iterable[TempSpan], text: str, scene_starts: Sequence[int]) -> list[int]:
    """Temp lines by scene, in the order of `scene_starts` (code-point offsets, rising).

    What stands before the first scene is in none of them.
    """
    counts = [0] * len(scene_starts)
    for span in spans:
        scene = bisect.bisect_right(scene_starts, span.start) - 1
        if scene >= 0:
            counts[scene] += debt_of([span], text).lines
    return counts


def _place_of(span: TempSpan, text: str, quote: str | None) -> int | None:
    stands = text[span.start : span.end]
    if span.length and len(stands) == span.length and sha256_of(stands) == span.quote:
        return span.start
    if not quote or sha256_of(quote) != span.quote:
        return None
    first = text.find(quote)
    if first < 0 or text.find(quote, first + 1) >= 0:
        return None
    return first

"""Shots follow the words they were made from, whatever happens to the script around them.

Words that stand where they stood stay tied. Words that moved are found again as they are: at the distance by
which their neighbours moved, else at the nearest place. Words that were rewritten are found by likeness
(`LIKE`), and the tie takes the new ones. Where nothing is like them the tie is lost: it keeps the words, and
holds again as soon as they are back.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from rapidfuzz import fuzz, process

from studio_assist.domain.errors import BadInput
from studio_assist.domain.sentences import Span, line_spans, sentence_spans
from studio_assist.domain.storyboard import Tie

#: Rewritten words are the old ones' heirs from this likeness on (`rapidfuzz.fuzz.ratio`, percent).
#: In the sample script a sentence is at most 54 like any other one, in the median.
LIKE: Final = 66.0
#: How far around the old place rewritten words are looked for first, in code points.
_NEAR: Final = 3_000
#: Words that were rewritten and moved far away at once are looked for everywhere, for so many ties an edit.
_FAR_TIES: Final = 8
_FAR_TEXT: Final = 600_000


def tied(text: str, start: int, end: int) -> Tie:
    """The tie to `text[start:end]`.

    Raises:
        BadInput: the script has no such place.
    """
    if not 0 <= start <= end <= len(text):
        raise BadInput(
            "The script has no such place.",
            remedy="Choose the lines again.",
            place=f"characters {start} to {end}",
        )
    return Tie(start=start, words=text[start:end])


def followed(ties: Sequence[Tie], text: str) -> tuple[Tie, ...]:
    """The ties as they hold in a changed script, in the order given."""
    found: list[Tie | None] = [None] * len(ties)
    rewritten: list[tuple[int, int]] = []
    shift, jumped = 0, 0
    # From the script's start to its end: behind an edit everything has moved by the same distance.
    for place in sorted(range(len(ties)), key=lambda place: ties[place].start):
        tie = ties[place]
        start = _start(tie, text, shift)
        leap = 0 if start is None else start - tie.start - shift
        # Words that stand far off, too, may be another scene's; what is like them here is nearer to them.
        if start is None or (abs(leap) > _NEAR and _like(tie.words, text, tie.start + shift, _NEAR)):
            if tie.state == "lost":
                found[place] = tie
            else:
                rewritten.append((place, shift))
            continue
        found[place] = tie if _unmoved(tie, start) else Tie(start=start, words=tie.words)
        # One that leaps far is a scene that moved, or an accident; two that leap alike are the new distance.
        if tie.state == "tied" and (abs(leap) <= _NEAR or leap == jumped):
            shift, jumped = start - tie.start, 0
        elif leap:
            jumped = leap
    far = _FAR_TIES if len(text) <= _FAR_TEXT else 0
    for place, moved in rewritten:
        tie = ties[place]
        heir = _like(tie.words, text, tie.start + moved, _NEAR)
        if heir is None and far > 0:
            far -= 1
            heir = _like(tie.words, text, tie.start + moved, len(text))
        found[place] = tied(text, *heir) if heir else Tie(start=tie.start, words=tie.words, state="lost")
    return tuple(tie for tie in found if tie is not None)


def _unmoved(tie: Tie, start: int) -> bool:
    return tie.start == start and tie.state == "tied"


def _start(tie: Tie, text: str, shift: int) -> int | None:
    """Where exactly these words stand now: where they were expected, else at the nearest place."""
    expected = max(0, tie.start + shift)
    if not tie.words:
        return min(expected, len(text))
    for start in (expected, tie.start):
        if text.startswith(tie.words, start):
            return start
    before = _whole(text, tie.words, expected, back=True)
    after = _whole(text, tie.words, expected, back=False)
    if before is None or after is None:
        return before if after is None else after
    return before if expected - before <= after - expected else after


def _whole(text: str, words: str, start: int, *, back: bool) -> int | None:
    """The nearest place that holds the words whole, not as a part of longer ones ("no" in "nobody")."""
    place = start
    for _ in range(200):
        place = text.rfind(words, 0, place + len(words) - 1) if back else text.find(words, place)
        if place < 0:
            return None
        end = place + len(words)
        glued_before = place > 0 and words[0].isalnum() and text[place - 1].isalnum()
        glued_after = end < len(text) and words[-1].isalnum() and text[end].isalnum()
        if not glued_before and not glued_after:
            return place
        place += 0 if back else 1
    return None


def _like(words: str, text: str, expected: int, reach: int) -> Span | None:
    """The run of sentences or lines that is most like the words, within reach of a place."""
    # From a line's beginning, unless the line itself is endless.
    begin = max(0, expected - reach)
    start = max(text.rfind("\n", 0, begin) + 1, begin - reach)
    stop = min(len(text), expected + len(words) + reach)
    line_end = text.find("\n", stop, stop + reach)
    spans = list(_runs(text, start, stop if line_end < 0 else line_end, len(words)))
    folded = words.casefold()
    best = process.extract(
        folded,
        [text[begun:stop].casefold() for begun, stop in spans],
        scorer=fuzz.ratio,
        score_cutoff=LIKE,
        limit=4,
    )
    if not best:
        return None
    # Of those that are as like, the nearest.
    return min(((-score, abs(spans[place][0] - expected), spans[place]) for _, score, place in best))[2]


def _runs(text: str, start: int, end: int, length: int) -> Iterator[Span]:
    """Every run of sentences, or of whole lines, that is about as long as what is looked for."""
    lines = line_spans(text, start, end)
    # A lone line is a run of sentences too.
    for spans in (lines, [part for line in lines for part in sentence_spans(text, *line)]):
        for place, (begun, _stop) in enumerate(spans):
            for _begun, stop in spans[place:]:
                if stop - begun > length * 2 + 8:
                    break
                if stop - begun >= length // 2:
                    yield begun, stop

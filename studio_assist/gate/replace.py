"""Names out, tokens in: what a text is before it may be shown as "what is sent"."""

from __future__ import annotations

from typing import Final, NamedTuple

from studio_assist.domain.names import NO_ANSWERS, Answers
from studio_assist.gate.confusables import plain
from studio_assist.gate.lexicon import Entity, Lexicon
from studio_assist.gate.matching import Sure, find, is_unspaced
from studio_assist.gate.normalise import View
from studio_assist.gate.tokens import Tokens

#: A name that only shows after another was taken out is found in the next round.
_ROUNDS: Final = 6


class Swap(NamedTuple):
    """One name and the token that stands for it.

    Attributes:
        start, end: code points in the source.
        at: where the token begins in the result.
        name: as it is listed.
    """

    start: int
    end: int
    at: int
    token: str
    written: str
    name: str


class Replaced(NamedTuple):
    """A text with tokens for names.

    Attributes:
        swaps: in order, none touching another.
    """

    text: str
    swaps: tuple[Swap, ...]


def replace(text: str, lexicon: Lexicon, tokens: Tokens, answers: Answers = NO_ANSWERS) -> Replaced:
    """Put a token for every sure name of a text; what is doubtful stays, for `inspect` to ask about.

    Whole words go, so that no token stands against letters: "theMayaFile" is one token; "Maya's" and "Mayas"
    keep their endings.
    Names inside encodings are not touched: they block. `restore` gives the source again.
    """
    view = View(text)
    spans: list[tuple[int, int, Entity | None]] = [(*_word(text, *span), None) for span in tokens.spans(text)]
    spans += [
        (
            *_word(text, hit.start, hit.end),
            _meant(hit.entry.entity, text[hit.start : hit.end], lexicon, answers),
        )
        for hit in find(view, lexicon, answers)
        if hit.sure is Sure.SURE
    ]
    result = Replaced(text, ())
    for _ in range(_ROUNDS):
        spans = _merged(spans)
        result = _swapped(text, spans, lexicon, tokens, view.letters)
        more = [hit for hit in find(View(result.text), lexicon, answers) if hit.sure is Sure.SURE]
        if not more:
            break
        for hit in more:
            start, end = _back(result, hit.start, hit.end)
            spans.append((*_word(text, start, end), hit.entry.entity))
    return result


def _meant(entity: Entity, written: str, lexicon: Lexicon, answers: Answers) -> Entity:
    """The name that a person said this is, if somebody did."""
    said = answers.term_of(written)
    return (lexicon.entity_of(said) if said is not None else None) or entity


def _merged(spans: list[tuple[int, int, Entity | None]]) -> list[tuple[int, int, Entity | None]]:
    """In order; those that share a character, or touch, become one, for the longer one's name."""
    out: list[tuple[int, int, Entity | None]] = []
    lengths: list[int] = []
    for start, end, entity in sorted(spans, key=lambda span: (span[0], -span[1])):
        if out and start <= out[-1][1]:
            first, last, before = out[-1]
            longer = end - start > lengths[-1] and entity is not None
            out[-1] = (first, max(last, end), entity if longer or before is None else before)
            lengths[-1] = max(lengths[-1], end - start)
        else:
            out.append((start, end, entity))
            lengths.append(end - start)
    return out


def _swapped(
    text: str, spans: list[tuple[int, int, Entity | None]], lexicon: Lexicon, tokens: Tokens, letters: str
) -> Replaced:
    pieces: list[str] = []
    swaps: list[Swap] = []
    done = length = 0
    for start, end, entity in spans:
        written = text[start:end]
        if entity is None:
            token, name = tokens.literal(written, lexicon, letters), written
        else:
            token, name = tokens.token(entity, written, lexicon, letters), entity.text
        pieces += [text[done:start], token]
        length += start - done
        swaps.append(Swap(start, end, length, token, written, name))
        length += len(token)
        done = end
    pieces.append(text[done:])
    return Replaced("".join(pieces), tuple(swaps))


def _word(text: str, start: int, end: int) -> tuple[int, int]:
    """A slice grown to whole words, with what shows nothing beside it; not where words have no blanks."""
    while start > 0 and _glues(text[start - 1]):
        start -= 1
    last = end
    while last < len(text) and _glues(text[last]):
        last += 1
    # A plural keeps its ending, as a possessive does: "the Okafors".
    return start, end if text[end:last] in ("s", "S") else last


def _glues(char: str) -> bool:
    if char.isascii():
        return char.isalnum() or char == "_"
    look = plain(char)
    return not look or (look.isalnum() and not is_unspaced(look))


def _back(result: Replaced, start: int, end: int) -> tuple[int, int]:
    """The slice of the source for a slice of the result; a token that it touches goes in whole."""
    shift = 0
    first = last = -1
    for swap in result.swaps:
        stop = swap.at + len(swap.token)
        if first < 0 and start < stop:
            first = swap.start if start >= swap.at else start + shift
        if last < 0 and end <= stop:
            last = swap.end if end > swap.at else end + shift
        shift = swap.end - stop
    return (first if first >= 0 else start + shift, last if last >= 0 else end + shift)

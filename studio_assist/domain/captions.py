"""Captions of the animatic: what a shot's dialogue says, in parts that can be read, each with its frames.

A speech that is too long for two lines is parted where a reader pauses: at a sentence's end, else at a
clause's, else at a blank. Parts share the shot by their length, for nobody has said yet how long they take to
speak.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from itertools import accumulate
from typing import Final

from .sentences import Span, sentence_spans
from .timebase import FrameRate
from .timeline import Cut
from .values import Value

#: What broadcasters' style guides allow: two lines of this many letters.
LINE_CHARACTERS: Final = 42
#: The longest that one caption stays: a word under a long silent shot is read after that.
_LONGEST_SECONDS: Final = 7
_CUE: Final = re.compile(r"\s*([^:：]{1,48}?)\s*(?::(?=\s|$)|：)\s*(.*)", re.DOTALL)
_ASIDE: Final = re.compile(r"\([^)]*\)")
#: What ends a clause: the blank after it goes; Chinese and Japanese have none.
_CLAUSE: Final = re.compile(r"[,;:–—…][\"'”’)\]]*\s+|\s(?=[–—-]\s)|[，、；：]")


class Caption(Value):
    """What is read from frame `start` of the animatic to before frame `end`.

    Attributes:
        name: who says it, as the script writes it; "" where nobody is named.
        text: one line, or two with a line feed between.
    """

    start: int
    end: int
    name: str
    text: str


def captions_of(cut: Cut, rate: FrameRate) -> tuple[Caption, ...]:
    """The captions of a shot, one after the other. There are none where nobody speaks."""
    parts = [(name, part) for name, words in _speeches(cut.shot.dialogue) for part in _parts(words)]
    if not parts:
        return ()
    ends = list(accumulate(len(text) for _name, text in parts))
    longest = round(_LONGEST_SECONDS * rate.fps)
    found: list[Caption] = []
    start = cut.start
    for (name, text), reached in zip(parts, ends, strict=True):
        end = cut.start + cut.frames * reached // ends[-1]
        # A shot of fewer frames than parts has no time for each.
        if end > start:
            found.append(Caption(start=start, end=min(end, start + longest), name=name, text=text))
        start = end
    return tuple(found)


def _speeches(dialogue: str) -> Iterator[tuple[str, str]]:
    """Who says what: `NAME: words` a line; a line without a name goes on with the one before."""
    name, words = "", ""
    for line in dialogue.splitlines():
        cue = _CUE.fullmatch(line)
        if cue is not None and _is_name(cue[1]):
            yield name, " ".join(words.split())
            name, words = cue[1], cue[2]
        else:
            words = f"{words} {line}"
    yield name, " ".join(words.split())


def _is_name(words: str) -> bool:
    """Whether it is written as a cue is, in capitals ("McCOY (V.O.)"), and is no first word of a speech."""
    letters = [letter for letter in _ASIDE.sub("", words) if letter.isalpha()]
    small = sum(letter.islower() for letter in letters)
    large = sum(letter.isupper() for letter in letters)
    return bool(letters) and (large > small or not large + small)


def _parts(words: str) -> Iterator[str]:
    """A speech in parts that fit into two lines each."""
    spans = [part for span in sentence_spans(words, 0, len(words)) for part in _fitting(words, span)]
    while spans:
        start, end = spans.pop(0)
        # Short sentences are read together.
        while spans and _lines(words[start : spans[0][1]]) is not None:
            end = spans.pop(0)[1]
        yield _lines(words[start:end]) or words[start:end]


def _fitting(words: str, span: Span) -> Iterator[Span]:
    """A sentence whole where it fits, else parted at the clause, blank or letter nearest its middle."""
    start, end = span
    if _lines(words[start:end]) is not None:
        yield span
        return
    half = (start + end) / 2
    clauses = [found.end() for found in _CLAUSE.finditer(words, start, end)]
    blanks = [found.end() for found in re.compile(r"\s").finditer(words, start, end)]
    for places in (clauses, blanks, [round(half)]):
        # A part of a word or two is worse than a clause in two parts.
        inner = [place for place in places if (end - start) / 5 < place - start < (end - start) * 4 / 5]
        if inner:
            middle = min(inner, key=lambda place: abs(place - half))
            yield from _fitting(words, _trimmed(words, start, middle))
            yield from _fitting(words, _trimmed(words, middle, end))
            return


def _trimmed(words: str, start: int, end: int) -> Span:
    while end > start and words[end - 1].isspace():
        end -= 1
    while start < end and words[start].isspace():
        start += 1
    return start, end


def _lines(words: str) -> str | None:
    """The words in one line, or in two that are nearly as long as each other; None: they do not fit."""
    if _width(words) <= LINE_CHARACTERS:
        return words
    if _width(words) > 2 * LINE_CHARACTERS + 1:
        return None
    splits = [(words[:at].rstrip(), words[at:].lstrip()) for at in _breaks(words)]
    fitting = [split for split in splits if max(map(_width, split)) <= LINE_CHARACTERS]
    if not fitting:
        return None
    return "\n".join(min(fitting, key=lambda split: abs(_width(split[0]) - _width(split[1]))))


def _breaks(words: str) -> list[int]:
    """Where a line may end: at a blank, and between the letters of a script that has none."""
    return [
        at
        for at in range(1, len(words))
        if words[at].isspace() or (_is_wide(words[at - 1]) and words[at].isalpha())
    ]


def _width(words: str) -> int:
    """Letters; one of Chinese, Japanese or Korean is as wide as two."""
    return sum(2 if _is_wide(letter) else 1 for letter in words)


def _is_wide(letter: str) -> bool:
    return unicodedata.east_asian_width(letter) in "WF"

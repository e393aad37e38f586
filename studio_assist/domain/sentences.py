"""Where sentences stand in a script's text: spans instead of strings, so that shots can be tied to them."""

from __future__ import annotations

import re
from typing import Final

#: What ends a sentence, with closing quotes, brackets and emphasis; in Chinese and Japanese no blank follows.
_END: Final = re.compile(r"""[.!?…]+["'”’)\]*_]*(?=\s|$)|[。！？]+[”」』）]*|--?\s*$""", re.MULTILINE)
_SHORT: Final = re.compile(r"\b(?:Dr|Mr|Mrs|Ms|St|Sgt|Lt|Capt|Prof|Gen|Col|Jr|Sr|No|vs|etc|[A-Z])\.$")
#: Nobody says or films a sentence longer than this in one; it is cut at a blank.
_LONGEST: Final = 600

#: First code point, and one past the last.
Span = tuple[int, int]


def sentence_spans(text: str, start: int, end: int) -> list[Span]:
    """The sentences of `text[start:end]` without the blanks around them; a rest with no mark is one too."""
    found: list[Span] = []
    begun = start
    for mark in _END.finditer(text, start, end):
        stop = mark.end()
        # "Dr. Osei" and "J. Lindqvist" go on behind the point.
        if mark[0] == "." and stop < end and _SHORT.search(text, max(start, stop - 6), stop):
            continue
        found += _trimmed(text, begun, stop)
        begun = stop
    return [*found, *_trimmed(text, begun, end)]


def line_spans(text: str, start: int, end: int) -> list[Span]:
    """The lines of `text[start:end]` that hold something, without their ends and the blanks around them."""
    found: list[Span] = []
    begun = start
    while begun < end:
        stop = text.find("\n", begun, end)
        stop = end if stop < 0 else stop
        found += _trimmed(text, begun, stop)
        begun = stop + 1
    return found


def _trimmed(text: str, start: int, end: int) -> list[Span]:
    words = text[start:end]
    start += len(words) - len(words.lstrip())
    end -= len(words) - len(words.rstrip())
    found: list[Span] = []
    while end - start > _LONGEST:
        blank = text.rfind(" ", start, start + _LONGEST)
        cut = blank if blank > start else start + _LONGEST
        found.append((start, cut))
        start = cut + (blank > start)
    if start < end:
        found.append((start, end))
    return found

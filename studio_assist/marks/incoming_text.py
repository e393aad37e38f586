"""Temp passages in a script that comes in with marks of an export on it: where their words stand.

A text that says of itself that a model wrote some of it stays temp wherever it comes in. Marks that were
damaged on the way mark more rather than less: the rest of a paragraph, or all of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

#: The notes of all our forms: Fountain has them in pairs, FDX and PDF before what they speak of.
_NOTE: Final = re.compile(r"\[\[\s*TEMP (?:AI|PREVIS) · not for delivery(?P<says>[^\[\]]*)\]\]")
_PAIRED: Final = re.compile(r" · (?P<role>begins|ends)(?: below| above)?(?P<word> · mark [0-9a-f]+)\s*\Z")
_END_OF_PARAGRAPH: Final = re.compile(r"\r\n[ \t]*\r\n|\n[ \t]*\n|\r[ \t]*\r(?!\n)")
#: Anything in double brackets is no word of the script.
_ANY_NOTE: Final = re.compile(r"\[\[[^\[\]]*\]\]")


#: The notes at both ends of a marked copy.
_HEAD_NOTE: Final = re.compile(r"\[\[\s*TEMP (?:AI|PREVIS) MATERIAL · NOT FOR DELIVERY[^\[\]]*\]\]")


def notes_in(text: str) -> frozenset[str]:
    """Every note of ours in a text, to the letter."""
    return frozenset(note[0] for form in (_NOTE, _HEAD_NOTE) for note in form.finditer(text))


def without_notes(text: str, notes: frozenset[str]) -> str:
    """A text without these notes; where one stands alone in its paragraph, the paragraph goes with it."""
    for note in notes:
        alone = re.compile(
            r"(?m)^[ \t]*" + re.escape(note) + r"[ \t]*(?:\r\n|\n|\r|\Z)(?:[ \t]*(?:\r\n|\n|\r))?"
        )
        text = alone.sub("", text).replace(note, "")
    return text


def marked_passages(text: str) -> tuple[tuple[int, int], ...]:
    """The ranges that marks name as temp, rising and apart; code points, without space at their ends."""
    found: list[tuple[int, int]] = []
    begun: dict[str, int] = {}
    for note in _NOTE.finditer(text):
        paired = _PAIRED.search(note["says"])
        if paired is None:
            found.append(_spoken_of(text, note.start(), note.end()))
            continue
        name = note["says"][: paired.start()] + paired["word"]
        if paired["role"] == "begins":
            if name in begun:
                found.append((begun[name], _paragraph_end(text, begun[name])))
            begun[name] = note.end()
        else:
            start = begun.pop(name, None)
            found.append((_paragraph_start(text, note.start()) if start is None else start, note.start()))
    found += [(start, _paragraph_end(text, start)) for start in begun.values()]
    return tuple(_apart(text, sorted(found)))


def _spoken_of(text: str, start: int, end: int) -> tuple[int, int]:
    """What a note alone speaks of: what follows it in its paragraph, or the next one; or all around it."""
    line = max(text.rfind("\n", 0, start), text.rfind("\r", 0, start)) + 1
    if not _ANY_NOTE.sub("", text[line:start]).strip():
        rest = end + len(text[end:]) - len(text[end:].lstrip())
        return end, _paragraph_end(text, rest)
    return _paragraph_start(text, start), _paragraph_end(text, end)


def _paragraph_start(text: str, at: int) -> int:
    return max((found.end() for found in _END_OF_PARAGRAPH.finditer(text, 0, at)), default=0)


def _paragraph_end(text: str, at: int) -> int:
    found = _END_OF_PARAGRAPH.search(text, at)
    return found.start() if found else len(text)


def _apart(text: str, ranges: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    done = 0
    for low, high in ranges:
        start, end = max(low, done), high
        before: tuple[int, int] | None = None
        while before != (start, end):
            before = (start, end)
            while start < end and text[start].isspace():
                start += 1
            while end > start and text[end - 1].isspace():
                end -= 1
            for note in _ANY_NOTE.finditer(text, start, end):
                if note.start() == start:
                    start = note.end()
                elif note.end() == end:
                    end = note.start()
        if start < end:
            yield start, end
            done = end

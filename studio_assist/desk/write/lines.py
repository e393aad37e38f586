"""A text as source lines: where it is cut, what ends each line, and code points against UTF-16 units."""

from __future__ import annotations

import re
from typing import Final

_LINE_END: Final = re.compile(r"(\r\n|\n|\r)")
#: A source line longer than this is shown, and edited, in pieces: shaping a row costs by the whole block.
LONGEST_BLOCK: Final = 2000

#: A line's text, and what ends it: empty for the last line and for a piece of a long one.
SourceLine = tuple[str, str]


def lines_of(text: str) -> list[SourceLine]:
    """The lines of a text with what ends each; long lines in pieces that end in nothing."""
    if "\r" not in text:
        pairs = [(line, "\n") for line in text.split("\n")]
        pairs[-1] = (pairs[-1][0], "")
    else:
        parts = _LINE_END.split(text)
        pairs = list(zip(parts[::2], [*parts[1::2], ""], strict=True))
    if max(len(line) for line, _end in pairs) <= LONGEST_BLOCK:
        return pairs
    lines: list[SourceLine] = []
    for line, end in pairs:
        rest = 0
        while len(line) - rest > LONGEST_BLOCK:
            cut = line.rfind(" ", rest + LONGEST_BLOCK // 2, rest + LONGEST_BLOCK) + 1 or rest + LONGEST_BLOCK
            lines.append((line[rest:cut], ""))
            rest = cut
        lines.append((line[rest:] if rest else line, end))
    return lines


def parts_of(text: str) -> list[str]:
    """A text cut at its line endings, which are left out."""
    return _LINE_END.split(text)[::2]


def usual_end(text: str) -> str:
    """The ending that most lines have; LF for a text of one line."""
    both = text.count("\r\n")
    counts = {"\n": text.count("\n") - both, "\r\n": both, "\r": text.count("\r") - both}
    return max(counts, key=lambda end: counts[end])


def units(text: str) -> int:
    """UTF-16 units of a text."""
    return len(text) if text.isascii() else len(text) + sum(char > "\uffff" for char in text)


def points(text: str, count: int) -> int:
    """Code points in the first `count` UTF-16 units of a text."""
    if text.isascii() or count <= 0:
        return max(0, min(count, len(text)))
    seen = 0
    for at, char in enumerate(text):
        if seen >= count:
            return at
        seen += 2 if char > "\uffff" else 1
    return len(text)


class Slices:
    """A long text that is handed out in slices of whole lines, as far as its lines allow."""

    def __init__(self, text: str) -> None:
        self.text: Final = text
        self._from = 0

    @property
    def at_end(self) -> bool:
        """Whether all of it was handed out."""
        return self._from >= len(self.text)

    def next(self, length: int) -> list[SourceLine]:
        """The lines of the next slice of about so many characters; the last one ends in nothing only at the
        text's end and within a line that is longer than the slice."""
        text, start = self.text, self._from
        stop = start + max(2, length)
        if stop >= len(text):
            self._from = len(text)
            return lines_of(text[start:])
        cut = max(text.rfind("\n", start, stop), text.rfind("\r", start, stop)) + 1
        if cut <= start:
            self._from = text.rfind(" ", stop - LONGEST_BLOCK // 2, stop) + 1 or stop
            return lines_of(text[start : self._from])
        if text[cut - 1] == "\r" and text[cut : cut + 1] == "\n":
            cut += 1
        self._from = cut
        lines = lines_of(text[start:cut])
        if cut < len(text):
            lines.pop()
        return lines

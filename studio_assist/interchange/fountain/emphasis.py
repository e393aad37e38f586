"""Emphasis within one line: `*italic*`, `**bold**`, `***both***`, `_underline_`, and the backslash.

A mark opens when no space follows it and closes when no space stands before it; so the asterisks of
"*69 and then *23" are ordinary ones. Emphasis never runs over the end of a line.
"""

from __future__ import annotations

import re
from typing import Final

from studio_assist.domain.screenplay import BOLD, ITALIC, UNDERLINE, Range, Style

_MARK: Final = re.compile(r"\\[*_\\]|\*+|_")
#: Beyond this many characters a line is data, not writing; its asterisks are left alone.
_LONGEST: Final = 100_000
_FLAGS: Final = {1: ITALIC, 2: BOLD, 3: BOLD | ITALIC}


def has_emphasis(text: str) -> bool:
    """Whether a line holds what emphasis is made of, and is of a length that a person writes."""
    return ("*" in text or "_" in text or "\\" in text) and len(text) <= _LONGEST


def emphasis(text: str, start: int = 0) -> tuple[list[Range], list[Style]]:
    """Find emphasis in a line from `start` on.

    Returns:
        the ranges of the marks themselves, and the emphasised ranges, both in order of their start.
    """
    marks: list[Range] = []
    styles: list[Style] = []
    # The nearest mark of each width that is still open: where it begins.
    opened: dict[int, int] = {}
    underline = -1
    length = len(text)
    for found in _MARK.finditer(text, start):
        at, end = found.span()
        if text[at] == "\\":
            marks.append((at, at + 1))
            continue
        closes = at > start and not text[at - 1].isspace()
        opens = end < length and not text[end].isspace()
        if text[at] == "_":
            if closes and 0 <= underline < at - 1:
                marks += ((underline, underline + 1), (at, end))
                styles.append(Style(underline + 1, at, UNDERLINE))
                underline = -1
            elif opens:
                underline = at
            continue
        width = end - at
        if width > 3:
            continue
        if closes:
            at = _close(at, width, opened, marks, styles)
            width = end - at
        if width and opens:
            opened[width] = at
    marks.sort()
    styles.sort()
    return marks, styles


def _close(at: int, width: int, opened: dict[int, int], marks: list[Range], styles: list[Style]) -> int:
    """Close what asterisks at `at` can close; returns where the ones that are left begin."""
    if (begin := opened.pop(width, None)) is not None:
        marks += ((begin, begin + width), (at, at + width))
        styles.append(Style(begin + width, at, _FLAGS[width]))
        _forget(opened, begin)
        return at + width
    if width == 3 and 1 in opened and 2 in opened:
        # "**bold *both***": one run closes both, the inner first.
        inner = 1 if opened[1] > opened[2] else 2
        return _close(_close(at, inner, opened, marks, styles), 3 - inner, opened, marks, styles)
    if width < 3 and (begin := opened.pop(3, None)) is not None:
        # "***both** italic*": the run's inner part closes here, its outer part stays open.
        marks += ((begin + 3 - width, begin + 3), (at, at + width))
        styles.append(Style(begin + 3, at, _FLAGS[width]))
        _forget(opened, begin)
        opened[3 - width] = begin
        return at + width
    if width == 3 and (1 in opened or 2 in opened):
        return _close(at, 1 if 1 in opened else 2, opened, marks, styles)
    return at


def _forget(opened: dict[int, int], begin: int) -> None:
    """Drop marks that opened inside what was just closed; they are ordinary asterisks."""
    for width in [width for width, at in opened.items() if at > begin]:
        del opened[width]

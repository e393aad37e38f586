"""The page's measures and how a line is broken into rows.

The page is the industry's: 55 rows of 12 point Courier, ten characters to the inch. Columns count
characters from the paper's left edge, so column 15 begins 1.5 inches in.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Final, NamedTuple, TypeVar

from studio_assist.domain.screenplay import ElementType, Range, Style

#: Rows of a page's body; the page number stands above them.
ROWS: Final = 55
MORE: Final = "(MORE)"
CONTD: Final = "(CONT'D)"

#: Columns of a scene's number in the left and the right margin.
NUMBER_LEFT: Final = 8.4
NUMBER_RIGHT: Final = 76.4

#: First column and width in columns.
_FULL: Final = (15, 60)
_PLACES: Final = {
    ElementType.CHARACTER: (37, 38),
    ElementType.PARENTHETICAL: (31, 25),
    ElementType.DIALOGUE: (25, 35),
    ElementType.LYRICS: (25, 35),
}
#: The same for the left and the right speech of a dual dialogue.
_BESIDE: Final = (
    {
        ElementType.CHARACTER: (24, 19),
        ElementType.PARENTHETICAL: (18, 22),
        ElementType.DIALOGUE: (15, 28),
        ElementType.LYRICS: (15, 28),
    },
    {
        ElementType.CHARACTER: (56, 19),
        ElementType.PARENTHETICAL: (50, 22),
        ElementType.DIALOGUE: (47, 28),
        ElementType.LYRICS: (47, 28),
    },
)

_SPACES: Final = re.compile(r" *")
#: Characters that do not take one column: tabs, combining and zero-width ones, East Asian wide ones, emoji.
_UNEVEN: Final = re.compile(
    "[\t\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u064b-\u065f\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u1100-\u115f"
    "\u200b-\u200f\u20d0-\u20f0\u2060\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe00-\ufe0f"
    "\ufe20-\ufe2f\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\U0001f300-\U0001faff\U00020000-\U0003fffd]"
)
_NARROW: Final = re.compile(
    "[\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u064b-\u065f\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u200b-\u200f\u20d0-\u20f0"
    "\u2060\ufe00-\ufe0f\ufe20-\ufe2f]"
)
_TAB: Final = 4


_Span = TypeVar("_Span", Range, Style)


class Run(NamedTuple):
    """Text in one style; `flags` is a sum of BOLD, ITALIC and UNDERLINE."""

    text: str
    flags: int


class PageRow(NamedTuple):
    """One printed row of a page.

    Attributes:
        row: 0 to 54, from the body's top.
        x: column at which the text begins.
        text: what is printed, without markup.
        line: the script's line, or -1 for a (MORE) and a cue repeated with (CONT'D).
        start, end: the row's range within the line, markup and trailing spaces included.
        runs: the text in its styles.
        number: a scene's number, for the margins; on the first row of a numbered heading only.
    """

    row: int
    x: int
    text: str
    line: int
    start: int
    end: int
    kind: ElementType
    runs: tuple[Run, ...]
    number: str = ""


def width_of(kind: ElementType, column: int = 0) -> int:
    """Width in columns of an element's rows; `column` is 1 or 2 within a dual dialogue."""
    return (_BESIDE[column - 1] if column else _PLACES).get(kind, _FULL)[1]


def left_of(kind: ElementType, column: int = 0, length: int = 0) -> int:
    """First column of a row of this kind; transitions and centred rows depend on their length."""
    if kind is ElementType.TRANSITION:
        return _FULL[0] + _FULL[1] - min(length, _FULL[1])
    if kind is ElementType.CENTERED:
        return _FULL[0] + (_FULL[1] - min(length, _FULL[1])) // 2
    return (_BESIDE[column - 1] if column else _PLACES).get(kind, _FULL)[0]


def wrap(text: str, width: int) -> tuple[Range, ...]:
    """Break a visible text into rows of at most `width` columns, at spaces where there are any.

    Returns:
        ranges that follow on each other and cover the whole text; spaces at a break belong to the row
        before it. At least one range, also for an empty text.
    """
    if (not text.isascii() or "\t" in text) and _UNEVEN.search(text):
        return _wrap_uneven(text, width)
    length = len(text)
    rows: list[Range] = []
    at = 0
    while length - at > width:
        end = _break(text, at, at + width)
        rows.append((at, end))
        at = end
    if at < length or not rows:
        rows.append((at, length))
    return tuple(rows)


def _break(text: str, at: int, limit: int) -> int:
    """Where the row that begins at `at` and has room up to `limit` ends, its trailing spaces included."""
    space = text.rfind(" ", at, limit + 1)
    if space > at and not text[at:space].isspace():
        return _spaces_end(text, space)
    # No space to break at; behind a dash or hyphen is the next best.
    dash = max(text.rfind("-", at, limit), text.rfind("—", at, limit))
    if dash > at:
        return dash + 1
    return limit if limit > at else at + 1


def _spaces_end(text: str, at: int) -> int:
    found = _SPACES.match(text, at)
    return found.end() if found else at


def _wrap_uneven(text: str, width: int) -> tuple[Range, ...]:
    """The same for a text with characters of other widths than one column."""
    rows: list[Range] = []
    at = 0
    length = len(text)
    while at < length:
        columns = 0
        limit = at
        while limit < length:
            columns += _COLUMNS[text[limit]]
            if columns > width:
                break
            limit += 1
        if limit >= length:
            break
        end = _break(text, at, max(limit, at + 1))
        rows.append((at, end))
        at = end
    if at < length or not rows:
        rows.append((at, length))
    return tuple(rows)


class _Columns(dict[str, int]):
    """How many columns a character takes, worked out once for each."""

    def __missing__(self, character: str) -> int:
        if character == "\t":
            columns = _TAB
        elif not _UNEVEN.match(character):
            columns = 1
        else:
            columns = 0 if _NARROW.match(character) else 2
        self[character] = columns
        return columns


_COLUMNS: Final = _Columns()


def columns_of(text: str) -> int:
    """How many columns a text takes."""
    if text.isascii() and "\t" not in text:
        return len(text)
    return sum(map(_COLUMNS.__getitem__, text))


def rows_of(text: str, markup: tuple[Range, ...], width: int) -> tuple[Range, ...]:
    """Rows of a source line: broken by what is visible, given as ranges that cover the whole line.

    Marks that stand at a break belong to the row behind it.
    """
    if not markup:
        return wrap(text, width)
    shown = without(text, markup)
    if len(shown) <= width and not _UNEVEN.search(shown):
        return ((0, len(text)),)
    rows: list[Range] = []
    begin = 0
    # Where the walk stands: `removed` code points of markup lie before the visible break.
    ranges = iter((*markup, (len(text) + 1, len(text) + 1)))
    start, end = next(ranges)
    removed = 0
    broken = wrap(shown, width)
    for _, visible_end in broken[:-1]:
        while start < visible_end + removed:
            removed += end - start
            start, end = next(ranges)
        rows.append((begin, visible_end + removed))
        begin = visible_end + removed
    rows.append((begin, len(text)))
    return tuple(rows)


def without(text: str, markup: tuple[Range, ...]) -> str:
    """A text without its markup."""
    parts: list[str] = []
    at = 0
    for start, end in markup:
        parts.append(text[at:start])
        at = end
    parts.append(text[at:])
    return "".join(parts)


def within(spans: tuple[_Span, ...], start: int, end: int) -> tuple[_Span, ...]:
    """The spans of a line that reach into a range."""
    return tuple([span for span in spans if span[0] < end and span[1] > start]) if spans else ()


def runs_of(text: str, row: Range, markup: tuple[Range, ...], styles: tuple[Style, ...]) -> tuple[Run, ...]:
    """What a row prints, cut where the style changes; tabs as four spaces, no spaces at the end."""
    start, end = row
    if not markup and not styles:
        shown = text[start:end].rstrip().replace("\t", " " * _TAB)
        return (Run(shown, 0),) if shown else ()
    cuts = {start, end}
    for first, last in (*markup, *((style.start, style.end) for style in styles)):
        cuts.update(point for point in (first, last) if start < point < end)
    runs: list[Run] = []
    ordered = sorted(cuts)
    for first, last in pairwise(ordered):
        if any(low <= first < high for low, high in markup):
            continue
        flags = 0
        for style in styles:
            if style.start <= first < style.end:
                flags |= style.flags
        piece = text[first:last].replace("\t", " " * _TAB)
        if runs and runs[-1].flags == flags:
            runs[-1] = Run(runs[-1].text + piece, flags)
        else:
            runs.append(Run(piece, flags))
    while runs and not runs[-1].text.rstrip():
        runs.pop()
    if runs:
        runs[-1] = Run(runs[-1].text.rstrip(), runs[-1].flags)
    return tuple(runs)

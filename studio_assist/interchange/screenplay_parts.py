"""A screenplay's elements with their type styles, apart from any file: what readers hand to writers.

`parts_of` takes them off a Fountain script; `screenplay_text` writes them as Fountain again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, groupby
from typing import Final, NamedTuple

from studio_assist.domain.screenplay import BOLD, ITALIC, SPEECH, UNDERLINE, ElementType, Range
from studio_assist.interchange.fountain import Script
from studio_assist.interchange.fountain.hidden import IN_NOTE, PLAIN

#: Flags of a run beside BOLD, ITALIC and UNDERLINE: a note, which is not printed, and temp material.
NOTE: Final = 8
TEMP: Final = 16
_STYLES: Final = (BOLD, ITALIC, UNDERLINE)
_STYLED: Final = BOLD | ITALIC | UNDERLINE

_SKIPPED: Final = frozenset({ElementType.BLANK, ElementType.TITLE_PAGE, ElementType.BONEYARD})
_UNSTYLED: Final = frozenset({ElementType.SECTION, ElementType.SYNOPSIS, ElementType.NOTE})
#: Within a speech, two of a kind below each other are one element.
_FLOWING: Final = frozenset({ElementType.DIALOGUE, ElementType.LYRICS})


class Run(NamedTuple):
    """Text in one style; `flags` is a sum of BOLD, ITALIC, UNDERLINE, NOTE and TEMP."""

    text: str
    flags: int = 0


Row = tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """One element.

    Attributes:
        rows: its lines as they were written; a row holds no line end.
        number: a scene heading's. level: a section's, from 1.
        column: 1 and 2 for the left and the right speech of a dual dialogue, else 0.
        first, last: lines of the source, from 0; `last` is one past the end.
    """

    kind: ElementType
    rows: tuple[Row, ...]
    number: str = ""
    level: int = 0
    column: int = 0
    first: int = -1
    last: int = -1

    @property
    def text(self) -> str:
        """What is printed of it."""
        return "\n".join(shown(row) for row in self.rows)


def shown(row: Row) -> str:
    """What is printed of a row."""
    if len(row) == 1 and not row[0].flags & NOTE:
        return row[0].text
    return "".join(run.text for run in row if not run.flags & NOTE)


def plain_part(kind: ElementType, text: str, **fields: int | str) -> Part:
    """An element of unstyled text, its lines apart by newlines."""
    rows = tuple(tidy(kind, (Run(line),)) for line in text.split("\n"))
    return replace(Part(kind, rows), **fields)


def parts_of(script: Script, marked: Sequence[Range] = ()) -> list[Part]:
    """The elements of a script that say something: no blank lines, no title page, no boneyards.

    Args:
        marked: ranges of the text, rising and disjoint, whose words get the flag TEMP.
    """
    offsets, columns, kinds = script.offsets(), script.columns, script.kinds
    hidden = script.lines_with_hidden()
    parts: list[Part] = []
    line = 0
    for element in script.elements:
        first = line
        while line < script.line_count and offsets[line] < element.end:
            line += 1
        kind = element.type
        if kind in _SKIPPED:
            continue
        if kind is ElementType.NOTE:
            rows = [(Run(text),) for text in element.text.split("\n")]
        else:
            rows: list[Row] = []
            for index in range(first, line):
                row = _row(script, index, index in hidden, marked)
                if rows and script.state(index) != PLAIN:
                    rows[-1] = _spliced(rows[-1], row)
                else:
                    rows.append(row)
            rows = [tidy(kind, row) for row in rows]
        parts.append(
            Part(
                kind,
                tuple(rows),
                element.number or "",
                element.level or 0,
                columns[first] if kinds[first] in SPEECH else 0,
                first,
                line,
            )
        )
    return parts


class Seen(NamedTuple):
    """What two readings of one element have in common."""

    kind: ElementType
    rows: tuple[Row, ...]
    number: str
    level: int
    column: int


def flowing(parts: Iterable[Part]) -> list[Part]:
    """The parts with speeches' lines of one kind put together, as a reading of Fountain has them."""
    found: list[Part] = []
    in_speech = False
    for part in parts:
        last = found[-1] if found and in_speech else None
        if last and part.kind in _FLOWING and last.kind is part.kind and last.column == part.column:
            found[-1] = replace(last, rows=(*last.rows, *part.rows))
        else:
            found.append(part)
        in_speech = part.kind in SPEECH
    return found


def compared(parts: Iterable[Part]) -> tuple[list[Seen], list[str]]:
    """What two readings of one script have in common: the printed elements, and the notes in order.

    Where a note stands among the words is not part of it: few formats keep that to the letter.
    """
    found: list[Seen] = []
    notes: list[str] = []
    flows = False
    for part in parts:
        notes += [" ".join(run.text.split()) for run in chain(*part.rows) if run.flags & NOTE]
        if part.kind is ElementType.NOTE:
            notes.append(" ".join(part.text.split()))
            continue
        rows: list[Row] = []
        if part.kind is not ElementType.PAGE_BREAK:
            rows = [tuple(run for run in row if not run.flags & NOTE) for row in part.rows]
            rows = [tidy(part.kind, _merged((run.text, run.flags & _STYLED) for run in row)) for row in rows]
        if part.kind is ElementType.ACTION:
            # An empty line within action parts it, in most formats.
            for full, group in groupby(rows, lambda row: bool(shown(row))):
                found += [Seen(part.kind, tuple(group), "", 0, 0)] if full else []
            flows = False
            continue
        while rows and not shown(rows[-1]):
            rows.pop()
        while rows and not shown(rows[0]):
            rows.pop(0)
        if not rows and part.kind is not ElementType.PAGE_BREAK:
            continue
        last = found[-1] if found and flows else None
        if last and part.kind in _FLOWING and last.kind is part.kind and last.column == part.column:
            found[-1] = last._replace(rows=(*last.rows, *rows))
        else:
            found.append(Seen(part.kind, tuple(rows), part.number, part.level, part.column))
        flows = part.kind in SPEECH
    return found, notes


def tidy(kind: ElementType, row: Row) -> Row:
    """A row without the spaces that do not count for its kind, and without styles on spaces at their edge."""
    if len(row) == 1 and not row[0].flags:
        text = row[0].text.rstrip() if kind is ElementType.ACTION else row[0].text.strip()
        return (Run(text),) if text else ()
    if kind in _UNSTYLED:
        row = tuple(Run(run.text, run.flags & ~_STYLED) for run in row)
    cells = list(_cells(row))
    while cells and not cells[-1][1] & NOTE and cells[-1][0].isspace():
        cells.pop()
    drop = 0
    if kind is not ElementType.ACTION:
        while drop < len(cells) and not cells[drop][1] & NOTE and cells[drop][0].isspace():
            drop += 1
    cells = cells[drop:]
    for style in _STYLES:
        _trim(cells, style)
    return _merged(cells)


def _trim(cells: list[tuple[str, int]], style: int) -> None:
    """Take a style off the spaces where it begins and ends, in place. A note interrupts nothing."""
    styled = [at for at, cell in enumerate(cells) if not cell[1] & NOTE]
    start = 0
    while start < len(styled):
        if not cells[styled[start]][1] & style:
            start += 1
            continue
        end = start
        while end < len(styled) and cells[styled[end]][1] & style:
            end += 1
        low, high = start, end
        while low < high and cells[styled[low]][0].isspace():
            low += 1
        while high > low and cells[styled[high - 1]][0].isspace():
            high -= 1
        for at in chain(range(start, low), range(high, end)):
            text, flags = cells[styled[at]]
            cells[styled[at]] = (text, flags & ~style)
        start = end


def _cells(row: Row) -> Iterator[tuple[str, int]]:
    for text, flags in row:
        if flags & NOTE:
            yield text, flags
        else:
            for character in text:
                yield character, flags


def _merged(cells: Iterable[tuple[str, int]]) -> Row:
    runs: list[Run] = []
    for text, flags in cells:
        if runs and runs[-1].flags == flags and not flags & NOTE:
            runs[-1] = Run(runs[-1].text + text, flags)
        elif text:
            runs.append(Run(text, flags))
    return tuple(runs)


def _row(script: Script, index: int, has_hidden: bool, marked: Sequence[Range]) -> Row:
    """A line of the script as runs."""
    start = script.start(index)
    text = script.line_text(index)
    touching = [one for one in marked if one[0] < start + len(text) and one[1] > start] if marked else []
    styles = script.styles(index)
    if not has_hidden and not styles and not touching:
        printed = script.printed(index)
        return (Run(printed),) if printed else ()
    covered = bytearray(len(text))
    for low, high in script.markup(index):
        covered[low:high] = b"\1" * (high - low)
    notes = dict(_notes(script, index)) if has_hidden else {}
    flags = [0] * len(text)
    for low, high, style in styles:
        for at in range(low, high):
            flags[at] |= style
    for low, high in touching:
        for at in range(max(low - start, 0), min(high - start, len(text))):
            flags[at] |= TEMP
    cells: list[tuple[str, int]] = []
    for at, character in enumerate(text):
        if at in notes:
            cells.append((notes[at], NOTE))
        if not covered[at]:
            cells.append((character, flags[at]))
    return _merged(cells)


def _notes(script: Script, index: int) -> Iterator[tuple[int, str]]:
    """Where the notes of a line stand, and what of them is in it."""
    text = script.line_text(index)
    for low, high in script.hidden_ranges(index):
        if low == 0 and script.state(index) != PLAIN:
            if script.state(index) == IN_NOTE:
                yield low, text[:high].removesuffix("]]")
        elif text.startswith("[[", low):
            inside = text[low + 2 : high]
            yield low, inside.removesuffix("]]")


def _spliced(row: Row, more: Row) -> Row:
    """A row and the line below it that a note ran into."""
    if row and more and row[-1].flags & NOTE and more[0].flags & NOTE:
        return (*row[:-1], Run(f"{row[-1].text}\n{more[0].text}", NOTE), *more[1:])
    return (*row, *more)

"""From the lines of pages to elements: paragraphs put together again, also over two pages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

from studio_assist.domain.screenplay import BOLD, ITALIC, SPEECH, ElementType
from studio_assist.interchange.fountain.rules import HEADING
from studio_assist.interchange.screenplay_parts import Part, Run, tidy
from studio_assist.interchange.screenplay_pdf_layout import (
    MORE,
    Columns,
    Dropped,
    Row,
    is_bold,
    is_name,
    is_slug,
)
from studio_assist.interchange.screenplay_pdf_text import Segment

_NEAR: Final = 5.0
#: Columns of a character by which a line has to stand further in than action to be something else.
_INDENTED: Final = 4.0
_PLAIN: Final = frozenset(
    {ElementType.SCENE_HEADING, ElementType.CHARACTER, ElementType.TRANSITION, ElementType.PARENTHETICAL}
)
_ENDS: Final = (".", "!", "?", ":", "”", '"', ")")


@dataclass(frozen=True)
class Found:
    """An element, and where it was found.

    Attributes:
        where: "page 3, line 12". temp: our mark of temp material stands beside it.
        doubt: why it may be something else, or "".
    """

    part: Part
    where: str
    temp: bool = False
    doubt: str = ""


def elements_of(rows: Sequence[Row], columns: Columns, dropped: Dropped) -> Iterator[Found]:
    """The elements, in order."""
    builder = _Builder(columns, dropped)
    block: list[Row] = []
    for row in rows:
        if block and row.gap != 0:
            builder.block(block)
            block = []
        block.append(row)
    if block:
        builder.block(block)
    yield from builder.found


class _Builder:
    """Elements being put together from blocks of lines."""

    def __init__(self, columns: Columns, dropped: Dropped) -> None:
        self._columns = columns
        self._dropped = dropped
        self.found: list[Found] = []
        self._name = ""
        #: A (MORE) ended the page before.
        self._more = False
        self._last: Row | None = None

    # methods

    def block(self, rows: list[Row]) -> None:
        """Take lines that follow each other without a gap."""
        goes_on = False
        if self._more and is_name(rows[0].text) and _bare(rows[0].text) == _bare(self._name):
            self._dropped.add("(MORE) and (CONT'D) of speeches over two pages", rows[0].page)
            rows = rows[1:]
            goes_on = True
        self._more = False
        if rows and MORE.match(rows[-1].text):
            rows = rows[:-1]
            self._more = True
        if not rows:
            return
        if self._is_dual(rows):
            self._dual(rows)
        elif goes_on:
            self._speech(rows, 0, goes_on=True)
        elif self._is_cue(rows):
            self._cue(rows[0].segments, rows[0], 0)
            self._speech(rows[1:], 0)
        elif self._is_speech(rows):
            self._loose_speech(rows)
        else:
            self._standing(rows)
        self._last = rows[-1]

    # internals

    def _is_cue(self, rows: Sequence[Row]) -> bool:
        columns = self._columns
        row = rows[0]
        if not is_name(row.text) or row.left < columns.action + 8 * columns.cell or row.number:
            return False
        if len(rows) == 1:
            return (
                row.left > columns.speech + 2 * columns.cell
                and row.right < columns.action_right - 4 * columns.cell
                and row.gap == -1
            )
        return (
            rows[1].left < row.left - 1.5 * columns.cell and rows[1].left > columns.action + 2 * columns.cell
        )

    def _is_speech(self, rows: Sequence[Row]) -> bool:
        columns = self._columns
        return abs(rows[0].left - columns.speech) < 1.5 * columns.cell or (
            rows[0].text.startswith("(")
            and columns.speech + columns.cell < rows[0].left < columns.speech + 12 * columns.cell
            and self._speaks()
        )

    def _is_dual(self, rows: Sequence[Row]) -> bool:
        first = rows[0].segments
        return (
            len(rows) > 1
            and len(first) == 2
            and all(is_name(one.text) for one in first)
            and not is_slug(rows[0].text)
        )

    def _speaks(self) -> bool:
        return bool(self.found) and self.found[-1].part.kind in SPEECH

    def _add(
        self,
        kind: ElementType,
        rows: Sequence[tuple[Run, ...]],
        row: Row,
        *,
        column: int = 0,
        temp: bool = False,
    ) -> None:
        where = f"page {row.page}, line {row.line}"
        lines = tuple(
            tidy(kind, tuple(Run(run.text, 0 if kind in _PLAIN else run.flags) for run in one))
            for one in rows
        )
        if any(lines):
            self.found.append(
                Found(
                    Part(kind, lines, row.number if kind is ElementType.SCENE_HEADING else "", column=column),
                    where,
                    temp,
                )
            )

    def _cue(self, segments: Sequence[Segment], row: Row, column: int) -> None:
        runs = _runs(segments, self._columns.cell)
        self._name = "".join(run.text for run in runs)
        self._add(ElementType.CHARACTER, [runs], row, column=column, temp=row.temp)

    def _speech(self, rows: Sequence[Row], column: int, *, goes_on: bool = False, right: float = 0.0) -> None:
        """The lines below a name."""
        columns = self._columns
        right = right or columns.speech_right
        spoken: list[Row] = []
        aside: list[Row] = []
        for row in rows:
            opens = row.text.startswith("(") and (
                row.left > columns.speech + columns.cell
                or (column and row.left > rows[-1].left + columns.cell)
                or row.text.endswith(")")
            )
            if aside or opens:
                if spoken:
                    self._said(spoken, column, goes_on, right)
                    spoken, goes_on = [], False
                aside.append(row)
                if row.text.endswith(")"):
                    self._aside(aside, column)
                    aside = []
                continue
            spoken.append(row)
        if aside:
            self._aside(aside, column)
        if spoken:
            self._said(spoken, column, goes_on, right)

    def _aside(self, rows: Sequence[Row], column: int) -> None:
        words = " ".join(row.text for row in rows)
        kind = ElementType.PARENTHETICAL if words.endswith(")") else ElementType.DIALOGUE
        self._add(kind, [(Run(words),)], rows[0], column=column, temp=any(row.temp for row in rows))

    def _said(self, rows: Sequence[Row], column: int, goes_on: bool, right: float) -> None:
        if goes_on and self._speaks() and self.found[-1].part.kind is ElementType.DIALOGUE and self._last:
            last = self.found.pop()
            lines = list(last.part.rows)
            new = self._unwrapped(rows, right)
            if _fits(self._last, rows[0], right, self._columns.cell):
                lines += new
            else:
                lines[-1] = _joined(lines[-1], new[0])
                lines += new[1:]
            tidied = tuple(tidy(ElementType.DIALOGUE, line) for line in lines)
            temp = last.temp or any(row.temp for row in rows)
            self.found.append(replace(last, part=replace(last.part, rows=tidied), temp=temp))
            return
        temp = any(row.temp for row in rows)
        self._add(ElementType.DIALOGUE, self._unwrapped(rows, right), rows[0], column=column, temp=temp)

    def _loose_speech(self, rows: Sequence[Row]) -> None:
        """Lines in the speech's column without a name above them."""
        if (
            self._speaks()
            and self.found[-1].part.kind is not ElementType.CHARACTER
            and not self.found[-1].part.column
        ):
            last = self.found[-1]
            if rows[0].gap == -1:
                self._speech(rows, 0, goes_on=True)
            elif last.part.kind is ElementType.DIALOGUE:
                # A blank line within a speech.
                blank = replace(last.part, rows=(*last.part.rows, ()))
                self.found[-1] = replace(last, part=blank)
                self._speech(rows, 0)
            else:
                self._speech(rows, 0)
            return
        italic = all(run.flags & ITALIC for row in rows for one in row.segments for run in one.runs)
        kind = ElementType.LYRICS if italic else ElementType.ACTION
        lines = self._unwrapped(rows, self._columns.speech_right)
        lines = (
            [tuple(Run(run.text, run.flags & ~ITALIC) for run in line) for line in lines] if italic else lines
        )
        self._add(kind, lines, rows[0], temp=any(row.temp for row in rows))
        if not italic and self.found:
            self.found[-1] = replace(
                self.found[-1], doubt="These lines stand where speech does, without a name; they are action."
            )

    def _dual(self, rows: Sequence[Row]) -> None:
        """Two speeches side by side, told apart by where the right one begins."""
        both = [row for row in rows if len(row.segments) == 2]
        edge = min(row.segments[1].left for row in both) - self._columns.cell
        for column in (1, 2):
            side: list[Row] = []
            for row in rows:
                segments = tuple(one for one in row.segments if (one.left >= edge) == (column == 2))
                if segments:
                    side.append(replace(row, segments=segments))
            self._cue(side[0].segments, side[0], column)
            self._speech(side[1:], column, right=max(row.right for row in side[1:] or side))

    def _standing(self, rows: Sequence[Row]) -> None:
        """Slug lines, transitions, centred lines and action."""
        columns = self._columns
        action: list[Row] = []
        at = 0
        while at < len(rows):
            row = rows[at]
            kind = self._kind(row)
            if kind is ElementType.ACTION:
                action.append(row)
                at += 1
                continue
            self._action(action)
            action = []
            stop = at + 1
            if kind is ElementType.SCENE_HEADING:
                while stop < len(rows) and self._is_slug_more(rows[stop - 1], rows[stop]):
                    stop += 1
            runs: tuple[Run, ...] = ()
            for one in rows[at:stop]:
                runs = _joined(runs, _runs(one.segments, columns.cell))
            self._add(kind, [runs], row, temp=any(one.temp for one in rows[at:stop]))
            at = stop
        self._action(action)

    def _kind(self, row: Row) -> ElementType:
        columns = self._columns
        text = row.text
        near = abs(row.left - columns.action) < _NEAR
        if (near or row.number) and (is_slug(text) or (row.number and text == text.upper())):
            return ElementType.SCENE_HEADING
        if near and columns.bold_slugs and is_bold(row) and (text == text.upper() or HEADING.match(text)):
            return ElementType.SCENE_HEADING
        if row.left > columns.action + _INDENTED * columns.cell:
            middle = columns.action + 30 * columns.cell
            page = (columns.action + columns.action_right) / 2
            centre = (row.left + row.right) / 2
            right = (
                row.right > columns.action_right - 1.5 * columns.cell
                or row.right > columns.action + 58.5 * columns.cell
            )
            if (
                text == text.upper()
                and (text.endswith(":") or right)
                and row.left > columns.action + 20 * columns.cell
            ):
                return ElementType.TRANSITION
            if min(abs(centre - middle), abs(centre - page)) < 1.6 * columns.cell:
                return ElementType.CENTERED
            if right and row.left > columns.action + 20 * columns.cell:
                return ElementType.TRANSITION
        return ElementType.ACTION

    def _is_slug_more(self, row: Row, below: Row) -> bool:
        return (
            below.text == below.text.upper()
            and not is_slug(below.text)
            and not below.number
            and not _fits(row, below, self._columns.action_right, self._columns.cell)
        )

    def _action(self, rows: Sequence[Row]) -> None:
        if not rows:
            return
        lines = self._unwrapped(rows, self._columns.action_right)
        temp = any(row.temp for row in rows)
        last = self.found[-1] if self.found else None
        if (
            rows[0].gap == -1
            and last
            and last.part.kind is ElementType.ACTION
            and self._last
            and not _fits(self._last, rows[0], self._columns.action_right, self._columns.cell)
            and (not self._last.text.endswith(_ENDS) or rows[0].text[:1].islower())
        ):
            # A paragraph that runs over the page's end.
            joined = (*last.part.rows[:-1], tidy(ElementType.ACTION, _joined(last.part.rows[-1], lines[0])))
            tidied = tuple(tidy(ElementType.ACTION, line) for line in lines[1:])
            part = replace(last.part, rows=(*joined, *tidied))
            self.found[-1] = replace(last, part=part, temp=last.temp or temp)
            return
        self._add(ElementType.ACTION, lines, rows[0], temp=temp)

    def _unwrapped(self, rows: Sequence[Row], right: float) -> list[tuple[Run, ...]]:
        """Lines as they were written: broken where the next word would still have had room."""
        cell = self._columns.cell
        lines = [_runs(rows[0].segments, cell)]
        for row, below in pairwise(rows):
            runs = _runs(below.segments, cell)
            if _fits(row, below, right, cell):
                lines.append(runs)
            else:
                lines[-1] = _joined(lines[-1], runs)
        return lines


def _fits(row: Row, below: Row, right: float, cell: float) -> bool:
    """Whether the first word of a line would have had room at the end of the line above it."""
    word = below.text.split(" ", 1)[0]
    return row.right + (1 + len(word)) * cell <= right + 0.4 * cell


def _joined(runs: tuple[Run, ...], more: tuple[Run, ...]) -> tuple[Run, ...]:
    """Two lines of one paragraph; a word that was broken behind its dash is whole again."""
    if not runs or not more:
        return (*runs, *more)
    text = runs[-1].text
    broken = text.endswith(("-", "—")) and not text.endswith((" -", " —", "--"))
    if broken:
        return (*runs, *more)
    styled = runs[-1].flags & more[0].flags & (BOLD | ITALIC)
    return (*runs, Run(" ", styled), *more)


def _runs(segments: Sequence[Segment], cell: float) -> tuple[Run, ...]:
    runs: list[Run] = []
    right: float | None = None
    for segment in segments:
        if right is not None:
            runs.append(Run(" " * max(1, min(round((segment.left - right) / cell), 40))))
        runs += segment.runs
        right = segment.right
    return tuple(runs)


def _bare(name: str) -> str:
    return name.partition("(")[0].strip().upper()

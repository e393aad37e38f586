"""Where a page ends: the rules of keeping together and of splitting.

- A scene heading keeps at least one row of what follows, two if that is longer.
- A cue keeps two rows of its speech; a speech that runs on leaves and takes two rows, ends on a sentence if
  one ends near the foot, has (MORE) below it and its cue with (CONT'D) on top of the next page.
- A paragraph of action splits with two rows on both sides.
- A transition stays with what goes before it.
- `===` ends a page. Two speeches side by side are not split.
- Blank lines at a page's top are dropped, and one behind an unprinted line that has a blank one above it.

How a page is filled depends on where it begins and on what follows, on nothing before it: that is what
lets an edit stop as soon as a page begins where one began before.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from studio_assist.domain.pagination.geometry import ROWS
from studio_assist.domain.screenplay import SPEECH, UNPRINTED, ElementType

#: Line, row in the line, and the cue that speaks on (-1 if none does).
Start = tuple[int, int, int]

_KEPT: Final = 2
#: How many rows of a speech may be given up to end it on a sentence.
_SENTENCE_SEARCH: Final = 3
#: A block of more rows fits on no page, and leaves enough behind wherever it is split.
_ENOUGH: Final = 2 * ROWS
_IN_SPEECH: Final = (SPEECH - {ElementType.CHARACTER}) | {ElementType.NOTE}


@dataclass(slots=True)
class Page:
    """One page as filled.

    Attributes:
        line, row, cue: where it begins, and the line of the cue that is repeated on top, or -1.
        tops: the row at which each of its lines stands, in the order of lines.
        used: rows taken, without a (MORE).
        seen: how many lines from the first one on its layout depends on.
        following: where the next page begins; behind the last line if there is none.
    """

    line: int
    row: int
    cue: int
    tops: list[int]
    used: int
    more: bool
    seen: int
    following: Start

    @property
    def start(self) -> Start:
        return self.line, self.row, self.cue

    @property
    def seen_to(self) -> int:
        """The last line that this page's layout depends on."""
        return self.line + self.seen

    def shift(self, lines: int) -> None:
        """Follow an edit before this page."""
        self.line += lines
        self.cue += lines if self.cue >= 0 else 0
        line, row, cue = self.following
        self.following = (line + lines, row, cue if cue < 0 else cue + lines)


@dataclass(slots=True)
class _Block:
    """Lines that are split by one rule: a heading, a paragraph, a speech, two speeches side by side."""

    first: int
    end: int
    row: int
    cue: int
    kind: ElementType
    rows: int
    top: int = 0


class _Filler:
    """Fills one page."""

    def __init__(
        self,
        kinds: Sequence[ElementType],
        columns: Sequence[int],
        counts: Sequence[int],
        start: Start,
        ends_sentence: Callable[[int, int], bool],
    ) -> None:
        self._kinds = kinds
        self._columns = columns
        self._counts = counts
        self._ends_sentence = ends_sentence
        self._line, self._row, self._cue = start
        self._tops: list[int] = []
        self._used = 0 if self._cue < 0 else 1
        self._seen = self._line

    def fill(self) -> Page:
        kinds = self._kinds
        size = len(kinds)
        tops = self._tops
        line = self._line
        previous: _Block | None = None
        # The last place where the page may end before a whole block: the next page's line, and the rows.
        safe: tuple[int, int] | None = None
        gap = -1
        blank_seen = False
        blank_above = True
        below_unprinted = False
        while line < size:
            kind = kinds[line]
            if kind is ElementType.BLANK:
                tops.append(self._used)
                dropped = self._used == 0 or (below_unprinted and blank_above)
                if not dropped and self._used < ROWS:
                    self._used += 1
                blank_seen = blank_above = True
                below_unprinted = False
                line += 1
                continue
            if kind in UNPRINTED:
                tops.append(self._used)
                line += 1
                if kind is ElementType.PAGE_BREAK and self._used and self._anything_printed(line):
                    return self._page(line, 0, -1)
                if blank_seen and gap < 0:
                    gap = line - 1
                below_unprinted = True
                continue
            gap = gap if gap >= 0 else line
            block = self._block(line)
            block.top = self._used
            if previous is not None and _may_part(previous.kind, kind):
                safe = (gap, previous.top + previous.rows)
            if self._used + block.rows > ROWS:
                return self._end(block, previous, safe, gap)
            self._place(block)
            line = block.end
            previous = block
            gap = -1
            blank_seen = blank_above = below_unprinted = False
        self._seen = size
        return self._page(size, 0, -1)

    def _block(self, line: int) -> _Block:
        """The block that begins at a line; at the page's first line it may be the rest of one."""
        kinds, counts = self._kinds, self._counts
        kind = kinds[line]
        size = len(kinds)
        end = line + 1
        row, cue = (self._row, self._cue) if line == self._line else (0, -1)
        rows = counts[line] - row
        if kind is ElementType.CHARACTER or cue >= 0:
            if self._columns[line] == 1 and cue < 0 and (beside := self._beside(line)) is not None:
                return beside
            cue = line if cue < 0 else cue
            while end < size and kinds[end] in _IN_SPEECH and rows <= _ENOUGH:
                rows += counts[end]
                end += 1
            # A note below the speech is not part of it.
            while kinds[end - 1] is ElementType.NOTE:
                end -= 1
            kind = ElementType.DIALOGUE
        elif kind is not ElementType.SCENE_HEADING and kind is not ElementType.TRANSITION:
            while end < size and kinds[end] is kind and rows <= _ENOUGH:
                rows += counts[end]
                end += 1
        self._saw(end)
        return _Block(line, end, row, cue, kind, rows)

    def _beside(self, line: int) -> _Block | None:
        """A dual dialogue as one block; None if it is higher than a page, and set one below the other."""
        columns, counts = self._columns, self._counts
        size = len(columns)
        heights = [0, 0, 0]
        end = line
        at = line
        while at < size and (columns[at] or self._kinds[at] in (ElementType.BLANK, ElementType.NOTE)):
            if columns[at] == 1 and heights[2]:
                break
            if columns[at]:
                heights[columns[at]] += counts[at]
                end = at + 1
            elif columns[at - 1] == 2 and self._kinds[at] is ElementType.BLANK:
                break
            at += 1
        self._saw(at)
        height = max(heights)
        if height > ROWS or not heights[2]:
            return None
        return _Block(line, end, 0, -1, ElementType.CHARACTER, height)

    def _place(self, block: _Block) -> None:
        """Write down where the lines of a block that fits stand."""
        top = self._used
        if block.kind is ElementType.CHARACTER:
            heights = [0, 0, 0]
            for line in range(block.first, block.end):
                column = self._columns[line]
                self._tops.append(top + heights[column])
                heights[column] += self._counts[line] if column else 0
        else:
            at = top - block.row
            for line in range(block.first, block.end):
                self._tops.append(max(at, top))
                at += self._counts[line]
        self._used = top + block.rows

    def _end(self, block: _Block, previous: _Block | None, safe: tuple[int, int] | None, gap: int) -> Page:
        """End the page before or within the block that does not fit."""
        if block.kind is ElementType.TRANSITION:
            # It takes along the last rows of what goes before.
            if previous is not None and (rows := self._split(previous, ROWS - previous.top)):
                return self._page_within(previous, rows)
        elif rows := self._split(block, ROWS - self._used):
            return self._page_within(block, rows)
        if safe is not None:
            line, self._used = safe
            return self._page(line, 0, -1)
        if previous is not None:
            self._used = previous.top + previous.rows
            return self._page(gap, 0, -1)
        # Higher than a page and with no good place to split it.
        room = ROWS - self._used
        return self._page_within(block, max(1, room - 1 if block.cue >= 0 else room))

    def _split(self, block: _Block, room: int) -> int:
        """How many rows of a block stay on the page when it is split; 0 if it should not be."""
        goes_on = block.first == self._line and (block.row > 0 or self._cue >= 0)
        if block.kind is ElementType.DIALOGUE and block.cue >= 0:
            least = 1 if goes_on else 1 + _KEPT
            return self._split_speech(block, least, min(room - 1, block.rows - _KEPT))
        if block.kind in (ElementType.CHARACTER, ElementType.SCENE_HEADING, ElementType.TRANSITION):
            return 0
        rows = min(room, block.rows - _KEPT)
        return rows if rows >= (1 if goes_on else _KEPT) else 0

    def _split_speech(self, block: _Block, least: int, most: int) -> int:
        """The best place for (MORE) between two counts of rows; 0 if there is none."""
        best = 0
        fallback = most - _SENTENCE_SEARCH
        for rows in range(most, least - 1, -1):
            if rows < fallback and best:
                break
            line, row = self._row_at(block, rows - 1)
            if self._kinds[line] is ElementType.PARENTHETICAL or self._kinds[line] is ElementType.CHARACTER:
                continue
            best = best or rows
            if self._ends_sentence(line, row):
                return rows
        return best

    def _row_at(self, block: _Block, index: int) -> tuple[int, int]:
        """Line and row of a block's n-th row."""
        index += block.row
        for line in range(block.first, block.end):
            if index < self._counts[line]:
                return line, index
            index -= self._counts[line]
        return block.end, 0

    def _page_within(self, block: _Block, rows: int) -> Page:
        """End the page behind that many rows of a block."""
        line, row = self._row_at(block, rows)
        self._tops = self._tops[: block.first - self._line]
        self._used = block.top
        self._place(block)
        self._used = block.top + rows
        return self._page(line, row, block.cue)

    def _page(self, line: int, row: int, cue: int) -> Page:
        tops = self._tops[: line - self._line + (1 if row else 0)]
        seen = self._seen - self._line
        return Page(self._line, self._row, self._cue, tops, self._used, cue >= 0, seen, (line, row, cue))

    def _anything_printed(self, line: int) -> bool:
        kinds = self._kinds
        if self._seen >= len(kinds):
            return False
        for at in range(line, len(kinds)):
            if kinds[at] is not ElementType.BLANK and kinds[at] not in UNPRINTED:
                self._saw(at)
                return True
        self._saw(len(kinds))
        return False

    def _saw(self, line: int) -> None:
        self._seen = max(self._seen, line)


def fill(
    kinds: Sequence[ElementType],
    columns: Sequence[int],
    counts: Sequence[int],
    start: Start,
    ends_sentence: Callable[[int, int], bool],
) -> Page:
    """Fill one page from `start` on.

    Args:
        counts: rows that each line prints.
        ends_sentence: whether a row of a line ends a sentence or its line.
    """
    return _Filler(kinds, columns, counts, start, ends_sentence).fill()


def _may_part(above: ElementType, below: ElementType) -> bool:
    return above is not ElementType.SCENE_HEADING and below is not ElementType.TRANSITION

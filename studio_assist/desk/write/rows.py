"""Which rows stand where on one page of the screen.

The printed rows are the pagination's, so the screen shows the page that the PDF prints. What is in the file
but not on paper (notes, sections, synopses, boneyards) gets rows of its own between them and pushes the rest
of the sheet down. Blank lines that paper drops at a page's top stand in the white above the first row.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from studio_assist.domain.pagination import PageRow, Pagination
from studio_assist.domain.screenplay import ElementType
from studio_assist.interchange.fountain import Script

#: Rows above the first one that dropped blank lines can stand in, below the page number.
WHITE_ROWS: Final = 2


class Added(NamedTuple):
    """Text that the page adds, (MORE) or NAME (CONT'D): its row, its column in characters, and the words."""

    row: int
    column: float
    text: str


class SceneNumber(NamedTuple):
    row: int
    number: str


@dataclass
class SheetRows:
    """One page, or the title page's sheet.

    Lines are counted from the sheet's first one, so that an edit further up leaves this true.

    Attributes:
        page: the page's index from 0; -1 is the title page's sheet.
        first: for each line: (its first row's index in the line, the rows of the sheet that it takes).
        at: for each row of the sheet, what stands there: (line, row in the line).
        columns: for each printed line, where its rows on this sheet start, in characters.
        last: the lowest row in use.
    """

    page: int
    lines: int
    first: dict[int, tuple[int, list[int]]] = field(default_factory=dict[int, tuple[int, list[int]]])
    at: dict[int, list[tuple[int, int]]] = field(default_factory=dict[int, list[tuple[int, int]]])
    columns: dict[int, list[float]] = field(default_factory=dict[int, list[float]])
    added: list[Added] = field(default_factory=list[Added])
    numbers: list[SceneNumber] = field(default_factory=list[SceneNumber])
    last: int = 0

    def put(self, line: int, row_in_line: int, row: int) -> None:
        """Stand a row of a line on a row of the sheet."""
        known = self.first.get(line)
        if known is None:
            self.first[line] = (row_in_line, [row])
        else:
            known[1].append(row)
        self.at.setdefault(row, []).append((line, row_in_line))
        self.last = max(self.last, row)

    def row_of(self, line: int, row_in_line: int) -> int | None:
        """The sheet's row of a row of a line; None if that is on another sheet."""
        known = self.first.get(line)
        if known is None or not known[0] <= row_in_line < known[0] + len(known[1]):
            return None
        return known[1][row_in_line - known[0]]


#: The rows of a line: ranges of code points.
RowsOf = Callable[[int], Sequence[tuple[int, int]]]


def is_between_columns(script: Script, line: int) -> bool:
    """Whether a line that does not print stands between two speeches side by side: it needs no row."""
    columns = script.columns
    return 0 < line < len(columns) - 1 and columns[line - 1] == 1 and columns[line + 1] == 2


def title_lines(script: Script) -> int:
    """How many lines at the start are the title page's."""
    kinds = script.kinds
    count = 0
    while count < len(kinds) and kinds[count] is ElementType.TITLE_PAGE:
        count += 1
    return count


def title_sheet(script: Script, rows_of: RowsOf, count: int) -> SheetRows:
    """The sheet of the title page's lines."""
    sheet = SheetRows(-1, count)
    row = 0
    for line in range(count):
        for index in range(len(rows_of(line))):
            sheet.put(line, index, row)
            row += 1
    return sheet


def page_sheet(
    script: Script,
    pagination: Pagination,
    page: int,
    rows_of: RowsOf,
    skip: int,
    grown: tuple[int, int] | None,
) -> SheetRows:
    """The rows of a page.

    Args:
        skip: lines at the start of the script that stand on the title page's sheet.
        grown: a line whose markup is shown, and how many rows more than on paper it takes for it.
    """
    lines = pagination.page_lines(page)
    start = max(lines.start, skip)
    sheet = SheetRows(page, max(0, lines.stop - start))
    drawn: dict[int, list[PageRow]] = {}
    shift_after: list[tuple[int, int]] = []
    for piece in pagination.page_rows(page):
        drawn.setdefault(piece.line, []).append(piece)
    dropped = 0
    for line in range(start, lines.stop):
        if line in drawn or pagination.printed_rows(line):
            break
        dropped += script.kinds[line] is ElementType.BLANK
    lead = -min(WHITE_ROWS, dropped)
    shift = 0
    begun = False
    below = 0
    for line in range(start, lines.stop):
        pieces = drawn.get(line)
        rows = rows_of(line)
        if pieces is not None or pagination.printed_rows(line):
            if not begun:
                begun = True
                shift = max(0, lead)
            if pieces is None:
                row = pagination.place(line)[1] + shift
                sheet.put(line - start, 0, row)
                below = max(below, row + 1)
                continue
            if grown is not None and grown[0] == line:
                row = pieces[0].row + shift
                for index in range(len(rows)):
                    sheet.put(line - start, index, row + index)
                below = max(below, row + len(rows))
                shift_after.append((pieces[-1].row, grown[1]))
                shift += grown[1]
                continue
            index = _index_of(rows, pieces[0].start)
            sheet.columns[line - start] = [piece.x for piece in pieces]
            for offset, piece in enumerate(pieces):
                sheet.put(line - start, index + offset, piece.row + shift)
                below = max(below, piece.row + shift + 1)
                if piece.number:
                    sheet.numbers.append(SceneNumber(piece.row + shift, piece.number))
            continue
        if begun and is_between_columns(script, line):
            sheet.put(line - start, 0, below)
            continue
        for index in range(len(rows)):
            if begun:
                sheet.put(line - start, index, below)
                below += 1
                shift += 1
            else:
                sheet.put(line - start, index, lead)
                lead += 1
        if begun:
            shift_after.append((below - shift - 1, len(rows)))
    top_shift = max(0, lead) if begun else 0
    for piece in drawn.get(-1, []):
        moved = top_shift + sum(more for row, more in shift_after if row < piece.row)
        sheet.added.append(Added(piece.row + moved, piece.x, piece.text))
        sheet.last = max(sheet.last, piece.row + moved)
    return sheet


def _index_of(rows: Sequence[tuple[int, int]], start: int) -> int:
    for index, (begin, end) in enumerate(rows):
        if begin <= start < end or start == begin:
            return index
    return max(0, len(rows) - 1)

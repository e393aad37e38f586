"""The pile of sheets: how tall each is, and where its top edge stands."""

from __future__ import annotations

import bisect
import itertools
from typing import Final

from studio_assist.desk.write.rows import WHITE_ROWS, is_between_columns, title_lines
from studio_assist.desk.write.sheet import BODY_ROWS, GAP_PX, Sheet
from studio_assist.domain.pagination import PageChange, Pagination
from studio_assist.domain.screenplay import UNPRINTED, ElementType
from studio_assist.interchange.fountain import Script

#: Rows that fit into the lower margin.
_FOOT_ROWS: Final = 5


class SheetStack:
    """One number a sheet: the rows that it shows more than paper does.

    Attributes:
        title: lines at the start that stand on the title page's sheet; sheet 0 is that one if there are any.
    """

    def __init__(self) -> None:
        self.title = 0
        self._extras: list[int] = [0]
        self._tops: list[float] = [float(GAP_PX)]

    # properties

    @property
    def count(self) -> int:
        """How many sheets there are."""
        return len(self._extras)

    @property
    def bottom(self) -> float:
        """The lower edge of it all."""
        return self._tops[-1]

    @property
    def offset(self) -> int:
        """Sheets before the first page."""
        return int(bool(self.title))

    # methods

    def top(self, index: int) -> float:
        return self._tops[index]

    def extra_rows(self, index: int) -> int:
        """Rows that a sheet shows more than paper does."""
        return self._extras[index]

    def at(self, y: float) -> int:
        """The sheet at a height, or the one above it."""
        return max(0, bisect.bisect_right(self._tops, y, hi=len(self._extras)) - 1)

    def measure(self, script: Script, pagination: Pagination, change: PageChange | None) -> int | None:
        """Count the rows of the pages that changed, of all for None.

        Returns:
            the first sheet that changed; None where all did.
        """
        title = title_lines(script)
        if title != self.title or change is None:
            self.title = title
            self._extras = [self._extra_rows(script, pagination, page) for page in range(pagination.pages)]
            if title:
                rows = sum(len(pagination.rows(line)) for line in range(title))
                self._extras.insert(0, max(0, rows - BODY_ROWS))
            return None
        start = change.first + self.offset
        self._extras[start : start + change.old_count] = [
            self._extra_rows(script, pagination, page)
            for page in range(change.first, change.first + change.new_count)
        ]
        return start

    def pile(self, sheet: Sheet, first: int, grown_sheet: int = -1, grown_by: int = 0) -> None:
        """Work out the top edges from a sheet on; one sheet may show still more rows for a time."""
        tops = self._tops
        del tops[max(1, first + 1) :]
        first = len(tops) - 1
        steps = (
            sheet.height(BODY_ROWS + extra + (grown_by if index == grown_sheet else 0)) + GAP_PX
            for index, extra in enumerate(self._extras[first:], first)
        )
        tops.extend(itertools.islice(itertools.accumulate(steps, initial=tops[-1]), 1, None))

    # internals

    def _extra_rows(self, script: Script, pagination: Pagination, page: int) -> int:
        kinds = script.kinds
        lines = pagination.page_lines(page)
        extra = head = white = foot = 0
        begun = False
        for line in range(max(lines.start, self.title), lines.stop):
            kind = kinds[line]
            if kind in UNPRINTED:
                head += len(pagination.rows(line))
            elif kind is ElementType.BLANK and not pagination.printed_rows(line):
                if is_between_columns(script, line):
                    continue
                head += 1
                white += not begun
                foot += 1
                continue
            else:
                # What stood before the page's first row has some white above it to stand in.
                extra += head if begun else max(0, head - min(WHITE_ROWS, white))
                begun, head = True, 0
            foot = 0
        # Blank lines that fall between two pages stand in the lower margin, which has room for some.
        return extra + head - min(foot, _FOOT_ROWS)

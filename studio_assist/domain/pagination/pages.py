"""The pages of a script, kept up to date while it is written."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final, NamedTuple, Protocol

from studio_assist.domain.pagination.breaks import Page, fill
from studio_assist.domain.pagination.geometry import (
    CONTD,
    MORE,
    ROWS,
    PageRow,
    Run,
    columns_of,
    left_of,
    rows_of,
    runs_of,
    width_of,
    within,
    without,
)
from studio_assist.domain.screenplay import UNPRINTED, Change, ElementType, Range, Scene, Style

_EIGHTHS: Final = 8


class ScriptLines(Protocol):
    """What a pagination reads of a script; `interchange.fountain.Script` is one."""

    @property
    def kinds(self) -> Sequence[ElementType]: ...
    @property
    def texts(self) -> Sequence[str]: ...
    @property
    def columns(self) -> Sequence[int]: ...
    def markup(self, line: int) -> tuple[Range, ...]: ...
    def styles(self, line: int) -> tuple[Style, ...]: ...
    def number(self, line: int) -> str: ...


class PageChange(NamedTuple):
    """Which pages an update laid out anew: `old_count` pages from `first` became `new_count` pages.

    Pages before it are untouched; pages behind it hold what they held, under new line numbers.
    """

    first: int
    old_count: int
    new_count: int


class Pagination:
    """Rows and pages of a script.

    Line numbers count from 0, and so do pages and rows within them. Unprinted lines (notes, sections,
    the title page) take no row of the page; they have rows of their own for a window that shows them.
    """

    def __init__(self, script: ScriptLines) -> None:
        self._script = script
        self._rows: list[tuple[Range, ...]] = []
        #: Rows that a line prints: none for unprinted ones, one for a blank one.
        self._counts: list[int] = []
        self._pages: list[Page] = []
        self._starts: list[tuple[int, int]] = []
        self._measure(0, 0, len(script.kinds))
        self._break_from(0)

    # properties

    @property
    def pages(self) -> int:
        """How many pages the script has, by estimate: other programs break pages a little differently."""
        return len(self._pages)

    # methods

    def update(self, change: Change) -> PageChange:
        """Follow an edit of the script; `change` is what `Script.edit` returned."""
        behind = change.first + change.new_count
        delta = change.new_count - change.old_count
        self._measure(change.first, change.old_count, change.new_count)
        first = max(0, bisect_right(self._starts, (change.first, 0)) - 1)
        while first > 0 and self._pages[first - 1].seen_to >= change.first:
            first -= 1
        old_pages = self._pages
        old_behind = change.first + change.old_count
        followers = {
            (page.line + delta, page.row, page.cue if page.cue < 0 else page.cue + delta): number
            for number, page in enumerate(old_pages[first:], first)
            if page.line >= old_behind and (page.cue < 0 or page.cue >= old_behind)
        }
        return self._break_from(first, followers, delta, behind)

    def rows(self, line: int) -> tuple[Range, ...]:
        """A line's rows as ranges that follow on each other and cover it; at least one."""
        return self._rows[line]

    def page_of(self, line: int, row: int = 0) -> int:
        """The page that holds a row of a line."""
        return bisect_right(self._starts, (line, row)) - 1 if line or row else 0

    def place(self, line: int, row: int = 0) -> tuple[int, int]:
        """Page, and row on it, of a line's row. An unprinted line stands where it would be printed."""
        number = self.page_of(line, row)
        page = self._pages[number]
        top = page.tops[line - page.line]
        if self._script.kinds[line] in UNPRINTED:
            return number, top
        return number, top + row - (page.row if line == page.line else 0)

    def printed_rows(self, line: int) -> int:
        """How many rows a line takes on paper; none for a blank one that falls between two pages."""
        if self._script.kinds[line] is not ElementType.BLANK:
            return self._counts[line]
        page = self._pages[self.page_of(line)]
        place = line - page.line
        after = page.tops[place + 1] if place + 1 < len(page.tops) else page.used
        return max(0, min(1, after - page.tops[place]))

    def page_lines(self, page: int) -> range:
        """The lines of which something stands on a page, unprinted ones included."""
        first = self._pages[page].line
        return range(first, first + len(self._pages[page].tops))

    def used_rows(self, page: int) -> int:
        """How many of a page's rows are taken, a (MORE) included."""
        return self._pages[page].used + (1 if self._pages[page].more else 0)

    def more(self, page: int) -> bool:
        """Whether a speech runs over the end of this page."""
        return self._pages[page].more

    def contd(self, page: int) -> str | None:
        """The cue repeated at a page's top, None if no speech runs on there."""
        cue = self._pages[page].cue
        if cue < 0:
            return None
        name = without(self._script.texts[cue], self._script.markup(cue)).strip()
        return name if "CONT" in name.upper().partition("(")[2] else f"{name} {CONTD}"

    def page_rows(self, page: int) -> list[PageRow]:
        """All that is printed on a page, in the order of the script; blank rows are left out."""
        script = self._script
        layout = self._pages[page]
        found: list[PageRow] = []
        contd = self.contd(page)
        if contd is not None:
            left = left_of(ElementType.CHARACTER)
            found.append(PageRow(0, left, contd, -1, 0, 0, ElementType.CHARACTER, (Run(contd, 0),)))
        following = self._starts[page + 1] if page + 1 < len(self._starts) else None
        for line in self.page_lines(page):
            kind = script.kinds[line]
            if kind is ElementType.BLANK or kind in UNPRINTED:
                continue
            low = layout.row if line == layout.line else 0
            high = following[1] if following and line == following[0] else len(self._rows[line])
            top = layout.tops[line - layout.line] - low
            found += self._line_rows(line, range(low, high), top)
        if layout.more:
            left = left_of(ElementType.CHARACTER)
            found.append(PageRow(layout.used, left, MORE, -1, 0, 0, ElementType.CHARACTER, (Run(MORE, 0),)))
        return found

    def eighths(self, first_line: int, last_line: int) -> int:
        """Length of a stretch of lines in eighths of a page, at least one; unused rows do not count."""
        from_page, from_row = self.place(first_line)
        if last_line + 1 < len(self._rows):
            to_page, to_row = self.place(last_line + 1)
        else:
            to_page, to_row = len(self._pages) - 1, self._pages[-1].used
        if from_page == to_page:
            rows = to_row - from_row
        else:
            between = sum(page.used for page in self._pages[from_page + 1 : to_page])
            rows = self._pages[from_page].used - from_row + between + to_row
        return max(1, round(rows * _EIGHTHS / ROWS))

    def measured(self, scenes: Iterable[Scene]) -> list[Scene]:
        """The scenes with their length in eighths."""
        return [replace(scene, eighths=self.eighths(scene.first_line, scene.last_line)) for scene in scenes]

    # internals

    def _measure(self, first: int, old_count: int, new_count: int) -> None:
        """Break lines into rows."""
        script = self._script
        kinds, texts, columns = script.kinds, script.texts, script.columns
        rows: list[tuple[Range, ...]] = []
        counts: list[int] = []
        for line in range(first, first + new_count):
            kind = kinds[line]
            text = texts[line]
            if kind is ElementType.BLANK:
                rows.append(((0, len(text)),))
                counts.append(1)
            elif kind in UNPRINTED:
                rows.append(rows_of(text, (), width_of(kind)))
                counts.append(0)
            else:
                column = columns[line]
                broken = rows_of(text, script.markup(line), width_of(kind, column))
                rows.append(broken)
                counts.append(len(broken))
        self._rows[first : first + old_count] = rows
        self._counts[first : first + old_count] = counts

    def _break_from(
        self,
        first: int,
        followers: dict[tuple[int, int, int], int] | None = None,
        delta: int = 0,
        behind: int = 0,
    ) -> PageChange:
        """Lay out pages from one on, until one begins where an old one did."""
        script = self._script
        size = len(self._counts)
        start = self._pages[first].start if first < len(self._pages) else (0, 0, -1)
        new: list[Page] = []
        last_old = len(self._pages)
        while True:
            page = fill(script.kinds, script.columns, self._counts, start, self._ends_sentence)
            new.append(page)
            start = page.following
            if start[0] >= size:
                break
            if followers and start[0] >= behind and (met := followers.get(start)) is not None:
                last_old = met
                break
        old_count = last_old - first
        if delta:
            for page in self._pages[last_old:]:
                page.shift(delta)
        self._pages[first:last_old] = new
        self._starts[first:] = [(page.line, page.row) for page in self._pages[first:]]
        return PageChange(first, old_count, len(new))

    def _ends_sentence(self, line: int, row: int) -> bool:
        rows = self._rows[line]
        if row + 1 >= len(rows):
            return True
        start, end = rows[row]
        text = self._script.texts[line][start:end].rstrip(" \"'*_)”’»")
        return text.endswith((".", "?", "!", "…", "--", "—"))

    def _line_rows(self, line: int, rows: range, top: int) -> list[PageRow]:
        script = self._script
        kind, column = script.kinds[line], script.columns[line]
        text = script.texts[line]
        low, high = self._rows[line][rows[0]][0], self._rows[line][rows[-1]][1]
        markup = within(script.markup(line), low, high)
        styles = within(script.styles(line), low, high)
        found: list[PageRow] = []
        for row in rows:
            start, end = self._rows[line][row]
            runs = runs_of(text, (start, end), within(markup, start, end), within(styles, start, end))
            shown = "".join([run.text for run in runs])
            x = left_of(kind, column, columns_of(shown) if kind in _BY_LENGTH else 0)
            number = script.number(line) if kind is ElementType.SCENE_HEADING and row == 0 else ""
            found.append(PageRow(top + row, x, shown, line, start, end, kind, runs, number))
        return found


_BY_LENGTH: Final = frozenset({ElementType.TRANSITION, ElementType.CENTERED})

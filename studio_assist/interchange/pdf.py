"""A screenplay as a PDF: the page of the trade, the same rows as on the screen, temp material marked.

US Letter, Courier Prime 12 point, ten characters and six lines to the inch, 55 rows; every row stands where
`domain.pagination` puts it. Given the same script, spans and date, the bytes are the same.

Temp passages carry an amber bar in the left margin and a TEMP tag; their pages, and the title page, say in
header and footer what they hold. These marks are drawn with the page and cannot be left out. A copy that
stands in no record says so at the head of every page.
"""

from __future__ import annotations

import bisect
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain
from pathlib import Path
from typing import Any, Final

from reportlab.lib.colors import HexColor
from reportlab.pdfgen.canvas import Canvas

from studio_assist.domain.pagination import NUMBER_LEFT, NUMBER_RIGHT, PageRow, Pagination
from studio_assist.domain.pagination.geometry import columns_of
from studio_assist.domain.screenplay import BOLD, ITALIC, UNPRINTED, ElementType
from studio_assist.domain.temp import TempSpan, debt_of
from studio_assist.interchange.fountain import Script
from studio_assist.interchange.pdf_title import title_rows
from studio_assist.interchange.pdf_type import CELL, PLAIN, STRONG, Typesetter, load_faces

HEADLINE: Final = "TEMP AI MATERIAL · NOT FOR DELIVERY"
#: The words of `marks.notice`; rooms on one floor do not import each other, and a test holds them equal.
NOTICE: Final = "RECORD ALTERED · THIS COPY IS NOT IN THE RECORD"

#: Points. US Letter; the first of the 55 rows begins an inch from the top.
PAGE_WIDTH: Final = 612.0
PAGE_HEIGHT: Final = 792.0
_ROW: Final = 12.0
_FIRST_BASELINE: Final = PAGE_HEIGHT - 72.0 - 9.0
_HEADER_BASELINE: Final = PAGE_HEIGHT - 36.0 - 9.0
#: Columns from the page's left edge.
_RIGHT_EDGE: Final = 75
_BODY: Final = 15

_AMBER: Final = HexColor(0xF2B705)
_GROUND: Final = HexColor(0xFDF3D1)
_INK: Final = HexColor(0x000000)
_RED: Final = HexColor(0xA3261B)
_BAR_X: Final = _BODY * CELL - 9.0
_BAR_WIDTH: Final = 2.6
_SMALL: Final = 8.0
_TAG: Final = 6.5
_FOOT_BASELINE: Final = 38.0
_NOTICE_BASELINE: Final = PAGE_HEIGHT - 22.0
_FOOT_WIDTH: Final = PAGE_WIDTH - _BODY * CELL - 72.0


@dataclass(frozen=True)
class PdfSheet:
    """What the pages say besides the script.

    Attributes:
        title: the project's title, for the metadata, the footer, and a title page where the script has none.
        on: the date in the metadata.
        fonts: folder of the bundled faces.
        notice: why the project's record does not hold, for a copy that stands in no record; else None.
    """

    title: str
    on: date
    fonts: Path
    notice: str | None = None


@dataclass(frozen=True)
class PdfResult:
    """A finished PDF.

    Attributes:
        pages: all pages, the title page with them.
        temp_pages: those that carry the temp header, from 0.
        missing: characters that no bundled face has and that show as boxes.
        cut: the title page holds more than fits on a page, and ends in "…" where it was cut.
    """

    data: bytes
    pages: int
    temp_pages: tuple[int, ...]
    missing: tuple[str, ...]
    cut: bool


def write_pdf(
    script: Script,
    pagination: Pagination,
    spans: Sequence[TempSpan],
    sheet: PdfSheet,
    progress: Callable[[float], None] | None = None,
) -> PdfResult:
    """Draw the whole script. A script with a title page gets one, and so does any that holds temp material.

    Args:
        pagination: of this script; its pages are the body's pages.
        spans: where they stand in `script.text`; lost ones are named on the title page.
        progress: told the share that is done, after every page.
    """
    return _Writer(script, pagination, spans, sheet).write(progress or (lambda _share: None))


class _Writer:
    """One PDF being drawn."""

    def __init__(
        self, script: Script, pagination: Pagination, spans: Sequence[TempSpan], sheet: PdfSheet
    ) -> None:
        self._script = script
        self._pagination = pagination
        self._spans = spans
        self._sheet = sheet
        self._type = Typesetter(load_faces(sheet.fonts))
        self._temp = _TempRanges(script, spans)
        self._temp_pages: list[int] = []
        self._cut = False
        self._out = io.BytesIO()
        self._canvas = self._new_canvas()

    # methods

    def write(self, progress: Callable[[float], None]) -> PdfResult:
        pages = 0
        if self._script.title_page or self._spans or self._sheet.notice:
            self._title_page()
            pages = 1
        for page in range(self._pagination.pages):
            self._body_page(page, pages)
            pages += 1
            progress((page + 1) / self._pagination.pages)
        self._canvas.save()
        return PdfResult(
            self._out.getvalue(), pages, tuple(self._temp_pages), tuple(self._type.missing), self._cut
        )

    # internals

    def _new_canvas(self) -> Any:
        # `invariant` keeps the clock and random numbers out of the bytes.
        canvas = Canvas(self._out, pagesize=(PAGE_WIDTH, PAGE_HEIGHT), pageCompression=1, invariant=1)
        on = self._sheet.on
        canvas.setDateFormatter(_dated(on))
        values = self._script.title_page
        canvas.setTitle(_one_line(values.get("title", "")) or self._sheet.title)
        canvas.setAuthor(_one_line(values.get("author") or values.get("authors") or ""))
        canvas.setSubject("Screenplay")
        canvas.setCreator("Studio Assist")
        canvas.setProducer("Studio Assist")
        canvas.setKeywords(f"screenplay, {HEADLINE}" if self._spans else "screenplay")
        return canvas

    def _title_page(self) -> None:
        values = self._script.title_page or {"title": self._sheet.title}
        block = self._canvas.beginText()
        rows, self._cut = title_rows(values)
        for row in rows:
            self._type.set_runs(block, row.x, row.y, row.runs)
        self._canvas.drawText(block)
        self._underline()
        if self._spans:
            lines = debt_of(self._spans, self._script.text).lines
            notes = [f"Contains {_count(lines)}", self._sheet.title, f"ledger {_entries(self._spans)}"]
            if lost := [span for span in self._spans if span.state == "lost"]:
                notes.append(f"text no longer found in the script: {_entries(lost)}")
            if unprinted := self._temp.unprinted:
                notes.append(f"on the title page, or in notes that are not printed: {_entries(unprinted)}")
            self._temp_frame(" · ".join(notes), 0, rows=12)
        if self._sheet.notice:
            self._notice(self._wrapped(self._sheet.notice)[:6])
        self._canvas.showPage()

    def _body_page(self, page: int, sheet_number: int) -> None:
        canvas = self._canvas
        rows = self._pagination.page_rows(page)
        temp = [(row, touched) for row in rows if (touched := self._temp.in_row(row))]
        self._temp_rows([row for row, _ in temp], rows)
        block = canvas.beginText()
        if page:
            number = f"{page + 1}."
            self._type.set_runs(block, (_RIGHT_EDGE - len(number)) * CELL, _HEADER_BASELINE, [(number, 0)])
        for row in rows:
            y = _baseline(row.row)
            extra = _style_of(row.kind)
            runs = [(text, flags | extra) for text, flags in row.runs] if extra else row.runs
            self._type.set_runs(block, row.x * CELL, y, runs)
            if row.number:
                for x in (NUMBER_LEFT, NUMBER_RIGHT):
                    self._type.set_runs(block, x * CELL, y, [(row.number, BOLD)])
        canvas.drawText(block)
        self._underline()
        if temp:
            entries = [span for _, touched in temp for span in touched]
            lines = len({row.line for row, _ in temp})
            self._temp_frame(
                f"Contains {_count(lines)} · {self._sheet.title} · ledger {_entries(entries)}", sheet_number
            )
        if self._sheet.notice:
            self._notice([])
        canvas.showPage()

    def _temp_rows(self, temp: Sequence[PageRow], rows: Sequence[PageRow]) -> None:
        """Bars and tags, and a pale ground under the words themselves. Drawn before the text."""
        canvas = self._canvas
        numbered = {row.row for row in rows if row.number}
        canvas.setFillColor(_GROUND)
        for row in temp:
            for start, end in self._temp.columns(row):
                x, width = (row.x + start) * CELL - 1.0, (end - start) * CELL + 2.0
                canvas.rect(x, _baseline(row.row) - 3.0, width, _ROW, stroke=0, fill=1)
        marked = sorted({row.row for row in temp})
        for row in marked:
            bottom = _baseline(row) - 3.0
            canvas.setFillColor(_AMBER)
            canvas.rect(_BAR_X, bottom, _BAR_WIDTH, _ROW, stroke=0, fill=1)
            if row - 1 in marked:
                continue
            width = self._type.width("TEMP", _TAG, STRONG) + 6.0
            # A numbered heading has its number where the tag would stand.
            left = (NUMBER_LEFT * CELL if row in numbered else _BAR_X) - width - 2.0
            canvas.rect(left, bottom + 1.0, width, 10.0, stroke=0, fill=1)
            self._small(left + 3.0, bottom + 3.7, "TEMP", _TAG, STRONG)
        canvas.setFillColor(_INK)

    def _temp_frame(self, footer: str, sheet_number: int, rows: int = 2) -> None:
        """Header and footer of a page that holds temp material. `rows` is how many the footer may take."""
        self._temp_pages.append(sheet_number)
        canvas = self._canvas
        width = self._type.width(HEADLINE, _SMALL, STRONG) + 12.0
        left = (PAGE_WIDTH - width) / 2
        canvas.setFillColor(_AMBER)
        canvas.rect(left, _HEADER_BASELINE - 4.5, width, 14.0, stroke=0, fill=1)
        self._small(left + 6.0, _HEADER_BASELINE, HEADLINE, _SMALL, STRONG)
        lines = self._wrapped(footer)
        if len(lines) > rows:
            lines = [*lines[: rows - 1], f"{lines[rows - 1]} … the ledger lists the rest"]
        top = _FOOT_BASELINE + (len(lines) - 1) * 10.0
        canvas.setFillColor(_AMBER)
        canvas.rect(_BAR_X, _FOOT_BASELINE - 2.5, _BAR_WIDTH, len(lines) * 10.0, stroke=0, fill=1)
        for index, line in enumerate(lines):
            self._small(_BODY * CELL, top - index * 10.0, line, _SMALL, PLAIN)

    def _notice(self, why: Sequence[str]) -> None:
        """The line above the header of a copy that stands in no record, and under the header, why."""
        canvas = self._canvas
        width = self._type.width(NOTICE, _SMALL, STRONG) + 12.0
        canvas.setStrokeColor(_RED)
        canvas.setLineWidth(0.9)
        canvas.rect((PAGE_WIDTH - width) / 2, _NOTICE_BASELINE - 4.0, width, 13.0, stroke=1, fill=0)
        self._small((PAGE_WIDTH - width) / 2 + 6.0, _NOTICE_BASELINE, NOTICE, _SMALL, STRONG)
        for index, line in enumerate(why):
            self._small(_BODY * CELL, _HEADER_BASELINE - 20.0 - index * 10.0, line, _SMALL, PLAIN)
        canvas.setStrokeColor(_INK)

    def _wrapped(self, text: str) -> list[str]:
        lines = [""]
        for word in text.split(" "):
            longer = f"{lines[-1]} {word}".strip()
            if lines[-1] and self._type.width(longer, _SMALL) > _FOOT_WIDTH:
                lines.append(word)
            else:
                lines[-1] = longer
        return lines

    def _small(self, x: float, y: float, text: str, size: float, face: str) -> None:
        self._canvas.setFillColor(_INK)
        self._canvas.setFont(face, size)
        self._canvas.drawString(x, y, self._type.plain(text, face))

    def _underline(self) -> None:
        lines = self._type.take_lines()
        if lines:
            self._canvas.setLineWidth(0.6)
            self._canvas.lines([(start, y - 2.0, end, y - 2.0) for start, end, y in lines])


class _TempRanges:
    """Which rows, and which columns of them, are temp."""

    def __init__(self, script: Script, spans: Sequence[TempSpan]) -> None:
        self._script = script
        anchored = [span for span in spans if span.state == "anchored" and span.length]
        self._spans = sorted(anchored, key=lambda span: span.start)
        self._ends = [span.end for span in self._spans]
        self.unprinted = [span for span in self._spans if not self._printed(span)]

    def in_row(self, row: PageRow) -> list[TempSpan]:
        """The spans that a row shows something of."""
        if row.line < 0 or not self._spans:
            return []
        start = self._script.start(row.line)
        low, high = start + row.start, start + row.end
        found: list[TempSpan] = []
        # Spans never overlap, so their ends rise with their starts.
        for span in self._spans[bisect.bisect_right(self._ends, low) :]:
            if span.start >= high:
                break
            found.append(span)
        return found

    def columns(self, row: PageRow) -> list[tuple[int, int]]:
        """Ranges of a row's printed columns that are temp."""
        hidden = self._script.markup(row.line)
        covered = set(chain.from_iterable(range(start, end) for start, end in hidden))
        text = self._script.line_text(row.line)
        start = self._script.start(row.line)
        # The offset of each character that the row prints; a tab prints as several.
        seen: list[int] = []
        shown = ""
        for offset in range(row.start, row.end):
            if offset not in covered:
                shown += text[offset].expandtabs(4)
                seen += [offset] * (len(shown) - len(seen))
        ranges: list[tuple[int, int]] = []
        for span in self.in_row(row):
            low = bisect.bisect_left(seen, span.start - start)
            high = min(bisect.bisect_left(seen, span.end - start), len(row.text))
            if low < high:
                ranges.append((columns_of(row.text[:low]), columns_of(row.text[:high])))
        return ranges

    def _printed(self, span: TempSpan) -> bool:
        first = self._script.line_at(span.start)
        last = self._script.line_at(max(span.start, span.end - 1))
        kinds = (self._script.kind(line) for line in range(first, last + 1))
        return any(kind not in UNPRINTED and kind is not ElementType.BLANK for kind in kinds)


def _baseline(row: int) -> float:
    return _FIRST_BASELINE - row * _ROW


def _style_of(kind: ElementType) -> int:
    if kind is ElementType.SCENE_HEADING:
        return BOLD
    return ITALIC if kind is ElementType.LYRICS else 0


def _dated(on: date) -> Callable[..., str]:
    """A formatter that gives this date, whatever time reportlab takes it to be."""

    def formatted(*_parts: int) -> str:
        return f"D:{on:%Y%m%d}000000Z"

    return formatted


def _one_line(text: str) -> str:
    return " ".join(text.replace("*", "").replace("_", "").split())


def _count(lines: int) -> str:
    return f"{lines:,} temp {'line' if lines == 1 else 'lines'}"


def _entries(spans: Sequence[TempSpan]) -> str:
    numbers = [f"{entry:,}" for entry in sorted({span.entry for span in spans})]
    return f"{'entry' if len(numbers) == 1 else 'entries'} {', '.join(numbers)}"

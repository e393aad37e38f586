"""A report as a PDF: A4, the app's own type, vector charts, running head, page numbers and bookmarks."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from reportlab.pdfgen.canvas import Canvas

from studio_assist.interchange.pdf_type import PLAIN, STRONG, Typesetter, load_faces
from studio_assist.interchange.report_document import (
    Chart,
    Code,
    Document,
    Facts,
    Listed,
    Part,
    Section,
    Table,
    Tiles,
    Words,
)
from studio_assist.interchange.report_pdf_parts import (
    CODE,
    INK,
    LINE,
    SOFT,
    TEXT2,
    TEXT3,
    Measure,
    draw_chart,
    draw_row,
    draw_tiles,
    heads_of,
    key_width,
    rows_of,
)

#: Points: A4, its margins, and the width between them.
PAGE_WIDTH: Final = 595.28
PAGE_HEIGHT: Final = 841.89
LEFT: Final = 48.0
WIDTH: Final = PAGE_WIDTH - 2 * LEFT
_TOP: Final = PAGE_HEIGHT - 72.0
_BOTTOM: Final = 66.0
_TOTAL: Final = "total"


@dataclass(frozen=True)
class PdfReport:
    """A finished PDF. `missing`: characters that no bundled face has and that show as boxes."""

    data: bytes
    pages: int
    missing: tuple[str, ...]


def write_pdf(
    document: Document, fonts: Path, made: datetime, progress: Callable[[float], None] | None = None
) -> PdfReport:
    """Set the whole report.

    Args:
        fonts: folder of the bundled faces.
        made: the time in the file's own metadata.
        progress: told the share that is done, after every part.

    Raises:
        Unavailable: a bundled face cannot be read.
    """
    return _Writer(document, fonts, made).write(progress or (lambda _share: None))


class _Writer:
    """One report being set, from the top of its first page down."""

    def __init__(self, document: Document, fonts: Path, made: datetime) -> None:
        self._document: Final = document
        self._type: Final = Typesetter(load_faces(fonts))
        self._measure: Final = Measure(self._type)
        self._out: Final = io.BytesIO()
        self._canvas: Final[Any] = Canvas(
            self._out, pagesize=(PAGE_WIDTH, PAGE_HEIGHT), pageCompression=1, invariant=1, lang="en-GB"
        )
        stamp = f"D:{made:%Y%m%d%H%M%S}Z"
        self._canvas.setDateFormatter(lambda *_parts: stamp)
        self._canvas.setTitle(f"{document.title}: {document.project}")
        self._canvas.setAuthor("Studio Assist")
        self._canvas.setSubject(document.title)
        self._canvas.setCreator("Studio Assist")
        self._canvas.setProducer("Studio Assist")
        self._canvas.setKeywords(", ".join(document.keywords))
        self._canvas.setViewerPreference("DisplayDocTitle", "true")
        self._page = 1
        self._y = _TOP
        self._section = self._head = ""

    # methods

    def write(self, progress: Callable[[float], None]) -> PdfReport:
        self._opening()
        sections = self._document.sections
        whole = sum(len(section.parts) for section in sections) or 1
        done = 0
        for section in sections:
            self._heading(section)
            for part in section.parts:
                self._part(part)
                done += 1
                progress(done / whole)
        self._end_page()
        self._canvas.beginForm(_TOTAL, 0, 0, 60, 12)
        self._text(0, 3, str(self._page), 8, TEXT3)
        self._canvas.endForm()
        self._canvas.showOutline()
        self._canvas.save()
        return PdfReport(self._out.getvalue(), self._page, tuple(self._type.missing))

    # internals

    def _opening(self) -> None:
        canvas, document = self._canvas, self._document
        canvas.bookmarkPage("top")
        canvas.addOutlineEntry(document.title, "top", 0)
        self._y = PAGE_HEIGHT - 84
        self._text(LEFT, self._y, document.project, 11, TEXT2)
        self._y -= 28
        for line in self._measure.lines(document.title, STRONG, 24, WIDTH):
            self._text(LEFT, self._y, line, 24, INK, STRONG)
            self._y -= 30
        self._y += 6
        self._paragraph(document.opening, 11, 16, TEXT2)
        self._y -= 6
        self._facts(document.facts)

    def _heading(self, section: Section) -> None:
        # A heading stays with what it is the heading of.
        self._need(60 + _least(section.parts[0] if section.parts else None))
        self._section = section.title
        if self._y < _TOP:
            self._y -= 16
            self._rule(self._y + 8)
            self._head = self._head or section.title
        else:
            self._head = section.title
        self._y -= 16
        self._canvas.bookmarkHorizontal(section.id, 0, self._y + 24)
        self._canvas.addOutlineEntry(section.title, section.id, 1)
        self._text(LEFT, self._y, section.title, 15, INK, STRONG)
        self._y -= 20

    def _part(self, part: Part) -> None:
        match part:
            case Words(text=text, tone="lead"):
                self._need(40)
                self._y -= 4
                self._paragraph(text, 10, 14, INK, STRONG)
            case Words(text=text, tone=tone):
                self._paragraph(text, 9, 13, TEXT2 if tone == "note" else INK, bar=tone == "warning")
            case Facts():
                self._facts(part)
            case Listed(title=title, items=items):
                if title:
                    self._caption(title)
                for item in items:
                    self._item(item)
                self._y -= 6
            case Code():
                self._code(part)
            case Tiles():
                self._need(64)
                draw_tiles(self._canvas, self._measure, part, LEFT, self._y, WIDTH)
                self._y -= 70
            case Table():
                self._table(part)
            case Chart():
                self._chart(part)

    def _paragraph(
        self, text: str, size: float, leading: float, colour: Any, face: str = PLAIN, *, bar: bool = False
    ) -> None:
        indent = 10.0 if bar else 0.0
        for line in self._measure.lines(text, face, size, min(WIDTH, 470) - indent):
            self._need(leading)
            if bar:
                self._canvas.setFillColor(INK)
                self._canvas.rect(LEFT, self._y - leading + 2, 2, leading, stroke=0, fill=1)
            self._y -= leading
            self._text(LEFT + indent, self._y + 3, line, size, colour, face)
        self._y -= 6

    def _facts(self, facts: Facts) -> None:
        size, leading = 8.5, 12.0
        names = 116.0
        for name, said in facts.pairs:
            left = self._measure.lines(name, PLAIN, size, names - 12)
            right = self._measure.lines(said, PLAIN, size, WIDTH - names)
            self._need(leading * min(3, max(len(left), len(right))))
            for at in range(max(len(left), len(right))):
                self._need(leading)
                self._y -= leading
                if at < len(left):
                    self._text(LEFT, self._y + 3, left[at], size, TEXT3)
                if at < len(right):
                    self._text(LEFT + names, self._y + 3, right[at], size, INK)
            self._y -= 2.5
        self._y -= 8

    def _item(self, item: str) -> None:
        for place, line in enumerate(self._measure.lines(item, PLAIN, 9, min(WIDTH, 470) - 12)):
            self._need(13)
            self._y -= 13
            if not place:
                self._text(LEFT, self._y + 3, "•", 9, TEXT3)
            self._text(LEFT + 12, self._y + 3, line, 9, INK)
        self._y -= 2

    def _code(self, code: Code) -> None:
        self._caption(code.title)
        lines = [
            part
            for line in code.text.rstrip("\n").split("\n")
            for part in self._measure.lines(line, CODE, 7.6, WIDTH - 20, keep=True) or [""]
        ]
        for place, line in enumerate(lines):
            self._need(10.5)
            self._canvas.setFillColor(SOFT)
            above = 6 if not place else 0
            self._canvas.rect(LEFT, self._y - 12, WIDTH, 10.6 + above, stroke=0, fill=1)
            self._y -= 10.5
            self._text(LEFT + 10, self._y + 1.5, line, 7.6, INK, CODE)
        self._y -= 18

    def _table(self, table: Table) -> None:
        if not table.rows:
            self._need(30)
            self._caption(table.caption)
            self._paragraph(table.empty, 9, 13, TEXT3)
            return
        heads = heads_of(self._measure, table, WIDTH)
        rows = rows_of(self._measure, table, WIDTH)
        first = next(rows)
        self._need(24 + heads.height + first.height)
        self._caption(table.caption)
        self._y = draw_row(self._canvas, heads, LEFT, self._y, WIDTH)
        row = first
        while True:
            if self._y - row.height < _BOTTOM:
                self._next_page()
                self._text(LEFT, self._y - 9, f"{table.caption}, continued", 8, TEXT3)
                self._y -= 16
                self._y = draw_row(self._canvas, heads, LEFT, self._y, WIDTH)
            self._y = draw_row(self._canvas, row, LEFT, self._y, WIDTH)
            following = next(rows, None)
            if following is None:
                break
            row = following
        self._y -= 14

    def _chart(self, chart: Chart) -> None:
        scale = WIDTH / chart.width
        height = chart.height * scale
        piece = _TOP - _BOTTOM - 40
        self._need(min(height, piece) + 34)
        self._caption(chart.title)
        x = LEFT + WIDTH - sum(key_width(self._measure, said) for _, said in chart.key)
        draw_chart(self._canvas, self._measure, chart, LEFT, self._y, scale, key=(x, self._y + 8))
        self._y -= height + 18

    def _caption(self, title: str) -> None:
        self._need(34)
        self._y -= 4
        for line in self._measure.lines(title, STRONG, 9, WIDTH * 0.66):
            self._y -= 12
            self._text(LEFT, self._y + 3, line, 9, INK, STRONG)
        self._y -= 5

    # pages

    def _need(self, height: float) -> None:
        if self._y - height < _BOTTOM:
            self._next_page()

    def _next_page(self) -> None:
        self._end_page()
        self._page += 1
        self._y = _TOP
        self._head = self._section

    def _end_page(self) -> None:
        canvas = self._canvas
        if self._page > 1:
            head = f"{self._document.project} · {self._document.title}"
            self._text(LEFT, PAGE_HEIGHT - 44, head, 8, TEXT3)
            width = self._measure.width(self._head, PLAIN, 8)
            self._text(LEFT + WIDTH - width, PAGE_HEIGHT - 44, self._head, 8, TEXT3)
            self._rule(PAGE_HEIGHT - 51)
        self._rule(48)
        told = f"Page {self._page} of "
        wide = self._measure.width(f"{told}000", PLAIN, 8)
        foot: Sequence[str] = self._measure.lines(self._document.foot, PLAIN, 7, WIDTH - wide - 24)
        for place, line in enumerate(foot[:2]):
            self._text(LEFT, 36 - 9 * place, line, 7, TEXT3)
        x = LEFT + WIDTH - wide
        self._text(x, 36, told, 8, TEXT3)
        canvas.saveState()
        canvas.translate(x + self._measure.width(told, PLAIN, 8), 33)
        # The number of pages is known at the end; every page shows this one form.
        canvas.doForm(_TOTAL)
        canvas.restoreState()
        canvas.showPage()

    def _rule(self, y: float) -> None:
        self._canvas.setFillColor(LINE)
        self._canvas.rect(LEFT, y, WIDTH, 0.6, stroke=0, fill=1)

    def _text(self, x: float, y: float, text: str, size: float, colour: Any, face: str = PLAIN) -> None:
        self._canvas.setFillColor(colour)
        self._canvas.setFont(face, size)
        self._canvas.drawString(x, y, self._type.plain(text, face))


def _least(part: Part | None) -> float:
    """How much room the beginning of a part takes, so that no heading stands alone at a page's foot."""
    match part:
        case Chart():
            return part.height * WIDTH / part.width + 40
        case Tiles():
            return 70
        case Table() | Code():
            return 80
        case _:
            return 30

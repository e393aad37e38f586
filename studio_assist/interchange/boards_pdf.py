"""A storyboard book as a PDF: panels with their words, scene by scene, as a production office prints them.

A panel of temp material carries an amber tag with its ledger entry, beside the band that its picture has in
its pixels, and its page says so in head and foot. These marks are drawn with the page and cannot be left out.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from reportlab.pdfgen.canvas import Canvas

from studio_assist.interchange.boards_pdf_book import PREVIS_HEADLINE, Book, BookPanel, BookPdf
from studio_assist.interchange.boards_pdf_layout import FOOT, MARGIN, STRIP, PageLayout, layout_of
from studio_assist.interchange.boards_pdf_panels import PanelDrawer
from studio_assist.interchange.boards_pdf_pen import AMBER, Pen
from studio_assist.interchange.boards_pdf_pictures import printed
from studio_assist.interchange.pdf import HEADLINE
from studio_assist.interchange.pdf_type import PLAIN, STRONG, Typesetter, load_faces
from studio_assist.interchange.report_pdf_parts import INK, LINE, TEXT2, TEXT3, Measure

_SMALL: Final = 7.5


def write_book(
    book: Book, panels: Sequence[BookPanel], progress: Callable[[float], None] | None = None
) -> BookPdf:
    """Draw the whole book.

    Args:
        progress: told the share that is done, after every panel; what it raises stops the work.

    Raises:
        Unavailable: a bundled face cannot be read.
    """
    return _Writer(book, panels).write(progress or (lambda _share: None))


@dataclass
class _Page:
    """A page so far: its tags, and the panels that those are of."""

    temp: list[BookPanel] = field(default_factory=list["BookPanel"])

    @property
    def headline(self) -> str:
        previs = all(panel.temp == "PREVIS" for panel in self.temp)
        return PREVIS_HEADLINE if previs else HEADLINE


class _Writer:
    """One book being drawn."""

    def __init__(self, book: Book, panels: Sequence[BookPanel]) -> None:
        self._book: Final = book
        self._panels: Final = panels
        words = any(name in book.fields for name in ("action", "dialogue", "notes"))
        self._layout: Final[PageLayout] = layout_of(
            book.panels, book.paper, book.aspect, landscape=book.landscape, words=words
        )
        self._type: Final = Typesetter(load_faces(book.fonts))
        self._measure: Final = Measure(self._type)
        self._out: Final = io.BytesIO()
        self._canvas: Final[Any] = self._new_canvas()
        self._pen: Final = Pen(self._canvas, self._measure)
        self._drawer: Final = PanelDrawer(self._pen, self._layout, book.fields)
        self._tags: Final[dict[int, tuple[str, ...]]] = {}
        items = len(panels) + bool(book.left_out)
        self._pages: Final = max(1, -(-items // self._layout.panels))

    # methods

    def write(self, progress: Callable[[float], None]) -> BookPdf:
        per = self._layout.panels
        pictures = printed([panel.picture for panel in self._panels], self._layout.picture)
        try:
            for number in range(self._pages):
                page = _Page()
                shown = self._panels[number * per : (number + 1) * per]
                self._strips(shown, number)
                for place, panel in enumerate(shown):
                    self._drawer.keep(panel, next(pictures))
                    self._drawer.draw(panel, *self._layout.cell(place))
                    if panel.temp:
                        page.temp.append(panel)
                    progress((number * per + place + 1) / len(self._panels))
                if self._book.left_out and number == self._pages - 1:
                    self._left_out(*self._layout.cell(len(shown)))
                self._frame(page, number)
                self._canvas.showPage()
        finally:
            pictures.close()
        self._canvas.showOutline()
        self._canvas.save()
        return BookPdf(
            self._out.getvalue(),
            self._pages,
            self._tags,
            tuple(self._type.missing),
            tuple(self._drawer.damaged),
        )

    # internals

    def _new_canvas(self) -> Any:
        book, layout = self._book, self._layout
        size = (layout.width, layout.height)
        # By what the library says of itself, a font's name would be a number.
        new: Any = Canvas
        canvas = new(
            self._out, pagesize=size, pageCompression=1, invariant=1, initialFontName=PLAIN, lang="en-GB"
        )
        stamp = f"D:{book.on:%Y%m%d}000000Z"
        canvas.setDateFormatter(lambda *_parts: stamp)
        canvas.setTitle(f"{book.title}: storyboards, {book.scenes}")
        canvas.setAuthor(book.made_by or "Studio Assist")
        canvas.setSubject(f"Storyboards, {book.scenes}. {book.ledger}.")
        canvas.setCreator("Studio Assist")
        canvas.setProducer("Studio Assist")
        temp = sum(1 for panel in self._panels if panel.temp)
        held = f", {temp} temp {'panel' if temp == 1 else 'panels'}, not for delivery" if temp else ""
        canvas.setKeywords(f"storyboards, {book.ledger}{held}")
        canvas.setViewerPreference("DisplayDocTitle", "true")
        return canvas

    # pages

    def _frame(self, page: _Page, number: int) -> None:
        """Head and foot."""
        canvas, book, layout = self._canvas, self._book, self._layout
        right, top = layout.width - MARGIN, layout.height - MARGIN
        said = f"Page {number + 1} of {self._pages}"
        on = f"{book.on.day} {book.on:%B %Y}"
        side = max(self._measure.width(said, STRONG, 9), self._measure.width(on, PLAIN, _SMALL))
        self._pen.right(right, top - 9, said, 9, STRONG, INK)
        self._pen.right(right, top - 20, on, _SMALL, PLAIN, TEXT3)
        room = layout.width - 2 * MARGIN - side - 16
        if page.temp:
            wide = self._measure.width(page.headline, STRONG, _SMALL) + 12
            left = right - side - 16 - wide
            self._pen.amber(left, top - 12.5, wide, 14.5, page.headline, _SMALL)
            room -= wide + 12
        self._pen.text(MARGIN, top - 10, self._pen.short(book.title, STRONG, 12, room), 12, STRONG, INK)
        count = f"{len(self._panels)} {'panel' if len(self._panels) == 1 else 'panels'}"
        told = f"Storyboards · {book.scenes} · {count}"
        self._pen.text(MARGIN, top - 21, self._pen.short(told, PLAIN, _SMALL, room), _SMALL, PLAIN, TEXT2)
        canvas.setFillColor(INK)
        canvas.rect(MARGIN, top - 27.5, layout.width - 2 * MARGIN, 0.9, stroke=0, fill=1)
        foot = MARGIN + FOOT - 8
        canvas.setFillColor(LINE)
        canvas.rect(MARGIN, foot, layout.width - 2 * MARGIN, 0.6, stroke=0, fill=1)
        maker = f"Made by {book.made_by} with Studio Assist" if book.made_by else "Made with Studio Assist"
        wide = layout.width - 2 * MARGIN
        last = self._pen.short(f"{maker} · {book.ledger}", PLAIN, _SMALL, wide)
        self._pen.text(MARGIN, foot - 22, last, _SMALL, PLAIN, TEXT3)
        if page.temp:
            listed = ", ".join(_named(panel) for panel in page.temp)
            canvas.setFillColor(AMBER)
            canvas.rect(MARGIN, foot - 13, 2.6, 10, stroke=0, fill=1)
            words = self._pen.short(f"Temp on this page: {listed}", PLAIN, _SMALL, wide - 8)
            self._pen.text(MARGIN + 8, foot - 10.5, words, _SMALL, PLAIN, INK)
            self._tags[number] = (page.headline, *(panel.tag for panel in page.temp))

    def _strips(self, shown: Sequence[BookPanel], number: int) -> None:
        """Above each row, a line from where a scene begins to where it ends, with its heading."""
        canvas, layout = self._canvas, self._layout
        before = self._panels[number * layout.panels - 1].scene if number else None
        for row in range(0, len(shown), layout.columns):
            at = row
            while at < min(row + layout.columns, len(shown)):
                panel, end = shown[at], at + 1
                while end < min(row + layout.columns, len(shown)) and shown[end].scene == panel.scene:
                    end += 1
                left, top = layout.cell(at)
                wide = layout.words_width if not layout.beside else layout.cell_width
                right = layout.cell(end - 1)[0] + wide
                begins = panel.scene != before
                canvas.setFillColor(TEXT2 if begins else LINE)
                canvas.rect(left, top + STRIP - 2, right - left, 0.8, stroke=0, fill=1)
                if begins or not at:
                    self._scene(panel, left, top, right - left, number, begins=begins)
                before = panel.scene
                at = end

    def _scene(
        self, panel: BookPanel, left: float, top: float, wide: float, number: int, *, begins: bool
    ) -> None:
        heading = "  ".join(part for part in (panel.scene, panel.heading) if part) or "No scene"
        if begins:
            mark = f"page-{number}-{panel.number}"
            self._canvas.bookmarkPage(mark)
            self._canvas.addOutlineEntry(self._type.plain(heading), mark, 0)
        told = heading if begins else f"{heading} (continued)"
        face, size = STRONG if begins else PLAIN, _SMALL + 0.3
        words = self._pen.short(told, face, size, wide)
        self._pen.text(left, top + 3, words, size, face, INK if begins else TEXT3)

    def _left_out(self, left: float, top: float) -> None:
        layout = self._layout
        size = min(8.5, layout.size)
        wide = layout.cell_width if layout.beside else layout.words_width
        lines = self._measure.lines(self._book.left_out, PLAIN, size, wide)
        room = max(1, int(layout.cell_height / (size * 1.35)) - 1)
        if len(lines) > room:
            lines = [*lines[: room - 1], self._pen.short(f"{lines[room - 1]} and more …", PLAIN, size, wide)]
        for place, line in enumerate(lines):
            self._pen.text(left, top - 10 - place * size * 1.35, line, size, PLAIN, TEXT2)


def _named(panel: BookPanel) -> str:
    return f"{panel.number} (entry {panel.entry:,})" if panel.entry is not None else panel.number

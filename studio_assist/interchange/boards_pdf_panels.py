"""The panels of a storyboard book: the frame, the line above it, the tag below it, and the words."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path
from typing import Any, Final

from reportlab.lib.colors import HexColor
from reportlab.pdfbase.pdfdoc import PDFImageXObject

from studio_assist.domain.burnin import BLANK_WORDS
from studio_assist.domain.export_formats import BoardField
from studio_assist.domain.timeline import Playing
from studio_assist.interchange.boards_pdf_book import BookPanel
from studio_assist.interchange.boards_pdf_layout import PageLayout
from studio_assist.interchange.boards_pdf_pen import AMBER, Pen
from studio_assist.interchange.boards_pdf_pictures import Printed
from studio_assist.interchange.boards_pdf_words import blocks_of, fitted
from studio_assist.interchange.pdf_type import PLAIN, STRONG
from studio_assist.interchange.report_pdf_parts import INK, TEXT2, TEXT3

_GROUND: Final = HexColor(0xF3F4F6)
_WHITE: Final = HexColor(0xFFFFFF)
_TAG: Final = 6.4
#: The smallest type of who made a panel.
_LEAST: Final = 5.8
#: Lines of words from which on who made a panel may have one of its own.
_ROOMY: Final = 6


class PanelDrawer:
    """Draws panels into their places.

    Attributes:
        damaged: numbers of panels whose picture could not be read.
    """

    def __init__(self, pen: Pen, layout: PageLayout, fields: tuple[BoardField, ...]) -> None:
        self._pen: Final = pen
        self._measure: Final = pen.measure
        self._layout: Final = layout
        self._fields: Final = fields
        self._pictures: Final[dict[Path, Printed | None]] = {}
        self.damaged: Final[list[str]] = []

    # methods

    def keep(self, panel: BookPanel, picture: Printed | None) -> None:
        """Put a picture into the book, once, however many panels show it."""
        path = panel.picture
        if path is None:
            return
        if path not in self._pictures:
            self._pictures[path] = picture
            if picture is not None:
                self._embed(path, picture)
        if self._pictures[path] is None:
            self.damaged.append(panel.number)

    def _embed(self, path: Path, picture: Printed) -> None:
        # By the long way: `drawImage` decodes every picture to name it, and writes it as letters.
        made: Any = PDFImageXObject(path.name)
        made.width, made.height = picture.width, picture.height
        made.bitsPerComponent = 8
        made.colorSpace = "DeviceGray" if picture.grey else "DeviceRGB"
        made.streamContent = picture.jpeg
        made._filters = ("DCTDecode",)
        document = self._pen.canvas._doc
        document.Reference(made, document.getXObjectName(path.name))
        document.addForm(path.name, made)

    def draw(self, panel: BookPanel, left: float, top: float) -> None:
        """A panel with its words, from its upper left corner."""
        layout, fields = self._layout, self._fields
        wide, high = layout.picture
        if layout.beside:
            self._picture(panel, left, top - high, wide, high)
            words = left + layout.cell_width - layout.words_width
            y = top
            y = self._head(panel, words, y, layout.words_width)
            y = self._credit(panel, words, y, layout.words_width)
        else:
            y = self._head(panel, left, top, wide)
            self._picture(panel, left, y - high, wide, high)
            y = self._credit(panel, left, y - high, wide)
            words = left
        room = int((y - 2 - (top - layout.cell_height)) / layout.leading)
        blocks = blocks_of(
            self._measure,
            layout.size,
            layout.words_width,
            action=panel.action if "action" in fields else "",
            dialogue=panel.dialogue if "dialogue" in fields else "",
            notes=panel.notes if "notes" in fields else "",
        )
        y -= 1
        for block in fitted(self._measure, blocks, layout.size, layout.words_width, room):
            for line in block.lines:
                y -= layout.leading
                x = words
                for face, run in groupby(line, lambda one: one[1]):
                    said = " ".join(word for word, _ in run)
                    self._pen.text(x, y + 0.25 * layout.size, said, layout.size, face, block.colour)
                    x += self._measure.width(f"{said} ", face, layout.size)

    def _head(self, panel: BookPanel, left: float, top: float, wide: float) -> float:
        """Number, camera and length; returns the lower edge."""
        layout, fields = self._layout, self._fields
        size, y = layout.size, top - layout.size - 1.5
        length = panel.length if "duration" in fields else ""
        number = panel.number if "number" in fields else ""
        camera = panel.camera if "camera" in fields else ""
        taken = 0.0
        if length:
            short = self._pen.short(length, PLAIN, size, wide * 0.62)
            self._pen.right(left + wide, y, short, size, PLAIN, TEXT2)
            taken = self._measure.width(short, PLAIN, size) + 6
        if number:
            short = self._pen.short(number, STRONG, size + 1.5, wide - taken)
            self._pen.text(left, y, short, size + 1.5, STRONG, INK)
            own = self._measure.width(short, STRONG, size + 1.5) + 6
        else:
            own = 0.0
        if not camera:
            return top - layout.head
        if layout.beside:
            lines = self._measure.lines(camera, PLAIN, size, wide)[:2]
            for line in lines:
                y -= layout.leading
                self._pen.text(left, y, line, size, PLAIN, TEXT2)
            return y - 4
        words = self._pen.short(camera, PLAIN, size, wide - taken - own)
        self._pen.text(left + own, y, words, size, PLAIN, TEXT2)
        return top - layout.head

    def _credit(self, panel: BookPanel, left: float, top: float, wide: float) -> float:
        """The amber tag, and who made it; returns the lower edge."""
        layout = self._layout
        x, y = left, top - layout.credit
        if panel.tag:
            # Smaller in a narrow column rather than cut: it names the entry.
            size = min(_TAG, _TAG * (wide - 6) / self._measure.width(panel.tag, STRONG, _TAG))
            width = self._measure.width(panel.tag, STRONG, size) + 6
            self._pen.amber(left, top - 11.5, width, 9.5, panel.tag, size)
            x += width + 5
            y = min(y, top - 13.5)
        if "made-by" not in self._fields or not panel.made_by:
            return y if panel.tag or not layout.beside else top
        size = min(layout.size, 7.2)
        if layout.beside:
            base = y if panel.tag else top
            lines = self._measure.lines(panel.made_by, PLAIN, size, wide)[:2]
            for line in lines:
                base -= size * 1.3
                self._pen.text(left, base + 1, line, size, PLAIN, TEXT3)
            return base - 2
        own = self._measure.width(panel.made_by, PLAIN, size)
        if own > left + wide - x:
            # Who decided comes last, and is worth a smaller type.
            size = max(_LEAST, size * (left + wide - x) / own)
            own = self._measure.width(panel.made_by, PLAIN, size)
        spare = layout.cell_height - layout.head - layout.picture[1] - layout.credit
        if panel.tag and x + own > left + wide + 0.1 and spare > _ROOMY * layout.leading:
            # There is room enough for a line of its own.
            self._pen.text(
                left, y - 7.2, self._pen.short(panel.made_by, PLAIN, size, wide), size, PLAIN, TEXT3
            )
            return y - 9.4
        words = self._pen.short(panel.made_by, PLAIN, size, left + wide - x)
        self._pen.text(x, top - 9.2, words, size, PLAIN, TEXT3)
        return y

    def _picture(self, panel: BookPanel, left: float, bottom: float, wide: float, high: float) -> None:
        canvas = self._pen.canvas
        picture = self._pictures.get(panel.picture) if panel.picture is not None else None
        canvas.saveState()
        canvas.setLineWidth(0.6)
        if picture is None or panel.picture is None:
            shows: Playing = "missing" if panel.shows in ("temp", "previs", "drawn") else panel.shows
            words = BLANK_WORDS[shows]
            canvas.setStrokeColor(AMBER if shows == "undecided" else TEXT3)
            canvas.setFillColor(_WHITE)
            canvas.setDash(4, 3)
            canvas.rect(left, bottom, wide, high, stroke=1, fill=1)
            size = min(11.0, self._layout.size + 1)
            middle = left + (wide - self._measure.width(words, PLAIN, size)) / 2
            canvas.restoreState()
            self._pen.text(middle, bottom + high / 2 - size * 0.35, words, size, PLAIN, TEXT3)
            return
        scale = min(wide / picture.width, high / picture.height)
        across, down = picture.width * scale, picture.height * scale
        canvas.setFillColor(_GROUND)
        canvas.rect(left, bottom, wide, high, stroke=0, fill=1)
        canvas.saveState()
        canvas.translate(left + (wide - across) / 2, bottom + (high - down) / 2)
        canvas.scale(across, down)
        canvas.doForm(panel.picture.name)
        canvas.restoreState()
        canvas.setStrokeColor(TEXT3)
        canvas.rect(left, bottom, wide, high, stroke=1, fill=0)
        canvas.restoreState()

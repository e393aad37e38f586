"""What draws words into a storyboard book: one line each, cut where there is no room, and amber tags."""

from __future__ import annotations

from typing import Any, Final

from reportlab.lib.colors import HexColor

from studio_assist.interchange.boards_pdf_words import shortened
from studio_assist.interchange.pdf_type import STRONG
from studio_assist.interchange.report_pdf_parts import Measure

AMBER: Final = HexColor(0xF2B705)
_ON_AMBER: Final = HexColor(0x171204)


class Pen:
    """Writes on the pages of one canvas of reportlab's."""

    def __init__(self, canvas: Any, measure: Measure) -> None:
        self.canvas: Final[Any] = canvas
        self.measure: Final = measure

    # methods

    def amber(self, left: float, bottom: float, wide: float, high: float, said: str, size: float) -> None:
        """A tag, its words in its middle."""
        self.canvas.setFillColor(AMBER)
        self.canvas.roundRect(left, bottom, wide, high, 1.2, stroke=0, fill=1)
        inner = left + (wide - self.measure.width(said, STRONG, size)) / 2
        self.text(inner, bottom + high / 2 - size * 0.36, said, size, STRONG, _ON_AMBER)

    def short(self, text: str, face: str, size: float, wide: float) -> str:
        """One line, cut with "…" where it is wider than `wide`."""
        return shortened(self.measure, text, face, size, wide)

    def right(self, right: float, y: float, text: str, size: float, face: str, colour: Any) -> None:
        """A line that ends at `right`."""
        self.text(right - self.measure.width(text, face, size), y, text, size, face, colour)

    def text(self, x: float, y: float, text: str, size: float, face: str, colour: Any) -> None:
        """A line from its left end; `y` is its baseline."""
        self.canvas.setFillColor(colour)
        self.canvas.setFont(face, size)
        self.canvas.drawString(x, y, self.measure.type.plain(text, face))

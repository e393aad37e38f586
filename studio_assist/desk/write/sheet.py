"""The measures of a page on the screen.

The page of the design is 765 px wide at 94 %: 8.5 in at 90 px, ten characters to the inch. Every measure
below is in px at 94 % and grows with the zoom, except the gaps around a page.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final

from studio_assist.domain.screenplay import ElementType

#: The zoom that the design is drawn at, in percent.
DESIGN_ZOOM: Final = 94
ZOOMS: Final = (75, 94, 100, 110, 125, 150, 175, 200)
ZOOM_RANGE: Final = (50, 300)

#: px between the window's edge and a page, and between two pages.
GAP_PX: Final = 16
BODY_ROWS: Final = 55

#: Where text starts, in characters from the left edge of the page.
COLUMNS: Final[dict[ElementType, int]] = {
    ElementType.CHARACTER: 37,
    ElementType.PARENTHETICAL: 31,
    ElementType.DIALOGUE: 25,
    ElementType.LYRICS: 25,
}
TEXT_COLUMN: Final = 15
TEXT_COLUMNS: Final = 60


@dataclass(frozen=True)
class Sheet:
    """All measures of a page at one zoom, in px."""

    zoom: int = DESIGN_ZOOM

    @cached_property
    def scale(self) -> float:
        """px here to one px of the design."""
        return self.zoom / DESIGN_ZOOM

    @cached_property
    def column(self) -> float:
        """Width of a character."""
        return 9 * self.scale

    @cached_property
    def row(self) -> float:
        """Height of a row."""
        return 16.5 * self.scale

    @cached_property
    def font(self) -> float:
        """Size of the script's font."""
        return 15 * self.scale

    @cached_property
    def width(self) -> float:
        return 765 * self.scale

    @cached_property
    def number_top(self) -> float:
        """From the page's top edge to the top of the row of the page number."""
        return 26 * self.scale

    @cached_property
    def body_top(self) -> float:
        """From the page's top edge to the top of the first row."""
        return 76.5 * self.scale

    @cached_property
    def foot(self) -> float:
        """From the bottom of the last row to the page's lower edge."""
        return 105 * self.scale

    @cached_property
    def bar_left(self) -> float:
        """Left edge of the bar beside temp text."""
        return 121 * self.scale

    @cached_property
    def ground_right(self) -> float:
        """Right edge of the ground behind temp text, and of the page number."""
        return 680 * self.scale

    @cached_property
    def left_number(self) -> float:
        return 76 * self.scale

    @cached_property
    def right_number(self) -> float:
        return 688 * self.scale

    def height(self, rows: int = BODY_ROWS) -> float:
        """Height of a page that shows this many rows; never less than a printed page's."""
        return self.body_top + max(rows, BODY_ROWS) * self.row + self.foot

    def x(self, kind: ElementType) -> float:
        """Where text of this kind starts, from the page's left edge."""
        return COLUMNS.get(kind, TEXT_COLUMN) * self.column

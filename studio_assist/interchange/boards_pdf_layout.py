"""Where things stand on a page of a storyboard book, in points."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

#: Width and height of the papers, upright.
PAPERS: Final = {"a4": (595.28, 841.89), "letter": (612.0, 792.0)}
#: From the page's edges to what is printed, and what head and foot take.
MARGIN: Final = 30.0
HEAD: Final = 36.0
FOOT: Final = 32.0
#: Between panels.
GUTTER: Final = 15.0
#: The line with a scene's heading above a row of panels.
STRIP: Final = 15.0
_ROW_GAP: Final = 9.0
#: How much of a panel's width its picture may take where the words stand beside it.
_BESIDE: Final = 0.64
#: What room for words is worth beside room for the picture, by area.
_WORDS: Final = 0.35
#: Lines of words that a panel has at least, where words were chosen.
_LEAST_LINES: Final = {1: 5, 2: 4, 3: 3, 4: 3, 6: 3, 9: 3}

#: Columns and rows of a page, upright and across.
_GRIDS: Final[dict[int, tuple[tuple[int, int], tuple[int, int]]]] = {
    1: ((1, 1), (1, 1)),
    2: ((1, 2), (2, 1)),
    3: ((1, 3), (3, 1)),
    4: ((2, 2), (2, 2)),
    6: ((2, 3), (3, 2)),
    9: ((3, 3), (3, 3)),
}
#: Type sizes of the words.
_SIZES: Final = {1: 9.5, 2: 9.0, 3: 8.5, 4: 8.2, 6: 7.6, 9: 6.9}


@dataclass(frozen=True)
class PageLayout:
    """The page of a book.

    Attributes:
        width, height: of the paper. columns, rows: of panels.
        cell_width, cell_height: of a panel with its words; `cell` says where one begins.
        picture: width and height of the frame.
        beside: the words stand at its right, not below it.
        size, leading: of the words.
        head: height of the line above the picture. credit: of the one below it.
    """

    width: float
    height: float
    columns: int
    rows: int
    cell_width: float
    cell_height: float
    picture: tuple[float, float]
    beside: bool
    size: float
    leading: float
    head: float
    credit: float

    @property
    def panels(self) -> int:
        """How many panels a page holds."""
        return self.columns * self.rows

    @property
    def words_width(self) -> float:
        """How wide the column is that a panel's words are set in."""
        return self.cell_width - self.picture[0] - _gap(self.size) if self.beside else self.picture[0]

    def cell(self, place: int) -> tuple[float, float]:
        """Left and upper edge of a panel, by its place on the page from 0; its scene's line lies above."""
        row, column = divmod(place, self.columns)
        left = MARGIN + column * (self.cell_width + GUTTER)
        if not self.beside:
            # A picture that is narrower than its share of the page stands in the middle of it.
            left += (self.cell_width - self.picture[0]) / 2
        top = self.height - MARGIN - HEAD - row * (self.cell_height + STRIP + _ROW_GAP) - STRIP
        return left, top


def layout_of(
    panels: int,
    paper: Literal["a4", "letter"],
    aspect: float,
    *,
    landscape: bool,
    words: bool,
) -> PageLayout:
    """The page for a number of panels.

    Args:
        aspect: width to height of the frame.
        words: action, dialogue or notes are printed.
    """
    across, up = sorted(PAPERS[paper], reverse=landscape)
    columns, rows = _GRIDS[panels][landscape]
    size = _SIZES[panels]
    leading, head, credit = round(size * 1.28, 2), size + 6.5, size + 6.0
    wide = (across - 2 * MARGIN - (columns - 1) * GUTTER) / columns
    high = (up - 2 * MARGIN - HEAD - FOOT - (rows - 1) * _ROW_GAP) / rows - STRIP
    below = _below(wide, high - head - credit, aspect, _LEAST_LINES[panels] * leading + 3 if words else 0.0)
    beside = _beside(wide, high, aspect)
    below_words = below[0] * (high - head - credit - below[1])
    beside_words = (wide - beside[0] - _gap(size)) * high
    at_right = words and _worth(beside, beside_words) > _worth(below, below_words)
    return PageLayout(
        width=across,
        height=up,
        columns=columns,
        rows=rows,
        cell_width=wide,
        cell_height=high,
        picture=beside if at_right else below,
        beside=at_right,
        size=size,
        leading=leading,
        head=head,
        credit=credit,
    )


def _below(wide: float, high: float, aspect: float, words: float) -> tuple[float, float]:
    width = min(wide, max(20.0, high - words) * aspect)
    return width, width / aspect


def _beside(wide: float, high: float, aspect: float) -> tuple[float, float]:
    width = min(wide * _BESIDE, high * aspect)
    return width, width / aspect


def _worth(picture: tuple[float, float], words: float) -> float:
    return picture[0] * picture[1] + _WORDS * words


def _gap(size: float) -> float:
    return 1.2 * size

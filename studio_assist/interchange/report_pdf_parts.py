"""What the pages of a report are drawn from: measured lines, rows of tables, tiles and charts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from reportlab.lib.colors import Color, HexColor

from studio_assist.interchange.pdf_type import PLAIN, STRONG, Typesetter
from studio_assist.interchange.report_document import Box, Chart, Column, Fill, Table, Tiles

#: The fixed pitch of hashes and commands.
CODE: Final = "CourierPrime-Regular"

INK: Final = HexColor(0x15181C)
TEXT2: Final = HexColor(0x454C56)
TEXT3: Final = HexColor(0x626A75)
LINE: Final = HexColor(0xD6DAE0)
SOFT: Final = HexColor(0xF3F4F6)
_GREEN: Final = HexColor(0x1A7F4E)
_FILLS: Final[dict[Fill, Color]] = {
    "accepted": _GREEN,
    "human": _GREEN,
    "edited": HexColor(0x8CC9AB),
    "ai": HexColor(0xF2B705),
    "neutral": HexColor(0x7D8590),
    "blocked": HexColor(0xC4262C),
    "line": LINE,
}
_SIZE: Final = 7.6
_LEADING: Final = 10.4
_PAD: Final = 4.0
_GAP: Final = 9.0


class Measure:
    """Widths of words, each measured once, and text broken into lines by them."""

    def __init__(self, typesetter: Typesetter) -> None:
        self._type: Final = typesetter
        self._widths: Final[dict[tuple[str, str, float], float]] = {}

    @property
    def type(self) -> Typesetter:
        """What sets the words."""
        return self._type

    def width(self, text: str, face: str, size: float) -> float:
        """Width in points."""
        found = self._widths.get((text, face, size))
        if found is None:
            found = self._widths[text, face, size] = self._type.width(text, size, face)
        return found

    def lines(self, text: str, face: str, size: float, width: float, *, keep: bool = False) -> list[str]:
        """The text in lines no wider than `width`; a word that is wider is cut. `keep`: spaces stand."""
        space = self.width(" ", face, size)
        found: list[str] = []
        line, long = "", 0.0
        for word in text.split(" ") if keep else text.split():
            wide = self.width(word, face, size)
            if line and long + space + wide > width:
                found.append(line)
                line, long = "", 0.0
            if wide > width:
                *cut, word = self._cut(word, face, size, width)
                found += cut
                wide = self.width(word, face, size)
            line, long = (f"{line} {word}", long + space + wide) if line else (word, wide)
        return [*found, line] if line else found

    def _cut(self, word: str, face: str, size: float, width: float) -> list[str]:
        """A word in parts: after a hyphen or a stroke where that is wide enough, else where it ends."""
        parts: list[str] = []
        part, long = "", 0.0
        for letter in word:
            wide = self.width(letter, face, size)
            if part and long + wide > width:
                at = 1 + max(part.rfind("-"), part.rfind("/"))
                kept, rest = (part[:at], part[at:]) if at > len(part) // 3 else (part, "")
                parts.append(kept)
                part, long = rest, sum(self.width(one, face, size) for one in rest)
            part += letter
            long += wide
        return [*parts, part]


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table, ready to be drawn: each cell's lines with its left edge and width."""

    cells: tuple[tuple[float, float, Column, tuple[str, ...]], ...]
    height: float
    is_head: bool
    measure: Measure


def heads_of(measure: Measure, table: Table, width: float) -> Row:
    """The row of the columns' titles."""
    return _row(measure, table, [column.title for column in table.columns], width, is_head=True)


def rows_of(measure: Measure, table: Table, width: float) -> Iterator[Row]:
    """Every row, broken into lines as it is asked for."""
    return (_row(measure, table, row, width) for row in table.rows)


def draw_row(canvas: Any, row: Row, left: float, top: float, width: float) -> float:
    """Draw a row below `top`; returns where the next one begins."""
    canvas.setFillColor(TEXT3 if row.is_head else INK)
    plain = row.measure.type.plain
    for x, wide, column, lines in row.cells:
        face = CODE if column.code and not row.is_head else PLAIN
        canvas.setFont(face, _SIZE)
        for place, line in enumerate(lines):
            y = top - _PAD - _SIZE - place * _LEADING + 0.6
            if column.align == "right":
                canvas.drawRightString(left + x + wide, y, plain(line, face))
            else:
                canvas.drawString(left + x, y, plain(line, face))
    bottom = top - row.height
    canvas.setFillColor(TEXT3 if row.is_head else LINE)
    canvas.rect(left, bottom, width, 0.5, stroke=0, fill=1)
    return bottom


def draw_tiles(canvas: Any, measure: Measure, tiles: Tiles, left: float, top: float, width: float) -> None:
    """The numbers side by side, 60 points high."""
    wide = (width - 8.0 * (len(tiles.tiles) - 1)) / len(tiles.tiles)
    for place, (name, value, remark) in enumerate(tiles.tiles):
        x = left + place * (wide + 8.0)
        canvas.setStrokeColor(LINE)
        canvas.setLineWidth(0.8)
        canvas.roundRect(x, top - 62, wide, 60, 4, stroke=1, fill=0)
        for text, y, size, colour, face in (
            (name, 15, 7.5, TEXT3, PLAIN),
            (value, 34, 16, INK, STRONG),
        ):
            canvas.setFillColor(colour)
            canvas.setFont(face, size)
            canvas.drawString(x + 8, top - y, measure.type.plain(text, face))
        canvas.setFillColor(TEXT2)
        canvas.setFont(PLAIN, 6.8)
        for at, line in enumerate(measure.lines(remark, PLAIN, 6.8, wide - 14)[:2]):
            canvas.drawString(x + 8, top - 45 - 8.6 * at, measure.type.plain(line))


def key_width(measure: Measure, said: str) -> float:
    """How wide one item of a chart's key is."""
    return measure.width(said, PLAIN, 8) + 24


def draw_chart(
    canvas: Any,
    measure: Measure,
    chart: Chart,
    left: float,
    top: float,
    scale: float,
    *,
    key: tuple[float, float],
) -> None:
    """A chart with its upper left corner at (`left`, `top`), and its key from `key` on."""
    x, y = key
    for fill, said in chart.key:
        _box(canvas, x, y - 1, 7, 7, fill)
        canvas.setFillColor(TEXT2)
        canvas.setFont(PLAIN, 8)
        canvas.drawString(x + 11, y - 0.5, measure.type.plain(said))
        x += key_width(measure, said)
    for box in chart.boxes:
        _chart_box(canvas, box, left, top, scale)
    for mark in chart.marks:
        face = STRONG if mark.strong else PLAIN
        canvas.setFillColor(TEXT3 if mark.faint else INK)
        canvas.setFont(face, mark.size * scale)
        draw = {
            "left": canvas.drawString,
            "middle": canvas.drawCentredString,
            "right": canvas.drawRightString,
        }[mark.align]
        draw(left + mark.x * scale, top - mark.y * scale, measure.type.plain(mark.text, face))


def _chart_box(canvas: Any, box: Box, left: float, top: float, scale: float) -> None:
    x, y = left + box.x * scale, top - (box.y + box.height) * scale
    _box(canvas, x, y, box.width * scale, box.height * scale, box.fill)


def _box(canvas: Any, x: float, y: float, width: float, height: float, fill: Fill) -> None:
    if fill != "rejected":
        canvas.setFillColor(_FILLS[fill])
        canvas.rect(x, y, width, height, stroke=0, fill=1)
        return
    # Told apart by its stripes, without colour.
    canvas.saveState()
    path = canvas.beginPath()
    path.rect(x, y, width, height)
    canvas.clipPath(path, stroke=0, fill=0)
    canvas.setStrokeColor(_GREEN)
    canvas.setLineWidth(0.8)
    step, at = 3.2, -height
    while at < width:
        canvas.line(x + at, y, x + at + height, y + height)
        at += step
    canvas.restoreState()
    canvas.setStrokeColor(_GREEN)
    canvas.setLineWidth(0.6)
    canvas.rect(x + 0.3, y + 0.3, max(0.1, width - 0.6), max(0.1, height - 0.6), stroke=1, fill=0)


def _row(measure: Measure, table: Table, texts: Sequence[str], width: float, *, is_head: bool = False) -> Row:
    whole = sum(column.weight for column in table.columns)
    room = width - _GAP * (len(table.columns) - 1)
    cells: list[tuple[float, float, Column, tuple[str, ...]]] = []
    x, most = 0.0, 1
    for column, text in zip(table.columns, texts, strict=True):
        wide = room * column.weight / whole
        face = CODE if column.code and not is_head else PLAIN
        lines = tuple(measure.lines(text, face, _SIZE, wide))
        cells.append((x, wide, column, lines))
        most = max(most, len(lines))
        x += wide + _GAP
    height = 2 * _PAD + most * _LEADING - (_LEADING - _SIZE) + 1
    return Row(tuple(cells), height, is_head, measure)

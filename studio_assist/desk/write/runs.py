"""How the characters of one line look: what is hidden, dimmed, bold, and where each row begins."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtGui import QBrush, QFont, QFontMetricsF, QTextBlock, QTextCharFormat, QTextLayout, QTextLine

from studio_assist.desk.write.sheet import COLUMNS, TEXT_COLUMN, TEXT_COLUMNS
from studio_assist.domain.screenplay import BOLD, ITALIC, UNDERLINE, UNPRINTED, ElementType

if TYPE_CHECKING:
    from studio_assist.desk.write.layout import ScriptLayout

#: Markup in front of a row is hung into the margin up to this many characters, so that the words stay put.
_HANG: Final = 12


def formats(
    layout: ScriptLayout, block: QTextBlock, line: int, kind: ElementType, is_open: bool
) -> list[QTextLayout.FormatRange]:
    """The formats of a line's characters, in UTF-16 units of the block."""
    preedit = block.layout().preeditAreaText()
    if preedit:
        # What an input method has not yet committed is underlined; hidden markup would be out of step.
        under = QTextCharFormat()
        under.setFontUnderline(True)
        return [_range(block.layout().preeditAreaPosition(), len(preedit), under)]
    document = layout.script_document
    script = document.script
    text = document.line_text(line)
    offsets = _Units(text)
    found: list[QTextLayout.FormatRange] = []
    if not text:
        return found
    if kind in UNPRINTED:
        end = len(text)
        if kind is ElementType.TITLE_PAGE:
            end = text.find(":") + 1 if not text[:1].isspace() else 0
        return [_range(0, offsets.at(end), _dim(layout))] if end else found
    if kind is ElementType.SCENE_HEADING:
        bold = QTextCharFormat()
        bold.setFontWeight(QFont.Weight.Bold)
        found.append(_range(0, offsets.at(len(text)), bold))
    for style in script.styles(line):
        fmt = QTextCharFormat()
        if style.flags & BOLD:
            fmt.setFontWeight(QFont.Weight.Bold)
        if style.flags & ITALIC:
            fmt.setFontItalic(True)
        if style.flags & UNDERLINE:
            fmt.setFontUnderline(True)
        found.append(offsets.range(style.start, style.end, fmt))
    markup = script.markup(line)
    if markup:
        fmt = _dim(layout) if is_open else _hidden(layout)
        found.extend(offsets.range(start, end, fmt) for start, end in markup)
    return found


def indents(layout: ScriptLayout, line: int, kind: ElementType, is_open: bool) -> list[float]:
    """Where each row of a line begins, in px from the page's left edge."""
    document = layout.script_document
    text = document.line_text(line)
    column = layout.sheet.column
    rows = layout.rows_of(line)
    if kind is not document.script.kinds[line]:
        return [_start(kind, text) * column]
    starts = _paper_columns(layout, line, len(rows)) if kind not in UNPRINTED else None
    base = COLUMNS.get(kind, TEXT_COLUMN)
    found: list[float] = []
    hangs = is_open and kind not in UNPRINTED and rows is document.pagination.rows(line)
    markup = document.script.markup(line) if hangs else ()
    for row, (begin, _end) in enumerate(rows):
        start = starts[row] if starts is not None and row < len(starts) else float(base)
        lead = begin
        for mark_begin, mark_end in markup:
            if mark_begin == lead:
                lead = mark_end
        if 0 < lead - begin <= _HANG:
            start -= lead - begin
        found.append(start * column)
    return found or [base * column]


def glyphs(text: str, rows: Sequence[tuple[int, int]], block: QTextBlock) -> list[tuple[int, int]]:
    """For each row: how many columns to ask Qt's line for, and how many UTF-16 units it must then hold.

    Qt breaks a row after so many characters, and adds the spaces that follow.
    """
    counts: list[tuple[int, int]] = []
    ascii_only = text.isascii()
    layout = block.layout()
    waiting = len(layout.preeditAreaText())
    position = layout.preeditAreaPosition()
    for begin, end in rows:
        piece = text[begin:end]
        words = piece.rstrip(" \t")
        if ascii_only:
            columns, length = len(words), len(piece)
        else:
            columns = sum(not unicodedata.combining(char) for char in words)
            length = len(piece) + sum(char > "\uffff" for char in piece)
        if waiting and begin <= position <= end:
            columns, length, waiting = columns + waiting, length + waiting, 0
        counts.append((max(1, columns), length))
    return counts or [(1, 0)]


def edge(text_line: QTextLine, column: int) -> float:
    """The left edge of a column of a row, in UTF-16 units of the block; px from the page's left edge."""
    # PySide gives back the column too, which it may have moved to the next whole character.
    found: Any = text_line.cursorToX(column)
    return float(found[0] if isinstance(found, tuple) else found)


class _Units:
    """Code points of one line as UTF-16 units."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._narrow = text.isascii() or max(text, default="") <= "\uffff"

    def at(self, column: int) -> int:
        if self._narrow:
            return column
        return column + sum(char > "\uffff" for char in self._text[:column])

    def range(self, start: int, end: int, fmt: QTextCharFormat) -> QTextLayout.FormatRange:
        begin = self.at(start)
        return _range(begin, self.at(end) - begin, fmt)


def _range(start: int, length: int, fmt: QTextCharFormat) -> QTextLayout.FormatRange:
    made = QTextLayout.FormatRange()
    made.start = start
    made.length = length
    made.format = fmt
    return made


def _dim(layout: ScriptLayout) -> QTextCharFormat:
    fmt = QTextCharFormat()
    fmt.setForeground(QBrush(layout.painter.colour("text3")))
    fmt.setFontWeight(QFont.Weight.Normal)
    return fmt


def _hidden(layout: ScriptLayout) -> QTextCharFormat:
    """No ink, and a spacing that takes back each character's width: the caret's positions stay."""
    font = QFont(layout.script_document.defaultFont())
    font.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, 0)
    fmt = QTextCharFormat()
    fmt.setForeground(QBrush(layout.painter.colour(None)))
    fmt.setFontUnderline(False)
    fmt.setFontWeight(QFont.Weight.Normal)
    fmt.setFontLetterSpacingType(QFont.SpacingType.AbsoluteSpacing)
    fmt.setFontLetterSpacing(-QFontMetricsF(font).horizontalAdvance("M"))
    return fmt


def _start(kind: ElementType, text: str) -> float:
    """The column of a line that is meant as a kind that the file does not say yet."""
    if kind is ElementType.TRANSITION:
        return max(TEXT_COLUMN, TEXT_COLUMN + TEXT_COLUMNS - len(text))
    if kind is ElementType.CENTERED:
        return TEXT_COLUMN + max(0, (TEXT_COLUMNS - len(text)) / 2)
    return COLUMNS.get(kind, TEXT_COLUMN)


def _paper_columns(layout: ScriptLayout, line: int, count: int) -> list[float] | None:
    pagination = layout.script_document.pagination
    offset = int(bool(layout.title_lines))
    if line < layout.title_lines:
        return None
    found: list[float] = []
    index = -1
    for row in range(count):
        page = pagination.page_of(line, row) + offset
        if page != index:
            index = page
            sheet = layout.sheet_rows(index)
            found.extend(sheet.columns.get(line - layout.first_line(index), ()))
    return found or None

"""Draws the script: sheets, page numbers, temp marks, the bar beside what is asked about, words and caret."""

from __future__ import annotations

import bisect
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import (
    QAbstractTextDocumentLayout,
    QColor,
    QPainter,
    QPen,
    QTextBlock,
    QTextCursor,
    QTextLine,
)

from studio_assist.desk.theme import Theme
from studio_assist.desk.write.rows import SheetRows
from studio_assist.desk.write.runs import edge
from studio_assist.domain.screenplay import SPEECH

if TYPE_CHECKING:
    from studio_assist.desk.write.layout import ScriptLayout

EMPTY_HINTS: Final = (
    "Tab changes the element · Enter goes to the next",
    "Ctrl Shift Space asks for suggestions",
)
#: A range of Qt positions, its end exclusive, and the token of its ground.
Ground = tuple[int, int, str]


class ScriptPainter:
    """Paints a `ScriptLayout`; holds what is drawn beside the text itself."""

    def __init__(self, layout: ScriptLayout) -> None:
        self._layout = layout
        self.theme: Theme | None = None
        #: What is asked about; follows edits because it is a cursor.
        self.anchor: QTextCursor | None = None
        #: Places that a search found, in order, and which of them is the one gone to.
        self.matches: list[tuple[int, int]] = []
        self.match = -1

    def colour(self, token: str | None) -> QColor:
        """The colour of a token; no ink at all for None."""
        if token is None:
            return QColor(0, 0, 0, 0)
        return self.theme.colour(token) if self.theme is not None else QColor("black")

    def draw(self, painter: QPainter, context: QAbstractTextDocumentLayout.PaintContext) -> None:
        """Draw what the context's clip shows."""
        layout = self._layout
        clip = QRectF(context.clip)  # pyright: ignore[reportAttributeAccessIssue]  The stubs lack its fields.
        if not clip.isValid():
            clip = QRectF(QPointF(0, 0), layout.documentSize())
        painter.fillRect(clip, self.colour("win"))
        caret = int(context.cursorPosition)  # pyright: ignore[reportAttributeAccessIssue]
        grounds = self._grounds(context)
        first = layout.sheet_at(clip.top())
        for index in range(first, layout.sheet_count):
            if layout.sheet_top(index) > clip.bottom():
                break
            self._draw_sheet(painter, clip, index, grounds, caret)

    # internals

    def _grounds(self, context: QAbstractTextDocumentLayout.PaintContext) -> list[Ground]:
        grounds: list[Ground] = []
        if self.anchor is not None and self.anchor.hasSelection():
            grounds.append((self.anchor.selectionStart(), self.anchor.selectionEnd(), "selection"))
        for selection in context.selections:  # pyright: ignore[reportAttributeAccessIssue]
            cursor = selection.cursor
            grounds.append((cursor.selectionStart(), cursor.selectionEnd(), "selection"))
        return grounds

    def _draw_sheet(
        self, painter: QPainter, clip: QRectF, index: int, grounds: list[Ground], caret: int
    ) -> None:
        layout = self._layout
        sheet = layout.sheet
        left, top = layout.page_left, layout.sheet_top(index)
        box = QRectF(left, top, sheet.width, layout.sheet_height(index))
        painter.setPen(QPen(self.colour("line"), 1))
        painter.setBrush(self.colour("page"))
        painter.drawRect(box.adjusted(0.5, 0.5, -0.5, -0.5))
        rows = layout.sheet_rows(index)
        body = layout.row_top(index, 0)
        low = int((clip.top() - body) // sheet.row)
        high = int((clip.bottom() - body) // sheet.row)
        here = [row for row in range(max(low, -2), min(high, rows.last) + 1) if row in rows.at]
        first = layout.first_line(index)
        lines = sorted({line for row in here for line, _ in rows.at[row]})
        document = layout.script_document
        blocks = {line: document.findBlockByNumber(first + line) for line in lines}
        tops = {line: layout.lay_out(block) for line, block in blocks.items() if block.isValid()}
        painter.setPen(self.colour("pageText"))
        painter.setFont(document.defaultFont())
        if rows.page > 0:
            number = QRectF(left, top + sheet.number_top, sheet.ground_right, sheet.row)
            painter.drawText(
                number, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, f"{rows.page + 1}."
            )
        if document.has_spans:
            self._draw_temp(painter, index, rows, here, first)
        self._draw_anchor(painter, index, rows, here, first)
        for row in here:
            for line, row_in_line in rows.at[row]:
                block = blocks[line]
                if block.isValid() and row_in_line < block.layout().lineCount():
                    text_line = block.layout().lineAt(row_in_line)
                    y = layout.row_top(index, row)
                    self._draw_grounds(painter, block, text_line, y, grounds)
        painter.setPen(self.colour("pageText"))
        # A block that goes on on the next sheet is drawn there by that one.
        shown = clip.intersected(box)
        for line, block in blocks.items():
            if line not in tops:
                continue
            block.layout().draw(painter, QPointF(left, tops[line][0] + self._lift(block)), [], shown)
            if block.position() <= caret < block.position() + block.length():
                self._draw_caret(painter, block, tops[line], caret - block.position())
        self._draw_added(painter, index, rows, low, high)
        if document.isEmpty():
            self._draw_hints(painter, index)

    def _lift(self, block: QTextBlock) -> float:
        """From a row's top to the top of Qt's line in it, which has a height of its own.

        Courier's letters stand high in their line; a px more puts them in the middle of the row.
        """
        height = block.layout().lineAt(0).height() if block.layout().lineCount() else self._layout.sheet.row
        return (self._layout.sheet.row - height) / 2 + self._layout.sheet.scale

    def _draw_grounds(
        self, painter: QPainter, block: QTextBlock, text_line: QTextLine, top: float, grounds: list[Ground]
    ) -> None:
        sheet, left = self._layout.sheet, self._layout.page_left
        begin = block.position() + text_line.textStart()
        end = begin + text_line.textLength()
        last_row = text_line.lineNumber() == block.layout().lineCount() - 1
        marked = list(grounds)
        at = bisect.bisect_left(self.matches, (begin - 400, 0))
        while at < len(self.matches) and self.matches[at][0] < end:
            marked.append((*self.matches[at], "blueGround" if at != self.match else "selection"))
            at += 1
        for start, stop, token in marked:
            if start >= end + last_row or stop <= begin or start == stop:
                continue
            left_edge = edge(text_line, max(start, begin) - block.position())
            stop_here = min(stop, end)
            if not last_row:
                # The spaces that a break swallows are not shown as selected.
                words = block.text()[begin - block.position() : end - block.position()].rstrip(" ")
                stop_here = min(stop_here, max(begin + len(words), start))
            right_edge = edge(text_line, stop_here - block.position())
            if last_row and stop > end:
                # The line break is selected too.
                right_edge += sheet.column / 2
            painter.fillRect(
                QRectF(left + left_edge, top, right_edge - left_edge, sheet.row), self.colour(token)
            )

    def _draw_temp(self, painter: QPainter, index: int, rows: SheetRows, here: list[int], first: int) -> None:
        layout = self._layout
        sheet, left, document = layout.sheet, layout.page_left, layout.script_document
        for row in here:
            for line, row_in_line in rows.at[row]:
                marks = document.marks(first + line)
                if marks is None:
                    continue
                pieces = layout.rows_of(first + line)
                begin, end = pieces[min(row_in_line, len(pieces) - 1)]
                touching = [run for run in marks.runs if run.start < end and run.end > begin]
                between = not marks.runs and marks.joined is not None
                if not touching and not between:
                    continue
                top = layout.row_top(index, row)
                bar = QRectF(left + sheet.bar_left, top, 4 * sheet.scale, sheet.row)
                painter.fillRect(
                    QRectF(bar.right(), top, left + sheet.ground_right - bar.right(), sheet.row),
                    self.colour("amberGround"),
                )
                painter.fillRect(bar, self.colour("amber"))
                for run in touching:
                    if run.start >= begin and not (run.start == 0 and self._goes_on(first + line, run.id)):
                        self._draw_tag(painter, bar)
                        break

    def _goes_on(self, line: int, span_id: str) -> bool:
        """Whether a span that covers the start of a line covers the end of the line before."""
        document = self._layout.script_document
        marks = document.marks(line)
        while line > 0 and marks is not None and marks.joined == span_id:
            line -= 1
            marks = document.marks(line)
            if marks is None:
                return False
            if marks.runs:
                return marks.runs[-1].id == span_id and marks.runs[-1].end == len(document.line_text(line))
        return False

    def _draw_tag(self, painter: QPainter, bar: QRectF) -> None:
        if self.theme is None:
            return
        scale = self._layout.sheet.scale
        tag = QRectF(bar.left() - 36 * scale, bar.top() + scale, 36 * scale + 1, 15 * scale)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.colour("amber"))
        painter.drawRoundedRect(tag, 2, 2)
        # Square where it meets the bar.
        painter.drawRect(tag.adjusted(tag.width() / 2, 0, 0, 0))
        font = self.theme.font("tag")
        font.setPixelSize(max(8, round(font.pixelSize() * scale)))
        painter.setFont(font)
        painter.setPen(self.colour("onAmber"))
        painter.drawText(tag.adjusted(0, 0, -1, 0), Qt.AlignmentFlag.AlignCenter, "TEMP")
        painter.restore()

    def _draw_anchor(
        self, painter: QPainter, index: int, rows: SheetRows, here: list[int], first: int
    ) -> None:
        if self.anchor is None:
            return
        layout = self._layout
        begin, end = self.anchored_lines()
        sheet = layout.sheet
        x = layout.page_left + sheet.bar_left
        for row in here:
            if any(begin <= first + line <= end for line, _ in rows.at[row]):
                # Beside the amber bar, never over it.
                beside = (
                    4 * sheet.scale if any(self._is_temp(first + line) for line, _ in rows.at[row]) else 0
                )
                painter.fillRect(
                    QRectF(x + beside, layout.row_top(index, row), 3 * sheet.scale, sheet.row),
                    self.colour("blue"),
                )

    def _is_temp(self, line: int) -> bool:
        marks = self._layout.script_document.marks(line)
        return marks is not None and bool(marks.runs)

    def anchored_lines(self) -> tuple[int, int]:
        """First and last line of the elements that are asked about: a speech is shown whole."""
        if self.anchor is None:
            return (0, -1)
        document = self._layout.script_document
        kinds = document.script.kinds
        begin = document.findBlock(self.anchor.selectionStart()).blockNumber()
        end = document.findBlock(
            max(self.anchor.selectionStart(), self.anchor.selectionEnd() - 1)
        ).blockNumber()
        begin, end = max(0, min(begin, len(kinds) - 1)), max(0, min(end, len(kinds) - 1))
        while begin > 0 and kinds[begin] in SPEECH and kinds[begin - 1] in SPEECH:
            begin -= 1
        return (begin, end)

    def _draw_caret(self, painter: QPainter, block: QTextBlock, tops: list[float], column: int) -> None:
        layout = self._layout
        text_line = block.layout().lineForTextPosition(column)
        if not text_line.isValid():
            return
        x = layout.page_left + edge(text_line, column)
        top = tops[min(text_line.lineNumber(), len(tops) - 1)]
        width = max(1.0, round(1.5 * layout.sheet.scale))
        painter.fillRect(QRectF(x, top, width, layout.sheet.row), self.colour("pageText"))

    def _draw_added(self, painter: QPainter, index: int, rows: SheetRows, low: int, high: int) -> None:
        layout = self._layout
        sheet, left = layout.sheet, layout.page_left
        flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextDontClip
        for added in rows.added:
            if low <= added.row <= high:
                box = QRectF(
                    left + added.column * sheet.column, layout.row_top(index, added.row), 1, sheet.row
                )
                painter.drawText(box, flags, added.text)
        bold = layout.script_document.defaultFont()
        bold.setBold(True)
        painter.setFont(bold)
        for number in rows.numbers:
            if low <= number.row <= high:
                for x in (sheet.left_number, sheet.right_number):
                    box = QRectF(left + x, layout.row_top(index, number.row), 1, sheet.row)
                    painter.drawText(box, flags, number.number)

    def _draw_hints(self, painter: QPainter, index: int) -> None:
        if self.theme is None:
            return
        layout = self._layout
        painter.setFont(self.theme.font("body"))
        painter.setPen(self.colour("text3"))
        flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextDontClip
        for number, words in enumerate(EMPTY_HINTS):
            top = layout.row_top(index, 2) + number * 20
            painter.drawText(QRectF(layout.page_left + layout.sheet.column * 15, top, 1, 18), flags, words)

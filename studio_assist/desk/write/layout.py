"""Where every row of the script stands: pages as sheets, laid out only where someone looks.

Qt asks for a block's place when it draws, moves the caret or hits a point, and that is when the block is laid
out. What is kept is one number a page (its top edge); everything else is worked out from the pagination.

Source: the contract of QAbstractTextDocumentLayout; `QTextCursor` calls `blockBoundingRect` on a block
without rows before it uses them, which is what makes laying out late possible.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import (
    QAbstractTextDocumentLayout,
    QFont,
    QFontMetricsF,
    QPainter,
    QTextBlock,
    QTextFrame,
    QTextOption,
)

from studio_assist.desk.guard import guarded
from studio_assist.desk.write import runs
from studio_assist.desk.write.painting import ScriptPainter
from studio_assist.desk.write.rows import SheetRows, page_sheet, title_sheet
from studio_assist.desk.write.sheet import BODY_ROWS, GAP_PX, Sheet
from studio_assist.desk.write.stack import SheetStack
from studio_assist.domain.pagination import PageChange, wrap
from studio_assist.domain.screenplay import UNPRINTED, ElementType

if TYPE_CHECKING:
    from studio_assist.desk.write.document import LinesChanged, ScriptDocument

#: A row that shows its markup may run past its column by this much before it is wrapped anew.
_OVERHANG: Final = 8
#: More changed lines than this are found out of date when they are next drawn.
_CLEAR_AT_ONCE: Final = 2000


class ScriptLayout(QAbstractTextDocumentLayout):
    """Lays out a `ScriptDocument`. All places are px in the document; page 0 is the first printed page."""

    def __init__(self, document: ScriptDocument) -> None:
        super().__init__(document)
        self._script_document = document
        self._sheet = Sheet()
        self._view_width = 0.0
        self._bar_width = 0.0
        self._generation = 1
        self._stack = SheetStack()
        self._sheets: dict[int, SheetRows] = {}
        self._open_line = -1
        self._grown: tuple[int, int] | None = None
        self._grown_rows: Sequence[tuple[int, int]] = ()
        self._meant: dict[int, ElementType] = {}
        self._told_size = QSizeF()
        self._unsettled = False
        self._settling = False
        self.painter = ScriptPainter(self)

    # properties

    @property
    def script_document(self) -> ScriptDocument:
        return self._script_document

    @property
    def sheet(self) -> Sheet:
        """The measures at the zoom that is on."""
        return self._sheet

    @property
    def page_left(self) -> float:
        """Left edge of the pages."""
        return max(float(GAP_PX), (self._view_width - self._sheet.width) / 2)

    @property
    def open_line(self) -> int:
        """The line that shows its markup, because the caret is in it; -1 for none."""
        return self._open_line

    @property
    def sheet_count(self) -> int:
        """Sheets on the screen, the title page's included."""
        return self._stack.count

    @property
    def title_lines(self) -> int:
        """Lines at the start that stand on the title page's sheet."""
        return self._stack.title

    # methods

    def reset(self) -> None:
        """Work everything out anew; for a new text."""
        self._open_line = -1
        self._meant = {}
        self._grown = None
        self._generation += 1
        self._measure(None)
        self._tell_size()
        self.repaint()

    def set_sheet(self, sheet: Sheet, font: QFont) -> None:
        """Lay out with other measures and the script's font at their size."""
        self._sheet = sheet
        self._generation += 1
        font.setLetterSpacing(
            QFont.SpacingType.AbsoluteSpacing, sheet.column - QFontMetricsF(font).horizontalAdvance("M")
        )
        self._script_document.setDefaultFont(font)
        self._pile(0)
        self._tell_size()
        self.repaint()

    def set_view_width(self, px: float, bar_px: float = 0) -> None:
        """Centre the pages in a view this wide, of which a scroll bar covers the right edge."""
        if (px, bar_px) != (self._view_width, self._bar_width):
            self._view_width, self._bar_width = px, bar_px
            self._tell_size()
            self.repaint()

    def set_open_line(self, line: int) -> None:
        """Show the markup of this line and of no other."""
        if line == self._open_line:
            return
        old, self._open_line = self._open_line, line
        moved = self._grow()
        for changed in (old, line):
            block = self._script_document.findBlockByNumber(changed) if changed >= 0 else QTextBlock()
            if block.isValid() and (
                self._script_document.script.markup(changed)
                if changed < self._script_document.line_count
                else ()
            ):
                block.layout().clearLayout()
                if not moved:
                    self.repaint(self._line_rect(block))
        if moved:
            self.repaint()

    @property
    def meant(self) -> dict[int, ElementType]:
        """Lines that a person is about to write as an element which the text does not say yet."""
        return dict(self._meant)

    def set_meant(self, meant: dict[int, ElementType]) -> None:
        """Show these lines as what they are meant to be, and no others."""
        if meant == self._meant:
            return
        old, self._meant = self._meant, dict(meant)
        for line in old.keys() | meant.keys():
            block = self._script_document.findBlockByNumber(line)
            if block.isValid() and old.get(line) is not meant.get(line):
                block.layout().clearLayout()
                self.repaint(self._line_rect(block))

    def shown_kind(self, line: int) -> ElementType:
        """The element that a line is shown as."""
        return self._meant.get(line) or self._script_document.script.kinds[line]

    def rows_of(self, line: int) -> Sequence[tuple[int, int]]:
        """The rows of a line on the screen: ranges of code points."""
        if self._grown is not None and self._grown[0] == line:
            return self._grown_rows
        return self._script_document.pagination.rows(line)

    def sheet_rows(self, index: int) -> SheetRows:
        """What stands where on a sheet; 0 is the title page's if there is one."""
        known = self._sheets.get(index)
        if known is None:
            document = self._script_document
            if self._stack.title and index == 0:
                known = title_sheet(document.script, self.rows_of, self._stack.title)
            else:
                page = index - self._stack.offset
                known = page_sheet(
                    document.script, document.pagination, page, self.rows_of, self._stack.title, self._grown
                )
            if len(self._sheets) > 64:
                self._sheets.clear()
            self._sheets[index] = known
        return known

    def first_line(self, index: int) -> int:
        """The first line that stands on a sheet."""
        if self._stack.title and index == 0:
            return 0
        lines = self._script_document.pagination.page_lines(index - self._stack.offset)
        return max(lines.start, self._stack.title)

    def sheet_top(self, index: int) -> float:
        """Top edge of a sheet."""
        return self._stack.top(index)

    def sheet_at(self, y: float) -> int:
        """The sheet at a height, or the one above it."""
        return self._stack.at(y)

    def sheet_height(self, index: int) -> float:
        return self._sheet.height(BODY_ROWS + self._stack.extra_rows(index) + self._grown_rows_on(index))

    def row_top(self, index: int, row: int) -> float:
        """Top edge of a row of a sheet."""
        return self._stack.top(index) + self._sheet.body_top + row * self._sheet.row

    def row_tops(self, line: int) -> list[float]:
        """Top edges of all rows of a line."""
        tops: list[float] = []
        if line < self._stack.title:
            places: Sequence[int] = [0] * len(self.rows_of(line))
        else:
            offset = self._stack.offset
            pagination = self._script_document.pagination
            count = len(self.rows_of(line))
            first = pagination.page_of(line) + offset
            if self._grown is not None and self._grown[0] == line:
                places = [first] * count
            else:
                last = pagination.page_of(line, count - 1) + offset if count > 1 else first
                places = (
                    [first] * count
                    if first == last
                    else [pagination.page_of(line, row) + offset for row in range(count)]
                )
        for row, index in enumerate(places):
            on_sheet = self.sheet_rows(index).row_of(line - self.first_line(index), row)
            tops.append(self.row_top(index, on_sheet if on_sheet is not None else 0))
        return tops

    def lay_out(self, block: QTextBlock) -> list[float]:
        """Lay out one block if it is not yet, or no longer, laid out; the tops of its rows."""
        line = block.blockNumber()
        if line >= self._script_document.line_count:
            return [0.0]
        tops = self.row_tops(line)
        layout = block.layout()
        # A block whose rows moved apart, or that was laid out at another zoom, is out of date.
        state = (self._generation % 50_000) * 40_000 + int(tops[-1] - tops[0]) % 40_000
        if layout.lineCount() and block.userState() == state:
            return tops
        document = self._script_document
        kind = self.shown_kind(line)
        is_open = line == self._open_line
        layout.setTextOption(_option())
        formats = runs.formats(self, block, line, kind, is_open)
        if formats or layout.formats():
            layout.setFormats(formats)
            self._unsettled = True
        indents = runs.indents(self, line, kind, is_open)
        counts = runs.glyphs(document.line_text(line), self.rows_of(line), block)
        layout.beginLayout()
        for row, (columns, length) in enumerate(counts):
            text_line = layout.createLine()
            if not text_line.isValid():
                break
            if row == len(counts) - 1:
                columns = 1_000_000
            text_line.setNumColumns(columns)
            for _ in range(3):
                # Characters that share a glyph: ask again until the row holds what it has on paper.
                short = length - text_line.textLength()
                if row == len(counts) - 1 or not short or columns + short < 1:
                    break
                columns += short
                text_line.setNumColumns(columns)
            text_line.setPosition(QPointF(indents[min(row, len(indents) - 1)], tops[row] - tops[0]))
        layout.endLayout()
        block.setLineCount(max(1, layout.lineCount()))
        block.setUserState(state)
        return tops

    def caret_rect(self, position: int) -> QRectF:
        """Where a Qt position is in the document, one px wide and a row high."""
        document = self._script_document
        block = document.findBlock(position)
        if not block.isValid():
            block = document.lastBlock()
        tops = self.lay_out(block)
        column = max(0, position - block.position())
        text_line = block.layout().lineForTextPosition(column)
        if not text_line.isValid():
            return QRectF(self.page_left, tops[0], 1, self._sheet.row)
        top = tops[min(text_line.lineNumber(), len(tops) - 1)]
        return QRectF(self.page_left + runs.edge(text_line, column), top, 1, self._sheet.row)

    def span_at(self, point: QPointF) -> str | None:
        """The temp span whose ground is at a point of the document."""
        index = self.sheet_at(point.y())
        sheet = self.sheet_rows(index)
        row = int((point.y() - self.row_top(index, 0)) // self._sheet.row)
        first = self.first_line(index)
        for line, row_in_line in sheet.at.get(row, ()):
            marks = self._script_document.marks(first + line)
            if marks is None:
                continue
            rows = self.rows_of(first + line)
            begin, end = rows[min(row_in_line, len(rows) - 1)]
            for run in marks.runs:
                if run.start < end and run.end > begin:
                    return run.id
            if not marks.runs:
                return marks.joined
        return None

    def settle(self) -> None:
        """Let Qt forget that laying out changed blocks. Never within an edit block.

        `QTextLayout.setFormats` marks its block as changed without telling anyone, so that the next edit
        would be reported as reaching from there to where it really is.
        """
        if self._unsettled:
            self._unsettled = False
            self._settling = True
            try:
                self._script_document.markContentsDirty(0, 0)
            finally:
                self._settling = False

    def repaint(self, rect: QRectF | None = None) -> None:
        """Ask the view to paint a part of the document, or all that it shows."""
        self.update["QRectF"].emit(  # pyright: ignore[reportIndexIssue]  The stubs lack overloaded signals.
            rect if rect is not None else QRectF(0, 0, 1e7, 1e9)
        )

    # events

    @guarded(lambda: None)
    def documentChanged(self, from_: int, charsRemoved: int, charsAdded: int) -> None:  # noqa: N803
        if self._settling or self._script_document.is_filling:
            return
        try:
            changes = self._script_document.take_changes()
            if changes:
                self._lines_changed(changes)
            else:
                self._format_changed(from_, charsAdded)
        finally:
            self._script_document.announce()

    @guarded(lambda: None)
    def draw(self, painter: QPainter, context: QAbstractTextDocumentLayout.PaintContext) -> None:
        self.painter.draw(painter, context)
        self.settle()

    @guarded(lambda: 0)
    def hitTest(self, point: QPointF, accuracy: Qt.HitTestAccuracy) -> int:  # pyright: ignore[reportIncompatibleMethodOverride]  Qt passes a QPointF; the stub's union is for callers.
        if accuracy == Qt.HitTestAccuracy.ExactHit:
            # Asked for links and images; there are none.
            return -1
        index = self.sheet_at(point.y())
        rows = self.sheet_rows(index)
        row = int((point.y() - self.row_top(index, 0)) // self._sheet.row)
        row = min(max(row, min(rows.at, default=0)), rows.last)
        while row not in rows.at and row > min(rows.at, default=0):
            row -= 1
        here = rows.at.get(row)
        first = self.first_line(index)
        document = self._script_document
        if not here:
            return document.findBlockByNumber(min(first, document.line_count - 1)).position()
        best = 0
        nearest = float("inf")
        for line, row_in_line in here:
            block = document.findBlockByNumber(first + line)
            if not block.isValid():
                continue
            self.lay_out(block)
            text_line = block.layout().lineAt(min(row_in_line, block.layout().lineCount() - 1))
            x = point.x() - self.page_left
            left = text_line.x()
            off = max(left - x, x - left - text_line.naturalTextWidth(), 0)
            if off < nearest:
                nearest = off
                column = text_line.xToCursor(x)
                end = text_line.textStart() + text_line.textLength()
                if column >= end and row_in_line < block.layout().lineCount() - 1:
                    # Behind a wrapped row is before its last space, not at the start of the next row.
                    column = max(text_line.textStart(), end - 1)
                best = block.position() + column
        return best

    @guarded(lambda: 1)
    def pageCount(self) -> int:
        return self._script_document.pagination.pages

    @guarded(lambda: QSizeF(1, 1))
    def documentSize(self) -> QSizeF:
        right = self.page_left + self._sheet.width
        return QSizeF(max(self._view_width - self._bar_width, right + 4), self._stack.bottom)

    @guarded(lambda: QRectF())
    def frameBoundingRect(self, frame: QTextFrame) -> QRectF:
        return QRectF(QPointF(0, 0), self.documentSize())

    @guarded(lambda: QRectF())
    def blockBoundingRect(self, block: QTextBlock) -> QRectF:
        document = self._script_document
        if not block.isValid() or block.blockNumber() >= document.line_count or not document.is_in_step:
            # Qt asks in the midst of a change too, when the pages are known and the sheets are not yet.
            return QRectF()
        tops = self.lay_out(block)
        return QRectF(self.page_left, tops[0], self._sheet.width, tops[-1] - tops[0] + self._sheet.row)

    # internals

    def _lines_changed(self, changes: list[LinesChanged]) -> None:
        everything = False
        rect = QRectF()
        for change in changes:
            self._clear_lines(change)
            if change.pages is not None:
                everything |= self._pages_changed(change.pages)
            block = self._script_document.findBlockByNumber(max(0, change.first))
            last = self._script_document.findBlockByNumber(max(0, change.first + change.new_count - 1))
            if change.old_count != change.new_count:
                self._meant = {}
            everything |= change.old_count != change.new_count
            if block.isValid() and last.isValid():
                rect = rect.united(self._line_rect(block)).united(self._line_rect(last))
        if self._grow():
            everything = True
        self._tell_size()
        if everything:
            rect.setHeight(1e9)
        self.repaint(rect)

    def _format_changed(self, position: int, added: int) -> None:
        document = self._script_document
        if document.line_count > 1 and added >= document.characterCount() - 1:
            # Qt says "everything" when it sets a width that we do not use.
            return
        block = document.findBlock(position)
        rect = QRectF()
        while block.isValid() and block.position() <= position + added:
            block.layout().clearLayout()
            rect = rect.united(self._line_rect(block))
            block = block.next()
        self.repaint(rect)

    def _clear_lines(self, change: LinesChanged) -> None:
        if change.new_count > _CLEAR_AT_ONCE:
            self._generation += 1
            return
        block = self._script_document.findBlockByNumber(change.first)
        for _ in range(change.new_count):
            if not block.isValid():
                break
            block.layout().clearLayout()
            block = block.next()
        # The sheet lists its lines' rows by their text: new text, new list.
        pagination = self._script_document.pagination
        if change.new_count and change.first < self._script_document.line_count:
            offset = self._stack.offset
            first = pagination.page_of(change.first) + offset
            last_line = min(change.first + change.new_count, self._script_document.line_count) - 1
            last = pagination.page_of(last_line) + offset
            for index in range(first - 1, last + 2):
                self._sheets.pop(index, None)

    def _pages_changed(self, pages: PageChange) -> bool:
        before = (self._stack.title, self._stack.count, self._stack.bottom)
        self._measure(pages)
        return (self._stack.title, self._stack.count, self._stack.bottom) != before or pages.new_count > 1

    def _measure(self, change: PageChange | None) -> None:
        """Count the rows of the pages that changed, and pile the sheets anew from there."""
        document = self._script_document
        first = self._stack.measure(document.script, document.pagination, change)
        if first is None:
            self._sheets.clear()
        else:
            for index in [known for known in self._sheets if known >= first]:
                del self._sheets[index]
        self._pile(first or 0)

    def _pile(self, first: int) -> None:
        grown = self._grown
        if grown is None:
            self._stack.pile(self._sheet, first)
        else:
            page = self._script_document.pagination.page_of(grown[0])
            self._stack.pile(self._sheet, first, page + self._stack.offset, grown[1])

    def _grown_rows_on(self, index: int) -> int:
        """Rows that a sheet shows more for its open line's markup."""
        if self._grown is None:
            return 0
        page = self._script_document.pagination.page_of(self._grown[0])
        return self._grown[1] if page + self._stack.offset == index else 0

    def _grow(self) -> bool:
        """Wrap the open line anew if its markup makes it run off the page; whether that moved anything."""
        document = self._script_document
        old = (self._grown, tuple(self._grown_rows))
        self._grown, self._grown_rows = None, ()
        line = self._open_line
        if 0 <= line < document.line_count and document.script.markup(line):
            rows = document.pagination.rows(line)
            width = 60
            longest = max((end - start for start, end in rows), default=0)
            kind = document.script.kinds[line]
            printed = document.pagination.printed_rows(line) == len(rows) or kind in UNPRINTED
            one_page = document.pagination.page_of(line, len(rows) - 1) == document.pagination.page_of(line)
            if longest > width + _OVERHANG and printed and one_page and line >= self._stack.title:
                wrapped = wrap(document.line_text(line), width)
                if len(wrapped) > len(rows):
                    self._grown = (line, len(wrapped) - len(rows))
                    self._grown_rows = wrapped
        if (self._grown, tuple(self._grown_rows)) == old:
            return False
        self._sheets.clear()
        self._pile(0)
        self._tell_size()
        return True

    def _line_rect(self, block: QTextBlock) -> QRectF:
        rect = self.blockBoundingRect(block)
        return rect.adjusted(0, -1, 0, 2)

    def _tell_size(self) -> None:
        size = self.documentSize()
        if size != self._told_size:
            self._told_size = size
            self.documentSizeChanged.emit(size)


def _option() -> QTextOption:
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAnywhere)
    option.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignAbsolute)
    return option

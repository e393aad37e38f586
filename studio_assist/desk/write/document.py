"""The script as an editable document: text in, the same text out, with the model kept in step.

One block is one source line. What ends a line, and which characters are temp, are format properties, so undo
and redo bring them back exactly. Positions that leave this module are code points in `text()`; Qt's own are
UTF-16 units.
"""

from __future__ import annotations

import bisect
import itertools
import time
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QTextBlock, QTextCursor, QTextDocument

from studio_assist.desk.write.layout import ScriptLayout
from studio_assist.desk.write.lines import Slices, SourceLine, lines_of, parts_of, points, units, usual_end
from studio_assist.desk.write.span_book import Marks, SpanBook, SpanNews, marks_of
from studio_assist.desk.write.spans import (
    SpanRange,
    break_before,
    ending_of,
    line_format,
    runs_of,
    span_format,
)
from studio_assist.desk.write.standins import Standins
from studio_assist.domain.pagination import PageChange, Pagination
from studio_assist.interchange.fountain import Script

#: Texts up to this size are loaded at once, longer ones in slices between events.
_AT_ONCE_LINES: Final = 9000
_AT_ONCE_CHARS: Final = 600_000
_FIRST_SLICE: Final = 20_000
_SHORTEST_SLICE: Final = 4_000
_LONGEST_SLICE: Final = 400_000
#: What the shortest slice may take, in seconds, before the rest is loaded in one.
_TOO_SLOW_S: Final = 0.06
#: What one slice may take, in seconds.
_SLICE_S: Final = 0.012


class LinesChanged(NamedTuple):
    """`old_count` lines from `first` became `new_count`; `pages` is None where no row moved."""

    first: int
    old_count: int
    new_count: int
    pages: PageChange | None


class LiveScript(Script):
    """The model of a script in the editor, which knows better than its model what ends each line."""

    def set_endings(self, first: int, endings: Sequence[str]) -> None:
        """Let lines from `first` on end as given; an empty ending joins a line to the next."""
        if self._endings[first : first + len(endings)] != list(endings):
            self._endings[first : first + len(endings)] = endings
            self._forget()


class ScriptDocument(QTextDocument):
    """A Fountain script with its element types, pages and temp spans."""

    #: The text changed.
    script_changed = Signal()
    #: Ids of temp spans: added, removed, changed.
    spans_changed = Signal(list, list, list)
    #: A long text has begun to come in; nothing may be edited until it is whole.
    loading = Signal()
    #: The text is in the document whole.
    loaded = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._standins = Standins()
        self._texts: list[str] = [""]
        self._ends: list[str] = [""]
        self._spans = SpanBook()
        self._starts: list[int] = [0]
        self._usual_end = "\n"
        self._script = LiveScript("")
        self._pagination = Pagination(self._script)
        self._changes: list[LinesChanged] = []
        self._news: list[SpanNews] = []
        self._text_is_news = False
        self._bulk = False
        self._pending: Slices | None = None
        self._slice = QTimer(self)
        self._slice.setInterval(0)
        self._slice.timeout.connect(self._load_slice)
        self._slice_length = _FIRST_SLICE
        self._slice_piece: list[SourceLine] = []
        self._layout = ScriptLayout(self)
        self.setDocumentLayout(self._layout)
        self.contentsChange.connect(self._contents_changed)
        self.setUndoRedoEnabled(True)

    # properties

    @property
    def script(self) -> Script:
        """The element types of the lines; its offsets are those of `text()`.

        A line of more than `LONGEST_BLOCK` characters is several lines to it, as it is to the document.
        """
        return self._script

    @property
    def pagination(self) -> Pagination:
        return self._pagination

    @property
    def sheets(self) -> ScriptLayout:
        """The layout: where things stand on the screen."""
        return self._layout

    @property
    def is_loading(self) -> bool:
        """Whether a long text is still coming in. It must not be edited until `loaded`."""
        return self._pending is not None

    @property
    def is_in_step(self) -> bool:
        """Whether the layout knows of every change."""
        return not self._bulk and not self._changes

    @property
    def is_filling(self) -> bool:
        """Whether the whole text is just being exchanged; the layout waits for the end of it."""
        return self._bulk

    @property
    def line_count(self) -> int:
        return len(self._texts)

    # methods

    def load(self, text: str) -> None:
        """Put a text in place of all. There is nothing to undo afterwards, and no temp span.

        A text of more than some 100 pages comes in slices, so that the window stays awake: `is_loading` is
        true until `loaded` is emitted. `text()` is the whole text at any time.
        """
        self._slice.stop()
        self._pending = None
        self._usual_end = usual_end(text)
        self.setUndoRedoEnabled(False)
        gone = self._spans.ids
        if gone:
            self._spans.reset(self.line_count)
            self.spans_changed.emit([], gone, [])
        if len(text) <= _AT_ONCE_CHARS and text.count("\n") + text.count("\r") <= _AT_ONCE_LINES:
            self._fill(lines_of(text), text)
            self._finish_load()
            return
        self._fill([("", "")], "")
        self._pending = Slices(text)
        self._slice_length = _FIRST_SLICE
        self._load_slice()
        self.loading.emit()
        self._slice.start()

    def text(self) -> str:
        """The script, with every line ending as it was loaded or made."""
        if self._pending is not None:
            return self._pending.text
        return "".join(itertools.chain.from_iterable(zip(self._texts, self._ends, strict=True)))

    def between(self, start: int, end: int) -> str:
        """The text of a range, line endings as they are in it."""
        first, last = self.line_of(start), self.line_of(max(start, end - 1))
        whole = "".join(self._texts[at] + self._ends[at] for at in range(first, last + 1))
        base = self.offset_of_line(first)
        return whole[start - base : end - base]

    def line_text(self, line: int) -> str:
        """The text of a source line without its ending."""
        return self._texts[line]

    def offset_of_line(self, line: int) -> int:
        """Where a line starts, in code points."""
        starts = self._starts
        if line >= len(starts):
            known = len(starts)
            lengths = (
                len(self._texts[at]) + len(self._ends[at])
                for at in range(known - 1, min(line, len(self._texts)))
            )
            starts.extend(itertools.islice(itertools.accumulate(lengths, initial=starts[-1]), 1, None))
        return starts[min(line, len(starts) - 1)]

    def line_of(self, offset: int) -> int:
        """The line that holds a code-point offset; the last line for what is behind the end."""
        while self._starts[-1] <= offset and len(self._starts) < len(self._texts):
            self.offset_of_line(min(len(self._texts) - 1, len(self._starts) + 511))
        return min(len(self._texts), max(1, bisect.bisect_right(self._starts, offset))) - 1

    def utf16_of(self, offset: int) -> int:
        """Qt's position for a code-point offset."""
        line = self.line_of(offset)
        text = self._texts[line]
        column = min(max(0, offset - self.offset_of_line(line)), len(text))
        return self.findBlockByNumber(line).position() + units(text[:column])

    def offset_of(self, position: int) -> int:
        """The code-point offset for a position of Qt's."""
        block = self.findBlock(position)
        if not block.isValid():
            return self.offset_of_line(len(self._texts) - 1) + len(self._texts[-1])
        line = block.blockNumber()
        return self.offset_of_line(line) + points(self._texts[line], position - block.position())

    def spans(self) -> list[SpanRange]:
        """The temp spans in the order of the text.

        Neighbouring lines of one span are one range, line breaks between them included. A span whose text
        was copied or split by a paste stands in several places: one range each, all with its id.
        """
        found: list[SpanRange] = []
        for span_id, start, end in self._spans.ranges(self._texts, self.offset_of_line):
            words = self.between(start, end)
            found.append(SpanRange(span_id, start, end, words))
        return found

    def span_at(self, offset: int) -> SpanRange | None:
        """The temp span that holds the character at an offset."""
        if self._spans.is_empty:
            return None
        for span_id, start, end in self._spans.ranges(self._texts, self.offset_of_line):
            if start <= offset < end:
                return SpanRange(span_id, start, end, self.between(start, end))
        return None

    def marks(self, line: int) -> Marks | None:
        """What of a line is temp; None if nothing is."""
        return self._spans.marks(line)

    @property
    def has_spans(self) -> bool:
        """Whether any of the script is temp."""
        return not self._spans.is_empty

    def span_between(self, left: int, right: int) -> str | None:
        """The span that both what is before Qt position `left` and what is behind `right` belong to."""
        before = self._span_before(left)
        return before if before is not None and before == self._span_before(right + 1) else None

    def span_touching(self, left: int, right: int) -> str | None:
        """The first span that has a character between two Qt positions."""
        if self._spans.is_empty:
            return None
        found = (self._span_before(position) for position in range(left + 1, right + 1))
        return next((span_id for span_id in found if span_id is not None), None)

    def _span_before(self, position: int) -> str | None:
        """The span of the character, or line break, that ends at a Qt position."""
        if not 0 < position < self.characterCount():
            return None
        block = self.findBlock(position)
        column = position - block.position()
        if column == 0:
            return break_before(block)
        return next((run.id for run in runs_of(block) if run.start < column <= run.end), None)

    def set_spans(self, spans: Iterable[tuple[str, int, int]]) -> None:
        """Mark ranges (id, start, end) as temp, straight after a load. Not an edit: it cannot be undone."""
        undo, modified = self.isUndoRedoEnabled(), self.isModified()
        self.setUndoRedoEnabled(False)
        cursor = QTextCursor(self)
        cursor.beginEditBlock()
        for span_id, start, end in spans:
            cursor.setPosition(self.utf16_of(start))
            cursor.setPosition(self.utf16_of(end), QTextCursor.MoveMode.KeepAnchor)
            cursor.mergeCharFormat(span_format(span_id))
        cursor.endEditBlock()
        self.setUndoRedoEnabled(undo)
        self.setModified(modified)

    def select(self, start: int, end: int) -> QTextCursor:
        """A cursor over a range of code points."""
        cursor = QTextCursor(self)
        cursor.setPosition(self.utf16_of(start))
        cursor.setPosition(self.utf16_of(end), QTextCursor.MoveMode.KeepAnchor)
        return cursor

    def insert(self, cursor: QTextCursor, text: str, span_id: str | None = None) -> None:
        """Put text in place of the cursor's selection, temp if a span is named.

        Line endings in it count as line breaks; the new lines end as their neighbour does.
        """
        fmt = span_format(span_id)
        parts = [self._standins.encode(part) for part in parts_of(text)]
        if ending_of(cursor.block()) != "":
            cursor.insertText("\n".join(parts), fmt)
            return
        for number, part in enumerate(parts):
            if number:
                # The piece of a long line that is broken here gets a line ending of its own.
                cursor.insertBlock(cursor.blockFormat(), fmt)
                QTextCursor(cursor.block().previous()).setBlockFormat(line_format(None))
            cursor.insertText(part, fmt)

    def take_changes(self) -> list[LinesChanged]:
        """What changed since this was last asked; for the layout."""
        changes, self._changes = self._changes, []
        return changes

    def announce(self) -> None:
        """Emit what changed; the layout says when, because only then do places on the screen hold again."""
        news, self._news = self._news, []
        text_is_news, self._text_is_news = self._text_is_news, False
        for piece in news:
            self.spans_changed.emit(*piece)
        if text_is_news:
            self.script_changed.emit()

    # slots

    def _contents_changed(self, position: int, _removed: int, added: int) -> None:
        if self._bulk:
            return
        if self._slice_piece:
            self._take_slice()
            return
        first_block = self.findBlock(position)
        if not first_block.isValid():
            first_block = self.lastBlock()
        first = first_block.blockNumber()
        last_block = self.findBlock(position + added)
        last = last_block.blockNumber() if last_block.isValid() else self.blockCount() - 1
        new_count = last - first + 1
        old_count = new_count - (self.blockCount() - len(self._texts))
        texts: list[str] = []
        ends: list[str] = []
        marks: list[Marks | None] = []
        block = first_block
        for _ in range(new_count):
            raw = block.text()
            text = self._standins.decode(raw)
            texts.append(text)
            ends.append(self._end_of(block))
            marks.append(marks_of(block, text))
            block = block.next()
        if last == self.blockCount() - 1:
            ends[-1] = ""
        self._splice(first, old_count, texts, ends, marks)

    def _load_slice(self) -> None:
        pending = self._pending
        if pending is None or pending.at_end:
            self._slice.stop()
            self._pending = None
            self._finish_load()
            return
        begun = time.perf_counter()
        piece = pending.next(self._slice_length)
        # All lines but the first slice's first go behind the line that stands last now.
        at_start = self.isEmpty() and len(self._texts) == 1
        cursor = QTextCursor(self)
        cursor.movePosition(QTextCursor.MoveOperation.End)
        self._slice_piece = piece
        cursor.beginEditBlock()
        if not at_start:
            cursor.insertBlock(line_format(None))
        first = cursor.block().blockNumber()
        cursor.insertText("\n".join(self._standins.encode(line) for line, _end in piece))
        self._format_ends(first, piece, last_of_text=pending.at_end)
        cursor.endEditBlock()
        self._slice_piece = []
        took = time.perf_counter() - begun
        if took > _TOO_SLOW_S and self._slice_length <= _SHORTEST_SLICE:
            # One paragraph without end is read anew with every slice of it: better once, with one wait.
            self._slice_length = len(pending.text)
        else:
            length = int(self._slice_length * min(2.0, _SLICE_S / max(took, 1e-4)))
            self._slice_length = max(_SHORTEST_SLICE, min(_LONGEST_SLICE, length))

    # internals

    def _take_slice(self) -> None:
        """A slice of a long text has come in at the end: nothing of it needs to be read back."""
        texts = [line for line, _end in self._slice_piece]
        ends = [end for _line, end in self._slice_piece]
        if self.blockCount() == len(texts):
            self._splice(0, 1, texts, ends, [None] * len(texts))
            return
        last = len(self._texts) - 1
        texts.insert(0, self._texts[-1])
        ends.insert(0, self._ends[-1])
        self._splice(last, 1, texts, ends, [None] * len(texts))

    def _fill(self, lines: Sequence[SourceLine], text: str) -> None:
        self._bulk = True
        try:
            self._script = LiveScript(text)
            if self._script.line_count != len(lines):
                # Lines in pieces: the model sees the pieces.
                self._script = LiveScript("\n".join(line for line, _end in lines))
                self._script.set_endings(0, [end for _line, end in lines])
            self._pagination = Pagination(self._script)
            self._texts = [line for line, _end in lines]
            self._ends = [end for _line, end in lines]
            self._spans.reset(len(lines))
            self._starts = [0]
            self._changes = []
            self.setPlainText("\n".join(self._standins.encode(line) for line in self._texts))
            self._format_ends(0, lines, last_of_text=True)
        finally:
            self._bulk = False
        self._layout.reset()

    def _finish_load(self) -> None:
        self.setUndoRedoEnabled(True)
        self.setModified(False)
        self.script_changed.emit()
        self.loaded.emit()

    def _format_ends(self, first: int, lines: Sequence[SourceLine], last_of_text: bool) -> None:
        cursor: QTextCursor | None = None
        for at, (_line, end) in enumerate(lines):
            if end == self._usual_end or (last_of_text and at == len(lines) - 1):
                continue
            if cursor is None:
                cursor = QTextCursor(self)
                cursor.beginEditBlock()
            cursor.setPosition(self.findBlockByNumber(first + at).position())
            cursor.setBlockFormat(line_format(end))
        if cursor is not None:
            cursor.endEditBlock()

    def _end_of(self, block: QTextBlock) -> str:
        ending = ending_of(block)
        return self._usual_end if ending is None else ending

    def _splice(
        self, first: int, old_count: int, texts: list[str], ends: list[str], marks: list[Marks | None]
    ) -> None:
        old_texts = self._texts[first : first + old_count]
        old_ends = self._ends[first : first + old_count]
        self._texts[first : first + old_count] = texts
        self._ends[first : first + old_count] = ends
        news = self._spans.splice(first, old_count, marks, old_texts == texts)
        self._part_endings(first, len(texts))
        del self._starts[max(1, first) :]
        head = 0
        shortest = min(old_count, len(texts))
        while head < shortest and old_texts[head] == texts[head]:
            head += 1
        tail = 0
        while tail < shortest - head and old_texts[-1 - tail] == texts[-1 - tail]:
            tail += 1
        pages: PageChange | None = None
        same_text = head == old_count == len(texts)
        if not same_text:
            change = self._script.edit(first + head, old_count - head - tail, texts[head : len(texts) - tail])
            pages = self._pagination.update(change)
            self._sync_endings(first, len(texts))
            low = min(first + head, change.first)
            behind = max(first + old_count - tail, change.first + change.old_count)
            grown = len(texts) - old_count
            self._changes.append(LinesChanged(low, behind - low, behind - low + grown, pages))
        else:
            self._changes.append(LinesChanged(first, old_count, len(texts), None))
        if news is not None:
            self._news.append(news)
        self._text_is_news |= not same_text or old_ends != ends

    def _part_endings(self, first: int, count: int) -> None:
        """Keep a CR, and the LF of an emptied line behind it, from becoming one ending."""
        if first:
            self._ends[first - 1] = self._end_of(self.findBlockByNumber(first - 1))
        for line in range(max(0, first - 1), min(first + count, len(self._texts) - 1)):
            if self._ends[line] == "\r" and not self._texts[line + 1] and self._ends[line + 1] == "\n":
                self._ends[line] = "\r\n"

    def _sync_endings(self, first: int, count: int) -> None:
        """Give the model the document's line endings: undo brings back what the model can only guess."""
        low, high = max(0, first - 1), min(first + count + 1, len(self._ends))
        self._script.set_endings(low, self._ends[low:high])

"""A pane's text: read only, filled in slices, with the replaced names drawn into it."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Iterator
from time import perf_counter
from typing import Final, NamedTuple

from PySide6.QtCore import QEvent, QMimeData, QPointF, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QFont,
    QHelpEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
    QTextBlock,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextOption,
)
from PySide6.QtWidgets import QTextEdit, QToolTip, QWidget

from studio_assist.desk.gate.passage_text import Kind, Run, Start, lines_of
from studio_assist.desk.kit import paint
from studio_assist.desk.theme import Theme
from studio_assist.protocol import Passage

TEXT_PX: Final = 14
LINE_PX: Final = 20
_MARGIN_PX: Final = 12
_TOP_PX: Final = 9
_LABEL_PX: Final = 22
#: A box round a word: so high, and so far above the line that its letters stand on.
_BOX_PX: Final = 18
_ABOVE_PX: Final = 13
#: A slice of filling ends after this long, in seconds, or after so many letters, which are laid out at its
#: end: events come in between.
_SLICE_S: Final = 0.006
_SLICE_LETTERS: Final = 12_000
#: Room beside a token, so that its box touches no letter.
_AIR_PX: Final = 5.0
_LONG_LINE_STATE: Final = 1


class _Mark(NamedTuple):
    """A place in the document, in its own positions, that is drawn as something."""

    start: int
    end: int
    kind: Kind
    link: int | None


class PassageView(QTextEdit):
    """Shows passages, or a raw request. Its plain text is theirs to the letter, joined by line ends.

    Signals:
        filled: all of it is in.
        more_below: how many lines stand below what is seen; comes with each scroll.
        focus_changed: the focus came or went.
    """

    filled = Signal()
    more_below = Signal(int)
    focus_changed = Signal()

    def __init__(self, theme: Theme, name: str, token: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme: Final = theme
        self._token: Final = token
        self._todo: Iterator[Start | Run] = iter(())
        self._marks: list[_Mark] = []
        self._starts: list[int] = []
        self._labels: dict[int, str] = {}
        self._hints: tuple[str, ...] = ()
        self._started = False
        self._filling = False
        self._cursor = QTextCursor()
        self._slice: Final = QTimer(self)
        self._slice.setInterval(0)
        self._slice.timeout.connect(self._fill)
        self.setAccessibleName(name)
        self.setReadOnly(True)
        self.setUndoRedoEnabled(False)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAcceptDrops(False)
        self.setFont(theme.script_font(TEXT_PX))
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.document().setDocumentMargin(_MARGIN_PX)
        self.viewport().setAutoFillBackground(False)
        self.verticalScrollBar().valueChanged.connect(self._tell_below)
        self.verticalScrollBar().rangeChanged.connect(self._tell_below)
        theme.changed.connect(self._colour)
        self._colour()

    # properties

    @property
    def filling(self) -> bool:
        """Whether some of the text is still to come."""
        return self._filling

    @property
    def lines_below(self) -> int:
        """How many lines stand below what is seen."""
        bar = self.verticalScrollBar()
        # The document ends with a margin, which is no line.
        return max(0, math.ceil((bar.maximum() - bar.value() - _MARGIN_PX) / LINE_PX))

    # methods

    def show_passages(
        self, passages: tuple[Passage, ...], hints: tuple[str, ...] = (), *, labelled: bool
    ) -> None:
        """Show passages.

        Args:
            hints: a tip for each question, by its link.
            labelled: each passage stands under its label.
        """
        self._hints = hints
        self.setAccessibleDescription(
            "In this order: " + ", ".join(one.label for one in passages if one.label)
        )
        self._begin(lines_of(passages, labelled=labelled), labelled=labelled)

    def show_raw(self, text: str) -> None:
        """Show a request as it goes over the wire."""
        from studio_assist.protocol import Piece

        self._hints = ()
        self.setAccessibleDescription("The whole request, without its key")
        self._begin(
            lines_of((Passage(label="", pieces=(Piece(text=text),)),), labelled=False), labelled=False
        )

    def toPlainText(self) -> str:
        """The whole text, with long lines in one."""
        return self._joined(self.document().begin(), self.document().lastBlock())

    # events

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            at = self.cursorForPosition(self.viewport().mapFromGlobal(event.globalPos())).position()
            tip = next((self._hint(one) for one in self._within(at, at) if one.start <= at <= one.end), "")
            QToolTip.showText(event.globalPos(), tip, self)
            return True
        return super().event(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.focus_changed.emit()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.focus_changed.emit()

    def createMimeDataFromSelection(self) -> QMimeData:
        cursor = self.textCursor()
        document = self.document()
        first, last = (
            document.findBlock(cursor.selectionStart()),
            document.findBlock(cursor.selectionEnd()),
        )
        whole = self._joined(first, last)
        head = cursor.selectionStart() - first.position()
        tail = last.position() + last.length() - 1 - cursor.selectionEnd()
        data = QMimeData()
        data.setText(whole[head : len(whole) - tail])
        return data

    def paintEvent(self, event: QPaintEvent) -> None:
        seen = list(self._seen(event.rect().top(), event.rect().bottom()))
        painter = QPainter(self.viewport())
        shift = QPointF(0, -self.verticalScrollBar().value())
        for mark, box in seen:
            self._draw_ground(painter, mark, box.translated(shift))
        painter.end()
        super().paintEvent(event)
        painter.begin(self.viewport())
        for mark, box in seen:
            self._draw_line(painter, mark, box.translated(shift))
        self._draw_labels(painter, event.rect().top(), event.rect().bottom())

    # internals

    def _begin(self, todo: Iterator[Start | Run], *, labelled: bool) -> None:
        self._slice.stop()
        self._marks.clear()
        self._starts.clear()
        self._labels.clear()
        self._started = False
        self._filling = True
        self.clear()
        # The first line's own margin counts for nothing in Qt; the frame's does.
        frame = self.document().rootFrame()
        shape = frame.frameFormat()
        shape.setTopMargin(_TOP_PX + (_LABEL_PX - 4 if labelled else 0))
        frame.setFrameFormat(shape)
        self._todo = todo
        self._cursor = QTextCursor(self.document())
        self._fill()
        # The view's own cursor went along with what was put in, and the view would follow it.
        self.setTextCursor(QTextCursor(self.document()))
        self.verticalScrollBar().setValue(0)
        if self._filling:
            self._slice.start()

    def _fill(self) -> None:
        """Take in what one slice has time for."""
        until = perf_counter() + _SLICE_S
        plain, aired = self._formats()
        cursor = self._cursor
        cursor.beginEditBlock()
        over = False
        letters = _SLICE_LETTERS
        while letters > 0 and perf_counter() < until:
            item = next(self._todo, None)
            if item is None:
                over = True
                break
            if isinstance(item, Start):
                self._start_line(cursor, item)
                continue
            start = cursor.position()
            letters -= len(item.text)
            if item.kind == "plain":
                cursor.insertText(item.text, plain)
            elif item.kind == "name":
                cursor.insertText(item.text, plain)
                self._mark(start, cursor.position(), item)
            else:
                # Room behind the box comes from its last letter, room before it from the letter before.
                if start > cursor.block().position():
                    cursor.movePosition(QTextCursor.MoveOperation.Left, QTextCursor.MoveMode.KeepAnchor)
                    cursor.mergeCharFormat(aired)
                    cursor.movePosition(QTextCursor.MoveOperation.End)
                cursor.insertText(item.text[:-1], plain)
                cursor.insertText(item.text[-1:], aired)
                self._mark(start, cursor.position(), item)
        cursor.endEditBlock()
        if over:
            self._slice.stop()
            self._filling = False
            self._tell_below()
            self.filled.emit()

    def _formats(self) -> tuple[QTextCharFormat, QTextCharFormat]:
        plain = QTextCharFormat()
        aired = QTextCharFormat()
        aired.setFontLetterSpacingType(QFont.SpacingType.AbsoluteSpacing)
        aired.setFontLetterSpacing(_AIR_PX)
        return plain, aired

    def _start_line(self, cursor: QTextCursor, start: Start) -> None:
        how = QTextBlockFormat()
        how.setLineHeight(LINE_PX, QTextBlockFormat.LineHeightTypes.FixedHeight.value)
        if start.label:
            how.setTopMargin(_LABEL_PX + 10)
        if self._started:
            cursor.insertBlock(how)
        else:
            cursor.setBlockFormat(how)
        self._started = True
        if start.goes_on:
            cursor.block().setUserState(_LONG_LINE_STATE)
        if start.label:
            self._labels[cursor.position()] = start.label

    def _mark(self, start: int, end: int, run: Run) -> None:
        self._marks.append(_Mark(start, end, run.kind, run.link))
        self._starts.append(start)

    def _joined(self, first: QTextBlock, last: QTextBlock) -> str:
        parts: list[str] = []
        block = first
        while block.isValid():
            if parts and block.userState() != _LONG_LINE_STATE:
                parts.append("\n")
            parts.append(block.text())
            if block == last:
                break
            block = block.next()
        return "".join(parts)

    def _within(self, start: int, end: int) -> Iterator[_Mark]:
        """The marks that reach into a part of the document."""
        at = max(0, bisect_left(self._starts, start) - 1)
        while at < len(self._marks) and self._marks[at].start <= end:
            if self._marks[at].end >= start:
                yield self._marks[at]
            at += 1

    def _seen(self, top: int, bottom: int) -> Iterator[tuple[_Mark, QRectF]]:
        """The marks between two heights of the viewport, with a box for each of their lines."""
        if not self._marks:
            return
        width = self.viewport().width()
        first = self.cursorForPosition(self.viewport().rect().topLeft()).block().position()
        last_block = self.cursorForPosition(self.viewport().rect().bottomRight()).block()
        document = self.document()
        offset = self.verticalScrollBar().value()
        for mark in self._within(first, last_block.position() + last_block.length()):
            block = document.findBlock(mark.start)
            layout = block.layout()
            here, end = mark.start - block.position(), mark.end - block.position()
            while here < end:
                line = layout.lineForTextPosition(here)
                if not line.isValid():
                    break
                stop = min(end, line.textStart() + line.textLength())
                left, right = _x(line.cursorToX(here)), _x(line.cursorToX(stop))
                if right <= left:
                    right = float(width)
                # What is drawn hangs on the line that the letters stand on: a line of fixed height says
                # nothing of where in it they are.
                y = layout.position().y() + line.y() + line.ascent() - _ABOVE_PX
                if mark.kind != "name" and stop == end:
                    right -= _AIR_PX
                if top - LINE_PX <= y - offset <= bottom + LINE_PX:
                    yield mark, QRectF(layout.position().x() + left, y, right - left, _BOX_PX)
                if stop <= here:
                    break
                here = stop

    def _draw_ground(self, painter: QPainter, mark: _Mark, box: QRectF) -> None:
        colour = self._theme.colour
        chip = QRectF(round(box.left()) - 3, round(box.top()), round(box.width()) + 6, box.height())
        if mark.kind == "token":
            paint.draw_box(painter, chip, 2, colour("pseudonym"), colour("text3"))
        elif mark.kind == "hidden":
            paint.draw_box(painter, chip, 2, colour("surface3"), colour("redText"))

    def _draw_line(self, painter: QPainter, mark: _Mark, box: QRectF) -> None:
        colour = self._theme.colour
        if mark.kind == "name":
            pen = QPen(colour("text3"), 1)
            pen.setDashPattern([3, 2])
            painter.setPen(pen)
            y = round(box.bottom()) + 0.5
            painter.drawLine(QPointF(round(box.left()), y), QPointF(round(box.right()), y))
        elif mark.kind == "question":
            pen = QPen(colour("text"), 1.5, Qt.PenStyle.DotLine)
            painter.save()
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(pen)
            chip = box.adjusted(-3, 0, 3, 0)
            painter.drawRoundedRect(chip.adjusted(0.5, 0.5, -0.5, -0.5), 2, 2)
            painter.restore()

    def _draw_labels(self, painter: QPainter, top: int, bottom: int) -> None:
        font = self._theme.font("metaMedium")
        offset = self.verticalScrollBar().value()
        for position, label in self._labels.items():
            layout = self.document().findBlock(position).layout()
            y = layout.position().y() - offset
            if top - LINE_PX <= y <= bottom + 2 * LINE_PX:
                box = QRectF(_MARGIN_PX, y - _LABEL_PX + 1, self.viewport().width(), 16)
                paint.draw_text(painter, box, font, self._theme.colour("text3"), label)

    def _hint(self, mark: _Mark) -> str:
        if mark.kind == "question" and mark.link is not None and mark.link < len(self._hints):
            return self._hints[mark.link]
        return "A character that shows nothing, written out" if mark.kind == "hidden" else ""

    def _tell_below(self) -> None:
        self.more_below.emit(self.lines_below)

    def _colour(self) -> None:
        palette = self.palette()
        palette.setColor(QPalette.ColorRole.Text, self._theme.colour(self._token))
        self.setPalette(palette)
        self.viewport().update()


def _x(found: object) -> float:
    """PySide gives the place of a letter with its number, or alone, as the version likes."""
    return float(found[0] if isinstance(found, tuple) else found)  # pyright: ignore

"""The script editor: a text edit that shows pages, types by element, and keeps temp text marked."""

from __future__ import annotations

from typing import Final, NamedTuple

from PySide6.QtCore import QEvent, QMimeData, QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QInputMethodEvent,
    QKeyEvent,
    QMouseEvent,
    QPalette,
    QResizeEvent,
    QTextCursor,
    QWheelEvent,
)
from PySide6.QtWidgets import QFrame, QTextEdit, QWidget

from studio_assist.desk.kit.fields import leaves_to_window
from studio_assist.desk.theme import Theme
from studio_assist.desk.write import clipboard
from studio_assist.desk.write.document import ScriptDocument
from studio_assist.desk.write.hovering import SpanHover
from studio_assist.desk.write.sheet import DESIGN_ZOOM, GAP_PX, ZOOM_RANGE, ZOOMS, Sheet
from studio_assist.desk.write.spans import SpanRange, span_format
from studio_assist.desk.write.typist import Typist
from studio_assist.domain.screenplay import SPEECH, ElementType

_DESCRIPTION: Final = "Tab changes the element. Enter goes to the next. F6 leaves the script."
_KEYPAD: Final = Qt.KeyboardModifier.KeypadModifier


class Place(NamedTuple):
    """Where the caret is.

    Attributes:
        kind: the element, as the line is shown.
        page: from 1; pages: how many there are, an estimate by the industry's page.
        scene: index of the scene, None before the first.
        element: code points that the element covers.
    """

    line: int
    kind: ElementType
    page: int
    pages: int
    scene: int | None
    element: tuple[int, int]


class ScriptEditor(QTextEdit):
    """Shows and edits a `ScriptDocument`. All ranges are code points of `document.text()`."""

    spans_changed = Signal(list, list, list)
    #: Line, element type, page from 1, scene index or -1.
    caret_moved = Signal(int, str, int, int)
    script_changed = Signal()
    #: Start, end, words; start and end are equal where nothing is selected.
    selection_changed = Signal(int, int, str)
    #: Span id and where its text is, in the viewport.
    provenance_wanted = Signal(str, QRect)
    provenance_left = Signal()
    ask_wanted = Signal()
    zoom_changed = Signal(int)
    #: Page from 1, pages.
    page_changed = Signal(int, int)
    #: Why nothing can be typed; empty if it can.
    read_only_changed = Signal(str)
    lost_spans_changed = Signal()

    def __init__(
        self, theme: Theme, document: ScriptDocument | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._script_document = document or ScriptDocument(self)
        if document is not None and document.parent() is None:
            document.setParent(self)
        self._zoom = DESIGN_ZOOM
        self._read_only_reason = ""
        self._lost: dict[str, str] = {}
        self._told: tuple[int, str, int, int] | None = None
        self._told_pages: tuple[int, int] | None = None
        self._pressed = False
        self.setObjectName("script_editor")
        self.setAccessibleName("Script")
        self.setAccessibleDescription(_DESCRIPTION)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setLineWrapMode(QTextEdit.LineWrapMode.NoWrap)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setTabChangesFocus(False)
        self.setMouseTracking(True)
        self.viewport().setMouseTracking(True)
        self.setDocument(self._script_document)
        self._sheets = self._script_document.sheets
        self._typist = Typist(theme, self)
        self._hover = SpanHover(self._sheets, self)
        self._hover.rested.connect(self._hover_rested)
        self._hover.left.connect(self.provenance_left)
        self._sheets.painter.theme = theme
        self._script_document.spans_changed.connect(self.spans_changed)
        self._script_document.script_changed.connect(self._text_changed)
        self._script_document.loading.connect(self._loading)
        self._script_document.loaded.connect(self._loaded)
        self.cursorPositionChanged.connect(self._caret_moved)
        self.selectionChanged.connect(self._selection_moved)
        theme.changed.connect(self._dress)
        self._dress()

    # properties

    @property
    def script_document(self) -> ScriptDocument:
        return self._script_document

    @property
    def zoom_percent(self) -> int:
        return self._zoom

    @property
    def read_only_reason(self) -> str:
        """Why nothing can be typed; empty if it can."""
        return self._read_only_reason

    @property
    def lost_spans(self) -> dict[str, str]:
        """Temp spans whose place in the text is not known any more: id to what to tell a person."""
        return dict(self._lost)

    # methods

    def set_lost_spans(self, lost: dict[str, str]) -> None:
        """Show that these temp spans have lost their place; they are never dropped in silence."""
        self._lost = dict(lost)
        self.lost_spans_changed.emit()

    def selection(self) -> tuple[int, int, str]:
        """Start, end and text of what is selected."""
        cursor = self.textCursor()
        document = self._script_document
        start = document.offset_of(cursor.selectionStart())
        if not cursor.hasSelection():
            return start, start, ""
        end = document.offset_of(cursor.selectionEnd())
        return start, end, document.between(start, end)

    def current_place(self) -> Place:
        """Where the caret is."""
        document = self._script_document
        line = min(self.textCursor().blockNumber(), document.line_count - 1)
        # Counted, not looked up: the script's list of scenes is made anew after every edit.
        scene = document.script.kinds[: line + 1].count(ElementType.SCENE_HEADING) - 1
        first, last = self._element_lines(line)
        end = document.offset_of_line(last) + len(document.line_text(last))
        return Place(
            line,
            self._sheets.shown_kind(line),
            document.pagination.page_of(line) + 1,
            document.pagination.pages,
            scene if scene >= 0 else None,
            (document.offset_of_line(first), end),
        )

    def place_temp(
        self, start: int, end: int, text: str, span_id: str, *, before: str = "", after: str = ""
    ) -> None:
        """Put accepted text in place of a range and mark it temp, in one undo step.

        Args:
            before, after: what makes an element of the text there; it goes in round it, unmarked.
        """
        self._sheets.settle()
        cursor = self._script_document.select(start, end)
        cursor.beginEditBlock()
        self._script_document.insert(cursor, before, None)
        self._script_document.insert(cursor, text, span_id)
        self._script_document.insert(cursor, after, None)
        cursor.endEditBlock()
        self.show_range(start + len(before), start + len(before) + len(text))

    def take_out(self, start: int, end: int, replacement: str) -> None:
        """Put a person's text in place of a range, in one undo step."""
        self._sheets.settle()
        cursor = self._script_document.select(start, end)
        cursor.beginEditBlock()
        self._script_document.insert(cursor, replacement, None)
        cursor.endEditBlock()
        self.show_range(start, start + len(replacement))

    def insert_scene(self) -> None:
        """Open a new scene behind the caret's line: an empty slug line, the caret in it, in one undo step."""
        cursor = self.textCursor()
        cursor.movePosition(QTextCursor.MoveOperation.EndOfBlock)
        cursor.beginEditBlock()
        self._script_document.insert(cursor, "\n\n.", None)
        cursor.endEditBlock()
        self.setTextCursor(cursor)

    def replace_span_by_human(self, span_id: str, new_text: str | None) -> None:
        """End a temp span, in one undo step: with a person's words, or keeping its words as theirs (None)."""
        self._sheets.settle()
        document = self._script_document
        ranges = [span for span in document.spans() if span.id == span_id]
        if not ranges:
            return
        edit = QTextCursor(document)
        edit.beginEditBlock()
        for number, span in reversed(list(enumerate(ranges))):
            cursor = document.select(span.start, span.end)
            if new_text is None:
                cursor.setCharFormat(span_format(None))
            else:
                document.insert(cursor, new_text if number == 0 else "", None)
        edit.endEditBlock()
        if new_text is not None:
            self.show_range(ranges[0].start, ranges[0].start + len(new_text))

    def set_anchor(self, anchor: tuple[int, int] | None) -> None:
        """Show what is being asked about, with a bar beside its element; None for nothing."""
        painter = self._sheets.painter
        painter.anchor = None if anchor is None else self._script_document.select(*anchor)
        self.viewport().update()

    def anchor(self) -> tuple[int, int] | None:
        """What is being asked about, where it stands now."""
        cursor = self._sheets.painter.anchor
        if cursor is None:
            return None
        document = self._script_document
        return document.offset_of(cursor.selectionStart()), document.offset_of(cursor.selectionEnd())

    def select_range(self, start: int, end: int) -> None:
        """Select a range and bring it into view."""
        self.setTextCursor(self._script_document.select(start, end))
        self.show_range(start, end)

    def show_range(self, start: int, end: int) -> None:
        """Scroll so that a range stands in the middle, its start visible at least. The caret stays."""
        document = self._script_document
        top = self._sheets.caret_rect(document.utf16_of(start)).top()
        bottom = self._sheets.caret_rect(document.utf16_of(end)).bottom()
        view = self.viewport().height()
        middle = (top + min(bottom, top + view * 0.8)) / 2
        self.verticalScrollBar().setValue(round(middle - view / 2))

    def next_temp(self, backward: bool = False) -> str | None:
        """Go to the next temp span, round the end to the first; its id, or None if there is none."""
        spans = self._script_document.spans()
        if not spans:
            return None
        here = self._script_document.offset_of(self.textCursor().position())
        if backward:
            span = next((span for span in reversed(spans) if span.start < here), spans[-1])
        else:
            span = next((span for span in spans if span.start > here), spans[0])
        cursor = self.textCursor()
        cursor.setPosition(self._script_document.utf16_of(span.start))
        self.setTextCursor(cursor)
        self.show_range(span.start, span.end)
        return span.id

    def span_rect(self, span_id: str) -> QRect:
        """Where a span's text is, in the viewport; an empty rectangle if the script does not hold it."""
        span = next((span for span in self._script_document.spans() if span.id == span_id), None)
        return QRect() if span is None else self._span_rect(span)

    def set_element(self, kind: ElementType) -> bool:
        """Make the caret's line an element, in one undo step; False where such a line cannot stand."""
        return not self.isReadOnly() and self._typist.set_element(kind)

    def set_zoom(self, percent: int) -> None:
        """Show the pages at a size, 50 to 300 percent; what is at the top of the view stays there."""
        percent = max(ZOOM_RANGE[0], min(ZOOM_RANGE[1], percent))
        if percent == self._zoom:
            return
        bar = self.verticalScrollBar()
        before = self._sheets.sheet.scale
        sheet_index = self._sheets.sheet_at(bar.value())
        within = bar.value() - self._sheets.sheet_top(sheet_index)
        self._zoom = percent
        self._apply_sheet()
        scale = self._sheets.sheet.scale / before
        bar.setValue(round(self._sheets.sheet_top(sheet_index) + within * scale))
        self._typist.dismiss()
        self.zoom_changed.emit(percent)

    def zoom_fit(self) -> None:
        """Make the page as wide as the view allows."""
        room = self.width() - 2 * GAP_PX
        self.set_zoom(int(room / 765 * DESIGN_ZOOM))

    def zoom_step(self, step: int) -> None:
        """To the next size up or down."""
        if step > 0:
            self.set_zoom(next((zoom for zoom in ZOOMS if zoom > self._zoom), ZOOMS[-1]))
        else:
            self.set_zoom(next((zoom for zoom in reversed(ZOOMS) if zoom < self._zoom), ZOOMS[0]))

    def set_read_only(self, reason: str | None) -> None:
        """Let nothing be typed and say why; None lets it be typed again."""
        self._read_only_reason = reason or ""
        self._apply_read_only()
        self.read_only_changed.emit(self._read_only_reason)

    def show_matches(self, matches: list[tuple[int, int]], current: int) -> None:
        """Show what a search found: Qt positions in order, and which one is gone to (-1: none)."""
        painter = self._sheets.painter
        painter.matches, painter.match = matches, current
        self.viewport().update()

    def show_provenance(self) -> bool:
        """Ask for the provenance of the span at the caret; False if there is none."""
        offset = self._script_document.offset_of(self.textCursor().position())
        span = self._script_document.span_at(offset) or self._script_document.span_at(max(0, offset - 1))
        if span is None:
            return False
        self.provenance_wanted.emit(span.id, self._span_rect(span))
        return True

    def tell_place(self) -> None:
        """Tell the views around where the caret is, if that has changed."""
        document = self._script_document
        line = min(self.textCursor().blockNumber(), document.line_count - 1)
        page = document.pagination.page_of(line) + 1
        scene = document.script.kinds[: line + 1].count(ElementType.SCENE_HEADING) - 1
        told = (line, str(self._sheets.shown_kind(line)), page, scene)
        if told != self._told:
            self._told = told
            self.caret_moved.emit(*told)
        pages = (page, document.pagination.pages)
        if pages != self._told_pages:
            self._told_pages = pages
            self.page_changed.emit(*pages)

    def viewport_rect(self, rect: QRectF) -> QRect:
        """A rectangle of the document where the viewport shows it."""
        return rect.translated(-self._scrolled()).toAlignedRect()

    # slots

    def _dress(self) -> None:
        palette = QPalette(self.palette())
        palette.setColor(QPalette.ColorRole.Base, self._theme.colour("win"))
        palette.setColor(QPalette.ColorRole.Window, self._theme.colour("win"))
        palette.setColor(QPalette.ColorRole.Text, self._theme.colour("pageText"))
        self.setPalette(palette)
        self._apply_sheet()

    def _text_changed(self) -> None:
        self.script_changed.emit()

    def _loading(self) -> None:
        self._apply_read_only()
        # The first slice is there; the others come in behind the caret, not in front of it.
        cursor = self.textCursor()
        cursor.setPosition(0)
        self.setTextCursor(cursor)

    def _loaded(self) -> None:
        self._told = None
        self._apply_read_only()
        cursor = self.textCursor()
        cursor.setPosition(0)
        self.setTextCursor(cursor)
        self._caret_moved()

    def _caret_moved(self) -> None:
        document = self._script_document
        line = self.textCursor().blockNumber()
        if line >= document.line_count:
            return
        self._typist.caret_moved(line)
        if not self._pressed:
            self._sheets.set_open_line(line)
        self.tell_place()

    def _selection_moved(self) -> None:
        start, end, text = self.selection()
        self.selection_changed.emit(start, end, text)

    def _hover_rested(self, span_id: str) -> None:
        self.provenance_wanted.emit(span_id, self.span_rect(span_id))

    # events

    def event(self, event: QEvent) -> bool:
        return leaves_to_window(event) or super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self._sheets.settle()
        if self._command_key(event) or self._typist.key(event):
            event.accept()
            return
        super().keyPressEvent(event)
        if event.key() in (Qt.Key.Key_Backspace, Qt.Key.Key_Delete):
            self._typist.after_deleting()

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        self._sheets.settle()
        if event.commitString() and not self.isReadOnly():
            self._typist.set_typing_format()
        super().inputMethodEvent(event)

    def createMimeDataFromSelection(self) -> QMimeData:
        return clipboard.mime_of(self._script_document, self.textCursor())

    def canInsertFromMimeData(self, source: QMimeData) -> bool:
        return clipboard.can_paste(source)

    def insertFromMimeData(self, source: QMimeData) -> None:
        if self.isReadOnly() or not clipboard.can_paste(source):
            return
        self._sheets.settle()
        cursor = self.textCursor()
        clipboard.paste(self._script_document, cursor, source, self._typist.span_here())
        self.setTextCursor(cursor)
        self.ensureCursorVisible()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        if event.buttons() == Qt.MouseButton.NoButton:
            self._hover.move(event.position() + self._scrolled())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._typist.dismiss()
        self._pressed = True
        super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        self._pressed = False
        # While the mouse is down no line opens or shuts, so that the text stays still under it.
        self._sheets.set_open_line(self.textCursor().blockNumber())

    def leaveEvent(self, event: QEvent) -> None:
        self._hover.leave()
        super().leaveEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            if event.angleDelta().y():
                self.zoom_step(1 if event.angleDelta().y() > 0 else -1)
            event.accept()
            return
        self._typist.dismiss()
        super().wheelEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._typist.dismiss()
        super().focusOutEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._tell_width()

    # internals

    def _command_key(self, event: QKeyEvent) -> bool:
        """Keys that change nothing in the script, and redo by its other name."""
        key, held = event.key(), event.modifiers() & ~_KEYPAD
        control, shift = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
        none = Qt.KeyboardModifier.NoModifier
        if key == Qt.Key.Key_F2 and held == none:
            return self.show_provenance()
        if key == Qt.Key.Key_F8 and held in (none, shift):
            self.next_temp(backward=held == shift)
            return True
        if key == Qt.Key.Key_Space and held == control | shift:
            self.ask_wanted.emit()
            return True
        if held not in (control, control | shift):
            return False
        if key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self.zoom_step(1)
        elif key in (Qt.Key.Key_Minus, Qt.Key.Key_Underscore):
            self.zoom_step(-1)
        elif key == Qt.Key.Key_0:
            self.set_zoom(DESIGN_ZOOM)
        elif key == Qt.Key.Key_Y and not self.isReadOnly():
            self.redo()
        else:
            return False
        return True

    def _element_lines(self, line: int) -> tuple[int, int]:
        """The lines of an element: a paragraph of action, a whole speech, else the line."""
        kinds = self._script_document.script.kinds
        group = SPEECH if kinds[line] in SPEECH else frozenset({kinds[line]})
        if kinds[line] not in SPEECH and kinds[line] is not ElementType.ACTION:
            return line, line
        first = last = line
        while first > 0 and kinds[first - 1] in group and kinds[first] is not ElementType.CHARACTER:
            first -= 1
        while last + 1 < len(kinds) and kinds[last + 1] in group - {ElementType.CHARACTER}:
            last += 1
        return first, last

    def _apply_sheet(self) -> None:
        sheet = Sheet(self._zoom)
        self._sheets.set_sheet(sheet, self._theme.script_font(sheet.font))
        self.verticalScrollBar().setSingleStep(max(1, round(sheet.row)))
        self.viewport().update()

    def _apply_read_only(self) -> None:
        blocked = bool(self._read_only_reason) or self._script_document.is_loading
        self.setReadOnly(blocked)
        if blocked:
            flags = Qt.TextInteractionFlag
            self.setTextInteractionFlags(flags.TextSelectableByMouse | flags.TextSelectableByKeyboard)
        self.setAccessibleDescription(self._read_only_reason or _DESCRIPTION)

    def _tell_width(self) -> None:
        self._sheets.set_view_width(self.width(), self.width() - self.viewport().width())

    def _scrolled(self) -> QPointF:
        return QPointF(self.horizontalScrollBar().value(), self.verticalScrollBar().value())

    def _span_rect(self, span: SpanRange) -> QRect:
        document = self._script_document
        top = self._sheets.caret_rect(document.utf16_of(span.start)).top()
        bottom = self._sheets.caret_rect(document.utf16_of(span.end)).bottom()
        sheet = self._sheets.sheet
        left = self._sheets.page_left + sheet.bar_left
        return self.viewport_rect(QRectF(left, top, sheet.ground_right - sheet.bar_left, bottom - top))

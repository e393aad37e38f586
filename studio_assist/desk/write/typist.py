"""What the keys do in the script: elements by Tab and Enter, capitals, completions, emphasis."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QTextCursor
from PySide6.QtWidgets import QTextEdit

from studio_assist.desk.theme import Theme
from studio_assist.desk.write import elements
from studio_assist.desk.write.autocomplete import CompletionPopup
from studio_assist.desk.write.completion import Words, offer
from studio_assist.desk.write.elements import Here, Plan
from studio_assist.desk.write.lines import units
from studio_assist.desk.write.spans import span_format
from studio_assist.domain.screenplay import ElementType

if TYPE_CHECKING:
    from studio_assist.desk.write.editor import ScriptEditor

_CAPITALS: Final = frozenset({ElementType.CHARACTER, ElementType.SCENE_HEADING, ElementType.TRANSITION})
#: Ctrl Alt and a digit set the element.
_ELEMENT_KEYS: Final = {
    Qt.Key.Key_1: ElementType.SCENE_HEADING,
    Qt.Key.Key_2: ElementType.ACTION,
    Qt.Key.Key_3: ElementType.CHARACTER,
    Qt.Key.Key_4: ElementType.PARENTHETICAL,
    Qt.Key.Key_5: ElementType.DIALOGUE,
    Qt.Key.Key_6: ElementType.TRANSITION,
}
#: Ctrl and a letter put emphasis round the selection, as Fountain writes it.
_EMPHASIS: Final = {Qt.Key.Key_B: "**", Qt.Key.Key_I: "*", Qt.Key.Key_U: "_"}
_ENTER: Final = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_NONE: Final = Qt.KeyboardModifier.NoModifier
_SHIFT: Final = Qt.KeyboardModifier.ShiftModifier
_CONTROL: Final = Qt.KeyboardModifier.ControlModifier
_ALT: Final = Qt.KeyboardModifier.AltModifier
_NOT_TEXT: Final = _CONTROL | _ALT | Qt.KeyboardModifier.MetaModifier
_KEYPAD: Final = Qt.KeyboardModifier.KeypadModifier
#: A slug line that is longer was not typed just now.
_FRESH_SLUG: Final = 12


class Typist:
    """Turns keys into edits of an editor's script. Every key is one undo step."""

    def __init__(self, theme: Theme, editor: ScriptEditor) -> None:
        self._editor = editor
        self._document = editor.script_document
        self._sheets = self._document.sheets
        self._words: Words | None = None
        self._words_line = -1
        #: The line that was last meant as a cue.
        self._unspoken = -1
        self._popup = CompletionPopup(theme, editor.viewport())
        self._popup.chosen.connect(self._complete)

    # methods

    def key(self, event: QKeyEvent) -> bool:
        """Do what a key says; False if it is not one of ours."""
        if self._popup_key(event):
            return True
        if self._editor.isReadOnly():
            return False
        key, held = event.key(), event.modifiers() & ~_KEYPAD
        if key == Qt.Key.Key_Tab and held == _NONE:
            self._carry_out(elements.tab(self._here()))
            self.offer()
        elif key == Qt.Key.Key_Backtab:
            self._carry_out(elements.back_tab(self._here()))
        elif key in _ENTER and held == _NONE:
            self._enter()
        elif key in _ENTER and held == _SHIFT:
            self._put(self._editor.textCursor(), "\n")
        elif held == _CONTROL | _ALT and key in _ELEMENT_KEYS:
            self.set_element(_ELEMENT_KEYS[Qt.Key(key)])
        elif held == _CONTROL and key in _EMPHASIS:
            self._emphasise(_EMPHASIS[Qt.Key(key)])
        elif event.text() and event.text().isprintable() and not held & _NOT_TEXT:
            self._type(event)
        else:
            return False
        return True

    def after_deleting(self) -> None:
        """Something was deleted: the list of completions, if it is open, follows."""
        if self._popup.isVisible():
            self.offer()

    def set_element(self, kind: ElementType) -> bool:
        """Make the caret's line an element; False where such a line cannot stand."""
        plan = elements.convert(self._here(), kind)
        if plan is None:
            return False
        self._carry_out(plan)
        return True

    def caret_moved(self, line: int) -> None:
        """The caret is in a line: what was meant or offered elsewhere is over."""
        meant = self._sheets.meant
        if meant and line not in meant:
            self._sheets.set_meant({})
        elif not meant and line == self._unspoken and self._is_unspoken_cue(line):
            # Back on a cue, by undo or by arrow, that nothing is spoken under yet.
            self._sheets.set_meant({line: ElementType.CHARACTER})
        if self._popup.isVisible() and line != self._popup.line:
            self._popup.dismiss()
        if self._words_line != line:
            self._words = None

    def dismiss(self) -> None:
        """Hide the list of completions."""
        self._popup.dismiss()

    def span_here(self) -> str | None:
        """The span that both sides of the caret, or of the selection, belong to."""
        if not self._document.has_spans:
            return None
        cursor = self._editor.textCursor()
        return self._document.span_between(cursor.selectionStart(), cursor.selectionEnd())

    def set_typing_format(self) -> None:
        """What is typed next is temp only inside a span, never at its edge."""
        if self._document.has_spans:
            self._editor.setCurrentCharFormat(span_format(self.span_here()))

    def offer(self) -> None:
        """Show what the line can be completed to, if anything."""
        document = self._document
        cursor = self._editor.textCursor()
        line = cursor.blockNumber()
        if cursor.hasSelection() or line >= document.line_count:
            self._popup.dismiss()
            return
        if self._words is None:
            self._words, self._words_line = Words(document.script, line), line
        text = document.line_text(line)
        column = document.offset_of(cursor.position()) - document.offset_of_line(line)
        found = offer(text, column, self._sheets.shown_kind(line), self._words)
        if found is None:
            self._popup.dismiss()
            return
        at = document.findBlockByNumber(line).position() + units(text[: found.start])
        self._popup.show_offer(line, found, self._editor.viewport_rect(self._sheets.caret_rect(at)))

    # internals

    def _popup_key(self, event: QKeyEvent) -> bool:
        """Whether the list of completions takes the key."""
        if not self._popup.isVisible():
            return False
        key = event.key()
        if key in (Qt.Key.Key_Down, Qt.Key.Key_Up) and not event.modifiers() & ~_KEYPAD:
            self._popup.step(1 if key == Qt.Key.Key_Down else -1)
            return True
        if key == Qt.Key.Key_Escape:
            self._popup.dismiss()
            return True
        if key in (*_ENTER, Qt.Key.Key_Tab) and self._popup.choose():
            return True
        if key in (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Home, Qt.Key.Key_End):
            self._popup.dismiss()
        return False

    def _here(self) -> Here:
        document = self._document
        cursor = self._editor.textCursor()
        line = cursor.blockNumber()
        shown = self._sheets.shown_kind
        last = document.line_count - 1
        kind = shown(line)
        return Here(
            document.line_text(line),
            document.offset_of(cursor.position()) - document.offset_of_line(line),
            ElementType.ACTION if kind is ElementType.BLANK else kind,
            document.line_text(line - 1) if line else "",
            document.line_text(line + 1) if line < last else "",
            shown(line - 1) if line else ElementType.BLANK,
            document.script.kinds[line + 1] if line < last else ElementType.BLANK,
        )

    def _enter(self) -> None:
        cursor = self._editor.textCursor()
        replaces = cursor.hasSelection()
        if replaces:
            cursor.removeSelectedText()
            self._editor.setTextCursor(cursor)
        self._popup.dismiss()
        self._carry_out(elements.enter(self._here()), join=replaces)
        self.offer()

    def _carry_out(self, plan: Plan, *, join: bool = False) -> None:
        """Write a plan as one undo step and show its lines as what they are meant to be."""
        document = self._document
        line = self._editor.textCursor().blockNumber()
        base = document.offset_of_line(line)
        if plan.text or plan.end > plan.start:
            cursor = document.select(base + plan.start, base + plan.end)
            self._put(cursor, plan.text, join=join, move=False)
        caret = self._editor.textCursor()
        caret.setPosition(document.utf16_of(base + plan.start + plan.caret))
        self._sheets.set_meant({})
        meant = {line + at: kind for at, kind in plan.meant.items() if line + at >= 0}
        self._sheets.set_meant(meant)
        cues = [at for at, kind in meant.items() if kind is ElementType.CHARACTER]
        if cues:
            self._unspoken = cues[0]
        self._editor.setTextCursor(caret)
        self._editor.ensureCursorVisible()
        self._editor.tell_place()

    def _put(self, cursor: QTextCursor, text: str, *, join: bool = False, move: bool = True) -> None:
        """Put text in place of a cursor's selection; temp where both sides of the caret are."""
        span = self.span_here()
        if join:
            cursor.joinPreviousEditBlock()
        else:
            cursor.beginEditBlock()
        self._document.insert(cursor, text, span)
        cursor.endEditBlock()
        if move:
            self._editor.setTextCursor(cursor)
            self._editor.ensureCursorVisible()

    def _type(self, event: QKeyEvent) -> None:
        """Type a character: in capitals where the element is written so, marked as the text around it is."""
        document = self._document
        line = self._editor.textCursor().blockNumber()
        raised = event.text().upper()
        forced = document.line_text(line).startswith("@")
        if self._sheets.shown_kind(line) in _CAPITALS and not forced and event.text() != raised:
            event = QKeyEvent(
                event.type(), event.key(), event.modifiers(), raised, event.isAutoRepeat(), event.count()
            )
        self.set_typing_format()
        before = document.script.kinds[line]
        # Past the editor's own handler, which has just sent the key here.
        QTextEdit.keyPressEvent(self._editor, event)
        line = self._editor.textCursor().blockNumber()
        kinds = document.script.kinds
        if kinds[line] is ElementType.SCENE_HEADING and before is not kinds[line]:
            self._raise_case(line)
        meant = self._sheets.meant
        if meant.get(line) is kinds[line]:
            # The text says it now.
            self._sheets.set_meant({at: kind for at, kind in meant.items() if kinds[at] is not kind})
        self._editor.tell_place()
        self.offer()

    def _raise_case(self, line: int) -> None:
        """A slug line that has just become one: what was typed of it so far goes into capitals too."""
        text = self._document.line_text(line)
        if text == text.upper() or len(text) > _FRESH_SLUG:
            return
        caret = self._editor.textCursor().position()
        base = self._document.offset_of_line(line)
        cursor = self._document.select(base, base + len(text))
        self._put(cursor, text.upper(), join=True, move=False)
        cursor.setPosition(caret)
        self._editor.setTextCursor(cursor)

    def _is_unspoken_cue(self, line: int) -> bool:
        document = self._document
        below = document.line_text(line + 1) if line + 1 < document.line_count else ""
        is_action = document.script.kinds[line] is ElementType.ACTION
        return document.line_text(line).isupper() and not below.strip() and is_action

    def _emphasise(self, mark: str) -> None:
        """Put marks round the selection, or take them away if they are there."""
        document = self._document
        start, end, text = self._editor.selection()
        if not text or document.line_of(start) != document.line_of(end):
            return
        line = document.line_of(start)
        whole, base = document.line_text(line), document.offset_of_line(line)
        size = len(mark)
        first, last = start - base, end - base
        if whole[max(0, first - size) : first] == mark and whole[last : last + size] == mark:
            self._put(document.select(start - size, end + size), text)
            start -= size
        else:
            self._put(document.select(start, end), mark + text + mark)
            start += size
        self._editor.setTextCursor(document.select(start, start + len(text)))

    def _complete(self, word: str) -> None:
        """A word was chosen from the list."""
        base = self._document.offset_of_line(self._popup.line)
        cursor = self._document.select(base + self._popup.start, base + self._popup.end)
        self._put(cursor, word)
        self._popup.dismiss()
        if word.endswith(" "):
            self.offer()

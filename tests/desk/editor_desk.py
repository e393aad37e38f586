"""A window with the script editor, driven as a person drives it."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QListWidget
from pytestqt.qtbot import QtBot

from studio_assist.desk.theme import Theme
from studio_assist.desk.write.editor import ScriptEditor
from studio_assist.desk.write.pane import EditorPane

KEYS = {
    "Tab": Qt.Key.Key_Tab,
    "Enter": Qt.Key.Key_Return,
    "Esc": Qt.Key.Key_Escape,
    "Down": Qt.Key.Key_Down,
    "Up": Qt.Key.Key_Up,
    "Left": Qt.Key.Key_Left,
    "Right": Qt.Key.Key_Right,
    "Home": Qt.Key.Key_Home,
    "End": Qt.Key.Key_End,
    "Backspace": Qt.Key.Key_Backspace,
    "Delete": Qt.Key.Key_Delete,
    "Plus": Qt.Key.Key_Plus,
    "Minus": Qt.Key.Key_Minus,
    "PageDown": Qt.Key.Key_PageDown,
    **{f"F{number}": getattr(Qt.Key, f"Key_F{number}") for number in range(1, 13)},
}
MODIFIERS = {
    "Ctrl": Qt.KeyboardModifier.ControlModifier,
    "Shift": Qt.KeyboardModifier.ShiftModifier,
    "Alt": Qt.KeyboardModifier.AltModifier,
}


class EditorDesk:
    """The pane, and hands on its keyboard."""

    def __init__(self, qtbot: QtBot, theme: Theme, text: str = "") -> None:
        self.pane = EditorPane(theme)
        qtbot.addWidget(self.pane)
        self.pane.resize(860, 900)
        self.pane.show()
        qtbot.waitExposed(self.pane)
        self.pane.activateWindow()
        self.editor.setFocus()
        if text:
            self.load(text)

    @property
    def editor(self) -> ScriptEditor:
        return self.pane.editor

    @property
    def text(self) -> str:
        return self.editor.script_document.text()

    @property
    def kind(self) -> str:
        """The element that the caret's line is shown as."""
        return str(self.editor.current_place().kind)

    @property
    def offers(self) -> list[str]:
        """What the list of completions shows; empty if it is hidden."""
        found = self.editor.viewport().findChild(QListWidget, "completion_list")
        assert isinstance(found, QListWidget)
        return [found.item(row).text() for row in range(found.count())] if found.isVisible() else []

    def load(self, text: str) -> None:
        self.editor.script_document.load(text)

    def press(self, *keys: str) -> None:
        """Press keys by name: "Tab", "Ctrl+Z", "Shift+Tab"."""
        for key in keys:
            *held, name = key.split("+")
            modifiers = Qt.KeyboardModifier.NoModifier
            for modifier in held:
                modifiers |= MODIFIERS[modifier]
            code = KEYS.get(name)
            if code is None:
                code = getattr(Qt.Key, f"Key_{name.upper()}")
            if code == Qt.Key.Key_Tab and modifiers & Qt.KeyboardModifier.ShiftModifier:
                code = Qt.Key.Key_Backtab
            QTest.keyClick(QApplication.focusWidget() or self.editor, code, modifiers)

    def type(self, words: str) -> None:
        QTest.keyClicks(self.editor, words)

    def go(self, words: str, *, end: bool = False) -> None:
        """Put the caret before words of the script, or behind them."""
        at = self.text.index(words) + (len(words) if end else 0)
        cursor = self.editor.textCursor()
        cursor.setPosition(self.editor.script_document.utf16_of(at))
        self.editor.setTextCursor(cursor)

    def select(self, words: str) -> None:
        at = self.text.index(words)
        self.editor.setTextCursor(self.editor.script_document.select(at, at + len(words)))

    def caret(self) -> int:
        return self.editor.script_document.offset_of(self.editor.textCursor().position())

    def place_temp(self, words: str, new: str, span_id: str = "s1") -> None:
        at = self.text.index(words)
        self.editor.place_temp(at, at + len(words), new, span_id)

    def spans(self) -> list[tuple[str, str]]:
        return [(span.id, span.text) for span in self.editor.script_document.spans()]

    def click(self, point: QPoint) -> None:
        QTest.mouseClick(
            self.editor.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, point
        )

    def to_end(self) -> None:
        self.editor.moveCursor(QTextCursor.MoveOperation.End)

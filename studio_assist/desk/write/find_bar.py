"""The find and replace bar above the script."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from studio_assist.desk.kit import Button, CheckBox, Field, IconButton, Label
from studio_assist.desk.theme import Theme
from studio_assist.desk.write import finding
from studio_assist.desk.write.editor import ScriptEditor
from studio_assist.desk.write.finding import Query

#: How long after an edit the count is made anew.
_RECOUNT_MS = 200


class FindBar(QWidget):
    """Finds words in the script, and replaces them. Ctrl F and Ctrl H open it, Esc shuts it."""

    def __init__(self, theme: Theme, editor: ScriptEditor, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._editor = editor
        self._matches: list[tuple[int, int]] = []
        self.setObjectName("find_bar")
        self._words = Field(theme, "Find", placeholder="Find in the script", parent=self)
        self._words.setObjectName("find_field")
        self._count = Label(theme, "", "caption", "text3", parent=self)
        self._count.setObjectName("find_count")
        self._count.setMinimumWidth(72)
        self._case = CheckBox(theme, "Match case", self)
        self._whole = CheckBox(theme, "Whole words", self)
        self._previous = IconButton(theme, "chevron-up", "Previous match (Shift F3)", parent=self)
        self._next = IconButton(theme, "chevron-down", "Next match (F3)", parent=self)
        self._shut = IconButton(theme, "cross", "Close (Esc)", parent=self)
        self._with = Field(theme, "Replace with", placeholder="Replace with", parent=self)
        self._with.setObjectName("replace_field")
        self._replace = Button(theme, "Replace", parent=self)
        self._replace_all = Button(theme, "Replace all", parent=self)
        self._replace_row = QWidget(self)
        self._lay_out()
        self._recount = QTimer(self)
        self._recount.setSingleShot(True)
        self._recount.setInterval(_RECOUNT_MS)
        self._recount.timeout.connect(self._search)
        self._words.textChanged.connect(self._typed)
        self._case.toggled.connect(self._typed)
        self._whole.toggled.connect(self._typed)
        self._previous.clicked.connect(self.find_previous)
        self._next.clicked.connect(self.find_next)
        self._shut.clicked.connect(self.shut)
        self._replace.clicked.connect(self.replace_one)
        self._replace_all.clicked.connect(self.replace_all)
        editor.script_changed.connect(self._script_changed)
        editor.read_only_changed.connect(self._enable)
        theme.changed.connect(self.update)
        self.hide()

    # properties

    @property
    def matches(self) -> list[tuple[int, int]]:
        """The places found: Qt positions, in order."""
        return list(self._matches)

    # methods

    def open_find(self) -> None:
        """Show the bar and look for what is selected in one line."""
        self._open(with_replace=False)

    def open_replace(self) -> None:
        """Show the bar with its second row."""
        self._open(with_replace=True)

    def shut(self) -> None:
        """Hide the bar and go back to the script."""
        self.hide()
        self._matches = []
        self._editor.show_matches([], -1)
        self._editor.setFocus()

    def find_next(self) -> None:
        """Go to the next match, round the end to the first."""
        self._step(forward=True)

    def find_previous(self) -> None:
        """Go to the match before, round the start to the last."""
        self._step(forward=False)

    def replace_one(self) -> None:
        """Replace the match that is gone to, and go to the next."""
        if self._editor.isReadOnly():
            return
        self._search()
        cursor = self._editor.textCursor()
        place = (cursor.selectionStart(), cursor.selectionEnd())
        if place in self._matches:
            finding.replace(self._editor.script_document, [place], self._with.text())
            self._search()
        self._step(forward=True)

    def replace_all(self) -> None:
        """Replace every match, in one undo step."""
        if self._editor.isReadOnly():
            return
        self._search()
        count = len(self._matches)
        if count:
            finding.replace(self._editor.script_document, self._matches, self._with.text())
        self._search()
        self._count.set_text(f"{count} replaced")

    # slots

    def _typed(self) -> None:
        self._search()
        if self._matches:
            start = self._editor.textCursor().selectionStart()
            self._go(next((at for at, place in enumerate(self._matches) if place[0] >= start), 0))

    def _script_changed(self) -> None:
        if self.isVisible():
            self._recount.start()

    def _enable(self) -> None:
        for button in (self._replace, self._replace_all):
            button.setEnabled(not self._editor.isReadOnly())

    # events

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key == Qt.Key.Key_Escape:
            self.shut()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if self._with.hasFocus():
                self.replace_one()
            elif event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
                self.find_previous()
            else:
                self.find_next()
        elif key == Qt.Key.Key_F3:
            self._step(forward=not event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._theme.colour("surface0"))
        painter.fillRect(0, self.height() - 1, self.width(), 1, self._theme.colour("line"))

    # internals

    def _lay_out(self) -> None:
        first = QHBoxLayout()
        first.setSpacing(8)
        first.addWidget(self._words, 1)
        for widget in (self._count, self._previous, self._next, self._case, self._whole, self._shut):
            first.addWidget(widget)
        second = QHBoxLayout(self._replace_row)
        second.setContentsMargins(0, 0, 0, 0)
        second.setSpacing(8)
        second.addWidget(self._with, 1)
        second.addWidget(self._replace)
        second.addWidget(self._replace_all)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 5, 12, 6)
        layout.setSpacing(6)
        layout.addLayout(first)
        layout.addWidget(self._replace_row)

    def _open(self, *, with_replace: bool) -> None:
        self._replace_row.setVisible(with_replace)
        _start, _end, chosen = self._editor.selection()
        if chosen and "\n" not in chosen and "\r" not in chosen:
            self._words.setText(chosen)
        self._enable()
        self.show()
        self._words.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._words.selectAll()
        self._search()

    def _query(self) -> Query:
        return Query(self._words.text(), self._case.isChecked(), self._whole.isChecked())

    def _search(self) -> None:
        self._matches = finding.find_all(self._editor.script_document, self._query())
        cursor = self._editor.textCursor()
        place = (cursor.selectionStart(), cursor.selectionEnd())
        self._tell(self._matches.index(place) if place in self._matches else -1)

    def _step(self, *, forward: bool) -> None:
        if not self._words.text():
            return
        self._search()
        if not self._matches:
            return
        cursor = self._editor.textCursor()
        here = (cursor.selectionStart(), cursor.selectionEnd())
        if forward:
            at = next((at for at, place in enumerate(self._matches) if place > here), 0)
        else:
            last = len(self._matches) - 1
            at = next((at for at in range(last, -1, -1) if self._matches[at] < here), last)
        self._go(at)

    def _go(self, at: int) -> None:
        start, end = self._matches[at]
        document = self._editor.script_document
        self._editor.select_range(document.offset_of(start), document.offset_of(end))
        self._tell(at)

    def _tell(self, at: int) -> None:
        count = len(self._matches)
        if not self._words.text():
            self._count.set_text("")
        elif not count:
            self._count.set_text("Not found")
        else:
            self._count.set_text(f"{at + 1} of {count}" if at >= 0 else f"{count} found")
        self._editor.show_matches(self._matches, at)

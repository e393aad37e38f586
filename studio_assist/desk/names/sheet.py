"""The name map of a production: look through it, add to it, change it, take off what a person put there."""

from __future__ import annotations

from typing import Final, Literal

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from studio_assist.desk.kit import Button, Field, Label, Segmented, Sheet
from studio_assist.desk.names.model import NamesModel, WordsModel
from studio_assist.desk.names.table import RowTable
from studio_assist.desk.record.parts import Outcome
from studio_assist.desk.theme import Theme
from studio_assist.domain.errors import StudioError
from studio_assist.domain.names import NameTerm
from studio_assist.protocol import Names

_WIDTH_PX: Final = 780
#: Columns of the names, px; 0 takes what is left.
_WIDTHS: Final = (220, 120, 0, 120)
Part = Literal["names", "words"]


class NamesSheet(Sheet):
    """Shows the list and says what a person wants of it; the broker keeps it.

    Signals:
        edit_wanted: a `NameTerm`.
        add_wanted: what was searched for and not found, as a first guess at the name, or "".
        remove_wanted: a `NameTerm` that a person put on the list.
        word_back_wanted: a word that shall be asked about again.
        put_back_wanted: the `NameTerm` that was taken off last.
    """

    edit_wanted = Signal(object)
    add_wanted = Signal(str)
    remove_wanted = Signal(object)
    word_back_wanted = Signal(str)
    put_back_wanted = Signal(object)

    def __init__(self, theme: Theme, window: QWidget) -> None:
        super().__init__(
            theme,
            window,
            "Names of this production",
            subtitle="Where a request leaves this machine, random tokens stand in place of these.",
            icon="shield",
            width_px=_WIDTH_PX,
        )
        self.setObjectName("names_sheet")
        self._taken_off: NameTerm | None = None
        self._loaded = False
        self.names: Final = NamesModel(self)
        self.words: Final = WordsModel(self)
        self.table: Final = RowTable(theme, "Names", self.names, _WIDTHS)
        self.table.setObjectName("names_table")
        self.word_table: Final = RowTable(theme, "Words that are no names", self.words, (0,))
        self.word_table.setObjectName("no_names_table")
        self.search: Final = Field(theme, "Search the names", placeholder="Search  Ctrl F")
        self.search.setObjectName("names_search")
        self.search.setClearButtonEnabled(False)
        self.parts: Final = Segmented(theme, "Names or words")
        self.parts.add("names", "Names", "person")
        self.parts.add("words", "No names", "hand")
        self.parts.choose("names")
        self._empty: Final = Label(theme, "", "caption", "text3", wrap=True)
        self._empty.setObjectName("names_empty")
        self._about: Final = Label(theme, "", "caption", "text3", wrap=True)
        self._about.setObjectName("names_about")
        self.outcome: Final = Outcome(theme, "names_outcome")
        self._fill(theme)
        self._connect()
        self._show()

    # methods

    def open(self) -> None:
        super().open()
        self.search.setFocus(Qt.FocusReason.PopupFocusReason)

    def show_names(self, told: Names, at: str = "") -> None:
        """Show the list as it is now; the row of `at`, or else the row that was the current one, stays it."""
        row, word_row = self.table.row, self.word_table.row
        before = self.names.name_at(row)
        self._loaded = True
        self.names.set_names(told.names)
        self.words.set_words(told.no_names)
        there = self.names.row_of(at or (before.text if before else ""))
        self.table.choose(there if there >= 0 else max(row, 0))
        self.word_table.choose(max(word_row, 0))
        self._show()

    def show_error(self, error: StudioError) -> None:
        """Something could not be done."""
        self.outcome.error(error.message, error.remedy)

    def show_removed(self, name: NameTerm) -> None:
        """A name is off the list, or stands there as the script gives it."""
        self._taken_off = name
        row = self.names.row_of(name.text)
        if row >= 0:
            said = f"What was added to “{name.text}” is gone. The name stays: the script has it."
        else:
            said = f"“{name.text}” is off the list. It may leave as it is written from now on."
        self.outcome.say(said, "check", "text2", "Put it back")

    def show_kept(self, text: str) -> None:
        """A name was added or changed."""
        self._taken_off = None
        self.outcome.say(f"“{text}” is on the list as it stands here.")

    def show_word_back(self, word: str) -> None:
        """A word is asked about again."""
        self._taken_off = None
        self.outcome.say(f"“{word}” is asked about again where it may be a name.")

    # slots

    def _connect(self) -> None:
        self.search.textChanged.connect(self._search)
        self.search.returnPressed.connect(self._to_rows)
        self.parts.chosen.connect(self._turn_to)
        self.table.opened.connect(self._edit)
        self.table.removed.connect(self._remove)
        self.table.chosen.connect(lambda _row: self._show())
        self.word_table.removed.connect(self._take_back)
        self.word_table.opened.connect(self._take_back)
        self.word_table.chosen.connect(lambda _row: self._show())
        self.add.clicked.connect(self._add)
        self.edit.clicked.connect(lambda: self._edit(self.table.row))
        self.remove.clicked.connect(lambda: self._remove(self.table.row))
        self.take_back.clicked.connect(lambda: self._take_back(self.word_table.row))
        self.outcome.followed.connect(self._put_back)
        self.closed.connect(self.deleteLater)

    def _turn_to(self, _part: str) -> None:
        # What was said of the other part would be read as being about this one.
        self._taken_off = None
        self.outcome.clear()
        self._show()

    def _search(self, words: str) -> None:
        self.names.search(words)
        self.words.search(words)
        for table in (self.table, self.word_table):
            table.choose(0)
        self._show()

    def _to_rows(self) -> None:
        table = self.table if self._part == "names" else self.word_table
        if table.model().rowCount():
            table.choose(max(0, table.row))
            table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _add(self) -> None:
        words = " ".join(self.search.text().split())
        self.add_wanted.emit("" if self.names.rowCount() else words)

    def _edit(self, row: int) -> None:
        name = self.names.name_at(row)
        if name is not None:
            self.edit_wanted.emit(name)

    def _remove(self, row: int) -> None:
        name = self.names.name_at(row)
        if name is None:
            return
        if name.source == "script":
            self._taken_off = None
            self.outcome.say(
                f"“{name.text}” stands in the script, so it cannot be taken off: it would leave as it is "
                "written. Change its kind, or add other ways to write it.",
                "info",
            )
        else:
            self.remove_wanted.emit(name)

    def _take_back(self, row: int) -> None:
        word = self.words.word_at(row)
        if word is not None:
            self.word_back_wanted.emit(word)

    def _put_back(self) -> None:
        name, self._taken_off = self._taken_off, None
        if name is not None:
            self.outcome.clear()
            self.put_back_wanted.emit(name)
            self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    # events

    def keyPressEvent(self, event: QKeyEvent) -> None:
        held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if held == Qt.KeyboardModifier.ControlModifier and event.key() == Qt.Key.Key_F:
            self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
            self.search.selectAll()
            event.accept()
        elif held == Qt.KeyboardModifier.ControlModifier and event.key() == Qt.Key.Key_N:
            event.accept()
            self._add()
        elif event.key() == Qt.Key.Key_Down and self.search.hasFocus():
            event.accept()
            self._to_rows()
        else:
            super().keyPressEvent(event)

    # internals

    @property
    def _part(self) -> Part:
        return "words" if self.parts.current == "words" else "names"

    def _fill(self, theme: Theme) -> None:
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(self.search, 1)
        head.addWidget(self.parts)
        self.body.addLayout(head)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.table)
        self._stack.addWidget(self.word_table)
        column = QVBoxLayout()
        column.setSpacing(0)
        column.addWidget(self._stack, 1)
        column.addWidget(self._empty)
        self.body.addLayout(column, 1)
        self.body.addWidget(self._about)
        self.body.addWidget(self.outcome)
        self.add = Button(theme, "Add a name", icon="plus", key="Ctrl N")
        self.add.setObjectName("name_add")
        self.edit = Button(theme, "Edit", key="↵")
        self.edit.setObjectName("name_edit")
        self.remove = Button(theme, "Take off the list", key="Del")
        self.remove.setObjectName("name_remove")
        self.take_back = Button(theme, "Ask about it again", key="Del")
        self.take_back.setObjectName("word_take_back")
        self.close_button = Button(theme, "Close", key="Esc")
        self.close_button.clicked.connect(self.dismiss)
        for button in (self.add, self.edit, self.remove, self.take_back):
            self.footer.addWidget(button)
        self.footer.addStretch(1)
        self.footer.addWidget(self.close_button)

    def _show(self) -> None:
        """Say how many there are, what the current row is, and what can be done with it."""
        names = self._part == "names"
        self._stack.setCurrentIndex(0 if names else 1)
        for part, model, title in (("names", self.names, "Names"), ("words", self.words, "No names")):
            button = self.parts.button(part)
            button.setText(f"{title} {model.total:,}")
            button.setAccessibleName(button.text())
            button.updateGeometry()
        name = self.names.name_at(self.table.row)
        self.add.setVisible(names)
        self.edit.setVisible(names)
        self.remove.setVisible(names)
        self.edit.setEnabled(name is not None)
        self.remove.setEnabled(name is not None and name.source == "person")
        self.take_back.setVisible(not names)
        self.take_back.setEnabled(self.word_table.row >= 0)
        self._about.set_text(self._about_text(name))
        empty = self._empty_text()
        self._empty.set_text(empty)
        self._empty.setVisible(bool(empty))
        shown = (self.names if names else self.words).rowCount()
        self.search.setAccessibleDescription(f"{shown:,} found")

    def _about_text(self, name: NameTerm | None) -> str:
        if self._part == "words":
            return (
                "Somebody said that these are no names. They leave as they are written, until they are asked "
                "about again."
            )
        if name is None:
            return "Names come from the script by themselves: cues, slug lines, title page."
        if name.source == "script":
            return (
                f"“{name.text}” was read from the script, so it stays on the list while the script has it. "
                "Its kind and its other writings can be changed."
            )
        return f"“{name.text}” was put here or changed by a person."

    def _empty_text(self) -> str:
        if not self._loaded:
            return "The names are being read from the script."
        if self._part == "words":
            if self.words.rowCount():
                return ""
            return "No word is like that." if self.words.total else "Nobody has said so of a word."
        if self.names.rowCount():
            return ""
        if self.names.total:
            return "No name is like that. Add it with Ctrl N."
        return "The script has no names yet. Add one with Ctrl N."

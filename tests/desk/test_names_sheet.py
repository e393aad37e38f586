"""The name map in the window, by keyboard."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from gate_words import FERRY, NAMES, NORA, Window
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QPlainTextEdit, QWidget

from studio_assist import protocol
from studio_assist.desk.names.model import NamesModel
from studio_assist.desk.names.sheet import NamesSheet
from studio_assist.domain.errors import Unavailable
from studio_assist.domain.names import NameKind, NameTerm

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)
CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def window(qtbot, home) -> Iterator[Window]:
    window = Window(home)
    yield window
    window.close()


def key(which: Qt.Key, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    focus = QApplication.focusWidget()
    assert focus is not None
    QTest.keyClick(focus, which, held)


def type_words(words: str) -> None:
    QTest.keyClicks(QApplication.focusWidget(), words)


def opened(window: Window) -> NamesSheet:
    window.shell.commands.run("names.show")
    sheet = window.names.sheet
    assert sheet is not None
    window.wait(lambda: sheet.names.total == len(NAMES.names), "the names")
    return sheet


def name_sheet(window: Window) -> QWidget:
    found = [one for one in window.shell.findChildren(QWidget, "name_sheet") if one.isVisible()]
    assert len(found) == 1
    return found[0]


def test_the_map_shows_what_the_script_in_the_editor_gives_and_what_people_added(window):
    sheet = opened(window)
    asked = window.broker.params_of(protocol.LIST_NAMES)[0]
    assert asked.script == window.studio.write.document.text()
    rows = [
        [sheet.names.index(row, column).data() for column in range(4)]
        for row in range(sheet.names.rowCount())
    ]
    assert rows[0] == ["NORA", "Character", "", "The script"]
    assert ["The Ferry", "Title", "Project Larkspur", "A person"] in rows


def test_a_search_finds_names_by_their_other_writings_and_the_arrows_lead_to_them(window):
    sheet = opened(window)
    key(Qt.Key.Key_F, CTRL)
    type_words("larks")
    assert [sheet.names.name_at(row) for row in range(sheet.names.rowCount())] == [FERRY]
    key(Qt.Key.Key_Down)
    assert sheet.table.hasFocus()
    assert sheet.names.name_at(sheet.table.row) == FERRY


def test_enter_edits_a_name_and_keeps_what_was_typed(window):
    sheet = opened(window)
    told: list[object] = []
    window.names.changed.connect(told.append)
    new = NORA.model_copy(update={"aliases": ("Nora Quist",), "source": "person"})
    window.broker.answers["set_name"] = NAMES.model_copy(update={"names": (new, *NAMES.names[1:])})
    type_words("nora")
    key(Qt.Key.Key_Return)
    assert sheet.table.hasFocus()
    key(Qt.Key.Key_Return)
    form = name_sheet(window)
    # The script's own name is fixed; its kind and its other writings are not.
    assert form.findChild(QLineEdit, "name_text").isReadOnly()
    assert form.findChild(QComboBox, "name_kind").hasFocus()
    key(Qt.Key.Key_Tab)
    type_words("Nora Quist")
    key(Qt.Key.Key_Return, CTRL)
    window.wait(lambda: bool(told), "the list")
    asked = window.broker.params_of(protocol.SET_NAME)[0]
    assert (asked.text, asked.kind, asked.aliases, asked.was) == (
        "NORA",
        NameKind.CHARACTER,
        ("Nora Quist",),
        None,
    )
    assert sheet.isVisible()
    assert sheet.table.hasFocus()
    assert sheet.names.name_at(0) == new


def test_a_name_that_was_searched_for_in_vain_is_added_in_four_keys(window):
    sheet = opened(window)
    window.broker.answers["set_name"] = NAMES
    type_words("Ida  Brem")
    assert "Add it with Ctrl N" in sheet._empty.plain
    key(Qt.Key.Key_N, CTRL)
    field = name_sheet(window).findChild(QLineEdit, "name_text")
    assert field.hasFocus()
    assert field.text() == "Ida Brem"
    key(Qt.Key.Key_Return)
    window.wait(lambda: bool(window.broker.params_of(protocol.SET_NAME)), "the name")
    assert window.broker.params_of(protocol.SET_NAME)[0].text == "Ida Brem"
    window.wait(lambda: bool(sheet.outcome.words), "the word of it")


def test_a_name_that_was_written_otherwise_says_what_it_was(window):
    opened(window)
    window.broker.answers["set_name"] = NAMES
    type_words("ruth")
    key(Qt.Key.Key_Down)
    key(Qt.Key.Key_Return)
    form = name_sheet(window)
    form.findChild(QLineEdit, "name_text").setText("Ruth Adeyemi-Bell")
    form.findChild(QPlainTextEdit, "name_aliases").setPlainText("Ruthie\n\n Ruthie \nRuth Adeyemi")
    key(Qt.Key.Key_Return)
    window.wait(lambda: bool(window.broker.params_of(protocol.SET_NAME)), "the name")
    asked = window.broker.params_of(protocol.SET_NAME)[0]
    assert (asked.was, asked.aliases) == ("Ruth Adeyemi", ("Ruthie", "Ruth Adeyemi"))


def test_what_the_broker_refuses_is_said_on_the_form_and_nothing_typed_is_lost(window):
    opened(window)
    window.broker.answers["set_name"] = Unavailable("The project is read only.", remedy="Open it elsewhere.")
    key(Qt.Key.Key_N, CTRL)
    type_words("Ida")
    key(Qt.Key.Key_Return)
    form = name_sheet(window)
    window.wait(lambda: "read only" in form.outcome.words, "the refusal")
    assert form.findChild(QLineEdit, "name_text").text() == "Ida"
    assert form.keep.isEnabled()


def test_delete_takes_off_what_a_person_added_and_puts_it_back(window):
    sheet = opened(window)
    left = tuple(name for name in NAMES.names if name != FERRY)
    window.broker.answers["remove_name"] = NAMES.model_copy(update={"names": left})
    window.broker.answers["set_name"] = NAMES
    sheet.table.setFocus()
    sheet.table.choose(sheet.names.row_of("The Ferry"))
    key(Qt.Key.Key_Delete)
    window.wait(lambda: sheet.names.total == len(left), "the list")
    assert window.broker.params_of(protocol.REMOVE_NAME)[0].text == "The Ferry"
    assert "off the list" in sheet.outcome.words
    QTest.mouseClick(sheet.outcome.link, Qt.MouseButton.LeftButton)
    window.wait(lambda: sheet.names.row_of("The Ferry") >= 0, "the name")
    assert window.broker.params_of(protocol.SET_NAME)[0].aliases == FERRY.aliases


def test_a_name_of_the_script_stays_and_the_sheet_says_why(window):
    sheet = opened(window)
    sheet.table.setFocus()
    sheet.table.choose(sheet.names.row_of("NORA"))
    assert not sheet.remove.isEnabled()
    key(Qt.Key.Key_Delete)
    assert window.broker.params_of(protocol.REMOVE_NAME) == []
    assert "stands in the script, so it cannot be taken off" in sheet.outcome.words


def test_a_word_that_was_called_no_name_is_asked_about_again(window):
    sheet = opened(window)
    window.broker.answers["remove_name"] = NAMES.model_copy(update={"no_names": ("the Wolf",)})
    QTest.mouseClick(sheet.parts.button("words"), Qt.MouseButton.LeftButton)
    sheet.word_table.setFocus()
    assert sheet.words.word_at(sheet.word_table.row) == "Hope"
    key(Qt.Key.Key_Delete)
    window.wait(lambda: sheet.words.total == 1, "the words")
    asked = window.broker.params_of(protocol.REMOVE_NAME)[0]
    assert (asked.text, asked.no_name) == ("Hope", True)


def test_esc_closes_the_form_then_the_map_and_says_whether_anything_changed(window):
    opened(window)
    closed: list[bool] = []
    window.names.closed.connect(closed.append)
    key(Qt.Key.Key_N, CTRL)
    key(Qt.Key.Key_Escape)
    assert window.names.sheet is not None
    key(Qt.Key.Key_Escape)
    assert window.names.sheet is None
    assert closed == [False]


def test_five_thousand_names_are_searched_within_a_keystroke():
    names = [
        NameTerm(text=f"Person {n} of Skerra", kind=NameKind.PERSON, aliases=(f"Nick{n}",))
        for n in range(5000)
    ]
    model = NamesModel()
    model.set_names(names)
    begun = time.perf_counter()
    for words in ("n", "ni", "nic", "nick", "nick4", "nick49", "nick499", "nick4999"):
        model.search(words)
    # Eight keystrokes in the time that one may take on a screen of 60 Hz, four times over.
    assert time.perf_counter() - begun < 0.25
    assert [model.name_at(row).text for row in range(model.rowCount())] == ["Person 4999 of Skerra"]

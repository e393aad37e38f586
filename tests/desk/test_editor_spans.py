"""Temp text: it stays marked through every edit, and one acceptance is one undo step."""

from __future__ import annotations

import pytest
from editor_desk import EditorDesk
from PySide6.QtCore import QMimeData, QRect
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QSignalSpy
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from studio_assist.desk.theme import Theme
from studio_assist.desk.write.clipboard import MIME_TYPE

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)

TEXT = "INT. HALL - DAY\n\nRain falls.\n\nMAYA\nHello there.\n\nShe leaves.\n"


@pytest.fixture
def desk(qtbot: QtBot, qapp: QApplication) -> EditorDesk:
    theme = Theme("dark", parent=qapp)
    theme.apply(qapp)
    return EditorDesk(qtbot, theme, TEXT)


def test_one_acceptance_is_one_undo_step(desk: EditorDesk) -> None:
    desk.type("X")
    desk.place_temp("Hello there.", "Who goes there?\n(beat)\nSpeak.")
    assert desk.spans() == [("s1", "Who goes there?\n(beat)\nSpeak.")]
    desk.press("Ctrl+Z")
    assert desk.text == "X" + TEXT
    assert desk.spans() == []
    desk.press("Ctrl+Shift+Z")
    assert desk.spans() == [("s1", "Who goes there?\n(beat)\nSpeak.")]


def test_typing_inside_stays_temp_and_typing_at_the_edges_is_the_persons(desk: EditorDesk) -> None:
    desk.place_temp("Hello there.", "Who goes there?")
    desk.go("goes")
    desk.type("now ")
    assert desk.spans() == [("s1", "Who now goes there?")]
    desk.go("Who")
    desk.type("MAYBE ")
    desk.go("there?", end=True)
    desk.type(" Me.")
    assert "MAYBE Who now goes there? Me.\n" in desk.text
    assert desk.spans() == [("s1", "Who now goes there?")]


def test_a_line_break_typed_inside_stays_inside(desk: EditorDesk) -> None:
    desk.place_temp("Rain falls.", "Rain falls. It stops.")
    desk.go("It stops")
    desk.press("Enter")
    assert desk.spans() == [("s1", "Rain falls. \n\nIt stops.")]


def test_deleting_all_of_a_span_ends_it_and_undo_brings_it_back(desk: EditorDesk) -> None:
    spy = QSignalSpy(desk.editor.spans_changed)
    desk.place_temp("Hello there.", "Who?")
    desk.select("Who?")
    desk.press("Delete")
    assert desk.spans() == []
    desk.press("Ctrl+Z")
    assert desk.spans() == [("s1", "Who?")]
    told = [spy.at(at) for at in range(spy.count())]
    assert told == [[["s1"], [], []], [[], ["s1"], []], [["s1"], [], []]]


def test_cut_and_paste_keep_the_mark_and_foreign_text_has_none(desk: EditorDesk) -> None:
    desk.place_temp("Hello there.", "Who goes there?")
    desk.select("goes there?\n\nShe leaves.")
    desk.press("Ctrl+X")
    assert desk.spans() == [("s1", "Who ")]
    desk.to_end()
    desk.press("Ctrl+V")
    assert desk.text.endswith("\ngoes there?\n\nShe leaves.")
    assert desk.spans() == [("s1", "Who "), ("s1", "goes there?")]
    clipboard = QGuiApplication.clipboard()
    assert clipboard.mimeData().hasFormat(MIME_TYPE)
    assert clipboard.text() == "goes there?\n\nShe leaves."
    foreign = QMimeData()
    foreign.setText("From outside.")
    foreign.setHtml("<b>From outside.</b>")
    clipboard.setMimeData(foreign)
    desk.press("Ctrl+V")
    assert desk.text.endswith("She leaves.From outside.")
    assert len(desk.spans()) == 2


def test_a_damaged_clipboard_is_plain_text(desk: EditorDesk) -> None:
    mime = QMimeData()
    mime.setText("plain")
    mime.setData(MIME_TYPE, b'{"text": "x", "spans": [["s9", 0, 99]]}')
    QGuiApplication.clipboard().setMimeData(mime)
    desk.press("Ctrl+V")
    assert desk.text == "plain" + TEXT
    assert desk.spans() == []


def test_a_person_ends_a_span_by_rewriting_it_or_by_taking_it_over(desk: EditorDesk) -> None:
    desk.place_temp("Hello there.", "Who goes there?")
    desk.place_temp("She leaves.", "She goes.", "s2")
    desk.editor.replace_span_by_human("s1", "Who is it?")
    assert desk.spans() == [("s2", "She goes.")]
    desk.editor.replace_span_by_human("s2", None)
    assert desk.spans() == []
    assert desk.text == TEXT.replace("Hello there.", "Who is it?").replace("leaves", "goes")
    desk.press("Ctrl+Z")
    assert desk.spans() == [("s2", "She goes.")]
    desk.press("Ctrl+Z")
    assert desk.spans() == [("s1", "Who goes there?"), ("s2", "She goes.")]


def test_f8_walks_the_spans_round_and_f2_asks_for_provenance(desk: EditorDesk) -> None:
    desk.place_temp("Rain falls.", "Rain.", "s1")
    desk.place_temp("She leaves.", "She goes.", "s2")
    desk.go("INT")
    spy = QSignalSpy(desk.editor.provenance_wanted)
    walked: list[str] = []
    for _ in range(3):
        desk.press("F8", "F2")
        walked.append(spy.at(spy.count() - 1)[0])
        assert isinstance(spy.at(spy.count() - 1)[1], QRect)
    assert walked == ["s1", "s2", "s1"]
    desk.press("Shift+F8", "F2")
    assert spy.at(spy.count() - 1)[0] == "s2"


def test_resting_on_temp_text_asks_for_its_provenance(desk: EditorDesk, qtbot: QtBot) -> None:
    desk.place_temp("Rain falls.", "Rain.", "s1")
    rect = desk.editor.span_rect("s1")
    assert rect.height() > 10
    with qtbot.waitSignal(desk.editor.provenance_wanted, timeout=2000) as asked:
        qtbot.mouseMove(desk.editor.viewport(), rect.center())
    assert asked.args is not None
    assert asked.args[0] == "s1"
    with qtbot.waitSignal(desk.editor.provenance_left, timeout=2000):
        qtbot.mouseMove(desk.editor.viewport(), rect.center().__class__(5, 5))


def test_replace_all_is_one_undo_step_and_leaves_temp_temp(desk: EditorDesk) -> None:
    desk.place_temp("Hello there.", "Rain, rain.")
    desk.press("Ctrl+H")
    bar = desk.pane.find_bar
    bar._words.setText("rain")
    assert len(bar.matches) == 3
    bar._with.setText("snow")
    bar.replace_all()
    assert desk.text == TEXT.replace("Rain", "snow").replace("Hello there.", "snow, snow.")
    assert desk.spans() == [("s1", "snow, snow.")]
    desk.editor.setFocus()
    desk.press("Ctrl+Z")
    assert desk.spans() == [("s1", "Rain, rain.")]
    assert desk.text == TEXT.replace("Hello there.", "Rain, rain.")


def test_a_lost_span_is_told_never_dropped(desk: EditorDesk) -> None:
    desk.editor.set_lost_spans({"s7": "“The lamp dims” is not in the script any more"})
    strip = desk.pane.findChild(type(desk.pane._lost), "lost_spans")
    assert strip is not None
    assert strip.isVisible()
    desk.editor.set_lost_spans({})
    assert not strip.isVisible()


def test_what_is_asked_about_follows_edits(desk: EditorDesk) -> None:
    at = desk.text.index("Hello there.")
    desk.editor.set_anchor((at, at + 12))
    desk.go("INT")
    desk.type("XX")
    assert desk.editor.anchor() == (at + 2, at + 14)
    assert desk.editor.script_document.sheets.painter.anchored_lines() == (4, 5)

"""Writing a screenplay with the keyboard: Tab, Enter, capitals, completions."""

from __future__ import annotations

import pytest
from editor_desk import EditorDesk
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from studio_assist.desk.theme import Theme
from studio_assist.domain.screenplay import ElementType

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)


@pytest.fixture
def desk(qtbot: QtBot, qapp: QApplication) -> EditorDesk:
    theme = Theme("dark", parent=qapp)
    theme.apply(qapp)
    return EditorDesk(qtbot, theme)


def test_a_scene_is_written_without_a_single_mark(desk: EditorDesk) -> None:
    desk.type("int. kitchen - night")
    desk.press("Enter")
    assert desk.kind == "action"
    desk.type("Maya stirs.")
    desk.press("Enter", "Tab")
    assert desk.kind == "character"
    desk.type("maya")
    desk.press("Enter")
    assert desk.kind == "dialogue"
    desk.type("It's cold.")
    desk.press("Tab")
    assert desk.kind == "parenthetical"
    desk.type("beat")
    desk.press("Enter")
    assert desk.kind == "dialogue"
    desk.type("Like him.")
    desk.press("Enter")
    assert desk.kind == "action"
    desk.press("Tab", "Tab")
    assert desk.kind == "transition"
    desk.type("cut to:")
    desk.press("Enter")
    assert desk.kind == "scene_heading"
    desk.type("ext. causeway - dawn")
    assert desk.text == (
        "INT. KITCHEN - NIGHT\n\nMaya stirs.\n\nMAYA\nIt's cold.\n(beat)\nLike him.\n\nCUT TO:\n\nEXT. CAUSEWAY - DAWN"
    )
    kinds = [str(kind) for kind in desk.editor.script_document.script.kinds if kind is not ElementType.BLANK]
    assert kinds == [
        "scene_heading", "action", "character", "dialogue", "parenthetical", "dialogue", "transition", "scene_heading",
    ]  # fmt: skip


def test_tab_on_an_empty_line_goes_round_and_shift_tab_back(desk: EditorDesk) -> None:
    seen: list[str] = []
    for _ in range(4):
        desk.press("Tab")
        seen.append(desk.kind)
    assert seen == ["character", "transition", "scene_heading", "action"]
    desk.press("Shift+Tab")
    assert desk.kind == "scene_heading"
    assert desk.text == ""


def test_tab_in_an_empty_dialogue_makes_a_parenthetical_and_tab_again_takes_it_away(desk: EditorDesk) -> None:
    desk.press("Tab")
    desk.type("ilse")
    desk.press("Enter", "Tab")
    assert desk.text == "ILSE\n()"
    desk.press("Tab")
    assert desk.text == "ILSE\n"
    assert desk.kind == "dialogue"


def test_enter_on_an_empty_cue_or_dialogue_turns_to_action(desk: EditorDesk) -> None:
    desk.press("Tab")
    assert desk.kind == "character"
    desk.press("Enter")
    assert desk.kind == "action"
    assert desk.text == ""
    desk.press("Tab")
    desk.type("ilse")
    desk.press("Enter", "Enter")
    assert desk.kind == "action"
    assert desk.text == "ILSE\n\n"


def test_a_mixed_case_name_is_left_alone_where_it_is_forced(desk: EditorDesk) -> None:
    desk.load("@McAvoy\nHello.\n")
    desk.go("McAvoy", end=True)
    desk.type(" jr")
    assert desk.text.startswith("@McAvoy jr\n")


def test_the_combo_forces_an_element_with_the_least_markup_and_undo_takes_it_back(desk: EditorDesk) -> None:
    desk.load("Thunder.\n\nMaya\n\nRain.\n")
    desk.go("Maya")
    assert desk.editor.set_element(ElementType.CHARACTER)
    assert desk.text == "Thunder.\n\n@MAYA\n\nRain.\n"
    assert desk.kind == "character"
    desk.press("Ctrl+Z")
    assert desk.text == "Thunder.\n\nMaya\n\nRain.\n"
    desk.press("Ctrl+Alt+1")
    assert desk.text == "Thunder.\n\n.MAYA\n\nRain.\n"
    desk.press("Ctrl+Alt+2")
    assert desk.kind == "action"


def test_dialogue_cannot_stand_without_a_cue(desk: EditorDesk) -> None:
    desk.load("Rain.\n")
    assert not desk.editor.set_element(ElementType.DIALOGUE)
    assert desk.text == "Rain.\n"


def test_names_that_speak_are_offered_and_enter_takes_only_a_chosen_one(desk: EditorDesk) -> None:
    desk.load("MAYA\nHello.\n\nMARLOW\nHi.\n\n")
    desk.to_end()
    desk.press("Tab")
    desk.type("ma")
    assert sorted(desk.offers) == ["MARLOW", "MAYA"]
    desk.press("Enter")
    assert desk.text.endswith("\n\nMA\n")
    desk.press("Ctrl+Z")
    desk.type("y")
    assert desk.offers == ["MAYA"]
    desk.press("Down", "Enter")
    assert desk.text.endswith("\n\nMAYA")
    assert desk.offers == []
    desk.press("Enter")
    assert desk.kind == "dialogue"


def test_slug_lines_are_offered_from_the_script_and_esc_shuts_the_list(desk: EditorDesk) -> None:
    desk.load("INT. RADIO ROOM - NIGHT\n\nRain.\n\n")
    desk.to_end()
    desk.press("Shift+Tab")
    assert desk.kind == "scene_heading"
    desk.type("ext. ra")
    assert desk.offers == ["RADIO ROOM"]
    desk.press("Down", "Tab")
    assert desk.text.endswith("EXT. RADIO ROOM")
    desk.type(" - ")
    assert desk.offers[0] == "NIGHT"
    desk.press("Esc")
    assert desk.offers == []
    desk.type("d")
    assert desk.offers == ["DAY", "DAWN", "DUSK"]


def test_transitions_are_offered(desk: EditorDesk) -> None:
    desk.press("Tab", "Tab")
    desk.type("sm")
    assert desk.offers == ["SMASH CUT TO:"]
    desk.press("Up", "Enter")
    assert desk.text == "SMASH CUT TO:"


def test_shift_enter_is_a_line_break_and_no_more(desk: EditorDesk) -> None:
    desk.load("Rain.\n")
    desk.go("Rain.", end=True)
    desk.press("Shift+Enter")
    assert desk.text == "Rain.\n\n"


def test_typing_is_undone_and_redone(desk: EditorDesk) -> None:
    desk.type("Rain falls")
    desk.press("Enter")
    desk.type("x")
    desk.press("Ctrl+Z", "Ctrl+Z")
    assert desk.text == "Rain falls"
    desk.press("Ctrl+Shift+Z", "Ctrl+Shift+Z")
    assert desk.text == "Rain falls\n\nx"


def test_a_script_that_is_read_only_says_why_and_takes_no_key(desk: EditorDesk) -> None:
    desk.load("Rain.\n")
    desk.editor.set_read_only("Another window has this project open.")
    desk.type("x")
    desk.press("Enter", "Tab", "Backspace", "Ctrl+Z")
    assert desk.text == "Rain.\n"
    assert desk.editor.read_only_reason == "Another window has this project open."
    desk.editor.set_read_only(None)
    desk.type("x")
    assert desk.text == "xRain.\n"


def test_ctrl_b_puts_emphasis_round_the_selection_and_takes_it_away(desk: EditorDesk) -> None:
    desk.load("Cold rain falls.\n")
    desk.select("rain")
    desk.press("Ctrl+B")
    assert desk.text == "Cold **rain** falls.\n"
    desk.press("Ctrl+B")
    assert desk.text == "Cold rain falls.\n"


def test_a_cue_gets_the_blank_lines_that_it_needs(desk: EditorDesk) -> None:
    desk.load("Rain.\n\nSnow.\n")
    desk.go("Snow")
    desk.press("Up", "Tab")
    desk.type("maya")
    assert desk.text == "Rain.\n\nMAYA\n\nSnow.\n"
    assert desk.kind == "character"
    desk.press("Ctrl+Z", "Ctrl+Z")
    assert desk.text == "Rain.\n\nSnow.\n"


def test_an_input_method_composes_in_place_and_inside_a_span_stays_temp(desk: EditorDesk) -> None:
    desk.load("A *cold* rain falls on the glass and on the sea beyond it, all night long, without an end.\n")
    desk.place_temp("rain", "snow")
    desk.go("ow falls")
    before = desk.text
    QApplication.sendEvent(desk.editor, QInputMethodEvent("にほん", []))
    assert desk.editor.viewport().grab().width() > 0
    assert desk.text == before
    composed = QInputMethodEvent("", [])
    composed.setCommitString("日本")
    QApplication.sendEvent(desk.editor, composed)
    assert desk.text == before.replace("snow", "sn日本ow")
    assert desk.spans() == [("s1", "sn日本ow")]

from __future__ import annotations

import pytest
from inspector_fakes import NOW, ONE, TWO, Desk, live, shot, temp, variant
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QMenu, QWidget

from studio_assist import protocol
from studio_assist.domain.errors import Unavailable
from studio_assist.domain.storyboard import Panel, ShotSeen
from studio_assist.domain.values import EntryNumber

# The offscreen platform says this of every window with a smallest size.
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)


@pytest.fixture
def offered(qtbot, tmp_path):
    """A shot with four variants, as in the picture of the Board desk; a second one that is empty."""
    variants = tuple(variant(tmp_path, at) for at in range(4))
    return Desk(
        qtbot,
        tmp_path,
        ShotSeen(shot=shot(), variants=variants),
        ShotSeen(shot=shot(TWO, number="14D", title="Dial")),
    )


def button(desk: Desk, name: str) -> QAbstractButton:
    return desk.inspector.findChild(QAbstractButton, name)


def card(desk: Desk) -> QWidget:
    return desk.inspector.findChild(QWidget, "candidate_card")


def press(desk: Desk, key: Qt.Key, *held) -> None:
    desk.inspector.focus_first()
    QTest.keyClick(QApplication.focusWidget(), key, *held)


def after(desk: Desk, gone: str, **more) -> ShotSeen:
    """The shot once one variant was decided on."""
    one = desk.book.shot(ONE).model_copy(update=more)
    return ShotSeen(shot=one, variants=tuple(v for v in desk.book.variants(ONE) if v.candidate != gone))


def test_a_variant_can_be_decided_on_once_all_of_it_was_on_the_screen_and_is_reported_once(offered):
    assert not button(offered, "accept_button").isEnabled()
    offered.look()
    assert offered.presented() == ["c1"]
    assert all(button(offered, f"{way}_button").isEnabled() for way in ("accept", "edit", "reject"))
    press(offered, Qt.Key.Key_2)
    offered.look()
    press(offered, Qt.Key.Key_1)
    offered.look()
    assert offered.presented() == ["c1", "c2"]
    assert card(offered).property("candidate_id") == "c1"
    assert card(offered).property("state") == "ready"


def test_a_variant_that_is_only_flicked_past_is_not_reported_and_cannot_be_decided_on(offered):
    offered.look()
    press(offered, Qt.Key.Key_3)
    press(offered, Qt.Key.Key_A)
    assert offered.decided() == []
    press(offered, Qt.Key.Key_4)
    offered.look()
    assert offered.presented() == ["c1", "c4"]


def test_a_picture_that_is_cut_off_by_a_low_window_is_not_shown_yet(qtbot, tmp_path):
    desk = Desk(qtbot, tmp_path, ShotSeen(shot=shot(), variants=(variant(tmp_path, 0),)), size=(341, 200))
    desk.settle(500)
    press(desk, Qt.Key.Key_A)
    assert desk.presented() == []
    assert desk.decided() == []
    desk.inspector.resize(341, 700)
    desk.look()
    press(desk, Qt.Key.Key_A)
    assert desk.decided() == [("c1", "accepted")]


@pytest.mark.parametrize(("key", "outcome"), [(Qt.Key.Key_A, "accepted"), (Qt.Key.Key_R, "rejected")])
def test_a_key_decides_on_the_one_variant_that_is_shown_and_the_next_is_shown(offered, key, outcome):
    press(offered, Qt.Key.Key_2)
    offered.look()
    press(offered, key)
    press(offered, key)
    assert offered.decided() == [("c2", outcome)]
    assert not button(offered, "accept_button").isEnabled()
    offered.tell(after(offered, "c2"))
    assert card(offered).property("candidate_id") == "c3"
    assert offered.inspector.card.strip.property("count") == 3


@pytest.mark.parametrize("way", ["accept", "reject"])
def test_a_click_decides_and_the_second_press_of_a_double_click_does_not(offered, way):
    offered.look()
    QTest.mouseClick(button(offered, f"{way}_button"), Qt.MouseButton.LeftButton)
    QTest.mouseDClick(button(offered, f"{way}_button"), Qt.MouseButton.LeftButton)
    assert len(offered.decided()) == 1


def test_enter_space_and_tab_decide_nothing(offered):
    offered.look()
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
        press(offered, key)
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Escape)
    offered.inspector.focus_first()
    for _ in range(60):
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        assert QApplication.focusWidget().objectName() not in (
            "accept_button",
            "edit_button",
            "reject_button",
        )
    assert offered.decided() == []


def test_letters_in_a_text_field_are_letters(offered):
    offered.look()
    field = offered.inspector.fields.notes_field
    field.setFocus()
    QTest.keyClicks(field, "area 1 d")
    assert offered.decided() == []
    assert offered.canvas == []
    assert "area 1 d" in field.toPlainText()


def test_a_refused_decision_opens_the_buttons_again(offered):
    offered.look()
    press(offered, Qt.Key.Key_A)
    offered.client.waiting[-1].fail(Unavailable("The disk is full.", remedy="Free some."))
    assert len(offered.failed) == 1
    assert button(offered, "accept_button").isEnabled()


def test_edit_opens_the_canvas_on_the_variant_and_draw_over_on_what_the_panel_holds(offered):
    offered.look()
    press(offered, Qt.Key.Key_E)
    press(offered, Qt.Key.Key_D)
    offered.tell(ShotSeen(shot=shot(panel=temp(offered.folder)), variants=offered.book.variants(ONE)))
    press(offered, Qt.Key.Key_D)
    assert offered.canvas == [(ONE, "c1"), (ONE, "c1"), (ONE, "")]


def test_a_stale_variant_can_only_be_rejected(qtbot, tmp_path):
    desk = Desk(qtbot, tmp_path, ShotSeen(shot=shot(), variants=(variant(tmp_path, 0, state="stale"),)))
    press(desk, Qt.Key.Key_1)
    desk.look()
    press(desk, Qt.Key.Key_A)
    assert not button(desk, "accept_button").isEnabled()
    press(desk, Qt.Key.Key_R)
    assert desk.decided() == [("c1", "rejected")]


def test_a_missing_picture_is_shown_as_missing_with_its_place_and_cannot_be_decided_on(qtbot, tmp_path):
    lost = variant(tmp_path, 0)
    (tmp_path / "media" / lost.shown.sha256[:2] / f"{lost.shown.sha256}.png").unlink()
    desk = Desk(qtbot, tmp_path, ShotSeen(shot=shot(), variants=(lost,)))
    desk.settle(400)
    assert lost.shown.sha256 in desk.inspector.card.preview.framed.place
    assert desk.presented() == []
    press(desk, Qt.Key.Key_A)
    assert desk.decided() == []


@pytest.mark.parametrize("content", [b"", b"not a picture", b"\x89PNG\r\n\x1a\n" + b"\0" * 40])
def test_a_file_that_is_no_picture_is_said_and_cannot_be_decided_on(qtbot, tmp_path, content):
    bad = variant(tmp_path, 0)
    (tmp_path / "media" / bad.shown.sha256[:2] / f"{bad.shown.sha256}.png").write_bytes(content)
    desk = Desk(qtbot, tmp_path, ShotSeen(shot=shot(), variants=(bad, variant(tmp_path, 1))))
    desk.settle(400)
    press(desk, Qt.Key.Key_R)
    assert desk.presented() == desk.decided() == []
    press(desk, Qt.Key.Key_2)
    desk.look()
    assert desk.presented() == ["c2"]


def test_an_accepted_panel_tells_who_when_and_by_which_entry(qtbot, tmp_path):
    desk = Desk(qtbot, tmp_path, ShotSeen(shot=shot(panel=temp(tmp_path))))
    entries: list[int] = []
    desk.inspector.open_entry.connect(entries.append)
    story = desk.inspector.findChild(QWidget, "panel_story")
    said = " ".join(one.accessibleName() for one in story.findChildren(QWidget))
    assert "Accepted by J. Lindqvist at " in said
    assert NOW.astimezone().strftime("%H:%M") in said
    assert "seed 7" in said
    QTest.mouseClick(button(desk, "open_entry_button"), Qt.MouseButton.LeftButton)
    QTest.mouseClick(button(desk, "undo_decision_button"), Qt.MouseButton.LeftButton)
    assert entries == [214]
    assert [one.entry for one in desk.client.named("undo_picture")] == [EntryNumber(214)]


def test_the_large_view_opens_by_enter_and_by_a_press_and_says_where_the_picture_comes_from(offered):
    offered.look()
    press(offered, Qt.Key.Key_Return)
    large = offered.inspector.window().findChild(QWidget, "lightbox")
    assert large.isVisible()
    assert "SD-Turbo on this machine · seed 41733" in large.accessibleName()
    QTest.keyClick(large, Qt.Key.Key_A)
    QTest.keyClick(large, Qt.Key.Key_Escape)
    assert not large.isVisible()
    assert offered.inspector.card.preview.hasFocus()
    QTest.mouseClick(offered.inspector.card.preview, Qt.MouseButton.LeftButton)
    assert large.isVisible()
    QTest.mouseClick(large, Qt.MouseButton.LeftButton)
    assert offered.decided() == []


def test_a_failed_ask_says_why_and_is_asked_again_while_what_stood_there_stays(qtbot, tmp_path):
    failed = live("failed", why="The host ran out of memory.", remedy="Ask for fewer.")
    desk = Desk(qtbot, tmp_path, ShotSeen(shot=shot(panel=temp(tmp_path)), live=failed))
    row = desk.inspector.findChild(QWidget, "live_row")
    assert "ran out of memory" in row.accessibleName()
    assert desk.inspector.card.preview.framed.path is not None
    desk.inspector.ask_panel.choose_drawer("sd")
    QTest.mouseClick(button(desk, "retry_button"), Qt.MouseButton.LeftButton)
    assert [one.drawer for one in desk.client.named("ask_board")] == ["sd"]
    QTest.mouseClick(button(desk, "draw_button"), Qt.MouseButton.LeftButton)
    assert desk.canvas == [(ONE, "")]


def test_a_blocked_ask_names_the_rule_and_asks_for_clearance(qtbot, tmp_path):
    blocked = live("blocked", why="It stays on this machine.", rule="4.2 Unreleased material")
    desk = Desk(qtbot, tmp_path, ShotSeen(shot=shot(), live=blocked))
    asked: list[tuple[str, str]] = []
    desk.inspector.clearance_wanted.connect(lambda one, rule: asked.append((one, rule)))
    assert desk.inspector.findChild(QWidget, "live_rule").plain == "Rule: 4.2 Unreleased material"
    QTest.mouseClick(button(desk, "ask_clearance_button"), Qt.MouseButton.LeftButton)
    assert asked == [(ONE, "4.2 Unreleased material")]


def test_what_comes_in_is_shown_at_once_but_never_takes_a_choice_away(offered, tmp_path):
    offered.book.set_current(TWO)
    assert card(offered).property("candidate_id") == ""
    offered.tell(ShotSeen(shot=shot(TWO), variants=(variant(tmp_path, 5), variant(tmp_path, 6))))
    assert card(offered).property("candidate_id") == "c6"
    press(offered, Qt.Key.Key_2)
    offered.tell(ShotSeen(shot=shot(TWO), variants=tuple(variant(tmp_path, at) for at in (5, 6, 7))))
    assert card(offered).property("candidate_id") == "c7"


def test_another_program_is_given_the_panel(offered):
    told: list[tuple[str, str]] = []
    offered.inspector.opened_elsewhere.connect(lambda program, file: told.append((program, file)))
    offered.inspector.card.editor_wanted.emit("psd", False)
    offered.settle()
    assert [(one.shot, one.format, one.program) for one in offered.client.named("open_in_editor")] == [
        (ONE, "psd", None)
    ]
    assert told == [("krita", "panel.ora")]


def test_drawn_panels_wear_no_amber_tag_and_temp_ones_a_solid_one(offered):
    tag = offered.inspector._head.tag
    assert tag.isVisible()
    assert tag.accessibleName() == "TEMP, not decided"
    offered.tell(ShotSeen(shot=shot(panel=temp(offered.folder))))
    assert tag.accessibleName() == "TEMP, accepted"
    drawn = temp(offered.folder).model_copy(update={"state": "drawn"})
    offered.tell(ShotSeen(shot=shot(panel=Panel.model_validate(drawn))))
    assert not tag.isVisible()


def test_the_footer_says_what_made_the_picture_that_is_shown(offered):
    made = offered.inspector.findChild(QWidget, "made_by")
    assert made.text == "SD-Turbo on this machine · seed 41733 · no references"
    press(offered, Qt.Key.Key_2)
    assert "seed 41734" in made.text


def test_a_decision_of_this_window_is_taken_in(offered):
    offered.look()
    press(offered, Qt.Key.Key_A)
    seen = after(offered, "c1", panel=temp(offered.folder))
    offered.client.waiting[-1].finish(protocol.PanelChanged(entry=EntryNumber(214), at=NOW, shot=seen))
    offered.settle()
    assert card(offered).property("candidate_id") == "c2"
    press(offered, Qt.Key.Key_0)
    assert offered.inspector.findChild(QWidget, "panel_story").isVisible()


def test_the_button_for_other_programs_opens_a_menu_of_formats(offered):
    QTest.mouseClick(button(offered, "editor_button"), Qt.MouseButton.LeftButton)
    menu = offered.inspector.findChild(QMenu, "editor_menu")
    assert menu.actions()[0].text() == "Krita, with layers (ORA)"
    menu.actions()[1].trigger()
    menu.close()
    offered.settle()
    assert [one.format for one in offered.client.named("open_in_editor")] == ["psd"]


def test_what_is_scrolled_out_of_sight_is_scrolled_to_and_not_decided_on(offered):
    offered.inspector.resize(341, 420)
    offered.settle()
    offered.inspector.card.preview.clearFocus()
    offered.look()
    bar = offered.inspector._area.verticalScrollBar()
    bar.setValue(bar.maximum())
    offered.settle()
    offered.inspector.card.press(Qt.Key.Key_A)
    assert offered.decided() == []
    assert bar.value() < 20
    offered.settle()
    offered.inspector.card.press(Qt.Key.Key_A)
    assert offered.decided() == [("c1", "accepted")]


def test_several_chosen_shots_are_asked_for_at_once(offered):
    offered.book.set_selection((ONE, TWO), ONE)
    offered.inspector.focus_ask()
    offered.settle()
    offered.inspector.ask_panel.ask()
    assert [one.shots for one in offered.client.named("ask_board")] == [(ONE, TWO)]

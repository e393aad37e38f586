from __future__ import annotations

import pytest
from inspector_fakes import ONE, TWO, Desk, shot, variant
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget

from studio_assist.domain.storyboard import ShotSeen, Tie

# The offscreen platform says this of every window with a smallest size.
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)


@pytest.fixture
def offered(qtbot, tmp_path):
    """A shot with a variant, and a second one that is empty."""
    seen = ShotSeen(shot=shot(), variants=(variant(tmp_path, 0),))
    return Desk(qtbot, tmp_path, seen, ShotSeen(shot=shot(TWO, number="14D", title="Dial")))


def button(desk: Desk, name: str) -> QAbstractButton:
    return desk.inspector.findChild(QAbstractButton, name)


def test_a_choice_is_one_edit_and_undo_takes_that_field_back_alone(offered):
    fields = offered.inspector.fields
    fields.size_combo.setFocus()
    QTest.keyClick(fields.size_combo, Qt.Key.Key_Down)
    assert [edit.shot.size.value for edit in offered.edits()] == ["CU"]
    QTest.keyClick(fields.movement_combo, Qt.Key.Key_Down)
    offered.book.undo()
    assert fields.movement_combo.currentText() == "Slow push in"
    assert fields.size_combo.currentText() == "CU"
    offered.book.undo()
    assert fields.size_combo.currentText() == "MCU"


def test_words_become_one_edit_after_a_pause(offered):
    field = offered.inspector.fields.action_field
    field.setFocus()
    QTest.keyClicks(field, "Rain. ")
    assert offered.edits() == []
    offered.bot.waitUntil(lambda: len(offered.edits()) == 1)
    assert offered.edits()[0].shot.action.startswith("Rain. Maya")
    assert offered.book.pile.undo_words == "Action of 14C"


def test_no_keystroke_is_lost_when_the_shot_changes_or_the_board_does_meanwhile(offered):
    fields = offered.inspector.fields
    fields.notes_field.setFocus()
    QTest.keyClicks(fields.notes_field, "X")
    offered.tell(ShotSeen(shot=shot(title="Renamed elsewhere"), variants=()))
    QTest.keyClicks(fields.notes_field, "Y")
    offered.book.set_current(TWO)
    assert [(edit.shot.id, edit.shot.notes[:2], edit.shot.title) for edit in offered.edits()] == [
        (ONE, "XY", "Renamed elsewhere")
    ]
    assert fields.notes_field.toPlainText() == shot().notes


@pytest.mark.parametrize(("typed", "ms"), [("4", 4000), ("2,25 s", 2250), ("1:02.5", 62_500)])
def test_a_duration_is_typed_as_people_write_it(offered, typed, ms):
    field = offered.inspector.fields.duration_field
    field.selectAll()
    QTest.keyClicks(field, typed)
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert offered.edits()[-1].shot.duration_ms == ms


@pytest.mark.parametrize("typed", ["soon", "0", "99999"])
def test_what_is_no_duration_is_said_and_changes_nothing(offered, typed):
    field = offered.inspector.fields.duration_field
    field.selectAll()
    QTest.keyClicks(field, typed)
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert offered.edits() == []
    assert "seconds" in offered.inspector.findChild(QWidget, "field_wrong").plain
    assert field.text() == "2.5 s"


def test_a_lens_is_picked_or_typed(offered):
    line = offered.inspector.fields.lens_field.line
    line.setFocus()
    line.selectAll()
    QTest.keyClicks(line, "27")
    QTest.keyClick(line, Qt.Key.Key_Return)
    assert [edit.shot.lens_mm for edit in offered.edits()] == [27]
    assert line.text() == "27mm"


def test_characters_change_sides_come_and_go(offered):
    people = offered.inspector.fields.people
    left = next(
        one for one in people.findChildren(QAbstractButton) if one.accessibleName() == "MAYA on the left"
    )
    QTest.mouseClick(left, Qt.MouseButton.LeftButton)
    line = people.field.line
    line.setFocus()
    QTest.keyClicks(line, "ilse")
    QTest.keyClick(line, Qt.Key.Key_Return)
    offered.settle()
    assert [(who.name, who.side) for who in offered.book.shot(ONE).characters] == [
        ("MAYA", "left"),
        ("ILSE", "right"),
    ]
    away = [
        one for one in people.findChildren(QAbstractButton) if one.accessibleName().startswith("Take MAYA")
    ]
    QTest.mouseClick(away[-1], Qt.MouseButton.LeftButton)
    assert [who.name for who in offered.book.shot(ONE).characters] == ["ILSE"]


def test_set_pieces_come_and_go(offered):
    pieces = offered.inspector.fields.pieces
    line = pieces.field.line
    line.setFocus()
    QTest.keyClicks(line, "Door")
    QTest.keyClick(line, Qt.Key.Key_Return)
    chip = next(one for one in pieces.findChildren(QAbstractButton) if one.accessibleName() == "Remove radio")
    QTest.mouseClick(chip, Qt.MouseButton.LeftButton)
    assert offered.book.shot(ONE).set_pieces == ("window", "door")


def test_a_tie_leads_to_the_script_and_a_lost_one_can_be_tied_again(offered):
    gone: list[str] = []
    tied: list[str] = []
    offered.inspector.go_to_script.connect(gone.append)
    offered.inspector.tie_wanted.connect(tied.append)
    offered.inspector.set_line_of(lambda start: 212 if start == 4200 else None)
    tie = offered.inspector.findChild(QWidget, "tie_line")
    assert "Script line 212" in [one.accessibleName() for one in tie.findChildren(QWidget)]
    QTest.mouseClick(button(offered, "tie_button"), Qt.MouseButton.LeftButton)
    offered.tell(ShotSeen(shot=shot(tie=Tie(start=0, words="gone", state="lost"))))
    assert "The line it was made from is gone" in [one.accessibleName() for one in tie.findChildren(QWidget)]
    QTest.mouseClick(button(offered, "tie_button"), Qt.MouseButton.LeftButton)
    assert (gone, tied) == ([ONE], [ONE])


def test_tab_walks_the_picture_the_fields_and_the_sections_in_their_order(offered):
    inspector = offered.inspector
    inspector.focus_first()
    met: list[QWidget] = []
    for _ in range(40):
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        met.append(QApplication.focusWidget())
    fields = inspector.fields
    wanted = [inspector.card.editor_button, fields.size_combo, fields.movement_combo, fields.notes_field]
    wanted += [
        fields.people.field,
        fields.tie.button,
        inspector.stage_section.head,
        inspector.ask_section.head,
    ]
    places = [met.index(one) for one in wanted]
    assert places == sorted(places)
    assert all(one.accessibleName() for one in met if inspector.isAncestorOf(one))


def test_a_shot_that_is_removed_or_another_project_leaves_nothing_behind(offered):
    field = offered.inspector.fields.notes_field
    field.setFocus()
    QTest.keyClicks(field, "X")
    offered.book.close()
    offered.settle(800)
    assert offered.edits() == []
    assert offered.inspector.findChild(QWidget, "shot_number").plain == ""


def test_what_was_typed_is_an_edit_before_the_desk_is_left(offered):
    field = offered.inspector.fields.notes_field
    field.setFocus()
    QTest.keyClicks(field, "X")
    offered.inspector.hide()
    assert [edit.shot.notes[0] for edit in offered.edits()] == ["X"]


def test_what_is_typed_in_a_list_stays_where_the_words_of_the_combos_are(offered):
    line = offered.inspector.fields.lens_field.line
    before = line.geometry()
    QTest.keyClick(offered.inspector.fields.lens_field, Qt.Key.Key_Down)
    assert offered.edits()
    assert line.geometry() == before

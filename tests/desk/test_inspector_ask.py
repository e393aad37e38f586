from __future__ import annotations

import pytest
from inspector_fakes import ARTIST, ONE, Desk, picture, shot, temp
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from studio_assist.domain.storyboard import ShotSeen

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)


@pytest.fixture
def desk(qtbot, tmp_path):
    desk = Desk(qtbot, tmp_path, ShotSeen(shot=shot(panel=temp(tmp_path))))
    desk.inspector.focus_ask()
    desk.settle()
    return desk


def asked(desk: Desk) -> list:
    return desk.client.named("ask_board")


def drop(target: QWidget, *files) -> None:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(file)) for file in files])
    copy, left, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(QPoint(5, 5), copy, mime, left, none)
    QApplication.sendEvent(target, enter)
    assert enter.isAccepted()
    QApplication.sendEvent(target, QDropEvent(QPointF(5, 5), copy, mime, left, none))


def test_only_what_the_chosen_drawer_can_do_is_offered(desk):
    panel = desk.inspector.ask_panel
    assert not panel.note_field.isVisible()
    assert not panel.references.isVisible()
    assert not panel.follow_combo.isVisible()
    assert not panel.edit_box.isVisible()
    panel.choose_drawer("sd")
    desk.settle()
    shown = (panel.note_field, panel.references, panel.follow_combo, panel.edit_box, panel.seed_field)
    assert all(one.isVisible() for one in shown)
    assert not panel.strength.isVisible()
    panel.edit_box.setChecked(True)
    desk.settle()
    assert panel.strength.isVisible()


def test_ctrl_enter_asks_with_everything_that_is_set_and_enter_does_not(desk, tmp_path):
    panel = desk.inspector.ask_panel
    panel.choose_drawer("sd")
    desk.settle()
    panel.focus()
    QTest.keyClicks(panel.note_field, "Closer")
    panel.count_combo.setCurrentIndex(1)
    panel.seed_field.setText("77")
    panel.follow_combo.setCurrentIndex(2)
    panel.edit_box.setChecked(True)
    panel.strength.setValue(30)
    made = picture(tmp_path, "reference")
    file = tmp_path / "media" / made.sha256[:2] / f"{made.sha256}.png"
    drop(panel.references, file, tmp_path / "notes.txt")
    QTest.keyClick(panel.seed_field, Qt.Key.Key_Return)
    QTest.keyClick(panel.note_field, Qt.Key.Key_Return)
    assert asked(desk) == []
    QTest.keyClick(panel.note_field, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    (params,) = asked(desk)
    assert (params.shots, params.drawer, params.count, params.seed, params.control) == (
        (ONE,),
        "sd",
        2,
        77,
        "depth",
    )
    assert (params.note, params.edit, params.strength, params.references) == (
        "Closer",
        True,
        0.3,
        (str(file),),
    )
    assert params.person == ARTIST


def test_what_another_drawer_cannot_take_is_not_sent_to_it(desk, tmp_path):
    panel = desk.inspector.ask_panel
    panel.choose_drawer("sd")
    panel.follow_combo.setCurrentIndex(1)
    panel.edit_box.setChecked(True)
    panel.note_field.setPlainText("Closer")
    panel.references.add((tmp_path / "a.png",))
    panel.choose_drawer("previs")
    panel.ask()
    (params,) = asked(desk)
    assert (params.control, params.edit, params.references, params.note) == ("none", False, (), "")


def test_a_closed_drawer_says_why_and_cannot_be_asked(desk):
    panel = desk.inspector.ask_panel
    panel.choose_drawer("host")
    desk.settle()
    assert "no picture leave this machine" in desk.inspector.findChild(QWidget, "ask_why").plain
    assert not panel.ask_button.isEnabled()
    panel.focus()
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert asked(desk) == []


@pytest.mark.parametrize("seed", ["-1", "seven", "2147483648", "\u0661"])
def test_what_is_no_seed_is_said_and_not_sent(desk, seed):
    panel = desk.inspector.ask_panel
    panel.seed_field.setText(seed)
    panel.ask()
    assert asked(desk) == []
    assert "seed is a whole number" in desk.inspector.findChild(QWidget, "ask_why").plain


def test_a_file_dropped_on_the_frame_goes_into_the_panel(desk, tmp_path):
    drop(desk.inspector.card.preview, tmp_path / "mine.png")
    assert [one.file for one in desk.client.named("put_picture")] == [str(tmp_path / "mine.png")]

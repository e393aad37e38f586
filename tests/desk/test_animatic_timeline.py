"""The timeline under the hand: cuts ripple and roll, clips are moved and cut, and each is one step of undo."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeyEvent
from PySide6.QtWidgets import QApplication, QMenu

from studio_assist import protocol
from studio_assist.desk.animatic.keys import act_of as page_act
from studio_assist.desk.animatic.sound_sheets import LaneNameSheet, MarkSoundSheet, SoundComesIn
from studio_assist.desk.animatic.timeline_keys import ACTS
from studio_assist.desk.theme import Theme
from studio_assist.domain.boards import Board
from studio_assist.domain.errors import Refusal
from studio_assist.domain.storyboard import Live
from studio_assist.domain.timebase import sample_of
from tests.desk.board_fakes import many, shot_id
from tests.desk.timeline_fakes import FakeAnimatic, Stage, with_sounds, write_wav

_ALT = Qt.KeyboardModifier.AltModifier
_SHIFT = Qt.KeyboardModifier.ShiftModifier
_CTRL = Qt.KeyboardModifier.ControlModifier
_KEY = Qt.Key
BOARDS, DIALOGUE, TONE = 50, 112, 152
LENGTHS = [72, 108, 60, 36, 72, 96]


@pytest.fixture
def stage(qtbot, tmp_path) -> Stage:
    client = FakeAnimatic(media=tmp_path / "media")
    with_sounds(client, tmp_path / "media", tmp_path)
    return Stage(qtbot, Theme("dark"), tmp_path, client)


def lengths(stage: Stage) -> list[int]:
    return [cut.frames for cut in stage.book.timeline.cuts]


def voice(stage: Stage):
    return next(one for one in stage.book.placed if one.clip.id == "voice")


def menu_of(stage: Stage) -> dict[str, object]:
    """The open menu's actions, those of its menus too."""
    (menu,) = [one for one in stage.view.findChildren(QMenu, "animatic_popup") if one.isVisible()]
    found = {}
    for action in menu.actions():
        for one in action.menu().actions() if action.menu() else (action,):
            found[one.text().split("\t")[0]] = one
    menu.hide()
    return found


def test_a_dragged_edge_ripples_and_one_undo_gives_the_board_back(stage):
    before = stage.board.shots
    stage.drag([(stage.x(72), BOARDS), (stage.x(72) + 40, BOARDS)])
    assert lengths(stage) == LENGTHS
    stage.press(_KEY.Key_T)
    # Half way nothing is made yet: it only shows.
    spot = (stage.x(96), BOARDS)
    stage.drag([(stage.x(72), BOARDS), (stage.x(80), BOARDS), spot], release=False)
    assert lengths(stage) == LENGTHS
    assert stage.view.canvas.is_dragging
    stage.view.canvas.let_go()
    stage.drag([(stage.x(72), BOARDS), (stage.x(80), BOARDS), spot])
    assert lengths(stage) == [96, *LENGTHS[1:]]
    assert stage.book.undo_words == "Trim 14A"
    assert stage.view.selected == shot_id(1)
    stage.book.undo()
    assert stage.board.shots == before
    stage.qtbot.waitUntil(stage.settled)


def test_a_panel_that_is_drawn_meanwhile_does_not_take_the_edge_out_of_the_hand(stage):
    stage.view.trim_mode = True
    stage.drag([(stage.x(72), BOARDS), (stage.x(80), BOARDS), (stage.x(90), BOARDS)], release=False)
    stage.client.lives[shot_id(3)] = Live(state="generating", variant=1, of=4)
    stage.client.tell(shot_id(3))
    assert stage.view.canvas.is_dragging
    other = stage.client.board.shots[2].model_copy(update={"duration_ms": 500})
    stage.client.board = stage.client.board.with_shots([other])
    stage.client.tell(shot_id(3))
    assert not stage.view.canvas.is_dragging
    assert lengths(stage) == [72, 108, 12, 36, 72, 96]


def test_alt_or_a_second_press_rolls_and_the_total_stays(stage):
    stage.view.heads.snap.click()
    stage.view.toggle_trim()
    stage.drag([(stage.x(72), BOARDS), (stage.x(60), BOARDS)], _ALT)
    assert lengths(stage) == [60, 120, *LENGTHS[2:]]
    stage.view.toggle_trim()
    assert stage.view.rolls
    stage.drag([(stage.x(60), BOARDS), (stage.x(400), BOARDS)])
    assert lengths(stage) == [179, 1, *LENGTHS[2:]]
    assert stage.book.timeline.total == sum(LENGTHS)
    stage.view.toggle_trim()
    assert not stage.view.trim_mode


def test_a_dragged_edge_snaps_to_the_playhead(stage):
    stage.view.trim_mode = True
    stage.view.set_playhead(90)
    stage.drag([(stage.x(72), BOARDS), (stage.x(80), BOARDS), (stage.x(90) + 5, BOARDS)])
    assert lengths(stage)[0] == 90
    stage.book.undo()
    stage.press(_KEY.Key_N)
    stage.drag([(stage.x(72), BOARDS), (stage.x(80), BOARDS), (stage.x(90) + 5, BOARDS)])
    assert lengths(stage)[0] > 90


def test_brackets_trim_and_roll_the_chosen_shot(stage):
    stage.view.select(shot_id(2))
    stage.press(_KEY.Key_BracketRight)
    stage.press(_KEY.Key_BracketLeft, _SHIFT)
    assert lengths(stage)[1] == 99
    stage.press(_KEY.Key_BracketRight, _ALT)
    assert lengths(stage)[1:3] == [100, 59]
    stage.view.set_playhead(stage.book.timeline.total - 1)
    stage.view.select(None)
    stage.press(_KEY.Key_BracketLeft)
    assert lengths(stage)[-1] == 95


@pytest.mark.parametrize(
    ("typed", "frames", "told"),
    [
        ("3.5", 84, ""),
        ("72f", 72, ""),
        ("00:00:02:12", 60, ""),
        ("abc", None, "'abc' is no length."),
        ("00:00:03:24", None, "no timecode at 24"),
        ("0", None, "at least one frame"),
        ("601 s", None, "ten minutes at most"),
        ("9" * 40, None, "is no length"),
    ],
)
def test_a_length_is_typed_as_seconds_frames_or_timecode(stage, typed, frames, told):
    stage.view.select(shot_id(2))
    stage.press(_KEY.Key_D)
    field = stage.window.findChild(object, "duration_field")
    assert field.field.text() == "4.5"
    field.field.setText(typed)
    stage.qtbot.keyClick(field.field, _KEY.Key_Return)
    if frames is None:
        assert told in field.told.plain
        assert field.isVisible()
        field.dismiss()
    assert lengths(stage)[1] == (frames or 108)


def test_a_clip_is_dragged_along_its_lane_to_another_and_onto_a_board(stage):
    was = voice(stage)
    grip = stage.x(100)
    stage.view.toggle_snap()
    stage.drag([(grip, DIALOGUE), (stage.x(110), DIALOGUE), (stage.x(124), DIALOGUE)])
    by = voice(stage).at - was.at
    assert abs(by - sample_of(24, stage.book.rate)) < 2100
    assert (voice(stage).clip.shot, voice(stage).at % 2000) == (shot_id(2), 0)
    stage.book.undo()
    assert voice(stage) == was
    stage.drag([(grip, DIALOGUE), (grip + 2, TONE), (grip, TONE)])
    assert (voice(stage).clip.track, voice(stage).at) == ("tone", was.at)
    stage.book.undo()
    stage.drag([(grip, DIALOGUE), (stage.x(220), BOARDS), (stage.x(300), BOARDS)])
    assert voice(stage).clip.shot == shot_id(5)
    assert stage.book.undo_words == "Hang the clip on 14E"
    stage.qtbot.waitUntil(stage.settled)


def test_the_ends_and_fades_of_a_clip_are_dragged(stage):
    was = voice(stage)
    left, right = stage.x(84), stage.x(132)
    stage.view.toggle_snap()
    stage.drag([(right, DIALOGUE), (right - 30, DIALOGUE), (stage.x(120), DIALOGUE)])
    assert voice(stage).clip.length < was.clip.length
    assert voice(stage).at == was.at
    stage.drag([(left, DIALOGUE), (left + 10, DIALOGUE), (stage.x(90), DIALOGUE)])
    now = voice(stage)
    # What is heard at any moment stays the same.
    assert now.at - was.at == now.clip.start - was.clip.start > 0
    handle = (stage.x(90) + 9, 95)
    stage.drag([handle, (handle[0] + 10, 95), (handle[0] + 30, 95)])
    assert voice(stage).clip.fade_in > 0
    for _ in range(3):
        stage.book.undo()
    assert voice(stage) == was


def test_a_clip_is_split_nudged_made_louder_and_deleted_by_keys(stage):
    stage.press(_KEY.Key_PageDown)
    assert stage.view.choice.clip == "voice"
    assert "Clip voice, 48 frames" in stage.view.canvas.accessibleDescription()
    stage.view.set_playhead(100)
    stage.press(_KEY.Key_S)
    assert [one.clip.length for one in stage.book.placed if one.clip.track == "dialogue"] == [32_000, 64_000]
    second = stage.view.choice.placed
    stage.press(_KEY.Key_Up, _CTRL)
    stage.press(_KEY.Key_Right, _ALT)
    stage.press(_KEY.Key_BracketLeft, _SHIFT)
    now = stage.view.choice.placed
    assert (now.clip.gain_db, now.at - second.at, second.clip.length - now.clip.length) == (1, 2000, 20_000)
    stage.press(_KEY.Key_Down, _ALT)
    assert stage.view.choice.placed.clip.track == "tone"
    stage.press(_KEY.Key_Left)
    assert stage.view.choice.clip == "tone"
    stage.press(_KEY.Key_Delete)
    stage.press(_KEY.Key_Delete)
    assert "tone" not in {one.clip.id for one in stage.book.placed}
    for _ in range(6):
        stage.book.undo()
    assert {one.clip.id for one in stage.book.placed} == {"voice", "tone"}
    stage.qtbot.waitUntil(stage.settled)


def test_only_a_persons_confirmed_word_takes_temp_off_a_sound(stage):
    assert stage.view.heads.head("tone").accessibleName() == "Lane Room tone, temp sound"
    stage.drag([(stage.x(40), TONE)])
    stage.press(_KEY.Key_Menu)
    menu_of(stage)["This sound is cleared for delivery…"].trigger()
    sheet = stage.window.findChild(MarkSoundSheet)
    assert not stage.client.params_of(protocol.MARK_SOUND)
    stage.qtbot.keyClick(sheet, _KEY.Key_Escape)
    assert not stage.client.params_of(protocol.MARK_SOUND)
    stage.press(_KEY.Key_Menu)
    menu_of(stage)["This sound is cleared for delivery…"].trigger()
    stage.window.findChildren(MarkSoundSheet)[-1].go.click()
    stage.qtbot.waitUntil(lambda: not stage.book.animatic.temp_sounds)
    assert stage.view.heads.head("tone").accessibleName() == "Lane Room tone"
    assert stage.book.undo_words == ""


def test_a_dropped_sound_is_asked_about_and_neither_answer_is_given_by_itself(stage, tmp_path):
    file = write_wav(tmp_path / "song.wav", 0.3, seed=8)
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(file))])
    copy, left, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    entered = QDragEnterEvent(QPoint(stage.x(24), TONE), copy, mime, left, none)
    QApplication.sendEvent(stage.canvas, entered)
    assert entered.isAccepted()
    dropped = QDropEvent(QPointF(stage.x(24), TONE), copy, mime, left, none)
    QApplication.sendEvent(stage.canvas, dropped)
    sheet = stage.window.findChild(SoundComesIn)
    assert not any(one.isDefault() or one.autoDefault() for one in (sheet.temp, sheet.cleared))
    assert stage.window.focusWidget() is sheet.temp
    assert not stage.client.params_of(protocol.ADD_SOUND)
    sheet.temp.click()
    stage.qtbot.waitUntil(lambda: len(stage.book.placed) == 3)
    added = stage.view.choice.placed
    assert (added.clip.track, stage.book.animatic.sound(added.clip.sound).temp) == ("tone", True)
    assert abs(added.at - 48_000) <= 2000


def test_lanes_are_muted_made_alone_added_renamed_and_removed(stage):
    heads, book = stage.view.heads, stage.book
    heads.head("tone").solo.click()
    heads.head("dialogue").mute.click()
    tracks = {track.id: track for track in book.animatic.tracks}
    assert (tracks["tone"].solo, tracks["dialogue"].muted) == (True, True)
    assert heads.head("dialogue").mute.accessibleName() == "Unmute Scratch dialogue"
    # TEMP and a letter that is on leave its name to be read.
    assert "temp sound, solo" in heads.head("tone").accessibleName()
    assert heads.head("tone").readable == heads.head("tone").text()
    heads.head("tone").click()
    menu_of(stage)["Rename…"].trigger()
    sheet = stage.window.findChild(LaneNameSheet)
    sheet.field.setText("  Air  of the room ")
    sheet.go.click()
    assert [track.name for track in book.animatic.tracks][1] == "Air of the room"
    stage.view.hand.add_track("effects")
    stage.view.hand.add_track("effects")
    assert [track.name for track in book.animatic.tracks][-2:] == ["Effects", "Effects 2"]
    stage.view.hand.remove_track("tone")
    assert len(book.animatic.clips) == 1
    book.undo()
    assert len(book.animatic.clips) == 2
    stage.qtbot.waitUntil(stage.settled)


def test_a_refused_trim_brings_the_brokers_lengths_back(stage):
    stage.client.refuse["edit_board"] = Refusal("The board is checked out.", remedy="Ask for it.")
    stage.view.select(shot_id(1))
    stage.press(_KEY.Key_BracketRight)
    assert lengths(stage)[0] == 73
    stage.qtbot.waitUntil(lambda: lengths(stage) == LENGTHS)
    assert len(stage.errors) == 1
    assert stage.book.undo_words == ""


def test_a_project_that_is_read_only_is_looked_at_and_says_why_it_is_not_changed(qtbot, tmp_path):
    client = FakeAnimatic(media=tmp_path / "media")
    with_sounds(client, tmp_path / "media", tmp_path)
    stage = Stage(qtbot, Theme("light"), tmp_path, client, read_only="Somebody else has it open.")
    stage.view.error.connect(stage.errors.append)
    stage.view.trim_mode = True
    stage.drag([(stage.x(72), BOARDS), (stage.x(80), BOARDS), (stage.x(96), BOARDS)])
    stage.drag([(stage.x(100), DIALOGUE), (stage.x(110), DIALOGUE), (stage.x(124), DIALOGUE)])
    assert (lengths(stage), stage.errors) == (LENGTHS, [])
    assert stage.view.choice.clip == "voice"
    for key in (_KEY.Key_Delete, _KEY.Key_D):
        stage.press(key)
    stage.view.select(shot_id(1))
    stage.press(_KEY.Key_BracketRight)
    assert [error.message for error in stage.errors] == ["Somebody else has it open."] * 3
    assert len(stage.book.placed) == 2


def test_zoom_keeps_the_place_and_the_scroll_follows_the_playhead(stage):
    scale = stage.view.scale
    assert scale.is_fitted
    stage.view.set_playhead(200)
    x = scale.x(200)
    for _ in range(8):
        stage.press(_KEY.Key_Plus)
    assert abs(scale.x(200) - x) <= 1
    assert stage.view.bar.isVisible()
    stage.view.set_playhead(440)
    assert 0 <= scale.x(440) <= scale.width
    stage.press(_KEY.Key_0)
    assert scale.is_fitted
    wanted: list[int] = []
    stage.view.frame_wanted.connect(wanted.append)
    stage.drag([(stage.x(30) + 1, 8), (stage.x(31) + 1, 8), (5000, 8)])
    assert wanted == [30, 31, 443]


def test_keys_are_none_of_the_players(stage):
    for keys, key in ACTS:
        assert not page_act(QKeyEvent(QKeyEvent.Type.KeyPress, key, keys)), key


def test_a_board_of_a_thousand_is_painted_at_every_zoom(qtbot, tmp_path):
    client = FakeAnimatic(Board(tuple(one.model_copy(update={"duration_ms": 2400}) for one in many(1000))))
    client.rate = client.rate.model_copy(update={"num": 60})
    stage = Stage(qtbot, Theme("light"), Path(tmp_path), client)
    assert stage.book.timeline.total == 144_000
    stage.press(_KEY.Key_0)
    for _ in range(40):
        stage.press(_KEY.Key_Plus)
        stage.canvas.grab()
    assert stage.view.zoom == 48
    stage.view.set_playhead(143_999)
    assert not stage.canvas.grab().isNull()

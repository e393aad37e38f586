"""The animatic, exports and imports in the window with the broker behind it: keys, files, and what comes back."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit

from studio_assist import protocol
from studio_assist.desk.animatic.desk import AnimaticDesk
from studio_assist.desk.kit import Label, Sheet
from studio_assist.domain.record import Exported
from studio_assist.domain.values import EntryNumber
from tests.desk.artist import ARTIST, Artist, project
from tests.desk.studio_driver import CTRL
from tests.desk.timeline_fakes import write_wav

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)


@pytest.fixture(scope="module")
def cut_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return project(tmp_path_factory.mktemp("cut") / "Ferry.studio", frames=1)


@pytest.fixture
def cutter(qapp: QApplication, home: Path, cut_once: Path, tmp_path: Path) -> Iterator[Artist]:
    folder = Path(shutil.copytree(cut_once, tmp_path / "Ferry.studio"))
    artist = Artist(home, ARTIST)
    artist.begin(folder)
    yield artist.to_board()
    artist.close()


def playing(artist: Artist) -> AnimaticDesk:
    """Enter on the first panel."""
    artist.choose(artist.numbers()[0])
    artist.key(Qt.Key.Key_Return)
    artist.wait(lambda: artist.studio.shell.desk == "animatic", "the animatic")
    desk = artist.studio.cutting.desk
    artist.wait(lambda: desk.player.timeline.total > 0, "its shots")
    artist.wait(lambda: bool(desk.book.animatic.tracks), "its sound")
    artist.settle(50)
    return desk


def sheet(artist: Artist, name: str) -> Sheet:
    found = artist.shown(name)
    assert isinstance(found, Sheet)
    return found


def press_in(sheet: Sheet, name: str) -> None:
    button = sheet.findChild(QAbstractButton, name)
    assert button is not None, name
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def test_a_shot_is_trimmed_where_it_plays_and_is_as_long_on_the_board(cutter: Artist) -> None:
    first = cutter.numbers()[0]
    before = cutter.shot(first).duration_ms
    desk = playing(cutter)
    assert not cutter.studio.shell.top_bar.isVisible()
    total = desk.player.timeline.total
    cutter.key(Qt.Key.Key_BracketRight)
    cutter.wait(lambda: desk.player.timeline.total == total + 1, "a frame more")
    assert cutter.shot(first).duration_ms > before
    cutter.key(Qt.Key.Key_Z, CTRL)
    cutter.wait(lambda: desk.player.timeline.total == total, "the frame to be taken back")
    assert cutter.shot(first).duration_ms == before
    # It plays from the beginning on, unless Space stops it.
    cutter.wait(lambda: desk.player.frame > 3, "frames that pass")
    cutter.key(Qt.Key.Key_Space)
    assert not desk.player.is_playing
    cutter.key(Qt.Key.Key_Space)
    assert desk.player.is_playing
    cutter.key(Qt.Key.Key_Escape)
    cutter.wait(lambda: cutter.studio.shell.desk == "board", "the board")
    assert not desk.player.is_playing
    on = desk.player.cut
    assert on is not None
    assert cutter.book.current == on.shot.id
    assert cutter.studio.shell.top_bar.isVisible()


def test_a_film_is_exported_by_keys_stopped_without_a_trace_and_recorded(
    cutter: Artist, tmp_path: Path
) -> None:
    playing(cutter)
    out = tmp_path / "ferry.mp4"
    asked = film_wanted(cutter, out)
    press_in(asked, "export_go")
    cutter.wait(lambda: cutter.studio.model.queue is not None, "the export to begin")
    press_in(asked, "export_cancel")
    says(cutter, asked, "was stopped")
    assert [one.name for one in tmp_path.iterdir() if "ferry" in one.name] == []
    asked.dismiss()
    cutter.settle(50)
    asked = film_wanted(cutter, out)
    press_in(asked, "export_go")
    says(cutter, asked, "is written")
    asked.dismiss()
    done = [one.body for one in cutter.entries("exported") if isinstance(one.body, Exported)]
    assert [(one.format, one.name) for one in done] == [("mp4", "ferry.mp4")]
    assert cutter.studio.model.queue is None


def test_what_keeps_a_final_export_shut_is_shown_where_it_is(cutter: Artist, tmp_path: Path) -> None:
    desk = playing(cutter)
    music = write_wav(tmp_path / "song.wav", 0.5)
    desk.book.add_sound(music, "imported", True, "Song", 48, None)
    cutter.wait(lambda: bool(desk.book.placed), "the sound")
    clip, total = desk.book.placed[0].clip.id, desk.player.timeline.total
    # The debt follows what a person says of it.
    model, song = cutter.studio.model, desk.book.animatic.sounds[0].sha256
    assert model.debt_sounds == 1
    for temp in (False, True):
        desk.book.mark_sound(song, temp)
        cutter.wait(lambda temp=temp: model.debt_sounds == int(temp), "the debt")
    cutter.key(Qt.Key.Key_Home)
    cutter.key(Qt.Key.Key_1, CTRL)
    place = protocol.BlockedBy(
        kind="sound",
        where="Song",
        entry=desk.book.animatic.sounds[0].entry or EntryNumber(0),
        start=0,
        length=0,
    )
    cutter.studio.cutting.show_place(place)
    cutter.wait(lambda: desk.timeline.choice.clip == clip, "its clip to be chosen")
    assert cutter.studio.shell.desk == "animatic"
    assert (desk.player.is_playing, desk.player.frame, desk.player.timeline.total) == (False, 48, total)


def film_wanted(cutter: Artist, out: Path) -> Sheet:
    """Ctrl E and 2: the sheet, with this file."""
    cutter.key(Qt.Key.Key_E, CTRL)
    cutter.shown("export_menu")
    cutter.key(Qt.Key.Key_2)
    return named(sheet(cutter, "export_sheet"), out)


def named(asked: Sheet, out: Path) -> Sheet:
    path = asked.findChild(QLineEdit, "export_path")
    assert path is not None
    path.setText(str(out))
    return asked


def says(cutter: Artist, asked: Sheet, words: str) -> None:
    """Wait until a label in the sheet says this."""
    labels = asked.findChildren(Label)
    cutter.wait(lambda: any(words in label.plain for label in labels), words)


def test_an_edit_that_comes_back_is_taken_change_by_change(cutter: Artist, tmp_path: Path) -> None:
    first, second, third = cutter.numbers()[:3]
    out = tmp_path / "ferry.otio"
    cutter.key(Qt.Key.Key_E, CTRL)
    asked = sheet(cutter, "export_sheet")
    press_in(asked, "export_otio")
    press_in(named(asked, out), "export_go")
    says(cutter, asked, "is written")
    asked.dismiss()
    edit = json.loads(out.read_text(encoding="utf-8"))
    pictures = next(one for one in edit["tracks"]["children"] if one["kind"] == "Video")["children"]
    pictures[0], pictures[1] = pictures[1], pictures[0]
    pictures[2]["source_range"]["duration"]["value"] += 12
    out.write_text(json.dumps(edit), encoding="utf-8")
    before = cutter.shot(third).duration_ms
    cutter.studio.cutting.importing.look_at(out)
    conform = sheet(cutter, "conform_sheet")
    cutter.settle(100)
    cutter.key(Qt.Key.Key_T)
    cutter.settle(100)
    cutter.key(Qt.Key.Key_T)
    cutter.wait(lambda: cutter.numbers()[:2] == [second, first], "the new order")
    cutter.wait(lambda: cutter.shot(third).duration_ms == before + 500, "the new length")
    conform.dismiss()


def test_a_script_that_comes_in_again_is_merged_and_the_writers_file_is_only_read(
    cutter: Artist, tmp_path: Path
) -> None:
    theirs = tmp_path / "draft2.fountain"
    text = cutter.text().replace("The sea is flat and grey.", "The sea is flat and black.")
    theirs.write_text(text, encoding="utf-8")
    before = theirs.read_bytes()
    # How far an import is stands in its sheet, which has the way to stop it.
    cutter.window.client.told.emit(protocol.Progress(job="import", label="Board 1 of 2", share=0.0))
    assert cutter.studio.model.queue is None
    tied = [shot.tie for shot in cutter.book.shots]
    cutter.studio.cutting.importing.look_at(theirs)
    asked = sheet(cutter, "import_sheet")
    go = asked.findChild(QAbstractButton, "import_go")
    assert go is not None
    cutter.wait(go.isEnabled, "what would change")
    press_in(asked, "import_go")
    cutter.wait(lambda: "flat and black" in cutter.text(), "the new words")
    assert theirs.read_bytes() == before
    cutter.wait(lambda: not cutter.book.loading and len(cutter.book.shots) == len(tied), "the board")
    assert "script_imported" in [one.body.type for one in cutter.entries()][-3:]

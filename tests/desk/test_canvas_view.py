"""The canvas as a person meets it: opening, keys, saving, replacing, leaving."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QSlider, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from studio_assist.desk.canvas import saver as saving
from studio_assist.desk.canvas.area import DrawArea
from studio_assist.desk.canvas.document import CanvasDocument
from studio_assist.desk.canvas.job import CanvasJob, Saved
from studio_assist.desk.canvas.view import CanvasView
from studio_assist.desk.kit import Button
from studio_assist.desk.theme import Theme
from studio_assist.interchange import openraster
from tests.desk.canvas_fakes import SHOTS, Disk, a_job, along, alpha, circle, mouse

CTRL, SHIFT, ALT = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.AltModifier,
)


class Desk:
    """A canvas in a window, and what it said."""

    def __init__(self, qtbot: QtBot, theme: Theme, folder: Path) -> None:
        self.qtbot = qtbot
        self.folder = folder
        self.disk = Disk()
        self.window = QWidget()
        qtbot.addWidget(self.window)
        self.view = CanvasView(theme, self.disk.load, self.disk.save)
        layout = QVBoxLayout(self.window)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.view)
        self.window.resize(1440, 824)
        self.window.show()
        self.said: list[tuple[str, Any]] = []
        for name in ("save_wanted", "replaced_wanted", "neighbour_wanted", "editor_wanted"):
            getattr(self.view, name).connect(lambda value, one=name: self.said.append((one, value)))
        self.view.left.connect(lambda: self.said.append(("left", None)))
        self.view.undo_replaced_wanted.connect(lambda: self.said.append(("undo_replaced_wanted", None)))

    @property
    def area(self) -> DrawArea:
        assert self.view.area is not None
        return self.view.area

    @property
    def document(self) -> CanvasDocument:
        assert self.view.document is not None
        return self.view.document

    @property
    def words(self) -> list[str]:
        return [name for name, _ in self.said]

    def open(self, **changes: Any) -> CanvasJob:
        job = a_job(self.folder, **changes)
        with self.qtbot.waitSignal(self.view.opened, timeout=5000):
            self.view.open(job)
        return job

    def draw(self, **how: Any) -> None:
        mouse(self.area, along((100, 100), (400, 200)), **how)

    def key(self, key: Qt.Key, keys: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        self.qtbot.keyClick(QApplication.focusWidget() or self.area, key, keys)

    def press(self, name: str) -> None:
        button = self.window.findChild(QAbstractButton, name)
        assert button is not None, name
        self.qtbot.mouseClick(button, Qt.MouseButton.LeftButton)

    def until(self, true: Callable[[], object]) -> None:
        self.qtbot.waitUntil(lambda: bool(true()), timeout=8000)

    def notices(self) -> tuple[str, ...]:
        return self.view.notices.ids


@pytest.fixture
def desk(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> Iterator[Desk]:
    theme = Theme("dark")
    theme.apply(qapp)
    desk = Desk(qtbot, theme, tmp_path)
    yield desk
    desk.disk.full = False
    desk.view.flush()
    desk.window.close()


def test_strokes_are_in_the_file_two_seconds_after_the_last_one(desk: Desk) -> None:
    job = desk.open()
    assert saving.PAUSE_MS < 2000
    desk.draw()
    assert desk.view.dirty
    desk.until(lambda: desk.said)
    name, saved = desk.said[0]
    assert name == "save_wanted"
    assert isinstance(saved, Saved)
    assert not saved.done
    assert not desk.view.dirty
    canvas = openraster.read(job.file.read_bytes())
    assert [layer.kind for layer in canvas.layers] == ["temp", "ink", "notes"]
    assert canvas.temp == job.temp
    assert job.underlay is not None
    assert canvas.layers[0].png == job.underlay.read_bytes()
    assert canvas.layers[1].strokes == 1
    assert 0 < saved.human_permille < 1000


def test_leaving_saves_first_and_says_that_the_person_is_done(desk: Desk) -> None:
    desk.open()
    desk.draw()
    desk.key(Qt.Key.Key_Escape)
    desk.until(lambda: "left" in desk.words)
    assert desk.words == ["save_wanted", "left"]
    assert desk.said[0][1].done


def test_leaving_a_drawing_that_nobody_touched_saves_nothing(desk: Desk) -> None:
    desk.open()
    desk.key(Qt.Key.Key_Escape)
    assert desk.words == ["left"]


def test_a_disk_that_is_full_keeps_the_strokes_says_so_and_is_tried_again(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(saving, "AGAIN_MS", 300)
    monkeypatch.setattr(saving, "PAUSE_MS", 50)
    desk.open()
    desk.disk.full = True
    desk.draw()
    desk.until(lambda: "save" in desk.notices())
    assert alpha(desk.document, 250, 150) == 255
    assert desk.view.dirty
    assert not list(desk.folder.glob("*.new"))
    desk.draw()
    desk.disk.full = False
    desk.until(lambda: "save_wanted" in desk.words)
    assert desk.notices() == ()
    assert not desk.view.dirty


def test_leaving_with_strokes_that_cannot_be_saved_says_why_and_stays(desk: Desk) -> None:
    desk.open()
    desk.disk.full = True
    desk.draw()
    desk.view.leave()
    desk.until(lambda: desk.window.findChild(QWidget, "leave_sheet"))
    assert "left" not in desk.words
    desk.press("leave_stay")
    desk.until(lambda: desk.window.findChild(QWidget, "leave_sheet") is None)
    assert alpha(desk.document, 250, 150) == 255
    desk.view.leave()
    desk.until(lambda: desk.window.findChild(QWidget, "leave_sheet"))
    desk.disk.full = False
    desk.press("leave_again")
    desk.until(lambda: "left" in desk.words)
    assert desk.disk.saved[-1].layers[1].strokes == 1


def test_a_stroke_under_way_when_the_window_closes_is_kept(desk: Desk) -> None:
    job = desk.open()
    desk.draw(lift=False)
    assert desk.document.drawing
    assert desk.view.flush() is None
    assert openraster.read(job.file.read_bytes()).layers[1].strokes == 1
    desk.disk.full = True
    desk.draw(lift=False)
    error = desk.view.flush()
    assert error is not None
    assert "could not be saved" in error.message


def test_undo_survives_saves(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(saving, "PAUSE_MS", 20)
    desk.open()
    desk.draw()
    desk.until(lambda: len(desk.disk.saved) == 1)
    desk.key(Qt.Key.Key_Z, CTRL)
    assert alpha(desk.document, 250, 150) == 0
    desk.until(lambda: len(desk.disk.saved) == 2)
    desk.key(Qt.Key.Key_Z, CTRL | SHIFT)
    assert alpha(desk.document, 250, 150) == 255


def test_replacing_asks_first_and_enter_decides_nothing(desk: Desk) -> None:
    desk.open()
    desk.draw()
    desk.until(lambda: desk.view.human_permille)
    desk.key(Qt.Key.Key_Return, CTRL | SHIFT)
    sheet = desk.window.findChild(QWidget, "replace_sheet")
    assert sheet is not None
    assert "14C" in sheet.accessibleName()
    for _ in range(3):
        desk.key(Qt.Key.Key_Return)
    assert "replaced_wanted" not in desk.words
    assert sheet.isVisible()
    desk.key(Qt.Key.Key_Escape)
    assert "left" not in desk.words
    assert not sheet.isVisible()


def test_once_replaced_the_underlay_is_gone_and_undo_asks_for_it_back(desk: Desk) -> None:
    desk.open()
    desk.draw()
    desk.key(Qt.Key.Key_Return, CTRL | SHIFT)
    desk.press("confirm_replaced")
    desk.until(lambda: "replaced_wanted" in desk.words)
    # The file holds all of it before anybody signs.
    assert desk.words == ["save_wanted", "replaced_wanted"]
    assert desk.document.has_underlay
    desk.view.replaced()
    assert not desk.document.has_underlay
    assert not desk.view.side.meter.button.isVisible()
    desk.draw()
    desk.key(Qt.Key.Key_Z, CTRL)
    assert "undo_replaced_wanted" not in desk.words
    desk.key(Qt.Key.Key_Z, CTRL)
    assert desk.words[-1] == "undo_replaced_wanted"
    assert not desk.document.has_underlay
    desk.view.unreplaced()
    assert desk.document.has_underlay
    assert desk.document.faces[0].kind == "temp"
    # What was drawn before can still be undone, and brings no underlay with it or away.
    desk.key(Qt.Key.Key_Z, CTRL)
    assert alpha(desk.document, 250, 150) == 0
    assert desk.document.has_underlay


def test_a_replacement_that_was_not_signed_leaves_everything_as_it_is(desk: Desk) -> None:
    from studio_assist.domain.errors import Unavailable

    desk.open()
    desk.key(Qt.Key.Key_Return, CTRL | SHIFT)
    desk.press("confirm_replaced")
    assert not desk.view.side.meter.button.isEnabled()
    desk.view.refused(Unavailable("The record cannot be written.", remedy="Try again."))
    assert desk.view.side.meter.button.isEnabled()
    assert desk.document.has_underlay
    assert "answer" in desk.notices()


def test_alt_and_arrows_go_to_the_neighbours_once_all_is_saved(desk: Desk) -> None:
    desk.open()
    desk.draw()
    desk.key(Qt.Key.Key_Right, ALT)
    desk.until(lambda: "neighbour_wanted" in desk.words)
    assert desk.said[-1] == ("neighbour_wanted", SHOTS[3])
    assert desk.words[0] == "save_wanted"
    desk.key(Qt.Key.Key_Left, ALT)
    assert desk.said[-1] == ("neighbour_wanted", SHOTS[1])


def test_letters_take_tools_and_brackets_change_the_size(desk: Desk) -> None:
    desk.open()
    for key, tool in (("X", "eraser"), ("V", "move"), ("M", "select"), ("C", "pick"), ("B", "pen")):
        desk.key(Qt.Key(ord(key)))
        assert desk.area.hand.tool == tool
    before = desk.area.hand.nib.size_px
    desk.key(Qt.Key.Key_BracketRight)
    assert desk.area.hand.nib.size_px == before + 1
    desk.key(Qt.Key.Key_BracketLeft)
    assert desk.area.hand.nib.size_px == before
    for _ in range(60):
        desk.key(Qt.Key.Key_BracketRight)
    assert desk.area.hand.nib.size_px == 200
    desk.key(Qt.Key.Key_M)
    desk.key(Qt.Key.Key_M)
    assert desk.area.hand.lasso


def test_esc_takes_back_what_is_under_way_before_it_leaves(desk: Desk) -> None:
    desk.open()
    desk.draw(lift=False)
    desk.key(Qt.Key.Key_Escape)
    assert alpha(desk.document, 250, 150) == 0
    desk.key(Qt.Key.Key_A, CTRL)
    assert desk.area.selection.path is not None
    desk.key(Qt.Key.Key_Escape)
    assert desk.area.selection.path is None
    assert desk.words == []


def test_the_note_pencil_goes_to_the_notes_and_other_colours_come_back(desk: Desk) -> None:
    desk.open()
    desk.view.tools.choose_colour("#7B4BD6")
    active = desk.document.active
    assert active is not None
    assert active.kind == "notes"
    desk.view.tools.choose_colour("#666C75")
    active = desk.document.active
    assert active is not None
    assert active.kind == "ink"
    assert desk.area.hand.nib.colour == "#666C75"


def test_the_onion_skin_is_shown_and_is_no_part_of_the_drawing(desk: Desk) -> None:
    desk.open(underlay=None)

    def seen() -> int:
        spot = desk.area.from_page(QPoint(70, 61).toPointF())
        return desk.area.grab().toImage().pixelColor(spot.toPoint()).lightness()

    settings = desk.window.findChild(QAbstractButton, "onion_settings")
    assert settings is not None
    assert seen() >= 247
    assert settings.text() == "Onion: off"
    desk.key(Qt.Key.Key_O)
    desk.until(lambda: seen() < 247)
    assert settings.text() == "Onion: 1 back, 1 ahead"
    desk.key(Qt.Key.Key_O)
    desk.until(lambda: seen() >= 247)
    assert not desk.document.history.done


def test_a_panel_that_somebody_else_has_can_be_looked_at_only(desk: Desk) -> None:
    desk.open(read_only="Checked out by R. Okafor")
    before = desk.document.faces
    desk.draw()
    desk.key(Qt.Key.Key_Return, CTRL | SHIFT)
    assert desk.window.findChild(QWidget, "replace_sheet") is None
    assert desk.document.faces == before
    assert desk.notices()[0] == "read_only"
    assert not desk.view.dirty
    assert not desk.view.side.meter.button.isEnabled()


def test_a_drawing_that_cannot_be_read_opens_to_look_at_with_two_ways_on(desk: Desk) -> None:
    broken = desk.folder / "broken.ora"
    broken.write_bytes(b"PK\x03\x04 cut short")
    desk.open(canvas=broken)
    assert desk.notices() == ("cannot_open",)
    desk.draw()
    assert not desk.view.dirty
    with desk.qtbot.waitSignal(desk.view.opened, timeout=5000):
        desk.press("notice_cannot_open_anew")
    desk.draw()
    assert desk.view.dirty
    assert broken.read_bytes() == b"PK\x03\x04 cut short"


def test_krita_that_closed_without_saving_is_told_and_drawing_goes_on(desk: Desk) -> None:
    desk.open()
    desk.view.bar.editor_wanted.emit("ora")
    assert desk.said == [("editor_wanted", "ora")]
    desk.view.editor_closed("Krita")
    assert desk.notices() == ("editor",)
    desk.draw()
    assert desk.view.dirty


def test_a_white_page_has_no_meter_and_no_band(desk: Desk) -> None:
    desk.open(underlay=None, temp=None)
    assert not desk.view.side.meter.isVisible()
    desk.draw()
    band = desk.area.page_rect
    shown = desk.area.grab().toImage()
    assert shown.pixelColor(int(band.left()) + 200, int(band.bottom()) - 6).name() == "#fcfbf8"


def test_the_band_stands_over_whatever_is_drawn(desk: Desk) -> None:
    desk.open()
    desk.view.side.pen.set_size(80)
    mouse(desk.area, along((0, 350), (640, 350)))
    page = desk.area.page_rect
    shown = desk.area.grab().toImage()
    assert shown.pixelColor(int(page.center().x()), int(page.bottom()) - 6).name() == "#f2b705"


def test_every_control_has_a_name_and_can_be_reached(desk: Desk) -> None:
    desk.open()
    for kind in (QAbstractButton, QSlider):
        for one in desk.view.findChildren(kind):
            assert one.accessibleName(), one.objectName()
    for button in desk.view.rail.findChildren(QAbstractButton):
        assert button.toolTip(), button.objectName()
    assert isinstance(desk.view.side.meter.button, Button)
    for region in desk.view.regions:
        reach = [one for one in region.findChildren(QWidget) if one.focusPolicy() & Qt.FocusPolicy.TabFocus]
        assert reach, region.accessibleName()


def test_layers_are_added_renamed_hidden_and_deleted_in_their_panel(desk: Desk) -> None:
    desk.open()
    document = desk.document
    new = document.add_layer("tone")
    row = desk.view.findChild(QWidget, f"layer_{new}")
    assert row is not None
    desk.qtbot.mouseDClick(row, Qt.MouseButton.LeftButton, pos=QPoint(150, 15))
    field = row.findChild(QWidget, "layer_name")
    assert field is not None
    desk.qtbot.keyClicks(field, "Shade")
    desk.qtbot.keyClick(field, Qt.Key.Key_Return)
    face = document.face(new)
    assert face is not None
    assert face.name == "Shade"
    desk.press(f"eye_{new}")
    face = document.face(new)
    assert face is not None
    assert not face.visible
    row.setFocus()
    desk.qtbot.keyClick(row, Qt.Key.Key_Delete)
    assert document.face(new) is None
    for _ in range(4):
        document.undo()
    assert [one.kind for one in document.faces] == ["temp", "ink", "notes"]


def test_letters_typed_into_a_name_take_no_tool(desk: Desk) -> None:
    desk.open()
    row = desk.view.findChild(QWidget, "layer_human-ink")
    assert row is not None
    desk.qtbot.mouseDClick(row, Qt.MouseButton.LeftButton, pos=QPoint(150, 15))
    desk.qtbot.keyClicks(QApplication.focusWidget(), "xvm")
    assert desk.area.hand.tool == "pen"
    desk.qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Escape)
    assert desk.words == []


def test_opening_another_panel_keeps_the_first_ones_strokes(desk: Desk) -> None:
    job = desk.open()
    mouse(desk.area, circle(300, 180, 60), lift=False)
    desk.open(shot=SHOTS[3], number="14D", file=desk.folder / "14d.ora", underlay=None, temp=None)
    assert openraster.read(job.file.read_bytes()).layers[1].strokes == 1
    assert not desk.view.dirty
    assert [face.kind for face in desk.document.faces] == ["ink", "notes"]

"""What leaves the window: the menu by its keys, and the sheet with every format by clicks."""

from __future__ import annotations

from pathlib import Path
from typing import Any, TypeVar

import pytest
from PySide6.QtCore import QPoint, QRect, QSettings, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from studio_assist import protocol
from studio_assist.desk.export.formats import LOOKS, whole_path
from studio_assist.desk.export.menu import ExportMenu
from studio_assist.desk.export.sheet import BoardsExportSheet, ExportWanted
from studio_assist.desk.kit import Button, CheckBox, ChoiceCard, Combo, Field, Label, LinkButton, ProgressBar
from studio_assist.desk.theme import Theme
from studio_assist.domain.temp import Debt
from studio_assist.domain.values import EntryNumber

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", "propagateSizeHints")
DEBT = Debt(lines=7, boards=12)
SCENES = [("14", "INT. RADIO ROOM"), ("15", "EXT. HARBOUR"), ("16", "INT. DOME"), ("17", "EXT. SEA")]
W = TypeVar("W", bound=QWidget)


class Sheets:
    """A sheet that is open, and what it asked for."""

    def __init__(self, theme: Theme, window: QWidget, debt: Debt = DEBT, **more: Any) -> None:
        folder = more.pop("folder", Path("/home/pa"))
        more = {"formats": "boards", "scenes": SCENES, **more}
        self.sheet = BoardsExportSheet(theme, window, folder, "Larkspur", debt, **more)
        self.wanted: list[ExportWanted] = []
        self.told: list[object] = []
        self.sheet.wanted.connect(self.wanted.append)
        self.sheet.cancel_wanted.connect(lambda: self.told.append("cancel"))
        self.sheet.places_wanted.connect(lambda: self.told.append("places"))
        self.sheet.place_chosen.connect(self.told.append)
        self.sheet.open()
        QApplication.processEvents()

    def part(self, name: str, kind: type[W]) -> W:
        found = self.sheet.findChild(kind, f"export_{name}")
        assert found is not None, name
        return found

    def click(self, name: str, kind: type[QWidget] = Button) -> None:
        QApplication.processEvents()
        part = self.part(name, kind)
        assert part.isVisible()
        QTest.mouseClick(part, Qt.MouseButton.LeftButton)

    def tick(self, name: str) -> None:
        tick = self.part(name, CheckBox)
        QTest.mouseClick(tick, Qt.MouseButton.LeftButton, pos=QPoint(10, tick.height() // 2))

    @property
    def path(self) -> str:
        return self.part("path", Field).text()

    @property
    def said(self) -> str:
        return " ".join(label.plain for label in self.part("result", QWidget).findChildren(Label))


def test_the_menu_says_what_is_always_on_and_is_led_by_keys(theme: Theme, window: QWidget) -> None:
    menu = ExportMenu(theme, window)
    chosen: list[str] = []
    menu.chosen.connect(chosen.append)

    def press(*keys: Qt.Key) -> None:
        menu.open_at(QRect(980, 8, 108, 30), DEBT)
        for key in keys:
            QTest.keyClick(QApplication.focusWidget() or menu, key)

    for key in (Qt.Key.Key_1, Qt.Key.Key_2, Qt.Key.Key_3, Qt.Key.Key_4):
        press(key)
        assert not menu.isVisible()
    assert chosen == ["boards-pdf", "mp4", "otio", "csv"]
    press(Qt.Key.Key_Down, Qt.Key.Key_Return)
    press(Qt.Key.Key_Up, Qt.Key.Key_Return)
    assert chosen[4:] == ["mp4", ""]
    press(Qt.Key.Key_Escape)
    assert not menu.isVisible()
    assert len(chosen) == 6
    menu.show_options(protocol.ExportOptions(panels=9, height=720, slate=False), "23.976")
    press()
    # Its right edge stands under the button's, and the button closes it again.
    assert menu.geometry().right() == 1087
    words = " ".join(label.plain for label in menu.findChildren(Label))
    assert "Slate and band cannot be turned off." in words
    assert "A final export opens when temp debt is 0. Now: 7 lines, 12 boards." in words
    lines = [row.accessibleDescription() for row in menu.findChildren(QWidget) if row.objectName()]
    assert "9 panels a page, with action and dialogue" in lines
    assert "720p, 23.976 fps, slate on temp frames" in lines
    press()
    assert not menu.isVisible()


def test_a_format_brings_its_options_and_the_ending_of_its_file(theme: Theme, window: QWidget) -> None:
    made = Sheets(theme, window)
    assert made.path == str(Path("/home/pa/Larkspur boards.pdf"))
    assert made.part("panels", Combo).isVisible()
    made.click("xlsx", ChoiceCard)
    assert made.path.endswith("Larkspur shots.xlsx")
    assert not made.part("panels", Combo).isVisible()
    made.click("frames-png", ChoiceCard)
    assert made.path.endswith("Larkspur frames")
    assert made.part("height", Combo).isVisible()
    each = made.part("every_frame", Combo)
    assert each.isVisible()
    assert not made.sheet.options.every_frame
    each.setFocus()
    QTest.keyClick(each, Qt.Key.Key_Down)
    assert (each.currentText(), made.sheet.options.every_frame) == ("Every frame", True)
    made.part("path", Field).setText("/srv/out/ep 1.03")
    made.click("mp4", ChoiceCard)
    assert not each.isVisible()
    assert made.path == "/srv/out/ep 1.03.mp4"
    made.click("otio", ChoiceCard)
    assert made.path == str(Path("/srv/out/ep 1.03.otio"))
    made.sheet.dismiss()


def test_what_was_chosen_is_asked_for_and_remembered(theme: Theme, window: QWidget, tmp_path: Path) -> None:
    layout = QSettings(str(tmp_path / "layout.ini"), QSettings.Format.IniFormat)
    made = Sheets(theme, window, layout=layout)
    made.part("panels", Combo).setCurrentIndex(5)
    made.part("way", Combo).setCurrentIndex(1)
    made.part("paper", Combo).setCurrentIndex(1)
    made.part("from", Combo).setCurrentIndex(1)
    made.part("to", Combo).setCurrentIndex(2)
    made.tick("field_notes")
    made.tick("empty")
    made.click("go")
    (wanted,) = made.wanted
    assert (wanted.format, wanted.final) == ("boards-pdf", False)
    options = wanted.options
    assert (options.panels, options.landscape, options.paper) == (9, False, "letter")
    assert options.scenes == ("15", "16")
    assert "notes" in options.fields
    assert not options.empty
    made.sheet.show_error("No room.", "Empty the disk.")
    made.sheet.dismiss()
    again = Sheets(theme, window, layout=layout)
    assert again.sheet.options == options.model_copy(update={"scenes": ()})
    # The first scene is never behind the last.
    again.part("to", Combo).setCurrentIndex(0)
    again.part("from", Combo).setCurrentIndex(2)
    assert again.sheet.options.scenes == ("16",)
    again.sheet.dismiss()


def test_a_name_alone_goes_beside_the_project_and_what_is_replaced_is_said_before(
    theme: Theme, window: QWidget, tmp_path: Path, qtbot: QtBot
) -> None:
    made = Sheets(theme, window, folder=tmp_path, shown=("15", "16"))
    # What is played goes out, until somebody chooses other scenes.
    assert made.sheet.options.scenes == ("15", "16")
    (tmp_path / "mine.pdf").write_bytes(b"%PDF")
    there = made.part("there", Label)
    made.part("path", Field).setText("mine.pdf")
    qtbot.waitUntil(there.isVisible)
    assert "will be replaced" in there.plain
    made.part("path", Field).setText("other.pdf")
    qtbot.waitUntil(lambda: not there.isVisible())
    made.click("go")
    assert made.wanted[0].out == str(tmp_path / "other.pdf")
    assert made.path == str(tmp_path / "other.pdf")
    assert whole_path(Path("/home/pa"), "~/a.pdf") == Path.home() / "a.pdf"


def test_while_it_runs_there_is_a_bar_and_a_way_to_stop(theme: Theme, window: QWidget) -> None:
    made = Sheets(theme, window, chosen="mp4")
    made.click("go")
    bar = made.part("progress", ProgressBar)
    assert bar.isVisible()
    made.sheet.show_progress(0.4)
    assert bar.share == 0.4
    # What was asked for stays as it is meanwhile, and Esc stops it before it closes anything.
    for name in ("mp4", "path", "from", "final"):
        assert not made.part(name, QWidget).isEnabled()
    QTest.keyClick(QApplication.focusWidget() or made.sheet, Qt.Key.Key_Escape)
    assert made.sheet.isVisible()
    assert made.told == ["cancel"]
    made.sheet.show_error("The export was stopped.", "Nothing half done was left behind.")
    assert not bar.isVisible()
    assert "Nothing half done" in made.said
    made.click("go")
    file = protocol.ExportedFile(path="/home/pa/Larkspur.mp4", sha256="0" * 64, entry=EntryNumber(1285))  # pyright: ignore[reportArgumentType]
    made.sheet.show_result(protocol.Exported(files=(file,), temp_items=3))
    made.sheet.show_warning("The picture of 14C is damaged.")
    assert "Larkspur.mp4 is written. Ledger entry 1,285. 3 temp items are marked." in made.said
    assert "14C is damaged" in made.said
    assert made.part("folder", LinkButton).isVisible()
    made.click("cancel")
    assert len(made.wanted) == 2
    assert made.told == ["cancel"]


def test_a_final_export_is_shut_while_debt_is_left_and_says_where(theme: Theme, window: QWidget) -> None:
    made = Sheets(
        theme, window, Debt(boards=1, sounds=2), debt_in=lambda scenes: Debt(boards=int("14" in scenes))
    )
    final = made.part("final", CheckBox)
    why = made.part("why", Label)
    assert not final.isEnabled()
    assert why.plain.startswith("Closed while 1 temp board is left.")
    made.click("mp4", ChoiceCard)
    assert why.plain.startswith("Closed while 1 temp board, 2 temp sounds are left.")
    made.click("where", LinkButton)
    assert made.told == ["places"]
    board = protocol.BlockedBy(kind="board", where="14C", entry=EntryNumber(31), start=0, length=0, shot="a")
    made.sheet.show_places((board,))
    made.part("from", Combo).setCurrentIndex(1)
    assert final.isEnabled()
    made.tick("final")
    made.click("go")
    assert made.wanted[0].final
    made.sheet.show_result(protocol.Exported(temp_items=1, blocked_by=(board,)))
    QApplication.processEvents()
    link = made.part("places", QWidget).findChild(LinkButton)
    assert link is not None
    assert link.text() == "Board 14C"
    QTest.mouseClick(link, Qt.MouseButton.LeftButton)
    assert made.told == ["places", board]
    # Where only the broker knows, it is asked.
    other = Sheets(theme, window)
    other.part("from", Combo).setCurrentIndex(3)
    assert other.part("final", CheckBox).isEnabled()
    other.sheet.dismiss()


def test_each_page_offers_its_own_formats_and_a_broken_record_lets_out_copies_only(
    theme: Theme, window: QWidget
) -> None:
    def offered(made: Sheets) -> set[str]:
        return {one.objectName().removeprefix("export_") for one in made.sheet.findChildren(ChoiceCard)}

    script = Sheets(theme, window, formats="script", altered="Entry 3 was changed.")
    assert offered(script) == {"pdf", "fountain", "fdx"}
    assert "is a copy that says so. Nothing is recorded." in " ".join(
        label.plain for label in script.part("altered", QWidget).findChildren(Label)
    )
    assert not script.part("final", CheckBox).isEnabled()
    assert script.part("go", Button).isEnabled()
    script.click("fdx", ChoiceCard)
    assert not script.part("go", Button).isEnabled()
    script.sheet.dismiss()
    whole = Sheets(theme, window, formats="all")
    assert offered(whole) == set(LOOKS)
    assert len(offered(whole)) == 14
    # It fits a small window, and everything can be reached.
    assert whole.sheet.card.height() <= 652
    whole.sheet.dismiss()

"""The whole window by keyboard: every key it lists works, every part has a name, the focus comes back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QComboBox,
    QFileDialog,
    QLineEdit,
    QPlainTextEdit,
    QTextEdit,
    QWidget,
)

from studio_assist.desk.first_run import PersonSheet
from studio_assist.desk.kit import KeyHint, Sheet
from studio_assist.desk.write.diff_view import DiffView
from studio_assist.desk.write.outline_model import SectionRow
from studio_assist.domain.candidate import State
from tests.desk.studio_driver import SCRIPT, Driver

LINE = "The last boat left an hour ago."
WITH_SECTIONS = SCRIPT.replace("INT. FERRY", "# Act one\n\nINT. FERRY").replace(
    "EXT. PIER", "## Morning\n\nEXT. PIER"
)


@pytest.fixture
def driver(qapp: object, home: Path) -> Iterator[Driver]:
    made = Driver(home)
    yield made
    made.close()


@pytest.fixture
def desk(driver: Driver, tmp_path: Path) -> Driver:
    return driver.make(tmp_path / "Ferry.studio")


def press(window: QWidget, keys: str) -> None:
    """Press a shortcut where the focus is."""
    combination = QKeySequence(keys)[0]
    target = QApplication.focusWidget() or window
    QTest.keyClick(target, combination.key(), combination.keyboardModifiers())
    QApplication.processEvents()


def shut(desk: Driver) -> None:
    """Close whatever a key opened."""
    menu = QApplication.activePopupWidget()
    if menu is not None:
        menu.close()
    for _ in range(4):
        sheet = desk.studio.shell.sheet()
        if sheet is None:
            break
        sheet.dismiss()
    box = desk.studio.shell.findChild(QWidget, "command_box")
    if box is not None and box.isVisible():
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Escape)
    QApplication.processEvents()


def unnamed(window: QWidget) -> list[str]:
    """Parts that a person can press or type into and that a screen reader cannot name."""
    kinds = (QAbstractButton, QLineEdit, QTextEdit, QPlainTextEdit, QComboBox, QAbstractItemView)
    parts = [part for part in window.findChildren(QWidget) if isinstance(part, kinds) and part.isVisible()]
    # What Qt builds into its own widgets is named by the widget around it.
    own = [part for part in parts if not part.objectName().startswith("qt_")]
    return [
        f"{type(part).__name__} {part.objectName()} in {part.parentWidget()}"
        for part in own
        if not (part.accessibleName() or (isinstance(part, QAbstractButton) and part.text()))
    ]


def test_every_listed_key_does_what_it_says(desk: Driver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_args, **_more: "")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_args, **_more: ("", ""))
    shell = desk.studio.shell
    ran: list[str] = []
    shell.commands.ran.connect(ran.append)
    # Quitting and closing end the test's own window; another test does both.
    spared = {"app.quit", "file.close"}
    listed = [
        command
        for command in shell.commands.all
        if command.shortcut and command.handler is not None and shell.commands.enabled(command.id)
    ]
    assert len(listed) > 20
    for command in listed:
        if command.id in spared:
            continue
        shell.show_desk("write")
        desk.editor.setFocus()
        ran.clear()
        press(shell, command.shortcut)
        # Where the page has the focus it may answer its own key; then nothing is left for the window.
        answered = ran == [command.id] or command.id in {"edit.undo", "edit.redo"}
        shut(desk)
        assert answered, f"{command.shortcut} ran {ran} and not {command.id}"


def test_every_desk_has_its_key_and_none_without_a_project(desk: Driver) -> None:
    press(desk.studio.shell, "F1")
    sheet = desk.studio.shell.sheet()
    assert sheet is not None
    assert sheet.objectName() == "keys_sheet"
    keys = {hint.accessibleName() for hint in sheet.findChildren(KeyHint)}
    assert {"Ctrl 1", "Ctrl 2", "Ctrl 3", "Ctrl 4"} <= keys
    press(desk.studio.shell, "Escape")
    desk.studio.close_project()
    desk.wait(lambda: desk.studio.state is None, "the start page")
    press(desk.studio.shell, "Ctrl+1")
    assert desk.studio.shell.desk == ""
    assert desk.studio.start_page.page.isVisible()


def test_everything_that_can_be_pressed_or_typed_into_has_a_name(desk: Driver) -> None:
    shell, studio = desk.studio.shell, desk.studio
    assert unnamed(shell) == []
    desk.write.pane.replace()
    sheets = (
        lambda: studio.cutting.export(),
        lambda: shell.show_keys(),
        lambda: shell.show_about(),
        lambda: shell.show_bug("Traceback"),
        lambda: studio.start_page.ask_project(),
        lambda: studio.start_page.ask_person(change=True),
        lambda: studio.start_page.show_models(),
        lambda: shell.open_command_box(),
    )
    for put_up in sheets:
        put_up()
        QApplication.processEvents()
        assert unnamed(shell) == []
        shut(desk)
    studio.close_project()
    desk.wait(lambda: studio.state is None, "the start page")
    assert unnamed(shell) == []


def test_the_focus_returns_to_the_script_from_every_sheet(desk: Driver) -> None:
    shell = desk.studio.shell
    for keys in ("F1", "Ctrl+E", "Ctrl+N", "Ctrl+K"):
        desk.editor.setFocus()
        press(shell, keys)
        assert QApplication.focusWidget() is not desk.editor, keys
        press(shell, "Escape")
        assert QApplication.focusWidget() is desk.editor, keys


def test_f6_walks_all_regions_and_back(desk: Driver) -> None:
    shell = desk.studio.shell
    regions = [shell.top_bar, *desk.write.regions, shell.status_bar]

    def here() -> int:
        focus = QApplication.focusWidget()
        return next(n for n, region in enumerate(regions) if region is focus or region.isAncestorOf(focus))

    desk.editor.setFocus()
    walked: list[int] = []
    for _ in regions:
        press(shell, "F6")
        walked.append(here())
    assert sorted(walked) == [0, 1, 2, 3, 4]
    for before in reversed(walked[:-1]):
        press(shell, "Shift+F6")
        assert here() == before


def test_enter_presses_the_button_that_has_the_focus_and_no_other(desk: Driver) -> None:
    shell = desk.studio.shell
    desk.studio.cutting.export()
    sheet = shell.sheet()
    assert sheet is not None
    where = sheet.findChild(QAbstractButton, "export_where")
    assert where is not None
    assert not where.isVisible(), "nothing is in the way of a final export here"
    final = sheet.findChild(QAbstractButton, "export_final")
    assert final is not None
    assert final.isEnabled()
    cancel = next(one for one in sheet.findChildren(QAbstractButton) if one.text() == "Cancel")
    cancel.setFocus()
    QTest.keyClick(cancel, Qt.Key.Key_Return)
    assert sheet.isHidden()


def test_what_stands_in_the_way_of_a_final_export_is_one_key_away(desk: Driver) -> None:
    card = desk.ask(LINE)[0]
    desk.decide(card, Qt.Key.Key_A, State.ACCEPTED)
    press(desk.studio.shell, "Ctrl+E")
    sheet = desk.studio.shell.sheet()
    assert sheet is not None
    where = sheet.findChild(QAbstractButton, "export_where")
    assert where is not None
    QTest.keyClick(where, Qt.Key.Key_Return)
    places = sheet.findChild(QWidget, "export_places")
    assert places is not None
    desk.wait(places.isVisible, "the list")
    link = QApplication.focusWidget()
    assert isinstance(link, QAbstractButton)
    assert "NORA" in link.text()
    QTest.keyClick(link, Qt.Key.Key_Return)
    assert sheet.isHidden()
    assert desk.editor.hasFocus()
    start, end, _words = desk.editor.selection()
    (span,) = desk.write.document.spans()
    assert (start, end) == (span.start, span.end)


def test_the_provenance_card_shows_all_its_words_the_first_time(desk: Driver) -> None:
    # A picture of the window lays hidden parts out while they are still empty.
    desk.studio.shell.grab()
    card = desk.ask(LINE)[0]
    desk.decide(card, Qt.Key.Key_A, State.ACCEPTED)
    desk.editor.setFocus()
    press(desk.studio.shell, "F8")
    press(desk.studio.shell, "F2")
    popover = desk.write.popover
    assert popover.isVisible()
    assert popover.width() >= popover.sizeHint().width()
    for link in popover.findChildren(QAbstractButton):
        assert link.width() >= link.sizeHint().width(), link.text()
    desk.studio.shell.resize(1200, 720)
    desk.settle(50)
    assert not popover.isVisible(), "its words are not where they were"
    assert desk.editor.hasFocus()


def test_a_draft_and_the_sections_of_a_script_are_shown_where_they_belong(
    driver: Driver, tmp_path: Path
) -> None:
    desk = driver.make(tmp_path / "Ferry.studio", WITH_SECTIONS)
    assert desk.studio.model.draft == "Draft 2"
    model = desk.write.outline.model
    rows = [model.row(model.index(place)) for place in range(model.rowCount())]
    assert [row for row in rows if isinstance(row, SectionRow)] == [
        SectionRow("Act one", 1),
        SectionRow("Morning", 2),
    ]
    assert rows[0] == SectionRow("Act one", 1)
    assert rows[2] == SectionRow("Morning", 2)


def test_in_a_small_window_no_word_of_the_page_is_cut(desk: Driver) -> None:
    shell, editor = desk.studio.shell, desk.editor
    shell.resize(1440, 900)
    desk.settle(100)
    assert editor.zoom_percent == 94
    shell.resize(1100, 700)
    desk.settle(100)
    assert editor.zoom_percent < 94
    desk.caret_on("Nora stands at the rail")
    end = editor.textCursor()
    end.movePosition(end.MoveOperation.EndOfBlock)
    assert editor.viewport().rect().contains(editor.cursorRect(end).center())
    editor.set_zoom(150)
    shell.resize(1200, 700)
    desk.settle(100)
    assert editor.zoom_percent == 150, "a zoom that a person chose stays"


def test_a_sheet_that_grows_is_fitted_once_and_not_for_ever(
    desk: Driver, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.studio.cutting.export()
    sheet = desk.studio.shell.sheet()
    assert sheet is not None
    desk.settle(50)
    fits: list[int] = []
    fit = Sheet._fit  # pyright: ignore[reportPrivateUsage]  # what is counted is how often it runs
    monkeypatch.setattr(Sheet, "_fit", lambda one: (fits.append(1), fit(one)))
    before = sheet.card.height()
    path = sheet.findChild(QLineEdit, "export_path")
    assert path is not None
    path.clear()
    go = sheet.findChild(QAbstractButton, "export_go")
    assert go is not None
    QTest.keyClick(go, Qt.Key.Key_Return)
    desk.settle(200)
    assert sheet.card.height() > before
    assert len(fits) < 12


def test_the_first_start_asks_who_is_there_and_enter_says_so(
    home: Path, qapp: object, tmp_path: Path
) -> None:
    driver = Driver(home, first_start=True)
    try:
        driver.studio.begin(None)
        sheet = driver.studio.shell.sheet()
        assert isinstance(sheet, PersonSheet)
        QTest.keyClick(sheet, Qt.Key.Key_Escape)
        assert sheet.isVisible(), "somebody has to decide"
        QTest.keyClicks(sheet.field, "R. Okafor")
        QTest.keyClick(sheet.field, Qt.Key.Key_Return)
        assert driver.studio.person is not None
        assert driver.studio.person.name == "R. Okafor"
        driver.wait(lambda: driver.window.client.running, "the broker")
    finally:
        driver.close()


def test_a_project_is_made_and_filled_with_the_keyboard_alone(driver: Driver, tmp_path: Path) -> None:
    driver.begin().settle()
    shell = driver.studio.shell
    press(shell, "Ctrl+N")
    assert shell.sheet() is not None
    for key in "Salt":
        QTest.keyClicks(QApplication.focusWidget(), key)
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    driver.wait(lambda: driver.studio.state is not None, "the project")
    driver.settle(200)
    assert driver.editor.hasFocus()
    assert driver.write.outline.model.rowCount() == 0
    assert driver.editor.verticalScrollBar().value() == 0, "the page's upper edge is in sight"
    QTest.keyClicks(driver.editor, "INT. HALL - DAY")
    driver.wait(lambda: len(driver.write.scenes) == 1, "the scene")
    press(shell, "Ctrl+S")
    driver.saved()
    press(shell, "Ctrl+Shift+Space")
    assert driver.write.tray.isAncestorOf(QApplication.focusWidget())
    press(shell, "Escape")
    assert driver.editor.hasFocus()


def test_cancel_stops_the_sample_that_is_being_made_and_leaves_nothing(driver: Driver) -> None:
    driver.begin().settle()
    page = driver.studio.start_page.page
    assert page.cards[0].hasFocus()
    QTest.keyClick(page.cards[0], Qt.Key.Key_Return)
    cancel = page.findChild(QAbstractButton, "making_cancel")
    assert cancel is not None
    driver.wait(cancel.hasFocus, "Cancel")
    assert not page.cards[0].isEnabled()
    driver.settle(600)
    QTest.keyClick(cancel, Qt.Key.Key_Return)
    driver.settle(1500)
    assert page.cards[0].isEnabled()
    assert page.cards[0].hasFocus()
    assert driver.studio.state is None
    assert driver.studio.shell.sheet() is None, "a person's own cancel is no error"
    assert not (driver.studio.projects_folder() / "Sample.studio").exists()


def test_the_theme_changes_every_part_at_run_time(desk: Driver) -> None:
    shell = desk.studio.shell

    def lightness() -> list[int]:
        picture = shell.grab().toImage()
        spots = ((600, 24), (20, 400), (600, 75), (700, 500), (1300, 400), (700, 890))
        return [picture.pixelColor(*spot).lightness() for spot in spots]

    shell.resize(1440, 900)
    shell.set_theme("dark")
    desk.settle(100)
    assert max(lightness()) < 80
    shell.set_theme("light")
    desk.settle(100)
    assert min(lightness()) > 200
    shell.set_theme("dark")


def test_every_card_shows_all_of_its_words(desk: Driver) -> None:
    desk.ask(LINE, "Longer. Say why it matters to her.", count=5)
    views = [view for view in desk.write.tray.findChildren(DiffView) if view.isVisible()]
    assert views
    for view in views:
        assert view.height() >= view.heightForWidth(view.width())

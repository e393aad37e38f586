"""The small widgets: they can be reached, read aloud, and do not get in the way."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent, QRect, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from studio_assist.desk.kit import (
    Badge,
    Button,
    Chip,
    ElidedLabel,
    Field,
    IconButton,
    Label,
    Popover,
    ProgressBar,
    Segmented,
    Sheet,
    TempTag,
    TextField,
)
from studio_assist.desk.theme import Theme

#: The display that tests run without says so on every window and menu.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@pytest.fixture
def window(qtbot: QtBot, theme: Theme) -> Iterator[QWidget]:
    window = QWidget()
    qtbot.addWidget(window)
    QVBoxLayout(window)
    window.resize(800, 600)
    window.show()
    qtbot.waitExposed(window)
    yield window
    window.close()


def put(window: QWidget, *widgets: QWidget) -> None:
    layout = window.layout()
    assert layout is not None
    for one in widgets:
        layout.addWidget(one)
    QApplication.processEvents()


def test_a_click_on_a_button_leaves_the_caret_where_it_was(
    qtbot: QtBot, theme: Theme, window: QWidget
) -> None:
    field = QLineEdit()
    button = Button(theme, "Ask")
    put(window, field, button)
    field.setFocus()
    with qtbot.waitSignal(button.clicked):
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert field.hasFocus()
    qtbot.keyClick(field, Qt.Key.Key_Tab)
    assert button.hasFocus()


def test_what_shows_no_word_still_has_a_name(theme: Theme) -> None:
    assert IconButton(theme, "undo", "Undo").accessibleName() == "Undo"
    assert Badge(theme, "Nothing leaves", "shield-check").accessibleName() == "Nothing leaves"
    assert TempTag(theme, solid=False).accessibleName() == "TEMP, not decided"
    assert TempTag(theme, solid=True).accessibleName() == "TEMP, accepted"
    assert Label(theme, "Two\nlines", wrap=True).accessibleName() == "Two\nlines"


def test_a_focus_ring_can_be_seen_on_every_control(qtbot: QtBot, theme: Theme, window: QWidget) -> None:
    first = QLineEdit()
    controls = (
        Button(theme, "Plain"),
        Button(theme, "Primary", kind="primary"),
        Button(theme, "Ghost", kind="ghost"),
        Chip(theme, "Chip"),
        IconButton(theme, "undo", "Undo"),
        Field(theme, "Field"),
    )
    put(window, first, *controls)
    for control in controls:
        first.setFocus()
        QApplication.processEvents()
        rest = control.grab().toImage()
        control.setFocus(Qt.FocusReason.TabFocusReason)
        QApplication.processEvents()
        shown = control.grab().toImage()
        assert rest != shown, control
        blue = theme.colour("blue").name()
        edge = {shown.pixelColor(x, 0).name() for x in range(shown.width())}
        edge |= {shown.pixelColor(x, 1).name() for x in range(shown.width())}
        assert blue in edge, control


def test_markup_in_a_text_is_shown_and_not_read(theme: Theme) -> None:
    label = Label(theme, "<b>INT. BAR</b> & more", wrap=True)
    assert "&lt;b&gt;" in label.text()
    assert label.plain == "<b>INT. BAR</b> & more"


def test_a_cut_line_tells_the_whole_of_it(theme: Theme, window: QWidget) -> None:
    label = ElidedLabel(theme, "EXT. HARBOUR WALL - DUSK")
    put(window, label)
    assert label.toolTip() == ""
    label.setFixedWidth(60)
    QApplication.processEvents()
    assert label.toolTip() == "EXT. HARBOUR WALL - DUSK"


def test_progress_is_said_as_well_as_drawn(theme: Theme) -> None:
    bar = ProgressBar(theme)
    bar.set_share(0.6)
    assert bar.accessibleDescription() == "60 percent"
    bar.set_share(None)
    assert bar.accessibleDescription() == "not known"


def test_a_blocked_chip_says_why(theme: Theme) -> None:
    chip = Chip(theme, "Logline")
    chip.set_blocked(True, "This provider keeps prompts for 30 days.")
    assert "30 days" in chip.toolTip()
    assert "30 days" in chip.accessibleDescription()


def test_tabs_choose_one_of_several(qtbot: QtBot, theme: Theme, window: QWidget) -> None:
    tabs = Segmented(theme, "Desks")
    for name in ("write", "board", "review"):
        tabs.add(name, name.title(), name)
    tabs.choose("write")
    put(window, tabs)
    with qtbot.waitSignal(tabs.chosen) as told:
        qtbot.mouseClick(tabs.button("board"), Qt.MouseButton.LeftButton)
    assert told.args == ["board"]
    assert tabs.current == "board"
    tabs.set_enabled("review", False, "Not in this project")
    qtbot.mouseClick(tabs.button("review"), Qt.MouseButton.LeftButton)
    assert tabs.current == "board"


class TestSheet:
    @pytest.fixture
    def sheet(self, theme: Theme, window: QWidget) -> Sheet:
        sheet = Sheet(theme, window, "Sheet")
        self.field = Field(theme, "Name")
        self.ok = Button(theme, "Save")
        # Footer before body, as forms are put together: Tab must go by what is seen.
        sheet.footer.addWidget(self.ok)
        sheet.body.addWidget(self.field)
        return sheet

    def test_it_takes_the_focus_keeps_it_and_gives_it_back(
        self, qtbot: QtBot, window: QWidget, sheet: Sheet
    ) -> None:
        outside = QLineEdit()
        put(window, outside)
        outside.setFocus()
        sheet.open()
        assert self.field.hasFocus()
        seen: list[QWidget | None] = []
        for _ in range(6):
            focus = QApplication.focusWidget()
            assert focus is not None
            qtbot.keyClick(focus, Qt.Key.Key_Tab)
            seen.append(QApplication.focusWidget())
        assert seen[0] is self.ok
        assert all(one is not None and sheet.isAncestorOf(one) for one in seen)
        focus = QApplication.focusWidget()
        assert focus is not None
        with qtbot.waitSignal(sheet.closed):
            qtbot.keyClick(focus, Qt.Key.Key_Escape)
        assert outside.hasFocus()

    def test_the_windows_shortcuts_rest_while_it_is_open(
        self, qtbot: QtBot, window: QWidget, sheet: Sheet
    ) -> None:
        pressed: list[str] = []
        shortcut = QShortcut(QKeySequence("Ctrl+K"), window)
        shortcut.activated.connect(lambda: pressed.append("Ctrl+K"))
        sheet.open()
        qtbot.keyClick(self.field, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
        assert pressed == []
        sheet.dismiss()
        qtbot.keyClick(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
        assert pressed == ["Ctrl+K"]

    def test_it_stays_inside_its_window(self, window: QWidget, sheet: Sheet) -> None:
        sheet.open()
        window.resize(640, 480)
        QApplication.processEvents()
        assert sheet.geometry() == window.rect()
        assert window.rect().contains(sheet.card.geometry())

    def test_the_desk_behind_cannot_be_pressed(self, qtbot: QtBot, theme: Theme, window: QWidget) -> None:
        button = Button(theme, "Behind")
        put(window, button)
        sheet = Sheet(theme, window, "Sheet")
        sheet.open()
        over = window.childAt(button.geometry().center())
        assert over is sheet or (over is not None and sheet.isAncestorOf(over))


def test_a_popover_closes_on_escape_and_on_a_press_elsewhere(
    qtbot: QtBot, theme: Theme, window: QWidget
) -> None:
    field = QLineEdit()
    put(window, field)
    popover = Popover(theme, window, bar="amber")
    popover.body.addWidget(Label(theme, "Accepted by R. Okafor"))
    popover.show_at(QRect(20, 20, 100, 20))
    assert popover.isVisible()
    field.setFocus()
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert not popover.isVisible()
    popover.show_at(QRect(20, 590, 100, 8))
    assert window.rect().contains(popover.geometry())
    qtbot.mouseClick(field, Qt.MouseButton.LeftButton)
    assert not popover.isVisible()


def test_enter_presses_the_button_with_the_focus_once_however_long_it_is_held(
    qtbot: QtBot, theme: Theme
) -> None:
    button = Button(theme, "Close")
    qtbot.addWidget(button)
    pressed: list[int] = []
    button.clicked.connect(lambda: pressed.append(1))
    for held in (False, True, True):
        event = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier, "\r", held)
        QApplication.sendEvent(button, event)
    assert pressed == [1]
    qtbot.keyClick(button, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert pressed == [1], "Ctrl Enter is somebody else's key"


@pytest.mark.parametrize(
    "make", [lambda theme: Field(theme, "A field"), lambda theme: TextField(theme, "A text")]
)
def test_ctrl_k_in_a_field_is_the_windows_key_and_cuts_no_line_off(theme, make):
    field = make(theme)
    event = QKeyEvent(QEvent.Type.ShortcutOverride, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    event.accept()
    QApplication.sendEvent(field, event)
    assert not event.isAccepted()
    field.deleteLater()

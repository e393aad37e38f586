"""The start page: one keypress to a working sample, and plain words about every model."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget
from pytestqt.qtbot import QtBot

from studio_assist.desk.first_run import (
    BackendRow,
    BadgeText,
    FirstRun,
    NewProject,
    NewProjectSheet,
    PersonSheet,
    PolicyChoice,
    PolicyNote,
    Profile,
)
from studio_assist.desk.shell import Recent
from studio_assist.desk.theme import Theme

#: The display that tests run without says so on every window and menu.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

NOTHING_LEAVES = BadgeText("Nothing leaves")
ROWS = (
    BackendRow(
        "embedded",
        "On this machine",
        "Ready · SmolLM2-135M, CPU",
        "ready",
        badges=(NOTHING_LEAVES,),
        action="Try it",
    ),
    BackendRow(
        "comfy", "ComfyUI", "Not running · looked on port 8188", "off", "picture", (NOTHING_LEAVES,), None
    ),
    BackendRow(
        "openai",
        "OpenAI",
        "No key",
        "off",
        "cloud",
        (BadgeText("Off machine", "plane"), BadgeText("30 days kept, blocked", "ban", blocked=True)),
        "Add key to system keychain",
        "key",
    ),
)


@pytest.fixture
def page(qtbot: QtBot, theme: Theme) -> Iterator[FirstRun]:
    page = FirstRun(theme)
    qtbot.addWidget(page)
    page.resize(1440, 900)
    page.set_backends(ROWS)
    page.show()
    qtbot.waitExposed(page)
    page.setFocus()
    yield page
    page.close()


@pytest.fixture
def window(qtbot: QtBot, theme: Theme) -> Iterator[QWidget]:
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(1100, 700)
    window.show()
    qtbot.waitExposed(window)
    yield window
    window.close()


def focus() -> QWidget:
    widget = QApplication.focusWidget()
    assert widget is not None
    return widget


def button(parent: QWidget, name: str) -> QAbstractButton:
    found = parent.findChild(QAbstractButton, name)
    assert isinstance(found, QAbstractButton), name
    return found


def test_enter_alone_opens_the_sample(qtbot: QtBot, page: FirstRun) -> None:
    with qtbot.waitSignal(page.sample_asked):
        qtbot.keyClick(focus(), Qt.Key.Key_Return)


def test_arrows_go_from_card_to_card_and_into_the_recent_projects(qtbot: QtBot, page: FirstRun) -> None:
    page.set_recent([Recent(Path("/x/larkspur.studio"), "Project Larkspur", "Draft 4", "Today")])
    QApplication.processEvents()
    for signal in (page.new_asked, page.import_asked):
        qtbot.keyClick(focus(), Qt.Key.Key_Down)
        with qtbot.waitSignal(signal):
            qtbot.keyClick(focus(), Qt.Key.Key_Return)
    qtbot.keyClick(focus(), Qt.Key.Key_Down)
    with qtbot.waitSignal(page.recent_chosen) as told:
        qtbot.keyClick(focus(), Qt.Key.Key_Return)
    assert told.args == [Path("/x/larkspur.studio")]
    qtbot.keyClick(focus(), Qt.Key.Key_Down)
    qtbot.keyClick(focus(), Qt.Key.Key_Up)
    assert focus() is page.cards[2]


def test_tab_reaches_every_model_that_can_be_acted_on(qtbot: QtBot, page: FirstRun) -> None:
    seen = set[str]()
    for _ in range(20):
        qtbot.keyClick(focus(), Qt.Key.Key_Tab)
        seen.add(focus().objectName())
    assert {"look_again", "backend_action_embedded", "backend_action_openai"} <= seen


def test_a_row_acts_on_its_own_backend(qtbot: QtBot, page: FirstRun) -> None:
    with qtbot.waitSignal(page.backend_action) as told:
        qtbot.mouseClick(button(page, "backend_action_openai"), Qt.MouseButton.LeftButton)
    assert told.args == ["openai"]
    assert page.backends[1].button is None


def test_a_row_is_read_aloud_with_what_it_does_with_data(page: FirstRun) -> None:
    assert page.backends[0].accessibleName() == "On this machine. Ready · SmolLM2-135M, CPU. Nothing leaves"
    assert "30 days kept, blocked" in page.backends[2].accessibleName()
    assert button(page, "backend_action_openai").accessibleName() == "Add key to system keychain: OpenAI"


def test_red_stands_only_where_a_policy_blocks(page: FirstRun, theme: Theme) -> None:
    red = theme.colour("red").name()

    def has_red(widget: QWidget) -> bool:
        picture = widget.grab().toImage()
        return any(
            picture.pixelColor(x, y).name() == red
            for x in range(picture.width())
            for y in range(picture.height())
        )

    assert [has_red(row) for row in page.backends] == [False, False, True]


def test_new_rows_take_the_place_of_the_old(qtbot: QtBot, page: FirstRun) -> None:
    page.set_backends(ROWS[:1])
    QApplication.processEvents()
    assert [row.row.id for row in page.backends] == ["embedded"]
    assert page.backends[0].isVisible()


def test_without_recent_projects_the_section_is_hidden(page: FirstRun) -> None:
    headings = [one for one in page.findChildren(QWidget) if one.accessibleName() == "Recent"]
    assert headings
    assert not headings[0].isVisible()


def test_making_the_sample_is_shown_and_can_be_cancelled(qtbot: QtBot, page: FirstRun) -> None:
    page.show_progress("Making the sample, 31 of 52 entries", 0.6)
    assert not page.cards[0].isEnabled()
    with qtbot.waitSignal(page.sample_cancelled):
        qtbot.keyClick(focus(), Qt.Key.Key_Space)
    page.end_progress()
    assert page.cards[0].hasFocus()


@pytest.mark.parametrize("size", [(1440, 900), (1100, 700)])
def test_nothing_is_cut_or_covered(page: FirstRun, size: tuple[int, int]) -> None:
    page.set_recent([Recent(Path(f"/x/{n}"), f"Project {n}", "Draft 4", "Today") for n in range(3)])
    page.set_policy(PolicyNote("netflix-2025", "Providers that keep data are blocked."))
    page.resize(*size)
    QApplication.processEvents()
    page.set_backends(ROWS)
    QApplication.processEvents()
    seen = [one for one in page.findChildren(QAbstractButton) if one.isVisible()]
    for one in seen:
        assert one.visibleRegion().boundingRect() == one.rect(), one.text()
    for row in page.backends:
        assert row.height() == 72


class TestPerson:
    def test_a_name_is_needed_and_spaces_are_none(self, qtbot: QtBot, theme: Theme, window: QWidget) -> None:
        sheet = PersonSheet(theme, window, closable=False)
        sheet.open()
        assert sheet.field.hasFocus()
        assert not sheet.action.isEnabled()
        qtbot.keyClicks(sheet.field, "   ")
        assert sheet.why.plain == "Type your name."
        qtbot.keyClick(sheet.field, Qt.Key.Key_Escape)
        assert sheet.isVisible()

    def test_it_gives_the_profile_by_keyboard_alone(
        self, qtbot: QtBot, theme: Theme, window: QWidget
    ) -> None:
        sheet = PersonSheet(theme, window)
        sheet.open()
        qtbot.keyClicks(focus(), " Ruth  Okafor ")
        assert sheet.initials.plain == "Shown as RO"
        qtbot.keyClick(focus(), Qt.Key.Key_Tab)
        assert focus().objectName() == "role_writer"
        # Several roles may be on, and one has to be.
        qtbot.keyClick(focus(), Qt.Key.Key_Space)
        assert sheet.why.plain == "Choose a role."
        assert not sheet.action.isEnabled()
        qtbot.keyClick(focus(), Qt.Key.Key_Space)
        for _ in range(2):
            qtbot.keyClick(focus(), Qt.Key.Key_Tab)
        qtbot.keyClick(focus(), Qt.Key.Key_Space)
        assert sheet.picker.roles == ("writer", "producer")
        with qtbot.waitSignal(sheet.done) as told:
            qtbot.keyClick(focus(), Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        assert told.args == [Profile("Ruth Okafor", ("writer", "producer"))]


class TestNewProject:
    def test_it_says_what_is_missing_and_why_a_place_will_not_do(
        self, qtbot: QtBot, theme: Theme, window: QWidget
    ) -> None:
        def check(value: NewProject) -> str:
            return "This folder cannot be written to." if value.folder == "/" else ""

        policies = (
            PolicyChoice("studio", "Studio", "Nothing is kept."),
            PolicyChoice("open", "Open", "Asks."),
        )
        sheet = NewProjectSheet(theme, window, "/", policies, check)
        sheet.open()
        assert sheet.why.plain == "Type a title."
        qtbot.keyClicks(focus(), "Larkspur")
        assert sheet.why.plain == "This folder cannot be written to."
        assert not sheet.action.isEnabled()
        sheet.folder.setText("/home/r")
        sheet.policy.setCurrentIndex(1)
        with qtbot.waitSignal(sheet.done) as told:
            qtbot.mouseClick(sheet.action, Qt.MouseButton.LeftButton)
        assert told.args == [NewProject("Larkspur", "/home/r", "open")]

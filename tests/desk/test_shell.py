"""The frame: what it shows is the model, what it can do is in one list, and all of it goes by keyboard."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QAbstractButton, QApplication, QPushButton, QTextEdit, QWidget
from pytestqt.qtbot import QtBot

from studio_assist.desk.kit import Button
from studio_assist.desk.shell import (
    Action,
    Command,
    DeskSplitter,
    Notice,
    PersonRow,
    ProviderRow,
    QueueItem,
    Recent,
    SceneRow,
    Shell,
    ShellModel,
)
from studio_assist.desk.shell.command_box import CommandBox
from studio_assist.desk.shell.matching import fit
from studio_assist.desk.shell.model import debt_text, size_text
from studio_assist.desk.theme import Theme
from studio_assist.domain.errors import BadInput

#: The display that tests run without says so on every window and menu.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

CTRL = Qt.KeyboardModifier.ControlModifier


class Desk(QWidget):
    """A stand-in with the three regions of a desk."""

    def __init__(self, theme: Theme, settings: QSettings) -> None:
        super().__init__()
        self.left, self.right = Button(theme, "Left"), Button(theme, "Right")
        self.page = QTextEdit()
        sides = [QWidget(), QWidget(), QWidget()]
        for side, inner in zip(sides, (self.left, self.page, self.right), strict=True):
            inner.setParent(side)
        self.regions = sides
        self.splitter = DeskSplitter(settings, "write", sides[0], sides[1], sides[2], parent=self)

    def resizeEvent(self, event: object) -> None:
        self.splitter.setGeometry(self.rect())


@pytest.fixture
def settings(tmp_path: Path) -> QSettings:
    return QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat)


@pytest.fixture
def shell(qtbot: QtBot, theme: Theme, settings: QSettings) -> Iterator[Shell]:
    shell = Shell(theme, ShellModel(), settings)
    qtbot.addWidget(shell)
    desk = Desk(theme, settings)
    shell.add_desk("write", "Write", "write", desk, regions=desk.regions, focus=desk.page)
    shell.add_desk("board", "Board", "board", QWidget(), visible=False)
    shell.add_desk("review", "Review", "review", QTextEdit())
    shell.show()
    qtbot.waitExposed(shell)
    yield shell
    shell.set_close_guard(None)
    shell.close()


def part(shell: Shell, name: str) -> QWidget:
    found = shell.findChild(QWidget, name)
    assert isinstance(found, QWidget), name
    return found


def words(shell: Shell, name: str) -> str:
    found = part(shell, name)
    assert isinstance(found, QAbstractButton)
    return found.text()


def press(qtbot: QtBot, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    focus = QApplication.focusWidget()
    assert focus is not None
    qtbot.keyClick(focus, key, modifier)


def test_the_bars_show_the_model(shell: Shell) -> None:
    shell.model.update(
        project="Project Larkspur",
        debt_lines=7,
        debt_boards=12,
        ledger="intact",
        ledger_entries=1284,
        sent_bytes_today=213_400,
        saved_at="14:31",
        provider="On this machine · SmolLM2",
        person=PersonRow("Ruth Adaeze Okafor", "writer"),
        queue=QueueItem("Board 14D, variant 3 of 4", 0.6, 2),
    )
    assert words(shell, "project_button") == "Project Larkspur"
    assert words(shell, "status_debt") == "Temp debt 7 lines · 12 boards"
    assert words(shell, "status_ledger") == "Ledger intact · 1,284 entries"
    assert words(shell, "status_sent") == "Sent off machine today: 213 kB"
    assert words(shell, "status_saved") == "Saved 14:31"
    assert words(shell, "provider_chip") == "On this machine · SmolLM2"
    assert words(shell, "person_button") == "RO"
    assert part(shell, "status_queue").isVisible()
    assert "Board 14D" in part(shell, "status_queue").accessibleName()
    assert "Project Larkspur" in shell.windowTitle()
    shell.model.update(queue=None, ledger="altered", ledger_why="Entry 812 does not match its hash.")
    assert not part(shell, "status_queue").isVisible()
    assert words(shell, "status_ledger").startswith("Ledger altered")
    assert "812" in part(shell, "status_ledger").toolTip()


def test_amber_is_shown_only_while_temp_material_is_left(shell: Shell, theme: Theme) -> None:
    def amber() -> bool:
        picture = part(shell, "status_bar").grab().toImage()
        wanted = theme.colour("amber").name()
        return any(
            picture.pixelColor(x, y).name() == wanted
            for x in range(0, picture.width(), 2)
            for y in range(picture.height())
        )

    shell.model.update(debt_lines=1)
    assert amber()
    assert words(shell, "status_debt") == "Temp debt 1 line"
    shell.model.update(debt_lines=0)
    assert not amber()
    assert words(shell, "status_debt") == "No temp debt"


def test_a_wrong_attribute_of_the_model_is_an_error(shell: Shell) -> None:
    with pytest.raises(AttributeError):
        shell.model.update(projekt="Larkspur")


@pytest.mark.parametrize(
    ("name", "signal"),
    [
        ("status_debt", "next_temp"),
        ("status_ledger", "open_ledger"),
        ("queue_cancel", "cancel_queue"),
        ("person_button", "person_menu"),
    ],
)
def test_a_press_on_a_bar_says_what_is_wanted(qtbot: QtBot, shell: Shell, name: str, signal: str) -> None:
    shell.model.update(person=PersonRow("R. Okafor"), queue=QueueItem("Work"), debt_lines=1)
    with qtbot.waitSignal(getattr(shell, signal)):
        qtbot.mouseClick(part(shell, name), Qt.MouseButton.LeftButton)


def test_f8_and_ctrl_full_stop_work_from_the_page(qtbot: QtBot, shell: Shell) -> None:
    with qtbot.waitSignal(shell.next_temp):
        press(qtbot, Qt.Key.Key_F8)
    with qtbot.waitSignal(shell.cancel_queue):
        press(qtbot, Qt.Key.Key_Period, CTRL)


def test_desks_are_chosen_by_tab_and_by_key_and_a_hidden_one_by_neither(qtbot: QtBot, shell: Shell) -> None:
    assert shell.desk == "write"
    with qtbot.waitSignal(shell.desk_chosen) as told:
        press(qtbot, Qt.Key.Key_3, CTRL)
    assert told.args == ["review"]
    press(qtbot, Qt.Key.Key_2, CTRL)
    assert shell.desk == "review"
    tabs = part(shell, "desk_tabs").findChildren(QPushButton)
    assert [tab.text() for tab in tabs if tab.isVisible()] == ["Write", "Review"]
    qtbot.mouseClick(tabs[0], Qt.MouseButton.LeftButton)
    assert shell.desk == "write"


def test_the_tabs_stand_in_the_middle_and_overlap_nothing(qtbot: QtBot, shell: Shell) -> None:
    shell.model.update(project="A very long working title that nobody would ever put on a slate " * 3)
    tabs, project = part(shell, "desk_tabs"), part(shell, "project_button")
    for width in (1440, 1100):
        shell.resize(width, 700)
        QApplication.processEvents()
        assert tabs.geometry().left() > project.geometry().right()
        assert tabs.geometry().right() < part(shell, "command_box_button").geometry().left()
    shell.model.update(project="Larkspur")
    shell.resize(1440, 900)
    QApplication.processEvents()
    assert abs(tabs.geometry().center().x() - 720) <= 1


def test_f6_walks_every_region_and_comes_back_to_where_one_was(qtbot: QtBot, shell: Shell) -> None:
    desk = shell.findChild(Desk)
    assert isinstance(desk, Desk)
    regions = [*desk.regions, part(shell, "status_bar"), part(shell, "top_bar")]
    desk.left.setFocus()
    seen: list[int] = []
    for _ in range(5):
        press(qtbot, Qt.Key.Key_F6)
        focus = QApplication.focusWidget()
        assert focus is not None
        seen.append(next(at for at, one in enumerate(regions) if one.isAncestorOf(focus)))
    assert seen == [1, 2, 3, 4, 0]
    assert desk.left.hasFocus()
    press(qtbot, Qt.Key.Key_F6, Qt.KeyboardModifier.ShiftModifier)
    focus = QApplication.focusWidget()
    assert focus is not None
    assert part(shell, "top_bar").isAncestorOf(focus)


class TestFindOrDo:
    @pytest.fixture
    def done(self, shell: Shell) -> list[str]:
        done: list[str] = []
        shell.commands.add(Command("file.new", "New project…", lambda: done.append("new"), "Ctrl+N"))
        shell.commands.add(Command("file.export", "Export…", lambda: done.append("export"), "Ctrl+E"))
        shell.commands.set_enabled("file.export", False, "3 temp lines are left")
        shell.model.update(
            scenes=(SceneRow(0, "14", "INT. RADIO ROOM - NIGHT"), SceneRow(1, "15", "EXT. CAUSEWAY - NIGHT"))
        )
        return done

    def box(self, shell: Shell) -> CommandBox:
        found = shell.findChild(CommandBox)
        assert isinstance(found, CommandBox)
        return found

    def test_a_command_is_found_by_a_few_letters_and_done_by_enter(
        self, qtbot: QtBot, shell: Shell, done: list[str]
    ) -> None:
        page = QApplication.focusWidget()
        press(qtbot, Qt.Key.Key_K, CTRL)
        box = self.box(shell)
        assert box.field.hasFocus()
        qtbot.keyClicks(box.field, "new pr")
        press(qtbot, Qt.Key.Key_Return)
        assert done == ["new"]
        assert not box.isVisible()
        assert QApplication.focusWidget() is page

    def test_a_scene_is_found_by_number_or_words(self, qtbot: QtBot, shell: Shell, done: list[str]) -> None:
        for typed in ("15", "cause", "night ext"):
            press(qtbot, Qt.Key.Key_K, CTRL)
            qtbot.keyClicks(self.box(shell).field, typed)
            with qtbot.waitSignal(shell.scene_chosen) as told:
                press(qtbot, Qt.Key.Key_Return)
            assert told.args == [1]

    def test_what_is_off_is_shown_with_its_reason_and_not_done(
        self, qtbot: QtBot, shell: Shell, done: list[str]
    ) -> None:
        press(qtbot, Qt.Key.Key_K, CTRL)
        box = self.box(shell)
        qtbot.keyClicks(box.field, "export")
        assert shell.commands.why("file.export") == "3 temp lines are left"
        press(qtbot, Qt.Key.Key_Return)
        assert done == []
        assert box.isVisible()
        press(qtbot, Qt.Key.Key_Escape)
        assert not box.isVisible()

    def test_up_and_down_go_round(self, qtbot: QtBot, shell: Shell, done: list[str]) -> None:
        press(qtbot, Qt.Key.Key_K, CTRL)
        box = self.box(shell)
        count = box.list.model().rowCount()
        press(qtbot, Qt.Key.Key_Up)
        assert box.list.currentIndex().row() == count - 1
        press(qtbot, Qt.Key.Key_Down)
        assert box.list.currentIndex().row() == 0
        press(qtbot, Qt.Key.Key_Escape)

    def test_shortcuts_rest_while_it_is_open(self, qtbot: QtBot, shell: Shell, done: list[str]) -> None:
        press(qtbot, Qt.Key.Key_K, CTRL)
        press(qtbot, Qt.Key.Key_N, CTRL)
        assert done == []
        press(qtbot, Qt.Key.Key_Escape)
        press(qtbot, Qt.Key.Key_N, CTRL)
        assert done == ["new"]


@pytest.mark.parametrize(
    ("typed", "title", "fits"),
    [
        ("", "Anything", True),
        ("exp", "Export…", True),
        ("next temp", "Next temp item", True),
        ("temp next", "Next temp item", True),
        ("xq", "Export…", False),
        ("exit", "Export it…", False),
    ],
)
def test_typed_words_fit_beginnings_and_parts_of_words(typed: str, title: str, fits: bool) -> None:
    assert (fit(typed, title) is not None) is fits


def test_a_beginning_ranks_before_a_part() -> None:
    ranks = [fit("port", title) for title in ("Port of call", "Go to port", "Export…")]
    assert ranks == sorted(rank for rank in ranks if rank is not None)
    assert len(set(ranks)) == 3


def test_two_commands_cannot_have_one_shortcut(shell: Shell) -> None:
    shell.commands.add(Command("file.new", "New", lambda: None, "Ctrl+N"))
    with pytest.raises(ValueError, match=r"file\.new"):
        shell.commands.add(Command("file.other", "Other", lambda: None, "Ctrl+N"))


def test_a_desks_own_command_rests_on_another_desk(qtbot: QtBot, shell: Shell) -> None:
    done: list[str] = []
    shell.commands.add(Command("write.find", "Find", lambda: done.append("find"), "Ctrl+F", desk="write"))
    press(qtbot, Qt.Key.Key_F, CTRL)
    shell.show_desk("review")
    assert not shell.commands.run("write.find")
    assert done == ["find"]


def test_the_menu_holds_only_what_can_be_done(shell: Shell) -> None:
    shell.commands.add(Command("file.new", "New project…", lambda: None, "Ctrl+N"))
    shell.set_recent([Recent(Path("/x/larkspur.studio"), "Salt & water")])
    shell.menus.main.aboutToShow.emit()
    menus = {action.text(): action.menu() for action in shell.menus.main.actions()}
    assert list(menus) == ["File", "View", "Tools", "Help"]
    entries = [action.text() for action in menus["File"].actions() if not action.isSeparator()]
    assert entries == ["New project…", "Open recent", "Quit"]
    shell.menus.project.aboutToShow.emit()
    told: list[Path] = []
    shell.recent_chosen.connect(told.append)
    shell.menus.project.actions()[0].trigger()
    assert told == [Path("/x/larkspur.studio")]


def test_the_provider_list_says_how_each_handles_data(qtbot: QtBot, shell: Shell) -> None:
    shell.model.update(
        provider="On this machine",
        providers=(
            ProviderRow("embedded", "On this machine", "Nothing leaves"),
            ProviderRow("openai", "OpenAI", "30 days kept", False, "Blocked by policy"),
        ),
    )
    qtbot.mouseClick(part(shell, "provider_chip"), Qt.MouseButton.LeftButton)
    here, closed = part(shell, "provider_embedded"), part(shell, "provider_openai")
    assert here.toolTip() == "Nothing leaves"
    assert not closed.isEnabled()
    assert closed.toolTip() == "Blocked by policy"
    with qtbot.waitSignal(shell.provider_chosen) as told:
        qtbot.mouseClick(here, Qt.MouseButton.LeftButton)
    assert told.args == ["embedded"]
    qtbot.mouseClick(part(shell, "provider_chip"), Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(shell.provider_menu):
        qtbot.mouseClick(part(shell, "provider_list_models"), Qt.MouseButton.LeftButton)


def test_a_notice_waits_and_its_button_acts_once(qtbot: QtBot, shell: Shell) -> None:
    done: list[str] = []
    notice = Notice(
        "conflict",
        "warning",
        "The script changed on disk.",
        (Action("mine", "Keep mine", lambda: done.append("mine")),),
    )
    shell.notices.show(notice)
    shell.notices.show(notice)
    assert shell.notices.ids == ("conflict",)
    told: list[tuple[str, str]] = []
    shell.notices.acted.connect(lambda one, action: told.append((one, action)))
    qtbot.mouseClick(part(shell, "notice_conflict_mine"), Qt.MouseButton.LeftButton)
    assert done == ["mine"]
    assert told == [("conflict", "mine")]
    assert shell.notices.ids == ()
    assert not part(shell, "notices").isVisible()


def test_an_error_gives_place_and_remedy_and_enter_alone_decides_nothing(qtbot: QtBot, shell: Shell) -> None:
    done: list[str] = []
    error = BadInput("The file is not UTF-8 text.", remedy="Save it as UTF-8.", place="byte 1,204")
    sheet = shell.show_error(error, [Action("overwrite", "Overwrite", lambda: done.append("no"))])
    said = [label.accessibleName() for label in sheet.findChildren(QWidget)]
    for words_ in ("The file is not UTF-8 text.", "Save it as UTF-8.", "byte 1,204"):
        assert words_ in said
    press(qtbot, Qt.Key.Key_Return)
    assert done == []
    press(qtbot, Qt.Key.Key_Escape)
    assert shell.sheet() is None


def test_a_fault_of_ours_can_be_copied_and_a_second_joins_it(qtbot: QtBot, shell: Shell) -> None:
    sheet = shell.show_bug("Traceback one")
    assert shell.show_bug("Traceback two") is sheet
    qtbot.mouseClick(part(shell, "copy_details"), Qt.MouseButton.LeftButton)
    copied = QGuiApplication.clipboard().text()
    assert "Traceback one" in copied
    assert "Traceback two" in copied
    press(qtbot, Qt.Key.Key_Escape)


def test_f1_lists_the_keys_of_this_screen(qtbot: QtBot, shell: Shell) -> None:
    shell.commands.add(Command("tray.accept", "Accept the candidate", None, "A", desk="write"))
    shell.commands.add(Command("board.play", "Play the panel", None, "Space", desk="board"))
    press(qtbot, Qt.Key.Key_F1)
    sheet = shell.sheet()
    assert sheet is not None
    said = {label.accessibleName() for label in sheet.findChildren(QWidget)}
    assert {"Accept the candidate", "A", "Find or do", "Ctrl K", "F8"} <= said
    assert "Play the panel" not in said
    press(qtbot, Qt.Key.Key_Escape)


def test_the_theme_is_chosen_in_the_menu_and_every_part_follows(shell: Shell, theme: Theme) -> None:
    told: list[str] = []
    shell.theme_chosen.connect(told.append)
    assert shell.commands.run("view.light")
    QApplication.processEvents()
    bar = part(shell, "top_bar").grab().toImage()
    assert bar.pixelColor(bar.width() // 3, 4).name() == theme.colour("surface1").name()
    assert (theme.mode, told) == ("light", ["light"])


def test_side_panels_keep_their_width_between_starts(qtbot: QtBot, settings: QSettings) -> None:
    def make() -> DeskSplitter:
        splitter = DeskSplitter(settings, "write", QWidget(), QWidget(), QWidget())
        qtbot.addWidget(splitter)
        splitter.resize(1440, 800)
        splitter.show()
        QApplication.processEvents()
        return splitter

    first = make()
    assert (first.sizes()[0], first.sizes()[2]) == (248, 384)
    first.setSizes([300, 738, 400])
    first.splitterMoved.emit(300, 1)
    first.close()
    second = make()
    assert (second.sizes()[0], second.sizes()[2]) == (300, 400)
    second.close()
    settings.setValue("splitter/write", "12,528,900")
    wild = make()
    assert (wild.sizes()[0], wild.sizes()[2]) == (200, 420)
    wild.close()
    settings.setValue("splitter/write", "not,sizes,-1")
    third = make()
    assert third.sizes()[0] == 248
    third.close()


def test_the_window_asks_before_it_closes(shell: Shell) -> None:
    shell.set_close_guard(lambda: False)
    assert not shell.close()
    assert shell.isVisible()
    shell.set_close_guard(lambda: True)
    assert shell.close()


def test_everything_in_the_bars_can_be_reached_by_tab_and_has_a_name(qtbot: QtBot, shell: Shell) -> None:
    shell.model.update(person=PersonRow("R. Okafor"), queue=QueueItem("Work"), debt_lines=1)
    for bar in ("top_bar", "status_bar"):
        for button in part(shell, bar).findChildren(QAbstractButton):
            if button.isVisible() and button.objectName() not in ("status_sent", "status_saved"):
                assert button.focusPolicy() & Qt.FocusPolicy.TabFocus
                assert button.accessibleName()


@pytest.mark.parametrize(
    ("size", "said"), [(0, "0 B"), (999, "999 B"), (213_400, "213 kB"), (4_200_000, "4.2 MB")]
)
def test_sizes_are_said_in_powers_of_ten(size: int, said: str) -> None:
    assert size_text(size) == said


def test_debt_is_said_in_words() -> None:
    assert debt_text(0, 1) == "Temp debt 1 board"
    assert debt_text(1200, 0) == "Temp debt 1,200 lines"


@pytest.mark.parametrize(
    ("name", "initials"), [("Ruth Okafor", "RO"), ("Cher", "C"), ("  ", "?"), ("J. R. R. Tolkien", "JT")]
)
def test_initials_are_of_the_first_and_last_word(name: str, initials: str) -> None:
    assert PersonRow(name).initials == initials

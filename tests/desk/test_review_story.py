"""The story of an entry in the window: what it shows, how it is read, and what can be done with it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QTextEdit, QWidget
from pytestqt.qtbot import QtBot

from studio_assist.desk.kit import Label, TempTag
from studio_assist.desk.review.story import StoryPanel
from studio_assist.desk.review.story_rail import StepView
from studio_assist.desk.review.story_source import StorySource
from studio_assist.desk.shell.regions import Regions
from studio_assist.desk.theme import Theme
from studio_assist.domain.review import EntryStory
from studio_assist.ledger.stories import proof_text
from tests.desk.record_fakes import ALTERED, INTACT
from tests.desk.story_fakes import EDITED, OFFERED, SHOT, StoryRecord

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)


class Shown:
    """A panel in a window of its own, and what it told."""

    def __init__(self, qtbot: QtBot, theme: Theme, record: StoryRecord) -> None:
        self.qtbot = qtbot
        self.record = record
        self.panel = StoryPanel(theme)
        qtbot.addWidget(self.panel)
        self.notices: list[str] = []
        self.errors: list[object] = []
        self.went: list[tuple[str, str]] = []
        self.panel.notice.connect(self.notices.append)
        self.panel.error.connect(self.errors.append)
        self.panel.go_to.connect(lambda where, what: self.went.append((where, what)))
        self.panel.resize(408, 800)
        self.panel.show()
        qtbot.waitExposed(self.panel)
        self.panel.set_project(record.ledger, record.media)

    def until(self, true: Callable[[], object]) -> None:
        self.qtbot.waitUntil(lambda: bool(true()), timeout=5000)

    def show(self, number: int) -> None:
        self.panel.show_entry(number)
        self.until(lambda: self.shows(number))

    def shows(self, number: int) -> bool:
        return f"Entry {number:,}" in self.words() and bool(self.steps())

    def steps(self) -> list[StepView]:
        return [one for one in self.panel.findChildren(StepView) if one.isVisibleTo(self.panel)]

    def words(self) -> str:
        labels = [one for one in self.panel.findChildren(Label) if one.isVisibleTo(self.panel)]
        return "\n".join(label.plain for label in labels)

    def texts(self) -> list[QTextEdit]:
        return [one for one in self.panel.findChildren(QTextEdit) if one.isVisibleTo(self.panel)]

    def press(self, name: str) -> None:
        button = self.panel.findChild(QAbstractButton, name)
        assert isinstance(button, QAbstractButton)
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)

    def tag(self) -> QWidget:
        return self.panel.findChildren(TempTag)[0]

    def close(self) -> None:
        self.panel.set_project(None, None)
        self.panel.close()


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StoryRecord]:
    made = StoryRecord(tmp_path_factory.mktemp("story"))
    yield made
    made.close()


@pytest.fixture(scope="module")
def theme(qapp: QApplication) -> Theme:
    made = Theme("dark")
    made.apply(qapp)
    return made


@pytest.fixture
def shown(qtbot: QtBot, theme: Theme, record: StoryRecord) -> Iterator[Shown]:
    made = Shown(qtbot, theme, record)
    yield made
    made.close()


def test_the_story_is_told_from_request_to_placement_with_whose_each_word_is(shown: Shown) -> None:
    shown.show(shown.record.edited)
    titles = [one.accessibleName().partition(".")[0] for one in shown.steps()]
    assert titles == ["Request", "Gate", "Candidates", "Decision: edited, then accepted", "Placement"]
    assert "Raise the dread, no dialogue." in shown.words()
    assert "On this machine. 0 B left. Production-confidential. Policy netflix-2025" in shown.words()
    assert "R. Okafor rewrote 38 % of the words." in shown.words()
    offered, decided = shown.texts()
    assert offered.toPlainText() == OFFERED
    spoken = decided.accessibleDescription()
    assert "removed: flickers; written by a person: dims;" in spoken
    assert shown.tag().isVisible()


def test_kept_words_are_amber_a_persons_green_and_underlined_and_removed_ones_struck(
    shown: Shown, theme: Theme
) -> None:
    shown.show(shown.record.edited)
    text = shown.texts()[1]
    plain = text.toPlainText()
    for word, token, struck in (
        ("The lamp", "amberText", False),
        ("dims", "greenText", False),
        ("flickers", "text3", True),
    ):
        cursor = text.textCursor()
        cursor.setPosition(plain.index(word) + 1)
        style = cursor.charFormat()
        assert style.foreground().color() == theme.colour(token), word
        assert style.fontStrikeOut() is struck, word
    green, picture = theme.colour("green"), text.viewport().grab().toImage()
    assert any(
        picture.pixelColor(x, y) == green for x in range(picture.width()) for y in range(picture.height())
    )


def test_the_words_can_be_selected_and_copied_with_the_keyboard_and_not_changed(shown: Shown) -> None:
    shown.show(shown.record.edited)
    text = shown.texts()[0]
    text.setFocus()
    QTest.keyClick(text, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(text, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == OFFERED
    QTest.keyClicks(text, "x")
    assert text.toPlainText() == OFFERED


def test_only_the_last_of_many_choices_is_read_and_never_in_the_windows_thread(
    shown: Shown, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[int] = []
    go, threads, real = threading.Event(), set[int](), StorySource.story

    def slow(self: StorySource, number: int) -> EntryStory:
        threads.add(threading.get_ident())
        go.wait(5)
        read.append(number)
        return real(self, number)

    monkeypatch.setattr(StorySource, "story", slow)
    for number in range(3, shown.record.own.size):
        shown.panel.show_entry(number)
    shown.panel.show_entry(shown.record.picture)
    assert shown.panel.entry == shown.record.picture
    go.set()
    shown.until(lambda: shown.shows(shown.record.picture))
    assert read == [3, shown.record.picture]
    assert threading.get_ident() not in threads


def test_pictures_wear_their_band_and_one_that_is_gone_is_shown_as_missing(
    shown: Shown, theme: Theme
) -> None:
    record = shown.record
    shown.show(record.drawn)
    assert "62 % of the frame was their ink" in shown.words()
    assert not shown.tag().isVisible()
    frames = {
        one.accessibleName(): one
        for one in shown.panel.findChildren(QWidget)
        if one.accessibleName().startswith(("14C before", "14C by", "Variant")) and one.height() == 59
    }
    assert set(frames) == {"Variant 1", "Variant 2", "14C before, temp", "14C by R. Okafor"}

    def at_the_edge(name: str) -> str:
        picture: QImage = frames[name].grab().toImage()
        return picture.pixelColor(picture.width() - 2, picture.height() - 3).name()

    amber = theme.colour("amber").name()
    shown.until(lambda: at_the_edge("14C before, temp") == amber)
    shown.until(lambda: at_the_edge("14C by R. Okafor") == "#e9ebed")
    gone = record.put_picture("#112233")
    (record.media / gone.sha256[:2] / f"{gone.sha256}.png").unlink()
    shown.panel.set_project(record.ledger, record.media / "nowhere")
    shown.show(record.picture)
    shown.until(
        lambda: any("missing" in one.toolTip() for one in shown.panel.findChildren(QWidget) if one.grab())
    )


def test_the_proof_goes_to_the_clipboard_and_that_is_said(shown: Shown) -> None:
    number = shown.record.edited
    shown.show(number)
    shown.press("story_copy_proof")
    shown.until(lambda: shown.notices)
    assert QGuiApplication.clipboard().text() == proof_text(shown.record.own, number)
    assert shown.notices == [f"The proof of entry {number} is on the clipboard."]


def test_go_to_leads_to_the_script_or_the_board_and_from_another_project_nowhere(shown: Shown) -> None:
    shown.show(shown.record.edited)
    shown.press("story_go_to")
    assert shown.panel.decision == shown.record.edited
    shown.show(shown.record.picture)
    shown.press("story_go_to")
    assert shown.went == [("script", "120"), ("board", SHOT)]
    shown.panel.set_project(shown.record.ledger, None, own=False)
    shown.show(shown.record.edited)
    link = shown.panel.findChild(QAbstractButton, "story_go_to")
    assert isinstance(link, QAbstractButton)
    assert not link.isVisible()


def test_an_entry_after_the_break_is_told_as_not_verified_and_has_no_proof(shown: Shown) -> None:
    number = shown.record.edited
    shown.show(number)
    proof = shown.panel.findChild(QAbstractButton, "story_copy_proof")
    assert isinstance(proof, QAbstractButton)
    shown.panel.set_ledger(ALTERED.model_copy(update={"first_bad": number - 1}))
    assert f"Not verified: the ledger is broken at entry {number - 1}." in shown.words()
    assert not proof.isEnabled()
    shown.panel.set_ledger(INTACT)
    assert "Not verified" not in shown.words()
    assert proof.isEnabled()


def test_what_cannot_be_read_is_said_and_the_next_choice_is_shown(shown: Shown) -> None:
    shown.panel.show_entry(4711)
    shown.until(lambda: "The ledger has no entry 4711." in shown.words())
    shown.show(shown.record.edited)
    assert "no entry" not in shown.words()


def test_the_focus_goes_to_the_story_and_escape_is_left_to_the_desk(shown: Shown) -> None:
    shown.show(shown.record.edited)
    shown.panel.resize(408, 260)
    shown.panel.setFocus()
    focus = QApplication.focusWidget()
    assert focus is not None
    assert focus.accessibleName() == f"Story of entry {shown.record.edited}"
    regions = Regions()
    regions.set([shown.panel])
    focus.clearFocus()
    assert regions.walk(1) is focus
    passed: list[int] = []
    shown.panel.keyPressEvent = lambda event: passed.append(event.key())  # pyright: ignore[reportAttributeAccessIssue]
    QTest.keyClick(focus, Qt.Key.Key_Escape)
    assert passed == [Qt.Key.Key_Escape]
    QTest.keyClick(focus, Qt.Key.Key_End)
    bar = focus.verticalScrollBar()  # pyright: ignore[reportAttributeAccessIssue]
    assert bar.value() == bar.maximum() > 0


def test_a_refresh_tells_what_was_forgotten_since(qtbot: QtBot, theme: Theme, tmp_path: Path) -> None:
    record = StoryRecord(tmp_path)
    shown = Shown(qtbot, theme, record)
    shown.show(record.edited)
    record.work.forget(record.edited, why="A name that must not stay.")
    shown.panel.refresh()
    shown.until(lambda: "Forgotten by R. Okafor" in shown.words())
    assert EDITED not in "".join(text.toPlainText() for text in shown.texts())
    shown.close()
    record.close()

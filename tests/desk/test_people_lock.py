"""The lock over the desk, by real keys and clicks: nothing behind it is reached before somebody confirms."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QRadioButton, QWidget
from record_fakes import INTACT, OKAFOR, FakeStudio
from test_tray_gate import Asked
from tray_fakes import candidate

from studio_assist import protocol
from studio_assist.desk.kit import Sheet
from studio_assist.desk.people.lock import Lock
from studio_assist.domain.candidate import State
from studio_assist.domain.people import new_person

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)
TANAKA = new_person("S. Tanaka", "approver", ("producer",))
CTRL = Qt.KeyboardModifier.ControlModifier


class Window(FakeStudio):
    """The window over a broker that answers as told, with two people on its machine."""

    def __init__(self, home: Path) -> None:
        super().__init__(home, INTACT)
        self.people = self.studio.people
        self.broker.answers |= {"switch_person": protocol.Nothing()}
        settings = self.studio.settings
        settings.save(settings.load().model_copy(update={"profiles": (OKAFOR, TANAKA)}))
        self.studio.write.editor.setFocus()

    @property
    def lock(self) -> Lock:
        lock = self.people.locked
        assert lock is not None
        assert lock.isVisible()
        return lock

    def text(self) -> str:
        return self.studio.write.document.text()

    def press(self, which: Qt.Key, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """Press a key wherever the focus is, as the keyboard does."""
        focus = QApplication.focusWidget()
        assert focus is not None
        QTest.keyClick(focus, which, held)

    def click(self, button: QWidget) -> None:
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)


@pytest.fixture
def window(qtbot: object, home: Path) -> Iterator[Window]:
    window = Window(home)
    yield window
    if window.people.locked is not None:
        window.people.locked.open_desk()
    window.close()


def test_no_key_and_no_click_reaches_what_is_behind_and_enter_does_not_confirm(window: Window) -> None:
    before, asked = window.text(), len(window.broker.asked)
    window.people.switch(TANAKA)
    lock = window.lock
    assert lock.accessibleName() == "You are now S. Tanaka. Confirm to go on."
    assert lock.geometry() == window.shell.rect()
    for which in (Qt.Key.Key_A, Qt.Key.Key_E, Qt.Key.Key_R, Qt.Key.Key_Space, Qt.Key.Key_Escape):
        window.press(which)
    for which in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
        window.press(which)
    for which in (Qt.Key.Key_S, Qt.Key.Key_K, Qt.Key.Key_W, Qt.Key.Key_2):
        window.press(which, CTRL)
    # Straight at what is behind it too, as a test or another program would send them.
    editor = window.studio.write.editor
    QTest.keyClicks(editor, "words of nobody")
    QTest.keyClick(editor, Qt.Key.Key_S, CTRL)
    window.click(window.shell.top_bar.person_button)
    QTest.mouseClick(window.shell, Qt.MouseButton.LeftButton, pos=QPoint(40, 100))
    assert QApplication.widgetAt(window.shell.mapToGlobal(QPoint(40, 100))) is lock
    assert window.people.locked is lock
    assert window.shell.sheet() is None
    assert window.shell.desk == "write"
    assert window.text() == before
    assert len(window.broker.asked) == asked
    assert window.studio.person == OKAFOR
    # Not with the focus on the button either.
    window.press(Qt.Key.Key_Tab)
    window.press(Qt.Key.Key_Tab)
    assert lock.confirm.hasFocus()
    window.press(Qt.Key.Key_Return)
    assert window.people.locked is lock


def test_space_on_the_button_confirms_and_the_broker_is_told_who_it_is(window: Window) -> None:
    window.people.switch(TANAKA)
    lock = window.lock
    assert QApplication.focusWidget() is lock, "what is being typed presses nothing"
    window.press(Qt.Key.Key_Tab)
    assert lock.back.hasFocus()
    window.press(Qt.Key.Key_Tab)
    window.press(Qt.Key.Key_Space)
    assert window.people.locked is None
    assert window.studio.person == TANAKA
    assert window.broker.params_of(protocol.SWITCH_PERSON) == [protocol.SwitchPersonParams(person=TANAKA)]
    kept = window.studio.settings.load()
    assert kept.profile == TANAKA
    assert kept.everybody == (OKAFOR, TANAKA)
    assert window.studio.write.editor.hasFocus()
    QTest.keyClicks(window.studio.write.editor, "x")
    assert "x" in window.text()


def test_who_goes_back_or_was_there_before_is_who_they_were_and_nobody_is_told(window: Window) -> None:
    window.people.switch(TANAKA)
    window.click(window.lock.back)
    assert window.people.locked is None
    window.people.lock()
    here = window.lock.findChild(QRadioButton, f"lock_{OKAFOR.id}")
    assert here is not None
    window.click(here)
    window.click(window.lock.confirm)
    assert window.people.locked is None
    assert window.studio.person == OKAFOR
    assert window.broker.params_of(protocol.SWITCH_PERSON) == []


def test_what_comes_up_meanwhile_waits_behind_the_lock(window: Window) -> None:
    window.people.switch(TANAKA)
    lock = window.lock
    window.shell.show_about()
    sheet = window.shell.sheet()
    assert isinstance(sheet, Sheet)
    QApplication.processEvents()
    assert lock.isAncestorOf(QApplication.focusWidget() or sheet) or lock.hasFocus()
    centre = window.shell.mapToGlobal(window.shell.rect().center())
    assert QApplication.widgetAt(centre) is not sheet.card
    window.press(Qt.Key.Key_Escape)
    assert sheet.isVisible()
    window.shell.resize(1100, 700)
    QApplication.processEvents()
    assert lock.geometry() == window.shell.rect()
    window.click(lock.confirm)
    assert sheet.isVisible()
    sheet.dismiss()


def test_the_command_locks_until_somebody_says_who_they_are(window: Window) -> None:
    window.shell.commands.run("people.lock")
    lock = window.lock
    assert not lock.back.isVisible()
    assert not lock.confirm.isEnabled(), "nobody is chosen beforehand"
    window.click(lock.confirm)
    assert window.people.locked is lock
    tanaka = lock.findChild(QRadioButton, f"lock_{TANAKA.id}")
    assert tanaka is not None
    window.press(Qt.Key.Key_Tab)
    window.press(Qt.Key.Key_Return)
    assert lock.person is None
    window.press(Qt.Key.Key_Space)
    assert lock.person == OKAFOR
    window.press(Qt.Key.Key_Down)
    assert lock.person == TANAKA
    window.press(Qt.Key.Key_Tab)
    assert lock.confirm.hasFocus()
    window.press(Qt.Key.Key_Space)
    assert window.studio.person == TANAKA


def test_a_person_is_switched_to_from_the_list_of_this_machine(window: Window) -> None:
    window.people.show_profiles()
    sheet = window.shell.sheet()
    assert sheet is not None
    switch = sheet.findChild(QWidget, f"switch_{TANAKA.id}")
    assert switch is not None
    window.click(switch)
    assert not sheet.isVisible()
    assert window.lock.person == TANAKA
    window.click(window.lock.confirm)
    assert window.studio.person == TANAKA


def test_somebody_new_is_locked_out_until_they_confirm_and_can_be_taken_off_the_list(window: Window) -> None:
    window.people.show_profiles()
    sheet = window.shell.sheet()
    assert sheet is not None
    add = sheet.findChild(QWidget, "profiles_add")
    assert add is not None
    window.click(add)
    name = QApplication.focusWidget()
    assert name is not None
    QTest.keyClicks(name, "A. Ndiaye")
    window.press(Qt.Key.Key_Return)
    assert window.studio.person == OKAFOR
    window.click(window.lock.confirm)
    added = window.studio.person
    assert added is not None
    assert added.name == "A. Ndiaye"
    window.people.show_profiles()
    sheet = window.shell.sheet()
    assert sheet is not None
    remove = sheet.findChild(QWidget, f"remove_{OKAFOR.id}")
    assert remove is not None
    window.click(remove)
    assert [one.name for one in window.studio.settings.load().everybody] == ["S. Tanaka", "A. Ndiaye"]
    again = window.shell.sheet()
    assert again is not None
    again.dismiss()


def test_a_card_stays_undecided_behind_the_lock_and_what_runs_goes_on(qtbot: object, home: Path) -> None:
    window = Asked(home)
    try:
        window.broker.answers |= {"switch_person": protocol.Nothing(), "presented": protocol.Nothing()}
        window.ask()
        window.event(window.changed("running"))
        for state, words in (
            (State.REQUESTED, ""),
            (State.STREAMING, "The"),
            (State.READY, "The last one left."),
        ):
            window.event(protocol.CandidateChanged(candidate=candidate(0, state, words)))
        window.event(protocol.CandidateChanged(candidate=candidate(1, State.REQUESTED)))
        cards = window.write.cards
        first, second = (card.candidate.id for card in cards.cards())
        window.wait(lambda: card_of(window, first) is not None, "the card")
        widget = card_of(window, first)
        assert widget is not None
        widget.setFocus()
        window.wait(lambda: bool(window.broker.params_of(protocol.PRESENTED)), "the card to be seen")
        people = window.studio.people
        people.switch(TANAKA)
        lock = people.locked
        assert lock is not None
        for which in (Qt.Key.Key_A, Qt.Key.Key_R, Qt.Key.Key_Return):
            QTest.keyClick(widget, which)
            QTest.keyClick(lock, which)
        window.event(protocol.CandidateChanged(candidate=candidate(1, State.STREAMING, "An hour")))
        window.event(protocol.CandidateChanged(candidate=candidate(1, State.READY, "An hour ago.")))
        QTest.qWait(30)
        assert window.broker.params_of(protocol.DECIDE) == []
        found = {card.candidate.id: card.candidate for card in cards.cards()}
        assert [found[one].state for one in (first, second)] == [State.READY, State.READY]
        assert found[second].text == "An hour ago."
        QTest.mouseClick(lock.confirm, Qt.MouseButton.LeftButton)
        # What is decided from now on is decided by whoever confirmed.
        widget.setFocus()
        QTest.qWait(300)
        QTest.keyClick(widget, Qt.Key.Key_R)
        window.wait(lambda: bool(window.broker.params_of(protocol.DECIDE)), "the decision")
        assert window.broker.params_of(protocol.DECIDE)[0].person == TANAKA
    finally:
        window.close()


def card_of(window: Asked, card: str) -> QWidget | None:
    found = window.write.tray.findChildren(QWidget, "candidate_card")
    return next((widget for widget in found if widget.property("candidate_id") == card), None)

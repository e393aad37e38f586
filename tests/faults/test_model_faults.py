"""The model's process fails: the window says what happened, keeps what arrived, and offers what is left."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLabel, QWidget

from studio_assist.domain.candidate import OPEN, State
from studio_assist.ledger import Ledger
from tests.desk.studio_driver import CTRL, Driver
from tests.faults.processes import alive, kill, model_of
from tests.models import model_file as model_file

LINE = "The last boat left an hour ago."
linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="limits and /proc are Linux's")

Start = Callable[..., Driver]


@pytest.fixture
def start(qapp: object, home: Path, tmp_path: Path, model_file: object) -> Iterator[Start]:
    """Opens a window whose broker has a fault."""
    made: list[Driver] = []

    def begin(*fault: str) -> Driver:
        broker = [sys.executable, "-m", "tests.faults.broker_with", *fault] if fault else None
        driver = Driver(home, broker=broker)
        made.append(driver)
        return driver.make(tmp_path / "Ferry.studio")

    yield begin
    for driver in made:
        driver.close()


@linux
@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGSEGV])
def test_a_model_that_ends_in_the_middle_leaves_what_it_wrote_and_retry_asks_again(
    start: Start, end: signal.Signals
) -> None:
    desk = start()
    # Enough to be in the middle of: the first words come from one of them, and all must end.
    desk.begin_asking(LINE, count=4)
    desk.wait(lambda: any(desk.offered(card) for card in desk.cards()), "the first words")
    child = model_of(desk.window.client.pid)
    assert child is not None
    os.kill(child, end)
    desk.wait(desk.has_ended, "the request to end")
    desk.settle(150)

    request = desk.write.cards.current
    assert request is not None
    assert request.state == "failed"
    said = _label(desk, "tray_note")
    # Only the system's memory killer sends the first; the second is a crash.
    assert "The model stopped" in said
    assert ("out of memory" if end is signal.SIGKILL else "Ask again") in said
    cards = [card.candidate for card in desk.write.cards.cards(request.id)]
    assert State.STREAMING not in {card.state for card in cards}
    assert all(card.why and card.remedy for card in cards if card.state is State.FAILED)
    assert any(card.text for card in cards)
    assert desk.studio.shell.sheet() is None
    assert _recorded_end(desk) == "failed"

    before = len(desk.write.cards.requests())
    QTest.mouseClick(_button(desk, "retry_request_button"), Qt.MouseButton.LeftButton)
    desk.wait(lambda: len(desk.write.cards.requests()) > before, "the second request")
    desk.wait(desk.has_ended, "the model to end")
    desk.settle(150)
    assert desk.write.cards.current is not None
    assert desk.write.cards.current.state == "done"
    assert model_of(desk.window.client.pid) != child


@linux
def test_a_card_that_was_ready_when_the_model_ended_can_still_be_decided(start: Start) -> None:
    desk = start()
    (card, *_) = desk.ask(LINE, count=2, least=1)
    child = model_of(desk.window.client.pid)
    assert child is not None
    kill(child)
    desk.decide(card, Qt.Key.Key_A, State.ACCEPTED)
    assert desk.spans() == [desk.offered(card)]


@linux
@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (("old_cpu", "cpuinfo"), ("too old", "Everything else works")),
        (("little_memory", str(450 * 2**20)), ("memory", "smaller model")),
        (("busy_memory",), ("memory", "smaller model")),
    ],
)
def test_a_model_that_cannot_run_says_why_and_what_is_left(
    start: Start, tmp_path: Path, fault: tuple[str, ...], said: tuple[str, ...]
) -> None:
    (tmp_path / "cpuinfo").write_text("processor\t: 0\nflags\t\t: fpu sse sse2 avx\n", encoding="ascii")
    desk = start(*(str(tmp_path / word) if word == "cpuinfo" else word for word in fault))
    desk.begin_asking(LINE)
    desk.wait(lambda: _failed(desk), "the request to fail")
    desk.settle(150)
    note = _label(desk, "tray_note")
    assert all(word in note for word in said), note
    assert _button(desk, "retry_request_button").isVisible()
    assert desk.studio.shell.sheet() is None
    assert _recorded_end(desk) == "failed"
    _writing_goes_on(desk)


def test_missing_weights_shut_the_tray_and_say_how_to_fetch_them(start: Start, tmp_path: Path) -> None:
    desk = start("no_weights", str(tmp_path / "nowhere"))
    button = _button(desk, "ask_button")
    desk.caret_on(LINE)
    assert not button.isEnabled()
    shown = " ".join(label.text() for label in desk.write.tray.findChildren(QLabel) if label.isVisible())
    texts = f"{shown} {button.toolTip()} {button.accessibleDescription()}"
    assert "make run" in texts, texts
    _writing_goes_on(desk)


@linux
def test_a_broker_that_keeps_ending_is_left_alone_until_the_person_starts_it_again(start: Start) -> None:
    desk = start()
    (card, *_) = desk.ask(LINE, count=2, least=1)
    desk.caret_on("Tom sits")
    QTest.keyClicks(desk.editor, "Slowly, ")
    client = desk.window.client
    killed: set[int] = set()
    while client.running:
        killed.add(client.pid)
        kill(client.pid)
        desk.wait(lambda: client.pid not in killed, "the end of the broker")
        desk.settle(30)
    again = _button(desk, "notice_broker_again")
    QTest.keyClicks(desk.editor, "very slowly, ")
    QTest.keyClick(desk.studio.shell, Qt.Key.Key_S, CTRL)
    desk.settle(100)
    sheet = desk.studio.shell.sheet()
    assert sheet is not None
    assert sheet.objectName() == "error_sheet"
    QTest.keyClick(sheet, Qt.Key.Key_Escape)
    QTest.mouseClick(again, Qt.MouseButton.LeftButton)
    desk.wait(lambda: client.running and not desk.write.saver.dirty, "the save that was owed")
    state = desk.studio.state
    assert state is not None
    assert "very slowly, Tom sits." in (Path(state.path) / "script.fountain").read_text(encoding="utf-8")
    assert desk.state(card) in OPEN
    desk.decide(card, Qt.Key.Key_A, State.ACCEPTED)
    assert alive(client.pid)


# internals ----------------------------------------------------------------------------------------------


def _failed(desk: Driver) -> bool:
    current = desk.write.cards.current
    return current is not None and current.state == "failed"


def _label(desk: Driver, name: str) -> str:
    label = desk.write.tray.findChild(QLabel, name)
    assert label is not None
    # The window may be building a desk meanwhile, and paints what came when that is done.
    desk.wait(label.isVisible, name)
    return label.text()


def _button(desk: Driver, name: str) -> QAbstractButton:
    button = desk.studio.shell.findChild(QAbstractButton, name)
    assert button is not None
    return button


def _recorded_end(desk: Driver) -> str:
    assert desk.studio.state is not None
    with Ledger.open(Path(desk.studio.state.path) / "ledger.sqlite", read_only=True) as ledger:
        body = ledger.entries(type="request_ended", newest_first=True, limit=1)[0].body
    return str(getattr(body, "state", ""))


def _writing_goes_on(desk: Driver) -> None:
    desk.caret_on("Tom sits")
    QTest.keyClicks(desk.editor, "Slowly, ")
    QTest.keyClick(desk.studio.shell, Qt.Key.Key_S, CTRL)
    desk.saved()
    assert desk.studio.state is not None
    script = Path(desk.studio.state.path) / "script.fountain"
    assert "Slowly, Tom sits." in script.read_text(encoding="utf-8")
    assert isinstance(desk.studio.shell, QWidget)

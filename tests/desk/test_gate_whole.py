"""The whole way out by keyboard: a host is added and attested, a sheet is read, sent, refused and blocked."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import threading
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from studio_assist.desk.kit import Label
from studio_assist.ledger import Ledger
from tests.desk.studio_driver import CTRL, SCRIPT, Driver
from tests.fakes.recorder import Answer, Recorder, events, recording

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)


def say(request: bytes) -> Answer:
    """A host's answer that speaks to whoever it was told of first."""
    content = json.loads(request.split(b"\r\n\r\n", 1)[1])["messages"][-1]["content"]
    tokens = [word.strip(".,:;()'") for word in content.split() if word.lower().startswith("character_")]
    words = f"The last boat has gone, {tokens[0]}. Wait an hour."
    pieces = [json.dumps({"choices": [{"index": 0, "delta": {"content": words}, "finish_reason": None}]})]
    pieces.append(json.dumps({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}))
    shared = {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "m"}
    return [events(*(json.dumps({**shared, **json.loads(piece)}) for piece in pieces), "[DONE]")]


@contextmanager
def server(answer: Callable[[bytes], Answer]) -> Generator[Recorder]:
    """A recording host in a thread of its own: the window's thread is busy being a window."""
    ready, over = threading.Event(), asyncio.Event()
    found: list[tuple[Recorder, asyncio.AbstractEventLoop]] = []

    async def serve() -> None:
        async with recording(answer) as recorder:
            found.append((recorder, asyncio.get_running_loop()))
            ready.set()
            await over.wait()

    thread = threading.Thread(target=lambda: asyncio.run(serve()))
    thread.start()
    try:
        assert ready.wait(10)
        yield found[0][0]
    finally:
        found[0][1].call_soon_threadsafe(over.set)
        thread.join(10)


def focus() -> QWidget:
    widget = QApplication.focusWidget()
    assert widget is not None
    return widget


def press(*keys: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    for key in keys:
        QTest.keyClick(focus(), key, modifier)


def tab_to(name: str) -> None:
    for _ in range(60):
        if focus().objectName() == name:
            return
        press(Qt.Key.Key_Tab)
    raise AssertionError(f"Tab does not lead to {name}")


class Person(Driver):
    """A driver that also adds hosts and reads sheets, all by keyboard."""

    def run(self, words: str) -> None:
        """Find a command by its words in the command box and run it."""
        QTest.keyClick(self.editor, Qt.Key.Key_K, CTRL)
        self.settle(60)
        QTest.keyClicks(focus(), words)
        self.settle(60)
        press(Qt.Key.Key_Return)

    def part(self, name: str) -> QWidget | None:
        found = [widget for widget in self.studio.shell.findChildren(QWidget, name) if widget.isVisible()]
        return found[0] if found else None

    def shown(self, name: str) -> QWidget:
        self.wait(lambda: self.part(name) is not None, name)
        found = self.part(name)
        assert found is not None
        return found

    def add_host(self, url: str) -> None:
        self.editor.setFocus()
        self.run("Add a host")
        self.shown("host_sheet")
        press(Qt.Key.Key_Right)
        tab_to("host_url")
        QTest.keyClicks(focus(), url)
        tab_to("host_model")
        QTest.keyClicks(focus(), "north-1")
        tab_to("host_add")
        self.settle(300)
        press(Qt.Key.Key_Return)
        self.wait(lambda: self.chosen("host_attest"), "the host")

    def chosen(self, name: str) -> bool:
        widget = QApplication.focusWidget()
        return widget is not None and widget.objectName() == name

    def attest(self, evidence: Path) -> None:
        """From the sheet of the host that was just added."""
        press(Qt.Key.Key_Return)
        self.shown("attest_sheet")
        tab_to("attest_evidence")
        QTest.keyClicks(focus(), str(evidence))
        tab_to("attest_until")
        press(Qt.Key.Key_A, modifier=CTRL)
        QTest.keyClicks(focus(), (date.today() + timedelta(days=60)).isoformat())
        self.wait(lambda: self.shown("attest_sign").isEnabled(), "the card that it is signed beside")
        tab_to("attest_sign")
        press(Qt.Key.Key_Return)
        assert self.part("attest_sheet") is not None
        press(Qt.Key.Key_Space)

    def close_sheets(self) -> None:
        for _ in range(5):
            if self.studio.shell.sheet() is None:
                return
            press(Qt.Key.Key_Escape)
            self.settle(60)
        raise AssertionError("a sheet does not close")

    def choose_host(self) -> None:
        chosen = [info.id for info in self.studio.models.backends if info.host]
        self.studio.models.choose(chosen[0])
        self.settle(60)


@pytest.fixture
def person(qapp: QApplication, home: Path) -> Iterator[Person]:
    driver = Person(home)
    yield driver
    driver.close()


def test_a_host_is_added_attested_asked_and_answered_by_keyboard_alone(
    person: Person, tmp_path: Path
) -> None:
    evidence = tmp_path / "agreement.pdf"
    evidence.write_bytes(b"%PDF-1.7 Nothing is kept.")
    folder = tmp_path / "Ferry.studio"
    with server(say) as host:
        person.make(folder)
        person.add_host(f"{host.url}/v1")
        person.attest(evidence)
        person.wait(lambda: not person.studio.models.looking, "the look")
        person.settle(400)
        person.close_sheets()
        person.choose_host()

        person.begin_asking("The last boat", "colder", 1)
        person.shown("gate_sheet")
        person.settle(500)
        # Enter sends nothing, whatever has the focus, and neither does Ctrl Enter before the tick.
        for name in ("read_tick", "cancel_button"):
            tab_to(name)
            if name != "cancel_button":
                press(Qt.Key.Key_Return)
        press(Qt.Key.Key_Return, modifier=CTRL)
        person.settle(100)
        assert host.connections == 0
        tab_to("read_tick")
        press(Qt.Key.Key_Space)
        press(Qt.Key.Key_Return, modifier=CTRL)
        person.wait(person.has_ended, "the answer")
        person.wait(lambda: person.part("gate_sheet") is None, "the sheet to go")
        assert len(host.requests) == 1
        for name in (b"nora", b"ferry"):
            assert name not in host.everything.lower()
        (card,) = person.cards()
        assert person.offered(card).startswith("The last boat has gone, N")

        # Cancelled: nothing more is sent.
        person.begin_asking("The last boat", "warmer", 1)
        person.shown("gate_sheet")
        person.settle(300)
        press(Qt.Key.Key_Escape)
        person.wait(person.has_ended, "the end")
        assert len(host.requests) == 1
    with Ledger.open(folder / "ledger.sqlite", read_only=True) as ledger:
        kinds = [entry.body.type for entry in ledger.entries(limit=200)]
    for kind in ("backend_added", "attestation_made", "judged", "send_approved", "sent", "send_refused"):
        assert kind in kinds


def test_a_host_that_nobody_attested_is_blocked_with_two_ways_out(person: Person, tmp_path: Path) -> None:
    with server(say) as host:
        person.make(tmp_path / "Ferry.studio")
        person.add_host(f"{host.url}/v1")
        person.settle(300)
        person.close_sheets()
        person.choose_host()
        person.begin_asking("The last boat", "colder", 1)
        person.shown("gate_sheet")
        person.settle(300)
        assert person.part("send_button") is None
        assert person.part("read_tick") is None
        press(Qt.Key.Key_Return, modifier=CTRL)
        # The way out: the same is asked of the model on this machine.
        tab_to("local_button")
        press(Qt.Key.Key_Space)
        person.wait(lambda: person.part("gate_sheet") is None, "the sheet to go")
        person.wait(lambda: bool(person.cards()), "a card of the model here")
        assert host.connections == 0
        person.wait(person.has_ended, "the model to end")


def test_a_broker_that_is_killed_takes_its_sheet_along_and_sends_nothing(
    person: Person, tmp_path: Path
) -> None:
    evidence = tmp_path / "agreement.pdf"
    evidence.write_bytes(b"%PDF-1.7 Nothing is kept.")
    with server(say) as host:
        person.make(tmp_path / "Ferry.studio")
        person.add_host(f"{host.url}/v1")
        person.attest(evidence)
        person.wait(lambda: not person.studio.models.looking, "the look")
        person.settle(400)
        person.close_sheets()
        person.choose_host()
        person.begin_asking("The last boat", "colder", 1)
        person.shown("gate_sheet")
        person.settle(300)
        tab_to("read_tick")
        press(Qt.Key.Key_Space)
        os.kill(person.window.client.pid, signal.SIGKILL)
        person.wait(lambda: person.part("gate_sheet") is None, "the sheet to go")
        retry = person.shown("retry_request_button")
        note = person.shown("tray_note")
        assert isinstance(note, Label)
        assert "Nothing was sent." in note.plain
        assert "broker" in person.studio.shell.notices.ids
        assert person.studio.model.queue is None
        assert host.connections == 0

        # What was ticked before holds no more: it is read and sent anew.
        retry.setFocus()
        press(Qt.Key.Key_Space)
        person.shown("gate_sheet")
        person.settle(300)
        press(Qt.Key.Key_Return, modifier=CTRL)
        person.settle(100)
        assert host.connections == 0
        tab_to("read_tick")
        press(Qt.Key.Key_Space)
        press(Qt.Key.Key_Return, modifier=CTRL)
        person.wait(lambda: bool(person.cards()) and person.has_ended(), "the answer")
        assert len(host.requests) == 1


assert SCRIPT

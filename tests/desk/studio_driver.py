"""Drives the real window: its own broker process, the real model, real keys."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from PySide6.QtCore import QEventLoop, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPlainTextEdit, QWidget

from studio_assist import protocol
from studio_assist.app import Window
from studio_assist.desk.broker_client import BrokerBug
from studio_assist.domain.candidate import State
from studio_assist.domain.people import Person, new_person
from studio_assist.storage.settings import Settings

CTRL: Final = Qt.KeyboardModifier.ControlModifier
SHIFT: Final = Qt.KeyboardModifier.ShiftModifier

SCRIPT: Final = """Title: The Ferry
Draft date: Draft 2

INT. FERRY CABIN - NIGHT

Rain on the windows. NORA (40s) counts coins under a lamp.

NORA
The last boat left an hour ago.

TOM
(at the door)
Then we wait for the first one.

Tom sits. The lamp dims.

EXT. PIER - DAWN

Nora stands at the rail. The sea is flat and grey.

NORA
You never told me why you came back.
"""


class Driver:
    """One window and what a person does with it."""

    def __init__(
        self,
        home: Path,
        person: Person | None = None,
        broker: list[str] | None = None,
        *,
        first_start: bool = False,
    ) -> None:
        self.person: Final = person or new_person("R. Okafor")
        self.bugs: list[str] = []
        settings = Settings(home)
        kept = settings.load()
        settings.save(
            kept.model_copy(
                update={
                    "profile": None if first_start else self.person,
                    "options": {"projects_folder": str(home / "projects")},
                }
            )
        )
        self.window: Final = Window(settings=settings, theme="dark", broker=broker)
        self.studio: Final = self.window.studio
        self.write: Final = self.studio.write
        self.editor: Final = self.write.editor
        self.window.client.bug.connect(self._bug)

    # project

    def begin(self, project: Path | None = None) -> Driver:
        self.studio.begin(project)
        self.wait(lambda: self.window.client.running, "the broker")
        if project is not None:
            self.wait_open()
        return self

    def make(self, folder: Path, script: str = SCRIPT) -> Driver:
        """Start on a new project with this script."""
        source = folder.parent / "source.fountain"
        source.parent.mkdir(parents=True, exist_ok=True)
        source.write_bytes(script.encode("utf-8"))
        self.begin()
        self.studio.create_project(folder, "The Ferry", "netflix-2025", source)
        self.wait_open()
        return self

    def wait_open(self) -> None:
        self.wait(lambda: self.studio.state is not None and bool(self.write.scenes), "the project")
        self.wait(lambda: self.write.tray.task() is not None, "the tasks")
        self.settle()

    def close(self) -> None:
        self.studio.shell.close()
        self.wait(lambda: not self.window.client.running, "the broker's end")
        self.studio.shell.close()
        self.window.end()
        assert not self.bugs, self.bugs[0]

    # page

    def text(self) -> str:
        return self.write.document.text()

    def caret_on(self, words: str) -> None:
        """Put the caret into these words, as a click would."""
        start = self.text().index(words)
        self.editor.select_range(start, start)
        self.editor.setFocus()
        self.settle(60)

    def spans(self) -> list[str]:
        return [span.text for span in self.write.document.spans()]

    # tray

    def ask(self, words: str, note: str = "", count: int = 3, least: int = 2) -> list[str]:
        """Ask for other lines, by keyboard, and wait for them. Gives the ids of the cards.

        The seed is chance, and a small model may have too little to offer: then it is asked again.
        """
        for _attempt in range(3):
            self.begin_asking(words, note, count)
            self.wait(self.has_ended, "the model to end")
            self.settle(120)
            ready = [card for card in self.cards() if self.state(card) in (State.READY, State.STOPPED)]
            if len(ready) >= least:
                return ready
        raise AssertionError(f"the model had nothing to offer: {self.write.cards.current}")

    def has_ended(self) -> bool:
        """Whether the request that is shown is over. It is there a moment before the queue tells of it."""
        current = self.write.cards.current
        return current is not None and current.state != "running" and not self.studio.model.queue

    def begin_asking(self, words: str, note: str = "", count: int = 3) -> None:
        self.caret_on(words)
        before = len(self.write.cards.requests())
        QTest.keyClick(self.editor, Qt.Key.Key_Space, CTRL | SHIFT)
        field = self.write.tray.findChild(QPlainTextEdit, "ask_field")
        assert field is not None
        assert field.hasFocus()
        self.write.tray.set_count(count)
        QTest.keyClicks(field, note)
        button = self.write.tray.findChild(QWidget, "ask_button")
        assert button is not None
        self.wait(button.isEnabled, "Ask to be open")
        QTest.keyClick(field, Qt.Key.Key_Return, CTRL)
        self.wait(lambda: len(self.write.cards.requests()) > before, "the request")

    def cards(self) -> list[str]:
        return [card.candidate.id for card in self.write.cards.cards()]

    def state(self, card: str) -> State:
        found = self.write.cards.card(card)  # type: ignore[arg-type]  # ids are strings at heart
        assert found is not None
        return found.candidate.state

    def offered(self, card: str) -> str:
        found = self.write.cards.card(card)  # type: ignore[arg-type]  # ids are strings at heart
        assert found is not None
        return found.candidate.text

    def widget(self, card: str) -> QWidget:
        for widget in self.write.tray.findChildren(QWidget, "candidate_card"):
            if widget.property("candidate_id") == card:
                return widget
        raise AssertionError(f"no card of {card}")

    def press(self, card: str, key: Qt.Key) -> None:
        """Press a key on a card that has the focus, once it has been seen."""
        widget = self.widget(card)
        self.write.tray.focus_cards()
        widget.setFocus()
        self.settle(150)
        QTest.keyClick(widget, key)

    def decide(self, card: str, key: Qt.Key, state: State) -> None:
        self.press(card, key)
        self.wait(lambda: self.state(card) is state, f"{state} of {card}")
        self.wait(lambda: not self.write.asking.waiting, "the decision")
        self.saved()

    def export(self, out: Path) -> None:
        """Write what is saved, as the export sheet has it written."""
        done: list[protocol.Exported] = []
        params = protocol.ExportParams(format="pdf", out=str(out), person=self.person)
        self.window.client.call(protocol.EXPORT, params).on_done(done.append)
        self.wait(lambda: bool(done), "the export")

    def saved(self) -> None:
        self.wait(lambda: not self.write.saver.dirty, "the save")

    # time

    def settle(self, ms: int = 250) -> None:
        end = time.monotonic() + ms / 1000
        while time.monotonic() < end:
            QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 10)
            time.sleep(0.002)

    def wait(self, until: Callable[[], bool], what: str, seconds: float = 40) -> None:
        end = time.monotonic() + seconds
        while not until():
            assert not self.bugs, self.bugs[0]
            assert time.monotonic() < end, f"waited in vain for {what}"
            QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 10)
            time.sleep(0.002)

    def _bug(self, bug: BrokerBug) -> None:
        self.bugs.append(f"{bug}\n{bug.details}")

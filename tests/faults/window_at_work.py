"""A window at work, to be killed: `python -m tests.faults.window_at_work HOME PROJECT SEED`.

The real window on a project, with its own broker and the real model. It asks, decides by keys, types, saves,
undoes and redoes until somebody ends it, and says on standard output what the person at it has seen, one line
each, so that whoever kills it knows what may not be lost:

    broker PID                        a broker answers
    asking | deciding | typing | saving
    sent SHA256                       this script is on its way to its file
    decided CANDIDATE OUTCOME ENTRY   a card shows this decision
    undoing ENTRY                     its words went from the page by an undo
    offer ID take | leave             what a crash had left, and the answer
    bug TEXT                          a fault of ours
"""

from __future__ import annotations

import os
import random
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QObject, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QPlainTextEdit, QWidget

from studio_assist import protocol
from studio_assist.app import refuse_sockets
from studio_assist.domain.candidate import OPEN
from studio_assist.domain.people import Person
from studio_assist.domain.screenplay import ElementType
from studio_assist.domain.values import CandidateId, PersonId, sha256_of
from tests.desk.studio_driver import CTRL, SHIFT, Driver

WRITER: Final = Person(id=PersonId("okafor-1"), name="R. Okafor")
#: What a person types: it marks the action lines that only people write here.
TYPED: Final = ("Rain. ", "A gull. ", "Wind. ", "No boat. ")


def say(*words: object) -> None:
    """One line, at once: what comes after may be the end."""
    os.write(1, (" ".join(str(word).replace("\n", " ") for word in words) + "\n").encode())


class Worker:
    """A person who works fast and at random."""

    def __init__(self, home: Path, project: Path, seed: int) -> None:
        self._chance: Final = random.Random(seed)
        self._driver: Final = Driver(home, WRITER)
        self._project: Final = project
        self._said: set[int] = set()
        window = self._driver.window
        window.catch_bugs()
        window.client.started.connect(lambda _again: say("broker", window.client.pid))
        window.client.bug.connect(lambda bug: say("bug", bug, bug.details))
        self._tell_saves()
        self._driver.write.cards.changed.connect(self._card_changed)

    def run(self) -> None:
        """Work until the end."""
        driver = self._driver
        driver.studio.begin(self._project)
        self._until(lambda: driver.studio.state is not None and bool(driver.write.scenes), 60)
        self._until(lambda: driver.write.tray.task() is not None, 30)
        self._answer_offers()
        while True:
            self._clear_the_way()
            open_cards = [card for card in driver.write.cards.open_candidates() if card.state in OPEN]
            step = self._chance.choice(("decide", "decide", "decide", "type", "save", "undo", "ask"))
            if step == "decide" and not open_cards:
                step = "ask"
            getattr(self, f"_{step}")()

    # steps

    def _ask(self) -> None:
        driver = self._driver
        spans = driver.write.document.spans()
        free = [
            element.text
            for element in driver.write.document.script.screenplay.elements
            if element.type is ElementType.DIALOGUE
            and driver.text().count(element.text) == 1
            and not any(span.start < element.end and span.end > element.start for span in spans)
        ]
        if not free or driver.studio.model.queue:
            self._type()
            return
        driver.caret_on(self._chance.choice(free))
        before = len(driver.write.cards.requests())
        QTest.keyClick(driver.editor, Qt.Key.Key_Space, CTRL | SHIFT)
        driver.write.tray.set_count(2)
        field = driver.write.tray.findChild(QPlainTextEdit, "ask_field")
        assert field is not None
        say("asking")
        QTest.keyClick(field, Qt.Key.Key_Return, CTRL)
        self._until(lambda: len(driver.write.cards.requests()) > before, 2)
        self._until(lambda: not driver.studio.model.queue, 8)

    def _decide(self) -> None:
        driver = self._driver
        cards = [
            card for card in driver.write.cards.open_candidates() if card.state in OPEN and not card.hidden
        ]
        if not cards:
            return
        card = self._chance.choice(cards)
        driver.write.cards.show_request(card.candidate.request)
        driver.settle(30)
        widget = next(
            (
                one
                for one in driver.write.tray.findChildren(QWidget, "candidate_card")
                if one.property("candidate_id") == card.id and one.isVisible()
            ),
            None,
        )
        if widget is None:
            return
        driver.write.tray.focus_cards()
        widget.setFocus()
        self._until(lambda: self._card(card.id).was_presented, 1)
        key = self._chance.choices((Qt.Key.Key_A, Qt.Key.Key_E, Qt.Key.Key_R), (6, 2, 2))[0]
        if key != Qt.Key.Key_E:
            say("deciding")
        QTest.keyClick(widget, key)
        if key == Qt.Key.Key_E:
            field = widget.findChild(QPlainTextEdit, "edit_field")
            if field is None:
                return
            field.setPlainText(f"{card.candidate.text} Take {self._chance.randrange(10**6)}.")
            say("deciding")
            QTest.keyClick(field, Qt.Key.Key_Return, CTRL)
        self._until(lambda: not driver.write.asking.waiting, 5)
        if self._chance.random() < 0.5:
            self._until(lambda: not driver.write.saver.dirty, 2)

    def _type(self) -> None:
        driver = self._driver
        say("typing")
        driver.caret_on("Fog")
        QTest.keyClicks(driver.editor, self._chance.choice(TYPED))
        driver.settle(self._chance.choice((5, 60, 250)))
        if self._chance.random() < 0.3:
            driver.write.saver.autosave()

    def _save(self) -> None:
        say("saving")
        QTest.keyClick(self._driver.studio.shell, Qt.Key.Key_S, CTRL)
        self._driver.settle(self._chance.choice((2, 20, 120)))

    def _undo(self) -> None:
        driver = self._driver
        driver.editor.setFocus()
        back = self._chance.random() < 0.7
        before = {span.id: span.entry for span in driver.write.content()[1]}
        QTest.keyClick(driver.editor, Qt.Key.Key_Z, CTRL if back else CTRL | SHIFT)
        left = {span.id for span in driver.write.content()[1]}
        for span, entry in before.items():
            if span not in left:
                say("undoing", entry)
        driver.settle(self._chance.choice((5, 100)))

    # internals

    def _answer_offers(self) -> None:
        state = self._driver.studio.state
        assert state is not None
        taken = False
        for offer in state.recovery:
            take = offer.kind == "decision" or not taken
            taken = taken or offer.kind == "autosave"
            say("offer", offer.id, "take" if take else "leave")
            self._press(f"notice_{offer.id.replace(':', '-')}_{'take' if take else 'leave'}")
            self._until(lambda: not self._driver.write.saver.dirty, 3)

    def _clear_the_way(self) -> None:
        """Close what asks for attention, as a person would."""
        shell = self._driver.studio.shell
        for _ in range(4):
            sheet = shell.sheet()
            if sheet is None:
                break
            if sheet.objectName() == "bug_sheet":
                details = sheet.findChild(QPlainTextEdit)
                say("bug", details.toPlainText() if details else "")
            else:
                say("sheet", sheet.findChild(QObject, "error_sheet"), *[w.text() for w in _labels(sheet)])
            QTest.keyClick(sheet, Qt.Key.Key_Escape)
            self._driver.settle(30)
        if not self._driver.window.client.running:
            self._press("notice_broker_again")
            self._until(lambda: self._driver.window.client.running, 5)

    def _press(self, name: str) -> None:
        button = self._driver.studio.shell.findChild(QAbstractButton, name)
        if button is not None:
            QTest.mouseClick(button, Qt.MouseButton.LeftButton)
        self._driver.settle(20)

    def _card(self, card: CandidateId) -> Any:
        found = self._driver.write.cards.card(card)
        assert found is not None
        return found

    def _card_changed(self, candidate: str) -> None:
        decision = self._card(CandidateId(candidate)).decision
        if decision is not None and decision.entry not in self._said:
            self._said.add(decision.entry)
            say("decided", candidate, decision.outcome.value, decision.entry)

    def _tell_saves(self) -> None:
        client = self._driver.window.client
        call = client.call

        def told(method: protocol.Method[Any, Any], params: Any, owner: QObject | None = None) -> Any:
            if method is protocol.SAVE_SCRIPT:
                say("sent", sha256_of(params.text))
            return call(method, params, owner)

        client.call = told  # type: ignore[method-assign]

    def _until(self, done: Callable[[], bool], seconds: float) -> bool:
        end = time.monotonic() + seconds
        while not done():
            if time.monotonic() > end:
                return False
            self._driver.settle(4)
        return True


def _labels(sheet: QWidget) -> list[Any]:
    return [one for one in sheet.findChildren(QWidget) if callable(getattr(one, "text", None))]


if __name__ == "__main__":
    refuse_sockets()
    Worker(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])).run()
